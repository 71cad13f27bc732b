//! Counts on the cells of a grid with their significance, for hexagons and squares alike.

use std::borrow::Cow;

use crate::{
    analysis::{
        fdr,
        gi_star::{self, GiBin, GiStar},
        grid::{Cell, Grid, Tessellation},
        moran::{self, Autocorrelation, Permutations, Quadrant, Weights},
        neighbours::Neighbours,
        random::Seed,
    },
    profile::Method,
    selection::SelectedPlace,
    service::question::{About, Question},
};

/// How cells are tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Statistic {
    /// Getis-Ord Gi*: a cell together with its neighbours.
    #[default]
    GiStar,
    /// Getis-Ord Gi: the neighbours of a cell without it.
    Gi,
    /// Local Moran's I: a cell against its neighbours, by conditional permutation.
    LocalMoran {
        /// How many times neighbours are drawn.
        permutations: Permutations,
        /// What the draws start from.
        seed: Seed,
    },
}

impl Statistic {
    /// What a method card says of it.
    fn describe(self, method: Method) -> Method {
        match self {
            Self::GiStar => method
                .with("statistic", "Getis-Ord Gi* of weighted counts, the cell among its neighbours")
                .with("weights_of_neighbours", "binary")
                .with("p_values", NORMAL),
            Self::Gi => method
                .with("statistic", "Getis-Ord Gi of weighted counts, the cell not among its neighbours")
                .with("weights_of_neighbours", "binary")
                .with("p_values", NORMAL),
            Self::LocalMoran { permutations, seed } => method
                .with("statistic", "local Moran's I of weighted counts")
                .with("weights_of_neighbours", "row-standardised")
                .with("z", "against the moments of conditional permutation")
                .with("p_values", PERMUTED)
                .with("permutations", permutations.get())
                .with("seed", seed.0),
        }
    }
}

const NORMAL: &str = "two-sided normal; adjusted by Benjamini-Hochberg over all cells";
const PERMUTED: &str = "conditional permutation, neighbours drawn without replacement, the same draws for all \
    cells with as many neighbours; two-sided as twice the smaller of (M + 1)/(R + 1) above and below; adjusted \
    by Benjamini-Hochberg over all cells with a p-value";

/// What a statistic says of one cell; a number that does not exist for it is `None`.
#[derive(Clone, Copy, Debug, Default)]
struct Tested {
    local_i: Option<f64>,
    quadrant: Option<Quadrant>,
    z: Option<f64>,
    p: Option<f64>,
    /// Below zero where the cell is cold, or unlike its neighbours.
    sign: f64,
}

impl From<GiStar> for Tested {
    fn from(GiStar { z, p_two_sided }: GiStar) -> Self {
        Self { z: Some(z), p: Some(p_two_sided), sign: z, ..Self::default() }
    }
}

/// One cell of a layer.
pub struct CellValue<'a, Id> {
    /// The cell, with its areas and shape.
    pub cell: &'a Cell<Id>,
    /// Number of its neighbours in the grid.
    pub neighbours: usize,
    /// Incidents in it, a whole number.
    pub count: u64,
    /// The sum of their weights.
    pub weighted: f64,
    /// Incidents per km² of the cell's part inside the study area.
    pub per_km2: f64,
    /// Local Moran's I, where it was asked for and the cell has neighbours.
    pub local_i: Option<f64>,
    /// The cell and its neighbours against the mean, where local Moran's I was asked for.
    pub quadrant: Option<Quadrant>,
    /// Standard deviations of the statistic from its expectation.
    pub z: Option<f64>,
    /// Its two-sided probability.
    pub p: Option<f64>,
    /// The p-value adjusted for the number of cells (Benjamini–Hochberg).
    pub p_adjusted: Option<f64>,
    /// Class of the adjusted p-value, −3 to 3; 0 without one.
    pub class: GiBin,
}

/// A complete layer of cells: every cell that meets the study area, those without incidents among them.
pub struct CellLayer<'a, T: Tessellation> {
    grid: Cow<'a, Grid<T>>,
    counts: Vec<f64>,
    weighted: Vec<f64>,
    tested: Vec<Tested>,
    adjusted: Vec<Option<f64>>,
    /// Global Moran's I of the weighted counts.
    pub moran: Option<Autocorrelation>,
    /// Geary's C of the weighted counts.
    pub geary: Option<Autocorrelation>,
    /// How it was made.
    pub about: About,
}

