//! `GET /analysis/hotspots`: hotspot polygons with what they hold, as GeoJSON or CSV.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, AskedFor, Members, density};
use crate::{
    analysis::{
        hotspots::{Held, Share},
        stability::Resamples,
    },
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        parameters,
        problem::Problem,
        query::Query,
        wire::Street,
    },
    model::{Invalid, SquareMetres},
    render::geojson::{Feature, FeatureCollection, multi_polygon, rounded},
    service::{
        Service,
        analysis::hotspots::{HotspotLayer, HotspotParameters, RankedHotspot, Resampling},
    },
    snapshot::Snapshot,
};

/// The forms of the answer.
pub(super) const FORMATS: [Format; 2] = [Format::GeoJson, Format::Csv];

/// Answers it.
pub async fn hotspots(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &FORMATS)?;
    let compute = compute(&mut asked.query);
    asked.answer(compute).await
}

/// Reads its parameters; what then gives the answer.
pub(super) fn compute(
    query: &mut Query,
) -> impl FnOnce(&AskedFor, &Service, &Snapshot) -> Result<Vec<u8>, Problem> + Send + use<> {
    let parameters = parameters(query);
    move |asked, service, snapshot| {
        let layer = service.hotspots(&asked.scope, &parameters, snapshot)?;
        if asked.format == Format::Csv {
            return csv(&COLUMNS, &layer.hotspots.iter().map(Row::of).collect::<Vec<_>>());
        }
        let members = HotspotMembers {
            members: asked.members("hotspots", &layer.about),
            limit_per_km2: layer.limit_per_km2,
            totals: Totals::of(&layer),
        };
        json(&FeatureCollection::new(members, layer.hotspots.iter().map(feature).collect()))
    }
}

pub(in crate::http) fn parameters(query: &mut Query) -> HotspotParameters {
    HotspotParameters {
        density: density::parameters(query),
        class: query.whole("class", 1..=20).map(|class| class as usize),
        minimum_count: query.whole("minimum_count", 0..=1_000_000).unwrap_or(1).into(),
        minimum_area: query.read("minimum_area_m2", |text| {
            let area_m2 = crate::http::query::finite(text)?;
            let rule =
                "an area is 1 m² or more: in degrees with seven decimals smaller ones lose their shape";
            if area_m2 >= 1.0 { Ok(SquareMetres(area_m2)) } else { Err(Invalid::new(text, rule)) }
        }),
        streets: parameters::streets(query),
        resampling: query
            .read("resamples", |text| {
                let refused = || Invalid::new(text, "the number of resamples is 99 to 999");
                text.parse::<u32>().map_err(|_not_a_number| refused()).and_then(Resamples::new)
            })
            .map_or(Resampling::None, Resampling::Exactly),
        seed: parameters::seed(query),
    }
}

#[derive(Serialize)]
struct HotspotMembers {
    #[serde(flatten)]
    members: Members,
    limit_per_km2: Option<f64>,
    totals: Totals,
}

/// Where all incidents of the selection are: in hotspots, in polygons that were left out, elsewhere.
#[derive(Serialize)]
struct Totals {
    hotspots: Total,
    omitted: Total,
    elsewhere: Total,
    study_area: Total,
}

#[derive(Serialize)]
struct Total {
    polygons: usize,
    count: u64,
    weighted: f64,
    area_km2: f64,
    area_share: Option<f64>,
    count_share: Option<f64>,
    pai: Option<f64>,
}

impl Totals {
    fn of(layer: &HotspotLayer<'_>) -> Self {
        let total = |held: &Held| {
            let share = held.share_of(&layer.whole);
            Total {
                polygons: held.polygons,
                count: held.count,
                weighted: held.weighted,
                area_km2: held.area.km2(),
                area_share: share.area,
                count_share: share.count,
                pai: share.pai(),
            }
        };
        Self {
            hotspots: total(&layer.together),
            omitted: total(&layer.omitted),
            elsewhere: total(&layer.elsewhere),
            study_area: total(&layer.whole),
        }
    }
}

