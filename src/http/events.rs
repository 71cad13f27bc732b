//! Server-sent events: how far a computation is, then its result.
//!
//! The stream is that of <https://html.spec.whatwg.org/multipage/server-sent-events.html>, which a page reads
//! with `EventSource`: any number of `progress`, then one `result` or `problem`. Closing it stops the work.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodySize, MessageBody},
    http::{
        Method,
        header::{self, ContentEncoding},
    },
    rt::time::{Interval, interval},
    web::Bytes,
};

use super::{
    etag::{CACHE_CONTROL, Tag},
    negotiate::Format,
    problem::Problem,
};
use crate::service::job::{Job, Progress};

/// How often progress is told, where there is any.
const TELL_EVERY: Duration = Duration::from_millis(250);
/// After so many silent ticks something is sent all the same: what lies between may close a silent
/// connection, and one that is closed on the other side only shows by sending.
const SILENT_TICKS: u32 = 20;
/// The id of the last event. A page whose `EventSource` connects again sends it.
const LAST_ID: &str = "end";

/// The result of a computation: JSON.
pub type Work = Pin<Box<dyn Future<Output = Result<Vec<u8>, Problem>>>>;

/// Answers with the events of `work`, which tells `job` how far it is.
pub fn answer(request: &HttpRequest, tag: &Tag, job: Arc<Job>, work: Work) -> HttpResponse {
    // `EventSource` connects again after the end of a stream; 204 tells it not to.
    if request.headers().contains_key("last-event-id") {
        return HttpResponse::NoContent().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).finish();
    }
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::ETAG, tag.header()))
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        // Compressed, events would wait until there are enough of them.
        .insert_header(ContentEncoding::Identity)
        .content_type(Format::Events.media_type());
    if request.method() == Method::HEAD {
        return response.finish();
    }
    response.body(Events { job, told: None, silent: 0, ticks: interval(TELL_EVERY), work: Some(work) })
}

struct Events {
    job: Arc<Job>,
    told: Option<Progress>,
    silent: u32,
    ticks: Interval,
    /// `None` when the last event is sent.
    work: Option<Work>,
}

impl Events {
    /// What a tick has to tell.
    fn tick(&mut self) -> Option<String> {
        let progress = self.job.progress();
        if self.told != Some(progress) {
            self.told = Some(progress);
            self.silent = 0;
            return Some(progress_event(progress));
        }
        self.silent += 1;
        self.silent.is_multiple_of(SILENT_TICKS).then(|| ": still at it\n\n".to_owned())
    }
}

impl MessageBody for Events {
    type Error = actix_web::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let Some(work) = &mut self.work else { return Poll::Ready(None) };
        if let Poll::Ready(result) = work.as_mut().poll(context) {
            self.work = None;
            let mut last = String::new();
            let progress = self.job.progress();
            if result.is_ok() && progress.pieces > 0 && self.told != Some(progress) {
                last.push_str(&progress_event(progress));
            }
            last.push_str(&match result {
                Ok(body) => event("result", Some(LAST_ID), &String::from_utf8_lossy(&body)),
                Err(problem) => event("problem", Some(LAST_ID), &problem.document()),
            });
            return Poll::Ready(Some(Ok(last.into())));
        }
        while self.ticks.poll_tick(context).is_ready() {
            if let Some(told) = self.tick() {
                return Poll::Ready(Some(Ok(told.into())));
            }
        }
        Poll::Pending
    }
}

fn progress_event(progress: Progress) -> String {
    let Progress { done, pieces } = progress;
    event("progress", None, &format!(r#"{{"done":{done},"total":{pieces}}}"#))
}

/// One event. Compact JSON has no line feeds, so it is one line.
fn event(name: &str, id: Option<&str>, data: &str) -> String {
    let id = id.map_or_else(String::new, |id| format!("id: {id}\n"));
    format!("event: {name}\n{id}data: {data}\n\n")
}
