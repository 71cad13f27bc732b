//! Web Map Service: capabilities, maps, features at a pixel, legends, and what is refused.

use std::collections::BTreeSet;

use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_pcg::Pcg64;
use roxmltree::{Document, Node};

use crate::{
    app::TestApp,
    exchange::{Exchange, encode},
};

/// A picture as red, green, blue and opacity, from the upper left.
pub(crate) struct Pixels {
    pub(crate) size: (u32, u32),
    rgba: Vec<[u8; 4]>,
}

impl Pixels {
    pub(crate) fn of(answer: &Exchange) -> Self {
        assert_eq!(answer.media_type().as_deref(), Some("image/png"), "{}", answer.address);
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&answer.body));
        decoder
            .set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        assert_eq!(info.color_type, png::ColorType::Rgba);
        let rgba = bytes.as_chunks::<4>().0.to_vec();
        Self { size: (info.width, info.height), rgba }
    }

    pub(crate) fn drawn(&self) -> usize {
        self.rgba.iter().filter(|pixel| pixel[3] > 0).count()
    }

    /// Pixels that are drawn in both, as a share of those drawn in either.
    fn overlap(&self, other: &Self) -> f64 {
        assert_eq!(self.size, other.size);
        let pairs = || self.rgba.iter().zip(&other.rgba).map(|(a, b)| (a[3] > 0, b[3] > 0));
        pairs().filter(|(a, b)| *a && *b).count() as f64 / pairs().filter(|(a, b)| *a || *b).count() as f64
    }
}

fn ask(question: &str) -> Exchange {
    TestApp::shared().get(&format!("/wms?SERVICE=WMS&{question}"))
}

/// A map of 200 by 250 pixels of the borough on the national grid.
const GRID: &str =
    "CRS=EPSG:27700&BBOX=387000,281000,399000,296000&WIDTH=200&HEIGHT=250&FORMAT=image/png&TRANSPARENT=TRUE";

fn map(question: &str) -> Exchange {
    ask(&format!("VERSION=1.3.0&REQUEST=GetMap&STYLES=&{question}"))
}

fn capabilities(version: &str) -> String {
    let answer = ask(&format!("REQUEST=GetCapabilities&VERSION={version}")).expect(200);
    assert_eq!(answer.media_type().as_deref(), Some("text/xml"));
    answer.text()
}

fn children<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

fn text<'a>(node: Node<'a, 'a>, name: &'static str) -> &'a str {
    children(node, name).next().and_then(|child| child.text()).unwrap_or_default()
}

fn named_layers<'a>(document: &'a Document<'a>) -> Vec<Node<'a, 'a>> {
    let layers = document.descendants().filter(|node| node.tag_name().name() == "Layer");
    layers.filter(|layer| children(*layer, "Name").next().is_some()).collect()
}

#[test]
fn capabilities_list_every_layer_once() {
    let collections = TestApp::shared().get("/collections").expect(200).json();
    let collections = collections["collections"].as_array().unwrap();
    let ids: BTreeSet<_> = collections.iter().map(|known| known["id"].as_str().unwrap()).collect();
    for (version, root, system) in
        [("1.3.0", "WMS_Capabilities", "CRS"), ("1.1.1", "WMT_MS_Capabilities", "SRS")]
    {
        let xml = capabilities(version);
        let document = Document::parse(&xml).unwrap();
        assert!(document.root_element().tag_name().name() == root);
        assert_eq!(document.root_element().attribute("version"), Some(version));
        let layers = named_layers(&document);
        assert_eq!(layers.len(), collections.len());
        assert_eq!(layers.iter().map(|layer| text(*layer, "Name")).collect::<BTreeSet<_>>(), ids);
        for layer in layers {
            assert_eq!(layer.attribute("queryable"), Some("1"));
            let systems: Vec<_> = children(layer, system).filter_map(|node| node.text()).collect();
            assert!(systems.contains(&"EPSG:27700") && systems.contains(&"EPSG:4326"), "{systems:?}");
            assert!(!text(layer, "Title").is_empty() && !text(layer, "Abstract").is_empty());
            let of_degrees =
                children(layer, "BoundingBox").find(|node| node.attribute(system) == Some("EPSG:4326"));
            let least: f64 = of_degrees.unwrap().attribute("minx").unwrap().parse().unwrap();
            let is_lat = (49.0..61.0).contains(&least);
            assert_eq!(is_lat, version == "1.3.0", "latitude is first in 1.3.0 and second in 1.1.1");
        }
    }
}

