//! Cell size, and the limits that a bandwidth is held to.

use geo::BoundingRect;

use crate::model::{GridShape, Metres};

/// Which limit a bandwidth was moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandwidthLimit {
    /// Raised to three cells: a shorter kernel would show the raster.
    ThreeCells,
    /// Lowered to a quarter of the outline's shorter side: a longer kernel would show one hill.
    QuarterSide,
}

/// A length within [three cells, a quarter of the side], and the limit that replaced it, if one did.
/// Where three cells are more than a quarter of the side, three cells hold.
pub(super) fn limited(raw_m: f64, cell: Metres, shorter_side: Metres) -> (Metres, Option<BandwidthLimit>) {
    let least = times(cell, 3.0);
    let most = times(shorter_side, 0.25);
    match Metres::new(raw_m) {
        Ok(raw) if raw.get() > most.get().max(least.get()) => {
            if most.get() > least.get() {
                (most, Some(BandwidthLimit::QuarterSide))
            } else {
                (least, Some(BandwidthLimit::ThreeCells))
            }
        }
        Ok(raw) if raw.get() >= least.get() => (raw, None),
        _ => (least, Some(BandwidthLimit::ThreeCells)),
    }
}

/// A length times a factor; the length itself where the product is no length.
fn times(length: Metres, factor: f64) -> Metres {
    Metres::new(length.get() * factor).unwrap_or(length)
}

/// The shorter side of a shape's bounding box; `None` where it has no extent on an axis.
pub fn shorter_side(outline: &GridShape) -> Option<Metres> {
    let bounds = outline.0.bounding_rect()?;
    Metres::new(bounds.width().min(bounds.height())).ok()
}

/// The cell size for an outline with that shorter side: a 250th of it (the rule of ArcGIS), rounded
/// down to a multiple of 10 m, at least 10 m.
///
/// # Example
/// ```
/// use hotspots::{analysis::bandwidth::default_cell, model::Metres};
/// assert_eq!(default_cell(Metres::new(12_199.0).unwrap()).get(), 40.0);
/// assert_eq!(default_cell(Metres::new(900.0).unwrap()).get(), 10.0);
/// ```
pub fn default_cell(shorter_side: Metres) -> Metres {
    let tens = (shorter_side.get() / 250.0 / 10.0).floor().max(1.0);
    Metres::new(tens * 10.0).unwrap_or(shorter_side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{metres, rectangle};

    #[test]
    fn a_bandwidth_is_held_between_three_cells_and_a_quarter_of_the_side() {
        let cases = [
            (500.0, 40.0, 12_000.0, 500.0, None),
            (120.0, 40.0, 12_000.0, 120.0, None),
            (119.9, 40.0, 12_000.0, 120.0, Some(BandwidthLimit::ThreeCells)),
            (3_000.1, 40.0, 12_000.0, 3_000.0, Some(BandwidthLimit::QuarterSide)),
            // Three cells hold where they are more than a quarter of the side.
            (400.0, 50.0, 200.0, 150.0, Some(BandwidthLimit::ThreeCells)),
            (f64::INFINITY, 40.0, 12_000.0, 120.0, Some(BandwidthLimit::ThreeCells)),
            (0.0, 40.0, 12_000.0, 120.0, Some(BandwidthLimit::ThreeCells)),
        ];
        for (raw_m, cell, side, bandwidth_m, limit) in cases {
            let (bandwidth, moved) = limited(raw_m, metres(cell), metres(side));
            assert_eq!((bandwidth.get(), moved), (bandwidth_m, limit), "{raw_m}");
        }
    }

    #[test]
    fn the_default_cell_is_tens_of_metres() {
        let side = shorter_side(&rectangle(387_101.0, 280_899.0, 399_300.0, 295_600.0)).unwrap();
        assert_eq!((side.get(), default_cell(side).get()), (12_199.0, 40.0));
        for side in [1e-9, 1.0, 2_500.0, 4_999.0, 1e300] {
            assert!(default_cell(metres(side)).get() >= 10.0);
        }
        assert!(shorter_side(&GridShape(geo_types::MultiPolygon(Vec::new()))).is_none());
        assert!(shorter_side(&rectangle(0.0, 0.0, 5.0, 0.0)).is_none());
    }
}
