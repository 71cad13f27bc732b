//! Rates against what chance gives, against all areas, and against areas that are alike.

use crate::{
    analysis::{
        fdr,
        neighbours::Neighbours,
        rates::{
            Rates,
            funnel::{self, Funnel},
            rates,
            similar::{self, Comparison, Traits},
        },
    },
    model::Layer,
};

/// An area's rate against that of areas that are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Similar {
    /// The areas by their place in the layer, the most alike first.
    pub areas: Vec<usize>,
    /// The comparison with all of them together.
    pub against: Comparison,
    /// Its p adjusted for the number of areas.
    pub p_adjusted: f64,
}

impl Similar {
    /// The codes of the areas, parted by semicolons.
    pub(super) fn codes(&self, layer: &Layer) -> String {
        let codes: Vec<&str> = self.areas.iter().map(|area| layer.areas[*area].code.0.as_str()).collect();
        codes.join(";")
    }
}

/// Rates with their intervals and their ratios to that of all areas.
pub(super) fn all(counts: &[u64], denominators: &[Option<u32>]) -> Rates {
    // Neighbours are only smoothed towards, and no smoothed rate is told here.
    rates(counts, denominators, &Neighbours::default())
}

/// The funnel of each area with a known denominator.
pub(super) fn funnels(rates: &Rates, denominators: &[Option<u32>]) -> Vec<Option<Funnel>> {
    let target = rates.overall.map(|rate| rate.per_1000);
    let funnel = |people: &Option<u32>| Some(Funnel::of(target?, people.filter(|people| *people > 0)?));
    denominators.iter().map(funnel).collect()
}

/// The overdispersion of the counts and whether it is more than chance.
pub(super) fn overdispersion(counts: &[u64], rates: &Rates) -> Option<(f64, bool)> {
    let known = || {
        counts.iter().zip(&rates.areas).filter_map(|(count, rate)| Some((*count, rate.as_ref()?.expected)))
    };
    let phi = funnel::overdispersion(known())?;
    Some((phi, funnel::is_overdispersed(phi, known().filter(|(_, expected)| *expected > 0.0).count())))
}

/// Each area with a known denominator against the `count` areas most like it.
pub(super) fn similar(
    layer: &Layer,
    counts: &[u64],
    denominators: &[Option<u32>],
    count: usize,
) -> Vec<Option<Similar>> {
    let traits: Vec<Option<Traits>> = layer
        .areas
        .iter()
        .zip(denominators)
        .map(|(area, people)| {
            let population = f64::from(people.filter(|people| *people > 0)?);
            Some(Traits { population, per_km2: population / area.area.km2() })
        })
        .collect();
    let against = |(number, areas): (usize, Vec<usize>)| {
        let (own, people) = (counts[number], denominators[number]?);
        let others: u64 = areas.iter().map(|area| counts[*area]).sum();
        let population: u64 = areas.iter().filter_map(|area| denominators[*area]).map(u64::from).sum();
        Some((areas, similar::compare(own, people, others, population)?))
    };
    let found: Vec<_> = similar::nearest(&traits, count).into_iter().enumerate().map(against).collect();
    let p: Vec<f64> = found.iter().flatten().map(|(_, against)| against.p).collect();
    let mut adjusted = fdr::benjamini_hochberg(&p).into_iter();
    let with_adjusted = |found: Option<(Vec<usize>, Comparison)>| {
        let (areas, against) = found?;
        Some(Similar { areas, against, p_adjusted: adjusted.next()? })
    };
    found.into_iter().map(with_adjusted).collect()
}
