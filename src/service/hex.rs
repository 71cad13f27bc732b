//! Counts on H3 cells with their significance.

use super::{QuestionError, Scope, Service, scope::tally_notices};
use crate::{
    analysis::{
        fdr,
        gi_star::{self, GiBin, GiStar},
        hex::{self, HexCell},
    },
    model::{Invalid, priority::HEX_RESOLUTIONS},
    profile::{MethodCard, MethodParameters},
    selection::Selection,
    snapshot::Snapshot,
};

/// One cell of a hex layer.
pub struct HexValue<'a> {
    /// The cell, with its areas and shape.
    pub cell: &'a HexCell,
    /// Incidents in it.
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
        resolution: Option<u8>,
        snapshot: &Snapshot,
    ) -> Result<HexLayer<'_>, QuestionError> {
        let resolved = self.resolve(scope, snapshot)?;
        let configured = resolved.priority.map(|priority| priority.method).unwrap_or_default();
        let resolution = resolution.unwrap_or(configured.hex_resolution);
        if !HEX_RESOLUTIONS.contains(&resolution) {
            let fault = Invalid::new(resolution, "it is 7 to 11");
            return Err(QuestionError::Invalid { place: "query parameter resolution", fault });
        }
        let selection = Selection::of(snapshot, &resolved.criteria);
        let grid = self.hex_grid(resolution);
        let lonlats: Vec<_> =
            selection.places.iter().map(|at| snapshot.places().lonlat(at.place)).collect();
        let cells = hex::bin(&lonlats, resolution);
        let counts: Vec<f64> = selection.places.iter().map(|at| f64::from(at.count)).collect();
        let weights: Vec<f64> = selection.places.iter().map(|at| at.weight).collect();
        let (counts, outside) = grid.counts(&cells, &counts);
        let (weighted, _) = grid.counts(&cells, &weights);
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
                count: counts[i] as u64,
                weighted: weighted[i],
                per_km2: if cell.clipped_area.0 > 0.0 { counts[i] / cell.clipped_area.km2() } else { 0.0 },
                gi_star: stars[i],
                p_adjusted: adjusted[i],
                class: GiBin::of(stars[i].z, adjusted[i]),
            })
            .collect();
        let method = MethodParameters::Hex { resolution, cells: grid.cells().len() };
        let card = self.card(&resolved, selection.tally, method, None, snapshot);
        Ok(HexLayer { cells: values, card, notices })
    }
}

/// Below this many cells the normal distribution of Gi* is a poor guide.
const LEAST_CELLS: usize = 30;
