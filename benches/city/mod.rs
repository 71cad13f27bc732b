//! Incidents as police.uk gives them, from a seed.

use hotspots::model::{Category, GridPoint, Incident, LonLat, Month, Occurred, Position, PositionedBy};
use rand_core::Rng;
use rand_pcg::Pcg64;

/// Months of the generated incidents.
const MONTHS: u32 = 24;

/// `count` incidents on `place_count` places in 24 months, the months one after another as files
/// have them; a quarter has no Crime ID and no outcome, one in fifty no coordinates.
pub(crate) fn incidents(count: u32, place_count: u32) -> Vec<Incident> {
    let mut random = Pcg64::new(42, 1);
    let mut below = move |n: u32| random.next_u32() % n;
    let places: Vec<Position> = (0..place_count)
        .map(|_| {
            let grid = GridPoint::new(
                387_000.0 + f64::from(below(12_000_000)) / 1e3,
                281_000.0 + f64::from(below(14_000_000)) / 1e3,
            );
            let lonlat =
                LonLat::new(-2.2 + f64::from(below(200_000)) / 1e6, 52.4 + f64::from(below(160_000)) / 1e6);
            Position { grid: grid.expect("on the grid"), lonlat: lonlat.expect("degrees") }
        })
        .collect();
    let categories = [
        "Anti-social behaviour",
        "Violence and sexual offences",
        "Burglary",
        "Criminal damage and arson",
        "Vehicle crime",
        "Drugs",
        "Shoplifting",
        "Other theft",
    ]
    .map(|label| Category::from_label(label).expect("a label"));
    let outcomes = [
        "Investigation complete; no suspect identified",
        "Unable to prosecute suspect",
        "Under investigation",
        "Local resolution",
        "Awaiting court outcome",
        "Court result unavailable",
    ];
    let first: Month = "2020-01".parse().expect("a month");
    let month_of = |number: u32| first.plus(i32::try_from(number / count.div_ceil(MONTHS)).unwrap_or(0));
    (0..count)
        .map(|number| {
            let place = below(place_count);
            let category = below(8) as usize;
            let crime = below(4) > 0;
            Incident {
                source: "west-midlands-police".to_owned(),
                own_id: None,
                reference: crime.then(|| format!("{:08x}", below(u32::MAX)).repeat(8)),
                occurred: Occurred::in_month(month_of(number)),
                category: categories[category].clone(),
                weight: 1.0,
                position: (below(50) > 0).then(|| places[place as usize]),
                positioned_by: PositionedBy::Coordinates,
                street: Some(format!("On or near Street {}", place / 3)),
                outcome: crime.then(|| outcomes[below(6) as usize].to_owned()),
                attributes: vec![
                    ("Reported by".to_owned(), "West Midlands Police".to_owned()),
                    ("LSOA code".to_owned(), format!("E0100{:04}", place / 60)),
                    ("LSOA name".to_owned(), format!("Dudley {:03}A", place / 60)),
                ],
            }
        })
        .collect()
}
