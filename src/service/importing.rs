//! Imports: from a reader's events to committed batches and a report that accounts for every row.

use std::{
    collections::BTreeMap,
    io,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use crate::{
    intake::{
        Event, IntakeError, Reject, Shape, Sink, Unplaced, Why,
        rejects::RejectFiles,
        report::{Counts, Report},
    },
    locate::Locators,
    model::{BoundarySet, Generation, Incident, LayerId, Month, PositionedBy, words},
    store::{Import, IncidentStore, StoreError},
};

/// Events go from the reading thread to the writing one in parcels of this many, and few parcels
/// wait: the slower of the two sets the pace, and memory stays bounded.
const PARCEL: usize = 1_000;
const WAITING_PARCELS: usize = 8;

/// Where an import goes.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// The store.
    pub store: &'a dyn IncidentStore,
    /// The boundaries, for the counts of what lies outside.
    pub boundaries: &'a BoundarySet,
    /// Their locators.
    pub locators: &'a Locators,
    /// A folder for the files of rejects of this import.
    pub rejects: &'a Path,
}

/// Why an import stopped. Files committed before stay committed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There was nothing to read.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The store failed, or another import holds it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Rejects could not be kept, so going on would lose them.
    #[error("the rejected rows cannot be written to {}", folder.display())]
    Rejects {
        /// The folder of rejects.
        folder: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
}

/// What an import did. `read = accepted + rejected`; of the accepted, those of files that were not
/// committed are not stored.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// All rows.
    pub counts: Counts,
    /// Incidents made durable.
    pub stored: u64,
    /// Stored incidents outside the borough.
    pub outside: u64,
    /// By layer, stored incidents inside the borough but in no area of the layer.
    pub in_no_area: Vec<(LayerId, u64)>,
    /// Incidents of earlier imports that were removed or replaced.
    pub replaced: u64,
    /// The newest generation afterwards, where anything was committed.
    pub generation: Option<Generation>,
    /// File by file.
    pub files: Vec<ImportedFile>,
    /// Files that hold no incidents, with the reason why they were passed over.
    pub skipped: Vec<(String, String)>,
    /// The first rejects, with the name of their file.
    pub rejects: Vec<(String, Reject)>,
    /// How many accepted incidents have a position by what.
    pub positioned_by: BTreeMap<PositionedBy, u64>,
    /// How many name a property or a postcode and could not be placed by it, by the reason; they are among the
    /// unlocated.
    pub unplaced_counts: BTreeMap<Why, u64>,
    /// The first of those that the gazetteer does not have, or that name no full postcode, with the name of their file.
    pub unplaced: Vec<(String, Unplaced)>,
    /// What a reader has to know beside the numbers.
    pub notices: Vec<String>,
}

/// One file of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportedFile {
    /// Path or member name.
    pub name: String,
    /// Its rows.
    pub counts: Counts,
    /// Why nothing of it was stored; `None` where it was.
    pub refused: Option<&'static str>,
    /// The batches it wrote, by source and month.
    pub batches: Vec<(String, Month)>,
    /// The file of its rejects, where it has any.
    pub rejects: Option<PathBuf>,
    /// Whether it could not be read at all: the file of its rejects then says why and holds no row.
    pub unreadable: bool,
}

/// What an import tells while it runs.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// This many rows have been read.
    Rows(u64),
    /// A file has ended: what it brought is durable, or refused.
    File(&'a ImportedFile),
}

