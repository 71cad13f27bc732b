//! What stands beside a map: its legend, a scale bar, where north is, and whose the boundaries are.

use geo_types::coord;

use super::{
    Plan,
    ground::{Ground, TENTHS},
    paint::Paint,
};
use crate::{
    feature::Rule,
    model::words::decimal,
    render::{
        figure::ink::{self, LABEL, SMALL, STRONG, TEXT, WHITE},
        legend::words::Face,
        xml::Element,
    },
};

/// The width of the column beside the ground.
pub const COLUMN: f64 = 168.0;
/// Between the two.
pub const GUTTER: f64 = 16.0;
const SWATCH: (f64, f64) = (22.0, 13.0);

/// Whether a drawing of this width has its legend beside the ground, and not below.
pub fn is_beside(wide: f64) -> bool {
    wide >= 480.0
}

/// What stands beside and below the ground, and the height of the drawing.
pub fn drawn(plan: &Plan<'_>, ground: &Ground, paints: &[Vec<Paint>]) -> (Vec<Element>, f64) {
    let (wide, frame) = (plan.figure.width(), ground.frame());
    let beside = is_beside(wide);
    let (left, top) = if beside { (wide - COLUMN, 0.0) } else { (0.0, frame.max().y + 10.0) };
    let mut column = Column { left, right: wide, y: top, drawn: Vec::new(), swatches: Vec::new() };
    if !beside {
        column.bearings(ground);
        column.y += 8.0;
    }
    if plan.has_legend {
        column.legend(plan, paints, &|name| plan.figure.id_of(name));
    }
    if beside {
        // At the foot of the ground, where the legend leaves room.
        column.y = (column.y + 14.0).max(frame.max().y - BEARINGS);
        column.bearings(ground);
    }
    let mut below = Column {
        left: 0.0,
        y: column.y.max(frame.max().y) + 6.0,
        drawn: Vec::new(),
        swatches: Vec::new(),
        ..column
    };
    if let Some(text) = plan.attribution {
        below.paragraph(text, SMALL, ink::QUIET, 13.0);
    }
    let Column { mut drawn, swatches, .. } = column;
    let swatches = Element::new("g").with("transform", "scale(.1)").children(swatches);
    drawn.push(swatches);
    drawn.extend(below.drawn);
    (drawn, below.y + 6.0)
}

/// The height of scale bar and arrow.
const BEARINGS: f64 = 40.0;

/// A column that grows downwards.
struct Column {
    left: f64,
    right: f64,
    y: f64,
    drawn: Vec<Element>,
    /// In tenths.
    swatches: Vec<Element>,
}

impl Column {
    fn paragraph(&mut self, text: &str, face: Face, colour: &str, leading: f64) {
        self.lines(text, self.left, face, colour, leading);
    }

