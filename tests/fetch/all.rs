//! `hotspots fetch all`: from nothing to everything.

use std::path::Path;

use crate::{
    support::{Desk, hotspots, run},
    world::World,
};

#[test]
fn everything_is_fetched_once() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let given = ["all", "--from", "2024-05", "--to", "2024-06"];
    desk.fetch(&server, given).well(&[
        "1 of 4: boundaries",
        "wards-2024.json: 24 areas",
        "2 of 4: postcodes",
        "3 of 4: population",
        "population-ward-2024.csv",
        "4 of 4: incidents",
        "2024-06: 27 crimes",
        "Serve them: hotspots serve --store",
    ]);
    for file in ["area.toml", "SOURCES.toml", "wards-2023.json", "lsoa-2021.json", "population-lsoa-2021.csv"]
    {
        assert!(desk.official(file).exists(), "{file}");
    }
    let before = server.seen().len();
    desk.fetch(&server, given).well(&["2024-06: the store holds west-midlands-police already"]);
    // What is offered and which force it is are asked again; nothing that is there is fetched.
    let again: Vec<_> = server.seen().drain(before..).map(|request| request.path).collect();
    assert!(again.len() <= 3, "{again:?}");
}

#[test]
fn an_area_that_is_none_stops_at_once() {
    let (server, desk) = (World::default().serve(), Desk::new());
    desk.fetch(&server, ["all", "--from", "2024-05", "--to", "2024-06", "--area", "E08000099"])
        .refused(&["E08000099"]);
    assert!(!desk.path("data").exists());
}

#[test]
fn real_incidents_do_not_go_beside_made_up_ones() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("boundaries/dudley.toml");
    let mut demonstration = hotspots(&desk.path(""));
    demonstration.arg("demonstration").arg("--boundaries").arg(manifest);
    run(&mut demonstration).well(&[]);
    desk.fetch(&server, ["all", "--from", "2024-05", "--to", "2024-06"]).refused(&["synthetic", "--store"]);
    assert!(server.seen().is_empty());
}
