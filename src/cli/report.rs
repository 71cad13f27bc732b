//! `hotspots profile` and `hotspots assessment`: reports as files.

use std::{
    fs,
    io::IsTerminal,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Outcome, Places, definitions::Definitions, say};
use crate::{
    browser::Browser,
    http::{
        Address, Format,
        reports::{Report, ReportQuestion},
    },
    model::{Period, VintageAsked},
    service::{
        Compare, Scope, Service,
        assessment::AssessmentParameters,
        profile::{HarmTable, ProfileParameters},
    },
};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    hotspots profile burglary --out reports\n  \
    hotspots profile burglary --period 2024-01/2024-12 --compare year-before --out reports --form html,pdf,xlsx\n  \
    hotspots profile --all --out reports")]
pub(super) struct Profile {
    /// The priorities, by id.
    #[arg(value_name = "PRIORITY", required_unless_present = "all")]
    ids: Vec<String>,
    /// Every priority.
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    #[command(flatten)]
    wanted: Wanted,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    hotspots assessment --out reports\n  \
    hotspots assessment --period 2024-01/2024-12 --harm ons-css-2018 --out reports --form html,pdf")]
pub(super) struct Assessment {
    #[command(flatten)]
    wanted: Wanted,
}

#[derive(Args, Debug)]
struct Wanted {
    /// The period, as in 2024-01/2024-12; without it, the priority's own.
    #[arg(long)]
    period: Option<Period>,
    /// What to compare with: before, year-before, none, or a period; without it, the priority's rule decides.
    #[arg(long, value_parser = Compare::read)]
    compare: Option<Compare>,
    /// The vintage of boundary layers that have several, as in 2013, or layers with theirs, as in ward/2013,beat/2024-10;
    /// without it, the newest in force at the end of the period.
    #[arg(long, value_name = "VINTAGE")]
    vintage: Option<VintageAsked>,
    /// The table of weights that harm is measured by, or none; without it, the first there is.
    #[arg(long, value_name = "TABLE")]
    harm: Option<String>,
    /// The folder that the files go into; it is made when it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The files that are made.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["html", "json", "xlsx", "csv", "gpkg", "geojson"])]
    form: Vec<Form>,
    /// Leave single places out, as for readers who may not see incidents.
    #[arg(long)]
    hide_incidents: bool,
    /// The address that links begin with.
    #[arg(
        long,
        value_name = "URL",
        env = "HOTSPOTS_PUBLIC_ADDRESS",
        default_value = "http://127.0.0.1:8080"
    )]
    public_address: String,
    /// The browser that prints PDF; without it, Chromium or Chrome where it is found.
    #[arg(long, value_name = "FILE", env = "HOTSPOTS_BROWSER")]
    browser: Option<PathBuf>,
    /// Start the browser without its sandbox, where a container does not give it the rights for one.
    #[arg(long)]
    browser_without_sandbox: bool,
    #[command(flatten)]
    definitions: Definitions,
    #[command(flatten)]
    places: Places,
}

/// A form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A page that prints on A4, in one file.
    Html,
    /// The page as PDF, printed by a browser.
    Pdf,
    /// Every figure as JSON.
    Json,
    /// Every table as a workbook.
    Xlsx,
    /// Every table as CSV, in a zip.
    Csv,
    /// Every layer, for QGIS and other GIS.
    Gpkg,
    /// The hotspots.
    Geojson,
}

impl Form {
    const fn format(self) -> Format {
        match self {
            Self::Html | Self::Pdf => Format::Html,
            Self::Json => Format::Json,
            Self::Xlsx => Format::Xlsx,
            Self::Csv => Format::Zip,
            Self::Gpkg => Format::GeoPackage,
            Self::Geojson => Format::GeoJson,
        }
    }

    fn ending(self) -> &'static str {
        if self == Self::Pdf { "pdf" } else { self.format().word() }
    }
}

