//! Files of rejects: each in the shape of its input, so that it can be mended and imported again.
//!
//! | input | file of rejects |
//! |---|---|
//! | CSV | `NAME.rejects.csv`: its header and delimiter, the rows as they stood, and behind them the columns `reject_line`, `reject_column`, `reject_value`, `reject_rule` |
//! | GeoJSON | `NAME.rejects.geojson`: a feature collection; each feature has a member `reject` |
//! | NDJSON | `NAME.rejects.ndjson`: the objects, each with a member `_reject`; a line that is no JSON stands as it stood, below an object that says why |
//! | a file that could not be read | `NAME.rejects.txt`: why |
//!
//! Mend a row where it stands and import the file; what was added is passed over then. A row that
//! cannot be shown (too long, or cut off) is there as a note without content, which is passed over
//! too. A CSV row with too many or too few fields keeps them, so it is rejected again until it is
//! mended.
//!
//! Values are written as they stood. A spreadsheet may take a value that begins with `=`, `+`, `-` or
//! `@` for a formula; putting something before it would change the data that is to be imported again,
//! so open such a file as text where its origin is not trusted.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{
    Event, Original, Reject, Shape,
    csv::REJECT_COLUMNS,
    format,
    json::{REJECT_OF_FEATURE, REJECT_OF_OBJECT, REJECTS_OF, members},
};

/// Characters of an input's name that the name of its file of rejects takes over.
const LONGEST_NAME: usize = 100;
/// Names that are tried for a file of rejects.
const TRIED_NAMES: u32 = 10_000;

/// Writes the rejects of one file in its shape.
///
/// # Example
/// ```
/// use hotspots::intake::{Original, Reject, Shape, rejects::RejectWriter};
/// let shape = Shape::Csv { header: vec!["date".into(), "lon".into()], delimiter: b',' };
/// let mut writer = RejectWriter::new(Vec::new(), &shape, "fires.csv").unwrap();
/// writer.write(&Reject {
///     line: 7,
///     column: Some("lon".into()),
///     value: "x".into(),
///     rule: "a number".into(),
///     original: Original::Fields(vec!["2024-03-09".into(), "x".into()]),
/// })
/// .unwrap();
/// let text = String::from_utf8(writer.finish().unwrap()).unwrap();
/// assert_eq!(text.lines().last(), Some("2024-03-09,x,7,lon,x,a number"));
/// ```
pub struct RejectWriter<W: Write> {
    form: Form<W>,
}

enum Form<W: Write> {
    Csv { writer: Box<csv::Writer<W>>, columns: usize },
    GeoJson { writer: W, any: bool },
    NdJson(W),
    Text(W),
}

impl<W: Write> RejectWriter<W> {
    /// Begins the rejects of the input `name`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(mut writer: W, shape: &Shape, name: &str) -> io::Result<Self> {
        let form = match shape {
            Shape::Csv { header, delimiter } => {
                let mut writer =
                    csv::WriterBuilder::new().flexible(true).delimiter(*delimiter).from_writer(writer);
                writer.write_record(header.iter().map(String::as_str).chain(REJECT_COLUMNS))?;
                Form::Csv { writer: Box::new(writer), columns: header.len() }
            }
            Shape::GeoJson => {
                let name = json!(format::base(name));
                write!(writer, "{{\"type\":\"FeatureCollection\",\"{REJECTS_OF}\":{name},\"features\":[")?;
                Form::GeoJson { writer, any: false }
            }
            Shape::NdJson => Form::NdJson(writer),
            Shape::Unreadable => Form::Text(writer),
        };
        Ok(Self { form })
    }

    /// Adds a reject.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, reject: &Reject) -> io::Result<()> {
        let mut why = json!({
            "line": reject.line,
            "column": reject.column,
            "value": reject.value,
            "rule": reject.rule,
        });
        match &mut self.form {
            Form::Csv { writer, columns } => {
                let fields = match &reject.original {
                    Original::Fields(fields) => fields.clone(),
                    Original::Text(text) => vec![text.clone()],
                    Original::Nothing => vec![String::new(); *columns],
                };
                let line = reject.line.to_string();
                let added =
                    [&line, reject.column.as_deref().unwrap_or_default(), &reject.value, &reject.rule];
                writer.write_record(fields.iter().map(String::as_str).chain(added))?;
            }
            Form::GeoJson { writer, any } => {
                writer.write_all(if std::mem::replace(any, true) { b",\n" } else { b"\n" })?;
                let text = text_of(&reject.original);
                if let Some(object) = text.and_then(|text| with_member(text, REJECT_OF_FEATURE, &why)) {
                    writer.write_all(object.as_bytes())?;
                } else {
                    if let (Some(text), Some(why)) = (text, why.as_object_mut()) {
                        why.insert("original".to_owned(), json!(text));
                    }
                    let note = json!({"type": "Feature", "geometry": null, "properties": null, REJECT_OF_FEATURE: why});
                    write!(writer, "{note}")?;
                }
            }
            Form::NdJson(writer) => {
                let text = text_of(&reject.original);
                if let Some(object) = text.and_then(|text| with_member(text, REJECT_OF_OBJECT, &why)) {
                    writeln!(writer, "{object}")?;
                } else {
                    writeln!(writer, "{}", json!({REJECT_OF_OBJECT: why}))?;
                    if let Some(text) = text {
                        writeln!(writer, "{text}")?;
                    }
                }
            }
            Form::Text(writer) => {
                let shown =
                    if reject.value.is_empty() { String::new() } else { format!("'{}': ", reject.value) };
                writeln!(writer, "line {}: {shown}{}", reject.line, reject.rule)?;
            }
        }
        Ok(())
    }

    /// Ends the file and gives the writer back.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<W> {
        let mut writer = match self.form {
            Form::Csv { writer, .. } => writer.into_inner().map_err(csv::IntoInnerError::into_error)?,
            Form::GeoJson { mut writer, .. } => {
                writer.write_all(b"\n]}\n")?;
                writer
            }
            Form::NdJson(writer) | Form::Text(writer) => writer,
        };
        writer.flush()?;
        Ok(writer)
    }
}

