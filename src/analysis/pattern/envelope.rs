//! What K and L look like by chance: complete spatial randomness, played out in the same outline.

use geo::{Area as _, BoundingRect};

use super::{
    Counted,
    ripley::{Radii, Ripley, l_less_r_m},
};
use crate::{
    analysis::{
        border::Border,
        contained::Northward,
        monte_carlo::{Replications, p_at_least},
        progress::{Watch, pieces},
        random::{Seed, Stream},
    },
    model::{GridPoint, GridShape, Metres},
};

/// Why there is no envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoEnvelope {
    /// The watch stopped it.
    #[error("the analysis was stopped")]
    Stopped,
    /// There are fewer than two incidents, or the outline has no area, or less than a thousandth of its box.
    #[error("chance cannot be played out: there are fewer than two incidents, or the outline is too narrow")]
    Unplayable,
}

/// L − r of simulated patterns, and how the observed one stands among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// By distance, the limits of L − r in metres between which chance stays at that distance in 95 of 100
    /// cases; `None` where too few simulations have an incident that far from the border.
    pub limits_m: Vec<Option<(f64, f64)>>,
    /// How many of the lowest, and of the highest, simulations the limits leave out, the limit included: the
    /// limits are exceeded by chance with probability 2 · rank/(R + 1) at each distance.
    pub rank: usize,
    /// Probability of so large a deviation from chance at any of the distances: the rank of the greatest
    /// |L − r| among those of the simulations. `None` where L is undefined at every distance.
    pub p_global: Option<f64>,
}

impl Envelope {
    /// Plays out as many incidents as were observed, each anywhere in the outline with equal probability, and
    /// takes border-corrected L of each play as of the observed incidents.
    ///
    /// Limits by distance: Ripley, B. D. (1977), doi 10.1111/j.2517-6161.1977.tb01615.x. One test over all
    /// distances, the maximum absolute deviation from L = r: Myllymäki, M. et al. (2017),
    /// doi 10.1111/rssb.12172. An observed curve that leaves the limits somewhere is not evidence by itself,
    /// as there are many distances; `p_global` is.
    ///
    /// Cost: for each replication the pairs that are nearer than the border, all incidents being at places of
    /// their own. Each has a stream of its own from the seed.
    ///
    /// # Errors
    /// [`NoEnvelope`].
    pub fn of(
        observed: &[Ripley],
        incidents: u64,
        outline: &GridShape,
        replications: Replications,
        seed: Seed,
        watch: &dyn Watch,
    ) -> Result<Self, NoEnvelope> {
        let distances = observed.iter().filter_map(|at| Metres::new(at.radius_m).ok());
        let radii = Radii::new(distances).map_err(|_none| NoEnvelope::Unplayable)?;
        let (area, border) = (outline.0.unsigned_area(), Border::of(outline));
        let play = |number: usize| {
            let places = uniform(outline, incidents, &mut seed.stream(number as u64))?;
            Some(l_less_r_m(&places, area, &border, &radii))
        };
        let plays = pieces(replications.get(), watch, play).ok_or(NoEnvelope::Stopped)?;
        let plays: Vec<Vec<Option<f64>>> =
            plays.into_iter().collect::<Option<_>>().ok_or(NoEnvelope::Unplayable)?;
        let rank = ((plays.len() + 1) / 40).max(1);
        let limits = |index: usize| {
            let mut values: Vec<f64> = plays.iter().filter_map(|play| *play.get(index)?).collect();
            values.sort_unstable_by(f64::total_cmp);
            // Where some plays have no value the rest is no sample of chance.
            (values.len() == plays.len()).then(|| (values[rank - 1], values[values.len() - rank]))
        };
        let curve: Vec<Option<f64>> = observed.iter().map(Ripley::l_less_r_m).collect();
        let deviation = |play: &Vec<Option<f64>>| greatest(play, &curve);
        Ok(Self {
            limits_m: (0..curve.len()).map(limits).collect(),
            rank,
            p_global: deviation(&curve)
                .map(|seen| p_at_least(&seen, &plays.iter().filter_map(deviation).collect::<Vec<_>>())),
        })
    }
}

/// The greatest |L − r| over the distances at which `curve` is defined too.
fn greatest(play: &[Option<f64>], curve: &[Option<f64>]) -> Option<f64> {
    let both = play.iter().zip(curve).filter_map(|(value, other)| other.and(*value));
    both.map(f64::abs).max_by(f64::total_cmp)
}

/// Points are drawn in the outline's box until enough lie in the outline, at most this many at once.
const BATCH: f64 = 1e6;
/// And at most this often.
const MOST_BATCHES: usize = 1_000;
/// An outline that fills less of its box is given up.
const LEAST_FILLED: f64 = 1e-3;

