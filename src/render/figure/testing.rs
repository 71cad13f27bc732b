//! What tests of drawings look for.

use std::collections::BTreeSet;

use geo_types::coord;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::Tree,
};

use crate::{feature::Bounds, render::legend::tree};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A drawing as a picture on white, with so many pixels for one unit.
pub fn picture(svg: &str, scale: f32) -> Pixmap {
    let tree: Tree = tree(svg).unwrap();
    let size = tree.size().to_int_size().scale_by(scale).unwrap();
    let mut picture = Pixmap::new(size.width(), size.height()).unwrap();
    picture.fill(resvg::tiny_skia::Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture
}

/// Red, green and blue at a place of the drawing.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places of the drawing")]
pub fn colour_at(picture: &Pixmap, x: f64, y: f64) -> [u8; 3] {
    let pixel = picture.pixel(x as u32, y as u32).unwrap();
    [pixel.red(), pixel.green(), pixel.blue()]
}

/// Holds a drawing to what is said of all: it can be read, has one name and one description, ids of its own, and draws
/// nothing beyond its frame. Gives back its document.
pub fn checked(svg: &str) -> roxmltree::Document<'_> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let root = document.root_element();
    assert!(root.has_tag_name((SVG, "svg")) && root.attribute("role") == Some("img"));
    assert!(root.attribute("width").is_none() && root.attribute("height").is_none());
    let named: Vec<&str> = root.attribute("aria-labelledby").unwrap().split(' ').collect();
    let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    assert_eq!(named, ids[..2]);
    assert!(!document.descendants().any(|node| node.has_tag_name((SVG, "script"))));
    assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{svg}");
    let tree = tree(svg).unwrap();
    let frame = Bounds::new(
        coord! { x: -0.6, y: -0.6 },
        coord! { x: f64::from(tree.size().width()) + 0.6, y: f64::from(tree.size().height()) + 0.6 },
    );
    let drawn = tree.root().abs_stroke_bounding_box();
    let drawn = Bounds::new(
        coord! { x: f64::from(drawn.left()), y: f64::from(drawn.top()) },
        coord! { x: f64::from(drawn.right()), y: f64::from(drawn.bottom()) },
    );
    let (frame, drawn) = (frame.unwrap(), drawn.unwrap());
    assert!(frame.covers(&drawn), "{drawn:?} beyond {frame:?}");
    document
}

/// All that is written in a drawing.
pub fn texts(document: &roxmltree::Document<'_>) -> Vec<String> {
    let texts = document.descendants().filter(|node| node.has_tag_name((SVG, "text")));
    texts
        .map(|node| node.descendants().filter_map(|part| part.text().filter(|_| part.is_text())).collect())
        .collect()
}

/// A number that an element has.
pub fn length(node: &roxmltree::Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

/// The elements of a name that have a class.
pub fn classed<'a, 'b>(document: &'a roxmltree::Document<'b>, class: &str) -> Vec<roxmltree::Node<'a, 'b>> {
    document.descendants().filter(|node| node.attribute("class") == Some(class)).collect()
}
