//! From paths and request bodies to texts: folders, gzip, zip.

use std::{
    cell::Cell,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read, Seek},
    ops::ControlFlow,
    path::{Path, PathBuf},
    rc::Rc,
};

use flate2::bufread::MultiGzDecoder;

use crate::model::Invalid;

use super::{
    Event, Shape, Sink, broken, csv,
    format::{self, BodyFormat, ENDINGS, Format},
    json,
    meter::{Budget, Counted, Metered},
    options::Options,
    text, unreadable, unzip,
};

/// Why nothing could be read. What is wrong inside a file is told by rejects instead.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// There is no such file or folder.
    #[error("there is no file or folder {}", path.display())]
    NotFound {
        /// The path as given.
        path: PathBuf,
    },
    /// The file or folder is there and cannot be opened.
    #[error("{} cannot be opened: {cause}", path.display())]
    Closed {
        /// The path as given.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// A folder holds more files than one import reads.
    #[error("{} holds more than {limit} files", path.display())]
    TooManyFiles {
        /// The path as given.
        path: PathBuf,
        /// How many are read at most.
        limit: usize,
    },
    /// A zip archive in a request body could not be laid aside to be read.
    #[error("the archive cannot be laid aside on disk: {cause}")]
    Aside {
        /// What the system says.
        #[source]
        cause: io::Error,
    },
}

/// What texts of one call are read with.
pub(super) struct Reading<'o> {
    pub(super) options: &'o Options,
    pub(super) budget: Budget,
}

/// Reads files and folders, in the order given; the files of a folder and its folders in the order of
/// their paths. Links to folders are not followed.
///
/// The answer is `Break` when the sink gave it.
///
/// # Errors
/// [`IntakeError`], before anything is read, when a path is not there, a given path cannot be opened,
/// or there are more files than [`Limits::members`](super::Limits::members).
///
/// # Example
/// ```
/// use std::ops::ControlFlow;
/// use hotspots::intake::{Event, Options, read_paths};
/// let nowhere = read_paths(&["no such file.csv".into()], &Options::default(), &mut |_| ControlFlow::Continue(()));
/// assert!(nowhere.is_err());
/// ```
pub fn read_paths(
    paths: &[PathBuf],
    options: &Options,
    sink: &mut Sink<'_>,
) -> Result<ControlFlow<()>, IntakeError> {
    let found = list(paths, options.limits.members)?;
    let reading = Reading { options, budget: Budget::new(options.limits.total_bytes) };
    for file in found {
        if reading.file(&file, sink).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Bytes that [`read_paths`] will take from those paths, for a measure of progress. What it passes
/// over counts too, so that the end may be reached a little early.
///
/// # Errors
/// As [`read_paths`].
pub fn total_bytes(paths: &[PathBuf], options: &Options) -> Result<u64, IntakeError> {
    Ok(list(paths, options.limits.members)?.iter().map(|file| file.bytes).sum())
}

/// Reads a request body. `name` stands for a file's name: in messages, in reports, and as the source
/// of rows that have none.
///
/// An error of `reader` ends the body like a file that is cut off: by [`Event::Broken`]. A zip
/// archive has its directory at the end, so it is laid aside in an unnamed temporary file first.
///
/// # Errors
/// [`IntakeError::Aside`] when that fails.
///
/// # Example
/// ```
/// use std::ops::ControlFlow;
/// use hotspots::intake::{BodyFormat, Event, Format, Options, read_body};
/// let body = "date,category,lon,lat\n2024-03-09 14:30,Bin fire,-2.08,52.51\n";
/// let mut streets = 0;
/// let flow = read_body("fires.csv", BodyFormat::Plain(Format::Csv), body.as_bytes(), &Options::default(), &mut |event| {
///     if let Event::Incident(incident) = event {
///         assert_eq!(incident.category.as_str(), "bin-fire");
///         streets += 1;
///     }
///     ControlFlow::Continue(())
/// });
/// assert_eq!((flow.unwrap(), streets), (ControlFlow::Continue(()), 1));
/// ```
pub fn read_body(
    name: &str,
    format: BodyFormat,
    reader: impl Read,
    options: &Options,
    sink: &mut Sink<'_>,
) -> Result<ControlFlow<()>, IntakeError> {
    let reading = Reading { options, budget: Budget::new(options.limits.total_bytes) };
    let body = Counted::new(reader, options.progress.clone());
    let taken = body.taken();
    match format {
        BodyFormat::Plain(format) => Ok(reading.text(name, format, body, taken, sink)),
        BodyFormat::Gzip(format) => {
            Ok(reading.text(name, format, MultiGzDecoder::new(BufReader::new(body)), taken, sink))
        }
        BodyFormat::Zip => {
            let aside = |cause| IntakeError::Aside { cause };
            let mut file = tempfile::tempfile().map_err(aside)?;
            let mut body = Metered::new(body, taken, reading.budget.clone(), options.limits);
            if let Err(cause) = lay_aside(&mut body, &mut file).map_err(aside)? {
                return Ok(broken_unread(name, &cause, sink));
            }
            file.rewind().map_err(aside)?;
            Ok(unzip::read(name, Counted::new(file, None), &reading, sink))
        }
    }
}

/// Copies, and tells errors of the writing from those of the reading.
fn lay_aside(from: &mut impl Read, to: &mut File) -> io::Result<Result<(), io::Error>> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(Ok(())),
            Ok(read) => io::Write::write_all(to, &buffer[..read])?,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Ok(Err(cause)),
        }
    }
}

