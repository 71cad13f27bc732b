//! CQL2 JSON (OGC 21-065r2 §8).

use geo_types::{Coord, Geometry, MultiLineString, MultiPolygon};
use serde_json::{Map, Value};

use super::{DEEPEST_NESTING, expression::Expr, geometry, nested_too_deep};

/// Reads a condition.
///
/// # Errors
/// For what is no JSON, and for JSON that is no CQL2, with what was expected.
pub(super) fn read(text: &str) -> Result<Expr, String> {
    // This reader of JSON refuses what is nested deeper than 128.
    let value: Value = serde_json::from_str(text).map_err(|cause| cause.to_string())?;
    expression(&value, 0)
}

fn expression(value: &Value, depth: usize) -> Result<Expr, String> {
    if depth > DEEPEST_NESTING {
        return Err(nested_too_deep());
    }
    Ok(match value {
        Value::String(text) => Expr::Text(text.clone()),
        Value::Number(_) => Expr::Number(number(value)?),
        Value::Bool(flag) => Expr::Flag(*flag),
        Value::Array(items) => Expr::List(expressions(items, depth)?),
        Value::Object(members) => object(members, depth)?,
        Value::Null => {
            return Err("null is no value to compare with; there is the operator isNull".to_owned());
        }
    })
}

fn expressions(values: &[Value], depth: usize) -> Result<Vec<Expr>, String> {
    values.iter().map(|value| expression(value, depth + 1)).collect()
}

/// An object is known by its one telling member.
fn object(members: &Map<String, Value>, depth: usize) -> Result<Expr, String> {
    let text = |value: &Value, name: &str| {
        value.as_str().map(str::to_owned).ok_or_else(|| format!("'{name}' is a text"))
    };
    let list = |value: &Value, name: &str| {
        let items = value.as_array().ok_or_else(|| format!("'{name}' is a list"))?;
        expressions(items, depth)
    };
    if let Some(name) = members.get("op") {
        let operands = list(members.get("args").unwrap_or(&Value::Null), "args")?;
        let name = text(name, "op")?.to_ascii_lowercase();
        return Ok(Expr::Call(if name == "!=" { "<>".to_owned() } else { name }, operands));
    }
    for (name, value) in members {
        return match name.as_str() {
            "property" => Ok(Expr::Property(text(value, name)?)),
            "date" => Ok(Expr::Date(text(value, name)?)),
            "timestamp" => Ok(Expr::Timestamp(text(value, name)?)),
            "interval" => Expr::interval(list(value, name)?),
            "bbox" => Expr::bbox(list(value, name)?),
            "type" => Ok(Expr::Geometry(shape(members)?)),
            _ => continue,
        };
    }
    let known = "op, property, date, timestamp, interval, bbox, or type for a geometry";
    let names: Vec<&str> = members.keys().map(String::as_str).collect();
    Err(format!("an object has a member {known}; here are only: {}", names.join(", ")))
}

fn number(value: &Value) -> Result<f64, String> {
    value.as_f64().filter(|number| number.is_finite()).ok_or_else(|| format!("{value} is no number"))
}

/// A geometry of GeoJSON (RFC 7946 §3.1); its numbers are in the system of the filter.
fn shape(members: &Map<String, Value>) -> Result<Geometry<f64>, String> {
    let place = members.get("coordinates").unwrap_or(&Value::Null);
    Ok(match members.get("type").and_then(Value::as_str).unwrap_or_default() {
        "Point" => geometry::point(&[position(place)?])?.into(),
        "MultiPoint" => geometry::points(each(place, position)?).into(),
        "LineString" => line(place)?.into(),
        "MultiLineString" => MultiLineString(each(place, line)?).into(),
        "Polygon" => polygon(place)?.into(),
        "MultiPolygon" => MultiPolygon(each(place, polygon)?).into(),
        "GeometryCollection" => {
            let parts = each(members.get("geometries").unwrap_or(&Value::Null), |part| {
                let members = part.as_object().ok_or("a collection holds geometries")?;
                if members.contains_key("geometries") {
                    return Err("a geometry collection holds no further collection".to_owned());
                }
                shape(members)
            })?;
            geometry::collection(parts)?
        }
        other => return Err(format!("'{other}' is no type of geometry")),
    })
}

fn each<T>(value: &Value, read: impl Fn(&Value) -> Result<T, String>) -> Result<Vec<T>, String> {
    value.as_array().ok_or("the coordinates of a geometry are lists")?.iter().map(read).collect()
}

fn line(value: &Value) -> Result<geo_types::LineString<f64>, String> {
    geometry::line(each(value, position)?)
}

fn polygon(value: &Value) -> Result<geo_types::Polygon<f64>, String> {
    geometry::polygon(each(value, |ring| each(ring, position))?)
}

/// Two numbers, or more of which height and measure are not used.
fn position(value: &Value) -> Result<Coord, String> {
    match each(value, number)?.as_slice() {
        [x, y] | [x, y, _] | [x, y, _, _] => Ok(Coord { x: *x, y: *y }),
        numbers => {
            Err(format!("a position has two numbers, or three with its height, not {}", numbers.len()))
        }
    }
}
