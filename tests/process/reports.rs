//! Reports as files.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::support::Desk;

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// A store with the demonstration, and a folder for reports beside it.
fn demonstration() -> (Desk, PathBuf) {
    let desk = Desk::new();
    desk.run(["demonstration"]).well();
    let out = desk.path("reports");
    (desk, out)
}

#[test]
fn the_commands_write_what_the_addresses_answer() {
    let (desk, out) = demonstration();
    let folder = out.to_str().unwrap();
    let forms = ["--form", "html,json,xlsx,csv,gpkg,geojson"];
    let told = desk.run([&["profile", "burglary", "--out", folder][..], &forms].concat()).well();
    assert_eq!(told.out.lines().count(), 6, "a line for each file: {}", told.out);
    desk.run(["assessment", "--out", folder, "--form", "json"]).well();

    let server = desk.serve(&[]);
    for (file, address) in
        [("burglary-profile.json", "/priorities/burglary/profile"), ("assessment.json", "/assessment")]
    {
        let (written, answered) = (json(&out.join(file)), server.get(address).ok().json());
        assert_eq!(written["tables"], answered["tables"], "{file}");
        assert_eq!(written["findings"], answered["findings"], "{file}");
        let permalink = written["method"]["permalink"].as_str().unwrap();
        assert!(permalink.starts_with("http://127.0.0.1:8080/"), "{permalink}");
    }
    for ending in ["html", "json", "xlsx", "csv", "gpkg", "geojson"] {
        let name = if ending == "csv" { "zip" } else { ending };
        let file = out.join(format!("burglary-profile.{name}"));
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is for its owner alone", file.display());
    }
}

#[test]
fn what_cannot_be_made_is_told_before_anything_is_written() {
    let (desk, out) = demonstration();
    let folder = out.to_str().unwrap();
    desk.run(["profile", "burglary", "nothing", "--out", folder]).refused(&["'nothing'", "burglary"]);
    desk.run(["assessment", "--out", folder, "--harm", "nothing"]).refused(&["'nothing'", "cchi-2026"]);
    assert!(!out.join("burglary-profile.json").exists());
    let pdf = ["profile", "burglary", "--out", folder, "--form", "pdf", "--browser", "/nowhere/chromium"];
    desk.run(pdf).refused(&["/nowhere/chromium", "No such file"]);
    assert!(!out.join("burglary-profile.pdf").exists());
}

#[test]
fn a_scoring_table_is_shown_and_its_faults_are_told() {
    let (desk, out) = demonstration();
    let folder = out.to_str().unwrap();
    let table = "title = 'Harm'\nscale = [0.0, 4.0]\n[[criterion]]\nid = 'physical'\ntitle = 'Physical'\nweight = 2.0\n\
                 [[criterion]]\nid = 'financial'\ntitle = 'Financial'\nweight = 1.0\n[scores.burglary]\n";
    let good = desk.write("good.toml", &format!("{table}physical = 3.0\nfinancial = 1.5\n"));
    let good = good.to_str().unwrap();
    desk.run(["assessment", "--out", folder, "--form", "json", "--scoring", good]).well();
    let rows = json(&out.join("assessment.json"))["tables"]["priorities"]["rows"].clone();
    for row in rows.as_array().unwrap() {
        let expected = if row["priority"] == "burglary" { Value::from(2.5) } else { Value::Null };
        assert_eq!(row["score"], expected, "{row}");
    }
    let bad = desk.write("bad.toml", &format!("{table}physical = 5.0\n"));
    let bad = bad.to_str().unwrap();
    desk.run(["assessment", "--out", folder, "--scoring", bad]).refused(&["'5' of physical", "0 to 4"]);
}
