//! The space-time scan of a selection.

use super::sites::Sites;
use crate::{
    analysis::{
        hex::HexResolution,
        progress::Watch,
        scan::{self, Cluster, Model, NoScan, ScanEvent, ScanRules},
    },
    crs,
    model::{Area, GridPoint, Invalid, LonLat, Month, Period},
    profile::{Method, method_card::LayerNote},
    selection::Selection,
    service::{
        QuestionError, Scope, Service,
        question::{About, Question},
        summary::residents_year,
    },
    snapshot::Snapshot,
};

/// From where it is known how many incidents are expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// From the incidents themselves: those of the site times those of the month.
    #[default]
    Permutation,
    /// From the residents of the areas.
    Residents,
    /// From all incidents of the period, whatever their category.
    Incidents,
}

/// What incidents are counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Places as they are recorded.
    Place,
    /// Hex cells; `None` for the resolution of the priority.
    Hex(Option<HexResolution>),
    /// The areas of a layer.
    Layer(String),
}

/// Parameters of the method.
#[derive(Clone, Debug)]
pub struct ScanParameters {
    /// Whether the period is one whole, so that clusters are in space only.
    pub space_only: bool,
    /// What is expected.
    pub expected: Expected,
    /// What incidents are counted by; `None` for hex cells, or the first layer against residents.
    pub unit: Option<Unit>,
    /// The rules of the scan.
    pub rules: ScanRules,
}

/// The clusters of a selection.
pub struct ScanAnswer {
    /// The clusters, the most likely first.
    pub clusters: Vec<ScanCluster>,
    /// Incidents that were scanned.
    pub incidents: u32,
    /// Places, cells or areas that they were counted by.
    pub sites: usize,
    /// The ratio that one simulation in twenty reaches somewhere; `None` without incidents.
    pub critical_llr: Option<f64>,
    /// How it was made.
    pub about: About,
}

/// A cluster with what has to be known about its place and time.
pub struct ScanCluster {
    /// As it was found.
    pub cluster: Cluster,
    /// The position of its centre.
    pub centre: GridPoint,
    /// The same in degrees.
    pub centre_lonlat: LonLat,
    /// Its first and its last month.
    pub months: (Month, Month),
    /// What its members are called.
    pub members: Vec<String>,
}

/// A circle is drawn with this radius at least, metres, so that it can be seen.
const LEAST_DRAWN_M: f64 = 100.0;
/// Corners of a drawn circle.
const CORNERS: u32 = 64;

impl Service {
    /// Scans a selection for clusters.
    ///
    /// # Errors
    /// As [`Service::resolve`]; [`QuestionError::Invalid`] for parameters that do not go together,
    /// [`QuestionError::Unanswerable`] for a period too short or too long, or too many circles, and
    /// [`QuestionError::Stopped`].
    pub fn scan(
        &self,
        scope: &Scope,
        parameters: ScanParameters,
        snapshot: &Snapshot,
        watch: &dyn Watch,
    ) -> Result<ScanAnswer, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let ScanParameters { space_only, expected, unit, rules } = parameters;
        let calendar = Calendar::of(question.period(), space_only);
        check(expected, space_only, scope, &calendar, question.period())?;
        let baseline = (expected == Expected::Incidents).then(|| question.everything());
        let basis = baseline.as_ref().unwrap_or(&question.selection);
        let unit = unit.unwrap_or_else(|| match (expected, self.boundaries().layers.first()) {
            (Expected::Residents, Some(layer)) => Unit::Layer(layer.id.to_string()),
            _ => Unit::Hex(None),
        });
        let (sites, unit_words) = Self::sites(&unit, basis, &question)?;
        let (model, words) = match (expected, &baseline) {
            (Expected::Residents, _) => Self::residents(&unit, &calendar, &question)?,
            (_, Some(all)) => {
                (against(&events(all, &sites, &calendar, snapshot), &sites, &calendar), OF_ALL.to_owned())
            }
            (_, None) => (Model::Permutation, OF_THEMSELVES.to_owned()),
        };
        let events = events(&question.selection, &sites, &calendar, snapshot);
        let found = scan::scan(&sites.positions, calendar.slots(), &events, &model, &rules, watch);
        let found = found.map_err(refusal)?;

