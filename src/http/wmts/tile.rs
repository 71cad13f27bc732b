//! `GetTile` and `GetFeatureInfo` (07-057r7 §7.2, §7.3).

use actix_web::{HttpRequest, HttpResponse, web};

use super::matrix::{TILE_PX, Tile};
use crate::{
    http::{
        App,
        answer::answer,
        negotiate::Format,
        ows::{Asked, Code, InfoFormat, Kvp, Refusal, Spot, picture as drawn},
    },
    render::map::View,
};

/// Answers with the picture of a tile, transparent where nothing is.
pub async fn picture(
    request: &HttpRequest,
    app: &web::Data<App>,
    kvp: &Kvp,
) -> Result<HttpResponse, Refusal> {
    let asked = layer(app, kvp)?;
    let tile = Tile::read(kvp)?;
    let format = kvp.needed("format")?;
    if !format.eq_ignore_ascii_case("image/png") {
        return Err(Refusal::not_one_of(Code::InvalidFormat, "format", format, &["image/png"]));
    }
    let view = View::new(tile.bounds, tile.crs.plane(), TILE_PX, TILE_PX)
        .map_err(|fault| Refusal::new(Code::TileOutOfRange, "tilematrix", &fault))?;
    let answer = answer(request, app, Format::Png, move |service, snapshot| {
        drawn(&[asked], &view, None, service, snapshot)
    });
    Ok(answer.await?)
}

/// Most features that are told.
const MOST_FEATURES: usize = 50;

/// Answers with the features at a pixel of a tile.
pub async fn info(request: &HttpRequest, app: &web::Data<App>, kvp: &Kvp) -> Result<HttpResponse, Refusal> {
    let asked = layer(app, kvp)?;
    let tile = Tile::read(kvp)?;
    let form = InfoFormat::read(kvp.get("infoformat").or(kvp.get("info_format")), "infoformat")?;
    let pixel = |name| kvp.whole(name, 0..=TILE_PX - 1, Code::PointIjOutOfRange);
    let spot = Spot::new(&tile.bounds, tile.crs.plane(), (TILE_PX, TILE_PX), (pixel("i")?, pixel("j")?))
        .map_err(|fault| Refusal::new(Code::PointIjOutOfRange, "i,j", &fault))?;
    let answer = answer(request, app, form.format(), move |service, snapshot| {
        spot.features(&[asked], MOST_FEATURES, form, service, snapshot)
    });
    Ok(answer.await?)
}

fn layer(app: &App, kvp: &Kvp) -> Result<Asked, Refusal> {
    Asked::read(app, kvp, kvp.needed("layer")?, kvp.get("style").unwrap_or_default(), true)
}