    fn lines(&mut self, text: &str, left: f64, face: Face, colour: &str, leading: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "a width of a page")]
        let lines = face.lines(text, (self.right - left) as f32);
        for line in lines {
            self.y += leading;
            let written = ink::text(&line, left, self.y - 0.25 * leading, face, ink::START);
            self.drawn.push(if colour == TEXT { written } else { written.with("fill", colour) });
        }
    }

    /// Hotspots first, as they lie on top; then the layers in their order.
    fn legend(&mut self, plan: &Plan<'_>, paints: &[Vec<Paint>], id: &dyn Fn(&str) -> String) {
        if let Some((rule, _)) = &plan.hotspots {
            self.rule(rule, &Paint::glass(rule), false, id);
            let middle = coord! { x: self.left + SWATCH.0 / 2.0, y: self.y + 9.0 };
            self.drawn.push(ink::disc(middle.x, middle.y, 6.5, TEXT));
            let one =
                ink::text("1", middle.x, middle.y + 3.2, Face { size_px: 9.0, bold: true }, ink::MIDDLE);
            self.drawn.push(one.with("fill", WHITE));
            self.y += 2.5;
            self.lines("Rank of a hotspot", self.left + SWATCH.0 + 8.0, SMALL, TEXT, 14.0);
            self.y += 10.0;
        }
        for (layer, paints) in plan.layers.iter().zip(paints) {
            if let Some(title) = &layer.title {
                self.paragraph(title, STRONG, TEXT, 15.0);
                self.y += 3.0;
            }
            for (rule, paint) in layer.rules.iter().zip(paints).filter(|(rule, _)| !rule.label.is_empty()) {
                self.rule(rule, paint, layer.is_points, id);
            }
            if let Some(note) = &layer.note {
                self.y += 1.0;
                self.paragraph(note, SMALL, ink::QUIET, 13.0);
            }
            self.y += 10.0;
        }
    }

    fn rule(&mut self, rule: &Rule, paint: &Paint, is_point: bool, id: &dyn Fn(&str) -> String) {
        let top = self.y + 2.0;
        let tenths = |length: f64| (length * TENTHS).round();
        let swatch = if is_point {
            let radius = paint.radius.min(SWATCH.1 / 2.0);
            Element::new("circle")
                .with("cx", tenths(self.left + SWATCH.0 / 2.0))
                .with("cy", tenths(top + SWATCH.1 / 2.0))
                .with("r", tenths(radius))
        } else {
            let inset = paint.stroke.map_or(0.0, |(_, wide)| wide / 2.0).min(4.0);
            Element::new("rect")
                .with("x", tenths(self.left + inset))
                .with("y", tenths(top + inset))
                .with("width", tenths(SWATCH.0 - 2.0 * inset))
                .with("height", tenths(SWATCH.1 - 2.0 * inset))
        };
        self.swatches.push(paint.on(swatch, id).with("class", "swatch"));
        self.y += 1.5;
        self.lines(&rule.label, self.left + SWATCH.0 + 8.0, SMALL, TEXT, 14.0);
        self.y = self.y.max(top + SWATCH.1) + 3.0;
    }

    /// A scale bar of round length in two halves, and an arrow to the north of the grid.
    fn bearings(&mut self, ground: &Ground) {
        let most = (self.right - self.left - 50.0).min(140.0).min(0.5 * ground.frame().width());
        let top = self.y + 24.0;
        if let Some(metres) = round_length(most / ground.length(1.0)) {
            let long = ground.length(metres);
            let x = self.left + 4.0;
            let bar = |from: f64, fill| {
                ink::rect(x + from, top, long / 2.0, 5.0, fill).with("stroke", TEXT).with("stroke-width", 0.8)
            };
            self.drawn.extend([bar(0.0, TEXT), bar(long / 2.0, WHITE)]);
            for (along, anchor) in [(0.0, ink::MIDDLE), (0.5, ink::MIDDLE), (1.0, ink::START)] {
                let said = distance(metres * along, metres, along > 0.9);
                let shift = if anchor == ink::START { -3.5 } else { 0.0 };
                self.drawn.push(ink::text(&said, x + along * long + shift, top - 5.0, SMALL, anchor));
            }
        }
        self.drawn.extend(arrow(self.right - 12.0, self.y + 2.0));
        self.y += BEARINGS;
    }
}

/// The longest of 1, 2 and 5 times a power of ten metres that is no longer than so much.
fn round_length(most: f64) -> Option<f64> {
    let lengths = (0..6).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)));
    lengths.filter(|length| *length <= most).reduce(f64::max)
}

/// A distance in the unit of the whole bar, which is named at its end.
fn distance(metres: f64, whole: f64, is_end: bool) -> String {
    let (unit, name) = if whole >= 1_000.0 { (1_000.0, " km") } else { (1.0, " m") };
    let value = metres / unit;
    let said = decimal(value, usize::from(value.fract() != 0.0));
    if is_end { said + name } else { said }
}

/// An arrow with its letter.
fn arrow(x: f64, top: f64) -> Vec<Element> {
    let half = |side: f64, fill| {
        let corners = [(0.0, 11.0), (6.0 * side, 31.0), (0.0, 26.0)];
        let corners = corners.map(|(across, down)| coord! { x: x + across, y: top + down });
        ink::area(&corners, fill)
            .with("stroke", TEXT)
            .with("stroke-width", 0.8)
            .with("stroke-linejoin", "round")
    };
    let letter = ink::text("N", x, top + 8.0, Face { bold: true, ..LABEL }, ink::MIDDLE);
    vec![half(-1.0, TEXT), half(1.0, WHITE), letter.with("class", "north")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_round_lengths() {
        assert_eq!(
            [999.0, 2_300.0, 5_000.0, 7.0, 0.4].map(round_length),
            [Some(500.0), Some(2_000.0), Some(5_000.0), Some(5.0), None]
        );
        assert_eq!(
            (distance(2_500.0, 5_000.0, false), distance(5_000.0, 5_000.0, true)),
            ("2.5".into(), "5 km".into())
        );
        assert_eq!(distance(500.0, 500.0, true), "500 m");
    }
}
