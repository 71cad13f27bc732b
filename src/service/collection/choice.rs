//! Which features of a layer are wanted, and in which order.

use crate::{
    feature::{Bounds, Features, Plane, Shape, Value},
    filter::{Condition, Row},
};

/// A span of time, open where an end is left out, both ends included. Seconds of Unix time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WhenAsked {
    /// Not before.
    pub from_s: Option<i64>,
    /// Not after.
    pub to_s: Option<i64>,
}

/// A field to sort by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// The number of the field.
    pub field: usize,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// Conditions that a feature has to meet, all of them, and the order of those that do.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// It has to meet one of some boxes.
    pub windows: Option<(Vec<Bounds>, Plane)>,
    /// It has to have happened, in part at least, in a span. Features without a time always have.
    pub when: Option<WhenAsked>,
    /// Fields that have to hold one of some values, as text.
    pub equals: Vec<(usize, Vec<String>)>,
    /// Further conditions.
    pub filter: Option<Condition>,
    /// The order, the first key deciding; then, and without a key, that of the layer.
    pub sort: Vec<SortKey>,
}

impl Choice {
    /// Whether it takes every feature in the order of the layer.
    pub fn is_everything(&self) -> bool {
        self.windows.is_none()
            && self.when.is_none()
            && self.equals.is_empty()
            && self.filter.is_none()
            && self.sort.is_empty()
    }

    /// The rows of a layer that meet it, in its order.
    pub fn rows(&self, features: &dyn Features) -> Vec<u32> {
        let fits = |row: &u32| self.fits(features, *row as usize);
        let mut rows: Vec<u32> = match &self.windows {
            Some((windows, plane)) => {
                let mut rows: Vec<u32> = windows
                    .iter()
                    .flat_map(|window| {
                        let mut near = features.rows_meeting(window, *plane);
                        near.retain(|row| {
                            let shape = features.shape(*row as usize, *plane);
                            shape.is_some_and(|shape| shape.meets(window)) && fits(row)
                        });
                        near
                    })
                    .collect();
                rows.sort_unstable();
                rows.dedup();
                rows
            }
            None => (0..u32::try_from(features.len()).unwrap_or(u32::MAX)).filter(fits).collect(),
        };
        if !self.sort.is_empty() {
            rows.sort_by(|a, b| self.order(features, *a as usize, *b as usize));
        }
        rows
    }

    fn fits(&self, features: &dyn Features, row: usize) -> bool {
        self.when.is_none_or(|when| features.time(row).is_none_or(|time| when.meets(time)))
            && self.equals.iter().all(|(field, wanted)| {
                let value = features.value(row, *field);
                wanted.iter().any(|wanted| is_written(&value, wanted))
            })
            && self.filter.as_ref().is_none_or(|filter| filter.holds(&FeatureRow { features, row }))
    }

    fn order(&self, features: &dyn Features, a: usize, b: usize) -> std::cmp::Ordering {
        let by = |key: &SortKey| {
            let (a, b) = (features.value(a, key.field), features.value(b, key.field));
            // What has no value stands last, whichever way the rest is sorted.
            let order = compare(&a, &b);
            let either_absent = a.is_absent() || b.is_absent();
            if key.descending && !either_absent { order.reverse() } else { order }
        };
        self.sort.iter().map(by).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    }
}

impl WhenAsked {
    /// Whether a time, from its first second to the one after its last, has a part in the span.
    fn meets(&self, (start_s, end_s): (i64, i64)) -> bool {
        let last_s = if end_s > start_s { end_s - 1 } else { start_s };
        self.from_s.is_none_or(|from| last_s >= from) && self.to_s.is_none_or(|to| start_s <= to)
    }
}

/// Whether a value is the one that a text writes.
fn is_written(value: &Value<'_>, text: &str) -> bool {
    match value {
        Value::Absent => false,
        Value::Text(own) => own == text,
        Value::Flag(own) => text == if *own { "true" } else { "false" },
        Value::Whole(_) | Value::Number(_) => {
            text.parse::<f64>().is_ok_and(|number| value.as_number() == Some(number))
        }
        Value::Instant(own) => {
            text.parse::<jiff::Timestamp>().is_ok_and(|instant| instant.as_second() == *own)
        }
    }
}

fn compare(a: &Value<'_>, b: &Value<'_>) -> std::cmp::Ordering {
    match (a, b) {
        (Value::Absent, Value::Absent) => std::cmp::Ordering::Equal,
        (Value::Absent, _) => std::cmp::Ordering::Greater,
        (_, Value::Absent) => std::cmp::Ordering::Less,
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Flag(a), Value::Flag(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        _ => a.as_number().unwrap_or(f64::NAN).total_cmp(&b.as_number().unwrap_or(f64::NAN)),
    }
}

/// A feature as a filter sees it.
struct FeatureRow<'a> {
    features: &'a dyn Features,
    row: usize,
}

impl Row for FeatureRow<'_> {
    fn value(&self, field: usize) -> Value<'_> {
        self.features.value(self.row, field)
    }

    fn shape(&self, plane: Plane) -> Option<Shape<'_>> {
        self.features.shape(self.row, plane)
    }
}
