#![allow(clippy::float_cmp, reason = "exactness is what is tested")]

use geo::{CoordsIter, LinesIter, MapCoords};
use geo_types::{Coord, LineString, MultiPolygon, Polygon, Rect, polygon};
use proptest::prelude::*;
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

use super::*;
use crate::model::{AreaCode, Denominators, GridShape, LonLatShape, SquareMetres};

/// South-west of Dudley; the shapes below are drawn from here.
const ORIGIN: Coord<f64> = Coord { x: 387_000.0, y: 280_900.0 };

fn area(shape: &MultiPolygon<f64>) -> Area {
    Area {
        code: AreaCode(String::new()),
        name: String::new(),
        grid: GridShape(shape.map_coords(|at| at + ORIGIN)),
        lonlat: LonLatShape(MultiPolygon::new(vec![])),
        area: SquareMetres(0.0),
        denominators: Denominators::default(),
    }
}

fn locator(shapes: impl IntoIterator<Item = MultiPolygon<f64>>) -> Locator {
    Locator::new(&shapes.into_iter().map(|shape| area(&shape)).collect::<Vec<_>>())
}

fn square(x: f64, y: f64, side: f64) -> Polygon<f64> {
    Rect::new(Coord { x, y }, Coord { x: x + side, y: y + side }).to_polygon()
}

fn at(x: f64, y: f64) -> GridPoint {
    GridPoint::new(ORIGIN.x + x, ORIGIN.y + y).unwrap()
}

/// Evenly from 0 up to 1.
fn unit(random: &mut Pcg64) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A point of every kind that goes wrong: vertices, middles of edges, and both moved by nanometres.
fn assert_exact_on_borders(locator: &Locator) {
    for shape in &locator.shapes {
        let middles = shape.lines_iter().map(|edge| (edge.start + edge.end) / 2.0);
        for border in shape.coords_iter().chain(middles) {
            for (dx, dy) in
                [(0.0, 0.0), (1e-9, 0.0), (-1e-9, 0.0), (0.0, 1e-9), (0.0, -1e-9), (1e-3, 1e-3), (-7.0, 3.0)]
            {
                let place = GridPoint::new(border.x + dx, border.y + dy).unwrap();
                assert_eq!(locator.locate(place), locator.locate_naive(place), "{place:?}");
            }
        }
    }
}

#[test]
fn a_point_on_a_shared_border_belongs_to_the_first_area() {
    let both = locator([square(100.0, 0.0, 100.0).into(), square(0.0, 0.0, 100.0).into()]);
    assert_eq!(both.locate(at(100.0, 50.0)), Some(0));
    assert_eq!(both.locate(at(100.0, 100.0)), Some(0));
    assert_eq!(both.locate(at(0.0, 0.0)), Some(1));
    assert_eq!(both.locate(at(200.0, 100.0)), Some(0));
    assert_exact_on_borders(&both);
}

#[test]
fn a_point_where_two_parts_of_an_area_touch_is_inside() {
    let touching = locator([MultiPolygon::new(vec![square(0.0, 0.0, 10.0), square(10.0, 10.0, 10.0)])]);
    assert_eq!(touching.locate(at(10.0, 10.0)), Some(0));
    assert_eq!(touching.locate(at(10.1, 9.9)), None);
    assert_exact_on_borders(&touching);
}

#[test]
fn a_hole_is_outside_and_its_border_inside() {
    let hole = square(40.0, 40.0, 20.0).exterior().clone();
    let ring = locator([Polygon::new(square(0.0, 0.0, 100.0).exterior().clone(), vec![hole]).into()]);
    assert_eq!(ring.locate(at(50.0, 50.0)), None);
    assert_eq!(ring.locate(at(40.0, 50.0)), Some(0));
    assert_eq!(ring.locate(at(39.0, 50.0)), Some(0));
    assert_exact_on_borders(&ring);
}

#[test]
fn where_areas_overlap_the_first_holds_the_point() {
    let nested = locator([square(40.0, 40.0, 20.0).into(), square(0.0, 0.0, 100.0).into()]);
    assert_eq!(nested.locate(at(50.0, 50.0)), Some(0));
    assert_eq!(nested.locate(at(10.0, 10.0)), Some(1));
    assert_exact_on_borders(&nested);
}

#[test]
fn outside_the_extent_there_is_nothing() {
    let one = locator([square(0.0, 0.0, 100.0).into()]);
    for (x, y) in [(-1e-9, 50.0), (100.0 + 1e-9, 50.0), (50.0, -1e-9), (50.0, 1e5), (-3e5, -2e5)] {
        assert_eq!(one.locate(at(x, y)), None, "{x} {y}");
    }
}

#[test]
fn without_areas_nothing_is_found_and_no_border_is_near() {
    for empty in [locator([]), locator([MultiPolygon::new(vec![])])] {
        assert_eq!(empty.locate(at(0.0, 0.0)), None);
        assert_eq!(empty.locate(GridPoint::new(0.0, 0.0).unwrap()), None);
        assert_eq!(empty.border_distance_m(at(0.0, 0.0)), f64::INFINITY);
    }
}

