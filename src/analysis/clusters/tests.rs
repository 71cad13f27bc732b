use std::collections::BTreeSet;

use geo::{Contains, Validation};
use proptest::prelude::*;

use super::{Membership::*, *};
use crate::analysis::testing::{Seeded, metres};

fn at(easting_m: f64, northing_m: f64) -> GridPoint {
    GridPoint::new(easting_m, northing_m).unwrap()
}

fn rule(reach_m: f64, minimum: u32) -> ClusterRule {
    ClusterRule::new(metres(reach_m), minimum).unwrap()
}

/// The definition, word by word.
fn slow(places: &[(GridPoint, u32)], rule: ClusterRule) -> Vec<Membership> {
    let near =
        |a: usize, b: usize| places[a].0.distance_2(places[b].0) <= rule.reach().get() * rule.reach().get();
    let all = 0..places.len();
    let core: Vec<bool> = all
        .clone()
        .map(|a| {
            let within = all.clone().filter(|b| near(a, *b));
            within.map(|b| u64::from(places[b].1)).sum::<u64>() >= u64::from(rule.minimum())
        })
        .collect();
    let mut members = vec![Noise; places.len()];
    let mut next = 0;
    for first in all.clone().filter(|a| core[*a]) {
        if members[first] != Noise {
            continue;
        }
        let mut open = vec![first];
        while let Some(a) = open.pop() {
            if members[a] == Noise {
                members[a] = Core(next);
                open.extend(all.clone().filter(|b| core[*b] && near(a, *b)));
            }
        }
        next += 1;
    }
    for a in all.clone().filter(|a| !core[*a]) {
        let place = |b: usize| places[b].0;
        let nearest = all.clone().filter(|b| core[*b] && near(a, *b)).min_by(|b, c| {
            let key = |b: usize| (place(a).distance_2(place(b)), place(b).northing_m(), place(b).easting_m());
            key(*b).partial_cmp(&key(*c)).unwrap()
        });
        if let Some(Core(cluster)) = nearest.map(|b| members[b]) {
            members[a] = Border(cluster);
        }
    }
    members
}

/// The clusters as sets of positions, core and border apart.
fn partition(places: &[(GridPoint, u32)], members: &[Membership]) -> BTreeSet<Vec<(u64, u64, bool)>> {
    let clusters = members.iter().filter_map(|member| member.cluster()).max().map_or(0, |last| last + 1);
    (0..clusters)
        .map(|cluster| {
            let of_cluster = places.iter().zip(members).filter(|(_, m)| m.cluster() == Some(cluster));
            let mut positions: Vec<_> = of_cluster
                .map(|((at, _), m)| {
                    (at.easting_m().to_bits(), at.northing_m().to_bits(), matches!(m, Core(_)))
                })
                .collect();
            positions.sort_unstable();
            positions
        })
        .collect()
}

#[test]
fn degenerate_input_has_a_plain_answer() {
    assert!(dbscan(&[], rule(100.0, 2)).is_empty());
    assert_eq!(dbscan(&[(at(5.0, 5.0), 1)], rule(100.0, 2)), [Noise]);
    assert_eq!(dbscan(&[(at(5.0, 5.0), 2)], rule(100.0, 2)), [Core(0)]);
    assert_eq!(dbscan(&vec![(at(5.0, 5.0), 1); 9], rule(2.0, 9)), [Core(0); 9]);
    assert_eq!(dbscan(&vec![(at(5.0, 5.0), 1); 9], rule(2.0, 10)), [Noise; 9]);
    let corners = [(at(0.0, 0.0), 3), (at(GridPoint::MAX_EASTING_M, GridPoint::MAX_NORTHING_M), 3)];
    assert_eq!(dbscan(&corners, rule(2.0, 3)), [Core(0), Core(1)]);
}

#[test]
fn a_distance_equal_to_the_reach_is_within() {
    let places = [(at(0.0, 0.0), 1), (at(30.0, 40.0), 1)];
    assert_eq!(dbscan(&places, rule(50.0, 2)), [Core(0), Core(0)]);
    assert_eq!(dbscan(&places, rule(49.999, 2)), [Noise, Noise]);
}

#[test]
fn a_border_event_goes_to_the_nearest_core() {
    for (northing_m, cluster) in [(9.9, 1), (10.1, 0)] {
        let north = [(at(10.0, 17.0), 8), (at(10.0, 14.0), 6)];
        let south = [(at(10.0, 6.0), 6), (at(10.0, 3.0), 8)];
        let all = [north[0], north[1], (at(10.0, northing_m), 1), south[0], south[1]];
        assert_eq!(dbscan(&all, rule(4.5, 14))[2], Border(cluster));
    }
}

