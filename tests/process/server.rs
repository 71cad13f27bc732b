//! The server: where it listens, how it ends, what it answers while others import, while its store is
//! away and while it is busy.

use std::{
    collections::BTreeSet,
    fs,
    net::TcpListener,
    sync::{
        Barrier,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    police::{file_name, street_file},
    support::{Answer, Desk, PATIENCE, Server, agent, encoded, get},
};

const PUBLIC: [&str; 2] = ["--public-address", "http://hotspots.example"];
const MONTHS: [&str; 3] = ["2023-01", "2023-02", "2023-03"];
const ROWS: usize = 800;

/// A folder of street files.
fn write_months(desk: &Desk) {
    for (seed, month) in (1..).zip(MONTHS) {
        desk.write(
            &format!("files/{}", file_name(month)),
            &street_file(month, ROWS, "On or near A Street", seed),
        );
    }
}

fn desk_with_incidents() -> Desk {
    let desk = Desk::new();
    write_months(&desk);
    desk.import(&[&desk.path("files")]).well();
    desk
}

/// Asks until `wanted` holds; a test that waits in vain fails.
fn until(mut ask: impl FnMut() -> Answer, wanted: impl Fn(&Answer) -> bool) -> Duration {
    let start = Instant::now();
    loop {
        let answer = ask();
        if wanted(&answer) {
            return start.elapsed();
        }
        assert!(start.elapsed() < PATIENCE, "still {} {}", answer.status, answer.text());
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_open_address_has_to_be_meant() {
    let desk = Desk::new();
    desk.run(["serve", "--address", "0.0.0.0:0"]).refused(&[
        "0.0.0.0:0",
        "every incident with its position",
        "no access control",
        "127.0.0.1",
        "--allow-open",
    ]);
    desk.run(["serve", "--address", "[::]:0"]).refused(&["[::]:0", "--allow-open"]);

    // Port 0 of every address of the machine, asked by its loopback one only.
    let mut server = Server::start(&desk.arguments(["serve", "--address", "0.0.0.0:0", "--allow-open"]));
    server.address.set_ip([127, 0, 0, 1].into());
    assert_eq!(server.get("/health").ok().json()["status"], "ok");
    let (status, log) = server.terminate();
    assert!(status.success(), "{status}");
    assert!(log.contains("WARN") && log.contains("can read every incident with its position"), "{log}");
}

#[test]
fn a_port_in_use_is_told_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    Desk::new().run(["serve", "--address", &address]).refused(&[
        &format!("cannot listen on {address}"),
        "another program",
        "--address",
    ]);
}

#[test]
fn a_signal_to_stop_ends_the_server_cleanly() {
    let desk = desk_with_incidents();
    let server = desk.serve(&[]);
    // A connection that the client keeps open does not hold it up.
    server.get("/summaries/ward").ok();
    let start = Instant::now();
    let (status, log) = server.terminate();
    println!("ended after {:?}", start.elapsed());
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(!log.contains("panicked"), "{log}");
    // Nothing is left in a log beside the store, so that the one file is the whole of it.
    assert!(!desk.path("incidents.gpkg-wal").exists());
}

#[test]
fn an_empty_store_is_served_and_says_so() {
    let server = Desk::new().serve(&[]);
    assert_eq!(server.get("/").ok().json()["incidents"], 0);
    let answer = server.get("/summaries/ward");
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("holds no incidents yet"), "{}", answer.text());
    let answer = server.get("/summaries/ward?period=2023-01").ok().json();
    assert!(answer["notices"].to_string().contains("The store holds no incidents"), "{answer}");
}

#[test]
fn another_process_imports_while_readers_see_whole_generations_only() {
    let desk = Desk::new();
    write_months(&desk);
    let month = |number: usize| desk.path("files").join(file_name(MONTHS[number]));
    desk.import(&[&month(0)]).well();
    let server = desk.serve(&[]);
    let path = "/summaries/ward?period=2023-01/2023-03&f=json";
    // What a generation holds is known by then, so a part of it would be noticed.
    let account = |answer: &Answer| {
        let document = answer.json();
        let incidents = &document["method"]["incidents"];
        let number = |name: &str| incidents[name].as_u64().unwrap();
        let rows: u64 =
            document["rows"].as_array().unwrap().iter().map(|row| row["count"].as_u64().unwrap()).sum();
        assert_eq!(rows + document["in_no_area"].as_u64().unwrap(), number("used"));
        (document["method"]["generation"].as_u64().unwrap(), number("used") + number("outside"))
    };
    let done = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let agent = agent();
                    let mut seen = Vec::new();
                    while !done.load(Ordering::Relaxed) {
                        seen.push(account(&get(&agent, server.address, path).ok()));
                    }
                    seen
                })
            })
            .collect();
        let mut delays = Vec::new();
        for number in 1..MONTHS.len() {
            desk.import(&[&month(number)]).well();
            let generation = number as u64 + 1;
            delays.push(until(
                || server.get("/ready"),
                |ready| ready.json()["serving_generation"] == generation,
            ));
        }
        println!("visible after {delays:?}");
        server.get(path).ok();
        done.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap()).collect::<Vec<_>>()
    });
    for of_reader in &seen {
        assert!(of_reader.windows(2).all(|pair| pair[0].0 <= pair[1].0), "a reader went back in time");
    }
    let kinds: BTreeSet<_> = seen.into_iter().flatten().collect();
    let whole = |generation: u64| (generation, generation * ROWS as u64);
    assert!(kinds.is_subset(&BTreeSet::from([whole(1), whole(2), whole(3)])), "{kinds:?}");
    assert_eq!(account(&server.get(path).ok()), whole(3));
}

