//! What styles are called: `burglary-wards` the usual style of that layer, `burglary-wards.count` another.

use std::sync::Arc;

use crate::{
    http::{App, layer, problem::Problem, query::Query},
    service::collection::Collection,
};

/// A style of a layer.
#[derive(Clone)]
pub struct Named {
    /// The layer.
    pub collection: Arc<Collection>,
    /// Its style's id there.
    pub style: &'static str,
}

impl Named {
    /// The style with an id, where whoever asks may see its layer; `query` may name a version of the layer's priority.
    ///
    /// # Errors
    /// 404 with the ids that exist.
    pub fn read(query: &Query, app: &App, id: &str) -> Result<Self, Problem> {
        let (collection, style) =
            id.split_once('.').map_or((id, None), |(layer, style)| (layer, Some(style)));
        let collection = layer::asked_for(query, app, collection)?;
        let usual = collection.styles.first();
        let style = style.map_or(usual, |style| collection.styles.iter().find(|known| **known == style));
        let Some(style) = style else {
            let known: Vec<_> = collection.styles.iter().map(|style| self::id(&collection, style)).collect();
            let known = known.join(", ");
            return Err(Problem::not_found(format!(
                "there is no such style of the layer; there are {known}"
            )));
        };
        Ok(Self { collection, style })
    }

    /// Its id among all styles.
    pub fn id(&self) -> String {
        id(&self.collection, self.style)
    }

    /// Its name for people.
    pub fn title(&self) -> String {
        title(&self.collection, self.style)
    }
}

/// The id of a layer's style among all styles.
pub fn id(collection: &Collection, style: &str) -> String {
    let is_usual = collection.styles.first().is_some_and(|usual| *usual == style);
    if is_usual { collection.id.clone() } else { format!("{}.{style}", collection.id) }
}

/// The name of a layer's style for people.
pub fn title(collection: &Collection, style: &str) -> String {
    let shows = collection.style_title(style).unwrap_or_default();
    format!("{} ({shows})", collection.title)
}
