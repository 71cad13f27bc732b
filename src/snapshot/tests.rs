use std::collections::BTreeSet;

use rand_core::Rng;
use rand_pcg::Pcg64;

use super::*;
use crate::{
    model::{Category, Incident, LonLat, Position, TimePrecision},
    store::{StoredIncident, geopackage::GeoPackageStore},
};

/// Incidents as police.uk gives them: `place_count` places, months from 2020-01 on, a quarter
/// without a Crime ID, a few without coordinates.
fn city(count: u32, place_count: u32, seed: u128) -> Vec<Incident> {
    let mut random = Pcg64::new(seed, 1);
    let mut below = move |n: u32| random.next_u32() % n;
    let places: Vec<Position> = (0..place_count)
        .map(|_| {
            let grid = GridPoint::new(
                387_000.0 + f64::from(below(12_000_000)) / 1e3,
                281_000.0 + f64::from(below(14_000_000)) / 1e3,
            );
            let lonlat =
                LonLat::new(-2.2 + f64::from(below(200_000)) / 1e6, 52.4 + f64::from(below(160_000)) / 1e6);
            Position { grid: grid.unwrap(), lonlat: lonlat.unwrap() }
        })
        .collect();
    let first: Month = "2020-01".parse().unwrap();
    (0..count)
        .map(|_| {
            let place = below(place_count);
            let behaviour = below(4) == 0;
            let digest = |part: u32| format!("{part:08x}").repeat(8);
            Incident {
                source: "west-midlands-police".to_owned(),
                own_id: None,
                reference: (!behaviour).then(|| digest(below(u32::MAX))),
                occurred: Occurred::in_month(first.plus(i32::try_from(below(24)).unwrap())),
                category: Category::from_label(
                    ["Anti-social behaviour", "Burglary", "Drugs"][below(3) as usize],
                )
                .unwrap(),
                weight: f64::from(below(3)),
                position: (below(50) > 0).then(|| places[place as usize]),
                positioned_by: PositionedBy::ALL[place as usize % 4],
                street: Some(format!("On or near Street {}", place / 3)),
                outcome: (!behaviour).then(|| format!("Outcome {}", below(12))),
                attributes: vec![("LSOA name".to_owned(), format!("Dudley {:03}A", place / 100))],
            }
        })
        .collect()
}

fn stored<'a>(row_id: i64, incident: &'a Incident, attributes_json: &'a str) -> StoredIncident<'a> {
    StoredIncident {
        row_id,
        source: &incident.source,
        own_id: incident.own_id.as_deref(),
        reference: incident.reference.as_deref(),
        occurred: incident.occurred,
        category: incident.category.as_str(),
        weight: incident.weight,
        position: incident.position,
        positioned_by: incident.positioned_by,
        street: incident.street.as_deref(),
        outcome: incident.outcome.as_deref(),
        attributes_json,
    }
}

fn attributes_json(incident: &Incident) -> String {
    let map: serde_json::Map<_, _> =
        incident.attributes.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    if map.is_empty() { String::new() } else { serde_json::Value::Object(map).to_string() }
}

/// Area 0 of layer 0 lies west of 393 000 m, area 1 of layer 1 south of 288 000 m; the outline ends
/// at 295 000 m in the north.
fn located(grid: GridPoint, areas: &mut [Option<u16>]) -> bool {
    areas[0] = (grid.easting_m() < 393_000.0).then_some(0);
    areas[1] = (grid.northing_m() < 288_000.0).then_some(1);
    grid.northing_m() < 295_000.0
}

fn snapshot(incidents: &[Incident]) -> Snapshot {
    let mut builder = SnapshotBuilder::new(2);
    for (row_id, incident) in (1..).zip(incidents) {
        builder.push(stored(row_id, incident, &attributes_json(incident))).unwrap();
    }
    builder.finish(StoreId("a".to_owned()), Generation(3), &mut located)
}

/// Everything a row says but its row id.
fn row(snapshot: &Snapshot, row: usize) -> String {
    let place = snapshot.place(row).map(|place| {
        let places = snapshot.places();
        let position = Position { grid: places.grid(place), lonlat: places.lonlat(place) };
        (position, places.area(0, place), places.area(1, place), places.inside(place))
    });
    let whose = (snapshot.source(row), snapshot.category(row), snapshot.weight(row), snapshot.month(row));
    let texts = (snapshot.street(row), snapshot.outcome(row), snapshot.attributes_json(row));
    let ids = (snapshot.own_id(row), snapshot.reference(row));
    format!("{place:?} {:?} {whose:?} {texts:?} {ids:?}", snapshot.occurred(row))
}

