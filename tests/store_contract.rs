//! What every store of incidents, of the log of priorities and of the gazetteer promises. The suite knows the trait alone; a store joins it by one
//! line at the end.

#![expect(clippy::unwrap_used, reason = "a test stops at once on what cannot be")]

use std::{path::PathBuf, time::Duration};

use hotspots::{
    gazetteer::{EntryKind, PostcodeEntry, Quality, SourceFile, Uprn, UprnEntry},
    model::{
        Category, Generation, GridPoint, Incident, LonLat, Occurred, Position, PositionedBy, PriorityChange,
        PriorityEntry, PriorityId, PriorityOrigin, TimePrecision,
    },
    store::{
        Committed, Import, IncidentStore, Logged, StoreError, StoredIncident, geopackage::GeoPackageStore,
    },
};

/// Somewhere a store is kept. Opening it again opens the same store; it is empty at first.
trait Place {
    /// Opens the store; its imports wait so long for another one.
    fn open_waiting(&self, import_wait: Duration) -> Box<dyn IncidentStore>;

    fn open(&self) -> Box<dyn IncidentStore> {
        self.open_waiting(Duration::from_secs(30))
    }
}

/// A police.uk-like incident; `tag` tells it from its fellows.
fn recorded(source: &str, month: &str, tag: &str) -> Incident {
    Incident {
        source: source.to_owned(),
        own_id: None,
        reference: None,
        occurred: Occurred::in_month(month.parse().unwrap()),
        category: Category::from_label("Burglary").unwrap(),
        weight: 1.0,
        position: Some(position(394_607.653, 294_649.284, -2.080_949, 52.549_678)),
        positioned_by: PositionedBy::Coordinates,
        street: Some(tag.to_owned()),
        outcome: None,
        attributes: Vec::new(),
    }
}

fn with_id(source: &str, own_id: &str, month: &str, tag: &str) -> Incident {
    Incident { own_id: Some(own_id.to_owned()), ..recorded(source, month, tag) }
}

fn position(easting_m: f64, northing_m: f64, lon_deg: f64, lat_deg: f64) -> Position {
    Position {
        grid: GridPoint::new(easting_m, northing_m).unwrap(),
        lonlat: LonLat::new(lon_deg, lat_deg).unwrap(),
    }
}

fn add(import: &mut dyn Import, incidents: &[Incident]) {
    for incident in incidents {
        import.add(incident).unwrap();
    }
}

fn import(store: &dyn IncidentStore, incidents: &[Incident]) -> Committed {
    let mut import = store.begin_import().unwrap();
    add(&mut *import, incidents);
    import.commit().unwrap()
}

/// Everything a scan shows but the row ids, sorted.
fn shown(store: &dyn IncidentStore) -> (Generation, Vec<String>) {
    let mut rows = Vec::new();
    let generation = store
        .scan(&mut |incident| rows.push(format!("{:?}", StoredIncident { row_id: 0, ..incident })))
        .unwrap();
    rows.sort_unstable();
    (generation, rows)
}

/// The tags of what is stored, sorted.
fn tags(store: &dyn IncidentStore) -> Vec<String> {
    let mut tags = Vec::new();
    store.scan(&mut |incident| tags.push(incident.street.unwrap().to_owned())).unwrap();
    tags.sort_unstable();
    tags
}

fn row_ids(store: &dyn IncidentStore) -> Vec<i64> {
    let mut ids = Vec::new();
    store.scan(&mut |incident| ids.push(incident.row_id)).unwrap();
    ids.sort_unstable();
    ids
}

fn a_new_store_is_empty(place: &dyn Place) {
    let store = place.open();
    assert_eq!(store.generation().unwrap(), Generation(0));
    assert_eq!(shown(&*store), (Generation(0), Vec::new()));
    assert!(!store.id().0.is_empty());
}

fn a_batch_imported_again_changes_nothing(place: &dyn Place) {
    let store = place.open();
    // Antisocial behaviour: equal in every field, and still two incidents.
    let batch = ["same", "same", "other"].map(|tag| recorded("a-force", "2014-01", tag));
    let first = import(&*store, &batch);
    assert_eq!((first.added, first.replaced), (3, 0));
    let (_, before) = shown(&*store);
    let again = import(&*store, &batch);
    assert_eq!((again.added, again.replaced), (3, 3));
    assert_eq!(shown(&*store).1, before);
    assert_eq!(before.len(), 3);
}

