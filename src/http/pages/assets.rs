//! The files that pages load. Their names hold a digest of their content, so that they may be kept for good.

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Bytes},
};
use utoipa_swagger_ui::Config;

use crate::http::{etag::digest, problem::Problem, query::Query};

/// What of the description's page comes with its crate.
const OF_SWAGGER_UI: [&str; 4] =
    ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "swagger-initializer.js"];

/// Clients keep it for a year without asking.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";

struct Asset {
    /// As it is called here: `pages.css`.
    name: &'static str,
    /// As it is asked for: `pages.0f3c….css`.
    file: String,
    media_type: &'static str,
    bytes: Bytes,
}

impl Asset {
    fn new(name: &'static str, bytes: Bytes) -> Self {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let mut digest = digest([&bytes]);
        digest.truncate(16);
        let media_type = match extension {
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            _ => "text/javascript; charset=utf-8",
        };
        Self { name, file: format!("{stem}.{digest}.{extension}"), media_type, bytes }
    }
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let own = [
        ("pages.css", include_str!("../../../assets/pages.css")),
        ("icon.svg", include_str!("../../../assets/icon.svg")),
    ];
    let own = own.map(|(name, text)| Asset::new(name, Bytes::from_static(text.as_bytes())));
    // Relative to the page, which stands beside it; and nobody else is asked whether it is valid.
    let config = Arc::new(
        Config::new(["api"])
            .validator_url("none")
            .doc_expansion("none")
            .default_models_expand_depth(-1)
            .filter(true)
            .use_base_layout(),
    );
    let of_swagger_ui = OF_SWAGGER_UI.iter().filter_map(|name| {
        let file = utoipa_swagger_ui::serve(name, Arc::clone(&config)).ok()??;
        let bytes = match file.bytes {
            Cow::Borrowed(bytes) => Bytes::copy_from_slice(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        Some(Asset::new(name, bytes))
    });
    own.into_iter().chain(of_swagger_ui).collect()
});

/// The address of a file by the name it has here.
pub fn address(base: &str, name: &str) -> String {
    let file = ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| asset.file.as_str());
    format!("{base}/assets/{file}")
}

/// `GET /assets/{file}`.
pub async fn asset(request: HttpRequest, file: web::Path<String>) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let asset = ASSETS
        .iter()
        .find(|asset| asset.file == *file)
        .ok_or_else(|| Problem::not_found("no page loads a file of that name"))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, IMMUTABLE))
        .content_type(asset.media_type)
        .body(asset.bytes.clone()))
}
