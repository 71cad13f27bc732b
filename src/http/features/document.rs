//! A collection as it is described.

use serde::Serialize;

use super::links::{LEGEND, QUERYABLES, SCHEMA, STYLES, TILESETS, link};
use crate::{
    feature::{Bounds, Crs, Plane},
    http::{
        App, Link, dggs, downloads,
        maps::{MAP, MAP_TILESETS},
        negotiate::Format,
    },
    render::features::instant,
    service::collection::{Collection, CollectionKind, LayerQuestion},
};

/// The formats that features come in, the default first.
pub const FORMATS: [Format; 4] = [Format::GeoJson, Format::Csv, Format::FlatGeobuf, Format::Html];

/// A collection on the wire (17-069r4 §7.14).
#[derive(Serialize)]
pub struct CollectionDocument {
    pub(in crate::http) id: String,
    pub(in crate::http) title: String,
    pub(in crate::http) description: String,
    pub(in crate::http) keywords: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) attribution: Option<String>,
    pub(in crate::http) extent: Extent,
    #[serde(rename = "itemType")]
    pub(in crate::http) item_type: &'static str,
    #[serde(rename = "itemCount", skip_serializing_if = "Option::is_none")]
    pub(in crate::http) item_count: Option<usize>,
    pub(in crate::http) crs: Vec<&'static str>,
    #[serde(rename = "storageCrs")]
    pub(in crate::http) storage_crs: &'static str,
    pub(in crate::http) links: Vec<Link>,
}

#[derive(Serialize)]
pub(in crate::http) struct Extent {
    pub(in crate::http) spatial: Spatial,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) temporal: Option<Temporal>,
}

#[derive(Serialize)]
pub(in crate::http) struct Spatial {
    pub(in crate::http) bbox: [[f64; 4]; 1],
    pub(in crate::http) crs: &'static str,
}

#[derive(Serialize)]
pub(in crate::http) struct Temporal {
    pub(in crate::http) interval: [[Option<String>; 2]; 1],
    pub(in crate::http) trs: &'static str,
}

impl CollectionDocument {
    /// That of a collection; links begin with `base`.
    pub fn of(app: &App, base: &str, collection: &Collection) -> Self {
        let here = format!("{base}/collections/{}", collection.id);
        let mut links = vec![
            link("self", &here, Format::Json, "This document"),
            link("alternate", &format!("{here}?f=html"), Format::Html, "This document as a page"),
            link(
                QUERYABLES,
                &format!("{here}/queryables"),
                Format::Schema,
                "What features can be asked for by",
            ),
            link(SCHEMA, &format!("{here}/schema"), Format::Schema, "The fields of its features"),
            link("describedby", &format!("{here}/schema"), Format::Schema, "The fields of its features"),
        ];
        links.extend([
            link(STYLES, &format!("{here}/styles"), Format::Json, "The ways to draw it"),
            link(LEGEND, &format!("{here}/legend"), Format::Png, "What its colours mean"),
        ]);
        links.extend(FORMATS.iter().map(|format| {
            let href = match format {
                Format::GeoJson => format!("{here}/items"),
                other => format!("{here}/items?f={}", other.word()),
            };
            link("items", &href, *format, &format!("Its features as {}", format.name()))
        }));
        links.push(link(MAP, &format!("{here}/map"), Format::Png, "A picture of it"));
        links.push(link(MAP_TILESETS, &format!("{here}/map/tiles"), Format::Json, "Its picture in tiles"));
        links.push(link(TILESETS, &format!("{here}/tiles"), Format::Json, "Its vector tiles"));
        links.extend(downloads::links(base, collection));
        if matches!(collection.kind, CollectionKind::Hex { .. }) {
            let grids = format!("{here}/dggs");
            links.push(link(dggs::LIST, &grids, Format::Json, "Its cells as zones of a grid"));
        }
        Self {
            id: collection.id.clone(),
            title: collection.title.clone(),
            description: collection.description.clone(),
            keywords: collection.keywords.clone(),
            attribution: attribution(app, collection).map(str::to_owned),
            extent: Extent { spatial: spatial(app, collection), temporal: temporal(app, collection) },
            item_type: "feature",
            item_count: item_count(app, collection),
            crs: Crs::ALL.iter().map(|crs| crs.uri()).collect(),
            storage_crs: Crs::BritishGrid.uri(),
            links,
        }
    }
}

