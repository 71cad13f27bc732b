//! Folders, gzip, zip, limits, progress.

use std::{
    fs,
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use hotspots::intake::{
    BodyFormat, Event, Format, IntakeError, Limits, Options, read_body, read_paths, total_bytes,
};

use super::{Heard, body, fixture, fixture_path, gzip, paths, zip_of};

const HEADER: &str = "category,month,lon,lat\n";

fn rows(count: usize) -> String {
    format!("{HEADER}{}", "Fire,2024-03,-2.08,52.51\n".repeat(count))
}

/// Rows that do not shrink, so that a cut falls among them.
fn varied_rows(count: usize) -> String {
    let row = |n: usize| format!("Fire,2024-03,,,{:x}\n", n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    format!("category,month,lon,lat,note\n{}", (0..count).map(row).collect::<String>())
}

fn zipped(members: &[(&str, &[u8])]) -> Heard {
    body("police.zip", BodyFormat::Zip, &zip_of(members), &Options::default())
}

#[test]
fn a_folder_is_read_in_the_order_of_its_paths_and_says_what_it_passes_over() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    put("2014-02/2014-02-x-street.csv", rows(2).as_bytes());
    put("2014-01/2014-01-x-street.csv.gz", &gzip(rows(1).as_bytes()));
    put("2014-01/2014-01-x-outcomes.csv", b"whatever");
    put("2014-01/readme.txt", b"whatever");
    put("all.zip", &zip_of(&[("a/a-street.csv", rows(3).as_bytes())]));
    put("broken.csv", b"nothing,of,use\n");
    let heard = paths(&[folder.path()], &Options::default());
    let short = |name: &str| name.strip_prefix(&format!("{}/", folder.path().display())).unwrap().to_owned();
    let names: Vec<_> = heard.names().into_iter().map(short).collect();
    assert_eq!(
        names,
        [
            "2014-01/2014-01-x-street.csv.gz",
            "2014-02/2014-02-x-street.csv",
            "all.zip/a/a-street.csv",
            "broken.csv"
        ]
    );
    let skipped: Vec<_> = heard.report.skipped.iter().map(|(name, _)| short(name)).collect();
    assert_eq!(skipped, ["2014-01/2014-01-x-outcomes.csv", "2014-01/readme.txt"]);
    assert_eq!((heard.report.total.accepted, heard.report.total.rejected), (6, 1));
}

#[test]
fn a_path_that_is_not_there_is_an_error_before_anything_is_read() {
    let wanted = [fixture_path("street.csv"), fixture_path("none.csv")];
    let mut events = 0;
    let error = read_paths(&wanted, &Options::default(), &mut |_| {
        events += 1;
        ControlFlow::Continue(())
    })
    .unwrap_err();
    assert!(matches!(&error, IntakeError::NotFound { path } if *path == wanted[1]), "{error}");
    assert_eq!(events, 0);
    assert!(total_bytes(&wanted, &Options::default()).is_err());
}

#[test]
fn a_given_file_of_an_unknown_kind_is_a_reject_that_lists_the_kinds() {
    let heard = paths(&[&fixture_path("calls.toml"), &fixture_path("street.csv")], &Options::default());
    assert_eq!((heard.report.total.rejected, heard.report.total.accepted), (1, 4));
    assert!(heard.rejects[0].rule.contains(".geojsonl"));
}

#[test]
fn the_zip_of_police_uk_is_read_without_outcomes_and_searches() {
    let street = fixture("street.csv");
    let heard = zipped(&[
        ("2014-02/2014-02-west-midlands-street.csv", &street),
        ("2014-01/2014-01-west-midlands-outcomes.csv", b"x"),
        ("2014-01/2014-01-west-midlands-stop-and-search.csv", b"x"),
        ("2014-01/2014-01-west-midlands-street.csv", &street),
        ("../../etc/passwd", b"x"),
        ("inner.zip", b"x"),
        ("../x.csv", HEADER.as_bytes()),
    ]);
    assert_eq!(
        heard.names(),
        [
            "police.zip/../x.csv",
            "police.zip/2014-01/2014-01-west-midlands-street.csv",
            "police.zip/2014-02/2014-02-west-midlands-street.csv",
            "police.zip/inner.zip"
        ]
    );
    assert_eq!(heard.report.skipped.len(), 3);
    assert_eq!((heard.report.total.accepted, heard.report.total.rejected), (8, 1));
    assert!(heard.rejects[0].rule.contains("unpack it first"));
    assert!(!heard.any_broken());
}

#[test]
fn a_gzip_of_several_parts_is_read_whole() {
    let mut bytes = gzip(rows(3).as_bytes());
    bytes.extend(gzip(b"Fire,2024-03,,\n"));
    let heard = body("a.csv.gz", BodyFormat::Gzip(Format::Csv), &bytes, &Options::default());
    assert_eq!((heard.report.total.accepted, heard.report.total.rejected), (4, 0));
}

#[test]
fn a_cut_gzip_gives_the_rows_before_the_cut_and_says_that_it_is_broken() {
    let whole = gzip(varied_rows(20_000).as_bytes());
    for end in [0, 1, 5, 12, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        let heard = body("a.csv.gz", BodyFormat::Gzip(Format::Csv), &whole[..end], &Options::default());
        if end == 0 {
            assert_eq!(heard.report.total.rejected, 1);
            continue;
        }
        assert!(heard.any_broken(), "{end} of {}: {:?}", whole.len(), heard.rejects);
        assert_eq!(heard.report.total.rejected, 1, "{end}");
        assert!(heard.rejects[0].rule.contains("cut off"), "{}", heard.rejects[0].rule);
        assert!(matches!(heard.events.last(), Some(Event::Broken(_))));
        if end >= whole.len() / 2 {
            assert!(heard.report.total.accepted > 5_000, "{}", heard.report.total.accepted);
        }
    }
}

#[test]
fn a_cut_zip_gives_the_members_before_the_cut_and_says_that_it_is_broken() {
    let (first, second) = (varied_rows(500), varied_rows(20_000));
    let whole = zip_of(&[("a-street.csv", first.as_bytes()), ("b-street.csv", second.as_bytes())]);
    for end in [whole.len() / 2, whole.len() - 30, whole.len() - 1] {
        let heard = body("police.zip", BodyFormat::Zip, &whole[..end], &Options::default());
        assert!(heard.any_broken(), "{end}");
        assert!(!heard.report.files[0].broken, "the first member is complete");
        assert_eq!(heard.report.files[0].counts.accepted, 500);
        assert!(heard.report.total.accepted > 2_000, "{end}: {}", heard.report.total.accepted);
        assert_eq!(heard.report.total.rejected, 1, "{:?}", heard.rejects);
    }
    for end in [0, 3, 10] {
        let heard = body("police.zip", BodyFormat::Zip, &whole[..end], &Options::default());
        assert!(heard.any_broken() && heard.report.total.read == 1, "{end}");
    }
}

#[test]
fn a_damaged_member_is_broken_and_the_others_are_read() {
    let mut bytes =
        zip_of(&[("a-street.csv", varied_rows(2_000).as_bytes()), ("b-street.csv", rows(5).as_bytes())]);
    bytes[2_000] ^= 0xFF;
    let heard = body("police.zip", BodyFormat::Zip, &bytes, &Options::default());
    assert!(heard.report.files[0].broken);
    assert_eq!(heard.report.files[1].counts.accepted, 5);
}

#[test]
fn a_bomb_is_refused_whatever_its_container() {
    let bomb = format!("{HEADER}{}", " ".repeat(80 << 20));
    let limits = Limits { row_bytes: 1 << 10, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let zip = zip_of(&[("a-street.csv", bomb.as_bytes()), ("b-street.csv", rows(1).as_bytes())]);
    for (format, bytes) in [
        (BodyFormat::Gzip(Format::Csv), gzip(bomb.as_bytes())),
        (BodyFormat::Gzip(Format::GeoJson), gzip(&bomb.as_bytes()[HEADER.len()..])),
        (BodyFormat::Gzip(Format::NdJson), gzip(&bomb.as_bytes()[HEADER.len()..])),
        (BodyFormat::Zip, zip),
    ] {
        assert!(bytes.len() < 1 << 20);
        let heard = body("bomb", format, &bytes, &options);
        assert!(heard.any_broken(), "{format:?}");
        assert!(
            heard.rejects.iter().any(|reject| reject.rule.contains("expand to more than")),
            "{:?}",
            heard.rejects
        );
        assert_eq!(heard.report.total.accepted, 0, "what follows in an archive is not read");
    }
}

#[test]
fn the_total_and_the_number_of_members_are_limited() {
    let limits = Limits { total_bytes: 10_000, members: 2, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let csv = BodyFormat::Plain(Format::Csv);
    assert!(!body("a.csv", csv, rows(100).as_bytes(), &options).any_broken());
    let heard = body("a.csv", csv, rows(1_000).as_bytes(), &options);
    assert!(heard.any_broken() && heard.rejects[0].rule.contains("10000 bytes in total"));
    let three = zip_of(&[("a.csv", b"x"), ("b.csv", b"x"), ("c.csv", b"x")]);
    let heard = body("a.zip", BodyFormat::Zip, &three, &options);
    assert!(heard.rejects[0].rule.contains("at most 2 members"));
    let heard =
        body("a.zip", BodyFormat::Zip, &[b"PK\x03\x04".as_slice(), &vec![7; 20_000]].concat(), &options);
    assert!(heard.rejects[0].rule.contains("10000 bytes in total"), "{:?}", heard.rejects);

    let folder = tempfile::tempdir().unwrap();
    for name in ["a.csv", "b.csv", "c.csv"] {
        fs::write(folder.path().join(name), "x").unwrap();
    }
    let error =
        read_paths(&[folder.path().to_owned()], &options, &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(error, IntakeError::TooManyFiles { limit: 2, .. }));
}

#[test]
fn content_of_another_kind_than_the_name_says_is_named() {
    let csv = BodyFormat::Plain(Format::Csv);
    let gz = body("a.csv", csv, &gzip(rows(1).as_bytes()), &Options::default());
    assert!(gz.rejects[0].rule.contains("this is gzip"));
    let zip = body("a.csv", csv, &zip_of(&[("a.csv", b"x")]), &Options::default());
    assert!(zip.rejects[0].rule.contains("this is a zip archive"));
    let plain = body("a.csv.gz", BodyFormat::Gzip(Format::Csv), rows(1).as_bytes(), &Options::default());
    assert!(plain.any_broken() && plain.report.total.read == 1);
    let no_zip = body("a.zip", BodyFormat::Zip, rows(1).as_bytes(), &Options::default());
    assert!(no_zip.rejects[0].rule.contains("no zip archive"));
}

#[test]
fn progress_reaches_the_total() {
    let files = [fixture_path("street.csv"), fixture_path("asb.geojson")];
    let progress = Arc::new(AtomicU64::new(0));
    let options = Options { progress: Some(Arc::clone(&progress)), ..Options::default() };
    let total = total_bytes(&files, &options).unwrap();
    assert!(read_paths(&files, &options, &mut |_| ControlFlow::Continue(())).unwrap().is_continue());
    assert_eq!(progress.load(Ordering::Relaxed), total);
    assert!(total > 1_000);
}

#[test]
fn a_sink_that_has_enough_stops_the_reading_everywhere() {
    let zip = zip_of(&[("a.csv", rows(10).as_bytes()), ("b.csv", rows(10).as_bytes())]);
    let feature = r#"{"type":"Feature","properties":{"category":"x","month":"2024-03"}}"#;
    let collection = format!(r#"{{"type":"FeatureCollection","features":[{feature},{feature},{feature}]}}"#);
    let lines = "{\"category\":\"x\",\"month\":\"2024-03\"}\n".repeat(5);
    for (format, bytes) in [
        (BodyFormat::Zip, zip.clone()),
        (BodyFormat::Zip, zip[..zip.len() - 1].to_vec()),
        (BodyFormat::Plain(Format::Csv), rows(5).into_bytes()),
        (BodyFormat::Plain(Format::GeoJson), collection.into_bytes()),
        (BodyFormat::Plain(Format::NdJson), lines.into_bytes()),
    ] {
        for stop_at in 1..4 {
            let mut events = 0;
            let flow = read_body("a", format, bytes.as_slice(), &Options::default(), &mut |_| {
                events += 1;
                if events == stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            assert_eq!((flow.unwrap(), events), (ControlFlow::Break(()), stop_at), "{format:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_named_and_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("nowhere"), folder.path().join("gone.csv")).unwrap();
    fs::write(folder.path().join("a.csv"), rows(1)).unwrap();
    let heard = paths(&[folder.path()], &Options::default());
    assert_eq!((heard.report.total.accepted, heard.report.total.rejected), (1, 1));
    assert!(heard.report.skipped[0].1.contains("link"));
}
