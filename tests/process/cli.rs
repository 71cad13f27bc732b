//! The command line.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use hotspots::{
    model::Generation,
    store::{IncidentStore, geopackage::GeoPackageStore},
};

use crate::support::{Desk, Running, hotspots, project, run};

const GOOD: &str = "2024-01-02,Deliberate fire,-2.1,52.5";

fn incidents(desk: &Desk) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let store = GeoPackageStore::open(&desk.store()).unwrap();
    store.scan(&mut |at| all.push((at.source.to_owned(), at.category.to_owned()))).unwrap();
    all.sort();
    all
}

#[test]
fn every_command_explains_itself_with_an_example() {
    for command in [
        &[][..],
        &["serve"],
        &["import"],
        &["demonstration"],
        &["profile"],
        &["assessment"],
        &["boundaries", "check"],
        &["boundaries", "schematic"],
    ] {
        let help = run(command.iter().chain(&["--help"])).well().out;
        let example = format!("  hotspots {}", command.join(" "));
        let examples = help.split("Example").nth(1).unwrap_or_else(|| panic!("no example in: {help}"));
        assert!(examples.contains(example.trim_end()), "{help}");
    }
    assert!(run(["--version"]).well().out.starts_with("hotspots "));
    assert_eq!(run(["import"]).code, Some(2), "clap's code for a wrong command line");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_name_and_leaves_no_store() {
    let desk = Desk::new();
    desk.run(["import", "nowhere/at-all.csv"]).refused(&["no file or folder", "nowhere/at-all.csv"]);
    let mapping = desk.path("absent.toml");
    let file = desk.write("fires.csv", &format!("date,category,lon,lat\n{GOOD}\n"));
    let with_mapping =
        |mapping: PathBuf| desk.run(["import".into(), file.clone(), "--mapping".into(), mapping]);
    with_mapping(mapping).refused(&["absent.toml", "No such file"]);
    let broken = desk.write("broken.toml", "source = \"fire\"\n[columns]\ncategory = Cause\n");
    with_mapping(broken).refused(&["broken.toml", "'category = Cause'", "line 3", "a mapping file is TOML"]);
    let unknown = desk.write("unknown.toml", "[columns]\nocurred = \"date\"\n");
    with_mapping(unknown).refused(&["unknown.toml", "'ocurred'", "occurred, start, end"]);
    let half = desk.write("half.toml", "[columns]\nlon = \"X\"\n");
    with_mapping(half).refused(&["half.toml", "lon and lat go together"]);
    assert!(!desk.store().exists());
}

#[test]
fn an_import_of_nothing_fails_and_says_what_is_missing() {
    let desk = Desk::new();
    let empty = desk.path("empty");
    fs::create_dir(&empty).unwrap();
    desk.import(&[&empty]).refused(&["nothing was imported", "empty", ".csv", ".zip"]);

    let strange = desk.write("notes/read-me.doc", "hello");
    let told = desk.import(&[strange.parent().unwrap()]).refused(&["nothing was imported", "notes"]);
    assert!(told.out.contains("read-me.doc: passed over"), "{}", told.out);

    // A column that nobody understands: which, what is there, and what to do.
    let file = desk.write("calls.csv", "date,category,here\n2024-01-02,Fire,1\n");
    let told = desk.import(&[&file]).refused(&["nothing was imported", "--mapping"]);
    for part in
        ["calls.csv: NOT imported, it is not understood", "'lon'", "mapping file", "date, category, here"]
    {
        assert!(told.out.contains(part), "'{part}' is missing in: {}", told.out);
    }
    assert!(!told.out.contains("mend "), "a file of reasons cannot be mended: {}", told.out);
    assert_eq!(GeoPackageStore::open(&desk.store()).unwrap().generation().unwrap(), Generation(0));
}

#[test]
fn a_wrong_manifest_is_refused_by_every_command_that_needs_one() {
    let mut desk = Desk::new();
    let file = desk.write("fires.csv", &format!("date,category,lon,lat\n{GOOD}\n"));
    desk.manifest = desk.path("absent.toml");
    desk.import(&[&file]).refused(&["absent.toml", "cannot be read"]);
    desk.manifest = desk.write(
        "wrong.toml",
        &format!(
            "name = 'D'\ncode = 'X'\ngrid = 'EPSG:27700'\n[[layer]]\nid = 'ward'\ntitle = 'W'\nfile = '{}'\n\
             id_field = 'WD99CD'\nname_field = 'name'\nvintage = 'v'\nlicence = 'l'\n",
            project("boundaries/dudley-wards.geojson").display()
        ),
    );
    for command in [&["serve"][..], &["demonstration"], &["import", file.to_str().unwrap()]] {
        desk.run(command).refused(&["dudley-wards.geojson", "'WD99CD'", "code, name"]);
    }
    desk.manifest = desk.write("typing.toml", "name = 'D'\ncode = 'X'\ngird = 'EPSG:27700'\n");
    desk.run(["serve"]).refused(&["typing.toml", "line 3", "gird"]);
    assert!(!desk.store().exists());
}

#[test]
fn files_that_are_no_store_and_faulty_priorities_are_refused() {
    let desk = Desk::new();
    desk.write("incidents.gpkg", "date,category\n");
    desk.run(["serve"]).refused(&["incidents.gpkg", "no SQLite file", "another path"]);
    assert_eq!(fs::read_to_string(desk.store()).unwrap(), "date,category\n");

    let desk = Desk::new();
    let priorities = desk.write(
        "priorities.toml",
        "[[priority]]\nid = \"fires\"\ntitle = \"Fires\"\nfilter = \"cause = 'x'\"\n\
         period = { last_months = 12, compare = \"before\" }\nmethod = { hex_resolution = 9 }\n",
    );
    desk.run(["serve".into(), "--priorities".into(), priorities]).refused(&[
        "filter",
        "no property 'cause'",
        "category, source",
        "'fires'",
    ]);
}

#[test]
fn rejects_are_counted_kept_and_import_once_they_are_mended() {
    let desk = Desk::new();
    let file = desk.write(
        "fires.csv",
        &format!(
            "date,category,lon,lat\n{GOOD}\n2024-13-02,Deliberate fire,-2.1,52.5\n2024-01-09,Deliberate fire,52.5,-2.1\n\
             2024-01-10,Deliberate fire,,\n"
        ),
    );
    let told = desk.import(&[&file]).well().out;
    for part in [
        "fires.csv: imported, 2 rows",
        "2 rows rejected; mend ",
        "line 3, column date: '2024-13-02'",
        "line 4, column lon: '52.5 -2.1'",
        "4 rows read = 2 accepted + 2 rejected",
        "2 stored (0 earlier ones replaced): 1 without position, 0 outside the borough",
    ] {
        assert!(told.contains(part), "'{part}' is missing in: {told}");
    }
    let path = told.split("; mend ").nth(1).unwrap().split(" and import it").next().unwrap();
    let mode = fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "rejects are as sensitive as incidents");

    let mended = fs::read_to_string(path)
        .unwrap()
        .replace("2024-13-02,Deliberate", "2024-12-02,Deliberate")
        .replace("52.5,-2.1,4", "-2.1,52.5,4");
    fs::write(path, mended).unwrap();
    for _ in 0..2 {
        let told = desk.import(&[path.as_ref()]).well().out;
        assert!(told.contains("2 rows read = 2 accepted + 0 rejected"), "{told}");
        assert_eq!(incidents(&desk), vec![("fires".to_owned(), "deliberate-fire".to_owned()); 4]);
    }
}

