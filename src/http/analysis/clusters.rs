//! `GET /analysis/clusters`: DBSCAN clusters of incidents, as GeoJSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::clusters::ClusterRule,
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        parameters,
        problem::Problem,
        query::Query,
        wire::Street,
    },
    model::{Invalid, Metres},
    render::geojson::{Feature, FeatureCollection, multi_polygon, rounded},
    service::analysis::clusters::{Cluster, ClusterParameters},
};

/// Answers it.
pub async fn clusters(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::GeoJson, Format::Csv])?;
    let parameters = parameters(&mut asked.query);
    asked
        .answer(move |asked, service, snapshot| {
            let layer = service.clusters(&asked.scope, parameters, snapshot)?;
            if asked.format == Format::Csv {
                return csv(&COLUMNS, &layer.clusters.iter().map(Row::of).collect::<Vec<_>>());
            }
            let members = ClusterMembers {
                members: asked.members("clusters", &layer.about),
                in_clusters: layer.clusters.iter().map(|cluster| cluster.count).sum(),
                noise: layer.noise,
            };
            json(&FeatureCollection::new(members, layer.clusters.iter().map(feature).collect()))
        })
        .await
}

/// How far apart incidents may be where nothing is said, metres: the side of a patrolled hotspot.
const USUAL_EPS_M: f64 = 150.0;

fn parameters(query: &mut Query) -> ClusterParameters {
    let eps = query.read("eps_m", |text| {
        let reach =
            Metres::new(crate::http::query::finite(text)?).map_err(|fault| Invalid::new(text, fault.rule))?;
        // The smallest number is always allowed: what is refused is the reach.
        ClusterRule::new(reach, *ClusterRule::MINIMUM.start()).map(ClusterRule::reach)
    });
    ClusterParameters {
        reach: eps.or(Metres::new(USUAL_EPS_M).ok()).unwrap_or(Metres::ONE),
        minimum: query.whole("min_points", ClusterRule::MINIMUM),
        streets: parameters::streets(query),
    }
}

#[derive(Serialize)]
struct ClusterMembers {
    #[serde(flatten)]
    members: Members,
    in_clusters: u64,
    noise: u64,
}

/// What a cluster is, without its streets.
#[derive(Serialize)]
struct Numbers {
    cluster_id: String,
    rank: usize,
    count: u64,
    core_count: u64,
    weighted: f64,
    positions: usize,
    hull_area_km2: f64,
    hull_count: u64,
    busiest_easting_m: f64,
    busiest_northing_m: f64,
    busiest_lon_deg: f64,
    busiest_lat_deg: f64,
}

impl Numbers {
    fn of(cluster: &Cluster) -> Self {
        let (easting_m, northing_m) = (cluster.busiest.easting_m(), cluster.busiest.northing_m());
        Self {
            cluster_id: format!("cluster-{easting_m:.0}-{northing_m:.0}"),
            rank: cluster.rank,
            count: cluster.count,
            core_count: cluster.core,
            weighted: cluster.weighted,
            positions: cluster.positions,
            hull_area_km2: cluster.area.km2(),
            hull_count: cluster.in_hull,
            busiest_easting_m: easting_m,
            busiest_northing_m: northing_m,
            busiest_lon_deg: rounded(cluster.busiest_lonlat.lon_deg()),
            busiest_lat_deg: rounded(cluster.busiest_lonlat.lat_deg()),
        }
    }
}

#[derive(Serialize)]
struct Properties {
    #[serde(flatten)]
    numbers: Numbers,
    streets: Vec<Street>,
}

fn feature(cluster: &Cluster) -> Feature<Properties> {
    let streets = cluster.streets.iter().map(Street::of).collect();
    let properties = Properties { numbers: Numbers::of(cluster), streets };
    Feature::new(properties.numbers.cluster_id.clone(), multi_polygon(&cluster.shape), properties)
}

/// The members of [`Row`] in their order.
const COLUMNS: [&str; 13] = [
    "cluster_id",
    "rank",
    "count",
    "core_count",
    "weighted",
    "positions",
    "hull_area_km2",
    "hull_count",
    "busiest_easting_m",
    "busiest_northing_m",
    "busiest_lon_deg",
    "busiest_lat_deg",
    "streets",
];

/// A row of the table: the streets are written out.
#[derive(Serialize)]
struct Row(Numbers, String);

impl Row {
    fn of(cluster: &Cluster) -> Self {
        let streets = cluster.streets.iter().map(|street| Street::of(street).to_string());
        Self(Numbers::of(cluster), streets.collect::<Vec<_>>().join("; "))
    }
}