#[test]
fn capabilities_are_given_in_the_nearest_version() {
    for (asked, given) in [
        ("", "1.3.0"),
        ("1.3.0", "1.3.0"),
        ("1.4", "1.3.0"),
        ("1.2.9", "1.1.1"),
        ("1.0.0", "1.1.1"),
        ("x", "1.1.1"),
    ] {
        let xml = capabilities(asked);
        assert_eq!(
            Document::parse(&xml).unwrap().root_element().attribute("version"),
            Some(given),
            "{asked}"
        );
    }
}

#[test]
fn every_legend_and_default_map_of_the_capabilities_is_there() {
    let app = TestApp::shared();
    let xml = capabilities("1.3.0");
    let document = Document::parse(&xml).unwrap();
    for layer in named_layers(&document) {
        let id = text(layer, "Name");
        if !["incidents", "wards", "burglary-density", "burglary-hotspots", "violence-hex", "violence-wards"]
            .contains(&id)
        {
            continue;
        }
        assert!(Pixels::of(&map(&format!("LAYERS={id}&{GRID}")).expect(200)).drawn() > 0, "{id}");
        for style in children(layer, "Style") {
            let name = text(style, "Name");
            let link = style.descendants().find(|node| node.tag_name().name() == "OnlineResource").unwrap();
            let address = link.attribute(("http://www.w3.org/1999/xlink", "href")).unwrap();
            let legend = app.get(address.strip_prefix(&app.base).unwrap()).expect(200);
            assert!(Pixels::of(&legend).drawn() > 100, "{id} {name}");
            let drawn = map(&format!("LAYERS={id}&{GRID}").replace("STYLES=", &format!("STYLES={name}")));
            drawn.expect(200);
        }
    }
    let svg = ask("REQUEST=GetLegendGraphic&LAYER=violence-hex&FORMAT=image/svg%2Bxml").expect(200).text();
    assert!(
        Document::parse(&svg).unwrap().root_element().has_tag_name(("http://www.w3.org/2000/svg", "svg"))
    );
}

#[test]
fn a_box_is_in_the_order_of_the_axes() {
    let size = "WIDTH=200&HEIGHT=250&FORMAT=image/png&TRANSPARENT=TRUE&LAYERS=wards";
    let north_first = map(&format!("CRS=EPSG:4326&BBOX=52.43,-2.19,52.56,-2.01&{size}")).expect(200);
    let east_first = map(&format!("CRS=CRS:84&BBOX=-2.19,52.43,-2.01,52.56&{size}")).expect(200);
    let older = ask(&format!(
        "VERSION=1.1.1&REQUEST=GetMap&STYLES=&SRS=EPSG:4326&BBOX=-2.19,52.43,-2.01,52.56&{size}"
    ));
    assert_eq!(north_first.body, east_first.body);
    assert_eq!(north_first.body, older.expect(200).body);
    let degrees = Pixels::of(&north_first);
    assert_eq!(degrees.size, (200, 250));
    assert!(degrees.drawn() > 5_000);
    // The same box on the Mercator plane, whose scale changes by a hundredth of a pixel over a borough.
    let mercator = "CRS=EPSG:3857&BBOX=-243789.7,6878251.5,-223752.2,6902021.0";
    let mercator = Pixels::of(&map(&format!("{mercator}&{size}")).expect(200));
    assert!(degrees.overlap(&mercator) > 0.97, "{}", degrees.overlap(&mercator));
    // Numbers in the wrong order show a place in the Indian Ocean.
    let swapped = Pixels::of(&map(&format!("CRS=EPSG:4326&BBOX=-2.19,52.43,-2.01,52.56&{size}")).expect(200));
    assert_eq!(swapped.drawn(), 0);
}

#[test]
fn names_are_read_in_any_case_and_what_is_not_known_is_passed_over() {
    let plain = map(&format!("LAYERS=wards&{GRID}")).expect(200);
    let other = format!(
        "/wms?service=WMS&request=getmap&layers=wards&styles=&{}&DPI=96&MAP_RESOLUTION=96&FORMAT_OPTIONS=dpi:96&tiled=true&service=WMS",
        GRID.to_lowercase().replace("epsg", "EPSG")
    );
    assert_eq!(TestApp::shared().get(&other).expect(200).body, plain.body);
}

#[test]
fn a_background_is_white_or_as_it_is_asked_for_or_none() {
    let opaque = GRID.replace("&TRANSPARENT=TRUE", "");
    for (more, corner) in
        [("", [255, 255, 255, 255]), ("&BGCOLOR=0x00FF80", [0, 255, 128, 255]), ("&TRANSPARENT=TRUE", [0; 4])]
    {
        let pixels = Pixels::of(&map(&format!("LAYERS=wards&{opaque}{more}")).expect(200));
        assert_eq!(pixels.rgba[0], corner, "{more}");
    }
}

