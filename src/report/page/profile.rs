//! The page of a profile, in the sections of a strategic assessment.

use maud::{Markup, html};

use super::{
    figure, method, sheet,
    table::{
        Shown::{Count, Decimals, Percent, Probability, Text},
        table,
    },
    unanswered,
};
use crate::{
    model::{
        BoundarySet,
        words::{count, decimal, percent},
    },
    render::sheet::Sheet,
    report::{
        Layers,
        pictures::{charts, maps},
    },
    service::profile::{AreaTable, Profile},
};

/// Hotspots that the page lists.
const HOTSPOTS: usize = 15;
/// Areas of a layer that the page lists; a table of small areas would fill a book.
const AREAS: usize = 60;

pub(super) fn body(
    profile: &Profile<'_>,
    sheets: &[Sheet],
    layers: &Layers,
    boundaries: &BoundarySet,
    permalink: &str,
) -> Markup {
    html! {
        @if !profile.description.is_empty() { p.quiet { (profile.description) } }
        (findings(profile))
        (situation(profile, sheets))
        (seasons(profile))
        (places(profile, sheets, layers, boundaries))
        @for (number, of_layer) in profile.tables.iter().enumerate() { (areas((number, of_layer), sheets, layers, boundaries)) }
        (concentration(profile, sheets))
        (accuracy(profile, sheets))
        (quality(sheets))
        (method::section(&profile.about, &profile.parts(), permalink))
    }
}

fn findings(profile: &Profile<'_>) -> Markup {
    html! {
        section #findings {
            h2 { "Key findings" }
            ul.findings { @for finding in &profile.findings { li { (finding.text) } } }
            p.quiet {
                "Each sentence is made from the figures below, and only where they are more than chance would give. What the \
                 incidents do not show stands in no sentence."
            }
        }
    }
}

fn situation(profile: &Profile<'_>, sheets: &[Sheet]) -> Markup {
    let situation = &profile.situation;
    let change = situation.change.as_ref().ok();
    let harm = situation.harm.as_ref();
    html! {
        section #situation {
            h2 { "Current situation" }
            dl.figures {
                div { dt { "Incidents" } dd { (count(situation.count)) small { (decimal(situation.per_day(), 1)) " a day" } } }
                @if let Some(share) = situation.share().filter(|_| situation.all > situation.count) {
                    div { dt { "Of all incidents" } dd { (percent(share)) small { "of " (count(situation.all)) } } }
                }
                @if let Some(change) = change {
                    div {
                        dt { "Change" }
                        dd {
                            @if let Some(relative) = change.change.relative {
                                @if relative > 0.0 { "+" } (percent(relative))
                            } @else { "–" }
                            small { "from " (count(change.change.before)) }
                        }
                    }
                }
                @if let Some(share) = harm.and_then(crate::service::profile::Harm::share) {
                    div { dt { "Of all harm" } dd { (percent(share)) small { (harm.map(|harm| harm.table.as_str()).unwrap_or_default()) } } }
                }
            }
            @if let Err(reason) = &situation.change { (unanswered(reason)) }
            @match &situation.trend {
                Ok(layer) => @if let Some(svg) = charts::trend(layer, profile) {
                    (figure(&svg, "Incidents by month, as far back as the store holds them, at most five years."))
                },
                Err(reason) => (unanswered(reason)),
            }
            @if let Some(sheet) = sheet(sheets, "categories") {
                (table(sheet, "Incidents by category", &[("category", Text), ("count", Count), ("share", Percent), ("comparison_count", Count)], 20))
            }
            @if let Some(sheet) = sheet(sheets, "sources").filter(|sheet| sheet.rows.len() > 1) {
                (table(sheet, "Incidents by source", &[("source", Text), ("count", Count)], 20))
            }
        }
    }
}

fn seasons(profile: &Profile<'_>) -> Markup {
    html! {
        section #seasonality {
            h2 { "Seasonality" }
            @match charts::seasonality(profile) {
                Some(svg) => (figure(&svg, "Each month of the year against an even year. A month whose whisker does not reach 100 has more or fewer than its share.")),
                None => (unanswered(profile.seasonality.as_ref().err().map_or("there are no months", String::as_str))),
            }
            @match charts::hours(profile) {
                Some(svg) => (figure(&svg, "Hours of the week, local time. An incident that is known to an interval counts in parts.")),
                None => (unanswered(profile.hours.as_ref().err().map_or("there are no times", String::as_str))),
            }
        }
    }
}

fn places(profile: &Profile<'_>, sheets: &[Sheet], layers: &Layers, boundaries: &BoundarySet) -> Markup {
    let of_layers: Vec<_> = boundaries.ids().into_iter().map(|layer| (layer, Text)).collect();
    let mut columns = vec![
        ("rank", Count),
        ("place", Text),
        ("count", Count),
        ("share", Percent),
        ("area_km2", Decimals(2)),
        ("per_km2", Decimals(0)),
        ("found", Percent),
    ];
    // The first layer is in the name of the place.
    columns.extend(of_layers.into_iter().skip(1));
    html! {
        section #geography .new-page {
            h2 { "Geography" }
            (figure(&maps::hotspots(profile, layers, boundaries), "Density of incidents, and the hotspots that are cut from it with their ranks."))
            @if let Some(sheet) = sheet(sheets, "hotspots") {
                div.wide { (table(sheet, "Hotspots", &columns, HOTSPOTS)) }
            }
            div.pair {
                (figure(&maps::cells(profile, layers, boundaries), "Hex cells that have significantly more or fewer incidents around them than the borough (Gi*, adjusted for the number of cells)."))
                @match &profile.emerging {
                    Ok(layer) => (figure(&maps::emerging(layer, boundaries), "What has become of hot and cold spots, month by month.")),
                    Err(reason) => (unanswered(reason)),
                }
            }
        }
    }
}

