//! Counts on squares of the national grid with their significance.

use std::borrow::Cow;

use super::cells::{CellLayer, CellValue, Statistic};
use crate::{
    analysis::squares::{Contiguity, SquareGrid, SquareIndex, Squares, square_of},
    crs,
    profile::Method,
    service::{QuestionError, Scope, Service},
    snapshot::Snapshot,
};

/// One square of a layer.
pub type SquareValue<'a> = CellValue<'a, SquareIndex>;

/// A complete layer of squares.
pub type SquareLayer = CellLayer<'static, Squares>;

impl Service {
    /// Counts a selection on squares of the national grid and tests each with its neighbours.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for squares that are too many.
    pub fn squares(
        &self,
        scope: &Scope,
        squares: Squares,
        statistic: Statistic,
        snapshot: &Snapshot,
    ) -> Result<SquareLayer, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let grid = SquareGrid::covering(question.area(), squares, &crs::osgb::to_lonlat)
            .map_err(|fault| QuestionError::Invalid { place: "query parameter cell_m", fault })?;
        let places = question.selection.places.iter();
        let located: Vec<_> =
            places.map(|at| square_of(snapshot.places().grid(at.place), squares.side)).collect();
        let neighbours = match squares.contiguity {
            Contiguity::Queen => "queen: the up to eight squares that share a side or a corner",
            Contiguity::Rook => "rook: the up to four squares that share a side",
        };
        let method = Method::new("squares")
            .with(
                "grid",
                "squares on multiples of their side on the national grid, every one that meets the outline",
            )
            .with("cell_m", squares.side.get())
            .with("neighbours", neighbours);
        Ok(CellLayer::of(&question, Cow::Owned(grid), &located, statistic, method))
    }
}