#[test]
fn layers_lie_one_on_another_in_their_order() {
    let both =
        map(&format!("LAYERS=borough,burglary-hotspots&{GRID}").replace("STYLES=&", "STYLES=,hotspot&"));
    let other = map(&format!("LAYERS=burglary-hotspots,borough&{GRID}"));
    let alone = map(&format!("LAYERS=borough&{GRID}"));
    let bodies: BTreeSet<_> = [both, other, alone].map(|answer| answer.expect(200).body).into();
    assert_eq!(bodies.len(), 3);
}

#[test]
fn time_is_the_period_of_computed_layers_and_the_month_of_incidents() {
    let same = |a: &str, b: &str| {
        let bodies = [a, b].map(|question| map(&format!("{question}&{GRID}")).expect(200).body);
        bodies[0] == bodies[1]
    };
    let density = "LAYERS=burglary-density";
    assert!(same(&format!("{density}&TIME=2025-03"), &format!("{density}&period=2025-03")));
    assert!(same(&format!("{density}&TIME=2025-03-01T00:00:00Z"), &format!("{density}&period=2025-03")));
    assert!(same(&format!("{density}&TIME=2025-01/2025-06"), &format!("{density}&period=2025-01/2025-06")));
    assert!(!same(&format!("{density}&TIME=2025-03"), density));
    let incidents = "LAYERS=incidents";
    assert!(same(
        &format!("{incidents}&TIME=2025-03"),
        &format!("{incidents}&datetime=2025-03-01/2025-03-31")
    ));
    assert!(!same(&format!("{incidents}&TIME=2025-03"), incidents));
    assert!(same("LAYERS=wards&TIME=2025-03", "LAYERS=wards"));
    // What capabilities say of the months unasked is so.
    let xml = capabilities("1.3.0");
    let document = Document::parse(&xml).unwrap();
    for layer in named_layers(&document) {
        let (id, dimension) = (text(layer, "Name"), children(layer, "Dimension").next());
        assert_eq!(dimension.is_none(), ["wards", "beats", "borough", "priorities"].contains(&id), "{id}");
        if let Some(dimension) =
            dimension.filter(|_| ["incidents", "burglary-density", "violence-wards"].contains(&id))
        {
            let unasked = dimension.attribute("default").unwrap();
            assert!(same(&format!("LAYERS={id}"), &format!("LAYERS={id}&TIME={unasked}")), "{id} {unasked}");
            assert!(dimension.text().unwrap().ends_with("/P1M"));
        }
    }
}

#[test]
fn parameters_of_a_layer_and_its_filters_are_passed_on() {
    let drawn = |question: &str| Pixels::of(&map(&format!("{question}&{GRID}")).expect(200)).drawn();
    let one = drawn(&format!("LAYERS=wards&CQL_FILTER={}", encode("name = 'Norton'")));
    assert!(one > 0 && one < drawn("LAYERS=wards") / 5);
    assert_eq!(drawn("LAYERS=wards&name=Norton"), one);
    let smooth = map(&format!("LAYERS=burglary-density&bandwidth_m=900&{GRID}")).expect(200);
    assert_ne!(smooth.body, map(&format!("LAYERS=burglary-density&{GRID}")).expect(200).body);
}

/// Where a ward is, and its code.
fn place() -> (f64, f64, String) {
    let found = TestApp::shared().get("/geocode?lon=-2.0809&lat=52.5123").expect(200).json();
    let items =
        TestApp::shared().get("/collections/wards/items?bbox=-2.0809,52.5123,-2.0809,52.5123").expect(200);
    let code = items.json()["features"][0]["id"].as_str().unwrap().to_owned();
    assert!(found.to_string().contains(&code));
    (52.5123, -2.0809, code)
}

