//! The page of an assessment.

use std::sync::Arc;

use maud::{Markup, html};

use super::{
    figure, method, sheet,
    table::{
        Shown::{self, Change, Count, Decimals, Percent, Probability, Text},
        table,
    },
};
use crate::{
    model::{BoundarySet, words::count},
    render::sheet::Sheet,
    report::pictures::{charts, maps},
    service::{assessment::Assessment, collection::Dataset},
};

pub(super) fn body(
    assessment: &Assessment<'_>,
    sheets: &[Sheet],
    densities: &[Arc<Dataset>],
    boundaries: &BoundarySet,
    permalink: &str,
) -> Markup {
    let parts: Vec<_> =
        assessment.rows.iter().map(|row| (row.priority.id.as_str(), &row.hotspots.about)).collect();
    html! {
        section #priorities {
            h2 { "Priorities side by side" }
            @if let Some(sheet) = sheet(sheets, "priorities") {
                div.wide {
                    (table(sheet, "Volume, change, harm and concentration", &[
                        ("title", Text), ("count", Count), ("share", Percent), ("change_share", Change),
                        ("change_p", Probability), ("harm_per_incident", Decimals(1)), ("share_of_harm", Percent),
                        ("hotspots", Count), ("hotspots_share", Percent), ("hotspots_ground_share", Percent), ("hot_cells", Count),
                    ], 100))
                }
            }
            p.quiet { "Priorities may share incidents: shares need not sum to all. A change is bold where chance would hardly give it." }
        }
        (matrix(assessment, sheets))
        section #maps .new-page {
            h2 { "Where each priority concentrates" }
            div.pair {
                @for (row, density) in assessment.rows.iter().zip(densities) {
                    (figure(
                        &maps::of_priority(row, density, boundaries),
                        &format!("{}: {} incidents, {}", row.priority.title, count(row.situation.count), row.about.card.period),
                    ))
                }
            }
        }
        (meetings(assessment, sheets, boundaries))
        section #sources {
            h2 { "Partners' incidents" }
            @if let Some(sheet) = sheet(sheets, "sources") {
                @let columns = columns_of(sheet, &[("source", Text), ("count", Count)], Count);
                div.wide { (table(sheet, "Incidents by source, and those of each priority", &columns, 100)) }
            }
        }
        (method::section(&assessment.about, &parts, permalink))
    }
}

fn matrix(assessment: &Assessment<'_>, sheets: &[Sheet]) -> Markup {
    html! {
        section #matrix .new-page {
            h2 { "Threat" }
            @match charts::matrix(assessment) {
                Some(svg) => (figure(&svg, "Volume against harm; the area of a bubble is the harm of all its incidents. Both axes go by powers of ten.")),
                None => p.quiet { "No harm is given: the service has no table of weights." },
            }
            @if let Some(sheet) = sheet(sheets, "scores") {
                @let columns = columns_of(sheet, &[("criterion", Text), ("weight", Decimals(1))], Decimals(1));
                div.wide { (table(sheet, &assessment.scoring.title, &columns, 100)) }
                p.quiet { (assessment.scoring.remarks) " Scores are data of the partnership, in its scoring table; a dash is what nobody has scored." }
            }
        }
    }
}

fn meetings(assessment: &Assessment<'_>, sheets: &[Sheet], boundaries: &BoundarySet) -> Markup {
    html! {
        section #meetings {
            h2 { "Where priorities meet" }
            @if assessment.meetings.is_empty() {
                p { "No ground is a hotspot of two priorities." }
            } @else {
                (figure(&maps::meetings(assessment, boundaries), "Ground that is a hotspot of two priorities or more."))
                @if let Some(sheet) = sheet(sheets, "meetings") {
                    (table(sheet, "The deepest first", &[("rank", Count), ("priorities", Text), ("depth", Count), ("area_km2", Decimals(2)), ("place", Text)], 20))
                }
            }
        }
    }
}

/// The first columns as they are told, and every other one in one way.
fn columns_of<'a>(sheet: &'a Sheet, first: &[(&'a str, Shown)], others: Shown) -> Vec<(&'a str, Shown)> {
    let rest = sheet.columns.iter().skip(first.len()).map(|column| (column.name.as_str(), others));
    first.iter().copied().chain(rest).collect()
}
