//! Where a position is: areas, cells, and how near to a border.

use super::Service;
use crate::{
    analysis::hex::{self, HexResolution},
    model::{AreaCode, LayerId, Metres, Position, priority::HEX_RESOLUTIONS},
};

/// What is known about a position.
pub struct Geocoded {
    /// In both coordinate systems.
    pub position: Position,
    /// Side of the square that a grid reference named; `None` for coordinates.
    pub square: Option<Metres>,
    /// Whether it lies inside the borough's outline.
    pub inside: bool,
    /// Distance to the nearest point of the outline.
    pub outline_distance_m: f64,
    /// By layer, and by vintage of it from the newest, the area it lies in.
    pub areas: Vec<AreaAt>,
    /// H3 cells as their hexadecimal names, for each offered resolution.
    pub cells: Vec<(u8, String)>,
}

/// The area of one layer that a position lies in.
pub struct AreaAt {
    /// The layer.
    pub layer: LayerId,
    /// Its vintage.
    pub vintage: String,
    /// Code and name of the area; `None` where the position is in none.
    pub area: Option<(AreaCode, String)>,
    /// Distance to the nearest border of any area of the layer.
    pub border_distance_m: f64,
}

impl Service {
    /// Geocodes a position. A point on a border belongs to the first of its areas in order of code.
    pub fn geocode(&self, position: Position, square: Option<Metres>) -> Geocoded {
        let grid = position.grid;
        let boundaries = &self.boundaries;
        let vintages = boundaries.ids().into_iter().flat_map(|id| boundaries.vintages(id));
        let areas = vintages
            .filter(|(_, layer)| !layer.retired)
            .map(|(number, layer)| {
                let locator = &self.locators.layers()[number];
                AreaAt {
                    layer: layer.id.clone(),
                    vintage: layer.vintage.clone(),
                    area: locator.locate(grid).map(|area| {
                        let area = &layer.areas[usize::from(area)];
                        (area.code.clone(), area.name.clone())
                    }),
                    border_distance_m: locator.border_distance_m(grid),
                }
            })
            .collect();
        let cells = HEX_RESOLUTIONS
            .filter_map(|resolution| HexResolution::new(resolution).ok())
            .map(|resolution| (resolution.get(), hex::cell_of(position.lonlat, resolution).to_string()))
            .collect();
        Geocoded {
            position,
            square,
            inside: self.locators.in_outline(grid),
            outline_distance_m: self.locators.outline().border_distance_m(grid),
            areas,
            cells,
        }
    }
}
