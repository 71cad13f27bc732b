//! Priorities that are made, changed and retired by request.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use jiff::Timestamp;

use super::{document, tag};
use crate::{
    config::{MemberFault, priorities::from_json},
    http::{
        App,
        body::json_body,
        parameters,
        problem::{FieldFault, Problem},
        query::Query,
    },
    model::{Invalid, PriorityId},
    service::{
        Service,
        priorities::{ChangeError, Over, Signed},
    },
};

/// Longer bodies are refused unread: a definition within its bounds is far shorter.
const MOST_BYTES: usize = 64 << 10;
/// Longest name of who changes something, in characters.
const LONGEST_AUTHOR: usize = 80;
/// Longest note, in characters.
const LONGEST_NOTE: usize = 500;

/// `POST /priorities`: makes a new one.
pub(super) async fn create(
    request: HttpRequest,
    app: web::Data<App>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    allowed(&app)?;
    let mut query = Query::of(&request)?;
    let signed = signed(&mut query);
    let body = json_body(&request, payload, MOST_BYTES, "a priority").await?;
    let draft = from_json(&body, None, &|text| parameters::filter(text, &app.service).map(drop));
    let (signed, draft) = together(query, signed, draft)?;
    let (service, id) = (Arc::clone(&app.service), draft.priority.id.clone());
    let edition = blocking(move || Ok(service.create_priority(&draft.priority, &signed)?)).await?;
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, format!("{}/priorities/{id}", app.base(&request))));
    shown(&request, &app, &edition, &id, response)
}

/// `PUT /priorities/{priority}`: gives it another definition, and takes it back into use where it was retired.
pub(super) async fn replace(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    allowed(&app)?;
    let id = known(&app.service, &path)?;
    let mut query = Query::of(&request)?;
    let signed = signed(&mut query);
    let body = json_body(&request, payload, MOST_BYTES, "a priority").await?;
    let draft = from_json(&body, Some(&id), &|text| parameters::filter(text, &app.service).map(drop));
    let (signed, draft) = together(query, signed, draft)?;
    let condition = Condition::of(&request, draft.version)?;
    let (held, priority) = (app.clone(), draft.priority);
    let edition = blocking(move || {
        let service = held.service.renewed()?;
        let over = condition.over(&held, &service, priority.id.as_str())?;
        Ok(service.change_priority(&priority, over, &signed)?)
    })
    .await?;
    shown(&request, &app, &edition, &id, HttpResponse::Ok())
}

/// `DELETE /priorities/{priority}`: takes it out of use.
pub(super) async fn retire(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    allowed(&app)?;
    let id = known(&app.service, &path)?;
    let mut query = Query::of(&request)?;
    let signed = signed(&mut query);
    let version = query.whole("version", 1..=u32::MAX);
    let (signed, ()) = together(query, signed, Ok(()))?;
    let condition = Condition::of(&request, version)?;
    let (held, retired) = (app.clone(), id.clone());
    let edition = blocking(move || {
        let service = held.service.renewed()?;
        let over = condition.over(&held, &service, retired.as_str())?;
        Ok(service.retire_priority(retired.as_str(), over, &signed)?)
    })
    .await?;
    shown(&request, &app, &edition, &id, HttpResponse::Ok())
}

/// # Errors
/// 403 where priorities are read only.
fn allowed(app: &App) -> Result<(), Problem> {
    let refused = |detail: &str| Err(Problem::new(StatusCode::FORBIDDEN, "Not allowed", detail));
    if !app.audience.may_change_priorities() {
        return refused("this service is run for partners, who may not change priorities");
    }
    if app.fixed_priorities {
        return refused("the operator lets priorities be changed in their file alone (--fixed-priorities)");
    }
    Ok(())
}

/// The id of an address, where there is or was such a priority.
fn known(service: &Service, id: &str) -> Result<PriorityId, Problem> {
    Ok(service.definition(id, None)?.entry.priority.clone())
}

/// Reads `author`, which has to be given, and `note`.
fn signed(query: &mut Query) -> Option<Signed> {
    let is_given = query.given("author").is_some();
    let author = query.read("author", |text| printable(text, LONGEST_AUTHOR));
    if !is_given {
        let rule = format!("who does this: a name of 1 to {LONGEST_AUTHOR} characters, for the audit trail");
        query.fault("author", Invalid::new("", rule));
    }
    let note = query.read("note", |text| printable(text, LONGEST_NOTE));
    Some(Signed { author: author?, note, at_s: Timestamp::now().as_second() })
}

