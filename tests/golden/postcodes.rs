//! The postcodes of Dudley by Code-Point Open of August 2014, each with the ward that Ordnance Survey gives it.

use std::{fs, path::PathBuf};

use hotspots::{
    gazetteer::{
        Gazetteer, Postcode,
        read::{Bounds, MARGIN_M, read_files},
    },
    locate::Locators,
    model::{BoundarySet, Metres},
};

use crate::boundaries::{real_wards, shared};

fn read(set: &BoundarySet, path: PathBuf) -> hotspots::gazetteer::read::Read {
    let bounds = Bounds::around(&set.outline, Metres::new(MARGIN_M).unwrap()).unwrap();
    read_files(&[path], &bounds, &mut |_| ()).unwrap()
}

#[test]
fn postcodes_lie_in_their_official_wards() {
    let Some(set) = real_wards(2013, "") else { return };
    let Some(path) = shared("data/postcodes/codepoint_open_2014-08_E08000027.csv") else { return };
    let read = read(&set, path.clone());
    assert_eq!((read.counts.read, read.counts.taken, read.counts.rejected), (7_279, 7_279, 0));
    assert_eq!(read.sources[0].edition.as_deref(), Some("2014-08"));
    let gazetteer = Gazetteer::new(read.postcodes, Vec::new());
    assert_eq!(gazetteer.postcode_count(), 7_279);

    let locators = Locators::new(&set);
    let mut others = Vec::new();
    for row in csv::Reader::from_path(path).unwrap().records() {
        let row = row.unwrap();
        let postcode: Postcode = row[0].parse().unwrap();
        let entry = gazetteer.postcode(postcode).unwrap();
        assert_eq!(entry.quality.get().to_string(), row[1]);
        assert_eq!(entry.grid.easting_m().to_string(), row[2]);
        let ward = locators.areas(entry.grid).next().unwrap();
        let code = ward.map(|ward| set.layers[0].areas[usize::from(ward)].code.0.as_str());
        if code != Some(&row[9]) {
            let border_m = locators.layers()[0].border_distance_m(entry.grid);
            others.push((postcode.to_string(), border_m));
        }
    }
    // Wards are generalised to 20 m, and their edges are straight on the grid here: who draws them straight in degrees finds
    // the second of these in its ward.
    let names: Vec<&str> = others.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["DY8 4QG", "DY9 8AU"]);
    assert!(others.iter().all(|(_, border_m)| *border_m < 2.0), "{others:?}");
}

#[test]
fn the_postcodes_around_are_taken_within_the_margin_and_all_are_accounted_for() {
    let Some(set) = real_wards(2013, "") else { return };
    let Some(path) = shared("data/postcodes/codepoint_open_2014-08_B_DY_WS_WV.csv.gz") else { return };
    let read = read(&set, path.clone());
    let counts = read.counts;
    assert_eq!(counts.read, 72_055);
    assert_eq!(counts.read, counts.taken + counts.elsewhere + counts.without_position + counts.rejected);
    assert_eq!(counts.rejected, 0, "{:?}", read.faults.first());
    assert!(counts.taken > 7_279 && counts.elsewhere > 0, "{counts:?}");

    let forwards = Gazetteer::new(read.postcodes.clone(), Vec::new());
    let backwards = Gazetteer::new(read.postcodes.into_iter().rev().collect(), Vec::new());
    assert_eq!(forwards, backwards);
    let per_entry = forwards.memory_bytes() as f64 / forwards.postcode_count() as f64;
    assert!(per_entry < 27.0, "{per_entry} bytes an entry, its share of sectors and districts among them");
    assert!(
        !fs::exists(path.with_extension("tmp")).unwrap(),
        "nothing is written beside a file that is read"
    );
}