/// Imports what `read` tells. Reading and writing run on a thread each.
///
/// Each input file is one transaction. A file that is cut off, or of which no row is good, changes
/// nothing.
///
/// # Errors
/// [`ImportError`].
pub fn import(
    target: Target<'_>,
    read: impl FnOnce(&mut Sink<'_>) -> Result<ControlFlow<()>, IntakeError> + Send,
    watch: &mut dyn FnMut(Progress<'_>),
) -> Result<ImportReport, ImportError> {
    let (send, receive) = mpsc::sync_channel::<Vec<Event>>(WAITING_PARCELS);
    thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let mut parcel = Vec::with_capacity(PARCEL);
            // A closed channel means that the writer has given up.
            let flow = read(&mut |event| {
                parcel.push(event);
                if parcel.len() < PARCEL {
                    return ControlFlow::Continue(());
                }
                match send.send(std::mem::replace(&mut parcel, Vec::with_capacity(PARCEL))) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_closed) => ControlFlow::Break(()),
                }
            });
            let _ = send.send(parcel);
            flow
        });
        let mut writer = Writer::new(target);
        let mut outcome = Ok(());
        for parcel in &receive {
            let mut events = parcel.into_iter();
            outcome = events.try_for_each(|event| writer.take(event, watch));
            if outcome.is_err() {
                break;
            }
            watch(Progress::Rows(writer.report.total.read));
        }
        // Dropping the receiver ends a reader that still sends.
        drop(receive);
        let read = reader.join();
        outcome?;
        match read {
            Ok(flow) => flow.map(drop)?,
            Err(panic) => std::panic::resume_unwind(panic),
        }
        writer.finish(watch)
    })
}

/// A folder for the files of rejects of one import, not made yet.
#[derive(Clone, Debug)]
pub struct RejectsFolder {
    /// The import's name: 16 hexadecimal digits.
    pub import: String,
    /// Where it will be.
    pub path: PathBuf,
}

/// Names a folder of rejects in `parent` that no other import uses.
pub fn rejects_folder(parent: &Path) -> RejectsFolder {
    use std::hash::{BuildHasher, RandomState};
    // The standard library seeds each state differently; an import's name need not be secret.
    let import = format!("{:016x}", RandomState::new().hash_one(0_u8));
    RejectsFolder { path: parent.join(&import), import }
}

struct Writer<'a> {
    target: Target<'a>,
    /// The numbers of the layers, each in its newest vintage.
    newest: Vec<usize>,
    report: Report,
    rejects: RejectFiles,
    /// The transaction of the file in hand, begun by its first incident.
    open: Option<Box<dyn Import + 'a>>,
    /// Whether the file in hand cannot be read at all.
    unreadable: bool,
    /// Counts of the file in hand, added to `done` when it is committed.
    pending: Placed,
    done: ImportReport,
}

#[derive(Default)]
struct Placed {
    stored: u64,
    outside: u64,
    in_no_area: Vec<u64>,
}

impl<'a> Writer<'a> {
    fn new(target: Target<'a>) -> Self {
        let newest = target.boundaries.in_force(None);
        let in_no_area: Vec<_> = newest.iter().map(|(_, layer)| (layer.id.clone(), 0)).collect();
        Self {
            target,
            newest: newest.into_iter().map(|(number, _)| number).collect(),
            report: Report::default(),
            rejects: RejectFiles::new(target.rejects),
            open: None,
            unreadable: false,
            pending: Placed { in_no_area: vec![0; in_no_area.len()], ..Placed::default() },
            done: ImportReport { in_no_area, ..ImportReport::default() },
        }
    }

