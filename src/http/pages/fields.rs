//! The fields of a layer, and what its features can be asked for by.

use maud::html;

use super::frame::Frame;
use crate::{
    http::{Link, answer::Body, features::schema::Schema},
    service::{Service, collection::Collection},
};

/// The page of `/collections/{collection}/schema`, or of its queryables.
pub fn page(
    service: &Service,
    base: &str,
    collection: &Collection,
    schema: &Schema,
    is_schema: bool,
    links: &[Link],
) -> Body {
    let properties = &schema.properties;
    let frame = Frame {
        service,
        base,
        title: &collection.title,
        step: if is_schema { "Fields" } else { "Queryables" },
        trail: &[
            ("/collections".to_owned(), "Layers"),
            (format!("/collections/{}", collection.id), &collection.title),
        ],
        notices: &[],
        attribution: None,
        links,
    };
    let example = properties.first().map(|(name, _)| name);
    frame.around(&html! {
        p.lead {
            @if is_schema {
                "What each feature of this layer has."
            } @else {
                "What features of this layer can be asked for by: in a filter (CQL2), "
                "or with a value of its own"
                @if let Some(name) = example { ", as in " code { "?" (name) "=…" } }
                "."
            }
        }
        div.table {
            table {
                thead {
                    tr {
                        th scope="col" { "Field" }
                        th scope="col" { "Type" }
                        th scope="col" { "Unit" }
                        th scope="col" { "Meaning" }
                    }
                }
                tbody {
                    @for (name, property) in properties {
                        tr {
                            th scope="row" { code { (name) } }
                            td { (property.format.or(property.r#type).unwrap_or_default()) }
                            td { (property.unit.unwrap_or_default()) }
                            td.words {
                                b { (property.title) "." } " " (property.description)
                                @if !property.values.is_empty() {
                                    " One of: " (property.values.join(", ")) "."
                                }
                            }
                        }
                    }
                }
            }
        }
    })
}
