//! Large files: resumed, verified, and nothing kept that is wrong.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use hotspots::fetch::{FetchError, Silent, Wanted, download};
use md5::{Digest, Md5};
use serde_json::json;

use crate::{
    server::{Answer, Request, Server},
    support::{Desk, client},
};

const ADDRESS: &str = "https://files.example.uk/a.zip";

fn bytes() -> Vec<u8> {
    (0..100_000_u32).map(|n| n.to_le_bytes()[n as usize % 3]).collect()
}

/// Answers ranges as servers do; the file has this tag.
fn ranged(request: &Request, tag: &str) -> Answer {
    let all = bytes();
    let start = request
        .header("range")
        .and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    match start {
        Some(start) if request.header("if-range") == Some(tag) => {
            let range = format!("bytes {start}-{}/{}", all.len() - 1, all.len());
            Answer::new(206, &all[start..]).with("Content-Range", &range)
        }
        _ => Answer::new(200, all),
    }
    .with("ETag", tag)
}

/// The first answer breaks off after 40,000 bytes; then the file has the tag `second`.
fn cut_once(second: &'static str) -> Server {
    let first = AtomicBool::new(true);
    Server::start(move |request| {
        if first.swap(false, Ordering::SeqCst) {
            ranged(request, "\"1\"").cut_at(40_000)
        } else {
            ranged(request, second)
        }
    })
}

struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("down/a.zip")
    }

    fn run(&self, server: &Server, attempts: u32, md5: Option<&str>, limit: u64) -> Result<u64, FetchError> {
        let file = self.file();
        let wanted = Wanted { address: ADDRESS, file: &file, size: None, md5, limit };
        download(&client(server, attempts), wanted, &Silent).map(|done| done.bytes)
    }

    /// The names of what is in the folder.
    fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join("down")).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_download_goes_on_where_it_was_cut() {
    let (server, case) = (cut_once("\"1\""), Case::new());
    assert_eq!(case.run(&server, 2, None, 1 << 20).unwrap(), 100_000);
    assert_eq!(fs::read(case.file()).unwrap(), bytes());
    let again = &server.seen()[1];
    assert_eq!((again.header("range"), again.header("if-range")), (Some("bytes=40000-"), Some("\"1\"")));
    assert_eq!(case.left(), ["a.zip"]);
}

#[test]
fn a_later_run_goes_on_too() {
    let (server, case) = (cut_once("\"1\""), Case::new());
    assert!(case.run(&server, 1, None, 1 << 20).unwrap_err().to_string().contains("broke off after 40000"));
    assert_eq!(case.left(), ["a.zip.part", "a.zip.part.etag"]);
    case.run(&server, 1, None, 1 << 20).unwrap();
    assert_eq!(server.seen()[1].header("range"), Some("bytes=40000-"));
    assert_eq!(fs::read(case.file()).unwrap(), bytes());
}

#[test]
fn another_file_under_the_same_address_starts_anew() {
    let (server, case) = (cut_once("\"2\""), Case::new());
    case.run(&server, 2, None, 1 << 20).unwrap();
    assert_eq!(fs::read(case.file()).unwrap(), bytes());
}

#[test]
fn a_weak_tag_vouches_for_nothing() {
    let (server, case) = (Server::start(|request| ranged(request, "W/\"1\"").cut_at(10)), Case::new());
    case.run(&server, 2, None, 1 << 20).unwrap_err();
    assert_eq!(server.seen()[1].header("range"), None);
}

#[test]
fn a_wrong_checksum_leaves_nothing() {
    let (server, case) = (Server::start(|request| ranged(request, "\"1\"")), Case::new());
    let md5 = "0".repeat(32);
    let fault = case.run(&server, 3, Some(&md5), 1 << 20).unwrap_err().to_string();
    assert!(fault.contains("MD5") && fault.contains(&md5) && fault.contains("deleted"), "{fault}");
    assert!(case.left().is_empty());
}

#[test]
fn a_page_and_a_file_too_large_leave_nothing() {
    let page = Server::start(|_| Answer::new(200, "\n<html><title>Blocked</title>"));
    let case = Case::new();
    assert!(case.run(&page, 3, None, 1 << 20).unwrap_err().to_string().contains("'Blocked'"));
    assert!(!case.file().exists());
    let large = Server::start(|request| ranged(request, "\"1\""));
    assert!(case.run(&large, 3, None, 99_999).unwrap_err().to_string().contains("larger than 99999"));
    assert!(!case.file().exists());
}

#[test]
fn a_command_that_is_killed_goes_on_when_it_is_run_again() {
    let first = AtomicBool::new(true);
    let server = Server::start(move |request| {
        if request.path.ends_with("/downloads") {
            let offer = json!({ "md5": md5(), "size": 100_000, "url": ADDRESS, "format": "CSV", "area": "GB",
                "fileName": "a.zip" });
            return Answer::json(&json!([offer]));
        }
        let answer = ranged(request, "\"1\"");
        if first.swap(false, Ordering::SeqCst) { answer.stalled_at(40_000) } else { answer }
    });
    let desk = Desk::new();
    let base = server.base();
    let mut child = desk.command(["postcodes", "--base-url", &base]).spawn().unwrap();
    let part = desk.path("data/downloads/a.zip.part");
    let patience = Instant::now();
    while fs::metadata(&part).map_or(0, |part| part.len()) < 40_000 {
        assert!(patience.elapsed() < Duration::from_mins(1), "nothing arrives");
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // The file itself is no archive, which is told once it is there.
    let again = desk.fetch(&server, ["postcodes"]);
    assert!(again.out.contains("a.zip: 100000 bytes, verified"), "{}", again.out);
    let ranges: Vec<_> =
        server.seen().iter().filter_map(|asked| asked.header("range").map(str::to_owned)).collect();
    assert_eq!(ranges, ["bytes=40000-"]);
    assert_eq!(fs::read(desk.path("data/downloads/a.zip")).unwrap(), bytes());
}

fn md5() -> String {
    use std::fmt::Write;
    Md5::digest(bytes()).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
