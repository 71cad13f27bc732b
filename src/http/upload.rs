//! Incidents by HTTP, and the files of rejected rows.

use std::{
    io::{self, Read},
    path::Path,
    sync::{Arc, mpsc},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Bytes},
};
use serde::Serialize;

use super::{App, problem::Problem, query::Query};
use crate::{
    intake::{self, BodyFormat, Options},
    model::Invalid,
    service::importing::{self, ImportError, ImportReport, ImportedFile, RejectsFolder},
};

/// Chunks of a body that may wait for the import to take them.
const WAITING_CHUNKS: usize = 16;
/// Characters of a name or source that are taken.
const LONGEST_NAME: usize = 100;

/// `POST /incidents`: imports the body.
pub async fn import(
    request: HttpRequest,
    app: web::Data<App>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let source = query.read("source", named);
    let name = query.read("name", named).unwrap_or_else(|| "body".to_owned());
    query.finish()?;
    let format = body_format(&request)?;
    let folder = importing::rejects_folder(&app.rejects_dir);
    let options = Options { source, ..Options::default() };

    let (send, receive) = mpsc::sync_channel(WAITING_CHUNKS);
    let service = Arc::clone(&app.service);
    let to = folder.clone();
    let importing = web::block(move || {
        let body = Body { chunks: receive, chunk: Bytes::new(), ended: false };
        service.import(&to.path, |sink| intake::read_body(&name, format, body, &options, sink))
    });
    let fed = feed(payload, send, app.most_body_bytes);
    let (outcome, fed) = futures_util::future::join(importing, fed).await;
    fed?;
    let report = outcome.map_err(|error| Problem::internal(&error))??;
    let document = Document::of(&report, &folder, &app.base(&request));
    let status = if report.generation.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(HttpResponse::build(status).insert_header((header::CACHE_CONTROL, "no-store")).json(document))
}

fn named(text: &str) -> Result<String, Invalid> {
    if text.trim().is_empty() || text.chars().count() > LONGEST_NAME || text.chars().any(char::is_control) {
        return Err(Invalid::new(text, format!("a name has 1 to {LONGEST_NAME} printable characters")));
    }
    Ok(text.to_owned())
}

fn body_format(request: &HttpRequest) -> Result<BodyFormat, Problem> {
    let media =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    BodyFormat::from_media_type(media).ok_or_else(|| {
        let detail = format!(
            "incidents come as text/csv, application/gzip (CSV), application/zip, application/geo+json or \
             application/x-ndjson, not '{media}'"
        );
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported media type", detail)
    })
}

/// Hands the body's chunks to the import, which reads on a thread of its own. A body that is too long
/// or breaks off ends with an error, so that nothing of it is committed.
async fn feed(
    mut payload: web::Payload,
    send: mpsc::SyncSender<io::Result<Bytes>>,
    most_bytes: u64,
) -> Result<(), Problem> {
    use futures_util::StreamExt;
    let mut taken = 0_u64;
    while let Some(chunk) = payload.next().await {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => {
                let detail =
                    format!("the body broke off after {taken} bytes; nothing was imported ({error})");
                push(&send, Err(io::Error::new(io::ErrorKind::UnexpectedEof, detail.clone()))).await;
                return Err(Problem::new(StatusCode::BAD_REQUEST, "Incomplete body", detail));
            }
        };
        taken += chunk.len() as u64;
        if taken > most_bytes {
            let detail =
                format!("a body has at most {most_bytes} bytes; send it in parts, or use hotspots import");
            push(&send, Err(io::Error::new(io::ErrorKind::FileTooLarge, detail.clone()))).await;
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "Too large", detail));
        }
        // Empty, it would stand for the end.
        if !chunk.is_empty() && !push(&send, Ok(chunk)).await {
            return Ok(());
        }
    }
    push(&send, Ok(Bytes::new())).await;
    Ok(())
}

/// Sends without holding the server's thread while the import is behind; false when it has ended.
async fn push(send: &mpsc::SyncSender<io::Result<Bytes>>, mut chunk: io::Result<Bytes>) -> bool {
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(2);
    loop {
        match send.try_send(chunk) {
            Ok(()) => return true,
            Err(mpsc::TrySendError::Disconnected(_)) => return false,
            Err(mpsc::TrySendError::Full(back)) => {
                chunk = back;
                actix_web::rt::time::sleep(PAUSE).await;
            }
        }
    }
}

/// The body as the reader of a blocking thread. An empty chunk is its end; a channel that closes
/// without one belongs to a request that was given up, of which nothing may be committed.
struct Body {
    chunks: mpsc::Receiver<io::Result<Bytes>>,
    chunk: Bytes,
    ended: bool,
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() && !self.ended {
            let given_up = |_| io::Error::new(io::ErrorKind::UnexpectedEof, "the request was given up");
            self.chunk = self.chunks.recv().map_err(given_up)??;
            self.ended = self.chunk.is_empty();
        }
        let length = buffer.len().min(self.chunk.len());
        buffer[..length].copy_from_slice(&self.chunk.split_to(length));
        Ok(length)
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Store(cause) => crate::service::QuestionError::Store(cause).into(),
            other => Self::internal(&other),
        }
    }
}

