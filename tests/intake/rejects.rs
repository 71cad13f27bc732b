//! Files of rejects: written in the shape of the input, mended, imported again.

use std::{fs, path::PathBuf};

use hotspots::intake::{BodyFormat, Format, Options, rejects::RejectFiles};

use super::{Heard, body, fixture, paths, zip_of};

/// Writes the rejects of what was heard and gives the files.
fn written(heard: &Heard, folder: &std::path::Path) -> Vec<PathBuf> {
    let mut files = RejectFiles::new(folder);
    for event in &heard.events {
        files.note(event).unwrap();
    }
    files.finish().unwrap()
}

/// Reads an input, mends its one file of rejects by `mend`, and reads that.
fn mended(name: &str, bytes: &[u8], mend: impl Fn(String) -> String) -> (Heard, Heard) {
    let folder = tempfile::tempdir().unwrap();
    let first = body(name, BodyFormat::from_name(name).unwrap(), bytes, &Options::default());
    let files = written(&first, folder.path());
    assert_eq!(files.len(), 1);
    let text = fs::read_to_string(&files[0]).unwrap();
    fs::write(&files[0], mend(text)).unwrap();
    (first, paths(&[&files[0]], &Options::default()))
}

#[test]
fn rejected_rows_of_a_street_file_are_mended_and_imported() {
    let (first, again) = mended("2014-01-x-street.csv", &fixture("faulty_street.csv"), |text| {
        text.replace("b02,2014-13", "b02,2014-01")
            .replace("b03,2014-01,,", "b03,2014-01,West Midlands Police,")
            .replace(",,52.51", ",-2.08,52.51")
            .replace(",52.51,-2.08,", ",-2.08,52.51,")
            .replace(",0,0,", ",,,")
            .replace(",NaN,", ",-2.08,")
            .replace("Dudley 000A,,,", "Dudley 000A,Burglary,,")
            .replace("Road,E01000001,10,", "Road,E01000001,Dudley 000A,Burglary,,10,")
            .replace("On, or, near", "On or near")
            .replace("2014-01-09", "2014-01")
    });
    assert_eq!(first.report.total.rejected, 11);
    assert_eq!(again.report.total.rejected, 0, "{:?}", again.rejects);
    assert_eq!(again.report.total.accepted, 11);
    assert!(again.incidents.iter().all(|incident| incident.source == "west-midlands-police"));
    assert!(
        again
            .incidents
            .iter()
            .all(|incident| incident.attributes.iter().all(|(name, _)| !name.contains("reject")))
    );
    assert_eq!(again.incidents[0].own_id.as_deref(), Some("mended:2014-01:2014-01-x-street:3"));
    let mut ids: Vec<_> = again.incidents.iter().map(|incident| incident.own_id.clone()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 11, "each completes the batch that is stored already, and replaces none");
}

#[test]
fn rows_that_are_not_mended_are_rejected_as_before() {
    for (name, input) in [
        ("a-street.csv", "faulty_street.csv"),
        ("asb.geojson", "faulty.geojson"),
        ("calls.ndjson", "faulty.ndjson"),
    ] {
        let (first, again) = mended(name, &fixture(input), |text| text);
        let faults = |heard: &Heard| -> Vec<_> {
            heard
                .rejects
                .iter()
                .filter(|reject| !reject.rule.contains("quote") && !reject.rule.contains("JSON"))
                .map(|reject| (reject.column.clone(), reject.value.clone(), reject.original.clone()))
                .collect()
        };
        assert!(faults(&first).len() >= 3);
        if name.ends_with("csv") {
            assert_eq!(faults(&again), faults(&first), "{name}");
        } else {
            let plain = |heard: &Heard| -> Vec<_> {
                faults(heard).into_iter().map(|(column, value, _)| (column, value)).collect()
            };
            assert_eq!(plain(&again), plain(&first), "{name}");
        }
    }
}

