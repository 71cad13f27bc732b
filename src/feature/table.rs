//! Features that are held ready: computed once, drawn and paged many times.

use std::{borrow::Cow, collections::HashMap, sync::OnceLock};

use geo::{BoundingRect, Intersects};
use geo_types::{Coord, MultiPolygon};
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};

use super::{Bounds, Features, Field, GeometryKind, Plane, Shape, Value};
use crate::model::{LonLat, LonLatShape};

/// A geometry as it is put into a table, in degrees.
#[derive(Clone, Debug, PartialEq)]
pub enum Placed {
    /// A position.
    Point(LonLat),
    /// An area.
    Area(LonLatShape),
}

/// Features with their values in memory.
pub struct Table {
    fields: Vec<Field>,
    kind: GeometryKind,
    ids: Vec<String>,
    rows_by_id: HashMap<String, usize>,
    /// Row by row, one value for each field.
    values: Vec<Value<'static>>,
    degrees: Drawn,
    mercator: OnceLock<Drawn>,
    grid: OnceLock<Drawn>,
}

/// The geometries in one plane, with an index.
struct Drawn {
    shapes: Vec<Option<Shape<'static>>>,
    bounds: Option<Bounds>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
}

impl Table {
    /// A table without rows yet. Every geometry that is pushed has to be of `kind`.
    pub fn builder(kind: GeometryKind, fields: Vec<Field>) -> TableBuilder {
        TableBuilder { fields, kind, ids: Vec::new(), values: Vec::new(), shapes: Vec::new() }
    }

    fn drawn(&self, plane: Plane) -> &Drawn {
        let project =
            || Drawn::of(self.degrees.shapes.iter().map(|shape| shape.as_ref()?.projected(plane)).collect());
        match plane {
            Plane::Degrees => &self.degrees,
            Plane::Mercator => self.mercator.get_or_init(project),
            Plane::Grid => self.grid.get_or_init(project),
        }
    }
}

/// Takes the rows of a table.
pub struct TableBuilder {
    fields: Vec<Field>,
    kind: GeometryKind,
    ids: Vec<String>,
    values: Vec<Value<'static>>,
    shapes: Vec<Option<Shape<'static>>>,
}

impl TableBuilder {
    /// Adds a row. Values that are missing at its end are absent, and those beyond the fields are not taken.
    pub fn push(
        &mut self,
        id: impl Into<String>,
        placed: Option<Placed>,
        values: impl IntoIterator<Item = Value<'static>>,
    ) {
        self.ids.push(id.into());
        self.shapes.push(placed.map(|placed| match placed {
            Placed::Point(at) => Shape::Point(Coord { x: at.lon_deg(), y: at.lat_deg() }),
            Placed::Area(shape) => Shape::Polygons(Cow::Owned(shape.0)),
        }));
        self.values.extend(values.into_iter().take(self.fields.len()));
        self.values.resize(self.ids.len() * self.fields.len(), Value::Absent);
    }

    /// Ends the table.
    pub fn finish(self) -> Table {
        let rows_by_id = self.ids.iter().enumerate().map(|(row, id)| (id.clone(), row)).collect();
        Table {
            fields: self.fields,
            kind: self.kind,
            ids: self.ids,
            rows_by_id,
            values: self.values,
            degrees: Drawn::of(self.shapes),
            mercator: OnceLock::new(),
            grid: OnceLock::new(),
        }
    }
}

impl Drawn {
    fn of(shapes: Vec<Option<Shape<'static>>>) -> Self {
        let mut bounds: Option<Bounds> = None;
        let mut entries = Vec::with_capacity(shapes.len());
        for (row, shape) in (0_u32..).zip(&shapes) {
            let Some(own) = shape.as_ref().and_then(Shape::bounds) else { continue };
            bounds = Some(bounds.map_or(own, |all| all.joined(&own)));
            let corners = Rectangle::from_corners(corner(own.min()), corner(own.max()));
            entries.push(GeomWithData::new(corners, row));
        }
        Self { shapes, bounds, tree: RTree::bulk_load(entries) }
    }
}

fn corner(at: Coord) -> [f64; 2] {
    [at.x, at.y]
}

