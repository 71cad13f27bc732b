//! How sure a Gini coefficient is: units drawn again, with replacement.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::lorenz::{Amounts, generalised};
use crate::analysis::{
    monte_carlo::Replications,
    normal, order,
    random::{Seed, Stream},
};

/// A 95 % interval from resamples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The 2.5 and 97.5 % quantiles of the resamples (Efron, B. (1979), doi 10.1214/aos/1176344552).
    pub percentile: (f64, f64),
    /// The interval corrected for bias and acceleration (Efron, B. (1987), doi
    /// 10.1080/01621459.1987.10478410); `None` where the resamples are all on one side of the estimate, or all
    /// equal.
    pub bca: Option<(f64, f64)>,
}

/// Intervals of the coefficient and of its generalised form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intervals {
    /// Of the coefficient.
    pub gini: Interval,
    /// Of the generalised form.
    pub generalised: Interval,
}

/// Bootstrap intervals of the coefficient and its generalised form for counts of incidents, over resamples of
/// as many units as there are. Resamples without an incident have no coefficient and are left out.
///
/// They say how much the coefficient would vary among boroughs whose units are such as these; neighbouring
/// units are not independent, so that the truth is less certain than that. `None` without incidents, and where
/// all units have the same: every resample is then the same.
///
/// Each resample has a stream of its own from the seed. Cost: units × resamples draws.
///
/// # Example
/// ```
/// use hotspots::analysis::{concentration::{bootstrap::intervals, lorenz::Amounts}, monte_carlo::Replications, random::Seed};
/// let counts = Amounts::of((0..50).map(|i| f64::from(i % 10)));
/// let found = intervals(&counts, Replications::default(), Seed(1)).unwrap().gini;
/// let gini = counts.gini().unwrap();
/// assert!(found.percentile.0 < gini && gini < found.percentile.1);
/// ```
pub fn intervals(counts: &Amounts, resamples: Replications, seed: Seed) -> Option<Intervals> {
    let gini = counts.gini()?;
    let estimates = [gini, generalised(gini, counts)];
    if counts.groups().len() < 2 {
        return None;
    }
    let drawn: Vec<[f64; 2]> = (0..resamples.get())
        .into_par_iter()
        .filter_map(|resample| {
            let again = redraw(counts, &mut seed.stream(resample as u64));
            let gini = again.gini()?;
            Some([gini, generalised(gini, &again)])
        })
        .collect();
    let accelerations = accelerations(counts);
    let interval = |which: usize| {
        let mut values: Vec<f64> = drawn.iter().map(|both| both[which]).collect();
        values.sort_unstable_by(f64::total_cmp);
        interval(&values, estimates[which], accelerations[which])
    };
    Some(Intervals { gini: interval(0)?, generalised: interval(1)? })
}

/// As many units as there are, drawn with replacement.
fn redraw(counts: &Amounts, stream: &mut Stream) -> Amounts {
    let end = u32::try_from(counts.units()).unwrap_or(u32::MAX);
    let mut ends = Vec::with_capacity(counts.groups().len());
    let mut reached = 0;
    for (_, units) in counts.groups() {
        reached += units;
        ends.push(reached);
    }
    let mut times = vec![0; ends.len()];
    // Most units have the least, often nothing: those are told at once.
    let (least, mut with_least) = (ends.first().copied().unwrap_or_default(), 0);
    for _ in 0..end {
        let unit = u64::from(stream.below(end));
        if unit < least {
            with_least += 1;
        } else if let Some(drawn) = times.get_mut(ends.partition_point(|end| *end <= unit)) {
            *drawn += 1;
        }
    }
    if let Some(drawn) = times.first_mut() {
        *drawn += with_least;
    }
    Amounts::of_groups(
        counts.groups().iter().zip(times).map(|((amount, _), times)| (*amount, times)).collect(),
    )
}

