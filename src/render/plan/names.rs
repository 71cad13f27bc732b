//! Ranks of hotspots and names of areas.

use geo::MapCoords;
use geo_types::{Coord, MultiPolygon, coord};

use super::{
    ground::{Ground, TENTHS},
    pole::{Inner, inner_places, is_inside},
};
use crate::{
    feature::Bounds,
    model::GridShape,
    render::{
        figure::{
            ink::{self, SMALL, TEXT, WHITE},
            place::Places,
            width,
        },
        legend::words::Face,
        xml::Element,
    },
};

/// The radius of the discs that ranks stand in.
const DISC: f64 = 8.0;
/// Letters of ranks.
const RANK: Face = Face { size_px: 9.5, bold: true };
/// Letters of names, tried one after the other.
const FACES: [Face; 2] = [SMALL, Face { size_px: 9.5, bold: false }];

/// A shape in units of the drawing.
fn in_units(shape: &GridShape, ground: &Ground) -> Option<MultiPolygon<f64>> {
    Some(ground.shape(&shape.0)?.map_coords(|at| at / TENTHS))
}

fn square(at: Coord, half: f64) -> Option<Bounds> {
    Bounds::new(at, at).ok().map(|bounds| bounds.widened(half))
}

/// The ranks of hotspots, 1 for the first: in those that have room, beside the others with a line to them.
pub fn ranks(shapes: &[&GridShape], ground: &Ground, places: &mut Places) -> Vec<Element> {
    let shapes: Vec<(usize, Vec<Inner>, Bounds)> = shapes
        .iter()
        .enumerate()
        .filter_map(|(number, shape)| {
            let shape = in_units(shape, ground)?;
            let around = Bounds::around(shape.iter().flat_map(|part| part.exterior().coords().copied()))?;
            Some((number + 1, inner_places(&shape), around))
        })
        .collect();
    let has_room = |inner: &[Inner]| inner.first().is_some_and(|pole| pole.room >= DISC + 2.0);
    // What is too small for its rank must not be hidden by that of another.
    for (_, _, around) in shapes.iter().filter(|(_, inner, _)| !has_room(inner)) {
        places.take(*around);
    }
    let (inside, beside): (Vec<_>, Vec<_>) = shapes.iter().partition(|(_, inner, _)| has_room(inner));
    let mut drawn: Vec<(usize, Vec<Element>)> = Vec::new();
    let mut left = Vec::new();
    for (rank, inner, around) in inside {
        let boxes =
            inner.iter().filter(|place| place.room >= DISC).filter_map(|place| square(place.at, DISC + 1.0));
        match places.first_of(boxes) {
            Some(found) => drawn.push((*rank, disc(*rank, (found.min() + found.max()) / 2.0))),
            None => left.push((*rank, inner, around)),
        }
    }
    for (rank, inner, around) in
        left.into_iter().chain(beside.into_iter().map(|(rank, inner, around)| (*rank, inner, around)))
    {
        let middle = inner.first().map_or((around.min() + around.max()) / 2.0, |pole| pole.at);
        let reach = around.width().hypot(around.height()) / 2.0;
        if let Some(at) = next_to(middle, reach, places) {
            let line = ink::line((at.x, at.y), (middle.x, middle.y), TEXT, 1.1);
            drawn.push((rank, std::iter::once(line).chain(disc(rank, at)).collect()));
        }
    }
    // The first in rank comes last, on top.
    drawn.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    drawn.into_iter().flat_map(|(_, elements)| elements).collect()
}

/// A free place for a disc around what reaches so far from a middle, the nearest first.
fn next_to(middle: Coord, reach: f64, places: &mut Places) -> Option<Coord> {
    // To the upper right first, then around.
    const TURNS: [f64; 12] = [1.0, 11.0, 2.0, 10.0, 0.0, 3.0, 9.0, 4.0, 8.0, 5.0, 7.0, 6.0];
    let rings = [4.0, 10.0, 18.0, 28.0, 42.0, 60.0, 85.0];
    let found = rings.into_iter().find_map(|gap| {
        let boxes = TURNS.into_iter().filter_map(|turn| {
            let (up, across) = (turn * std::f64::consts::TAU / 12.0).sin_cos();
            let way = coord! { x: across, y: -up } * (reach + gap + DISC);
            square(middle + way, DISC + 1.0)
        });
        places.first_of(boxes)
    })?;
    Some((found.min() + found.max()) / 2.0)
}

