//! Police neighbourhoods, which are the beats of a borough.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde::Deserialize;
use serde_json::json;

use super::{API, check_code, force};
use crate::{
    boundary::fit_shape,
    fetch::{Client, FetchError, Outline, escaped, outline::on_grid},
};

/// A neighbourhood that lies in the borough by this share of its area is one of its beats.
const LEAST_SHARE: f64 = 0.05;

/// A police neighbourhood.
#[derive(Clone, Debug, PartialEq)]
pub struct Beat {
    /// Its id, unique in its force.
    pub code: String,
    /// What the force calls it.
    pub name: String,
    /// Its ground, in degrees: x longitude, y latitude.
    pub shape: MultiPolygon<f64>,
}

/// The beats of a borough, and what has to be said of them.
#[derive(Clone, Debug)]
pub struct Beats {
    /// In order of their codes.
    pub found: Vec<Beat>,
    /// What a reader has to know: neighbourhoods without boundary.
    pub told: Vec<String>,
    /// Where they are from.
    pub address: String,
    /// The force's id.
    pub force: String,
}

#[derive(Deserialize)]
struct Listed {
    id: String,
    name: String,
}

/// A corner; the service writes numbers as texts.
#[derive(Deserialize)]
struct Corner {
    latitude: String,
    longitude: String,
}

/// The neighbourhoods of a force that lie in the outline by at least a twentieth of their area, or with their middle.
///
/// # Errors
/// [`FetchError`] of the client, and for ids, names and corners that cannot be used.
pub fn beats(client: &Client, id: Option<&str>, outline: &Outline) -> Result<Beats, FetchError> {
    let force = force(client, id, outline)?;
    let address = format!("{API}/{}/neighbourhoods", escaped(&force.id));
    let listed: Vec<Listed> = client.json(&address)?;
    let (mut all, mut told) = (Vec::new(), Vec::new());
    for Listed { id, name } in listed {
        check_code(&id, &address)?;
        let address = format!("{API}/{}/{}/boundary", escaped(&force.id), escaped(&id));
        // A neighbourhood may be listed and have no page for its boundary.
        let corners: Vec<Corner> = client.json_unless(404, &address)?.unwrap_or_default();
        if corners.is_empty() {
            told.push(format!("neighbourhood {id} ({name}) has no boundary and is left out"));
            continue;
        }
        let corners = corners.iter().map(|corner| corner.read(&address)).collect::<Result<Vec<_>, _>>()?;
        if corners.len() < 3 {
            told.push(format!("neighbourhood {id} ({name}) has fewer than three corners and is left out"));
            continue;
        }
        let shape = MultiPolygon(vec![Polygon::new(LineString::new(corners), Vec::new())]);
        all.push(Beat { code: id, name, shape });
    }
    within(all, told, outline, address, force.id)
}

impl Corner {
    fn read(&self, address: &str) -> Result<Coord<f64>, FetchError> {
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        if let (Some(x), Some(y)) = (number(&self.longitude), number(&self.latitude)) {
            return Ok(Coord { x, y });
        }
        let value = format!("{}, {}", self.latitude, self.longitude);
        Err(FetchError::content(address, format!("'{value}': a corner is latitude and longitude in degrees")))
    }
}

/// Those of the neighbourhoods that lie in the outline.
pub(super) fn within(
    all: Vec<Beat>,
    mut told: Vec<String>,
    outline: &Outline,
    address: String,
    force: String,
) -> Result<Beats, FetchError> {
    let mut found = Vec::new();
    for mut beat in all {
        let (share, middle) = outline.share(&on_grid(&beat.shape, &format!("neighbourhood {}", beat.code))?);
        if share < LEAST_SHARE && !middle {
            continue;
        }
        // One shape that no layer can have would make all of them unreadable.
        match fit_shape(&beat.shape) {
            Ok(shape) => {
                beat.shape = shape;
                found.push(beat);
            }
            Err(faults) => told.push(format!(
                "neighbourhood {} ({}) is left out: {}",
                beat.code,
                beat.name,
                faults.join("; ")
            )),
        }
    }
    found.sort_by(|a, b| a.code.cmp(&b.code));
    if let Some(pair) = found.windows(2).find(|pair| pair[0].code == pair[1].code) {
        return Err(FetchError::content(address, format!("two neighbourhoods have the id {}", pair[0].code)));
    }
    if found.is_empty() {
        let came = format!("no neighbourhood of {force} lies in {}", outline.name);
        return Err(FetchError::remote(address, came, "name another force with --force"));
    }
    Ok(Beats { found, told, address, force })
}

impl Beats {
    /// As a GeoJSON feature collection with the properties `beat_code`, `name` and `force`.
    ///
    /// # Errors
    /// [`FetchError::Content`] for what cannot be written as JSON.
    pub fn geojson(&self) -> Result<Vec<u8>, FetchError> {
        let features: Vec<_> = self
            .found
            .iter()
            .map(|beat| {
                json!({
                    "type": "Feature",
                    "properties": { "beat_code": beat.code, "name": beat.name, "force": self.force },
                    "geometry": geojson::Geometry::new(geojson::GeometryValue::from(&beat.shape)),
                })
            })
            .collect();
        serde_json::to_vec(&json!({ "type": "FeatureCollection", "features": features }))
            .map_err(|cause| FetchError::content(&self.address, cause.to_string()))
    }
}
