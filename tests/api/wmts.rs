//! Web Map Tile Service: capabilities, tiles by parameters and by addresses, features at a pixel.

use roxmltree::{Document, Node};

use crate::{app::TestApp, exchange::Exchange, wms::Pixels};

const OWS: &str = "http://www.opengis.net/ows/1.1";

fn get(address: &str) -> Exchange {
    TestApp::shared().get(address)
}

fn of_name<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.descendants().filter(move |child| child.tag_name().name() == name)
}

fn text<'a>(node: Node<'a, 'a>, name: &'static str) -> &'a str {
    of_name(node, name).next().and_then(|child| child.text()).unwrap_or_default()
}

/// The code of the exception that an answer reports.
fn code(answer: &Exchange) -> String {
    let xml = answer.text();
    let document = Document::parse(&xml).unwrap();
    assert!(document.root_element().has_tag_name((OWS, "ExceptionReport")), "{xml}");
    of_name(document.root(), "Exception").next().unwrap().attribute("exceptionCode").unwrap().to_owned()
}

/// Matrix, row and column of the tile of a set that holds the middle of Dudley, at level 4 of the national grid and
/// 11 of web maps.
const TILES: [(&str, &str); 2] = [("WebMercatorQuad", "11/671/1012"), ("EPSG:27700", "4/75/44")];

#[test]
fn capabilities_are_the_same_by_address_and_by_parameters() {
    let by_address = get("/wmts/1.0.0/WMTSCapabilities.xml").expect(200);
    let by_parameters = get("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities").expect(200);
    assert_eq!(by_address.body, by_parameters.body);
    let xml = by_address.text();
    let document = Document::parse(&xml).unwrap();
    let collections = get("/collections").expect(200).json();
    let layers = of_name(document.root(), "Layer").count();
    assert_eq!(layers, collections["collections"].as_array().unwrap().len());
    let sets: Vec<_> = of_name(document.root(), "TileMatrixSet")
        .filter(|node| node.has_children() && of_name(*node, "TileMatrix").next().is_some())
        .collect();
    assert_eq!(sets.len(), 2);
    let first = |set: usize, name| text(of_name(sets[set], "TileMatrix").next().unwrap(), name).to_owned();
    assert_eq!(first(1, "ScaleDenominator"), "3200000");
    assert_eq!(first(1, "TopLeftCorner"), "-238375 1376256");
    assert_eq!((first(1, "MatrixWidth"), first(1, "MatrixHeight")), ("5".into(), "7".into()));
    assert!(first(0, "ScaleDenominator").starts_with("559082264.028"));
    assert_eq!(of_name(sets[0], "TileMatrix").count(), 21);
    assert_eq!(of_name(sets[1], "TileMatrix").count(), 14);
}

#[test]
fn templates_of_the_capabilities_lead_to_tiles() {
    let app = TestApp::shared();
    let xml = get("/wmts/1.0.0/WMTSCapabilities.xml").expect(200).text();
    let document = Document::parse(&xml).unwrap();
    for layer in of_name(document.root(), "Layer") {
        let id =
            layer.children().find(|node| node.has_tag_name((OWS, "Identifier"))).unwrap().text().unwrap();
        if !["wards", "incidents", "burglary-density"].contains(&id) {
            continue;
        }
        let template = of_name(layer, "ResourceURL").next().unwrap().attribute("template").unwrap();
        let style = text(of_name(layer, "Style").next().unwrap(), "Identifier");
        for (set, tile) in TILES {
            let address = template.strip_prefix(&app.base).unwrap().replace("{Style}", style);
            let address = address.replace("{Time}", "default").replace("{TileMatrixSet}", set);
            let address = address.replace("{TileMatrix}/{TileRow}/{TileCol}", tile);
            let by_address = get(&address).expect(200);
            let pixels = Pixels::of(&by_address);
            assert_eq!(pixels.size, (256, 256));
            assert!(pixels.drawn() > 0, "{address}");
            let [matrix, row, column] = tile.split('/').collect::<Vec<_>>().try_into().unwrap();
            let question = format!(
                "/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER={id}&STYLE={style}&FORMAT=image/png&TILEMATRIXSET={set}&TILEMATRIX={matrix}&TILEROW={row}&TILECOL={column}"
            );
            assert_eq!(get(&question).expect(200).body, by_address.body, "{question}");
        }
    }
}

