//! Importing 100,000 incidents into a GeoPackage store, beside the plain way to write them into
//! SQLite.

#![expect(clippy::expect_used, reason = "a bench stops at once on what cannot be")]

mod city;

use std::{hint::black_box, path::Path, time::Duration};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use hotspots::{
    model::Incident,
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

fn importing(criterion: &mut Criterion) {
    let incidents = city::incidents(INCIDENTS, 12_000);
    let mut group = criterion.benchmark_group("importing");
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

criterion_group!(benches, importing);
criterion_main!(benches);
