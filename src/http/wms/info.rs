//! `GetFeatureInfo` (06-042 §7.4).

use actix_web::{HttpRequest, HttpResponse, web};

use super::request::{Version, asked_about};
use crate::http::{
    App,
    answer::answer as answer_with,
    ows::{Code, InfoFormat, Kvp, Refusal, Spot},
};

/// Most features of one layer that are told.
const MOST_FEATURES: u32 = 1_000;

/// Answers it.
pub async fn answer(
    request: &HttpRequest,
    app: &web::Data<App>,
    kvp: &Kvp,
    version: Version,
) -> Result<HttpResponse, Refusal> {
    let asked = asked_about(app, kvp)?;
    let frame = version.view(kvp)?;
    let form = InfoFormat::read(kvp.get("info_format"), "info_format")?;
    // 1.1.1 calls them X and Y, and clients mix the two up.
    let pixel = |names: [&str; 2]| {
        let name = if kvp.get(names[0]).is_some() { names[0] } else { names[1] };
        kvp.whole(name, 0..=u32::MAX, Code::InvalidPoint)
    };
    let pixel = (pixel(["i", "x"])?, pixel(["j", "y"])?);
    let spot = Spot::new(&frame.bounds, frame.crs.plane(), frame.size, pixel)
        .map_err(|fault| Refusal::new(Code::InvalidPoint, "i,j", &fault))?;
    // Anything but a positive number counts as left out (§7.4.3.6).
    let most = kvp.get("feature_count").and_then(|text| text.parse::<u32>().ok()).unwrap_or(1);
    let most = most.clamp(1, MOST_FEATURES) as usize;
    let told = answer_with(request, app, form.format(), move |service, snapshot| {
        spot.features(&asked, most, form, service, snapshot)
    });
    Ok(told.await?)
}
