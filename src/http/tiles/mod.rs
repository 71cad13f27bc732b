//! Vector tiles: plain addresses with `TileJSON` for map libraries, and OGC API – Tiles (20-057).

mod matrix;
mod selection;
mod tile;
mod tilejson;
mod tileset;

use actix_web::web;

use super::readable;

/// The deepest zoom that clients are told of: they stretch its tiles beyond it. A unit of it is 9 cm in Dudley.
const MAX_ZOOM: u8 = 16;

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/tileMatrixSets", web::route().to(matrix::list)))
        .service(readable("/tileMatrixSets/WebMercatorQuad", web::route().to(matrix::one)))
        .service(readable("/collections/{collection}/tiles", web::route().to(tileset::of_one)))
        .service(readable("/collections/{collection}/tiles/WebMercatorQuad", web::route().to(tileset::one)))
        .service(readable(
            "/collections/{collection}/tiles/WebMercatorQuad/{matrix}/{row}/{column}",
            web::route().to(tile::one_ogc),
        ))
        .service(readable("/tiles", web::route().to(tileset::of_several)))
        .service(readable("/tiles/tilejson.json", web::route().to(tilejson::several)))
        .service(readable("/tiles/WebMercatorQuad", web::route().to(tileset::several)))
        .service(readable(
            "/tiles/WebMercatorQuad/{matrix}/{row}/{column}",
            web::route().to(tile::several_ogc),
        ))
        .service(readable("/tiles/{z}/{x}/{y}.mvt", web::route().to(tile::several_xyz)))
        .service(readable("/tiles/{collection}/tilejson.json", web::route().to(tilejson::one)))
        .service(readable("/tiles/{collection}/{z}/{x}/{y}.mvt", web::route().to(tile::one_xyz)));
}
