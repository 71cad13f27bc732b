//! Reports as one HTML file: readable without a network, with pictures drawn here, printing on A4.

mod assessment;
mod method;
mod profile;
mod table;

use std::sync::Arc;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Layers;
use crate::{
    model::{BoundarySet, Period},
    render::sheet::Sheet,
    service::{assessment::Assessment, collection::Dataset, profile::Profile, question::About},
};

/// The content security policy that a page is to be sent with: nothing is fetched, and its only style is its own.
pub const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

const STYLE: &str = include_str!("../../../assets/report.css");

/// The report of a profile.
pub fn profile(
    profile: &Profile<'_>,
    sheets: &[Sheet],
    layers: &Layers,
    boundaries: &BoundarySet,
    permalink: &str,
) -> String {
    let title = format!("{}: geographic profile", profile.about.subject);
    page(
        &title,
        boundaries,
        &profile.about,
        permalink,
        &profile::body(profile, sheets, layers, boundaries, permalink),
    )
}

/// The report of an assessment; `densities` are the bands of each of its rows.
pub fn assessment(
    assessment: &Assessment<'_>,
    sheets: &[Sheet],
    densities: &[Arc<Dataset>],
    boundaries: &BoundarySet,
    permalink: &str,
) -> String {
    let title = format!("{}: strategic assessment", boundaries.name);
    let body = assessment::body(assessment, sheets, densities, boundaries, permalink);
    page(&title, boundaries, &assessment.about, permalink, &body)
}

fn page(title: &str, boundaries: &BoundarySet, about: &About, permalink: &str, body: &Markup) -> String {
    let card = &about.card;
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                title { (title) ", " (boundaries.name) ", " (card.period.to_string()) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "To the content" }
                header.cover {
                    p.place { (boundaries.name) }
                    h1 { (title) }
                    p.period {
                        (in_words(card.period))
                        @if let Some(comparison) = card.comparison {
                            ", compared with " (in_words(comparison))
                        }
                        @if let Some(within) = &card.within { ", in " (within.name) }
                    }
                }
                main #content {
                    @if !about.notices.is_empty() {
                        aside.notices aria-label="What to know about these figures" {
                            @for notice in &about.notices { p { (notice) } }
                        }
                    }
                    (body)
                }
                footer {
                    @for layer in &boundaries.layers {
                        p { (layer.title) " (" (layer.vintage) "): " (layer.licence) }
                    }
                    p { "Made by " (concat!("hotspots ", env!("CARGO_PKG_VERSION"))) " from generation " (card.generation.0) " of the store." }
                    p.link { "This report again: " a href=(permalink) { (permalink) } }
                }
            }
        }
    };
    document.into_string()
}

/// Whole months as people say them: `January 2024 to December 2024`. Periods of days stay as they are written.
fn in_words(period: Period) -> String {
    match period.as_months() {
        Some((first, last)) if first == last => first.in_words(),
        Some((first, last)) => format!("{} to {}", first.in_words(), last.in_words()),
        None => period.to_string(),
    }
}

/// A sheet by its name. Every report has the sheets that its page shows.
fn sheet<'a>(sheets: &'a [Sheet], name: &str) -> Option<&'a Sheet> {
    sheets.iter().find(|sheet| sheet.name == name)
}

/// A picture with what it shows in words.
fn figure(svg: &str, caption: &str) -> Markup {
    html! { figure { (PreEscaped(svg)) figcaption { (caption) } } }
}

/// Why a part is not there.
fn unanswered(reason: &str) -> Markup {
    html! { p.unanswered { "Not told: " (reason) "." } }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn periods_are_said_in_words() {
        for (period, words) in [
            ("2024-01/2024-12", "January 2024 to December 2024"),
            ("2024-03", "March 2024"),
            ("2024-03-02/2024-03-09", "2024-03-02/2024-03-09"),
        ] {
            assert_eq!(in_words(period.parse().unwrap()), words);
        }
    }
}
