//! Reading manifests and boundary files, good ones and bad ones.

use std::fs;

use geo::{CoordsIter, winding_order::Winding};
use hotspots::{
    boundary::{BoundaryFaults, manifest},
    model::{BoundarySet, LayerId},
};
use tempfile::TempDir;

use crate::support;

const HEAD: &str = "name = 'Dudley'\ncode = 'E08000027'\ngrid = 'EPSG:27700'\n";
const LAYER: &str = "[[layer]]\nid = 'ward'\ntitle = 'Wards'\nfile = 'wards.geojson'\nid_field = 'code'\n\
                     name_field = 'name'\nvintage = '2013'\nlicence = 'none'\n";

/// Loads a manifest that stands in a folder with the files.
fn load(manifest: &str, files: &[(&str, &str)]) -> Result<BoundarySet, BoundaryFaults> {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let path = folder.path().join("dudley.toml");
    fs::write(&path, manifest).unwrap();
    manifest::load(&path).map_err(|BoundaryFaults(mut faults)| {
        for fault in &mut faults {
            fault.file = fault.file.replace(&folder.path().display().to_string(), "…");
        }
        BoundaryFaults(faults)
    })
}

fn load_wards(manifest_of_layer: &str, wards: &str) -> Result<BoundarySet, BoundaryFaults> {
    load(&format!("{HEAD}{LAYER}{manifest_of_layer}"), &[("wards.geojson", wards)])
}

fn faults(outcome: Result<BoundarySet, BoundaryFaults>) -> String {
    outcome.expect_err("a fault").to_string()
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn feature(code: &str, geometry: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"code":{code},"name":"Ward of {}"}},"geometry":{geometry}}}"#,
        code.trim_matches('"')
    )
}

fn polygon(rings: &str) -> String {
    format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#)
}

/// A square of 100 m on the grid, as GeoJSON in EPSG:27700, running clockwise and with heights.
fn grid_square(code: &str, west_hm: u32) -> String {
    let (west, east) = (west_hm * 100, west_hm * 100 + 100);
    feature(
        code,
        &polygon(&format!(
            "[[{west},290000,7],[{west},290100,7],[{east},290100,7],[{east},290000,7],[{west},290000,7]]"
        )),
    )
}

const ON_GRID: &str = "crs = 'EPSG:27700'\n";

#[test]
fn areas_stand_in_order_of_their_codes_with_both_shapes() {
    let set =
        load_wards(ON_GRID, &collection(&[grid_square("\"B\"", 3901), grid_square("\"A\"", 3900)])).unwrap();
    let [layer] = &set.layers[..] else { panic!("one layer") };
    assert_eq!(layer.id, LayerId::new("ward").unwrap());
    assert_eq!(
        (layer.title.as_str(), layer.vintage.as_str(), layer.licence.as_str()),
        ("Wards", "2013", "none")
    );
    assert!(!layer.schematic && !set.schematic);
    let codes: Vec<_> = layer.areas.iter().map(|area| area.code.0.as_str()).collect();
    assert_eq!(codes, ["A", "B"]);
    let ward = &layer.areas[0];
    assert_eq!(ward.name, "Ward of A");
    assert!((ward.area.0 - 10_000.0).abs() < 1e-6);
    let grid: Vec<_> = ward.grid.0.coords_iter().map(|at| (at.x, at.y)).collect();
    let west = 390_000.0;
    assert_eq!(
        grid,
        [
            (west, 290_000.0),
            (west + 100.0, 290_000.0),
            (west + 100.0, 290_100.0),
            (west, 290_100.0),
            (west, 290_000.0)
        ]
    );
    assert!(ward.lonlat.0.0[0].exterior().is_ccw());
    for at in ward.lonlat.0.coords_iter() {
        assert!((at.x - -2.148).abs() < 0.002 && (at.y - 52.508).abs() < 0.002, "{at:?}");
    }
}

