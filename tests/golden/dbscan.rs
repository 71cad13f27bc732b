//! DBSCAN against the reference results of topic 16.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::support::{expected, golden, number, table};
use hotspots::{
    analysis::clusters::{ClusterRule, Membership, dbscan},
    model::{GridPoint, Metres},
};

#[test]
fn clusters_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let results = &expected(golden.join("16_dbscan/expected.json"))["results"];
    let incidents: HashMap<_, _> = table(golden.join("inputs/incidents_dudley_2014-01_2014-02.csv"))
        .into_iter()
        .map(|row| (row["id"].clone(), GridPoint::new(number(&row, "e"), number(&row, "n")).unwrap()))
        .collect();
    for set in ["all_eps100_min10", "all_eps150_min20", "one_type_eps250_min5"] {
        let reference = &results[set];
        let whole = |name: &str| usize::try_from(reference[name].as_u64().unwrap()).unwrap();
        let rows = table(golden.join(format!("16_dbscan/{set}.csv")));
        let places: Vec<_> = rows.iter().map(|row| (incidents[&row["id"]], 1)).collect();
        assert_eq!(places.len(), whole("n"));
        let reach = Metres::new(reference["eps_m"].as_f64().unwrap()).unwrap();
        let minimum = u32::try_from(whole("min_samples")).unwrap();
        let found = dbscan(&places, ClusterRule::new(reach, minimum).unwrap());

        // Which of our clusters each of theirs is, by the core points.
        let mut same: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
        for (row, member) in rows.iter().zip(&found) {
            assert_eq!(row["core"] == "1", matches!(member, Membership::Core(_)), "{row:?} {member:?}");
            assert_eq!(row["label"] == "-1", *member == Membership::Noise, "{row:?} {member:?}");
            if let Membership::Core(cluster) = member {
                same.entry(&row["label"]).or_default().insert(*cluster);
            }
        }
        assert_eq!(same.len(), whole("clusters"));
        let ours: BTreeSet<_> = same.values().flatten().collect();
        assert!(same.values().all(|clusters| clusters.len() == 1) && ours.len() == same.len(), "{same:?}");
        let elsewhere = rows.iter().zip(&found).filter(|(row, member)| match member.cluster() {
            Some(cluster) => !same[&row["label"][..]].contains(&cluster),
            None => false,
        });
        // Only a border point that reaches two clusters may be in another one.
        assert!(elsewhere.count() <= whole("border_points_reachable_from_more_than_one_cluster"));
        let count = |is: fn(&Membership) -> bool| found.iter().filter(|member| is(member)).count();
        assert_eq!(count(|member| matches!(member, Membership::Core(_))), whole("core_points"));
        assert_eq!(count(|member| matches!(member, Membership::Border(_))), whole("border_points"));
        assert_eq!(count(|member| *member == Membership::Noise), whole("noise_points"));
    }
}