        let method = method(&unit_words, space_only, words, &rules, calendar.slots());
        let note = match &unit {
            Unit::Layer(id) => question.layer(id).ok().map(|(_, layer)| LayerNote::of(layer)),
            Unit::Place | Unit::Hex(_) => None,
        };
        let mut about = question.about_in(method.with("sites", sites.positions.len()), note);
        let outside = events.iter().filter(|event| event.site == NO_SITE).count();
        let mut notice = |number: usize, text: &str| {
            if number > 0 {
                about.notices.push(format!("{number} {text}"));
            }
        };
        notice(outside, "incidents lie in no unit of counting and are not scanned.");
        notice(found.without_expectation as usize, NOTHING_EXPECTED);
        notice(
            found.sites_over_cap as usize,
            "units hold more than the greatest share by themselves and are in no circle.",
        );
        let clusters = found.clusters.into_iter().filter_map(|cluster| named(cluster, &sites, &calendar));
        Ok(ScanAnswer {
            clusters: clusters.collect(),
            incidents: found.events,
            sites: sites.positions.len(),
            critical_llr: found.critical_llr,
            about,
        })
    }

    fn sites(
        unit: &Unit,
        basis: &Selection,
        question: &Question<'_>,
    ) -> Result<(Sites, String), QuestionError> {
        let snapshot = question.snapshot();
        Ok(match unit {
            Unit::Place => (Sites::places(basis, snapshot), "place".to_owned()),
            Unit::Hex(resolution) => {
                let default = || HexResolution::new(question.configured().hex_resolution);
                let resolution = resolution.map_or_else(default, Ok);
                let resolution =
                    resolution.map_err(|fault| QuestionError::Invalid { place: "hex resolution", fault })?;
                let name = format!("H3 cell of resolution {}", resolution.get());
                (Sites::cells(basis, resolution, snapshot), name)
            }
            Unit::Layer(id) => {
                let (number, layer) = question.layer(id)?;
                (Sites::areas(basis, number, layer, snapshot), id.clone())
            }
        })
    }

    /// What is expected from residents, and how to say so.
    fn residents(
        unit: &Unit,
        calendar: &Calendar,
        question: &Question<'_>,
    ) -> Result<(Model, String), QuestionError> {
        let refused = |unit: &str, rule: &str| {
            Err(QuestionError::Invalid { place: "query parameter unit", fault: Invalid::new(unit, rule) })
        };
        let id = match unit {
            Unit::Place => return refused("place", BY_AREA),
            Unit::Hex(_) => return refused("hex", BY_AREA),
            Unit::Layer(id) => id,
        };
        let (_, layer) = question.layer(id)?;
        let Some(year) = residents_year(layer, question.period()) else {
            return refused(id, "the residents of this layer are not known");
        };
        let residents = |area: &Area| area.denominators.residents.get(&year).copied();
        let by_site = layer.areas.iter().map(|area| residents(area).map_or(0.0, f64::from)).collect();
        let words = format!("Poisson: residents of {year} by {id} x days of the month");
        Ok((Model::Poisson { by_site, by_slot: calendar.days() }, words))
    }
}

const OF_THEMSELVES: &str =
    "space-time permutation: incidents of the unit x incidents of the month / all incidents";
const OF_ALL: &str =
    "Poisson: all incidents of the unit x all incidents of the month, of every category, in proportion";
const BY_AREA: &str = "residents are known by area: the unit is a boundary layer, as in ward";
const NOTHING_EXPECTED: &str =
    "incidents are where or when nothing is expected, so that no ratio says anything; they are not scanned.";
/// Of incidents in no unit of counting.
const NO_SITE: u32 = u32::MAX;

fn check(
    expected: Expected,
    space_only: bool,
    scope: &Scope,
    calendar: &Calendar,
    period: Period,
) -> Result<(), QuestionError> {
    let invalid = |place, value: &str, rule: &str| {
        Err(QuestionError::Invalid { place, fault: Invalid::new(value, rule) })
    };
    if space_only && expected == Expected::Permutation {
        return invalid(
            "query parameter model",
            "permutation",
            "a scan in space only holds incidents against residents or incidents: a permutation of months needs months",
        );
    }
    if let (Some((layer, code)), Expected::Residents) = (&scope.within, expected) {
        return invalid(
            "query parameter within",
            &format!("{layer}/{code}"),
            "residents are those of the whole borough: leave it out, or take another model",
        );
    }
    if !space_only && calendar.slots() < 2 {
        let detail = format!(
            "a space-time scan needs at least two months, and the period {period} has one; choose a longer period, or \
             scan=space"
        );
        return Err(QuestionError::Unanswerable { detail });
    }
    Ok(())
}

fn refusal(cause: NoScan) -> QuestionError {
    match cause {
        NoScan::Stopped => QuestionError::Stopped,
        NoScan::TooManyCircles | NoScan::TooLong => QuestionError::Unanswerable { detail: cause.to_string() },
    }
}

/// The slots of a period.
struct Calendar {
    period: Period,
    first: Month,
    last: Month,
    space_only: bool,
}

impl Calendar {
    fn of(period: Period, space_only: bool) -> Self {
        Self { period, first: Month::of(period.first()), last: Month::of(period.last()), space_only }
    }

    fn months(&self) -> u16 {
        u16::try_from(self.last.index() - self.first.index() + 1).unwrap_or(u16::MAX)
    }

    fn slots(&self) -> u16 {
        if self.space_only { 1 } else { self.months() }
    }

    fn slot(&self, month: Month) -> u16 {
        if self.space_only {
            0
        } else {
            u16::try_from(month.index() - self.first.index()).unwrap_or(u16::MAX)
        }
    }

