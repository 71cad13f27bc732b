//! `hotspots import` and `hotspots demonstration`.

use std::{
    fs,
    io::{IsTerminal, Write},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64, atomic::Ordering},
    time::{Duration, Instant},
};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Outcome, Places, say};
use crate::{
    intake::{self, Event, Options, Shape, Sink, mapping::Mapping},
    locate::Locators,
    model::{BoundarySet, Generation, PositionedBy},
    service::{
        gazetteer,
        importing::{self, ImportReport, ImportedFile, Progress, Target},
    },
    store::IncidentStore,
    synthetic::SyntheticCity,
};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    hotspots import 2024-01-west-midlands-street.csv\n  \
    hotspots import downloads/ archive.zip\n  \
    hotspots import fires.csv --source fire-service --mapping fires.toml")]
pub(super) struct Import {
    /// Files and folders.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A file that says which column means what, for CSV whose headers are not understood.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The source of rows that name none; the file's name where this is not given either.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    #[command(flatten)]
    places: Places,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    hotspots demonstration --store data/demonstration.gpkg\n  \
    hotspots serve --store data/demonstration.gpkg")]
pub(super) struct Demonstration {
    #[command(flatten)]
    places: Places,
}

impl Import {
    pub(super) fn run(self) -> Outcome {
        let boundaries = self.places.read_boundaries()?;
        let mapping = match &self.mapping {
            None => None,
            Some(path) => {
                let text =
                    fs::read_to_string(path).map_err(|cause| format!("{}: {cause}", path.display()))?;
                Some(Mapping::parse(&text).map_err(|fault| format!("{}: {fault}", path.display()))?)
            }
        };
        let options = Options { source: self.source, mapping, ..Options::default() };
        // What cannot be read is told before a store is made.
        intake::total_bytes(&self.paths, &options)?;
        let store = self.places.open_store()?;
        let options = Options { gazetteer: gazetteer::stored(store.as_ref())?, ..options };
        bring(&self.paths, options, store.as_ref(), &boundaries, &self.places.rejects_dir())
    }
}

/// Imports files and says what came of it. `rejects` is the folder beside the store.
pub(super) fn bring(
    paths: &[PathBuf],
    mut options: Options,
    store: &dyn IncidentStore,
    boundaries: &BoundarySet,
    rejects: &Path,
) -> Outcome {
    let taken = Arc::new(AtomicU64::new(0));
    options.progress = Some(Arc::clone(&taken));
    let total = intake::total_bytes(paths, &options)?;
    let locators = Locators::new(boundaries);
    let rejects = importing::rejects_folder(rejects);
    let target = Target { store, boundaries, locators: &locators, rejects: &rejects.path };
    let mut progress = Display::new(total, &taken);
    let read = |sink: &mut Sink<'_>| intake::read_paths(paths, &options, sink);
    let report = importing::import(target, read, &mut |news| progress.tell(news))?;
    progress.end(report.counts.read);
    print_report(&report);
    if report.generation.is_none() {
        return Err(why_nothing(paths, &report).into());
    }
    Ok(())
}

/// Why an import brought nothing, and what to do.
fn why_nothing(paths: &[PathBuf], report: &ImportReport) -> String {
    if report.files.is_empty() {
        let shown: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        return format!(
            "nothing was imported: {} holds no file of incidents; their names end in .csv, .geojson, .ndjson or .zip",
            shown.join(", ")
        );
    }
    "nothing was imported: no row of any file is good; mend the rows above, or say with --mapping which column \
     means what"
        .to_owned()
}

impl Demonstration {
    pub(super) fn run(self) -> Outcome {
        let boundaries = self.places.read_boundaries()?;
        let store = self.places.open_store()?;
        if store.generation()? != Generation(0) {
            let place = self.places.store.display();
            return Err(format!("{place} holds incidents already; name another file with --store").into());
        }
        fill_with_synthetic(store.as_ref(), &boundaries)
    }
}

/// The seed of the demonstration's city.
const DEMONSTRATION_SEED: u64 = 42;

/// Imports the synthetic city.
pub(super) fn fill_with_synthetic(store: &dyn IncidentStore, boundaries: &BoundarySet) -> Outcome {
    let locators = Locators::new(boundaries);
    let target = Target { store, boundaries, locators: &locators, rejects: Path::new("") };
    let report = importing::import(
        target,
        |sink| {
            let name = "the synthetic city".to_owned();
            let mut flow = sink(Event::File { name, shape: Shape::NdJson });
            for incident in SyntheticCity::seed(DEMONSTRATION_SEED).incidents(boundaries) {
                if flow.is_break() {
                    break;
                }
                flow = sink(Event::Incident(Box::new(incident)));
            }
            Ok(ControlFlow::Continue(()))
        },
        &mut |_| (),
    )?;
    tracing::warn!(
        incidents = report.stored,
        "loaded synthetic incidents for demonstration: nothing about them is real"
    );
    Ok(())
}

/// A bar on a terminal, a plain line every few seconds elsewhere.
struct Display<'a> {
    bar: Option<ProgressBar>,
    total: u64,
    taken: &'a AtomicU64,
    last: Instant,
}

