//! A layer on its way into a file.

use crate::feature::{Bounds, Features, Symbology};

use super::features::Written;

/// What of a layer is saved, and what a reader is told about it.
pub struct Layer<'a> {
    /// Its name in the file: `burglary-hex`.
    pub name: &'a str,
    /// Its name for people.
    pub title: &'a str,
    /// What it holds, and what has to be known about it.
    pub description: &'a str,
    /// The features.
    pub features: &'a dyn Features,
    /// The rows that are saved, in their order.
    pub rows: &'a [usize],
    /// Which fields, and in which system. Coordinates run east, then north, in every system.
    pub written: &'a Written,
    /// The ways to draw it, the usual one first, for files that can hold them.
    pub symbologies: &'a [Symbology],
}

impl Layer<'_> {
    /// The box around what is saved; `None` where nothing of it has a geometry.
    pub fn bounds(&self) -> Option<Bounds> {
        let plane = self.written.crs.plane();
        let boxes = self.rows.iter().filter_map(|row| self.features.shape(*row, plane)?.bounds());
        boxes.reduce(|all, one| all.joined(&one))
    }

    /// A name for a column that none of the fields that are saved has, in whatever case.
    pub fn free_name(&self, wish: &str) -> String {
        let mut name = wish.to_owned();
        let is_taken = |name: &str| {
            let fields = self.features.fields();
            self.written.fields.iter().any(|field| fields[*field].name.eq_ignore_ascii_case(name))
        };
        while is_taken(&name) {
            name.push('_');
        }
        name
    }
}
