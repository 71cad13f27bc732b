//! The binary, and a folder to work in.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use hotspots::fetch::{Base, Client, Settings};

use crate::server::Server;

/// A client that loses no time.
pub(crate) fn client(server: &Server, attempts: u32) -> Client {
    Client::new(Settings {
        base: Base::new(Some(&server.base())).unwrap(),
        read: Duration::from_secs(20),
        attempts,
        pause: Duration::from_millis(1),
        ..Settings::default()
    })
}

/// What a command printed and how it ended.
pub(crate) struct Ended {
    code: Option<i32>,
    pub(crate) out: String,
    err: String,
}

impl Ended {
    /// That it did what it was told, and said all of `parts`.
    pub(crate) fn well(self, parts: &[&str]) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        for part in parts {
            assert!(self.out.contains(part), "'{part}' is missing in: {}", self.out);
        }
        self
    }

    /// That it failed with an error message that holds all of `parts`.
    pub(crate) fn refused(self, parts: &[&str]) -> Self {
        assert_eq!(self.code, Some(1), "{}\n{}", self.out, self.err);
        for part in parts {
            assert!(self.err.contains(part), "'{part}' is missing in: {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

/// A folder with a store and the official files of an area, which go with it.
pub(crate) struct Desk(tempfile::TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A file in the folder of the area.
    pub(crate) fn official(&self, name: &str) -> PathBuf {
        self.path("official/E08000027").join(name)
    }

    /// `hotspots fetch …` in this folder, free of settings from outside, with every service at `server`.
    pub(crate) fn fetch<A: AsRef<OsStr>>(
        &self,
        server: &Server,
        given: impl IntoIterator<Item = A>,
    ) -> Ended {
        let mut command = self.command(given);
        command.args(["--base-url", &server.base()]);
        run(&mut command)
    }

    pub(crate) fn command<A: AsRef<OsStr>>(&self, given: impl IntoIterator<Item = A>) -> Command {
        let mut command = hotspots(self.0.path());
        command.arg("fetch").args(given).args(["--out", "official"]);
        command
    }
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

pub(crate) fn hotspots(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotspots"));
    for name in ["HOTSPOTS_STORE", "HOTSPOTS_BOUNDARIES", "HOTSPOTS_FETCH_BASE_URL", "HOTSPOTS_LOG"] {
        command.env_remove(name);
    }
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
    command.env("RUST_BACKTRACE", "0").current_dir(folder).stdin(Stdio::null());
    command
}

pub(crate) fn run(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A file of `../shared`. `None`, with a word, where the folder is absent; with `REQUIRE_SHARED=1` that is a failure.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var("REQUIRE_SHARED").as_deref() == Ok("1");
    assert!(!required, "REQUIRE_SHARED=1, but {} is absent", path.display());
    println!("skipped: ../shared is absent");
    None
}

/// A zip archive of these members.
pub(crate) fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