#[derive(Serialize)]
struct Document {
    read: u64,
    accepted: u64,
    rejected: u64,
    stored: u64,
    replaced: u64,
    unlocated: u64,
    outside: u64,
    in_no_area: std::collections::BTreeMap<String, u64>,
    generation: Option<u64>,
    files: Vec<FileDocument>,
    skipped: Vec<Skipped>,
    rejects: Vec<RejectDocument>,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct FileDocument {
    name: String,
    committed: bool,
    reason: Option<&'static str>,
    read: u64,
    accepted: u64,
    rejected: u64,
    unlocated: u64,
    rejects_url: Option<String>,
    batches: Vec<Batch>,
}

#[derive(Serialize)]
struct Batch {
    source: String,
    month: String,
}

#[derive(Serialize)]
struct Skipped {
    name: String,
    reason: String,
}

#[derive(Serialize)]
struct RejectDocument {
    file: String,
    line: u64,
    column: Option<String>,
    value: String,
    rule: String,
}

impl Document {
    fn of(report: &ImportReport, folder: &RejectsFolder, base: &str) -> Self {
        let file = |file: &ImportedFile| FileDocument {
            name: file.name.clone(),
            committed: file.refused.is_none(),
            reason: file.refused,
            read: file.counts.read,
            accepted: file.counts.accepted,
            rejected: file.counts.rejected,
            unlocated: file.counts.unlocated,
            rejects_url: file.rejects.as_deref().and_then(Path::file_name).map(|name| {
                format!("{base}/imports/{}/rejects/{}", folder.import, encoded(&name.to_string_lossy()))
            }),
            batches: file
                .batches
                .iter()
                .map(|(source, month)| Batch { source: source.clone(), month: month.to_string() })
                .collect(),
        };
        Self {
            read: report.counts.read,
            accepted: report.counts.accepted,
            rejected: report.counts.rejected,
            stored: report.stored,
            replaced: report.replaced,
            unlocated: report.counts.unlocated,
            outside: report.outside,
            in_no_area: report.in_no_area.iter().map(|(layer, count)| (layer.to_string(), *count)).collect(),
            generation: report.generation.map(|generation| generation.0),
            files: report.files.iter().map(file).collect(),
            skipped: report
                .skipped
                .iter()
                .map(|(name, reason)| Skipped { name: name.clone(), reason: reason.clone() })
                .collect(),
            rejects: report
                .rejects
                .iter()
                .map(|(file, reject)| RejectDocument {
                    file: file.clone(),
                    line: reject.line,
                    column: reject.column.clone(),
                    value: reject.value.clone(),
                    rule: reject.rule.clone(),
                })
                .collect(),
            notices: report.notices.clone(),
        }
    }
}

/// A file's name as a segment of an address.
fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    name.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// `GET /imports/{import}/rejects/{file}`: a file of rejected rows, to be mended.
pub async fn rejects(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let (import, file) = path.into_inner();
    let missing = || Problem::not_found(format!("there are no rejects {file} of an import {import}"));
    // Names are compared with what a listing shows and never made into a path: nothing else can be read.
    let hexadecimal = import.len() == 16 && import.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hexadecimal {
        return Err(missing());
    }
    let (folder, wanted) = (app.rejects_dir.join(&import), file.clone());
    let found = web::block(move || {
        let listed = std::fs::read_dir(folder).ok()?.flatten().find(|entry| entry.file_name() == *wanted)?;
        std::fs::read(listed.path()).ok()
    })
    .await
    .map_err(|error| Problem::internal(&error))?
    .ok_or_else(missing)?;
    let media = match Path::new(&file).extension().and_then(|ending| ending.to_str()) {
        Some("csv") => "text/csv; charset=utf-8",
        Some("geojson") => "application/geo+json",
        Some("ndjson") => "application/x-ndjson",
        _ => "text/plain; charset=utf-8",
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{}", encoded(&file)),
        ))
        .content_type(media)
        .body(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: Vec<io::Result<Bytes>>) -> io::Result<String> {
        let (send, receive) = mpsc::sync_channel(chunks.len());
        for chunk in chunks {
            send.send(chunk).unwrap();
        }
        drop(send);
        let mut text = String::new();
        let mut body = Body { chunks: receive, chunk: Bytes::new(), ended: false };
        body.read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn a_body_ends_only_where_its_end_is_told() {
        let chunk = |text: &'static str| Ok(Bytes::from_static(text.as_bytes()));
        assert_eq!(read(vec![chunk("a,b\n"), chunk("1,2\n"), chunk("")]).unwrap(), "a,b\n1,2\n");
        assert_eq!(read(vec![chunk("")]).unwrap(), "");
        let given_up = read(vec![chunk("a,b\n"), chunk("1,2\n")]).unwrap_err();
        assert_eq!(given_up.kind(), io::ErrorKind::UnexpectedEof);
        assert!(read(vec![chunk("a"), Err(io::ErrorKind::FileTooLarge.into()), chunk("")]).is_err());
    }
}
