use geo::{Area as _, BooleanOps, Intersects};
use geo_types::{LineString, MultiPolygon, Polygon};

use super::*;
use crate::{
    analysis::{
        grid::SMALLEST_PART_M2,
        testing::{Seeded, on_threads, shape},
    },
    model::{AreaCode, Denominators, GridShape, SquareMetres},
};

/// A plane around Dudley, near enough to the national grid for tests.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a real projection")]
fn flat(position: LonLat) -> Result<GridPoint, Invalid> {
    let (lon, lat) = (position.lon_deg() + 2.08, position.lat_deg() - 52.5);
    Ok(GridPoint::new(394_500.0 + lon * 67_900.0, 290_000.0 + lat * 111_200.0).unwrap())
}

/// An area from rings in kilometres around 2.08° W, 52.5° N.
fn area(rings_km: &[Vec<(f64, f64)>]) -> Area {
    let degrees: Vec<Vec<_>> = rings_km
        .iter()
        .map(|ring| ring.iter().map(|(e, n)| (-2.08 + e / 67.9, 52.5 + n / 111.2)).collect())
        .collect();
    let metres: Vec<Vec<_>> = degrees
        .iter()
        .map(|ring| {
            let corner = |&(lon, lat): &(f64, f64)| flat(LonLat::new(lon, lat).unwrap()).unwrap();
            ring.iter().map(|c| (corner(c).easting_m(), corner(c).northing_m())).collect()
        })
        .collect();
    let grid = shape(&metres);
    Area {
        code: AreaCode("T".to_owned()),
        name: "test".to_owned(),
        area: SquareMetres(grid.0.unsigned_area()),
        grid,
        lonlat: LonLatShape(shape(&degrees).0),
        denominators: Denominators::default(),
    }
}

/// A star with a hole.
fn star(seed: u64) -> Area {
    let mut seeded = Seeded::new(seed);
    let mut ring = |low: f64, high: f64| {
        (0..30)
            .map(|i| {
                let (r, t) = (seeded.between(low, high), f64::from(i) * 0.209_44);
                (r * t.cos(), r * t.sin())
            })
            .collect::<Vec<_>>()
    };
    area(&[ring(1.5, 3.5), ring(0.3, 1.2)])
}

fn covering(outline: &Area, resolution: u8) -> HexGrid {
    HexGrid::covering(outline, HexResolution::new(resolution).unwrap(), &flat).unwrap()
}

fn on_grid(cell: CellIndex) -> Polygon<f64> {
    let mut ring = LineString(boundary(cell).unwrap().iter().map(|&c| flat(c).unwrap().coord()).collect());
    ring.close();
    Polygon::new(ring, Vec::new())
}

#[test]
fn a_grid_holds_exactly_the_cells_that_share_ground_with_the_outline() {
    for (seed, resolution) in [(81, 7), (82, 8), (83, 9), (84, 9)] {
        let outline = star(seed);
        let grid = covering(&outline, resolution);
        let centre = cell_of(LonLat::new(-2.08, 52.5).unwrap(), HexResolution::new(resolution).unwrap());
        let mut all = centre.grid_disk::<Vec<_>>(4_u32 * 3_u32.pow(u32::from(resolution) - 7));
        all.sort_unstable();
        let expected: Vec<_> = all
            .into_iter()
            .map(|cell| (cell, on_grid(cell).intersection(&outline.grid.0).unsigned_area()))
            .filter(|(_, area)| *area >= SMALLEST_PART_M2)
            .collect();
        let found: Vec<_> = grid.cells().iter().map(|cell| cell.index).collect();
        assert_eq!(
            found,
            expected.iter().map(|(cell, _)| *cell).collect::<Vec<_>>(),
            "resolution {resolution}"
        );
        for (cell, (_, area)) in grid.cells().iter().zip(&expected) {
            assert!((cell.clipped.0 - area).abs() < 0.01 + 1e-8 * area, "{:?} {area}", cell.clipped);
        }
    }
}

#[test]
fn the_parts_of_the_cells_add_up_to_the_outline() {
    for resolution in 7..=11 {
        let outline = star(85);
        let total: f64 = covering(&outline, resolution).cells().iter().map(|cell| cell.clipped.0).sum();
        assert!((total / outline.area.0 - 1.0).abs() < 1e-7, "resolution {resolution}: {total}");
    }
}

