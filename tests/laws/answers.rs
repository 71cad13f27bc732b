//! Laws between answers of the service.

use std::sync::LazyLock;

use hotspots::{
    analysis::{
        density::Form,
        hex::HexResolution,
        moran::Permutations,
        random::Seed,
        squares::{Contiguity, SquareSide, Squares},
        stability::Resamples,
    },
    model::{Category, Incident, Metres, Period, TimePrecision, time::london_day},
    selection::{Criteria, Filter, Selection},
    service::{
        Compare, Scope, Service,
        analysis::{
            cells::Statistic,
            clusters::ClusterParameters,
            density::DensityParameters,
            hotspots::{HotspotParameters, Resampling},
        },
        scope::Comparison,
    },
};
use rand::{SeedableRng, seq::SliceRandom};
use rand_pcg::Pcg64;

use crate::support::{BOUNDARIES, CITY, LIES, SERVICE, service};

static SHUFFLED: LazyLock<Service> = LazyLock::new(|| {
    let mut incidents = CITY.clone();
    incidents.shuffle(&mut Pcg64::seed_from_u64(7));
    service(incidents)
});

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

/// Scopes of different kinds, each with a name.
fn scopes() -> Vec<Scope> {
    let filter = |text: &str| Some(Filter::parse(text, &BOUNDARIES).unwrap());
    let of = |id: &str| Scope { priority: Some(id.to_owned()), ..Scope::default() };
    vec![
        Scope::default(),
        of("serious-acquisitive-crime"),
        Scope { period: Some(period("2025-07/2025-12")), ..of("antisocial-behaviour") },
        Scope { period: Some(period("2025-03-05/2025-04-17")), ..of("burglary") },
        Scope { period: Some(period("2024-11-15/2025-02-20")), ..Scope::default() },
        Scope { filter: filter("outcome is null or ward = 'E05001240'"), ..of("all-incidents") },
        Scope { sources: vec!["synthetic-fire-service".to_owned()], ..Scope::default() },
        Scope { period: Some(period("2031-01")), ..of("drugs") },
    ]
}

/// Every number of every kind of answer, as bits.
fn numbers(service: &Service, scope: &Scope) -> Vec<u64> {
    let snapshot = service.snapshot();
    let mut all = Vec::new();
    for layer in ["ward", "beat"] {
        let summary = service.summary(layer, scope, &snapshot).unwrap();
        for row in summary.rows {
            all.extend([row.count, row.weighted.to_bits(), row.share.unwrap_or(-1.0).to_bits()]);
            all.push(row.rate_per_1000.unwrap_or(-1.0).to_bits());
            all.push(row.change.map_or(u64::MAX, |change| change.before));
        }
        all.extend([
            summary.in_no_area,
            summary.about.card.tally.used,
            summary.about.card.tally.coarser_than_period,
        ]);
    }
    let density = service.density(scope, &DensityParameters::default(), Form::Intensity, &snapshot).unwrap();
    all.extend(density.surface.values.iter().map(|value| value.to_bits()));
    for band in density.bands() {
        all.extend([band.class as u64, band.lower.to_bits(), band.area.0.to_bits()]);
    }
    let resampled = HotspotParameters {
        density: DensityParameters { cell: Metres::new(200.0).ok(), ..DensityParameters::default() },
        resampling: Resamples::new(99).map_or(Resampling::None, Resampling::Exactly),
        streets: 2,
        ..HotspotParameters::default()
    };
    for hotspot in service.hotspots(scope, &resampled, &snapshot).unwrap().hotspots {
        let (found, peak_hot) = hotspot.stability.unwrap();
        all.push(hotspot.held.count);
        all.extend([hotspot.held.weighted, hotspot.held.area.0, found, peak_hot].map(f64::to_bits));
        all.extend(hotspot.streets.iter().map(|street| street.count));
    }
    let close = ClusterParameters { reach: Metres::new(150.0).unwrap(), minimum: None, streets: 0 };
    for cluster in service.clusters(scope, close, &snapshot).unwrap().clusters {
        all.extend([cluster.count, cluster.in_hull, cluster.weighted.to_bits(), cluster.area.0.to_bits()]);
    }
    for resolution in [8, 9] {
        let layer =
            service.hex(scope, HexResolution::new(resolution).ok(), Statistic::default(), &snapshot).unwrap();
        for value in layer.cells() {
            all.push(value.count);
            all.extend([value.weighted, value.z.unwrap(), value.p_adjusted.unwrap()].map(f64::to_bits));
        }
    }
    let squares = Squares { side: SquareSide::new(500).unwrap(), contiguity: Contiguity::Queen };
    let moran = Statistic::LocalMoran { permutations: Permutations::default(), seed: Seed(1) };
    let layer = service.squares(scope, squares, moran, &snapshot).unwrap();
    for value in layer.cells() {
        let numbers = [value.local_i, value.z, value.p, value.p_adjusted];
        all.extend(numbers.map(|number| number.map_or(u64::MAX, f64::to_bits)));
    }
    all.extend([layer.moran, layer.geary].map(|global| global.map_or(u64::MAX, |g| g.value.to_bits())));
    all
}

#[test]
fn the_order_of_incidents_does_not_matter() {
    for scope in scopes() {
        assert!(numbers(&SERVICE, &scope) == numbers(&SHUFFLED, &scope), "{scope:?}");
    }
}

#[test]
fn one_thread_gives_what_eight_give() {
    let on = |threads: usize, scope: &Scope| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| numbers(&SERVICE, scope))
    };
    for scope in scopes() {
        assert!(on(1, &scope) == on(8, &scope), "{scope:?}");
    }
}

