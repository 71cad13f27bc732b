//! The maps of a report.

use geo_types::{LineString, MultiPolygon, Polygon};

use crate::{
    analysis::time::emerging::{Category, Kind, Side},
    crs,
    feature::{Colour, GeometryKind, Rule, Symbology, Test, Value},
    model::{Area, BoundarySet, GridShape, Layer, LonLat},
    render::{figure::Figure, plan::Plan},
    report::Layers,
    service::{
        analysis::{emerging::EmergingLayer, hotspots::RankedHotspot},
        assessment::{AssessedPriority, Assessment},
        collection::Dataset,
        profile::{AreaTable, Profile},
    },
};

/// Lines of areas that lie over colours.
const BORDER: Rule = line(Colour::opaque(90, 104, 117), 0.6);
/// Lines of hotspots; their insides let the colours below shine through.
const HOTSPOT: Rule = line(Colour::opaque(17, 24, 31), 1.6);

const fn line(colour: Colour, wide_px: f32) -> Rule {
    Rule {
        label: String::new(),
        test: Test::All,
        fill: None,
        stroke: Some(colour),
        stroke_px: wide_px,
        radius_px: 0.0,
    }
}

/// The plan of a borough with the borders of its first layer.
fn plan(figure: Figure, boundaries: &BoundarySet) -> Plan<'_> {
    Plan::of(figure, &boundaries.outline.grid)
}

fn first(boundaries: &BoundarySet) -> impl Iterator<Item = &Area> {
    boundaries.layers.iter().take(1).flat_map(|layer: &Layer| &layer.areas)
}

/// The plan with the borders and names of the first layer over what is there.
fn named<'a>(plan: Plan<'a>, boundaries: &'a BoundarySet) -> Plan<'a> {
    plan.borders(&BORDER, first(boundaries).map(|area| &area.grid))
        .names(first(boundaries).map(|area| (area.name.as_str(), &area.grid)))
}

fn licence(boundaries: &BoundarySet) -> &str {
    boundaries.layers.first().map_or("", |layer| layer.licence.as_str())
}

fn with<'a>(plan: Plan<'a>, dataset: &'a Dataset) -> Plan<'a> {
    match dataset.symbology(None) {
        Some(symbology) => plan.features(dataset.features.as_ref(), symbology),
        None => plan,
    }
}

fn hotspot_rule() -> Rule {
    Rule { label: "Hotspot, with its rank".to_owned(), ..HOTSPOT.clone() }
}

/// Density with the hotspots.
pub(in crate::report) fn hotspots(
    profile: &Profile<'_>,
    layers: &Layers,
    boundaries: &BoundarySet,
) -> String {
    let title = format!("{}: density and hotspots", profile.about.subject);
    let plan = with(plan(Figure::new("map-hotspots", &title), boundaries), &layers.density);
    ranked(named(plan, boundaries), &profile.hotspots.hotspots).attribution(licence(boundaries)).svg()
}

fn ranked<'a>(plan: Plan<'a>, hotspots: &'a [RankedHotspot<'_>]) -> Plan<'a> {
    plan.hotspots(&hotspot_rule(), hotspots.iter().map(|hotspot| &hotspot.grid_shape))
}

/// Hex cells by their significance.
pub(in crate::report) fn cells(profile: &Profile<'_>, layers: &Layers, boundaries: &BoundarySet) -> String {
    let title = format!("{}: significant hex cells", profile.about.subject);
    let plan = with(plan(Figure::new("map-cells", &title).wide(Figure::HALF), boundaries), &layers.cells);
    plan.borders(&BORDER, first(boundaries).map(|area| &area.grid)).svg()
}

/// The areas of a layer by rate, or by count where no rate is known.
pub(in crate::report) fn areas(
    table: &AreaTable<'_>,
    number: usize,
    layers: &Layers,
    boundaries: &BoundarySet,
) -> String {
    let figure = Figure::new(&format!("map-{}", table.layer.id), &table.layer.title).wide(Figure::HALF);
    let plan = plan(figure, boundaries);
    let plan = match layers.areas.get(number) {
        Some(dataset) => with(plan, dataset),
        None => plan,
    };
    plan.names(table.layer.areas.iter().map(|area| (area.name.as_str(), &area.grid))).svg()
}

/// Hot and cold spots by what has become of them.
pub(in crate::report) fn emerging(layer: &EmergingLayer<'_>, boundaries: &BoundarySet) -> String {
    let found: Vec<_> = layer
        .cells()
        .filter_map(|cell| Some((cell.pattern.category?, on_grid(&cell.cell.boundary)?)))
        .collect();
    let symbology = emerging_symbology(found.iter().map(|(category, _)| *category));
    let figure = Figure::new("map-emerging", "Emerging hot and cold spots").wide(Figure::HALF);
    let cells = found.iter().map(|(category, shape)| (shape, Value::Text(word(*category).into())));
    plan(figure, boundaries)
        .areas(&symbology, cells)
        .borders(&BORDER, first(boundaries).map(|area| &area.grid))
        .svg()
}