#[test]
fn a_centre_is_inside_as_exact_containment_says() {
    let outline = star(86);
    let grid = covering(&outline, 10);
    for cell in grid.cells() {
        let centre = LatLng::from(cell.index);
        let inside = outline.lonlat.0.contains(&Coord { x: centre.lng(), y: centre.lat() });
        assert_eq!(cell.centre_inside, inside, "{}", cell.index);
    }
    let inner = grid.centres_inside();
    assert!(inner.cells().iter().all(|cell| cell.centre_inside) && inner.cells().len() < grid.cells().len());
    assert_eq!(inner.cells().len(), grid.cells().iter().filter(|cell| cell.centre_inside).count());
}

#[test]
fn boundaries_are_closed_and_anticlockwise() {
    let grid = covering(&star(87), 9);
    for cell in grid.cells() {
        assert_eq!(cell.boundary.first(), cell.boundary.last());
        let ring = cell.boundary.iter().map(|c| Coord { x: c.lon_deg(), y: c.lat_deg() }).collect();
        assert!(Polygon::new(LineString(ring), Vec::new()).signed_area() > 0.0);
        assert!((cell.whole.km2() - 0.095).abs() < 0.002, "{:?}", cell.whole);
    }
}

#[test]
fn neighbours_are_the_cells_that_touch() {
    let grid = covering(&star(88), 8);
    let shapes: Vec<_> = grid.cells().iter().map(|cell| on_grid(cell.index)).collect();
    for (place, shape) in shapes.iter().enumerate() {
        let touching: Vec<_> = (0_u32..)
            .zip(&shapes)
            .filter(|(other, with)| *other as usize != place && shape.intersects(*with))
            .map(|(other, _)| other)
            .collect();
        assert_eq!(grid.neighbours().of(place), touching);
    }
}

#[test]
fn counts_and_outside_are_all_incidents() {
    let mut seeded = Seeded::new(89);
    let outline = star(89);
    let grid = covering(&outline, 9);
    let positions: Vec<_> = (0..5_000)
        .map(|_| LonLat::new(seeded.between(-2.14, -2.02), seeded.between(52.46, 52.54)).unwrap())
        .collect();
    let cells = bin(&positions, grid.resolution());
    let (counts, outside) = grid.counts(cells.iter().map(|&cell| (cell, 1.0)));
    assert!((counts.iter().sum::<f64>() + outside - 5_000.0).abs() < 0.5);
    let within = |p: &&LonLat| outline.grid.0.intersects(&flat(**p).unwrap().coord());
    // Border cells reach beyond the outline, so that no incident inside it is left out.
    assert!(counts.iter().sum::<f64>() >= positions.iter().filter(within).count() as f64);
    for (position, cell) in positions.iter().zip(&cells) {
        assert_eq!(*cell, cell_of(*position, grid.resolution()));
    }
}

#[test]
fn an_outline_within_one_cell_is_that_cell() {
    let outline = area(&[vec![(0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.01)]]);
    let grid = covering(&outline, 8);
    assert_eq!(grid.cells().len(), 1);
    assert!((grid.cells()[0].clipped.0 - 100.0).abs() < 1e-3);
}

#[test]
fn outlines_too_large_empty_or_off_the_grid_are_told() {
    let finest = HexResolution::new(11).unwrap();
    let huge = area(&[vec![(-200.0, -100.0), (200.0, -100.0), (200.0, 100.0), (-200.0, 100.0)]]);
    assert!(HexGrid::covering(&huge, finest, &flat).unwrap_err().rule.contains("lower resolution"));
    let nothing = Area {
        grid: GridShape(MultiPolygon(Vec::new())),
        lonlat: LonLatShape(MultiPolygon(Vec::new())),
        ..star(90)
    };
    assert!(HexGrid::covering(&nothing, finest, &flat).unwrap().cells().is_empty());
    let refuse = |_: LonLat| Err(Invalid::new("here", "not on the grid"));
    assert!(HexGrid::covering(&star(90), finest, &refuse).is_err());
    for resolution in [0, 6, 12, 255] {
        assert!(HexResolution::new(resolution).is_err());
    }
}

