//! What every drawing of a report has in common: an SVG element that stands alone on a page or in it, scales with its
//! place, prints on white paper, and says what it shows to those who cannot see it.
//!
//! Lengths are units of the drawing. One is a pixel of 1/96 inch where the drawing is as wide on the page as it was
//! made, so that letters of 11 are about 8 points high.

pub(super) mod ink;
pub(super) mod number;
pub(super) mod place;

use super::{legend::words::Face, xml::Element};
pub use number::short;

/// The names of a drawing, and how wide it is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    id: String,
    title: String,
    description: Option<String>,
    width: f64,
}

impl Figure {
    /// As wide as the text of an A4 page with margins of 15 mm.
    pub const FULL: f64 = 680.0;
    /// Half of that, with a gutter between the two.
    pub const HALF: f64 = 332.0;

    /// A drawing of full width with its id, unique on the page, and what it is called by a screen reader.
    ///
    /// An id may hold letters, digits, `-` and `_`; whatever else comes becomes `-`.
    pub fn new(id: &str, title: &str) -> Self {
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        let id = id.chars().map(plain).collect();
        Self { id, title: title.to_owned(), description: None, width: Self::FULL }
    }

    /// The same with a description for those who cannot see it. Without one, a drawing describes what it shows.
    #[must_use]
    pub fn described(mut self, description: &str) -> Self {
        self.description = Some(description.to_owned());
        self
    }

    /// The same made for another width, held between 240 and 1,200.
    #[must_use]
    pub fn wide(mut self, width: f64) -> Self {
        self.width = if width.is_finite() { width.clamp(240.0, 1_200.0) } else { Self::FULL };
        self
    }

    /// The width it is made for.
    pub const fn width(&self) -> f64 {
        self.width
    }

    /// Its id with a name after it, for what is defined inside.
    pub(super) fn id_of(&self, name: &str) -> String {
        format!("{}-{name}", self.id)
    }

    /// The whole drawing; `said` describes it where the caller does not.
    pub(super) fn svg(&self, width: f64, height: f64, said: &str, drawn: Vec<Element>) -> String {
        let (title, desc) = (self.id_of("title"), self.id_of("desc"));
        Element::new("svg")
            .with("xmlns", "http://www.w3.org/2000/svg")
            .with("viewBox", format!("0 0 {} {}", ink::px(width), ink::px(height)))
            .with("role", "img")
            .with("aria-labelledby", format!("{title} {desc}"))
            .with("font-family", ink::FAMILY)
            .with("font-size", ink::LABEL.size_px)
            .with("fill", ink::TEXT)
            .child(Element::of("title", self.title.as_str()).with("id", title))
            .child(Element::of("desc", self.description.as_deref().unwrap_or(said)).with("id", desc))
            .children(drawn)
            .fragment()
    }

    /// A flat drawing that says that there is nothing to show.
    pub(super) fn nothing(&self) -> String {
        let height = 72.0;
        let frame = Element::new("rect")
            .with("x", "0.5")
            .with("y", "0.5")
            .with("width", ink::px(self.width - 1.0))
            .with("height", ink::px(height - 1.0))
            .with("fill", "none")
            .with("stroke", ink::GRID);
        let middle = ink::text(NOTHING, self.width / 2.0, height / 2.0 + 4.0, ink::LABEL, ink::MIDDLE)
            .with("fill", ink::QUIET);
        self.svg(self.width, height, NOTHING, vec![frame, middle])
    }
}

/// What is said where there is nothing to draw.
pub(super) const NOTHING: &str = "No data";

/// The width of a text, from above.
pub(super) fn width(text: &str, face: Face) -> f64 {
    f64::from(face.width_px(text))
}

/// A text that is no wider than so much, its end replaced by an ellipsis where it is.
pub(super) fn fitted(text: &str, face: Face, most: f64) -> String {
    if width(text, face) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept, face) + width("…", face) > most {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
pub(super) mod testing;
