//! A summary in JSON.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    http::wire::Card,
    render::features::ValueJson,
    service::summary::{Measure, Row, Summary},
};

/// A summary as it is written in JSON.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    #[serde(flatten)]
    members: Members<'a>,
    rows: Vec<RowJson<'a>>,
}

/// What stands beside the rows.
#[derive(Serialize)]
pub(super) struct Members<'a> {
    title: &'a str,
    in_no_area: u64,
    notices: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    by_category: Option<Categories<'a>>,
    method: Card,
}

/// What the numbers of `by_category` in each row are of.
#[derive(Serialize)]
struct Categories<'a> {
    #[serde(rename = "categories")]
    slugs: &'a [String],
    totals: Vec<u64>,
    total: u64,
}

/// One area, with the columns that were asked for.
pub(super) struct RowJson<'a>(Row<'a>);

/// One month of an area.
#[derive(Serialize)]
struct MonthJson {
    month: String,
    count: u64,
    weighted: f64,
    rate_per_1000: Option<f64>,
}

/// The document.
pub(super) fn document<'a>(summary: &'a Summary<'_>, permalink: String) -> Document<'a> {
    Document { members: members(summary, permalink), rows: rows(summary).collect() }
}

/// What stands beside the rows.
pub(super) fn members<'a>(summary: &'a Summary<'_>, permalink: String) -> Members<'a> {
    let by_category = summary.categories.as_ref().map(|table| {
        let totals = table.totals();
        Categories { slugs: &table.categories, total: totals.iter().sum(), totals }
    });
    Members {
        title: &summary.layer.title,
        in_no_area: summary.in_no_area,
        notices: &summary.about.notices,
        by_category,
        method: Card::new(&summary.about.card, permalink),
    }
}

/// The rows.
pub(super) fn rows<'a>(summary: &'a Summary<'_>) -> impl Iterator<Item = RowJson<'a>> {
    summary.each().map(RowJson)
}

impl Serialize for RowJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Row { summary, number } = self.0;
        let mut map = serializer.serialize_map(None)?;
        for column in summary.columns.iter().filter(|column| column.measure != Measure::Label) {
            map.serialize_entry(column.name, &ValueJson(column.value(self.0)))?;
        }
        if let Some(table) = &summary.months {
            let people = summary.denominators[number].filter(|people| *people > 0);
            let month = |(month, (count, weighted)): (&crate::model::Month, &(u64, f64))| MonthJson {
                month: month.to_string(),
                count: *count,
                weighted: *weighted,
                rate_per_1000: people.map(|people| *count as f64 * 1_000.0 / f64::from(people)),
            };
            let series: Vec<_> = table.months.iter().zip(&table.counts[number]).map(month).collect();
            map.serialize_entry("series", &series)?;
        }
        if let Some(table) = &summary.categories {
            map.serialize_entry("by_category", &table.counts[number])?;
        }
        map.end()
    }
}