#[test]
fn reads_go_on_while_the_store_is_away_and_recover_with_it() {
    let desk = desk_with_incidents();
    let server = desk.serve(&[]);
    let path = "/summaries/ward?period=2023-01/2023-03";
    let before = server.get(path).ok();
    assert_eq!(server.get("/ready").ok().json()["status"], "ready");

    let away = desk.path("elsewhere.gpkg");
    fs::rename(desk.store(), &away).unwrap();
    let ready = server.get("/ready");
    assert_eq!((ready.status, ready.json()["status"].as_str()), (503, Some("store-unreachable")));
    assert_eq!(ready.json()["stored_generation"], Value::Null);
    assert_eq!(server.get("/health").ok().json()["status"], "ok");
    // Over the next look of the server at its store, too.
    thread::sleep(Duration::from_millis(2_500));
    assert_eq!(server.get(path).ok().body, before.body);
    let upload = street_file("2023-04", 50, "On or near B Street", 4);
    let refused = server.post("/incidents", "text/csv", upload.as_bytes()).unwrap();
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(refused.header("retry-after").is_some());
    assert!(!refused.text().contains("elsewhere"));

    fs::rename(&away, desk.store()).unwrap();
    assert_eq!(server.get("/ready").ok().json()["status"], "ready");
    server.post("/incidents", "text/csv", upload.as_bytes()).unwrap().ok();
    assert_eq!(server.get("/").ok().json()["incidents"], 3 * ROWS + 50);

    let (status, log) = server.terminate();
    assert!(status.success());
    assert_eq!(log.matches("serving the last good snapshot").count(), 1, "{log}");
}

#[test]
fn a_store_that_came_back_as_a_copy_is_followed() {
    let desk = desk_with_incidents();
    let backup = desk.path("backup.gpkg");
    fs::copy(desk.store(), &backup).unwrap();
    let server = desk.serve(&[]);
    for ending in ["gpkg", "gpkg-wal", "gpkg-shm"] {
        fs::remove_file(desk.path(&format!("incidents.{ending}"))).unwrap();
    }
    assert_eq!(server.get("/ready").status, 503);
    fs::copy(&backup, desk.store()).unwrap();
    assert_eq!(server.get("/ready").ok().json()["status"], "ready");
    let more = desk.write("more.csv", &street_file("2023-04", 50, "On or near B Street", 4));
    desk.import(&[&more]).well();
    until(|| server.get("/"), |landing| landing.json()["incidents"] == 3 * ROWS + 50);
}

