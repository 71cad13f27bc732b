//! `hotspots fetch postcodes`: verified by size and checksum.

use std::fs;

use crate::{
    support::{Desk, read},
    world::{World, postcodes},
};

#[test]
fn a_product_is_downloaded_verified_and_kept() {
    let (server, desk) = (World::default().serve(), Desk::new());
    desk.fetch(&server, ["postcodes"])
        .well(&["codepo_gb.zip: 184 bytes, verified", "1 postcodes are in the gazetteer"]);
    let path = desk.path("data/downloads/codepo_gb.zip");
    assert_eq!(fs::read(&path).unwrap(), postcodes());
    assert!(read(&desk.path("data/downloads/SOURCES.toml")).contains("codepo_gb.zip"));
    server.forget();
    desk.fetch(&server, ["postcodes"]).well(&["is there"]);
    assert!(!server.seen().iter().any(|request| request.path.contains("files.example.uk")));
    fs::write(&path, "changed").unwrap();
    desk.fetch(&server, ["postcodes"]).refused(&["codepo_gb.zip is not what was fetched"]);
    desk.fetch(&server, ["postcodes", "--again"]).well(&["verified"]);
}

#[test]
fn a_wrong_checksum_is_told_and_nothing_kept() {
    let (server, desk) = (World { md5: Some("0".repeat(32)), ..World::default() }.serve(), Desk::new());
    desk.fetch(&server, ["postcodes"]).refused(&["MD5", "deleted"]);
    assert!(!desk.path("data/downloads/codepo_gb.zip").exists());
    assert!(!desk.path("data/downloads/codepo_gb.zip.part").exists());
}

#[test]
fn a_file_at_hand_will_do_unless_it_is_a_page() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let path = desk.path("here.csv");
    let given = ["postcodes", "--from-file", path.to_str().unwrap()];
    fs::write(&path, "DY1 1AA,10,394000,290000,E92000001,,,,E08000027,E05001254\n").unwrap();
    desk.fetch(&server, given).well(&["1 rows read = 1 taken", "1 postcodes are in the gazetteer"]);
    fs::write(&path, "<html>").unwrap();
    desk.fetch(&server, given).refused(&["here.csv", "no table that is known"]);
    fs::remove_file(&path).unwrap();
    desk.fetch(&server, given).refused(&["here.csv", "cannot be read"]);
    assert!(!server.seen().iter().any(|request| request.path.contains("api.os.uk")));
}
