//! Pictures of layers: PNG tiles by zoom, column and row as web maps ask for them, and OGC API – Maps Part 1
//! (20-058) with its map tiles.

mod asked;
mod frame;
mod map;
mod tile;
mod tileset;

use actix_web::web;

use super::readable;

/// Relation of a map (20-058 §7.3).
pub const MAP: &str = "http://www.opengis.net/def/rel/ogc/1.0/map";
/// Relation of the tilesets of a map (20-057 Annex).
pub const MAP_TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map";

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/map", web::route().to(map::several)))
        .service(readable("/collections/{collection}/map", web::route().to(map::one)))
        .service(readable("/collections/{collection}/map/tiles", web::route().to(tileset::list)))
        .service(readable("/collections/{collection}/map/tiles/{set}", web::route().to(tileset::one)))
        .service(readable(
            "/collections/{collection}/map/tiles/{set}/{zoom}/{row}/{column}",
            web::route().to(tile::by_row),
        ))
        .service(readable("/tiles/{collection}/{zoom}/{column}/{row}.png", web::route().to(tile::by_column)));
}
