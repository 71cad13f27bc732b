//! Incidents located in the real wards, against counts made by independent packages.

use std::{collections::BTreeMap, fs};

use hotspots::{crs, locate::Locators, model::LonLat};

#[test]
fn ward_counts_equal_the_reference() {
    let Some(set) = crate::boundaries::real_wards(2013, "") else { return };
    let Some(incidents) = crate::boundaries::shared("golden/inputs/incidents_bbox_2014-01_2014-02.csv")
    else {
        return;
    };
    let Some(by_type) = crate::boundaries::shared("golden/01_ward_counts/ward_month_type.csv") else {
        return;
    };
    let Some(expected) = crate::boundaries::shared("golden/01_ward_counts/expected.json") else { return };
    let locators = Locators::new(&set);
    let wards = &set.layers[0].areas;

    let mut counts: BTreeMap<[String; 3], u64> = BTreeMap::new();
    let mut totals: BTreeMap<&str, u64> = wards.iter().map(|ward| (ward.code.0.as_str(), 0)).collect();
    let (mut rows, mut outside) = (0_u64, 0_u64);
    for record in csv::Reader::from_path(incidents).unwrap().deserialize() {
        let (_, month, crime_type, lon, lat): (u64, String, String, f64, f64) = record.unwrap();
        let place = crs::from_lonlat(LonLat::new(lon, lat).unwrap()).unwrap();
        rows += 1;
        let ward = locators.areas(place.grid).next().unwrap();
        assert_eq!(ward.is_some(), locators.in_outline(place.grid), "{lon} {lat}");
        let Some(ward) = ward else {
            outside += 1;
            continue;
        };
        let code = &wards[usize::from(ward)].code.0;
        *totals.get_mut(code.as_str()).unwrap() += 1;
        *counts.entry([code.clone(), month, crime_type]).or_default() += 1;
    }

    let expected: serde_json::Value = serde_json::from_str(&fs::read_to_string(expected).unwrap()).unwrap();
    assert_eq!(expected["rows"], rows);
    assert_eq!(expected["outside_borough"], outside);
    assert_eq!(expected["inside_borough"], rows - outside);
    let expected_totals = expected["total_by_ward"].as_object().unwrap();
    assert_eq!(expected_totals.len(), totals.len());
    for (code, count) in totals {
        assert_eq!(expected_totals[code]["count"], count, "{code}");
    }
    let expected_counts: BTreeMap<[String; 3], u64> = csv::Reader::from_path(by_type)
        .unwrap()
        .deserialize()
        .map(|record| {
            let (ward, month, crime_type, count): (String, String, String, u64) = record.unwrap();
            ([ward, month, crime_type], count)
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(counts, expected_counts);
}
