//! `GET /collections/{collection}/dggs/H3/zones/{zone}/data`: what a hex layer has in a zone.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    H3, H3_URI, hex_layer, known_grid, known_zone,
    layer_zones::{at_level, zones_of},
    rel,
};
use crate::{
    analysis::hex::{HexResolution, Zone},
    feature::{Features, Value},
    http::{
        App, Link,
        answer::{answer, json},
        features::{
            chosen_properties,
            links::{link, own},
        },
        layer,
        negotiate::{self, Format},
        parameters::Address,
        problem::Problem,
        query::Query,
        wire::Card,
    },
    model::Invalid,
    render::features::{FeatureJson, ValueJson, Written},
    service::collection::{Dataset, LayerMethod},
};

const FORMATS: [Format; 2] = [Format::Json, Format::GeoJson];
/// Sub-zones lie at most so many levels below a zone: then there are 16,807 of them.
pub(super) const DEEPEST: u8 = 5;
/// The levels that hex layers come in.
const LEVELS: std::ops::RangeInclusive<u8> = 7..=11;

/// Answers it.
pub async fn data(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let collection = hex_layer(&query, &app, &path.0)?;
    known_grid(&path.1)?;
    let zone = known_zone(&path.2)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    let mut question = layer::question(&mut query, &app.service, &collection);
    let asked = match &question.method {
        LayerMethod::Hex { resolution, .. } => resolution.map(HexResolution::get),
        _ => None,
    };
    let depth = query.whole("zone-depth", 0..=DEEPEST.into()).and_then(|depth| u8::try_from(depth).ok());
    let depth = match (depth, asked) {
        (Some(depth), _) => depth,
        (None, Some(level)) => level.saturating_sub(zone.level().get()),
        (None, None) => 0,
    };
    match zone.level().deeper(depth).filter(|_| depth <= DEEPEST).map(|level| HexResolution::new(level.get()))
    {
        Some(Ok(level)) => at_level(&mut question, level, &mut query, "the zone and zone-depth"),
        _ => query.fault("zone-depth", Invalid::new(depth, depths_rule(zone))),
    }
    let choice = layer::choice(&mut query, &collection);
    let fields = chosen_properties(&mut query, &collection);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    answer(&request, &app, format, move |service, snapshot| {
        let made = service.dataset(&collection, &question, snapshot)?;
        let features: &dyn Features = made.features.as_ref();
        let mut found = match service.chosen(&made, &collection, &question, &choice, snapshot) {
            Some(rows) => zones_of(features, rows.iter().map(|row| *row as usize)),
            None => zones_of(features, 0..features.len()),
        };
        found.retain(|(other, _)| zone.holds(*other));
        // Nothing there is an answer without a body.
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut links = own(&address, format, &FORMATS);
        let base = address.base();
        links.push(link(rel::ZONE, &format!("{base}/dggs/{H3}/zones/{zone}"), Format::Json, "The zone"));
        links.push(link(rel::GRID, &format!("{base}/dggs/{H3}"), Format::Json, "The grid"));
        let parent = format!("{base}/collections/{}", collection.id);
        links.push(link("collection", &parent, Format::Json, &collection.title));
        let about = made.about.as_ref();
        let card = about.map(|about| Card::new(&about.card, address.permalink(&about.card)));
        let written = Written { fields, ..Written::all(features) };
        let data =
            ZoneData { zone, depth, title: &collection.title, links, card, made: &made, found, written };
        if format == Format::GeoJson { json(&data.collection()) } else { json(&data) }
    })
    .await
}

/// Which depths of a zone lead to a level that hex layers have.
fn depths_rule(zone: Zone) -> String {
    let level = zone.level().get();
    let (first, last) =
        (LEVELS.start().saturating_sub(level), LEVELS.end().saturating_sub(level).min(DEEPEST));
    if level > *LEVELS.end() || first > DEEPEST {
        return format!(
            "hex layers have the levels {} to {}, and none of them lies at most {DEEPEST} below this zone's level {level}",
            LEVELS.start(),
            LEVELS.end()
        );
    }
    format!(
        "from {first} to {last}: hex layers have the levels {} to {}, and the zone's is {level}",
        LEVELS.start(),
        LEVELS.end()
    )
}

/// Data of a zone: DGGS-JSON (21-038r1, Annex B), where each property has its values in the order of the sub-zones.
struct ZoneData<'a> {
    zone: Zone,
    depth: u8,
    title: &'a str,
    links: Vec<Link>,
    card: Option<Card>,
    made: &'a Dataset,
    /// Sub-zones that the layer has, in their order, and their rows.
    found: Vec<(Zone, usize)>,
    written: Written,
}

const DGGS_JSON: &str = "https://schemas.opengis.net/ogcapi/dggs/1.0/core/schemas/dggs-json/dggs-json.json";

impl ZoneData<'_> {
    fn features(&self) -> &dyn Features {
        self.made.features.as_ref()
    }

    /// What stands beside the data in both forms.
    fn beside<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("title", self.title)?;
        map.serialize_entry("zoneId", &self.zone.to_string())?;
        map.serialize_entry("links", &self.links)?;
        map.serialize_entry("notices", &self.made.notices)?;
        if let Some(card) = &self.card {
            map.serialize_entry("method", card)?;
        }
        Ok(())
    }

    fn collection(&self) -> Collection<'_, '_> {
        Collection(self)
    }
}

impl Serialize for ZoneData<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A place for each sub-zone, also where the layer has nothing.
        let mut next = self.found.iter().peekable();
        let places: Vec<Option<usize>> = self
            .zone
            .descendants(self.depth)
            .map(|sub| next.next_if(|(found, _)| *found == sub).map(|(_, row)| *row))
            .collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("$schema", DGGS_JSON)?;
        map.serialize_entry("dggrs", H3_URI)?;
        self.beside(&mut map)?;
        map.serialize_entry("depths", &[self.depth])?;
        map.serialize_entry("values", &Values { data: self, places: &places })?;
        map.end()
    }
}

struct Values<'a> {
    data: &'a ZoneData<'a>,
    places: &'a [Option<usize>],
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the standard")]
struct Depth<D> {
    depth: u8,
    shape: Count,
    data: D,
}

#[derive(Serialize)]
struct Count {
    count: usize,
    #[serde(rename = "subZones")]
    sub_zones: usize,
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { data, places } = self;
        let features = data.features();
        let count = places.len();
        let mut map = serializer.serialize_map(Some(data.written.fields.len()))?;
        for field in &data.written.fields {
            let value = |place: &Option<usize>| {
                ValueJson(place.map_or(Value::Absent, |row| features.value(row, *field)))
            };
            let values: Vec<_> = places.iter().map(value).collect();
            let depth = Depth { depth: data.depth, shape: Count { count, sub_zones: count }, data: values };
            map.serialize_entry(&features.fields()[*field].name, &[depth])?;
        }
        map.end()
    }
}

/// The same as features: only the sub-zones that the layer has.
struct Collection<'a, 'b>(&'a ZoneData<'b>);

impl Serialize for Collection<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let data = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", "FeatureCollection")?;
        data.beside(&mut map)?;
        let feature = |(_, row): &(Zone, usize)| FeatureJson {
            features: data.features(),
            row: *row,
            written: &data.written,
        };
        map.serialize_entry("features", &data.found.iter().map(feature).collect::<Vec<_>>())?;
        map.end()
    }
}