#[test]
fn without_an_outline_the_union_of_the_first_layer_is_taken() {
    let set =
        load_wards(ON_GRID, &collection(&[grid_square("\"A\"", 3900), grid_square("\"B\"", 3901)])).unwrap();
    assert_eq!(set.outline.code.0, "E08000027");
    assert!((set.outline.area.0 - 20_000.0).abs() < 1e-6);
    // The vertices in the middle of the long sides stay, so that the outline runs as the wards do.
    assert_eq!(set.outline.grid.0.coords_count(), 7);
    for (grid, degrees) in set.outline.grid.0.coords_iter().zip(set.outline.lonlat.0.coords_iter()) {
        let same = set.layers[0].areas.iter().any(|ward| {
            ward.grid.0.coords_iter().zip(ward.lonlat.0.coords_iter()).any(|both| both == (grid, degrees))
        });
        assert!(same, "{grid:?} {degrees:?}");
    }
}

#[test]
fn an_outline_is_the_only_feature_or_the_one_with_the_code() {
    let wards = collection(&[grid_square("\"A\"", 3900)]);
    let councils = collection(&[grid_square("\"E08000026\"", 3905), grid_square("\"E08000027\"", 3900)]);
    let with = |outline: &str, councils: &str| {
        let manifest =
            format!("{HEAD}[outline]\nfile = 'lad.geojson'\ncrs = 'EPSG:27700'\n{outline}{LAYER}{ON_GRID}");
        load(&manifest, &[("wards.geojson", &wards), ("lad.geojson", councils)])
    };
    let set = with("id_field = 'code'\n", &councils).unwrap();
    assert_eq!(set.outline.name, "Dudley");
    assert_eq!(set.outline.grid, set.layers[0].areas[0].grid);
    assert!(with("", &wards).is_ok());
    assert_eq!(faults(with("", &councils)), "lad.geojson: an outline is one feature, but there are 2");
    assert_eq!(
        faults(with("id_field = 'code'\n", &wards)),
        "lad.geojson: an outline is one feature, but there are 0 with 'E08000027' as its 'code'"
    );
}

