//! How classes are printed: opaque on white paper, and hatched where their greys would be alike.

use super::ground::TENTHS;
use crate::{
    feature::{Colour, Rule},
    render::xml::Element,
};

/// How a class is printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Paint {
    /// The colour of its inside.
    pub fill: Option<Colour>,
    /// Lines over the inside.
    pub hatch: Option<Hatch>,
    /// The line around it, and its width.
    pub stroke: Option<(Colour, f64)>,
    /// The radius of points.
    pub radius: f64,
    /// How much its inside covers of what lies below, 0 to 1.
    pub cover: f64,
}

/// Lines over an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hatch {
    Rising,
    Falling,
    Level,
    Upright,
    Crossed,
}

const HATCHES: [Hatch; 5] = [Hatch::Rising, Hatch::Falling, Hatch::Level, Hatch::Upright, Hatch::Crossed];
/// Greys that differ by less, of 1, are not told apart on paper.
const ALIKE: f64 = 0.05;
/// From one line of a hatch to the next.
const STEP: u8 = 6;

impl Hatch {
    /// Its name in ids.
    const fn name(self) -> &'static str {
        match self {
            Self::Rising => "rising",
            Self::Falling => "falling",
            Self::Level => "level",
            Self::Upright => "upright",
            Self::Crossed => "crossed",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Rising => "M-1 1L1-1M0 6L6 0M5 7L7 5",
            Self::Falling => "M-1 5L1 7M0 0L6 6M5-1L7 1",
            Self::Level => "M0 3H6",
            Self::Upright => "M3 0V6",
            Self::Crossed => "M0 3H6M3 0V6",
        }
    }
}

impl Paint {
    /// How the classes of a layer are printed. Hatches go to classes with a grey that an earlier one has.
    pub fn of(rules: &[Rule]) -> Vec<Self> {
        let mut paints: Vec<Self> = Vec::new();
        for rule in rules {
            let fill = rule.fill.filter(|fill| fill.alpha > 0).map(opaque);
            let like = |paint: &&Self| match (paint.fill, fill) {
                (Some(one), Some(other)) => (grey(one) - grey(other)).abs() < ALIKE,
                _ => false,
            };
            let alike = paints.iter().filter(like).count();
            let hatch = alike.checked_sub(1).map(|number| HATCHES[number % HATCHES.len()]);
            let wide =
                if rule.stroke_px.is_finite() { f64::from(rule.stroke_px.clamp(0.0, 8.0)) } else { 0.0 };
            let stroke = rule.stroke.filter(|stroke| stroke.alpha > 0 && wide > 0.0);
            let radius =
                if rule.radius_px.is_finite() { f64::from(rule.radius_px.clamp(0.0, 30.0)) } else { 0.0 };
            paints.push(Self {
                fill,
                hatch,
                stroke: stroke.map(|colour| (opaque(colour), wide)),
                radius,
                cover: 1.0,
            });
        }
        paints
    }

    /// How something is printed that lets what lies below shine through.
    pub fn glass(rule: &Rule) -> Self {
        let fill = rule.fill.filter(|fill| fill.alpha > 0);
        let cover = fill.map_or(1.0, Colour::opacity);
        let plain = Self::of(std::slice::from_ref(rule)).into_iter().next();
        let stroke = plain.as_ref().and_then(|paint| paint.stroke);
        let radius = plain.map_or(0.0, |paint| paint.radius);
        Self { fill: fill.map(|fill| fill.with_alpha(u8::MAX)), hatch: None, stroke, radius, cover }
    }

