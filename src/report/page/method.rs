//! How a report was made: the method card of the whole, and the parameters of each part.

use maud::{Markup, html};

use crate::{profile::MethodCard, report::sheets::plain, service::question::About};

/// The method cards: of the whole, then of its parts.
pub(super) fn section(whole: &About, parts: &[(&str, &About)], permalink: &str) -> Markup {
    html! {
        section #method {
            h2 { "How it was made" }
            (card(&whole.card, permalink))
            @for (name, about) in parts {
                h3 { (heading(name)) }
                dl.parameters {
                    @for (name, value) in &about.card.method.parameters {
                        div { dt { (name.replace('_', " ")) } dd { (plain(value)) } }
                    }
                }
            }
        }
    }
}

fn heading(name: &str) -> String {
    let mut letters = name.replace('-', " ").chars().collect::<Vec<_>>();
    if let Some(first) = letters.first_mut() {
        first.make_ascii_uppercase();
    }
    letters.into_iter().collect()
}

fn card(card: &MethodCard, permalink: &str) -> Markup {
    let listed = |all: Vec<String>| if all.is_empty() { "all".to_owned() } else { all.join(", ") };
    html! {
        dl.parameters {
            div { dt { "Area" } dd { (card.area) " (" (card.area_code) ")" } }
            div { dt { "Period" } dd { (card.period.to_string()) } }
            @if let Some(comparison) = card.comparison {
                div { dt { "Compared with" } dd { (comparison.to_string()) } }
            }
            div { dt { "Categories" } dd { (listed(card.categories.iter().map(ToString::to_string).collect())) } }
            div { dt { "Sources" } dd { (listed(card.sources.clone())) } }
            @if !card.filters.is_empty() { div { dt { "Filters" } dd { (card.filters.join("; ")) } } }
            div { dt { "Weights" } dd { (card.weights_from.as_deref().unwrap_or("none: every incident counts as one")) } }
            div { dt { "Coordinates" } dd { "computed on the British National Grid (EPSG:27700), in metres" } }
            @for (name, value) in &card.method.parameters {
                div { dt { (name.replace('_', " ")) } dd { (plain(value)) } }
            }
            div { dt { "Store and generation" } dd { (card.store.0) ", " (card.generation.0) } }
            div { dt { "Permalink" } dd { a href=(permalink) { (permalink) } } }
        }
    }
}
