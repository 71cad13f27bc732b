//! Where the incidents of a scan are counted: places, hex cells, or the areas of a layer.

use geo::Centroid;
use rustc_hash::FxHashMap;

use crate::{
    analysis::hex::{CellIndex, HexResolution, bin, centre_of},
    crs,
    model::{Area, GridPoint, Layer},
    selection::Selection,
    snapshot::Snapshot,
};

/// Units of counting, with the position that stands for each.
pub(super) struct Sites {
    /// Positions.
    pub(super) positions: Vec<GridPoint>,
    /// What they are called: `lon,lat`, an H3 index, the code of an area.
    pub(super) names: Vec<String>,
    by_place: FxHashMap<u32, u32>,
}

impl Sites {
    /// The places of a selection.
    pub(super) fn places(selection: &Selection, snapshot: &Snapshot) -> Self {
        let places = || selection.places.iter().map(|at| at.place);
        let name = |place| {
            let lonlat = snapshot.places().lonlat(place);
            format!("{:.6},{:.6}", lonlat.lon_deg(), lonlat.lat_deg())
        };
        Self {
            positions: places().map(|place| snapshot.places().grid(place)).collect(),
            names: places().map(name).collect(),
            by_place: places().zip(0..).collect(),
        }
    }

    /// The hex cells that hold places of a selection, at their centres, in order of their index.
    pub(super) fn cells(selection: &Selection, resolution: HexResolution, snapshot: &Snapshot) -> Self {
        let lonlats: Vec<_> = selection.places.iter().map(|at| snapshot.places().lonlat(at.place)).collect();
        let of_place = bin(&lonlats, resolution);
        let mut cells = of_place.clone();
        cells.sort_unstable();
        cells.dedup();
        // A cell whose centre is off the grid holds no place of Great Britain.
        let on_grid = |cell: CellIndex| Some((cell, crs::osgb::to_grid(centre_of(cell)?).ok()?));
        let cells: Vec<(CellIndex, GridPoint)> = cells.into_iter().filter_map(on_grid).collect();
        let number = |cell: CellIndex| {
            let found = cells.binary_search_by_key(&cell, |(cell, _)| *cell).ok();
            found.and_then(|number| u32::try_from(number).ok())
        };
        let places = selection.places.iter().map(|at| at.place);
        Self {
            by_place: places.zip(of_place).filter_map(|(place, cell)| Some((place, number(cell)?))).collect(),
            names: cells.iter().map(|(cell, _)| cell.to_string()).collect(),
            positions: cells.into_iter().map(|(_, centre)| centre).collect(),
        }
    }

    /// The areas of a layer, at their centroids.
    pub(super) fn areas(selection: &Selection, number: usize, layer: &Layer, snapshot: &Snapshot) -> Self {
        // Areas are polygons on the grid, and so are their centroids.
        let centroid = |area: &Area| {
            area.grid.0.centroid().and_then(|centroid| GridPoint::new(centroid.x(), centroid.y()).ok())
        };
        let area_of = |place| snapshot.places().area(number, place).map(u32::from);
        let places = selection.places.iter().map(|at| at.place);
        Self {
            positions: layer.areas.iter().map(centroid).collect::<Option<_>>().unwrap_or_default(),
            names: layer.areas.iter().map(|area| area.code.0.clone()).collect(),
            by_place: places.filter_map(|place| Some((place, area_of(place)?))).collect(),
        }
    }

    /// The site of a place; `None` where it is in none.
    pub(super) fn of(&self, place: u32) -> Option<u32> {
        self.by_place.get(&place).copied()
    }
}