/// That many positions, each anywhere in the outline with equal probability.
fn uniform(outline: &GridShape, wanted: u64, stream: &mut Stream) -> Option<Vec<Counted>> {
    let bounds = outline.0.bounding_rect()?;
    let (corner, width, height) = (bounds.min(), bounds.width(), bounds.height());
    let filled = outline.0.unsigned_area() / (width * height);
    if filled.is_nan() || filled < LEAST_FILLED {
        return None;
    }
    let wanted = usize::try_from(wanted).ok()?;
    let mut found: Vec<Counted> = Vec::with_capacity(wanted);
    for _ in 0..MOST_BATCHES {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to the batch")]
        let batch = ((wanted - found.len()) as f64 / filled * 1.05 + 16.0).min(BATCH) as usize;
        let draw = |_| {
            let (east, north) = (stream.unit() * width, stream.unit() * height);
            GridPoint::new(corner.x + east, corner.y + north)
        };
        let drawn: Vec<GridPoint> = (0..batch).map(draw).filter_map(Result::ok).collect();
        let sorted = Northward::new(drawn.iter().copied());
        let mut inside: Vec<u32> = outline.0.iter().flat_map(|polygon| sorted.within(polygon)).collect();
        // In the order in which they were drawn, so that those that are too many are the last.
        inside.sort_unstable();
        let missing = wanted - found.len();
        found.extend(
            inside.iter().filter_map(|number| Some((*drawn.get(*number as usize)?, 1))).take(missing),
        );
        if found.len() == wanted {
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{
        density::WeightedPoint,
        pattern::ripley::ripley,
        progress::Unwatched,
        testing::{metres, on_threads, point, rectangle, shape},
    };

    fn triangle() -> GridShape {
        shape(&[
            vec![(1_000.0, 1_000.0), (4_000.0, 1_000.0), (1_000.0, 5_000.0)],
            vec![(1_500.0, 1_500.0), (1_500.0, 2_000.0), (2_000.0, 1_500.0)],
        ])
    }

    fn drawn(n: u64, piece: u64) -> Vec<WeightedPoint> {
        let places = uniform(&triangle(), n, &mut Seed(3).stream(piece)).unwrap();
        places.iter().map(|(position, _)| WeightedPoint { position: *position, weight: 1.0 }).collect()
    }

    fn envelope(points: &[WeightedPoint], replications: u32) -> Result<Envelope, NoEnvelope> {
        let curve = ripley(points, &triangle(), &Radii::up_to(metres(300.0), 6).unwrap());
        Envelope::of(
            &curve,
            points.len() as u64,
            &triangle(),
            Replications::new(replications).unwrap(),
            Seed(1),
            &Unwatched,
        )
    }

    #[test]
    fn drawn_positions_lie_evenly_in_the_outline() {
        use geo::Intersects;
        let points = drawn(20_000, 0);
        assert_eq!(points.len(), 20_000);
        assert!(points.iter().all(|p| triangle().0.intersects(&p.position.coord())));
        // The part south of 2,000 m: 3,000 to 2,250 m wide, less the hole of 125,000 m², of 5,875,000 m².
        let south = points.iter().filter(|p| p.position.northing_m() < 2_000.0).count();
        let expected = 20_000.0 * (2_625_000.0 - 125_000.0) / 5_875_000.0;
        assert!((south as f64 - expected).abs() < 5.0 * 70.0, "{south} {expected}");
    }

    #[test]
    fn chance_is_seldom_outside_and_a_heap_always() {
        let p: Vec<f64> =
            (0..20).map(|i| envelope(&drawn(80, 100 + i), 99).unwrap().p_global.unwrap()).collect();
        assert!(p.iter().filter(|p| **p <= 0.05).count() <= 4, "{p:?}");
        assert!(p.iter().any(|p| *p > 0.5));
        let heap: Vec<_> =
            (0..80).map(|i| point(2_000.0 + f64::from(i % 9), 2_200.0 + f64::from(i / 9), 1.0)).collect();
        let found = envelope(&heap, 99).unwrap();
        assert_eq!((found.p_global, found.rank), (Some(0.01), 2));
        assert!(found.limits_m.iter().flatten().all(|(low, high)| low < high));
    }

    #[test]
    fn threads_make_no_difference() {
        let points = drawn(120, 7);
        let [one, four] = [1, 4].map(|threads| on_threads(threads, || envelope(&points, 99)));
        assert_eq!(one, four);
    }

    #[test]
    fn what_cannot_be_played_is_no_envelope() {
        assert_eq!(envelope(&[], 99), Err(NoEnvelope::Unplayable));
        assert_eq!(envelope(&[point(1_100.0, 1_100.0, 1.0)], 99), Err(NoEnvelope::Unplayable));
        let sliver = shape(&[vec![(0.0, 0.0), (1e5, 1e5), (1e5, 1e5 + 1.0)]]);
        assert_eq!(uniform(&sliver, 5, &mut Seed(1).stream(0)), None);
        assert_eq!(uniform(&rectangle(0.0, 0.0, 9.0, 9.0), 0, &mut Seed(1).stream(0)), Some(Vec::new()));
    }
}
