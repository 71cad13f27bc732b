use geo::{Area as _, BooleanOps, Intersects};
use geo_types::{LineString, MultiPolygon, Polygon};

use super::*;
use crate::{
    analysis::testing::{Seeded, rectangle, shape},
    model::{AreaCode, Denominators, GridShape, LonLatShape, SquareMetres},
};

/// Degrees near enough to the national grid for tests.
fn flat(position: GridPoint) -> Result<LonLat, Invalid> {
    let (east, north) = (position.easting_m() - 394_500.0, position.northing_m() - 290_000.0);
    LonLat::new(-2.08 + east / 67_900.0, 52.5 + north / 111_200.0)
}

fn area(grid: GridShape) -> Area {
    Area {
        code: AreaCode("T".to_owned()),
        name: "test".to_owned(),
        area: SquareMetres(grid.0.unsigned_area()),
        lonlat: LonLatShape(MultiPolygon(Vec::new())),
        grid,
        denominators: Denominators::default(),
    }
}

/// A star with a hole, some kilometres wide.
fn star(seed: u64) -> Area {
    let mut seeded = Seeded::new(seed);
    let mut ring = |low: f64, high: f64| {
        (0..30)
            .map(|i| {
                let (r, t) = (seeded.between(low, high), f64::from(i) * 0.209_44);
                (394_500.0 + r * t.cos(), 290_000.0 + r * t.sin())
            })
            .collect::<Vec<_>>()
    };
    area(shape(&[ring(1_500.0, 3_500.0), ring(300.0, 1_200.0)]))
}

fn squares(side: u16) -> Squares {
    Squares { side: SquareSide::new(side).unwrap(), contiguity: Contiguity::Queen }
}

fn covering(outline: &Area, side: u16) -> SquareGrid {
    SquareGrid::covering(outline, squares(side), &flat).unwrap()
}

#[test]
fn a_grid_holds_exactly_the_squares_that_share_ground_with_the_outline() {
    let outline = star(71);
    let grid = covering(&outline, 150);
    let mut expected = 0;
    for row in 1_900..1_970 {
        for column in 2_600..2_660 {
            let index = SquareIndex { row, column, side: SquareSide::PATROL };
            let mut ring = LineString(index.corners());
            ring.close();
            let part = Polygon::new(ring, Vec::new()).intersection(&outline.grid.0).unsigned_area();
            if part >= 0.01 {
                expected += 1;
                let cell = &grid.cells()[grid.place(index).unwrap()];
                assert!((cell.clipped.0 - part).abs() < 0.01 && (cell.whole.0 - 22_500.0).abs() < 1e-6);
                assert_eq!(cell.centre_inside, outline.grid.0.contains(&index.centre()), "{index}");
            } else {
                assert_eq!(grid.place(index), None, "{index}");
            }
        }
    }
    assert_eq!(grid.cells().len(), expected);
    assert!(grid.cells().windows(2).all(|pair| pair[0].index < pair[1].index));
}

#[test]
fn the_parts_of_the_squares_add_up_to_the_outline() {
    for side in [50, 150, 333, 2_000] {
        let outline = star(72);
        let total: f64 = covering(&outline, side).cells().iter().map(|cell| cell.clipped.0).sum();
        assert!((total / outline.area.0 - 1.0).abs() < 1e-9, "{side} m: {total}");
    }
}

#[test]
fn neighbours_share_a_corner_or_a_side() {
    let outline = star(73);
    let rook = Squares { contiguity: Contiguity::Rook, ..squares(500) };
    let rook = SquareGrid::covering(&outline, rook, &flat).unwrap();
    let queen = covering(&outline, 500);
    let shapes: Vec<_> = queen.cells().iter().map(|cell| LineString(cell.index.corners())).collect();
    let shapes: Vec<_> = shapes.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect();
    for (place, shape) in shapes.iter().enumerate() {
        let here = queen.cells()[place].index;
        let touching: Vec<_> = (0_u32..)
            .zip(&shapes)
            .filter(|(other, with)| *other as usize != place && shape.intersects(*with))
            .map(|(other, _)| other)
            .collect();
        assert_eq!(queen.neighbours().of(place), touching);
        let beside = |other: &u32| {
            let there = queen.cells()[*other as usize].index;
            there.row == here.row || there.column == here.column
        };
        let beside: Vec<_> = touching.into_iter().filter(beside).collect();
        assert_eq!(rook.neighbours().of(place), beside);
    }
}

#[test]
fn every_position_has_one_square_and_sides_belong_north_and_east() {
    let mut seeded = Seeded::new(74);
    let outline = star(74);
    let grid = covering(&outline, 150);
    let mut inside = 0.0;
    let indices: Vec<_> = (0..5_000)
        .map(|_| {
            let (e, n) = (seeded.between(391_000.0, 398_000.0), seeded.between(286_500.0, 293_500.0));
            let position = GridPoint::new(e, n).unwrap();
            inside += f64::from(u8::from(outline.grid.0.contains(&position.coord())));
            let index = square_of(position, SquareSide::PATROL);
            let (west, south) = (f64::from(index.easting_m()), f64::from(index.northing_m()));
            assert!((west..west + 150.0).contains(&e) && (south..south + 150.0).contains(&n));
            index
        })
        .collect();
    let (counts, outside) = grid.counts(indices.into_iter().map(|index| (index, 1.0)));
    assert!((counts.iter().sum::<f64>() + outside - 5_000.0).abs() < 0.5);
    assert!(counts.iter().sum::<f64>() >= inside);
    let corner = square_of(GridPoint::new(300.0, 450.0).unwrap(), SquareSide::PATROL);
    assert_eq!((corner.column, corner.row), (2, 3));
    assert_eq!(square_of(GridPoint::new(0.0, 0.0).unwrap(), SquareSide::PATROL).to_string(), "150mN0E0");
}

#[test]
fn boundaries_are_closed_and_anticlockwise() {
    for cell in covering(&star(75), 250).cells() {
        assert_eq!((cell.boundary.first(), cell.boundary.len()), (cell.boundary.last(), 5));
        let ring = cell.boundary.iter().map(|c| Coord { x: c.lon_deg(), y: c.lat_deg() }).collect();
        assert!(Polygon::new(LineString(ring), Vec::new()).signed_area() > 0.0);
    }
}

#[test]
fn outlines_in_one_square_empty_too_large_or_at_the_edge_of_the_grid_are_told() {
    let small = area(rectangle(394_510.0, 290_260.0, 394_520.0, 290_270.0));
    let grid = covering(&small, 150);
    assert_eq!(grid.cells().len(), 1);
    assert!((grid.cells()[0].clipped.0 - 100.0).abs() < 1e-6 && !grid.cells()[0].centre_inside);
    assert!(covering(&area(GridShape(MultiPolygon(Vec::new()))), 150).cells().is_empty());
    let huge = area(rectangle(0.0, 0.0, 600_000.0, 900_000.0));
    let refused = SquareGrid::covering(&huge, squares(50), &flat).unwrap_err();
    assert!(refused.rule.contains("larger") && refused.value == "50 m");
    let edge = area(rectangle(699_990.0, 10.0, 700_000.0, 20.0));
    assert!(SquareGrid::covering(&edge, squares(150), &flat).is_err());
    let origin = area(rectangle(0.0, 0.0, 300.0, 300.0));
    assert_eq!(covering(&origin, 150).neighbours().of(0), [1, 2, 3]);
    for side in [0, 49, 2_001, u16::MAX] {
        assert!(SquareSide::new(side).is_err());
    }
}
