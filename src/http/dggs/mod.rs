//! OGC API – DGGS, Part 1 (21-038r1): zones of H3, and the hex layers by zone.

mod data;
mod grid;
mod layer_zones;
mod zone;
mod zones;

use std::sync::Arc;

use actix_web::web;

use super::{App, layer, problem::Problem, query::Query, readable};
use crate::{
    analysis::hex::Zone,
    model::Invalid,
    service::collection::{Collection, CollectionKind},
};

/// The one grid there is.
const H3: &str = "H3";
/// What the grid is called in documents that are read elsewhere.
const H3_URI: &str = "[ogc-dggrs:H3]";

/// Relation of the list of grids.
pub(super) const LIST: &str = "[ogc-rel:dggrs-list]";

/// Further relations of the standard.
mod rel {
    pub const GRID: &str = "[ogc-rel:dggrs]";
    pub const DEFINITION: &str = "[ogc-rel:dggrs-definition]";
    pub const ZONES: &str = "[ogc-rel:dggrs-zone-query]";
    pub const ZONE: &str = "[ogc-rel:dggrs-zone-info]";
    pub const DATA: &str = "[ogc-rel:dggrs-zone-data]";
    pub const PARENT: &str = "[ogc-rel:dggrs-zone-parent]";
    pub const CHILD: &str = "[ogc-rel:dggrs-zone-child]";
    pub const NEIGHBOUR: &str = "[ogc-rel:dggrs-zone-neighbor]";
}

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/dggs", web::route().to(grid::list)))
        .service(readable("/dggs/{grid}", web::route().to(grid::one)))
        .service(readable("/dggs/{grid}/zones", web::route().to(zones::zones)))
        .service(readable("/dggs/{grid}/zones/{zone}", web::route().to(zone::zone)))
        .service(readable("/collections/{collection}/dggs", web::route().to(grid::list_of_layer)))
        .service(readable("/collections/{collection}/dggs/{grid}", web::route().to(grid::one_of_layer)))
        .service(readable(
            "/collections/{collection}/dggs/{grid}/zones",
            web::route().to(layer_zones::layer_zones),
        ))
        .service(readable(
            "/collections/{collection}/dggs/{grid}/zones/{zone}/data",
            web::route().to(data::data),
        ));
}

/// Refuses a grid that is not there.
fn known_grid(id: &str) -> Result<(), Problem> {
    if id == H3 {
        return Ok(());
    }
    let Invalid { value, .. } = Invalid::new(id, "");
    Err(Problem::not_found(format!("there is no grid '{value}'; there is: {H3}")))
}

/// Reads the name of a zone.
fn known_zone(id: &str) -> Result<Zone, Problem> {
    id.parse().map_err(|fault: Invalid| Problem::not_found(format!("there is no zone {fault}")))
}

/// The hex layer with an id; `query` may name a version of its priority.
fn hex_layer(query: &Query, app: &App, id: &str) -> Result<Arc<Collection>, Problem> {
    let found = layer::asked_for(query, app, id)?;
    if matches!(found.kind, CollectionKind::Hex { .. }) {
        return Ok(found);
    }
    let known: Vec<_> = layer::collections(app)
        .filter(|known| matches!(known.kind, CollectionKind::Hex { .. }))
        .map(|known| known.id.as_str())
        .collect();
    let detail = format!("the layer {} has no zones; there are: {}", found.id, known.join(", "));
    Err(Problem::not_found(detail))
}
