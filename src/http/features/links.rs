//! Addresses that answers lead on to.

use crate::http::{Link, negotiate::Format, parameters::Address};

/// Relation of queryables (19-079r2 §6.2).
pub const QUERYABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
/// Relation of schemas (23-058r1).
pub const SCHEMA: &str = "http://www.opengis.net/def/rel/ogc/1.0/schema";

/// Relation of styles (20-009).
pub const STYLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/styles";
/// Relation of legends.
pub const LEGEND: &str = "http://www.opengis.net/def/rel/ogc/1.0/legend";
/// Relation of lists of vector tilesets (20-057 §7.2).
pub const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";

/// A link in some format.
pub fn link(rel: &str, href: &str, format: Format, title: &str) -> Link {
    // Clients compare the type as a whole, and the character set is told by the answer.
    Link::new(rel, href, format.media_type().trim_end_matches("; charset=utf-8"), title)
}

/// Links to this very answer and to its other formats: the first of `formats` is the default, and the address of
/// another names it.
pub fn own(address: &Address, shown: Format, formats: &[Format]) -> Vec<Link> {
    let to = |format: &Format| {
        let rel = if *format == shown { "self" } else { "alternate" };
        let href = address.with(&[("f", format.word())]);
        link(rel, &href, *format, &format!("This document as {}", format.name()))
    };
    formats.iter().map(to).collect()
}
