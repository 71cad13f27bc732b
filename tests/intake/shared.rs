//! Real files, where `../shared` is present.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use hotspots::intake::{BodyFormat, Options};

use super::{body, paths, with_mapping, zip_of};

/// A file of the shared data; `None`, said aloud, where there is none.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var("REQUIRE_SHARED").as_deref() != Ok("1"),
        "REQUIRE_SHARED is set and {name} is absent"
    );
    println!("skipped: ../shared is absent");
    None
}

#[test]
fn both_months_of_the_west_midlands_are_read_whole() {
    for (month, rows) in [("2014-01", 18_631), ("2014-02", 17_639)] {
        let Some(path) = shared(&format!("crime_westmidlands/{month}-west-midlands-street.csv.gz")) else {
            return;
        };
        let heard = paths(&[&path], &Options::default());
        assert_eq!(
            (heard.report.total.accepted, heard.report.total.rejected),
            (rows, 0),
            "{:?}",
            heard.rejects.first()
        );
        assert_eq!(heard.report.total.unlocated, 0);
        assert!(heard.incidents.iter().all(|incident| incident.source == "west-midlands-police"
            && incident.own_id.is_none()
            && incident.month().to_string() == month));
        let without_reference =
            heard.incidents.iter().filter(|incident| incident.reference.is_none()).count();
        let asb = heard
            .incidents
            .iter()
            .filter(|incident| incident.category.as_str() == "anti-social-behaviour")
            .count();
        assert_eq!(without_reference, asb);
    }
}

#[test]
fn the_same_file_in_a_zip_gives_the_same_incidents() {
    let Some(path) = shared("crime_westmidlands/2014-01-west-midlands-street.csv.gz") else { return };
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(&path).unwrap()).read_to_end(&mut text).unwrap();
    let zip = zip_of(&[
        ("2014-01/2014-01-west-midlands-street.csv", &text),
        ("2014-01/2014-01-west-midlands-outcomes.csv", b""),
    ]);
    let zipped = body("latest.zip", BodyFormat::Zip, &zip, &Options::default());
    assert_eq!(zipped.incidents, paths(&[&path], &Options::default()).incidents);
}

#[test]
fn unlocated_rows_of_staffordshire_are_kept_and_counted() {
    let Some(path) = shared("crime_other_forces/2014_staffordshire_street_2014-01_2014-11.csv.gz") else {
        return;
    };
    let heard = paths(&[&path], &Options::default());
    assert_eq!((heard.report.total.accepted, heard.report.total.rejected), (84_729, 0));
    assert_eq!(heard.report.total.unlocated, 4_428);
}

#[test]
fn an_answer_of_the_police_api_is_read_by_the_names_of_its_columns() {
    let Some(path) = shared("crime_westmidlands/dudley_2018-06_wards_api.csv") else { return };
    let heard = paths(&[&path], &Options::default());
    assert_eq!(
        (heard.report.total.read, heard.report.total.rejected),
        (2_226, 0),
        "{:?}",
        heard.rejects.first()
    );
    let first = &heard.incidents[0];
    assert_eq!(first.own_id.as_deref(), Some("65860877"));
    assert_eq!((first.source.as_str(), first.category.as_str()), ("dudley-2018-06-wards-api", "other-theft"));
    assert_eq!(first.street.as_deref(), Some("On or near Leyton Close"));
    assert_eq!(first.outcome.as_deref(), Some("Under investigation"));
    assert!(first.attributes.iter().any(|(name, value)| name == "queried_ward_code" && value == "E05001236"));
}

#[test]
fn incidents_abroad_are_rejected_row_by_row_with_their_position() {
    let chicago = with_mapping("category = \"assault\"");
    for (file, options, rows) in [
        ("incidents_timestamped/memphis_robberies_2019.csv", Options::default(), 2_245),
        ("incidents_timestamped/chicago_aggravated_assaults.csv.gz", chicago, 148_636),
    ] {
        let Some(path) = shared(file) else { return };
        let heard = paths(&[&path], &options);
        assert_eq!((heard.report.total.accepted, heard.report.total.rejected), (0, rows), "{file}");
        assert!(heard.rejects.iter().all(|reject| reject.rule.contains("Great Britain")
            && reject.column.as_deref() == Some("longitude")
            && reject.value.starts_with('-')));
    }
}
