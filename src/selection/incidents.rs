//! The fields of incidents, for filters and for layers alike.

use crate::{
    feature::{Field, FieldKind, Value},
    model::{BoundarySet, Layer},
    snapshot::Snapshot,
};

/// Fields before those of the boundary layers.
const OWN: usize = 10;

/// The fields of every incident: its own, then the code of its area in each boundary layer and, where a layer has
/// several vintages, in each of them: `ward`, `ward_2024`, `ward_2013`.
pub fn fields(boundaries: &BoundarySet) -> Vec<Field> {
    fields_of(boundaries, told(boundaries))
}

/// The same, with those of vintages that are retired: filters of before name them.
pub fn fields_for_filters(boundaries: &BoundarySet) -> Vec<Field> {
    fields_of(boundaries, told(boundaries).into_iter().chain(retired(boundaries)).collect())
}

fn fields_of(boundaries: &BoundarySet, areas: Vec<AreaField<'_>>) -> Vec<Field> {
    let mut fields = vec![
        Field::new("category", FieldKind::Text, "Category", "What kind of incident, as a slug."),
        Field::new("source", FieldKind::Text, "Source", "Where the record is from."),
        Field::new("street", FieldKind::Text, "Street", "Street or place as recorded."),
        Field::new("outcome", FieldKind::Text, "Outcome", "The last known outcome."),
        Field::new("month", FieldKind::Text, "Month", "The London month in which it starts, YYYY-MM."),
        Field::new(
            "precision",
            FieldKind::Text,
            "Precision",
            "How exactly its time is known: minute, day or month.",
        ),
        Field::new("occurred_from", FieldKind::Instant, "From", "When it started, at the earliest."),
        Field::new("occurred_to", FieldKind::Instant, "To", "When it ended, at the latest."),
        Field::new("weight", FieldKind::Number, "Weight", "How much it counts in weighted analyses."),
        Field::new(
            "positioned_by",
            FieldKind::Text,
            "Positioned by",
            "How its position is known: coordinates, grid-reference, uprn or postcode.",
        ),
    ];
    debug_assert_eq!(fields.len(), OWN, "area fields are found behind the own ones");
    fields.extend(areas.into_iter().map(|(name, _, layer)| {
        let several = boundaries.has_vintages(layer.id.as_str()) && name != layer.id.as_str();
        let title = if several { format!("Area, vintage {}", layer.vintage) } else { "Area".to_owned() };
        Field::new(name, FieldKind::Text, title, "The code of its area in that boundary layer.")
    }));
    fields
}

/// The name of a field, and the number of the layer whose codes it has.
type AreaField<'a> = (String, usize, &'a Layer);

/// The layers that are told of an incident: each in its newest vintage and, where it has several, in every one that is not
/// retired.
fn told(boundaries: &BoundarySet) -> Vec<AreaField<'_>> {
    let newest = boundaries.in_force(None).into_iter();
    let newest = newest.map(|(number, layer)| (layer.id.to_string(), number, layer));
    newest.chain(each_vintage(boundaries).filter(|(_, _, layer)| !layer.retired)).collect()
}

fn retired(boundaries: &BoundarySet) -> impl Iterator<Item = AreaField<'_>> {
    each_vintage(boundaries).filter(|(_, _, layer)| layer.retired)
}

fn each_vintage(boundaries: &BoundarySet) -> impl Iterator<Item = AreaField<'_>> {
    let several = boundaries.ids().into_iter().filter(|id| boundaries.has_vintages(id));
    several.flat_map(|id| boundaries.vintages(id)).map(|(number, layer)| {
        let name = format!("{}_{}", layer.id, layer.vintage.replace(['-', '.'], "_"));
        (name, number, layer)
    })
}

/// The codes of areas, as [`value`] needs them.
#[derive(Debug)]
pub struct AreaCodes(Vec<(usize, Vec<String>)>);

/// The codes of the areas of each layer, in the order of the fields for filters, which begin as the fields do.
pub fn area_codes(boundaries: &BoundarySet) -> AreaCodes {
    area_codes_in(boundaries, &boundaries.in_force(None))
}

/// The same, where the field with a layer's own id is of one of these layers.
pub fn area_codes_in(boundaries: &BoundarySet, layers: &[(usize, &Layer)]) -> AreaCodes {
    let codes = |layer: &Layer| layer.areas.iter().map(|area| area.code.0.clone()).collect();
    let asked = |id: &str| layers.iter().find(|(_, layer)| layer.id.as_str() == id).copied();
    let fields = told(boundaries).into_iter().chain(retired(boundaries));
    let of = fields.map(|(name, number, layer)| asked(&name).unwrap_or((number, layer)));
    AreaCodes(of.map(|(number, layer)| (number, codes(layer))).collect())
}

/// The value of a field, counted as in [`fields`], of an incident; absent for a number beyond them.
pub fn value<'a>(snapshot: &'a Snapshot, areas: &'a AreaCodes, row: usize, field: usize) -> Value<'a> {
    match field {
        0 => Value::text(snapshot.categories().get(usize::from(snapshot.category(row))).map(String::as_str)),
        1 => Value::text(snapshot.sources().get(usize::from(snapshot.source(row))).map(String::as_str)),
        2 => Value::text(snapshot.street(row)),
        3 => Value::text(snapshot.outcome(row)),
        4 => Value::Text(snapshot.month(row).text()),
        5 => Value::text(Some(snapshot.occurred(row).precision().as_str())),
        6 => Value::Instant(snapshot.occurred(row).start_s()),
        7 => Value::Instant(snapshot.occurred(row).end_s()),
        8 => Value::Number(snapshot.weight(row)),
        9 => Value::text(snapshot.place(row).map(|_| snapshot.positioned_by(row).as_str())),
        _ => {
            let Some((layer, codes)) = areas.0.get(field - OWN) else { return Value::Absent };
            let area = snapshot.place(row).and_then(|place| snapshot.places().area(*layer, place));
            Value::text(area.and_then(|area| codes.get(usize::from(area))).map(String::as_str))
        }
    }
}
