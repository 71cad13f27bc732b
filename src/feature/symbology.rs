//! How a layer is drawn, said once: pictures, legends and the style documents of every client are made from it.

use super::{GeometryKind, Value};

/// A colour with its opacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red, green and blue, 0 to 255.
    pub rgb: [u8; 3],
    /// 0, not to be seen, to 255, opaque.
    pub alpha: u8,
}

/// Which features a rule draws.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Every one.
    All,
    /// Those without a value.
    Absent,
    /// Those with this text.
    Text(String),
    /// Those with a number from the first, included, to the second, not included; open where there is none.
    Range(Option<f64>, Option<f64>),
}

/// One line of a legend: what it means, which features it draws, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it says in the legend, with its unit.
    pub label: String,
    /// Which features.
    pub test: Test,
    /// The inside of areas, and of points.
    pub fill: Option<Colour>,
    /// The line around them.
    pub stroke: Option<Colour>,
    /// How wide that line is, in pixels of 1/96 inch.
    pub stroke_px: f32,
    /// The radius of points, in such pixels.
    pub radius_px: f32,
}

/// How a layer is drawn: the first rule that fits draws a feature; one that none fits is not drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbology {
    /// Its id among the styles of a layer: `rate`.
    pub id: String,
    /// What it shows, for people: "Incidents per 1,000 residents".
    pub title: String,
    /// What is drawn.
    pub geometry: GeometryKind,
    /// The field that the rules test; `None` where every feature is drawn alike.
    pub field: Option<String>,
    /// How classes were found, for people, where there are classes.
    pub class_rule: Option<String>,
    /// The rules, in the order of the legend.
    pub rules: Vec<Rule>,
}

impl Colour {
    /// An opaque colour.
    pub const fn opaque(red: u8, green: u8, blue: u8) -> Self {
        Self { rgb: [red, green, blue], alpha: 255 }
    }

    /// The same colour with another opacity, 0 to 255.
    #[must_use]
    pub const fn with_alpha(self, alpha: u8) -> Self {
        Self { alpha, ..self }
    }

    /// As web pages write it, without its opacity.
    ///
    /// # Example
    /// ```
    /// assert_eq!(hotspots::feature::Colour::opaque(255, 127, 0).hex(), "#ff7f00");
    /// ```
    pub fn hex(self) -> String {
        let [red, green, blue] = self.rgb;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Its opacity, 0 to 1.
    pub fn opacity(self) -> f64 {
        f64::from(self.alpha) / 255.0
    }
}

impl Test {
    /// Whether a value passes.
    pub fn holds(&self, value: &Value<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Absent => value.is_absent(),
            Self::Text(text) => matches!(value, Value::Text(found) if found == text),
            Self::Range(low, high) => value.as_number().is_some_and(|number| {
                low.is_none_or(|low| number >= low) && high.is_none_or(|high| number < high)
            }),
        }
    }
}

impl Symbology {
    /// The number of the first rule that fits a value of the field; `None` where none does.
    pub fn rule_for(&self, value: &Value<'_>) -> Option<usize> {
        self.rules.iter().position(|rule| rule.test.holds(value))
    }
}
