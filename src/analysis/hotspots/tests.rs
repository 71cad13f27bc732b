use geo::{BooleanOps, Intersects, Validation};
use geo_types::MultiPolygon;
use proptest::prelude::*;

use super::*;
use crate::analysis::{
    density::{Kernel, RasterGrid, WeightedPoint, intensity},
    testing::{Seeded, metres, on_threads, rectangle, shape},
};
use crate::model::{Area, AreaCode, Denominators, LonLatShape};

const CELL_M: f64 = 10.0;

/// A square raster of that many columns from (0, 0).
fn surface(columns: usize, values: &[f64]) -> Surface {
    let grid = RasterGrid::new(0.0, 0.0, metres(CELL_M), columns, values.len() / columns).unwrap();
    Surface { grid, values: values.to_vec() }
}

fn rule(limit_per_km2: f64) -> HotspotRule {
    HotspotRule { limit_per_km2, minimum_area: SquareMetres(0.0), minimum_count: 0 }
}

fn everywhere() -> GridShape {
    rectangle(-50.0, -50.0, 1_000.0, 1_000.0)
}

fn events(easting_m: f64, northing_m: f64, count: u32, weight: f64) -> Events {
    Events { position: GridPoint::new(easting_m, northing_m).unwrap(), count, weight }
}

/// Asserts what holds for all hotspots of a surface, whatever the rule.
fn assert_lawful(
    found: &Hotspots,
    surface: &Surface,
    rule: &HotspotRule,
    outline: &GridShape,
    all: &[Events],
) {
    let region = bands::bands(surface, &Thresholds::new(&[rule.limit_per_km2]).unwrap(), outline);
    let parts = [found.together(), found.omitted, found.elsewhere];
    let sum = Held::sum(parts);
    assert_eq!(sum.count, all.iter().map(|at| u64::from(at.count)).sum::<u64>());
    assert!((sum.weighted - all.iter().map(|at| at.weight).sum::<f64>()).abs() < 1e-6);
    assert!((sum.area.0 - outline.0.unsigned_area()).abs() < 1e-3, "{parts:?}");
    assert_eq!(sum.polygons, region[0].shape.0.0.len());

    let mut seen = std::collections::BTreeSet::new();
    for (i, hotspot) in found.ranked.iter().enumerate() {
        assert!(hotspot.shape.is_valid(), "{:?}", hotspot.shape);
        assert!(hotspot.held.area >= rule.minimum_area && hotspot.held.count >= rule.minimum_count);
        assert!(MultiPolygon::from(hotspot.shape.clone()).difference(&outline.0).unsigned_area() < 0.01);
        for other in &found.ranked[i + 1..] {
            assert!(hotspot.shape.intersection(&other.shape).unsigned_area() < 0.01);
            assert!(hotspot.held.weighted >= other.held.weighted);
        }
        assert!(hotspot.cells.contains(&u32::try_from(hotspot.peak.cell).unwrap()));
        for cell in &hotspot.cells {
            let value = surface.values[*cell as usize];
            assert!(value >= rule.limit_per_km2 && value <= hotspot.peak.per_km2);
        }
        for place in &hotspot.places {
            assert!(seen.insert(*place), "an event is in two hotspots");
            assert!(hotspot.shape.intersects(&all[*place as usize].position.coord()));
        }
    }
    // What is hot and well inside is in a hotspot, unless polygons were left out.
    if found.omitted.polygons == 0 {
        for (cell, value) in surface.values.iter().enumerate() {
            let at = geo_types::Point::new(
                surface.grid.column_centre_m(cell % surface.grid.columns()),
                surface.grid.row_centre_m(cell / surface.grid.columns()),
            );
            let held = found.ranked.iter().any(|spot| spot.cells.contains(&u32::try_from(cell).unwrap()));
            // A lone cell that has just the limit is a point on the map, and no polygon.
            let point = (*value - rule.limit_per_km2).abs() < 1e-12 && !held;
            assert_eq!(held, !point && *value >= rule.limit_per_km2 && outline.0.intersects(&at), "{at:?}");
        }
    }
    for (number, at) in (0..).zip(all) {
        let in_any = found.ranked.iter().any(|spot| spot.shape.intersects(&at.position.coord()));
        assert_eq!(in_any, seen.contains(&number));
    }
}

#[test]
fn two_hills_are_two_hotspots_with_their_events() {
    let mut values = vec![0.0; 100];
    (values[22], values[23], values[77]) = (9.0, 12.0, 30.0);
    let hills = surface(10, &values);
    let all = [events(25.0, 25.0, 3, 9.0), events(75.0, 75.0, 5, 5.0), events(5.0, 95.0, 2, 2.0)];
    let found = hotspots(&hills, &rule(6.0), &everywhere(), &all);
    assert_lawful(&found, &hills, &rule(6.0), &everywhere(), &all);
    let [first, second] = &found.ranked[..] else { panic!("{found:?}") };
    // The weight ranks, not the count and not the peak.
    assert_eq!((first.held.count, first.held.weighted, first.peak.per_km2), (3, 9.0, 12.0));
    assert_eq!((first.peak.position, second.peak.cell), (GridPoint::new(35.0, 25.0).unwrap(), 77));
    assert_eq!((&first.cells[..], &first.places[..]), (&[22, 23][..], &[0][..]));
    assert_eq!((found.elsewhere.count, found.omitted), (2, Held::default()));
    // A lone cell of 30 above 6 is a diamond with half diagonals of 8 m.
    assert!((second.held.area.0 - 128.0).abs() < 0.5);
    assert!((second.per_km2() - 5.0 / 128e-6).abs() < 150.0);
}

