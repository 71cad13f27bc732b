//! Which form an answer takes: `f=` first, then `Accept`.

use actix_web::{
    HttpRequest,
    http::{StatusCode, header},
};

use super::{problem::Problem, query::Query};

/// A form that an answer can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain JSON.
    Json,
    /// GeoJSON (RFC 7946).
    GeoJson,
    /// Comma-separated values (RFC 4180).
    Csv,
    /// Server-sent events: how far a computation is, and then its JSON.
    Events,
    /// A page for people.
    Html,
    /// A JSON Schema document.
    Schema,
    /// An `OpenAPI` 3.0 document in JSON.
    OpenApi,
    /// `FlatGeobuf`.
    FlatGeobuf,
    /// A `GeoPackage` file.
    GeoPackage,
    /// A vector tile (Mapbox Vector Tile 2.1).
    VectorTile,
    /// A picture.
    Png,
    /// A drawing.
    Svg,
    /// A Cloud Optimized `GeoTIFF`.
    GeoTiff,
    /// XML.
    Xml,
    /// Plain text.
    Text,
    /// A style of `MapLibre` and Mapbox.
    MapLibre,
    /// A Styled Layer Descriptor 1.0.
    Sld10,
    /// A Styled Layer Descriptor 1.1 with Symbology Encoding.
    Sld11,
    /// A style of QGIS.
    Qml,
    /// A workbook of Excel.
    Xlsx,
    /// An archive of CSV files.
    Zip,
}

impl Format {
    /// The word for it in `f=`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json | Self::Schema | Self::OpenApi => "json",
            Self::GeoJson => "geojson",
            Self::Csv => "csv",
            Self::Events => "events",
            Self::Html => "html",
            Self::FlatGeobuf => "fgb",
            Self::GeoPackage => "gpkg",
            Self::VectorTile => "mvt",
            Self::Png => "png",
            Self::Svg => "svg",
            Self::GeoTiff => "tiff",
            Self::Xml => "xml",
            Self::Text => "txt",
            Self::MapLibre => "maplibre",
            Self::Sld10 => "sld10",
            Self::Sld11 => "sld11",
            Self::Qml => "qml",
            Self::Xlsx => "xlsx",
            Self::Zip => "zip",
        }
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::GeoJson => "GeoJSON",
            Self::Csv => "CSV",
            Self::Events => "events",
            Self::Html => "a page",
            Self::Schema => "JSON Schema",
            Self::OpenApi => "OpenAPI 3.0",
            Self::FlatGeobuf => "FlatGeobuf",
            Self::GeoPackage => "GeoPackage",
            Self::VectorTile => "a vector tile",
            Self::Png => "PNG",
            Self::Svg => "SVG",
            Self::GeoTiff => "GeoTIFF",
            Self::Xml => "XML",
            Self::Text => "plain text",
            Self::MapLibre => "MapLibre style",
            Self::Sld10 => "SLD 1.0",
            Self::Sld11 => "SLD 1.1",
            Self::Qml => "QGIS style",
            Self::Xlsx => "Excel workbook",
            Self::Zip => "zip archive of CSV",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GeoJson => "application/geo+json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Events => "text/event-stream",
            Self::Html => "text/html; charset=utf-8",
            Self::Schema => "application/schema+json",
            Self::OpenApi => "application/vnd.oai.openapi+json;version=3.0",
            Self::FlatGeobuf => "application/flatgeobuf",
            Self::GeoPackage => "application/geopackage+sqlite3",
            Self::VectorTile => "application/vnd.mapbox-vector-tile",
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
            Self::GeoTiff => "image/tiff; application=geotiff; profile=cloud-optimized",
            Self::Xml => "text/xml; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::MapLibre => "application/vnd.mapbox.style+json",
            Self::Sld10 => "application/vnd.ogc.sld+xml;version=1.0",
            Self::Sld11 => "application/vnd.ogc.sld+xml;version=1.1",
            Self::Qml => "application/vnd.qgis.qml",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Zip => "application/zip",
        }
    }

    /// Whether its bytes become fewer when they are compressed once more.
    pub const fn compresses(self) -> bool {
        !matches!(self, Self::Png | Self::GeoTiff | Self::Events | Self::Xlsx | Self::Zip)
    }

    /// Whether it is what clients mean that ask for `application/json`.
    const fn is_json(self) -> bool {
        matches!(self, Self::GeoJson | Self::Schema | Self::OpenApi | Self::MapLibre)
    }

    /// Its media type without parameters.
    pub fn essence(self) -> &'static str {
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
    // Of formats that differ in a parameter of their type alone, the one that is named.
    let given = || entry.split(';').map(str::trim).filter(|part| !part.starts_with("q="));
    let named = |format: &Format| {
        let mut given = given();
        format.media_type().split(';').map(str::trim).all(|part| given.next() == Some(part))
    };
    if given().count() > 1
        && let Some(index) = offered.iter().position(named)
    {
        return Some((quality, index));
    }
    let index = offered.iter().position(|format| {
        let essence = format.essence();
        // GeoJSON is JSON: GDAL asks for `application/json` and means it.
        let is_json = format.is_json() && range == Format::Json.essence();
        range == "*/*"
            || range == essence
            || is_json
            || range.strip_suffix("/*").is_some_and(|kind| essence.split('/').next() == Some(kind))
    })?;
    Some((quality, index))
}