#[test]
fn a_reader_of_the_report_that_goes_away_does_not_stop_the_import() {
    let desk = Desk::new();
    for month in 1..=3 {
        let rows = format!("date,category,lon,lat\n2024-0{month}-02,Fire,-2.1,52.5\n");
        desk.write(&format!("files/{month}.csv"), &rows);
    }
    let mut process = Running::start(&mut hotspots(desk.arguments(["import".into(), desk.path("files")])));
    drop((process.0.stdout.take(), process.0.stderr.take()));
    assert_eq!(process.wait(crate::support::PATIENCE).code(), Some(0));
    assert_eq!(incidents(&desk).len(), 3);
}

#[test]
fn the_store_and_what_stands_beside_it_is_its_owners_alone() {
    let desk = Desk::new();
    let file = desk.write("fires.csv", &format!("date,category,lon,lat\n{GOOD}\n"));
    desk.import(&[&file]).well();
    let server = desk.serve(&[]);
    server
        .post("/incidents", "text/csv", format!("date,category,lon,lat\n{GOOD}\n").as_bytes())
        .unwrap()
        .ok();
    for ending in ["gpkg", "gpkg-wal", "gpkg-shm"] {
        let mode = fs::metadata(desk.path(&format!("incidents.{ending}"))).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{ending}");
    }
}

#[test]
fn the_demonstration_fills_an_empty_store_only() {
    let desk = Desk::new();
    let told = desk.run(["demonstration"]).well();
    assert!(told.err.contains("synthetic incidents") && told.err.contains("nothing about them is real"));
    let first = incidents(&desk);
    assert!(first.len() > 30_000 && first.iter().all(|(source, _)| source.starts_with("synthetic")));
    desk.run(["demonstration"]).refused(&["incidents.gpkg", "holds incidents already", "--store"]);
    assert!(first == incidents(&desk));

    // Serving with the demonstration does not touch a store that holds something either.
    let server = desk.serve(&["--demonstration"]);
    let landing = server.get("/").ok().json();
    assert_eq!(landing["incidents"], first.len());
    assert_eq!(landing["generation"], 1);
    let notices = landing["notices"].to_string();
    assert!(notices.contains("synthetic") && notices.contains("schematic"), "{notices}");
    let (_, log) = server.terminate();
    assert!(log.contains("schematic"), "{log}");
}

