//! Methods, hosts, origins and other manners of HTTP.

use crate::{app::TestApp, contract::Contract};

fn address(path: &str) -> String {
    let named = path.replace("{layer}", "ward").replace("{priority}", "violence");
    let named = named.replace("{collectionId}", "wards").replace("{featureId}", "E05001236");
    let named =
        named.replace("{tileMatrix}/{tileRow}/{tileCol}", "10/335/506").replace("{z}/{x}/{y}", "10/506/335");
    let named = named.replace("{import}", "0123456789abcdef").replace("{file}", "rows.rejects.csv");
    let named = named.replace("{tileMatrixSetId}", "WebMercatorQuad").replace("{tileMatrix}", "10");
    let named = named.replace("{tileRow}", "335").replace("{tileCol}", "506");
    let named = named.replace("{z}", "10").replace("{x}", "506").replace("{y}", "335");
    match named.as_str() {
        "/map" => format!("{named}?collections=borough,wards"),
        "/geocode" => format!("{named}?lon=-2.0809&lat=52.5123"),
        "/incidents" => format!("{named}?near=-2.0809,52.5123"),
        "/analysis/scan" => format!("{named}?priority=burglary&resolution=7&replications=99"),
        "/analysis/near-repeat" => format!("{named}?source=synthetic-fire-service&replications=99"),
        _ => named,
    }
}

#[test]
fn a_method_that_an_address_does_not_know_is_refused_with_those_it_knows() {
    let app = TestApp::shared();
    for (path, methods) in Contract::of_the_service().methods() {
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
            if methods.contains(&method) {
                continue;
            }
            // Asked for its options, an address tells them without complaint.
            let answer = match method {
                "OPTIONS" => app.ask_unchecked(method, &address(&path), &[], b"").expect(204),
                _ => app.ask(method, &address(&path), &[], b"").expect(405),
            };
            let allow = answer.header("allow").unwrap();
            let always = ["HEAD", "OPTIONS"];
            let mut allowed: Vec<_> = allow.split(", ").filter(|method| !always.contains(method)).collect();
            allowed.sort_unstable();
            assert_eq!(allowed, methods, "{method} {path}");
        }
    }
}

#[test]
fn head_answers_as_get_without_a_body() {
    let app = TestApp::shared();
    for (path, _) in Contract::of_the_service().methods() {
        let address = address(&path);
        let (get, head) = (app.get(&address), app.ask("HEAD", &address, &[], b""));
        assert_eq!(head.status, get.status, "{address}");
        for header in ["etag", "content-type", "cache-control"] {
            assert_eq!(head.header(header), get.header(header), "{address} {header}");
        }
    }
}

#[test]
fn what_is_not_there_is_a_problem_document_that_says_so() {
    let app = TestApp::shared();
    for address in
        ["/nowhere", "/summaries", "/layers/", "/priorities/violence/hotspots", "//", "/health/x", "/%00"]
    {
        let refused = app.ask_unchecked("GET", address, &[], b"").expect(404);
        assert_eq!(refused.media_type().as_deref(), Some("application/problem+json"), "{address}");
        assert_eq!(refused.json()["status"], 404);
        assert!(refused.header("x-request-id").is_some());
    }
}

#[test]
fn every_answer_says_what_it_varies_by_and_that_its_type_is_not_to_be_guessed() {
    let app = TestApp::shared();
    for address in ["/", "/summaries/ward", "/summaries/ward?x=1", "/summaries/parish"] {
        let answer = app.get(address);
        let vary = answer.header("vary").unwrap().to_lowercase();
        for header in ["accept", "accept-encoding", "origin"] {
            assert!(
                vary.split(',').any(|varied| varied.trim() == header),
                "{address}: {vary} lacks {header}"
            );
        }
        assert_eq!(answer.header("x-content-type-options").as_deref(), Some("nosniff"));
    }
}

#[test]
fn every_answer_has_an_id_of_its_own() {
    let app = TestApp::shared();
    let ids: std::collections::BTreeSet<_> =
        (0..20).map(|_| app.get("/health").header("x-request-id").unwrap()).collect();
    assert_eq!(ids.len(), 20);
}

#[test]
fn pages_of_this_machine_may_read_answers_and_foreign_ones_may_not() {
    let app = TestApp::shared();
    for origin in ["http://localhost:5173", "http://127.0.0.1:8000", "http://[::1]:3000", "https://localhost"]
    {
        for address in ["/summaries/ward", "/summaries/ward?x=1", "/summaries/parish", "/health"] {
            let answer = app.get_with(address, &[("origin", origin)]);
            assert_eq!(answer.header("access-control-allow-origin").as_deref(), Some(origin), "{address}");
            let exposed = answer.header("access-control-expose-headers").unwrap_or_default().to_lowercase();
            assert!(exposed.contains("etag") && exposed.contains("x-request-id"), "{exposed}");
        }
    }
    for origin in [
        "https://example.org",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://evil@127.0.0.1.example.org:80",
        "http://example.org:127.0.0.1",
        "null",
    ] {
        let answer = app.get_with("/summaries/ward", &[("origin", origin)]);
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
        let asked = [("origin", origin), ("access-control-request-method", "POST")];
        let answer = app.ask_unchecked("OPTIONS", "/incidents", &asked, b"");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
        assert!(answer.status < 500);
    }
}

