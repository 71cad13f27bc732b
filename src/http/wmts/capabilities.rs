//! `GetCapabilities` (07-057r7 §7.1).

use actix_web::{HttpRequest, HttpResponse, web};

use super::matrix::{Matrix, MatrixSet, SETS, TILE_PX};
use crate::{
    http::{
        App,
        answer::answer as answer_with,
        negotiate::Format,
        ows::{InfoFormat, Listed, Months, Refusal, keywords, listed, style_title},
        problem::Problem,
    },
    render::xml::Element,
};

/// Answers it.
pub async fn answer(request: &HttpRequest, app: &web::Data<App>) -> Result<HttpResponse, Refusal> {
    let (shared, base) = (app.clone(), app.base(request));
    let answer = answer_with(request, app, Format::Xml, move |_, _| {
        Ok::<_, Problem>(document(&shared, &base).document().into_bytes())
    });
    Ok(answer.await?)
}

fn document(app: &App, base: &str) -> Element {
    let contents = Element::new("Contents")
        .children(listed(app).iter().map(|known| layer(known, base)))
        .children(SETS.map(matrix_set));
    let address = format!("{base}/wmts/1.0.0/WMTSCapabilities.xml");
    Element::new("Capabilities")
        .with("xmlns", "http://www.opengis.net/wmts/1.0")
        .with("xmlns:ows", "http://www.opengis.net/ows/1.1")
        .with("xmlns:xlink", "http://www.w3.org/1999/xlink")
        .with("version", "1.0.0")
        .child(service(app))
        .child(operations(base))
        .child(contents)
        .child(Element::new("ServiceMetadataURL").with("xlink:href", address))
}

fn service(app: &App) -> Element {
    Element::new("ows:ServiceIdentification")
        .child(Element::of("ows:Title", format!("Crime hotspots of {}", app.service.boundaries().name)))
        .child(Element::of("ows:ServiceType", "OGC WMTS"))
        .child(Element::of("ows:ServiceTypeVersion", "1.0.0"))
        .child(Element::of("ows:Fees", "none"))
        .child(Element::of("ows:AccessConstraints", "none"))
}

fn operations(base: &str) -> Element {
    let get = |address: String, encoding: &str| {
        let values = Element::new("ows:AllowedValues").child(Element::of("ows:Value", encoding));
        let constraint = Element::new("ows:Constraint").with("name", "GetEncoding").child(values);
        Element::new("ows:Get").with("xlink:href", address).child(constraint)
    };
    let operation = |name: &str| {
        let http = Element::new("ows:HTTP").child(get(format!("{base}/wmts?"), "KVP"));
        Element::new("ows:Operation").with("name", name).child(Element::new("ows:DCP").child(http))
    };
    Element::new("ows:OperationsMetadata").children(super::OPERATIONS.map(operation))
}

fn layer(known: &Listed<'_>, base: &str) -> Element {
    let collection = known.collection;
    let (min, max) = (known.bounds.min(), known.bounds.max());
    let corner = |name, at: geo_types::Coord| Element::of(name, format!("{:.7} {:.7}", at.x, at.y));
    let bounds = Element::new("ows:WGS84BoundingBox")
        .child(corner("ows:LowerCorner", min))
        .child(corner("ows:UpperCorner", max));
    let styles = collection.styles.iter().enumerate().map(|(number, style)| {
        let legend = format!(
            "{base}/wms?SERVICE=WMS&REQUEST=GetLegendGraphic&FORMAT=image/png&LAYER={}&STYLE={style}",
            collection.id
        );
        Element::new("Style")
            .with("isDefault", number == 0)
            .child(Element::of("ows:Title", style_title(style)))
            .child(Element::of("ows:Identifier", *style))
            .child(Element::new("LegendURL").with("format", "image/png").with("xlink:href", legend))
    });
    let time = if known.time.is_some() { "{Time}/" } else { "" };
    let template = format!(
        "{base}/wmts/{}/{{Style}}/{time}{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png",
        collection.id
    );
    Element::new("Layer")
        .child(Element::of("ows:Title", &collection.title))
        .child(Element::of("ows:Abstract", &known.summary))
        .child(keywords("ows:Keywords", "ows:Keyword", collection))
        .child(bounds)
        .child(Element::of("ows:Identifier", &collection.id))
        .children(styles)
        .child(Element::of("Format", "image/png"))
        .children(InfoFormat::ALL.map(|(name, _)| Element::of("InfoFormat", name)))
        .children(known.time.map(dimension))
        .children(
            SETS.map(|set| Element::new("TileMatrixSetLink").child(Element::of("TileMatrixSet", set.id))),
        )
        .child(
            Element::new("ResourceURL")
                .with("format", "image/png")
                .with("resourceType", "tile")
                .with("template", template),
        )
}

/// The months, and `default` for those that are shown unasked: a span has no place in an address.
fn dimension(months: Months) -> Element {
    let values = std::iter::once("default".to_owned()).chain(months.all().map(|month| month.to_string()));
    Element::new("Dimension")
        .child(Element::of("ows:Identifier", "Time"))
        .child(Element::of("ows:UOM", "ISO8601"))
        .child(Element::of("Default", "default"))
        .child(Element::of("Current", "true"))
        .children(values.map(|value| Element::of("Value", value)))
}

fn matrix_set(set: MatrixSet) -> Element {
    Element::new("TileMatrixSet")
        .child(Element::of("ows:Identifier", set.id))
        .child(Element::of("ows:SupportedCRS", set.urn))
        .children(set.scales.map(|scales| Element::of("WellKnownScaleSet", scales)))
        .children(set.matrices().map(matrix))
}

fn matrix(matrix: Matrix) -> Element {
    let (columns, rows) = matrix.size();
    let origin = matrix.set.origin;
    Element::new("TileMatrix")
        .child(Element::of("ows:Identifier", matrix.level.to_string()))
        .child(Element::of("ScaleDenominator", matrix.scale_denominator().to_string()))
        .child(Element::of("TopLeftCorner", format!("{} {}", origin.x, origin.y)))
        .child(Element::of("TileWidth", TILE_PX.to_string()))
        .child(Element::of("TileHeight", TILE_PX.to_string()))
        .child(Element::of("MatrixWidth", columns.to_string()))
        .child(Element::of("MatrixHeight", rows.to_string()))
}