fn text_of(original: &Original) -> Option<&str> {
    match original {
        Original::Text(text) => Some(text),
        Original::Fields(_) | Original::Nothing => None,
    }
}

/// The object with `why` as its member `name` instead of the one it may have; everything else as it
/// stands, on one line. `None` when the text is no object.
fn with_member(text: &str, name: &str, why: &serde_json::Value) -> Option<String> {
    let mut parts = Vec::new();
    for (member, value) in members(text).ok()? {
        if member != name {
            // Line ends in JSON text stand between its parts, never inside a string.
            parts.push(format!("{}:{}", json!(member), value.replace(['\n', '\r'], "")));
        }
    }
    parts.push(format!("{}:{why}", json!(name)));
    Some(format!("{{{}}}", parts.join(",")))
}

/// Keeps the rejects of an import in a folder: one file for each input that has any, readable by its
/// owner only.
pub struct RejectFiles {
    folder: PathBuf,
    current: Option<(String, Shape)>,
    open: Option<RejectWriter<BufWriter<File>>>,
    written: Vec<PathBuf>,
    used: HashSet<String>,
}

impl RejectFiles {
    /// Will write to `folder`, which is made when the first reject comes.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            current: None,
            open: None,
            written: Vec::new(),
            used: HashSet::new(),
        }
    }

    /// Takes note of an event, in the order in which a reader tells them.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn note(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::File { name, shape } => {
                self.close()?;
                self.current = Some((name.clone(), shape.clone()));
                Ok(())
            }
            Event::Reject(reject) | Event::Broken(reject) => {
                if self.open.is_none()
                    && let Some((name, shape)) = self.current.take()
                {
                    let (path, file) = self.create(&name, &shape)?;
                    self.open = Some(RejectWriter::new(BufWriter::new(file), &shape, &name)?);
                    self.written.push(path);
                }
                self.open.as_mut().map_or(Ok(()), |open| open.write(reject))
            }
            Event::Incident(_) | Event::Unplaced(_) | Event::Skipped { .. } => Ok(()),
        }
    }

    /// Ends the last file; tells which were written, in order.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<Vec<PathBuf>> {
        self.close()?;
        Ok(self.written)
    }

    fn close(&mut self) -> io::Result<()> {
        self.open.take().map_or(Ok(()), |open| open.finish().map(drop))
    }

    /// Makes a file that was not there. Of the input's name it takes only its last part, without
    /// anything that could lead elsewhere.
    fn create(&mut self, name: &str, shape: &Shape) -> io::Result<(PathBuf, File)> {
        fs::create_dir_all(&self.folder)?;
        let plain = |c: char| if c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_') { c } else { '_' };
        let stem: String = format::stem(name).chars().take(LONGEST_NAME).map(plain).collect();
        let stem = stem.trim_start_matches(['.', ' ', '-']);
        let stem = if stem.is_empty() { "input" } else { stem };
        let ending = match shape {
            Shape::Csv { .. } => "csv",
            Shape::GeoJson => "geojson",
            Shape::NdJson => "ndjson",
            Shape::Unreadable => "txt",
        };
        for number in 1..=TRIED_NAMES {
            let rejects = if number == 1 { "rejects".to_owned() } else { format!("rejects-{number}") };
            let file_name = format!("{stem}.{rejects}.{ending}");
            if !self.used.insert(file_name.clone()) {
                continue;
            }
            let path = self.folder.join(file_name);
            match private(&path) {
                Ok(file) => return Ok((path, file)),
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(cause),
            }
        }
        let full = format!("there are {TRIED_NAMES} files of rejects for {stem} already");
        Err(io::Error::new(io::ErrorKind::AlreadyExists, full))
    }
}

/// Makes a new file that only its owner may read and write.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
