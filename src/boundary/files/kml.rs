//! KML 2.2: the polygons of placemarks, in folders of any depth.
//!
//! Read event by event, so that neither depth nor a file that is cut off can do harm: a document that is not well formed
//! to its end is refused.

use geo_types::Coord;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use serde_json::{Map, Value};

use super::{Part, RawFeature, RawFile, Ring};
use crate::{
    boundary::file_crs::{FileCrs, StatedCrs},
    model::Invalid,
};

/// Elements within elements. Real files have about a dozen.
const DEEPEST: usize = 100;

/// Reads the placemarks in their order. Coordinates are degrees, longitude first: KML has no other.
///
/// The fields of a placemark are `name`, `description`, and those of its `ExtendedData` that are called otherwise. A
/// point or a line beside polygons labels them, and is left out.
pub(super) fn read(text: &str) -> Result<RawFile, String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut document = Document::default();
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let of_line = |fault: String| {
            let line = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
            format!("line {line}: {fault}")
        };
        match reader.read_event() {
            Ok(Event::Start(element)) => document.start(&element).map_err(of_line)?,
            Ok(Event::End(_)) => document.end(),
            Ok(Event::Text(content)) => document.text.push_str(&content),
            Ok(Event::CData(content)) => document.text.push_str(&content),
            Ok(Event::GeneralRef(name)) => match character(&name) {
                Some(found) => document.text.push_str(&found),
                None => return Err(of_line(format!("'&{};' is not known in XML", &*name))),
            },
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(cause) => return Err(of_line(format!("it is not XML: {cause}"))),
        }
    }
    match document.open.last() {
        Some(open) => Err(format!("it is cut off: it ends within <{open}>")),
        None if !document.is_kml => Err("it is XML, but no KML: there is no element <kml>".to_owned()),
        None if document.features.is_empty() => Err("it has no Placemark".to_owned()),
        None => {
            let crs = StatedCrs { said: "KML always says 'EPSG:4326'".to_owned(), crs: Ok(FileCrs::LonLat) };
            Ok(RawFile { crs: Some(crs), features: document.features })
        }
    }
}

/// What `&amp;` and `&#38;` stand for.
fn character(name: &str) -> Option<String> {
    match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).map(String::from)
        }
        None => quick_xml::escape::resolve_predefined_entity(name).map(str::to_owned),
    }
}

/// How far a document has been read.
#[derive(Default)]
struct Document {
    is_kml: bool,
    open: Vec<String>,
    /// What stands in the element that was opened last.
    text: String,
    placemark: Option<Placemark>,
    features: Vec<RawFeature>,
}

#[derive(Default)]
struct Placemark {
    properties: Map<String, Value>,
    /// The `Data` or `SimpleData` that is open.
    field: Option<String>,
    parts: Vec<Part>,
    polygon: Option<Polygon>,
    /// A geometry that is no polygon.
    other: Option<String>,
    fault: Option<String>,
}

#[derive(Default)]
struct Polygon {
    exterior: Vec<Ring>,
    holes: Vec<Ring>,
}

impl Document {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        let name: String = element.local_name().as_ref().to_owned();
        self.is_kml |= name == "kml" && self.open.is_empty();
        self.text.clear();
        if self.open.len() == DEEPEST {
            return Err(format!("elements lie more than {DEEPEST} deep in each other"));
        }
        match (name.as_str(), &mut self.placemark) {
            ("Placemark", None) => self.placemark = Some(Placemark::default()),
            ("Placemark", Some(_)) => return Err("a Placemark lies in another one".to_owned()),
            ("Data" | "SimpleData", Some(placemark)) => placemark.field = name_attribute(element)?,
            ("Polygon", Some(placemark)) => placemark.polygon = Some(Polygon::default()),
            ("Point" | "LineString" | "LinearRing" | "Model" | "Track", Some(placemark))
                if placemark.polygon.is_none() =>
            {
                placemark.other = Some(name.clone());
            }
            _ => {}
        }
        self.open.push(name);
        Ok(())
    }

    fn end(&mut self) {
        // The reader sees to it that what ends is what was opened last.
        let Some(name) = self.open.pop() else { return };
        let text = std::mem::take(&mut self.text);
        let parent = self.open.last().map_or("", String::as_str);
        let Some(placemark) = &mut self.placemark else { return };
        match name.as_str() {
            "name" | "description" if parent == "Placemark" => {
                placemark.properties.insert(name, Value::String(text.trim().to_owned()));
            }
            "value" if parent == "Data" => placemark.enter(&text),
            "SimpleData" => placemark.enter(&text),
            "coordinates" => {
                let is_hole = self.open.iter().any(|open| open == "innerBoundaryIs");
                placemark.ring(&text, is_hole);
            }
            "Polygon" => placemark.close_polygon(),
            "Placemark" => self.features.extend(self.placemark.take().map(Placemark::feature)),
            _ => {}
        }
    }
}

fn name_attribute(element: &BytesStart<'_>) -> Result<Option<String>, String> {
    let attribute = element.try_get_attribute("name").map_err(|cause| format!("it is not XML: {cause}"))?;
    let Some(attribute) = attribute else { return Ok(None) };
    let name = attribute
        .normalized_value(XmlVersion::Implicit1_0)
        .map_err(|cause| format!("it is not XML: {cause}"))?;
    Ok(Some(name.into_owned()))
}

impl Placemark {
    fn enter(&mut self, text: &str) {
        if let Some(field) = self.field.take() {
            self.properties.entry(field).or_insert_with(|| Value::String(text.trim().to_owned()));
        }
    }

    fn ring(&mut self, text: &str, is_hole: bool) {
        let Some(polygon) = &mut self.polygon else { return };
        match text.split_whitespace().map(position).collect() {
            Ok(ring) if is_hole => polygon.holes.push(ring),
            Ok(ring) => polygon.exterior.push(ring),
            Err(fault) => {
                self.fault.get_or_insert(fault);
            }
        }
    }

    fn close_polygon(&mut self) {
        let Some(Polygon { mut exterior, holes }) = self.polygon.take() else { return };
        if exterior.len() != 1 && self.fault.is_none() {
            let found = exterior.len();
            self.fault = Some(format!("a Polygon has one ring as its outerBoundaryIs; this one has {found}"));
        }
        exterior.extend(holes);
        self.parts.push(exterior);
    }

    fn feature(self) -> RawFeature {
        let parts = match (self.fault, self.other) {
            (Some(fault), _) => Err(fault),
            (None, Some(other)) if self.parts.is_empty() => {
                Err(format!("its geometry is a {other}; an area is a Polygon or a MultiGeometry of them"))
            }
            _ if self.parts.is_empty() => Err("it has no geometry".to_owned()),
            _ => Ok(self.parts),
        };
        RawFeature { properties: self.properties, parts }
    }
}

/// `longitude,latitude` or `longitude,latitude,height`.
fn position(text: &str) -> Result<Coord<f64>, String> {
    let mut numbers = text.split(',').map(str::parse::<f64>);
    match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
        (Some(Ok(x)), Some(Ok(y)), None | Some(Ok(_)), None) => Ok(Coord { x, y }),
        _ => Err(Invalid::new(text, "a position is written longitude,latitude or longitude,latitude,height")
            .to_string()),
    }
}
