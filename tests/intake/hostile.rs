//! Random and mutated input: never a panic, and every row counted.

use hotspots::intake::{BodyFormat, Event, Format, Limits, Options, rejects::RejectWriter};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

use super::{Heard, body, fixture, gzip, zip_of};

const FORMATS: [BodyFormat; 5] = [
    BodyFormat::Plain(Format::Csv),
    BodyFormat::Plain(Format::GeoJson),
    BodyFormat::Plain(Format::NdJson),
    BodyFormat::Gzip(Format::Csv),
    BodyFormat::Zip,
];

/// Small limits, so that they are met too.
fn options() -> Options {
    let limits = Limits {
        total_bytes: 1 << 20,
        expansion_free_bytes: 1 << 16,
        members: 10,
        row_bytes: 500,
        columns: 30,
        ..Limits::default()
    };
    Options { limits, ..Options::default() }
}

fn below(rng: &mut Pcg64, bound: usize) -> usize {
    rng.next_u32() as usize % bound.max(1)
}

/// Reads, and writes the rejects, which must not fail either and must be readable.
fn try_all(format: BodyFormat, bytes: &[u8]) -> Heard {
    let heard = body("fuzz", format, bytes, &options());
    let mut writer: Option<RejectWriter<Vec<u8>>> = None;
    let mut rejects = Vec::new();
    for event in &heard.events {
        match event {
            Event::File { shape, name } => {
                rejects.extend(writer.take().map(|writer| writer.finish().unwrap()));
                writer = Some(RejectWriter::new(Vec::new(), shape, name).unwrap());
            }
            Event::Reject(reject) | Event::Broken(reject) => writer.as_mut().unwrap().write(reject).unwrap(),
            Event::Incident(_) | Event::Unplaced(_) | Event::Skipped { .. } => {}
        }
    }
    rejects.extend(writer.map(|writer| writer.finish().unwrap()));
    if let BodyFormat::Plain(_) = format {
        for text in rejects {
            body("fuzz.rejects", format, &text, &options());
        }
    }
    heard
}

#[test]
fn random_bytes_are_rejected_in_order() {
    let mut rng = Pcg64::seed_from_u64(1);
    let alphabet = b"{}[]\",:;\n\r\\ \t0123-.eEnulltrue\x1e\xff\xc3category";
    for round in 0..1_500 {
        let length = below(&mut rng, 400);
        let bytes: Vec<u8> = (0..length)
            .map(|_| {
                if round % 2 == 0 {
                    rng.next_u32().to_le_bytes()[0]
                } else {
                    alphabet[below(&mut rng, alphabet.len())]
                }
            })
            .collect();
        for format in FORMATS {
            try_all(format, &bytes);
        }
    }
}

#[test]
fn mutated_input_is_read_or_rejected_row_by_row() {
    let mut rng = Pcg64::seed_from_u64(2);
    let seeds: Vec<(BodyFormat, Vec<u8>)> = vec![
        (FORMATS[0], fixture("street.csv")),
        (FORMATS[0], fixture("faulty_street.csv")),
        (FORMATS[0], fixture("fires.csv")),
        (FORMATS[1], fixture("asb.geojson")),
        (FORMATS[1], fixture("faulty.geojson")),
        (FORMATS[1], fixture("calls.ndjson")),
        (FORMATS[2], fixture("calls.ndjson")),
        (FORMATS[2], fixture("faulty.ndjson")),
        (FORMATS[3], gzip(&fixture("street.csv"))),
        (
            FORMATS[4],
            zip_of(&[("a-street.csv", &fixture("street.csv")), ("b.geojson", &fixture("asb.geojson"))]),
        ),
    ];
    let pieces: [&[u8]; 10] =
        [b"\"", b"\n", b",", b"{", b"]", b"\x00", b"\xff\xfe", b"\\u", b"1e999", "２".as_bytes()];
    for round in 0..4_000 {
        let (format, seed) = &seeds[round % seeds.len()];
        let mut bytes = seed.clone();
        for _ in 0..=below(&mut rng, 4) {
            let at = below(&mut rng, bytes.len());
            match below(&mut rng, 5) {
                0 => bytes.truncate(at),
                1 if !bytes.is_empty() => bytes[at] = rng.next_u32().to_le_bytes()[0],
                2 => {
                    let end = (at + below(&mut rng, 40)).min(bytes.len());
                    bytes.drain(at..end);
                }
                3 => {
                    let piece = pieces[below(&mut rng, pieces.len())];
                    bytes.splice(at..at, piece.iter().copied());
                }
                _ => {
                    let end = (at + below(&mut rng, 200)).min(bytes.len());
                    let copy = bytes[at..end].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
        }
        try_all(*format, &bytes);
    }
}

#[test]
fn every_truncation_of_a_good_file_keeps_count() {
    for (format, bytes) in [
        (FORMATS[0], fixture("street.csv")),
        (FORMATS[1], fixture("asb.geojson")),
        (FORMATS[2], fixture("calls.ndjson")),
        (FORMATS[3], gzip(&fixture("street.csv"))),
        (FORMATS[4], zip_of(&[("a-street.csv", &fixture("street.csv"))])),
    ] {
        for end in 0..bytes.trim_ascii_end().len() {
            let heard = try_all(format, &bytes[..end]);
            let complete = matches!(format, BodyFormat::Plain(Format::Csv | Format::NdJson));
            assert!(complete || heard.report.total.rejected > 0, "{format:?} cut at {end} passed for whole");
        }
    }
}
