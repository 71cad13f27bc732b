//! The fields of incidents, for filters and for layers alike.

use crate::{
    feature::{Field, FieldKind, Value},
    model::{BoundarySet, Layer},
    snapshot::Snapshot,
};

/// Fields before those of the boundary layers.
const OWN: usize = 10;

/// The fields of every incident: its own, then the code of its area in each boundary layer, and in the vintages of it
/// that are not the newest: `ward`, `ward_2013`.
pub fn fields(boundaries: &BoundarySet) -> Vec<Field> {
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
    fields.extend(told(boundaries).into_iter().map(|(name, _, layer)| {
        let several = boundaries.has_vintages(layer.id.as_str());
        let title = if several { format!("Area, vintage {}", layer.vintage) } else { "Area".to_owned() };
        Field::new(name, FieldKind::Text, title, "The code of its area in that boundary layer.")
    }));
    fields
}

/// The layers that are told of an incident, with the names of their fields and their numbers: each in its newest
/// vintage, and behind them the older ones that are not retired.
fn told(boundaries: &BoundarySet) -> Vec<(String, usize, &Layer)> {
    let newest = boundaries.in_force(None);
    let is_newest = |number: usize| newest.iter().any(|(known, _)| *known == number);
    let older = boundaries.ids().into_iter().flat_map(|id| boundaries.vintages(id));
    let older =
        older.filter(|(number, layer)| !layer.retired && !is_newest(*number)).map(|(number, layer)| {
            let name = format!("{}_{}", layer.id, layer.vintage.replace(['-', '.'], "_"));
            (name, number, layer)
        });
    newest.iter().map(|(number, layer)| (layer.id.to_string(), *number, *layer)).chain(older).collect()
}

/// The codes of areas, as [`value`] needs them.
#[derive(Debug)]
pub struct AreaCodes(Vec<(usize, Vec<String>)>);

/// The codes of the areas of each layer that is told, in the order of the fields.
pub fn area_codes(boundaries: &BoundarySet) -> AreaCodes {
    let codes = |layer: &Layer| layer.areas.iter().map(|area| area.code.0.clone()).collect();
    AreaCodes(told(boundaries).into_iter().map(|(_, number, layer)| (number, codes(layer))).collect())
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