impl<'a, T: Tessellation> CellLayer<'a, T> {
    /// Counts the selected places in their cells, `located` in the order of the selection's places, and
    /// tests the cells. `method` says what the grid is.
    pub(super) fn of(
        question: &Question<'_>,
        grid: Cow<'a, Grid<T>>,
        located: &[T::Id],
        statistic: Statistic,
        method: Method,
    ) -> Self {
        let by_cell = |weight: fn(&SelectedPlace) -> f64| {
            grid.counts(located.iter().copied().zip(question.selection.places.iter().map(weight)))
        };
        let (counts, outside) = by_cell(|at| f64::from(at.count));
        let (weighted, _) = by_cell(|at| at.weight);
        let tested = test(&weighted, grid.neighbours(), statistic);
        let method = method
            .with("cells", grid.cells().len())
            .with("cell_area", "planar on the grid, clipped exactly to the outline");
        let method = statistic
            .describe(method)
            .with("global", "Moran's I and Geary's C of weighted counts, row-standardised, by randomisation");
        let mut about = question.about(method);
        if outside > 0.0 {
            about.notices.push(format!("{outside} incidents lie in cells that do not meet the study area."));
        }
        if grid.cells().len() < LEAST_CELLS {
            about.notices.push(format!(
                "Statistics of {} cells are not reliable: the normal distribution fits from about {LEAST_CELLS}.",
                grid.cells().len()
            ));
        }
        if let Statistic::LocalMoran { permutations, .. } = statistic {
            let (least, cells) = (2.0 / (f64::from(permutations.get()) + 1.0), tested.len());
            if least * cells as f64 > 0.05 {
                about.notices.push(format!(
                    "With {} permutations a single cell among {cells} cannot reach an adjusted probability of 0.05; \
                     ask for more permutations, up to 99999.",
                    permutations.get()
                ));
            }
        }
        Self {
            adjusted: adjusted(&tested),
            moran: moran::moran(&weighted, grid.neighbours(), Weights::RowStandardised),
            geary: moran::geary(&weighted, grid.neighbours(), Weights::RowStandardised),
            grid,
            counts,
            weighted,
            tested,
            about,
        }
    }

    /// The cells in their order.
    pub fn cells(&self) -> impl Iterator<Item = CellValue<'_, T::Id>> {
        self.grid.cells().iter().zip(&self.tested).enumerate().map(|(i, (cell, tested))| CellValue {
            cell,
            neighbours: self.grid.neighbours().of(i).len(),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a sum of counts is a whole number from 0"
            )]
            count: self.counts[i] as u64,
            weighted: self.weighted[i],
            per_km2: self.counts[i] / cell.clipped.km2(),
            local_i: tested.local_i,
            quadrant: tested.quadrant,
            z: tested.z,
            p: tested.p,
            p_adjusted: self.adjusted[i],
            class: GiBin::of(tested.sign, self.adjusted[i].unwrap_or(1.0)),
        })
    }
}

fn test(weighted: &[f64], neighbours: &Neighbours, statistic: Statistic) -> Vec<Tested> {
    match statistic {
        Statistic::GiStar => gi_star::gi_star(weighted, neighbours).into_iter().map(Tested::from).collect(),
        Statistic::Gi => gi_star::gi(weighted, neighbours).into_iter().map(Tested::from).collect(),
        Statistic::LocalMoran { permutations, seed } => {
            let locals = moran::local_moran(weighted, neighbours);
            let p = moran::permutation_p(weighted, neighbours, permutations, seed);
            let tested = locals.into_iter().zip(p).map(|(local, p)| {
                let (local, p) = (local?, p?);
                Some(Tested {
                    local_i: Some(local.i),
                    quadrant: Some(local.quadrant),
                    z: local.conditional.z,
                    p: Some(p.two_sided()),
                    sign: p.less - p.greater,
                })
            });
            tested.map(Option::unwrap_or_default).collect()
        }
    }
}

/// Benjamini–Hochberg over the cells that have a p-value.
fn adjusted(tested: &[Tested]) -> Vec<Option<f64>> {
    let p: Vec<f64> = tested.iter().filter_map(|tested| tested.p).collect();
    let mut adjusted = fdr::benjamini_hochberg(&p).into_iter();
    tested.iter().map(|tested| tested.p.and_then(|_| adjusted.next())).collect()
}

/// Below this many cells the normal distribution is a poor guide.
const LEAST_CELLS: usize = 30;
