//! Boundaries from a file at hand, in any format that boundary files have, in place of a service.

use std::path::Path;

use geo::orient::{Direction, Orient};
use geo_types::LineString;
use serde_json::{Map, Value, json};

use super::{
    FetchError, Outline,
    arcgis::is_of,
    boundaries::{Held, Task},
    record::Sources,
};
use crate::boundary::{SourceFeature, source_features};

/// Whoever gave the file knows its terms.
const LICENCE: &str = "as of the file that it was taken from";

/// Which features of a file at hand are those of the area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// Those that name its code, or else those whose middle lies in its outline.
    ByCodeOrPlace,
    /// All of them: the file holds nothing else.
    Whole,
}

impl Task<'_> {
    /// Keeps the features of a file that belong to the area as a layer's file, as if a service had given them.
    ///
    /// # Errors
    /// [`FetchError`] for a file that cannot be read, one without fields that begin with `start`, and one that holds
    /// nothing of the area or does not say what does.
    pub(super) fn at_hand(
        &self,
        path: &Path,
        (file, vintage): (&str, &str),
        start: &str,
        belongs: Belongs,
    ) -> Result<Held, FetchError> {
        let shown = path.display().to_string();
        let outline = self.held_outline()?;
        let code = self.area.as_str();
        let mut names_authority = false;
        let mut wanted = |fields: &Map<String, Value>| {
            let authority = fields.iter().find(|(name, _)| is_of(name, "LAD", "CD"));
            names_authority |= authority.is_some();
            belongs == Belongs::Whole || authority.is_none_or(|(_, of)| of.as_str() == Some(code))
        };
        let features = source_features(path, &mut wanted);
        let mut features = features.map_err(|faults| FetchError::content(&shown, faults.to_string()))?;
        if belongs == Belongs::ByCodeOrPlace && !names_authority {
            let outline = outline.ok_or_else(|| {
                FetchError::content(
                    &shown,
                    "no field LAD..CD says of which local authority a feature is, and there is no outline yet: take that first \
                     (--layers outline), or say with --whole that all features are of this area",
                )
            })?;
            features.retain(|feature| lies_in(feature, &outline));
        }
        if features.is_empty() {
            return Err(FetchError::content(&shown, format!("it has no feature of {code}")));
        }
        let count = features.len() as u64;
        let set = json!({
            "spatialReference": { "wkid": 27700 },
            "features": features.into_iter().map(esri).collect::<Vec<_>>(),
        });
        let held = super::boundaries::held_in(file, &set, start).map_err(|_no_field| {
            let fields = set.pointer("/features/0/attributes").and_then(Value::as_object);
            let names: Vec<_> = fields.into_iter().flat_map(|fields| fields.keys().map(String::as_str)).collect();
            let rule = format!(
                "a code and a name stand in fields {start}..CD and {start}..NM, with the two digits of a year; the fields are {}. \
                 Other files go into a manifest by hand: boundaries/README.md",
                names.join(", ")
            );
            FetchError::content(&shown, rule)
        })?;
        let name = path.file_name().map_or_else(|| shown.clone(), |name| name.to_string_lossy().into_owned());
        let mut sources = Sources::open(self.folder)?;
        let address = format!("file at hand: {name}");
        self.keep(&mut sources, file, address, LICENCE, (vintage, count), set.to_string().as_bytes())?;
        Ok(held)
    }
}

fn lies_in(feature: &SourceFeature, outline: &Outline) -> bool {
    outline.share(&feature.shape.0).1
}

/// A feature in Esri's form: exteriors clockwise, holes anticlockwise, to the millimetre.
fn esri(feature: SourceFeature) -> Value {
    let SourceFeature { fields, shape } = feature;
    let rings: Vec<Value> = shape.0.orient(Direction::Reversed).0.iter().flat_map(rings_of).collect();
    json!({ "attributes": fields, "geometry": { "rings": rings } })
}

fn rings_of(part: &geo_types::Polygon<f64>) -> impl Iterator<Item = Value> {
    let millimetre = |metres: f64| (metres * 1e3).round() / 1e3;
    let ring = move |ring: &LineString<f64>| -> Value {
        ring.coords().map(|at| json!([millimetre(at.x), millimetre(at.y)])).collect()
    };
    std::iter::once(part.exterior()).chain(part.interiors()).map(ring).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use geo::Area;
    use geo_types::MultiPolygon;

    use super::*;
    use crate::model::GridShape;

    #[test]
    fn rings_run_as_esri_has_them() {
        let square = geo_types::Rect::new((0.0, 0.0), (10.0, 10.0)).to_polygon();
        let hole = geo_types::Rect::new((2.0, 2.0), (4.0, 4.0)).to_polygon().exterior().clone();
        let part = geo_types::Polygon::new(square.exterior().clone(), vec![hole]);
        let shape = GridShape(MultiPolygon(vec![part]));
        let set = esri(SourceFeature { fields: Map::new(), shape: shape.clone() });
        let back = Outline::of_rings("A", &set["geometry"], "here").unwrap();
        assert!((back.area_m2() - shape.0.unsigned_area()).abs() < 1e-6);
        assert!((back.area_m2() - 96.0).abs() < 1e-6);
    }
}
