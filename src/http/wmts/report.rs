//! Exceptions as OWS Common has them (06-121r3 §8).

use actix_web::{HttpResponse, http::StatusCode};

use crate::{
    http::{
        ows::{Code, Refusal, refused},
        problem::Problem,
    },
    render::xml::Element,
};

/// The answer to parameters that are refused: 400 with a report.
///
/// # Errors
/// What is the service's own fault.
pub fn to_parameters(refusal: Refusal) -> Result<HttpResponse, Problem> {
    answer(refusal, |_, _| StatusCode::BAD_REQUEST)
}

/// The answer to an address that is refused: 404 where a part of it names nothing, 400 for a fault of its query.
///
/// # Errors
/// What is the service's own fault.
pub fn to_address(refusal: Refusal) -> Result<HttpResponse, Problem> {
    answer(refusal, |code, place| {
        let names_nothing = matches!(
            code,
            Code::LayerNotDefined
                | Code::StyleNotDefined
                | Code::TileOutOfRange
                | Code::InvalidDimensionValue
        );
        if names_nothing || place.starts_with("tile") {
            StatusCode::NOT_FOUND
        } else {
            StatusCode::BAD_REQUEST
        }
    })
}

fn answer(refusal: Refusal, status: impl Fn(Code, &str) -> StatusCode) -> Result<HttpResponse, Problem> {
    let (code, place, text) = match refusal {
        Refusal::Fault { code, place, text } => (code, place, text),
        Refusal::Service(problem) => return Err(problem),
    };
    let name = match code {
        Code::MissingParameterValue
        | Code::OperationNotSupported
        | Code::TileOutOfRange
        | Code::PointIjOutOfRange => code.as_str(),
        // The other codes are WMS's own.
        _ => Code::InvalidParameterValue.as_str(),
    };
    let mut exception = Element::new("ows:Exception").with("exceptionCode", name);
    if !place.is_empty() {
        exception = exception.with("locator", &place);
    }
    let report = Element::new("ows:ExceptionReport")
        .with("xmlns:ows", "http://www.opengis.net/ows/1.1")
        .with("version", "1.0.0")
        .with("xml:lang", "en")
        .child(exception.child(Element::of("ows:ExceptionText", text)));
    Ok(refused(status(code, &place), &report))
}
