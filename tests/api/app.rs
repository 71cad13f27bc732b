//! The built program, serving on a port of its own.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use ureq::http::Request;

use crate::{contract::Contract, exchange::Exchange};

/// Starts the program and waits until standard input closes, which it does when the test is over
/// and also when the test process dies. Then the program is ended and its folder removed, so nothing
/// is left behind in any case. The shell's own output is closed so that a program that does not
/// start is seen at once.
const KEEPER: &str = r#"folder=$1; shift
"$@" &
program=$!
exec >&- 2>&-
read -r _
kill -KILL "$program"
wait "$program"
rm -rf -- "$folder""#;

/// A running service.
pub(crate) struct TestApp {
    /// `http://127.0.0.1:PORT`.
    pub(crate) base: String,
    folder: PathBuf,
    agent: ureq::Agent,
    keeper: Child,
    alive: Option<ChildStdin>,
    /// Held so that the program never writes to a closed pipe.
    _output: BufReader<ChildStdout>,
}

impl TestApp {
    /// A service with the demonstration incidents, shared by all tests that only read.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<TestApp> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&["--demonstration"]))
    }

    /// A service of its own with an empty store.
    pub(crate) fn empty() -> Self {
        Self::start(&[])
    }

    /// A service of its own with further options.
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::start_with(&Self::dudley(), options)
    }

    /// The manifest of the schematic boundaries.
    fn dudley() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("boundaries/dudley.toml")
    }

    /// A service of its own with the boundaries of a manifest.
    pub(crate) fn start_with(manifest: &Path, options: &[&str]) -> Self {
        Self::start_as(manifest, options, |_| ())
    }

    /// A service of its own whose store, at the path that is given, is made ready first.
    pub(crate) fn start_prepared(options: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        Self::start_as(&Self::dudley(), options, prepare)
    }

    fn start_as(manifest: &Path, options: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        let folder =
            tempfile::Builder::new().prefix("api-").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap().keep();
        prepare(&folder.join("incidents.gpkg"));
        let log = fs::File::create(folder.join("log")).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "keeper"]).arg(&folder).arg(env!("CARGO_BIN_EXE_hotspots"));
        command.args(["serve", "--address", "127.0.0.1:0", "--boundaries"]).arg(manifest);
        command.arg("--store").arg(folder.join("incidents.gpkg")).args(options);
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("HOTSPOTS_")) {
            command.env_remove(name);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut keeper = command.spawn().unwrap();
        let alive = keeper.stdin.take();
        let mut output = BufReader::new(keeper.stdout.take().unwrap());
        let base = loop {
            let mut line = String::new();
            let read = output.read_line(&mut line).unwrap();
            let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(read > 0, "the service did not start: {}", log());
            if let Some(address) = line.trim().strip_prefix("Serving on ") {
                break address.to_owned();
            }
        };
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_mins(2)))
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .build()
            .new_agent();
        Self { base, folder, agent, keeper, alive, _output: output }
    }

    /// Its store.
    pub(crate) fn store(&self) -> PathBuf {
        self.folder.join("incidents.gpkg")
    }

    /// Where it listens: `127.0.0.1:PORT`.
    pub(crate) fn authority(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// Fetches an address and holds the answer against the contract.
    pub(crate) fn get(&self, address: &str) -> Exchange {
        self.ask("GET", address, &[], b"")
    }

    /// Fetches an address with headers and holds the answer against the contract.
    pub(crate) fn get_with(&self, address: &str, headers: &[(&str, &str)]) -> Exchange {
        self.ask("GET", address, headers, b"")
    }

    /// Sends a body and holds the answer against the contract.
    pub(crate) fn post(&self, address: &str, media_type: &str, body: &[u8]) -> Exchange {
        self.ask("POST", address, &[("content-type", media_type)], body)
    }

    /// Asks, and holds the answer against the contract.
    pub(crate) fn ask(&self, method: &str, address: &str, headers: &[(&str, &str)], body: &[u8]) -> Exchange {
        let exchange = self.ask_unchecked(method, address, headers, body);
        if let Err(faults) = Contract::of_the_service().check(&exchange) {
            panic!("{method} {address} breaks openapi.yaml:\n{}\n{}", faults.join("\n"), self.log_end());
        }
        exchange
    }

    /// Asks for what no contract covers.
    pub(crate) fn ask_unchecked(
        &self,
        method: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Exchange {
        let uri = format!("{}{address}", self.base);
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = if body.is_empty() {
            self.agent.run(request.body(()).unwrap())
        } else {
            self.agent.run(request.body(body).unwrap())
        };
        let mut answer = answer
            .unwrap_or_else(|fault| panic!("{method} {address}: no answer: {fault}\n{}", self.log_end()));
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        answer.body_mut().as_reader().read_to_end(&mut body).unwrap();
        Exchange { method: method.to_owned(), address: address.to_owned(), status, headers, body }
    }

    /// Sends bytes as they stand and gives back what comes until the connection closes. The service may
    /// answer and close before it has read everything.
    pub(crate) fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.authority()).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let mut writing = stream.try_clone().unwrap();
        let bytes = bytes.to_vec();
        let writer = std::thread::spawn(move || {
            // A refusal may close the connection while this still writes.
            let _ = writing.write_all(&bytes);
        });
        let mut answer = Vec::new();
        let mut part = [0; 4096];
        while let Ok(read @ 1..) = stream.read(&mut part) {
            answer.extend_from_slice(&part[..read]);
        }
        drop(stream);
        writer.join().unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends bytes and hangs up without waiting for an answer.
    pub(crate) fn send_and_hang_up(&self, bytes: &[u8]) {
        let mut stream = TcpStream::connect(self.authority()).unwrap();
        stream.write_all(bytes).unwrap();
    }

    /// Imports that have rejected something so far.
    pub(crate) fn imports_with_rejects(&self) -> usize {
        fs::read_dir(self.folder.join("rejects")).map_or(0, Iterator::count)
    }

    /// The last lines of the log.
    fn log_end(&self) -> String {
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.alive.take());
        let _ = self.keeper.wait();
    }
}
