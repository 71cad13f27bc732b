//! `GetMap` (06-042 §7.3).

use actix_web::{HttpRequest, HttpResponse, http::header, web};

use super::request::{Version, drawn};
use crate::{
    feature::Colour,
    http::{
        App,
        answer::answer as answer_with,
        negotiate::Format,
        ows::{Code, Kvp, Refusal, picture},
    },
    model::Invalid,
    render::map::draw,
};

/// Answers it.
pub async fn answer(
    request: &HttpRequest,
    app: &web::Data<App>,
    kvp: &Kvp,
    version: Version,
) -> Result<HttpResponse, Refusal> {
    let layers = drawn(app, kvp)?;
    let frame = version.view(kvp)?;
    is_png(kvp.needed("format")?)?;
    let background = background(kvp)?;
    let answer = answer_with(request, app, Format::Png, move |service, snapshot| {
        picture(&layers, &frame.view, background, service, snapshot)
    });
    Ok(answer.await?)
}

/// A picture with nothing on it, for `EXCEPTIONS=BLANK`; `None` where its size is not known either.
pub fn blank(kvp: &Kvp, version: Option<Version>) -> Option<HttpResponse> {
    let frame = version?.view(kvp).ok()?;
    let picture = draw(&[], &frame.view, background(kvp).ok()?);
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-store")).content_type(Format::Png.media_type());
    Some(answer.body(picture.png()))
}

/// Checks that a picture of the one kind that is drawn is asked for.
///
/// # Errors
/// [`Refusal`] for another.
pub fn is_png(text: &str) -> Result<(), Refusal> {
    let essence = text.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("image/png") {
        return Ok(());
    }
    Err(Refusal::not_one_of(Code::InvalidFormat, "format", text, &["image/png"]))
}

/// White or BGCOLOR, and none where the picture is to be transparent.
fn background(kvp: &Kvp) -> Result<Option<Colour>, Refusal> {
    let colour = kvp.get("bgcolor").map_or(Ok(Colour::opaque(255, 255, 255)), |text| {
        colour(text).ok_or_else(|| {
            let fault = Invalid::new(text, "a colour as in 0xFF8000");
            Refusal::new(Code::InvalidParameterValue, "bgcolor", &fault)
        })
    })?;
    match kvp.get("transparent").map(str::to_ascii_uppercase).as_deref() {
        Some("TRUE") => Ok(None),
        Some("FALSE") | None => Ok(Some(colour)),
        Some(other) => {
            Err(Refusal::not_one_of(Code::InvalidParameterValue, "transparent", other, &["TRUE", "FALSE"]))
        }
    }
}

fn colour(text: &str) -> Option<Colour> {
    let digits = ["0x", "0X", "#"].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some(Colour::opaque(red, green, blue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits() {
        for text in ["0xFF8000", "#ff8000", "ff8000"] {
            assert_eq!(colour(text), Some(Colour::opaque(255, 128, 0)), "{text}");
        }
        for text in ["0x", "", "red", "0xFF80", "0x+F8000", "0xFF8000FF", "0xéé80"] {
            assert_eq!(colour(text), None, "{text}");
        }
    }
}