#[test]
fn features_at_a_pixel_are_those_there() {
    let (lat, lon, code) = place();
    let around = format!("{},{},{},{}", lat - 0.01, lon - 0.01, lat + 0.01, lon + 0.01);
    let asked = format!(
        "VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS=wards&STYLES=&CRS=EPSG:4326&BBOX={around}&WIDTH=101&HEIGHT=101&QUERY_LAYERS=wards,beats&I=50&J=50"
    );
    for form in ["", "&INFO_FORMAT=application/json", "&INFO_FORMAT=application/geo%2Bjson"] {
        let answer = ask(&format!("{asked}{form}")).expect(200).json();
        let features = answer["features"].as_array().unwrap();
        assert_eq!(features.len(), 2);
        assert!(features[0]["id"] == code.as_str() && features[0]["layer"] == "wards");
        assert_eq!(features[1]["layer"], "beats");
        assert_eq!(features[0]["geometry"]["type"], "MultiPolygon");
    }
    let page = ask(&format!("{asked}&INFO_FORMAT=text/html")).expect(200).text();
    assert!(page.contains("<table>") && page.contains(&code));
    let plain = ask(&format!("{asked}&INFO_FORMAT=text/plain")).expect(200).text();
    assert!(plain.contains(&format!("code = {code}\n")), "{plain}");
    // The same with the names and the order of 1.1.1.
    let east_first = format!("{},{},{},{}", lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01);
    let older = asked.replace("1.3.0", "1.1.1").replace("CRS=", "SRS=").replace(&around, &east_first);
    let older = ask(&older.replace("&I=", "&X=").replace("&J=", "&Y=")).expect(200).json();
    assert_eq!(older["features"][0]["id"], code.as_str());
}

#[test]
fn a_point_is_hit_within_three_pixels_and_not_beyond() {
    let items = TestApp::shared().get("/collections/incidents/items?limit=1").expect(200).json();
    let feature = &items["features"][0];
    let at = |axis: usize| feature["geometry"]["coordinates"][axis].as_f64().unwrap();
    let (lon, lat, half) = (at(0), at(1), 50.5e-5);
    let found = |column: u32| {
        let question = format!(
            "VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS=incidents&QUERY_LAYERS=incidents&STYLES=&CRS=CRS:84&BBOX={},{},{},{}&WIDTH=101&HEIGHT=101&I={column}&J=50&FEATURE_COUNT=1000",
            lon - half,
            lat - half,
            lon + half,
            lat + half
        );
        let answer = ask(&question).expect(200).json();
        answer["features"].as_array().unwrap().iter().any(|found| found["id"] == feature["id"])
    };
    assert!(found(50) && found(53) && found(47));
    assert!(!found(54) && !found(46));
}

#[test]
fn what_cannot_be_answered_is_reported_with_its_code() {
    let good = format!("VERSION=1.3.0&REQUEST=GetMap&LAYERS=wards&STYLES=&{GRID}");
    let info = format!("{good}&QUERY_LAYERS=wards&I=1&J=1").replace("GetMap", "GetFeatureInfo");
    let cases = [
        (good.replace("wards", "no_such"), "LayerNotDefined"),
        (good.replace("STYLES=", "STYLES=none"), "StyleNotDefined"),
        (good.replace("STYLES=", "STYLES=outline,outline"), "StyleNotDefined"),
        (good.replace("EPSG:27700", "EPSG:999999"), "InvalidCRS"),
        (good.replace("image/png", "image/tiff"), "InvalidFormat"),
        (good.replace("LAYERS=wards&", ""), "MissingParameterValue"),
        (good.replace("WIDTH=200", "WIDTH=0"), "InvalidParameterValue"),
        (good.replace("WIDTH=200", "WIDTH=4097"), "InvalidParameterValue"),
        (good.replace("387000,281000", "NaN,281000"), "InvalidParameterValue"),
        (good.replace("387000,281000,399000,296000", "399000,296000,387000,281000"), "InvalidParameterValue"),
        (good.replace("387000,281000,399000,296000", "1,1,1,1"), "InvalidParameterValue"),
        (good.replace("387000,281000,399000,296000", "-1e308,-1e308,1e308,1e308"), "InvalidParameterValue"),
        (good.replace("VERSION=1.3.0", "VERSION=1.0.0"), "InvalidParameterValue"),
        (good.replace("GetMap", "GetTile"), "OperationNotSupported"),
        (format!("{good}&BGCOLOR=red").replace("TRUE", "FALSE"), "InvalidParameterValue"),
        (format!("{good}&WIDTH=300"), "InvalidParameterValue"),
        (format!("{good}&TIME=soon").replace("wards", "incidents"), "InvalidDimensionValue"),
        (
            format!("{good}&CQL_FILTER=nothing")
                .replace("wards", "wards,beats")
                .replace("STYLES=", "STYLES=,"),
            "InvalidParameterValue",
        ),
        (format!("{good}&CQL_FILTER=no_such%3D1"), "InvalidParameterValue"),
        (good.replace("wards", "burglary-density&bandwidth_m=-1"), "InvalidParameterValue"),
        (info.replace("I=1", "I=200"), "InvalidPoint"),
        (info.replace("&J=1", "&J=-1"), "InvalidPoint"),
        (format!("{info}&INFO_FORMAT=text/xml"), "InvalidFormat"),
        (info.replace("QUERY_LAYERS=wards", "QUERY_LAYERS=x"), "LayerNotDefined"),
        ("REQUEST=GetLegendGraphic&LAYER=wards&FORMAT=x".to_owned(), "InvalidFormat"),
        (String::new(), "MissingParameterValue"),
    ];
    for (question, code) in cases {
        let answer = ask(&question).expect(400);
        let xml = answer.text();
        let document = Document::parse(&xml).unwrap();
        let exception = document.root_element().first_element_child().unwrap();
        assert!(exception.has_tag_name(("http://www.opengis.net/ogc", "ServiceException")), "{question}");
        assert_eq!(exception.attribute("code"), Some(code), "{question}: {xml}");
    }
}

