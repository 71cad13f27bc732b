//! One feature: where it is, and all that is known of it.

use maud::html;

use super::{frame::Frame, map::Map, text::shown};
use crate::{
    feature::{Features, GeometryKind},
    http::{Link, answer::Body, parameters::Address},
    service::{
        Service,
        collection::{Collection, Dataset},
    },
};

/// A feature, as it was answered.
pub struct Shown<'a> {
    /// The service.
    pub service: &'a Service,
    /// The layer.
    pub collection: &'a Collection,
    /// Its features.
    pub dataset: &'a Dataset,
    /// The row.
    pub row: usize,
    /// Where it was asked for.
    pub address: &'a Address,
    /// Links to other formats.
    pub links: &'a [Link],
}

impl Shown<'_> {
    /// The page.
    pub fn page(&self) -> Body {
        let Self { collection, dataset, row, .. } = self;
        let features: &dyn Features = dataset.features.as_ref();
        let id = features.id(*row);
        let name = features.field("name").map(|field| shown(&features.value(*row, field)));
        let here = format!("/collections/{}", collection.id);
        let frame = Frame {
            service: self.service,
            base: self.address.base(),
            title: name.as_deref().unwrap_or(&id),
            step: name.as_deref().unwrap_or(&id),
            trail: &[
                ("/collections".to_owned(), "Layers"),
                (here.clone(), &collection.title),
                (format!("{here}/items"), "Map and table"),
            ],
            notices: &dataset.notices,
            attribution: dataset.attribution.as_deref(),
            links: self.links,
        };
        let map = Map {
            features,
            rows: &[*row],
            symbology: dataset.symbologies.first(),
            outline: &self.service.boundaries().outline.grid.0,
            // An area shows what is around it; a point shows only where it lies in the whole.
            whole: features.geometry_kind() == GeometryKind::Point,
        };
        let own = self.address.with(&[]);
        frame.around(&html! {
            (map.drawn(|_| own.clone()))
            div.table {
                table.facts {
                    thead {
                        tr {
                            th scope="col" { "Field" }
                            th scope="col" { "Value" }
                            th scope="col" { "Meaning" }
                        }
                    }
                    tbody {
                        tr {
                            th scope="row" { code { "id" } }
                            td { (id) }
                            td.words { "What the feature is called in addresses." }
                        }
                        @for (number, field) in features.fields().iter().enumerate() {
                            tr {
                                th scope="row" { code { (field.name) } }
                                td {
                                    (shown(&features.value(*row, number)))
                                    @if let Some(unit) = field.unit { " " small { (unit) } }
                                }
                                td.words { (field.description) }
                            }
                        }
                    }
                }
            }
        })
    }
}
