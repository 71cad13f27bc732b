use std::fs;

use rusqlite::Connection;

use super::*;
use crate::{
    model::{
        Category, GridPoint, Incident, LonLat, Occurred, Position, PositionedBy, PriorityChange, PriorityId,
        PriorityOrigin,
    },
    store::StoreError,
};

fn incident(easting_m: f64, northing_m: f64) -> Incident {
    Incident {
        source: "a-force".to_owned(),
        own_id: None,
        reference: None,
        occurred: Occurred::in_month("2024-07".parse().unwrap()),
        category: Category::from_label("Drugs").unwrap(),
        weight: 1.0,
        position: Some(Position {
            grid: GridPoint::new(easting_m, northing_m).unwrap(),
            lonlat: LonLat::new(-2.0, 52.5).unwrap(),
        }),
        positioned_by: PositionedBy::Coordinates,
        street: None,
        outcome: None,
        attributes: Vec::new(),
    }
}

fn import(store: &GeoPackageStore, incidents: &[Incident]) {
    let mut import = store.begin_import().unwrap();
    for incident in incidents {
        import.add(incident).unwrap();
    }
    import.commit().unwrap();
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("incidents.gpkg");
    (folder, path)
}

/// What another program sees in the file.
fn one<T: rusqlite::types::FromSql>(path: &Path, sql: &str) -> T {
    Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn the_file_is_a_geopackage() {
    let (_folder, path) = folder();
    let store = GeoPackageStore::open(&path).unwrap();
    import(&store, &[incident(394_607.653, 294_649.284)]);
    assert_eq!(one::<i64>(&path, "PRAGMA application_id"), 0x4750_4B47);
    assert_eq!(one::<i64>(&path, "PRAGMA user_version"), 10_300);
    assert_eq!(one::<String>(&path, "PRAGMA integrity_check"), "ok");
    assert_eq!(one::<i64>(&path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_eq!(
        one::<String>(
            &path,
            "SELECT group_concat(srs_id) FROM (SELECT srs_id FROM gpkg_spatial_ref_sys ORDER BY 1)"
        ),
        "-1,0,4326,27700"
    );
    assert_eq!(
        one::<String>(
            &path,
            "SELECT data_type || ' ' || column_name || ' ' || geometry_type_name || ' ' || g.srs_id \
             FROM gpkg_contents JOIN gpkg_geometry_columns g USING (table_name) WHERE table_name = 'incidents'"
        ),
        "features geom POINT 27700"
    );
    assert_eq!(
        one::<String>(&path, "SELECT typeof(geom) || ' ' || month || ' ' || day FROM incidents"),
        "blob 2024-07 2024-07-01"
    );
}

#[test]
fn the_extent_takes_in_every_import() {
    let (_folder, path) = folder();
    let store = GeoPackageStore::open(&path).unwrap();
    let extent = "SELECT min_x || ' ' || min_y || ' ' || max_x || ' ' || max_y FROM gpkg_contents \
                  WHERE table_name = 'incidents'";
    import(&store, &[Incident { position: None, ..incident(1.0, 1.0) }]);
    assert_eq!(one::<Option<String>>(&path, extent), None);
    import(&store, &[incident(10.5, 40.0), incident(20.0, 30.0)]);
    assert_eq!(one::<String>(&path, extent), "10.5 30.0 20.0 40.0");
    import(&store, &[incident(15.0, 50.0)]);
    assert_eq!(one::<String>(&path, extent), "10.5 30.0 20.0 50.0");
}

#[test]
fn each_commit_is_logged_with_its_batches() {
    let (_folder, path) = folder();
    let store = GeoPackageStore::open(&path).unwrap();
    import(&store, &[incident(1.0, 1.0), incident(2.0, 2.0)]);
    import(&store, &[incident(3.0, 3.0)]);
    assert_eq!(
        one::<String>(
            &path,
            "SELECT group_concat(generation || ' ' || added || ' ' || replaced || ' ' || batches, '; ') \
             FROM hotspots_imports"
        ),
        r#"1 2 0 [["a-force","2024-07"]]; 2 1 2 [["a-force","2024-07"]]"#
    );
}

#[test]
fn what_is_no_store_is_refused_and_left_as_it_was() {
    let (folder, path) = folder();
    let said = |fault: StoreError, word: &str| {
        let StoreError::Foreign { reason, place } = fault else { panic!("{fault}") };
        assert!(reason.contains(word), "{reason}");
        assert!(place.contains(&*folder.path().to_string_lossy()), "{place}");
    };
    let text = "this is a letter, and no database at all; ".repeat(100);
    fs::write(&path, &text).unwrap();
    said(GeoPackageStore::open(&path).unwrap_err(), "no SQLite file");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    for (name, sql, word) in [
        ("other.db", "CREATE TABLE letters (text)", "another kind"),
        ("id.db", "PRAGMA application_id = 7", "application id 7"),
        (
            "qgis.gpkg",
            "PRAGMA application_id = 1196444487; CREATE TABLE gpkg_contents (table_name)",
            "not made by this program",
        ),
    ] {
        let path = folder.path().join(name);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let before = fs::read(&path).unwrap();
        said(GeoPackageStore::open(&path).unwrap_err(), word);
        assert!(fs::read(&path).unwrap() == before, "{name} was changed");
    }
}

#[test]
fn a_file_made_before_there_was_a_log_of_priorities_is_given_one() {
    let (_folder, path) = folder();
    import(&GeoPackageStore::open(&path).unwrap(), &[incident(1.0, 1.0)]);
    let before = "DROP TABLE hotspots_priorities; \
                  DELETE FROM gpkg_contents WHERE table_name = 'hotspots_priorities'";
    Connection::open(&path).unwrap().execute_batch(before).unwrap();
    let store = GeoPackageStore::open(&path).unwrap();
    assert_eq!((store.priorities_revision().unwrap(), store.generation().unwrap()), (0, Generation(1)));
    let kind = "SELECT data_type FROM gpkg_contents WHERE table_name = 'hotspots_priorities'";
    assert_eq!(one::<String>(&path, kind), "attributes");
}

#[test]
fn the_log_of_priorities_cannot_be_rewritten() {
    let (_folder, path) = folder();
    let store = GeoPackageStore::open(&path).unwrap();
    let entry = PriorityEntry {
        priority: PriorityId::new("a").unwrap(),
        version: 1,
        at_s: 0,
        author: "somebody".to_owned(),
        origin: PriorityOrigin::Http,
        change: PriorityChange::Created,
        note: None,
        definition: "{}".to_owned(),
    };
    assert_eq!(store.log_priorities(0, std::slice::from_ref(&entry)).unwrap(), Logged::Added);
    let other = Connection::open(&path).unwrap();
    for sql in ["UPDATE hotspots_priorities SET author = 'nobody'", "DELETE FROM hotspots_priorities"] {
        let fault = other.execute(sql, []).unwrap_err().to_string();
        assert!(fault.contains("never changed"), "{fault}");
    }
    assert_eq!(store.priority_entries().unwrap(), [entry]);
    let columns = "priority, version, at_s, author, origin, change, definition";
    for (row, word) in [
        ("'Bad Id', 1, 0, 'x', 'http', 'created', ''", "Bad Id"),
        ("'b', 1, 0, 'x', 'fax', 'created', ''", "fax"),
    ] {
        let sql = format!("INSERT INTO hotspots_priorities ({columns}) VALUES ({row})");
        other.execute(&sql, []).unwrap();
        let fault = store.priority_entries().unwrap_err();
        assert!(matches!(fault, StoreError::Damaged { .. }) && fault.to_string().contains(word), "{fault}");
        other.execute_batch("DROP TRIGGER IF EXISTS hotspots_priorities_remain; DELETE FROM hotspots_priorities WHERE number > 1").unwrap();
    }
}

#[test]
fn a_store_of_a_newer_version_is_refused_with_what_to_do() {
    let (_folder, path) = folder();
    drop(GeoPackageStore::open(&path).unwrap());
    Connection::open(&path).unwrap().execute("UPDATE hotspots_store SET schema_version = 2", []).unwrap();
    let fault = GeoPackageStore::open(&path).unwrap_err().to_string();
    assert!(fault.contains("newer version") && fault.contains("use that version"), "{fault}");
}

#[test]
fn a_path_that_cannot_be_a_file_is_named_with_the_reason() {
    let (folder, _) = folder();
    for (path, word) in [
        (folder.path().join("absent/incidents.gpkg"), "make it first"),
        (folder.path().to_owned(), "a folder"),
    ] {
        let fault = GeoPackageStore::open(&path).unwrap_err();
        assert!(matches!(fault, StoreError::Unreachable { .. }), "{fault}");
        assert!(fault.to_string().contains(word), "{fault}");
    }
}

#[test]
fn a_file_that_was_replaced_while_in_use_is_noticed() {
    let (folder, path) = folder();
    let store = GeoPackageStore::open(&path).unwrap();
    let other = folder.path().join("other.gpkg");
    drop(GeoPackageStore::open(&other).unwrap());
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(format!("{}{end}", path.display())).ok();
    }
    assert!(matches!(store.begin_import().err(), Some(StoreError::Unreachable { .. })), "gone");
    fs::rename(other, &path).unwrap();
    assert!(matches!(store.begin_import().err(), Some(StoreError::Foreign { .. })));
    assert!(matches!(store.scan(&mut |_| ()), Err(StoreError::Foreign { .. })));
}

#[cfg(unix)]
#[test]
fn the_file_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = folder();
    let store = GeoPackageStore::open(&path).unwrap();
    import(&store, &[incident(1.0, 1.0)]);
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[test]
fn a_row_that_no_import_wrote_is_named() {
    let (_folder, path) = folder();
    let store = GeoPackageStore::open(&path).unwrap();
    import(&store, &[incident(1.0, 1.0), incident(2.0, 2.0)]);
    for (change, back, word) in [
        ("category = 'Drugs'", "category = 'drugs'", "slug"),
        ("precision = 'hour'", "precision = 'month'", "'hour'"),
        ("weight = -1", "weight = 1", "-1"),
        ("weight = 9e999", "weight = 1", "inf"),
        ("weight = 'heavy'", "weight = 1", "weight"),
        ("end_s = start_s - 1", "end_s = start_s", "before it starts"),
        ("start_s = 'noon'", "start_s = end_s", "start_s"),
        ("source = x'ff'", "source = 's'", "source"),
        ("street = cast(x'ff' as text)", "street = NULL", "UTF-8"),
        ("lon = 200", "lon = -2", "200"),
        ("lon = NULL", "lon = -2", "lon"),
        ("geom = x'4750'", "geom = (SELECT geom FROM incidents WHERE id = 1)", "47, 50"),
        ("geom = NULL", "geom = (SELECT geom FROM incidents WHERE id = 1)", "no geometry"),
    ] {
        let set = |to: &str| {
            Connection::open(&path).unwrap().execute(&format!("UPDATE incidents SET {to} WHERE id = 2"), [])
        };
        set(change).unwrap();
        let fault = store.scan(&mut |_| ()).unwrap_err();
        let StoreError::Damaged { row_id, reason } = fault else { panic!("{change}: {fault}") };
        assert_eq!(row_id, 2, "{change}");
        assert!(reason.contains(word), "{change}: {reason}");
        set(back).unwrap();
        store.scan(&mut |_| ()).unwrap();
    }
}

#[test]
fn after_a_failed_write_nothing_more_is_taken() {
    let (_folder, path) = folder();
    let store = GeoPackageStore::open(&path).unwrap();
    for weight in [f64::NAN, f64::INFINITY, -1.0] {
        let mut import = store.begin_import().unwrap();
        import.add(&incident(1.0, 1.0)).unwrap();
        assert!(import.add(&Incident { weight, ..incident(2.0, 2.0) }).is_err());
        assert!(import.add(&incident(3.0, 3.0)).is_err());
        assert!(import.commit().is_err());
    }
    assert_eq!(store.generation().unwrap(), Generation(0));
    assert_eq!(one::<i64>(&path, "SELECT count(*) FROM incidents"), 0);
}

#[test]
fn of_many_that_make_the_file_at_once_all_open_the_same_store() {
    let (_folder, path) = folder();
    let ids: Vec<StoreId> = std::thread::scope(|scope| {
        let openers: Vec<_> =
            (0..8).map(|_| scope.spawn(|| GeoPackageStore::open(&path).unwrap().id())).collect();
        openers.into_iter().map(|opener| opener.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[test]
fn a_store_of_before_is_given_the_gazetteer_and_the_column_that_says_what_placed_an_incident() {
    let (_folder, path) = folder();
    let store = GeoPackageStore::open(&path).unwrap();
    import(&store, &[incident(1.0, 1.0)]);
    drop(store);
    let before = Connection::open(&path).unwrap();
    before
        .execute_batch(
            "ALTER TABLE incidents DROP COLUMN positioned_by; DROP TABLE hotspots_postcodes; \
             DROP TABLE hotspots_uprns; DROP TABLE hotspots_gazetteer; \
             DELETE FROM gpkg_contents WHERE table_name IN \
             ('hotspots_postcodes', 'hotspots_uprns', 'hotspots_gazetteer');",
        )
        .unwrap();
    drop(before);
    let store = GeoPackageStore::open(&path).unwrap();
    assert_eq!(store.gazetteer_revision().unwrap(), 0);
    import(
        &store,
        &[Incident { positioned_by: PositionedBy::Uprn, own_id: Some("x".into()), ..incident(2.0, 2.0) }],
    );
    let mut found = Vec::new();
    store.scan(&mut |one| found.push(one.positioned_by)).unwrap();
    assert_eq!(found, [PositionedBy::Coordinates, PositionedBy::Uprn]);
    let nulls: i64 = one(&path, "SELECT count(*) FROM incidents WHERE positioned_by IS NULL");
    assert_eq!(nulls, 1);
    let schema: i64 = one(&path, "SELECT schema_version FROM hotspots_store");
    assert_eq!(schema, 1);
}

#[test]
fn entries_that_no_loading_wrote_are_told_as_damage() {
    for (column, value, said) in
        [("postcode", "'DY1'", "DY1"), ("easting", "-1", "easting"), ("quality", "11", "11")]
    {
        let (_folder, path) = folder();
        let store = GeoPackageStore::open(&path).unwrap();
        let source = SourceFile {
            kind: crate::gazetteer::EntryKind::Postcodes,
            name: "dy.csv".to_owned(),
            edition: None,
            sha256: String::new(),
            rows: 1,
            taken: 1,
        };
        let entry = PostcodeEntry {
            postcode: "DY1 1HF".parse().unwrap(),
            grid: GridPoint::new(1.0, 2.0).unwrap(),
            quality: crate::gazetteer::Quality::new(10).unwrap(),
            terminated: false,
        };
        store.replace_postcodes(&[entry], &[source]).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute(&format!("UPDATE hotspots_postcodes SET {column} = {value}"), []).unwrap();
        let fault = store.scan_gazetteer(&mut |_| (), &mut |_| ()).unwrap_err();
        assert!(matches!(fault, StoreError::Damaged { .. }) && fault.to_string().contains(said), "{fault}");
    }
}
