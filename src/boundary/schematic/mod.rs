//! Draws the schematic boundaries that stand in for official ones, whose geometry is not the
//! project's to give away.
//!
//! A ward is the Voronoi cell of its centroid (all ground that is nearer to it than to any other),
//! clipped to a coarse outline. A beat is one of two or three strips of equal area across the long
//! axis of a ward. Everything drawn says of itself that it is schematic.
//!
//! Neighbours share their vertices exactly, wards with beats and with the outline too, so that the
//! layers have no gaps and no overlaps.

mod draw;
mod write;

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use geo::{CoordsIter, Validation};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde::Deserialize;

use super::{
    fault::{BoundaryFault, BoundaryFaults},
    noding::Nodes,
};
use crate::model::GridPoint;

/// Vertices nearer to each other than this many metres are drawn as one. The files have a resolution
/// of about a centimetre.
const SNAP_M: f64 = 0.1;

/// Wards of so many hectares get three beats, smaller ones two.
const HECTARES_OF_THREE_BEATS: f64 = 400.0;

/// What a set is drawn from.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    code: String,
    name: String,
    prefix: String,
    note: String,
    outline_hm: Vec<[f64; 2]>,
    wards: Vec<SourceWard>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceWard {
    code: String,
    name: String,
    centroid_m: [f64; 2],
    hectares: f64,
}

/// A shape to be written, with what is said about it.
struct Drawn {
    code: String,
    name: String,
    /// The code of the ward that a beat is part of.
    ward: Option<String>,
    shape: MultiPolygon<f64>,
}

/// Draws a set by its source (TOML; `boundaries/schematic.toml` shows the form) and writes
/// `<prefix>-outline.geojson`, `<prefix>-wards.geojson` and `<prefix>-beats.geojson` into a folder.
/// The same source gives the same bytes. Returns the names of the files.
///
/// # Errors
/// All that is wrong with the source; or the file that could not be written.
pub fn generate(source: &Path, out_dir: &Path) -> Result<Vec<PathBuf>, BoundaryFaults> {
    let shown = source.display().to_string();
    let text = fs::read_to_string(source)
        .map_err(|cause| BoundaryFaults::of_file(&shown, format!("it cannot be read: {cause}")))?;
    let source: Source =
        toml::from_str(&text).map_err(|cause| BoundaryFaults::of_file(&shown, cause.to_string()))?;
    let faults = faults_of(&source);
    if !faults.is_empty() {
        return Err(BoundaryFaults(
            faults.into_iter().map(|what| BoundaryFault::of_file(&shown, what)).collect(),
        ));
    }
    let set = draw_set(&source).map_err(|what| BoundaryFaults::of_file(&shown, what))?;
    set.into_iter()
        .map(|(layer, drawn)| {
            let path = out_dir.join(format!("{}-{layer}.geojson", source.prefix));
            write::collection(&path, &drawn, &source.note)
                .map_err(|what| BoundaryFaults::of_file(&path.display().to_string(), what))?;
            Ok(path)
        })
        .collect()
}

fn faults_of(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |what: &str, [x, y]: [f64; 2]| {
        if let Err(fault) = GridPoint::new(x, y) {
            faults.push(format!("{what}: {fault}"));
        }
    };
    for (corner, number) in source.outline_hm.iter().zip(1..) {
        check(&format!("outline_hm, corner {number}"), corner.map(|hm| hm * 100.0));
    }
    for ward in &source.wards {
        check(&format!("ward {}", ward.code), ward.centroid_m);
    }
    let (mut codes, mut centroids) = (HashSet::new(), HashSet::new());
    for SourceWard { code, centroid_m, .. } in &source.wards {
        if !codes.insert(code) {
            faults.push(format!("ward {code}: there are two wards with this code"));
        }
        if !centroids.insert(centroid_m.map(f64::to_bits)) {
            faults.push(format!("ward {code}: another ward has the same centroid"));
        }
    }
    if source.wards.is_empty() {
        faults.push("there are no wards".to_owned());
    }
    if faults.is_empty() {
        faults.extend(
            outline_of(source).validation_errors().iter().map(|fault| format!("outline_hm: {fault}")),
        );
    }
    faults
}

fn outline_of(source: &Source) -> Polygon<f64> {
    let ring: LineString<f64> =
        source.outline_hm.iter().map(|&[x, y]| Coord { x: x * 100.0, y: y * 100.0 }).collect();
    Polygon::new(ring, vec![])
}

/// The layers with the ends of their files' names.
fn draw_set(source: &Source) -> Result<[(&'static str, Vec<Drawn>); 3], String> {
    let outline = MultiPolygon::from(outline_of(source));
    let centroids: Vec<Coord<f64>> =
        source.wards.iter().map(|ward| Coord { x: ward.centroid_m[0], y: ward.centroid_m[1] }).collect();
    let mut wards = Vec::new();
    let mut beats = Vec::new();
    for (ward, cell) in source.wards.iter().zip(draw::voronoi(&centroids, &outline)) {
        if cell.0.is_empty() {
            return Err(format!("ward {}: no ground of the outline is nearest to its centroid", ward.code));
        }
        let strips = if ward.hectares >= HECTARES_OF_THREE_BEATS { 3 } else { 2 };
        for (shape, number) in draw::strips(&cell, strips).into_iter().zip(1..) {
            beats.push(Drawn {
                code: format!("demo-{}-{number}", ward.code),
                name: format!("Demo beat {} {number}", ward.name),
                ward: Some(ward.code.clone()),
                shape,
            });
        }
        wards.push(Drawn { code: ward.code.clone(), name: ward.name.clone(), ward: None, shape: cell });
    }
    let outline = Drawn { code: source.code.clone(), name: source.name.clone(), ward: None, shape: outline };
    let mut set = [("outline", vec![outline]), ("wards", wards), ("beats", beats)];
    share_vertices(set.iter_mut().flat_map(|(_, drawn)| drawn));
    Ok(set)
}

/// Gives every edge the vertices of all others that run along it. What comes first keeps its place.
fn share_vertices<'a>(drawn: impl Iterator<Item = &'a mut Drawn>) {
    let drawn: Vec<&mut Drawn> = drawn.collect();
    let mut nodes = Nodes::new(SNAP_M, []);
    for at in drawn.iter().flat_map(|drawn| drawn.shape.coords_iter()) {
        nodes.snap(at);
    }
    for drawn in drawn {
        drawn.shape = nodes.noded(&drawn.shape);
    }
}
