//! Features of a layer: a map and a table, page by page.

use maud::{Markup, html};

use super::{
    clients,
    frame::Frame,
    map::Map,
    text::{segment, shown},
};
use crate::{
    feature::{Features, FieldKind},
    http::{Link, answer::Body, features::items::Page, layer, parameters::Address},
    model::words::count,
    render::features::Written,
    service::{
        Service,
        collection::{Collection, Dataset},
    },
};

/// A page of features, as it was answered.
pub struct Shown<'a> {
    /// The service.
    pub service: &'a Service,
    /// The layer.
    pub collection: &'a Collection,
    /// Its features.
    pub dataset: &'a Dataset,
    /// The rows of the page.
    pub rows: &'a [usize],
    /// How many were chosen in all.
    pub matched: usize,
    /// Which part of them this is.
    pub page: Page,
    /// Which fields were asked for.
    pub written: &'a Written,
    /// Where it was asked for.
    pub address: &'a Address,
    /// Links to other formats and pages.
    pub links: &'a [Link],
}

/// Numbers of features that a page can have.
const LIMITS: [&str; 3] = ["100", "1000", "10000"];

impl Shown<'_> {
    /// The page.
    pub fn page(&self) -> Body {
        let Self { collection, dataset, .. } = self;
        let frame = Frame {
            service: self.service,
            base: self.address.base(),
            title: &collection.title,
            step: "Map and table",
            trail: &[
                ("/collections".to_owned(), "Layers"),
                (format!("/collections/{}", collection.id), &collection.title),
            ],
            notices: &dataset.notices,
            attribution: dataset.attribution.as_deref(),
            links: self.links,
        };
        let features = dataset.features.as_ref();
        let map = Map {
            features,
            rows: if self.written.geometry { self.rows } else { &[] },
            symbology: dataset.symbologies.first(),
            outline: &self.service.boundaries().outline.grid.0,
            whole: true,
        };
        frame.around(&html! {
            p.lead { (collection.description) " " (self.about()) }
            (map.drawn(|row| self.to(features, row)))
            (self.pager())
            (self.table(features))
            (self.pager())
            (clients::for_layer(self.address.base(), &collection.id))
        })
    }

    /// What was counted, where something was.
    fn about(&self) -> Markup {
        html! {
            @if let Some(about) = &self.dataset.about {
                b { (about.subject) ", " (about.card.period.to_string()) } ": "
                (about.card.tally.used) " incidents."
            }
        }
    }

    /// Where a row leads: its own page, made by the same method from the same incidents.
    fn to(&self, features: &dyn Features, row: usize) -> String {
        let fields: Vec<&str> =
            layer::fields_by_value(self.collection).map(|(_, field)| field.name.as_str()).collect();
        let kept = self.address.query_without(|name| {
            crate::http::features::items::OF_THE_PAGE.contains(&name) || fields.contains(&name)
        });
        let (base, id) = (self.address.base(), segment(&features.id(row)));
        let parameters = if kept.is_empty() { String::new() } else { format!("?{kept}") };
        format!("{base}/collections/{}/items/{id}{parameters}", self.collection.id)
    }

    fn pager(&self) -> Markup {
        let Page { offset, limit } = self.page;
        let link = |rel: &str| self.links.iter().find(|link| link.rel() == rel);
        let limits =
            LIMITS.iter().filter(|limit| limit.parse().is_ok_and(|limit: usize| limit < self.matched * 10));
        html! {
            nav.pager aria-label="Pages" {
                @if let Some(prev) = link("prev") { a rel="prev" href=(prev.href()) { "← Previous" } }
                span {
                    @match self.rows.len() {
                        0 => "No features",
                        shown => {
                            (count(offset as u64 + 1)) " to " (count((offset + shown) as u64)) " of " (count(self.matched as u64))
                        }
                    }
                }
                @if let Some(next) = link("next") { a rel="next" href=(next.href()) { "Next →" } }
                @if self.matched > 100 {
                    span.sizes {
                        "per page "
                        @for size in limits {
                            @if limit.to_string() == *size {
                                b { (size) } " "
                            } @else {
                                a href=(self.address.with(&[("limit", size), ("offset", "0")])) { (size) } " "
                            }
                        }
                    }
                }
            }
        }
    }

    fn table(&self, features: &dyn Features) -> Markup {
        let fields: Vec<_> =
            self.written.fields.iter().map(|number| (*number, &features.fields()[*number])).collect();
        html! {
            div.table tabindex="0" role="region" aria-label="Features" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Id" }
                            @for (_, field) in &fields {
                                th scope="col" class=[class(field.kind)] title=(field.description) {
                                    (field.name)
                                    @if let Some(unit) = field.unit.filter(|unit| !field.name.ends_with(unit)) {
                                        " " small { (unit) }
                                    }
                                }
                            }
                        }
                    }
                    tbody {
                        @for row in self.rows {
                            tr {
                                th scope="row" { a href=(self.to(features, *row)) { (features.id(*row)) } }
                                @for (number, field) in &fields {
                                    td class=[class(field.kind)] { (shown(&features.value(*row, *number))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Numbers stand one below the other.
fn class(kind: FieldKind) -> Option<&'static str> {
    matches!(kind, FieldKind::Whole | FieldKind::Number).then_some("number")
}
