//! Hostile questions at random, from a seed: whatever is asked, the answer is a declared one.

use rand::{Rng, RngExt, SeedableRng, seq::IndexedRandom};
use rand_pcg::Pcg64;

use crate::{app::TestApp, exchange::encode};

const SCOPE: &[&str] = &["period", "compare", "category", "source", "filter", "f"];

/// Addresses, each with parameters of its own and whether it takes those of [`SCOPE`].
const ADDRESSES: &[(&str, &[&str], bool)] = &[
    ("/", &["f"], false),
    ("/api", &["f"], false),
    ("/health", &[], false),
    ("/ready", &[], false),
    ("/openapi.yaml", &[], false),
    ("/layers", &[], false),
    ("/layers/ward", &["f"], false),
    ("/layers/parish", &["f"], false),
    ("/geocode", &["lon", "lat"], false),
    ("/geocode", &["easting", "northing"], false),
    ("/geocode", &["gridref"], false),
    ("/geocode", &["q"], false),
    ("/incidents", &["bbox", "limit"], true),
    ("/incidents", &["near", "limit", "priority"], true),
    ("/incidents", &["near", "radius_m", "limit"], true),
    ("/imports/0123456789abcdef/rejects/rows.rejects.csv", &[], false),
    ("/summaries/ward", &["priority"], true),
    ("/summaries/beat", &["priority", "measures", "per", "similar", "series", "by"], true),
    ("/summaries/columns", &["f"], false),
    ("/places", &["q", "limit"], false),
    ("/summaries/borough", &["priority"], true),
    ("/priorities", &[], false),
    ("/priorities/violence", &[], false),
    ("/priorities/none", &[], false),
    ("/analysis/clusters", &["priority", "within", "eps_m", "min_points", "streets"], true),
    ("/analysis/change/ward", &["priority", "within", "confidence"], true),
    ("/analysis/trend/beat", &["priority", "within", "confidence"], true),
    (
        "/analysis/emerging",
        &["priority", "within", "resolution", "rings", "steps_back", "window", "significance", "definition"],
        true,
    ),
    ("/analysis/seasonality", &["priority", "within", "confidence"], true),
    ("/analysis/hours", &["priority", "within"], true),
    (
        "/analysis/density",
        &["priority", "within", "bandwidth_m", "bandwidth_rule", "cell_m", "classes"],
        true,
    ),
    (
        "/analysis/accuracy",
        &["priority", "within", "test", "map", "bandwidth_rule", "resolution", "coverage", "ground", "table"],
        true,
    ),
    ("/analysis/bandwidths", &["priority", "within", "kernel", "cell_m", "bandwidth_rule"], true),
    ("/analysis/hex", &["priority", "within", "resolution", "empty", "statistic"], true),
    ("/analysis/hex", &["statistic", "permutations", "seed"], true),
    ("/analysis/density", &["kernel", "adaptive", "k", "edge", "cell_m"], true),
    ("/analysis/density", &["kernel", "adaptive", "pilot_m", "edge", "cell_m", "bandwidth_m"], true),
    ("/analysis/risk", &["priority", "within", "against", "against_priority", "cell_m", "form"], true),
    (
        "/analysis/risk",
        &["priority", "against_period", "shrinkage", "edge", "permutations", "seed", "cell_m"],
        true,
    ),
    ("/analysis/hotspots", &["priority", "within", "bandwidth_m", "cell_m", "classes", "class"], true),
    ("/analysis/hotspots", &["cell_m", "minimum_count", "minimum_area_m2", "resamples", "seed"], true),
    ("/analysis/squares", &["priority", "within", "cell_m", "neighbours", "statistic", "seed"], true),
    ("/analysis/scan", &["replications", "scan", "model", "unit", "resolution", "max_share"], true),
    ("/analysis/scan", &["replications", "max_radius_m", "max_months", "ongoing", "clusters", "seed"], true),
    ("/analysis/near-repeat", &["replications", "distances_m", "days", "metric", "seed"], true),
    ("/analysis/concentration", &["priority", "within", "unit", "resolution", "measure", "limit"], true),
    ("/analysis/concentration", &["weights", "unit", "measure", "resamples", "seed"], true),
    ("/analysis/location-quotients/ward", &["priority", "within", "least"], true),
    ("/analysis/pattern", &["priority", "within", "weights", "spread", "farthest_m", "steps"], true),
    ("/analysis/pattern", &["within", "farthest_m", "replications", "seed"], true),
    ("/analysis/rates/beat", &["priority", "within", "per"], true),
    ("/analysis/repeats", &["priority", "within", "limit"], true),
    ("/weights", &[], false),
    ("/weights/cchi-2026", &["f"], false),
    ("/weights/none", &["f"], false),
];

