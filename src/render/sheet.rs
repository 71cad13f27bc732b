//! Tables that say what their columns are: the same one is a CSV file, a sheet of a workbook and a table of a report.

use crate::feature::{Field, Value};

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its name in files: `wards`; letters a–z, digits and hyphens, at most 31.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What its columns are: names, units and meanings.
    pub columns: Vec<Field>,
    /// Its rows, each with a value for every column.
    pub rows: Vec<Vec<Value<'static>>>,
}

impl Sheet {
    /// A column's place by its name.
    ///
    /// # Example
    /// ```
    /// use hotspots::{feature::{Field, FieldKind, Value}, render::sheet::Sheet};
    /// let columns = vec![Field::new("count", FieldKind::Whole, "Count", "Number of incidents.")];
    /// let sheet = Sheet { name: "wards".into(), title: "Wards".into(), columns, rows: vec![vec![Value::Whole(3)]] };
    /// assert_eq!(sheet.column("count"), Some(0));
    /// assert_eq!(sheet.column("share"), None);
    /// ```
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}
