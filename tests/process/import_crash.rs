//! Killing the process at any moment of an import loses no acknowledged batch and leaves no half one.
//!
//! A process that is killed loses what it holds in memory and nothing that the operating system has
//! taken over, so this says nothing about a power cut; `synchronous = FULL` is for that.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use hotspots::store::{IncidentStore, geopackage::GeoPackageStore};

use crate::{
    police::{SOURCE, file_name, street_file},
    support::{Desk, Running, agent, hotspots, post},
};

const MONTHS: [&str; 6] = ["2023-01", "2023-02", "2023-03", "2023-04", "2023-05", "2023-06"];
const OLD: Version = Version { street: "On or near Old Road", rows: 14_000 };
const NEW: Version = Version { street: "On or near New Road", rows: 15_000 };

/// What a month holds: so many rows, all in one street.
#[derive(Clone, Copy)]
struct Version {
    street: &'static str,
    rows: usize,
}

impl Version {
    fn file(self, month: usize) -> String {
        street_file(MONTHS[month], self.rows, self.street, month as u64)
    }

    /// A folder tree with every month.
    fn write(self, desk: &Desk, folder: &str) {
        for (number, month) in MONTHS.iter().enumerate() {
            desk.write(&format!("{folder}/{}", file_name(month)), &self.file(number));
        }
    }
}

/// How many rows of which street each month holds.
fn held(store: &Path) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut months: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    if !store.exists() {
        return months;
    }
    let store = GeoPackageStore::open(store).unwrap();
    store
        .scan(&mut |incident| {
            assert_eq!(incident.source, SOURCE);
            let month = incident.occurred.month().to_string();
            let street = incident.street.unwrap().to_owned();
            *months.entry(month).or_default().entry(street).or_default() += 1;
        })
        .unwrap();
    months
}

/// That each month is one version as a whole, the new one where it was acknowledged; how many are new.
fn check(store: &Path, before: Option<Version>, acknowledged: &[&str], story: &str) -> usize {
    let held = held(store);
    let mut renewed = 0;
    for month in MONTHS {
        let whole = |version: Version| BTreeMap::from([(version.street.to_owned(), version.rows)]);
        let found = held.get(month).cloned().unwrap_or_default();
        if found == whole(NEW) {
            renewed += 1;
            continue;
        }
        assert_eq!(found, before.map(whole).unwrap_or_default(), "{month}, {story}");
        assert!(!acknowledged.contains(&month), "{month} was acknowledged and is lost, {story}");
    }
    renewed
}

enum Moment {
    After(Duration),
    /// As soon as so many files were acknowledged.
    Acknowledged(usize),
}

/// Starts an import, kills it, and tells which months it had acknowledged by then.
fn import_and_kill(desk: &Desk, moment: &Moment) -> Vec<&'static str> {
    let mut process = Running::start(&mut hotspots(desk.arguments(["import".into(), desk.path("new")])));
    let out = BufReader::new(process.0.stdout.take().unwrap());
    let (send, lines) = mpsc::channel();
    let reader = thread::spawn(move || {
        out.lines().map_while(Result::ok).filter(|line| line.contains(": imported, ")).for_each(|line| {
            let _ = send.send(line);
        });
    });
    let mut told = Vec::new();
    match moment {
        Moment::After(delay) => thread::sleep(*delay),
        Moment::Acknowledged(count) => told.extend(lines.iter().take(*count)),
    }
    process.kill();
    reader.join().unwrap();
    told.extend(lines.iter());
    told.iter().map(|line| *MONTHS.iter().find(|month| line.contains(*month)).unwrap()).collect()
}

fn kill_at_many_moments(before: Option<Version>) {
    let desk = Desk::new();
    NEW.write(&desk, "new");
    let prepared = desk.path("prepared.gpkg");
    if let Some(version) = before {
        version.write(&desk, "old");
        desk.import(&[&desk.path("old")]).well();
        fs::rename(desk.store(), &prepared).unwrap();
    }
    let start_over = || {
        for ending in ["gpkg", "gpkg-wal", "gpkg-shm"] {
            let _ = fs::remove_file(desk.path(&format!("incidents.{ending}")));
        }
        if before.is_some() {
            fs::copy(&prepared, desk.store()).unwrap();
        }
    };

    start_over();
    let start = Instant::now();
    desk.import(&[&desk.path("new")]).well();
    let whole_run = start.elapsed();
    assert_eq!(check(&desk.store(), before, &MONTHS, "not killed"), MONTHS.len());

    let by_time = (0..6).map(|step| Moment::After(whole_run.mul_f64(0.08 + 0.16 * f64::from(step))));
    let by_line = [1, 3, 5].map(Moment::Acknowledged);
    let mut outcomes = Vec::new();
    for moment in by_time.chain(by_line) {
        start_over();
        let acknowledged = import_and_kill(&desk, &moment);
        let story = match moment {
            Moment::After(delay) => format!("killed after {delay:?} of {whole_run:?}"),
            Moment::Acknowledged(count) => {
                assert!(acknowledged.len() >= count, "{acknowledged:?}");
                format!("killed at line {count}")
            }
        };
        outcomes.push((acknowledged.len(), check(&desk.store(), before, &acknowledged, &story)));
    }
    println!("acknowledged and found after each kill: {outcomes:?}");
    assert!(
        outcomes.iter().any(|(_, found)| (1..MONTHS.len()).contains(found)),
        "no kill fell into the import: {outcomes:?}"
    );

    // What a kill left behind is no hindrance to the next run.
    desk.import(&[&desk.path("new")]).well();
    assert_eq!(check(&desk.store(), before, &MONTHS, "run again"), MONTHS.len());
}

#[test]
fn a_killed_first_import_leaves_whole_months_only() {
    kill_at_many_moments(None);
}

#[test]
fn a_killed_correction_leaves_each_month_wholly_old_or_wholly_new() {
    kill_at_many_moments(Some(OLD));
}

#[test]
fn a_killed_server_holds_every_upload_that_it_answered() {
    let files: Vec<String> = (0..MONTHS.len()).map(|month| NEW.file(month)).collect();
    let mut whole_run = Duration::from_secs(3);
    for share in [f64::INFINITY, 0.15, 0.4, 0.65, 0.9] {
        let desk = Desk::new();
        let mut server = desk.serve(&[]);
        let address = server.address;
        let start = Instant::now();
        let (ended, at_end) = mpsc::channel();
        let acknowledged = thread::scope(|scope| {
            let uploads = scope.spawn(|| {
                let agent = agent();
                let answered = MONTHS.iter().zip(&files).map_while(|(month, file)| {
                    let answer = post(&agent, address, "/incidents", "text/csv", file.as_bytes());
                    answer.is_ok_and(|answer| answer.status == 200).then_some(*month)
                });
                let answered: Vec<_> = answered.collect();
                ended.send(start.elapsed()).unwrap();
                answered
            });
            if share.is_finite() {
                thread::sleep(whole_run.mul_f64(share));
            } else {
                whole_run = at_end.recv().unwrap();
            }
            server.process.kill();
            uploads.join().unwrap()
        });
        let story = format!("killed at {share} of {whole_run:?}");
        let found = check(&desk.store(), None, &acknowledged, &story);
        println!("{story}: {} answered, {found} found", acknowledged.len());
        assert!(share.is_finite() || acknowledged.len() == MONTHS.len());
    }
}
