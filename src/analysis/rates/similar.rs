//! Areas that are like an area, and its rate against theirs.

use super::p_of_difference;
use crate::analysis::time::distribution::clopper_pearson;

/// What likeness goes by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traits {
    /// Population.
    pub population: f64,
    /// Population per km².
    pub per_km2: f64,
}

/// The rate of an area against that of others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Incidents of the others.
    pub count: u64,
    /// Their population.
    pub population: u64,
    /// Their rate per 1,000.
    pub per_1000: f64,
    /// The area's rate over theirs; `None` where they have no incident.
    pub ratio: Option<f64>,
    /// Lower end of its exact 95 % interval; `None` where neither has any incident.
    pub low: Option<f64>,
    /// Upper end; `None` where there is no limit, as the others have no incident.
    pub high: Option<f64>,
    /// Probability of counts as unequal, were the rates the same, 0…1.
    pub p: f64,
}

/// For each area the numbers of the `count` others that are most like it, the most like first; fewer where there
/// are no more, and none for an area without traits.
///
/// The distance of two areas is Euclid's in population and population per km², each divided by its standard
/// deviation over all areas. What is the same everywhere does not count. Of two as near the one with the smaller
/// number comes first.
///
/// # Example
/// ```
/// use hotspots::analysis::rates::similar::{Traits, nearest};
/// let areas = [(900, 10), (1_000, 12), (5_000, 60)].map(|(population, per_km2)| {
///     Some(Traits { population: f64::from(population), per_km2: f64::from(per_km2) })
/// });
/// assert_eq!(nearest(&areas, 1), [vec![1], vec![0], vec![1]]);
/// ```
pub fn nearest(areas: &[Option<Traits>], count: usize) -> Vec<Vec<usize>> {
    let known: Vec<(usize, Traits)> =
        areas.iter().enumerate().filter_map(|(number, traits)| Some((number, (*traits)?))).collect();
    let deviations = [
        deviation(known.iter().map(|(_, traits)| traits.population)),
        deviation(known.iter().map(|(_, traits)| traits.per_km2)),
    ];
    let scaled = |value: f64, deviation: f64| if deviation > 0.0 { value / deviation } else { 0.0 };
    let mut points: Vec<(usize, [f64; 2])> = known
        .iter()
        .map(|(number, traits)| {
            (*number, [scaled(traits.population, deviations[0]), scaled(traits.per_km2, deviations[1])])
        })
        .collect();
    points.sort_by(|one, other| one.1[0].total_cmp(&other.1[0]).then(one.0.cmp(&other.0)));
    let mut found = vec![Vec::new(); areas.len()];
    for (place, (number, _)) in points.iter().enumerate() {
        found[*number] = around(&points, place, count);
    }
    found
}

/// The nearest of a point among points in order of their first coordinate: outwards on both sides, until what is
/// left is farther off in that coordinate alone than all that were found.
fn around(points: &[(usize, [f64; 2])], place: usize, count: usize) -> Vec<usize> {
    let here = points[place].1;
    let offset = |at: usize| points[at].1[0] - here[0];
    let (mut below, mut above) = (place.checked_sub(1), Some(place + 1).filter(|at| *at < points.len()));
    let mut best: Vec<(f64, usize)> = Vec::with_capacity(count + 1);
    loop {
        let next = match (below, above) {
            (None, None) => break,
            (Some(low), Some(high)) if -offset(low) <= offset(high) => low,
            (Some(low), None) => low,
            (_, Some(high)) => high,
        };
        let square = offset(next).powi(2);
        if best.len() >= count && best.last().is_none_or(|(worst, _)| square > *worst) {
            break;
        }
        if next < place {
            below = next.checked_sub(1);
        } else {
            above = Some(next + 1).filter(|at| *at < points.len());
        }
        let candidate = (square + (points[next].1[1] - here[1]).powi(2), points[next].0);
        let order = |one: &(f64, usize)| one.0.total_cmp(&candidate.0).then(one.1.cmp(&candidate.1));
        let at = best.partition_point(|known| order(known).is_lt());
        best.insert(at, candidate);
        best.truncate(count);
    }
    best.into_iter().map(|(_, number)| number).collect()
}

fn deviation(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let number = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / number;
    (values.map(|value| (value - mean).powi(2)).sum::<f64>() / number).sqrt()
}

