//! Several areas in one service. Each is a whole service of its own: the first at the root, every one also below
//! `/areas/` and its code, with the same addresses.

use std::rc::Rc;

use actix_web::{
    Error, HttpRequest, HttpResponse, ResponseError,
    body::MessageBody,
    dev::{Extensions, ServiceRequest, ServiceResponse},
    http::{
        Uri, header,
        uri::{InvalidUriParts, PathAndQuery},
    },
    middleware::Next,
    web,
};
use serde::Serialize;

use super::{App, Link, etag::CACHE_CONTROL, negotiate::Format, problem::Problem, query::Query};

/// What stands before the code of an area in an address.
const BELOW: &str = "/areas/";

/// The areas of a service, the one at the root first.
pub struct Areas(pub Vec<web::Data<App>>);

impl Areas {
    fn find(&self, code: &str) -> Option<&web::Data<App>> {
        self.0.iter().find(|app| app.service.boundaries().code == code)
    }

    fn unknown(&self, code: &str) -> Problem {
        let known: Vec<_> = self.0.iter().map(|app| app.service.boundaries().code.as_str()).collect();
        Problem::not_found(format!("there is no area '{code}'; there are: {}", known.join(", ")))
    }
}

/// The address below which an area is served: `/areas/E08000028`.
pub fn mount(code: &str) -> String {
    format!("{BELOW}{code}")
}

/// Sends what is asked below the code of an area to that area, which then sees the address without it.
///
/// # Errors
/// Those of the handlers. A code that is none is answered by 404.
pub async fn pick_area(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let Some((code, rest)) = request.path().strip_prefix(BELOW).map(split) else {
        return next.call(request).await.map(ServiceResponse::map_into_left_body);
    };
    let areas = request.app_data::<web::Data<Areas>>().cloned();
    let app = areas.as_ref().map(|areas| areas.find(&code).cloned().ok_or_else(|| areas.unknown(&code)));
    match app {
        Some(Ok(app)) => {
            let query = request.query_string();
            let asked = if query.is_empty() { rest } else { format!("{rest}?{query}") };
            let uri = moved(request.uri(), &asked).map_err(|cause| Problem::internal(&cause))?;
            request.match_info_mut().get_mut().update(&uri);
            request.head_mut().uri = uri;
            let mut own = Extensions::new();
            own.insert(app);
            // Asked before what the server was started with.
            request.add_data_container(Rc::new(own));
            next.call(request).await.map(ServiceResponse::map_into_left_body)
        }
        // A response and not an error, so that it is described as every other.
        Some(Err(problem)) => Ok(request.into_response(problem.error_response()).map_into_right_body()),
        None => next.call(request).await.map(ServiceResponse::map_into_left_body),
    }
}

/// The code, and the address in that area.
fn split(below: &str) -> (String, String) {
    match below.split_once('/') {
        Some((code, rest)) => (code.to_owned(), format!("/{rest}")),
        None => (below.to_owned(), "/".to_owned()),
    }
}

fn moved(uri: &Uri, asked: &str) -> Result<Uri, InvalidUriParts> {
    let mut parts = uri.clone().into_parts();
    // What is left of a valid path is valid.
    parts.path_and_query = PathAndQuery::try_from(asked).ok();
    Uri::from_parts(parts)
}

#[derive(Serialize)]
struct AreaDocument {
    code: String,
    name: String,
    schematic: bool,
    layers: Vec<LayerDocument>,
    links: Vec<Link>,
}

#[derive(Serialize)]
struct LayerDocument {
    id: String,
    vintage: String,
}

/// `GET /areas`.
pub async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    areas: web::Data<Areas>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let root = app.root(&request);
    let document = |app: &web::Data<App>| {
        let boundaries = app.service.boundaries();
        let base = format!("{root}{}", app.mount);
        let layers = boundaries.in_force(None).into_iter();
        AreaDocument {
            code: boundaries.code.clone(),
            name: boundaries.name.clone(),
            schematic: boundaries.schematic,
            layers: layers
                .map(|(_, layer)| LayerDocument { id: layer.id.to_string(), vintage: layer.vintage.clone() })
                .collect(),
            links: vec![
                Link::new(
                    "service",
                    &format!("{base}/"),
                    Format::Json.media_type(),
                    &format!("Everything about {}", boundaries.name),
                ),
                Link::new(
                    "alternate",
                    &format!("{base}/dashboard"),
                    Format::Html.media_type(),
                    &format!("The map of {}", boundaries.name),
                ),
            ],
        }
    };
    let all: Vec<_> = areas.0.iter().map(document).collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_an_address_is_that_in_the_area() {
        let taken = |below: &str| split(below);
        assert_eq!(taken("E08000028/layers/ward"), ("E08000028".to_owned(), "/layers/ward".to_owned()));
        assert_eq!(taken("E08000028"), ("E08000028".to_owned(), "/".to_owned()));
        assert_eq!(taken("E08000028/"), ("E08000028".to_owned(), "/".to_owned()));
        let uri: Uri = "/areas/E08000028/places?q=a%20b".parse().unwrap();
        assert_eq!(moved(&uri, "/places?q=a%20b").unwrap(), "/places?q=a%20b");
    }
}
