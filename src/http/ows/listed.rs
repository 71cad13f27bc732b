//! The layers as capabilities list them.

use crate::{
    feature::{Bounds, Crs, Plane},
    http::{App, features, layer},
    model::{Month, Period},
    render::xml::Element,
    service::collection::{Collection, CollectionKind},
};

/// A layer with what is said of it.
pub struct Listed<'a> {
    /// The layer.
    pub collection: &'a Collection,
    /// The box around it, in degrees.
    pub bounds: Bounds,
    /// Under which licence its shapes are given.
    pub attribution: Option<&'a str>,
    /// What it shows and what has to be known beside it.
    pub summary: String,
    /// The months it can be asked for, and those that it shows unasked.
    pub time: Option<Months>,
}

/// The months that the store holds, and those that a layer shows unasked.
#[derive(Clone, Copy)]
pub struct Months {
    /// The first that is held.
    pub first: Month,
    /// The last that is held.
    pub last: Month,
    /// What is shown unasked.
    pub unasked: Period,
}

/// Every layer that whoever asks may see.
pub fn listed(app: &App) -> Vec<Listed<'_>> {
    let notices: Vec<_> =
        app.service.standing_notices().into_iter().chain(app.service.synthetic_notice()).collect();
    layer::collections(app)
        .map(|collection| Listed {
            collection,
            bounds: features::bounds(app, collection),
            attribution: features::attribution(app, collection),
            summary: format!("{} {}", collection.description, notices.join(" ")).trim_end().to_owned(),
            time: months(app, collection),
        })
        .collect()
}

fn months(app: &App, collection: &Collection) -> Option<Months> {
    let (first, last) = app.service.snapshot().months()?;
    let unasked = match (&collection.kind, collection.kind.priority()) {
        (CollectionKind::Incidents, _) => Period::months(first, last).ok()?,
        (_, Some(id)) => app.service.priority(id).ok()?.priority.period.period(last),
        // Each priority has months of its own, boundaries have none.
        _ => return None,
    };
    Some(Months { first, last, unasked })
}

impl Listed<'_> {
    /// The box around the layer in a coordinate system, its corners as x and y.
    pub fn bounds_in(&self, crs: Crs) -> Option<Bounds> {
        Plane::Degrees.bounds_in(&self.bounds, crs.plane())
    }
}

impl Months {
    /// Each of them.
    pub fn all(self) -> impl Iterator<Item = Month> {
        (0..=self.last.index() - self.first.index()).map(move |after| self.first.plus(after))
    }
}

/// The name of a style for people: its id with a capital and without hyphens.
pub fn style_title(id: &str) -> String {
    let mut letters = id.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters.map(|letter| if letter == '-' { ' ' } else { letter })).collect()
}

/// Words to find a layer by, below `name`, each in a `word`.
pub fn keywords(name: &'static str, word: &'static str, collection: &Collection) -> Element {
    Element::new(name).children(collection.keywords.iter().map(|keyword| Element::of(word, keyword)))
}
