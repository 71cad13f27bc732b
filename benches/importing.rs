//! Importing 100,000 incidents: from the text of a police.uk file through reading and locating into
//! a GeoPackage store, the store's part alone, and beside both the plain way to write them into
//! SQLite.

#![expect(clippy::expect_used, reason = "a bench stops at once on what cannot be")]

mod city;

use std::{hint::black_box, ops::ControlFlow, path::Path, time::Duration};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use hotspots::{
    boundary::manifest,
    intake::{BodyFormat, Format, Options, Sink, read_body},
    locate::Locators,
    model::{Incident, LonLat},
    service::importing::{self, Target},
    store::{IncidentStore, geopackage::GeoPackageStore},
};
use rusqlite::{Connection, params};

const INCIDENTS: u32 = 100_000;

fn import(store: &GeoPackageStore, incidents: &[Incident]) {
    let mut import = store.begin_import().expect("the only import");
    for incident in incidents {
        import.add(incident).expect("a good incident");
    }
    black_box(import.commit().expect("a good import"));
}

/// One statement a row, parsed each time, a commit every thousand rows, SQLite as it comes.
fn naive(path: &Path, incidents: &[Incident]) {
    let mut database = Connection::open(path).expect("a database");
    database
        .execute_batch(
            "CREATE TABLE incidents (id INTEGER PRIMARY KEY, source, reference, category, month, start_s, \
             end_s, weight, easting, northing, lon, lat, street, outcome, attributes); \
             CREATE INDEX by_batch ON incidents (source, month);",
        )
        .expect("tables");
    for thousand in incidents.chunks(1_000) {
        let transaction = database.transaction().expect("a transaction");
        for incident in thousand {
            let position = incident.position;
            transaction
                .execute(
                    "INSERT INTO incidents (source, reference, category, month, start_s, end_s, weight, \
                     easting, northing, lon, lat, street, outcome, attributes) \
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    params![
                        incident.source,
                        incident.reference,
                        incident.category.as_str(),
                        incident.month().to_string(),
                        incident.occurred.start_s(),
                        incident.occurred.end_s(),
                        incident.weight,
                        position.map(|p| p.grid.easting_m()),
                        position.map(|p| p.grid.northing_m()),
                        position.map(|p| p.lonlat.lon_deg()),
                        position.map(|p| p.lonlat.lat_deg()),
                        incident.street,
                        incident.outcome,
                        serde_json::to_string(&incident.attributes).expect("text"),
                    ],
                )
                .expect("a row");
        }
        transaction.commit().expect("a commit");
    }
}

/// The incidents as a street file of data.police.uk.
fn police_file(incidents: &[Incident]) -> Vec<u8> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record([
        "Crime ID",
        "Month",
        "Reported by",
        "Falls within",
        "Longitude",
        "Latitude",
        "Location",
        "LSOA code",
        "LSOA name",
        "Crime type",
        "Last outcome category",
        "Context",
    ])
    .expect("memory");
    for incident in incidents {
        let degrees = |of: fn(LonLat) -> f64| {
            incident.position.map(|position| format!("{:.6}", of(position.lonlat))).unwrap_or_default()
        };
        let (lon, lat) = (degrees(LonLat::lon_deg), degrees(LonLat::lat_deg));
        let month = incident.month().to_string();
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let (reference, street, outcome) =
            (text(&incident.reference), text(&incident.street), text(&incident.outcome));
        let attribute = |at: usize| incident.attributes[at].1.as_str();
        file.write_record([
            &reference,
            &month,
            attribute(0),
            attribute(0),
            &lon,
            &lat,
            &street,
            attribute(1),
            attribute(2),
            incident.category.as_str(),
            &outcome,
            "",
        ])
        .expect("memory");
    }
    file.into_inner().expect("memory")
}

fn from_file(criterion: &mut Criterion) {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("boundaries/dudley.toml");
    let boundaries = manifest::load(&manifest).expect("the schematic boundaries");
    let locators = Locators::new(&boundaries);
    let file = police_file(&city::incidents(INCIDENTS, 12_000));
    let options = Options::default();
    let format = BodyFormat::Plain(Format::Csv);
    let mut group = criterion.benchmark_group("importing a police.uk file");
    group.throughput(Throughput::Elements(u64::from(INCIDENTS)));
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function("reading only", |bench| {
        bench.iter(|| {
            read_body("street.csv", format, file.as_slice(), &options, &mut |event| {
                black_box(event);
                ControlFlow::Continue(())
            })
        });
    });
    group.bench_function("into an empty store", |bench| {
        bench.iter_batched(
            || {
                let folder = tempfile::tempdir().expect("a folder");
                let store = GeoPackageStore::open(&folder.path().join("incidents.gpkg")).expect("a store");
                (folder, store)
            },
            |(folder, store)| {
                let target = Target {
                    store: &store,
                    boundaries: &boundaries,
                    locators: &locators,
                    rejects: &folder.path().join("rejects"),
                };
                let read =
                    |sink: &mut Sink<'_>| read_body("street.csv", format, file.as_slice(), &options, sink);
                let report = importing::import(target, read, &mut |_| ()).expect("a good import");
                assert_eq!(report.stored, u64::from(INCIDENTS));
                (folder, store)
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn into_store(criterion: &mut Criterion) {
    let incidents = city::incidents(INCIDENTS, 12_000);
    let mut group = criterion.benchmark_group("storing");
    group.throughput(Throughput::Elements(u64::from(INCIDENTS)));
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function("into an empty store", |bench| {
        bench.iter_batched(
            || {
                let folder = tempfile::tempdir().expect("a folder");
                let store = GeoPackageStore::open(&folder.path().join("incidents.gpkg")).expect("a store");
                (folder, store)
            },
            |(folder, store)| {
                import(&store, &incidents);
                (folder, store)
            },
            BatchSize::PerIteration,
        );
    });
    let folder = tempfile::tempdir().expect("a folder");
    let store = GeoPackageStore::open(&folder.path().join("incidents.gpkg")).expect("a store");
    import(&store, &incidents);
    group.bench_function("again, replacing every batch", |bench| {
        bench.iter(|| import(&store, &incidents));
    });
    group.bench_function("naive: a statement a row, a commit every 1,000", |bench| {
        bench.iter_batched(
            || tempfile::tempdir().expect("a folder"),
            |folder| {
                naive(&folder.path().join("naive.sqlite"), &incidents);
                folder
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, from_file, into_store);
criterion_main!(benches);