#[test]
fn what_is_too_small_or_holds_too_little_is_counted() {
    let mut values = vec![0.0; 100];
    (values[22], values[23], values[77]) = (9.0, 12.0, 30.0);
    let hills = surface(10, &values);
    let all = [events(25.0, 25.0, 3, 9.0), events(75.0, 75.0, 5, 5.0)];
    for rule in [
        HotspotRule { minimum_count: 4, ..rule(6.0) },
        HotspotRule { minimum_area: SquareMetres(129.0), ..rule(10.0) },
    ] {
        let found = hotspots(&hills, &rule, &everywhere(), &all);
        assert_lawful(&found, &hills, &rule, &everywhere(), &all);
        assert!(found.omitted.polygons >= 1 && found.omitted.count >= 3, "{found:?}");
    }
}

#[test]
fn equal_counts_rank_by_peak_and_then_from_the_south_west() {
    let mut values = vec![0.0; 144];
    (values[14], values[20], values[121], values[128]) = (8.0, 9.0, 9.0, 8.0);
    let hills = surface(12, &values);
    let found = hotspots(&hills, &rule(4.0), &everywhere(), &[]);
    let cells: Vec<_> = found.ranked.iter().map(|hotspot| hotspot.peak.cell).collect();
    assert_eq!(cells, [20, 121, 14, 128]);
    assert_eq!(found.ranked[0].held.share_of(&Held::default()).pai(), None);
}

#[test]
fn a_hotspot_around_a_basin_does_not_hold_what_is_in_it() {
    let ring = |cell: usize| (cell % 9).abs_diff(4).max((cell / 9).abs_diff(4));
    let values: Vec<_> = (0..81).map(|cell| if ring(cell) == 2 { 7.0 } else { 0.0 }).collect();
    let basin = surface(9, &values);
    let all = [events(45.0, 45.0, 4, 4.0), events(25.0, 45.0, 2, 2.0)];
    let found = hotspots(&basin, &rule(3.0), &everywhere(), &all);
    assert_lawful(&found, &basin, &rule(3.0), &everywhere(), &all);
    assert_eq!((found.ranked.len(), found.ranked[0].shape.interiors().len()), (1, 1));
    assert_eq!((found.ranked[0].held.count, found.elsewhere.count), (2, 4));
}

#[test]
fn a_part_without_a_cell_centre_is_left_out_and_counted() {
    let hill = surface(3, &[0.0, 0.0, 0.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0]);
    // The outline cuts a corner of the diamond around (15, 15) and not its centre.
    let outline = rectangle(17.0, 0.0, 40.0, 30.0);
    let all = [events(18.0, 15.0, 3, 3.0)];
    let found = hotspots(&hill, &rule(2.0), &outline, &all);
    assert_lawful(&found, &hill, &rule(2.0), &outline, &all);
    assert_eq!((found.ranked.len(), found.omitted.polygons, found.omitted.count), (0, 1, 3));
}

#[test]
fn degenerate_input_has_a_plain_answer() {
    let all = [events(15.0, 15.0, 2, 2.0)];
    let none = |surface: &Surface, limit: f64, outline: &GridShape| {
        let found = hotspots(surface, &rule(limit), outline, &all);
        assert_eq!((found.ranked.len(), found.omitted.polygons, found.elsewhere.count), (0, 0, 2));
    };
    let zero = surface(3, &[0.0; 9]);
    let flat = surface(3, &[5.0; 9]);
    none(&zero, 1.0, &everywhere());
    none(&flat, 6.0, &everywhere());
    none(&flat, 1.0, &GridShape(MultiPolygon(Vec::new())));
    for limit in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        none(&flat, limit, &everywhere());
    }
    let found = hotspots(&flat, &rule(5.0), &rectangle(6.0, 6.0, 24.0, 24.0), &all);
    assert_eq!((found.ranked.len(), found.ranked[0].peak.cell, found.ranked[0].held.count), (1, 4, 2));
    // Off the grid for positions, though not for rasters: such a peak has no position.
    let grid = RasterGrid::new(-100.0, 0.0, metres(CELL_M), 2, 2).unwrap();
    let off = Surface { grid, values: vec![9.0; 4] };
    let found = hotspots(&off, &rule(5.0), &rectangle(-200.0, -50.0, 100.0, 100.0), &all);
    assert_eq!((found.ranked.len(), found.omitted.polygons), (0, 1));
}