#[test]
fn an_area_without_width_holds_its_border_only() {
    let flat = locator([polygon![(x: 0.0, y: 0.0), (x: 0.0, y: 100.0), (x: 0.0, y: 0.0)].into()]);
    assert_eq!(flat.locate(at(0.0, 50.0)), Some(0));
    assert_eq!(flat.locate(at(1e-9, 50.0)), None);
}

#[test]
fn areas_of_a_millimetre_and_of_a_micrometre_are_exact() {
    for side in [1e-3, 1e-6] {
        let tiny = locator([square(0.0, 0.0, side).into(), square(side, 0.0, side).into()]);
        assert_exact_on_borders(&tiny);
        let mut random = Pcg64::seed_from_u64(7);
        for _ in 0..2000 {
            let place = at((unit(&mut random) * 3.0 - 0.5) * side, (unit(&mut random) * 2.0 - 0.5) * side);
            assert_eq!(tiny.locate(place), tiny.locate_naive(place), "{place:?}");
        }
    }
}

#[test]
fn borders_along_the_lines_of_the_cells_are_exact() {
    // 512 m: cells of 2 m, with borders on their edges and through their middles.
    let squares = (0..16).flat_map(|row| (0..16).map(move |column| (f64::from(column), f64::from(row))));
    let chessboard = locator(squares.map(|(x, y)| square(x * 32.0, y * 32.0, 32.0).into()));
    assert_exact_on_borders(&chessboard);
    for x in 0..=1024 {
        for y in [0.0, 1.0, 31.0, 32.0, 33.5, 512.0] {
            let place = at(f64::from(x) / 2.0, y);
            assert_eq!(chessboard.locate(place), chessboard.locate_naive(place), "{place:?}");
        }
    }
}

/// A star with spikes of random length, as ragged as no ward is.
fn star(random: &mut Pcg64) -> MultiPolygon<f64> {
    let centre = Coord { x: unit(random) * 10_000.0, y: unit(random) * 12_000.0 };
    let corners = 5 + (random.next_u32() % 60);
    let ring: LineString<f64> = (0..corners)
        .map(|i| {
            let angle = std::f64::consts::TAU * f64::from(i) / f64::from(corners);
            let radius = 50.0 + unit(random) * 2500.0;
            centre + Coord { x: libm::cos(angle) * radius, y: libm::sin(angle) * radius }
        })
        .collect();
    Polygon::new(ring, vec![]).into()
}

#[test]
fn overlapping_stars_are_exact_everywhere() {
    let mut random = Pcg64::seed_from_u64(42);
    for _ in 0..3 {
        let stars: Vec<_> = (0..20).map(|_| star(&mut random)).collect();
        let stars = locator(stars);
        assert_exact_on_borders(&stars);
        for _ in 0..20_000 {
            let place = at(unit(&mut random) * 14_000.0 - 2000.0, unit(&mut random) * 16_000.0 - 2000.0);
            assert_eq!(stars.locate(place), stars.locate_naive(place), "{place:?}");
        }
    }
}

#[test]
fn the_distance_to_the_border_is_that_to_the_nearest_edge() {
    let mut random = Pcg64::seed_from_u64(3);
    let stars = locator([star(&mut random), star(&mut random)]);
    for _ in 0..2000 {
        let place = at(unit(&mut random) * 10_000.0, unit(&mut random) * 12_000.0);
        let nearest = stars
            .shapes
            .iter()
            .flat_map(LinesIter::lines_iter)
            .map(|edge| Euclidean.distance(&edge, &Point(place.coord())))
            .fold(f64::INFINITY, f64::min);
        assert_eq!(stars.border_distance_m(place), nearest);
    }
    assert_eq!(locator([square(0.0, 0.0, 100.0).into()]).border_distance_m(at(0.0, 50.0)), 0.0);
}

proptest! {
    /// On a lattice of 8 × 8 nearly everything is collinear with something.
    #[test]
    fn triangles_on_a_lattice_are_exact(
        corners in prop::collection::vec([(0_u8..8, 0_u8..8), (0_u8..8, 0_u8..8), (0_u8..8, 0_u8..8)], 1..10),
    ) {
        // Corners in one line enclose nothing: no valid layer has such a shape.
        let has_area = |[(ax, ay), (bx, by), (cx, cy)]: [(i32, i32); 3]| {
            (bx - ax) * (cy - ay) != (cx - ax) * (by - ay)
        };
        let triangles = corners.iter().filter(|corners| has_area(corners.map(|(x, y)| (x.into(), y.into()))));
        let triangles = triangles.map(|corners| {
            let ring: LineString<f64> =
                corners.iter().map(|&(x, y)| Coord { x: f64::from(x), y: f64::from(y) }).collect();
            MultiPolygon::from(Polygon::new(ring, vec![]))
        });
        let triangles = locator(triangles);
        for x in 0..=32 {
            for y in 0..=32 {
                let place = at(f64::from(x) / 4.0, f64::from(y) / 4.0);
                prop_assert_eq!(triangles.locate(place), triangles.locate_naive(place));
            }
        }
    }
}