/// Under which licence the shapes of a collection are given, where that is known.
pub fn attribution<'a>(app: &'a App, collection: &Collection) -> Option<&'a str> {
    match &collection.kind {
        CollectionKind::Areas { layer } | CollectionKind::Summary { layer, .. } => {
            app.service.boundaries().layer(layer).map(|(_, layer)| layer.licence.as_str())
        }
        _ => None,
    }
}

/// The box around a collection: that of its features where it is at hand, otherwise one that holds them.
pub fn bounds(app: &App, collection: &Collection) -> Bounds {
    let of_features = || {
        let snapshot = app.service.snapshot();
        let made = app.service.dataset(collection, &LayerQuestion::default(), &snapshot).ok()?;
        made.features.bounds(Plane::Degrees)
    };
    let of_borough = || {
        let (min, max) = geo_bounds(&app.service.boundaries().outline.lonlat.0)?;
        let box_ = Bounds::new(min, max).ok()?;
        // Cells at the border reach over it: by less than the widest cell that is offered.
        let reaches_over = matches!(collection.kind, CollectionKind::Hex { .. });
        Some(if reaches_over { box_.widened(0.05) } else { box_ })
    };
    let found = if collection.kind.is_computed() { of_borough() } else { of_features().or_else(of_borough) };
    found.unwrap_or_else(everywhere)
}

fn geo_bounds(shape: &geo_types::MultiPolygon) -> Option<(geo_types::Coord, geo_types::Coord)> {
    use geo::BoundingRect;
    shape.bounding_rect().map(|rect| (rect.min(), rect.max()))
}

/// The area of the national grid.
pub(in crate::http) fn everywhere() -> Bounds {
    use geo_types::coord;
    let (min, max) = (coord! { x: -9.1, y: 49.7 }, coord! { x: 2.1, y: 61.0 });
    Bounds::around([min, max]).unwrap_or_else(|| unreachable!("the numbers are finite"))
}

fn spatial(app: &App, collection: &Collection) -> Spatial {
    let bounds = bounds(app, collection);
    let (min, max) = (bounds.min(), bounds.max());
    // Coordinates are written with seven decimals: the box holds the exact ones and the written ones.
    let (down, up) = (|side: f64| (side * 1e7).floor() / 1e7, |side: f64| (side * 1e7).ceil() / 1e7);
    Spatial { bbox: [[down(min.x), down(min.y), up(max.x), up(max.y)]], crs: Crs::Crs84.uri() }
}

/// From the first second of the first month that is held to the last second of the last one.
fn temporal(app: &App, collection: &Collection) -> Option<Temporal> {
    if collection.kind != CollectionKind::Incidents {
        return None;
    }
    let snapshot = app.service.snapshot();
    let (first, _) = snapshot.months()?;
    let start = crate::model::time::midnight_s(first.first_day());
    let end = snapshot.intervals().iter().map(|occurred| occurred.end_s()).max()?;
    Some(Temporal {
        interval: [[Some(instant(start)), Some(instant(end))]],
        trs: "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
    })
}

/// How many features there are, where that is known without making them.
fn item_count(app: &App, collection: &Collection) -> Option<usize> {
    match &collection.kind {
        CollectionKind::Areas { layer } | CollectionKind::Summary { layer, .. } => {
            app.service.boundaries().layer(layer).map(|(_, layer)| layer.areas.len())
        }
        CollectionKind::Borough => Some(1),
        CollectionKind::Priorities => Some(app.service.priorities().len()),
        CollectionKind::Incidents => {
            let snapshot = app.service.snapshot();
            Some(snapshot.len() - snapshot.unlocated_count())
        }
        CollectionKind::Density { .. } | CollectionKind::Hex { .. } | CollectionKind::Hotspots { .. } => None,
    }
}
