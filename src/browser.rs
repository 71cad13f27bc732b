//! Pages as PDF, printed by a headless browser: the one place that starts another program.
//!
//! A browser lays pages out far better than a library could, and whoever wants PDF has one. It is started with a profile
//! of its own in a temporary folder, without a network to speak to, on a page that fetches nothing.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A browser of the Chromium family.
#[derive(Clone, Debug)]
pub struct Browser {
    program: PathBuf,
    /// Whether it may do without its sandbox, which needs more rights than some containers give.
    sandbox: bool,
}

/// Why a page could not be printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// There is no browser.
    #[error("no browser was found to print with; install Chromium, or name one with --browser")]
    NoBrowser,
    /// The browser could not be started, or files not written.
    #[error("the browser {program} cannot be used")]
    Unusable {
        /// The program.
        program: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// It ended without a document.
    #[error("the browser {program} printed nothing: {said}")]
    Nothing {
        /// The program.
        program: PathBuf,
        /// The last line that it said.
        said: String,
    },
    /// It took too long.
    #[error("the browser {program} did not finish within {} seconds", PATIENCE.as_secs())]
    TooLong {
        /// The program.
        program: PathBuf,
    },
}

/// Names under which browsers are found.
const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
/// How long a page may take.
const PATIENCE: Duration = Duration::from_mins(1);

impl Browser {
    /// The browser at `program`, or the first that is found in the folders of PATH.
    ///
    /// # Errors
    /// [`PrintError::NoBrowser`] where none is named and none is found.
    pub fn find(program: Option<&Path>, sandbox: bool) -> Result<Self, PrintError> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let in_path = || {
            let folders: Vec<_> = std::env::split_paths(&path).collect();
            let candidates =
                NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
            candidates.into_iter().find(|candidate| candidate.is_file())
        };
        let program = program.map(Path::to_owned).or_else(in_path).ok_or(PrintError::NoBrowser)?;
        Ok(Self { program, sandbox })
    }

    /// A page as PDF.
    ///
    /// # Errors
    /// [`PrintError`].
    pub fn print(&self, page: &[u8]) -> Result<Vec<u8>, PrintError> {
        let unusable = |cause| PrintError::Unusable { program: self.program.clone(), cause };
        let folder = tempfile::tempdir().map_err(unusable)?;
        let (source, printed) = (folder.path().join("report.html"), folder.path().join("report.pdf"));
        fs::write(&source, page).map_err(unusable)?;
        let said = folder.path().join("said");
        let mut command = Command::new(&self.program);
        command
            .args([
                "--headless",
                "--disable-gpu",
                "--no-first-run",
                "--disable-extensions",
                "--no-pdf-header-footer",
            ])
            // Nothing of the page needs a network; a host that cannot be found keeps it so.
            .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking"])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .arg(format!("--print-to-pdf={}", printed.display()))
            .arg(format!("file://{}", source.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(&said).map_err(unusable)?);
        if !self.sandbox {
            command.arg("--no-sandbox");
        }
        let mut running = command.spawn().map_err(unusable)?;
        let started = Instant::now();
        while running.try_wait().map_err(unusable)?.is_none() {
            if started.elapsed() > PATIENCE {
                let _ = running.kill();
                let _ = running.wait();
                return Err(PrintError::TooLong { program: self.program.clone() });
            }
            thread::sleep(Duration::from_millis(20));
        }
        fs::read(&printed).map_err(|_no_document| {
            let said = fs::read_to_string(&said).unwrap_or_default();
            let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
            PrintError::Nothing { program: self.program.clone(), said: last.to_owned() }
        })
    }
}
