//! What people see: every document of the service as a page.
//!
//! A page is made from the same answer as its JSON. It loads files of this service and nothing else, runs no
//! script of its own, and is put together by `maud`, which escapes every text.

pub mod api;
mod assets;
mod clients;
pub mod collection;
pub mod collections;
pub mod conformance;
pub mod dashboard;
pub mod fields;
pub(super) mod frame;
pub mod item;
pub mod items;
pub mod landing;
mod map;
mod text;

use actix_web::web;

use super::readable;

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/assets/{file}", web::route().to(assets::asset)))
        .service(readable("/dashboard", web::route().to(dashboard::page)))
        .service(readable("/dashboard/settings.json", web::route().to(dashboard::settings)))
        .service(readable("/dashboard/assets/{file}", web::route().to(dashboard::asset)));
}
