//! `SOURCES.toml`: where each file is from, when it was fetched, and its checksum.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{hex, lay_down};
use crate::fetch::FetchError;

const NAME: &str = "SOURCES.toml";
const HEAD: &str = "# Where the files of this folder are from. Written by `hotspots fetch`; a file that no longer has its\n\
                    # checksum is not used until it is fetched again with --again.\n\n";

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name in the folder.
    pub file: String,
    /// Where it is from, without secrets.
    pub address: String,
    /// When it was fetched, in UTC: `2026-11-29T04:25:00Z`.
    pub fetched: String,
    /// Terms of use, with the attribution the publisher asks for.
    pub licence: String,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Which state it shows: a year, or a month.
    pub vintage: String,
    /// Features or rows, where they were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub features: Option<u64>,
}

/// How a file stands to its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is as it was fetched.
    Verified,
    /// It is not there, or nothing is recorded of it.
    Absent,
    /// It is there and differs; in words.
    Changed(String),
}

/// The sources of a folder.
#[derive(Clone, Debug)]
pub struct Sources {
    folder: PathBuf,
    list: Vec<Source>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(default)]
    file: Vec<Source>,
}

impl Sources {
    /// Those of a folder; none where it has no list yet.
    ///
    /// # Errors
    /// [`FetchError`] for a list that cannot be read.
    pub fn open(folder: &Path) -> Result<Self, FetchError> {
        let path = folder.join(NAME);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => String::new(),
            Err(cause) => return Err(FetchError::reading(path)(cause)),
        };
        let wire: Wire = toml::from_str(&text)
            .map_err(|cause| FetchError::content(path.display(), cause.message().to_owned()))?;
        Ok(Self { folder: folder.to_owned(), list: wire.file })
    }

    /// The record of a file.
    pub fn of(&self, file: &str) -> Option<&Source> {
        self.list.iter().find(|source| source.file == file)
    }

    /// All records, in the order of their files.
    pub fn all(&self) -> &[Source] {
        &self.list
    }

    /// Compares a file with its record.
    ///
    /// # Errors
    /// [`FetchError::Disk`] for a file that cannot be read.
    pub fn state(&self, file: &str) -> Result<State, FetchError> {
        let path = self.folder.join(file);
        let Some(source) = self.of(file) else { return Ok(State::Absent) };
        let mut reader = match fs::File::open(&path) {
            Ok(reader) => reader,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(State::Absent),
            Err(cause) => return Err(FetchError::reading(path)(cause)),
        };
        let mut digest = Sha256::new();
        io::copy(&mut reader, &mut Hashing(&mut digest)).map_err(FetchError::reading(&path))?;
        let found = hex(&digest.finalize());
        if found == source.sha256 {
            return Ok(State::Verified);
        }
        let rule = format!(
            "{} is not what was fetched from {} on {} (its SHA-256 is {found} and was {}); put it back, or fetch it again \
             with --again",
            path.display(),
            source.address,
            source.fetched,
            source.sha256
        );
        Ok(State::Changed(rule))
    }

    /// Whether a file is there as it was fetched.
    ///
    /// # Errors
    /// [`FetchError`] for a file that was changed since, or cannot be read.
    pub fn holds(&self, file: &str) -> Result<bool, FetchError> {
        match self.state(file)? {
            State::Verified => Ok(true),
            State::Absent => Ok(false),
            State::Changed(rule) => Err(FetchError::Faults(vec![rule])),
        }
    }

    /// Enters a record in place of the one of the same file, and saves the list.
    ///
    /// # Errors
    /// [`FetchError::Disk`].
    pub fn enter(&mut self, source: Source) -> Result<(), FetchError> {
        self.list.retain(|old| old.file != source.file);
        self.list.push(source);
        self.list.sort_by(|a, b| a.file.cmp(&b.file));
        let path = self.folder.join(NAME);
        let text = toml::to_string(&Wire { file: self.list.clone() })
            .map_err(|cause| FetchError::content(path.display(), cause.to_string()))?;
        lay_down(&path, format!("{HEAD}{text}").as_bytes())
    }
}

/// Feeds a digest by what is written.
struct Hashing<'a, D: Digest>(&'a mut D);

impl<D: Digest> io::Write for Hashing<'_, D> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut sources = Sources::open(folder.path()).unwrap();
        fs::write(folder.path().join("a.json"), "{}").unwrap();
        assert_eq!(sources.state("a.json").unwrap(), State::Absent);
        let source = Source {
            file: "a.json".to_owned(),
            address: "https://a.example/x".to_owned(),
            fetched: "2026-11-29T00:00:00Z".to_owned(),
            licence: "OGL".to_owned(),
            sha256: super::super::sha256(b"{}"),
            bytes: 2,
            vintage: "2024".to_owned(),
            features: Some(1),
        };
        sources.enter(source.clone()).unwrap();
        let again = Sources::open(folder.path()).unwrap();
        assert_eq!(again.all(), [source]);
        assert!(again.holds("a.json").unwrap());
        fs::write(folder.path().join("a.json"), "{ }").unwrap();
        let fault = again.holds("a.json").unwrap_err().to_string();
        assert!(fault.contains("--again") && fault.contains("a.example"), "{fault}");
    }
}
