//! How each kind of layer is drawn. Class limits are those of the analysis; colours are ramps of `ColorBrewer`
//! and viridis that readers with red-green blindness can tell apart.

use colorous::{BLUES, Gradient, RED_BLUE, VIRIDIS, YELLOW_ORANGE_RED};

use crate::{
    analysis::{classes::Classification, order},
    feature::{Colour, Features, GeometryKind, Rule, Symbology, Test},
    service::analysis::density::DensityBand,
};

/// Lines around areas and points.
const LINE: Colour = Colour::opaque(77, 77, 77);
/// Where a value is absent.
const NO_VALUE: Colour = Colour::opaque(217, 217, 217).with_alpha(160);
/// Areas let the map below show through.
const SEE_THROUGH: u8 = 190;
/// Classes of an area map.
const CLASSES: usize = 5;

fn rule(label: impl Into<String>, test: Test, fill: Option<Colour>) -> Rule {
    Rule { label: label.into(), test, fill, stroke: None, stroke_px: 0.0, radius_px: 0.0 }
}

fn lined(rule: Rule, colour: Colour, width_px: f32) -> Rule {
    Rule { stroke: Some(colour), stroke_px: width_px, ..rule }
}

/// Colour `step` of `steps` on a ramp, away from its palest end.
fn shade(ramp: Gradient, step: usize, steps: usize) -> Colour {
    let colour = ramp.eval_rational(step + 1, steps + 1);
    Colour::opaque(colour.r, colour.g, colour.b).with_alpha(SEE_THROUGH)
}

fn areas(id: &str, title: &str, field: Option<&str>, rules: Vec<Rule>) -> Symbology {
    Symbology {
        id: id.to_owned(),
        title: title.to_owned(),
        geometry: GeometryKind::MultiPolygon,
        field: field.map(str::to_owned),
        class_rule: None,
        rules,
    }
}

/// Areas by their borders.
pub(super) fn outlines() -> Vec<Symbology> {
    let fill = Colour::opaque(255, 255, 255).with_alpha(40);
    vec![areas(
        "outline",
        "Boundaries",
        None,
        vec![lined(rule("Boundary", Test::All, Some(fill)), LINE, 1.2)],
    )]
}

/// Hotspots by their borders.
pub(super) fn hotspots() -> Vec<Symbology> {
    let red = Colour::opaque(215, 48, 31);
    let hot = lined(rule("Hotspot", Test::All, Some(red.with_alpha(90))), red, 2.0);
    vec![areas("hotspot", "Hotspots", None, vec![hot])]
}

