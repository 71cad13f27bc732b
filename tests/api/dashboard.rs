//! The map page as it comes with the program. What it does is tested in a browser, in `web/e2e`.

use crate::app::TestApp;

const BROWSER: [(&str, &str); 1] =
    [("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")];

/// Whether the program was built with its dashboard; `make test` does so.
fn is_built(app: &TestApp) -> bool {
    let built = app.get("/dashboard").status == 200;
    if !built {
        println!("Skipped: this program was built without its dashboard (make web).");
    }
    built
}

#[test]
fn people_come_to_the_map_and_programs_to_the_landing_document() {
    let app = TestApp::shared();
    assert!(app.get("/").expect(200).json()["links"].is_array());
    assert!(app.get_with("/?f=html", &BROWSER).expect(200).text().contains("<h1>"));
    if is_built(app) {
        let sent = app.get_with("/", &BROWSER).expect(303);
        assert_eq!(sent.header("location"), Some(format!("{}/dashboard", app.base)));
    } else {
        app.get_with("/", &BROWSER).expect(200);
    }
}

#[test]
fn the_page_runs_what_comes_with_it_and_nothing_else() {
    let app = TestApp::shared();
    if !is_built(app) {
        return;
    }
    let page = app.get("/dashboard?priority=burglary").expect(200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self';") && policy.contains("connect-src 'self';"), "{policy}");
    let text = page.text();
    let mut files = 0;
    for part in text.split(['"', '\'']).filter(|part| part.contains("assets/")) {
        let name = part.rsplit('/').next().unwrap();
        let file =
            app.get_with(&format!("/dashboard/assets/{name}"), &[("accept-encoding", "gzip")]).expect(200);
        assert!(file.header("cache-control").unwrap().contains("immutable"), "{name}");
        files += 1;
    }
    assert!(files >= 2, "{text}");
    assert!(!text.contains("<script>") && !text.contains("http://") && !text.contains("https://"), "{text}");
}

#[test]
fn what_it_loads_first_is_small() {
    let app = TestApp::shared();
    if !is_built(app) {
        return;
    }
    let text = app.get("/dashboard").expect(200).text();
    let names = text
        .split(['"', '\''])
        .filter(|part| part.contains("assets/"))
        .map(|part| part.rsplit('/').next().unwrap());
    let bytes: usize = names
        .map(|name| {
            app.get_with(&format!("/dashboard/assets/{name}"), &[("accept-encoding", "gzip")]).body.len()
        })
        .sum();
    assert!(bytes < 1_200_000, "{bytes}");
}

#[test]
fn a_base_map_is_told_and_allowed_where_the_operator_names_one() {
    let plain = TestApp::shared().get("/dashboard/settings.json").expect(200).json();
    assert!(plain["basemap"].is_null());
    let tiles = "https://tile.example.org/{z}/{x}/{y}.png";
    let app = TestApp::start(&["--basemap", tiles, "--basemap-attribution", "© Example"]);
    let told = app.get("/dashboard/settings.json").expect(200).json();
    assert_eq!(
        (&told["basemap"]["tiles"], &told["basemap"]["attribution"]),
        (&tiles.into(), &"© Example".into())
    );
    if is_built(&app) {
        let policy = app.get("/dashboard").expect(200).header("content-security-policy").unwrap();
        assert!(policy.contains("img-src 'self' data: blob: https://tile.example.org;"), "{policy}");
    }
}

#[test]
fn what_it_does_not_have_is_not_found() {
    let app = TestApp::shared();
    for name in ["nothing.js", "..%2Findex.html", "index.html"] {
        app.get(&format!("/dashboard/assets/{name}")).expect(404);
    }
}
