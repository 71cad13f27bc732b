//! `hotspots fetch incidents`.

use std::{
    collections::BTreeMap,
    error::Error,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{Common, Desk, Shelf};
use crate::{
    boundary::manifest,
    cli::{Outcome, import, say},
    fetch::{
        FetchError, Outline, Wanted, download,
        police::{self, Cover, Force},
        record::{Source, Sources},
    },
    intake::Options,
    model::{Area, AreaCode, BoundarySet, Category, Denominators, Month, SquareMetres},
    store::IncidentStore,
};

/// Bytes of an archive: 36 months of all forces have some 2 GB.
const LARGEST_ARCHIVE: u64 = 8 << 30;
/// Months of one command: fifty years.
const MOST_MONTHS: i32 = 600;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    hotspots fetch incidents --from 2024-01 --to 2024-06\n  \
    hotspots fetch incidents --from 2021-07 --to 2024-06 --archive\n  \
    hotspots fetch incidents --from 2024-01 --to 2024-06 --from-file 2024-06.zip --force west-midlands")]
pub(in crate::cli) struct Incidents {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    choice: Choice,
}

/// Which incidents, and where they go.
#[derive(Args, Clone, Debug)]
pub(super) struct Choice {
    #[command(flatten)]
    pub(super) shelf: Shelf,
    /// The first month.
    #[arg(long, value_name = "YYYY-MM")]
    pub(super) from: Month,
    /// The last month.
    #[arg(long, value_name = "YYYY-MM")]
    pub(super) to: Month,
    /// The police force; the one of the middle of the outline where it is left out.
    #[arg(long, value_name = "ID")]
    pub(super) force: Option<String>,
    /// Metres around the outline in which incidents count as the force's too.
    #[arg(long, value_name = "METRES", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=20_000))]
    pub(super) margin_m: u32,
    /// Take the street files of the whole force from the archives of data.police.uk (some 2 GB for 36 months).
    #[arg(long)]
    pub(super) archive: bool,
    /// Take them from an archive at hand.
    #[arg(long, value_name = "ZIP", requires = "force")]
    pub(super) from_file: Option<PathBuf>,
    /// The manifest by which incidents outside are counted; the outline where it is left out.
    #[arg(long, value_name = "FILE")]
    pub(super) boundaries: Option<PathBuf>,
}

impl Incidents {
    pub(super) fn run(self) -> Outcome {
        let desk = self.common.open()?;
        self.choice.fetch(&desk)
    }
}

/// What months are imported with.
struct Bringing<'a> {
    choice: &'a Choice,
    desk: &'a Desk,
    store: &'a dyn IncidentStore,
    boundaries: BoundarySet,
}

impl Choice {
    pub(super) fn fetch(&self, desk: &Desk) -> Outcome {
        let asked = months(self.from, self.to)?;
        let store = self.shelf.open_store()?;
        let bringing = |boundaries| Bringing { choice: self, desk, store: store.as_ref(), boundaries };
        if let (Some(path), Some(force)) = (&self.from_file, &self.force) {
            let boundaries = match &self.boundaries {
                Some(path) => manifest::load(path)?,
                None => set_of(desk.area.as_str(), &desk.outline()?)?,
            };
            return bringing(boundaries).of_archive(path, force, &asked);
        }
        let outline = desk.outline()?;
        let boundaries = match &self.boundaries {
            Some(path) => manifest::load(path)?,
            None => set_of(desk.area.as_str(), &outline)?,
        };
        let force = police::force(&desk.client, self.force.as_deref(), &outline)?;
        let wanted = if desk.again { asked } else { self.missing(desk, store.as_ref(), &force, asked)? };
        if wanted.is_empty() {
            return Ok(());
        }
        if self.archive {
            return bringing(boundaries).of_archives(&force, wanted);
        }
        bringing(boundaries).of_months(&force, &outline, &wanted)
    }
}

impl Choice {
    /// The months that the store does not hold of this area. A month of the force counts as held where this area's file
    /// of it is there, and where the store has more of it than was fetched of other boroughs: then it has the whole force.
    fn missing(
        &self,
        desk: &Desk,
        store: &dyn IncidentStore,
        force: &Force,
        asked: Vec<Month>,
    ) -> Result<Vec<Month>, Box<dyn Error + Send + Sync>> {
        // The name of a force in street files is what its rows get as their source.
        let source = Category::from_label(&force.name)?;
        let mut held: BTreeMap<Month, u64> = BTreeMap::new();
        store.scan(&mut |incident| {
            if incident.source == source.as_str() {
                *held.entry(incident.occurred.month()).or_default() += 1;
            }
        })?;
        let folder = self.shelf.downloads();
        let mut missing = Vec::new();
        for month in asked {
            let own = folder.join(police::file_name(month, &force.id, &desk.area));
            let others = police::of_others(&folder, month, &force.id, &desk.area)?;
            let of_others = others.iter().map(|path| police::rows_in(path)).sum::<Result<u64, _>>()?;
            let there = held.get(&month).copied().unwrap_or_default();
            if there > 0 && (own.exists() || there > of_others) {
                say(format_args!("{month}: the store holds {source} already"));
            } else {
                missing.push(month);
            }
        }
        Ok(missing)
    }
}

