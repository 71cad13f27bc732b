//! Exceptions as WMS has them (06-042 §6.11, Annex E.2).

use actix_web::{HttpResponse, http::StatusCode};

use super::request::Version;
use crate::{
    http::{
        ows::{Refusal, refused},
        problem::Problem,
    },
    render::xml::Element,
};

/// The answer to a request that is refused: 400 with a report. `OWSLib` and GDAL read it there as they would with 200.
///
/// # Errors
/// What is the service's own fault.
pub fn answer(refusal: Refusal, version: Version) -> Result<HttpResponse, Problem> {
    let (code, place, text) = match refusal {
        Refusal::Fault { code, place, text } => (code.as_str(), place, text),
        Refusal::Service(problem) => return Err(problem),
    };
    // 1.1.1 has an older name for it.
    let code = if version == Version::V111 && code == "InvalidCRS" { "InvalidSRS" } else { code };
    let mut exception = Element::of("ServiceException", text).with("code", code);
    if !place.is_empty() && version == Version::V130 {
        exception = exception.with("locator", place);
    }
    let report = Element::new("ServiceExceptionReport").with("version", version.as_str());
    let report = match version {
        Version::V130 => report.with("xmlns", "http://www.opengis.net/ogc"),
        Version::V111 => report,
    };
    Ok(refused(StatusCode::BAD_REQUEST, &report.child(exception)))
}
