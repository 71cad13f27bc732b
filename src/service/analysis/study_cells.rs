//! The cells that maps are judged on.

use std::borrow::Cow;

use crate::{
    analysis::{
        accuracy::{Ground, backtest::Cells},
        bandwidth,
        hex::{self, CellIndex, HexGrid, HexResolution},
    },
    crs,
    model::{GridPoint, Invalid, LonLat, Metres},
    selection::SelectedPlace,
    service::{QuestionError, analysis::bandwidths, question::Question},
};

/// H3 cells of a study area with what a score needs of them.
pub(super) struct StudyCells<'a> {
    grid: Cow<'a, HexGrid>,
    centres: Vec<GridPoint>,
    areas_m2: Vec<f64>,
    raster_cell: Metres,
    shorter_side: Metres,
}

impl<'a> StudyCells<'a> {
    /// The cells of a question: all that share ground with the study area, each with its part of it; or,
    /// where every cell counts alike, those whose centre lies in it.
    pub(super) fn of(
        question: &Question<'a>,
        resolution: Option<HexResolution>,
        ground: Ground,
    ) -> Result<Self, QuestionError> {
        let invalid = |fault| QuestionError::Invalid { place: "hex resolution", fault };
        let resolution = match resolution {
            Some(resolution) => resolution,
            None => HexResolution::new(question.configured().hex_resolution).map_err(invalid)?,
        };
        let complete = question.hex_grid(resolution)?;
        let grid = match ground {
            Ground::Area => complete,
            Ground::Cells => Cow::Owned(complete.centres_inside()),
        };
        let centres = grid.cells().iter().map(|cell| centre(cell.index)).collect::<Result<_, _>>();
        let shorter_side = bandwidths::shorter_side(&question.area().grid);
        Ok(Self {
            centres: centres.map_err(invalid)?,
            areas_m2: grid.cells().iter().map(|cell| cell.clipped.0).collect(),
            raster_cell: question.configured().cell.unwrap_or_else(|| bandwidth::default_cell(shorter_side)),
            shorter_side,
            grid,
        })
    }

    /// The same for the pure methods.
    pub(super) fn cells(&self, question: &Question<'_>) -> Cells<'_> {
        Cells {
            centres: &self.centres,
            areas_m2: &self.areas_m2,
            neighbours: self.grid.neighbours(),
            raster_cell: self.raster_cell,
            shorter_side: self.shorter_side,
            area: question.area().area,
        }
    }

    /// The resolution.
    pub(super) fn resolution(&self) -> u8 {
        self.grid.resolution().get()
    }

    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.centres.len()
    }

    /// Side of the raster's cells that bandwidths by rule are limited by.
    pub(super) fn raster_cell(&self) -> Metres {
        self.raster_cell
    }

    /// The areas of the cells inside the study area, m².
    pub(super) fn areas_m2(&self) -> &[f64] {
        &self.areas_m2
    }

    /// The place in the grid of the cell that each selected place lies in.
    pub(super) fn holding(&self, question: &Question<'_>, places: &[SelectedPlace]) -> Vec<Option<u32>> {
        let known = question.snapshot().places();
        let lonlats: Vec<_> = places.iter().map(|at| known.lonlat(at.place)).collect();
        let cells = hex::bin(&lonlats, self.grid.resolution());
        cells.into_iter().map(|cell| u32::try_from(self.grid.place(cell)?).ok()).collect()
    }
}

/// The centre of a cell on the grid.
fn centre(cell: CellIndex) -> Result<GridPoint, Invalid> {
    let centre = h3o::LatLng::from(cell);
    LonLat::new(centre.lng(), centre.lat()).and_then(crs::osgb::to_grid)
}

/// In words, for a method card: how ground is counted and which cells there are.
pub(super) const fn ground_in_words(ground: Ground) -> &'static str {
    match ground {
        Ground::Area => "exact area of the cells inside the study area; H3, every cell that meets it",
        Ground::Cells => "number of cells; H3, every cell whose centre lies in the study area",
    }
}

/// In words, for a method card: which cells are the hotspots.
pub(super) const TIE_RULE: &str = "cells of highest score, as many as fit into the coverage one after the other; \
     of equal scores the lower H3 index first";
