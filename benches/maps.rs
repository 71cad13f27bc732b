//! Pictures of 100,000 incidents: a tile of the density from the incidents on and from the held layer, its parts, the
//! incidents themselves, and a map of density, 10,000 hex cells and wards.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench is no interface and may stop at once")]

mod support;

use std::{sync::Arc, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::coord;
use hotspots::{
    analysis::hex::HexResolution,
    feature::{Bounds, Plane, TileId},
    model::{Category, Metres},
    render::map::{Painted, Picture, View, draw},
    service::{
        Compare, Scope, Service,
        analysis::{cells::Statistic, density::DensityParameters},
        collection::{Dataset, LayerMethod, LayerQuestion},
    },
};

const INCIDENTS: usize = 100_000;

/// A service whose every incident is a burglary of 2024 or 2025.
fn service() -> Service {
    support::service(INCIDENTS, |_, incident| incident.category = Category::from_label("Burglary").unwrap())
}

fn question(method: LayerMethod) -> LayerQuestion {
    let scope = Scope {
        priority: Some("burglary".into()),
        period: Some("2024-01/2025-12".parse().unwrap()),
        compare: Some(Compare::No),
        ..Scope::default()
    };
    LayerQuestion { scope, method }
}

/// A question that was not asked before: its radius is another by a nanometre.
fn density(number: u32) -> LayerQuestion {
    let bandwidth = Metres::new(200.0 + f64::from(number) * 1e-9).ok();
    question(LayerMethod::Density(DensityParameters { bandwidth, ..DensityParameters::default() }))
}

fn layer(service: &Service, id: &str, question: &LayerQuestion) -> Arc<Dataset> {
    service.dataset(service.collection(id).unwrap(), question, &service.snapshot()).unwrap()
}

fn picture(layers: &[&Dataset], view: &View) -> Picture {
    let painted: Vec<Painted<'_>> = layers
        .iter()
        .map(|dataset| Painted {
            features: dataset.features.as_ref(),
            rows: None,
            symbology: &dataset.symbologies[0],
        })
        .collect();
    draw(&painted, view, None)
}

fn maps(criterion: &mut Criterion) {
    let service = service();
    let mut group = criterion.benchmark_group("maps");
    group.sample_size(20).measurement_time(Duration::from_secs(5));

    // The tile of zoom 11 that holds most of the borough.
    let tile = View::new(TileId::new(11, 1012, 671).unwrap().bounds(), Plane::Mercator, 512, 512).unwrap();
    let mut number = 0;
    group.bench_function("density tile, 512 px, from 100,000 incidents", |bench| {
        bench.iter(|| {
            number += 1;
            picture(&[&layer(&service, "burglary-density", &density(number))], &tile).png()
        });
    });
    group.bench_function("its layer", |bench| {
        bench.iter(|| {
            number += 1;
            layer(&service, "burglary-density", &density(number))
        });
    });
    let held = layer(&service, "burglary-density", &density(0));
    group.bench_function("density tile from the held layer", |bench| {
        bench.iter(|| picture(&[&held], &tile).png());
    });
    let drawn = picture(&[&held], &tile);
    println!("density tile: {} bytes, {} bands", drawn.png().len(), held.features.len());
    group.bench_function("its file", |bench| bench.iter(|| drawn.png()));

    let incidents = layer(&service, "incidents", &LayerQuestion::default());
    group.bench_function("incidents tile", |bench| bench.iter(|| picture(&[&incidents], &tile).png()));

    let hex = LayerMethod::Hex {
        resolution: HexResolution::new(10).ok(),
        statistic: Statistic::default(),
        with_empty: true,
    };
    let hex = layer(&service, "burglary-hex", &question(hex));
    let wards = layer(&service, "wards", &LayerQuestion::default());
    let corners = (coord! { x: 386_000.0, y: 280_000.0 }, coord! { x: 402_000.0, y: 296_000.0 });
    let borough = Bounds::new(corners.0, corners.1).unwrap();
    let map = View::new(borough, Plane::Grid, 1_024, 1_024).unwrap();
    let name = format!("map, 1024 px, density, {} hex cells and wards", hex.features.len());
    group.bench_function(name, |bench| bench.iter(|| picture(&[&held, &hex, &wards], &map).png()));
    for (name, layer) in [("density", &held), ("hex", &hex), ("wards", &wards)] {
        group.bench_function(format!("of which {name}"), |bench| bench.iter(|| picture(&[layer], &map)));
    }
    let drawn = picture(&[&held, &hex, &wards], &map);
    println!("map: {} bytes", drawn.png().len());
    group.bench_function("of which its file", |bench| bench.iter(|| drawn.png()));
    group.finish();
}

criterion_group!(benches, maps);
criterion_main!(benches);
