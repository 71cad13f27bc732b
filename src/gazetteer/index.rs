//! The columns that positions are looked up in.

use std::ops::Range;

use super::{PartLevel, Postcode, PostcodeEntry, PostcodePart, Quality, Uprn, UprnEntry, prefix::Prefix};
use crate::model::GridPoint;

/// Set in the column of qualities where a postcode is not in use any more.
const TERMINATED: u8 = 0x80;

/// Positions of postcodes and properties, sorted, 24 bytes for each. See [`super`].
///
/// # Example
/// ```
/// use hotspots::{gazetteer::{Gazetteer, PostcodeEntry, Quality}, model::GridPoint};
/// let entry = PostcodeEntry {
///     postcode: "DY1 1HF".parse().unwrap(),
///     grid: GridPoint::new(394_400.0, 290_300.0).unwrap(),
///     quality: Quality::new(10).unwrap(),
///     terminated: false,
/// };
/// let gazetteer = Gazetteer::new(vec![entry], Vec::new());
/// assert_eq!(gazetteer.postcode("dy11hf".parse().unwrap()), Some(entry));
/// assert_eq!(gazetteer.part(entry.postcode.sector()).unwrap().count, 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gazetteer {
    keys: Vec<[u8; 7]>,
    /// The quality's indicator, with [`TERMINATED`] where that is so.
    qualities: Vec<u8>,
    at: Vec<GridPoint>,
    /// Sectors, districts and areas, in their order.
    parts: Vec<PartSummary>,
    uprns: Vec<Uprn>,
    uprns_at: Vec<GridPoint>,
}

/// A sector, district or area with where its postcodes are.
#[derive(Clone, Debug, PartialEq)]
pub struct PartSummary {
    /// Which.
    pub part: PostcodePart,
    /// Postcodes that the gazetteer has of it.
    pub count: usize,
    /// The mean of their positions. Postcodes that are not in use any more count only where it has no others.
    pub mean: GridPoint,
    /// The south-west and the north-east corner of the box around all of them.
    pub corners: (GridPoint, GridPoint),
    /// Metres from the mean to the farthest of them.
    pub radius_m: f64,
}

impl Gazetteer {
    /// A gazetteer of these entries, in any order. Of two with one name the one further south stays, then west, so
    /// that the order makes no difference.
    pub fn new(mut postcodes: Vec<PostcodeEntry>, mut uprns: Vec<UprnEntry>) -> Self {
        let place = |at: GridPoint| (at.northing_m().to_bits(), at.easting_m().to_bits());
        postcodes.sort_unstable_by_key(|one| (one.postcode, place(one.grid), one.quality, one.terminated));
        postcodes.dedup_by_key(|one| one.postcode);
        uprns.sort_unstable_by_key(|one| (one.uprn, place(one.grid)));
        uprns.dedup_by_key(|one| one.uprn);
        let flagged = |one: &PostcodeEntry| one.quality.get() | if one.terminated { TERMINATED } else { 0 };
        let mut made = Self {
            keys: postcodes.iter().map(|one| one.postcode.key()).collect(),
            qualities: postcodes.iter().map(flagged).collect(),
            at: postcodes.iter().map(|one| one.grid).collect(),
            parts: Vec::new(),
            uprns: uprns.iter().map(|one| one.uprn).collect(),
            uprns_at: uprns.iter().map(|one| one.grid).collect(),
        };
        made.parts = made.summaries(&postcodes);
        made
    }

    /// Postcodes that it has.
    pub fn postcode_count(&self) -> usize {
        self.keys.len()
    }

    /// Properties that it has.
    pub fn uprn_count(&self) -> usize {
        self.uprns.len()
    }

