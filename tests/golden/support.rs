//! Reads the reference results of `../shared/golden`.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use geo::Area as _;
use geo_types::MultiPolygon;
use hotspots::model::{Area, AreaCode, Denominators, GridShape, LonLatShape, SquareMetres};
use serde_json::Value;

/// The folder with the reference results. `None`, with a printed word, where it is absent; a failure where
/// it is absent and `REQUIRE_SHARED=1` says that it must not be.
pub(crate) fn golden() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/golden");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("REQUIRE_SHARED").is_none_or(|v| v != "1"), "../shared is absent");
    println!("skipped: ../shared is absent");
    None
}

/// A table of CSV: each row by the names of its columns.
pub(crate) fn table(path: PathBuf) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

/// A number of a table's row.
pub(crate) fn number(row: &HashMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

pub(crate) fn expected(path: PathBuf) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The polygons of a GeoJSON file with one feature.
pub(crate) fn polygons(path: PathBuf) -> MultiPolygon<f64> {
    let text = fs::read_to_string(path).unwrap();
    let geometry = match text.parse().unwrap() {
        geojson::GeoJson::Geometry(geometry) => geometry,
        geojson::GeoJson::Feature(feature) => feature.geometry.unwrap(),
        geojson::GeoJson::FeatureCollection(mut all) => all.features.remove(0).geometry.unwrap(),
    };
    match geo_types::Geometry::try_from(geometry).unwrap() {
        geo_types::Geometry::MultiPolygon(polygons) => polygons,
        geo_types::Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
        other => panic!("polygons wanted, {other:?} found"),
    }
}

/// The real borough, in both systems.
pub(crate) fn borough(golden: &Path) -> Area {
    let grid = GridShape(polygons(golden.join("inputs/borough_27700.geojson")));
    Area {
        code: AreaCode("E08000027".to_owned()),
        name: "Dudley".to_owned(),
        area: SquareMetres(grid.0.unsigned_area()),
        grid,
        lonlat: LonLatShape(polygons(golden.join("inputs/borough_lonlat.geojson"))),
        denominators: Denominators::default(),
    }
}
