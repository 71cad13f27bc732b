//! `GET /jobs`: the jobs of the last hour.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use jiff::Timestamp;
use serde::Serialize;

use super::{
    Page, Process,
    job::{Document, Kept, STATES},
};
use crate::{
    http::{
        App, Link, datetime,
        features::links::own,
        negotiate::{self, Format},
        parameters::Address,
        problem::Problem,
        query::Query,
    },
    model::Invalid,
    service::{collection::WhenAsked, jobs::State},
};

const FORMATS: [Format; 1] = [Format::Json];

#[derive(Serialize)]
struct JobList {
    jobs: Vec<Document>,
    links: Vec<Link>,
}

/// Which jobs are asked for (18-062r2 §11.2); what is left empty does not matter.
struct Chosen {
    processes: Vec<&'static str>,
    states: Vec<State>,
    created: WhenAsked,
    shortest_s: Option<u32>,
    longest_s: Option<u32>,
}

impl Chosen {
    fn read(query: &mut Query) -> Self {
        query.list("type", |kind| one_of(kind, &[("process", ())]));
        let processes = Process::ALL.map(|process| (process.id(), process.id()));
        Self {
            processes: query.list("processID", |id| one_of(id, &processes)),
            states: query.list("status", |word| one_of(word, &STATES)),
            created: query.read("datetime", datetime::read).unwrap_or_default(),
            shortest_s: query.whole("minDuration", 0..=u32::MAX),
            longest_s: query.whole("maxDuration", 0..=u32::MAX),
        }
    }

    fn fits(&self, kept: &Kept, now: Timestamp) -> bool {
        let created_s = kept.created.as_second();
        let took_s =
            kept.started.map(|started| kept.finished.unwrap_or(now).duration_since(started).as_secs());
        (self.processes.is_empty() || self.processes.contains(&kept.process))
            && (self.states.is_empty() || self.states.contains(&kept.state))
            && self.created.from_s.is_none_or(|from_s| created_s >= from_s)
            && self.created.to_s.is_none_or(|to_s| created_s <= to_s)
            && self.shortest_s.is_none_or(|least| took_s.is_some_and(|took_s| took_s >= i64::from(least)))
            && self.longest_s.is_none_or(|most| took_s.is_some_and(|took_s| took_s <= i64::from(most)))
    }
}

fn one_of<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, Invalid> {
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        Invalid::new(text, format!("one of: {}", known.join(", ")))
    })
}

/// Answers it.
pub async fn list(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    let chosen = Chosen::read(&mut query);
    let page = Page::read(&mut query);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    let (mut all, now) = (app.jobs.all(), Timestamp::now());
    all.retain(|kept| chosen.fits(kept, now));
    let (shown, beside) = page.of(all, &address);
    let jobs = shown.iter().map(|kept| Document::of(kept, address.base())).collect();
    let mut links = own(&address, format, &FORMATS);
    links.extend(beside);
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(JobList { jobs, links }))
}
