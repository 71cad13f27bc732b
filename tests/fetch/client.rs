//! The client: again, no further than allowed, and never a page for data.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use hotspots::fetch::{Base, Client, FetchError, Settings};
use serde_json::{Value, json};

use crate::{
    server::{Answer, Server},
    support::{Desk, client, run},
};

const ADDRESS: &str = "https://data.example.uk/x?y=1";

/// Answers one after the other, the last for good.
fn one_by_one(answers: Vec<Answer>) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |_| answers[next.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1)].clone())
}

fn asked(server: &Server, attempts: u32) -> Result<Value, FetchError> {
    client(server, attempts).json(ADDRESS)
}

fn told(server: &Server, attempts: u32) -> String {
    asked(server, attempts).unwrap_err().to_string()
}

fn good() -> Answer {
    Answer::json(&json!({ "a": 1 }))
}

#[test]
fn a_mirror_is_asked_for_host_and_path() {
    let server = one_by_one(vec![good()]);
    assert_eq!(asked(&server, 1).unwrap()["a"], 1);
    let seen = &server.seen()[0];
    assert_eq!((seen.path.as_str(), seen.query.as_str()), ("/data.example.uk/x", "y=1"));
    let agent = seen.header("user-agent").unwrap();
    assert!(agent.starts_with("hotspots/"), "{agent}");
}

#[test]
fn a_throttled_request_is_made_again_when_the_server_says_so() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let server = one_by_one(vec![
        Answer::new(429, "").with("Retry-After", "0"),
        Answer::new(503, "").with("Retry-After", date),
        Answer::new(500, ""),
        good(),
    ]);
    assert!(asked(&server, 4).is_ok());
    assert_eq!(server.seen().len(), 4);
}

#[test]
fn attempts_come_to_an_end() {
    let server = one_by_one(vec![Answer::new(502, "the cause")]);
    let fault = told(&server, 3);
    assert_eq!(server.seen().len(), 3);
    for part in ["data.example.uk/x", "502", "the cause", "given up after 3 attempts"] {
        assert!(fault.contains(part), "{part} in {fault}");
    }
    let patient = one_by_one(vec![Answer::new(429, "").with("Retry-After", "86400")]);
    assert!(told(&patient, 3).contains("86400 seconds"));
    assert_eq!(patient.seen().len(), 1);
}

#[test]
fn what_stays_wrong_is_asked_once() {
    for status in [400, 403, 404] {
        let server = one_by_one(vec![Answer::new(status, "no")]);
        assert!(told(&server, 3).contains(&status.to_string()));
        assert_eq!(server.seen().len(), 1);
    }
}

#[test]
fn a_page_is_no_data() {
    let page = "<!DOCTYPE html><html><head><title>Sign in to the network</title>";
    let fault = told(&one_by_one(vec![Answer::new(200, page)]), 3);
    assert!(
        fault.contains("an HTML page came back, 'Sign in to the network'") && fault.contains("proxy"),
        "{fault}"
    );
    assert!(told(&one_by_one(vec![Answer::new(404, page)]), 3).contains("Sign in"));
    assert!(told(&one_by_one(vec![Answer::new(200, "{\"a\":")]), 1).contains("{\"a\":"));
}

#[test]
fn an_answer_that_breaks_off_is_asked_for_again() {
    let server = one_by_one(vec![good().cut_at(3), good()]);
    assert!(asked(&server, 2).is_ok());
    assert!(told(&one_by_one(vec![good().cut_at(3)]), 2).contains("broke off"));
}

#[test]
fn compressed_answers_are_expanded_whatever_their_length() {
    use std::io::Write;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(b"{\"a\":1}").unwrap();
    let server =
        one_by_one(vec![Answer::new(200, writer.finish().unwrap()).with("Content-Encoding", "gzip")]);
    assert_eq!(asked(&server, 1).unwrap()["a"], 1);
    assert!(server.seen()[0].header("accept-encoding").unwrap().contains("gzip"));
}

#[test]
fn silence_has_an_end() {
    let server = one_by_one(vec![good().after(Duration::from_secs(5))]);
    let base = Base::new(Some(&server.base())).unwrap();
    let read = Duration::from_millis(50);
    let client = Client::new(Settings { base, read, attempts: 1, ..Settings::default() });
    let fault = client.json::<Value>(ADDRESS).unwrap_err().to_string();
    assert!(fault.contains("no answer") && fault.contains("timeout"), "{fault}");
}

#[test]
fn redirects_stay_with_https_and_the_mirror() {
    let server = Server::start(|request| match request.path.as_str() {
        "/data.example.uk/x" => Answer::new(302, "").with("Location", "https://other.example.uk/y"),
        "/other.example.uk/y" => Answer::new(307, "").with("Location", "z"),
        "/other.example.uk/z" => good(),
        "/data.example.uk/plain" => Answer::new(302, "").with("Location", "http://plain.example.uk/x"),
        _ => Answer::new(302, "").with("Location", "/data.example.uk/round"),
    });
    let client = client(&server, 2);
    assert!(client.json::<Value>(ADDRESS).is_ok());
    let fault = |path: &str| {
        client.json::<Value>(&format!("https://data.example.uk/{path}")).unwrap_err().to_string()
    };
    assert!(fault("plain").contains("http://plain.example.uk/x, which is not https"));
    assert!(fault("round").contains("redirects"));
}

#[test]
fn plain_http_is_refused() {
    let client = Client::new(Settings { attempts: 1, ..Settings::default() });
    let fault = client.json::<Value>("http://data.example.uk/x").unwrap_err().to_string();
    assert!(fault.contains("only https"), "{fault}");
}

#[test]
fn proxies_of_the_environment_are_used_and_passed_by() {
    let proxy = Server::start(|_| Answer::new(403, "this is the proxy"));
    let desk = Desk::new();
    let mut command = desk.command(["postcodes", "--base-url", "http://mirror.invalid"]);
    run(command.env("HTTP_PROXY", proxy.base())).refused(&["mirror.invalid"]);
    let asked = &proxy.seen()[0];
    assert!(asked.path.contains("mirror.invalid"), "{asked:?}");

    let mirror = one_by_one(vec![Answer::new(404, "this is the mirror")]);
    proxy.forget();
    let mut command = desk.command(["postcodes", "--base-url", &mirror.base()]);
    run(command.env("HTTP_PROXY", proxy.base()).env("NO_PROXY", "127.0.0.1"))
        .refused(&["this is the mirror"]);
    assert!(proxy.seen().is_empty());
}

#[test]
fn a_wrong_base_and_a_wrong_area_are_told() {
    let desk = Desk::new();
    run(&mut desk.command(["postcodes", "--base-url", "mirror"])).refused(&["'mirror'", "https://HOST"]);
    run(&mut desk.command(["boundaries", "--area", "Dudley"])).refused(&["'Dudley'", "eight digits"]);
}