fn printable(text: &str, longest: usize) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > longest || text.chars().any(char::is_control) {
        return Err(Invalid::new(text, format!("1 to {longest} printable characters")));
    }
    Ok(text.to_owned())
}

/// What a change is made of, where neither the query nor the body has a fault.
///
/// # Errors
/// 400 with the faults of both.
fn together<T>(
    query: Query,
    signed: Option<Signed>,
    body: Result<T, Vec<MemberFault>>,
) -> Result<(Signed, T), Problem> {
    let (body, faults) = match body {
        Ok(body) => (Some(body), Vec::new()),
        Err(faults) => (None, faults),
    };
    query.finish_with(faults.into_iter().map(field_fault).collect())?;
    // Without either there were faults, and those are told by now.
    signed.zip(body).ok_or_else(|| Problem::bad_request(Vec::new()))
}

fn field_fault(MemberFault { member, fault: Invalid { value, rule } }: MemberFault) -> FieldFault {
    let place = if member.is_empty() { "body".to_owned() } else { format!("body member {member}") };
    FieldFault { place, value, rule }
}

/// What has to be so for a change to be made: that nobody has changed the priority since it was read.
struct Condition {
    if_match: Option<String>,
    version: Option<u32>,
}

impl Condition {
    /// That of a request.
    ///
    /// # Errors
    /// 428 where it has none.
    fn of(request: &HttpRequest, version: Option<u32>) -> Result<Self, Problem> {
        let if_match = request.headers().get(header::IF_MATCH);
        // What is no text names no tag.
        let if_match = if_match.map(|value| value.to_str().unwrap_or_default().to_owned());
        if if_match.is_none() && version.is_none() {
            return Err(Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "Which version is meant?",
                "say which version is to be replaced, so that nothing that somebody else has changed meanwhile is \
                 lost: by an If-Match header with the ETag of the priority, or by its number: as the member \
                 'version' of a body, as the parameter 'version' of a DELETE",
            ));
        }
        Ok(Self { if_match, version })
    }

    /// The version that is meant.
    ///
    /// # Errors
    /// 412 where another is in place.
    fn over(self, app: &App, service: &Service, id: &str) -> Result<Over, Problem> {
        let newest = service.definition(id, None)?;
        if let Some(text) = &self.if_match {
            if !tag(app, newest, true).meets(text) {
                let current = newest.entry.version;
                let detail = format!(
                    "the priority '{id}' is in version {current}, and If-Match names another: somebody has changed \
                     it meanwhile; read it again and decide anew"
                );
                return Err(Problem::new(StatusCode::PRECONDITION_FAILED, "Changed meanwhile", detail));
            }
            if text.trim() != "*" && self.version.is_none() {
                return Ok(Over::Version(newest.entry.version));
            }
        }
        Ok(self.version.map_or(Over::Any, Over::Version))
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    web::block(work).await.map_err(|error| Problem::internal(&error))?
}

/// The priority as it is now, with its tag.
fn shown(
    request: &HttpRequest,
    app: &App,
    edition: &Service,
    id: &PriorityId,
    mut response: actix_web::HttpResponseBuilder,
) -> Result<HttpResponse, Problem> {
    let newest = edition.definition(id.as_str(), None)?;
    let document = document(edition, &app.base(request), newest, true)?;
    Ok(response
        .insert_header((header::ETAG, tag(app, newest, true).header()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(document))
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        let detail = error.to_string();
        match error {
            ChangeError::Overtaken { .. } => {
                Self::new(StatusCode::PRECONDITION_FAILED, "Changed meanwhile", detail)
            }
            ChangeError::Exists { .. }
            | ChangeError::AlreadyRetired(_)
            | ChangeError::Last(_)
            | ChangeError::TooMany => Self::new(StatusCode::CONFLICT, "Not as things are", detail),
            ChangeError::Unusable(fault) => Self::invalid("body member filter", fault),
            ChangeError::Collides(fault) => Self::invalid("body member id", fault),
            ChangeError::Question(question) => question.into(),
        }
    }
}

impl From<crate::store::StoreError> for Problem {
    fn from(error: crate::store::StoreError) -> Self {
        crate::service::QuestionError::Store(error).into()
    }
}