#[test]
fn every_fault_of_every_feature_is_listed() {
    let square = "[[-2.10,52.50],[-2.09,52.50],[-2.09,52.51],[-2.10,52.51],[-2.10,52.50]]";
    let bow_tie = "[[-2.10,52.50],[-2.09,52.51],[-2.09,52.50],[-2.10,52.51],[-2.10,52.50]]";
    let text = collection(&[
        feature("\"W1\"", &polygon(square)),
        feature("\"W2\"", "null"),
        feature("\"W3\"", r#"{"type":"Point","coordinates":[-2.1,52.5]}"#),
        feature("null", &polygon(bow_tie)),
        feature("\"W1\"", &polygon(square)),
        feature("\"W6\"", &polygon("[[-2.10,52.50],[-2.09,52.50],[-2.09,52.51],[-2.10,52.51]]")),
        feature("\"W7\"", &polygon("[[-2.10,52.50],[-2.09,52.50],[-2.10,52.50]]")),
        feature("\"W8\"", &polygon("[[52.50,-2.10],[52.50,-2.09],[52.51,-2.09],[52.50,-2.10]]")),
        feature("\"W9\"", &polygon("[[-2.10],[-2.09,52.50],[-2.09,52.51],[-2.10]]")),
        feature("\"W10\"", r#"{"type":"MultiPolygon","coordinates":[]}"#),
        feature("\"W11\"", r#"{"type":"Polygon","coordinates":"none"}"#),
        feature("\"W12\"", &format!(r#"{{"type":"MultiPolygon","coordinates":[[{square}],[{bow_tie}]]}}"#)),
        feature(
            "\"W13\"",
            &polygon(&format!("{square},[[-2.2,52.4],[-2.2,52.41],[-2.21,52.41],[-2.2,52.4]]")),
        ),
        "7".to_owned(),
        feature("2.5", &polygon(square)),
        feature("\" \"", r#"{"type":"Polygon","coordinates":[]}"#),
    ]);
    let told = faults(load_wards("", &text));
    let expected = [
        "feature 2 (W2 Ward of W2): it has no geometry",
        "feature 3 (W3 Ward of W3): its geometry is a Point; an area is a Polygon or a MultiPolygon",
        "feature 4 (Ward of null): 'null': the field 'code' is a text or a whole number",
        "feature 4 (Ward of null): polygon at index 0 is invalid: exterior ring has a self-intersection",
        "feature 5 (W1 Ward of W1): its code is also that of feature 1; codes are unique in a layer",
        "feature 6 (W6 Ward of W6): exterior ring: a ring ends where it starts",
        "feature 7 (W7 Ward of W7): exterior ring: a ring has at least 4 positions, this one has 3",
        "feature 8 (W8 Ward of W8): exterior ring, vertex 1: '52.5 -2.1': longitude and latitude look swapped: \
         longitude comes first and is between -9 and 2 (and 3 more vertices of the ring)",
        "feature 9 (W9 Ward of W9): exterior ring, vertex 1: '1': a position has two numbers or more",
        "feature 10 (W10 Ward of W10): its MultiPolygon has no parts",
        "feature 11 (W11 Ward of W11): its geometry is not GeoJSON: ",
        "feature 12 (W12 Ward of W12): polygon at index 1 is invalid: exterior ring has a self-intersection",
        "feature 13 (W13 Ward of W13): polygon at index 0 is invalid: interior ring at index 0 is not contained",
        "feature 14: it has no field 'code'",
        "feature 14: it has no geometry",
        "feature 15 (Ward of 2.5): '2.5': the field 'code' is a text or a whole number",
        "feature 16 (Ward of): '\" \"': the field 'code' is a text or a whole number",
        "feature 16 (Ward of): a polygon has at least an exterior ring",
    ];
    for line in expected {
        assert!(told.contains(&format!("wards.geojson: {line}")), "missing: {line}\nin:\n{told}");
    }
    assert!(told.lines().all(|line| line.starts_with("wards.geojson: feature ")), "{told}");
    assert!(!told.contains("feature 1 ("), "{told}");
}

#[test]
fn a_self_intersection_is_said_with_its_place() {
    let bow_tie = "[[390000,290000],[390100,290100],[390100,290000],[390000,290100],[390000,290000]]";
    // The same with the crossing as a vertex of both edges.
    let with_vertex = "[[390000,290000],[390050,290050],[390100,290100],[390100,290000],[390050,290050],\
                       [390000,290100],[390000,290000]]";
    let told = |ring: &str| faults(load_wards(ON_GRID, &collection(&[feature("7", &polygon(ring))])));
    assert!(
        told(bow_tie).ends_with("a self-intersection, at easting 390050.0 northing 290050.0"),
        "{}",
        told(bow_tie)
    );
    assert_eq!(
        told(with_vertex),
        "wards.geojson: feature 1 (7 Ward of 7): a ring crosses itself in a vertex or a hole lies outside, at easting 390050.0 northing 290050.0"
    );
}

#[test]
fn a_file_that_cannot_be_used_says_why() {
    let square = grid_square("\"A\"", 3900);
    let with_crs = |name: &str| {
        format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"{name}"}}}},"features":[{square}]}}"#
        )
    };
    let cases = [
        ("", "wards.geojson: it is not JSON: EOF"),
        ("[]", "a GeoJSON FeatureCollection was expected, but it is no JSON object"),
        (r#"{"type":"Topology"}"#, "a GeoJSON FeatureCollection was expected, but it is a 'Topology'"),
        (r#"{"features":[]}"#, "a GeoJSON FeatureCollection was expected, but it has no 'type'"),
        (r#"{"type":"FeatureCollection"}"#, "the collection has no array of 'features'"),
        (r#"{"type":"FeatureCollection","features":[]}"#, "the collection has no features"),
        (
            r#"{"type":"FeatureCollection","features":[{"properties":{"WD24NM":"A","WD24CD":"B"}},{"properties":null}]}"#,
            "no feature has a field 'code'; the fields are WD24CD, WD24NM",
        ),
        (
            r#"{"type":"FeatureCollection","features":[{}]}"#,
            "no feature has a field 'code'; there are no fields",
        ),
        (
            &with_crs("urn:ogc:def:crs:OGC:1.3:CRS84"),
            "its 'crs' member says 'urn:ogc:def:crs:OGC:1.3:CRS84', the",
        ),
        (&with_crs("local"), "its 'crs' member is not understood: 'local': a coordinate system is written"),
        (
            r#"{"type":"FeatureCollection","crs":{"type":"link"},"features":[1]}"#,
            "its 'crs' member has no name",
        ),
    ];
    for (text, expected) in cases {
        let told = faults(load_wards(ON_GRID, text));
        assert!(told.starts_with("wards.geojson: ") && told.contains(expected), "{text}\n{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
    let missing = faults(load(&format!("{HEAD}{LAYER}"), &[]));
    assert!(missing.starts_with("wards.geojson: it cannot be read: "), "{missing}");
    assert!(load_wards(ON_GRID, &with_crs("urn:ogc:def:crs:EPSG::27700")).is_ok());
}

#[test]
fn a_manifest_that_cannot_be_used_says_where_and_why() {
    let wards = collection(&[grid_square("\"A\"", 3900)]);
    let cases = [
        (format!("{HEAD}colour = 'red'\n{LAYER}"), "…/dudley.toml: line 4: unknown field `colour`"),
        (format!("{HEAD}{LAYER}population = 3\n"), "line 12: unknown field `population`"),
        (format!("name = 'D'\n{LAYER}"), "missing field `code`"),
        ("name = ".to_owned(), "line 1: "),
        (HEAD.to_owned(), "there is no [[layer]]; a borough has at least one"),
        (
            format!("{HEAD}{LAYER}{ON_GRID}{LAYER}{ON_GRID}"),
            "layer 'ward': there are two of the vintage '2013'",
        ),
        (
            format!("{HEAD}{LAYER}crs = 'EPSG:1'\n"),
            "layer 'ward': crs: 'EPSG:1': the coordinate system is not known",
        ),
        (
            format!("{HEAD}{LAYER}crs = '27700'\n"),
            "layer 'ward': crs: '27700': a coordinate system is written EPSG:",
        ),
        (
            format!("{HEAD}{LAYER}{ON_GRID}").replace("'EPSG:27700'\n[[", "'EPSG:4326'\n[["),
            "grid: 'EPSG:4326': the grid is EPSG:27700",
        ),
        (
            format!("{HEAD}{LAYER}{ON_GRID}").replace("'ward'", "'Ward 1'"),
            "layer 'Ward 1': 'Ward 1': a layer's id is 1 to 40",
        ),
        (format!("{HEAD}{LAYER}{ON_GRID}").replace("'2013'", "' '"), "layer 'ward': vintage is empty"),
        (
            format!("{HEAD}{LAYER}{ON_GRID}[layer.residents.2020]\nB = 5\n"),
            "residents.2020: no area has the code 'B'",
        ),
        (
            format!("{HEAD}{LAYER}{ON_GRID}[layer.households.20]\nA = 5\n"),
            "households.20: a year is written with four digits",
        ),
        (format!("{HEAD}{LAYER}{ON_GRID}[layer.residents.2020]\nA = -5\n"), "line 14: "),
    ];
    for (text, expected) in cases {
        let told = faults(load(&text, &[("wards.geojson", &wards)]));
        assert!(told.starts_with("…/dudley.toml: ") && told.contains(expected), "{text}\n{told}");
    }
    let nowhere = manifest::load(std::path::Path::new("no/such.toml")).unwrap_err().to_string();
    assert!(nowhere.starts_with("no/such.toml: it cannot be read: "), "{nowhere}");
}

#[test]
fn faults_of_several_files_are_told_together() {
    let second = LAYER.replace("'ward'", "'beat'").replace("wards.", "beats.");
    let manifest = format!("{HEAD}[outline]\nfile = 'lad.geojson'\n{LAYER}{second}");
    let told = faults(load(&manifest, &[("wards.geojson", "{}"), ("beats.geojson", "[]")]));
    let files: Vec<_> = told.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(files, ["wards.geojson", "beats.geojson", "lad.geojson"]);
}

#[test]
fn residents_and_households_are_entered_by_code_and_year() {
    let counts = "[layer.residents.2020]\nA = 14544\n[layer.residents.2021]\nA = 14600\n[layer.households.2021]\nA = 6425\n";
    let wards = collection(&[grid_square("\"A\"", 3900), grid_square("\"B\"", 3901)]);
    let set = load_wards(&format!("{ON_GRID}{counts}"), &wards).unwrap();
    let [a, b] = &set.layers[0].areas[..] else { panic!("two areas") };
    assert_eq!(a.denominators.residents, [(2020, 14_544), (2021, 14_600)].into());
    assert_eq!(a.denominators.households, [(2021, 6425)].into());
    assert!(b.denominators.residents.is_empty());
}

/// A layer of two areas, A and B, with a table of denominators.
fn load_with_table(manifest: &str, table: &str) -> Result<hotspots::model::BoundarySet, BoundaryFaults> {
    let wards = collection(&[grid_square("\"A\"", 3900), grid_square("\"B\"", 3901)]);
    let text = format!("{HEAD}{LAYER}{ON_GRID}{manifest}[[layer.denominators]]\nfile = 'population.csv'\n");
    load(&text, &[("wards.geojson", &wards), ("population.csv", table)])
}

#[test]
fn denominators_are_read_from_tables() {
    let table = "\u{feff}year,code,value,measure\r\n2021,A,6425,households\r\n2021,A,0,dwellings\r\n 2020 ,B,7,residents\r\n";
    let set = load_with_table("[layer.dwellings.2022]\nA = 6600\n", table).unwrap();
    let [a, b] = &set.layers[0].areas[..] else { panic!("two areas") };
    assert_eq!(a.denominators.households, [(2021, 6425)].into());
    assert_eq!(a.denominators.dwellings, [(2021, 0), (2022, 6600)].into());
    assert_eq!(b.denominators.residents, [(2020, 7)].into());
    assert!(b.denominators.households.is_empty() && a.denominators.residents.is_empty());
    load_with_table("", "code,measure,year,value\n").unwrap();
}

#[test]
fn every_fault_of_a_table_is_told_with_line_column_and_rule() {
    let rows = [
        "A,residents,2020,5",
        "C,residents,2020,5",
        "A,residents,2020,6",
        "A,people,20,-1",
        "B,households,2020,1.5",
        "B,households,2020,4294967296",
        "B,households,2020,",
        "A,households,2021,7",
        "A,residents,2021",
        "C,people,2020,+4",
    ];
    let table = format!("code,measure,year,value\n{}\n", rows.join("\n"));
    let told = faults(load_with_table("[layer.households.2021]\nA = 6425\n", &table));
    let expected = [
        "line 3, column code: no area has the code 'C'",
        "line 4, column code: residents of A in 2020 were given before, in population.csv line 2",
        "line 5, column measure: 'people': a measure is one of residents, households, dwellings",
        "line 5, column year: '20': a year is written with four digits",
        "line 5, column value: '-1': a figure is a whole number from 0 to 4,294,967,295, in digits alone",
        "line 6, column value: '1.5': a figure is a whole number",
        "line 7, column value: '4294967296': a figure is a whole number",
        "line 8, column value: '': a figure is a whole number",
        "line 9, column code: households of A in 2021 were given before, in the manifest",
        "line 10: a row has 4 values; this one has 3",
        "line 11, column code: no area has the code 'C'",
        "line 11, column measure: 'people'",
        "line 11, column value: '+4'",
    ];
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{told}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(&format!("population.csv: {expected}")), "{line}\n{expected}");
    }
    for (table, expected) in [
        ("code,measure,year\n", "line 1: there is no column 'value'"),
        ("code,code,measure,year,value\n", "line 1: there are two columns 'code'"),
        ("code,measure,year,value,note\n", "line 1: 'note' is no column of such a table"),
        ("", "line 1: there is no column 'code'"),
    ] {
        let told = faults(load_with_table("", table));
        assert!(told.contains(expected), "{table}: {told}");
    }
    let missing = format!("{HEAD}{LAYER}{ON_GRID}[[layer.denominators]]\nfile = 'none.csv'\n");
    let wards = collection(&[grid_square("\"A\"", 3900)]);
    let told = faults(load(&missing, &[("wards.geojson", &wards)]));
    assert!(told.starts_with("none.csv: it cannot be read: "), "{told}");
}

#[test]
fn codes_may_be_numbers_and_files_may_begin_with_a_byte_order_mark() {
    let text = format!("\u{feff}{}", collection(&[grid_square("7", 3900)]));
    assert_eq!(load_wards(ON_GRID, &text).unwrap().layers[0].areas[0].code.0, "7");
}

#[test]
fn the_flag_of_the_set_holds_for_layers_that_say_nothing_else() {
    let wards = collection(&[grid_square("\"A\"", 3900)]);
    let load = |head: &str, layer: &str| {
        let manifest = format!("{HEAD}{head}{LAYER}{ON_GRID}{layer}");
        let set = load(&manifest, &[("wards.geojson", &wards)]).unwrap();
        (set.schematic, set.layers[0].schematic)
    };
    assert_eq!(load("", ""), (false, false));
    assert_eq!(load("schematic = true\n", ""), (true, true));
    assert_eq!(load("schematic = true\n", "schematic = false\n"), (true, false));
    assert_eq!(load("", "schematic = true\n"), (true, true));
}

#[test]
fn other_coordinate_systems_come_through_proj() {
    let mercator =
        "[[-231650.18,6900131.09],[-230536.8,6900131.09],[-230536.8,6901000],[-231650.18,6900131.09]]";
    let set =
        load_wards("crs = 'EPSG:3857'\n", &collection(&[feature("\"A\"", &polygon(mercator))])).unwrap();
    let first = set.layers[0].areas[0].grid.0.coords_iter().next().unwrap();
    assert!((first.x - 394_607.65).abs() < 0.5 && (first.y - 294_649.28).abs() < 0.5, "{first:?}");
}

#[test]
fn the_real_wards_load_without_an_outline() {
    for (year, first, km2) in [(2013, "E05001236", 97.94), (2024, "E05015903", 97.95)] {
        let Some(set) = support::real_wards(year, "") else { return };
        let areas = &set.layers[0].areas;
        assert_eq!((areas.len(), areas[0].code.0.as_str()), (24, first));
        let total: f64 = areas.iter().map(|ward| ward.area.km2()).sum();
        assert!((total - km2).abs() < 0.005, "{year}: {total}");
        assert!((set.outline.area.km2() - total).abs() < 1e-6, "{year}: {}", set.outline.area.km2());
        assert_eq!(set.outline.grid.0.0.len(), 1);
    }
}

#[test]
fn an_outline_on_the_grid_serves_wards_in_degrees() {
    let Some(file) = support::shared("golden/inputs/borough_27700.geojson") else { return };
    let outline = format!("[outline]\nfile = '{}'\ncrs = 'EPSG:27700'", file.display());
    let Some(with) = support::real_wards(2013, &outline) else { return };
    assert!((with.outline.area.km2() - 97.939_91).abs() < 5e-6, "{}", with.outline.area.km2());
}

/// A layer of one vintage, on the grid.
fn vintage(of: &str, more: &str) -> String {
    format!("{}{ON_GRID}{more}", LAYER.replace("'2013'", &format!("'{of}'")))
}

#[test]
fn layers_with_the_same_id_are_vintages() {
    let wards = collection(&[grid_square("\"A\"", 3900)]);
    let text = format!(
        "{HEAD}{}{}",
        vintage("2024", "valid_from = 2024-05-02\n"),
        vintage("2004", "valid_from = 2004-06-10\nvalid_until = 2024-05-01\nretired = true\n")
    );
    let set = load(&text, &[("wards.geojson", &wards)]).unwrap();
    let told: Vec<_> = set.layers.iter().map(|layer| (layer.vintage.as_str(), layer.retired)).collect();
    assert_eq!(told, [("2024", false), ("2004", true)]);
    let valid = set.layers[1].valid;
    assert_eq!(valid.from.unwrap().to_string(), "2004-06-10");
    assert_eq!(valid.until.unwrap().to_string(), "2024-05-01");
}

#[test]
fn vintages_that_cannot_be_told_apart_or_asked_for_are_faults() {
    let wards = collection(&[grid_square("\"A\"", 3900)]);
    let one = vintage("2024", "");
    for (text, expected) in [
        (format!("{one}{}", vintage("of 2004, the old ones", "")), "each is named by 1 to 40 letters"),
        (vintage("2024", "retired = true\n"), "layer 'ward': every vintage of it is retired"),
        (vintage("2024", "valid_from = 2024-05-02T10:00:00\n"), "valid_from: '2024-05-02T10:00:00': a day"),
        (
            vintage("2024", "valid_from = 2024-05-02\nvalid_until = 2024-05-01\n"),
            "valid_until: 2024-05-01 lies before valid_from, 2024-05-02",
        ),
    ] {
        let told = faults(load(&format!("{HEAD}{text}"), &[("wards.geojson", &wards)]));
        assert!(told.contains(expected), "{text}\n{told}");
    }
}
