//! Which layers go into a tile.

use std::sync::Arc;

use crate::{
    feature::TileId,
    http::{App, layer, problem::Problem, query::Query},
    model::{Invalid, Period},
    render::vector_tile,
    service::{
        Compare, QuestionError, Scope, Service,
        collection::{Choice, Collection, CollectionKind, LayerQuestion},
    },
    snapshot::Snapshot,
};

/// Most layers of a tile.
const MOST_LAYERS: usize = 12;

/// Layers in the order in which they stand in a tile.
pub struct Selection {
    /// The layers.
    pub layers: Vec<Picked>,
    /// What stands before `{z}/{x}/{y}.mvt` in addresses.
    pub path: String,
}

/// A layer, how it is made and which of its features are shown.
pub struct Picked {
    /// The layer.
    pub collection: Arc<Collection>,
    /// How it is made.
    pub question: LayerQuestion,
    choice: Choice,
}

impl Selection {
    /// One layer, with all its parameters.
    ///
    /// # Errors
    /// 404 for a collection that does not exist.
    pub fn one(query: &mut Query, app: &App, id: &str) -> Result<Self, Problem> {
        let collection = layer::asked_for(query, app, id)?;
        let question = layer::question(query, &app.service, &collection);
        let choice = layer::choice(query, &collection);
        let path = format!("/tiles/{}", collection.id);
        Ok(Self { layers: vec![Picked { collection, question, choice }], path })
    }

    /// The layers that `collections` names, or those that are not computed; `period` is that of all the others.
    ///
    /// # Errors
    /// 404 for a collection that does not exist.
    pub fn several(query: &mut Query, app: &App) -> Result<Self, Problem> {
        let period = query.parse::<Period>("period");
        let named = query.read("collections", names).unwrap_or_else(|| {
            let plain = layer::collections(app).filter(|known| !known.kind.is_computed());
            plain.map(|known| known.id.clone()).collect()
        });
        let pick = |id: &String| {
            let collection = layer::collection(app, id)?;
            let question = usual(&collection.kind, period);
            Ok(Picked { collection, question, choice: Choice::default() })
        };
        let layers = named.iter().map(pick).collect::<Result<_, Problem>>()?;
        Ok(Self { layers, path: "/tiles".to_owned() })
    }

    /// The tile with every layer that has something in it; no bytes where none has.
    ///
    /// # Errors
    /// As [`Service::dataset`].
    pub fn tile(
        &self,
        service: &Service,
        snapshot: &Arc<Snapshot>,
        tile: TileId,
    ) -> Result<Vec<u8>, QuestionError> {
        let mut bytes = Vec::new();
        for Picked { collection, question, choice } in &self.layers {
            let made = service.dataset(collection, question, snapshot)?;
            let rows = service.chosen(&made, collection, question, choice, snapshot);
            let rows = rows.as_ref().map(|rows| rows.as_slice());
            bytes.extend(vector_tile::encode(&collection.id, made.features.as_ref(), rows, tile));
        }
        Ok(bytes)
    }
}

/// Ids of collections, each once.
fn names(text: &str) -> Result<Vec<String>, Invalid> {
    let mut names: Vec<String> = Vec::new();
    for name in text.split(',').map(str::trim) {
        if names.iter().any(|known| known == name) || names.len() == MOST_LAYERS {
            return Err(Invalid::new(text, format!("at most {MOST_LAYERS} ids of collections, each once")));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

/// How a layer is made where only a period is given.
fn usual(kind: &CollectionKind, period: Option<Period>) -> LayerQuestion {
    if !kind.is_computed() {
        return LayerQuestion::default();
    }
    let compares = matches!(kind, CollectionKind::Summary { .. });
    let scope = Scope {
        priority: kind.priority().map(str::to_owned),
        period,
        compare: (!compares).then_some(Compare::No),
        ..Scope::default()
    };
    LayerQuestion { scope, ..LayerQuestion::default() }
}
