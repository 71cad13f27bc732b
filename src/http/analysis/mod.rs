//! The addresses below `/analysis`: one file each, all asked the same way.
//!
//! [`Asked::of`] reads what they share (which incidents, in which form); the handler reads its own
//! parameters from [`Asked::query`]; [`Asked::answer`] tells all faults together, or answers.

mod accuracy;
mod backtest;
mod bandwidths;
mod cells;
mod change;
mod clusters;
mod concentration;
mod density;
mod emerging;
mod hex;
mod hotspots;
mod hours;
mod location_quotients;
mod near_repeat;
mod pattern;
mod process;
mod raster;
mod rates;
mod repeats;
mod risk;
mod scan;
mod seasonality;
mod squares;
mod trend;

use std::sync::Arc;

pub(super) use cells::{statistic as cell_statistic, with_empty as cells_with_empty};
pub(super) use density::parameters as density_parameters;
pub(super) use hotspots::parameters as hotspot_parameters;
pub(super) use process::{Prepared, Process};
pub(super) use raster::of_density as density_tiff;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::Serialize;

use super::{
    App,
    answer::{answer, answer_long},
    negotiate::{self, Format},
    parameters::{self, Address},
    problem::Problem,
    query::Query,
    readable, refuse,
    wire::Card,
};
use crate::{
    service::{Scope, Service, job::Job, question::About},
    snapshot::Snapshot,
};

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/analysis/accuracy", web::route().to(accuracy::accuracy)))
        .service(
            web::resource("/analysis/backtest")
                .route(web::post().to(backtest::backtest))
                .default_service(refuse("POST, OPTIONS")),
        )
        .service(readable("/analysis/bandwidths", web::route().to(bandwidths::bandwidths)))
        .service(readable("/analysis/change/{layer}", web::route().to(change::change)))
        .service(readable("/analysis/clusters", web::route().to(clusters::clusters)))
        .service(readable("/analysis/concentration", web::route().to(concentration::concentration)))
        .service(readable("/analysis/density", web::route().to(density::density)))
        .service(readable("/analysis/emerging", web::route().to(emerging::emerging)))
        .service(readable("/analysis/hex", web::route().to(hex::hex)))
        .service(readable("/analysis/hotspots", web::route().to(hotspots::hotspots)))
        .service(readable("/analysis/hours", web::route().to(hours::hours)))
        .service(readable(
            "/analysis/location-quotients/{layer}",
            web::route().to(location_quotients::location_quotients),
        ))
        .service(readable("/analysis/near-repeat", web::route().to(near_repeat::near_repeat)))
        .service(readable("/analysis/pattern", web::route().to(pattern::pattern)))
        .service(readable("/analysis/rates/{layer}", web::route().to(rates::rates)))
        .service(readable("/analysis/repeats", web::route().to(repeats::repeats)))
        .service(readable("/analysis/scan", web::route().to(scan::scan)))
        .service(readable("/analysis/risk", web::route().to(risk::risk)))
        .service(readable("/analysis/seasonality", web::route().to(seasonality::seasonality)))
        .service(readable("/analysis/squares", web::route().to(squares::squares)))
        .service(readable("/analysis/trend/{layer}", web::route().to(trend::trend)));
}

/// A question to an analysis on its way to the answer.
struct Asked {
    /// Where a handler reads its own parameters.
    query: Query,
    question: AskedFor,
    request: HttpRequest,
    app: web::Data<App>,
    not_acceptable: Option<Problem>,
}

/// What was asked, as the answer needs it.
struct AskedFor {
    /// Which incidents.
    scope: Scope,
    /// In which form.
    format: Format,
    address: Address,
}

impl Asked {
    /// Reads what all analyses share. `formats` are the forms it can answer in, the default first.
    ///
    /// # Errors
    /// 400 for a query that is not percent-encoded UTF-8.
    fn of(request: &HttpRequest, app: &web::Data<App>, formats: &[Format]) -> Result<Self, Problem> {
        let mut query = Query::of(request)?;
        // A form that cannot be had is told after faulty parameters, which make it worthless.
        let (format, not_acceptable) = match negotiate::format(request, &mut query, formats) {
            Ok(format) => (format, None),
            Err(problem) => (Format::Json, Some(problem)),
        };
        let scope = scope(&mut query, &app.service);
        let address = Address::of(request, app);
        Ok(Self {
            query,
            question: AskedFor { scope, format, address },
            request: request.clone(),
            app: app.clone(),
            not_acceptable,
        })
    }

    /// Answers with what `compute` gives, computed on the gate's threads.
    ///
    /// # Errors
    /// 400 with all faults of the parameters, 406, and those of `compute`.
    async fn answer(
        self,
        compute: impl FnOnce(&AskedFor, &Service, &Snapshot) -> Result<Vec<u8>, Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        self.query.finish()?;
        if let Some(problem) = self.not_acceptable {
            return Err(problem);
        }
        let question = self.question;
        answer(&self.request, &self.app, question.format, move |service, snapshot| {
            compute(&question, service, snapshot)
        })
        .await
    }

    /// Answers a question that is posted: without an entity tag, which says nothing of a body.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    async fn answer_posted(
        self,
        compute: impl FnOnce(&AskedFor, &Service, &Snapshot) -> Result<Vec<u8>, Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        self.query.finish()?;
        if let Some(problem) = self.not_acceptable {
            return Err(problem);
        }
        let (question, service) = (self.question, Arc::clone(&self.app.service));
        let media_type = question.format.media_type();
        let snapshot = service.snapshot();
        let body = self.app.gate.run(move || compute(&question, &service, &snapshot)).await??;
        Ok(HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .content_type(media_type)
            .body(body))
    }

    /// Answers with what `compute` gives, which takes long: it tells the job how far it is and stops when
    /// that says so. Asked for events, it is to give JSON.
    ///
    /// # Errors
    /// As [`Asked::answer`].
    async fn answer_long(
        self,
        compute: impl FnOnce(&AskedFor, &Service, &Snapshot, &Job) -> Result<Vec<u8>, Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        self.query.finish()?;
        if let Some(problem) = self.not_acceptable {
            return Err(problem);
        }
        let mut question = self.question;
        let format = question.format;
        if format == Format::Events {
            question.format = Format::Json;
        }
        answer_long(&self.request, &self.app, format, move |service, snapshot, job| {
            compute(&question, service, snapshot, job)
        })
        .await
    }
}

/// Reads which incidents an analysis is about.
fn scope(query: &mut Query, service: &Service) -> Scope {
    let mut scope = parameters::scope(query, service, None);
    scope.within = parameters::within(query);
    scope.weights = parameters::weights(query);
    scope
}

impl AskedFor {
    /// What stands beside the numbers of an answer; `what` is said after the subject: `density`.
    fn members(&self, what: &str, about: &About) -> Members {
        Members {
            title: format!("{}: {what}", about.subject),
            notices: about.notices.clone(),
            method: Card::new(&about.card, self.address.permalink(&about.card)),
        }
    }
}

/// What stands beside the numbers of every answer. It is flattened into documents of JSON, and a member of
/// a feature collection.
#[derive(Serialize)]
struct Members {
    title: String,
    notices: Vec<String>,
    method: Card,
}
