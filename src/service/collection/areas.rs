//! Boundary layers, plain and with a priority's counts.

use super::{Dataset, symbology};
use crate::{
    feature::{Field, FieldKind, GeometryKind, Placed, Table, Value},
    model::{Area, Layer, Per},
    service::{
        QuestionError, Scope, Service,
        summary::{Column, Measure},
    },
    snapshot::Snapshot,
};

const CODE: (&str, &str) = ("Code", "The area's code.");
const NAME: (&str, &str) = ("Name", "The area's name.");

fn named() -> Vec<Field> {
    vec![
        Field::new("code", FieldKind::Text, CODE.0, CODE.1),
        Field::new("name", FieldKind::Text, NAME.0, NAME.1),
    ]
}

fn area_km2() -> Field {
    Field::new("area_km2", FieldKind::Number, "Area", "Its area on the national grid.").in_unit("km2")
}

fn own(text: &str) -> Value<'static> {
    Value::Text(text.to_owned().into())
}

fn whole(number: Option<impl Into<i64>>) -> Value<'static> {
    number.map_or(Value::Absent, |number| Value::Whole(number.into()))
}

impl Service {
    /// The areas of a boundary layer.
    pub(super) fn areas(&self, layer: &Layer) -> Dataset {
        Dataset { attribution: Some(layer.licence.clone()), ..self.outlines(&layer.areas, layer.schematic) }
    }

    /// The outline.
    pub(super) fn borough(&self) -> Dataset {
        self.outlines(std::slice::from_ref(&self.boundaries.outline), self.boundaries.schematic)
    }

    fn outlines(&self, areas: &[Area], schematic: bool) -> Dataset {
        let mut table = Table::builder(GeometryKind::MultiPolygon, outline_fields());
        for area in areas {
            let newest = area.denominators.residents.last_key_value();
            table.push(
                area.code.to_string(),
                Some(Placed::Area(area.lonlat.clone())),
                [
                    own(&area.code.0),
                    own(&area.name),
                    Value::Number(area.area.km2()),
                    whole(newest.map(|(_, residents)| *residents)),
                    whole(newest.map(|(year, _)| *year)),
                    Value::Flag(schematic),
                ],
            );
        }
        Dataset {
            features: Box::new(table.finish()),
            symbologies: symbology::outlines(),
            about: None,
            notices: self.standing_notices(),
            attribution: None,
        }
    }

    /// A boundary layer with the counts of a scope.
    pub(super) fn summary_layer(
        &self,
        layer: &str,
        scope: &Scope,
        snapshot: &Snapshot,
    ) -> Result<Dataset, QuestionError> {
        let summary = self.summary(layer, scope, snapshot)?;
        let layer = summary.layer;
        let mut table = Table::builder(GeometryKind::MultiPolygon, summary_fields());
        for (area, row) in layer.areas.iter().zip(summary.each()) {
            let values: Vec<_> = summary_columns().map(|column| column.value(row)).collect();
            table.push(area.code.to_string(), Some(Placed::Area(area.lonlat.clone())), values);
        }
        let features = Box::new(table.finish());
        Ok(Dataset {
            symbologies: symbology::summary(features.as_ref(), has_residents(layer)),
            features,
            notices: summary.about.notices.clone(),
            about: Some(summary.about),
            attribution: Some(layer.licence.clone()),
        })
    }
}

/// Whether the residents of any area are known, so that there are rates.
pub(super) fn has_residents(layer: &Layer) -> bool {
    layer.areas.iter().any(|area| !area.denominators.residents.is_empty())
}

pub(super) fn outline_fields() -> Vec<Field> {
    let mut fields = named();
    fields.extend([
        area_km2(),
        Field::new("residents", FieldKind::Whole, "Residents", "Usual residents in the newest year known."),
        Field::new("residents_year", FieldKind::Whole, "Year", "The year of the number of residents."),
        Field::new("schematic", FieldKind::Flag, "Schematic", "Whether the shape is drawn, not surveyed."),
    ]);
    fields
}

/// The columns of a summary that a layer has: those that are told by default, and the period.
fn summary_columns() -> impl Iterator<Item = &'static Column> {
    let is_told = |column: &&Column| column.measure != Measure::Label || column.name == "period";
    Column::chosen(true, &[], Per::Residents).into_iter().filter(is_told)
}

pub(super) fn summary_fields() -> Vec<Field> {
    summary_columns().map(|column| column.field(Per::Residents)).collect()
}