/// Tells of a file of which nothing can be read.
pub(super) fn broken_unread(name: &str, cause: &io::Error, sink: &mut Sink<'_>) -> ControlFlow<()> {
    sink(Event::File { name: name.to_owned(), shape: Shape::Unreadable })?;
    broken(1, cause, sink)
}

impl Reading<'_> {
    fn file(&self, found: &Found, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let name = found.path.display().to_string();
        if let Some(reason) = found.passed_over.or_else(|| format::not_incidents(&name)) {
            return sink(Event::Skipped { name, reason: reason.to_owned() });
        }
        let Some(format) = BodyFormat::from_name(&name) else {
            let rule = format!("the name of a file of incidents ends in {ENDINGS}");
            return if found.given {
                unreadable(&name, 1, Invalid::new(&name, rule), sink)
            } else {
                sink(Event::Skipped { name, reason: rule })
            };
        };
        let file = match File::open(&found.path) {
            Ok(file) => Counted::new(file, self.options.progress.clone()),
            Err(cause) => {
                return unreadable(&name, 1, Invalid::new(cause, "the file cannot be opened"), sink);
            }
        };
        let taken = file.taken();
        match format {
            BodyFormat::Plain(format) => self.text(&name, format, file, taken, sink),
            BodyFormat::Gzip(format) => {
                self.text(&name, format, MultiGzDecoder::new(BufReader::new(file)), taken, sink)
            }
            BodyFormat::Zip => unzip::read(&name, file, self, sink),
        }
    }

    /// Reads one text. `taken` counts the bytes that `bytes` takes in, before it expands them.
    pub(super) fn text(
        &self,
        name: &str,
        format: Format,
        bytes: impl Read,
        taken: Rc<Cell<u64>>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let metered = Metered::new(bytes, taken, self.budget.clone(), self.options.limits);
        let mut text = match text::reader(metered) {
            Ok(text) => text,
            Err(cause) => return broken_unread(name, &cause, sink),
        };
        let rule = match text.fill_buf() {
            Err(cause) => return broken_unread(name, &cause, sink),
            Ok([0x1F, 0x8B, ..]) => {
                Some("this is gzip: the name ends in .gz, or the media type is application/gzip")
            }
            Ok([b'P', b'K', 3, 4, ..]) => {
                Some("this is a zip archive: the name ends in .zip, or the media type is application/zip")
            }
            Ok(_) => None,
        };
        if let Some(rule) = rule {
            return unreadable(name, 1, Invalid::new("", rule), sink);
        }
        match format {
            Format::Csv => csv::read(name, text.as_mut(), self.options, sink),
            Format::GeoJson => json::read_geojson(name, text.as_mut(), self.options, sink),
            Format::NdJson => json::read_ndjson(name, text.as_mut(), self.options, sink),
        }
    }
}

/// A file to read.
struct Found {
    path: PathBuf,
    bytes: u64,
    /// Whether it was named itself, not its folder.
    given: bool,
    /// Why it is not read.
    passed_over: Option<&'static str>,
}

fn list(paths: &[PathBuf], limit: usize) -> Result<Vec<Found>, IntakeError> {
    let mut found = Vec::new();
    for path in paths {
        let closed = |cause: io::Error| match cause.kind() {
            io::ErrorKind::NotFound => IntakeError::NotFound { path: path.clone() },
            _ => IntakeError::Closed { path: path.clone(), cause },
        };
        let kind = fs::metadata(path).map_err(closed)?;
        if kind.is_dir() {
            let before = found.len();
            walk(path, limit, &mut found).map_err(closed)?;
            found[before..].sort_by(|a, b| a.path.cmp(&b.path));
        } else {
            File::open(path).map_err(closed)?;
            found.push(Found { path: path.clone(), bytes: kind.len(), given: true, passed_over: None });
        }
        if found.len() > limit {
            return Err(IntakeError::TooManyFiles { path: path.clone(), limit });
        }
    }
    Ok(found)
}

/// Lists what is in a folder and the folders in it, in no order; stops above `limit`.
fn walk(folder: &Path, limit: usize, found: &mut Vec<Found>) -> io::Result<()> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(cause) if found.is_empty() && folders.is_empty() => return Err(cause),
            Err(_) => {
                let passed_over = Some("the folder cannot be opened");
                found.push(Found { path: folder, bytes: 0, given: false, passed_over });
                continue;
            }
        };
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            let linked = entry.file_type()?.is_symlink();
            // Of a link this is about what it points to; one that points nowhere is not opened later.
            let (is_dir, bytes) = fs::metadata(&path).map_or((false, 0), |kind| (kind.is_dir(), kind.len()));
            if is_dir && !linked {
                folders.push(path);
            } else {
                let passed_over = is_dir.then_some("a link to a folder is not followed");
                found.push(Found { path, bytes, given: false, passed_over });
            }
            if found.len() + folders.len() > limit {
                return Ok(());
            }
        }
    }
    Ok(())
}
