//! The figures of a report as tables.

mod areas;
mod assessment;
mod place;
mod quality;
mod situation;
mod time;

use crate::{
    feature::{Field, FieldKind, Value},
    profile::method_card::Parameter,
    render::sheet::Sheet,
    service::profile::{Finding, Profile},
};

pub use assessment::of as of_assessment;

/// Every table of a profile, in the order of its report.
pub fn of(profile: &Profile<'_>) -> Vec<Sheet> {
    let mut sheets = vec![findings(&profile.findings)];
    sheets.extend(situation::sheets(&profile.situation));
    sheets.extend(time::sheets(profile));
    sheets.extend(place::sheets(profile));
    sheets.extend(profile.tables.iter().map(areas::sheet));
    sheets.push(quality::sheet(profile));
    sheets
}

fn findings(findings: &[Finding]) -> Sheet {
    let columns = vec![
        Field::new("section", FieldKind::Text, "Section", "The part of the profile."),
        Field::new("name", FieldKind::Text, "Name", "What is found, the same word for every priority."),
        Field::new("text", FieldKind::Text, "Finding", "The sentence."),
        Field::new("figures", FieldKind::Text, "Figures", "The figures behind the sentence, by name."),
    ];
    let row = |finding: &Finding| {
        let figures = finding.figures.iter().map(|(name, value)| format!("{name} {}", plain(value)));
        let figures = figures.collect::<Vec<_>>().join("; ");
        vec![text(finding.section), text(finding.name), text(&finding.text), text(&figures)]
    };
    Sheet {
        name: "findings".to_owned(),
        title: "Key findings".to_owned(),
        columns,
        rows: findings.iter().map(row).collect(),
    }
}

/// A parameter as text.
pub fn plain(value: &Parameter) -> String {
    match value {
        Parameter::Absent => "none".to_owned(),
        Parameter::Flag(flag) => flag.to_string(),
        Parameter::Whole(whole) => whole.to_string(),
        Parameter::Number(number) => number.to_string(),
        Parameter::Text(text) => text.clone(),
        Parameter::List(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
    }
}

fn text(text: &str) -> Value<'static> {
    Value::Text(text.to_owned().into())
}

fn whole<N: TryInto<i64>>(number: N) -> Value<'static> {
    number.try_into().map_or(Value::Absent, Value::Whole)
}

fn maybe<N: TryInto<i64>>(number: Option<N>) -> Value<'static> {
    number.map_or(Value::Absent, whole)
}

fn number(number: impl Into<Option<f64>>) -> Value<'static> {
    Value::number(number.into())
}

fn column(name: &'static str, kind: FieldKind, title: &'static str, description: &'static str) -> Field {
    Field::new(name, kind, title, description)
}
