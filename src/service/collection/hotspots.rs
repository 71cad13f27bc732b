//! Bands of intensity, and the hotspots.

use super::{Dataset, symbology};
use crate::{
    analysis::density::Form,
    feature::{Field, FieldKind, GeometryKind, Placed, Table, Value},
    model::BoundarySet,
    service::{
        QuestionError, Scope, Service,
        analysis::{
            density::{DensityBand, DensityParameters},
            hotspots::{HotspotParameters, RankedHotspot},
        },
    },
    snapshot::Snapshot,
};

/// The id of a hotspot: where its peak is.
pub(super) fn hotspot_id(hotspot: &RankedHotspot<'_>) -> String {
    format!("hotspot-{:.0}-{:.0}", hotspot.peak.easting_m(), hotspot.peak.northing_m())
}

impl DensityBand {
    /// What it says in a legend.
    pub fn label(&self) -> String {
        use symbology::shown;
        match self.upper {
            Some(upper) => format!("{} to {} per km²", shown(self.lower), shown(upper)),
            None => format!("over {} per km²", shown(self.lower)),
        }
    }
}

impl Service {
    pub(super) fn density_layer(
        &self,
        scope: &Scope,
        parameters: &DensityParameters,
        snapshot: &Snapshot,
    ) -> Result<Dataset, QuestionError> {
        let density = self.density(scope, parameters, Form::Intensity, snapshot)?;
        let bands = density.bands();
        let mut table = Table::builder(GeometryKind::MultiPolygon, density_fields());
        let period = density.about.card.period.to_string();
        for band in &bands {
            table.push(
                format!("band-{}", band.class),
                Some(Placed::Area(band.shape.clone())),
                [
                    i64::try_from(band.class).map_or(Value::Absent, Value::Whole),
                    Value::Text(band.rule.clone().into()),
                    Value::Text(band.label().into()),
                    Value::Number(band.lower),
                    Value::number(band.upper),
                    Value::Number(band.area.km2()),
                    Value::Text(period.clone().into()),
                ],
            );
        }
        Ok(Dataset {
            symbologies: symbology::density(&bands, &parameters.classes),
            features: Box::new(table.finish()),
            notices: density.about.notices.clone(),
            about: Some(density.about),
            attribution: None,
        })
    }

    pub(super) fn hotspot_layer(
        &self,
        scope: &Scope,
        parameters: &HotspotParameters,
        snapshot: &Snapshot,
    ) -> Result<Dataset, QuestionError> {
        let layer = self.hotspots(scope, parameters, snapshot)?;
        let fields = hotspot_fields(&self.boundaries);
        let mut table = Table::builder(GeometryKind::MultiPolygon, fields);
        let period = layer.about.card.period.to_string();
        for hotspot in &layer.hotspots {
            let streets: Vec<&str> = hotspot.streets.iter().map(|street| street.name.as_str()).collect();
            let whole = |number: usize| i64::try_from(number).map_or(Value::Absent, Value::Whole);
            let mut values = vec![
                whole(hotspot.rank),
                i64::try_from(hotspot.held.count).map_or(Value::Absent, Value::Whole),
                Value::Number(hotspot.held.weighted),
                Value::Number(hotspot.held.area.km2()),
                Value::number(Some(hotspot.held.count as f64 / hotspot.held.area.km2())),
                Value::number(hotspot.share.area),
                Value::number(hotspot.share.count),
                Value::number(hotspot.share.pai()),
                Value::Number(hotspot.peak_per_km2),
                Value::Number(hotspot.peak.easting_m()),
                Value::Number(hotspot.peak.northing_m()),
                Value::number(hotspot.stability.map(|(found, _)| found)),
                Value::Text(streets.join("; ").into()),
                Value::Text(period.clone().into()),
            ];
            values.extend(hotspot.areas.iter().map(|(_, areas)| {
                areas.first().map_or(Value::Absent, |(area, _)| Value::Text(area.name.clone().into()))
            }));
            table.push(hotspot_id(hotspot), Some(Placed::Area(hotspot.shape.clone())), values);
        }
        let features = Box::new(table.finish());
        Ok(Dataset {
            symbologies: symbology::hotspots(features.as_ref()),
            features,
            notices: layer.about.notices.clone(),
            about: Some(layer.about),
            attribution: None,
        })
    }
}

pub(super) fn density_fields() -> Vec<Field> {
    vec![
        Field::new("class", FieldKind::Whole, "Class", "Number of the class, from 1, the coolest."),
        Field::new("rule", FieldKind::Text, "Rule", "What the class is."),
        Field::new("label", FieldKind::Text, "Label", "The band's limits in words."),
        Field::new("lower_per_km2", FieldKind::Number, "From", "Least intensity.").in_unit("1/km2"),
        Field::new(
            "upper_per_km2",
            FieldKind::Number,
            "To",
            "Greatest intensity; none for the hottest band.",
        )
        .in_unit("1/km2"),
        Field::new("area_km2", FieldKind::Number, "Area", "Its area on the national grid.").in_unit("km2"),
        Field::new("period", FieldKind::Text, "Period", "The period of the incidents."),
    ]
}

pub(super) fn hotspot_fields(boundaries: &BoundarySet) -> Vec<Field> {
    let mut fields = vec![
        Field::new("rank", FieldKind::Whole, "Rank", "Rank by weighted count, 1 the first."),
        Field::new("count", FieldKind::Whole, "Incidents", "Incidents in the hotspot."),
        Field::new("weighted", FieldKind::Number, "Weighted", "The sum of their weights."),
        Field::new("area_km2", FieldKind::Number, "Area", "Its area on the national grid.").in_unit("km2"),
        Field::new("per_km2", FieldKind::Number, "Density", "Incidents per km².").in_unit("1/km2"),
        Field::new("area_share", FieldKind::Number, "Share of area", "Share of the study area, 0 to 1."),
        Field::new("count_share", FieldKind::Number, "Share of incidents", "Share of all incidents, 0 to 1."),
        Field::new("pai", FieldKind::Number, "PAI", "Share of incidents over share of area."),
        Field::new("peak_per_km2", FieldKind::Number, "Peak", "The highest intensity.").in_unit("1/km2"),
        Field::new("peak_easting_m", FieldKind::Number, "Easting", "Where that is on the national grid.")
            .in_unit("m"),
        Field::new("peak_northing_m", FieldKind::Number, "Northing", "Where that is on the national grid.")
            .in_unit("m"),
        Field::new(
            "found_share",
            FieldKind::Number,
            "Found",
            "Share of resamples that find it, where they were drawn.",
        ),
        Field::new("streets", FieldKind::Text, "Streets", "Its commonest streets."),
        Field::new("period", FieldKind::Text, "Period", "The period of the incidents."),
    ];
    fields.extend(boundaries.ids().into_iter().map(|layer| {
        Field::new(layer, FieldKind::Text, "Area", "The area of that layer with most of its ground.")
    }));
    fields
}