fn assert_same_but_row_ids(a: &Snapshot, b: &Snapshot) {
    assert_eq!(a.len(), b.len());
    assert_eq!((a.categories(), a.sources(), a.months()), (b.categories(), b.sources(), b.months()));
    assert_eq!(a.places.positions, b.places.positions);
    assert_eq!(a.places.row_starts, b.places.row_starts);
    for at in 0..a.len() {
        assert_eq!(row(a, at), row(b, at), "row {at}");
        assert_eq!(a.place(at), b.place(at));
    }
}

fn shuffle(incidents: &mut [Incident], seed: u128) {
    let mut random = Pcg64::new(seed, 2);
    for last in (1..incidents.len()).rev() {
        let other = random.next_u64() % (last as u64 + 1);
        incidents.swap(last, usize::try_from(other).unwrap());
    }
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let mut incidents = city(3_000, 100, 42);
    for number in 0..50 {
        incidents[number].own_id = Some(format!("no-{}", number / 2));
        let twin = incidents[number].clone();
        incidents.push(twin);
    }
    let first = snapshot(&incidents);
    for seed in 0..3 {
        shuffle(&mut incidents, seed);
        assert_same_but_row_ids(&first, &snapshot(&incidents));
    }
}

#[test]
fn the_order_of_imports_does_not_matter() {
    let incidents = city(600, 40, 7);
    let folder = tempfile::tempdir().unwrap();
    let load = |name: &str, months: &[Month]| {
        let store = GeoPackageStore::open(&folder.path().join(name)).unwrap();
        for month in months {
            let mut import = store.begin_import().unwrap();
            for incident in incidents.iter().filter(|incident| incident.month() == *month) {
                import.add(incident).unwrap();
            }
            import.commit().unwrap();
        }
        let snapshot = Snapshot::load(&store, 2, &mut located).unwrap();
        assert_eq!(snapshot.store_id(), &store.id());
        assert_eq!(snapshot.generation(), store.generation().unwrap());
        snapshot
    };
    let mut months: Vec<Month> =
        incidents.iter().map(Incident::month).collect::<BTreeSet<_>>().into_iter().collect();
    let forward = load("forward.gpkg", &months);
    months.reverse();
    let backward = load("backward.gpkg", &months);
    months.extend_from_within(..5);
    let twice = load("twice.gpkg", &months);
    assert_same_but_row_ids(&forward, &backward);
    assert_same_but_row_ids(&forward, &twice);
    assert_same_but_row_ids(&forward, &snapshot(&incidents));
}

#[test]
fn rows_stand_by_place_and_those_without_stand_last() {
    let snapshot = snapshot(&city(5_000, 200, 1));
    let places = snapshot.places();
    let mut next = 0;
    for place in places.ids() {
        let rows = places.rows_at(place);
        assert_eq!(rows.start, next);
        assert!(!rows.is_empty());
        assert!(rows.clone().all(|row| snapshot.place(row) == Some(place)));
        let intervals: Vec<Occurred> = rows.map(|row| snapshot.occurred(row)).collect();
        assert!(intervals.is_sorted());
        next += intervals.len();
    }
    assert_eq!(snapshot.unlocated_rows(), next..snapshot.len());
    assert!(snapshot.unlocated_count() > 0);
    assert!(snapshot.unlocated_rows().all(|row| snapshot.place(row).is_none()));
    let order = |place: &u32| (places.grid(*place).northing_m(), places.grid(*place).easting_m());
    assert!(places.ids().is_sorted_by(|a, b| order(a) < order(b)));
}

#[test]
fn every_place_is_located_once_and_in_order() {
    let incidents = city(1_000, 50, 5);
    let mut builder = SnapshotBuilder::new(2);
    for incident in &incidents {
        builder.push(stored(1, incident, "")).unwrap();
    }
    let mut asked = Vec::new();
    let snapshot = builder.finish(StoreId::default(), Generation(1), &mut |grid, areas| {
        assert_eq!(areas, [None, None]);
        asked.push(grid);
        located(grid, areas)
    });
    let places = snapshot.places();
    assert_eq!(asked, places.ids().map(|place| places.grid(place)).collect::<Vec<_>>());
    for place in places.ids() {
        let mut areas = [None, None];
        assert_eq!(places.inside(place), located(places.grid(place), &mut areas));
        assert_eq!([places.area(0, place), places.area(1, place)], areas);
    }
}

