//! JSON of boundaries: one document, several one after the other, or an array of them.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{RawFile, arcgis, geojson};

/// The members of an object, not yet read.
pub(super) type Members<'a> = BTreeMap<String, &'a RawValue>;

/// Reads a text as ArcGIS JSON or GeoJSON, whichever it is.
pub(super) fn read(text: &str) -> Result<RawFile, String> {
    let documents = documents(text)?;
    if documents.iter().any(arcgis::is_of_it) { arcgis::read(&documents) } else { geojson::read(&documents) }
}

fn documents(text: &str) -> Result<Vec<Members<'_>>, String> {
    let no_json = |cause| format!("it is not JSON: {cause}");
    let mut values = serde_json::Deserializer::from_str(text)
        .into_iter::<&RawValue>()
        .collect::<Result<Vec<_>, _>>()
        .map_err(no_json)?;
    if values.is_empty() {
        values.push(serde_json::from_str(text).map_err(no_json)?);
    }
    if let [array] = values[..]
        && let Ok(inner) = serde_json::from_str::<Vec<&RawValue>>(array.get())
        && !inner.is_empty()
    {
        values = inner;
    }
    values
        .into_iter()
        .map(|value| {
            members(value).ok_or_else(|| {
                "a GeoJSON FeatureCollection was expected, but it is no JSON object".to_owned()
            })
        })
        .collect()
}

/// The members of an object; `None` where it is something else.
pub(super) fn members(value: &RawValue) -> Option<Members<'_>> {
    serde_json::from_str(value.get()).ok()
}

/// The text of a member that is one.
pub(super) fn text_of(members: &Members<'_>, name: &str) -> Option<String> {
    serde_json::from_str(members.get(name)?.get()).ok()
}

/// The elements of a member that is an array.
pub(super) fn array_of<'a>(members: &Members<'a>, name: &str) -> Option<Vec<&'a RawValue>> {
    serde_json::from_str(members.get(name)?.get()).ok()
}

/// A member that is there and not null.
pub(super) fn given<'a>(members: &Members<'a>, name: &str) -> Option<&'a RawValue> {
    members.get(name).copied().filter(|value| value.get() != "null")
}

/// Whether services say of a document that more features match than it holds. ArcGIS puts it beside the features, or,
/// in GeoJSON, among the properties of the collection.
fn is_cut_off(document: &Members<'_>) -> bool {
    let says = |members: &Members<'_>| {
        members.get("exceededTransferLimit").is_some_and(|value| value.get() == "true")
    };
    says(document) || given(document, "properties").and_then(members).is_some_and(|inner| says(&inner))
}

/// The last document of a download says that it is not cut off; those before it may be, as the next one goes on.
pub(super) fn check_complete(documents: &[Members<'_>]) -> Result<(), String> {
    match documents.last() {
        Some(last) if is_cut_off(last) => {
            Err("it says 'exceededTransferLimit': features are missing; fetch the pages that \
                                               follow as well, as an array of pages or one after the other"
                .to_owned())
        }
        _ => Ok(()),
    }
}