/// A layer of squares on the grid, each by its code, lower left corner and side.
fn squares(desk: &Desk, squares: &[(&str, f64, f64, f64)]) -> PathBuf {
    let features: Vec<_> = squares
        .iter()
        .map(|(code, e, n, side)| {
            let (east, north) = (e + side, n + side);
            let ring = serde_json::json!([[[e, n], [east, n], [east, north], [e, north], [e, n]]]);
            feature(code, &ring)
        })
        .collect();
    layer(desk, &features)
}

fn feature(code: &str, rings: &serde_json::Value) -> serde_json::Value {
    serde_json::json!({"type": "Feature", "properties": {"code": code, "name": format!("Area {code}")},
        "geometry": {"type": "Polygon", "coordinates": rings}})
}

fn layer(desk: &Desk, features: &[serde_json::Value]) -> PathBuf {
    let text = serde_json::json!({"type": "FeatureCollection", "features": features}).to_string();
    desk.write("areas.geojson", &text);
    desk.write(
        "areas.toml",
        "name = 'Squares'\ncode = 'S'\ngrid = 'EPSG:27700'\n[[layer]]\nid = 'ward'\ntitle = 'W'\n\
         file = 'areas.geojson'\ncrs = 'EPSG:27700'\nid_field = 'code'\nname_field = 'name'\nvintage = 'v'\n\
         licence = 'l'\n",
    )
}

fn check(manifest: PathBuf) -> crate::support::Ended {
    run(["boundaries".into(), "check".into(), manifest])
}

#[test]
fn checking_boundaries_tells_how_they_fit() {
    let told = run(["boundaries", "check"]).well().out;
    assert!(told.contains("ward: 24 areas") && told.contains("beat: "), "{told}");
    assert_eq!(told.matches("no overlaps, no gaps, nothing outside the outline").count(), 2, "{told}");

    // Two squares share a strip of 100 m × 1,000 m. Layers that do not fit are told, not refused.
    let desk = Desk::new();
    let manifest =
        squares(&desk, &[("A", 390_000.0, 285_000.0, 1_000.0), ("B", 390_900.0, 285_000.0, 1_000.0)]);
    let told = check(manifest).well().out;
    assert!(told.contains("does not fit"), "{told}");
    assert!(told.contains("overlap") && told.contains("100000.0 m²") && told.contains("A and B"), "{told}");
}

#[test]
fn checking_boundaries_notes_what_was_put_right() {
    let desk = Desk::new();
    // Two triangles in one ring that touch in a corner.
    let pinched = serde_json::json!([[
        [390_000, 285_000],
        [390_500, 285_500],
        [391_000, 285_000],
        [391_000, 286_000],
        [390_500, 285_500],
        [390_000, 286_000],
        [390_000, 285_000]
    ]]);
    let told = check(layer(&desk, &[feature("A", &pinched)])).well().out;
    let note = "note: areas.geojson: feature 1 (A Area A): exterior ring touches itself, first at easting 390500.0 \
                northing 285500.0, and is read as 2 rings";
    assert!(told.contains(note), "{told}");
}

#[test]
fn checking_broken_boundaries_lists_every_fault_and_fails() {
    let desk = Desk::new();
    let bow_tie = serde_json::json!([[
        [390_000, 285_000],
        [391_000, 286_000],
        [391_000, 285_000],
        [390_000, 286_000],
        [390_000, 285_000]
    ]]);
    let far_away = serde_json::json!([[[0, 0], [1e9, 0], [1e9, 1e9], [0, 0]]]);
    let open = serde_json::json!([[[390_000, 285_000], [391_000, 285_000]]]);
    let mut nameless = feature("D", &bow_tie);
    nameless["properties"] = serde_json::json!({"name": "nobody"});
    let manifest =
        layer(&desk, &[feature("A", &bow_tie), feature("B", &far_away), feature("C", &open), nameless]);
    let told = check(manifest).refused(&[
        "areas.geojson",
        "feature 1",
        "Area A",
        "feature 2",
        "feature 3",
        "feature 4",
    ]);
    assert!(told.err.lines().count() >= 4, "{}", told.err);
}

#[test]
fn the_committed_schematic_boundaries_can_be_drawn_again() {
    let desk = Desk::new();
    let source = project("boundaries/schematic.toml");
    let told = run(["boundaries".into(), "schematic".into(), source, desk.path("")]).well().out;
    assert_eq!(told.lines().count(), 3, "{told}");
    for line in told.lines() {
        let drawn = PathBuf::from(line);
        let committed = project("boundaries").join(drawn.file_name().unwrap());
        assert!(fs::read(&drawn).unwrap() == fs::read(&committed).unwrap(), "{line}");
    }
    let absent = desk.path("absent.toml");
    run(["boundaries".into(), "schematic".into(), absent, desk.path("")]).refused(&["absent.toml"]);
}