/// What a hotspot is, without its lists.
#[derive(Serialize)]
struct Numbers {
    hotspot_id: String,
    rank: usize,
    count: u64,
    weighted: f64,
    area_km2: f64,
    per_km2: f64,
    area_share: Option<f64>,
    count_share: Option<f64>,
    weighted_share: Option<f64>,
    pai: Option<f64>,
    peak_per_km2: f64,
    peak_easting_m: f64,
    peak_northing_m: f64,
    peak_lon_deg: f64,
    peak_lat_deg: f64,
    found_share: Option<f64>,
    peak_hot_share: Option<f64>,
}

impl Numbers {
    fn of(hotspot: &RankedHotspot<'_>) -> Self {
        let Share { area, count, weighted } = hotspot.share;
        let (easting_m, northing_m) = (hotspot.peak.easting_m(), hotspot.peak.northing_m());
        Self {
            hotspot_id: format!("hotspot-{easting_m:.0}-{northing_m:.0}"),
            rank: hotspot.rank,
            count: hotspot.held.count,
            weighted: hotspot.held.weighted,
            area_km2: hotspot.held.area.km2(),
            per_km2: hotspot.held.count as f64 / hotspot.held.area.km2(),
            area_share: area,
            count_share: count,
            weighted_share: weighted,
            pai: hotspot.share.pai(),
            peak_per_km2: hotspot.peak_per_km2,
            peak_easting_m: easting_m,
            peak_northing_m: northing_m,
            peak_lon_deg: rounded(hotspot.peak_lonlat.lon_deg()),
            peak_lat_deg: rounded(hotspot.peak_lonlat.lat_deg()),
            found_share: hotspot.stability.map(|(found, _)| found),
            peak_hot_share: hotspot.stability.map(|(_, peak_hot)| peak_hot),
        }
    }
}

#[derive(Serialize)]
struct Properties {
    #[serde(flatten)]
    numbers: Numbers,
    areas: BTreeMap<String, Vec<Part>>,
    streets: Vec<Street>,
}

/// An area and how much of the hotspot's ground lies in it.
#[derive(Serialize)]
struct Part {
    code: String,
    name: String,
    share: f64,
}

fn feature(hotspot: &RankedHotspot<'_>) -> Feature<Properties> {
    let parts = |(layer, areas): &(&str, Vec<(&crate::model::Area, f64)>)| {
        let part = |(area, share): &(&crate::model::Area, f64)| Part {
            code: area.code.to_string(),
            name: area.name.clone(),
            share: *share,
        };
        ((*layer).to_owned(), areas.iter().map(part).collect())
    };
    let properties = Properties {
        numbers: Numbers::of(hotspot),
        areas: hotspot.areas.iter().map(parts).collect(),
        streets: hotspot.streets.iter().map(Street::of).collect(),
    };
    Feature::new(properties.numbers.hotspot_id.clone(), multi_polygon(&hotspot.shape), properties)
}

/// The members of [`Row`] in their order.
const COLUMNS: [&str; 19] = [
    "hotspot_id",
    "rank",
    "count",
    "weighted",
    "area_km2",
    "per_km2",
    "area_share",
    "count_share",
    "weighted_share",
    "pai",
    "peak_per_km2",
    "peak_easting_m",
    "peak_northing_m",
    "peak_lon_deg",
    "peak_lat_deg",
    "found_share",
    "peak_hot_share",
    "areas",
    "streets",
];

/// A row of the table: the lists are written out.
#[derive(Serialize)]
struct Row(Numbers, String, String);

impl Row {
    fn of(hotspot: &RankedHotspot<'_>) -> Self {
        let layers = hotspot.areas.iter().map(|(layer, areas)| {
            let parts = areas.iter().map(|(area, share)| format!("{} {:.0} %", area.name, 100.0 * share));
            format!("{layer}: {}", parts.collect::<Vec<_>>().join(", "))
        });
        let streets = hotspot.streets.iter().map(Street::of);
        Self(
            Numbers::of(hotspot),
            layers.collect::<Vec<_>>().join("; "),
            streets.map(|street| street.to_string()).collect::<Vec<_>>().join("; "),
        )
    }
}