    /// First and last month of a run of slots.
    fn months_of(&self, slots: &std::ops::Range<u16>) -> (Month, Month) {
        if self.space_only {
            return (self.first, self.last);
        }
        (self.first.plus(slots.start.into()), self.first.plus(i32::from(slots.end) - 1))
    }

    /// Days of the period in each slot.
    fn days(&self) -> Vec<f64> {
        if self.space_only {
            return vec![f64::from(self.period.day_count())];
        }
        let days = |month: Month| {
            let first = month.first_day().max(self.period.first());
            let last = month.first_day().last_of_month().min(self.period.last());
            Period::days(first, last).map_or(0.0, |days| f64::from(days.day_count()))
        };
        (0..i32::from(self.months())).map(|number| days(self.first.plus(number))).collect()
    }
}

/// The incidents of a selection by unit and month; those in no unit are at [`NO_SITE`].
fn events(selection: &Selection, sites: &Sites, calendar: &Calendar, snapshot: &Snapshot) -> Vec<ScanEvent> {
    let event = |row: &u32| {
        let row = *row as usize;
        let site = snapshot.place(row).and_then(|place| sites.of(place)).unwrap_or(NO_SITE);
        ScanEvent { site, slot: calendar.slot(snapshot.month(row)) }
    };
    selection.rows.iter().map(event).collect()
}

/// In proportion to other events.
fn against(others: &[ScanEvent], sites: &Sites, calendar: &Calendar) -> Model {
    let mut by_site = vec![0.0; sites.positions.len()];
    let mut by_slot = vec![0.0; calendar.slots().into()];
    for event in others {
        let (site, slot) = (by_site.get_mut(event.site as usize), by_slot.get_mut(usize::from(event.slot)));
        if let (Some(site), Some(slot)) = (site, slot) {
            *site += 1.0;
            *slot += 1.0;
        }
    }
    Model::Poisson { by_site, by_slot }
}

fn method(unit: &str, space_only: bool, expected: String, rules: &ScanRules, slots: u16) -> Method {
    let windows = if space_only { "the whole period" } else { "runs of months" };
    Method::new("scan")
        .with("statistic", "Poisson log-likelihood ratio c ln(c/E) + (C-c) ln((C-c)/(C-E)) for c > E (Kulldorff 1997)")
        .with("expected", expected)
        .with("counts", "incidents; weights are not used")
        .with("unit", unit)
        .with("zones", "circles around every unit, units at one distance together, at least 2 incidents")
        .with("greatest_share", rules.share.get())
        .with("greatest_radius_m", rules.radius)
        .with("windows", windows)
        .with("longest_window_months", (!space_only).then(|| rules.longest_of(slots)))
        .with("ongoing_only", rules.ongoing)
        .with("replications", rules.replications.get())
        .with("seed", rules.seed.0)
        .with("p_values", "rank among the highest ratios of the replications / (replications + 1); clusters with p = 1 are left out")
        .with("secondary_clusters", "the best of each centre, none sharing a unit with a better one")
        .with("most_clusters", rules.most_clusters)
}

fn named(cluster: Cluster, sites: &Sites, calendar: &Calendar) -> Option<ScanCluster> {
    let centre = *sites.positions.get(cluster.centre as usize)?;
    let name = |site: &u32| sites.names.get(*site as usize).cloned();
    Some(ScanCluster {
        centre,
        centre_lonlat: crs::from_grid(centre).ok()?.lonlat,
        months: calendar.months_of(&cluster.slots),
        members: cluster.members.iter().filter_map(name).collect(),
        cluster,
    })
}

impl ScanCluster {
    /// The radius of the circle as it is drawn, metres.
    pub fn drawn_radius_m(&self) -> f64 {
        self.cluster.radius_m.max(LEAST_DRAWN_M)
    }

    /// The circle, anticlockwise and closed.
    pub fn circle(&self) -> Vec<LonLat> {
        let corner = |number: u32| {
            let angle = f64::from(number % CORNERS) / f64::from(CORNERS) * std::f64::consts::TAU;
            let (north, east) = angle.sin_cos();
            let radius = self.drawn_radius_m();
            let grid = GridPoint::new(
                self.centre.easting_m() + radius * east,
                self.centre.northing_m() + radius * north,
            );
            Some(crs::from_grid(grid.ok()?).ok()?.lonlat)
        };
        (0..=CORNERS).filter_map(corner).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_counts_the_days_of_the_period_in_each_month() {
        let calendar = Calendar::of("2024-01-30/2024-03-09".parse().unwrap(), false);
        assert_eq!((calendar.slots(), calendar.days()), (3, vec![2.0, 29.0, 9.0]));
        assert_eq!(calendar.slot("2024-03".parse().unwrap()), 2);
        let (first, last) = calendar.months_of(&(1..3));
        assert_eq!((first.to_string(), last.to_string()), ("2024-02".to_owned(), "2024-03".to_owned()));
        let whole = Calendar::of("2024-01-30/2024-03-09".parse().unwrap(), true);
        assert_eq!((whole.slots(), whole.days()), (1, vec![40.0]));
        assert_eq!(whole.slot("2024-03".parse().unwrap()), 0);
    }
}
