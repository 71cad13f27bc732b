//! Priorities through the life of a process: kept over restarts and kills, changed by a file, seen by other processes.

use std::{
    thread,
    time::{Duration, Instant},
};

use hotspots::{
    config::priorities::read_stored,
    store::{PriorityLog, geopackage::GeoPackageStore},
};
use serde_json::{Value, json};

use crate::support::{Desk, PATIENCE, Server, agent, post};

fn entry(id: &str, title: &str) -> String {
    format!(
        "[[priority]]\nid = \"{id}\"\ntitle = \"{title}\"\nperiod = {{ last_months = 3, compare = \"before\" }}\n"
    )
}

fn evenings(title: &str) -> Value {
    json!({"id": "evenings", "title": title, "period": {"last_months": 6, "compare": "before"}})
}

fn create(server: &Server, definition: &Value) -> u16 {
    let body = definition.to_string();
    let answer = server.post("/priorities?author=A", "application/json", body.as_bytes()).unwrap();
    answer.status
}

fn titles(server: &Server) -> Vec<String> {
    let listed = server.get("/priorities").ok().json();
    listed.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

fn revision(desk: &Desk) -> u64 {
    GeoPackageStore::open(&desk.store()).unwrap().priorities_revision().unwrap()
}

#[test]
fn what_was_changed_over_http_outlives_the_process_and_the_file_its_own_changes() {
    let desk = Desk::new();
    let file = desk.write("priorities.toml", &[entry("a", "A"), entry("b", "B")].concat());
    let options = ["--priorities", file.to_str().unwrap()];

    let mut server = desk.serve(&options);
    assert_eq!(create(&server, &evenings("Evenings")), 201);
    // Killed: whatever was acknowledged is durable.
    server.process.kill();
    assert_eq!(revision(&desk), 3);

    let server = desk.serve(&options);
    assert_eq!(titles(&server), ["A", "B", "Evenings"]);
    assert!(server.terminate().0.success());
    assert_eq!(revision(&desk), 3, "an unchanged file logs nothing");

    desk.write("priorities.toml", &[entry("b", "B again"), entry("c", "C")].concat());
    let server = desk.serve(&options);
    assert_eq!(titles(&server), ["B again", "C", "Evenings"]);
    assert!(server.terminate().0.success());
    assert_eq!(revision(&desk), 6);

    let list = desk_command(&desk, &["list"]);
    assert!(list.contains("evenings: Evenings (version 1, ") && !list.contains("a: A"), "{list}");
    assert!(desk_command(&desk, &["list", "--retired"]).contains("a: A (version 2, retired, "));
    let history = desk_command(&desk, &["history", "b"]);
    for part in
        ["# Version 1: created, ", "# Version 2: changed, ", "by operator (file)", "title = \"B again\""]
    {
        assert!(history.contains(part), "{part} in {history}");
    }
    let exported = desk_command(&desk, &["export"]);
    desk.write("exported.toml", &exported);
    let server = desk.serve(&["--priorities", desk.path("exported.toml").to_str().unwrap()]);
    assert_eq!(titles(&server), ["B again", "Evenings", "C"], "in the order in which they were made");
    crate::support::run(["priorities", "history", "zzz", "--store", desk.store().to_str().unwrap()])
        .refused(&["there is no priority 'zzz'", "evenings"]);
    crate::support::run(["priorities", "list", "--store", desk.path("absent.gpkg").to_str().unwrap()])
        .refused(&["there is no such file"]);
    assert!(!desk.path("absent.gpkg").exists());
}

fn desk_command(desk: &Desk, what: &[&str]) -> String {
    let store = desk.store();
    let store = ["--store", store.to_str().unwrap()];
    crate::support::run(["priorities"].iter().chain(what).chain(&store)).well().out
}

/// Kills the service while it logs one priority after another: what was acknowledged is there, and nothing half.
#[test]
fn a_kill_while_priorities_are_logged_leaves_each_of_them_whole() {
    for patience_ms in [40, 150, 400] {
        let desk = Desk::new();
        let mut server = desk.serve(&[]);
        let (before, address) = (revision(&desk), server.address);
        let asking = thread::spawn(move || {
            let agent = agent();
            let mut acknowledged = 0_u64;
            loop {
                let mut definition = evenings("Evenings");
                definition["id"] = json!(format!("evenings-{acknowledged}"));
                let body = definition.to_string();
                let answer =
                    post(&agent, address, "/priorities?author=A", "application/json", body.as_bytes());
                match answer {
                    Ok(answer) if answer.status == 201 => acknowledged += 1,
                    _ => return acknowledged,
                }
            }
        });
        thread::sleep(Duration::from_millis(patience_ms));
        server.process.kill();
        let acknowledged = asking.join().unwrap();
        let entries = GeoPackageStore::open(&desk.store()).unwrap().priority_entries().unwrap();
        let logged = entries.len() as u64 - before;
        assert!(
            (acknowledged..=acknowledged + 1).contains(&logged),
            "{acknowledged} acknowledged, {logged} kept"
        );
        for (number, entry) in entries[usize::try_from(before).unwrap()..].iter().enumerate() {
            assert_eq!(entry.priority.as_str(), format!("evenings-{number}"));
            assert!(read_stored(&entry.definition).is_ok());
        }
        assert_eq!(titles(&desk.serve(&[])).len() as u64, before + logged);
    }
}

#[test]
fn a_change_shows_in_every_process_that_serves_the_store() {
    let desk = Desk::new();
    let (one, other) = (desk.serve(&[]), desk.serve(&[]));
    let shipped = titles(&other).len();
    assert_eq!(create(&one, &evenings("Evenings")), 201);
    // Of two that make the same, the second is told, whether it has noticed the first by then or not.
    assert_eq!(create(&other, &evenings("Evenings of the other")), 409);
    let start = Instant::now();
    while titles(&other).len() == shipped {
        assert!(start.elapsed() < PATIENCE, "it is never noticed");
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(titles(&other).last().unwrap(), "Evenings");
}

#[test]
fn a_faulty_file_changes_nothing_and_is_told() {
    let desk = Desk::new();
    let filter = "filter = \"colour = 'red'\"\n";
    let file = desk.write("priorities.toml", &[entry("a", "A"), filter.to_owned()].concat());
    let given = ["serve", "--address", "127.0.0.1:0", "--priorities", file.to_str().unwrap()];
    desk.run(given).refused(&["colour", "'a'"]);
    assert_eq!(revision(&desk), 0);
}