fn a_corrected_batch_replaces_its_month_and_no_other(place: &dyn Place) {
    let store = place.open();
    import(
        &*store,
        &[
            recorded("a-force", "2014-01", "wrong 1"),
            recorded("a-force", "2014-01", "wrong 2"),
            recorded("a-force", "2014-02", "february"),
            recorded("b-force", "2014-01", "other force"),
        ],
    );
    let corrected = import(&*store, &[recorded("a-force", "2014-01", "right")]);
    assert_eq!((corrected.added, corrected.replaced), (1, 2));
    assert_eq!(corrected.batches, [("a-force".to_owned(), "2014-01".parse().unwrap())]);
    assert_eq!(tags(&*store), ["february", "other force", "right"]);
}

fn batches_of_one_import_may_come_mixed(place: &dyn Place) {
    let store = place.open();
    let mixed = [("b", "2014-02"), ("a", "2014-01"), ("b", "2014-01"), ("a", "2014-01"), ("b", "2014-02")]
        .map(|(source, month)| recorded(source, month, "t"));
    for replaced in [0, 5] {
        let committed = import(&*store, &mixed);
        assert_eq!((committed.added, committed.replaced), (5, replaced));
        let named: Vec<String> =
            committed.batches.iter().map(|(source, month)| format!("{source} {month}")).collect();
        assert_eq!(named, ["a 2014-01", "b 2014-01", "b 2014-02"]);
        assert_eq!(tags(&*store).len(), 5);
    }
}

fn an_own_id_is_upserted_within_its_source(place: &dyn Place) {
    let store = place.open();
    import(&*store, &[with_id("fire", "1", "2014-01", "old"), with_id("fire", "2", "2014-01", "second")]);
    let ids = row_ids(&*store);
    let committed = import(
        &*store,
        &[
            with_id("fire", "1", "2015-06", "draft"),
            with_id("police", "1", "2014-01", "police"),
            with_id("fire", "1", "2015-07", "new"),
        ],
    );
    assert_eq!((committed.added, committed.replaced), (3, 1), "one of them was stored by an earlier import");
    assert_eq!(committed.batches, []);
    assert_eq!(tags(&*store), ["new", "police", "second"]);
    assert!(ids.iter().all(|id| row_ids(&*store).contains(id)), "an incident keeps its row id");
}

fn own_ids_and_batches_leave_each_other_alone(place: &dyn Place) {
    let store = place.open();
    import(&*store, &[recorded("a", "2014-01", "batch"), with_id("a", "1", "2014-01", "own")]);
    import(&*store, &[with_id("a", "2", "2014-01", "own 2")]);
    assert_eq!(tags(&*store), ["batch", "own", "own 2"]);
    import(&*store, &[recorded("a", "2014-01", "corrected")]);
    assert_eq!(tags(&*store), ["corrected", "own", "own 2"]);
}

fn a_mended_row_completes_its_batch_and_goes_with_it(place: &dyn Place) {
    let store = place.open();
    import(&*store, &[recorded("a", "2014-01", "batch")]);
    let mended = |month: &str| with_id("a", &format!("mended:{month}:file:7"), month, "mended");
    import(&*store, &[mended("2014-01"), mended("2014-02")]);
    assert_eq!(tags(&*store), ["batch", "mended", "mended"]);
    import(&*store, &[recorded("a", "2014-01", "corrected")]);
    assert_eq!(tags(&*store), ["corrected", "mended"], "that of February stays");
}

fn a_dropped_import_leaves_nothing(place: &dyn Place) {
    let store = place.open();
    import(&*store, &[recorded("a", "2014-01", "kept"), with_id("a", "1", "2014-01", "kept too")]);
    let before = shown(&*store);
    let mut dropped = store.begin_import().unwrap();
    add(&mut *dropped, &[recorded("a", "2014-01", "lost"), with_id("a", "1", "2014-02", "lost too")]);
    drop(dropped);
    assert_eq!(shown(&*store), before);
    assert_eq!(store.generation().unwrap(), before.0);
    assert_eq!(import(&*store, &[]).generation, Generation(before.0.0 + 1), "the next import may write");
}

