//! Which form an answer takes: `f=` first, then `Accept`.

use actix_web::{
    HttpRequest,
    http::{StatusCode, header},
};

use super::{problem::Problem, query::Query};

/// A form that an answer can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain JSON.
    Json,
    /// GeoJSON (RFC 7946).
    GeoJson,
    /// Comma-separated values (RFC 4180).
    Csv,
    /// Server-sent events: how far a computation is, and then its JSON.
    Events,
}

impl Format {
    /// The word for it in `f=`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::GeoJson => "geojson",
            Self::Csv => "csv",
            Self::Events => "events",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GeoJson => "application/geo+json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Events => "text/event-stream",
        }
    }

    fn essence(self) -> &'static str {
        self.media_type().split(';').next().unwrap_or_default()
    }
}

/// Picks one of `offered`, the first of which is the default.
///
/// # Errors
/// 406 when `Accept` allows none of them; a faulty `f=` is noted in `query`.
pub fn format(request: &HttpRequest, query: &mut Query, offered: &[Format]) -> Result<Format, Problem> {
    let words: Vec<_> = offered.iter().map(|format| (format.word(), *format)).collect();
    if let Some(asked) = query.choice("f", &words) {
        return Ok(asked);
    }
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    let best = accept
        .split(',')
        .filter_map(|entry| preference(entry, offered))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    best.map(|(_, index)| offered[index]).ok_or_else(|| {
        let types: Vec<_> = offered.iter().map(|format| format.essence()).collect();
        let detail = format!("this address answers {}, not '{accept}'", types.join(", "));
        Problem::new(StatusCode::NOT_ACCEPTABLE, "Not acceptable", detail)
    })
}

/// Quality and index of the first offered format that an entry of `Accept` allows.
fn preference(entry: &str, offered: &[Format]) -> Option<(f32, usize)> {
    let mut parts = entry.split(';').map(str::trim);
    let range = parts.next()?;
    let quality = parts
        .find_map(|parameter| parameter.strip_prefix("q="))
        .map_or(Some(1.0), |text| text.parse::<f32>().ok())
        .filter(|quality| *quality > 0.0)?;
    let index = offered.iter().position(|format| {
        let essence = format.essence();
        // GeoJSON is JSON: GDAL asks for `application/json` and means it.
        let is_json = format == &Format::GeoJson && range == Format::Json.essence();
        range == "*/*"
            || range == essence
            || is_json
            || range.strip_suffix("/*").is_some_and(|kind| essence.split('/').next() == Some(kind))
    })?;
    Some((quality, index))
}
