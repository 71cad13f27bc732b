//! What the hex and the square layer share: parameters, columns, and what stands beside the cells.

use serde::Serialize;

use super::Members;
use crate::{
    analysis::{
        moran::{Autocorrelation, Permutations, Quadrant},
        random::Seed,
    },
    http::{parameters, query::Query},
    model::Invalid,
    service::analysis::cells::{CellValue, Statistic},
};

/// Reads `statistic`, and `permutations` and `seed` for the one that permutes.
pub(in crate::http) fn statistic(query: &mut Query) -> Statistic {
    let by_default = Statistic::LocalMoran { permutations: Permutations::default(), seed: Seed::default() };
    let words = [("gi-star", Statistic::GiStar), ("gi", Statistic::Gi), ("local-moran", by_default)];
    let statistic = query.choice("statistic", &words).unwrap_or_default();
    if statistic != by_default {
        for name in ["permutations", "seed"] {
            let rule = "only statistic=local-moran permutes; the others have a formula";
            query.read(name, |text| Err::<(), _>(Invalid::new(text, rule)));
        }
        return statistic;
    }
    let permutations = query.read("permutations", |text| {
        let refused = || Invalid::new(text, "a number of permutations is 99 to 99999");
        text.parse::<u32>().map_err(|_not_a_number| refused()).and_then(Permutations::new)
    });
    Statistic::LocalMoran { permutations: permutations.unwrap_or_default(), seed: parameters::seed(query) }
}

/// Reads `empty`: whether cells without incidents are listed.
pub(in crate::http) fn with_empty(query: &mut Query) -> bool {
    query.choice("empty", &[("include", true), ("omit", false)]).unwrap_or(true)
}

/// The columns of a layer: those of a cell's name, then those of its numbers.
pub(super) fn columns(name: &[&'static str]) -> Vec<&'static str> {
    [name, COLUMNS.as_slice()].concat()
}

/// The members of [`Numbers`] in their order.
const COLUMNS: [&str; 12] = [
    "count",
    "weighted",
    "area_km2",
    "clipped_area_km2",
    "per_km2",
    "neighbours",
    "local_i",
    "quadrant",
    "z",
    "p",
    "p_adjusted",
    "class",
];

/// What a cell is called, and its numbers. As properties both are one object, in a table one row.
#[derive(Serialize)]
pub(super) struct Properties<N> {
    #[serde(flatten)]
    name: N,
    #[serde(flatten)]
    numbers: Numbers,
}

impl<N> Properties<N> {
    pub(super) fn of<Id>(name: N, value: &CellValue<'_, Id>) -> Self {
        Self { name, numbers: Numbers::of(value) }
    }
}

#[derive(Serialize)]
pub(super) struct Numbers {
    count: u64,
    weighted: f64,
    area_km2: f64,
    clipped_area_km2: f64,
    per_km2: f64,
    neighbours: usize,
    local_i: Option<f64>,
    quadrant: Option<&'static str>,
    z: Option<f64>,
    p: Option<f64>,
    p_adjusted: Option<f64>,
    class: i8,
}

impl Numbers {
    pub(super) fn of<Id>(value: &CellValue<'_, Id>) -> Self {
        Self {
            count: value.count,
            weighted: value.weighted,
            area_km2: value.cell.whole.km2(),
            clipped_area_km2: value.cell.clipped.km2(),
            per_km2: value.per_km2,
            neighbours: value.neighbours,
            local_i: value.local_i,
            quadrant: value.quadrant.map(Quadrant::as_str),
            z: value.z,
            p: value.p,
            p_adjusted: value.p_adjusted,
            class: value.class.get(),
        }
    }
}

/// What stands beside the cells.
#[derive(Serialize)]
pub(super) struct CellMembers {
    #[serde(flatten)]
    members: Members,
    moran: Option<Global>,
    geary: Option<Global>,
}

impl CellMembers {
    pub(super) fn new(
        members: Members,
        moran: Option<Autocorrelation>,
        geary: Option<Autocorrelation>,
    ) -> Self {
        Self { members, moran: moran.map(Global::of), geary: geary.map(Global::of) }
    }
}

#[derive(Serialize)]
struct Global {
    value: f64,
    expected: f64,
    variance: Option<f64>,
    z: Option<f64>,
    p: Option<f64>,
}

impl Global {
    fn of(statistic: Autocorrelation) -> Self {
        Self {
            value: statistic.value,
            expected: statistic.expected,
            variance: statistic.test.map(|test| test.variance),
            z: statistic.test.map(|test| test.z),
            p: statistic.test.map(|test| test.p_two_sided),
        }
    }
}
