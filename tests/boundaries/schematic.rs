//! The bundled schematic set.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use geo::LinesIter;
use hotspots::{
    boundary::{schematic, topology},
    locate::Locators,
    model::{Area, GridPoint},
};
use tempfile::TempDir;

use crate::support;

const FILES: [&str; 3] = ["dudley-outline.geojson", "dudley-wards.geojson", "dudley-beats.geojson"];

fn boundaries() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/boundaries"))
}

/// How often each edge occurs, by its ends in millimetres of the grid and in this direction.
fn edges(areas: &[Area]) -> HashMap<[u64; 4], usize> {
    let mut edges = HashMap::new();
    for edge in areas.iter().flat_map(|area| area.grid.0.lines_iter()) {
        *edges.entry([edge.start.x, edge.start.y, edge.end.x, edge.end.y].map(f64::to_bits)).or_default() +=
            1;
    }
    edges
}

#[test]
fn drawing_again_gives_the_committed_files() {
    let folder = TempDir::new().unwrap();
    let written = schematic::generate(&boundaries().join("schematic.toml"), folder.path()).unwrap();
    assert_eq!(written.len(), FILES.len());
    for name in FILES {
        let drawn = fs::read_to_string(folder.path().join(name)).unwrap();
        let committed = fs::read_to_string(boundaries().join(name)).unwrap();
        assert!(drawn == committed, "{name} differs; draw it again as boundaries/README.md says");
    }
}

#[test]
fn everything_says_that_it_is_schematic() {
    let set = support::schematic();
    assert!(set.schematic && set.layers.iter().all(|layer| layer.schematic));
    for name in FILES {
        let text = fs::read_to_string(boundaries().join(name)).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        for feature in json["features"].as_array().unwrap() {
            assert_eq!(feature["properties"]["schematic"], true, "{name}");
            assert!(feature["properties"]["note"].as_str().unwrap().contains("not an official boundary"));
        }
    }
}

#[test]
fn neighbours_share_every_edge_exactly() {
    let set = support::schematic();
    let outline: HashSet<_> = edges(std::slice::from_ref(&set.outline)).into_keys().collect();
    for layer in &set.layers {
        let edges = edges(&layer.areas);
        let mut on_outline = 0;
        for (&[x1, y1, x2, y2], &times) in &edges {
            assert_eq!(times, 1, "{}", layer.id);
            let turned = edges.contains_key(&[x2, y2, x1, y1]);
            let outer = outline.contains(&[x1, y1, x2, y2]);
            assert!(turned != outer, "{}: an edge has a neighbour or lies on the outline", layer.id);
            on_outline += usize::from(outer);
        }
        assert_eq!(on_outline, outline.len(), "{}", layer.id);
    }
    let report = topology::check(&set);
    assert!(report.is_clean(), "{report}");
    assert!(report.layers.iter().all(|layer| layer.slivers.total.0 < 0.01), "{report}");
}

#[test]
fn wards_lie_around_their_centroids_and_beats_in_their_wards() {
    let set = support::schematic();
    let (_, wards) = set.layer("ward").unwrap();
    let (_, beats) = set.layer("beat").unwrap();
    assert_eq!((wards.areas.len(), beats.areas.len()), (24, 60));
    let residents: u32 = wards.areas.iter().map(|ward| ward.denominators.residents[&2020]).sum();
    assert_eq!(residents, 322_363);

    let locators = Locators::new(&set);
    let centroid = GridPoint::new(390_800.0, 285_640.0).unwrap(); // Amblecote
    let found: Vec<_> = locators.areas(centroid).collect();
    assert_eq!(wards.areas[usize::from(found[0].unwrap())].name, "Amblecote");
    assert!(beats.areas[usize::from(found[1].unwrap())].name.starts_with("Demo beat Amblecote "));
    assert!(locators.in_outline(centroid));

    for ward in &wards.areas {
        let prefix = format!("demo-{}-", ward.code);
        let own: Vec<&Area> = beats.areas.iter().filter(|beat| beat.code.0.starts_with(&prefix)).collect();
        assert!(own.len() == 2 || own.len() == 3, "{}", ward.name);
        for beat in &own {
            assert!((beat.area.0 - ward.area.0 / own.len() as f64).abs() < 200.0, "{}", beat.name);
        }
        let total: f64 = own.iter().map(|beat| beat.area.0).sum();
        assert!((total - ward.area.0).abs() < 1e-3, "{}", ward.name);
    }
}

#[test]
fn a_bad_source_is_refused_with_every_fault() {
    let folder = TempDir::new().unwrap();
    let source = folder.path().join("source.toml");
    let generate = |text: &str| {
        fs::write(&source, text).unwrap();
        schematic::generate(&source, folder.path()).unwrap_err().to_string()
    };
    let head = "code = 'X'\nname = 'X'\nprefix = 'x'\nnote = 'x'\n";
    let square = "outline_hm = [[3900, 2900], [3950, 2900], [3950, 2950], [3900, 2950]]\n";
    let ward = "{ code = 'A', name = 'A', centroid_m = [392000, 292000], hectares = 1 }";

    assert!(generate("code = 3").contains("invalid type"));
    assert!(generate(&format!("{head}{square}wards = []")).contains("there are no wards"));
    let twice = generate(&format!("{head}{square}wards = [{ward}, {ward}]"));
    assert!(twice.contains("two wards with this code") && twice.contains("same centroid"), "{twice}");
    let off = generate(&format!("{head}outline_hm = [[1e9, nan]]\nwards = [{ward}]"));
    assert!(off.contains("corner 1") && off.contains("an easting lies between"), "{off}");
    let crossing = square.replace("[3950, 2900], [3950, 2950]", "[3950, 2950], [3950, 2900]");
    let crossing = generate(&format!("{head}{crossing}wards = [{ward}]"));
    assert!(crossing.contains("outline_hm: exterior ring has a self-intersection"), "{crossing}");
    let far = generate(&format!(
        "{head}{square}wards = [{ward}, {}]",
        ward.replace("'A'", "'B'").replace("392000,", "600000,")
    ));
    assert!(far.contains("ward B: no ground of the outline is nearest to its centroid"), "{far}");
}
