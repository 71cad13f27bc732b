//! `hotspots fetch population`: from Nomis, and from tables at hand.

use std::fs;

use crate::{
    server::Server,
    support::{Desk, read, shared},
    world::World,
};

/// A desk with the wards of both vintages.
fn desk(server: &Server) -> Desk {
    let desk = Desk::new();
    desk.fetch(server, ["boundaries", "--layers", "outline,ward,lsoa"]).well(&[]);
    desk
}

#[test]
fn figures_are_summed_to_wards_and_entered() {
    let server = World::default().serve();
    let desk = desk(&server);
    desk.fetch(&server, ["population"])
        .well(&["population-lsoa-2021.csv: 12 figures", "no figures of E05015905"]);
    let wards = read(&desk.official("population-ward-2024.csv"));
    let rows = [
        "code,measure,year,value",
        "E05015903,households,2021,1200",
        "E05015903,residents,2021,2800",
        "E05015903,residents,2022,2820",
        "E05015904,households,2021,1200",
    ];
    assert_eq!(wards.lines().take(5).collect::<Vec<_>>(), rows);
    let manifest: toml::Table = toml::from_str(&read(&desk.official("area.toml"))).unwrap();
    let file = |layer: usize| manifest["layer"][layer]["denominators"][0]["file"].as_str().map(str::to_owned);
    assert_eq!(file(0).as_deref(), Some("population-ward-2024.csv"));
    assert_eq!(file(2).as_deref(), Some("population-lsoa-2021.csv"));
    server.forget();
    desk.fetch(&server, ["population"]).well(&["population-ward-2024.csv: is there"]);
    assert!(server.seen().is_empty());
}

#[test]
fn figures_that_are_not_whole_are_told_all() {
    let server = World { households: "60.5", ..World::default() }.serve();
    let desk = desk(&server);
    desk.fetch(&server, ["population"]).refused(&["4 faults", "line 2, column OBS_VALUE: '60.5'", "line 5"]);
    assert!(!desk.official("population-ward-2024.csv").exists());
}

#[test]
fn boundaries_come_first() {
    let (server, desk) = (World::default().serve(), Desk::new());
    desk.fetch(&server, ["population"]).refused(&["hotspots fetch boundaries --area E08000027"]);
}

#[test]
fn a_table_of_the_county_is_summed_to_the_boroughs_wards() {
    let county = "population/census2021_residents_households_lsoa21_wmids_met_county.csv";
    let golden = "population/census2021_ward2024_bestfit_E08000027_DERIVED.csv";
    let (Some(county), Some(golden)) = (shared(&format!("data/{county}")), shared(&format!("data/{golden}")))
    else {
        return;
    };
    let server = World::default().serve();
    let desk = desk(&server);
    let columns = ["--residents", "usual_residents_2021", "--households", "households_2021"];
    let given = [
        "population",
        "--from-file",
        county.to_str().unwrap(),
        "--code-column",
        "ward24_code",
        "--year",
        "2021",
    ];
    desk.fetch(&server, given.into_iter().chain(columns)).well(&[
        "323484 residents in 2021, in 24 areas of ward-2024",
        "137053 households in 2021",
        "rows of other local authorities were passed over",
    ]);
    let table = read(&desk.official("population-ward-2024-2021.csv"));
    let mut rows = 0;
    for line in fs::read_to_string(golden).unwrap().lines().skip(1) {
        let fields: Vec<_> = line.split(',').map(|field| field.trim_matches('"')).collect();
        let [code, .., residents, households, _] = fields[..] else { panic!("{line}") };
        for expected in
            [format!("{code},residents,2021,{residents}"), format!("{code},households,2021,{households}")]
        {
            assert!(table.lines().any(|line| line == expected), "{expected}");
            rows += 1;
        }
    }
    assert_eq!(rows, 48);
    desk.fetch(&server, ["population"])
        .refused(&["population-ward-2024-2021.csv", "of E05015903 in 2021 stand there already"]);
}

#[test]
fn the_mid_year_estimates_are_of_the_wards_before() {
    let Some(path) = shared("data/population/mye2020_ward2004_2024_bestfit_E08000027_DERIVED.csv") else {
        return;
    };
    let server = World::default().serve();
    let desk = desk(&server);
    let given = [
        "population",
        "--from-file",
        path.to_str().unwrap(),
        "--code-column",
        "ward17_code",
        "--year",
        "2020",
    ];
    let before = ["--vintage", "2023", "--residents", "population_mid2020"];
    desk.fetch(&server, given.into_iter().chain(before))
        .well(&["322363 residents in 2020, in 24 areas of ward-2023"]);
    let now = ["--residents", "population_mid2020"];
    desk.fetch(&server, given.into_iter().chain(now))
        .refused(&["24 faults", "line 2, column ward17_code: 'E05001236'"]);
}

#[test]
fn figures_that_the_manifest_gives_itself_are_not_given_twice() {
    let server = World::default().serve();
    let desk = desk(&server);
    let path = desk.official("area.toml");
    let before = read(&path);
    let start = "vintage = \"2024\"\n";
    let inline = format!("{start}residents = {{ 2021 = {{ E05015903 = 14965 }} }}\n");
    fs::write(&path, before.replacen(start, &inline, 1)).unwrap();
    desk.fetch(&server, ["population"]).refused(&["E05015903 in 2021 itself", "[layer.residents.2021]"]);
    assert!(!desk.official("population-lsoa-2021.csv").exists());
}