/// How fast the standard error changes with the estimate, from leaving out one unit at a time: of the
/// coefficient, and of its generalised form.
fn accelerations(counts: &Amounts) -> [f64; 2] {
    // Units with the same amount leave the same behind.
    let left_out = |group: usize| {
        let rest =
            |(number, (amount, units)): (usize, &(f64, u64))| (*amount, units - u64::from(number == group));
        let rest = Amounts::of_groups(counts.groups().iter().enumerate().map(rest).collect());
        let gini = rest.gini().unwrap_or_default();
        let form = if rest.total() > 0.0 { generalised(gini, &rest) } else { 0.0 };
        [gini, form]
    };
    let left: Vec<[f64; 2]> = (0..counts.groups().len()).map(left_out).collect();
    let sum = |value: &dyn Fn(usize) -> f64| {
        counts.groups().iter().enumerate().map(|(g, (_, units))| *units as f64 * value(g)).sum::<f64>()
    };
    [0, 1].map(|which| {
        let mean = sum(&|g| left[g][which]) / counts.units() as f64;
        let off = |g: usize| mean - left[g][which];
        let (squares, cubes) = (sum(&|g| off(g).powi(2)), sum(&|g| off(g).powi(3)));
        if squares > 0.0 { cubes / (6.0 * squares.powf(1.5)) } else { 0.0 }
    })
}

/// 95 % lie between these quantiles.
const TAILS: [f64; 2] = [0.025, 0.975];

fn interval(sorted: &[f64], estimate: f64, acceleration: f64) -> Option<Interval> {
    let at = |p: f64| order::quantile(sorted, p);
    let below = sorted.partition_point(|value| *value < estimate) as f64;
    let not_above = sorted.partition_point(|value| *value <= estimate) as f64;
    // Resamples equal to the estimate count half, as counts make many of them equal.
    let bias = normal::quantile(f64::midpoint(below, not_above) / sorted.len() as f64);
    let corrected = |p: f64| {
        let z = bias + normal::quantile(p);
        let share = normal::cdf(bias + z / (1.0 - acceleration * z));
        share.is_finite().then(|| at(share)).flatten()
    };
    let two_sided = below > 0.0 && not_above < sorted.len() as f64;
    Some(Interval {
        percentile: (at(TAILS[0])?, at(TAILS[1])?),
        bca: two_sided.then(|| corrected(TAILS[0]).zip(corrected(TAILS[1]))).flatten(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Seeded, on_threads};

    /// Counts of units whose true mean differs from unit to unit.
    fn drawn(seeded: &mut Seeded, units: usize) -> Amounts {
        Amounts::of((0..units).map(|_| (-seeded.between(0.0, 1.0).ln() * 4.0).floor()))
    }

    #[test]
    fn intervals_cover_the_truth_about_as_often_as_they_say() {
        let mut seeded = Seeded::new(111);
        // Geometric with p = 1 − e^(−1/4): the coefficient of very many units.
        let truth = drawn(&mut seeded, 400_000).gini().unwrap();
        let resamples = Replications::new(199).unwrap();
        let covered = |interval: (f64, f64)| interval.0 <= truth && truth <= interval.1;
        let found: Vec<_> = (0..300)
            .map(|run| intervals(&drawn(&mut seeded, 120), resamples, Seed(run)).unwrap().gini)
            .collect();
        let percentile = found.iter().filter(|found| covered(found.percentile)).count();
        let bca = found.iter().filter(|found| found.bca.is_some_and(covered)).count();
        assert!((262..=296).contains(&percentile), "{percentile}");
        assert!((266..=298).contains(&bca), "{bca}");
    }

    #[test]
    fn a_resample_has_as_many_units() {
        let counts = drawn(&mut Seeded::new(112), 77);
        let again = redraw(&counts, &mut Seed(1).stream(0));
        assert_eq!(again.units(), 77);
        assert_ne!(again, counts);
    }

    #[test]
    fn the_same_seed_gives_the_same_on_any_number_of_threads() {
        let counts = drawn(&mut Seeded::new(113), 500);
        let run = |seed| intervals(&counts, Replications::default(), Seed(seed)).unwrap();
        let [one, four] = [1, 4].map(|threads| on_threads(threads, || run(5)));
        assert_eq!(one, four);
        assert_ne!(one, run(6));
    }

    #[test]
    fn without_incidents_or_differences_there_is_no_interval() {
        for counts in [vec![], vec![0.0; 9], vec![2.0; 9]] {
            assert_eq!(intervals(&Amounts::of(counts), Replications::default(), Seed(1)), None);
        }
        // One unit of two has everything: every resample has a coefficient of 0, 0.5 or none.
        let found = intervals(&Amounts::of([0.0, 4.0]), Replications::default(), Seed(1)).unwrap();
        assert!(found.gini.percentile.0 >= 0.0 && found.gini.percentile.1 <= 0.5);
    }
}
