//! Tables on the wire: columns that say what they are, and rows as objects.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    feature::{Field, FieldKind},
    render::{features::ValueJson, sheet::Sheet},
};

/// A table.
#[derive(Serialize)]
pub struct SheetDocument<'a> {
    title: &'a str,
    columns: Vec<Column<'a>>,
    rows: Vec<Row<'a>>,
}

/// What a column is.
#[derive(Serialize)]
pub struct Column<'a> {
    name: &'a str,
    title: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    description: &'a str,
}

struct Row<'a>(&'a Sheet, usize);

impl<'a> SheetDocument<'a> {
    /// The document of a table.
    pub fn of(sheet: &'a Sheet) -> Self {
        Self {
            title: &sheet.title,
            columns: sheet.columns.iter().map(Column::of).collect(),
            rows: (0..sheet.rows.len()).map(|row| Row(sheet, row)).collect(),
        }
    }
}

impl<'a> Column<'a> {
    fn of(field: &'a Field) -> Self {
        let kind = match field.kind {
            FieldKind::Text | FieldKind::Instant => "string",
            FieldKind::Whole => "integer",
            FieldKind::Number => "number",
            FieldKind::Flag => "boolean",
        };
        Self {
            name: &field.name,
            title: &field.title,
            r#type: kind,
            unit: field.unit,
            description: field.description,
        }
    }
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values = self.0.rows.get(self.1).map(Vec::as_slice).unwrap_or_default();
        let mut map = serializer.serialize_map(Some(values.len()))?;
        for (column, value) in self.0.columns.iter().zip(values) {
            map.serialize_entry(&column.name, &ValueJson(value.clone()))?;
        }
        map.end()
    }
}
