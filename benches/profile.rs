//! The geographic profile of 10,000 incidents: its figures, its tables and its page, and each of its parts by itself.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench is no interface and may stop at once")]

mod support;

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use hotspots::{
    http::{
        Address, Format,
        reports::{Report, ReportQuestion},
    },
    model::Category,
    service::{Scope, Service, profile::ProfileParameters},
};

/// Incidents of the period; as many again are in the year before, with which it is compared.
const INCIDENTS: usize = 10_000;

/// A service of which every other incident is a burglary, so that half of what is recorded belongs to the priority.
fn service() -> Service {
    support::service(4 * INCIDENTS, |number, incident| {
        if number % 2 == 0 {
            incident.category = Category::from_label("Burglary").unwrap();
        }
    })
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