/// Names, each with values that suit it.
const PARAMETERS: &[(&str, &[&str])] = &[
    ("period", &["2025-06", "2025-01/2025-06", "2024-02-29", "2025-06-01/2025-06-30", "1900-01/2199-12"]),
    ("compare", &["before", "year-before", "none", "2024-01", "1900-01", "2199-12"]),
    ("category", &["burglary", "drugs,burglary", "violence-and-sexual-offences"]),
    ("source", &["synthetic-police", "synthetic-police,synthetic-fire-service"]),
    ("priority", &["violence", "drugs", "all-incidents"]),
    (
        "filter",
        &[
            "ward = 'E05001254'",
            "weight > 0.5",
            "casei(street) like '%a%'",
            "month between '2025-01' and '2025-03'",
        ],
    ),
    ("within", &["ward/E05001236", "beat/none", "borough/E08000027"]),
    ("f", &["json", "geojson", "csv", "html"]),
    ("bandwidth_m", &["150", "400", "10", "20000", "2.5e2"]),
    ("bandwidth_rule", &["scott", "lscv", "nearest-3", "arcgis-weighted", "five-cells"]),
    ("kernel", &["quartic", "gaussian", "triangular", "uniform"]),
    ("map", &["density", "counts", "gi-star"]),
    ("test", &["2025-11", "2025-12", "2025-11/2025-12"]),
    ("coverage", &["0.05", "0.01,0.1", "1"]),
    ("ground", &["area", "cells"]),
    ("table", &["figures", "curve"]),
    ("cell_m", &["100", "250", "2000", "50"]),
    ("adaptive", &["none", "abramson", "nearest"]),
    ("k", &["1", "50", "10000"]),
    ("pilot_m", &["300", "2000"]),
    ("edge", &["none", "uniform", "diggle"]),
    ("form", &["intensity", "absolute", "probability", "log-ratio", "ratio", "difference"]),
    ("against", &["weight > 0.5", "ward = 'E05001254'"]),
    ("against_priority", &["burglary", "all-incidents"]),
    ("against_period", &["2024-01/2024-12", "1950-01"]),
    ("shrinkage", &["0", "0.5", "10", "11"]),
    ("resolution", &["7", "8", "9"]),
    ("classes", &["quantile:5", "volume:50,75", "area:1", "limits:10,20", "incremental-mean", "quantile:1"]),
    ("class", &["1", "3", "5", "20"]),
    ("minimum_count", &["0", "20"]),
    ("minimum_area_m2", &["0", "22500", "1e300"]),
    ("streets", &["0", "5", "20"]),
    ("resamples", &["99", "1000"]),
    ("seed", &["0", "4294967295"]),
    ("eps_m", &["2", "150", "5000"]),
    ("min_points", &["2", "10", "10000"]),
    ("empty", &["include", "omit"]),
    ("confidence", &["0.95", "0.5", "0.9999", "1"]),
    ("significance", &["0.05", "0.1", "1e-4"]),
    ("rings", &["0", "1", "5"]),
    ("steps_back", &["0", "1", "24"]),
    ("window", &["entire-cube", "neighbourhood-steps", "individual-step"]),
    ("definition", &["current", "arcgis-2.x"]),
    ("statistic", &["gi-star", "gi", "local-moran"]),
    ("permutations", &["99", "999", "99999"]),
    ("neighbours", &["queen", "rook"]),
    ("replications", &["100"]),
    ("scan", &["space-time", "space"]),
    ("model", &["permutation", "residents", "incidents"]),
    ("unit", &["hex", "ward", "beat"]),
    ("max_share", &["0.1", "0.5", "1e-9"]),
    ("max_radius_m", &["500", "0.1"]),
    ("max_months", &["1", "60"]),
    ("ongoing", &["true", "false"]),
    ("clusters", &["1", "100"]),
    ("distances_m", &["100,200", "0.01", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20"]),
    ("days", &["7,14", "1", "1,3660"]),
    ("metric", &["euclidean", "manhattan"]),
    ("bbox", &["-2.15,52.45,-2.1,52.5", "-2.2,52.4,-2.0,52.6"]),
    ("near", &["-2.0809,52.5123", "-0.1,51.5"]),
    ("radius_m", &["100", "5000", "1e7"]),
    ("limit", &["1", "100", "10000"]),
    ("lon", &["-2.0809", "-8.5", "2"]),
    ("lat", &["52.5123", "49", "61"]),
    ("easting", &["394550", "0", "700000"]),
    ("northing", &["290550", "0", "1300000"]),
    ("gridref", &["SO 945 905", "SO", "HP12345678901234"]),
    ("name", &["x.csv"]),
    ("crs", &["EPSG:4326"]),
    ("unit", &["hex", "squares", "places", "ward", "beat"]),
    ("measure", &["count", "weighted"]),
    ("weights", &["cchi-2026", "none"]),
    ("least", &["1", "500"]),
    ("spread", &["plain", "crimestat"]),
    ("farthest_m", &["10", "250", "3000"]),
    ("steps", &["1", "100"]),
    ("replications", &["99"]),
    ("per", &["residents", "households", "dwellings"]),
    ("measures", &["count", "rate,funnel", "borough,similar", "change,change"]),
    ("similar", &["1", "20"]),
    ("series", &["month"]),
    ("by", &["category"]),
    ("q", &["hal", "SO 945 905", "52.51, -2.08", "''", "dy11hf"]),
    ("", &[""]),
];

/// Values that suit nothing.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "NaN",
    "-NaN",
    "inf",
    "-inf",
    "1e309",
    "-1e-320",
    "0x10",
    "+5",
    "-0",
    "١٢",
    "99999999999999999999999",
    "-2.08,52.51,",
    ",",
    ",,,",
    "/",
    "2025-06/",
    "/2025-06",
    "2025-06-31",
    "0000-00",
    "9999-12",
    "*",
    "%",
    "%00",
    "\0",
    "\u{202e}",
    "🦀",
    "ﬁ",
    "ward",
    "WARD",
    "null",
    "true",
    "[]",
    "{}",
    "<script>",
    "' or 1=1 --",
    "ward = ",
    "(((((",
    "not not not",
    "category in ()",
    "casei(casei(street)) = 'a'",
    "weight = 1e999",
    "weight / 0 > 1",
    "a = b = c",
    "EXISTS(x)",
    "DATE('2025-01-01') > month",
    "street = street",
    "1 = 1",
    "weight <> weight",
    "\r\nX: y",
];

fn question(random: &mut impl Rng) -> String {
    let (path, own, scoped) = ADDRESSES.choose(random).unwrap();
    let mut names: Vec<_> = own.iter().filter(|_| random.random_bool(0.8)).copied().collect();
    if *scoped {
        names.extend(SCOPE.iter().filter(|_| random.random_bool(0.25)));
    }
    if random.random_bool(0.15) {
        names.push(PARAMETERS.choose(random).unwrap().0);
    }
    let mut parts = Vec::new();
    // Of many parameters one is nearly always bad: some questions are left as they are.
    let plain = random.random_bool(0.3);
    for name in names {
        let (_, values) = PARAMETERS.iter().find(|(known, _)| *known == name).unwrap();
        let value = *values.choose(random).unwrap();
        let value = if plain { value.to_owned() } else { twisted(value, random) };
        parts.push(format!("{}={}", encode(name), encode(&value)));
    }
    format!("{path}?{}", parts.join("&"))
}

/// The value, mostly as it is.
fn twisted(value: &str, random: &mut impl Rng) -> String {
    let hostile = *HOSTILE.choose(random).unwrap();
    match random.random_range(0..12) {
        0 | 1 => hostile.to_owned(),
        2 => {
            let places: Vec<_> = (0..=value.len()).filter(|at| value.is_char_boundary(*at)).collect();
            let (before, after) = value.split_at(*places.choose(random).unwrap());
            format!("{before}{hostile}{after}")
        }
        3 => value.repeat(random.random_range(2..60)),
        _ => value.to_owned(),
    }
}

#[test]
fn five_hundred_random_questions_have_declared_answers() {
    let app = TestApp::shared();
    let mut random = Pcg64::seed_from_u64(20_260_112);
    let mut good = 0;
    for _ in 0..500 {
        let address = question(&mut random);
        let answer = app.get(&address);
        assert!(answer.status < 500, "{address}: {}", answer.text());
        good += usize::from(answer.status == 200);
    }
    assert!(good > 100, "only {good} questions were good: the rest tests nothing");
    app.get("/health").expect(200);
}

#[test]
fn random_bodies_have_declared_answers() {
    let app = TestApp::empty();
    let mut random = Pcg64::seed_from_u64(7);
    let types = [
        "application/json",
        "text/csv",
        "application/gzip",
        "application/zip",
        "application/geo+json",
        "application/x-ndjson",
    ];
    let pieces: &[&[u8]] = &[
        b"Month,Longitude,Latitude,Crime type\r\n",
        b"2025-01,-2.08,52.51,Drugs\r\n",
        b"\"",
        b",",
        b"\n",
        b"\r",
        b"{",
        b"}",
        b"[",
        b"]",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x1f\x8b\x08\x00",
        b"PK\x03\x04",
        b"{\"type\":\"FeatureCollection\",\"features\":[",
        b"{\"lon\":-2,\"lat\":52.5,\"date\":\"2025-01-01\",\"category\":\"drugs\"}",
        b"null",
        b"1e999",
        b"\\u0000",
        b"\0\0\0\0",
    ];
    for _ in 0..200 {
        let mut body = vec![b' '];
        for _ in 0..random.random_range(0..12) {
            body.extend_from_slice(pieces.choose(&mut random).unwrap());
        }
        if random.random_bool(0.5) {
            body.remove(0);
        }
        if body.is_empty() {
            continue;
        }
        let addresses = ["/geocode", "/incidents?source=test", "/incidents", "/analysis/backtest"];
        let address = addresses.choose(&mut random).unwrap();
        let answer = app.post(address, types.choose(&mut random).unwrap(), &body);
        assert!(answer.status < 500, "{address} {body:?}: {}", answer.text());
    }
    app.get("/health").expect(200);
}
