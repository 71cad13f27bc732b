//! `GET /analysis/pattern`: centres, spread and clustering as JSON or events, the shapes as GeoJSON, K as CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use geojson::Geometry;
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::pattern::{
        ellipse::Spread,
        nearest::{Chance, NearestNeighbour},
        ripley::Ripley,
    },
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        parameters,
        problem::Problem,
    },
    model::GridPoint,
    render::geojson::{Feature, FeatureCollection, point, polygon, rounded},
    service::analysis::pattern::{MOST_STEPS, Pattern, PatternParameters, lonlat},
};

/// Answers it.
pub async fn pattern(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::Json, Format::GeoJson, Format::Csv, Format::Events])?;
    let query = &mut asked.query;
    let methods = [Spread::Plain, Spread::CrimeStat].map(|spread| (spread.as_str(), spread));
    let parameters = PatternParameters {
        spread: query.choice("spread", &methods).unwrap_or_default(),
        farthest: parameters::metres(query, "farthest_m"),
        steps: query.whole("steps", 1..=MOST_STEPS),
        replications: parameters::replications(query, "replications"),
        seed: parameters::seed(query),
    };
    asked
        .answer_long(move |asked, service, snapshot, job| {
            let found = service.pattern(&asked.scope, parameters, snapshot, job)?;
            let members = asked.members("point pattern", &found.about);
            match asked.format {
                Format::Csv => csv(&COLUMNS, &distances(&found)),
                Format::GeoJson => json(&FeatureCollection::new(members, features(&found))),
                _ => json(&PatternDocument::of(&found, members)),
            }
        })
        .await
}

#[derive(Serialize)]
struct PatternDocument {
    #[serde(flatten)]
    members: Members,
    incidents: u64,
    weight: f64,
    mean_centre: Option<Centre>,
    centre_of_medians: Option<Centre>,
    median_centre: Option<MedianCentre>,
    standard_distance_m: Option<f64>,
    ellipse: Option<Ellipse>,
    nearest_neighbour: Nearest,
    k: Vec<AtDistance>,
    envelope: Option<Envelope>,
}

#[derive(Serialize)]
struct Centre {
    easting_m: f64,
    northing_m: f64,
    lon: Option<f64>,
    lat: Option<f64>,
}

#[derive(Serialize)]
struct MedianCentre {
    #[serde(flatten)]
    centre: Centre,
    mean_distance_m: f64,
}

#[derive(Serialize)]
struct Ellipse {
    semi_major_m: f64,
    semi_minor_m: f64,
    azimuth_deg: Option<f64>,
    area_km2: f64,
}

/// The index of incidents, and of places, each counted once.
#[derive(Serialize)]
struct Nearest {
    incidents: Option<NearestOf>,
    places: Option<NearestOf>,
}

#[derive(Serialize)]
struct NearestOf {
    count: u64,
    at_shared_positions: u64,
    observed_m: f64,
    #[serde(flatten)]
    chance: WireChance,
    border_safe_index: Option<f64>,
    donnelly: Option<WireChance>,
}

#[derive(Serialize)]
struct WireChance {
    expected_m: f64,
    standard_error_m: f64,
    index: f64,
    z: f64,
    p: f64,
}

#[derive(Serialize)]
struct Envelope {
    rank: usize,
    p_global: Option<f64>,
}

impl PatternDocument {
    fn of(found: &Pattern, members: Members) -> Self {
        let ellipse = found.dispersion.map(|spread| spread.ellipse);
        Self {
            members,
            incidents: found.incidents,
            weight: found.weight,
            mean_centre: found.mean_centre.map(Centre::of),
            centre_of_medians: found.centre_of_medians.map(Centre::of),
            median_centre: found.median_centre.map(|median| MedianCentre {
                centre: Centre::of(median.position),
                mean_distance_m: median.sum_of_distances_m / found.weight,
            }),
            standard_distance_m: found.dispersion.map(|spread| spread.standard_distance_m),
            ellipse: ellipse.map(|ellipse| Ellipse {
                semi_major_m: ellipse.semi_major_m,
                semi_minor_m: ellipse.semi_minor_m,
                azimuth_deg: ellipse.azimuth_deg,
                area_km2: ellipse.area().km2(),
            }),
            nearest_neighbour: Nearest {
                incidents: found.nearest_incidents.as_ref().map(NearestOf::of),
                places: found.nearest_places.as_ref().map(NearestOf::of),
            },
            k: distances(found),
            envelope: found
                .envelope
                .as_ref()
                .map(|envelope| Envelope { rank: envelope.rank, p_global: envelope.p_global }),
        }
    }
}

