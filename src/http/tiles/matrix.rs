//! `GET /tileMatrixSets` and `GET /tileMatrixSets/WebMercatorQuad`: the grid that tiles are cut by (17-083r4).

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use crate::{
    feature::{Crs, TileId},
    http::{
        App, Link,
        answer::{answer, json},
        negotiate::{self, Format},
        parameters::Address,
        problem::Problem,
        query::Query,
    },
};

/// The name of the grid.
pub const ID: &str = "WebMercatorQuad";
/// Its identifier.
pub const URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
const TITLE: &str = "The square of web maps";
/// Pixels along a side of a tile, for scales.
const PIXELS: u32 = 256;
/// The side of a pixel by which scales are counted, metres (17-083r4 §6.2).
const PIXEL_M: f64 = 0.000_28;

#[derive(Serialize)]
struct Sets {
    links: Vec<Link>,
    #[serde(rename = "tileMatrixSets")]
    sets: [Listed; 1],
}

#[derive(Serialize)]
struct Listed {
    id: &'static str,
    title: &'static str,
    uri: &'static str,
    crs: &'static str,
    links: [Link; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names are those of the standard")]
struct Set {
    id: &'static str,
    title: &'static str,
    uri: &'static str,
    crs: &'static str,
    ordered_axes: [&'static str; 2],
    well_known_scale_set: &'static str,
    tile_matrices: Vec<Matrix>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names are those of the standard")]
struct Matrix {
    id: String,
    scale_denominator: f64,
    cell_size: f64,
    corner_of_origin: &'static str,
    point_of_origin: [f64; 2],
    tile_width: u32,
    tile_height: u32,
    matrix_width: u32,
    matrix_height: u32,
}

/// Lists the one grid.
pub async fn list(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let format = asked(&request)?;
    let address = Address::of(&request, &app);
    answer(&request, &app, format, move |_, _| {
        let (json_type, base) = (Format::Json.media_type(), address.base());
        let set = Link::new("self", &format!("{base}/tileMatrixSets/{ID}"), json_type, TITLE);
        let here = Link::new("self", &format!("{base}/tileMatrixSets"), json_type, "This document");
        let listed = Listed { id: ID, title: TITLE, uri: URI, crs: Crs::WebMercator.uri(), links: [set] };
        json(&Sets { links: vec![here], sets: [listed] })
    })
    .await
}

/// Answers the grid.
pub async fn one(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let format = asked(&request)?;
    answer(&request, &app, format, |_, _| {
        json(&Set {
            id: ID,
            title: TITLE,
            uri: URI,
            crs: Crs::WebMercator.uri(),
            ordered_axes: ["X", "Y"],
            well_known_scale_set: "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
            tile_matrices: (0..=TileId::MAX_ZOOM).map(matrix).collect(),
        })
    })
    .await
}

fn asked(request: &HttpRequest) -> Result<Format, Problem> {
    let mut query = Query::of(request)?;
    let format = negotiate::format(request, &mut query, &[Format::Json]);
    query.finish()?;
    format
}

fn matrix(zoom: u8) -> Matrix {
    let half_side_m = TileId::side_m(0) / 2.0;
    let cell_size = TileId::side_m(zoom) / f64::from(PIXELS);
    let across = 1_u32 << zoom;
    Matrix {
        id: zoom.to_string(),
        scale_denominator: cell_size / PIXEL_M,
        cell_size,
        corner_of_origin: "topLeft",
        point_of_origin: [-half_side_m, half_side_m],
        tile_width: PIXELS,
        tile_height: PIXELS,
        matrix_width: across,
        matrix_height: across,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of 17-083r4 Annex D.1.
    #[test]
    fn scales_are_those_of_the_standard() {
        let (first, last) = (matrix(0), matrix(18));
        assert!((first.scale_denominator - 559_082_264.028_717).abs() < 1e-3);
        assert!((first.cell_size - 156_543.033_928_041).abs() < 1e-6);
        assert!((first.point_of_origin[1] - 20_037_508.342_789_2).abs() < 1e-6);
        assert!((last.scale_denominator - 2_132.729_583_849_784).abs() < 1e-8);
        assert_eq!(last.matrix_width, 262_144);
    }
}