#[test]
fn areas_and_hex_cells_hold_all_that_is_used() {
    let snapshot = SERVICE.snapshot();
    for scope in scopes() {
        let mut used = Vec::new();
        for layer in ["ward", "beat"] {
            let summary = SERVICE.summary(layer, &scope, &snapshot).unwrap();
            let counted: u64 = summary.rows.iter().map(|row| row.count).sum();
            used.extend([counted + summary.in_no_area, summary.about.card.tally.used]);
        }
        for resolution in 7..=10 {
            let layer = SERVICE
                .hex(&scope, HexResolution::new(resolution).ok(), Statistic::default(), &snapshot)
                .unwrap();
            used.push(layer.cells().map(|value| value.count).sum());
        }
        assert!(used.iter().all(|number| *number == used[0]), "{used:?} {scope:?}");
    }
}

/// Whether an incident belongs to a period by its days: yes, no, or known too coarsely to say.
fn belongs(incident: &Incident, period: Period) -> Option<bool> {
    let days = period.first()..=period.last();
    let first = london_day(incident.occurred.start_s());
    if incident.occurred.precision() != TimePrecision::Month {
        return Some(days.contains(&first));
    }
    let ends = (days.contains(&first), days.contains(&first.last_of_month()));
    let around = first < period.first() && period.last() < first.last_of_month();
    match ends {
        (true, true) => Some(true),
        (false, false) if !around => Some(false),
        _ => None,
    }
}

#[test]
fn the_tally_accounts_for_every_incident_that_meets_the_conditions() {
    let snapshot = SERVICE.snapshot();
    let filter = |text: &str| Filter::parse(text, &BOUNDARIES).unwrap();
    for text in [
        "2024-01/2025-12",
        "2025-06",
        "2025-06-10",
        "2025-05-31/2025-06-30",
        "2024-02-29/2025-03-01",
        "2020-01",
    ] {
        for (categories, filters) in [
            (vec![], vec![]),
            (vec!["burglary", "anti-social-behaviour"], vec![]),
            (vec![], vec![filter("source <> 'synthetic-police'")]),
        ] {
            let criteria = Criteria {
                categories: categories.iter().map(|slug| Category::from_label(slug).unwrap()).collect(),
                filters,
                ..Criteria::all_in(period(text))
            };
            let mut expected = [0_u64; 4];
            for (incident, lies) in CITY.iter().zip(&*LIES) {
                let wanted = categories.is_empty() || categories.contains(&incident.category.as_str());
                if !wanted || (!criteria.filters.is_empty() && incident.source == "synthetic-police") {
                    continue;
                }
                match (belongs(incident, criteria.period), lies) {
                    (Some(false), _) => {}
                    (None, _) => expected[3] += 1,
                    (Some(true), None) => expected[1] += 1,
                    (Some(true), Some(lies)) if lies.inside => expected[0] += 1,
                    (Some(true), Some(_)) => expected[2] += 1,
                }
            }
            let selection = Selection::of(&snapshot, &criteria);
            let tally = selection.tally;
            let found = [tally.used, tally.unlocated, tally.outside, tally.coarser_than_period];
            assert_eq!(found, expected, "{text} {categories:?}");
            assert_eq!(tally.synthetic, tally.used);
            let gathered: u64 = selection.places.iter().map(|at| u64::from(at.count)).sum();
            assert_eq!((gathered, selection.rows.len() as u64), (tally.used, tally.used));
        }
    }
}

#[test]
fn no_change_is_given_against_months_that_are_not_held() {
    let snapshot = SERVICE.snapshot();
    let ask = |text: &str, compare: Compare| {
        let scope = Scope { period: Some(period(text)), compare: Some(compare), ..Scope::default() };
        SERVICE.summary("ward", &scope, &snapshot).unwrap()
    };
    let before = Compare::Rule(Comparison::Before);
    let year_before = Compare::Rule(Comparison::YearBefore);
    for (text, compare) in [
        ("2024-01", before),
        ("2024-01/2024-06", before),
        ("2024-04/2025-06", before),
        ("2024-12", year_before),
        ("2025-06", Compare::Period(period("2023-12/2024-01"))),
    ] {
        let summary = ask(text, compare);
        assert!(summary.rows.iter().all(|row| row.change.is_none()), "{text}");
        assert!(summary.about.card.comparison.is_none());
        assert!(
            summary.about.notices.iter().any(|notice| notice.starts_with("No change is given")),
            "{text}"
        );
        assert!(summary.about.card.tally.used > 0);
    }
    for (text, compare, other) in [
        ("2024-02", before, "2024-01"),
        ("2025-01/2025-12", year_before, "2024-01/2024-12"),
        ("2025-06", Compare::Period(period("2024-01")), "2024-01"),
    ] {
        let summary = ask(text, compare);
        let against = ask(other, Compare::No);
        for (row, earlier) in summary.rows.iter().zip(&against.rows) {
            let change = row.change.unwrap();
            assert_eq!(change.before, earlier.count);
            assert_eq!(
                change.absolute,
                i64::try_from(row.count).unwrap() - i64::try_from(earlier.count).unwrap()
            );
        }
        assert!(
            !summary.about.notices.iter().any(|notice| notice.starts_with("No change is given")),
            "{text}"
        );
        assert!(against.rows.iter().all(|row| row.change.is_none()));
        assert!(!against.about.notices.iter().any(|notice| notice.starts_with("No change is given")));
    }
}
