//! Which layer is asked for, how it is to be made, and which of its features are wanted: read in the same way
//! for features, tiles, maps and downloads.

use std::sync::Arc;

use super::{App, analysis, parameters, problem::Problem, query::Query};
use crate::{
    feature::{Bounds, Crs, FieldKind},
    filter::Condition,
    model::{Invalid, Period},
    service::{
        Scope, Service,
        collection::{Choice, Collection, CollectionKind, LayerMethod, LayerQuestion},
    },
};

/// The collection with an id, where whoever asks may see it.
///
/// # Errors
/// 404 with the ids that exist.
pub fn collection(app: &App, id: &str) -> Result<Arc<Collection>, Problem> {
    let known = app.service.collection(id)?;
    if app.audience.may_see(&known.kind) {
        return Ok(Arc::clone(known));
    }
    Err(Problem::not_found(format!("the collection {id} is not open to the audience of this service")))
}

/// The collection with an id as it is asked for: of the version of its priority that `priority_version` names, where it
/// does, and that priority need not be in use any more.
///
/// # Errors
/// 404 with the ids or versions that exist.
pub fn asked_for(query: &Query, app: &App, id: &str) -> Result<Arc<Collection>, Problem> {
    // A version that is no number is told by `question`, with the other faults.
    let version = query.given(parameters::PRIORITY_VERSION).and_then(|text| text.parse().ok());
    let of_version = version.map(|version| app.service.collection_as_of(id, version)).transpose()?.flatten();
    let visible = of_version.filter(|found| app.audience.may_see(&found.kind));
    visible.map_or_else(|| collection(app, id), Ok)
}

/// Every collection that whoever asks may see.
pub fn collections(app: &App) -> impl Iterator<Item = &Collection> {
    app.service.collections().iter().map(AsRef::as_ref).filter(|known| app.audience.may_see(&known.kind))
}

/// Reads how a collection is to be made: `priority_version`, `period`, `category`, `source`, `incident-filter`, `within`, `weights`,
/// `compare`, and the parameters of its method. What a collection does not depend on is no parameter of it.
pub fn question(query: &mut Query, service: &Service, collection: &Collection) -> LayerQuestion {
    let kind = &collection.kind;
    if matches!(kind, CollectionKind::Areas { .. }) {
        let scope = Scope { vintages: parameters::vintages(query), ..Scope::default() };
        return LayerQuestion { scope, method: LayerMethod::Plain };
    }
    if !kind.is_computed() {
        return LayerQuestion::default();
    }
    let mut scope = Scope {
        priority: kind.priority().map(str::to_owned),
        period: query.parse::<Period>("period"),
        compare: Some(crate::service::Compare::No),
        vintages: parameters::vintages(query),
        ..Scope::default()
    };
    if kind.priority().is_some() {
        scope.priority_version =
            parameters::priority_version(query, parameters::PRIORITY_VERSION, kind.priority());
        scope.categories = query.list("category", parameters::category);
        scope.sources = query.list("source", |name| Ok(name.to_owned()));
        scope.filter = query.read("incident-filter", |text| parameters::filter(text, service));
        scope.weights = parameters::weights(query);
    }
    let method = match kind {
        CollectionKind::Density { .. } => LayerMethod::Density(analysis::density_parameters(query)),
        CollectionKind::Hotspots { .. } | CollectionKind::Priorities => {
            LayerMethod::Hotspots(analysis::hotspot_parameters(query))
        }
        CollectionKind::Hex { .. } => LayerMethod::Hex {
            resolution: query.parse("resolution"),
            statistic: analysis::cell_statistic(query),
            with_empty: analysis::cells_with_empty(query),
        },
        CollectionKind::Summary { .. } => {
            scope.compare = parameters::comparison(query);
            LayerMethod::Plain
        }
        CollectionKind::Areas { .. } | CollectionKind::Borough | CollectionKind::Incidents => {
            LayerMethod::Plain
        }
    };
    if !matches!(kind, CollectionKind::Summary { .. } | CollectionKind::Priorities) {
        scope.within = parameters::within(query);
    }
    LayerQuestion { scope, method }
}

