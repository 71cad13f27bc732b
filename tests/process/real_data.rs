//! Two months of the West Midlands in the real wards of Dudley, from the files to the answers, against
//! counts made by independent packages.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use geo::Contains;
use hotspots::boundary::manifest;
use serde_json::{Value, json};

use crate::support::{Desk, Server, shared};

const JANUARY: &str = "2014-01";
const FEBRUARY: &str = "2014-02";
const BOTH: &str = "2014-01/2014-02";
const ROWS: u64 = 36_270;

fn month_file(month: &str) -> Option<PathBuf> {
    shared(&format!("data/crime_westmidlands/{month}-west-midlands-street.csv.gz"))
}

/// Everything that is needed of `../shared`.
struct Shared {
    january: PathBuf,
    february: PathBuf,
    golden: PathBuf,
}

impl Shared {
    fn find() -> Option<Self> {
        let golden = shared("golden/01_ward_counts")?;
        Some(Self { january: month_file(JANUARY)?, february: month_file(FEBRUARY)?, golden })
    }

    fn expected(&self) -> Value {
        serde_json::from_slice(&fs::read(self.golden.join("expected.json")).unwrap()).unwrap()
    }

    /// Incidents by ward, as the reference has them.
    fn totals(&self) -> BTreeMap<String, u64> {
        let expected = self.expected();
        let by_ward = expected["total_by_ward"].as_object().unwrap();
        by_ward.iter().map(|(code, ward)| (code.clone(), ward["count"].as_u64().unwrap())).collect()
    }

    /// Incidents by month, category and ward, where there are any.
    fn by_type(&self) -> BTreeMap<(String, String), BTreeMap<String, u64>> {
        let mut all: BTreeMap<_, BTreeMap<String, u64>> = BTreeMap::new();
        for record in csv::Reader::from_path(self.golden.join("ward_month_type.csv")).unwrap().deserialize() {
            let (ward, month, crime_type, count): (String, String, String, u64) = record.unwrap();
            if count > 0 {
                all.entry((month, crime_type)).or_default().insert(ward, count);
            }
        }
        all
    }
}

/// A manifest with the wards of a file as the layers `ward` and `beat`: around 2013 Dudley's 24
/// neighbourhood teams were coterminous with its wards.
fn manifest_text(file: &Path, crs: &str, vintage: u16) -> String {
    let layer = |id: &str| {
        format!(
            "[[layer]]\nid = '{id}'\ntitle = '{id}s'\nfile = '{}'\ncrs = '{crs}'\nid_field = 'WD{short}CD'\n\
             name_field = 'WD{short}NM'\nvintage = '{vintage}'\nlicence = 'OGL v3.0'\n",
            file.display(),
            short = vintage % 100
        )
    };
    format!("name = 'Dudley'\ncode = 'E08000027'\ngrid = 'EPSG:27700'\n{}{}", layer("ward"), layer("beat"))
}

fn desk_of(file: &Path, crs: &str, vintage: u16) -> Desk {
    let mut desk = Desk::new();
    desk.manifest = desk.write("real.toml", &manifest_text(file, crs, vintage));
    desk
}

fn wards(vintage: u16) -> Option<PathBuf> {
    shared(&format!("data/boundaries/wards_{vintage}_E08000027.geojson"))
}

/// A table of CSV: each row by the names of its columns, the rows by code.
fn table(server: &Server, path: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let answer = server.get(path).ok();
    let rows = csv::Reader::from_reader(answer.body.as_slice()).into_deserialize();
    rows.map(|row| {
        let row: BTreeMap<String, String> = row.unwrap();
        (row["code"].clone(), row)
    })
    .collect()
}

fn counts(server: &Server, path: &str) -> BTreeMap<String, u64> {
    table(server, path).into_iter().map(|(code, row)| (code, row["count"].parse().unwrap())).collect()
}

