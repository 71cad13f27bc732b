//! Looking a postcode up, and suggesting what begins so: the sorted columns against going through all of them.

#![allow(missing_docs, clippy::expect_used, reason = "a bench is no interface and may stop at once")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use hotspots::{
    gazetteer::{Gazetteer, Postcode, PostcodeEntry, Quality, prefix::Prefix},
    model::GridPoint,
};

/// As many postcodes as four areas around Dudley have.
const POSTCODES: usize = 72_000;
/// The letters of an inward code.
const LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";

/// Postcodes in the districts of four areas, in order.
fn entries() -> Vec<PostcodeEntry> {
    let quality = Quality::new(10).expect("a quality");
    let districts =
        ["B", "DY", "WS", "WV"].into_iter().flat_map(|area| (1..=14).map(move |of| format!("{area}{of}")));
    let inward = |number: usize| {
        let letter = |at: usize| char::from(LETTERS[at % LETTERS.len()]);
        format!("{}{}{}", number / 400 % 10, letter(number / 20), letter(number))
    };
    let all =
        districts.flat_map(|district| (0..4_000).map(move |number| format!("{district} {}", inward(number))));
    let entry = |(number, text): (usize, String)| PostcodeEntry {
        postcode: text.parse().expect("a postcode"),
        grid: GridPoint::new(
            380_000.0 + (number % 200) as f64 * 100.0,
            280_000.0 + (number / 200) as f64 * 50.0,
        )
        .expect("a position"),
        quality,
        terminated: false,
    };
    all.step_by(3).take(POSTCODES).enumerate().map(entry).collect()
}

fn looking_up(criterion: &mut Criterion) {
    let entries = entries();
    let gazetteer = Gazetteer::new(entries.clone(), Vec::new());
    let wanted: Vec<Postcode> = entries.iter().step_by(97).map(|entry| entry.postcode).collect();
    let mut group = criterion.benchmark_group(format!("{} of {} postcodes", wanted.len(), entries.len()));
    group.bench_function("sorted columns", |bencher| {
        bencher.iter(|| wanted.iter().filter_map(|one| gazetteer.postcode(black_box(*one))).count());
    });
    group.sample_size(10);
    group.bench_function("one after the other", |bencher| {
        let find = |one: &Postcode| entries.iter().find(|entry| entry.postcode == black_box(*one));
        bencher.iter(|| wanted.iter().filter_map(find).count());
    });
    group.finish();
}

fn suggesting(criterion: &mut Criterion) {
    let entries = entries();
    let gazetteer = Gazetteer::new(entries.clone(), Vec::new());
    let mut group = criterion.benchmark_group("eight suggestions");
    for typed in ["dy", "dy1", "dy1 1", "wv144zz"] {
        let prefix = Prefix::of(typed).expect("a beginning");
        group.bench_function(format!("{typed}, sorted columns"), |bencher| {
            bencher.iter(|| {
                let parts = gazetteer.parts_beginning(black_box(&prefix)).map(|part| part.part.to_string());
                let postcodes =
                    gazetteer.postcodes_beginning(&prefix).map(|entry| entry.postcode.to_string());
                parts.chain(postcodes).take(8).collect::<Vec<_>>()
            });
        });
        group.bench_function(format!("{typed}, one after the other"), |bencher| {
            bencher.iter(|| {
                let begun = entries.iter().filter(|entry| black_box(&prefix).begins(entry.postcode));
                begun.map(|entry| entry.postcode.to_string()).take(8).collect::<Vec<_>>()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, looking_up, suggesting);
criterion_main!(benches);
