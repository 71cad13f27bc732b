//! Counts what was read.

use std::collections::BTreeMap;

use crate::model::PositionedBy;

use super::{Event, Reject, Unplaced, Why};

/// Rejects that a report shows; the others are only counted, and are in the files of rejects.
pub const SHOWN_REJECTS: usize = 100;

/// Names of places that place nothing which a report shows; the others are only counted.
pub const SHOWN_UNPLACED: usize = 100;

/// Counts of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows read; always the sum of the next two.
    pub read: u64,
    /// Incidents.
    pub accepted: u64,
    /// Rejects. A file that cannot be read, and the end of one that is not complete, is one.
    pub rejected: u64,
    /// Incidents without a position, which are among the accepted.
    pub unlocated: u64,
}

/// What was read of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// Path or member name.
    pub name: String,
    /// Its rows.
    pub counts: Counts,
    /// Whether it ended before its end, so that none of it may replace a stored batch.
    pub broken: bool,
}

/// What was read: listens to the events of a reader.
///
/// # Example
/// ```
/// use std::ops::ControlFlow;
/// use hotspots::intake::{BodyFormat, Format, Options, read_body, report::Report};
/// let body = "date,category,lon,lat\n2024-03-09,Fire,,\n2024-03-09,Fire,0,0\n";
/// let mut report = Report::default();
/// read_body("fires.csv", BodyFormat::Plain(Format::Csv), body.as_bytes(), &Options::default(), &mut |event| {
///     report.note(&event);
///     ControlFlow::Continue(())
/// })
/// .unwrap();
/// assert_eq!((report.total.read, report.total.accepted, report.total.rejected), (2, 1, 1));
/// assert_eq!(report.total.unlocated, 1);
/// assert_eq!(report.rejects[0].1.value, "0 0");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Everything together.
    pub total: Counts,
    /// File by file, in the order they were read.
    pub files: Vec<FileReport>,
    /// Files that hold no incidents and were not read, each with the reason.
    pub skipped: Vec<(String, String)>,
    /// The first [`SHOWN_REJECTS`] rejects, each with the name of its file.
    pub rejects: Vec<(String, Reject)>,
    /// How many incidents have a position by what.
    pub positioned_by: BTreeMap<PositionedBy, u64>,
    /// How many incidents name a property or a postcode and could not be placed by it, by the reason. They are among
    /// the unlocated.
    pub unplaced_counts: BTreeMap<Why, u64>,
    /// The first [`SHOWN_UNPLACED`] of them that the gazetteer does not have, or that name a sector or district only,
    /// each with the name of its file.
    pub unplaced: Vec<(String, Unplaced)>,
}

impl Report {
    /// Counts an event.
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::File { name, .. } => {
                self.files.push(FileReport { name: name.clone(), counts: Counts::default(), broken: false });
            }
            Event::Skipped { name, reason } => self.skipped.push((name.clone(), reason.clone())),
            Event::Incident(incident) => {
                let unlocated = u64::from(incident.position.is_none());
                if incident.position.is_some() {
                    *self.positioned_by.entry(incident.positioned_by).or_default() += 1;
                }
                self.count(|counts| {
                    counts.read += 1;
                    counts.accepted += 1;
                    counts.unlocated += unlocated;
                });
            }
            Event::Unplaced(unplaced) => self.unplaced(unplaced),
            Event::Reject(reject) => self.reject(reject),
            Event::Broken(reject) => {
                self.reject(reject);
                if let Some(file) = self.files.last_mut() {
                    file.broken = true;
                }
            }
        }
    }

    fn unplaced(&mut self, unplaced: &Unplaced) {
        *self.unplaced_counts.entry(unplaced.why).or_default() += 1;
        // Without a gazetteer no single name is at fault.
        let is_shown = matches!(unplaced.why, Why::NotInGazetteer | Why::Partial);
        if is_shown && self.unplaced.len() < SHOWN_UNPLACED {
            let file = self.files.last().map(|file| file.name.clone()).unwrap_or_default();
            self.unplaced.push((file, unplaced.clone()));
        }
    }

    fn reject(&mut self, reject: &Reject) {
        self.count(|counts| {
            counts.read += 1;
            counts.rejected += 1;
        });
        if self.rejects.len() < SHOWN_REJECTS {
            let file = self.files.last().map(|file| file.name.clone()).unwrap_or_default();
            self.rejects.push((file, reject.clone()));
        }
    }

    fn count(&mut self, add: impl Fn(&mut Counts)) {
        add(&mut self.total);
        if let Some(file) = self.files.last_mut() {
            add(&mut file.counts);
        }
    }
}
