//! Real boundary files, as official sources and their users publish them.

use std::{fmt::Write as _, fs};

use flate2::read::GzDecoder;
use hotspots::{
    boundary::{BoundaryNote, Locator, manifest},
    crs,
    model::{Area, LonLat},
};
use tempfile::TempDir;

use crate::support::shared;

/// Loads a file as the only layer. The outline is another file, so that no union is computed.
fn load(file: &str, id_field: &str, name_field: &str, more: &str) -> Option<(Vec<Area>, Vec<BoundaryNote>)> {
    let outline = shared("data/boundaries/borough_2013_E08000027_DERIVED_union_of_wards.geojson")?;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("manifest.toml");
    let text = format!(
        "name = 'Dudley'\ncode = 'E08000027'\ngrid = 'EPSG:27700'\n[outline]\nfile = '{}'\n[[layer]]\nid = 'area'\n\
         title = 'Areas'\nfile = '{file}'\nid_field = '{id_field}'\nname_field = '{name_field}'\nvintage = 'any'\n\
         licence = 'OGL'\n{more}",
        outline.display()
    );
    fs::write(&path, text).unwrap();
    let (mut set, notes) = manifest::load_noted(&path).expect(file);
    Some((set.layers.remove(0).areas, notes))
}

#[test]
fn every_boundary_file_of_the_collection_loads() {
    // File, field of codes, field of names, areas, km² and how far off generalising may have it, features with a note.
    let files = [
        ("lad_2013_dudley_and_neighbours", "LAD13CD", "LAD13NM", 10, 1721.3, 1.0, 9),
        ("lad_2024_dudley_and_neighbours", "ltla24_code", "ltla24_name", 10, 1721.3, 5.0, 0),
        ("lsoa_2011_E08000027", "lsoa11_code", "lsoa11_name", 201, 97.94, 1.0, 0),
        ("lsoa_2011_ukgeojson_E08000027", "LSOA11CD", "LSOA11NM", 201, 97.94, 0.02, 1),
        ("lsoa_2021_E08000027", "lsoa21_code", "lsoa21_name", 203, 97.95, 1.0, 0),
        ("lsoa_2021_west_midlands_met_county", "lsoa21_code", "lsoa21_name", 1719, 901.6, 1.0, 0),
        ("msoa_2011_ukgeojson_E08000027", "MSOA11CD", "MSOA11NM", 43, 97.94, 0.02, 0),
        ("msoa_2021_E08000027", "msoa21_code", "msoa21_name", 43, 97.95, 1.0, 0),
        ("oa_2011_ukgeojson_E08000027", "OA11CD", "OA11CD", 1008, 97.94, 0.02, 1),
        ("police_force_areas_2020_wmids", "pfa20_code", "pfa20_name", 4, 13_000.0, 10.0, 0),
        ("police_force_west_midlands_fullres", "Name", "Name", 1, 901.6, 0.2, 0),
        ("wards_2013_E08000025", "WD13CD", "WD13NM", 40, 267.8, 0.1, 0),
        ("wards_2013_E08000027", "WD13CD", "WD13NM", 24, 97.94, 0.005, 0),
        ("wards_2013_E08000028", "WD13CD", "WD13NM", 24, 85.6, 0.1, 0),
        ("wards_2013_E08000030", "WD13CD", "WD13NM", 20, 104.0, 0.1, 0),
        ("wards_2013_E08000031", "WD13CD", "WD13NM", 20, 69.4, 0.1, 0),
        ("wards_2021_dudley_and_neighbours", "ward21_code", "ward21_name", 259, 1721.3, 1.0, 0),
        ("wards_2024_E08000027", "WD24CD", "WD24NM", 24, 97.95, 0.005, 0),
        ("wards_2024_bestfit_from_lsoa21_E08000027", "ward24_code", "ward24_name", 24, 97.95, 1.0, 0),
    ];
    for (name, id, name_field, count, km2, off, noted) in files {
        let Some(path) = shared(&format!("data/boundaries/{name}.geojson")) else { return };
        let Some((areas, notes)) = load(&path.display().to_string(), id, name_field, "") else { return };
        let total: f64 = areas.iter().map(|area| area.area.km2()).sum();
        assert!((total - km2).abs() <= off, "{name}: {total} km²");
        assert_eq!((areas.len(), notes.len()), (count, noted), "{name}: {notes:?}");
    }
}

#[test]
fn rings_of_the_census_that_touch_themselves_are_told_of() {
    let Some(path) = shared("data/boundaries/oa_2011_ukgeojson_E08000027.geojson") else { return };
    let Some((areas, notes)) = load(&path.display().to_string(), "OA11CD", "OA11CD", "") else { return };
    let [note] = &notes[..] else { panic!("{notes:?}") };
    assert_eq!(note.feature, "feature 1008 (E00171371 E00171371)");
    assert_eq!(
        note.what,
        "exterior ring touches itself, first at easting 394352.5 northing 292005.2, and is read as 2 rings"
    );
    let area = areas.iter().find(|area| area.code.0 == "E00171371").unwrap();
    let rings: Vec<_> = area.grid.0.iter().map(|part| 1 + part.interiors().len()).collect();
    assert_eq!(rings, [2]);
}

/// Chicago lies outside the grid, so it is moved to the Black Country: what lies in what stays as it is.
const MOVED: (f64, f64) = (85.8, 10.7);

fn moved_kml(text: &str) -> String {
    let mut moved = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<coordinates>") {
        let (positions, after) = after.split_once("</coordinates>").unwrap();
        moved.push_str(before);
        moved.push_str("<coordinates>");
        for position in positions.split_whitespace() {
            let (lon, lat) = position.split_once(',').unwrap();
            let lat = lat.split(',').next().unwrap();
            let (lon, lat): (f64, f64) = (lon.parse().unwrap(), lat.parse().unwrap());
            write!(moved, "{},{} ", lon + MOVED.0, lat + MOVED.1).unwrap();
        }
        moved.push_str("</coordinates>");
        rest = after;
    }
    moved + rest
}

#[test]
fn the_districts_of_chicago_hold_the_incidents_that_were_recorded_in_them() {
    let Some(kml) = shared("data/incidents_timestamped/chicago_police_districts.kml") else { return };
    let Some(incidents) = shared("data/incidents_timestamped/chicago_aggravated_assaults.csv.gz") else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("districts.kml");
    fs::write(&file, moved_kml(&fs::read_to_string(kml).unwrap())).unwrap();
    let (areas, notes) = load(&file.display().to_string(), "name", "description", "merge = true").unwrap();
    assert_eq!((areas.len(), notes.len()), (23, 0));
    let locator = Locator::new(&areas);
    let (mut all, mut same, mut nowhere) = (0_u32, 0_u32, 0_u32);
    let mut rows = csv::Reader::from_reader(GzDecoder::new(fs::File::open(incidents).unwrap()));
    for row in rows.records() {
        let row = row.unwrap();
        let degrees = |column: usize| row[column].parse::<f64>().unwrap();
        let at = LonLat::new(degrees(2) + MOVED.0, degrees(3) + MOVED.1).unwrap();
        let found = locator.locate(crs::from_lonlat(at).unwrap().grid);
        all += 1;
        match found {
            Some(area) => same += u32::from(areas[usize::from(area)].code.0 == row[4]),
            None => nowhere += 1,
        }
    }
    assert_eq!(all, 148_636);
    assert!((f64::from(same) / f64::from(all) - 0.984).abs() < 0.0005, "{same}");
    assert!(nowhere.abs_diff(91) <= 2, "{nowhere}");
}
