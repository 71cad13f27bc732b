//! What a layer is to those who draw, filter, page or save it: rows, each with an id, a geometry and typed
//! fields.
//!
//! Every layer that clients are given, whatever it was made from, is a [`Features`]. Filters
//! ([`crate::filter`]) and encodings ([`crate::render`]) are written once, against it.

mod bounds;
mod field;
mod plane;
mod reference;
mod symbology;
mod table;
mod tile;

use std::borrow::Cow;

pub use bounds::Bounds;
pub use field::{Field, FieldKind, Value};
use geo_types::{Coord, MultiPolygon};
pub use plane::Plane;
pub use reference::Crs;
pub use symbology::{Colour, Rule, Symbology, Test};
pub use table::{Placed, Table, TableBuilder};
pub use tile::TileId;

/// The one geometry type of a layer: clients take a layer's type from its first feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeometryKind {
    /// One position each.
    Point,
    /// Areas, of one part or several.
    MultiPolygon,
}

/// The geometry of one feature in one plane.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape<'a> {
    /// A position.
    Point(Coord),
    /// An area.
    Polygons(Cow<'a, MultiPolygon<f64>>),
}

/// Rows of a layer, numbered from 0, in an order that depends on their content alone.
///
/// Methods that take a row or a field panic, as a slice does, for a number that is not one of theirs.
pub trait Features: Send + Sync {
    /// The fields of every row, in their order.
    fn fields(&self) -> &[Field];

    /// The type of every geometry.
    fn geometry_kind(&self) -> GeometryKind;

    /// Number of rows.
    fn len(&self) -> usize;

    /// Whether there is no row.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id of a row: unique in its layer, and the same in every later generation that has the feature.
    fn id(&self, row: usize) -> Cow<'_, str>;

    /// The row with an id.
    fn row_of(&self, id: &str) -> Option<usize>;

    /// The value of a field in a row.
    fn value(&self, row: usize, field: usize) -> Value<'_>;

    /// The geometry of a row, `None` where it has none.
    fn shape(&self, row: usize, plane: Plane) -> Option<Shape<'_>>;

    /// The box around all geometries, `None` where there is none.
    fn bounds(&self, plane: Plane) -> Option<Bounds>;

    /// The rows whose geometry's box meets a box, edges included, ascending.
    fn rows_meeting(&self, window: &Bounds, plane: Plane) -> Vec<u32>;

    /// When a row happened: its first second and the one after its last, Unix time. `None` where rows have
    /// no time.
    fn time(&self, _row: usize) -> Option<(i64, i64)> {
        None
    }

    /// Bytes on the heap that these features hold alone.
    fn memory_bytes(&self) -> usize;

    /// The number of the field with a name.
    fn field(&self, name: &str) -> Option<usize> {
        self.fields().iter().position(|field| field.name == name)
    }
}
