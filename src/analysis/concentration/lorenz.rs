//! The Lorenz curve and the Gini coefficient.

/// Units gathered by their amounts: how many units have each amount, ascending.
///
/// Statistics of concentration depend on nothing else. Amounts are counts of incidents, or sums of their
/// weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Amounts {
    /// Amounts, each once, ascending, with how many units have it.
    groups: Vec<(f64, u64)>,
    units: u64,
    total: f64,
}

/// A corner of the Lorenz curve: the share of all units, those with the least first, and of the total that
/// they hold, both 0…1.
pub type Corner = (f64, f64);

impl Amounts {
    /// Gathers the amounts of all units, those with nothing among them. Amounts that are negative or not
    /// finite count as 0.
    pub fn of(units: impl IntoIterator<Item = f64>) -> Self {
        let clean = |amount: f64| if amount.is_finite() && amount > 0.0 { amount } else { 0.0 };
        let mut sorted: Vec<f64> = units.into_iter().map(clean).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let groups = sorted.chunk_by(|a, b| a.total_cmp(b).is_eq());
        Self::of_groups(groups.filter_map(|group| Some((*group.first()?, group.len() as u64))).collect())
    }

    /// As [`Amounts::of`], from groups that are already gathered: amounts ascending, each with how many units
    /// have it.
    pub(super) fn of_groups(groups: Vec<(f64, u64)>) -> Self {
        let units = groups.iter().map(|(_, units)| units).sum();
        let total = groups.iter().map(|(amount, units)| amount * *units as f64).sum();
        Self { groups, units, total }
    }

    /// Amounts, each once, ascending, with how many units have it.
    pub fn groups(&self) -> &[(f64, u64)] {
        &self.groups
    }

    /// Number of units.
    pub fn units(&self) -> u64 {
        self.units
    }

    /// The sum of the amounts.
    pub fn total(&self) -> f64 {
        self.total
    }

    /// The Gini coefficient G = (2 Σ i x₍ᵢ₎ / Σ x − (n + 1))/n with the amounts in ascending order: 0 where all
    /// units have the same, 1 − 1/n where one has everything. `None` where there is nothing.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::concentration::lorenz::Amounts;
    /// let ten_units = Amounts::of([5.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    /// assert!((ten_units.gini().unwrap() - 0.8).abs() < 1e-12);
    /// ```
    pub fn gini(&self) -> Option<f64> {
        if self.total <= 0.0 {
            return None;
        }
        let n = self.units as f64;
        let (mut ranked, mut below) = (0.0, 0.0);
        for &(amount, units) in &self.groups {
            let units = units as f64;
            // The ranks of the group's units add up to units · (below + (units + 1)/2).
            ranked += amount * units * (below + f64::midpoint(units, 1.0));
            below += units;
        }
        // Equal amounts round to a hair below 0.
        Some(((2.0 * ranked / self.total - (n + 1.0)) / n).max(0.0))
    }

    /// The Lorenz curve from (0, 0) to (1, 1), with a corner wherever it bends; `None` where there is nothing.
    pub fn lorenz(&self) -> Option<Vec<Corner>> {
        if self.total <= 0.0 {
            return None;
        }
        let mut corners = vec![(0.0, 0.0)];
        let (mut units, mut held) = (0, 0.0);
        for &(amount, more) in &self.groups {
            units += more;
            held += amount * more as f64;
            corners.push((units as f64 / self.units as f64, held / self.total));
        }
        Some(corners)
    }
}

/// The Gini coefficient in its forms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gini {
    /// The coefficient over all units.
    pub gini: f64,
    /// The generalised form, which is 0 as soon as no unit has more than one incident; equal to the
    /// coefficient where there are at least as many incidents as units.
    pub generalised: f64,
    /// The coefficient without the bias of few units or incidents; it may exceed 1.
    pub unbiased: Option<f64>,
    /// The generalised form without it.
    pub unbiased_generalised: Option<f64>,
}

