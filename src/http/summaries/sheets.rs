//! A summary as tables: by area, by area and month, by area and category.

use super::columns;
use crate::{
    feature::{Field, FieldKind, Value},
    http::{answer, problem::Problem},
    profile::method_card::Parameter,
    render::{bundle, sheet::Sheet, workbook},
    service::summary::{
        Column, Summary,
        tables::{CategoryTable, MonthTable},
    },
};

/// The row below the areas of a cross table.
const ALL_AREAS: &str = "All areas";

/// The one table that a CSV file has: that of months or of categories where it was asked for.
pub(super) fn one(summary: &Summary<'_>) -> Sheet {
    match (&summary.months, &summary.categories) {
        (Some(table), _) => months(summary, table),
        (None, Some(table)) => categories(summary, table),
        (None, None) => areas(summary),
    }
}

/// Every table in a workbook.
pub(super) fn workbook(summary: &Summary<'_>, permalink: &str) -> Result<Vec<u8>, Problem> {
    workbook::workbook(&title(summary), &notes(summary, permalink), &all(summary))
        .map_err(|error| Problem::internal(&error))
}

/// Every table as a CSV file, with what the columns mean and what there is to know.
pub(super) fn archive(summary: &Summary<'_>, permalink: &str) -> Result<Vec<u8>, Problem> {
    let mut files = Vec::new();
    for sheet in all(summary).iter().chain([&columns::sheet()]) {
        files.push((format!("{}.csv", sheet.name), answer::sheet(sheet)?));
    }
    let about = [title(summary)].into_iter().chain(notes(summary, permalink));
    files.push(("about.txt".to_owned(), (about.collect::<Vec<_>>().join("\r\n") + "\r\n").into_bytes()));
    bundle::bundle(&files).map_err(|error| Problem::internal(&error))
}

fn all(summary: &Summary<'_>) -> Vec<Sheet> {
    let mut sheets = vec![areas(summary)];
    sheets.extend(summary.months.as_ref().map(|table| months(summary, table)));
    sheets.extend(summary.categories.as_ref().map(|table| categories(summary, table)));
    sheets
}

fn title(summary: &Summary<'_>) -> String {
    let card = &summary.about.card;
    format!("{}: {} of {}, {}", summary.about.subject, summary.layer.title, card.area, card.period)
}

/// What a reader has to know: notices, how it was made, and where it can be had again.
fn notes(summary: &Summary<'_>, permalink: &str) -> Vec<String> {
    let card = &summary.about.card;
    let mut notes = summary.about.notices.clone();
    notes.push(format!("Incidents counted: {}.", card.tally.used));
    if let Some(period) = card.comparison {
        notes.push(format!("Compared with {period}."));
    }
    let parameters = card.method.parameters.iter();
    notes.extend(parameters.filter_map(|(name, value)| Some(format!("{name}: {}", words(value)?))));
    notes.push(format!(
        "Boundaries: {}, {}. {}",
        summary.layer.title, summary.layer.vintage, summary.layer.licence
    ));
    notes.push(format!("The same again: {permalink}"));
    notes
}

fn words(value: &Parameter) -> Option<String> {
    match value {
        Parameter::Absent => None,
        Parameter::Flag(flag) => Some(flag.to_string()),
        Parameter::Whole(number) => Some(number.to_string()),
        Parameter::Number(number) => Some(number.to_string()),
        Parameter::Text(text) => Some(text.clone()),
        Parameter::List(values) => Some(values.iter().filter_map(words).collect::<Vec<_>>().join(", ")),
    }
}

fn areas(summary: &Summary<'_>) -> Sheet {
    Sheet {
        name: "areas".to_owned(),
        title: format!("{}, a row for each", summary.layer.title),
        columns: summary.columns.iter().map(|column| column.field(summary.per)).collect(),
        rows: summary
            .each()
            .map(|row| summary.columns.iter().map(|column| column.value(row)).collect())
            .collect(),
    }
}

/// Columns of the summary in another table.
fn fields<'a>(names: &'a [&str], summary: &'a Summary<'_>) -> impl Iterator<Item = Field> + 'a {
    let named = |name: &&str| Column::all().iter().find(|column| column.name == *name);
    names.iter().filter_map(named).map(|column| column.field(summary.per))
}

fn months(summary: &Summary<'_>, table: &MonthTable) -> Sheet {
    let month = Field::new("month", FieldKind::Text, "Month", "The month that is counted.");
    let mut columns: Vec<Field> = fields(&["code", "name"], summary).collect();
    columns.push(month);
    columns.extend(fields(&["count", "weighted", "rate_per_1000", "data_notice"], summary));
    let notice = || summary.data_notice().map_or(Value::Absent, |notice| Value::Text(notice.into()));
    let mut rows = Vec::new();
    for ((area, counts), people) in summary.layer.areas.iter().zip(&table.counts).zip(&summary.denominators) {
        let people = people.filter(|people| *people > 0);
        for (month, (count, weighted)) in table.months.iter().zip(counts) {
            rows.push(vec![
                Value::Text(area.code.to_string().into()),
                Value::Text(area.name.clone().into()),
                Value::Text(month.to_string().into()),
                whole(*count),
                Value::Number(*weighted),
                Value::number(people.map(|people| *count as f64 * 1_000.0 / f64::from(people))),
                notice(),
            ]);
        }
    }
    let title = format!("{} by month, a row for each area and month", summary.layer.title);
    Sheet { name: "months".to_owned(), title, columns, rows }
}

fn categories(summary: &Summary<'_>, table: &CategoryTable) -> Sheet {
    let fixed = ["code", "name", "total", "period", "data_notice"];
    let category = |slug: &String| {
        let name = if fixed.contains(&slug.as_str()) { format!("category-{slug}") } else { slug.clone() };
        Field::new(name, FieldKind::Whole, titled(slug), "Incidents of this category in the area.")
    };
    let total =
        Field::new("total", FieldKind::Whole, "Total", "Incidents of all these categories in the area.");
    let mut columns: Vec<Field> = fields(&["code", "name"], summary).collect();
    columns.extend(table.categories.iter().map(category));
    columns.push(total);
    columns.extend(fields(&["period", "data_notice"], summary));
    let label = Value::Text(summary.about.card.period.to_string().into());
    let told = summary.data_notice().map_or(Value::Absent, |notice| Value::Text(notice.into()));
    let row = |code: Value<'static>, name: &str, counts: &[u64]| {
        let mut row = vec![code, Value::Text(name.to_owned().into())];
        row.extend(counts.iter().map(|count| whole(*count)));
        row.extend([whole(counts.iter().sum()), label.clone(), told.clone()]);
        row
    };
    let areas = summary.layer.areas.iter().zip(&table.counts);
    let mut rows: Vec<_> = areas
        .map(|(area, counts)| row(Value::Text(area.code.to_string().into()), &area.name, counts))
        .collect();
    rows.push(row(Value::Absent, ALL_AREAS, &table.totals()));
    let title = format!("{} by category, with totals", summary.layer.title);
    Sheet { name: "categories".to_owned(), title, columns, rows }
}

/// A category for people: `vehicle-crime` is "Vehicle crime".
fn titled(slug: &str) -> String {
    let mut letters = slug.chars().map(|letter| if letter == '-' { ' ' } else { letter });
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn whole(count: u64) -> Value<'static> {
    i64::try_from(count).map_or(Value::Absent, Value::Whole)
}
