//! Errors on the wire: RFC 9457 problem documents. The only place where an error becomes HTTP.

use std::fmt;

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use serde::Serialize;

use crate::{model::Invalid, service::QuestionError, service::gate::GateError};

/// A problem document and its status.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: &'static str,
    status: StatusCode,
    title: &'static str,
    detail: String,
    errors: Vec<FieldFault>,
    allow: Option<&'static str>,
    retry_after_s: Option<u32>,
}

/// What is wrong with one part of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldFault {
    /// Where it stands: a query parameter, a path segment, a header or a member of the body.
    pub place: String,
    /// The value as given.
    pub value: String,
    /// The rule it breaks.
    pub rule: String,
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldFault],
}

impl Problem {
    /// A problem with one sentence of detail.
    pub fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            status,
            title,
            detail: detail.into(),
            errors: Vec::new(),
            allow: None,
            retry_after_s: None,
        }
    }

    /// The same with the address that a standard names this kind of problem by (RFC 9457 §3.1.1).
    #[must_use]
    pub const fn of_kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// What is wrong, in words a person can act on.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// 400 with every fault of the request.
    pub fn bad_request(errors: Vec<FieldFault>) -> Self {
        let detail = errors
            .iter()
            .map(|fault| format!("{} '{}': {}", fault.place, fault.value, fault.rule))
            .collect::<Vec<_>>()
            .join("; ");
        Self { errors, ..Self::new(StatusCode::BAD_REQUEST, "The request has faults", detail) }
    }

    /// 400 about one place.
    pub fn invalid(place: &str, fault: Invalid) -> Self {
        Self::bad_request(vec![FieldFault { place: place.to_owned(), value: fault.value, rule: fault.rule }])
    }

    /// 404 with what exists instead.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found", detail)
    }

    /// 405 with the methods that are allowed.
    pub fn method_not_allowed(allow: &'static str) -> Self {
        let detail = format!("this address answers {allow}");
        Self { allow: Some(allow), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", detail) }
    }

    /// 503 for what can be asked again in a moment.
    pub fn busy(detail: impl Into<String>) -> Self {
        Self { retry_after_s: Some(2), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "Busy", detail) }
    }

    /// The document, as JSON.
    pub fn document(&self) -> String {
        let document = Document {
            r#type: self.kind,
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            errors: &self.errors,
        };
        // A struct of strings and numbers always becomes JSON.
        serde_json::to_string(&document).unwrap_or_default()
    }

    /// 500: the cause goes to the log, the client gets a fixed text.
    pub fn internal(cause: &dyn std::error::Error) -> Self {
        let mut chain = cause.to_string();
        let mut source = cause.source();
        while let Some(inner) = source {
            chain.push_str(": ");
            chain.push_str(&inner.to_string());
            source = inner.source();
        }
        tracing::error!(cause = %chain, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal error",
            "the service failed; its log names the cause under the X-Request-Id of this answer",
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(allow) = self.allow {
            response.insert_header((header::ALLOW, allow));
        }
        if let Some(seconds) = self.retry_after_s {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        response.content_type("application/problem+json").body(self.document())
    }
}

impl From<GateError> for Problem {
    fn from(error: GateError) -> Self {
        match error {
            GateError::Full => Self::busy(error.to_string()),
            GateError::Panicked => Self::internal(&error),
        }
    }
}

impl From<QuestionError> for Problem {
    fn from(error: QuestionError) -> Self {
        match error {
            QuestionError::Unknown { .. } | QuestionError::Retired { .. } | QuestionError::NoIncidents => {
                Self::not_found(error.to_string())
            }
            QuestionError::Invalid { place, fault } => Self::invalid(place, fault),
            QuestionError::Gone { .. } => Self::new(StatusCode::GONE, "Gone", error.to_string()),
            // Nobody reads it: work is stopped when who asked is gone.
            QuestionError::Stopped => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "Stopped", error.to_string())
            }
            QuestionError::Unanswerable { detail } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Not to be answered from these incidents", detail)
            }
            QuestionError::Store(cause) => match cause {
                crate::store::StoreError::Busy => Self {
                    retry_after_s: Some(10),
                    ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "Busy", cause.to_string())
                },
                cause @ crate::store::StoreError::Unreachable { .. } => {
                    tracing::error!(%cause, "the store does not answer");
                    Self {
                        retry_after_s: Some(10),
                        ..Self::new(
                            StatusCode::SERVICE_UNAVAILABLE,
                            "Store unreachable",
                            "the store cannot be reached; questions are answered from what was read before",
                        )
                    }
                }
                other => Self::internal(&other),
            },
        }
    }
}
