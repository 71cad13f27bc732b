//! A made-up city: incidents for demonstration and for tests, the same for the same seed.
//!
//! Nothing of it is real. Streets are called *Demo Street* and every source begins with
//! `synthetic`, which the service turns into a notice on every answer made from it. What it is good
//! for is that its truth is known: where each category concentrates, which hot spot is new, which
//! one fades, and which season a category has.

mod plan;
mod streets;

use rand::{Rng, RngExt, SeedableRng, seq::IndexedRandom};
use rand_distr::{Distribution, Poisson, weighted::WeightedIndex};
use rand_pcg::Pcg64;

use self::{
    plan::{CategoryPlan, PLANS, Timing},
    streets::{Street, Streets},
};
use crate::model::{
    BoundarySet, Category, Incident, Month, Occurred, PositionedBy, TimePrecision,
    time::{london_instant, midnight_s},
};

/// Months that are filled, the last of them [`LAST_MONTH`].
pub const MONTHS: i32 = 24;
/// The newest month.
pub const LAST_MONTH: &str = "2025-12";

/// Share of incidents that are recorded without a position.
const UNLOCATED: f64 = 0.01;

/// A generator of incidents over the areas of a borough.
///
/// # Example
/// ```
/// use hotspots::{boundary::manifest, synthetic::SyntheticCity};
/// let boundaries = manifest::load("boundaries/dudley.toml".as_ref())?;
/// let incidents: Vec<_> = SyntheticCity::seed(42).incidents(&boundaries).collect();
/// assert!((40_000..45_000).contains(&incidents.len()));
/// assert!(incidents.iter().all(|incident| incident.source.starts_with("synthetic")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SyntheticCity {
    seed: u64,
}

impl SyntheticCity {
    /// The city with that seed.
    pub const fn seed(seed: u64) -> Self {
        Self { seed }
    }

    /// All incidents, month by month and category by category. About 42,000 in two years.
    pub fn incidents(self, boundaries: &BoundarySet) -> impl Iterator<Item = Incident> {
        let mut random = Pcg64::seed_from_u64(self.seed);
        let streets = Streets::new(boundaries, &mut random);
        let last: Month = LAST_MONTH.parse().unwrap_or(Month::LAST);
        let first = last.plus(1 - MONTHS);
        let draws: Vec<_> = PLANS.iter().map(|plan| Draw::new(plan, &streets, &mut random)).collect();
        (0..MONTHS).flat_map(move |elapsed| {
            let month = first.plus(elapsed);
            let mut batch = Vec::new();
            for draw in &draws {
                draw.month(month, elapsed, &streets, &mut random, &mut batch);
            }
            batch
        })
    }
}

/// One category's hot spots, ready to draw from.
struct Draw {
    plan: &'static CategoryPlan,
    category: Option<Category>,
    /// By hot spot, the weight of each street; the last is the background.
    spots: Vec<WeightedIndex<f64>>,
}

impl Draw {
    fn new(plan: &'static CategoryPlan, streets: &Streets, random: &mut impl Rng) -> Self {
        let mut spots: Vec<_> =
            plan.spots.iter().filter_map(|spot| streets.around(spot.centre, spot.spread_m)).collect();
        spots.extend(streets.background(random));
        Self { plan, category: Category::from_label(plan.label).ok(), spots }
    }

    fn month(
        &self,
        month: Month,
        elapsed: i32,
        streets: &Streets,
        random: &mut impl Rng,
        out: &mut Vec<Incident>,
    ) {
        for (spot, weights) in self.spots.iter().enumerate() {
            let expected = self.plan.expected(spot, month, elapsed);
            let Ok(poisson) = Poisson::new(expected) else { continue };
            let mut left: f64 = poisson.sample(random);
            while left >= 1.0 {
                left -= 1.0;
                let street = streets.get(weights.sample(random));
                out.extend(self.incident(month, street, random));
            }
        }
    }

    fn incident(&self, month: Month, street: &Street, random: &mut impl Rng) -> Option<Incident> {
        let located = !random.random_bool(UNLOCATED);
        let outcome = self.plan.outcomes.choose(random);
        Some(Incident {
            source: self.plan.source.to_owned(),
            own_id: None,
            reference: None,
            occurred: self.occurred(month, random),
            category: self.category.clone()?,
            weight: 1.0,
            position: located.then_some(street.position),
            positioned_by: PositionedBy::Coordinates,
            street: Some(street.name.clone()),
            outcome: outcome.map(|&text| text.to_owned()),
            attributes: Vec::new(),
        })
    }

    fn occurred(&self, month: Month, random: &mut impl Rng) -> Occurred {
        let days = i32::from(month.first_day().days_in_month());
        let date = month.first_day().saturating_add(jiff::Span::new().days(random.random_range(0..days)));
        match self.plan.timing {
            Timing::Month => Occurred::in_month(month),
            Timing::Day => Occurred::on_day(date),
            Timing::Minute { busiest_hour } => {
                // Two draws added make a triangle around the busiest hour, twelve hours to each side.
                let offset = random.random_range(-360..=360) + random.random_range(-360..=360);
                let minute = (busiest_hour * 60 + offset).rem_euclid(24 * 60);
                let clock = date.at(0, 0, 0, 0).saturating_add(jiff::Span::new().minutes(minute));
                london_instant(clock).map_or_else(|| Occurred::on_day(date), Occurred::at)
            }
            Timing::Overnight => {
                let evening = midnight_s(date) + random.random_range(17 * 60..23 * 60) * 60;
                let length_s = random.random_range(30..12 * 60) * 60;
                Occurred::from_parts(evening, evening + length_s, TimePrecision::Minute)
                    .unwrap_or_else(|| Occurred::on_day(date))
            }
        }
    }
}
