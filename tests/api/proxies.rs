//! The service behind a proxy: whose word is taken for where clients asked, and which hosts may be named.

use std::sync::OnceLock;

use crate::app::TestApp;

/// A service that trusts a proxy on this machine.
fn behind_a_proxy() -> &'static TestApp {
    static APP: OnceLock<TestApp> = OnceLock::new();
    APP.get_or_init(|| TestApp::start(&["--trusted-proxy", "127.0.0.1", "--host-name", "maps.example.org"]))
}

/// Where the front page says that the layers are.
fn layers(app: &TestApp, headers: &[(&str, &str)]) -> String {
    let landing = app.get_with("/", headers).expect(200).json();
    let links = landing["links"].as_array().unwrap().clone();
    let link = links.into_iter().find(|link| link["rel"] == "data").unwrap();
    link["href"].as_str().unwrap().to_owned()
}

#[test]
fn links_begin_where_a_trusted_proxy_was_asked() {
    let app = behind_a_proxy();
    assert_eq!(layers(app, &[]), format!("{}/collections", app.base));
    let older = [
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "maps.example.org"),
        ("x-forwarded-port", "8443"),
        ("x-forwarded-prefix", "/crime"),
    ];
    assert_eq!(layers(app, &older), "https://maps.example.org:8443/crime/collections");
    let standard = [("forwarded", "for=192.0.2.1;proto=https;host=maps.example.org")];
    assert_eq!(layers(app, &standard), "https://maps.example.org/collections");
    let page = app.get_with("/collections/wards?f=html", &older).expect(200).text();
    assert!(page.contains("href=\"https://maps.example.org:8443/crime/assets/pages."), "{page}");
}

#[test]
fn answers_for_one_address_are_not_given_at_another() {
    let app = behind_a_proxy();
    let tag = |headers: &[(&str, &str)]| app.get_with("/collections/wards", headers).header("etag");
    assert_ne!(tag(&[]), tag(&[("x-forwarded-host", "maps.example.org")]));
    assert_ne!(tag(&[]), tag(&[("x-forwarded-proto", "https")]));
}

#[test]
fn a_host_that_is_not_known_is_refused_whoever_names_it() {
    let app = behind_a_proxy();
    for headers in [
        [("x-forwarded-host", "evil.example")],
        [("x-forwarded-host", "maps.example.org, evil.example")],
        [("forwarded", "host=evil.example")],
        [("forwarded", "host=maps.example.org, host=evil.example:443")],
        [("host", "evil.example")],
    ] {
        let refused = app.get_with("/", &headers).expect(421);
        assert!(refused.text().contains("evil.example"), "{headers:?}");
    }
}

#[test]
fn what_a_proxy_says_wrongly_is_told() {
    let app = behind_a_proxy();
    for (name, value) in [
        ("x-forwarded-proto", "ftp"),
        ("x-forwarded-port", "http"),
        ("x-forwarded-prefix", "//evil.example"),
        ("forwarded", "maps.example.org"),
    ] {
        let refused = app.get_with("/", &[(name, value)]).expect(400);
        assert_eq!(refused.faults()[0][0], format!("header {name}"));
    }
}

#[test]
fn nobody_else_is_believed() {
    let app = TestApp::shared();
    let headers = [
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-prefix", "/crime"),
        ("forwarded", "proto=https;host=evil.example"),
    ];
    assert_eq!(layers(app, &headers), format!("{}/collections", app.base));
    let other = TestApp::start(&["--trusted-proxy", "192.0.2.1"]);
    assert_eq!(layers(&other, &headers), format!("{}/collections", other.base));
}

#[test]
fn the_public_address_goes_before_what_a_proxy_says_and_is_a_known_host() {
    let app = TestApp::start(&[
        "--trusted-proxy",
        "127.0.0.1",
        "--public-address",
        "https://maps.example.org/crime",
    ]);
    let public = "https://maps.example.org/crime/collections";
    assert_eq!(layers(&app, &[]), public);
    assert_eq!(layers(&app, &[("host", "maps.example.org")]), public);
    assert_eq!(
        layers(&app, &[("x-forwarded-host", "maps.example.org"), ("x-forwarded-proto", "http")]),
        public
    );
    app.get_with("/", &[("x-forwarded-host", "evil.example")]).expect(421);
}
