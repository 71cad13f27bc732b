//! The dashboard: the page that is built in `web/` and comes with the program.

use std::{collections::BTreeMap, io::Write, sync::LazyLock};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentEncoding},
    web::{self, Bytes},
};
use flate2::{Compression, write::GzEncoder};
use rust_embed::RustEmbed;
use serde::Serialize;

use super::assets::IMMUTABLE;
use crate::http::{App, etag::CACHE_CONTROL, held::takes_gzip, problem::Problem, query::Query};

/// What `npm run build` makes of `web/`. It may be missing where only the service was built.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Built;

/// A tiled map of the world below the layers, from a service elsewhere.
#[derive(Clone, Debug, Serialize)]
pub struct Basemap {
    /// The address of its tiles, with `{z}`, `{x}` and `{y}`.
    pub tiles: String,
    /// Whose map it is, as its terms ask for.
    pub attribution: String,
    /// The greatest zoom that it has.
    pub maxzoom: u8,
}

impl Basemap {
    /// `https://tile.example.org` of its address, which pages are then allowed to ask; `None` for what is no address.
    pub fn origin(&self) -> Option<String> {
        let (scheme, rest) =
            self.tiles.split_once("://").filter(|(scheme, _)| ["http", "https"].contains(scheme))?;
        let host = rest.split('/').next().filter(|host| !host.is_empty())?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b);
        host.bytes().all(plain).then(|| format!("{scheme}://{host}"))
    }
}

struct File {
    media_type: &'static str,
    plain: Bytes,
    gzipped: Option<Bytes>,
}

static FILES: LazyLock<BTreeMap<String, File>> = LazyLock::new(|| {
    let read = |name: std::borrow::Cow<'static, str>| {
        let plain = Bytes::from(Built::get(&name)?.data.into_owned());
        let media_type = media_type(&name);
        let gzipped = smaller(&plain).filter(|_| !media_type.starts_with("image/png"));
        Some((name.into_owned(), File { media_type, plain, gzipped }))
    };
    Built::iter().filter_map(read).collect()
});

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

fn smaller(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 3), Compression::best());
    encoder.write_all(plain).ok()?;
    let gzipped = encoder.finish().ok()?;
    (gzipped.len() < plain.len()).then(|| gzipped.into())
}

fn respond(
    request: &HttpRequest,
    file: &File,
    cache_control: &'static str,
    policy: Option<String>,
) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CACHE_CONTROL, cache_control))
        .insert_header(("Referrer-Policy", "no-referrer"))
        .content_type(file.media_type);
    if let Some(policy) = policy {
        response.insert_header((header::CONTENT_SECURITY_POLICY, policy));
    }
    match file.gzipped.as_ref().filter(|_| takes_gzip(request)) {
        Some(gzipped) => response.insert_header(ContentEncoding::Gzip).body(gzipped.clone()),
        None => response.insert_header(ContentEncoding::Identity).body(file.plain.clone()),
    }
}

/// Everything is from here, but for the tiles of a base map; the map works in a worker that it makes itself.
fn policy(app: &App) -> String {
    let elsewhere = app.basemap.as_ref().and_then(Basemap::origin).map(|origin| format!(" {origin}"));
    let elsewhere = elsewhere.unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{elsewhere}; \
         connect-src 'self'{elsewhere}; worker-src 'self' blob:; font-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

/// `GET /dashboard`. Its parameters are those of the page: the view that it shows.
pub async fn page(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let file = FILES.get("index.html").ok_or_else(|| {
        Problem::not_found("this program was built without its dashboard; `make build` builds both")
    })?;
    Ok(respond(&request, file, CACHE_CONTROL, Some(policy(&app))))
}

/// `GET /dashboard/assets/{file}`. Names hold a digest of the content, so that files may be kept for good.
pub async fn asset(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let file = FILES
        .get(&format!("assets/{name}"))
        .ok_or_else(|| Problem::not_found("the dashboard has no file of that name"))?;
    Ok(respond(&request, file, IMMUTABLE, None))
}

/// What the dashboard is told by whoever runs the service.
#[derive(Serialize)]
struct Settings<'a> {
    basemap: Option<&'a Basemap>,
}

/// `GET /dashboard/settings.json`.
pub async fn settings(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let settings = Settings { basemap: app.basemap.as_ref() };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(settings))
}

/// Reads and compresses the files of the dashboard, a fifth of a second of work that the first reader would wait for.
pub fn prepare() {
    LazyLock::force(&FILES);
}

/// Whether the program has a dashboard.
pub fn is_built() -> bool {
    FILES.contains_key("index.html")
}
