//! Counts on H3 cells with their significance.

use super::{QuestionError, Scope, Service, scope::tally_notices};
use crate::{
    analysis::{
        fdr,
        gi_star::{self, GiBin, GiStar},
        hex::{self, HexCell, HexResolution},
    },
    profile::{MethodCard, MethodParameters},
    selection::Selection,
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
    /// Incidents per km² of the cell's part inside the borough.
    pub per_km2: f64,
    /// Getis-Ord Gi* of the weighted counts.
    pub gi_star: GiStar,
    /// The p-value adjusted for the number of cells (Benjamini–Hochberg).
    pub p_adjusted: f64,
    /// Class of the adjusted p-value, −3 to 3.
    pub class: GiBin,
}

/// A complete hex layer: every cell that meets the borough, those without incidents among them.
pub struct HexLayer<'a> {
    /// Cells in order of their H3 index.
    pub cells: Vec<HexValue<'a>>,
    /// How it was made.
    pub card: MethodCard,
    /// What a reader has to know beside the numbers.
    pub notices: Vec<String>,
}

impl Service {
    /// Counts a selection on H3 cells and tests each cell with its neighbours.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for a resolution that is not offered.
    pub fn hex(
        &self,
        scope: &Scope,
        resolution: Option<HexResolution>,
        snapshot: &Snapshot,
    ) -> Result<HexLayer<'_>, QuestionError> {
        let resolved = self.resolve(scope, snapshot)?;
        let configured = resolved.priority.map(|priority| priority.method).unwrap_or_default();
        let refused = |fault| QuestionError::Invalid { place: "hex resolution", fault };
        let resolution = match resolution {
            Some(resolution) => resolution,
            None => HexResolution::new(configured.hex_resolution).map_err(refused)?,
        };
        let grid = self.hex_grid(resolution).map_err(refused)?;
        let selection = Selection::of(snapshot, &resolved.criteria);
        let lonlats: Vec<_> = selection.places.iter().map(|at| snapshot.places().lonlat(at.place)).collect();
        let cells = hex::bin(&lonlats, resolution);
        let by_cell = || cells.iter().copied().zip(&selection.places);
        let (counts, outside) = grid.counts(by_cell().map(|(cell, at)| (cell, f64::from(at.count))));
        let (weighted, _) = grid.counts(by_cell().map(|(cell, at)| (cell, at.weight)));
        let stars = gi_star::gi_star(&weighted, grid.neighbours());
        let p: Vec<f64> = stars.iter().map(|star| star.p_two_sided).collect();
        let adjusted = fdr::benjamini_hochberg(&p);
        let mut notices = resolved.notices.clone();
        notices.extend(tally_notices(&selection.tally));
        if outside > 0.0 {
            notices.push(format!("{outside} incidents lie in cells that do not meet the borough."));
        }
        if grid.cells().len() < LEAST_CELLS {
            notices.push(format!(
                "Gi* of {} cells is not reliable: it rests on a normal distribution from about {LEAST_CELLS}.",
                grid.cells().len()
            ));
        }
        let values = grid
            .cells()
            .iter()
            .enumerate()
            .map(|(i, cell)| HexValue {
                cell,
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a sum of counts is a whole number from 0"
                )]
                count: counts[i] as u64,
                weighted: weighted[i],
                per_km2: counts[i] / cell.clipped.km2(),
                gi_star: stars[i],
                p_adjusted: adjusted[i],
                class: GiBin::of(stars[i].z, adjusted[i]),
            })
            .collect();
        let method = MethodParameters::Hex { resolution: resolution.get(), cells: grid.cells().len() };
        let card = self.card(&resolved, selection.tally, method, None, snapshot);
        Ok(HexLayer { cells: values, card, notices })
    }
}

/// Below this many cells the normal distribution of Gi* is a poor guide.
const LEAST_CELLS: usize = 30;
