//! Profiles and assessments as JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    feature::Value,
    http::{
        Link,
        wire::{Card, card::ParameterValue, sheet::SheetDocument},
    },
    render::sheet::Sheet,
    service::{
        assessment::Assessment,
        profile::{Finding, Profile},
        question::About,
    },
};

/// What every report begins with.
#[derive(Serialize)]
pub(super) struct Head<'a> {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    period: String,
    comparison_period: Option<String>,
    notices: &'a [String],
    links: Vec<Link>,
}

/// A profile.
#[derive(Serialize)]
pub(super) struct ProfileDocument<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    findings: Vec<FindingDocument<'a>>,
    figures: BTreeMap<&'a str, f64>,
    unanswered: Vec<Unanswered<'a>>,
    tables: BTreeMap<&'a str, SheetDocument<'a>>,
    method: Card,
    methods: BTreeMap<&'static str, Card>,
}

/// An assessment.
#[derive(Serialize)]
pub(super) struct AssessmentDocument<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    tables: BTreeMap<&'a str, SheetDocument<'a>>,
    method: Card,
}

#[derive(Serialize)]
struct FindingDocument<'a> {
    section: &'static str,
    name: &'static str,
    text: &'a str,
    figures: BTreeMap<&'static str, ParameterValue<'a>>,
}

/// A part that the incidents do not tell.
#[derive(Serialize)]
struct Unanswered<'a> {
    section: &'static str,
    reason: &'a str,
}

impl<'a> Head<'a> {
    fn of(title: String, description: Option<&'a str>, about: &'a About, links: Vec<Link>) -> Self {
        Self {
            title,
            description,
            period: about.card.period.to_string(),
            comparison_period: about.card.comparison.map(|period| period.to_string()),
            notices: &about.notices,
            links,
        }
    }
}

impl<'a> ProfileDocument<'a> {
    /// The document of a profile with its tables.
    pub fn of(profile: &'a Profile<'_>, sheets: &'a [Sheet], permalink: &str, links: Vec<Link>) -> Self {
        let about = &profile.about;
        let title = format!("{}: geographic profile", about.subject);
        let card = |about: &About| Card::new(&about.card, permalink.to_owned());
        let methods = profile.parts().into_iter().map(|(name, about)| (name, card(about)));
        Self {
            head: Head::of(title, Some(&profile.description), about, links),
            findings: profile.findings.iter().map(finding).collect(),
            figures: figures(sheets),
            unanswered: profile
                .unanswered()
                .into_iter()
                .map(|(section, reason)| Unanswered { section, reason })
                .collect(),
            tables: tables(sheets),
            method: card(about),
            methods: methods.collect(),
        }
    }
}

impl<'a> AssessmentDocument<'a> {
    /// The document of an assessment with its tables.
    pub fn of(
        assessment: &'a Assessment<'_>,
        sheets: &'a [Sheet],
        permalink: &str,
        links: Vec<Link>,
    ) -> Self {
        let about = &assessment.about;
        let title = format!("{}: strategic assessment", about.card.area);
        Self {
            head: Head::of(title, None, about, links),
            tables: tables(sheets),
            method: Card::new(&about.card, permalink.to_owned()),
        }
    }
}

fn finding(finding: &Finding) -> FindingDocument<'_> {
    let Finding { section, name, text, figures } = finding;
    let figures = figures.iter().map(|(name, value)| (*name, ParameterValue(value)));
    FindingDocument { section, name, text, figures: figures.collect() }
}

fn tables(sheets: &[Sheet]) -> BTreeMap<&str, SheetDocument<'_>> {
    // Findings have members of their own.
    let others = sheets.iter().filter(|sheet| sheet.name != "findings");
    others.map(|sheet| (sheet.name.as_str(), SheetDocument::of(sheet))).collect()
}

/// The figures of the current situation by name, those that there are.
fn figures(sheets: &[Sheet]) -> BTreeMap<&str, f64> {
    let situation = sheets.iter().find(|sheet| sheet.name == "situation");
    let rows = situation.into_iter().flat_map(|sheet| &sheet.rows);
    rows.filter_map(|row| match row.as_slice() {
        [Value::Text(name), value, ..] => Some((name.as_ref(), value.as_number()?)),
        _ => None,
    })
    .collect()
}
