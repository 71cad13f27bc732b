//! One layer.

use maud::{Markup, html};

use super::{clients, collections::geometry, frame::Frame};
use crate::{
    http::{
        App, Link,
        answer::Body,
        features::{
            document::CollectionDocument,
            links::{QUERYABLES, SCHEMA},
        },
    },
    model::words::count,
    service::collection::Collection,
};

/// The page of `/collections/{collection}`.
pub fn page(app: &App, base: &str, collection: &Collection, document: &CollectionDocument) -> Body {
    let notices: Vec<_> =
        app.service.standing_notices().into_iter().chain(app.service.synthetic_notice()).collect();
    let here = format!("{base}/collections/{}", collection.id);
    let frame = Frame {
        service: &app.service,
        base,
        title: &collection.title,
        step: &collection.title,
        trail: &[("/collections".to_owned(), "Layers")],
        notices: &notices,
        attribution: document.attribution.as_deref(),
        links: &[],
    };
    frame.around(&html! {
        p.lead { (collection.description) }
        p.actions {
            a.button href={ (here) "/items" } { "Map and table" }
            a href={ (here) "/schema" } { "Fields" }
            a href={ (here) "/queryables" } { "Queryables" }
            a href={ (here) "?f=json" } { "JSON" }
        }
        (facts(collection, document))
        (clients::for_layer(base, &collection.id))
        (ways(&document.links))
    })
}

fn facts(collection: &Collection, document: &CollectionDocument) -> Markup {
    let [west, south, east, north] = document.extent.spatial.bbox[0];
    html! {
        dl.facts {
            div { dt { "Id" } dd { code.copy { (collection.id) } } }
            div {
                dt { "Features" }
                dd {
                    @if let Some(number) = document.item_count { (count(number as u64)) " " }
                    (geometry(collection))
                    @if document.item_count.is_none() { ", as many as the parameters lead to" }
                }
            }
            div {
                dt { "Extent" }
                dd { (format!("{west:.4}, {south:.4} to {east:.4}, {north:.4}")) " (longitude, latitude)" }
            }
            @if let Some(temporal) = &document.extent.temporal {
                @let [first, last] = &temporal.interval[0];
                div {
                    dt { "Time" }
                    dd { (day(first.as_deref())) " to " (day(last.as_deref())) }
                }
            }
            div {
                dt { "Coordinate systems" }
                dd { @for crs in crate::feature::Crs::ALL { (crs.name()) " " } }
            }
            div { dt { "Fields" } dd { @for field in &collection.fields { code { (field.name) } " " } } }
        }
    }
}

fn day(instant: Option<&str>) -> &str {
    instant.and_then(|instant| instant.split('T').next()).unwrap_or("..")
}

/// Every way in which the layer can be had, with its media type.
fn ways(links: &[Link]) -> Markup {
    html! {
        section {
            h2 { "Addresses" }
            div.table {
                table {
                    thead { tr { th scope="col" { "What" } th scope="col" { "Type" } th scope="col" { "Address" } } }
                    tbody {
                        @for link in links.iter().filter(|link| link.rel() != "describedby") {
                            tr {
                                th scope="row" { (link.title()) }
                                td { (link.media_type()) }
                                td.words { a href=(to_click(link)) { (link.href()) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The address to click: browsers ask for pages first, so where there is a page it names the other format.
fn to_click(link: &Link) -> String {
    let has_page = ["self", "items", QUERYABLES, SCHEMA].contains(&link.rel()) && !link.href().contains('?');
    match link.media_type() {
        "application/json" | "application/schema+json" if has_page => format!("{}?f=json", link.href()),
        "application/geo+json" if has_page => format!("{}?f=geojson", link.href()),
        _ => link.href().to_owned(),
    }
}
