//! Which collections there are: their names, fields and styles, known before any of them is made.

use super::{Collection, CollectionKind, areas, hex, hotspots, priorities};
use crate::{
    feature::{Field, GeometryKind},
    model::{BoundarySet, Layer, Priority},
    selection::incidents,
};

struct Listed<'a> {
    id: String,
    title: String,
    description: String,
    keywords: &'a [&'a str],
    kind: CollectionKind,
    fields: Vec<Field>,
    styles: &'static [&'static str],
}

impl Listed<'_> {
    fn collection(self) -> Collection {
        let geometry = match self.kind {
            CollectionKind::Incidents => GeometryKind::Point,
            _ => GeometryKind::MultiPolygon,
        };
        Collection {
            id: self.id,
            title: self.title,
            description: self.description,
            keywords: self.keywords.iter().map(|word| (*word).to_owned()).collect(),
            kind: self.kind,
            geometry,
            fields: self.fields,
            styles: self.styles,
        }
    }
}

/// The boundary layers, and the outline.
pub(super) fn of_boundaries(boundaries: &BoundarySet) -> Vec<Collection> {
    let area = &boundaries.name;
    let outline = Listed {
        id: "borough".to_owned(),
        title: area.clone(),
        description: format!("The outline of {area}, the study area of every analysis."),
        keywords: &["boundaries"],
        kind: CollectionKind::Borough,
        fields: areas::outline_fields(),
        styles: &["outline"],
    };
    let of_layer = |(_, layer): (usize, &Layer)| {
        Listed {
            id: format!("{}s", layer.id),
            title: layer.title.clone(),
            description: format!("The areas of the boundary layer {}, vintage: {}.", layer.id, layer.vintage),
            keywords: &["boundaries", layer.id.as_str()],
            kind: CollectionKind::Areas { layer: layer.id.to_string() },
            fields: areas::outline_fields(),
            styles: &["outline"],
        }
        .collection()
    };
    boundaries.in_force(None).into_iter().map(of_layer).chain([outline.collection()]).collect()
}

/// The incidents.
pub(super) fn of_incidents(boundaries: &BoundarySet) -> Collection {
    Listed {
        id: "incidents".to_owned(),
        title: "Incidents".to_owned(),
        description: "Every located incident that the store holds, at its recorded position.".to_owned(),
        keywords: &["incidents", "crime"],
        kind: CollectionKind::Incidents,
        fields: incidents::fields(boundaries),
        styles: &["incident", "category"],
    }
    .collection()
}

/// The priorities.
pub(super) fn of_priorities() -> Collection {
    Listed {
        id: "priorities".to_owned(),
        title: "Strategic priorities".to_owned(),
        description: "The strategic priorities, each with its hotspots as one area, and its numbers."
            .to_owned(),
        keywords: &["priorities", "hotspots"],
        kind: CollectionKind::Priorities,
        fields: priorities::fields(),
        styles: &["priority", "hotspot"],
    }
    .collection()
}

/// What there is for one priority.
pub(in crate::service) fn of_priority(priority: &Priority, boundaries: &BoundarySet) -> Vec<Collection> {
    let (id, title) = (priority.id.to_string(), &priority.title);
    let hotspots = Listed {
        id: format!("{id}-hotspots"),
        title: format!("{title}: hotspots"),
        description: format!("Where {title} concentrates: areas of high intensity with what they hold."),
        keywords: &[&id, "hotspots"],
        kind: CollectionKind::Hotspots { priority: id.clone() },
        fields: hotspots::hotspot_fields(boundaries),
        styles: &["hotspot", "rank"],
    };
    let density = Listed {
        id: format!("{id}-density"),
        title: format!("{title}: density"),
        description: format!(
            "Bands of the intensity of {title}, incidents per km², by exact kernel density."
        ),
        keywords: &[&id, "density"],
        kind: CollectionKind::Density { priority: id.clone() },
        fields: hotspots::density_fields(),
        styles: &["intensity", "intensity-viridis"],
    };
    let hex = Listed {
        id: format!("{id}-hex"),
        title: format!("{title}: hex cells"),
        description: format!("{title} counted in H3 cells, each tested with its neighbours."),
        keywords: &[&id, "hex"],
        kind: CollectionKind::Hex { priority: id.clone() },
        fields: hex::fields(),
        styles: &["significance", "count"],
    };
    let summary = |(_, layer): (usize, &Layer)| {
        Listed {
            id: format!("{id}-{}s", layer.id),
            title: format!("{title}: by {}", layer.id),
            description: format!("{title} counted in the areas of the boundary layer {}.", layer.id),
            keywords: &[&id, layer.id.as_str(), "summary"],
            kind: CollectionKind::Summary { priority: id.clone(), layer: layer.id.to_string() },
            fields: areas::summary_fields(),
            styles: if areas::has_residents(layer) {
                &["rate", "count", "change"]
            } else {
                &["count", "rate", "change"]
            },
        }
        .collection()
    };
    let first = [hotspots, density, hex].map(Listed::collection);
    first.into_iter().chain(boundaries.in_force(None).into_iter().map(summary)).collect()
}