#[test]
fn a_browser_may_ask_first() {
    let app = TestApp::shared();
    let asked = [
        ("origin", "http://localhost:5173"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    let answer = app.ask_unchecked("OPTIONS", "/geocode", &asked, b"").expect(200);
    assert_eq!(answer.header("access-control-allow-origin").as_deref(), Some("http://localhost:5173"));
    assert!(answer.header("access-control-allow-methods").unwrap().contains("POST"));
    let refused = [asked[0], ("access-control-request-method", "PATCH")];
    let refused = app.ask_unchecked("OPTIONS", "/geocode", &refused, b"");
    assert!((400..500).contains(&refused.status), "{}", refused.status);
}

#[test]
fn an_origin_that_was_named_may_read_answers() {
    let app = TestApp::start(&["--cors-origin", "https://maps.example.org"]);
    let read =
        |origin: &str| app.get_with("/health", &[("origin", origin)]).header("access-control-allow-origin");
    assert_eq!(read("https://maps.example.org").as_deref(), Some("https://maps.example.org"));
    assert_eq!(read("https://other.example.org"), None);
    assert_eq!(read("http://maps.example.org"), None, "the scheme is part of an origin");
}

#[test]
fn a_request_for_a_foreign_host_is_refused() {
    let app = TestApp::shared();
    for host in
        ["example.org", "example.org:8080", "127.0.0.1.example.org", "localhost.example.org", "192.0.2.7"]
    {
        for address in ["/", "/summaries/ward", "/health"] {
            let refused = app.get_with(address, &[("host", host)]).expect(421);
            assert!(refused.text().contains(host.split(':').next().unwrap()), "{}", refused.text());
        }
    }
    for host in ["localhost", "localhost:8080", "127.0.0.1", "[::1]:8080", "LOCALHOST:80"] {
        app.get_with("/health", &[("host", host)]).expect(200);
    }
}

#[test]
fn a_host_name_that_was_told_is_answered_for_and_links_begin_with_it() {
    let app = TestApp::start(&["--host-name", "crime.example.org"]);
    let landing = app.get_with("/", &[("host", "crime.example.org:8080")]).expect(200).json();
    assert!(landing["links"].to_string().contains("\"http://crime.example.org:8080/layers\""), "{landing}");
    app.get_with("/", &[("host", "other.example.org")]).expect(421);
    let app = TestApp::start(&["--public-address", "https://maps.example.org/crime/"]);
    let landing = app.get("/").expect(200).json();
    assert!(landing["links"].to_string().contains("\"https://maps.example.org/crime/layers\""), "{landing}");
    let forwarded = app.get_with("/", &[("x-forwarded-host", "evil.example.org")]).expect(200);
    assert!(!forwarded.text().contains("evil"));
}

#[test]
fn malformed_requests_are_answered_and_harm_nobody() {
    let app = TestApp::shared();
    let host = app.authority();
    let close = format!("Host: {host}\r\nConnection: close\r\n\r\n");
    for request in [
        format!("GET /summaries/ward?%zz=%ff HTTP/1.1\r\n{close}"),
        format!("GET /layers/%ff%fe HTTP/1.1\r\n{close}"),
        format!("GET /layers/..%2f..%2fetc%2fpasswd HTTP/1.1\r\n{close}"),
        format!("GET /imports/..%2f..%2fx/rejects/..%2fincidents.gpkg HTTP/1.1\r\n{close}"),
        format!("GET /?{} HTTP/1.1\r\n{close}", "a=b&".repeat(5_000)),
        format!("GET / HTTP/1.1\r\nX-Long: {}\r\n{close}", "x".repeat(5_000)),
        format!("GET /health HTTP/1.1\r\nIf-None-Match: \u{1f}\r\n{close}"),
        format!("GET\r\n{close}"),
        "\r\n\r\n\r\n".to_owned(),
        format!(
            "POST /geocode HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nHost: {host}\r\nConnection: close\r\n\r\nzz\r\n"
        ),
        format!("POST /geocode HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: -1\r\n{close}"),
    ] {
        let answer = app.raw(request.as_bytes());
        let status: u16 = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(400);
        let shown = |text: &str| text.chars().take(300).collect::<String>();
        assert!(status < 500, "{}: {}", shown(&request), shown(&answer));
        assert!(!answer.contains("SQLite format"), "{}", shown(&request));
    }
    app.get("/health").expect(200);
}

#[test]
fn a_full_queue_says_so_and_when_to_come_back() {
    let app = TestApp::start(&["--demonstration", "--compute-threads", "1", "--compute-queue", "0"]);
    let mut busy = false;
    // Which question finds the queue full is chance; that none ever does is not.
    for round in 0..50 {
        let statuses: Vec<_> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..6)
                .map(|number| {
                    let address = format!(
                        "/analysis/density?priority=violence&cell_m=50&bandwidth_m={}",
                        200 + 6 * round + number
                    );
                    let app = &app;
                    scope.spawn(move || app.get(&address).status)
                })
                .collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        assert!(statuses.iter().all(|status| matches!(status, 200 | 503)), "{statuses:?}");
        assert!(statuses.contains(&200), "{statuses:?}");
        busy = statuses.contains(&503);
        if busy {
            break;
        }
    }
    assert!(busy, "300 questions found room for one at a time");
    app.get("/analysis/density?priority=violence").expect(200);
}