fn disc(rank: usize, at: Coord) -> Vec<Element> {
    let circle = ink::disc(at.x, at.y, DISC, TEXT).with("stroke", WHITE).with("stroke-width", 1.4);
    let number = ink::text(&rank.to_string(), at.x, at.y + 3.4, RANK, ink::MIDDLE);
    vec![circle.with("class", "rank"), number.with("fill", WHITE)]
}

/// Names within their areas, in one line or several, the places far from the border first; those that do not fit or
/// would meet another are left out.
pub fn inside(names: &[(&str, &GridShape)], ground: &Ground, places: &mut Places) -> Vec<Element> {
    names
        .iter()
        .filter_map(|(name, shape)| named(name, &in_units(shape, ground)?, places))
        .flatten()
        .collect()
}

fn named(name: &str, shape: &MultiPolygon<f64>, places: &mut Places) -> Option<Vec<Element>> {
    let inner = inner_places(shape);
    let ways = parted(name);
    // Smaller letters rather than a fourth line.
    let few = FACES.iter().flat_map(|face| ways.iter().take(3).map(move |lines| (*face, lines)));
    let many = FACES.iter().flat_map(|face| ways.iter().skip(3).map(move |lines| (*face, lines)));
    few.chain(many).find_map(|(face, lines)| {
        let leading = f64::from(face.size_px) + 1.0;
        // Widths are estimated from above.
        let across = lines.iter().map(|line| width(line, face)).fold(0.0, f64::max) * 0.47;
        let down = leading * lines.len() as f64 / 2.0;
        let half = coord! { x: across, y: down };
        let boxes = inner
            .iter()
            .filter_map(|place| Bounds::new(place.at - half, place.at + half).ok())
            .filter(|bounds| is_inside(shape, bounds));
        let found = places.first_of(boxes)?;
        let (middle, top) = (found.min().x.midpoint(found.max().x), found.min().y);
        let line = |(number, line): (usize, &String)| {
            let baseline = top + leading * (number as f64 + 0.8);
            ink::haloed(ink::text(line, middle, baseline, face, ink::MIDDLE)).with("class", "name")
        };
        Some(lines.iter().enumerate().map(line).collect())
    })
}

/// A name in one line and in up to four, each as narrow as so many lines make it.
fn parted(name: &str) -> Vec<Vec<String>> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let most = words.len().min(4);
    let all = name.chars().count();
    let narrowest =
        |lines: usize| (1..=all).map(|wide| filled(&words, wide)).find(|rows| rows.len() <= lines);
    let mut ways: Vec<Vec<String>> = (1..=most).filter_map(narrowest).collect();
    ways.dedup();
    ways
}

/// Words in lines of at most so many letters, and a longer word in a line of its own.
fn filled(words: &[&str], wide: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in words {
        match rows.last_mut() {
            Some(row) if row.chars().count() + 1 + word.chars().count() <= wide => {
                row.push(' ');
                row.push_str(word);
            }
            _ => rows.push((*word).to_owned()),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_parted_into_narrow_lines() {
        assert_eq!(parted("Lye"), [["Lye"]]);
        let lines = parted("Kingswinford North and Wall Heath");
        assert_eq!(lines[1], ["Kingswinford North", "and Wall Heath"]);
        assert_eq!(lines[2], ["Kingswinford", "North and", "Wall Heath"]);
        let lines = parted("Wollaston and Stourbridge Town");
        assert_eq!(lines[2], ["Wollaston and", "Stourbridge", "Town"]);
        assert!(parted("  ").is_empty());
    }
}
