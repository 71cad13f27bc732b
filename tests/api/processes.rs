//! Analyses as processes: at once, as jobs, and what is refused.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    app::TestApp,
    exchange::{Exchange, encode},
};

const KINDS: &str = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/";
/// A test waits no longer than this for a job.
const PATIENCE: Duration = Duration::from_secs(100);

fn run(app: &TestApp, process: &str, body: &Value) -> Exchange {
    app.post(&format!("/processes/{process}/execution"), "application/json", body.to_string().as_bytes())
}

fn ask_for_a_job(app: &TestApp, process: &str, body: &Value) -> Exchange {
    let headers = [("content-type", "application/json"), ("prefer", "respond-async")];
    app.ask("POST", &format!("/processes/{process}/execution"), &headers, body.to_string().as_bytes())
}

/// The address of a new job.
fn job(app: &TestApp, process: &str, body: &Value) -> String {
    let made = ask_for_a_job(app, process, body).expect(201);
    assert_eq!(made.header("preference-applied").as_deref(), Some("respond-async"));
    let address = made.header("location").unwrap();
    assert_eq!(made.json()["links"][0]["href"], address.as_str());
    address.strip_prefix(&app.base).unwrap().to_owned()
}

/// How a job stands when it stands as it is wanted.
fn until(app: &TestApp, job: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let start = Instant::now();
    loop {
        let status = app.get(job).expect(200).json();
        if wanted(&status) {
            return status;
        }
        assert!(start.elapsed() < PATIENCE, "{status}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Takes long, in pieces that are short: it stops soon after it is told to.
fn long() -> Value {
    json!({"inputs": {"resolution": 9, "max_share": 0.3, "replications": 9_999, "period": "2024-01/2025-12"}})
}

fn short() -> Value {
    json!({"inputs": {"category": ["burglary"], "resolution": 7, "replications": 99, "period": "2025-01/2025-03"}})
}

/// Executions, each with the address that answers the same.
fn executions() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("hotspots", json!({}), ""),
        (
            "hotspots",
            json!({"priority": "burglary", "period": "2025-01/2025-06", "bandwidth_m": 300, "minimum_count": 5}),
            "?bandwidth_m=300&minimum_count=5&period=2025-01/2025-06&priority=burglary",
        ),
        (
            "density",
            json!({"category": ["burglary", "robbery"], "adaptive": "nearest", "k": 50, "kernel": null}),
            "?adaptive=nearest&category=burglary,robbery&k=50",
        ),
        (
            "hex",
            json!({"filter": "category = 'burglary'", "resolution": 8, "empty": "omit", "within": "ward/E05001236"}),
            "?empty=omit&filter=category%20%3D%20%27burglary%27&resolution=8&within=ward/E05001236",
        ),
        (
            "scan",
            json!({"category": "burglary", "resolution": 7, "replications": 99, "ongoing": false,
                "period": "2025-01/2025-03"}),
            "?category=burglary&ongoing=false&period=2025-01/2025-03&replications=99&resolution=7",
        ),
    ]
}

#[test]
fn a_process_gives_the_bytes_of_its_analysis() {
    let app = TestApp::shared();
    for (process, inputs, query) in executions() {
        let ran = run(app, process, &json!({"inputs": inputs})).expect(200);
        let asked = app.get(&format!("/analysis/{process}{query}")).expect(200);
        assert_eq!(ran.media_type(), asked.media_type(), "{process}");
        assert!(ran.body == asked.body, "{process}{query}");
    }
}

#[test]
fn the_form_of_the_result_is_chosen() {
    let app = TestApp::shared();
    let csv = json!({"inputs": {"priority": "burglary"}, "outputs": {"result": {"format": {"mediaType": "text/csv"}}}});
    let table = run(app, "hotspots", &csv).expect(200);
    assert_eq!(table.body, app.get("/analysis/hotspots?priority=burglary&f=csv").expect(200).body);
    let raster = json!({"inputs": {"form": "probability"}, "outputs":
        {"result": {"transmissionMode": "value", "format": {"mediaType": "application/json"}}}});
    let asked = app.get("/analysis/density?f=json&form=probability").expect(200);
    assert_eq!(run(app, "density", &raster).expect(200).body, asked.body);
    let mut wrapped = csv;
    wrapped["response"] = json!("document");
    let document = run(app, "hotspots", &wrapped).expect(200).json();
    assert_eq!(document, json!({"result": {"mediaType": "text/csv", "value": table.text()}}));
    let document = run(app, "hex", &json!({"inputs": {}, "response": "document"})).expect(200).json();
    assert_eq!(document["result"]["mediaType"], "application/geo+json");
    assert_eq!(document["result"]["value"], app.get("/analysis/hex").expect(200).json());
}

#[test]
fn processes_describe_what_they_take() {
    let app = TestApp::shared();
    let list = app.get("/processes").expect(200).json();
    let ids: Vec<_> = list["processes"].as_array().unwrap().iter().map(|known| known["id"].clone()).collect();
    assert_eq!(ids, ["hotspots", "density", "hex", "scan"]);
    let page = app.get("/processes?limit=1&offset=1").expect(200).json();
    assert_eq!(
        (&page["processes"][0], page["processes"].as_array().unwrap().len()),
        (&list["processes"][1], 1)
    );
    let rels: Vec<_> = page["links"].as_array().unwrap().iter().map(|link| link["rel"].clone()).collect();
    assert_eq!(rels, ["self", "prev", "next"]);
    for id in ids {
        let description = app.get(&format!("/processes/{}", id.as_str().unwrap())).expect(200).json();
        // Whatever is described is taken, and nothing else.
        let refused = run(app, id.as_str().unwrap(), &json!({"inputs": {"nonsense": 1}})).expect(400).json();
        let fault = &refused["errors"][0];
        assert_eq!((&fault["place"], &fault["value"]), (&json!("input nonsense"), &json!("nonsense=1")));
        let rule =
            fault["rule"].as_str().unwrap().strip_prefix("not an input of this process; it takes ").unwrap();
        let mut taken: Vec<_> = rule.split(", ").collect();
        taken.sort_unstable();
        let described: Vec<_> =
            description["inputs"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(described, taken, "{id}");
    }
    let period = &app.get("/processes/scan").expect(200).json()["inputs"]["max_share"];
    assert_eq!((&period["minOccurs"], &period["schema"]["type"]), (&json!(0), &json!("number")));
}

#[test]
fn a_job_tells_how_far_it_is_and_then_gives_the_result() {
    let app = TestApp::start(&["--demonstration"]);
    let body = json!({"inputs": {"category": "burglary", "resolution": 7, "replications": 999,
        "period": "2025-01/2025-06"}});
    let job = job(&app, "scan", &body);
    let results = format!("{job}/results");
    let running = until(&app, &job, |status| status["progress"].as_u64().unwrap() > 0);
    if running["status"] == "running" {
        assert!(running["progress"].as_u64().unwrap() < 100 && running["started"].is_string());
        let refused = app.get(&results);
        if refused.status != 200 {
            assert_eq!(refused.expect(404).json()["type"], format!("{KINDS}result-not-ready"));
        }
    }
    let done = until(&app, &job, |status| status["status"] == "successful");
    assert_eq!((&done["progress"], &done["processID"]), (&json!(100), &json!("scan")));
    let times: Vec<_> =
        ["created", "started", "finished"].map(|name| done[name].as_str().unwrap().to_owned()).into();
    assert!(times.is_sorted() && done["updated"] == times[2].as_str(), "{done}");
    let address = "/analysis/scan?category=burglary&period=2025-01/2025-06&replications=999&resolution=7";
    let (result, asked) = (app.get(&results).expect(200), app.get(address).expect(200));
    assert_eq!(result.media_type(), asked.media_type());
    assert!(result.body == asked.body);
    let list = |query: &str| {
        let list = app.get(&format!("/jobs{query}")).expect(200).json();
        list["jobs"].as_array().unwrap().len()
    };
    assert_eq!((list(""), list("?type=process&processID=scan&status=successful,failed")), (1, 1));
    assert_eq!((list("?status=running"), list("?processID=hex"), list("?datetime=../2020-01-01")), (0, 0, 0));
    assert_eq!((list("?minDuration=0"), list("?maxDuration=100"), list("?minDuration=3600")), (1, 1, 0));
    let removed = app.ask("DELETE", &job, &[], b"").expect(200).json();
    assert_eq!(removed["status"], "dismissed");
    for address in [&job, &results] {
        assert_eq!(app.get(address).expect(404).json()["type"], format!("{KINDS}no-such-job"));
    }
    assert_eq!(list(""), 0);
}

#[test]
fn a_dismissed_job_stops_and_frees_the_gate() {
    // Without a queue, what is asked for while something runs is refused.
    let app = TestApp::start(&["--demonstration", "--compute-queue", "0", "--compute-threads", "2"]);
    let job = job(&app, "scan", &long());
    until(&app, &job, |status| status["status"] == "running");
    let refused = ask_for_a_job(&app, "scan", &short()).expect(503);
    assert!(refused.header("retry-after").is_some());
    assert_eq!(app.get("/jobs").expect(200).json()["jobs"].as_array().unwrap().len(), 1);
    let dismissed = app.ask("DELETE", &job, &[], b"").expect(200).json();
    assert_eq!(dismissed["status"], "dismissed");
    assert!(dismissed["progress"].as_u64().unwrap() < 100);
    let start = Instant::now();
    while run(&app, "scan", &short()).status != 200 {
        assert!(start.elapsed() < PATIENCE, "the gate is never free again");
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(app.get(&job).expect(200).json()["status"], "dismissed");
    assert!(
        app.get(&format!("{job}/results")).expect(410).json()["detail"]
            .as_str()
            .unwrap()
            .contains("dismissed")
    );
    app.ask("DELETE", &job, &[], b"").expect(200);
    app.ask("DELETE", &job, &[], b"").expect(404);
}

#[test]
fn jobs_that_wait_are_accepted_and_can_be_dismissed_before_their_turn() {
    let app = TestApp::start(&["--demonstration", "--compute-queue", "2"]);
    let first = job(&app, "scan", &long());
    until(&app, &first, |status| status["status"] == "running");
    let (second, third) = (job(&app, "hotspots", &json!({})), job(&app, "scan", &long()));
    ask_for_a_job(&app, "hex", &json!({})).expect(503);
    assert_eq!(app.get(&second).expect(200).json()["status"], "accepted");
    app.ask("DELETE", &third, &[], b"").expect(200);
    let fourth = until_accepted(&app);
    app.ask("DELETE", &first, &[], b"").expect(200);
    for (job, address) in [(second, "/analysis/hotspots"), (fourth, "/analysis/hex")] {
        until(&app, &job, |status| status["status"] == "successful");
        assert!(app.get(&format!("{job}/results")).expect(200).body == app.get(address).expect(200).body);
    }
}

/// Asks for a job until there is a place for it: one that was dismissed leaves its own at once, but not at the same
/// instant.
fn until_accepted(app: &TestApp) -> String {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let asked = ask_for_a_job(app, "hex", &json!({}));
        if asked.status == 201 {
            let address = asked.header("location").unwrap();
            return address.strip_prefix(&app.base).unwrap().to_owned();
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("there is never a place");
}

#[test]
fn a_job_that_fails_says_why() {
    let app = TestApp::shared();
    let body = json!({"inputs": {"priority": "no-such-priority"}});
    let at_once = run(app, "hotspots", &body).expect(404).json();
    let job = job(app, "hotspots", &body);
    let failed = until(app, &job, |status| status["status"] != "accepted" && status["status"] != "running");
    assert_eq!((&failed["status"], &failed["message"]), (&json!("failed"), &at_once["detail"]));
    assert!(failed["links"].to_string().contains("/exceptions"));
    assert_eq!(app.get(&format!("{job}/results")).expect(404).json(), at_once);
}

#[test]
fn inputs_break_the_rules_that_parameters_break() {
    let app = TestApp::shared();
    for (process, inputs, place) in [
        ("hotspots", json!({"bandwidth_m": -3}), "bandwidth_m"),
        ("hotspots", json!({"period": "2025-13", "class": 99}), "class"),
        ("hotspots", json!({"bandwidth_m": 300, "bandwidth_rule": "scott"}), "bandwidth_rule"),
        ("density", json!({"form": "absolute"}), "form"),
        ("density", json!({"category": ["burglary", "Drugs"]}), "category"),
        ("hex", json!({"resolution": 12}), "resolution"),
        ("hex", json!({"within": "E05001236"}), "within"),
        ("scan", json!({"replications": 5}), "replications"),
        ("scan", json!({"filter": "colour = 'red'"}), "filter"),
        ("scan", json!({"f": "json"}), "f"),
    ] {
        let refused = run(app, process, &json!({"inputs": inputs})).expect(400).json();
        let faults = refused["errors"].as_array().unwrap();
        assert!(faults.iter().any(|fault| fault["place"] == format!("input {place}")), "{refused}");
        // A job is refused before it is made.
        assert_eq!(ask_for_a_job(app, process, &json!({"inputs": inputs})).expect(400).json(), refused);
        if place == "f" {
            continue;
        }
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => {
                items.iter().map(|item| item.as_str().unwrap()).collect::<Vec<_>>().join(",")
            }
            other => other.to_string(),
        };
        let pairs: Vec<_> = inputs
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(&text(value))))
            .collect();
        let asked = app.get(&format!("/analysis/{process}?{}", pairs.join("&"))).expect(400).json();
        let words = refused.to_string().replace("\"input ", "\"query parameter ");
        let words: Value = serde_json::from_str(&words).unwrap();
        assert_eq!(words["errors"], asked["errors"], "{process} {inputs}");
    }
}

#[test]
fn bodies_that_are_none_are_refused() {
    let app = TestApp::shared();
    let execution = "/processes/hotspots/execution";
    let deep = "[".repeat(50_000);
    for body in [
        "",
        "null",
        "[]",
        "{",
        "{\"inputs\": 3}",
        "{\"inputs\": {}, \"inputs\": {}}",
        "{\"inputs\": {\"period\": \"2025-01\", \"period\": \"2025-02\"}}",
        "{\"inputs\": {\"bandwidth_m\": 1e999}}",
        "{\"inputs\": {\"bandwidth_m\": {\"href\": \"http://127.0.0.1/\"}}}",
        "{\"inputs\": {\"\": \"\"}}",
        "{\"inputs\": {\"source\": \"\\ud800\"}}",
        "{\"subscriber\": {\"successUri\": \"http://127.0.0.1/\"}}",
        "{\"outputs\": {\"result\": {\"transmissionMode\": \"reference\"}}}",
        "{\"outputs\": {\"result\": {\"format\": {\"mediaType\": \"image/png\"}}}}",
        deep.as_str(),
    ] {
        let refused = app.post(execution, "application/json", body.as_bytes()).expect(400).json();
        assert!(!refused["errors"].as_array().unwrap().is_empty(), "{body}");
    }
    app.post(execution, "application/json", b"\xff\xfe").expect(400);
    app.post(execution, "text/plain", b"{}").expect(415);
    let large = format!("{{\"inputs\": {{\"filter\": \"{}\"}}}}", "x".repeat(70_000));
    app.post(execution, "application/json", large.as_bytes()).expect(413);
    app.post(&format!("{execution}?x=1"), "application/json", b"{}").expect(400);
}

#[test]
fn what_is_not_there_has_the_name_of_the_standard() {
    let app = TestApp::shared();
    for (address, kind) in [
        ("/processes/risk", "no-such-process"),
        ("/jobs/x", "no-such-job"),
        ("/jobs/00000000000000000000000000000000", "no-such-job"),
        ("/jobs/00000000000000000000000000000000/results", "no-such-job"),
    ] {
        assert_eq!(app.get(address).expect(404).json()["type"], format!("{KINDS}{kind}"), "{address}");
    }
    let unknown = run(app, "risk", &json!({})).expect(404).json();
    assert_eq!(unknown["type"], format!("{KINDS}no-such-process"));
    assert!(unknown["detail"].as_str().unwrap().ends_with("there are: hotspots, density, hex, scan"));
    app.ask("DELETE", "/jobs/x", &[], b"").expect(404);
    for query in ["?status=done", "?processID=risk", "?type=service", "?limit=0", "?minDuration=-1", "?x=1"] {
        app.get(&format!("/jobs{query}")).expect(400);
    }
}