    /// Whether it has nothing at all.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.uprns.is_empty()
    }

    /// A postcode; `None` where the gazetteer does not have it.
    pub fn postcode(&self, postcode: Postcode) -> Option<PostcodeEntry> {
        self.entry(self.keys.binary_search(&postcode.key()).ok()?)
    }

    /// Where a property is; `None` where the gazetteer does not have it.
    pub fn uprn(&self, uprn: Uprn) -> Option<GridPoint> {
        self.uprns.binary_search(&uprn).ok().map(|at| self.uprns_at[at])
    }

    /// What is known of a sector, district or area; `None` where the gazetteer has no postcode of it.
    pub fn part(&self, part: PostcodePart) -> Option<&PartSummary> {
        self.parts.binary_search_by_key(&part, |summary| summary.part).ok().map(|at| &self.parts[at])
    }

    /// The postcodes of a sector, district or area, in order.
    pub fn postcodes_of(&self, part: PostcodePart) -> impl Iterator<Item = PostcodeEntry> + '_ {
        self.between(part.keys()).filter_map(|at| self.entry(at))
    }

    /// The districts and sectors whose names begin so, districts first, each in order.
    pub fn parts_beginning<'a>(&'a self, prefix: &'a Prefix) -> impl Iterator<Item = &'a PartSummary> + 'a {
        // Parts are in order of their level, areas first.
        let begins = |summary: &&PartSummary| {
            summary.part.level() != PartLevel::Area && prefix.begins_part(summary.part)
        };
        self.parts.iter().filter(begins)
    }

    /// The postcodes that begin so, in order.
    pub fn postcodes_beginning<'a>(&'a self, prefix: &'a Prefix) -> impl Iterator<Item = PostcodeEntry> + 'a {
        let mut spans = prefix.spans().to_vec();
        spans.sort_unstable();
        spans.into_iter().flat_map(|span| self.between(span)).filter_map(|at| self.entry(at))
    }

    /// Bytes on the heap.
    pub fn memory_bytes(&self) -> usize {
        self.keys.capacity() * size_of::<[u8; 7]>()
            + self.qualities.capacity()
            + self.at.capacity() * size_of::<GridPoint>()
            + self.parts.capacity() * size_of::<PartSummary>()
            + self.uprns.capacity() * size_of::<Uprn>()
            + self.uprns_at.capacity() * size_of::<GridPoint>()
    }

    fn entry(&self, at: usize) -> Option<PostcodeEntry> {
        Some(PostcodeEntry {
            postcode: Postcode::of_key(self.keys[at])?,
            grid: self.at[at],
            quality: Quality::new(self.qualities[at] & !TERMINATED)?,
            terminated: self.qualities[at] & TERMINATED != 0,
        })
    }

    /// The rows from the first key to the last.
    fn between(&self, (first, last): ([u8; 7], [u8; 7])) -> Range<usize> {
        self.keys.partition_point(|key| *key < first)..self.keys.partition_point(|key| *key <= last)
    }

    fn summaries(&self, postcodes: &[PostcodeEntry]) -> Vec<PartSummary> {
        let mut parts: Vec<PostcodePart> = postcodes
            .iter()
            .map(|one| one.postcode)
            .flat_map(|postcode| [postcode.area(), postcode.district(), postcode.sector()])
            .collect();
        parts.sort_unstable();
        parts.dedup();
        parts.iter().filter_map(|part| summary(*part, &postcodes[self.between(part.keys())])).collect()
    }
}

