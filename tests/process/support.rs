//! Starts the built binary, waits for it, talks to it, and ends it whatever happens.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde_json::Value;
use ureq::{Agent, http};

/// No command of these tests is at work for so long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);
const STEP: Duration = Duration::from_millis(10);

/// A file of the project.
pub(crate) fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A file of `../shared`. `None`, with a word, where the folder is absent; with `REQUIRE_SHARED=1`
/// that is a failure.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = project("../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var("REQUIRE_SHARED").as_deref() == Ok("1");
    assert!(!required, "REQUIRE_SHARED=1, but {} is absent", path.display());
    println!("skipped: ../shared is absent");
    None
}

/// The binary with these arguments, free of settings from outside, in the project's folder.
pub(crate) fn hotspots<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotspots"));
    for name in ["STORE", "BOUNDARIES", "PRIORITIES", "ADDRESS", "PUBLIC_ADDRESS", "LOG"] {
        command.env_remove(format!("HOTSPOTS_{name}"));
    }
    command.current_dir(project("")).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A process that is killed and waited for when it goes out of scope.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap())
    }

    /// Waits for its end, at most for `limit`.
    pub(crate) fn wait(&mut self, limit: Duration) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < limit, "the process is still there after {limit:?}");
            thread::sleep(STEP);
        }
    }

    pub(crate) fn kill(&mut self) {
        // It may have ended on its own just before.
        let _ = self.0.kill();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a command printed and how it ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    /// That it did what it was told.
    pub(crate) fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self
    }

    /// That it failed with exit code 1 and an error message that holds all of `parts`.
    pub(crate) fn refused(self, parts: &[&str]) -> Self {
        assert_eq!(self.code, Some(1), "{}\n{}", self.out, self.err);
        let message = self.err.find("error: ").map(|at| &self.err[at..]).unwrap();
        for part in parts {
            assert!(message.contains(part), "'{part}' is missing in: {message}");
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

fn collect(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8(bytes).unwrap()
    })
}

/// Runs a command to its end.
pub(crate) fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Ended {
    let mut process = Running::start(&mut hotspots(arguments));
    let out = collect(process.0.stdout.take().unwrap());
    let err = collect(process.0.stderr.take().unwrap());
    let status = process.wait(PATIENCE);
    Ended { code: status.code(), out: out.join().unwrap(), err: err.join().unwrap() }
}

/// A folder with a store and a manifest, which both go with it.
pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) manifest: PathBuf,
}

impl Desk {
    /// With the schematic boundaries of the project.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), manifest: project("boundaries/dudley.toml") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.path("incidents.gpkg")
    }

    /// Arguments of a command that works on this desk.
    pub(crate) fn arguments<A: AsRef<OsStr>>(&self, given: impl IntoIterator<Item = A>) -> Vec<PathBuf> {
        let mut all: Vec<_> = given.into_iter().map(|argument| PathBuf::from(argument.as_ref())).collect();
        all.extend(["--store".into(), self.store(), "--boundaries".into(), self.manifest.clone()]);
        all
    }

    pub(crate) fn run<A: AsRef<OsStr>>(&self, given: impl IntoIterator<Item = A>) -> Ended {
        run(self.arguments(given))
    }

    pub(crate) fn import(&self, paths: &[&Path]) -> Ended {
        self.run([Path::new("import")].iter().chain(paths))
    }

    pub(crate) fn serve(&self, more: &[&str]) -> Server {
        let given = ["serve", "--address", "127.0.0.1:0"].iter().chain(more);
        Server::start(&self.arguments(given))
    }
}

/// A server on a free port of this machine.
pub(crate) struct Server {
    pub(crate) process: Running,
    pub(crate) address: SocketAddr,
    agent: Agent,
    log: Option<JoinHandle<String>>,
}

/// An answer, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// That it is a 200.
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        self
    }
}

impl Server {
    /// Starts a server and waits for the line that says where it is.
    pub(crate) fn start(arguments: &[PathBuf]) -> Self {
        let mut process = Running::start(&mut hotspots(arguments));
        let log = collect(process.0.stderr.take().unwrap());
        let out = BufReader::new(process.0.stdout.take().unwrap());
        let (send, lines) = mpsc::channel();
        thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let line = lines.recv_timeout(PATIENCE);
        let Ok(line) = line else {
            process.kill();
            panic!("the server does not start: {}", log.join().unwrap());
        };
        let address = line.strip_prefix("Serving on http://").unwrap().parse().unwrap();
        Self { process, address, agent: agent(), log: Some(log) }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        get(&self.agent, self.address, path)
    }

    pub(crate) fn post(&self, path: &str, media_type: &str, body: &[u8]) -> Result<Answer, ureq::Error> {
        post(&self.agent, self.address, path, media_type, body)
    }

    /// Ends it as an operator does, and returns what it logged.
    pub(crate) fn terminate(mut self) -> (ExitStatus, String) {
        let id = self.process.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let status = self.process.wait(PATIENCE);
        (status, self.log.take().unwrap().join().unwrap())
    }
}

/// A client that takes every status for an answer.
pub(crate) fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build().into()
}

pub(crate) fn get(agent: &Agent, address: SocketAddr, path: &str) -> Answer {
    read(agent.get(format!("http://{address}{path}")).call().unwrap()).unwrap()
}

pub(crate) fn post(
    agent: &Agent,
    address: SocketAddr,
    path: &str,
    media_type: &str,
    body: &[u8],
) -> Result<Answer, ureq::Error> {
    let request = agent.post(format!("http://{address}{path}")).content_type(media_type);
    read(request.send(body)?)
}

fn read(mut response: http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let body = response.body_mut().with_config().limit(1 << 28).read_to_vec()?;
    Ok(Answer { status: response.status().as_u16(), headers: response.headers().clone(), body })
}

/// A value for a query, percent-encoded.
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
