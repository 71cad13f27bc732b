//! Features at a pixel of a map, for the three kinds of reader: programs, pages and people.

use std::{fmt::Write as _, sync::Arc};

use geo_types::{Coord, coord};
use maud::{DOCTYPE, html};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Asked, Code, Refusal};
use crate::{
    feature::{Bounds, Features, GeometryKind, Plane},
    http::{answer::json, negotiate::Format, problem::Problem},
    model::Invalid,
    render::features::{FeatureJson, Written, cell},
    service::{
        Service,
        collection::{Choice, Dataset},
    },
    snapshot::Snapshot,
};

/// How far from its middle a point still counts as hit, in pixels: points are drawn some four pixels wide each way.
const POINT_REACH_PX: f64 = 3.0;

/// The forms that features at a pixel come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InfoFormat {
    /// GeoJSON in longitude and latitude, called JSON.
    Json,
    /// The same, called GeoJSON.
    GeoJson,
    /// A table on a page.
    Html,
    /// Lines of text.
    Text,
}

/// A place on a map that was pointed at.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    plane: Plane,
    at: Coord,
    /// The sides of a pixel, in units of the plane.
    pixel: (f64, f64),
}

/// What was found of one layer.
struct Found<'a> {
    asked: &'a Asked,
    dataset: Arc<Dataset>,
    rows: Vec<u32>,
}

impl InfoFormat {
    /// All of them, each with its media type, the default first.
    pub const ALL: [(&'static str, Self); 4] = [
        ("application/json", Self::Json),
        ("application/geo+json", Self::GeoJson),
        ("text/html", Self::Html),
        ("text/plain", Self::Text),
    ];

    /// Reads a media type.
    ///
    /// # Errors
    /// [`Refusal`] for one that is not offered.
    pub fn read(text: Option<&str>, place: &str) -> Result<Self, Refusal> {
        let Some(text) = text else { return Ok(Self::Json) };
        let essence = text.split(';').next().unwrap_or_default().trim();
        let found = Self::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(essence));
        found.map(|(_, format)| *format).ok_or_else(|| {
            Refusal::not_one_of(Code::InvalidFormat, place, text, &Self::ALL.map(|(name, _)| name))
        })
    }

    /// The form of the answer.
    pub const fn format(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::GeoJson => Format::GeoJson,
            Self::Html => Format::Html,
            Self::Text => Format::Text,
        }
    }
}

impl Spot {
    /// The middle of a pixel, counted from the upper left corner of a map.
    ///
    /// # Errors
    /// [`Invalid`] for a pixel outside the map.
    pub fn new(bounds: &Bounds, plane: Plane, size: (u32, u32), pixel: (u32, u32)) -> Result<Self, Invalid> {
        let ((width, height), (column, row)) = (size, pixel);
        if column >= width || row >= height {
            let shown = format!("{column},{row}");
            return Err(Invalid::new(shown, format!("a pixel of a map of {width} by {height}")));
        }
        let sides = (bounds.width() / f64::from(width), bounds.height() / f64::from(height));
        let at = coord! {
            x: bounds.min().x + (f64::from(column) + 0.5) * sides.0,
            y: bounds.max().y - (f64::from(row) + 0.5) * sides.1,
        };
        Ok(Self { plane, at, pixel: sides })
    }

    /// What is hit there: for areas the very place, for points what is drawn around them.
    fn window(&self, kind: GeometryKind) -> Option<Bounds> {
        let reach = if kind == GeometryKind::Point { POINT_REACH_PX + 0.5 } else { 0.0 };
        let (x, y) = (reach * self.pixel.0, reach * self.pixel.1);
        let Coord { x: east, y: north } = self.at;
        Bounds::around([coord! { x: east - x, y: north - y }, coord! { x: east + x, y: north + y }])
    }