/// A summary without what says which import it was made from.
fn timeless(server: &Server, path: &str) -> Value {
    let mut document = server.get(path).ok().json();
    for name in ["store", "generation", "permalink"] {
        document["method"].as_object_mut().unwrap().remove(name).unwrap();
    }
    document
}

/// Every priority has its profile, and that of all incidents counts them by ward.
fn profiles_count_as_the_reference(server: &Server, totals: &BTreeMap<String, u64>) {
    for priority in server.get("/priorities").ok().json().as_array().unwrap() {
        let id = priority["id"].as_str().unwrap();
        let profile = server.get(&format!("/priorities/{id}/profile?period={BOTH}")).ok().json();
        let wards = profile["tables"]["areas-ward"]["rows"].as_array().unwrap();
        let found: BTreeMap<String, u64> = wards
            .iter()
            .map(|row| (row["code"].as_str().unwrap().to_owned(), row["count"].as_u64().unwrap()))
            .collect();
        if id == "all-incidents" {
            assert_eq!(found, *totals);
        }
        assert_eq!(profile["figures"]["count"].as_f64(), Some(found.values().sum::<u64>() as f64), "{id}");
        // Months tell no hours, and two of them no season.
        let unanswered = profile["unanswered"].as_array().unwrap();
        let unanswered: Vec<_> = unanswered.iter().map(|one| one["section"].as_str().unwrap()).collect();
        assert!(unanswered.contains(&"hours") && unanswered.contains(&"seasonality"), "{id}: {unanswered:?}");
    }
}

#[test]
fn ward_counts_of_real_months_equal_the_reference() {
    let (Some(data), Some(wards)) = (Shared::find(), wards(2013)) else { return };
    let desk = desk_of(&wards, "EPSG:4326", 2013);
    let start = Instant::now();
    let told = desk.import(&[&data.january, &data.february]).well();
    println!("imported {:.0} rows a second, start included", ROWS as f64 / start.elapsed().as_secs_f64());
    assert!(told.out.contains("36270 rows read = 36270 accepted + 0 rejected"), "{}", told.out);
    assert!(told.out.contains("0 without position, 33159 outside the borough"), "{}", told.out);

    let server = desk.serve(&[]);
    let totals = counts(&server, "/summaries/ward?period=2014-01/2014-02&f=csv");
    assert_eq!(totals, data.totals());
    let used: u64 = totals.values().sum();
    assert_eq!(data.expected()["inside_borough"], used);

    let by_type = data.by_type();
    assert!(by_type.len() > 20);
    for ((month, crime_type), expected) in by_type {
        let slug = hotspots::model::Category::from_label(&crime_type).unwrap();
        let mut found = counts(&server, &format!("/summaries/ward?period={month}&category={slug}&f=csv"));
        assert_eq!(found.len(), 24);
        found.retain(|_, count| *count > 0);
        assert_eq!(found, expected, "{month} {crime_type}");
    }

    monthly_and_cross_tables_equal_the_reference(&server, &data);
    profiles_count_as_the_reference(&server, &totals);

    // Every row is accounted for, and other layers count the same incidents.
    let summary = server.get(&format!("/summaries/ward?period={BOTH}")).ok().json();
    let incidents = &summary["method"]["incidents"];
    let number = |name: &str| incidents[name].as_u64().unwrap();
    assert_eq!(number("used"), used);
    assert_eq!(number("used") + number("outside") + number("unlocated"), ROWS);
    assert_eq!((number("coarser_than_period"), number("synthetic")), (0, 0));
    assert_eq!(summary["in_no_area"], 0);
    assert_eq!(counts(&server, &format!("/summaries/beat?period={BOTH}&f=csv")), totals);
    for resolution in [7, 9, 10] {
        let path =
            format!("/analysis/hex?priority=all-incidents&period={BOTH}&resolution={resolution}&f=csv");
        let answer = server.get(&path).ok();
        let mut cells = csv::Reader::from_reader(answer.body.as_slice());
        let column = cells.headers().unwrap().iter().position(|name| name == "count").unwrap();
        let sum: f64 = cells.records().map(|row| row.unwrap()[column].parse::<f64>().unwrap()).sum();
        assert!((sum - used as f64).abs() < 0.5, "{sum} in hex cells, {used} in wards");
    }
}

