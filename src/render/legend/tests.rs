use super::{picture::tree, *};
use crate::feature::{Colour, GeometryKind, Rule, Symbology, Test};

const RED: Colour = Colour::opaque(215, 48, 31);

fn rule(label: &str) -> Rule {
    Rule {
        label: label.to_owned(),
        test: Test::All,
        fill: Some(RED),
        stroke: Some(Colour::opaque(0, 0, 0)),
        stroke_px: 2.0,
        radius_px: 4.0,
    }
}

fn symbology(labels: &[&str]) -> Symbology {
    Symbology {
        id: "count".to_owned(),
        title: "Incidents".to_owned(),
        geometry: GeometryKind::MultiPolygon,
        field: None,
        class_rule: Some("Natural breaks".to_owned()),
        rules: labels.iter().map(|label| rule(label)).collect(),
    }
}

/// Width, height, and the colour at a place.
fn decoded(png: &[u8]) -> (u32, u32, impl Fn(u32, u32) -> [u8; 3] + use<>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let width = frame.width;
    (width, frame.height, move |x, y| {
        let at = ((y * width + x) * 3) as usize;
        [pixels[at], pixels[at + 1], pixels[at + 2]]
    })
}

#[test]
fn a_drawing_says_what_it_shows_to_those_who_cannot_see_it() {
    let svg = svg(&symbology(&["0 & more", "<1>"]), "Burglary");
    let document = roxmltree::Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!(
        (root.attribute("role"), root.attribute("aria-label")),
        (Some("img"), Some("Legend: Burglary"))
    );
    let desc = root.children().find(|child| child.has_tag_name(("http://www.w3.org/2000/svg", "desc")));
    assert_eq!(desc.unwrap().text(), Some("Incidents: 0 & more; <1>. Natural breaks."));
    let swatches = root.children().filter(|child| child.attribute("stroke").is_some()).count();
    assert_eq!(swatches, 2);
}

#[test]
fn every_word_lies_within_the_drawing_however_wide_it_is() {
    for label in ["WWWWWWWWWW ".repeat(9), "m".repeat(90), "@%Ж漢".repeat(30), "ill fit: (trial) ".repeat(12)]
    {
        let mut symbology = symbology(&[&label]);
        symbology.title.clone_from(&label);
        symbology.class_rule = Some(label.clone());
        let tree = tree(&svg(&symbology, &label)).unwrap();
        let drawn = tree.root().abs_bounding_box();
        assert!(tree.size().width() < 300.0, "{label}");
        assert!(drawn.right() <= tree.size().width() && drawn.bottom() <= tree.size().height(), "{label}");
        for node in tree.root().children() {
            assert!(node.abs_bounding_box().right() <= tree.size().width(), "{label}");
        }
    }
}

#[test]
fn lines_hold_every_word_and_keep_their_order() {
    let face = words::Face { size_px: 10.0, bold: false };
    let text = "one two three four five six";
    let lines = face.lines(text, 60.0);
    assert!(lines.len() > 1 && lines.iter().all(|line| face.width_px(line) <= 60.0));
    assert_eq!(lines.join(" "), text);
    assert!(face.lines("  ", 60.0).is_empty());
}

#[test]
fn a_picture_shows_text_and_the_colours_of_the_rules() {
    let (width, height, at) = decoded(&png(&symbology(&["One class"]), "Burglary", 2.0));
    let everywhere = || (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    assert!(everywhere().any(|(x, y)| at(x, y) == RED.rgb), "the fill");
    let dark = everywhere().filter(|(x, y)| x > &80 && at(*x, *y).iter().all(|part| *part < 100)).count();
    assert!(dark > 200, "the text has {dark} dark pixels");
}

#[test]
fn no_scale_and_no_number_of_rules_makes_a_picture_too_large() {
    for scale in [0.0, -1.0, 1e9, f32::NAN, f32::INFINITY] {
        let (width, height, _) = decoded(&png(&symbology(&["One"]), "Burglary", scale));
        assert!(width >= 20 && height >= 20 && width < 3_000 && height < 3_000, "{scale}");
    }
    let many = vec!["a category"; 400];
    let (width, height, _) = decoded(&png(&symbology(&many), "Burglary", 8.0));
    assert!(width * height <= 16_500_000 && height > 8_400, "{width} × {height}");
}

#[test]
fn a_layer_with_nothing_to_show_has_a_legend_that_says_so() {
    assert!(svg(&symbology(&[]), "Burglary").contains("Nothing to show"));
    assert!(!png(&symbology(&[]), "Burglary", 1.0).is_empty());
}

#[test]
fn points_are_discs_of_their_own_size() {
    let points = Symbology { geometry: GeometryKind::Point, ..symbology(&["Incident"]) };
    let svg = svg(&points, "Incidents");
    let document = roxmltree::Document::parse(&svg).unwrap();
    let disc =
        document.descendants().find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "circle")));
    assert_eq!(disc.unwrap().attribute("r"), Some("4"));
}

#[test]
fn programs_are_told_the_limits() {
    let mut symbology = symbology(&["a", "b", "c"]);
    symbology.rules[0].test = Test::Range(None, Some(2.5));
    symbology.rules[1].test = Test::Text("burglary".into());
    symbology.rules[2].test = Test::Absent;
    let json = serde_json::to_value(LegendJson::of(&symbology, "Burglary", Some("1/km2"))).unwrap();
    assert_eq!(json["classes"][0]["test"], serde_json::json!({"is": "range", "from": null, "below": 2.5}));
    assert_eq!(json["classes"][1]["test"], serde_json::json!({"is": "text", "value": "burglary"}));
    assert_eq!(json["classes"][2]["test"], serde_json::json!({"is": "absent"}));
    assert_eq!((&json["unit"], &json["classes"][0]["fill"]), (&"1/km2".into(), &"#d7301f".into()));
}
