//! `GET /collections/{collection}/map` and `GET /map?collections=…`.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    asked::{Asked, background, picture},
    frame::Frame,
};
use crate::http::{
    App,
    answer::{Body, answer},
    layer,
    negotiate::{self, Format},
    problem::Problem,
    query::Query,
};

/// A picture of one layer.
pub async fn one(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let collection = layer::asked_for(&query, &app, &id)?;
    let layers = vec![Asked::one(&mut query, &app, collection)];
    map(request, app, query, layers).await
}

/// A picture of several layers.
pub async fn several(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let layers = Asked::several(&mut query, &request, &app)?;
    map(request, app, query, layers).await
}

async fn map(
    request: HttpRequest,
    app: web::Data<App>,
    mut query: Query,
    layers: Vec<Asked>,
) -> Result<HttpResponse, Problem> {
    let format = negotiate::format(&request, &mut query, &[Format::Png]);
    let background = background(&mut query);
    let frame = Frame::read(&mut query, &app.service);
    query.finish()?;
    let format = format?;
    // Without a frame there were faults, and those are told by now.
    let frame = frame.ok_or_else(|| Problem::bad_request(Vec::new()))?;
    answer(&request, &app, format, move |service, snapshot| {
        let picture = picture(&layers, &frame.view, background, service, snapshot)?;
        Ok(Body::from(picture.png())
            .with("Content-Crs", format!("<{}>", frame.crs.uri()))
            .with("Content-Bbox", frame.bbox()))
    })
    .await
}
