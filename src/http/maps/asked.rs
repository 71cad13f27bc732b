//! Which layers a picture shows, and how they are drawn.

use std::sync::Arc;

use actix_web::HttpRequest;

use crate::{
    feature::Colour,
    http::{App, layer, parameters::PRIORITY_VERSION, problem::Problem, query::Query},
    model::Invalid,
    render::map::{Painted, Picture, View, draw},
    service::{
        QuestionError, Service,
        collection::{Choice, Collection, Dataset, LayerQuestion},
    },
    snapshot::Snapshot,
};

/// Most layers of one picture.
const MOST_LAYERS: usize = 20;

/// A layer of a picture.
pub struct Asked {
    collection: Arc<Collection>,
    question: LayerQuestion,
    choice: Choice,
    /// The id of its style; the usual one where it is left out.
    style: Option<String>,
}

impl Asked {
    /// Reads how one collection is made, which of its features are wanted, and its `style`.
    pub fn one(query: &mut Query, app: &App, collection: Arc<Collection>) -> Self {
        let style = query.read("style", |text| style(&collection, text));
        Self {
            question: layer::question(query, &app.service, &collection),
            choice: layer::choice(query, &collection),
            collection,
            style: style.flatten(),
        }
    }

    /// Reads `collections`, the bottom one first, and `style` with as many ids in the same order, of which some may be
    /// empty. What one of them takes as a parameter may be given; each is asked with those that it takes.
    ///
    /// # Errors
    /// 404 for a collection that does not exist, and 400 for a query that cannot be read.
    pub fn several(query: &mut Query, request: &HttpRequest, app: &App) -> Result<Vec<Self>, Problem> {
        let ids = query.list("collections", |id| Ok(id.to_owned()));
        if ids.is_empty() || ids.len() > MOST_LAYERS {
            let rule =
                format!("the ids of 1 to {MOST_LAYERS} layers, with commas between: wards,burglary-density");
            query.fault("collections", Invalid::new(ids.join(","), rule));
            return Ok(Vec::new());
        }
        let styles = query.list("style", |id| Ok(id.to_owned()));
        if !styles.is_empty() && styles.len() != ids.len() {
            let rule = "as many styles as layers, with commas between; an empty one is the usual one";
            query.fault("style", Invalid::new(styles.join(","), rule));
        }
        let mut all = Vec::with_capacity(ids.len());
        if let Some(version) = query.given(PRIORITY_VERSION).filter(|_| ids.len() > 1) {
            let fault = Invalid::new(version, "a version of a priority is for a map of one layer");
            query.fault(PRIORITY_VERSION, fault);
        }
        for (number, id) in ids.iter().enumerate() {
            let collection = layer::asked_for(query, app, id)?;
            let style = styles.get(number).map(|text| style(&collection, text)).transpose();
            let style = style.unwrap_or_else(|fault| {
                query.fault("style", fault);
                None
            });
            let mut own = Query::of(request)?;
            let question = layer::question(&mut own, &app.service, &collection);
            let choice = layer::choice(&mut own, &collection);
            query.join(own);
            all.push(Self { collection, question, choice, style: style.flatten() });
        }
        Ok(all)
    }
}

/// One of the collection's styles; `None` for an empty text.
fn style(collection: &Collection, text: &str) -> Result<Option<String>, Invalid> {
    if text.is_empty() {
        return Ok(None);
    }
    let known = collection.styles.iter().find(|style| **style == text);
    known.map(|style| Some((*style).to_owned())).ok_or_else(|| {
        let rule = format!("a style of {}: {}", collection.id, collection.styles.join(", "));
        Invalid::new(text, rule)
    })
}

/// Reads `transparent` and `bgcolor`: nothing lies behind a map unless a colour is asked for (20-058 §8.2).
pub fn background(query: &mut Query) -> Option<Colour> {
    let asked = query.read("bgcolor", colour);
    let transparent = query.choice("transparent", &[("true", true), ("false", false)]);
    match (transparent, asked) {
        (Some(true), _) | (None, None) => None,
        (Some(false) | None, Some(colour)) => Some(colour),
        (Some(false), None) => Some(Colour::opaque(255, 255, 255)),
    }
}

/// A colour in six hexadecimal digits.
fn colour(text: &str) -> Result<Colour, Invalid> {
    let digits = ["0x", "0X", "#"].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    let is_colour = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_colour);
    let [_, red, green, blue] = number
        .ok_or_else(|| Invalid::new(text, "red, green and blue in six hexadecimal digits, as in 0xff8000"))?
        .to_be_bytes();
    Ok(Colour::opaque(red, green, blue))
}

/// Draws them.
///
/// # Errors
/// Those of making a layer.
pub fn picture(
    layers: &[Asked],
    view: &View,
    background: Option<Colour>,
    service: &Service,
    snapshot: &Arc<Snapshot>,
) -> Result<Picture, QuestionError> {
    let made = layers
        .iter()
        .map(|asked| {
            let dataset = service.dataset(&asked.collection, &asked.question, snapshot)?;
            let Asked { collection, question, choice, .. } = asked;
            let rows = service.chosen(&dataset, collection, question, choice, snapshot);
            Ok((asked, dataset, rows))
        })
        .collect::<Result<Vec<(&Asked, Arc<Dataset>, Option<Arc<Vec<u32>>>)>, QuestionError>>()?;
    let painted: Vec<Painted<'_>> = made
        .iter()
        .filter_map(|(asked, dataset, rows)| {
            let wanted = asked.style.as_deref();
            let named = wanted.and_then(|id| dataset.symbologies.iter().find(|known| known.id == id));
            Some(Painted {
                features: dataset.features.as_ref(),
                rows: rows.as_ref().map(|rows| rows.as_slice()),
                symbology: named.or_else(|| dataset.symbologies.first())?,
            })
        })
        .collect();
    Ok(draw(&painted, view, background))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_six_digits() {
        for text in ["0xFF8000", "#ff8000", "ff8000"] {
            assert_eq!(colour(text), Ok(Colour::opaque(255, 128, 0)), "{text}");
        }
        for text in ["", "0x", "red", "ff80", "+ff800", "ff8000ff"] {
            assert!(colour(text).is_err(), "{text}");
        }
    }
}
