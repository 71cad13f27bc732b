//! The boundary sets that tests and benches work on.

#![allow(clippy::expect_used, clippy::panic, reason = "a test may stop at once on what cannot be")]

use std::{fs, path::PathBuf};

use hotspots::{boundary::manifest, model::BoundarySet};
use tempfile::TempDir;

/// A file of `../shared`. `None`, with a word, where the folder is absent; with `REQUIRE_SHARED=1`
/// that is a failure.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var("REQUIRE_SHARED").as_deref() != Ok("1"),
        "REQUIRE_SHARED=1, but {} is absent",
        path.display()
    );
    println!("skipped: ../shared is absent");
    None
}

/// The set that the project ships.
pub(crate) fn schematic() -> BoundarySet {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("boundaries/dudley.toml");
    manifest::load(&path).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The wards of Dudley of a year (2013 or 2024) as layer `ward`, with `more` in the manifest before it.
pub(crate) fn real_wards(year: u16, more: &str) -> Option<BoundarySet> {
    let file = shared(&format!("data/boundaries/wards_{year}_E08000027.geojson"))?;
    let (file, short) = (file.display(), year % 100);
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("dudley.toml");
    let text = format!(
        r#"
        name = "Dudley"
        code = "E08000027"
        grid = "EPSG:27700"
        {more}
        [[layer]]
        id = "ward"
        title = "Wards"
        file = '{file}'
        id_field = "WD{short}CD"
        name_field = "WD{short}NM"
        vintage = "{year}"
        licence = "Open Government Licence v3.0"
        "#
    );
    fs::write(&path, text).expect("a file in a temporary folder");
    Some(manifest::load(&path).unwrap_or_else(|faults| panic!("{faults}")))
}