fn areas(
    (number, of_layer): (usize, &AreaTable<'_>),
    sheets: &[Sheet],
    layers: &Layers,
    boundaries: &BoundarySet,
) -> Markup {
    let name = format!("areas-{}", of_layer.layer.id);
    let rated = of_layer.residents.0.overall.is_some();
    let mut columns = vec![("name", Text), ("count", Count), ("share", Percent), ("rank", Count)];
    if rated {
        columns.extend([
            ("rate_per_1000", Decimals(1)),
            ("rate_low", Decimals(1)),
            ("rate_high", Decimals(1)),
            ("rate_p_adjusted", Probability),
        ]);
    }
    if of_layer.households.0.overall.is_some() {
        columns.push(("rate_per_1000_households", Decimals(1)));
    }
    if of_layer.rows.iter().any(|row| row.change.is_some()) {
        columns.extend([("comparison_count", Count), ("change", Count), ("change_p_adjusted", Probability)]);
    }
    columns.extend([("location_quotient", Decimals(2)), ("location_quotient_standing", Text)]);
    html! {
        section id=(name) .new-page {
            h2 { (of_layer.layer.title) }
            @match (of_layer.residents.1, rated) {
                (Some(year), true) => p.quiet { "Rates are incidents of the period per 1,000 usual residents of " (year) ". Residents are not those at risk of everything: town centres have few residents and many visitors." },
                _ => p.quiet { "No rates are given: the residents of these areas are not known." },
            }
            div.pair {
                (figure(&maps::areas(of_layer, number, layers, boundaries), if rated { "Rate per 1,000 residents." } else { "Incidents." }))
                @if of_layer.rows.len() <= AREAS { (figure(&charts::ranking(of_layer), "The highest first. A triangle marks what differs significantly from all areas together.")) }
            }
            @if let Some(svg) = charts::funnel(of_layer) {
                (figure(&svg, "Rates against residents. Were the rate the same everywhere, chance would keep 95 of 100 areas between the inner lines and 998 of 1,000 between the outer ones; crimes that come in series spread wider."))
            }
            @if let Some(sheet) = sheet(sheets, &name) {
                div.wide { (table(sheet, &of_layer.layer.title, &columns, AREAS)) }
            }
            @if of_layer.in_no_area > 0 { p.quiet { (count(of_layer.in_no_area)) " incidents lie in none of these areas." } }
        }
    }
}

fn concentration(profile: &Profile<'_>, sheets: &[Sheet]) -> Markup {
    html! {
        section #concentration .new-page {
            h2 { "Concentration and repeat places" }
            div.pair {
                @if let Some(svg) = charts::lorenz(profile) {
                    (figure(&svg, "The bowed line would be straight if every known place had its share."))
                }
                @if let Some(sheet) = sheet(sheets, "concentration") {
                    (table(sheet, "The fewest places that hold so many incidents", &[("incidents_pct", Decimals(0)), ("places_pct", Decimals(1))], 20))
                }
            }
            @if let Some(sheet) = sheet(sheets, "repeats") {
                (table(sheet, "Places by number of incidents", &[("times", Text), ("places", Count), ("incidents", Count), ("places_expected", Decimals(1))], 20))
            }
            @if let Some(sheet) = sheet(sheets, "repeat-places").filter(|sheet| !sheet.rows.is_empty()) {
                (table(sheet, "Places with the most incidents", &[("street", Text), ("count", Count), ("categories", Text)], 10))
                p.quiet { "Published positions are often moved to the middle of a street or to a car park, station or shop: a place is then a street or a venue with all around it, not one address." }
            }
        }
    }
}

fn accuracy(profile: &Profile<'_>, sheets: &[Sheet]) -> Markup {
    html! {
        section #accuracy {
            h2 { "How well the map foretold" }
            @match &profile.accuracy {
                Err(reason) => (unanswered(reason)),
                Ok(judged) => {
                    p { "The density of " (judged.training.to_string()) " is judged by the incidents of " (judged.test.to_string()) "." }
                    @if let Some(sheet) = sheet(sheets, "accuracy") {
                        (table(sheet, "Hottest ground, and the later incidents in it", &[("ground_share", Percent), ("hits", Count), ("hit_rate", Percent), ("pai", Decimals(1)), ("pei", Decimals(2)), ("recapture_rate_index", Decimals(2))], 10))
                    }
                }
            }
        }
    }
}

fn quality(sheets: &[Sheet]) -> Markup {
    html! {
        section #quality {
            h2 { "Data quality" }
            @if let Some(sheet) = sheet(sheets, "quality") {
                (table(sheet, "What was used, and what could not be", &[("meaning", Text), ("value", Count)], 20))
            }
        }
    }
}
