//! `hotspots fetch boundaries`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Common, Desk, NEWEST};
use crate::{
    cli::{Outcome, say},
    fetch::{Belongs, FetchError},
};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    hotspots fetch boundaries\n  \
    hotspots fetch boundaries --area E08000028 --vintage 2024 --layers ward,outline\n  \
    hotspots fetch boundaries --layers ward --vintage 2013 --from-file wards-2013.zip\n  \
    hotspots fetch boundaries --layers beat --from-file 2024-06.zip --force west-midlands")]
pub(in crate::cli) struct Boundaries {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    choice: Choice,
}

/// Which boundaries.
#[derive(Args, Debug)]
pub(super) struct Choice {
    /// The years of the wards; may be given more than once. The newest is also that of the outline.
    #[arg(long, value_name = "YEAR", value_parser = year, default_values = [NEWEST, "2023"])]
    vintage: Vec<String>,
    /// Which layers.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "outline,ward,lsoa,beat")]
    layers: Vec<Part>,
    /// The police force of the beats; the one of the middle of the outline where it is left out.
    #[arg(long, value_name = "ID")]
    force: Option<String>,
    /// The service to ask, in place of the one found by its name; for one layer of one vintage.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Take the one layer that is named from this file: GeoJSON, ArcGIS JSON, shapefile, GeoPackage, KML, or one of them
    /// in a zip, of this area or of the whole country. For beats the monthly archive of KML files: one for each
    /// neighbourhood, in a folder for each force.
    #[arg(long, value_name = "FILE")]
    from_file: Option<PathBuf>,
    /// Take all features of that file, which holds nothing but this area.
    #[arg(long, requires = "from_file")]
    whole: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    Ward,
    Lsoa,
    Outline,
    Beat,
}

/// A year of four digits.
fn year(text: &str) -> Result<String, String> {
    match text.parse::<u16>() {
        Ok(1990..=2099) if text.len() == 4 => Ok(text.to_owned()),
        _ => Err("a vintage is a year from 1990 to 2099, as in 2024".to_owned()),
    }
}

impl Boundaries {
    pub(super) fn run(self) -> Outcome {
        let desk = self.common.open()?;
        self.choice.fetch(&desk)
    }
}

impl Choice {
    /// All layers of the newest wards and those before, as without arguments.
    pub(super) fn usual(force: Option<String>) -> Self {
        Self {
            vintage: vec![NEWEST.to_owned(), "2023".to_owned()],
            layers: vec![Part::Outline, Part::Ward, Part::Lsoa, Part::Beat],
            force,
            service: None,
            from_file: None,
            whole: false,
        }
    }

    pub(super) fn fetch(&self, desk: &Desk) -> Outcome {
        let wanted = |part| self.layers.contains(&part);
        let mut vintages = self.vintage.clone();
        vintages.sort_unstable_by(|a, b| b.cmp(a));
        vintages.dedup();
        let one = self.layers.len() == 1 && (vintages.len() == 1 || !wanted(Part::Ward));
        // Beats at hand may want the outline from elsewhere.
        let of_beats = wanted(Part::Beat) && !wanted(Part::Ward) && !wanted(Part::Lsoa);
        let at_hand = self.from_file.as_deref().filter(|_| !of_beats);
        let from = at_hand.map(|path| path.display().to_string());
        if let Some(source) = self.service.clone().or(from).filter(|_| !one) {
            let rule = "it holds one layer: name that one with --layers, and its --vintage";
            return Err(FetchError::value(source, rule).into());
        }
        let service = self.service.as_deref();
        let belongs = if self.whole { Belongs::Whole } else { Belongs::ByCodeOrPlace };
        let at_hand = at_hand.map(|path| (path, belongs));
        let task = desk.task();
        let newest = vintages.first().map_or(NEWEST, String::as_str);
        // A layer at hand needs nothing from elsewhere but, perhaps, the outline that is there.
        let outline = match at_hand {
            _ if wanted(Part::Outline) => Some(task.outline(newest, service, at_hand)?),
            Some(_) => task.held_outline()?,
            None => Some(desk.outline()?),
        };
        let name = outline.as_ref().map_or(desk.area.as_str(), |outline| outline.name.as_str());
        if wanted(Part::Ward) && desk.area.is_force() && at_hand.is_none() {
            task.districts(newest, None, name)?;
        }
        if wanted(Part::Ward) {
            for vintage in &vintages {
                task.wards(vintage, service, at_hand, name)?;
            }
        }
        if wanted(Part::Lsoa) {
            task.lsoas(service, at_hand, name)?;
        }
        if let Some(outline) = outline.as_ref().filter(|_| wanted(Part::Beat)) {
            task.beats(outline, self.force.as_deref(), self.from_file.as_deref())?;
        }
        say(format_args!("{name}: {}", desk.folder.join("area.toml").display()));
        Ok(())
    }
}
