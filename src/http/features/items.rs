//! `GET /collections/{collection}/items`: features of a layer, filtered, sorted and page by page.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    document::FORMATS,
    links::{link, own},
};
use crate::{
    feature::{Crs, Features, Field},
    http::{
        App, Link,
        answer::{Body, answer_from, json},
        downloads::description,
        layer,
        negotiate::{self, Format},
        pages,
        parameters::{self, Address},
        problem::Problem,
        query::Query,
        wire::Card,
    },
    model::{Generation, Invalid},
    render::{
        features::{FeatureJson, Written, table},
        flat_geobuf::{self, Order},
        layer::Layer,
    },
    service::{
        Service,
        collection::{Choice, Collection, Dataset, LayerQuestion, SortKey},
    },
};

/// Features of a page where nothing is said.
pub const USUAL_LIMIT: u32 = 100;
/// Most features of a page; more are not refused, they come on the next pages.
pub const MOST_LIMIT: u32 = 10_000;

/// Parameters that choose and order features; one feature has no use for them.
pub const OF_THE_PAGE: [&str; 13] = [
    "limit",
    "offset",
    "bbox",
    "bbox-crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "sortby",
    "properties",
    "skipGeometry",
    "f",
    "crs",
];

/// Which part of the chosen features is asked for.
#[derive(Clone, Copy)]
pub struct Page {
    /// How many are left out before the first.
    pub offset: usize,
    /// Most that are given.
    pub limit: usize,
}

/// What a request for the features of a layer asks for.
pub struct Asked {
    question: LayerQuestion,
    choice: Choice,
    page: Page,
    crs: Crs,
    fields: Vec<usize>,
    with_geometry: bool,
    generation: Option<Generation>,
}

impl Asked {
    /// Reads every parameter but the format.
    pub fn read(query: &mut Query, service: &Service, collection: &Collection) -> Self {
        Self {
            question: layer::question(query, service, collection),
            choice: choice(query, collection),
            page: page(query),
            crs: query.parse("crs").unwrap_or_default(),
            fields: properties(query, collection),
            with_geometry: query.choice("skipGeometry", &[("false", true), ("true", false)]).unwrap_or(true),
            generation: parameters::generation(query),
        }
    }
}

/// Answers it.
pub async fn items(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    let collection = layer::asked_for(&query, &app, &id)?;
    let asked = Asked::read(&mut query, &app.service, &collection);
    query.finish()?;
    let format = format?;
    let address = Address::of(&request, &app);
    let snapshot = app.service.snapshot_for_pages(asked.generation)?;
    answer_from(snapshot, &request, &app, format, move |service, snapshot| {
        let Asked { question, choice, page, crs, fields, with_geometry, .. } = asked;
        let made = service.dataset(&collection, &question, snapshot)?;
        let chosen = service.chosen(&made, &collection, &question, &choice, snapshot);
        let matched = chosen.as_ref().map_or(made.features.len(), |rows| rows.len());
        let shown = page.offset.min(matched)..page.offset.saturating_add(page.limit).min(matched);
        let rows: Vec<usize> = match &chosen {
            Some(rows) => rows[shown].iter().map(|row| *row as usize).collect(),
            None => shown.collect(),
        };
        let written = Written { crs, fields, geometry: with_geometry };
        let mut links = own(&address, format, &FORMATS);
        let version = made.about.as_ref().and_then(|about| about.card.priority_version);
        links.extend(beside(&address, page, matched, format, (snapshot.generation(), version)));
        let parent = format!("{}/collections/{}", address.base(), collection.id);
        links.push(link("collection", &parent, Format::Json, &collection.title));
        let header = link_header(&links);
        let body: Body = match format {
            Format::Html => {
                let shown = pages::items::Shown {
                    service,
                    collection: &collection,
                    dataset: &made,
                    rows: &rows,
                    matched,
                    page,
                    written: &written,
                    address: &address,
                    links: &links,
                };
                shown.page()
            }
            Format::Csv => table(made.features.as_ref(), rows.iter().copied(), &written)
                .map_err(|error| Problem::internal(&error))?
                .into(),
            Format::FlatGeobuf => {
                let layer = Layer {
                    name: &collection.id,
                    title: &collection.title,
                    description: &description(&collection, &made),
                    features: made.features.as_ref(),
                    rows: &rows,
                    written: &written,
                    symbologies: &[],
                };
                flat_geobuf::write(&layer, Order::AsGiven).map_err(|error| Problem::internal(&error))?.into()
            }
            _ => json(&Items {
                collection: &collection,
                card: made.about.as_ref().map(|about| Card::new(&about.card, address.permalink(&about.card))),
                dataset: &made,
                rows: &rows,
                matched,
                written: &written,
                links,
            })?
            .into(),
        };
        Ok(body
            .with("Content-Crs", format!("<{}>", crs.uri()))
            .with("OGC-NumberMatched", matched.to_string())
            .with("OGC-NumberReturned", rows.len().to_string())
            .with("Link", header))
    })
    .await
}

