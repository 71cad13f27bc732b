//! The geographic profile of 10,000 incidents: its figures, its tables and its page, and each of its parts by itself.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench is no interface and may stop at once")]

use std::{hint::black_box, sync::Arc, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use hotspots::{
    boundary::manifest,
    config::{priorities, weights},
    http::{
        Address, Format,
        reports::{Report, ReportQuestion},
    },
    model::Category,
    service::{Scope, Service, priorities::PrioritiesFile, profile::ProfileParameters},
    store::{IncidentStore, geopackage::GeoPackageStore},
    synthetic::SyntheticCity,
};

/// Incidents of the period; as many again are in the year before, with which it is compared.
const INCIDENTS: usize = 10_000;

fn service() -> Service {
    let folder = tempfile::tempdir().unwrap();
    let boundaries = manifest::load("boundaries/dudley.toml".as_ref()).unwrap();
    let store = GeoPackageStore::open(&folder.path().join("incidents.gpkg")).unwrap();
    let mut import = store.begin_import().unwrap();
    let located = (42..)
        .flat_map(|seed| SyntheticCity::seed(seed).incidents(&boundaries).collect::<Vec<_>>())
        .filter(|incident| incident.position.is_some());
    let burglary = Category::from_label("Burglary").unwrap();
    for (number, mut incident) in located.take(4 * INCIDENTS).enumerate() {
        // Every other one, so that half of what is recorded belongs to the priority.
        if number % 2 == 0 {
            incident.category = burglary.clone();
        }
        import.add(&incident).unwrap();
    }
    import.commit().unwrap();
    let priorities = PrioritiesFile {
        priorities: priorities::load(None).unwrap(),
        name: "shipped".to_owned(),
        read_at_s: 0,
    };
    Service::new(boundaries, &priorities, weights::load(None).unwrap(), Arc::new(store)).unwrap()
}

fn profile(criterion: &mut Criterion) {
    let service = service();
    let snapshot = service.snapshot();
    let scope = Scope {
        priority: Some("burglary".into()),
        period: Some("2025-01/2025-12".parse().unwrap()),
        ..Scope::default()
    };
    let parameters = ProfileParameters { places: true, ..ProfileParameters::default() };
    let question = ReportQuestion::Profile(scope.clone(), parameters.clone());
    let address = Address::instead("http://127.0.0.1".into(), "/priorities/burglary/profile".into(), &[]);
    let incidents = service.profile(&scope, &parameters, &snapshot).unwrap().situation.count;

    let mut group = criterion.benchmark_group(format!("profile of {incidents} incidents"));
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    group.bench_function("figures", |bencher| {
        bencher.iter(|| black_box(service.profile(&scope, &parameters, &snapshot).unwrap().findings.len()));
    });
    for (name, format) in [("JSON", Format::Json), ("page", Format::Html), ("workbook", Format::Xlsx)] {
        group.bench_function(format!("{name}, figures and all"), |bencher| {
            bencher.iter(|| {
                let report = Report::make(&question, &service, &snapshot).unwrap();
                black_box(report.file(format, &address, &service, &snapshot).unwrap().bytes.len())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, profile);
criterion_main!(benches);
