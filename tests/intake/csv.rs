//! CSV: police.uk, aliases, mappings, encodings, bad input.

use hotspots::{
    intake::{BodyFormat, Event, Format, Options, Original, Shape},
    model::TimePrecision,
};

use super::{Heard, body, csv_text, fixture, fixture_path, paths, with_mapping};

const CSV: BodyFormat = BodyFormat::Plain(Format::Csv);

/// Row by row whether it was accepted, with the column and rule of a reject.
fn reject(heard: &Heard, line: u64) -> (Option<&str>, &str, &str) {
    let reject = heard.rejects.iter().find(|reject| reject.line == line);
    let reject = reject.unwrap_or_else(|| panic!("line {line} was accepted"));
    (reject.column.as_deref(), &reject.value, &reject.rule)
}

#[test]
fn a_street_file_is_read_as_police_uk_means_it() {
    let heard = paths(&[&fixture_path("street.csv")], &Options::default());
    assert_eq!(heard.report.total.accepted, 4);
    assert_eq!(heard.report.total.unlocated, 1);
    let [asb, vehicle, burglary, bicycle] = heard.incidents.as_slice() else { panic!() };
    assert_eq!(asb.source, "west-midlands-police");
    assert_eq!((asb.own_id.as_deref(), asb.reference.as_deref()), (None, None));
    assert_eq!((vehicle.own_id.as_deref(), vehicle.reference.as_deref()), (None, Some("aa01")));
    assert_eq!(burglary.reference, vehicle.reference, "a Crime ID may repeat");
    assert_eq!(vehicle.category.as_str(), "vehicle-crime");
    assert_eq!(vehicle.outcome.as_deref(), Some("Investigation complete; no suspect identified"));
    assert_eq!(vehicle.occurred.precision(), TimePrecision::Month);
    assert_eq!(vehicle.month().to_string(), "2014-01");
    let of = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    assert_eq!(vehicle.attributes, of(&[("lsoa_code", "E01000001"), ("lsoa_name", "Dudley 000A")]));
    assert_eq!(
        burglary.attributes,
        of(&[
            ("falls_within", "West Mercia Police"),
            ("lsoa_code", "E01000002"),
            ("lsoa_name", "Dudley 000B"),
            ("context", "Corrected")
        ])
    );
    assert_eq!(burglary.street.as_deref(), Some("On or near \"The Croft\", Example"));
    assert!(bicycle.position.is_none());
    let grid = vehicle.position.unwrap().grid;
    assert!(
        (grid.easting_m() - 394_665.0).abs() < 50.0 && (grid.northing_m() - 290_245.0).abs() < 100.0,
        "{grid:?}"
    );
}

#[test]
fn every_bad_row_of_a_street_file_is_rejected_with_line_column_value_and_rule() {
    let heard = body("x-street.csv", CSV, &fixture("faulty_street.csv"), &Options::default());
    assert_eq!((heard.report.total.accepted, heard.report.total.rejected), (2, 11));
    for (line, column, value, rule) in [
        (3, Some("Month"), "2014-13", "YYYY-MM"),
        (4, Some("Reported by"), "", "a source has at least one letter"),
        (5, Some("Longitude"), "", "lat is given (52.51) and lon is not"),
        (6, Some("Longitude"), "52.51 -2.08", "swapped"),
        (7, Some("Longitude"), "0 0", "not known"),
        (8, Some("Longitude"), "NaN", "finite"),
        (9, Some("Crime type"), "", "at least one letter"),
        (10, None, "b09", "line 10 has 7 fields and the header has 10"),
        (11, None, "b10", "line 11 has 12 fields and the header has 10"),
        (12, Some("Location"), "\"On or near Example Road", "lines 12 to 14 would be one row"),
        (13, Some("Month"), "2014-01-09", "police.uk gives a month"),
    ] {
        let (found_column, found_value, found_rule) = reject(&heard, line);
        assert_eq!((found_column, found_value), (column, value), "line {line}");
        assert!(found_rule.contains(rule), "line {line}: {found_rule}");
    }
}

#[test]
fn grid_coordinates_intervals_weights_and_ids_are_read_by_their_names() {
    let heard = body("fires.csv", CSV, &fixture("fires.csv"), &Options::default());
    let [first, second, third] = heard.incidents.as_slice() else { panic!("{:?}", heard.rejects) };
    assert_eq!((first.source.as_str(), first.own_id.as_deref()), ("fires", Some("F1")));
    assert_eq!(first.occurred.end_s() - first.occurred.start_s(), 105 * 60);
    assert_eq!(first.position.unwrap().grid.easting_m(), 394_500.0);
    assert_eq!(first.weight, 2.5);
    assert_eq!(first.attributes, [("station".to_owned(), "Dudley".to_owned())]);
    assert_eq!((second.occurred.precision(), second.weight), (TimePrecision::Day, 1.0));
    assert_eq!((third.occurred.precision(), third.weight), (TimePrecision::Minute, 0.0));
    assert!(third.position.is_none());
    let Event::File { shape, .. } = &heard.events[0] else { panic!() };
    assert!(matches!(shape, Shape::Csv { delimiter: b';', header } if header.len() == 8));
}

#[test]
fn a_mapping_file_says_what_the_names_do_not() {
    let mapping = String::from_utf8(fixture("calls.toml")).unwrap();
    let heard = body("calls.csv", CSV, &fixture("calls.csv"), &with_mapping(&mapping));
    let [first, second] = heard.incidents.as_slice() else { panic!("{:?}", heard.rejects) };
    assert_eq!(first.source, "west-midlands-fire-service");
    assert_eq!((first.own_id.as_deref(), first.category.as_str()), (Some("77"), "deliberate-fire"));
    assert_eq!(first.attributes, [("Note".to_owned(), "kept".to_owned())]);
    let lonlat = first.position.unwrap().lonlat;
    assert!((lonlat.lon_deg() + 2.080_949).abs() < 1e-6 && (lonlat.lat_deg() - 52.549_678).abs() < 1e-6);
    assert!(second.position.is_none());
    assert_eq!(second.occurred.start_s() - first.occurred.start_s(), 86_400);
}