#[test]
fn a_tile_is_the_map_of_its_box() {
    // 44 columns and 75 rows of 14,336 m from the corner.
    let (west, north) = (-238_375 + 44 * 14_336, 1_376_256 - 75 * 14_336);
    let bounds = format!("{west},{},{},{north}", north - 14_336, west + 14_336);
    let map = get(&format!(
        "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=wards&STYLES=&CRS=EPSG:27700&BBOX={bounds}&WIDTH=256&HEIGHT=256&FORMAT=image/png&TRANSPARENT=TRUE"
    ));
    assert_eq!(get("/wmts/wards/outline/EPSG:27700/4/75/44.png").expect(200).body, map.expect(200).body);
    assert_eq!(
        get("/wmts/wards/outline/GoogleMapsCompatible/11/671/1012.png").expect(200).body,
        get("/wmts/wards/default/WebMercatorQuad/11/671/1012.png").expect(200).body
    );
}

#[test]
fn months_stand_in_the_address() {
    let tile = |time: &str| {
        get(&format!("/wmts/burglary-density/intensity/{time}EPSG:27700/4/75/44.png")).expect(200).body
    };
    assert_eq!(tile("default/"), tile(""));
    assert_ne!(tile("2025-03/"), tile(""));
    let with_period =
        get("/wmts/burglary-density/intensity/EPSG:27700/4/75/44.png?period=2025-03").expect(200);
    assert_eq!(tile("2025-03/"), with_period.body);
}

#[test]
fn features_at_a_pixel_of_a_tile_are_told() {
    let question = "/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetFeatureInfo&LAYER=borough&STYLE=outline&FORMAT=image/png&TILEMATRIXSET=EPSG:27700&TILEMATRIX=6&TILEROW=302&TILECOL=176&I=128&J=128";
    let told = get(&format!("{question}&INFOFORMAT=application/json")).expect(200).json();
    assert_eq!(told["features"].as_array().unwrap().len(), 1);
    for form in ["text/html", "text/plain", "application/geo%2Bjson"] {
        get(&format!("{question}&INFOFORMAT={form}")).expect(200);
    }
    assert_eq!(code(&get(&format!("{question}&INFOFORMAT=text/xml")).expect(400)), "InvalidParameterValue");
    assert_eq!(code(&get(&question.replace("I=128", "I=256")).expect(400)), "PointIJOutOfRange");
}

#[test]
fn what_is_not_there_is_reported() {
    for (address, expected) in [
        ("/wmts/none/default/WebMercatorQuad/11/671/1012.png", "InvalidParameterValue"),
        ("/wmts/wards/none/WebMercatorQuad/11/671/1012.png", "InvalidParameterValue"),
        ("/wmts/wards/default/none/11/671/1012.png", "InvalidParameterValue"),
        ("/wmts/wards/default/WebMercatorQuad/21/671/1011.png", "InvalidParameterValue"),
        ("/wmts/wards/default/EPSG:27700/14/0/0.png", "InvalidParameterValue"),
        ("/wmts/wards/default/WebMercatorQuad/1/2/0.png", "TileOutOfRange"),
        ("/wmts/wards/default/WebMercatorQuad/1/0/-1.png", "TileOutOfRange"),
        ("/wmts/wards/default/EPSG:27700/0/0/5.png", "TileOutOfRange"),
        ("/wmts/wards/default/EPSG:27700/0/7/99999999999999999999.png", "TileOutOfRange"),
        ("/wmts/incidents/default/soon/EPSG:27700/0/0/0.png", "InvalidParameterValue"),
        ("/wmts/%FF/default/EPSG:27700/0/0/0.png", "InvalidParameterValue"),
    ] {
        assert_eq!(code(&get(address).expect(404)), expected, "{address}");
    }
    assert_eq!(
        code(&get("/wmts/wards/default/EPSG:27700/0/0/0.png?CQL_FILTER=x%3D1").expect(400)),
        "InvalidParameterValue"
    );
    let tile = "/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=wards&STYLE=outline&FORMAT=image/png&TILEMATRIXSET=WebMercatorQuad&TILEMATRIX=1&TILEROW=0&TILECOL=0";
    get(tile).expect(200);
    for (question, expected) in [
        (tile.replace("TILECOL=0", "TILECOL=2"), "TileOutOfRange"),
        (tile.replace("TILEROW=0", "TILEROW="), "MissingParameterValue"),
        (tile.replace("TILEMATRIX=1", "TILEMATRIX=NaN"), "InvalidParameterValue"),
        (tile.replace("image/png", "image/jpeg"), "InvalidParameterValue"),
        (tile.replace("LAYER=wards", "LAYER=x"), "InvalidParameterValue"),
        (tile.replace("GetTile", "GetMap"), "OperationNotSupported"),
        (tile.replace("WMTS&V", "WMS&V"), "InvalidParameterValue"),
        ("/wmts".to_owned(), "MissingParameterValue"),
    ] {
        assert_eq!(code(&get(&question).expect(400)), expected, "{question}");
    }
}
