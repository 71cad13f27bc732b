use geo::{Intersects, Validation};
use geo_types::Coord;

use super::*;
use crate::analysis::{
    density::{Kernel, RasterGrid, intensity},
    testing::{Seeded, metres, on_threads, rectangle, shape},
};

fn surface(columns: usize, values: &[f64]) -> Surface {
    let grid = RasterGrid::new(0.0, 0.0, metres(10.0), columns, values.len() / columns).unwrap();
    Surface { grid, values: values.to_vec() }
}

fn limits(values: &[f64]) -> Thresholds {
    Thresholds::new(values).unwrap()
}

/// An outline that cuts nothing off.
fn everywhere() -> GridShape {
    rectangle(-1_000.0, -1_000.0, 2_000.0, 2_000.0)
}

fn area(shape: &GridShape) -> f64 {
    shape.0.unsigned_area()
}

/// Asserts that the bands are valid, disjoint, and together the region above the lowest threshold.
fn assert_lawful(bands: &[Band], surface: &Surface, outline: &GridShape) {
    let mut all = 0.0;
    for (i, band) in bands.iter().enumerate() {
        assert!(band.shape.0.is_valid(), "{}: {:?}", band.lower, band.shape.0.validation_errors());
        for other in &bands[i + 1..] {
            let common = band.shape.0.intersection(&other.shape.0).unsigned_area();
            assert!(common < 0.01, "{} and {} share {common} m²", band.lower, other.lower);
        }
        let outside = band.shape.0.difference(&outline.0).unsigned_area();
        assert!(outside < 0.01, "{} is {outside} m² outside the outline", band.lower);
        all += area(&band.shape);
    }
    let limits: Vec<_> = bands.iter().map(|band| band.lower).collect();
    let region = rings::rings(surface, &limits, 0);
    let region = MultiPolygon(region.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect());
    let region = region.intersection(&outline.0).unsigned_area();
    assert!((all - region).abs() <= 0.05 + 1e-9 * region, "bands cover {all} of {region} m²");
}

/// Asserts for each cell centre that is not at a limit or the outline which band holds it.
fn assert_centres_in_their_bands(bands: &[Band], surface: &Surface, outline: &GridShape) {
    for (cell, value) in surface.values.iter().enumerate() {
        let centre = Coord {
            x: surface.grid.column_centre_m(cell % surface.grid.columns()),
            y: surface.grid.row_centre_m(cell / surface.grid.columns()),
        };
        if !outline.0.intersects(&centre) {
            continue;
        }
        for band in bands {
            let within = *value >= band.lower && band.upper.is_none_or(|upper| *value < upper);
            let at_limit =
                [Some(band.lower), band.upper].iter().flatten().any(|l| (l - value).abs() < 1e-6 * l);
            assert!(at_limit || within == band.shape.0.intersects(&centre), "{value} at {centre:?}");
        }
    }
}

#[test]
fn a_lone_cell_is_a_diamond_by_linear_interpolation() {
    let surface = surface(3, &[0.0, 0.0, 0.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0]);
    let bands = bands(&surface, &limits(&[2.0, 6.0]), &everywhere());
    // Half diagonals of 10·(1 − t/8) m: 7.5 and 2.5.
    assert!((area(&bands[1].shape) - 2.0 * 2.5 * 2.5).abs() < 0.5);
    assert!((area(&bands[0].shape) - 2.0 * (7.5 * 7.5 - 2.5 * 2.5)).abs() < 1.0);
    assert_eq!((bands[0].lower, bands[0].upper, bands[1].upper), (2.0, Some(6.0), None));
    assert_eq!(bands[0].shape.0.0[0].interiors().len(), 1);
    assert_lawful(&bands, &surface, &everywhere());
}

#[test]
fn beyond_the_raster_the_surface_is_zero_and_rings_close() {
    let full = surface(2, &[4.0; 4]);
    let bands = bands(&full, &limits(&[1.0]), &everywhere());
    // The square of centres, a strip of 7.5 m on each side, and corner triangles.
    assert!((area(&bands[0].shape) - (100.0 + 4.0 * 75.0 + 4.0 * 28.125)).abs() < 1.0);
    assert_lawful(&bands, &full, &everywhere());
}

