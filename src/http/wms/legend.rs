//! `GetLegendGraphic` (Styled Layer Descriptor profile of WMS, 05-078r4 §12).

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    http::{
        App,
        answer::answer as answer_with,
        negotiate::Format,
        ows::{Asked, Code, Kvp, Refusal},
    },
    render::legend,
};

/// The forms of a legend, the default first.
pub const FORMATS: [(&str, Format); 2] = [("image/png", Format::Png), ("image/svg+xml", Format::Svg)];

/// Answers it.
pub async fn answer(request: &HttpRequest, app: &web::Data<App>, kvp: &Kvp) -> Result<HttpResponse, Refusal> {
    let asked = Asked::read(app, kvp, kvp.needed("layer")?, kvp.get("style").unwrap_or_default(), true)?;
    let text = kvp.get("format").unwrap_or(FORMATS[0].0);
    let essence = text.split(';').next().unwrap_or_default().trim();
    let format = FORMATS.iter().find(|(name, _)| name.eq_ignore_ascii_case(essence)).ok_or_else(|| {
        Refusal::not_one_of(Code::InvalidFormat, "format", text, &FORMATS.map(|(name, _)| name))
    })?;
    let format = format.1;
    let drawn = answer_with(request, app, format, move |service, snapshot| {
        let symbology = asked.symbology(service, snapshot)?;
        let title = &asked.collection.title;
        Ok(match format {
            Format::Svg => legend::svg(&symbology, title).into_bytes(),
            _ => legend::png(&symbology, title, 1.0),
        })
    });
    Ok(drawn.await?)
}
