//! A snapshot of 1,000,000 incidents on 12,000 places from the store, and finding places in it.

#![expect(clippy::expect_used, reason = "a bench stops at once on what cannot be")]

mod city;

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hotspots::{
    model::{Generation, GridPoint, Metres, Occurred, Position},
    snapshot::Snapshot,
    store::{IncidentStore, geopackage::GeoPackageStore},
};

const INCIDENTS: u32 = 1_000_000;
const PLACES: u32 = 12_000;

/// What keeping each incident as the store shows it would look like.
struct Owned {
    texts: [String; 3],
    optional: [Option<String>; 4],
    occurred: Occurred,
    weight: f64,
    position: Option<Position>,
}

fn naive(store: &GeoPackageStore) -> (Generation, Vec<Owned>) {
    let mut incidents = Vec::new();
    let generation = store
        .scan(&mut |stored| {
            incidents.push(Owned {
                texts: [stored.source, stored.category, stored.attributes_json].map(str::to_owned),
                optional: [stored.own_id, stored.reference, stored.street, stored.outcome]
                    .map(|text| text.map(str::to_owned)),
                occurred: stored.occurred,
                weight: stored.weight,
                position: stored.position,
            });
        })
        .expect("a good store");
    incidents.sort_by(|a, b| {
        let northing_m = |owned: &Owned| owned.position.map_or(f64::MAX, |p| p.grid.northing_m());
        northing_m(a)
            .total_cmp(&northing_m(b))
            .then_with(|| a.occurred.cmp(&b.occurred))
            .then_with(|| (&a.texts, &a.optional).cmp(&(&b.texts, &b.optional)))
            .then_with(|| a.weight.total_cmp(&b.weight))
    });
    (generation, incidents)
}

fn load(store: &GeoPackageStore) -> Snapshot {
    Snapshot::load(store, 2, &mut |_, areas| {
        areas.fill(Some(0));
        true
    })
    .expect("a good store")
}

fn snapshot(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = GeoPackageStore::open(&folder.path().join("incidents.gpkg")).expect("a store");
    let mut import = store.begin_import().expect("the only import");
    for incident in city::incidents(INCIDENTS, PLACES) {
        import.add(&incident).expect("a good incident");
    }
    import.commit().expect("a good import");

    let mut group = criterion.benchmark_group("snapshot");
    group.throughput(Throughput::Elements(u64::from(INCIDENTS)));
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    group.bench_function("from the store", |bench| bench.iter(|| black_box(load(&store).len())));
    group.bench_function("naive: a sorted list of owned incidents", |bench| {
        bench.iter(|| black_box(naive(&store).1.len()));
    });
    group.finish();

    let snapshot = load(&store);
    let bytes_each = snapshot.memory_bytes() / snapshot.len();
    println!("snapshot: {bytes_each} bytes an incident on {} places", snapshot.places().len());
    finding(criterion, &snapshot);
}

/// Places within 500 m of points along a line through the borough.
fn finding(criterion: &mut Criterion, snapshot: &Snapshot) {
    let radius = Metres::new(500.0).expect("a length");
    let centres: Vec<GridPoint> = (0..100)
        .map(|step| GridPoint::new(388_000.0 + f64::from(step) * 100.0, 288_000.0).expect("on the grid"))
        .collect();
    let places = snapshot.places();
    let mut group = criterion.benchmark_group("places within 500 m, 100 times");
    group.throughput(Throughput::Elements(100));
    group.bench_function("R-tree", |bench| {
        bench.iter(|| {
            centres.iter().map(|centre| snapshot.within_radius(*centre, radius).len()).sum::<usize>()
        });
    });
    group.bench_function("naive: every place", |bench| {
        bench.iter(|| {
            let radius_2 = radius.get() * radius.get();
            let near = |centre: GridPoint| {
                let mut found: Vec<(f64, u32)> = places
                    .ids()
                    .map(|place| (places.grid(place).distance_2(centre), place))
                    .filter(|(distance_2, _)| *distance_2 <= radius_2)
                    .collect();
                found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                found.len()
            };
            centres.iter().map(|centre| near(*centre)).sum::<usize>()
        });
    });
    group.finish();
}

criterion_group!(benches, snapshot);
criterion_main!(benches);
