//! Rows that name a postcode or a property.

use std::sync::Arc;

use hotspots::{
    gazetteer::{Gazetteer, PostcodeEntry, Quality, Uprn, UprnEntry},
    intake::{BodyFormat, Event, Format, Options, Unplaced, Why},
    model::{GridPoint, PositionedBy},
};

use super::{Heard, body};

fn options() -> Options {
    let grid = |east: f64| GridPoint::new(east, 290_300.0).unwrap();
    let postcode = PostcodeEntry {
        postcode: "DY1 1HF".parse().unwrap(),
        grid: grid(394_400.0),
        quality: Quality::new(10).unwrap(),
        terminated: false,
    };
    let uprn = UprnEntry { uprn: Uprn::new(90_014_521).unwrap(), grid: grid(394_450.0) };
    Options { gazetteer: Some(Arc::new(Gazetteer::new(vec![postcode], vec![uprn]))), ..Options::default() }
}

fn csv(text: &str, options: &Options) -> Heard {
    body("calls.csv", BodyFormat::Plain(Format::Csv), text.as_bytes(), options)
}

fn unplaced(heard: &Heard) -> Vec<Unplaced> {
    let told = heard.events.iter().filter_map(|event| match event {
        Event::Unplaced(unplaced) => Some(unplaced.clone()),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_row_without_coordinates_is_placed_by_its_uprn_or_its_postcode() {
    let text = "date,category,Easting,Northing,Grid ref,UPRN,Post Code\n\
        2024-03-09,Fire,394000,290000,,90014521,DY1 1HF\n\
        2024-03-09,Fire,,,SO 945 905,90014521,DY1 1HF\n\
        2024-03-09,Fire,,,,90014521,DY1 1HF\n\
        2024-03-09,Fire,,,,,dy11hf\n\
        2024-03-09,Fire,,,,,DY1 9ZZ\n\
        2024-03-09,Fire,,,,,DY1\n\
        2024-03-09,Fire,,,,,DY11\n\
        2024-03-09,Fire,,,,,\n\
        2024-03-09,Fire,,,,,N/K\n\
        2024-03-09,Fire,394000,290000,,x,N/K\n";
    let heard = csv(text, &options());
    let placed: Vec<_> = heard
        .incidents
        .iter()
        .map(|one| (one.positioned_by, one.position.map(|position| position.grid.easting_m())))
        .collect();
    assert_eq!(
        placed,
        [
            (PositionedBy::Coordinates, Some(394_000.0)),
            (PositionedBy::GridReference, Some(394_550.0)),
            (PositionedBy::Uprn, Some(394_450.0)),
            (PositionedBy::Postcode, Some(394_400.0)),
            (PositionedBy::Coordinates, None),
            (PositionedBy::Coordinates, None),
            (PositionedBy::Coordinates, None),
            (PositionedBy::Coordinates, None),
            (PositionedBy::Coordinates, Some(394_000.0)),
        ]
    );
    let attributes = |names: &[(&str, &str)]| {
        names.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(heard.incidents[0].attributes, attributes(&[("UPRN", "90014521"), ("Post Code", "DY1 1HF")]));
    assert_eq!(heard.incidents[3].attributes, attributes(&[("Post Code", "dy11hf")]));

    let reject = &heard.rejects[0];
    assert_eq!(
        (heard.rejects.len(), reject.line, reject.column.as_deref(), reject.value.as_str()),
        (1, 10, Some("Post Code"), "N/K")
    );
    let told: Vec<_> =
        unplaced(&heard).into_iter().map(|one| (one.line, one.column, one.value, one.why)).collect();
    let of = |line, value: &str, why| (line, "Post Code".to_owned(), value.to_owned(), why);
    assert_eq!(
        told,
        [of(6, "DY1 9ZZ", Why::NotInGazetteer), of(7, "DY1", Why::Partial), of(8, "DY11", Why::Partial)]
    );
    let report = &heard.report;
    assert_eq!(report.total.unlocated, 4);
    assert_eq!((report.unplaced_counts[&Why::NotInGazetteer], report.unplaced_counts[&Why::Partial]), (1, 2));
    assert_eq!(report.unplaced.len(), 3);
    let by: Vec<_> = report.positioned_by.values().copied().collect();
    assert_eq!(by, [2, 1, 1, 1]);
}

#[test]
fn without_a_gazetteer_rows_are_kept_and_counted_and_malformed_ones_are_rejected() {
    let text = "date,category,pcds\n2024-03-09,Fire,DY1 1HF\n2024-03-09,Fire,DY1 1HC\n";
    let heard = csv(text, &Options::default());
    assert_eq!((heard.incidents.len(), heard.rejects.len()), (1, 1));
    assert!(heard.rejects[0].rule.contains("C, I, K, M, O and V"), "{}", heard.rejects[0].rule);
    assert_eq!(heard.report.unplaced_counts[&Why::NoPostcodes], 1);
    assert!(heard.report.unplaced.is_empty(), "no single name is at fault");
}

#[test]
fn json_is_placed_as_csv_is() {
    let text = "{\"date\":\"2024-03-09\",\"category\":\"Fire\",\"uprn\":90014521}\n\
        {\"date\":\"2024-03-09\",\"category\":\"Fire\",\"postcode\":\"DY1 1HG\"}\n\
        {\"date\":\"2024-03-09\",\"category\":\"Fire\",\"postcode\":7}\n";
    let heard = body("calls.ndjson", BodyFormat::Plain(Format::NdJson), text.as_bytes(), &options());
    assert_eq!(heard.incidents[0].positioned_by, PositionedBy::Uprn);
    assert_eq!(heard.incidents[0].attributes, [("uprn".to_owned(), "90014521".to_owned())]);
    assert_eq!(heard.rejects[0].column.as_deref(), Some("postcode"));
    let told = unplaced(&heard);
    assert_eq!((told[0].line, told[0].column.as_str(), told[0].value.as_str()), (2, "postcode", "DY1 1HG"));

    let features = "{\"type\":\"FeatureCollection\",\"features\":[\
        {\"type\":\"Feature\",\"geometry\":null,\
        \"properties\":{\"date\":\"2024-03-09\",\"category\":\"Fire\",\"postcode\":\"DY1 1HF\"}},\
        {\"type\":\"Feature\",\"geometry\":null,\
        \"properties\":{\"date\":\"2024-03-09\",\"category\":\"Fire\",\"postcode\":\"DY1\"}}]}";
    let heard = body("calls.geojson", BodyFormat::Plain(Format::GeoJson), features.as_bytes(), &options());
    assert_eq!(heard.incidents[0].positioned_by, PositionedBy::Postcode);
    assert_eq!(unplaced(&heard)[0].why, Why::Partial);
}

#[test]
fn names_of_columns_that_hold_a_postcode_or_a_uprn_are_known() {
    for name in ["postcode", "Post code", "post_code", "PCD", "pcds", "POSTCODE"] {
        let heard = csv(&format!("date,category,{name}\n2024-03-09,Fire,DY1 1HF\n"), &options());
        assert_eq!(heard.incidents[0].positioned_by, PositionedBy::Postcode, "{name}");
    }
    let heard = csv("date,category,uprn,address\n2024-03-09,Fire,090014521,High Street\n", &options());
    assert_eq!(heard.incidents[0].positioned_by, PositionedBy::Uprn);
}