/// The rate of an area with `population` people against that of others together. `None` without people on either
/// side.
///
/// Given the incidents of both, those of the area are binomial with its part of the people where the rates are
/// equal: the p is twice the smaller tail, at most 1, and the interval of the ratio is that of Clopper and Pearson
/// for the binomial share π, as π/(1 − π) · people of the others / people of the area. Przyborowski, J. and
/// Wilenski, H. (1940), doi 10.1093/biomet/31.3-4.313.
///
/// # Example
/// ```
/// use hotspots::analysis::rates::similar::compare;
/// let found = compare(30, 4_000, 10, 4_000).unwrap();
/// assert_eq!((found.ratio, found.per_1000), (Some(3.0), 2.5));
/// assert!((found.p - 0.002_221).abs() < 1e-6 && found.low.unwrap() > 1.4);
/// ```
pub fn compare(count: u64, population: u32, others: u64, others_population: u64) -> Option<Comparison> {
    if population == 0 || others_population == 0 {
        return None;
    }
    let (own, theirs) = (f64::from(population), others_population as f64);
    let all = count.saturating_add(others);
    let (low, high) = clopper_pearson(count, all, 0.025);
    let odds = |share: f64| share / (1.0 - share) * theirs / own;
    Some(Comparison {
        count: others,
        population: others_population,
        per_1000: others as f64 * 1_000.0 / theirs,
        ratio: (others > 0).then(|| count as f64 / own / (others as f64 / theirs)),
        low: (all > 0).then(|| odds(low)),
        high: (others > 0).then(|| odds(high)),
        p: if all > 0 { p_of_difference(count, all, own / (own + theirs)) } else { 1.0 },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::random::Seed;

    #[test]
    fn the_nearest_are_those_of_all_distances() {
        let mut stream = Seed(9).stream(0);
        let areas: Vec<Option<Traits>> = (0..200)
            .map(|_| {
                // Few values, so that many are equally near.
                let traits = Traits {
                    population: f64::from(500 + 100 * stream.below(12)),
                    per_km2: f64::from(10 * stream.below(9)),
                };
                (stream.below(10) > 0).then_some(traits)
            })
            .collect();
        let spread = |of: fn(&Traits) -> f64| deviation(areas.iter().flatten().map(of));
        let (by_population, by_density) = (spread(|t| t.population), spread(|t| t.per_km2));
        for count in [0, 1, 5, 20, 500] {
            let found = nearest(&areas, count);
            for (number, area) in areas.iter().enumerate() {
                let Some(area) = area else {
                    assert!(found[number].is_empty());
                    continue;
                };
                let mut all: Vec<(f64, usize)> = areas
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != number)
                    .filter_map(|(other, traits)| {
                        let traits = (*traits)?;
                        let of_population =
                            traits.population / by_population - area.population / by_population;
                        let of_density = traits.per_km2 / by_density - area.per_km2 / by_density;
                        Some((of_population.powi(2) + of_density.powi(2), other))
                    })
                    .collect();
                all.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
                let expected: Vec<usize> = all.into_iter().take(count).map(|(_, other)| other).collect();
                assert_eq!(found[number], expected, "{number} of {count}");
            }
        }
    }

    #[test]
    fn equal_areas_are_told_apart_by_their_numbers_alone() {
        let same = vec![Some(Traits { population: 100.0, per_km2: 5.0 }); 4];
        assert_eq!(nearest(&same, 2), [vec![1, 2], vec![0, 2], vec![0, 1], vec![0, 1]]);
        assert_eq!(nearest(&[None, Some(Traits { population: 1.0, per_km2: 1.0 })], 3), [vec![], vec![0; 0]]);
        assert!(nearest(&[], 3).is_empty());
    }

    #[test]
    fn comparisons_without_incidents_have_no_ratio() {
        let none = compare(0, 100, 0, 900).unwrap();
        assert_eq!((none.ratio, none.low, none.high, none.p, none.per_1000), (None, None, None, 1.0, 0.0));
        let only_here = compare(9, 100, 0, 900).unwrap();
        assert!(only_here.ratio.is_none() && only_here.high.is_none() && only_here.low.unwrap() > 1.0);
        assert!(only_here.p < 1e-6);
        assert_eq!(compare(3, 0, 4, 5), None);
        assert_eq!(compare(3, 5, 4, 0), None);
        assert_eq!(compare(0, 100, 40, 900).unwrap().low, Some(0.0));
    }
}