impl Centre {
    fn of(at: GridPoint) -> Self {
        let degrees = lonlat(at);
        Self {
            easting_m: at.easting_m(),
            northing_m: at.northing_m(),
            lon: degrees.map(|at| rounded(at.lon_deg())),
            lat: degrees.map(|at| rounded(at.lat_deg())),
        }
    }
}

impl NearestOf {
    fn of(found: &NearestNeighbour) -> Self {
        Self {
            count: found.incidents,
            at_shared_positions: found.at_shared_positions,
            observed_m: found.observed_m,
            chance: WireChance::of(found.chance),
            border_safe_index: found.border_safe_index,
            donnelly: found.donnelly.map(WireChance::of),
        }
    }
}

impl WireChance {
    fn of(chance: Chance) -> Self {
        Self {
            expected_m: chance.expected_m,
            standard_error_m: chance.standard_error_m,
            index: chance.index,
            z: chance.z,
            p: chance.p_two_sided,
        }
    }
}

/// The members of [`AtDistance`] in their order.
const COLUMNS: [&str; 9] = [
    "distance_m",
    "k_random_m2",
    "k_border_m2",
    "k_uncorrected_m2",
    "l_less_r_m",
    "l_uncorrected_less_r_m",
    "away_from_border",
    "chance_low_m",
    "chance_high_m",
];

#[derive(Serialize)]
struct AtDistance {
    distance_m: f64,
    k_random_m2: f64,
    k_border_m2: Option<f64>,
    k_uncorrected_m2: f64,
    l_less_r_m: Option<f64>,
    l_uncorrected_less_r_m: f64,
    away_from_border: u64,
    chance_low_m: Option<f64>,
    chance_high_m: Option<f64>,
}

fn distances(found: &Pattern) -> Vec<AtDistance> {
    let limits = |index: usize| found.envelope.as_ref()?.limits_m.get(index).copied().flatten();
    let distance = |(index, at): (usize, &Ripley)| {
        let (chance_low_m, chance_high_m) = limits(index).unzip();
        AtDistance {
            distance_m: at.radius_m,
            k_random_m2: at.k_random_m2(),
            k_border_m2: at.k_border_m2,
            k_uncorrected_m2: at.k_uncorrected_m2,
            l_less_r_m: at.l_less_r_m(),
            l_uncorrected_less_r_m: at.l_uncorrected_less_r_m(),
            away_from_border: at.away_from_border,
            chance_low_m,
            chance_high_m,
        }
    };
    found.ripley.iter().enumerate().map(distance).collect()
}

#[derive(Serialize)]
struct ShapeProperties {
    shape: &'static str,
    label: String,
    semi_major_m: Option<f64>,
    semi_minor_m: Option<f64>,
    azimuth_deg: Option<f64>,
}

/// The centres as points, the standard distance and the ellipse as polygons.
fn features(found: &Pattern) -> Vec<Feature<ShapeProperties>> {
    let plain = |shape, label: String| ShapeProperties {
        shape,
        label,
        semi_major_m: None,
        semi_minor_m: None,
        azimuth_deg: None,
    };
    let feature = |geometry: Geometry, properties: ShapeProperties| {
        Feature::new(properties.shape, geometry, properties)
    };
    let centres = [
        ("mean-centre", "Mean centre", found.mean_centre),
        ("centre-of-medians", "Centre of the medians", found.centre_of_medians),
        ("median-centre", "Median centre", found.median_centre.map(|median| median.position)),
    ];
    let mut features: Vec<_> = centres
        .into_iter()
        .filter_map(|(shape, label, at)| Some(feature(point(lonlat(at?)?), plain(shape, label.to_owned()))))
        .collect();
    if let (Some((circle, ring)), Some(spread)) = (found.rings(), found.dispersion) {
        let radius = spread.standard_distance_m;
        let label = format!("Standard distance {radius:.0} m");
        features.push(feature(
            polygon(&circle),
            ShapeProperties {
                semi_major_m: Some(radius),
                semi_minor_m: Some(radius),
                ..plain("standard-distance", label)
            },
        ));
        let ellipse = spread.ellipse;
        let label = format!("Ellipse {:.0} m by {:.0} m", ellipse.semi_major_m, ellipse.semi_minor_m);
        features.push(feature(
            polygon(&ring),
            ShapeProperties {
                semi_major_m: Some(ellipse.semi_major_m),
                semi_minor_m: Some(ellipse.semi_minor_m),
                azimuth_deg: ellipse.azimuth_deg,
                ..plain("ellipse", label)
            },
        ));
    }
    features
}
