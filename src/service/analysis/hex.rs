//! Counts on H3 cells with their significance.

use std::borrow::Cow;

use crate::{
    analysis::{
        fdr,
        gi_star::{self, GiBin, GiStar},
        hex::{self, HexCell, HexGrid, HexResolution},
    },
    profile::Method,
    service::{QuestionError, Scope, Service, question::About},
    snapshot::Snapshot,
};

/// One cell of a hex layer.
pub struct HexValue<'a> {
    /// The cell, with its areas and shape.
    pub cell: &'a HexCell,
    /// Incidents in it, a whole number.
    pub count: u64,
    /// The sum of their weights.
    pub weighted: f64,
    /// Incidents per km² of the cell's part inside the study area.
    pub per_km2: f64,
    /// Getis-Ord Gi* of the weighted counts.
    pub gi_star: GiStar,
    /// The p-value adjusted for the number of cells (Benjamini–Hochberg).
    pub p_adjusted: f64,
    /// Class of the adjusted p-value, −3 to 3.
    pub class: GiBin,
}

/// A complete hex layer: every cell that meets the study area, those without incidents among them.
pub struct HexLayer<'a> {
    grid: Cow<'a, HexGrid>,
    counts: Vec<f64>,
    weighted: Vec<f64>,
    stars: Vec<GiStar>,
    adjusted: Vec<f64>,
    /// How it was made.
    pub about: About,
}

impl Service {
    /// Counts a selection on H3 cells and tests each cell with its neighbours.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for a resolution that is not offered.
    pub fn hex<'a>(
        &'a self,
        scope: &Scope,
        resolution: Option<HexResolution>,
        snapshot: &'a Snapshot,
    ) -> Result<HexLayer<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let resolution = match resolution {
            Some(resolution) => resolution,
            None => HexResolution::new(question.configured().hex_resolution)
                .map_err(|fault| QuestionError::Invalid { place: "hex resolution", fault })?,
        };
        let grid = question.hex_grid(resolution)?;
        let places = &question.selection.places;
        let lonlats: Vec<_> = places.iter().map(|at| snapshot.places().lonlat(at.place)).collect();
        let cells = hex::bin(&lonlats, resolution);
        let by_cell = || cells.iter().copied().zip(places);
        let (counts, outside) = grid.counts(by_cell().map(|(cell, at)| (cell, f64::from(at.count))));
        let (weighted, _) = grid.counts(by_cell().map(|(cell, at)| (cell, at.weight)));
        let stars = gi_star::gi_star(&weighted, grid.neighbours());
        let p: Vec<f64> = stars.iter().map(|star| star.p_two_sided).collect();
        let method = Method::new("hex")
            .with("grid", "H3, every cell that meets the outline")
            .with("resolution", resolution.get())
            .with("cells", grid.cells().len())
            .with("cell_area", "planar on the grid, clipped exactly to the outline")
            .with("statistic", "Getis-Ord Gi* of weighted counts")
            .with("neighbours", "adjacent cells of the grid and the cell itself, binary weights")
            .with("p_values", "two-sided normal; adjusted by Benjamini-Hochberg over all cells");
        let mut about = question.about(method);
        if outside > 0.0 {
            about.notices.push(format!("{outside} incidents lie in cells that do not meet the study area."));
        }
        if grid.cells().len() < LEAST_CELLS {
            about.notices.push(format!(
                "Gi* of {} cells is not reliable: it rests on a normal distribution from about {LEAST_CELLS}.",
                grid.cells().len()
            ));
        }
        Ok(HexLayer { adjusted: fdr::benjamini_hochberg(&p), grid, counts, weighted, stars, about })
    }
}

impl HexLayer<'_> {
    /// The cells in order of their H3 index.
    pub fn cells(&self) -> impl Iterator<Item = HexValue<'_>> {
        self.grid.cells().iter().enumerate().map(|(i, cell)| HexValue {
            cell,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a sum of counts is a whole number from 0"
            )]
            count: self.counts[i] as u64,
            weighted: self.weighted[i],
            per_km2: self.counts[i] / cell.clipped.km2(),
            gi_star: self.stars[i],
            p_adjusted: self.adjusted[i],
            class: GiBin::of(self.stars[i].z, self.adjusted[i]),
        })
    }
}

/// Below this many cells the normal distribution of Gi* is a poor guide.
const LEAST_CELLS: usize = 30;