    /// An element with this paint, drawn in tenths of a unit; `id` names the patterns of the drawing.
    pub fn on(&self, element: Element, id: &dyn Fn(&str) -> String) -> Element {
        let element = match (self.fill, self.hatch) {
            (None, _) => element.with("fill", "none"),
            (Some(fill), None) => element.with("fill", fill.hex()),
            (Some(fill), Some(hatch)) => {
                element.with("fill", format!("url(#{})", id(&pattern_name(fill, hatch))))
            }
        };
        let element = if self.cover < 1.0 && self.fill.is_some() {
            element.with("fill-opacity", length(self.cover))
        } else {
            element
        };
        match (self.stroke, self.fill, self.hatch) {
            (Some((colour, wide)), ..) => {
                element.with("stroke", colour.hex()).with("stroke-width", length(wide * TENTHS))
            }
            // Neighbours of one colour meet without a gap.
            (None, Some(fill), None) if self.cover >= 1.0 => {
                element.with("stroke", fill.hex()).with("stroke-width", length(0.3 * TENTHS))
            }
            _ => element,
        }
    }

    /// The pattern that it is filled with, where it is hatched.
    pub fn pattern(&self, id: &dyn Fn(&str) -> String) -> Option<(String, Element)> {
        let (fill, hatch) = (self.fill?, self.hatch?);
        let id = id(&pattern_name(fill, hatch));
        // Dark lines on light colours, light ones on dark.
        let line = if grey(fill) > 0.5 { "#30363d" } else { "#ffffff" };
        let lines = Element::new("path")
            .with("d", hatch.path())
            .with("stroke", line)
            .with("stroke-width", 0.9)
            .with("fill", "none");
        let ground = Element::new("rect").with("width", STEP).with("height", STEP).with("fill", fill.hex());
        let pattern = Element::new("pattern")
            .with("id", &id)
            .with("width", STEP)
            .with("height", STEP)
            .with("patternUnits", "userSpaceOnUse")
            .with("patternTransform", "scale(10)")
            .child(ground)
            .child(lines);
        Some((id, pattern))
    }
}

fn pattern_name(fill: Colour, hatch: Hatch) -> String {
    format!("{}-{}", hatch.name(), fill.hex().trim_start_matches('#'))
}

fn length(units: f64) -> f64 {
    (units * 100.0).round() / 100.0
}

/// The colour that is seen on white.
fn opaque(colour: Colour) -> Colour {
    let over = |part: u8| {
        let (part, alpha) = (u32::from(part), u32::from(colour.alpha));
        u8::try_from((part * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
    };
    let [red, green, blue] = colour.rgb.map(over);
    Colour::opaque(red, green, blue)
}

/// The lightness that a printer in grey gives it, 0 to 1 (Rec. 601, as drivers weigh the parts).
fn grey(colour: Colour) -> f64 {
    let [red, green, blue] = colour.rgb.map(f64::from);
    (0.299 * red + 0.587 * green + 0.114 * blue) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Test;

    fn rule(fill: Colour) -> Rule {
        Rule {
            label: String::new(),
            test: Test::All,
            fill: Some(fill),
            stroke: None,
            stroke_px: 0.0,
            radius_px: 0.0,
        }
    }

    #[test]
    fn classes_with_one_grey_are_hatched_each_in_its_own_way() {
        let (red, blue) = (Colour::opaque(202, 0, 32), Colour::opaque(5, 90, 150));
        let pale = Colour::opaque(247, 247, 247);
        let paints = Paint::of(&[rule(red), rule(pale), rule(blue), rule(red)]);
        let hatches: Vec<Option<Hatch>> = paints.iter().map(|paint| paint.hatch).collect();
        assert!((grey(red) - grey(blue)).abs() < 0.05, "{} {}", grey(red), grey(blue));
        assert_eq!(hatches, [None, None, Some(Hatch::Rising), Some(Hatch::Falling)]);
    }

    #[test]
    fn what_shines_through_is_printed_as_it_is_seen_on_white() {
        let half = Colour::opaque(0, 100, 255).with_alpha(51);
        assert_eq!(opaque(half), Colour::opaque(204, 224, 255));
        assert_eq!(Paint::of(&[rule(half.with_alpha(0))])[0].fill, None);
    }
}
