//! `GET /downloads/{file}`: whole layers as files, under addresses that end as the files do.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use super::{
    App, Link, analysis,
    answer::{Body, answer, json},
    features::{self, Items, link},
    layer,
    negotiate::Format,
    parameters::Address,
    problem::Problem,
    query::Query,
    readable,
    wire::Card,
};
use crate::{
    analysis::density::Form,
    feature::Crs,
    render::{
        features::{IdColumn, Written, table_with},
        flat_geobuf::{self, Order},
        geopackage,
        layer::Layer,
    },
    service::{
        QuestionError, Scope, Service,
        collection::{Collection, CollectionKind, Dataset, LayerMethod, LayerQuestion},
    },
    snapshot::Snapshot,
};

/// Endings of files, and what they hold.
const FILES: [(&str, Format); 4] = [
    ("geojson", Format::GeoJson),
    ("csv", Format::Csv),
    ("fgb", Format::FlatGeobuf),
    ("gpkg", Format::GeoPackage),
];

/// The ending of rasters, which densities have.
const RASTER: &str = "tif";

/// The file of all layers, without its ending.
const ALL: &str = "all";

/// Larger files take more memory than one answer should.
const MOST_FEATURES: usize = 1_000_000;

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(readable("/downloads/{file}", web::route().to(download)));
}

/// Links from a collection to its files.
pub(super) fn links(base: &str, collection: &Collection) -> Vec<Link> {
    let id = &collection.id;
    let file = |ending: &str, format: Format| {
        let title = format!("All its features as {}", format.name());
        link("enclosure", &format!("{base}/downloads/{id}.{ending}"), format, &title)
    };
    let mut links: Vec<Link> = FILES.iter().map(|(ending, format)| file(ending, *format)).collect();
    if let CollectionKind::Density { priority } = &collection.kind {
        let format = Format::GeoTiff;
        let raster = format!("{base}/downloads/{id}.{RASTER}");
        links.push(link("enclosure", &raster, format, "The surface as GeoTIFF"));
        let coverage = format!("{base}/analysis/density?priority={priority}&f={}", format.word());
        links.push(link(COVERAGE, &coverage, format, "The surface as a Cloud Optimized GeoTIFF"));
    }
    links
}

/// Relation of coverages (19-087).
const COVERAGE: &str = "http://www.opengis.net/def/rel/ogc/1.0/coverage";