impl Shape<'_> {
    /// The box around it; `None` for an area without corners.
    pub fn bounds(&self) -> Option<Bounds> {
        match self {
            Self::Point(at) => Bounds::around([*at]),
            Self::Polygons(shape) => {
                shape.bounding_rect().and_then(|rect| Bounds::new(rect.min(), rect.max()).ok())
            }
        }
    }

    /// Whether it has a position in common with a box, edges included.
    pub fn meets(&self, window: &Bounds) -> bool {
        match self {
            Self::Point(at) => window.holds(*at),
            Self::Polygons(_) if self.bounds().is_some_and(|own| window.covers(&own)) => true,
            Self::Polygons(polygons) => polygons.intersects(&window.rect()),
        }
    }

    /// A shape of degrees in another plane; `None` where that does not reach it.
    fn projected(&self, plane: Plane) -> Option<Shape<'static>> {
        match self {
            Self::Point(at) => {
                LonLat::new(at.x, at.y).and_then(|at| plane.project(at)).ok().map(Shape::Point)
            }
            Self::Polygons(shape) => {
                plane.project_shape(shape).ok().map(|shape| Shape::Polygons(Cow::Owned(shape)))
            }
        }
    }

    fn corners(&self) -> usize {
        match self {
            Self::Point(_) => 0,
            Self::Polygons(shape) => corners(shape),
        }
    }
}

fn corners(shape: &MultiPolygon<f64>) -> usize {
    use geo::CoordsIter;
    shape.coords_count()
}

impl Features for Table {
    fn fields(&self) -> &[Field] {
        &self.fields
    }

    fn geometry_kind(&self) -> GeometryKind {
        self.kind
    }

    fn len(&self) -> usize {
        self.ids.len()
    }

    fn id(&self, row: usize) -> Cow<'_, str> {
        Cow::Borrowed(&self.ids[row])
    }

    fn row_of(&self, id: &str) -> Option<usize> {
        self.rows_by_id.get(id).copied()
    }

    fn value(&self, row: usize, field: usize) -> Value<'_> {
        match &self.values[row * self.fields.len() + field] {
            Value::Text(text) => Value::Text(Cow::Borrowed(text)),
            other => other.clone(),
        }
    }

    fn shape(&self, row: usize, plane: Plane) -> Option<Shape<'_>> {
        self.drawn(plane).shapes[row].as_ref().map(|shape| match shape {
            Shape::Point(at) => Shape::Point(*at),
            Shape::Polygons(polygons) => Shape::Polygons(Cow::Borrowed(polygons)),
        })
    }

    fn bounds(&self, plane: Plane) -> Option<Bounds> {
        self.drawn(plane).bounds
    }

    fn rows_meeting(&self, window: &Bounds, plane: Plane) -> Vec<u32> {
        let envelope = AABB::from_corners(corner(window.min()), corner(window.max()));
        let found = self.drawn(plane).tree.locate_in_envelope_intersecting(&envelope);
        let mut rows: Vec<u32> = found.map(|entry| entry.data).collect();
        rows.sort_unstable();
        rows
    }

    fn memory_bytes(&self) -> usize {
        let text = |value: &Value<'_>| if let Value::Text(text) = value { text.len() } else { 0 };
        let texts: usize = self.values.iter().map(text).sum();
        let ids: usize = self.ids.iter().map(|id| 2 * id.len() + 96).sum();
        let corners: usize = self.degrees.shapes.iter().flatten().map(Shape::corners).sum();
        // In each of three planes a corner, a shape's head and an entry of the tree.
        let drawn = Plane::ALL.len() * (corners * size_of::<Coord>() + self.ids.len() * 120);
        self.values.len() * size_of::<Value<'_>>() + texts + ids + drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::FieldKind;

    fn at(lon: f64, lat: f64) -> Placed {
        Placed::Point(LonLat::new(lon, lat).unwrap())
    }

    #[test]
    fn rows_are_found_by_id_and_by_place_in_every_plane() {
        let count = Field::new("count", FieldKind::Whole, "Count", "How many.");
        let mut table = Table::builder(GeometryKind::Point, vec![count]);
        table.push("west", Some(at(-2.2, 52.4)), [Value::Whole(3)]);
        table.push("nowhere", None, []);
        table.push("east", Some(at(-2.0, 52.6)), [Value::Whole(4), Value::Whole(5)]);
        let table = table.finish();
        assert_eq!(table.row_of("east"), Some(2));
        assert_eq!(table.value(1, 0), Value::Absent);
        assert_eq!(table.value(2, 0), Value::Whole(4));
        for plane in Plane::ALL {
            let all = table.bounds(plane).unwrap();
            assert_eq!(table.rows_meeting(&all, plane), [0, 2], "{plane:?}");
            let Some(Shape::Point(east)) = table.shape(2, plane) else { panic!("a point") };
            assert_eq!(table.rows_meeting(&Bounds::around([east]).unwrap(), plane), [2], "{plane:?}");
            assert!(table.shape(1, plane).is_none());
        }
    }
}
