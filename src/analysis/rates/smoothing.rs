//! Rates of small populations drawn towards the mean: empirical Bayes.
//!
//! Marshall, R. J. (1991), Mapping disease and mortality rates using empirical Bayes estimators, doi
//! 10.2307/2347593.

use super::{Area, Neighbours, interval::gamma_quantile};

/// A smoothed rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smoothed {
    /// Incidents per 1,000 of the population.
    pub per_1000: f64,
    /// 95 % of the posterior distribution; `None` where rates differ no more than chance makes them, so that
    /// nothing is known but the mean.
    pub interval: Option<(f64, f64)>,
    /// How much of the area's own rate is in it, 0 (the mean alone) to 1 (its own alone).
    pub own_part: f64,
}

/// How rates are distributed among areas before their incidents are seen.
#[derive(Clone, Copy)]
struct Prior {
    mean: f64,
    variance: f64,
}

impl Prior {
    /// The moments of Marshall's equations 5 and 6: m = Σx/Σn, A = Σ n (x/n − m)²/Σn − m/n̄, not below 0.
    fn of(areas: &[Area]) -> Self {
        let people: f64 = areas.iter().map(|area| area.population).sum();
        let mean = areas.iter().map(|area| area.count as f64).sum::<f64>() / people;
        let square = |area: &Area| area.population * (area.count as f64 / area.population - mean).powi(2);
        let spread = areas.iter().map(square).sum::<f64>() / people;
        Self { mean, variance: (spread - mean / (people / areas.len() as f64)).max(0.0) }
    }

    /// The posterior of a gamma prior with these moments: shape m²/A + x, rate m/A + n. Its mean is that of
    /// Marshall's linear form, m + A/(A + m/n) (x/n − m).
    fn smooth(self, area: Area) -> Smoothed {
        let own = area.count as f64 / area.population;
        if self.variance <= 0.0 {
            return Smoothed { per_1000: 1_000.0 * self.mean, interval: None, own_part: 0.0 };
        }
        let own_part = self.variance / (self.variance + self.mean / area.population);
        let shape = self.mean * self.mean / self.variance + area.count as f64;
        let rate = self.mean / self.variance + area.population;
        let quantile = |p| 1_000.0 * gamma_quantile(shape, rate, p);
        Smoothed {
            per_1000: 1_000.0 * (self.mean + own_part * (own - self.mean)),
            interval: Some((quantile(0.025), quantile(0.975))),
            own_part,
        }
    }
}

/// Each rate drawn towards that of all areas, the more the fewer people live there.
pub(super) fn towards_all(areas: &[Option<Area>]) -> Vec<Option<Smoothed>> {
    let known: Vec<Area> = areas.iter().copied().flatten().collect();
    if known.is_empty() {
        return vec![None; areas.len()];
    }
    let prior = Prior::of(&known);
    areas.iter().map(|area| area.map(|area| prior.smooth(area))).collect()
}

/// Each rate drawn towards that of the area and its neighbours. An area without neighbours keeps its own.
pub(super) fn towards_neighbours(areas: &[Option<Area>], neighbours: &Neighbours) -> Vec<Option<Smoothed>> {
    let smooth = |(number, area): (usize, &Option<Area>)| {
        let area = (*area)?;
        let others = neighbours.of(number).iter();
        let around = others.filter_map(|other| areas.get(*other as usize).copied().flatten());
        let all: Vec<Area> = std::iter::once(area).chain(around).collect();
        Some(Prior::of(&all).smooth(area))
    };
    areas.iter().enumerate().map(smooth).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::random::Seed;

    fn areas<const N: usize>(all: [(u64, f64); N]) -> [Option<Area>; N] {
        all.map(|(count, population)| Some(Area { count, population }))
    }

    #[test]
    fn the_estimate_is_marshall_s() {
        // m = 60/10000, s² = Σn(r−m)²/Σn = (1000·0.004² + 4000·0.001² + 5000·0)/10000 …
        let areas = areas([(10, 1_000.0), (20, 4_000.0), (30, 5_000.0)]);
        let (m, people) = (0.006, 10_000.0_f64);
        let s2 = (1_000.0 * (0.010_f64 - m).powi(2) + 4_000.0 * (0.005 - m).powi(2)) / people;
        let a = s2 - m / (people / 3.0);
        assert!(a > 0.0);
        let found = towards_all(&areas)[0].unwrap();
        let expected = m + a / (a + m / 1_000.0) * (0.010 - m);
        assert!((found.per_1000 - 1_000.0 * expected).abs() < 1e-12);
        // The mean of the gamma posterior is the same.
        let posterior = (m * m / a + 10.0) / (m / a + 1_000.0);
        assert!((expected - posterior).abs() < 1e-15);
        let (low, high) = found.interval.unwrap();
        assert!(low < found.per_1000 && found.per_1000 < high);
    }

    #[test]
    fn smoothed_rates_are_nearer_to_the_truth() {
        let mut stream = Seed(6).stream(0);
        let (mut raw, mut smooth, mut covered, mut known) = (0.0, 0.0, 0, 0);
        let truth: Vec<f64> = (0..400).map(|_| 0.004 + 0.012 * stream.unit()).collect();
        let areas: Vec<_> = truth
            .iter()
            .map(|rate| {
                let people = 300 + stream.below(900);
                let count = (0..people).filter(|_| stream.unit() < *rate).count();
                Some(Area { count: count as u64, population: f64::from(people) })
            })
            .collect();
        for ((area, truth), found) in areas.iter().zip(&truth).zip(towards_all(&areas)) {
            let (area, found) = (area.unwrap(), found.unwrap());
            raw += (area.count as f64 / area.population - truth).powi(2);
            smooth += (found.per_1000 / 1_000.0 - truth).powi(2);
            if let Some((low, high)) = found.interval {
                known += 1;
                covered += i32::from(low <= 1_000.0 * truth && 1_000.0 * truth <= high);
            }
        }
        assert!(smooth < 0.8 * raw, "{smooth} {raw}");
        assert!(known == 400 && (360..=396).contains(&covered), "{covered} of {known}");
    }

    #[test]
    fn rates_that_differ_by_chance_alone_become_the_mean() {
        let found = towards_all(&areas([(10, 1_000.0), (11, 1_000.0), (9, 1_000.0)]));
        assert!(found.iter().flatten().all(|s| s.own_part == 0.0 && s.interval.is_none()));
        assert!((found[1].unwrap().per_1000 - 10.0).abs() < 1e-12);
    }

    #[test]
    fn neighbours_matter_locally_only() {
        let [first, second, third] = areas([(90, 1_000.0), (10, 1_000.0), (12, 1_000.0)]);
        let areas = [first, second, third, None];
        let line = Neighbours::from_rows(4, [vec![1], vec![0, 2], vec![1, 3], vec![2]]);
        let found = towards_neighbours(&areas, &line);
        assert_eq!(found[3], None);
        // The third has only the second beside it, with a rate that chance explains.
        assert!((found[2].unwrap().per_1000 - 11.0).abs() < 1e-12);
        assert!(found[1].unwrap().per_1000 > 10.0 && found[0].unwrap().per_1000 < 90.0);
        let island = towards_neighbours(&areas[..1], &Neighbours::default())[0].unwrap();
        assert_eq!((island.per_1000, island.interval), (90.0, None));
    }
}