#[test]
fn a_saddle_is_joined_where_the_mean_reaches_the_threshold() {
    let values = [0.0, 0.0, 0.0, 0.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let saddle = surface(4, &values);
    assert_eq!(bands(&saddle, &limits(&[3.0]), &everywhere())[0].shape.0.0.len(), 1);
    assert_eq!(bands(&saddle, &limits(&[5.0]), &everywhere())[0].shape.0.0.len(), 2);
    for low in [0.5, 3.0, 4.0, 4.5, 7.0] {
        assert_lawful(
            &bands(&saddle, &limits(&[low, low + 0.4, 7.9]), &everywhere()),
            &saddle,
            &everywhere(),
        );
    }
}

#[test]
fn a_hill_in_a_basin_in_a_plateau_keeps_its_holes() {
    let n = 21;
    let ring = |i: usize| i.abs_diff(10);
    let values: Vec<_> = (0..n * n)
        .map(|cell| match ring(cell % n).max(ring(cell / n)) {
            0..=1 => 9.0,
            2..=4 => 1.0,
            5..=7 => 6.0,
            _ => 0.0,
        })
        .collect();
    let hills = surface(n, &values);
    let bands = bands(&hills, &limits(&[3.0, 5.0, 8.0]), &everywhere());
    assert_eq!(bands[0].shape.0.0.len(), 3, "outer flank, inner flank, flank of the hill");
    assert_eq!(bands[1].shape.0.0.len(), 2, "the ring and the flank of the hill");
    assert_eq!(bands[2].shape.0.0.len(), 1);
    assert_lawful(&bands, &hills, &everywhere());
    assert_centres_in_their_bands(&bands, &hills, &everywhere());
}

#[test]
fn thresholds_that_equal_cell_values_give_valid_bands() {
    let mut seeded = Seeded::new(31);
    for case in 0..80 {
        let levels = 2 + case % 5;
        let values: Vec<_> = (0..12 * 12).map(|_| seeded.below(levels) as f64).collect();
        let steps = surface(12, &values);
        let diamond = shape(&[vec![(60.0, -20.0), (130.0, 60.0), (60.0, 130.0), (-20.0, 60.0)]]);
        for outline in [everywhere(), diamond, rectangle(15.0, 15.0, 105.0, 95.0)] {
            for thresholds in [&[1.0][..], &[1.0, 2.0, 3.0, 4.0], &[0.5, 1.0, 1.5], &[0.999_999_999, 1.0]] {
                let bands = bands(&steps, &limits(thresholds), &outline);
                assert_lawful(&bands, &steps, &outline);
            }
        }
    }
}

#[test]
fn bands_of_random_surfaces_are_lawful() {
    let mut seeded = Seeded::new(32);
    let star: Vec<_> = (0..60)
        .map(|i| {
            let (r, t) = (seeded.between(500.0, 1_000.0), f64::from(i) * 0.104_72);
            (400_000.0 + r * t.cos(), 290_000.0 + r * t.sin())
        })
        .collect();
    let outline =
        shape(&[star, vec![(399_900.0, 289_900.0), (399_900.0, 290_100.0), (400_100.0, 290_050.0)]]);
    for h in [60.0, 200.0, 700.0] {
        let points = seeded.points(300, 900.0);
        let grid = RasterGrid::covering(&outline, metres(20.0), metres(20.0)).unwrap();
        let surface = intensity(&points, &grid, Kernel::Quartic, metres(h));
        let peak = surface.peak();
        let bands = bands(&surface, &limits(&[0.01, 0.1, 0.2, 0.4, 0.8, 0.99].map(|t| t * peak)), &outline);
        assert_eq!(bands.len(), 6);
        assert_lawful(&bands, &surface, &outline);
        assert_centres_in_their_bands(&bands, &surface, &outline);
    }
}

#[test]
fn a_threshold_above_the_peak_and_an_empty_outline_give_empty_bands() {
    let low = surface(2, &[1.0, 2.0, 3.0, 0.0]);
    let above = bands(&low, &limits(&[3.5, 9.0]), &everywhere());
    assert!(above.len() == 2 && above.iter().all(|band| band.shape.0.0.is_empty()));
    let nowhere = bands(&low, &limits(&[1.0]), &GridShape(MultiPolygon(Vec::new())));
    assert!(nowhere[0].shape.0.0.is_empty());
    let elsewhere = bands(&low, &limits(&[1.0]), &rectangle(5_000.0, 0.0, 6_000.0, 10.0));
    assert!(elsewhere[0].shape.0.0.is_empty());
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let points = Seeded::new(33).points(2_000, 900.0);
    let outline = rectangle(399_200.0, 289_200.0, 400_800.0, 290_900.0);
    let grid = RasterGrid::covering(&outline, metres(10.0), metres(10.0)).unwrap();
    let surface = intensity(&points, &grid, Kernel::Quartic, metres(90.0));
    let thresholds = limits(&[0.1, 0.2, 0.3, 0.5].map(|t| t * surface.peak()));
    let one = on_threads(1, || bands(&surface, &thresholds, &outline));
    assert!(one == on_threads(8, || bands(&surface, &thresholds, &outline)));
}

#[test]
fn thresholds_are_checked() {
    for bad in [&[][..], &[0.0], &[-1.0], &[f64::NAN], &[f64::INFINITY], &[1.0, 1.0], &[2.0, 1.0], &[1.0; 21]]
    {
        assert!(Thresholds::new(bad).is_err(), "{bad:?}");
    }
}
