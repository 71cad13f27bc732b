//! Which incidents a question is about: priority, period, categories, filter, and the borough.

pub mod criteria;
pub mod filter;
pub mod incidents;

pub use criteria::{AreaNumber, Criteria};
pub use filter::Filter;

use crate::{
    model::{Occurred, PositionedBy, TimePrecision, period::Days},
    snapshot::Snapshot,
};

/// The incidents of one question, gathered by place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Rows of the snapshot that are used, ascending.
    pub rows: Vec<u32>,
    /// The weight of each of these rows.
    pub weights: Vec<f64>,
    /// The same incidents gathered by place, in the snapshot's order of places.
    pub places: Vec<SelectedPlace>,
    /// What was used and what was not, and why.
    pub tally: Tally,
}

/// What is selected at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelectedPlace {
    /// Its number in the snapshot.
    pub place: u32,
    /// Incidents there.
    pub count: u32,
    /// The sum of their weights.
    pub weight: f64,
}

/// Every incident that met categories and filter, accounted for:
/// `used + unlocated + outside + coarser_than_period` is the number that met the period too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Inside the study area and used.
    pub used: u64,
    /// Without coordinates.
    pub unlocated: u64,
    /// Located, but outside the borough, or outside the area that was asked about.
    pub outside: u64,
    /// Known only to a month or day of which part lies outside the period, so that nobody can say
    /// whether they belong to it.
    pub coarser_than_period: u64,
    /// Incidents in use that come from the synthetic generator.
    pub synthetic: u64,
    /// Incidents in use that stand at the middle of their postcode.
    pub by_postcode: u64,
}

/// Sources whose name starts so hold made-up incidents, and everything made from them says so.
pub const SYNTHETIC_PREFIX: &str = "synthetic";

impl Selection {
    /// Selects the incidents of `snapshot` that meet `criteria`.
    ///
    /// An incident belongs to the period in which it starts. One that is known only to the month is
    /// used when the whole month lies in the period, and counted as too coarse when part of it does.
    pub fn of(snapshot: &Snapshot, criteria: &Criteria) -> Self {
        let mut selection = Self::default();
        meeting(snapshot, criteria, |met| match (met.fit, met.place) {
            (Fit::Unclear, _) => selection.tally.coarser_than_period += 1,
            (_, None) => selection.tally.unlocated += 1,
            (_, Some(place)) if !lies_in(place, criteria.within, snapshot) => selection.tally.outside += 1,
            (_, Some(place)) => {
                selection.tally.synthetic += u64::from(met.is_synthetic);
                let by_postcode = snapshot.positioned_by(met.row) == PositionedBy::Postcode;
                selection.tally.by_postcode += u64::from(by_postcode);
                selection.take(met.row, place, met.weight);
            }
        });
        selection
    }

    /// What lies outside the study area and meets the same criteria, gathered by place, in the snapshot's order of
    /// places: what [`of`](Self::of) only counts.
    pub fn beyond(snapshot: &Snapshot, criteria: &Criteria) -> Vec<SelectedPlace> {
        let mut beyond = Self::default();
        meeting(snapshot, criteria, |met| {
            let outside = met.place.filter(|place| !lies_in(*place, criteria.within, snapshot));
            if let (Fit::Inside, Some(place)) = (met.fit, outside) {
                beyond.take(met.row, place, met.weight);
            }
        });
        beyond.places
    }

    fn take(&mut self, row: usize, place: u32, weight: f64) {
        self.tally.used += 1;
        // A snapshot holds fewer than 2³² rows.
        self.rows.push(u32::try_from(row).unwrap_or(u32::MAX));
        self.weights.push(weight);
        match self.places.last_mut() {
            Some(last) if last.place == place => {
                last.count += 1;
                last.weight += weight;
            }
            _ => self.places.push(SelectedPlace { place, count: 1, weight }),
        }
    }
}

/// An incident that meets what is asked for but for where it lies.
struct Met {
    row: usize,
    place: Option<u32>,
    /// Inside the period, or nobody can say whether.
    fit: Fit,
    weight: f64,
    is_synthetic: bool,
}