#[test]
fn the_source_comes_from_the_row_the_mapping_the_caller_or_the_name_in_this_order() {
    let text = "category,month,lon,lat,source\nx,2024-03,,,Fire Service\nx,2024-03,,,\n";
    let source = |options: &Options| -> Vec<String> {
        let heard = body("a/Bin Fires.csv.gz", CSV, text.as_bytes(), options);
        heard.incidents.into_iter().map(|incident| incident.source).collect()
    };
    assert_eq!(source(&Options::default()), ["fire-service", "bin-fires"]);
    let given = Options { source: Some("The Caller".to_owned()), ..Options::default() };
    assert_eq!(source(&given), ["fire-service", "the-caller"]);
    let mapped = Options { source: given.source, ..with_mapping("source = \"M\"") };
    assert_eq!(source(&mapped), ["fire-service", "m"]);
}

#[test]
fn a_file_that_is_not_understood_is_one_reject() {
    for (text, rule) in [
        ("", "empty"),
        ("\n\r\n", "empty"),
        ("\u{0}\u{1}\u{2}", "no column is known"),
        ("date,lon,lat\n2024,1,1\n2024,1,1\n", "category"),
        ("category,date,lon,lat,LAT\n", "two columns"),
        ("category,date,lon,\"lat\nx,2024,1,1\n", "not closed"),
        ("Crime ID,Month,Reported by,Longitude,Latitude,Outcome type\n", "hold the category"),
    ] {
        let heard = csv_text(text);
        assert_eq!(heard.report.total.read, 1, "{text}");
        assert!(heard.rejects[0].rule.contains(rule), "{}", heard.rejects[0].rule);
        assert!(matches!(&heard.events[0], Event::File { shape: Shape::Unreadable, .. }), "{text}");
        assert_eq!(heard.rejects[0].original, Original::Nothing);
    }
}

#[test]
fn a_header_without_rows_is_an_empty_file_and_no_fault() {
    let heard = csv_text("category,date,lon,lat");
    assert_eq!((heard.report.total.read, heard.report.files.len()), (0, 1));
}

#[test]
fn encodings_line_ends_and_delimiters_do_not_matter() {
    let text =
        "category,month,lon,lat,street\nFire,2024-03,-2.08,52.51,Café – Straße\nFire,2024-03,-2.08,52.51,x\n";
    let expected = csv_text(text).incidents;
    let latin = text.replace('é', "\u{1}").replace('–', "\u{2}").replace('ß', "\u{3}");
    let latin: Vec<u8> = latin
        .bytes()
        .map(|byte| [byte, 0xE9, 0x96, 0xDF][if byte < 4 { usize::from(byte) } else { 0 }])
        .collect();
    let utf16: Vec<u8> =
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (what, bytes) in [
        ("byte order mark", format!("\u{feff}{text}").into_bytes()),
        ("windows-1252", latin),
        ("UTF-16", utf16),
        ("CRLF", text.replace('\n', "\r\n").into_bytes()),
        ("mixed line ends", text.replacen('\n', "\r\n", 1).into_bytes()),
        ("no last line end", text.trim_end().as_bytes().to_vec()),
        ("semicolons", text.replace(',', ";").into_bytes()),
        ("tabs", text.replace(',', "\t").into_bytes()),
        ("empty lines", text.replace('\n', "\n\n").into_bytes()),
        ("quotes", text.replace("Fire", "\"Fire\"").into_bytes()),
        ("spaces and case", text.replace("month,lon", " MONTH , Lon ").into_bytes()),
    ] {
        let heard = body("fires.csv", CSV, &bytes, &Options::default());
        assert_eq!(heard.incidents, expected, "{what}: {:?}", heard.rejects);
    }
}

#[test]
fn an_unclosed_quote_costs_one_row_of_a_large_file() {
    let mut text = "category,month,lon,lat,street\n".to_owned();
    for row in 0..50_000 {
        text.push_str(if row == 100 { "Fire,2024-03,,,\"x\n" } else { "Fire,2024-03,,,y\n" });
    }
    let heard = csv_text(&text);
    assert_eq!((heard.report.total.accepted, heard.report.total.rejected), (49_999, 1));
    assert_eq!((heard.rejects[0].line, heard.rejects[0].column.as_deref()), (102, Some("street")));
    assert!(heard.rejects[0].rule.contains("not closed"), "{}", heard.rejects[0].rule);
}

#[test]
fn rows_and_values_have_a_largest_size() {
    let long = "y".repeat(2 << 20);
    let text = format!(
        "category,month,lon,lat,street\nFire,2024-03,,,{long}\nFire,2024-03,,,{}\nFire,2024-03,,,z\n",
        &long[..5_000]
    );
    let heard = csv_text(&text);
    assert_eq!(heard.report.total.accepted, 1);
    assert_eq!(heard.rejects[0].original, Original::Nothing);
    assert!(heard.rejects[0].rule.contains("1048576 bytes"));
    assert_eq!(heard.rejects[1].column.as_deref(), Some("street"));
    assert!(heard.rejects[1].value.len() < 600);
}

#[test]
fn too_many_columns_are_refused_before_any_row() {
    let header: Vec<String> = (0..100_000).map(|n| format!("c{n}")).collect();
    let heard = csv_text(&header.join(","));
    assert!(heard.rejects[0].rule.contains("at most 1000 columns"));
}
