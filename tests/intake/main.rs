//! Reading incidents, through the public interface only.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    reason = "a test stops at once on what cannot be, and means exact values"
)]

mod csv;
mod files;
mod gazetteer;
mod hostile;
mod json;
mod rejects;
mod shared;

use std::{
    io::{Cursor, Write},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use hotspots::{
    intake::{
        BodyFormat, Event, Format, Options, Reject, mapping::Mapping, read_body, read_paths, report::Report,
    },
    model::Incident,
};

/// Everything that a reader told.
#[derive(Debug, Default)]
struct Heard {
    incidents: Vec<Incident>,
    rejects: Vec<Reject>,
    events: Vec<Event>,
    report: Report,
}

impl Heard {
    fn note(&mut self, event: Event) {
        self.report.note(&event);
        match &event {
            Event::Incident(incident) => self.incidents.push((**incident).clone()),
            Event::Reject(reject) | Event::Broken(reject) => self.rejects.push(reject.clone()),
            Event::Unplaced(_) | Event::File { .. } | Event::Skipped { .. } => {}
        }
        self.events.push(event);
    }

    fn check(self) -> Self {
        for counts in self.report.files.iter().map(|file| file.counts).chain([self.report.total]) {
            assert_eq!(counts.read, counts.accepted + counts.rejected);
        }
        let rows: u64 = self.report.files.iter().map(|file| file.counts.read).sum();
        assert_eq!(rows, self.report.total.read, "every row belongs to a file");
        assert_eq!(self.incidents.len() as u64, self.report.total.accepted);
        assert_eq!(self.rejects.len() as u64, self.report.total.rejected);
        assert!(self.rejects.iter().all(|reject| !reject.rule.is_empty() && reject.value.len() <= 600));
        self
    }

    fn names(&self) -> Vec<&str> {
        self.report.files.iter().map(|file| file.name.as_str()).collect()
    }

    fn any_broken(&self) -> bool {
        self.report.files.iter().any(|file| file.broken)
    }
}

fn body(name: &str, format: BodyFormat, bytes: &[u8], options: &Options) -> Heard {
    let mut heard = Heard::default();
    let flow = read_body(name, format, bytes, options, &mut |event| {
        heard.note(event);
        ControlFlow::Continue(())
    });
    assert!(flow.unwrap().is_continue());
    heard.check()
}

fn csv_text(text: &str) -> Heard {
    body("fires.csv", BodyFormat::Plain(Format::Csv), text.as_bytes(), &Options::default())
}

fn paths(paths: &[&Path], options: &Options) -> Heard {
    let mut heard = Heard::default();
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    let flow = read_paths(&paths, options, &mut |event| {
        heard.note(event);
        ControlFlow::Continue(())
    });
    assert!(flow.unwrap().is_continue());
    heard.check()
}

fn fixture_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/intake").join(name)
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(fixture_path(name)).unwrap()
}

fn with_mapping(text: &str) -> Options {
    Options { mapping: Some(Mapping::parse(text).unwrap()), ..Options::default() }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
