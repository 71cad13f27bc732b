//! How each kind of layer is drawn. Class limits are those of the analysis; colours are those of [`ramp`].

mod breaks;
mod ramp;

use colorous::{BLUES, Gradient, VIRIDIS, YELLOW_ORANGE_RED};

pub(super) use self::breaks::shown;
use self::{
    breaks::Class,
    ramp::{distinct, diverging, shade},
};
use crate::{
    analysis::classes::Classification,
    feature::{Colour, Features, FieldKind, GeometryKind, Rule, Symbology, Test, Value},
    service::analysis::density::DensityBand,
};

/// Lines around areas and points.
const LINE: Colour = Colour::opaque(77, 77, 77);
const WHITE: Colour = Colour::opaque(255, 255, 255);
const RED: Colour = Colour::opaque(189, 0, 38);
/// Where a value is absent.
const NO_VALUE: Colour = Colour::opaque(189, 189, 189).with_alpha(130);
/// Where there is nothing, or nothing out of the ordinary: the map below stays readable.
const FAINT: u8 = 60;

fn rule(label: impl Into<String>, test: Test, fill: Colour) -> Rule {
    Rule { label: label.into(), test, fill: Some(fill), stroke: None, stroke_px: 0.0, radius_px: 0.0 }
}

fn lined(rule: Rule, colour: Colour, width_px: f32) -> Rule {
    Rule { stroke: Some(colour), stroke_px: width_px, ..rule }
}

/// What a style shows, for people.
pub(super) fn title(id: &str) -> &'static str {
    match id {
        "outline" => "Boundaries",
        "incident" => "Incidents",
        "category" => "Incidents by category",
        "priority" => "Hotspots by priority",
        "hotspot" => "Hotspots",
        "rank" => "Hotspots by rank",
        "intensity" => "Incidents per km²",
        "intensity-viridis" => "Incidents per km², viridis",
        "significance" => "Hot and cold spots",
        "rate" => "Incidents per 1,000 residents",
        "count" => "Number of incidents",
        "change" => "Change in percent",
        _ => "",
    }
}

fn areas(id: &str, field: Option<&str>, rules: Vec<Rule>) -> Symbology {
    Symbology {
        id: id.to_owned(),
        title: title(id).to_owned(),
        geometry: GeometryKind::MultiPolygon,
        field: field.map(str::to_owned),
        class_rule: None,
        rules,
    }
}

/// Areas by their borders.
pub(super) fn outlines() -> Vec<Symbology> {
    let boundary = lined(rule("Boundary", Test::All, WHITE.with_alpha(40)), LINE, 1.2);
    vec![areas("outline", None, vec![boundary])]
}

/// Hotspots by their borders.
fn borders() -> Symbology {
    let hot = lined(rule("Hotspot", Test::All, RED.with_alpha(90)), RED, 2.0);
    areas("hotspot", None, vec![hot])
}

/// Hotspots alike, and by their rank.
pub(super) fn hotspots(features: &dyn Features) -> Vec<Symbology> {
    let ranks = [("First", 1.0, Some(2.0)), ("Second and third", 2.0, Some(4.0)), ("Further", 4.0, None)];
    let rules = ranks.iter().enumerate().map(|(step, (label, from, below))| {
        let colour = shade(YELLOW_ORANGE_RED, ranks.len() - 1 - step, ranks.len());
        lined(rule(*label, Test::Range(Some(*from), *below), colour), RED, 1.2)
    });
    let rules = rules.filter(|rule| holds_something(features, "rank", &rule.test)).collect();
    let by_rank = Symbology {
        class_rule: Some("Rank by weighted count".to_owned()),
        ..areas("rank", Some("rank"), rules)
    };
    vec![borders(), by_rank]
}

/// Priorities, each in a colour of its own, and alike.
pub(super) fn priorities<'a>(titles: impl ExactSizeIterator<Item = (&'a str, &'a str)>) -> Vec<Symbology> {
    let all = titles.len();
    let rules = titles.enumerate().map(|(step, (id, title))| {
        let colour = distinct(step, all);
        lined(rule(title, Test::Text(id.to_owned()), colour.with_alpha(110)), colour, 1.6)
    });
    vec![areas("priority", Some("priority"), rules.collect()), borders()]
}

/// Bands by their class.
pub(super) fn density(bands: &[DensityBand], classes: &Classification) -> Vec<Symbology> {
    let most = classes.classes();
    let drawn = |id: &str, ramp: Gradient| {
        let rules = bands.iter().rev().map(|band| {
            let class = band.class as f64;
            let test = Test::Range(Some(class), Some(class + 1.0));
            let label = format!("{} ({})", band.label(), band.rule);
            rule(label, test, shade(ramp, band.class.saturating_sub(1), most))
        });
        Symbology { class_rule: Some(classes.rule()), ..areas(id, Some("class"), rules.collect()) }
    };
    vec![drawn("intensity", YELLOW_ORANGE_RED), drawn("intensity-viridis", VIRIDIS)]
}

