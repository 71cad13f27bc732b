//! Counts on H3 cells with their significance.

use super::cells::{CellLayer, CellValue, Statistic};
use crate::{
    analysis::hex::{self, CellIndex, HexResolution},
    profile::Method,
    service::{QuestionError, Scope, Service},
    snapshot::Snapshot,
};

/// One cell of a hex layer.
pub type HexValue<'a> = CellValue<'a, CellIndex>;

/// A complete hex layer.
pub type HexLayer<'a> = CellLayer<'a, HexResolution>;

impl Service {
    /// Counts a selection on H3 cells and tests each cell with its neighbours. Without a resolution it is
    /// the priority's.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for a resolution that is not offered.
    pub fn hex<'a>(
        &'a self,
        scope: &Scope,
        resolution: Option<HexResolution>,
        statistic: Statistic,
        snapshot: &'a Snapshot,
    ) -> Result<HexLayer<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let resolution = match resolution {
            Some(resolution) => resolution,
            None => HexResolution::new(question.configured().hex_resolution)
                .map_err(|fault| QuestionError::Invalid { place: "hex resolution", fault })?,
        };
        let grid = question.hex_grid(resolution)?;
        let places = question.selection.places.iter();
        let lonlats: Vec<_> = places.map(|at| snapshot.places().lonlat(at.place)).collect();
        let method = Method::new("hex")
            .with("grid", "H3, every cell that meets the outline")
            .with("resolution", resolution.get())
            .with("neighbours", "the up to six cells that touch");
        Ok(CellLayer::of(&question, grid, &hex::bin(&lonlats, resolution), statistic, method))
    }
}