#[test]
fn a_blank_picture_takes_the_place_of_a_report_where_it_is_wanted() {
    // What stands for a fault has no tag, and is not to be kept.
    let asked =
        format!("/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&STYLES=&LAYERS=none&EXCEPTIONS=BLANK&{GRID}");
    let blank = TestApp::shared().ask_unchecked("GET", &asked, &[], b"").expect(200);
    assert_eq!(blank.header("cache-control").as_deref(), Some("no-store"));
    let pixels = Pixels::of(&blank);
    assert_eq!((pixels.size, pixels.drawn()), ((200, 250), 0));
    map(&format!("LAYERS=none&EXCEPTIONS=BLANK&{GRID}").replace("WIDTH=200", "WIDTH=x")).expect(400);
}

#[test]
fn hostile_questions_are_answered_or_refused() {
    let values = [
        "",
        " ",
        "NaN",
        "inf",
        "-1",
        "1e309",
        "99999999999999999999",
        "%00",
        "%01",
        "%EF%BF%BF",
        ",,,,",
        "*",
        "../..",
        "%3Cscript%3E",
        "'",
        "\"",
        "%F0%9F%A6%80",
        "0,0,0,0",
        "-1e308,-1e308,1e308,1e308",
        "1,2,3",
        "4096",
        "1",
        "wards",
        "incidents",
        "burglary-hex",
        "EPSG:3857",
        "CRS:84",
        "2025-01/2025-12/P1M",
        "current",
        "BLANK",
    ];
    let names = [
        "LAYERS",
        "STYLES",
        "CRS",
        "BBOX",
        "WIDTH",
        "HEIGHT",
        "FORMAT",
        "TRANSPARENT",
        "BGCOLOR",
        "TIME",
        "VERSION",
        "EXCEPTIONS",
        "QUERY_LAYERS",
        "I",
        "J",
        "INFO_FORMAT",
        "FEATURE_COUNT",
        "CQL_FILTER",
        "LAYER",
        "STYLE",
        "period",
        "bbox",
        "REQUEST",
        "SERVICE",
    ];
    let mut random = Pcg64::seed_from_u64(130);
    let mut good = 0;
    for number in 0..250 {
        let operation = ["GetMap", "GetFeatureInfo", "GetLegendGraphic", "GetCapabilities"][number % 4];
        let mut pairs: Vec<(&str, &str)> = GRID.split('&').filter_map(|pair| pair.split_once('=')).collect();
        pairs.extend([
            ("SERVICE", "WMS"),
            ("REQUEST", operation),
            ("LAYERS", "wards"),
            ("QUERY_LAYERS", "wards"),
        ]);
        pairs.extend([("I", "3"), ("J", "4"), ("LAYER", "wards")]);
        for _ in 0..random.random_range(0..3) {
            let (name, value) = (*names.choose(&mut random).unwrap(), *values.choose(&mut random).unwrap());
            match pairs.iter_mut().find(|pair| pair.0 == name) {
                Some(pair) if random.random_bool(0.8) => pair.1 = value,
                _ => pairs.push((name, value)),
            }
        }
        // A legend or table has no picture's form.
        pairs.retain(|pair| pair.0 != "FORMAT" || operation == "GetMap");
        let query: Vec<_> =
            pairs.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "%20"))).collect();
        let address = format!("/wms?{}", query.join("&").replace('"', "%22"));
        let answer = TestApp::shared().get(&address);
        assert!([200, 400].contains(&answer.status), "{address}: {}", answer.status);
        good += usize::from(answer.status == 200);
        if answer.media_type().as_deref() == Some("text/xml") {
            Document::parse(&answer.text()).unwrap_or_else(|fault| panic!("{address}: {fault}"));
        }
    }
    assert!(good > 50, "only {good} questions were good");
}