/// Shows every incident that meets category, source, filters and period, in the order of rows.
fn meeting(snapshot: &Snapshot, criteria: &Criteria, mut show: impl FnMut(Met)) {
    let days = criteria.period.days_s();
    let fits: Vec<Fit> = snapshot.intervals().iter().map(|occurred| fit(*occurred, days)).collect();
    let wanted = WantedCodes::new(snapshot, criteria);
    for row in 0..snapshot.len() {
        let category = usize::from(snapshot.category(row));
        let Some(factor) = wanted.factors[category] else { continue };
        let source = usize::from(snapshot.source(row));
        if !wanted.sources[source] {
            continue;
        }
        let fit = fits[snapshot.interval(row) as usize];
        if fit == Fit::Outside || !criteria.filters.iter().all(|filter| filter.holds(snapshot, row)) {
            continue;
        }
        let (place, weight) = (snapshot.place(row), factor * snapshot.weight(row));
        show(Met { row, place, fit, weight, is_synthetic: wanted.synthetic[source] });
    }
}

/// Whether a place lies in the borough, and in the area that was asked about.
pub fn lies_in(place: u32, within: Option<AreaNumber>, snapshot: &Snapshot) -> bool {
    let places = snapshot.places();
    let in_area =
        |at: AreaNumber| places.area(at.layer, place).is_some_and(|area| usize::from(area) == at.area);
    places.inside(place) && within.is_none_or(in_area)
}

/// Categories and sources as codes of the snapshot's dictionaries.
struct WantedCodes {
    /// By category code: the weight of the category where it is wanted.
    factors: Vec<Option<f64>>,
    sources: Vec<bool>,
    synthetic: Vec<bool>,
}

impl WantedCodes {
    fn new(snapshot: &Snapshot, criteria: &Criteria) -> Self {
        let factor = |slug: &String| {
            let wanted = criteria.categories.is_empty()
                || criteria.categories.iter().any(|category| category.as_str() == slug);
            wanted.then(|| criteria.weight_of(slug))
        };
        Self {
            factors: snapshot.categories().iter().map(factor).collect(),
            sources: snapshot
                .sources()
                .iter()
                .map(|source| criteria.sources.is_empty() || criteria.sources.contains(source))
                .collect(),
            synthetic: snapshot.sources().iter().map(|source| source.starts_with(SYNTHETIC_PREFIX)).collect(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Inside,
    Outside,
    Unclear,
}

fn fit(occurred: Occurred, days: Days) -> Fit {
    let starts_inside = (days.start_s..days.end_s).contains(&occurred.start_s());
    if occurred.precision() != TimePrecision::Month {
        return if starts_inside { Fit::Inside } else { Fit::Outside };
    }
    if starts_inside && occurred.end_s() <= days.end_s {
        Fit::Inside
    } else if occurred.end_s() <= days.start_s || occurred.start_s() >= days.end_s {
        Fit::Outside
    } else {
        Fit::Unclear
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Period;

    #[test]
    fn a_month_that_lies_partly_in_the_period_is_unclear() {
        let january = Occurred::in_month("2024-01".parse().unwrap());
        let fit_in = |period: &str| fit(january, period.parse::<Period>().unwrap().days_s());
        assert!(fit_in("2024-01") == Fit::Inside);
        assert!(fit_in("2023-12-15/2024-02-03") == Fit::Inside);
        assert!(fit_in("2024-01-01/2024-01-30") == Fit::Unclear);
        assert!(fit_in("2024-01-31/2024-02-28") == Fit::Unclear);
        assert!(fit_in("2024-02") == Fit::Outside);
    }

    #[test]
    fn what_is_known_better_belongs_to_the_period_in_which_it_starts() {
        let new_year = jiff::civil::date(2024, 12, 31).at(23, 30, 0, 0);
        let start = crate::model::time::london_instant(new_year).unwrap();
        let night = Occurred::between(start, start + jiff::SignedDuration::from_hours(8)).unwrap();
        assert!(fit(night, "2024-12".parse::<Period>().unwrap().days_s()) == Fit::Inside);
        assert!(fit(night, "2025-01".parse::<Period>().unwrap().days_s()) == Fit::Outside);
    }
}