/// What is told of a layer in its file.
pub(super) fn description(collection: &Collection, made: &Dataset) -> String {
    let told = std::iter::once(&collection.description).chain(&made.notices).chain(&made.attribution);
    told.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Answers it.
pub async fn download(
    request: HttpRequest,
    app: web::Data<App>,
    file: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (id, ending) = file.rsplit_once('.').ok_or_else(|| no_file(&file))?;
    if ending == RASTER {
        return raster(&request, &app, id, &file).await;
    }
    let (_, format) = FILES.into_iter().find(|(known, _)| *known == ending).ok_or_else(|| no_file(&file))?;
    if id == ALL && format == Format::GeoPackage {
        return all(&request, &app).await;
    }
    let mut query = Query::of(&request)?;
    let collection = layer::asked_for(&query, &app, id)?;
    let question = layer::question(&mut query, &app.service, &collection);
    let choice = features::choice(&mut query, &collection);
    let fields = features::properties(&mut query, &collection);
    let usual = if format == Format::GeoJson { Crs::Crs84 } else { Crs::BritishGrid };
    let crs = query.parse("crs").unwrap_or(usual);
    query.finish()?;
    let address = Address::of(&request, &app);
    answer(&request, &app, format, move |service, snapshot| {
        let made = service.dataset(&collection, &question, snapshot)?;
        let chosen = service.chosen(&made, &collection, &question, &choice, snapshot);
        affordable(chosen.as_ref().map_or(made.features.len(), |rows| rows.len()))?;
        let rows = rows(&made, chosen);
        let written = Written { crs, fields, geometry: true };
        let asked = Saved { collection: &collection, made: &made, rows: &rows, written: &written };
        let order = if choice.sort.is_empty() { Order::ByPlace } else { Order::AsGiven };
        let bytes = match format {
            Format::Csv => asked.csv()?,
            Format::FlatGeobuf => asked.flatgeobuf(order)?,
            Format::GeoPackage => geopackage_of(&[asked], snapshot)?,
            _ => asked.geojson(&address)?,
        };
        Ok(attached(bytes, &collection.id, ending_of(format)))
    })
    .await
}

/// The surface behind a density layer.
async fn raster(
    request: &HttpRequest,
    app: &web::Data<App>,
    id: &str,
    file: &str,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(request)?;
    let collection = layer::asked_for(&query, app, id)?;
    let LayerQuestion { scope, method: LayerMethod::Density(parameters) } =
        layer::question(&mut query, &app.service, &collection)
    else {
        return Err(no_file(file));
    };
    let form: Form = query.parse("form").unwrap_or_default();
    query.finish()?;
    let address = Address::of(request, app);
    answer(request, app, Format::GeoTiff, move |service, snapshot| {
        let density = service.density(&scope, &parameters, form, snapshot)?;
        let card = Card::new(&density.about.card, address.permalink(&density.about.card));
        let bytes = analysis::density_tiff(&density, &collection.title, &density.about.notices, &card)?;
        Ok(attached(bytes, &collection.id, RASTER))
    })
    .await
}

/// Every layer that whoever asks may see, each as it is where nothing is said, in one file. Layers that cannot be made
/// from the incidents that there are, are left out.
async fn all(request: &HttpRequest, app: &web::Data<App>) -> Result<HttpResponse, Problem> {
    Query::of(request)?.finish()?;
    let mut usual = Query::of(request)?;
    let asked: Vec<(Collection, LayerQuestion)> = layer::collections(app)
        .map(|collection| (collection.clone(), layer::question(&mut usual, &app.service, collection)))
        .collect();
    answer(request, app, Format::GeoPackage, move |service, snapshot| {
        let bytes = saved_together(&asked, service, snapshot)?;
        Ok(attached(bytes, ALL, ending_of(Format::GeoPackage)))
    })
    .await
}

/// Layers in one file, but for those that cannot be made from the incidents that there are.
fn saved_together(
    asked: &[(Collection, LayerQuestion)],
    service: &Service,
    snapshot: &Arc<Snapshot>,
) -> Result<Vec<u8>, Problem> {
    let mut layers = Vec::new();
    for (collection, question) in asked {
        match service.dataset(collection, question, snapshot) {
            Ok(made) => layers.push((collection, made)),
            Err(QuestionError::NoIncidents | QuestionError::Unanswerable { .. }) => {}
            Err(other) => return Err(other.into()),
        }
    }
    affordable(layers.iter().map(|(_, made)| made.features.len()).sum())?;
    let described: Vec<_> = layers
        .iter()
        .map(|(collection, made)| {
            let written = Written { crs: Crs::BritishGrid, ..Written::all(made.features.as_ref()) };
            (*collection, made.as_ref(), rows(made, None), written)
        })
        .collect();
    let saved: Vec<Saved<'_>> = described
        .iter()
        .map(|(collection, made, rows, written)| Saved { collection, made, rows, written })
        .collect();
    geopackage_of(&saved, snapshot)
}

/// Every layer of a scope's priority, or of all priorities where it names none, in one `GeoPackage`. Layers that cannot
/// be made from the incidents that there are, are left out.
///
/// # Errors
/// Those of [`Service::dataset`].
pub(super) fn of_scope(
    scope: &Scope,
    service: &Service,
    snapshot: &Arc<Snapshot>,
) -> Result<Vec<u8>, Problem> {
    let collections = if let Some(id) = &scope.priority {
        service.collections_of(id, scope.priority_version)?
    } else {
        let of_priorities = |one: &&Arc<Collection>| one.kind.priority().is_some();
        service.collections().iter().filter(of_priorities).cloned().collect()
    };
    let asked: Vec<_> =
        collections.iter().map(|one| (one.as_ref().clone(), of_collection(one, scope))).collect();
    saved_together(&asked, service, snapshot)
}

/// The hotspots of a scope's priority as one GeoJSON document; of a scope that names none, the priorities as areas.
///
/// # Errors
/// Those of [`Service::dataset`].
pub(super) fn hotspots(
    scope: &Scope,
    address: &Address,
    service: &Service,
    snapshot: &Arc<Snapshot>,
) -> Result<Vec<u8>, Problem> {
    let known = match &scope.priority {
        Some(id) => service.collections_of(id, scope.priority_version)?,
        None => service.collections().to_vec(),
    };
    let is_wanted = |kind: &CollectionKind| match kind {
        CollectionKind::Hotspots { .. } => scope.priority.is_some(),
        CollectionKind::Priorities => scope.priority.is_none(),
        _ => false,
    };
    let collection = known.iter().find(|collection| is_wanted(&collection.kind));
    let collection = collection.ok_or_else(|| Problem::not_found("there is no layer of these hotspots"))?;
    let made = service.dataset(collection, &of_collection(collection, scope), snapshot)?;
    let (rows, written) = (rows(&made, None), Written::all(made.features.as_ref()));
    Saved { collection, made: &made, rows: &rows, written: &written }.geojson(address)
}

/// A collection's question about a scope, made as it is where nothing is said.
fn of_collection(collection: &Collection, scope: &Scope) -> LayerQuestion {
    let priority = collection.kind.priority().map(str::to_owned);
    LayerQuestion { scope: Scope { priority, ..scope.clone() }, method: LayerMethod::Plain }
}

/// What is saved of a layer.
struct Saved<'a> {
    collection: &'a Collection,
    made: &'a Dataset,
    rows: &'a [usize],
    written: &'a Written,
}

