#![allow(clippy::float_cmp, reason = "exactness is what is tested")]

use super::*;
use crate::analysis::testing::{Seeded, metres, on_threads, point};

fn grid(west: f64, south: f64, cell: f64, columns: usize, rows: usize) -> RasterGrid {
    RasterGrid::new(west, south, metres(cell), columns, rows).unwrap()
}

/// Asserts that the fast surface is the naive one to 1e-12 of its peak or of a kernel's height.
fn assert_exact(points: &[WeightedPoint], grid: &RasterGrid, h: f64) {
    for kernel in Kernel::ALL {
        assert_kernel_exact(points, grid, kernel, h);
    }
}

fn assert_kernel_exact(points: &[WeightedPoint], grid: &RasterGrid, kernel: Kernel, h: f64) {
    let fast = intensity(points, grid, kernel, metres(h));
    let naive = intensity_naive(points, grid, kernel, metres(h));
    let (peak, case) = (naive.peak(), format!("{kernel}, {} points, h {h}, {grid:?}", points.len()));
    let heaviest = points.iter().map(|point| point.weight).fold(0.0, f64::max);
    let height = peak.max(heaviest * kernel.peak_per_km2(metres(h)));
    for (cell, (fast, naive)) in fast.values.iter().zip(&naive.values).enumerate() {
        assert!((fast - naive).abs() <= 1e-12 * height, "{case}: {fast} is not {naive} in cell {cell}");
        assert!(*fast >= 0.0 && !(fast.is_sign_negative()), "{case}: {fast} in cell {cell}");
    }
}

#[test]
fn the_fast_surface_equals_the_sum_over_all_points() {
    let mut seeded = Seeded::new(3);
    for n in [0, 1, 2, 17, 400] {
        for h in [7.0, 30.0, 100.0, 119.0, 130.0, 241.0, 700.0, 5_000.0, 1e6] {
            for cell in [10.0, 40.0] {
                let points = seeded.points(n, 900.0);
                assert_exact(&points, &grid(399_600.0, 289_200.0, cell, 61, 53), h);
            }
        }
    }
}

#[test]
fn cells_that_no_point_reaches_are_exactly_zero() {
    let grid = grid(399_000.0, 289_000.0, 10.0, 200, 200);
    for h in [40.0, 115.0, 125.0, 300.0] {
        let points = Seeded::new(4).points(60, 400.0);
        let surface = intensity(&points, &grid, Kernel::Quartic, metres(h));
        for (cell, value) in surface.values.iter().enumerate() {
            let (e, n) = (grid.column_centre_m(cell % 200), grid.row_centre_m(cell / 200));
            let centre = GridPoint::new(e, n).unwrap();
            if points.iter().all(|p| p.position.distance_2(centre).sqrt() > h * (1.0 + 1e-12)) {
                assert_eq!(value.to_bits(), 0, "h {h}, cell {cell}");
            }
        }
    }
}

#[test]
fn a_heavy_cluster_leaves_no_residue_beside_a_light_event() {
    let grid = grid(399_000.0, 289_000.0, 10.0, 200, 3);
    let points = [point(399_300.0, 289_015.0, 1e9), point(400_500.0, 289_015.0, 1.0)];
    let alone = intensity(&points[1..], &grid, Kernel::Quartic, metres(400.0));
    let both = intensity(&points, &grid, Kernel::Quartic, metres(400.0));
    assert_eq!(alone.values[120..200], both.values[120..200]);
}