#[test]
fn an_event_where_two_hotspots_meet_belongs_to_one() {
    let flat = surface(8, &[5.0; 64]);
    let mut outline = rectangle(10.0, 10.0, 40.0, 40.0);
    outline.0.0.extend(rectangle(40.0, 40.0, 70.0, 70.0).0);
    let all = [events(40.0, 40.0, 1, 1.0)];
    let found = hotspots(&flat, &rule(2.0), &outline, &all);
    assert_eq!(found.ranked.len(), 2);
    assert_eq!(found.ranked[0].held.count + found.ranked[1].held.count, 1);
    assert_eq!(found.ranked[0].peak.cell, 9, "the south-western one has it");
}

#[test]
fn hotspots_of_a_city_are_lawful_on_any_number_of_threads() {
    let mut seeded = Seeded::new(91);
    let star: Vec<_> = (0..40)
        .map(|i| {
            let (r, t) = (seeded.between(500.0, 1_000.0), f64::from(i) * 0.157_08);
            (400_000.0 + r * t.cos(), 290_000.0 + r * t.sin())
        })
        .collect();
    let outline = shape(&[star]);
    let points = seeded.points(600, 900.0);
    let all: Vec<_> = points
        .iter()
        .map(|p: &WeightedPoint| Events { position: p.position, count: 1, weight: p.weight })
        .collect();
    let grid = RasterGrid::covering(&outline, metres(20.0), metres(20.0)).unwrap();
    let surface = intensity(&points, &grid, Kernel::Quartic, metres(120.0));
    for part in [0.02, 0.2, 0.5] {
        let rule = HotspotRule { minimum_count: 3, ..rule(part * surface.peak()) };
        let found = on_threads(1, || hotspots(&surface, &rule, &outline, &all));
        assert_lawful(&found, &surface, &rule, &outline, &all);
        assert!(found == on_threads(4, || hotspots(&surface, &rule, &outline, &all)));
        let shuffled: Vec<_> = all.iter().rev().copied().collect();
        let other = hotspots(&surface, &rule, &outline, &shuffled);
        let ids =
            |found: &Hotspots| found.ranked.iter().map(|h| (h.peak.cell, h.held.count)).collect::<Vec<_>>();
        assert_eq!(ids(&found), ids(&other));
    }
}

#[test]
fn shares_of_areas_add_up_where_they_cover_the_polygon() {
    let ward = |west: f64, east: f64| {
        let grid = rectangle(west, 0.0, east, 100.0);
        Area {
            code: AreaCode(String::new()),
            name: String::new(),
            area: SquareMetres(grid.0.unsigned_area()),
            grid,
            lonlat: LonLatShape(MultiPolygon(Vec::new())),
            denominators: Denominators::default(),
        }
    };
    let wards: Vec<_> = (0..5_u8).map(|i| ward(f64::from(i) * 40.0, f64::from(i) * 40.0 + 40.0)).collect();
    let star = shape(&[vec![(100.0, 5.0), (160.0, 50.0), (100.0, 95.0), (90.0, 50.0)]]);
    let shares = area_shares(&star.0.0[0], &wards);
    assert_eq!(shares.iter().map(|share| share.area).collect::<Vec<_>>(), [2, 3]);
    assert!((shares.iter().map(|share| share.share).sum::<f64>() - 1.0).abs() < 1e-6);
    assert!(area_shares(&star.0.0[0], &[]).is_empty());
    let away = rectangle(-90.0, 0.0, -10.0, 10.0);
    assert!(area_shares(&away.0.0[0], &wards).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Few levels on a small raster: plateaus, saddles, holes and regions that touch the edge.
    #[test]
    fn any_surface_gives_lawful_hotspots(
        levels in prop::collection::vec(0_u8..5, 100),
        limit in prop_oneof![Just(1.0), Just(2.0), 0.1..4.0_f64],
        spots in prop::collection::vec((0_u8..100, 0_u8..100, 1_u32..5), 0..40),
        cut in any::<bool>(),
        minimum_count in 0_u64..4,
    ) {
        let surface = surface(10, &levels.into_iter().map(f64::from).collect::<Vec<_>>());
        let outline = if cut {
            shape(&[
                // No edge runs through the centre of a cell, where rounding would decide.
                vec![(50.3, -20.1), (117.2, 52.7), (48.4, 121.6), (-18.5, 49.9)],
                vec![(40.1, 40.7), (41.3, 62.2), (63.6, 58.8)],
            ])
        } else {
            everywhere()
        };
        let all: Vec<_> = spots
            .into_iter()
            .map(|(e, n, count)| events(f64::from(e), f64::from(n), count, 1.5 * f64::from(count)))
            .collect();
        let rule = HotspotRule { minimum_count, ..rule(limit) };
        assert_lawful(&hotspots(&surface, &rule, &outline, &all), &surface, &rule, &outline, &all);
    }
}
