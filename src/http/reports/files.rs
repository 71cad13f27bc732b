//! The forms of a report.

use std::sync::Arc;

use super::wire::{AssessmentDocument, ProfileDocument};
use crate::{
    http::{
        Link,
        answer::{Body, json},
        downloads,
        negotiate::Format,
        parameters::Address,
        problem::Problem,
    },
    render::{self, bundle::bundle, sheet::Sheet, workbook::workbook},
    report::{Layers, layers, page, sheets},
    service::{
        Scope, Service,
        assessment::{AssessedPriority, Assessment, AssessmentParameters},
        profile::{Profile, ProfileParameters},
        question::About,
    },
    snapshot::Snapshot,
};

/// The forms that reports can be had in, the usual one first.
pub const FORMATS: [Format; 6] =
    [Format::Json, Format::Html, Format::Xlsx, Format::Zip, Format::GeoPackage, Format::GeoJson];

/// What a report is to be about.
#[derive(Clone, Debug)]
pub enum ReportQuestion {
    /// One priority, which the scope names.
    Profile(Scope, ProfileParameters),
    /// All of them.
    Assessment(Scope, AssessmentParameters),
}

/// A report with its figures.
pub struct Report<'a> {
    made: Made<'a>,
    sheets: Vec<Sheet>,
    scope: Scope,
}

enum Made<'a> {
    Profile(Box<Profile<'a>>),
    Assessment(Box<Assessment<'a>>),
}

impl<'a> Report<'a> {
    /// Computes a report.
    ///
    /// # Errors
    /// Those of [`Service::profile`] and [`Service::assessment`].
    pub fn make(
        question: &ReportQuestion,
        service: &'a Service,
        snapshot: &'a Snapshot,
    ) -> Result<Self, Problem> {
        match question {
            ReportQuestion::Profile(scope, parameters) => {
                let profile = service.profile(scope, parameters, snapshot)?;
                let sheets = sheets::of(&profile);
                Ok(Self { made: Made::Profile(Box::new(profile)), sheets, scope: scope.clone() })
            }
            ReportQuestion::Assessment(scope, parameters) => {
                let assessment = service.assessment(scope, parameters, snapshot)?;
                let sheets = sheets::of_assessment(&assessment);
                Ok(Self { made: Made::Assessment(Box::new(assessment)), sheets, scope: scope.clone() })
            }
        }
    }

    /// How it was made, and what a reader has to know beside the numbers.
    pub fn about(&self) -> &About {
        match &self.made {
            Made::Profile(profile) => &profile.about,
            Made::Assessment(assessment) => &assessment.about,
        }
    }

    /// The report in one of its [`FORMATS`].
    ///
    /// # Errors
    /// 500, should it not be representable.
    pub fn file(
        &self,
        format: Format,
        address: &Address,
        service: &Service,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Body, Problem> {
        let permalink = address.permalink(&self.about().card);
        let named = |bytes: Vec<u8>| {
            let name = format!("attachment; filename=\"{}.{}\"", self.name(), format.word());
            Body::from(bytes).with("Content-Disposition", name)
        };
        match format {
            Format::Html => {
                let page = self.page(service, snapshot, &permalink)?;
                Ok(Body::from(page.into_bytes())
                    .with("Content-Security-Policy", page::POLICY)
                    .with("Referrer-Policy", "no-referrer"))
            }
            Format::Xlsx => {
                let notes = self.notes(&permalink);
                let bytes = workbook(&self.title(), &notes, &self.sheets);
                bytes.map(named).map_err(|error| Problem::internal(&error))
            }
            Format::Zip => self.csv_files(&permalink).map(named),
            Format::GeoPackage => downloads::of_scope(&self.scope, service, snapshot).map(named),
            Format::GeoJson => downloads::hotspots(&self.scope, address, service, snapshot).map(Body::from),
            _ => {
                let links = links(address);
                let bytes = match &self.made {
                    Made::Profile(profile) => {
                        json(&ProfileDocument::of(profile, &self.sheets, &permalink, links))
                    }
                    Made::Assessment(all) => {
                        json(&AssessmentDocument::of(all, &self.sheets, &permalink, links))
                    }
                };
                bytes.map(Body::from)
            }
        }
    }

    fn page(&self, service: &Service, snapshot: &Arc<Snapshot>, permalink: &str) -> Result<String, Problem> {
        let boundaries = &service.boundaries_of(&self.about().card);
        match &self.made {
            Made::Profile(profile) => {
                let layers = Layers::of(&self.scope, service, snapshot)?;
                Ok(page::profile(profile, &self.sheets, &layers, boundaries, permalink))
            }
            Made::Assessment(all) => {
                let of = |row: &AssessedPriority<'_>| {
                    let scope = Scope { priority: Some(row.priority.id.to_string()), ..self.scope.clone() };
                    layers::density(&scope, service, snapshot)
                };
                let densities = all.rows.iter().map(of).collect::<Result<Vec<_>, _>>()?;
                Ok(page::assessment(all, &self.sheets, &densities, boundaries, permalink))
            }
        }
    }

    fn title(&self) -> String {
        match &self.made {
            Made::Profile(profile) => format!("{}: geographic profile", profile.about.subject),
            Made::Assessment(all) => format!("{}: strategic assessment", all.about.card.area),
        }
    }

    /// The name of its files, without an ending.
    fn name(&self) -> String {
        let card = &self.about().card;
        let period = card.period.to_string().replace('/', "_");
        match &card.priority {
            Some(priority) => format!("{priority}-profile-{period}"),
            None => format!("assessment-{period}"),
        }
    }

    /// What a table without its report has to say.
    fn notes(&self, permalink: &str) -> Vec<String> {
        let About { card, notices, .. } = self.about();
        let mut notes = vec![format!("{}, {}", card.area, card.period)];
        notes.extend(card.comparison.map(|period| format!("Compared with {period}")));
        notes.extend(notices.iter().cloned());
        notes.push(format!("This report again: {permalink}"));
        notes
    }

    fn csv_files(&self, permalink: &str) -> Result<Vec<u8>, Problem> {
        let mut files = vec![("README.txt".to_owned(), self.readme(permalink).into_bytes())];
        for sheet in &self.sheets {
            let bytes = render::csv::sheet(sheet).map_err(|error| Problem::internal(&error))?;
            files.push((format!("{}.csv", sheet.name), bytes));
        }
        bundle(&files).map_err(|error| Problem::internal(&error))
    }

    /// What the files of a bundle hold, column by column.
    fn readme(&self, permalink: &str) -> String {
        let mut lines = vec![self.title(), String::new()];
        lines.extend(self.notes(permalink));
        for sheet in &self.sheets {
            lines.extend([String::new(), format!("{}.csv: {}", sheet.name, sheet.title)]);
            lines.extend(sheet.columns.iter().map(|column| {
                let unit = column.unit.map(|unit| format!(" [{unit}]")).unwrap_or_default();
                format!("  {}{unit}: {}", column.name, column.description)
            }));
        }
        lines.push(String::new());
        lines.join("\r\n")
    }
}

fn links(address: &Address) -> Vec<Link> {
    let link = |format: Format| {
        let rel = if format == Format::Json { "self" } else { "alternate" };
        let href = address.with(&[("f", format.word())]);
        Link::new(rel, &href, format.media_type(), &format!("This report as {}", format.name()))
    };
    FORMATS.into_iter().map(link).collect()
}