/// Cold spots are told as one: there are eight kinds of hot ones already.
fn word(category: Category) -> String {
    match category.side {
        Side::Hot => category.to_string(),
        Side::Cold => "Cold spot of any kind".to_owned(),
    }
}

/// Colours of the hot kinds, from the newest to the oldest, and that of cold ones.
const KINDS: [(Kind, Colour); 8] = [
    (Kind::New, Colour::opaque(106, 0, 31)),
    (Kind::Intensifying, Colour::opaque(165, 15, 21)),
    (Kind::Consecutive, Colour::opaque(217, 72, 1)),
    (Kind::Persistent, Colour::opaque(239, 130, 50)),
    (Kind::Sporadic, Colour::opaque(253, 190, 110)),
    (Kind::Oscillating, Colour::opaque(250, 215, 160)),
    (Kind::Diminishing, Colour::opaque(203, 186, 176)),
    (Kind::Historical, Colour::opaque(150, 138, 133)),
];
const COLD: Colour = Colour::opaque(120, 170, 210);

/// Rules for the categories that there are.
fn emerging_symbology(categories: impl Iterator<Item = Category>) -> Symbology {
    let found: std::collections::BTreeSet<Category> = categories.collect();
    let rule = |label: String, colour: Colour| Rule {
        test: Test::Text(label.clone()),
        label,
        fill: Some(colour),
        ..line(Colour::opaque(255, 255, 255), 0.4)
    };
    let hot = KINDS.iter().map(|(kind, colour)| (Category { kind: *kind, side: Side::Hot }, *colour));
    let mut rules: Vec<_> = hot
        .filter(|(category, _)| found.contains(category))
        .map(|(category, colour)| rule(word(category), colour))
        .collect();
    rules.extend(
        found.iter().find(|category| category.side == Side::Cold).map(|cold| rule(word(*cold), COLD)),
    );
    Symbology {
        id: "emerging".to_owned(),
        title: "Hot and cold spots".to_owned(),
        geometry: GeometryKind::MultiPolygon,
        field: None,
        class_rule: None,
        rules,
    }
}

/// A ring in degrees as a shape on the grid; `None` beyond it.
fn on_grid(ring: &[LonLat]) -> Option<GridShape> {
    let corners = ring.iter().map(|corner| {
        let grid = crs::osgb::to_grid(*corner).ok()?;
        Some((grid.easting_m(), grid.northing_m()))
    });
    let exterior = LineString::from(corners.collect::<Option<Vec<_>>>()?);
    Some(GridShape(MultiPolygon(vec![Polygon::new(exterior, Vec::new())])))
}

/// One priority of an assessment, small.
pub(in crate::report) fn of_priority(
    row: &AssessedPriority<'_>,
    density: &Dataset,
    boundaries: &BoundarySet,
) -> String {
    let figure = Figure::new(&format!("map-{}", row.priority.id), &row.priority.title).wide(Figure::HALF);
    let plan = with(plan(figure, boundaries), density);
    let plan = plan.borders(&BORDER, first(boundaries).map(|area| &area.grid));
    ranked(plan, &row.hotspots.hotspots).without_legend().svg()
}

/// Where the hotspots of several priorities meet.
pub(in crate::report) fn meetings(assessment: &Assessment<'_>, boundaries: &BoundarySet) -> String {
    let shapes: Vec<_> = assessment
        .meetings
        .iter()
        .map(|found| (found.meeting.depth, GridShape(MultiPolygon(vec![found.meeting.shape.clone()]))))
        .collect();
    let rule = |label: &str, low: f64, high: Option<f64>, colour: Colour| Rule {
        label: label.to_owned(),
        test: Test::Range(Some(low), high),
        fill: Some(colour),
        ..line(Colour::opaque(64, 16, 16), 0.8)
    };
    let all = [
        rule("Two priorities", 2.0, Some(3.0), Colour::opaque(253, 190, 110)),
        rule("Three", 3.0, Some(4.0), Colour::opaque(230, 100, 30)),
        rule("Four and more", 4.0, None, Colour::opaque(150, 15, 25)),
    ];
    let symbology = Symbology {
        id: "meetings".to_owned(),
        title: "Hotspots of".to_owned(),
        geometry: GeometryKind::MultiPolygon,
        field: None,
        class_rule: None,
        rules: all
            .into_iter()
            .filter(|rule| shapes.iter().any(|(depth, _)| rule.test.holds(&depth_of(*depth))))
            .collect(),
    };
    let plan = plan(Figure::new("map-meetings", "Where hotspots of several priorities meet"), boundaries)
        .areas(&symbology, shapes.iter().map(|(depth, shape)| (shape, depth_of(*depth))));
    named(plan, boundaries).attribution(licence(boundaries)).svg()
}

fn depth_of(depth: usize) -> Value<'static> {
    Value::Number(depth as f64)
}