/// The series by month and, for each month, the cross table of wards and categories.
fn monthly_and_cross_tables_equal_the_reference(server: &Server, data: &Shared) {
    let by_type = data.by_type();
    let mut by_month: BTreeMap<(String, String), u64> = BTreeMap::new();
    for ((month, _), wards) in &by_type {
        for (ward, count) in wards {
            *by_month.entry((ward.clone(), month.clone())).or_default() += count;
        }
    }
    let answer = server.get(&format!("/summaries/ward?period={BOTH}&series=month&f=csv")).ok();
    let rows = csv::Reader::from_reader(answer.body.as_slice()).into_deserialize();
    let found: BTreeMap<(String, String), u64> = rows
        .map(|row| {
            let row: BTreeMap<String, String> = row.unwrap();
            ((row["code"].clone(), row["month"].clone()), row["count"].parse().unwrap())
        })
        .collect();
    assert_eq!(found, by_month);

    for month in [JANUARY, FEBRUARY] {
        let rows = table(server, &format!("/summaries/ward?period={month}&by=category&f=csv"));
        assert_eq!(rows.len(), 25, "24 wards and all of them");
        for ((_, crime_type), wards) in by_type.iter().filter(|((of, _), _)| of == month) {
            let slug = hotspots::model::Category::from_label(crime_type).unwrap();
            for (code, row) in &rows {
                let all: u64 = wards.values().sum();
                let expected = if code.is_empty() { all } else { wards.get(code).copied().unwrap_or(0) };
                assert_eq!(row[slug.as_str()], expected.to_string(), "{month} {crime_type} {code}");
            }
        }
    }
}

#[test]
fn change_and_notices_tell_what_two_months_allow() {
    let (Some(data), Some(wards)) = (Shared::find(), wards(2013)) else { return };
    let desk = desk_of(&wards, "EPSG:4326", 2013);
    desk.import(&[&data.january, &data.february]).well();
    let server = desk.serve(&[]);

    let mut of_month = BTreeMap::new();
    for ((month, _), wards) in data.by_type() {
        for (ward, count) in wards {
            *of_month.entry((month.clone(), ward)).or_insert(0) += i64::try_from(count).unwrap();
        }
    }
    let rows = table(&server, "/summaries/ward?period=2014-02&compare=before&f=csv");
    assert_eq!(rows.len(), 24);
    for (code, row) in rows {
        let [before, now] = [JANUARY, FEBRUARY]
            .map(|month| of_month.get(&(month.to_owned(), code.clone())).copied().unwrap());
        assert_eq!(row["count"], now.to_string(), "{code}");
        assert_eq!(row["comparison_count"], before.to_string(), "{code}");
        assert_eq!(row["change"], (now - before).to_string(), "{code}");
        let percent: f64 = row["change_percent"].parse().unwrap();
        let expected = 100.0 * (now - before) as f64 / before as f64;
        assert!((percent - expected).abs() < 1e-9, "{code}: {percent}, not {expected}");
        assert_eq!((row["period"].as_str(), row["comparison_period"].as_str()), (FEBRUARY, JANUARY));
    }

    let summary = server.get("/summaries/ward").ok().json();
    assert_eq!(summary["method"]["period"], "2013-03/2014-02");
    assert_eq!(summary["method"]["comparison_period"], Value::Null);
    let notices = summary["notices"].to_string();
    assert!(notices.contains("reaches beyond what the store holds, 2014-01 to 2014-02"), "{notices}");
    assert!(notices.contains("No change is given"), "{notices}");
    assert!(!notices.contains("schematic"), "{notices}");
    let rows = summary["rows"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["change"].is_null() && row["comparison_count"].is_null()));
}

