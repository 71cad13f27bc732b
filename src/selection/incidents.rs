//! The fields of incidents, for filters and for layers alike.

use crate::{
    feature::{Field, FieldKind, Value},
    model::Layer,
    snapshot::Snapshot,
};

/// Fields before those of the boundary layers.
const OWN: usize = 10;

/// The fields of every incident: its own, then the code of its area in each boundary layer.
pub fn fields(layers: &[Layer]) -> Vec<Field> {
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
    fields.extend(layers.iter().map(|layer| {
        Field::new(layer.id.as_str(), FieldKind::Text, "Area", "The code of its area in that boundary layer.")
    }));
    fields
}

/// The codes of the areas of each layer, in their order, as [`value`] needs them.
pub fn area_codes(layers: &[Layer]) -> Vec<Vec<String>> {
    let codes = |layer: &Layer| layer.areas.iter().map(|area| area.code.0.clone()).collect();
    layers.iter().map(codes).collect()
}

/// The value of a field, counted as in [`fields`], of an incident; absent for a number beyond them.
pub fn value<'a>(snapshot: &'a Snapshot, areas: &'a [Vec<String>], row: usize, field: usize) -> Value<'a> {
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
            let layer = field - OWN;
            let area = snapshot
                .place(row)
                .filter(|_| layer < areas.len())
                .and_then(|place| snapshot.places().area(layer, place));
            Value::text(area.and_then(|area| areas[layer].get(usize::from(area))).map(String::as_str))
        }
    }
}