/// Every position has the cell of h3o.
fn equal_to_h3o(positions: &[LonLat], number: u8) {
    let resolution = HexResolution::new(number).unwrap();
    for (position, cell) in positions.iter().zip(bin(positions, resolution)) {
        assert_eq!(cell, cell_of(*position, resolution), "{position:?}, resolution {number}");
    }
}

#[test]
fn positions_of_boroughs_all_over_great_britain_have_the_cells_of_h3o() {
    let mut seeded = Seeded::new(91);
    for number in 7..=11 {
        for (west, south) in
            [(-2.2, 52.4), (-5.8, 50.0), (1.3, 52.5), (-0.2, 51.4), (-7.7, 57.5), (-1.5, 60.0)]
        {
            let positions: Vec<_> = (0..20_000)
                .map(|_| {
                    LonLat::new(west + seeded.between(0.0, 0.4), south + seeded.between(0.0, 0.25)).unwrap()
                })
                .collect();
            equal_to_h3o(&positions, number);
        }
    }
}

#[test]
fn positions_in_and_around_the_window_have_the_cells_of_h3o() {
    let mut seeded = Seeded::new(92);
    for number in 7..=11 {
        let positions: Vec<_> = (0..50_000)
            .map(|_| LonLat::new(seeded.between(-10.0, 4.5), seeded.between(48.5, 62.0)).unwrap())
            .collect();
        equal_to_h3o(&positions, number);
    }
}

/// The whole globe, with the borders of faces, the pentagons, the poles and the date line.
#[test]
fn positions_anywhere_have_the_cells_of_h3o() {
    let mut seeded = Seeded::new(93);
    let mut positions: Vec<_> = (0..20_000)
        .map(|_| LonLat::new(seeded.between(-180.0, 180.0), seeded.between(-90.0, 90.0)).unwrap())
        .collect();
    let corners = [(-180.0, 0.0), (180.0, 0.0), (0.0, 90.0), (0.0, -90.0), (0.0, 0.0), (-3.35, 55.35)];
    positions.extend(corners.map(|(lon, lat)| LonLat::new(lon, lat).unwrap()));
    let pentagons = CellIndex::base_cells().filter(|cell| cell.is_pentagon());
    positions.extend(pentagons.map(LatLng::from).map(|at| LonLat::new(at.lng(), at.lat()).unwrap()));
    for number in [7, 10, 11] {
        equal_to_h3o(&positions, number);
    }
}

/// On the sides and corners of cells, and from a kilometre to a hundredth of a micrometre beside them.
#[test]
fn positions_beside_sides_and_corners_have_the_cells_of_h3o() {
    let mut seeded = Seeded::new(94);
    for number in 7..=11 {
        let mut positions = Vec::new();
        for _ in 0..400 {
            let somewhere = LonLat::new(seeded.between(-8.0, 2.0), seeded.between(50.0, 60.5)).unwrap();
            let cell = cell_of(somewhere, HexResolution::new(number).unwrap());
            let corners = boundary(cell).unwrap();
            for (from, to) in corners.iter().zip(corners.iter().cycle().skip(1)) {
                for share in [0.0, seeded.between(0.0, 1.0)] {
                    let between = |from: f64, to: f64| from + (to - from) * share;
                    let lon = between(from.lon_deg(), to.lon_deg());
                    let lat = between(from.lat_deg(), to.lat_deg());
                    for exponent in 2..14 {
                        let mut aside = || seeded.between(-1.0, 1.0) * 0.1_f64.powi(exponent);
                        positions.push(LonLat::new(lon + aside(), lat + aside()).unwrap());
                    }
                    positions.push(LonLat::new(lon, lat).unwrap());
                }
            }
        }
        equal_to_h3o(&positions, number);
    }
}

#[test]
fn cells_do_not_depend_on_the_number_of_threads_or_of_positions() {
    let mut seeded = Seeded::new(95);
    let resolution = HexResolution::new(10).unwrap();
    let positions: Vec<_> = (0..40_000)
        .map(|_| LonLat::new(seeded.between(-3.0, 0.0), seeded.between(51.0, 53.0)).unwrap())
        .collect();
    let all = on_threads(1, || bin(&positions, resolution));
    assert_eq!(all, on_threads(4, || bin(&positions, resolution)));
    for n in [0, 1, 2, 255, 256, 257, 1_000] {
        assert_eq!(bin(&positions[..n], resolution), all[..n]);
    }
}