impl Saved<'_> {
    fn layer<'a>(&'a self, description: &'a str) -> Layer<'a> {
        Layer {
            name: &self.collection.id,
            title: &self.collection.title,
            description,
            features: self.made.features.as_ref(),
            rows: self.rows,
            written: self.written,
            symbologies: &self.made.symbologies,
        }
    }

    fn flatgeobuf(&self, order: Order) -> Result<Vec<u8>, Problem> {
        let description = description(self.collection, self.made);
        flat_geobuf::write(&self.layer(&description), order).map_err(|error| Problem::internal(&error))
    }

    fn csv(&self) -> Result<Vec<u8>, Problem> {
        let (features, rows) = (self.made.features.as_ref(), self.rows.iter().copied());
        table_with(features, rows, self.written, IdColumn::Last).map_err(|error| Problem::internal(&error))
    }

    fn geojson(&self, address: &Address) -> Result<Vec<u8>, Problem> {
        let parent = format!("{}/collections/{}", address.base(), self.collection.id);
        let links = vec![
            link("self", &address.with(&[]), Format::GeoJson, "This file"),
            link("collection", &parent, Format::Json, &self.collection.title),
        ];
        let card =
            |about: &crate::service::question::About| Card::new(&about.card, address.permalink(&about.card));
        json(&Items {
            collection: self.collection,
            card: self.made.about.as_ref().map(card),
            dataset: self.made,
            rows: self.rows,
            matched: self.rows.len(),
            written: self.written,
            links,
        })
    }
}

/// The layers as one file, which gives the newest second of the incidents as that of its last change.
fn geopackage_of(saved: &[Saved<'_>], snapshot: &Snapshot) -> Result<Vec<u8>, Problem> {
    let as_of = snapshot.intervals().iter().map(|occurred| occurred.end_s()).max().unwrap_or(0);
    let descriptions: Vec<String> =
        saved.iter().map(|saved| description(saved.collection, saved.made)).collect();
    let layers: Vec<Layer<'_>> =
        saved.iter().zip(&descriptions).map(|(saved, description)| saved.layer(description)).collect();
    geopackage::write(&layers, as_of).map_err(|error| Problem::internal(&error))
}

fn rows(made: &Dataset, chosen: Option<Arc<Vec<u32>>>) -> Vec<usize> {
    match chosen {
        Some(rows) => rows.iter().map(|row| *row as usize).collect(),
        None => (0..made.features.len()).collect(),
    }
}

/// Refuses what is larger than a file should be.
fn affordable(features: usize) -> Result<(), Problem> {
    if features <= MOST_FEATURES {
        return Ok(());
    }
    let detail = format!(
        "the file would have {features} features and may have {MOST_FEATURES}: ask for fewer by bbox, datetime or \
         filter, or page through the items"
    );
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "Too many features for a file", detail))
}

/// The body of a file with its name.
fn attached(bytes: Vec<u8>, name: &str, ending: &str) -> Body {
    Body::from(bytes).with("Content-Disposition", format!("attachment; filename=\"{name}.{ending}\""))
}

fn ending_of(format: Format) -> &'static str {
    FILES.iter().find(|(_, known)| *known == format).map_or(RASTER, |(ending, _)| ending)
}

fn no_file(file: &str) -> Problem {
    let endings: Vec<_> = FILES.iter().map(|(ending, _)| *ending).collect();
    Problem::not_found(format!(
        "there is no file '{}': a file is the id of a collection with one of the endings {}, or {RASTER} for a \
         density; {ALL}.gpkg has every layer",
        crate::model::Invalid::new(file, "").value,
        endings.join(", ")
    ))
}