impl Bringing<'_> {
    /// Month by month by the interface; each is durable before the next is asked for.
    fn of_months(&self, force: &Force, outline: &Outline, wanted: &[Month]) -> Outcome {
        let client = &self.desk.client;
        let there = police::available_months(client)?;
        let absent: Vec<_> =
            wanted.iter().filter(|month| !there.contains(month)).map(Month::to_string).collect();
        if !absent.is_empty() {
            let range = there.first().zip(there.last()).map(|(first, last)| format!("{first} to {last}"));
            let range = range.unwrap_or_else(|| "none".to_owned());
            let rule =
                format!("the interface has the months {range}; older ones are in the archives: --archive");
            return Err(FetchError::value(absent.join(", "), rule).into());
        }
        let margin = f64::from(self.choice.margin_m);
        let (south_west, north_east) = outline.frame(margin)?;
        let cover = Cover::new(south_west, north_east);
        for &month in wanted {
            let crimes = police::crimes(client, month, cover, &self.desk.bars)?;
            let file = police::to_csv(&crimes, force, outline, margin)?;
            if file.nowhere > 0 {
                say(format_args!("{month}: {} crimes without a place are left out", file.nowhere));
            }
            say(format_args!("{month}: {} crimes, {} more in the box but outside", file.rows, file.outside));
            if file.rows == 0 {
                continue;
            }
            let folder = self.choice.shelf.downloads();
            let path = folder.join(police::file_name(month, &force.id, &self.desk.area));
            file.save(&path)?;
            let others = police::of_others(&folder, month, &force.id, &self.desk.area)?;
            if others.is_empty() {
                self.import(&[path])?;
                continue;
            }
            // The store replaces the month of a force as a whole.
            let all = folder.join(format!("{month}-{}-fetched.csv", force.id));
            police::with_others(&file, &others, outline, margin)?.save(&all)?;
            say(format_args!(
                "{month}: with what was fetched of {} other boroughs of the force",
                others.len()
            ));
            self.import(&[all])?;
        }
        Ok(())
    }

    /// The archives that hold the months, the newest first.
    fn of_archives(&self, force: &Force, mut wanted: Vec<Month>) -> Outcome {
        let folder = self.choice.shelf.downloads();
        while let Some(last) = wanted.last().copied() {
            let address = police::archive_address(last);
            let name = format!("{last}.zip");
            let path = folder.join(&name);
            let mut sources = Sources::open(&folder)?;
            if self.desk.again || !sources.holds(&name)? {
                let wanted =
                    Wanted { address: &address, file: &path, size: None, md5: None, limit: LARGEST_ARCHIVE };
                let done = download(&self.desk.client, wanted, &self.desk.bars)?;
                sources.enter(Source {
                    file: name,
                    address,
                    fetched: crate::fetch::boundaries::stamp(self.desk.now),
                    licence: police::LICENCE.to_owned(),
                    sha256: done.sha256,
                    bytes: done.bytes,
                    vintage: last.to_string(),
                    features: None,
                })?;
            }
            let first = last.plus(1 - police::ARCHIVE_MONTHS);
            let held: Vec<Month> = wanted.iter().copied().filter(|month| *month >= first).collect();
            wanted.retain(|month| *month < first);
            self.of_archive(&path, &force.id, &held)?;
        }
        Ok(())
    }

    fn of_archive(&self, path: &Path, force: &str, months: &[Month]) -> Outcome {
        let taken = police::extract(path, force, months, &self.choice.shelf.downloads())?;
        let absent: Vec<_> = months
            .iter()
            .filter(|month| !taken.iter().any(|(of, _)| of == *month))
            .map(Month::to_string)
            .collect();
        if !absent.is_empty() {
            say(format_args!("{} has no file of {force} for {}", path.display(), absent.join(", ")));
        }
        let files: Vec<_> = taken.into_iter().map(|(_, file)| file).collect();
        self.import(&files)
    }

    fn import(&self, files: &[PathBuf]) -> Outcome {
        let rejects = self.choice.shelf.places().rejects_dir();
        import::bring(files, Options::default(), self.store, &self.boundaries, &rejects)
    }
}

fn months(from: Month, to: Month) -> Result<Vec<Month>, FetchError> {
    let count = to.index() - from.index() + 1;
    if !(1..=MOST_MONTHS).contains(&count) {
        let rule = format!("the last month is not before the first, and there are at most {MOST_MONTHS}");
        return Err(FetchError::value(format!("{from} to {to}"), rule));
    }
    Ok((0..count).map(|n| from.plus(n)).collect())
}

/// The outline alone, for the counts of what lies outside.
pub(super) fn set_of(code: &str, outline: &Outline) -> Result<BoundarySet, FetchError> {
    let (grid, lonlat) = outline.shapes()?;
    Ok(BoundarySet {
        name: outline.name.clone(),
        code: code.to_owned(),
        outline: Area {
            code: AreaCode(code.to_owned()),
            name: outline.name.clone(),
            area: SquareMetres(outline.area_m2()),
            grid,
            lonlat,
            denominators: Denominators::default(),
        },
        schematic: false,
        layers: Vec::new(),
    })
}