#[test]
fn importing_again_or_in_another_order_changes_no_answer() {
    let (Some(data), Some(wards)) = (Shared::find(), wards(2013)) else { return };
    let paths = [
        format!("/summaries/ward?period={BOTH}"),
        "/summaries/beat?period=2014-02&compare=before&priority=serious-acquisitive-crime".to_owned(),
        format!("/analysis/density?priority=violence&period={BOTH}&f=json"),
        format!("/analysis/hex?priority=violence&period={BOTH}&resolution=8"),
    ];
    let answers = |desk: &Desk| {
        let server = desk.serve(&["--public-address", "http://hotspots.example"]);
        paths.iter().map(|path| timeless(&server, path)).collect::<Vec<_>>()
    };
    let desk = desk_of(&wards, "EPSG:4326", 2013);
    desk.import(&[&data.january, &data.february]).well();
    let first = answers(&desk);
    let again = desk.import(&[&data.january, &data.february]).well();
    assert!(again.out.contains("36270 stored (36270 earlier ones replaced)"), "{}", again.out);
    assert!(first == answers(&desk), "importing again changed an answer");

    let other = desk_of(&wards, "EPSG:4326", 2013);
    other.import(&[&data.february]).well();
    other.import(&[&data.january]).well();
    assert!(first == answers(&other), "the order of imports changed an answer");
}

#[test]
fn wards_of_another_vintage_are_another_manifest() {
    let (Some(data), Some(wards)) = (Shared::find(), wards(2024)) else { return };
    let desk = desk_of(&wards, "EPSG:4326", 2024);
    desk.import(&[&data.january, &data.february]).well();
    let server = desk.serve(&[]);
    let found = counts(&server, &format!("/summaries/ward?period={BOTH}&f=csv"));

    let set = manifest::load(&desk.manifest).unwrap();
    let mut expected: BTreeMap<String, u64> =
        set.layers[0].areas.iter().map(|area| (area.code.0.clone(), 0)).collect();
    for path in [&data.january, &data.february] {
        let text = flate2::read::MultiGzDecoder::new(fs::File::open(path).unwrap());
        for row in csv::Reader::from_reader(text).records() {
            let row = row.unwrap();
            let point = geo_types::Point::new(row[4].parse::<f64>().unwrap(), row[5].parse().unwrap());
            let ward = set.layers[0].areas.iter().find(|area| area.lonlat.0.contains(&point));
            if let Some(ward) = ward {
                *expected.get_mut(&ward.code.0).unwrap() += 1;
            }
        }
    }
    assert!(expected.keys().all(|code| code.starts_with("E0501")), "{expected:?}");
    assert_eq!(found, expected);
}

#[test]
fn wards_on_the_national_grid_count_the_same() {
    let (Some(data), Some(wards)) = (Shared::find(), wards(2013)) else { return };
    let lonlat = desk_of(&wards, "EPSG:4326", 2013);
    let set = manifest::load(&lonlat.manifest).unwrap();
    let features: Vec<Value> = set.layers[0]
        .areas
        .iter()
        .map(|area| {
            json!({
                "type": "Feature",
                "properties": {"WD13CD": area.code.0, "WD13NM": area.name},
                "geometry": geojson::Geometry::from(&area.grid.0),
            })
        })
        .collect();
    let collection = json!({"type": "FeatureCollection", "features": features}).to_string();
    let converted = lonlat.write("wards-grid.geojson", &collection);
    let desk = desk_of(&converted, "EPSG:27700", 2013);
    desk.import(&[&data.january, &data.february]).well();
    let server = desk.serve(&[]);
    assert_eq!(counts(&server, &format!("/summaries/ward?period={BOTH}&f=csv")), data.totals());
}
