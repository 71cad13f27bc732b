//! Bodies of JSON that are read whole.

use actix_web::{
    HttpRequest,
    http::{StatusCode, header},
    web::{self, Bytes},
};

use super::problem::Problem;
use crate::model::Invalid;

/// The bytes of a body that says of itself that it is JSON; `what` it is to hold is told where it does not.
///
/// # Errors
/// 415 for another media type, 413 for more than `most_bytes`, 400 for a body that breaks off.
pub async fn json_body(
    request: &HttpRequest,
    payload: web::Payload,
    most_bytes: usize,
    what: &str,
) -> Result<Bytes, Problem> {
    let media =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = media.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        let detail = format!("{what} is application/json, not '{media}'");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported media type", detail));
    }
    payload
        .to_bytes_limited(most_bytes)
        .await
        .map_err(|_over| {
            let detail = format!("{what} has at most {most_bytes} bytes; send it in parts");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "Too large", detail)
        })?
        .map_err(|error| Problem::invalid("body", Invalid::new("", format!("it cannot be read: {error}"))))
}