    /// The features of layers there, at most `most` of each, in a form.
    ///
    /// # Errors
    /// Those of making the layers.
    pub fn features(
        &self,
        layers: &[Asked],
        most: usize,
        form: InfoFormat,
        service: &Service,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Vec<u8>, Problem> {
        let found = layers
            .iter()
            .map(|asked| {
                let dataset = service.dataset(&asked.collection, &asked.question, snapshot)?;
                let features = dataset.features.as_ref();
                let rows = self.window(features.geometry_kind()).map_or_else(Vec::new, |window| {
                    let choice = Choice { windows: Some((vec![window], self.plane)), ..asked.choice.clone() };
                    let mut rows = choice.rows(features);
                    rows.truncate(most);
                    rows
                });
                Ok(Found { asked, dataset, rows })
            })
            .collect::<Result<Vec<_>, Problem>>()?;
        match form {
            InfoFormat::Json | InfoFormat::GeoJson => json(&Collected(&found)),
            InfoFormat::Html => Ok(page(&found).into_bytes()),
            InfoFormat::Text => Ok(text(&found).into_bytes()),
        }
    }
}

impl Found<'_> {
    fn features(&self) -> &dyn Features {
        self.dataset.features.as_ref()
    }

    fn rows(&self) -> impl Iterator<Item = usize> {
        self.rows.iter().map(|row| *row as usize)
    }

    /// The fields of a row that have a value: what each is called, the value as text, and its unit.
    fn values(&self, row: usize) -> impl Iterator<Item = (&str, String)> {
        let features = self.features();
        features.fields().iter().enumerate().filter_map(move |(number, field)| {
            let value = features.value(row, number);
            (!value.is_absent()).then(|| (field.name.as_str(), cell(&value).into_owned()))
        })
    }
}

/// What was found, as a feature collection.
struct Collected<'a>(&'a [Found<'a>]);

impl Serialize for Collected<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let features: Vec<_> =
            self.0.iter().flat_map(|found| found.rows().map(move |row| OfLayer { found, row })).collect();
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("type", "FeatureCollection")?;
        map.serialize_entry("features", &features)?;
        map.end()
    }
}

/// A feature that says of which layer it is.
struct OfLayer<'a> {
    found: &'a Found<'a>,
    row: usize,
}

impl Serialize for OfLayer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let features = self.found.features();
        let mut map = serializer.serialize_map(None)?;
        let written = Written::all(features);
        FeatureJson { features, row: self.row, written: &written }.members(&mut map)?;
        map.serialize_entry("layer", &self.found.asked.collection.id)?;
        map.end()
    }
}

fn page(found: &[Found<'_>]) -> String {
    let table = |layer: &Found<'_>| {
        html! {
            h2 { (layer.asked.collection.title) }
            @if layer.rows.is_empty() { p { "Nothing here." } }
            @for row in layer.rows() {
                table {
                    @for (name, value) in layer.values(row) {
                        tr { th scope="row" { (name) } td { (value) } }
                    }
                }
            }
        }
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Features" } }
            body { @for layer in found { (table(layer)) } }
        }
    };
    page.into_string()
}

fn text(found: &[Found<'_>]) -> String {
    let mut text = String::new();
    for layer in found {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", layer.asked.collection.title);
        if layer.rows.is_empty() {
            text.push_str("nothing here\n");
        }
        for row in layer.rows() {
            text.push_str("--\n");
            for (name, value) in layer.values(row) {
                let _ = writeln!(text, "{name} = {}", value.replace(['\r', '\n'], " "));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_is_its_middle_counted_from_the_upper_left() {
        let bounds = Bounds::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 100.0, y: 50.0 }).unwrap();
        let spot = Spot::new(&bounds, Plane::Grid, (10, 10), (0, 9)).unwrap();
        assert_eq!(spot.at, coord! { x: 5.0, y: 2.5 });
        let window = spot.window(GeometryKind::Point).unwrap();
        assert_eq!((window.width(), window.height()), (70.0, 35.0));
        assert!(spot.window(GeometryKind::MultiPolygon).unwrap().width() < 1e-12);
        assert!(Spot::new(&bounds, Plane::Grid, (10, 10), (10, 0)).is_err());
    }
}
