//! `GET /collections/{collection}/dggs/H3/zones`: the zones that a hex layer has cells for.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    hex_layer, known_grid,
    zones::{FORMATS, compact, encode},
};
use crate::{
    analysis::hex::{HexResolution, Zone},
    feature::Features,
    http::{
        App,
        answer::answer,
        layer,
        negotiate::{self},
        parameters::Address,
        problem::Problem,
        query::Query,
    },
    model::Invalid,
    service::collection::{Choice, LayerMethod, LayerQuestion},
};

/// Answers it.
pub async fn layer_zones(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let collection = hex_layer(&query, &app, &path.0)?;
    known_grid(&path.1)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    let mut question = layer::question(&mut query, &app.service, &collection);
    if let Some(level) = query.parse::<HexResolution>("zone-level") {
        at_level(&mut question, level, &mut query, "zone-level");
    }
    let windows = layer::window(&mut query).map(|window| (window.parts, window.crs.plane()));
    let choice = Choice { windows, ..layer::choice(&mut query, &collection) };
    let parent = query.parse::<Zone>("parent-zone");
    let compact = compact(&mut query);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    answer(&request, &app, format, move |service, snapshot| {
        let made = service.dataset(&collection, &question, snapshot)?;
        let features: &dyn Features = made.features.as_ref();
        let zones = match service.chosen(&made, &collection, &question, &choice, snapshot) {
            Some(rows) => zones_of(features, rows.iter().map(|row| *row as usize)),
            None => zones_of(features, 0..features.len()),
        };
        let zones = zones.into_iter().map(|(zone, _)| zone);
        let wanted = zones.filter(|zone| parent.is_none_or(|parent| parent.holds(*zone)));
        encode(wanted.collect(), compact, format, &address)
    })
    .await
}

/// Asks for a layer at a level; a fault where `resolution` says another.
pub(super) fn at_level(question: &mut LayerQuestion, level: HexResolution, query: &mut Query, from: &str) {
    let LayerMethod::Hex { resolution, .. } = &mut question.method else { return };
    if let Some(other) = resolution.filter(|other| *other != level) {
        let rule = format!("{} as it follows from {from}, or nothing", level.get());
        query.fault("resolution", Invalid::new(other.get(), rule));
    }
    *resolution = Some(level);
}

/// The zones of some rows of a hex layer, in their order, with the rows.
pub(super) fn zones_of(features: &dyn Features, rows: impl Iterator<Item = usize>) -> Vec<(Zone, usize)> {
    let mut zones: Vec<_> = rows.filter_map(|row| Some((features.id(row).parse().ok()?, row))).collect();
    zones.sort_unstable();
    zones
}
