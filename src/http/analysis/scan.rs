//! `GET /analysis/scan`: clusters in space and time, as JSON, as circles, as a table, or as events.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, AskedFor, Members};
use crate::{
    analysis::{
        hex::HexResolution,
        scan::{ScanRules, ShareCap},
    },
    http::{
        App, Audience,
        answer::{csv, json},
        negotiate::Format,
        parameters,
        problem::Problem,
        query::{Query, finite},
    },
    model::Invalid,
    render::geojson::{Feature, FeatureCollection, polygon, rounded},
    service::{
        Service,
        analysis::scan::{Expected, ScanCluster, ScanParameters, Unit},
        job::Job,
    },
    snapshot::Snapshot,
};

/// The forms of the answer.
pub(super) const FORMATS: [Format; 4] = [Format::Json, Format::GeoJson, Format::Csv, Format::Events];

/// Answers it.
pub async fn scan(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &FORMATS)?;
    let compute = compute(&mut asked.query, app.audience);
    asked.answer_long(compute).await
}

/// Reads its parameters; what then gives the answer.
pub(super) fn compute(
    query: &mut Query,
    audience: Audience,
) -> impl FnOnce(&AskedFor, &Service, &Snapshot, &Job) -> Result<Vec<u8>, Problem> + Send + use<> {
    let parameters = read(query);
    if parameters.unit == Some(Unit::Place) && !audience.may_see_incidents() {
        // A place with its incidents is as good as these.
        let rule = "single places are not shown here: hex, or the id of a boundary layer";
        query.fault("unit", Invalid::new("place", rule));
    }
    move |asked, service, snapshot, job| {
        let answer = service.scan(&asked.scope, parameters, snapshot, job)?;
        let rows = || (1..).zip(&answer.clusters);
        if asked.format == Format::Csv {
            let row = |(rank, found): (usize, &ScanCluster)| Row::of(rank, found, found.members.join(" "));
            return csv(&COLUMNS, &rows().map(row).collect::<Vec<_>>());
        }
        let members = asked.members("clusters in space and time", &answer.about);
        if asked.format == Format::GeoJson {
            let feature = |(rank, found): (usize, &ScanCluster)| {
                let row = Row::of(rank, found, found.members.clone());
                let properties = CircleProperties { row, drawn_radius_m: found.drawn_radius_m() };
                Feature::new(format!("cluster-{rank}"), polygon(&found.circle()), properties)
            };
            return json(&FeatureCollection::new(members, rows().map(feature).collect()));
        }
        json(&Document {
            members,
            scanned_incidents: answer.incidents,
            sites: answer.sites,
            critical_llr_5_percent: answer.critical_llr,
            clusters: rows().map(|(rank, found)| Row::of(rank, found, found.members.clone())).collect(),
        })
    }
}

fn read(query: &mut Query) -> ScanParameters {
    let space_only = query.choice("scan", &[("space-time", false), ("space", true)]).unwrap_or(false);
    let expected = query.choice(
        "model",
        &[
            ("permutation", Expected::Permutation),
            ("residents", Expected::Residents),
            ("incidents", Expected::Incidents),
        ],
    );
    let resolution = query.read("resolution", |text| {
        let refused = || Invalid::new(text, "a hex resolution is 7 to 11");
        text.parse::<u8>().map_err(|_not_a_number| refused()).and_then(HexResolution::new)
    });
    let unit = query.read("unit", |text| {
        Ok(match text {
            "place" => Unit::Place,
            "hex" => Unit::Hex(None),
            layer => Unit::Layer(layer.to_owned()),
        })
    });
    let unit = match (unit, resolution) {
        (None | Some(Unit::Hex(_)), Some(resolution)) => Some(Unit::Hex(Some(resolution))),
        (Some(_), Some(resolution)) => {
            query.fault("resolution", Invalid::new(resolution.get(), "only with unit=hex"));
            None
        }
        (unit, None) => unit,
    };
    let share = query.read("max_share", |text| {
        ShareCap::new(finite(text)?).map_err(|fault| Invalid::new(text, fault.rule))
    });
    let rules = ScanRules {
        share: share.unwrap_or_default(),
        radius: parameters::metres(query, "max_radius_m"),
        longest: query.whole("max_months", 1..=60).and_then(|months| u16::try_from(months).ok()),
        ongoing: query.choice("ongoing", &[("false", false), ("true", true)]).unwrap_or(false),
        replications: parameters::replications(query, "replications").unwrap_or_default(),
        seed: parameters::seed(query),
        most_clusters: query.whole("clusters", 1..=100).map_or(10, |number| number as usize),
    };
    ScanParameters { space_only, expected: expected.unwrap_or_default(), unit, rules }
}

#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    members: Members,
    scanned_incidents: u32,
    sites: usize,
    critical_llr_5_percent: Option<f64>,
    clusters: Vec<Row<Vec<String>>>,
}

/// One cluster; `M` is a list of its members, or in a table one text with a space between them.
#[derive(Serialize)]
struct Row<M> {
    rank: usize,
    first_month: String,
    last_month: String,
    lon: f64,
    lat: f64,
    easting_m: f64,
    northing_m: f64,
    radius_m: f64,
    observed: u32,
    expected: f64,
    observed_per_expected: f64,
    llr: f64,
    p: f64,
    member_count: usize,
    members: M,
}

impl<M> Row<M> {
    fn of(rank: usize, found: &ScanCluster, members: M) -> Self {
        let cluster = &found.cluster;
        Self {
            rank,
            first_month: found.months.0.to_string(),
            last_month: found.months.1.to_string(),
            lon: rounded(found.centre_lonlat.lon_deg()),
            lat: rounded(found.centre_lonlat.lat_deg()),
            easting_m: found.centre.easting_m(),
            northing_m: found.centre.northing_m(),
            radius_m: cluster.radius_m,
            observed: cluster.observed,
            expected: cluster.expected,
            observed_per_expected: f64::from(cluster.observed) / cluster.expected,
            llr: cluster.llr,
            p: cluster.p,
            member_count: found.members.len(),
            members,
        }
    }
}

#[derive(Serialize)]
struct CircleProperties {
    #[serde(flatten)]
    row: Row<Vec<String>>,
    drawn_radius_m: f64,
}

/// The members of [`Row`] in their order.
const COLUMNS: [&str; 15] = [
    "rank",
    "first_month",
    "last_month",
    "lon",
    "lat",
    "easting_m",
    "northing_m",
    "radius_m",
    "observed",
    "expected",
    "observed_per_expected",
    "llr",
    "p",
    "member_count",
    "members",
];
