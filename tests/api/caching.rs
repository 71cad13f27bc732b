//! Entity tags, and that the same question gives the same bytes.

use crate::{
    app::TestApp,
    exchange::{Exchange, encode},
};

const TAGGED: &[&str] = &[
    "/layers/ward",
    "/summaries/ward",
    "/summaries/beat?f=csv",
    "/summaries/ward?f=geojson&priority=drugs",
    "/incidents?bbox=-2.15,52.45,-2.1,52.5",
    "/analysis/density?priority=violence",
    "/analysis/density?priority=violence&f=json",
    "/analysis/hex?priority=violence&resolution=8",
    "/analysis/change/ward?priority=violence",
    "/analysis/emerging?priority=violence&resolution=8",
    "/analysis/hours?category=burglary",
];

fn tag(answer: &Exchange) -> String {
    answer.header("etag").unwrap()
}

#[test]
fn a_held_copy_is_confirmed_without_a_body() {
    let app = TestApp::shared();
    for address in TAGGED {
        let tag = tag(&app.get(address).expect(200));
        for held in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let confirmed = app.get_with(address, &[("if-none-match", &held)]).expect(304);
            let repeated = confirmed.header("etag");
            assert!(
                held == "*" || repeated.as_deref() == Some(tag.as_str()),
                "{address} {held}: {repeated:?}"
            );
        }
        app.get_with(address, &[("if-none-match", "\"other\"")]).expect(200);
        app.ask("HEAD", address, &[("if-none-match", &tag)], b"").expect(304);
    }
}

#[test]
fn a_compressed_answer_has_its_own_tag_which_is_confirmed_too() {
    let app = TestApp::shared();
    for address in TAGGED {
        let plain = app.get(address).expect(200);
        let packed = app.get_with(address, &[("accept-encoding", "gzip")]).expect(200);
        assert_eq!(packed.header("content-encoding").as_deref(), Some("gzip"), "{address}");
        assert_ne!(tag(&plain), tag(&packed), "other bytes need another strong tag");
        assert_eq!(plain.body, packed.plain(), "{address}");
        assert!(packed.body.len() < plain.body.len(), "{address}");
        let headers = [("accept-encoding", "gzip"), ("if-none-match", &tag(&packed))];
        let confirmed = app.get_with(address, &headers).expect(304);
        assert_eq!(tag(&confirmed), tag(&packed));
        for coding in ["br", "zstd"] {
            let packed = app.ask_unchecked("GET", address, &[("accept-encoding", coding)], b"").expect(200);
            assert_eq!(packed.header("content-encoding").as_deref(), Some(coding), "{address}");
            assert!(tag(&packed).ends_with(&format!("-{coding}\"")), "{}", tag(&packed));
        }
    }
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let app = TestApp::shared();
    for address in TAGGED {
        let (first, second) = (app.get(address).expect(200), app.get(address).expect(200));
        assert_eq!(tag(&first), tag(&second), "{address}");
        assert_eq!(first.body, second.body, "{address}");
    }
}

#[test]
fn the_order_of_parameters_does_not_matter() {
    let app = TestApp::shared();
    for (address, parameters) in [
        ("/summaries/ward", ["priority=violence", "period=2025-07/2025-12", "compare=before", "f=json"]),
        ("/analysis/hex", ["resolution=8", "empty=omit", "period=2025-12", "priority=violence"]),
        ("/analysis/density", ["cell_m=150", "bandwidth_m=500", "f=json", "period=2025-01/2025-12"]),
        ("/incidents", ["near=-2.0809,52.5123", "radius_m=500", "limit=7", "category=burglary"]),
    ] {
        let forward = app.get(&format!("{address}?{}", parameters.join("&"))).expect(200);
        let mut backward = parameters;
        backward.reverse();
        let backward = app.get(&format!("{address}?{}", backward.join("&"))).expect(200);
        assert_eq!(tag(&forward), tag(&backward), "{address}");
        assert_eq!(forward.body, backward.body, "{address}");
    }
}

#[test]
fn another_question_or_form_has_another_tag() {
    let app = TestApp::shared();
    let mut tags: Vec<_> = [
        "/summaries/ward",
        "/summaries/beat",
        "/summaries/ward?f=csv",
        "/summaries/ward?priority=drugs",
        "/summaries/ward?period=2025-12",
        "/summaries/ward?period=2025-11",
    ]
    .map(|address| tag(&app.get(address).expect(200)))
    .into();
    tags.push(tag(&app.get_with("/summaries/ward", &[("accept", "application/geo+json")]).expect(200)));
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 7);
}

#[test]
fn a_permalink_gives_the_same_numbers_again() {
    let app = TestApp::shared();
    let filter = encode("ward = 'E05001254' and not street is null");
    for address in [
        "/summaries/ward?priority=violence".to_owned(),
        format!("/summaries/beat?filter={filter}"),
        "/analysis/hex?priority=violence&resolution=8".to_owned(),
        "/analysis/density?priority=drugs&f=json&cell_m=200".to_owned(),
    ] {
        let first = app.get(&address).expect(200).json();
        let permalink = first["method"]["permalink"].as_str().unwrap().to_owned();
        assert!(permalink.contains("period="), "{permalink}");
        let again = app.get(permalink.strip_prefix(&app.base).unwrap()).expect(200).json();
        assert_eq!(first, again, "{permalink}");
    }
}

/// What GDAL and QGIS do with a remote file.
#[test]
fn parts_of_an_answer_fit_together() {
    let app = TestApp::shared();
    let address = "/analysis/hex?priority=violence";
    let ranged = |range: &str| {
        app.ask_unchecked("GET", address, &[("range", range), ("accept-encoding", "gzip")], &[])
    };
    let whole = app.get(address).expect(200);
    assert_eq!(whole.header("accept-ranges").as_deref(), Some("bytes"));
    let length = whole.body.len();
    let middle = length / 2;
    let mut joined = Vec::new();
    for (range, first, last) in
        [(format!("bytes=0-{}", middle - 1), 0, middle - 1), (format!("bytes={middle}-"), middle, length - 1)]
    {
        let part = ranged(&range).expect(206);
        assert_eq!(part.header("content-range"), Some(format!("bytes {first}-{last}/{length}")));
        assert_eq!(part.header("etag"), whole.header("etag"), "a part is never compressed");
        joined.extend(part.body);
    }
    assert!(joined == whole.body);
    let beyond = ranged(&format!("bytes={length}-")).expect(416);
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{length}")));
    let head = app.ask_unchecked("HEAD", address, &[], &[]);
    assert_eq!(head.header("content-length"), Some(length.to_string()));
    assert_eq!(head.header("accept-ranges").as_deref(), Some("bytes"));
}

/// GDAL asks for a GeoJSON address so, and takes the raster of a density for a feature.
#[test]
fn geojson_is_given_to_who_asks_for_json() {
    let headers = [("accept", "text/plain, application/json")];
    for address in ["/layers/ward", "/analysis/density?priority=burglary", "/analysis/hex?priority=burglary"]
    {
        let answer = TestApp::shared().get_with(address, &headers).expect(200);
        assert_eq!(answer.media_type().as_deref(), Some("application/geo+json"), "{address}");
    }
}
