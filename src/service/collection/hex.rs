//! H3 cells with a priority's counts.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::{Dataset, symbology};
use crate::{
    analysis::{hex::HexResolution, moran::Quadrant},
    feature::{Field, FieldKind, GeometryKind, Placed, Table, Value},
    model::{LonLat, LonLatShape},
    service::{QuestionError, Scope, Service, analysis::cells::Statistic},
    snapshot::Snapshot,
};

impl Service {
    pub(super) fn hex_layer(
        &self,
        scope: &Scope,
        resolution: Option<HexResolution>,
        statistic: Statistic,
        with_empty: bool,
        snapshot: &Snapshot,
    ) -> Result<Dataset, QuestionError> {
        let layer = self.hex(scope, resolution, statistic, snapshot)?;
        let mut table = Table::builder(GeometryKind::MultiPolygon, fields());
        for value in layer.cells().filter(|value| with_empty || value.count > 0) {
            let id = value.cell.index.to_string();
            table.push(
                id.clone(),
                Some(Placed::Area(ring(&value.cell.boundary))),
                [
                    Value::Text(id.into()),
                    i64::try_from(value.count).map_or(Value::Absent, Value::Whole),
                    Value::Number(value.weighted),
                    Value::Number(value.cell.whole.km2()),
                    Value::Number(value.cell.clipped.km2()),
                    Value::number(Some(value.per_km2)),
                    Value::number(value.local_i),
                    Value::text(value.quadrant.map(Quadrant::as_str)),
                    Value::number(value.z),
                    Value::number(value.p),
                    Value::number(value.p_adjusted),
                    Value::Whole(value.class.get().into()),
                ],
            );
        }
        let features = Box::new(table.finish());
        Ok(Dataset {
            symbologies: symbology::hex(features.as_ref()),
            features,
            notices: layer.about.notices.clone(),
            about: Some(layer.about),
            attribution: None,
        })
    }
}

fn ring(corners: &[LonLat]) -> LonLatShape {
    let ring: LineString =
        corners.iter().map(|corner| Coord { x: corner.lon_deg(), y: corner.lat_deg() }).collect();
    LonLatShape(MultiPolygon(vec![Polygon::new(ring, Vec::new())]))
}

pub(super) fn fields() -> Vec<Field> {
    vec![
        Field::new("hex_id", FieldKind::Text, "H3 cell", "The cell's index."),
        Field::new("count", FieldKind::Whole, "Incidents", "Incidents in the cell."),
        Field::new("weighted", FieldKind::Number, "Weighted", "The sum of their weights."),
        Field::new("area_km2", FieldKind::Number, "Area", "The cell's area on the national grid.")
            .in_unit("km2"),
        Field::new(
            "clipped_area_km2",
            FieldKind::Number,
            "Area inside",
            "The area of its part in the borough.",
        )
        .in_unit("km2"),
        Field::new("per_km2", FieldKind::Number, "Density", "Incidents per km² of the part in the borough.")
            .in_unit("1/km2"),
        Field::new("local_i", FieldKind::Number, "Local Moran's I", "Where it was asked for."),
        Field::new("quadrant", FieldKind::Text, "Quadrant", "The cell and its neighbours against the mean."),
        Field::new("z", FieldKind::Number, "z", "Standard deviations of the statistic from its expectation."),
        Field::new("p", FieldKind::Number, "p", "Its two-sided probability by chance."),
        Field::new(
            "p_adjusted",
            FieldKind::Number,
            "Adjusted p",
            "The same, adjusted for the number of cells.",
        ),
        Field::new(
            "class",
            FieldKind::Whole,
            "Class",
            "−3 cold to 3 hot: 90, 95 and 99 % by the adjusted p.",
        ),
    ]
}
