//! A layer as a map shows it: how it is made, which of its features, and in which style.

use std::sync::Arc;

use super::{Code, Kvp, Refusal, time};
use crate::{
    feature::{Colour, Symbology},
    http::{App, layer, parameters::PRIORITY_VERSION, problem::Problem},
    model::Invalid,
    render::map::{Painted, View, draw},
    service::{
        Service,
        collection::{Choice, Collection, CollectionKind, Dataset, LayerQuestion, WhenAsked},
    },
    snapshot::Snapshot,
};

/// A layer of a map.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which layer.
    pub collection: Arc<Collection>,
    /// How it is made.
    pub question: LayerQuestion,
    /// Which of its features are shown.
    pub choice: Choice,
    /// The id of its style; `None` for the usual one.
    pub style: Option<String>,
}

/// A layer that was made, ready to be drawn.
struct Made {
    dataset: Arc<Dataset>,
    rows: Option<Arc<Vec<u32>>>,
    style: Option<String>,
}

impl Asked {
    /// Reads the layer `id` in `style`, its months from TIME, and what it is made by and chosen from. Of several
    /// layers in one map, none is filtered: a filter names fields of one.
    ///
    /// # Errors
    /// [`Refusal`] for a layer or a style that is not there, and for every parameter of the layer with a fault.
    pub fn read(app: &App, kvp: &Kvp, id: &str, style: &str, alone: bool) -> Result<Self, Refusal> {
        let mut query = kvp.of_layer();
        let collection = layer::asked_for(&query, app, id).map_err(|problem| Refusal::Fault {
            code: Code::LayerNotDefined,
            place: "layers".to_owned(),
            text: problem.to_string(),
        })?;
        let style = match style {
            "" | "default" => None,
            named if collection.styles.contains(&named) => Some(named.to_owned()),
            other => {
                return Err(Refusal::not_one_of(Code::StyleNotDefined, "styles", other, collection.styles));
            }
        };
        if !alone && let Some(text) = kvp.get("cql_filter") {
            let fault = Invalid::new(text, "a filter is for a map of one layer");
            return Err(Refusal::new(Code::InvalidParameterValue, "cql_filter", &fault));
        }
        if !alone && let Some(text) = kvp.get(PRIORITY_VERSION) {
            let fault = Invalid::new(text, "a version of a priority is for a map of one layer");
            return Err(Refusal::new(Code::InvalidParameterValue, PRIORITY_VERSION, &fault));
        }
        let mut question = layer::question(&mut query, &app.service, &collection);
        let mut choice = if alone { layer::choice(&mut query, &collection) } else { Choice::default() };
        query.finish_known()?;
        // `default` is what WMTS calls the months that a layer shows unasked.
        if let Some(text) = kvp.get("time").filter(|text| *text != "default") {
            let newest = app.service.snapshot().months().map(|(_, newest)| newest);
            let period = time::read(text, newest)
                .map_err(|fault| Refusal::new(Code::InvalidDimensionValue, "time", &fault))?;
            if collection.kind.is_computed() {
                question.scope.period = Some(period);
            } else if collection.kind == CollectionKind::Incidents {
                let days = period.days_s();
                choice.when = Some(WhenAsked { from_s: Some(days.start_s), to_s: Some(days.end_s - 1) });
            }
        }
        Ok(Self { collection, question, choice, style })
    }

    fn make(&self, service: &Service, snapshot: &Arc<Snapshot>) -> Result<Made, Problem> {
        let dataset = service.dataset(&self.collection, &self.question, snapshot)?;
        let rows = service.chosen(&dataset, &self.collection, &self.question, &self.choice, snapshot);
        Ok(Made { dataset, rows, style: self.style.clone() })
    }

    /// How the layer is drawn.
    ///
    /// # Errors
    /// Those of making the layer.
    pub fn symbology(&self, service: &Service, snapshot: &Arc<Snapshot>) -> Result<Symbology, Problem> {
        let dataset = service.dataset(&self.collection, &self.question, snapshot)?;
        symbology(&dataset, self.style.as_deref()).cloned().ok_or_else(|| no_style(&self.collection))
    }
}

fn no_style(collection: &Collection) -> Problem {
    Problem::not_found(format!("{} has no way to be drawn", collection.id))
}

fn symbology<'a>(dataset: &'a Dataset, style: Option<&str>) -> Option<&'a Symbology> {
    match style {
        None => dataset.symbologies.first(),
        Some(id) => dataset.symbologies.iter().find(|known| known.id == id),
    }
}

/// A map of layers, the first at the bottom, as PNG; transparent where no `background` is given.
///
/// # Errors
/// Those of making the layers.
pub fn picture(
    layers: &[Asked],
    view: &View,
    background: Option<Colour>,
    service: &Service,
    snapshot: &Arc<Snapshot>,
) -> Result<Vec<u8>, Problem> {
    let made = layers.iter().map(|asked| asked.make(service, snapshot)).collect::<Result<Vec<_>, _>>()?;
    let painted: Vec<Painted<'_>> = made
        .iter()
        .filter_map(|made| {
            let symbology = symbology(&made.dataset, made.style.as_deref())?;
            let rows = made.rows.as_ref().map(|rows| rows.as_slice());
            Some(Painted { features: made.dataset.features.as_ref(), rows, symbology })
        })
        .collect();
    Ok(draw(&painted, view, background).png())
}