/// Fields that are no parameters, because how the layer is made has a parameter of that name.
const NOT_BY_VALUE: [&str; 3] = ["period", "class", "streets"];

/// The fields of a collection that can be asked for by value: `name=Norton`.
pub fn fields_by_value(collection: &Collection) -> impl Iterator<Item = (usize, &crate::feature::Field)> {
    collection
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.kind != FieldKind::Instant && !NOT_BY_VALUE.contains(&field.name.as_str()))
}

/// Reads which features are wanted: `datetime`, `filter` with `filter-lang` and `filter-crs`, and fields by value.
pub fn choice(query: &mut Query, collection: &Collection) -> Choice {
    let when = query.read("datetime", super::datetime::read);
    let languages = [("cql2-text", false), ("cql-text", false), ("cql2-json", true)];
    let is_json = query.choice("filter-lang", &languages);
    let crs: Crs = query.parse("filter-crs").unwrap_or_default();
    let filter = query.read("filter", |text| {
        if is_json.unwrap_or(text.trim_start().starts_with('{')) {
            Condition::parse_json(text, &collection.fields, crs)
        } else {
            Condition::parse_text(text, &collection.fields, crs)
        }
    });
    let equals = fields_by_value(collection)
        .filter_map(|(number, field)| {
            let values = query.read(field.name.clone(), |text| Ok(wanted(collection, &field.name, text)))?;
            Some((number, values))
        })
        .collect();
    Choice { windows: None, when, equals, filter, sort: Vec::new() }
}

/// Whether a field can be asked for by several values at once.
pub fn takes_several(collection: &Collection, field: &str) -> bool {
    collection.kind == CollectionKind::Incidents && ["category", "source"].contains(&field)
}

/// One value, or for what is written as slugs a list of them.
fn wanted(collection: &Collection, field: &str, text: &str) -> Vec<String> {
    if takes_several(collection, field) {
        text.split(',').map(|slug| slug.trim().to_owned()).collect()
    } else {
        vec![text.to_owned()]
    }
}

/// Reads `bbox` in the system of `bbox-crs`: four numbers, or six of which heights are not used.
pub fn window(query: &mut Query) -> Option<Window> {
    let crs: Crs = query.parse("bbox-crs").unwrap_or_default();
    query.read("bbox", |text| Window::read(text, crs))
}

/// A box that was asked for; one over the 180th meridian is two.
#[derive(Clone, Debug)]
pub struct Window {
    /// The system of its coordinates.
    pub crs: Crs,
    /// The box, or its parts west and east of the meridian.
    pub parts: Vec<Bounds>,
}

impl Window {
    /// Reads the numbers of a box.
    ///
    /// # Errors
    /// [`Invalid`] for other than four or six finite numbers in order.
    pub fn read(text: &str, crs: Crs) -> Result<Self, Invalid> {
        use geo_types::coord;
        let rule =
            "four numbers, or six with heights: the lower corner and the upper one, in the order of the axes";
        let numbers = text
            .split(',')
            .map(|part| super::query::finite(part.trim()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|inner| Invalid::new(text, format!("{rule}; '{}' is not a number", inner.value)))?;
        let (low, high) = match numbers.as_slice() {
            [a, b, c, d] | [a, b, _, c, d, _] => (coord! { x: *a, y: *b }, coord! { x: *c, y: *d }),
            _ => return Err(Invalid::new(text, rule)),
        };
        let (low, high) = (crs.ordered(low), crs.ordered(high));
        let is_degrees = crs.plane() == crate::feature::Plane::Degrees;
        if is_degrees && low.x > high.x && low.x <= 180.0 && high.x >= -180.0 {
            let west = Bounds::new(coord! { x: low.x, y: low.y }, coord! { x: 180.0, y: high.y })?;
            let east = Bounds::new(coord! { x: -180.0, y: low.y }, coord! { x: high.x, y: high.y })?;
            return Ok(Self { crs, parts: vec![west, east] });
        }
        Ok(Self { crs, parts: vec![Bounds::new(low, high)?] })
    }
}
