//! CQL2 filters against plain Rust on the same incidents.

use hotspots::{
    model::{Incident, TimePrecision},
    selection::Filter,
};

use crate::support::{BOUNDARIES, CITY, LIES, Lies, SERVICE};

type Predicate = fn(&Incident, Option<&Lies>) -> bool;

fn ward(lies: Option<&Lies>) -> Option<&str> {
    lies.and_then(|lies| lies.ward)
}

fn outcome(incident: &Incident) -> &str {
    incident.outcome.as_deref().unwrap_or_default()
}

fn street(incident: &Incident) -> &str {
    incident.street.as_deref().unwrap()
}

/// What is not known is neither true nor false: a text `is null` has to be asked for by name.
const FILTERS: &[(&str, Predicate)] = &[
    ("category = 'burglary'", |at, _| at.category.as_str() == "burglary"),
    ("category <> 'burglary'", |at, _| at.category.as_str() != "burglary"),
    ("category in ('burglary', 'robbery') and outcome is not null", |at, _| {
        ["burglary", "robbery"].contains(&at.category.as_str()) && at.outcome.is_some()
    }),
    ("category not in ('drugs', 'fly-tipping')", |at, _| {
        !["drugs", "fly-tipping"].contains(&at.category.as_str())
    }),
    ("outcome is null", |at, _| at.outcome.is_none()),
    ("not outcome like 'Under%'", |at, _| at.outcome.is_some() && !outcome(at).starts_with("Under")),
    ("outcome not like '%suspect%'", |at, _| at.outcome.is_some() && !outcome(at).contains("suspect")),
    ("casei(outcome) like casei('%SUSPECT')", |at, _| outcome(at).to_lowercase().ends_with("suspect")),
    ("street like '%Street 1_'", |at, _| {
        let number = street(at).rsplit(' ').next().unwrap();
        number.len() == 2 && number.starts_with('1')
    }),
    ("street like '%Street 1%7'", |at, _| {
        let number = street(at).rsplit(' ').next().unwrap();
        number.len() > 1 && number.starts_with('1') && number.ends_with('7')
    }),
    ("month between '2025-01' and '2025-06'", |at, _| {
        ("2025-01".."2025-07").contains(&at.month().to_string().as_str())
    }),
    ("month not between '2024-02' and '2025-11'", |at, _| {
        !("2024-02".."2025-12").contains(&at.month().to_string().as_str())
    }),
    ("month >= '2025-12'", |at, _| at.month().to_string() == "2025-12"),
    ("ward = 'E05001240'", |_, lies| ward(lies) == Some("E05001240")),
    ("ward <> 'E05001240' or precision = 'day'", |at, lies| {
        ward(lies).is_some_and(|code| code != "E05001240") || at.occurred.precision() == TimePrecision::Day
    }),
    ("ward in ('E05001236', 'E05001259') and category = 'drugs'", |at, lies| {
        ward(lies).is_some_and(|code| ["E05001236", "E05001259"].contains(&code))
            && at.category.as_str() == "drugs"
    }),
    ("ward is null", |_, lies| ward(lies).is_none()),
    ("beat like 'demo-%2' and street >= 'On or near Demo Street 2'", |at, lies| {
        lies.and_then(|lies| lies.beat).is_some_and(|code| code.starts_with("demo-") && code.ends_with('2'))
            && street(at) >= "On or near Demo Street 2"
    }),
    ("not (category = 'drugs' or source <> 'synthetic-police')", |at, _| {
        at.category.as_str() != "drugs" && at.source == "synthetic-police"
    }),
    // Not known or true is true; not known or false is not known.
    ("outcome = 'Cleared' or category = 'deliberate-fire'", |at, _| {
        outcome(at) == "Cleared" || at.category.as_str() == "deliberate-fire"
    }),
    ("not (outcome = 'Cleared' and category = 'fly-tipping')", |at, _| {
        at.category.as_str() != "fly-tipping" || (at.outcome.is_some() && outcome(at) != "Cleared")
    }),
    ("precision in ('minute', 'day') and weight >= 1", |at, _| {
        at.occurred.precision() != TimePrecision::Month
    }),
    ("weight between 0 and 0.5", |_, _| false),
    ("weight > 0.5 and weight < 1.5", |_, _| true),
];

#[test]
fn filters_take_what_a_plain_predicate_takes() {
    let snapshot = SERVICE.snapshot();
    let mut sizes = Vec::new();
    for (text, predicate) in FILTERS {
        let filter = Filter::parse(text, &BOUNDARIES).unwrap();
        let mut taken = 0;
        for row in 0..snapshot.len() {
            let number = usize::try_from(snapshot.row_id(row)).unwrap();
            let expected = predicate(&CITY[number], LIES[number].as_ref());
            assert_eq!(filter.holds(&snapshot, row), expected, "{text}: {:?}", CITY[number]);
            taken += usize::from(expected);
        }
        sizes.push(taken);
    }
    // The filters mean something on this city.
    let telling = sizes.iter().filter(|taken| (1..CITY.len()).contains(*taken)).count();
    assert_eq!(telling, FILTERS.len() - 2, "{sizes:?}");
}