#[test]
fn degenerate_points_are_summed_like_any_others() {
    let same = vec![point(400_005.0, 290_005.0, 1.5); 30];
    let on_a_row: Vec<_> = (0..30).map(|i| point(400_000.0 + f64::from(i), 290_005.0, 1.0)).collect();
    let on_a_column: Vec<_> = (0..30).map(|i| point(400_005.0, 290_000.0 + f64::from(i), 1.0)).collect();
    let weightless = vec![point(400_005.0, 290_005.0, 0.0)];
    for points in [&same, &on_a_row, &on_a_column, &weightless] {
        for h in [1e-3, 5.0, 50.0, 150.0, 2_000.0, 1e9] {
            assert_exact(points, &grid(399_800.0, 289_800.0, 10.0, 40, 40), h);
            assert_exact(points, &grid(400_000.0, 290_000.0, 10.0, 1, 1), h);
        }
    }
}

#[test]
fn points_outside_the_raster_count_within_a_bandwidth() {
    let grid = grid(400_000.0, 290_000.0, 10.0, 20, 20);
    for (e, n) in
        [(399_950.0, 290_050.0), (400_290.0, 290_100.0), (400_100.0, 289_910.0), (400_210.0, 290_210.0)]
    {
        for h in [100.0, 140.0] {
            assert_exact(&[point(e, n, 1.0)], &grid, h);
            assert!(
                intensity(&[point(e, n, 1.0)], &grid, Kernel::Quartic, metres(h)).peak() > 0.0,
                "{e} {n} {h}"
            );
        }
    }
    assert!(
        intensity(&[point(0.0, 0.0, 1.0)], &grid, Kernel::Quartic, metres(140.0))
            .values
            .iter()
            .all(|v| v.to_bits() == 0)
    );
}

#[test]
fn extreme_bandwidths_give_finite_surfaces() {
    let points = Seeded::new(5).points(50, 900.0);
    let grid = grid(399_600.0, 289_200.0, 40.0, 61, 53);
    for (h, kernel) in [1e-100, 1e-3, 1e12, 1e100].into_iter().flat_map(|h| Kernel::ALL.map(|k| (h, k))) {
        let surface = intensity(&points, &grid, kernel, metres(h));
        assert!(surface.values.iter().all(|v| v.is_finite()), "{kernel}, h {h}");
    }
}

#[test]
fn the_mass_under_the_surface_is_the_sum_of_the_weights() {
    let points = Seeded::new(6).points(500, 900.0);
    let weights: f64 = points.iter().map(|p| p.weight).sum();
    for (h, cell, tolerance) in
        [(100.0, 20.0, 3e-3), (200.0, 20.0, 2e-4), (150.0, 10.0, 1e-4), (400.0, 10.0, 1e-5)]
    {
        let outline = crate::analysis::testing::rectangle(399_100.0, 289_100.0, 400_900.0, 290_900.0);
        let grid = RasterGrid::covering(&outline, metres(cell), metres(h)).unwrap();
        for kernel in Kernel::ALL {
            // A kernel with a step at its rim is summed less exactly by cells; a Gaussian one reaches on.
            let (h, tolerance) = match kernel {
                Kernel::Gaussian => (h / 10.0, 1e-2),
                Kernel::Uniform => (h, 20.0 * tolerance),
                _ => (h, 3.0 * tolerance),
            };
            let total = intensity(&points, &grid, kernel, metres(h)).total();
            assert!(
                (total / weights - 1.0).abs() < tolerance,
                "{kernel}, h {h}, cell {cell}: {total} of {weights}"
            );
        }
    }
}

#[test]
fn the_order_of_the_points_and_the_number_of_threads_change_no_byte() {
    let mut seeded = Seeded::new(7);
    let mut points = seeded.points(3_000, 900.0);
    points.extend_from_within(..1_000);
    let grid = grid(399_000.0, 289_000.0, 20.0, 100, 100);
    let bits = |surface: Surface| surface.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    for (h, kernel) in [90.0, 700.0].into_iter().flat_map(|h| Kernel::ALL.map(|k| (h, k))) {
        let surface = |points: &[WeightedPoint]| bits(intensity(points, &grid, kernel, metres(h)));
        let first = on_threads(1, || surface(&points));
        for threads in [2, 8] {
            seeded.shuffle(&mut points);
            let again = on_threads(threads, || surface(&points));
            assert!(first == again, "{kernel}, h {h}, {threads} threads");
            assert!(first == surface(&merge(points.clone())), "{kernel}, h {h}, merged");
        }
    }
}