    fn take(&mut self, event: Event, watch: &mut dyn FnMut(Progress<'_>)) -> Result<(), ImportError> {
        if matches!(event, Event::File { .. } | Event::Skipped { .. }) {
            self.end_file(watch)?;
        }
        if let Event::File { shape, .. } = &event {
            self.unreadable = *shape == Shape::Unreadable;
        }
        self.report.note(&event);
        self.rejects.note(&event).map_err(|cause| self.lost(cause))?;
        if let Event::Incident(incident) = event {
            self.store(&incident)?;
        }
        Ok(())
    }

    fn lost(&self, cause: io::Error) -> ImportError {
        ImportError::Rejects { folder: self.target.rejects.to_owned(), cause }
    }

    fn store(&mut self, incident: &Incident) -> Result<(), ImportError> {
        let open = match &mut self.open {
            Some(open) => open,
            none => none.insert(self.target.store.begin_import()?),
        };
        open.add(incident)?;
        self.pending.stored += 1;
        let Some(position) = incident.position else { return Ok(()) };
        if !self.target.locators.in_outline(position.grid) {
            self.pending.outside += 1;
            return Ok(());
        }
        for (count, number) in self.pending.in_no_area.iter_mut().zip(&self.newest) {
            let area = self.target.locators.layers()[*number].locate(position.grid);
            *count += u64::from(area.is_none());
        }
        Ok(())
    }

    /// Commits the file in hand, unless it was cut off.
    fn end_file(&mut self, watch: &mut dyn FnMut(Progress<'_>)) -> Result<(), ImportError> {
        let layers = self.pending.in_no_area.len();
        let placed =
            std::mem::replace(&mut self.pending, Placed { in_no_area: vec![0; layers], ..Placed::default() });
        let Some(read) = self.report.files.get(self.done.files.len()) else { return Ok(()) };
        let mut file = ImportedFile {
            name: read.name.clone(),
            counts: read.counts,
            unreadable: self.unreadable,
            ..ImportedFile::default()
        };
        match self.open.take() {
            None if self.unreadable => file.refused = Some("it is not understood"),
            None => file.refused = Some("it holds no good row"),
            // Dropped, the transaction leaves nothing behind.
            Some(_) if read.broken => file.refused = Some("it is not complete"),
            Some(open) => {
                let committed = open.commit()?;
                self.done.generation = Some(committed.generation);
                self.done.replaced += committed.replaced;
                self.done.stored += placed.stored;
                self.done.outside += placed.outside;
                for ((_, sum), count) in self.done.in_no_area.iter_mut().zip(placed.in_no_area) {
                    *sum += count;
                }
                self.note_doubled(&file.name, &committed.batches);
                file.batches = committed.batches;
            }
        }
        watch(Progress::File(&file));
        self.done.files.push(file);
        Ok(())
    }

    /// Two files of one import with the same batch: the second took the place of the first.
    fn note_doubled(&mut self, name: &str, batches: &[(String, Month)]) {
        for (source, month) in batches {
            let key = (source.clone(), *month);
            if let Some(earlier) = self.done.files.iter().find(|file| file.batches.contains(&key)) {
                self.done.notices.push(format!(
                    "{name} replaced {month} of {source}, which {} had brought in the same import.",
                    earlier.name
                ));
            }
        }
    }

    fn finish(mut self, watch: &mut dyn FnMut(Progress<'_>)) -> Result<ImportReport, ImportError> {
        self.end_file(watch)?;
        let folder = self.target.rejects.to_owned();
        let written = self.rejects.finish().map_err(|cause| ImportError::Rejects { folder, cause })?;
        let with_rejects = self.done.files.iter_mut().filter(|file| file.counts.rejected > 0);
        for (file, path) in with_rejects.zip(written) {
            file.rejects = Some(path);
        }
        self.done.notices.extend(unplaced_notices(&self.report.unplaced_counts));
        Ok(ImportReport {
            counts: self.report.total,
            skipped: self.report.skipped,
            rejects: self.report.rejects,
            positioned_by: self.report.positioned_by,
            unplaced_counts: self.report.unplaced_counts,
            unplaced: self.report.unplaced,
            ..self.done
        })
    }
}

/// What has to be said about names of places that place nothing, and what to do.
fn unplaced_notices(counts: &BTreeMap<Why, u64>) -> Vec<String> {
    let said = |why: Why| match why {
        Why::NotInGazetteer => {
            "name a postcode or a UPRN that is not in the gazetteer and have no other position: they are kept as unlocated"
        }
        Why::Partial => {
            "name a postcode's sector or district only and have no other position: they are kept as unlocated, because \
             nobody knows where in it they happened"
        }
        Why::NoPostcodes => {
            "have a postcode as their only position, and the store has no gazetteer of postcodes: they are kept as \
             unlocated; run `hotspots fetch postcodes` and import them again"
        }
        Why::NoUprns => {
            "have a UPRN as their only position, and the store has no gazetteer of properties: they are kept as \
             unlocated; load OS Open UPRN and import them again"
        }
    };
    counts.iter().map(|(why, count)| format!("{} rows {}.", words::count(*count), said(*why))).collect()
}