fn a_reader_during_an_import_sees_the_old_generation_whole(place: &dyn Place) {
    let store = place.open();
    import(&*store, &[recorded("a", "2014-01", "old"), with_id("a", "1", "2014-01", "old id")]);
    let (elsewhere, before) = (place.open(), shown(&*store));
    let mut running = store.begin_import().unwrap();
    // More than a page or a packet.
    for number in 0..5_000 {
        running.add(&recorded("a", "2014-01", &format!("new {number}"))).unwrap();
    }
    running.add(&with_id("a", "1", "2014-01", "new id")).unwrap();
    for reader in [&store, &elsewhere] {
        assert_eq!(reader.generation().unwrap(), before.0);
        assert_eq!(shown(&**reader), before);
    }
    running.commit().unwrap();
    for reader in [&store, &elsewhere] {
        assert_eq!(reader.generation().unwrap(), Generation(before.0.0 + 1));
        assert_eq!(tags(&**reader).len(), 5_001);
    }
}

fn a_scan_shows_one_generation_while_the_next_is_committed(place: &dyn Place) {
    let store = place.open();
    import(&*store, &["1", "2", "3"].map(|tag| recorded("a", "2014-01", tag)));
    let mut seen = Vec::new();
    let generation = store
        .scan(&mut |incident| {
            if seen.is_empty() {
                import(&*store, &[recorded("a", "2014-01", "later")]);
            }
            seen.push(incident.street.unwrap().to_owned());
        })
        .unwrap();
    seen.sort_unstable();
    assert_eq!((generation, seen), (Generation(1), ["1", "2", "3"].map(str::to_owned).to_vec()));
    assert_eq!(tags(&*store), ["later"]);
}

fn reopening_keeps_everything(place: &dyn Place) {
    let store = place.open();
    import(&*store, &[recorded("a", "2014-01", "1"), with_id("a", "x", "2014-01", "2")]);
    let (id, before) = (store.id(), shown(&*store));
    drop(store);
    let store = place.open();
    assert_eq!((store.id(), shown(&*store)), (id, before));
    import(&*store, &[with_id("a", "x", "2014-01", "3")]);
    assert_eq!(tags(&*store), ["1", "3"]);
}

