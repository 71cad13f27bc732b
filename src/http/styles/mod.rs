//! OGC API – Styles (20-009, draft): every way to draw every layer, for every client, and legends.
//!
//! The styles of a layer that is computed take the layer's parameters: their classes are those of what was asked.

mod legend;
mod list;
mod metadata;
mod name;
mod sheet;

use actix_web::web;

use super::{
    negotiate::Format,
    parameters::{Address, PRIORITY_VERSION},
    readable,
};
use crate::service::collection::Dataset;

/// The encodings of a style, the default first.
const ENCODINGS: [Format; 4] = [Format::MapLibre, Format::Sld10, Format::Sld11, Format::Qml];

/// Parameters of styles and legends that the layer itself does not have.
const OWN: [&str; 4] = ["f", "style", "scale", "data"];

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/styles", web::route().to(list::all)))
        .service(readable("/styles/{style}", web::route().to(sheet::sheet)))
        .service(readable("/styles/{style}/metadata", web::route().to(metadata::metadata)))
        .service(readable("/collections/{collection}/styles", web::route().to(list::of_collection)))
        .service(readable("/collections/{collection}/legend", web::route().to(legend::legend)));
}

/// Where something else of a layer is that was made with the same parameters. The period and the version of the priority
/// are written out, so that what is fetched later has the same classes.
fn beside(address: &Address, path: &str, made: &Dataset, more: &[(&str, &str)]) -> String {
    let card = made.about.as_ref().map(|about| &about.card);
    let period = card.map(|card| card.period.to_string());
    let version = card.and_then(|card| card.priority_version).map(|version| version.to_string());
    let mut changes: Vec<(&str, &str)> = period.iter().map(|period| ("period", period.as_str())).collect();
    changes.extend(version.iter().map(|version| (PRIORITY_VERSION, version.as_str())));
    changes.extend_from_slice(more);
    address.elsewhere(path, &OWN, &changes)
}

/// The name of a layer for people, with the period of its incidents.
fn titled(collection: &str, made: &Dataset) -> String {
    match &made.about {
        None => collection.to_owned(),
        Some(about) => format!("{collection}, {}", about.card.period),
    }
}
