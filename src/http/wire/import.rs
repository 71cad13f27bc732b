//! The report of an import on the wire.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;

use crate::{
    intake::{Unplaced, Why},
    service::importing::{ImportReport, ImportedFile, RejectsFolder},
};

/// What an import did.
#[derive(Serialize)]
pub struct ImportDocument {
    read: u64,
    accepted: u64,
    rejected: u64,
    stored: u64,
    replaced: u64,
    unlocated: u64,
    positioned_by: BTreeMap<&'static str, u64>,
    outside: u64,
    in_no_area: BTreeMap<String, u64>,
    generation: Option<u64>,
    files: Vec<FileDocument>,
    skipped: Vec<Skipped>,
    rejects: Vec<RejectDocument>,
    unplaced: Vec<UnplacedDocument>,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct FileDocument {
    name: String,
    committed: bool,
    reason: Option<&'static str>,
    read: u64,
    accepted: u64,
    rejected: u64,
    unlocated: u64,
    rejects_url: Option<String>,
    batches: Vec<Batch>,
}

#[derive(Serialize)]
struct Batch {
    source: String,
    month: String,
}

#[derive(Serialize)]
struct Skipped {
    name: String,
    reason: String,
}

#[derive(Serialize)]
struct RejectDocument {
    file: String,
    line: u64,
    column: Option<String>,
    value: String,
    rule: String,
}

#[derive(Serialize)]
struct UnplacedDocument {
    file: String,
    line: u64,
    column: String,
    value: String,
    reason: &'static str,
}

impl UnplacedDocument {
    fn of((file, unplaced): &(String, Unplaced)) -> Self {
        let reason = match unplaced.why {
            Why::NotInGazetteer => "not in the gazetteer",
            Why::Partial => "not a full postcode",
            Why::NoPostcodes | Why::NoUprns => "no gazetteer",
        };
        let Unplaced { line, column, value, .. } = unplaced.clone();
        Self { file: file.clone(), line, column, value, reason }
    }
}

impl ImportDocument {
    /// The document of a report whose files of rejects are in `folder`; addresses begin with `base`.
    pub fn of(report: &ImportReport, folder: &RejectsFolder, base: &str) -> Self {
        let file = |file: &ImportedFile| FileDocument {
            name: file.name.clone(),
            committed: file.refused.is_none(),
            reason: file.refused,
            read: file.counts.read,
            accepted: file.counts.accepted,
            rejected: file.counts.rejected,
            unlocated: file.counts.unlocated,
            rejects_url: file.rejects.as_deref().and_then(Path::file_name).map(|name| {
                format!("{base}/imports/{}/rejects/{}", folder.import, encoded(&name.to_string_lossy()))
            }),
            batches: file
                .batches
                .iter()
                .map(|(source, month)| Batch { source: source.clone(), month: month.to_string() })
                .collect(),
        };
        Self {
            read: report.counts.read,
            accepted: report.counts.accepted,
            rejected: report.counts.rejected,
            stored: report.stored,
            replaced: report.replaced,
            unlocated: report.counts.unlocated,
            positioned_by: report.positioned_by.iter().map(|(by, count)| (by.as_str(), *count)).collect(),
            outside: report.outside,
            in_no_area: report.in_no_area.iter().map(|(layer, count)| (layer.to_string(), *count)).collect(),
            generation: report.generation.map(|generation| generation.0),
            files: report.files.iter().map(file).collect(),
            skipped: report
                .skipped
                .iter()
                .map(|(name, reason)| Skipped { name: name.clone(), reason: reason.clone() })
                .collect(),
            rejects: report
                .rejects
                .iter()
                .map(|(file, reject)| RejectDocument {
                    file: file.clone(),
                    line: reject.line,
                    column: reject.column.clone(),
                    value: reject.value.clone(),
                    rule: reject.rule.clone(),
                })
                .collect(),
            unplaced: report.unplaced.iter().map(UnplacedDocument::of).collect(),
            notices: report.notices.clone(),
        }
    }
}

/// A file's name as a segment of an address.
pub fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    name.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
