//! The made-up city is what it says of itself.

use std::collections::{BTreeMap, BTreeSet};

use hotspots::{
    model::{Incident, Month, TimePrecision},
    synthetic::{LAST_MONTH, MONTHS, SyntheticCity},
};

use crate::support::{BOUNDARIES, CITY, LIES};

/// Months from the first of the city, 0 to 23.
fn elapsed(incident: &Incident) -> i32 {
    incident.month().index() - (last().index() - MONTHS + 1)
}

fn last() -> Month {
    LAST_MONTH.parse().unwrap()
}

/// Incidents of a category in the ward with that number, or in all, in months from–to.
fn count(category: &str, ward: Option<usize>, months: std::ops::Range<i32>) -> f64 {
    let code = ward.map(|number| BOUNDARIES.layers[0].areas[number].code.0.as_str());
    let found = CITY.iter().zip(&*LIES).filter(|(incident, lies)| {
        incident.category.as_str() == category
            && months.contains(&elapsed(incident))
            && (code.is_none() || lies.as_ref().is_some_and(|lies| lies.ward == code))
    });
    found.count() as f64
}

#[test]
fn the_same_seed_gives_the_same_city_and_another_seed_another() {
    let again: Vec<Incident> = SyntheticCity::seed(42).incidents(&BOUNDARIES).collect();
    assert!(*CITY == again);
    let other: Vec<Incident> = SyntheticCity::seed(43).incidents(&BOUNDARIES).collect();
    assert!(*CITY != other);
}

#[test]
fn every_incident_says_that_it_is_made_up() {
    assert!((30_000..60_000).contains(&CITY.len()), "{}", CITY.len());
    for incident in &*CITY {
        assert!(incident.source.starts_with("synthetic-"), "{incident:?}");
        assert!(incident.street.as_ref().unwrap().contains("Demo Street"), "{incident:?}");
        assert!(incident.own_id.is_none() && incident.reference.is_none());
    }
    let sources: BTreeSet<&str> = CITY.iter().map(|incident| incident.source.as_str()).collect();
    assert_eq!(sources.len(), 3, "{sources:?}");
}

#[test]
fn it_fills_its_months_and_no_others() {
    let mut months = BTreeMap::new();
    for incident in &*CITY {
        *months.entry(incident.month()).or_insert(0) += 1;
    }
    assert_eq!(months.len(), usize::try_from(MONTHS).unwrap());
    assert_eq!(*months.last_key_value().unwrap().0, last());
    assert!(months.values().all(|count| *count > 1_000), "{months:?}");
}

#[test]
fn nearly_all_of_it_lies_inside_and_what_does_not_is_enough_to_be_seen() {
    let unlocated = LIES.iter().filter(|lies| lies.is_none()).count();
    let outside = LIES.iter().flatten().filter(|lies| !lies.inside).count();
    let share = |count: usize| count as f64 / CITY.len() as f64;
    assert!((0.005..0.015).contains(&share(unlocated)), "{unlocated} unlocated");
    assert!((0.000_5..0.02).contains(&share(outside)), "{outside} outside");
    for lies in LIES.iter().flatten().filter(|lies| lies.inside) {
        assert!(lies.ward.is_some() && lies.beat.is_some(), "{lies:?}");
    }
    let wards: BTreeSet<_> = LIES.iter().flatten().filter_map(|lies| lies.ward).collect();
    assert_eq!(wards.len(), BOUNDARIES.layers[0].areas.len());
}

#[test]
fn times_are_known_as_exactly_as_planned() {
    let precisions = |category: &str| -> BTreeSet<&str> {
        let of_category = CITY.iter().filter(|incident| incident.category.as_str() == category);
        of_category.map(|incident| incident.occurred.precision().as_str()).collect()
    };
    assert_eq!(precisions("anti-social-behaviour"), ["month"].into());
    assert_eq!(precisions("fly-tipping"), ["day"].into());
    assert_eq!(precisions("robbery"), ["minute"].into());
    let nights = CITY.iter().filter(|incident| incident.category.as_str() == "burglary");
    for night in nights {
        let length_s = night.occurred.end_s() - night.occurred.start_s();
        assert!(night.occurred.precision() == TimePrecision::Minute, "{night:?}");
        assert!((1_800..12 * 3_600).contains(&length_s), "{night:?}");
    }
}

#[test]
fn hot_spots_are_new_grow_fade_and_stay_as_planned() {
    // New in the last half year: burglary in ward 16, antisocial behaviour in ward 5.
    for (category, ward) in [("burglary", 16), ("anti-social-behaviour", 5)] {
        let (before, after) =
            (count(category, Some(ward), 0..18) / 18.0, count(category, Some(ward), 18..24) / 6.0);
        assert!(after > 2.0 * before, "{category}: {before} a month, then {after}");
    }
    // Fading, then growing; the first and the last half year are the same half of a year apart from
    // their season, which the whole borough shows.
    let in_proportion = |category: &str, ward: usize, months: std::ops::Range<i32>| {
        count(category, Some(ward), months.clone()) / count(category, None, months)
    };
    for (category, ward, grows) in [
        ("burglary", 20, false),
        ("vehicle-crime", 14, false),
        ("vehicle-crime", 2, true),
        ("drugs", 4, true),
    ] {
        let (early, late) = (in_proportion(category, ward, 0..8), in_proportion(category, ward, 16..24));
        let holds = if grows { late > 1.4 * early } else { early > 1.4 * late };
        assert!(holds, "{category} in ward {ward}: {early} early, {late} late");
    }
    // A steady one stands out in both years.
    for months in [0..12, 12..24] {
        let share = in_proportion("shoplifting", 2, months);
        assert!(share > 0.25, "{share}");
    }
}

#[test]
fn seasons_show() {
    let of_months = |category: &str, wanted: [i32; 3]| {
        let found = CITY.iter().filter(|incident| {
            incident.category.as_str() == category
                && wanted.contains(&(incident.month().index().rem_euclid(12) + 1))
        });
        found.count() as f64
    };
    for (category, peak, trough) in [
        ("burglary", [11, 12, 1], [5, 6, 7]),
        ("deliberate-fire", [4, 5, 6], [10, 11, 12]),
        ("anti-social-behaviour", [6, 7, 8], [12, 1, 2]),
    ] {
        let (high, low) = (of_months(category, peak), of_months(category, trough));
        assert!(high > 1.25 * low, "{category}: {high} and {low}");
    }
}