const PLAIN_LINE_EVERY: Duration = Duration::from_secs(5);
const BAR_STEP: Duration = Duration::from_millis(100);

impl<'a> Display<'a> {
    fn new(total: u64, taken: &'a AtomicU64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template(
                "{bar:40} {bytes}/{total_bytes}  {msg}  {elapsed_precise}, {eta} to go",
            );
            ProgressBar::new(total).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar, total, taken, last: Instant::now() }
    }

    fn tell(&mut self, news: Progress<'_>) {
        match news {
            Progress::Rows(rows) => self.tell_rows(rows),
            Progress::File(file) => self.tell_file(file),
        }
    }

    /// Once this line is out, the file's batches are durable.
    fn tell_file(&self, file: &ImportedFile) {
        let line = match file.refused {
            None => format!("{}: imported, {} rows", file.name, file.counts.accepted),
            Some(reason) => format!("{}: NOT imported, {reason}", file.name),
        };
        match &self.bar {
            Some(bar) => bar.suspend(|| say(line)),
            None => say(line),
        }
    }

    fn tell_rows(&mut self, rows: u64) {
        let step = if self.bar.is_some() { BAR_STEP } else { PLAIN_LINE_EVERY };
        if self.last.elapsed() < step {
            return;
        }
        self.last = Instant::now();
        let taken = self.taken.load(Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{rows} rows"));
            bar.set_position(taken);
        } else {
            let share = 100 * taken / self.total.max(1);
            let _ = writeln!(std::io::stderr(), "{rows} rows read, {share} % of the input");
        }
    }

    fn end(self, rows: u64) {
        if let Some(bar) = self.bar {
            bar.set_message(format!("{rows} rows"));
            bar.set_position(self.total);
            bar.finish();
        }
    }
}

fn print_report(report: &ImportReport) {
    let counts = report.counts;
    for file in &report.files {
        if let Some(path) = &file.rejects {
            let (name, path) = (&file.name, path.display());
            say(if file.unreadable {
                format!("{name}: not understood; {path} says why")
            } else {
                format!("{name}: {} rows rejected; mend {path} and import it", file.counts.rejected)
            });
        }
    }
    for (name, reason) in &report.skipped {
        say(format_args!("{name}: passed over, {reason}"));
    }
    for (name, reject) in report.rejects.iter().take(10) {
        let column = reject.column.as_deref().map(|column| format!(", column {column}")).unwrap_or_default();
        say(format_args!("    {name}, line {}{column}: '{}': {}", reject.line, reject.value, reject.rule));
    }
    if counts.rejected > 10 {
        say(format_args!("    … and {} more", counts.rejected - 10));
    }
    for (name, unplaced) in report.unplaced.iter().take(10) {
        let (line, column) = (unplaced.line, &unplaced.column);
        say(format_args!("    {name}, line {line}, column {column}: '{}' is not placed", unplaced.value));
    }
    for notice in &report.notices {
        say(format_args!("note: {notice}"));
    }
    say(format_args!(
        "{} rows read = {} accepted + {} rejected",
        counts.read, counts.accepted, counts.rejected
    ));
    say(format_args!(
        "{} stored ({} earlier ones replaced): {} without position, {} outside the borough",
        report.stored, report.replaced, counts.unlocated, report.outside
    ));
    for (by, count) in report.positioned_by.iter().filter(|(by, _)| **by != PositionedBy::Coordinates) {
        say(format_args!("{count} placed by their {}", by.as_str()));
    }
    for (layer, count) in report.in_no_area.iter().filter(|(_, count)| *count > 0) {
        say(format_args!("{count} inside the borough but in no area of the layer {layer}"));
    }
}
