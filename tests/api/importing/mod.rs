//! Imports by HTTP.

mod refused;
mod taken;

use std::{fmt::Write as _, io::Write};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use crate::{app::TestApp, exchange::Exchange};

const HEADER: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,\
                      Crime type,Last outcome category,Context\r\n";

/// A street file as police.uk publishes it. Every third row has no Crime ID, every fifth no position.
fn street_file(month: &str, rows: u32) -> String {
    let mut file = HEADER.to_owned();
    for row in 0..rows {
        let id = if row % 3 == 0 { String::new() } else { format!("{row:064x}") };
        let at = if row % 5 == 4 {
            ",".to_owned()
        } else {
            format!("{:.6},{:.6}", -2.12 + f64::from(row % 40) * 0.001, 52.48 + f64::from(row % 30) * 0.001)
        };
        let kind = ["Burglary", "Drugs", "Anti-social behaviour"][row as usize % 3];
        writeln!(
            file,
            "{id},{month},West Midlands Police,West Midlands Police,{at},On or near High Street,E01009790,\
             Dudley 001A,{kind},,\r"
        )
        .unwrap();
    }
    file
}

fn post(app: &TestApp, query: &str, media_type: &str, body: &[u8]) -> Exchange {
    app.post(&format!("/incidents{query}"), media_type, body)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// What holds for every report.
fn check(report: &Value) {
    let of = |value: &Value, member: &str| value[member].as_u64().unwrap();
    assert_eq!(of(report, "read"), of(report, "accepted") + of(report, "rejected"), "{report}");
    let files = report["files"].as_array().unwrap();
    for member in ["read", "accepted", "rejected", "unlocated"] {
        assert_eq!(files.iter().map(|file| of(file, member)).sum::<u64>(), of(report, member), "{report}");
    }
    let committed = files.iter().filter(|file| file["committed"] == true).map(|file| of(file, "accepted"));
    assert_eq!(committed.sum::<u64>(), of(report, "stored"), "{report}");
    for file in files {
        assert_eq!(file["committed"] == true, file["reason"].is_null(), "{file}");
        assert_eq!(of(file, "rejected") > 0, file["rejects_url"].is_string(), "{file}");
    }
    for reject in report["rejects"].as_array().unwrap() {
        assert!(files.iter().any(|file| file["name"] == reject["file"]), "{reject}");
    }
}

fn imported(answer: Exchange) -> Value {
    let report = answer.expect(200).json();
    check(&report);
    report
}

/// Everything that the landing page says of the store.
fn held(app: &TestApp) -> Value {
    app.get("/").expect(200).json()
}
