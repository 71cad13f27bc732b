//! Reports: the geographic profile of a priority, and the assessment of all of them.

mod files;
mod wire;

use actix_web::{HttpRequest, HttpResponse, web};
pub use files::{FORMATS, Report, ReportQuestion};

use super::{
    App,
    answer::answer,
    negotiate,
    parameters::{self, Address},
    problem::Problem,
    query::Query,
    readable,
};
use crate::{
    model::Invalid,
    service::{
        Service,
        assessment::AssessmentParameters,
        profile::{HarmTable, ProfileParameters},
    },
};

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/priorities/{priority}/profile", web::route().to(profile)))
        .service(readable("/assessment", web::route().to(assessment)));
}

/// `GET /priorities/{priority}/profile`.
async fn profile(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    answer_report(&request, &app, Some(id.into_inner())).await
}

/// `GET /assessment`.
async fn assessment(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    answer_report(&request, &app, None).await
}

async fn answer_report(
    request: &HttpRequest,
    app: &web::Data<App>,
    priority: Option<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(request)?;
    let format = negotiate::format(request, &mut query, &FORMATS);
    let question = question(&mut query, app, priority);
    query.finish()?;
    let (format, address) = (format?, Address::of(request, app));
    answer(request, app, format, move |service, snapshot| {
        Report::make(&question, service, snapshot)?.file(format, &address, service, snapshot)
    })
    .await
}

/// Reads what a report is to be about.
fn question(query: &mut Query, app: &App, priority: Option<String>) -> ReportQuestion {
    let service: &Service = &app.service;
    let is_profile = priority.is_some();
    let mut scope = parameters::scope(query, service, priority);
    if let Some(named) = scope.priority.take_if(|_| !is_profile) {
        query.fault("priority", Invalid::new(named, "an assessment is of every priority"));
    }
    scope.compare = parameters::comparison(query);
    scope.within = parameters::within(query);
    scope.weights = parameters::weights(query);
    let harm = HarmTable::read(query.read("harm", |id| Ok(id.to_owned())).as_deref());
    let places = app.audience.may_see_incidents();
    if is_profile {
        ReportQuestion::Profile(scope, ProfileParameters { harm, places })
    } else {
        ReportQuestion::Assessment(scope, AssessmentParameters { harm })
    }
}