#[test]
fn rejected_features_are_mended_and_imported() {
    let (first, again) = mended("asb.geojson", &fixture("faulty.geojson"), |text| {
        assert!(text.contains(r#""rejects_of":"asb.geojson""#));
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[1] = lines[1]
            .replace("LineString", "Point")
            .replace("[[-2.08, 52.51], [-2.09, 52.51]]", "[-2.08, 52.51]");
        lines[2] = lines[2].replace("52.51, -2.08", "-2.08, 52.51");
        lines[3] = lines[3].replace("09.03.2024", "09/03/2024");
        // Text that is no JSON is kept as text, to be mended and put in place of its feature.
        assert!(lines[4].contains(r#""original":"{\"type\": \"Feature\""#), "{}", lines[4]);
        lines[4] =
            r#"{"type":"Feature","properties":{"category":"Noise","date":"2024-03-09"},"geometry":null}"#
                .into();
        lines.join("\n")
    });
    assert_eq!(first.report.total.rejected, 4);
    assert_eq!((again.report.total.accepted, again.report.total.rejected), (4, 0), "{:?}", again.rejects);
    let ids: Vec<_> = again.incidents.iter().filter_map(|incident| incident.own_id.as_deref()).collect();
    assert_eq!(
        ids,
        [
            "mended:2024-03:asb:1",
            "mended:2024-03:asb:2",
            "mended:2024-03:asb:3",
            "mended:2024-03:asb:added-4"
        ]
    );
    assert!(again.incidents.iter().all(|incident| incident.source == "asb"));
}

#[test]
fn rejected_lines_are_mended_and_imported() {
    let (first, again) = mended("calls.ndjson", &fixture("faulty.ndjson"), |text| {
        text.replace("\"abc\"", "-2.08")
            .replace("\"longitude\":-2.09,", "")
            .replace("23:10\"\n", "23:10\"}\n")
            .replace("[1, 2]\n", "")
    });
    assert_eq!(first.report.total.rejected, 4);
    assert_eq!((again.report.total.accepted, again.report.total.rejected), (3, 0), "{:?}", again.rejects);
    let ids: Vec<_> = again.incidents.iter().filter_map(|incident| incident.own_id.as_deref()).collect();
    assert_eq!(ids, ["1", "2", "3"], "an id of its own is kept");
}

#[test]
fn what_cannot_be_shown_is_a_note_that_is_passed_over() {
    let csv = format!("category,month,lon,lat\n{}\nFire,2024-03,,\n", "y".repeat(2 << 20));
    let feature = format!(r#"{{"type":"Feature","properties":{{"note":"{}"}}}}"#, "y".repeat(2 << 20));
    let collection = format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);
    for (name, text) in [("a.csv", &csv), ("a.geojson", &collection), ("a.ndjson", &feature)] {
        let (first, again) = mended(name, text.as_bytes(), |text| {
            assert!(text.contains("1048576 bytes"), "{name}: {text}");
            text
        });
        assert_eq!(first.report.total.rejected, 1, "{name}");
        assert_eq!(again.report.total.read, 0, "{name}: {:?}", again.rejects);
    }
}

#[test]
fn values_stand_in_a_file_of_rejects_as_they_stood() {
    let row = "=1+1,\"a \"\"b\"\", c\",@x,-2.08,52.51";
    let text = format!("category,note,month,lon,lat\n{row}\n");
    let (_, again) = mended("a.csv", text.as_bytes(), |text| {
        assert!(text.lines().nth(1).unwrap().starts_with(row), "{text}");
        text.replace("@x", "2024-03")
    });
    assert_eq!(again.incidents[0].category.as_str(), "1-1");
    assert_eq!(again.incidents[0].attributes, [("note".to_owned(), "a \"b\", c".to_owned())]);
}

#[test]
fn a_member_of_the_source_that_is_called_reject_is_kept() {
    let line = r#"{"category":"x","month":"never","reject":"a reason"}"#;
    let (_, again) = mended("a.ndjson", line.as_bytes(), |text| {
        text.replace("\"month\":\"never\"", "\"month\":\"2024-03\"")
    });
    assert_eq!(again.incidents[0].attributes, [("reject".to_owned(), "a reason".to_owned())]);
}

#[test]
fn a_row_added_to_a_file_of_rejects_does_not_replace_a_batch() {
    let text = "category,month,lon,lat,reject_line\nFire,2024-03,,,\nFire,2024-03,,,x\nFire,2024-03,,,12\n";
    let heard = body("a.csv", BodyFormat::Plain(Format::Csv), text.as_bytes(), &Options::default());
    let ids: Vec<_> = heard.incidents.iter().filter_map(|incident| incident.own_id.as_deref()).collect();
    assert_eq!(ids, ["mended:2024-03:a:added-2", "mended:2024-03:a:added-3", "mended:2024-03:a:12"]);
}

#[test]
fn names_of_members_do_not_lead_out_of_the_folder_and_nothing_is_overwritten() {
    let bad = b"category,month,lon,lat\nFire,never,,\n".as_slice();
    let zip = zip_of(&[
        ("../../up.csv", bad),
        ("/abs.csv", bad),
        ("a/..csv", bad),
        ("b/up.csv", bad),
        ("c/x?*.csv", bad),
    ]);
    let heard = body("z.zip", BodyFormat::Zip, &zip, &Options::default());
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("made/when/needed");
    let files = written(&heard, &inside);
    let again = written(&heard, &inside);
    assert_eq!((files.len(), again.len()), (heard.report.files.len(), files.len()));
    let mut names: Vec<_> = fs::read_dir(&inside)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), files.len() + again.len(), "{names:?}");
    assert!(names.contains(&"up.rejects.csv".to_owned()) && names.contains(&"up.rejects-4.csv".to_owned()));
    assert!(names.contains(&"x__.rejects.csv".to_owned()), "{names:?}");
    assert!(files.iter().chain(&again).all(|path| path.parent() == Some(inside.as_path())));
    #[cfg(unix)]
    for path in files {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn an_input_without_rejects_leaves_no_file() {
    let heard =
        body("street.csv", BodyFormat::Plain(Format::Csv), &fixture("street.csv"), &Options::default());
    let folder = tempfile::tempdir().unwrap();
    assert!(written(&heard, &folder.path().join("rejects")).is_empty());
    assert!(!folder.path().join("rejects").exists());
}

#[test]
fn a_file_that_could_not_be_read_leaves_a_text_that_says_why() {
    let heard = body("a.csv", BodyFormat::Plain(Format::Csv), b"x,y\n1,2\n", &Options::default());
    let folder = tempfile::tempdir().unwrap();
    let files = written(&heard, folder.path());
    assert!(files[0].ends_with("a.rejects.txt"));
    assert!(fs::read_to_string(&files[0]).unwrap().starts_with("line 1: 'category': no column"));
}