fn summary(part: PostcodePart, postcodes: &[PostcodeEntry]) -> Option<PartSummary> {
    let live = postcodes.iter().filter(|one| !one.terminated).count();
    let counted = || postcodes.iter().filter(|one| live == 0 || !one.terminated).map(|one| one.grid);
    let mean = |of: fn(GridPoint) -> f64| counted().map(of).sum::<f64>() / counted().count() as f64;
    let mean = GridPoint::new(mean(GridPoint::easting_m), mean(GridPoint::northing_m)).ok()?;
    let side = |of: fn(GridPoint) -> f64, pick: fn(f64, f64) -> f64| {
        postcodes.iter().map(|one| of(one.grid)).reduce(pick)
    };
    let corner = |pick: fn(f64, f64) -> f64| {
        GridPoint::new(side(GridPoint::easting_m, pick)?, side(GridPoint::northing_m, pick)?).ok()
    };
    let farthest = postcodes.iter().map(|one| one.grid.distance_2(mean)).fold(0.0, f64::max);
    let corners = (corner(f64::min)?, corner(f64::max)?);
    Some(PartSummary { part, count: postcodes.len(), mean, corners, radius_m: farthest.sqrt() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str, easting_m: f64, northing_m: f64) -> PostcodeEntry {
        PostcodeEntry {
            postcode: text.parse().unwrap(),
            grid: GridPoint::new(easting_m, northing_m).unwrap(),
            quality: Quality::new(10).unwrap(),
            terminated: false,
        }
    }

    fn entries() -> Vec<PostcodeEntry> {
        vec![
            entry("DY1 1HF", 394_000.0, 290_000.0),
            entry("DY1 1AA", 394_600.0, 290_800.0),
            entry("DY1 4BB", 395_000.0, 291_000.0),
            entry("DY11 4BB", 383_000.0, 276_000.0),
            PostcodeEntry { terminated: true, ..entry("DY1 1ZZ", 399_000.0, 290_000.0) },
        ]
    }

    #[test]
    fn what_is_there_is_found_and_nothing_else() {
        let gazetteer = Gazetteer::new(entries(), Vec::new());
        for entry in entries() {
            assert_eq!(gazetteer.postcode(entry.postcode), Some(entry));
        }
        for text in ["DY1 1AB", "A1 1AA", "ZE1 1AA"] {
            assert_eq!(gazetteer.postcode(text.parse().unwrap()), None);
        }
        assert_eq!(Gazetteer::default().postcode(entries()[0].postcode), None);
    }

    #[test]
    fn parts_tell_of_their_postcodes() {
        let gazetteer = Gazetteer::new(entries(), Vec::new());
        let postcode = entries()[0].postcode;
        let sector = gazetteer.part(postcode.sector()).unwrap();
        assert_eq!(sector.count, 3);
        assert_eq!(sector.mean, GridPoint::new(394_300.0, 290_400.0).unwrap(), "of those in use");
        assert_eq!(sector.corners.1.easting_m().to_string(), "399000", "around all");
        assert!((sector.radius_m - (4_700_f64.powi(2) + 400_f64.powi(2)).sqrt()).abs() < 1e-6);
        assert_eq!(gazetteer.part(postcode.district()).unwrap().count, 4);
        assert_eq!(gazetteer.part(postcode.area()).unwrap().count, 5);
        let of: Vec<_> =
            gazetteer.postcodes_of(postcode.district()).map(|one| one.postcode.to_string()).collect();
        assert_eq!(of, ["DY1 1AA", "DY1 1HF", "DY1 1ZZ", "DY1 4BB"]);
        let ended = Gazetteer::new(vec![entries()[4]], Vec::new());
        assert_eq!(ended.part(postcode.sector()).unwrap().mean, entries()[4].grid);
    }

    #[test]
    fn a_beginning_finds_parts_and_postcodes_in_order() {
        let gazetteer = Gazetteer::new(entries(), Vec::new());
        let parts = |typed: &str| {
            let prefix = Prefix::of(typed).unwrap();
            gazetteer.parts_beginning(&prefix).map(|one| one.part.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(parts("dy"), ["DY1", "DY11", "DY1 1", "DY1 4", "DY11 4"]);
        assert_eq!(parts("dy11"), ["DY11", "DY1 1", "DY11 4"]);
        let prefix = Prefix::of("dy11").unwrap();
        let postcodes: Vec<_> =
            gazetteer.postcodes_beginning(&prefix).map(|one| one.postcode.to_string()).collect();
        assert_eq!(postcodes, ["DY1 1AA", "DY1 1HF", "DY1 1ZZ", "DY11 4BB"]);
    }

    #[test]
    fn the_order_of_entries_makes_no_difference_and_memory_is_24_bytes_an_entry() {
        let mut twice = entries();
        twice.push(PostcodeEntry { terminated: true, ..entries()[0] });
        let forwards = Gazetteer::new(twice.clone(), Vec::new());
        twice.reverse();
        assert_eq!(forwards, Gazetteer::new(twice, Vec::new()));
        assert_eq!(forwards.postcode_count(), 5);

        let at = GridPoint::new(1.0, 2.0).unwrap();
        let uprns =
            (1..=1_000).map(|number| UprnEntry { uprn: Uprn::new(number).unwrap(), grid: at }).collect();
        let gazetteer = Gazetteer::new(Vec::new(), uprns);
        assert_eq!(gazetteer.memory_bytes(), 24_000);
        assert_eq!(gazetteer.uprn(Uprn::new(1_000).unwrap()), Some(at));
        assert_eq!(gazetteer.uprn(Uprn::new(1_001).unwrap()), None);
    }
}
