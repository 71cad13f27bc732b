#![allow(clippy::float_cmp, reason = "exactness is what is tested")]

use super::*;
use crate::analysis::testing::{Seeded, metres, on_threads, rectangle, shape};

/// The mass in a shape by a fine raster around the place.
fn by_cells(shape: &GridShape, at: GridPoint, kernel: Kernel, h: f64) -> f64 {
    use geo::Intersects;
    let reach = if kernel == Kernel::Gaussian { 5.0 * h } else { h };
    let (count, mut sum) = (300, 0.0);
    let side = 2.0 * reach / f64::from(count);
    for i in 0..count * count {
        let x = at.easting_m() - reach + (f64::from(i % count) + 0.5) * side;
        let y = at.northing_m() - reach + (f64::from(i / count) + 0.5) * side;
        if shape.0.intersects(&Coord { x, y }) {
            let d_2 = (x - at.easting_m()).powi(2) + (y - at.northing_m()).powi(2);
            sum += kernel.profile(d_2 / h / h) * side * side;
        }
    }
    sum * kernel.peak_per_km2(metres(h)) / 1e6
}

fn star(seeded: &mut Seeded, radius: f64, whole: bool) -> Vec<(f64, f64)> {
    (0..24)
        .map(|i| {
            let (r, t) = (seeded.between(0.4, 1.0) * radius, f64::from(i) * 0.261_799);
            let (x, y) = (400_000.0 + r * t.cos(), 290_000.0 + r * t.sin());
            if whole { (x.round(), y.round()) } else { (x, y) }
        })
        .collect()
}

fn at(e: f64, n: f64) -> GridPoint {
    GridPoint::new(e, n).unwrap()
}

#[test]
fn masses_are_those_of_a_fine_raster() {
    let mut seeded = Seeded::new(41);
    let outline = shape(&[star(&mut seeded, 900.0, false), star(&mut seeded, 200.0, false)]);
    let window = Window::new(&outline);
    for kernel in Kernel::ALL {
        for h in [60.0, 300.0, 2_000.0] {
            for _ in 0..3 {
                let place = at(seeded.between(399_200.0, 400_800.0), seeded.between(289_200.0, 290_800.0));
                let (exact, cells) =
                    (window.mass_at(place, kernel, metres(h)), by_cells(&outline, place, kernel, h));
                assert!((exact - cells).abs() < 1e-2, "{kernel}, h {h}, {place:?}: {exact}, {cells}");
            }
        }
    }
}

#[test]
fn a_gaussian_mass_of_a_rectangle_is_a_product_of_normal_probabilities() {
    use crate::analysis::normal::cdf;
    let window = Window::new(&rectangle(400_000.0, 290_000.0, 403_000.0, 291_000.0));
    let mut seeded = Seeded::new(42);
    for sigma in [20.0, 150.0, 800.0, 5_000.0] {
        for _ in 0..50 {
            let (e, n) = (seeded.between(399_000.0, 404_000.0), seeded.between(289_500.0, 291_500.0));
            let along = |low: f64, high: f64, x: f64| cdf((high - x) / sigma) - cdf((low - x) / sigma);
            let exact = along(400_000.0, 403_000.0, e) * along(290_000.0, 291_000.0, n);
            let mass = window.mass_at(at(e, n), Kernel::Gaussian, metres(sigma));
            assert!((mass - exact).abs() < 2e-13, "{sigma}: {mass} is not {exact}");
        }
    }
}

#[test]
fn places_on_edges_and_vertices_have_their_mass() {
    let star = star(&mut Seeded::new(43), 900.0, true);
    let window = Window::new(&shape(std::slice::from_ref(&star)));
    for kernel in Kernel::ALL {
        for h in [1.0, 40.0, 700.0] {
            let mass = |e: f64, n: f64| window.mass_at(at(e, n), kernel, metres(h));
            for (i, &(e, n)) in star.iter().enumerate() {
                let (next_e, next_n) = star[(i + 1) % star.len()];
                for (e, n) in [(e, n), (f64::midpoint(e, next_e), f64::midpoint(n, next_n))] {
                    let (on, beside) = (mass(e, n), mass(e + 1e-7, n - 1e-7));
                    assert!((on - beside).abs() < 1e-6 / h.min(1.0), "{kernel}, h {h}: {on} or {beside}");
                }
            }
        }
    }
}

#[test]
fn all_and_nothing_are_exact() {
    let mut seeded = Seeded::new(44);
    let window = Window::new(&shape(&[star(&mut seeded, 5_000.0, false)]));
    for kernel in Kernel::ALL {
        assert_eq!(window.mass_at(at(400_000.0, 290_000.0), kernel, metres(50.0)), 1.0);
        assert_eq!(window.mass_at(at(410_000.0, 290_000.0), kernel, metres(50.0)), 0.0);
        // An outline of a square metre in a kernel of 50 km.
        let tiny = Window::new(&rectangle(400_000.0, 290_000.0, 400_001.0, 290_001.0));
        let share = kernel.peak_per_km2(metres(5e4)) / 1e6;
        let mass = tiny.mass_at(at(400_000.5, 290_000.5), kernel, metres(5e4));
        assert!((mass - share).abs() < 1e-13, "{kernel}: {mass} is not {share}");
        assert_eq!(
            Window::new(&GridShape(MultiPolygon(vec![]))).mass_at(at(1.0, 1.0), kernel, metres(9.0)),
            0.0
        );
    }
}

#[test]
fn rasters_hold_the_masses_of_their_centres_whatever_the_threads() {
    let mut seeded = Seeded::new(45);
    let window = Window::new(&shape(&[star(&mut seeded, 900.0, true), star(&mut seeded, 150.0, true)]));
    let grid = RasterGrid::new(398_900.0, 288_900.0, metres(50.0), 44, 44).unwrap();
    for kernel in Kernel::ALL {
        for h in [0.3, 20.0, 130.0, 700.0] {
            let masses = on_threads(1, || window.masses_over(&grid, kernel, metres(h)));
            let again = on_threads(4, || window.masses_over(&grid, kernel, metres(h)));
            assert!(masses.iter().zip(&again).all(|(a, b)| a.to_bits() == b.to_bits()));
            for (cell, mass) in masses.iter().enumerate() {
                let place = at(grid.column_centre_m(cell % 44), grid.row_centre_m(cell / 44));
                let exact = window.mass_at(place, kernel, metres(h));
                assert!((mass - exact).abs() < 1e-12, "{kernel}, h {h}, {place:?}: {mass} is not {exact}");
            }
        }
    }
}

#[test]
fn rings_may_turn_either_way() {
    let (ring, hole) = (star(&mut Seeded::new(46), 900.0, false), star(&mut Seeded::new(47), 150.0, false));
    let turned = |ring: &[(f64, f64)]| ring.iter().rev().copied().collect::<Vec<_>>();
    let mass = |rings: &[Vec<(f64, f64)>]| {
        Window::new(&shape(rings)).mass_at(at(400_050.0, 290_050.0), Kernel::Quartic, metres(700.0))
    };
    let one = mass(&[ring.clone(), hole.clone()]);
    for rings in
        [[turned(&ring), hole.clone()], [ring.clone(), turned(&hole)], [turned(&ring), turned(&hole)]]
    {
        assert!((mass(&rings) - one).abs() < 1e-13);
    }
}