#[test]
fn equally_near_cores_are_decided_by_their_place() {
    // The lone event has 13 within reach; those beside it have 15, thanks to the ones farther out.
    let (south, north) = ((at(10.0, 6.0), 6), (at(10.0, 14.0), 6));
    let lone = (at(10.0, 10.0), 1);
    let (farther_south, farther_north) = ((at(10.0, 3.0), 8), (at(10.0, 17.0), 8));
    let all = [farther_north, north, lone, south, farther_south];
    let found = dbscan(&all, rule(4.0, 14));
    assert_eq!(found, [Core(0), Core(0), Border(1), Core(1), Core(1)]);
    let turned: Vec<_> = all.into_iter().rev().collect();
    assert_eq!(dbscan(&turned, rule(4.0, 14)), [Core(0), Core(0), Border(0), Core(1), Core(1)]);
}

#[test]
fn cities_equal_the_definition() {
    let mut seeded = Seeded::new(71);
    for (n, spread, reach, minimum) in
        [(400, 900.0, 60.0, 6), (500, 300.0, 20.0, 4), (300, 900.0, 200.0, 40), (300, 100.0, 500.0, 5)]
    {
        let points = seeded.points(n, spread);
        let places: Vec<_> = points
            .iter()
            .map(|point| (point.position, 1 + u32::try_from(seeded.below(3)).unwrap()))
            .collect();
        let rule = rule(reach, minimum);
        assert_eq!(dbscan(&places, rule), slow(&places, rule), "{n} {spread} {reach} {minimum}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Positions on whole metres, so that distances equal to the reach and equal positions are common.
    #[test]
    fn any_places_equal_the_definition_in_any_order(
        positions in prop::collection::vec((0_u8..30, 0_u8..30, 1_u32..4), 0..60),
        reach in 2_u8..8,
        minimum in 2_u32..9,
        seed in any::<u64>(),
    ) {
        let mut places: Vec<_> =
            positions.into_iter().map(|(e, n, count)| (at(f64::from(e), f64::from(n)), count)).collect();
        let rule = rule(f64::from(reach), minimum);
        let found = dbscan(&places, rule);
        prop_assert_eq!(&found, &slow(&places, rule));
        let first = partition(&places, &found);
        Seeded::new(seed).shuffle(&mut places);
        prop_assert_eq!(partition(&places, &dbscan(&places, rule)), first);
    }

    /// One place with n events is n places with one.
    #[test]
    fn merging_changes_nothing(
        positions in prop::collection::vec((0_u8..20, 0_u8..20, 1_u32..4), 0..40),
        minimum in 2_u32..9,
    ) {
        let merged: Vec<_> =
            positions.iter().map(|(e, n, count)| (at(f64::from(*e), f64::from(*n)), *count)).collect();
        let apart: Vec<_> =
            merged.iter().flat_map(|(at, count)| std::iter::repeat_n((*at, 1), *count as usize)).collect();
        let rule = rule(3.0, minimum);
        let (of_merged, of_apart) = (dbscan(&merged, rule), dbscan(&apart, rule));
        let spread: Vec<_> = merged
            .iter()
            .zip(of_merged)
            .flat_map(|((_, count), member)| std::iter::repeat_n(member, *count as usize))
            .collect();
        prop_assert_eq!(spread, of_apart);
    }

    #[test]
    fn a_hull_is_valid_and_holds_its_positions(
        positions in prop::collection::vec((0_u16..900, 0_u16..900), 1..40),
        margin in 0.5_f64..500.0,
    ) {
        let positions: Vec<_> =
            positions.into_iter().map(|(e, n)| at(f64::from(e), f64::from(n))).collect();
        let hull = widened_hull(&positions, metres(margin)).unwrap();
        prop_assert!(hull.is_valid());
        for position in positions {
            prop_assert!(hull.contains(&geo_types::Point(position.coord())));
        }
    }
}

#[test]
fn rules_are_checked() {
    assert!(ClusterRule::new(metres(1.9), 5).is_err());
    assert!(ClusterRule::new(metres(5_001.0), 5).is_err());
    assert!(ClusterRule::new(metres(100.0), 1).is_err());
    assert!(ClusterRule::new(metres(100.0), 10_001).is_err());
}

#[test]
fn the_usual_minimum_is_beyond_chance() {
    let usual =
        |events, km2: f64, reach| ClusterRule::usual_minimum(events, SquareMetres(km2 * 1e6), metres(reach));
    assert_eq!(usual(0, 98.0, 150.0), 5);
    assert_eq!(usual(100, 98.0, 150.0), 5);
    assert_eq!(usual(100, 0.0, 150.0), 10_000);
    assert_eq!(usual(u64::MAX, 98.0, 5_000.0), 10_000);
    let statrs = statrs::distribution::Poisson::new(60.0).unwrap();
    let minimum = usual(60_000, 1_000.0 * std::f64::consts::PI, 1_000.0);
    // 60,000 · π · 1 km² / (1,000 · π km²) = 60 others are expected.
    let at_least = |k: u32| 1.0 - statrs::distribution::DiscreteCDF::cdf(&statrs, u64::from(k) - 1);
    assert!(at_least(minimum - 1) < 0.001 && at_least(minimum - 2) >= 0.001, "{minimum}");
}