/// Hex cells by significance, and by count.
pub(super) fn hex(features: &dyn Features) -> Vec<Symbology> {
    const WORDS: [&str; 7] = [
        "Cold spot, 99 %",
        "Cold spot, 95 %",
        "Cold spot, 90 %",
        "Not significant",
        "Hot spot, 90 %",
        "Hot spot, 95 %",
        "Hot spot, 99 %",
    ];
    let line = LINE.with_alpha(50);
    let rules = WORDS.iter().enumerate().rev().map(|(step, label)| {
        let class = step as f64 - 3.0;
        let test = Test::Range(Some(class), Some(class + 1.0));
        let colour = diverging(step);
        let colour = if step == 3 { colour.with_alpha(FAINT) } else { colour };
        lined(rule(*label, test, colour), line, 0.5)
    });
    let significance = Symbology {
        class_rule: Some("Probability of the statistic, adjusted for the number of cells".into()),
        ..areas("significance", Some("class"), rules.collect())
    };
    vec![significance, choropleth(features, &Shown::new("count", "count", "cells", BLUES), line)]
}

/// Areas by rate, count and change; by count first where the residents of no area are known.
pub(super) fn summary(features: &dyn Features, with_residents: bool) -> Vec<Symbology> {
    let rate = Shown::new("rate", "rate_per_1000", "areas", YELLOW_ORANGE_RED);
    let count = Shown::new("count", "count", "areas", YELLOW_ORANGE_RED);
    let mut all =
        vec![choropleth(features, &rate, LINE), choropleth(features, &count, LINE), change(features)];
    if !with_residents {
        all.swap(0, 1);
    }
    all
}

/// A field that areas are coloured by.
struct Shown {
    id: &'static str,
    field: &'static str,
    /// What the layer's areas are called.
    things: &'static str,
    ramp: Gradient,
}

impl Shown {
    const fn new(id: &'static str, field: &'static str, things: &'static str, ramp: Gradient) -> Self {
        Self { id, field, things, ramp }
    }
}

/// Areas in classes of a field's values. A class of no incidents is faint, and no class is empty.
fn choropleth(features: &dyn Features, shown: &Shown, line: Colour) -> Symbology {
    let kind = features.field(shown.field).map(|field| features.fields()[field].kind);
    let classes = breaks::classes(&breaks::sorted(features, shown.field), kind == Some(FieldKind::Whole));
    let coloured = classes.iter().filter(|class| !class.is_nothing).count();
    let nothings = classes.len() - coloured;
    let mut rules: Vec<Rule> = Vec::with_capacity(classes.len() + 1);
    for (step, class) in classes.into_iter().enumerate().rev() {
        let Class { from, below, label, is_nothing } = class;
        let colour = if is_nothing {
            WHITE.with_alpha(FAINT)
        } else {
            shade(shown.ramp, step.saturating_sub(nothings), coloured)
        };
        rules.push(lined(rule(label, Test::Range(from, below), colour), line, 0.6));
    }
    rules.extend(no_value(features, shown.field, "No value"));
    let class_rule = format!("Classes with about as many {} each, limits rounded", shown.things);
    Symbology { class_rule: Some(class_rule), ..areas(shown.id, Some(shown.field), rules) }
}

/// Areas by change in percent, in steps that are the same for every layer and period.
fn change(features: &dyn Features) -> Symbology {
    const FIELD: &str = "change_percent";
    const STEPS: [f64; 6] = [-50.0, -20.0, -5.0, 5.0, 20.0, 50.0];
    const WORDS: [&str; 7] = [
        "More than 50 % less",
        "20 to 50 % less",
        "5 to 20 % less",
        "About the same (within 5 %)",
        "5 to 20 % more",
        "20 to 50 % more",
        "50 % more, or higher",
    ];
    let mut rules: Vec<Rule> = (0..WORDS.len())
        .rev()
        .map(|step| {
            let test = Test::Range(step.checked_sub(1).map(|below| STEPS[below]), STEPS.get(step).copied());
            lined(rule(WORDS[step], test, diverging(step)), LINE, 0.6)
        })
        .collect();
    rules.extend(no_value(features, FIELD, "No change is given"));
    let class_rule = "Change against the comparison period, in fixed steps".to_owned();
    Symbology { class_rule: Some(class_rule), ..areas("change", Some(FIELD), rules) }
}

/// A rule for areas without a value, where there are any.
fn no_value(features: &dyn Features, field: &str, label: &str) -> Option<Rule> {
    holds_something(features, field, &Test::Absent)
        .then(|| lined(rule(label, Test::Absent, NO_VALUE), LINE, 0.6))
}

fn holds_something(features: &dyn Features, field: &str, test: &Test) -> bool {
    let value = |row: usize| features.field(field).map_or(Value::Absent, |field| features.value(row, field));
    (0..features.len()).any(|row| test.holds(&value(row)))
}

/// Incidents alike, and by category.
pub(super) fn incidents(categories: &[String]) -> Vec<Symbology> {
    let point = |label: &str, test, colour: Colour| Rule {
        radius_px: 4.0,
        ..lined(rule(label, test, colour), WHITE, 0.8)
    };
    let points = |id: &str, field: Option<&str>, rules| Symbology {
        geometry: GeometryKind::Point,
        ..areas(id, field, rules)
    };
    let one = point("Incident", Test::All, Colour::opaque(33, 102, 172).with_alpha(200));
    let by_category = categories.iter().enumerate().map(|(step, category)| {
        point(category, Test::Text(category.clone()), distinct(step, categories.len()))
    });
    vec![points("incident", None, vec![one]), points("category", Some("category"), by_category.collect())]
}