/// Which features: by box, time, value and filter, and in which order.
pub(in crate::http) fn choice(query: &mut Query, collection: &Collection) -> Choice {
    let window = layer::window(query);
    let sort = query.read("sortby", |text| sort(text, collection)).unwrap_or_default();
    Choice {
        windows: window.map(|window| (window.parts, window.crs.plane())),
        sort,
        ..layer::choice(query, collection)
    }
}

fn page(query: &mut Query) -> Page {
    let limit = query.read("limit", |text| {
        let rule = format!("a whole number from 1; pages hold at most {MOST_LIMIT}");
        text.parse::<u32>().ok().filter(|limit| *limit >= 1).ok_or_else(|| Invalid::new(text, rule))
    });
    let offset = query.whole("offset", 0..=u32::MAX).unwrap_or(0);
    Page { offset: offset as usize, limit: limit.unwrap_or(USUAL_LIMIT).min(MOST_LIMIT) as usize }
}

/// Fields with `+` or `-` before them: `-count,name`.
fn sort(text: &str, collection: &Collection) -> Result<Vec<SortKey>, Invalid> {
    text.split(',')
        .map(|key| {
            // A plus that was not percent-encoded arrives as a space.
            let key = key.trim();
            let (name, descending) = match key.strip_prefix('-') {
                Some(name) => (name, true),
                None => (key.strip_prefix('+').unwrap_or(key), false),
            };
            Ok(SortKey { field: number_of(name, text, collection)?, descending })
        })
        .collect()
}

/// The numbers of the fields that are asked for; all, where nothing is said.
pub(in crate::http) fn properties(query: &mut Query, collection: &Collection) -> Vec<usize> {
    let asked = query.read("properties", |text| {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(|name| number_of(name, text, collection)).collect::<Result<Vec<_>, _>>()
    });
    asked.unwrap_or_else(|| (0..collection.fields.len()).collect())
}

fn number_of(name: &str, text: &str, collection: &Collection) -> Result<usize, Invalid> {
    let names =
        |fields: &[Field]| fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>().join(", ");
    collection.fields.iter().position(|field| field.name == name).ok_or_else(|| {
        Invalid::new(
            text,
            format!("'{name}' is no property of this layer; there are {}", names(&collection.fields)),
        )
    })
}

/// Links to the pages before and after. They name the generation and the version of the priority, so that what is
/// imported or changed meanwhile neither repeats nor hides a feature.
fn beside(
    address: &Address,
    page: Page,
    matched: usize,
    format: Format,
    (Generation(generation), version): (Generation, Option<u32>),
) -> Vec<Link> {
    let version = version.map(|version| version.to_string());
    let to = |rel: &str, offset: usize, title: &str| {
        let (offset, generation) = (offset.to_string(), generation.to_string());
        let mut changes = vec![("offset", offset.as_str()), ("generation", &generation)];
        changes.extend(version.iter().map(|version| (parameters::PRIORITY_VERSION, version.as_str())));
        if format != Format::GeoJson {
            changes.push(("f", format.word()));
        }
        link(rel, &address.with(&changes), format, title)
    };
    let after = page.offset.saturating_add(page.limit);
    let next = (after < matched).then(|| to("next", after, "The next page"));
    let prev =
        (page.offset > 0).then(|| to("prev", page.offset.saturating_sub(page.limit), "The page before"));
    prev.into_iter().chain(next).collect()
}

/// The links as a header (RFC 8288), for clients that page formats without links of their own.
fn link_header(links: &[Link]) -> String {
    let paging = links.iter().filter(|link| ["next", "prev"].contains(&link.rel()));
    paging.map(Link::header).collect::<Vec<_>>().join(", ")
}

/// A page of features.
pub(in crate::http) struct Items<'a> {
    pub collection: &'a Collection,
    pub card: Option<Card>,
    pub dataset: &'a Dataset,
    pub rows: &'a [usize],
    pub matched: usize,
    pub written: &'a Written,
    pub links: Vec<Link>,
}

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", "FeatureCollection")?;
        map.serialize_entry("title", &self.collection.title)?;
        map.serialize_entry("links", &self.links)?;
        map.serialize_entry("numberMatched", &self.matched)?;
        map.serialize_entry("numberReturned", &self.rows.len())?;
        map.serialize_entry("notices", &self.dataset.notices)?;
        if let Some(card) = &self.card {
            map.serialize_entry("method", card)?;
        }
        map.serialize_entry("features", &Rows(self))?;
        map.end()
    }
}

struct Rows<'a>(&'a Items<'a>);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Items { dataset, rows, written, .. } = self.0;
        let features: &dyn Features = dataset.features.as_ref();
        serializer.collect_seq(rows.iter().map(|row| FeatureJson { features, row: *row, written }))
    }
}
