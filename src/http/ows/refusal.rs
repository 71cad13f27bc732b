//! Why a request to WMS or WMTS is not answered, before it is written as either wants it.

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};

use crate::{
    http::{negotiate::Format, problem::Problem},
    model::Invalid,
    render::xml::Element,
};

/// Codes of exceptions: those of WMS (06-042 Table E.1) and of OWS Common (06-121r9 Table 27).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    InvalidFormat,
    InvalidCrs,
    LayerNotDefined,
    StyleNotDefined,
    InvalidPoint,
    InvalidDimensionValue,
    OperationNotSupported,
    MissingParameterValue,
    InvalidParameterValue,
    TileOutOfRange,
    PointIjOutOfRange,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Refusal {
    /// The request has a fault.
    Fault {
        /// What kind of fault.
        code: Code,
        /// The parameter that has it.
        place: String,
        /// What is wrong, in a sentence.
        text: String,
    },
    /// It is the service that cannot: it is busy, or has failed.
    Service(Problem),
}

impl Code {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFormat => "InvalidFormat",
            Self::InvalidCrs => "InvalidCRS",
            Self::LayerNotDefined => "LayerNotDefined",
            Self::StyleNotDefined => "StyleNotDefined",
            Self::InvalidPoint => "InvalidPoint",
            Self::InvalidDimensionValue => "InvalidDimensionValue",
            Self::OperationNotSupported => "OperationNotSupported",
            Self::MissingParameterValue => "MissingParameterValue",
            Self::InvalidParameterValue => "InvalidParameterValue",
            Self::TileOutOfRange => "TileOutOfRange",
            Self::PointIjOutOfRange => "PointIJOutOfRange",
        }
    }
}

impl Refusal {
    /// A fault of one parameter.
    pub fn new(code: Code, place: &str, fault: &Invalid) -> Self {
        Self::Fault { code, place: place.to_owned(), text: format!("{place} {fault}") }
    }

    /// A value that is not one of a list.
    pub fn not_one_of(code: Code, place: &str, value: &str, known: &[&str]) -> Self {
        Self::new(code, place, &Invalid::new(value, format!("one of: {}", known.join(", "))))
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        if problem.status_code() >= StatusCode::INTERNAL_SERVER_ERROR {
            return Self::Service(problem);
        }
        Self::Fault { code: Code::InvalidParameterValue, place: String::new(), text: problem.to_string() }
    }
}

/// The answer to a request with a fault, told by a document.
pub fn refused(status: StatusCode, report: &Element) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type(Format::Xml.media_type())
        .body(report.document())
}
