//! What every answer and every request goes through.

use std::net::IpAddr;

use actix_cors::Cors;
use actix_web::{
    Error, HttpMessage, HttpRequest, ResponseError,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::{Condition, DefaultHeaders, Next},
};

use super::{
    etag,
    forwarded::{FaultyHeader, Forwarded},
    problem::Problem,
};

/// Names that mean this machine.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Hosts that requests may name, and the proxies that may name another.
#[derive(Clone, Debug)]
pub struct KnownHosts {
    /// Names without port beside those of this machine; `None` allows every name.
    pub names: Option<Vec<String>>,
    /// Addresses of proxies whose headers are believed.
    pub proxies: Vec<IpAddr>,
}

impl KnownHosts {
    /// Whether a host, with or without a port, may be named.
    fn allows(&self, host: &str) -> bool {
        let name = name_of(host);
        let same = |known: &str| known.eq_ignore_ascii_case(name);
        self.names.as_ref().is_none_or(|names| {
            LOOPBACK.iter().any(|known| same(known)) || names.iter().any(|known| same(known))
        })
    }
}

fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Refuses requests for a host name that is not this service's.
///
/// A web page elsewhere can make a name of its own point to 127.0.0.1 and so read what is served
/// there (DNS rebinding); the browser then still sends that name. A host that a proxy tells is held against the
/// same names: a client can tell it too, where the proxy lets that through.
///
/// # Errors
/// Those of the handlers. A host that is not known is answered by 421, what a proxy says wrongly by 400.
pub async fn refuse_foreign_hosts(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    match heard_for(&request) {
        Ok(forwarded) => {
            request.extensions_mut().insert(forwarded);
            next.call(request).await.map(ServiceResponse::map_into_left_body)
        }
        // A response and not an error, so that it is described as every other.
        Err(problem) => Ok(request.into_response(problem.error_response()).map_into_right_body()),
    }
}

/// What a proxy says about a request, where one that is believed has passed it on.
///
/// # Errors
/// 421 where the request, or the proxy, names a host that is not known, and 400 for headers of the proxy that
/// cannot be read.
fn heard_for(request: &ServiceRequest) -> Result<Forwarded, Problem> {
    let Some(known) = request.app_data::<actix_web::web::Data<KnownHosts>>() else {
        return Ok(Forwarded::default());
    };
    let refuse_unknown = |host: &str| {
        if known.allows(host) {
            return Ok(());
        }
        let name = name_of(host);
        let detail = format!(
            "this service does not answer for '{name}'; start it with --host-name {name} if it should"
        );
        Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "Unknown host", detail))
    };
    // Browsers always name the host; what does not is no web page.
    if let Some(host) = request.headers().get(header::HOST) {
        refuse_unknown(&String::from_utf8_lossy(host.as_bytes()))?;
    }
    let peer = request.peer_addr().map(|peer| peer.ip());
    let forwarded = Forwarded::of(request.headers(), peer, &known.proxies)
        .map_err(|FaultyHeader { name, fault }| Problem::invalid(&format!("header {name}"), fault))?;
    if let Some(host) = forwarded.host() {
        refuse_unknown(host)?;
    }
    Ok(forwarded)
}

/// Adds to every answer: a request id, what it varies by, that its type is not to be guessed, and
/// the content coding to its tag.
pub async fn describe_answers(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = format!("{:016x}", rand_id());
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.path());
    let mut response = tracing::Instrument::instrument(next.call(request), span).await?;
    let headers = response.headers_mut();
    etag::mark_coding(headers);
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    vary_by(headers, HeaderValue::from_static("accept"));
    // Compression says so itself only where it took place.
    vary_by(headers, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

fn vary_by(headers: &mut header::HeaderMap, name: HeaderValue) {
    let varied = |value: &HeaderValue| {
        let mut names = value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        names.any(|known| known.eq_ignore_ascii_case(name.as_bytes()))
    };
    if !headers.get_all(header::VARY).any(varied) {
        headers.append(header::VARY, name);
    }
}

fn rand_id() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    // The standard library seeds each state differently; no more is needed to tell requests apart.
    RandomState::new().hash_one(0_u8)
}

/// Which pages of other origins may read answers: those of this machine, and those named; all, where `*` is.
pub fn cors(origins: Vec<String>) -> Cors {
    let allowed = if is_open(&origins) {
        Cors::default().allow_any_origin().send_wildcard()
    } else {
        Cors::default().allowed_origin_fn(move |origin, _| {
            let Ok(origin) = origin.to_str() else { return false };
            let host = origin.split_once("://").map_or(origin, |(_, host)| host);
            LOOPBACK.contains(&name_of(host)) || origins.iter().any(|known| known == origin)
        })
    };
    allowed
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
        .allowed_headers([
            header::ACCEPT,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::IF_RANGE,
            header::RANGE,
            HeaderName::from_static("prefer"),
        ])
        .expose_headers([
            header::ACCEPT_RANGES,
            header::CONTENT_RANGE,
            header::ETAG,
            header::LINK,
            header::LOCATION,
            header::RETRY_AFTER,
            HeaderName::from_static("preference-applied"),
            HeaderName::from_static("content-crs"),
            HeaderName::from_static("ogc-numbermatched"),
            HeaderName::from_static("ogc-numberreturned"),
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(3600)
}

/// Says that every page may read an answer also where the request names no origin, if that is so: browsers use what
/// they hold from such a request for pages of other origins too.
pub fn open_to_all(origins: &[String]) -> Condition<DefaultHeaders> {
    let headers = DefaultHeaders::new().add((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    Condition::new(is_open(origins), headers)
}

fn is_open(origins: &[String]) -> bool {
    origins.iter().any(|origin| origin == "*")
}

/// 404 for addresses that are not there.
///
/// # Errors
/// Always.
pub async fn answer_unknown(request: HttpRequest) -> Result<&'static str, Problem> {
    Err(Problem::not_found(format!("there is nothing at {}; / lists what there is", request.path())))
}