#[test]
fn the_surface_is_linear_in_the_weights() {
    let mut seeded = Seeded::new(8);
    let (some, others) = (seeded.points(200, 900.0), seeded.points(300, 900.0));
    let grid = grid(399_000.0, 289_000.0, 20.0, 100, 100);
    let thrice = |p: &WeightedPoint| WeightedPoint { weight: 3.0 * p.weight, ..*p };
    let together: Vec<_> = some.iter().map(thrice).chain(others.iter().copied()).collect();
    for h in [90.0, 700.0] {
        let surface = |points: &[WeightedPoint]| intensity(points, &grid, Kernel::Quartic, metres(h));
        let (a, b, sum) = (surface(&some), surface(&others), surface(&together));
        for ((a, b), sum_value) in a.values.iter().zip(&b.values).zip(&sum.values) {
            assert!((3.0 * a + b - sum_value).abs() <= 1e-12 * sum.peak());
        }
    }
}

#[test]
fn a_surface_of_merged_points_is_that_of_all_rows() {
    let mut points = Seeded::new(9).points(50, 900.0);
    for _ in 0..4 {
        points.extend_from_within(..);
    }
    assert!(merge(points.clone()).len() <= 50);
    assert_exact(&points, &grid(399_000.0, 289_000.0, 20.0, 100, 100), 300.0);
}

#[test]
fn a_part_of_a_raster_has_the_values_of_the_whole() {
    let points = Seeded::new(10).points(2_000, 900.0);
    let (whole, part) =
        (grid(399_000.0, 289_000.0, 20.0, 130, 110), grid(399_740.0, 289_380.0, 20.0, 37, 41));
    for (h, kernel) in [90.0, 300.0].into_iter().flat_map(|h| Kernel::ALL.map(|k| (h, k))) {
        let of_whole = intensity(&points, &whole, kernel, metres(h));
        let of_part = intensity(&points, &part, kernel, metres(h));
        for (cell, value) in of_part.values.iter().enumerate() {
            let same = (cell / 37 + 19) * 130 + cell % 37 + 37;
            let (whole, peak) = (of_whole.values[same], of_whole.peak());
            assert!(
                (value - whole).abs() <= 1e-12 * peak,
                "{kernel}, h {h}, cell {cell}: {value} or {whole}"
            );
        }
    }
}

#[test]
fn gaussian_tails_are_exact_far_beyond_a_tile() {
    let grid = grid(390_000.0, 280_000.0, 40.0, 300, 200);
    let points = Seeded::new(11).points(300, 900.0);
    for h in [15.0, 100.0, 400.0, 900.0] {
        let fast = intensity(&points, &grid, Kernel::Gaussian, metres(h));
        let naive = intensity_naive(&points, &grid, Kernel::Gaussian, metres(h));
        for (fast, naive) in fast.values.iter().zip(&naive.values) {
            assert!((fast - naive).abs() <= 1e-12 * naive + 1e-13, "h {h}: {fast} is not {naive}");
        }
    }
}

#[test]
fn the_rim_of_a_uniform_kernel_is_outside_it() {
    // 90 and 120 m from the centre at (400 005, 290 005): exactly a bandwidth of 150 m away.
    let grid = grid(400_000.0, 290_000.0, 10.0, 1, 1);
    let events = [point(400_125.0, 290_095.0, 1.0), point(400_124.999, 290_095.0, 1.0)];
    let value = |events: &[WeightedPoint]| intensity(events, &grid, Kernel::Uniform, metres(150.0)).values[0];
    assert_eq!(value(&events[..1]), 0.0);
    assert_eq!(value(&events[1..]), Kernel::Uniform.peak_per_km2(metres(150.0)));
}
