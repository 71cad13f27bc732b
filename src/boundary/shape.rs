//! From the coordinates of a file to a shape in both systems.

use geo::winding_order::{Winding, WindingOrder};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::{
    file_crs::FileCrs,
    files,
    rings::{self, Orphan},
    touching::{self, Ring},
    validity,
};
use crate::model::{GridShape, Invalid, LonLatShape};

/// A feature in both systems, with the same vertices in the same order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shapes {
    pub(super) grid: GridShape,
    pub(super) lonlat: LonLatShape,
    /// What was changed without a change of the ground; `None` where nothing was.
    pub(super) note: Option<String>,
}

/// Converts the parts of a feature, rewinds their rings and validates the outcome. Rings that touch themselves in a vertex
/// are taken apart there.
///
/// # Errors
/// Every fault, as rules. Where rings are broken or vertices cannot be converted, shapes are not
/// validated, as there is none.
pub(super) fn convert(parts: &[files::Part], crs: FileCrs) -> Result<Shapes, Vec<String>> {
    if parts.is_empty() {
        return Err(vec!["its MultiPolygon has no parts".to_owned()]);
    }
    let mut faults = Vec::new();
    let mut notes = Vec::new();
    let mut polygons = Vec::new();
    for (rings, number) in parts.iter().zip(1..) {
        let part = if parts.len() > 1 { format!("part {number}, ") } else { String::new() };
        let converted = convert_part(rings, crs, &part, &mut faults, &mut notes);
        if !faults.is_empty() {
            continue;
        }
        match taken_apart(converted, &part, &mut notes) {
            Ok(found) => polygons.extend(found),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let (grid, lonlat): (Vec<_>, Vec<_>) = polygons.into_iter().map(Rings::into_polygons).unzip();
    let grid = MultiPolygon::new(grid);
    faults.extend(validity::faults(&grid).iter().map(ToString::to_string));
    if !faults.is_empty() {
        return Err(faults);
    }
    let note = (!notes.is_empty()).then(|| notes.join("; "));
    Ok(Shapes { grid: GridShape(grid), lonlat: LonLatShape(MultiPolygon::new(lonlat)), note })
}

/// An exterior ring and holes.
#[derive(Default)]
struct Rings {
    exterior: Ring,
    holes: Vec<Ring>,
}

impl Rings {
    fn into_polygons(self) -> (Polygon<f64>, Polygon<f64>) {
        let (grid_holes, lonlat_holes): (Vec<LineString<f64>>, Vec<LineString<f64>>) =
            self.holes.into_iter().map(|hole| (hole.grid.into(), hole.lonlat.into())).unzip();
        let grid = Polygon::new(self.exterior.grid.into(), grid_holes);
        (grid, Polygon::new(self.exterior.lonlat.into(), lonlat_holes))
    }
}

fn convert_part(
    rings: &[files::Ring],
    crs: FileCrs,
    part: &str,
    faults: &mut Vec<String>,
    notes: &mut Vec<String>,
) -> Rings {
    if rings.is_empty() {
        faults.push(format!("{part}a polygon has at least an exterior ring"));
    }
    let mut converted = rings.iter().enumerate().map(|(number, ring)| {
        let (name, winding) = if number == 0 {
            (format!("{part}exterior ring"), WindingOrder::CounterClockwise)
        } else {
            (format!("{part}hole {number}"), WindingOrder::Clockwise)
        };
        let vertices = convert_ring(ring, crs, &name, faults);
        let mut ring =
            if faults.is_empty() { closed(vertices, &name, faults, notes) } else { Ring::default() };
        if ring.on_grid().winding_order().is_some_and(|found| found != winding) {
            ring.reverse();
        }
        ring
    });
    let exterior = converted.next().unwrap_or_default();
    Rings { exterior, holes: converted.collect() }
}

/// The polygons of a part whose rings may touch themselves: what runs anticlockwise then is an exterior, and what runs
/// clockwise a hole, of the smallest exterior around it.
fn taken_apart(part: Rings, name: &str, notes: &mut Vec<String>) -> Result<Vec<Rings>, String> {
    let mut splits: Vec<Option<touching::Split>> =
        std::iter::once(&part.exterior).chain(&part.holes).map(touching::split).collect();
    if splits.iter().all(Option::is_none) {
        return Ok(vec![part]);
    }
    let (mut exteriors, mut holes) = (Vec::new(), Vec::new());
    for (number, ring) in std::iter::once(part.exterior).chain(part.holes).enumerate() {
        let Some(mut split) = splits[number].take() else {
            if number == 0 {
                exteriors.push(ring);
            } else {
                holes.push(ring);
            }
            continue;
        };
        let of = if number == 0 { "exterior ring".to_owned() } else { format!("hole {number}") };
        let place = format!("easting {:.1} northing {:.1}", split.at.x, split.at.y);
        let found = split.rings.len();
        if found == 0 && number == 0 {
            return Err(format!("{name}{of} encloses no ground: it goes to and fro, also at {place}"));
        }
        notes.push(format!("{name}{of} touches itself, first at {place}, and is read as {found} rings"));
        // Its winding as a whole, as one of its parts may be the other way about.
        let whole: f64 = split.rings.iter().map(|ring| rings::signed_area(&ring.on_grid())).sum();
        if (whole < 0.0) == (number == 0) {
            split.rings.iter_mut().for_each(Ring::reverse);
        }
        let is_exterior = |ring: &Ring| rings::signed_area(&ring.on_grid()) > 0.0;
        let (outer, inner): (Vec<Ring>, Vec<Ring>) = split.rings.into_iter().partition(is_exterior);
        exteriors.extend(outer);
        holes.extend(inner);
    }
    together(exteriors, &holes).map_err(|at| {
        format!(
            "{name}a ring crosses itself in a vertex or a hole lies outside, at easting {:.1} northing {:.1}",
            at.x, at.y
        )
    })
}

/// # Errors
/// A vertex of a hole that lies in no exterior.
fn together(exteriors: Vec<Ring>, holes: &[Ring]) -> Result<Vec<Rings>, Coord<f64>> {
    let lines = |rings: &[Ring]| rings.iter().map(Ring::on_grid).collect::<Vec<_>>();
    let (exterior_lines, hole_lines) = (lines(&exteriors), lines(holes));
    let of =
        rings::holes_of(&exterior_lines.iter().collect::<Vec<_>>(), &hole_lines.iter().collect::<Vec<_>>())
            .map_err(|Orphan(hole)| holes[hole].grid.first().copied().unwrap_or_default())?;
    let part = |(exterior, inside): (Ring, Vec<usize>)| Rings {
        exterior,
        holes: inside.into_iter().map(|hole| holes[hole].clone()).collect(),
    };
    Ok(exteriors.into_iter().zip(of).map(part).collect())
}

/// A vertex in the coordinates of the file, on the grid and in degrees.
type Vertex = (Coord<f64>, Coord<f64>, Coord<f64>);

/// The vertices of a ring without its last, which is the first again. One that falls on the one before it, to the
/// millimetre of the grid, is left out.
fn convert_ring(ring: &[Coord<f64>], crs: FileCrs, name: &str, faults: &mut Vec<String>) -> Vec<Vertex> {
    if ring.len() < 4 {
        faults.push(format!("{name}: a ring has at least 4 positions, this one has {}", ring.len()));
    } else if ring.first() != ring.last() {
        faults.push(format!("{name}: a ring ends where it starts"));
    }
    let mut converted: Vec<Vertex> = Vec::with_capacity(ring.len());
    let mut refused: Option<(usize, Invalid)> = None;
    let mut count = 0_usize;
    for (&at, number) in ring.iter().zip(1..) {
        match crs.place(at.x, at.y) {
            Ok(place) if converted.last().is_some_and(|(_, grid, _)| *grid == place.grid.coord()) => {}
            Ok(place) => {
                let lonlat = Coord { x: place.lonlat.lon_deg(), y: place.lonlat.lat_deg() };
                converted.push((at, place.grid.coord(), lonlat));
            }
            Err(fault) => {
                count += 1;
                refused.get_or_insert((number, fault));
            }
        }
    }
    if let Some((number, fault)) = refused {
        let more =
            if count > 1 { format!(" (and {} more vertices of the ring)", count - 1) } else { String::new() };
        faults.push(format!("{name}, vertex {number}: {fault}{more}"));
    }
    converted.pop();
    converted
}

/// The ring without its spikes, which are looked for in the coordinates of the file: on the grid, what was straight is
/// off by a rounding.
fn closed(vertices: Vec<Vertex>, name: &str, faults: &mut Vec<String>, notes: &mut Vec<String>) -> Ring {
    let (vertices, tips) = touching::without_spikes(vertices, |(at, ..)| *at);
    if vertices.len() < 3 {
        faults.push(format!("{name}: it encloses no ground: a ring has three vertices that lie on no line"));
        return Ring::default();
    }
    if let Some((_, at, _)) = tips.first() {
        let place = format!("easting {:.1} northing {:.1}", at.x, at.y);
        notes.push(format!("{name} goes to and fro, first at {place}, and is read without such spikes"));
    }
    let mut ring = Ring::default();
    for (_, grid, lonlat) in vertices.iter().chain(vertices.first()) {
        ring.grid.push(*grid);
        ring.lonlat.push(*lonlat);
    }
    ring
}
