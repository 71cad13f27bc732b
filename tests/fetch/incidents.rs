//! `hotspots fetch incidents`: rectangles, months, archives.

use std::fs;

use crate::{
    support::{Desk, read},
    world::{World, archive},
};

const ONE: [&str; 5] = ["incidents", "--from", "2024-05", "--to", "2024-05"];

#[test]
fn crimes_of_the_borough_are_imported_month_by_month() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let two = ["incidents", "--from", "2024-05", "--to", "2024-06"];
    let ended = desk.fetch(&server, two);
    ended.well(&[
        "2024-05: 27 crimes, 9 more in the box but outside",
        "27 rows read = 27 accepted + 0 rejected",
        "0 outside",
    ]);
    let csv = read(&desk.path("data/downloads/2024-05-west-midlands-E08000027-street.csv"));
    let lines: Vec<_> = csv.lines().collect();
    assert!(
        lines[0].starts_with("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code")
    );
    assert_eq!(lines.len(), 28);
    assert!(
        lines[1].contains("British Transport Police") && lines[1].contains("Under investigation"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].contains("West Midlands Police") && lines[2].contains("Violence and sexual offences"),
        "{}",
        lines[2]
    );
    assert!(lines[3].starts_with(",2024-05,") && lines[3].contains("Anti-social behaviour"), "{}", lines[3]);

    server.forget();
    desk.fetch(&server, two).well(&["2024-05: the store holds west-midlands-police already"]);
    assert!(!server.seen().iter().any(|request| request.path.contains("all-crime")));
    desk.fetch(&server, two.into_iter().chain(["--again"])).well(&["27 stored (27 earlier ones replaced)"]);
}

#[test]
fn a_rectangle_with_too_many_is_split() {
    let (server, desk) = (World { most_crimes: 5, ..World::default() }.serve(), Desk::new());
    desk.fetch(&server, ONE).well(&["2024-05: 27 crimes, 9 more"]);
    let rectangles = server.seen().iter().filter(|request| request.path.contains("all-crime")).count();
    assert!(rectangles > 5, "{rectangles}");
}

#[test]
fn the_least_rectangle_with_too_many_is_an_error_with_its_place() {
    let (server, desk) = (World { most_crimes: 0, ..World::default() }.serve(), Desk::new());
    desk.fetch(&server, ONE).refused(&["503 even for the smallest rectangle", "around 52.", "--archive"]);
    assert!(!desk.path("data/downloads").exists());
}

#[test]
fn a_margin_takes_in_what_lies_around() {
    let (server, desk) = (World::default().serve(), Desk::new());
    desk.fetch(&server, ONE.into_iter().chain(["--margin-m", "5000"])).well(&["36 crimes, 0 more"]);
}

#[test]
fn months_that_are_not_to_be_had_are_told() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let given = ["incidents", "--from", "2024-03", "--to", "2024-05"];
    desk.fetch(&server, given).refused(&["'2024-03'", "2024-04 to 2024-06", "--archive"]);
    desk.fetch(&server, ["incidents", "--from", "2024-06", "--to", "2024-05"])
        .refused(&["not before the first"]);
}

#[test]
fn archives_bring_the_months_of_the_force() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let given = ["incidents", "--from", "2024-05", "--to", "2024-06", "--archive"];
    desk.fetch(&server, given).well(&["2 rows read = 2 accepted"]);
    let names: Vec<_> = fs::read_dir(desk.path("data/downloads"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.contains(&"2024-06-west-midlands-street.csv".to_owned()), "{names:?}");
    assert!(
        !names.iter().any(|name| name.contains("staffordshire") || name.contains("outcomes")),
        "{names:?}"
    );
    desk.fetch(&server, given).well(&["2024-06: the store holds west-midlands-police already"]);
}

#[test]
fn an_archive_at_hand_will_do() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let path = desk.path("2024-06.zip");
    fs::write(&path, archive()).unwrap();
    let given = |force| {
        let two = ["incidents", "--from", "2024-04", "--to", "2024-06", "--from-file"];
        two.into_iter().chain([path.to_str().unwrap(), "--force", force]).collect::<Vec<_>>()
    };
    desk.fetch(&server, given("west-midlands"))
        .well(&["has no file of west-midlands for 2024-04", "2 rows read"]);
    desk.fetch(&server, given("dudley")).refused(&["dudley", "staffordshire, west-midlands"]);
    fs::write(&path, &archive()[..300]).unwrap();
    desk.fetch(&server, given("west-midlands")).refused(&["cut off or is no zip archive"]);
}

#[test]
fn boroughs_of_one_force_share_a_store() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let of = |area| ONE.into_iter().chain(["--area", area]);
    desk.fetch(&server, of("E08000027")).well(&["27 stored"]);
    desk.fetch(&server, of("E08000028")).well(&[
        "2024-05: 9 crimes, 0 more in the box but outside",
        "with what was fetched of 1 other boroughs",
        "36 stored (27 earlier ones replaced)",
    ]);
    for area in ["E08000027", "E08000028"] {
        desk.fetch(&server, of(area)).well(&["2024-05: the store holds west-midlands-police already"]);
    }
    desk.fetch(&server, of("E08000027").chain(["--again"])).well(&["36 stored"]);
}

#[test]
fn what_a_margin_takes_in_of_another_borough_stands_once() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let of = |area| ONE.into_iter().chain(["--area", area, "--margin-m", "5000"]);
    desk.fetch(&server, of("E08000027")).well(&["36 stored"]);
    desk.fetch(&server, of("E08000028")).well(&["36 stored (36 earlier ones replaced)"]);
}

#[test]
fn the_whole_force_of_an_archive_is_not_replaced_by_a_borough() {
    let (server, desk) = (World::default().serve(), Desk::new());
    fs::write(desk.path("june.zip"), archive()).unwrap();
    let given = ["--from-file", "june.zip", "--force", "west-midlands"];
    desk.fetch(&server, ONE.into_iter().chain(given)).well(&["1 stored"]);
    desk.fetch(&server, ONE).well(&["2024-05: the store holds west-midlands-police already"]);
}
