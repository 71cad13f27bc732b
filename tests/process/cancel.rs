//! Work for which nobody waits any more stops, however it was asked for.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use crate::support::{Desk, PATIENCE, Server};

/// Takes far longer than [`PATIENCE`].
const LONG: &str = "/analysis/scan?unit=place&max_share=0.5&replications=9999&period=2024-01/2025-12";
/// Takes a moment, on the same gate.
const SHORT: &str = "/analysis/scan?category=burglary&resolution=7&replications=99&period=2025-01/2025-03";

/// A server whose gate for long work has no queue: while something runs there, the next is refused.
fn server(desk: &Desk) -> Server {
    desk.serve(&["--demonstration", "--compute-threads", "2", "--compute-queue", "0"])
}

fn ask(server: &Server, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).unwrap();
    stream
}

/// Asks for the long work until it holds the gate: what is asked for beside it may have been first there.
fn running(server: &Server) -> TcpStream {
    let start = Instant::now();
    loop {
        let waiting = ask(server, LONG);
        thread::sleep(Duration::from_millis(300));
        if server.get(SHORT).status == 503 {
            return waiting;
        }
        assert!(start.elapsed() < PATIENCE, "the long work never held the gate");
    }
}

/// Asks for the short work until its status is as wanted.
fn until(server: &Server, status: u16) -> Duration {
    let start = Instant::now();
    while server.get(SHORT).status != status {
        assert!(start.elapsed() < PATIENCE, "never answered by {status}");
        thread::sleep(Duration::from_millis(50));
    }
    start.elapsed()
}

#[test]
fn closing_the_connection_stops_the_work() {
    let desk = Desk::new();
    let server = server(&desk);
    let waiting = running(&server);
    // What takes milliseconds does not wait behind it.
    server.get("/health").ok();
    server.get("/analysis/hex?category=burglary&resolution=8").ok();
    drop(waiting);
    println!("free again after {:?}", until(&server, 200));
    let (_, log) = server.terminate();
    assert!(log.contains("nobody waits any more"), "{log}");
}

#[test]
fn closing_the_stream_of_events_stops_the_work() {
    let desk = Desk::new();
    let server = server(&desk);
    let mut lines = BufReader::new(ask(&server, &format!("{LONG}&f=events"))).lines().map(Result::unwrap);
    assert_eq!(lines.next().as_deref(), Some("HTTP/1.1 200 OK"));
    let mut done = || {
        let number = |line: String| {
            let (done, _) = line.strip_prefix("data: {\"done\":")?.split_once(',')?;
            done.parse::<u32>().ok()
        };
        lines.by_ref().find_map(number).unwrap()
    };
    while done() == 0 {}
    assert!(done() < 9_999);
    assert_eq!(server.get(SHORT).status, 503);
    drop(lines);
    println!("free again after {:?}", until(&server, 200));
    let (_, log) = server.terminate();
    assert_eq!(log.matches("nobody waits any more").count(), 1, "{log}");
}
