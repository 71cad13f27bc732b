//! `GET /styles/{style}`: a style in one of its encodings, by `f=`, by `Accept`, or by the extension of the
//! address: `/styles/burglary-hex.qml`.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{ENCODINGS, beside, name::Named, titled};
use crate::{
    feature::Plane,
    http::{
        App,
        answer::{answer, json},
        layer,
        negotiate::{self, Format},
        parameters::Address,
        problem::Problem,
        query::Query,
    },
    render::style::{
        Styled, Version,
        maplibre::{Beside, Source, style},
        qml::qml,
        sld,
    },
    service::collection::Dataset,
};

/// Extensions, which no style's name ends with.
const EXTENSIONS: [(&str, Format); 3] =
    [(".json", Format::MapLibre), (".sld", Format::Sld10), (".qml", Format::Qml)];

/// Most features that a style takes as `GeoJSON`, which is all that one address gives.
const MOST_FEATURES: &str = "10000";

/// Answers it.
pub async fn sheet(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let by_extension = EXTENSIONS.iter().find_map(|(end, format)| Some((id.strip_suffix(end)?, *format)));
    let (id, format) = match by_extension {
        Some((id, format)) => (id, Ok(format)),
        None => (id.as_str(), negotiate::format(&request, &mut query, &ENCODINGS)),
    };
    let named = Named::read(&query, &app, id)?;
    let question = layer::question(&mut query, &app.service, &named.collection);
    let tiled = query.choice("data", &[("tiles", true), ("items", false)]).unwrap_or(true);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    answer(&request, &app, format, move |service, snapshot| {
        let made = service.dataset(&named.collection, &question, snapshot)?;
        encoded(&named, &made, format, tiled, &address)
    })
    .await
}

fn encoded(
    named: &Named,
    made: &Dataset,
    format: Format,
    tiled: bool,
    address: &Address,
) -> Result<Vec<u8>, Problem> {
    let collection = &named.collection;
    let symbology = made
        .symbology(Some(named.style))
        .ok_or_else(|| Problem::not_found(format!("{} is not drawn in that style", collection.id)))?;
    let title = titled(&collection.title, made);
    let styled = Styled { collection: &collection.id, title: &title, symbology };
    match format {
        Format::Sld10 => Ok(sld(&styled, Version::V1_0).into_bytes()),
        Format::Sld11 => Ok(sld(&styled, Version::V1_1).into_bytes()),
        Format::Qml => Ok(qml(&styled).into_bytes()),
        _ => json(&style(&styled, &around(named, made, tiled, address))),
    }
}

/// What a `MapLibre` style leads to.
fn around<'a>(named: &Named, made: &'a Dataset, tiled: bool, address: &Address) -> Beside<'a> {
    let id = &named.collection.id;
    let source = if tiled {
        Source::Tiles(beside(address, &format!("/tiles/{id}/tilejson.json"), made, &[]))
    } else {
        let most = [("limit", MOST_FEATURES)];
        Source::GeoJson(beside(address, &format!("/collections/{id}/items"), made, &most))
    };
    let legend = [("style", named.style), ("f", Format::Svg.word())];
    Beside {
        source,
        legend: beside(address, &format!("/collections/{id}/legend"), made, &legend),
        notices: &made.notices,
        attribution: made.attribution.as_deref(),
        bounds: made.features.bounds(Plane::Degrees),
    }
}
