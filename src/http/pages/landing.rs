//! The front page.

use maud::{Markup, html};

use super::{
    clients,
    collections::{by_priority, matrix, others},
    dashboard,
    frame::Frame,
};
use crate::{
    http::{App, answer::Body, landing::Landing},
    model::words::count,
};

/// The page of `/`.
pub fn page(app: &App, base: &str, landing: &Landing) -> Body {
    let groups = by_priority(app);
    let frame = Frame {
        service: &app.service,
        base,
        title: &landing.title,
        step: &landing.title,
        trail: &[],
        notices: &landing.notices,
        attribution: None,
        links: &landing.links,
    };
    frame.around(&html! {
        p.lead { (landing.description) }
        @if dashboard::is_built() {
            p { a href={ (base) "/dashboard" } { "Open the map" } }
        }
        (held(landing))
        (reports(app, base))
        section {
            h2 { "Priorities" }
            (matrix(base, &groups))
        }
        section {
            h2 { "Boundaries and incidents" }
            (others(base, app))
        }
        (clients::for_service(base))
        (further(landing))
    })
}

/// The geographic profile of each priority, and all of them side by side.
fn reports(app: &App, base: &str) -> Markup {
    html! {
        section {
            h2 { "Reports" }
            ul.links {
                @for prepared in app.service.priorities() {
                    li {
                        a href={ (base) "/priorities/" (prepared.priority.id) "/profile?f=html" } {
                            "Geographic profile: " (prepared.priority.title)
                        }
                    }
                }
                li { a href={ (base) "/assessment?f=html" } { "All priorities side by side" } }
            }
        }
    }
}

/// The figures of what is held.
fn held(landing: &Landing) -> Markup {
    html! {
        dl.figures {
            div { dt { "Incidents" } dd { (count(landing.incidents as u64)) } }
            div { dt { "Without a position" } dd { (count(landing.unlocated as u64)) } }
            @if let (Some(first), Some(last)) = (&landing.first_month, &landing.last_month) {
                div { dt { "Months" } dd { (first) " to " (last) } }
            }
            div { dt { "Categories" } dd { (landing.categories.len()) } }
            div { dt { "Sources" } dd.small { (landing.sources.join(", ")) } }
        }
    }
}

/// Links to what has no page of its own.
fn further(landing: &Landing) -> Markup {
    html! {
        section {
            h2 { "For programs" }
            ul.links {
                @for link in landing.links.iter().filter(|link| !["self", "alternate"].contains(&link.rel())) {
                    li { a href=(link.href()) { (link.title()) } }
                }
            }
        }
    }
}