impl Gini {
    /// All forms for counts of incidents.
    ///
    /// With fewer incidents c than units n most units have none, however even chance was. Bernasco, W. and
    /// Steenbeek, W. (2017), doi 10.1007/s10940-016-9324-7, measure inequality against the most even spread that
    /// is possible: G′ = max(1, n/c) (G − 1) + 1. The unbiased forms are min(n, c)/(min(n, c) − 1) times as much;
    /// `None` where that has no value. Without incidents there is none at all.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::concentration::lorenz::{Amounts, Gini};
    /// let counts = Amounts::of([5.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    /// let gini = Gini::of_counts(&counts).unwrap();
    /// assert!((gini.generalised - 0.75).abs() < 1e-12);
    /// assert!((gini.unbiased.unwrap() - 0.914_285_714_285_714).abs() < 1e-12);
    /// ```
    pub fn of_counts(counts: &Amounts) -> Option<Self> {
        let gini = counts.gini()?;
        let generalised = generalised(gini, counts);
        let least = (counts.units as f64).min(counts.total);
        let unbiased = |value: f64| (least > 1.0).then(|| value * least / (least - 1.0));
        Some(Self {
            gini,
            generalised,
            unbiased: unbiased(gini),
            unbiased_generalised: unbiased(generalised),
        })
    }
}

/// G′ of counts with the coefficient G.
pub(super) fn generalised(gini: f64, counts: &Amounts) -> f64 {
    ((counts.units as f64 / counts.total).max(1.0) * (gini - 1.0) + 1.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Seeded;

    /// Half the mean absolute difference over the mean.
    fn naive(amounts: &[f64]) -> f64 {
        let n = amounts.len() as f64;
        let differences: f64 = amounts.iter().flat_map(|a| amounts.iter().map(move |b| (a - b).abs())).sum();
        differences / (2.0 * n * amounts.iter().sum::<f64>())
    }

    #[test]
    fn the_coefficient_is_the_mean_difference_and_twice_the_area_above_the_curve() {
        let mut seeded = Seeded::new(101);
        for n in [1, 2, 30, 200] {
            let counts: Vec<f64> = (0..n).map(|_| seeded.between(0.0, 3.0).powi(3).floor()).collect();
            let amounts = Amounts::of(counts.iter().copied());
            if amounts.total() == 0.0 {
                continue;
            }
            let gini = amounts.gini().unwrap();
            assert!((gini - naive(&counts)).abs() < 1e-12);
            let curve = amounts.lorenz().unwrap();
            let area: f64 = curve.windows(2).map(|c| (c[1].0 - c[0].0) * (c[1].1 + c[0].1)).sum();
            assert!((gini - (1.0 - area)).abs() < 1e-12);
            assert!(curve.windows(2).all(|c| c[0].1 <= c[1].1 && c[0].0 < c[1].0));
        }
    }

    #[test]
    fn evenness_concentration_and_nothing_are_defined() {
        assert_eq!(Amounts::of([3.0; 7]).gini(), Some(0.0));
        assert!((Amounts::of([0.0, 0.0, 9.0, 0.0]).gini().unwrap() - 0.75).abs() < 1e-15);
        let few = Gini::of_counts(&Amounts::of((0..100).map(|i| f64::from(u8::from(i < 3))))).unwrap();
        assert!(few.generalised < 1e-12 && few.gini > 0.96, "{few:?}");
        let one = Gini::of_counts(&Amounts::of([1.0, 0.0])).unwrap();
        assert_eq!((one.unbiased, one.unbiased_generalised), (None, None));
        for nothing in [Amounts::of([]), Amounts::of([0.0; 5]), Amounts::of([f64::NAN, -2.0])] {
            assert_eq!((nothing.gini(), nothing.lorenz(), Gini::of_counts(&nothing)), (None, None, None));
        }
    }
}