fn every_field_comes_back_exactly(place: &dyn Place) {
    let store = place.open();
    let hostile = "'; DROP TABLE incidents; -- \" \\ \n\r\t % _ ? $1 :a \u{feff}\u{202e}né ﷽ 🚓";
    let attributes = vec![("b".to_owned(), hostile.to_owned()), ("a".to_owned(), String::new())];
    let rich = Incident {
        source: hostile.to_owned(),
        own_id: Some(format!("{hostile}{}", "x".repeat(10_000))),
        reference: Some(hostile.to_owned()),
        occurred: Occurred::from_parts(-1, 4_102_444_799, TimePrecision::Minute).unwrap(),
        category: Category::from_label("Übergriff 2").unwrap(),
        weight: 0.1 + 0.2,
        position: Some(position(f64::MIN_POSITIVE, 1_234_567.890_123_456_7, 0.1 + 0.2, -0.0)),
        positioned_by: PositionedBy::Postcode,
        street: Some(String::new()),
        outcome: Some(hostile.to_owned()),
        attributes,
    };
    let bare = Incident {
        occurred: Occurred::on_day(jiff::civil::date(2024, 3, 31)),
        weight: 0.0,
        position: None,
        street: None,
        ..recorded("", "2024-03", "")
    };
    import(&*store, &[rich.clone(), bare.clone()]);
    let mut seen = 0;
    store
        .scan(&mut |stored| {
            seen += 1;
            let (given, json) = if stored.own_id.is_some() { (&rich, true) } else { (&bare, false) };
            let expected = StoredIncident {
                row_id: stored.row_id,
                source: &given.source,
                own_id: given.own_id.as_deref(),
                reference: given.reference.as_deref(),
                occurred: given.occurred,
                category: given.category.as_str(),
                weight: given.weight,
                position: given.position,
                positioned_by: given.positioned_by,
                street: given.street.as_deref(),
                outcome: given.outcome.as_deref(),
                attributes_json: stored.attributes_json,
            };
            assert_eq!(stored, expected);
            assert_eq!(stored.weight.to_bits(), given.weight.to_bits());
            if json {
                let read: serde_json::Value = serde_json::from_str(stored.attributes_json).unwrap();
                assert_eq!((&read["b"], &read["a"]), (&hostile.into(), &"".into()));
                assert!(stored.attributes_json.starts_with(r#"{"b":"#), "the order of the source");
            } else {
                assert_eq!(stored.attributes_json, "");
            }
        })
        .unwrap();
    assert_eq!(seen, 2);
}

fn postcode(text: &str, easting_m: f64) -> PostcodeEntry {
    PostcodeEntry {
        postcode: text.parse().unwrap(),
        grid: GridPoint::new(easting_m, 290_300.25).unwrap(),
        quality: Quality::new(50).unwrap(),
        terminated: text.ends_with('Z'),
    }
}

fn source(kind: EntryKind, name: &str) -> SourceFile {
    let (edition, sha256) = (Some("2025-08".to_owned()), "0".repeat(64));
    SourceFile { kind, name: name.to_owned(), edition, sha256, rows: 9, taken: 2 }
}

fn gazetteer(store: &dyn IncidentStore) -> (u64, Vec<PostcodeEntry>, Vec<UprnEntry>) {
    let (mut postcodes, mut uprns) = (Vec::new(), Vec::new());
    let revision = store.scan_gazetteer(&mut |one| postcodes.push(one), &mut |one| uprns.push(one)).unwrap();
    assert_eq!(revision, store.gazetteer_revision().unwrap());
    postcodes.sort_by_key(|one| one.postcode);
    (revision, postcodes, uprns)
}

fn a_gazetteer_is_replaced_as_a_whole_and_raises_its_revision(place: &dyn Place) {
    let store = place.open();
    assert_eq!(gazetteer(&*store), (0, Vec::new(), Vec::new()));
    assert!(store.gazetteer_sources().unwrap().is_empty());

    let old = [postcode("DY1 1HF", 394_400.0), postcode("DY1 1ZZ", 394_400.1 + 0.2)];
    let of = [source(EntryKind::Postcodes, "old.csv")];
    assert_eq!(store.replace_postcodes(&old, &of).unwrap(), 1);
    let uprns = [UprnEntry { uprn: Uprn::new(999_999_999_999).unwrap(), grid: old[0].grid }];
    let of_uprns = [source(EntryKind::Uprns, "uprn.csv")];
    assert_eq!(store.replace_uprns(&uprns, &of_uprns).unwrap(), 2);
    assert_eq!(gazetteer(&*store), (2, old.to_vec(), uprns.to_vec()));

    let new = [postcode("B1 1AA", 394_000.0)];
    let of_new = [source(EntryKind::Postcodes, "new.csv"), source(EntryKind::Postcodes, "more.csv")];
    assert_eq!(store.replace_postcodes(&new, &of_new).unwrap(), 3);
    drop(store);
    let store = place.open();
    assert_eq!(gazetteer(&*store), (3, new.to_vec(), uprns.to_vec()));
    let sources: Vec<_> = store.gazetteer_sources().unwrap().into_iter().map(|source| source.name).collect();
    assert_eq!(sources, ["new.csv", "more.csv", "uprn.csv"]);
    assert_eq!(store.generation().unwrap(), Generation(0), "incidents have not changed");

    // Two of one name, and none of the kind: nothing of it is stored.
    assert!(store.replace_postcodes(&[old[0], old[0]], &of).is_err());
    assert!(store.replace_postcodes(&old, &of_uprns).is_err());
    assert_eq!(gazetteer(&*store), (3, new.to_vec(), uprns.to_vec()));
}

fn a_gazetteer_is_the_old_one_to_who_reads_while_it_is_replaced(place: &dyn Place) {
    let store = place.open();
    let of = [source(EntryKind::Postcodes, "old.csv")];
    store.replace_postcodes(&[postcode("DY1 1HF", 1.0), postcode("DY1 1HG", 2.0)], &of).unwrap();
    let other = place.open();
    let mut seen = Vec::new();
    let revision = store
        .scan_gazetteer(
            &mut |one| {
                seen.push(one.postcode.to_string());
                if seen.len() == 1 {
                    other.replace_postcodes(&[postcode("B1 1AA", 3.0)], &of).unwrap();
                }
            },
            &mut |_| (),
        )
        .unwrap();
    seen.sort_unstable();
    assert_eq!((revision, seen), (1, ["DY1 1HF", "DY1 1HG"].map(str::to_owned).to_vec()));
    assert_eq!(gazetteer(&*store).0, 2);
}

fn every_commit_raises_the_generation_by_one(place: &dyn Place) {
    let store = place.open();
    let batch = [recorded("a", "2014-01", "1")];
    for (expected, incidents) in (1..).zip([&batch[..], &batch[..], &[], &batch[..]]) {
        assert_eq!(import(&*store, incidents).generation, Generation(expected));
        assert_eq!(store.generation().unwrap(), Generation(expected));
        assert_eq!(shown(&*store).0, Generation(expected));
    }
}

fn a_row_id_is_never_used_twice(place: &dyn Place) {
    let store = place.open();
    let mut highest = i64::MIN;
    for _ in 0..3 {
        import(&*store, &["1", "2"].map(|tag| recorded("a", "2014-01", tag)));
        let ids = row_ids(&*store);
        assert!(ids[0] > highest, "{ids:?} after {highest}");
        highest = ids[1];
    }
}

fn a_second_import_is_told_that_the_store_is_busy(place: &dyn Place) {
    let (store, impatient) = (place.open(), place.open_waiting(Duration::from_millis(20)));
    let mut first = store.begin_import().unwrap();
    add(&mut *first, &[recorded("a", "2014-01", "first")]);
    assert!(matches!(impatient.begin_import().err(), Some(StoreError::Busy)));
    first.commit().unwrap();
    import(&*impatient, &[recorded("b", "2014-01", "second")]);
    assert_eq!(tags(&*store), ["first", "second"]);
}

fn imports_at_the_same_time_wait_for_each_other(place: &dyn Place) {
    let store = place.open();
    std::thread::scope(|scope| {
        for number in 0..4 {
            let store = &*store;
            scope.spawn(move || {
                for round in 0..5 {
                    import(store, &[with_id("a", &format!("{number} {round}"), "2014-01", "t")]);
                }
            });
        }
    });
    assert_eq!(store.generation().unwrap(), Generation(20));
    assert_eq!(tags(&*store).len(), 20);
}

/// Version `version` of a priority, as somebody would define it.
fn defined(id: &str, version: u32) -> PriorityEntry {
    PriorityEntry {
        priority: PriorityId::new(id).unwrap(),
        version,
        at_s: 1_770_000_000 + i64::from(version),
        author: "Zoë O'Brien; DROP TABLE".to_owned(),
        origin: if version == 1 { PriorityOrigin::File } else { PriorityOrigin::Http },
        change: if version == 1 { PriorityChange::Created } else { PriorityChange::Retired },
        note: (version > 1).then(|| "two\nlines \u{202e}".to_owned()),
        definition: format!("{{\"schema\":1,\"id\":\"{id}\"}}"),
    }
}

fn priorities_are_logged_in_order_and_come_back_as_given(place: &dyn Place) {
    let store = place.open();
    assert_eq!((store.priorities_revision().unwrap(), store.priority_entries().unwrap()), (0, Vec::new()));
    let (first, second) = (vec![defined("b", 1), defined("a", 1)], vec![defined("b", 2)]);
    assert_eq!(store.log_priorities(0, &first).unwrap(), Logged::Added);
    assert_eq!(store.log_priorities(2, &second).unwrap(), Logged::Added);
    let all: Vec<_> = first.into_iter().chain(second).collect();
    let elsewhere = place.open();
    for reader in [&store, &elsewhere] {
        assert_eq!(reader.priorities_revision().unwrap(), 3);
        assert_eq!(reader.priority_entries().unwrap(), all);
    }
    drop((store, elsewhere));
    assert_eq!(place.open().priority_entries().unwrap(), all, "opened again");
}

fn whoever_did_not_know_the_newest_entry_logs_nothing(place: &dyn Place) {
    let (store, other) = (place.open(), place.open());
    assert_eq!(store.log_priorities(0, &[defined("a", 1)]).unwrap(), Logged::Added);
    for after in [0, 2, u64::MAX] {
        assert_eq!(other.log_priorities(after, &[defined("b", 1)]).unwrap(), Logged::Overtaken);
    }
    assert_eq!(other.priority_entries().unwrap(), [defined("a", 1)]);
}

fn entries_are_logged_together_or_not_at_all(place: &dyn Place) {
    let store = place.open();
    assert_eq!(store.log_priorities(0, &[defined("a", 1)]).unwrap(), Logged::Added);
    // The second of them is a version that there is.
    assert!(store.log_priorities(1, &[defined("b", 1), defined("a", 1)]).is_err());
    assert_eq!(store.priority_entries().unwrap(), [defined("a", 1)]);
    assert_eq!(store.log_priorities(1, &[defined("b", 1)]).unwrap(), Logged::Added, "and it goes on");
}

fn of_many_that_log_at_once_each_finds_its_place(place: &dyn Place) {
    let store = place.open();
    std::thread::scope(|scope| {
        for number in 0..4 {
            let store = &*store;
            scope.spawn(move || {
                for version in 1..=5 {
                    let entry = [defined(&format!("p{number}"), version)];
                    while store.log_priorities(store.priorities_revision().unwrap(), &entry).unwrap()
                        == Logged::Overtaken
                    {}
                }
            });
        }
    });
    let entries = store.priority_entries().unwrap();
    assert_eq!(entries.len(), 20);
    for number in 0..4 {
        let id = format!("p{number}");
        let versions =
            entries.iter().filter(|entry| entry.priority.as_str() == id).map(|entry| entry.version);
        assert!(versions.eq(1..=5), "{id}");
    }
}

fn incidents_and_priorities_leave_each_other_alone(place: &dyn Place) {
    let store = place.open();
    assert_eq!(store.log_priorities(0, &[defined("a", 1)]).unwrap(), Logged::Added);
    assert_eq!(store.generation().unwrap(), Generation(0), "no new data");
    import(&*store, &[recorded("a", "2014-01", "1")]);
    assert_eq!(store.priorities_revision().unwrap(), 1);
    let impatient = place.open_waiting(Duration::from_millis(20));
    let running = store.begin_import().unwrap();
    assert!(matches!(impatient.log_priorities(1, &[defined("a", 2)]), Err(StoreError::Busy)));
    assert_eq!(impatient.priority_entries().unwrap(), [defined("a", 1)], "readers do not wait");
    drop(running);
    assert_eq!(impatient.log_priorities(1, &[defined("a", 2)]).unwrap(), Logged::Added);
}

macro_rules! contract {
    ($store:ident, $place:expr) => {
        contract!(
            $store, $place,
            a_new_store_is_empty,
            a_batch_imported_again_changes_nothing,
            a_corrected_batch_replaces_its_month_and_no_other,
            batches_of_one_import_may_come_mixed,
            an_own_id_is_upserted_within_its_source,
            own_ids_and_batches_leave_each_other_alone,
            a_mended_row_completes_its_batch_and_goes_with_it,
            a_dropped_import_leaves_nothing,
            a_reader_during_an_import_sees_the_old_generation_whole,
            a_scan_shows_one_generation_while_the_next_is_committed,
            reopening_keeps_everything,
            every_field_comes_back_exactly,
            a_gazetteer_is_replaced_as_a_whole_and_raises_its_revision,
            a_gazetteer_is_the_old_one_to_who_reads_while_it_is_replaced,
            every_commit_raises_the_generation_by_one,
            a_row_id_is_never_used_twice,
            a_second_import_is_told_that_the_store_is_busy,
            imports_at_the_same_time_wait_for_each_other,
            priorities_are_logged_in_order_and_come_back_as_given,
            whoever_did_not_know_the_newest_entry_logs_nothing,
            entries_are_logged_together_or_not_at_all,
            of_many_that_log_at_once_each_finds_its_place,
            incidents_and_priorities_leave_each_other_alone,
        );
    };
    ($store:ident, $place:expr, $($promise:ident),+ $(,)?) => {
        mod $store {
            $(#[test]
            fn $promise() {
                super::$promise(&$place);
            })+
        }
    };
}

/// A file in a folder of its own.
struct InFile(tempfile::TempDir);

impl InFile {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("incidents.gpkg")
    }
}

impl Place for InFile {
    fn open_waiting(&self, import_wait: Duration) -> Box<dyn IncidentStore> {
        Box::new(GeoPackageStore::open(&self.path()).unwrap().with_import_wait(import_wait))
    }
}

contract!(geopackage, super::InFile::new());