impl Profile {
    pub(super) fn run(self) -> Outcome {
        let service = self.wanted.service()?;
        let ids = if self.all {
            service.priorities().iter().map(|prepared| prepared.priority.id.to_string()).collect()
        } else {
            self.ids
        };
        // All names are looked at before the first report takes its time.
        for id in &ids {
            service.priority(id)?;
        }
        let parameters = ProfileParameters { harm: self.wanted.harm(), places: !self.wanted.hide_incidents };
        let reports: Vec<_> = ids
            .into_iter()
            .map(|id| {
                let scope = Scope { priority: Some(id.clone()), ..self.wanted.scope() };
                let path = format!("/priorities/{id}/profile");
                (format!("{id}-profile"), path, ReportQuestion::Profile(scope, parameters.clone()))
            })
            .collect();
        self.wanted.write(&service, &reports)
    }
}

impl Assessment {
    pub(super) fn run(self) -> Outcome {
        let service = self.wanted.service()?;
        let parameters = AssessmentParameters { harm: self.wanted.harm() };
        let question = ReportQuestion::Assessment(self.wanted.scope(), parameters);
        self.wanted.write(&service, &[("assessment".to_owned(), "/assessment".to_owned(), question)])
    }
}

impl Wanted {
    fn service(&self) -> Result<Service, Box<dyn std::error::Error + Send + Sync>> {
        let boundaries = self.places.read_boundaries()?;
        let store = self.places.open_store()?;
        Ok(self.definitions.service(boundaries, store)?.0)
    }

    fn scope(&self) -> Scope {
        Scope {
            period: self.period,
            compare: self.compare,
            vintages: self.vintage.clone().unwrap_or_default(),
            ..Scope::default()
        }
    }

    fn harm(&self) -> HarmTable {
        HarmTable::read(self.harm.as_deref())
    }

    /// The parameters of the address that answers the same.
    fn pairs(&self) -> Vec<(String, String)> {
        let compare = self.compare.map(|compare| ("compare".to_owned(), compare.to_string()));
        let harm = self.harm.as_ref().map(|harm| ("harm".to_owned(), harm.clone()));
        // The permalink names the vintages that answer, whether they were asked for or not.
        compare.into_iter().chain(harm).collect()
    }

    fn write(&self, service: &Service, reports: &[(String, String, ReportQuestion)]) -> Outcome {
        let browser = self
            .form
            .contains(&Form::Pdf)
            .then(|| Browser::find(self.browser.as_deref(), !self.browser_without_sandbox))
            .transpose()?;
        fs::create_dir_all(&self.out).map_err(|cause| format!("{}: {cause}", self.out.display()))?;
        let snapshot = service.snapshot();
        let bar = bar(reports.len() * self.form.len());
        let base = self.public_address.trim_end_matches('/').to_owned();
        for (name, path, question) in reports {
            bar.set_message(name.clone());
            let report = Report::make(question, service, &snapshot)?;
            let address = Address::instead(base.clone(), path.clone(), &self.pairs());
            for form in &self.form {
                let body = report.file(form.format(), &address, service, &snapshot)?;
                let bytes = match &browser {
                    Some(browser) if *form == Form::Pdf => browser.print(&body.bytes)?,
                    _ => body.bytes.to_vec(),
                };
                let file = self.out.join(format!("{name}.{}", form.ending()));
                save(&file, &bytes)?;
                bar.inc(1);
                bar.suspend(|| say(file.display()));
            }
        }
        bar.finish_and_clear();
        Ok(())
    }
}

/// Writes a file whole or not at all, readable by its owner alone: reports tell where crimes are.
fn save(path: &Path, bytes: &[u8]) -> Outcome {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut file, bytes)?;
    file.persist(path).map_err(|fault| format!("{}: {}", path.display(), fault.error))?;
    Ok(())
}

/// A bar on a terminal, nothing elsewhere: each file is told when it is there.
fn bar(files: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {pos} of {len} files, {elapsed}");
    bar.set_style(style.unwrap_or_else(|_faulty| ProgressStyle::default_bar()).progress_chars("=> "));
    bar
}
