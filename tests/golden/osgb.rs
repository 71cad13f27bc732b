//! The national grid against Ordnance Survey's own test points and those around Dudley, topic 03.

use hotspots::{
    crs::osgb,
    model::{GridPoint, LonLat},
};

use crate::support::{golden, number, table};

/// Ordnance Survey's results are given to the millimetre.
const FORWARD_M: f64 = 0.001;
const INVERSE_DEG: f64 = 1e-8;
/// Rounding to the millimetre on both sides may add up to a little more than one.
const SLACK: f64 = 1e-9;

#[test]
fn degrees_become_grid_positions_as_the_survey_has_them() {
    let Some(golden) = golden() else { return };
    for file in ["os_test_points.csv", "dudley_points.csv"] {
        for row in table(golden.join("03_osgb").join(file)) {
            let grid = osgb::to_grid(LonLat::new(number(&row, "lon"), number(&row, "lat")).unwrap()).unwrap();
            let off = (grid.easting_m() - number(&row, "e"))
                .abs()
                .max((grid.northing_m() - number(&row, "n")).abs());
            assert!(off <= FORWARD_M + SLACK, "{row:?} is off by {off} m");
        }
    }
}

#[test]
fn grid_positions_become_degrees_as_the_survey_has_them() {
    let Some(golden) = golden() else { return };
    for row in table(golden.join("03_osgb/os_test_points.csv")) {
        let grid = GridPoint::new(number(&row, "e_in"), number(&row, "n_in")).unwrap();
        let lonlat = osgb::to_lonlat(grid).unwrap();
        let (lon, lat) = (number(&row, "lon_back"), number(&row, "lat_back"));
        let off = (lonlat.lon_deg() - lon).abs().max((lonlat.lat_deg() - lat).abs());
        assert!(off <= INVERSE_DEG, "{row:?} is off by {off} degrees");
    }
}