#[test]
fn every_field_comes_back_as_it_was_given() {
    let mut incident = city(1, 1, 3).remove(0);
    incident.position = city(200, 1, 3).into_iter().find_map(|incident| incident.position);
    incident.own_id = Some("né \"7\"".to_owned());
    incident.weight = f64::MIN_POSITIVE;
    incident.occurred = Occurred::from_parts(-5, 7, TimePrecision::Minute).unwrap();
    let json = attributes_json(&incident);
    let mut builder = SnapshotBuilder::new(0);
    builder.push(stored(i64::MAX, &incident, &json)).unwrap();
    let snapshot = builder.finish(StoreId("s".to_owned()), Generation(9), &mut |_, areas| areas.is_empty());
    let (own_id, reference) = (snapshot.own_id(0), snapshot.reference(0));
    let back = StoredIncident {
        row_id: snapshot.row_id(0),
        source: &snapshot.sources()[usize::from(snapshot.source(0))],
        own_id: own_id.as_deref(),
        reference: reference.as_deref(),
        occurred: snapshot.occurred(0),
        category: &snapshot.categories()[usize::from(snapshot.category(0))],
        weight: snapshot.weight(0),
        position: Some(Position { grid: snapshot.places().grid(0), lonlat: snapshot.places().lonlat(0) }),
        positioned_by: snapshot.positioned_by(0),
        street: snapshot.street(0),
        outcome: snapshot.outcome(0),
        attributes_json: snapshot.attributes_json(0),
    };
    assert_eq!(back, stored(i64::MAX, &incident, &json));
    assert_eq!(snapshot.category_code(incident.category.as_str()), Some(0));
    assert_eq!(snapshot.category_code("b"), None);
    assert_eq!(snapshot.source_code(&incident.source), Some(0));
    assert_eq!(snapshot.months(), Some((incident.month(), incident.month())));
}

#[test]
fn a_snapshot_of_nothing_answers_everything_with_nothing() {
    let snapshot = snapshot(&[]);
    assert!(snapshot.is_empty() && snapshot.places().is_empty());
    assert_eq!((snapshot.unlocated_count(), snapshot.months()), (0, None));
    let origin = GridPoint::new(0.0, 0.0).unwrap();
    assert!(snapshot.nearest(origin, 5).is_empty());
    assert!(snapshot.within_radius(origin, Metres::new(1e9).unwrap()).is_empty());
    let corner = GridPoint::new(GridPoint::MAX_EASTING_M, GridPoint::MAX_NORTHING_M).unwrap();
    assert!(snapshot.within_box(origin, corner).is_empty());
}

#[test]
fn a_snapshot_of_unlocated_incidents_has_no_place() {
    let mut incidents = city(10, 5, 8);
    for incident in &mut incidents {
        incident.position = None;
    }
    let snapshot = snapshot(&incidents);
    assert_eq!((snapshot.len(), snapshot.unlocated_count(), snapshot.places().len()), (10, 10, 0));
}

#[test]
fn an_incident_of_police_uk_takes_under_200_bytes() {
    for (place_count, most) in [(12_000, 120), (1_000_000_000, 200)] {
        let mut incidents = city(200_000, 12_000.min(place_count), 11);
        if place_count > 12_000 {
            // Every incident at a place of its own.
            let mut random = Pcg64::new(4, 4);
            for incident in &mut incidents {
                let metres = |random: &mut Pcg64| f64::from(random.next_u32()) / 1e5;
                let grid = GridPoint::new(380_000.0 + metres(&mut random), 280_000.0 + metres(&mut random));
                incident.position = incident.position.map(|p| Position { grid: grid.unwrap(), ..p });
            }
        }
        let snapshot = snapshot(&incidents);
        let each = snapshot.memory_bytes() / snapshot.len();
        assert!(each < most, "{each} bytes an incident on {} places", snapshot.places().len());
    }
}

#[test]
fn one_category_too_many_is_said_and_not_miscounted() {
    let incident = city(1, 1, 1).remove(0);
    let mut builder = SnapshotBuilder::new(0);
    for number in 0..=u16::MAX {
        let category = number.to_string();
        builder.push(StoredIncident { category: &category, ..stored(1, &incident, "") }).unwrap();
    }
    let refused = builder.push(StoredIncident { category: "one-more", ..stored(1, &incident, "") });
    assert!(matches!(refused, Err(StoreError::Failed { doing: "building a snapshot", .. })));
}

#[test]
fn what_placed_incidents_is_part_of_their_order() {
    let one =
        |positioned_by: PositionedBy| Incident { positioned_by, own_id: None, ..city(1, 1, 3).remove(0) };
    let mut incidents = PositionedBy::ALL.map(one);
    let order = |incidents: &[Incident]| {
        let snapshot = snapshot(incidents);
        (0..snapshot.len()).map(|row| snapshot.positioned_by(row)).collect::<Vec<_>>()
    };
    let forwards = order(&incidents);
    incidents.reverse();
    assert_eq!(forwards, PositionedBy::ALL);
    assert_eq!(order(&incidents), forwards);
}
