//! Incidents as features: a view of the snapshot, which holds them already.

use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

use geo_types::Coord;

use super::{Dataset, symbology};
use crate::{
    crs::mercator,
    feature::{Bounds, Features, Field, GeometryKind, Plane, Shape, Value},
    model::GridPoint,
    selection::incidents::{self, AreaCodes},
    service::Service,
    snapshot::Snapshot,
};

/// The located incidents of a snapshot; a row here is the same row there.
struct IncidentFeatures {
    snapshot: Arc<Snapshot>,
    fields: Vec<Field>,
    areas: AreaCodes,
    /// The store's row ids with their rows, by row id.
    by_id: OnceLock<Vec<(i64, u32)>>,
    bounds: [OnceLock<Option<Bounds>>; 3],
}

impl Service {
    /// Every located incident.
    pub(super) fn incidents(&self, snapshot: &Arc<Snapshot>) -> Dataset {
        let features = IncidentFeatures {
            snapshot: Arc::clone(snapshot),
            fields: incidents::fields(&self.boundaries),
            areas: incidents::area_codes(&self.boundaries),
            by_id: OnceLock::new(),
            bounds: Default::default(),
        };
        let mut notices = self.standing_notices();
        notices.extend(self.synthetic_notice());
        Dataset {
            features: Box::new(features),
            symbologies: symbology::incidents(snapshot.categories()),
            about: None,
            notices,
            attribution: None,
        }
    }
}

impl IncidentFeatures {
    fn at(&self, place: u32, plane: Plane) -> Option<Coord> {
        let places = self.snapshot.places();
        match plane {
            Plane::Degrees => {
                let at = places.lonlat(place);
                Some(Coord { x: at.lon_deg(), y: at.lat_deg() })
            }
            Plane::Grid => Some(places.grid(place).coord()),
            Plane::Mercator => mercator::from_lonlat(places.lonlat(place)).ok(),
        }
    }
}

impl Features for IncidentFeatures {
    fn fields(&self) -> &[Field] {
        &self.fields
    }

    fn geometry_kind(&self) -> GeometryKind {
        GeometryKind::Point
    }

    fn len(&self) -> usize {
        self.snapshot.unlocated_rows().start
    }

    fn id(&self, row: usize) -> Cow<'_, str> {
        Cow::Owned(self.snapshot.row_id(row).to_string())
    }

    fn row_of(&self, id: &str) -> Option<usize> {
        let id: i64 = id.parse().ok()?;
        let by_id = self.by_id.get_or_init(|| {
            let mut rows: Vec<(i64, u32)> =
                (0_u32..).take(self.len()).map(|row| (self.snapshot.row_id(row as usize), row)).collect();
            rows.sort_unstable();
            rows
        });
        by_id.binary_search_by_key(&id, |(known, _)| *known).ok().map(|at| by_id[at].1 as usize)
    }

    fn value(&self, row: usize, field: usize) -> Value<'_> {
        incidents::value(&self.snapshot, &self.areas, row, field)
    }

    fn shape(&self, row: usize, plane: Plane) -> Option<Shape<'_>> {
        self.at(self.snapshot.place(row)?, plane).map(Shape::Point)
    }

    fn bounds(&self, plane: Plane) -> Option<Bounds> {
        let at = Plane::ALL.iter().position(|known| *known == plane)?;
        *self.bounds[at].get_or_init(|| {
            Bounds::around(self.snapshot.places().ids().filter_map(|place| self.at(place, plane)))
        })
    }

    fn rows_meeting(&self, window: &Bounds, plane: Plane) -> Vec<u32> {
        // The index is on the grid; what it finds in the box around the window is asked again.
        let Some(on_grid) = self.bounds(plane).and_then(|all| {
            let part = Bounds::new(
                Coord { x: window.min().x.max(all.min().x), y: window.min().y.max(all.min().y) },
                Coord { x: window.max().x.min(all.max().x), y: window.max().y.min(all.max().y) },
            );
            plane.bounds_in(&part.ok()?, Plane::Grid)
        }) else {
            return Vec::new();
        };
        // Between its samples a side bends by less than a metre in a borough.
        let on_grid = on_grid.widened(2.0);
        let corner = |at: Coord| {
            GridPoint::new(
                at.x.clamp(0.0, GridPoint::MAX_EASTING_M),
                at.y.clamp(0.0, GridPoint::MAX_NORTHING_M),
            )
        };
        let (Ok(min), Ok(max)) = (corner(on_grid.min()), corner(on_grid.max())) else { return Vec::new() };
        let places = self.snapshot.within_box(min, max).into_iter();
        let inside = places.filter(|place| self.at(*place, plane).is_some_and(|at| window.holds(at)));
        let rows = inside.flat_map(|place| self.snapshot.places().rows_at(place));
        rows.filter_map(|row| u32::try_from(row).ok()).collect()
    }

    fn time(&self, row: usize) -> Option<(i64, i64)> {
        let occurred = self.snapshot.occurred(row);
        Some((occurred.start_s(), occurred.end_s()))
    }

    fn memory_bytes(&self) -> usize {
        // The snapshot is not held by this alone; the index by id is.
        12 * self.len()
    }
}