#[test]
fn a_full_queue_answers_that_it_is_busy_and_health_answers_at_once() {
    let desk = desk_with_incidents();
    let server = desk.serve(&["--compute-threads", "1", "--compute-queue", "1"]);
    let requests = 10;
    let together = Barrier::new(requests + 1);
    let busy = AtomicBool::new(true);
    let (answers, health) = thread::scope(|scope| {
        let asking: Vec<_> = (0..requests)
            .map(|number| {
                let (together, busy, server) = (&together, &busy, &server);
                scope.spawn(move || {
                    let agent = agent();
                    let path = if number % 2 == 0 {
                        "/analysis/hex?priority=all-incidents&period=2023-01/2023-03&resolution=11"
                    } else {
                        "/analysis/density?priority=all-incidents&period=2023-01/2023-03&cell_m=10&f=json"
                    };
                    together.wait();
                    let answer = get(&agent, server.address, path);
                    // The first answer that took computing.
                    if answer.status == 200 {
                        busy.store(false, Ordering::SeqCst);
                    }
                    answer
                })
            })
            .collect();
        together.wait();
        let health = server.get("/health").ok();
        let during = busy.load(Ordering::SeqCst);
        (asking.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>(), (health, during))
    });
    assert!(health.1, "health was answered after a long computation");
    assert_eq!(health.0.json()["status"], "ok");
    let count = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!(count(200) + count(503), requests);
    assert!(count(200) >= 1 && count(503) >= 1, "{} answered, {} refused", count(200), count(503));
    for refused in answers.iter().filter(|answer| answer.status == 503) {
        let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!(wait >= 1);
        assert_eq!(refused.header("content-type"), Some("application/problem+json"));
        assert_eq!(refused.json()["status"], 503);
    }
    // And then it is free again.
    server.get("/summaries/ward?period=2023-01").ok();
}

/// Requests of every kind whose answers are made from incidents.
fn questions() -> Vec<String> {
    let filter = encoded("category in ('burglary', 'robbery') and weight >= 1");
    vec![
        "/summaries/ward?period=2023-02&compare=before".to_owned(),
        "/summaries/beat?period=2023-01/2023-03&f=geojson".to_owned(),
        "/summaries/beat?period=2023-01/2023-03&f=csv".to_owned(),
        format!("/summaries/ward?period=2023-01/2023-03&filter={filter}"),
        "/analysis/density?priority=all-incidents&period=2023-01/2023-03&f=json".to_owned(),
        "/analysis/density?priority=all-incidents&period=2023-01/2023-03".to_owned(),
        "/analysis/hex?priority=violence&period=2023-01/2023-03&resolution=8".to_owned(),
    ]
}

#[test]
fn one_thread_and_eight_give_the_same_bytes() {
    let desk = desk_with_incidents();
    let one = desk.serve(&[&PUBLIC[..], &["--compute-threads", "1"]].concat());
    let eight = desk.serve(&[&PUBLIC[..], &["--compute-threads", "8"]].concat());
    for path in questions() {
        let (a, b) = (one.get(&path).ok(), eight.get(&path).ok());
        assert!(a.body == b.body, "{path}");
        assert_eq!(a.header("etag"), b.header("etag"), "{path}");
        assert!(a.body == one.get(&path).ok().body, "{path}");
    }
}

/// The answer without the names of store and generation.
fn without_state(server: &Server, path: &str) -> Vec<u8> {
    let answer = server.get(path).ok();
    if path.ends_with("f=csv") {
        return answer.body;
    }
    let mut document = answer.json();
    for name in ["store", "generation"] {
        document["method"].as_object_mut().unwrap().remove(name).unwrap();
    }
    document.to_string().into_bytes()
}

#[test]
fn another_order_of_imports_gives_the_same_answers() {
    let (forwards, backwards) = (Desk::new(), Desk::new());
    write_months(&forwards);
    write_months(&backwards);
    forwards.import(&[&forwards.path("files")]).well();
    for month in MONTHS.iter().rev() {
        backwards.import(&[&backwards.path("files").join(file_name(month))]).well();
    }
    let (one, other) = (forwards.serve(&PUBLIC), backwards.serve(&PUBLIC));
    for path in questions() {
        assert!(without_state(&one, &path) == without_state(&other, &path), "{path}");
    }
}
