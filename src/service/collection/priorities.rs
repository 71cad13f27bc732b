//! The priorities, each shown by its hotspots.

use geo_types::MultiPolygon;

use super::{Dataset, symbology};
use crate::{
    feature::{Field, FieldKind, GeometryKind, Placed, Table, Value},
    model::LonLatShape,
    service::{QuestionError, Scope, Service, analysis::hotspots::HotspotParameters},
    snapshot::Snapshot,
};

impl Service {
    /// A row for each priority; its geometry is all its hotspots together, none where it has no hotspot.
    pub(super) fn priority_layer(
        &self,
        scope: &Scope,
        parameters: &HotspotParameters,
        snapshot: &Snapshot,
    ) -> Result<Dataset, QuestionError> {
        let mut table = Table::builder(GeometryKind::MultiPolygon, fields());
        let mut notices = self.standing_notices();
        notices.extend(self.synthetic_notice());
        for prepared in self.priorities() {
            let priority = &prepared.priority;
            let scope = Scope { priority: Some(priority.id.to_string()), ..scope.clone() };
            let layer = self.hotspots(&scope, parameters, snapshot)?;
            let parts: Vec<_> = layer.hotspots.iter().flat_map(|hotspot| hotspot.shape.0.0.clone()).collect();
            let shape = (!parts.is_empty()).then_some(Placed::Area(LonLatShape(MultiPolygon(parts))));
            let categories: Vec<_> = priority.categories.iter().map(ToString::to_string).collect();
            let share = layer.together.share_of(&layer.whole);
            let whole = |number: u64| i64::try_from(number).map_or(Value::Absent, Value::Whole);
            table.push(
                priority.id.to_string(),
                shape,
                [
                    Value::Text(priority.id.to_string().into()),
                    Value::Text(priority.title.clone().into()),
                    Value::Text(priority.description.clone().into()),
                    Value::Text(categories.join("; ").into()),
                    Value::Text(layer.about.card.period.to_string().into()),
                    whole(layer.whole.count),
                    whole(layer.hotspots.len() as u64),
                    whole(layer.together.count),
                    Value::Number(layer.together.area.km2()),
                    Value::number(share.count),
                    Value::number(share.area),
                    Value::number(share.pai()),
                ],
            );
        }
        let named = self.priorities().iter().map(|prepared| {
            let priority = &prepared.priority;
            (priority.id.as_str(), priority.title.as_str())
        });
        Ok(Dataset {
            features: Box::new(table.finish()),
            symbologies: symbology::priorities(named),
            about: None,
            notices,
            attribution: None,
        })
    }
}

pub(super) fn fields() -> Vec<Field> {
    vec![
        Field::new("priority", FieldKind::Text, "Priority", "The priority's id."),
        Field::new("title", FieldKind::Text, "Title", "What it is called."),
        Field::new("description", FieldKind::Text, "Description", "What belongs to it."),
        Field::new(
            "categories",
            FieldKind::Text,
            "Categories",
            "The categories it takes in; none for every one.",
        ),
        Field::new("period", FieldKind::Text, "Period", "The period of the incidents."),
        Field::new("count", FieldKind::Whole, "Incidents", "Incidents of the priority in the borough."),
        Field::new("hotspots", FieldKind::Whole, "Hotspots", "How many hotspots it has."),
        Field::new("hotspot_count", FieldKind::Whole, "In hotspots", "Incidents in them."),
        Field::new("hotspot_area_km2", FieldKind::Number, "Area of hotspots", "Their area together.")
            .in_unit("km2"),
        Field::new(
            "count_share",
            FieldKind::Number,
            "Share of incidents",
            "Share of its incidents in them, 0 to 1.",
        ),
        Field::new(
            "area_share",
            FieldKind::Number,
            "Share of area",
            "Share of the borough that they are, 0 to 1.",
        ),
        Field::new("pai", FieldKind::Number, "PAI", "Share of incidents over share of area."),
    ]
}
