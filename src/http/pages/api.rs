//! The description of the service, to be read and tried.

use maud::html;

use super::frame::Frame;
use crate::{http::answer::Body, service::Service};

/// The page of `/api.html`.
pub fn page(service: &Service, base: &str) -> Body {
    let frame = Frame {
        service,
        base,
        title: "API",
        step: "API",
        trail: &[],
        notices: &[],
        attribution: None,
        links: &[],
    };
    let content = html! {
        h1 { "API" }
        p.lead {
            "Every address with its parameters. For programs: "
            a href={ (base) "/api" } { "OpenAPI 3.0 in JSON" }
            ", or "
            a href={ (base) "/openapi.yaml" } { "in YAML" }
            " with the layer left open."
        }
        div #swagger-ui { p { "This page needs JavaScript; the documents above do not." } }
    };
    frame.around_program(
        &["swagger-ui.css"],
        &["swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "swagger-initializer.js"],
        &content,
    )
}