/// Bands by their class.
pub(super) fn density(bands: &[DensityBand], classes: &Classification) -> Vec<Symbology> {
    let most = classes.classes();
    let drawn = |id: &str, ramp: Gradient| {
        let rules = bands.iter().map(|band| {
            let class = band.class as f64;
            let test = Test::Range(Some(class), Some(class + 1.0));
            rule(format!("{} ({})", band.label(), band.rule), test, Some(shade(ramp, band.class, most)))
        });
        Symbology {
            class_rule: Some(classes.rule()),
            ..areas(id, "Incidents per km²", Some("class"), rules.collect())
        }
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
    let rules = WORDS.iter().enumerate().rev().map(|(step, label)| {
        let class = step as f64 - 3.0;
        let test = Test::Range(Some(class), Some(class + 1.0));
        let colour = RED_BLUE.eval_rational(WORDS.len() - 1 - step, WORDS.len());
        let colour = Colour::opaque(colour.r, colour.g, colour.b);
        let alpha = if step == 3 { 60 } else { SEE_THROUGH };
        lined(rule(*label, test, Some(colour.with_alpha(alpha))), LINE.with_alpha(50), 0.5)
    });
    let significance = Symbology {
        class_rule: Some("Probability of the statistic, adjusted for the number of cells".into()),
        ..areas("significance", "Significance", Some("class"), rules.collect())
    };
    let counts = choropleth(features, "count", "count", "Incidents", BLUES);
    vec![significance, counts]
}

/// Areas by rate, count and change.
pub(super) fn summary(features: &dyn Features) -> Vec<Symbology> {
    let mut all = vec![
        choropleth(features, "rate", "rate_per_1000", "Incidents per 1,000 residents", YELLOW_ORANGE_RED),
        choropleth(features, "count", "count", "Incidents", YELLOW_ORANGE_RED),
        change(features),
    ];
    let has_rates = features
        .field("rate_per_1000")
        .is_some_and(|field| (0..features.len()).any(|row| !features.value(row, field).is_absent()));
    if !has_rates {
        all.swap(0, 1);
    }
    all
}

/// Areas in classes of a field's values, with about as many areas each.
fn choropleth(features: &dyn Features, id: &str, field: &str, title: &str, ramp: Gradient) -> Symbology {
    let values = sorted(features, field);
    let limits = limits(&values);
    let classes = limits.len() + 1;
    let mut rules: Vec<Rule> = (0..classes)
        .map(|class| {
            let low = class.checked_sub(1).map(|at| limits[at]);
            let high = limits.get(class).copied();
            let label = match (low, high) {
                (None, None) => "Every value".to_owned(),
                (None, Some(high)) => format!("under {}", shown(high)),
                (Some(low), Some(high)) => format!("{} to under {}", shown(low), shown(high)),
                (Some(low), None) => format!("{} or more", shown(low)),
            };
            let filled = rule(label, Test::Range(low, high), Some(shade(ramp, class, classes)));
            lined(filled, LINE, 0.6)
        })
        .rev()
        .collect();
    rules.push(lined(rule("No value", Test::Absent, Some(NO_VALUE)), LINE, 0.6));
    let class_rule = format!("{classes} classes with about as many areas each");
    Symbology { class_rule: Some(class_rule), ..areas(id, title, Some(field), rules) }
}

/// Areas by change in percent, in steps that are the same for every layer and period.
fn change(features: &dyn Features) -> Symbology {
    const STEPS: [f64; 6] = [-50.0, -20.0, -5.0, 5.0, 20.0, 50.0];
    const WORDS: [&str; 7] = [
        "50 % less, or lower",
        "20 to 50 % less",
        "5 to 20 % less",
        "about the same",
        "5 to 20 % more",
        "20 to 50 % more",
        "50 % more, or higher",
    ];
    debug_assert!(features.field("change_percent").is_some(), "summaries have a change");
    let mut rules: Vec<Rule> = (0..WORDS.len())
        .rev()
        .map(|step| {
            let test = Test::Range(step.checked_sub(1).map(|below| STEPS[below]), STEPS.get(step).copied());
            let colour = RED_BLUE.eval_rational(WORDS.len() - 1 - step, WORDS.len());
            let colour = Colour::opaque(colour.r, colour.g, colour.b).with_alpha(SEE_THROUGH);
            lined(rule(WORDS[step], test, Some(colour)), LINE, 0.6)
        })
        .collect();
    rules.push(lined(rule("No change is given", Test::Absent, Some(NO_VALUE)), LINE, 0.6));
    let class_rule = "Change against the comparison period, in fixed steps".to_owned();
    Symbology {
        class_rule: Some(class_rule),
        ..areas("change", "Change in percent", Some("change_percent"), rules)
    }
}

/// Incidents by category.
pub(super) fn incidents(categories: &[String]) -> Vec<Symbology> {
    let point = |label: String, test, colour: Colour| {
        let point = lined(rule(label, test, Some(colour)), Colour::opaque(255, 255, 255), 0.8);
        Rule { radius_px: 4.0, ..point }
    };
    let points = |id: &str, title: &str, field: Option<&str>, rules| Symbology {
        geometry: GeometryKind::Point,
        ..areas(id, title, field, rules)
    };
    let one = point("Incident".into(), Test::All, Colour::opaque(33, 102, 172).with_alpha(200));
    let steps = categories.len().max(1);
    let by_category = categories.iter().enumerate().map(|(step, category)| {
        let colour = VIRIDIS.eval_rational(step, steps.max(2));
        point(category.clone(), Test::Text(category.clone()), Colour::opaque(colour.r, colour.g, colour.b))
    });
    vec![
        points("incident", "Incidents", None, vec![one]),
        points("category", "Incidents by category", Some("category"), by_category.collect()),
    ]
}

fn sorted(features: &dyn Features, field: &str) -> Vec<f64> {
    let Some(field) = features.field(field) else { return Vec::new() };
    let mut values: Vec<f64> =
        (0..features.len()).filter_map(|row| features.value(row, field).as_number()).collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// Limits between classes, ascending, each once, rounded to three figures.
fn limits(sorted: &[f64]) -> Vec<f64> {
    let limit = |class: usize| order::quantile(sorted, class as f64 / CLASSES as f64).map(rounded);
    let mut limits: Vec<f64> = (1..CLASSES).filter_map(limit).collect();
    limits.dedup();
    // Below the least limit has to lie something.
    limits.retain(|limit| sorted.first().is_some_and(|least| least < limit));
    limits
}

/// Three significant figures: a legend is read by people.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let scale = libm::pow(10.0, 2.0 - value.abs().log10().floor());
    (value * scale).round() / scale
}

fn shown(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value}") }
}
