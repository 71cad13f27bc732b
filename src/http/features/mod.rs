//! OGC API – Features: collections, their features, and what can be asked of them.
//!
//! Part 1 (17-069r4), Part 2 coordinate systems (18-058r1), Part 3 filtering (19-079r2) and Part 5 schemas (23-058r1).

mod conformance;
pub(super) mod document;
pub(super) mod item;
pub(super) mod items;
pub(super) mod links;
mod list;
pub(super) mod schema;

use actix_web::web;
pub(super) use document::{attribution, bounds, everywhere};
pub(super) use items::properties as chosen_properties;

use super::readable;
pub(super) use items::{Items, choice, properties};
pub(super) use links::link;

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/conformance", web::route().to(conformance::conformance)))
        .service(readable("/collections", web::route().to(list::all)))
        .service(readable("/collections/{collection}", web::route().to(list::one)))
        .service(readable("/collections/{collection}/queryables", web::route().to(schema::queryables)))
        .service(readable("/collections/{collection}/schema", web::route().to(schema::schema)))
        .service(readable("/collections/{collection}/items", web::route().to(items::items)))
        .service(readable("/collections/{collection}/items/{feature}", web::route().to(item::item)));
}
