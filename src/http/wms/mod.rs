//! Web Map Service 1.3.0 (OGC 06-042), and 1.1.1 (01-068r3) for clients that ask for it: the layers as maps.

mod capabilities;
mod info;
mod legend;
mod map;
mod report;
mod request;

use actix_web::{HttpRequest, HttpResponse, web};

use self::request::Version;
use super::{
    App,
    ows::{Code, Kvp, Refusal},
    problem::Problem,
    readable,
};

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(readable("/wms", web::route().to(wms)));
}

/// What can be asked.
const OPERATIONS: [&str; 4] = ["GetCapabilities", "GetMap", "GetFeatureInfo", "GetLegendGraphic"];

/// `GET /wms`.
async fn wms(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let kvp = match Kvp::of(&request) {
        Ok(kvp) => kvp,
        Err(refusal) => return report::answer(refusal, Version::V130),
    };
    let version = Version::of(&kvp);
    let answered = answered(&request, &app, &kvp, version).await;
    answered.or_else(|refusal| {
        let blank = kvp.get("exceptions").is_some_and(is_blank);
        let picture = if blank { map::blank(&kvp, version) } else { None };
        picture.map_or_else(|| report::answer(refusal, version.unwrap_or_default()), Ok)
    })
}

/// Whether an empty picture is wanted in place of a report.
fn is_blank(text: &str) -> bool {
    ["BLANK", "application/vnd.ogc.se_blank"].iter().any(|name| name.eq_ignore_ascii_case(text))
}

async fn answered(
    request: &HttpRequest,
    app: &web::Data<App>,
    kvp: &Kvp,
    version: Option<Version>,
) -> Result<HttpResponse, Refusal> {
    if let Some(service) = kvp.get("service").filter(|service| !service.eq_ignore_ascii_case("WMS")) {
        return Err(Refusal::not_one_of(Code::InvalidParameterValue, "service", service, &["WMS"]));
    }
    let operation = kvp.needed("request")?;
    let is = |name: &str| operation.eq_ignore_ascii_case(name);
    // Capabilities are given in the nearest version that is spoken here (06-042 §6.2.4), all else in the one asked for.
    if is("GetCapabilities") || is("capabilities") {
        return capabilities::answer(request, app, version.unwrap_or_else(|| Version::nearest(kvp))).await;
    }
    if is("GetLegendGraphic") {
        return legend::answer(request, app, kvp).await;
    }
    let version = version.ok_or_else(|| {
        let asked = kvp.get("version").unwrap_or_default();
        Refusal::not_one_of(Code::InvalidParameterValue, "version", asked, &["1.3.0", "1.1.1"])
    })?;
    if is("GetMap") {
        return map::answer(request, app, kvp, version).await;
    }
    if is("GetFeatureInfo") {
        return info::answer(request, app, kvp, version).await;
    }
    Err(Refusal::not_one_of(Code::OperationNotSupported, "request", operation, &OPERATIONS))
}
