//! The list of layers.

use maud::{Markup, html};

use super::frame::Frame;
use crate::{
    feature::GeometryKind,
    http::{App, Link, answer::Body, layer},
    service::collection::Collection,
};

/// The layers of one priority.
pub struct Group<'a> {
    title: &'a str,
    layers: Vec<&'a Collection>,
}

/// The layers that are about a priority, in groups.
pub fn by_priority(app: &App) -> Vec<Group<'_>> {
    let of = |id: &str| {
        layer::collections(app).filter(|layer| layer.kind.priority() == Some(id)).collect::<Vec<_>>()
    };
    let priorities = app.service.priorities().iter().map(|prepared| &prepared.priority);
    priorities.map(|priority| Group { title: &priority.title, layers: of(priority.id.as_str()) }).collect()
}

/// Priorities by kind of layer, each cell leading to the features.
pub fn matrix(base: &str, groups: &[Group<'_>]) -> Markup {
    html! {
        div.table {
            table.matrix {
                tbody {
                    @for group in groups {
                        tr {
                            th scope="row" { (group.title) }
                            @for layer in &group.layers {
                                td {
                                    a href={ (base) "/collections/" (layer.id) "/items" } aria-label=(layer.title) {
                                        (kind(layer, group))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a layer is called among those of its priority: what follows the priority's title.
fn kind<'a>(layer: &'a Collection, group: &Group<'_>) -> &'a str {
    let rest = layer.title.strip_prefix(group.title).and_then(|rest| rest.strip_prefix(": "));
    rest.unwrap_or(&layer.title)
}

/// The layers that are about no one priority.
pub fn others(base: &str, app: &App) -> Markup {
    let layers: Vec<_> = layer::collections(app).filter(|layer| layer.kind.priority().is_none()).collect();
    table(base, &layers)
}

fn table(base: &str, layers: &[&Collection]) -> Markup {
    html! {
        div.table {
            table {
                thead {
                    tr {
                        th scope="col" { "Layer" }
                        th scope="col" { "Holds" }
                        th scope="col" { "Drawn as" }
                        th scope="col" { "Get" }
                    }
                }
                tbody {
                    @for layer in layers {
                        @let here = format!("{base}/collections/{}", layer.id);
                        tr {
                            th scope="row" { a href=(here) { (layer.title) } }
                            td.words { (layer.description) }
                            td { (geometry(layer)) }
                            td {
                                a href={ (here) "/items" } { "Map and table" } " "
                                a href={ (here) "/items?f=geojson" } { "GeoJSON" } " "
                                a href={ (here) "/items?f=csv" } { "CSV" }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the features of a layer are, for people.
pub fn geometry(collection: &Collection) -> &'static str {
    match collection.geometry {
        GeometryKind::Point => "points",
        GeometryKind::MultiPolygon => "areas",
    }
}

/// The page of `/collections`.
pub fn page(app: &App, base: &str, links: &[Link]) -> Body {
    let notices: Vec<_> =
        app.service.standing_notices().into_iter().chain(app.service.synthetic_notice()).collect();
    let frame = Frame {
        service: &app.service,
        base,
        title: "Layers",
        step: "Layers",
        trail: &[],
        notices: &notices,
        attribution: None,
        links,
    };
    frame.around(&html! {
        p.lead { "Every layer, as a map and a table here, and in the formats of GIS and dashboards." }
        section { h2 { "Boundaries and incidents" } (others(base, app)) }
        @for group in by_priority(app) {
            section { h2 { (group.title) } (table(base, &group.layers)) }
        }
    })
}
