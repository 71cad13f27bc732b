//! Cells of H3 as zones of a global grid: any cell of any level, wherever it is.

use std::{fmt, str::FromStr};

use geo::{BoundingRect, Polygon};
use h3o::{
    CellIndex, LatLng, Resolution,
    geom::{ContainmentMode, TilerBuilder},
};

use super::centre_of;
use crate::model::{Invalid, LonLat, LonLatShape};

/// A level of H3, from 0 (122 zones, the whole earth) to 15 (about a square metre).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ZoneLevel(Resolution);

impl ZoneLevel {
    /// The finest.
    pub const FINEST: Self = Self(Resolution::Fifteen);

    /// # Errors
    /// [`Invalid`] unless it is 0 to 15.
    pub fn new(level: u8) -> Result<Self, Invalid> {
        Resolution::try_from(level).map(Self).map_err(|_beyond| Invalid::new(level, RULE))
    }

    /// All, from the coarsest.
    pub fn all() -> impl Iterator<Item = Self> {
        Resolution::range(Resolution::Zero, Resolution::Fifteen).map(Self)
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0.into()
    }

    /// How many zones there are on the earth.
    pub const fn zones(self) -> u64 {
        self.0.cell_count()
    }

    /// The mean area of a zone on H3's sphere, m².
    pub const fn mean_area_m2(self) -> f64 {
        self.0.area_m2()
    }

    /// The level that lies so much deeper; `None` beyond the finest.
    pub fn deeper(self, by: u8) -> Option<Self> {
        self.get().checked_add(by).and_then(|level| Self::new(level).ok())
    }
}

const RULE: &str = "a level is a whole number from 0 to 15";

impl FromStr for ZoneLevel {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refused = |_not_a_number| Invalid::new(text, RULE);
        text.parse::<u8>().map_err(refused).and_then(Self::new)
    }
}

/// A zone: a cell of H3. Zones are ordered by level and then by index, which is the order of sub-zones.
///
/// # Example
/// ```
/// use hotspots::analysis::hex::Zone;
/// let zone: Zone = "89195c0c4cbffff".parse().unwrap();
/// assert_eq!((zone.level().get(), zone.parent().unwrap().to_string()), (9, "88195c0c4dfffff".to_owned()));
/// assert!(zone.parent().unwrap().holds(zone));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zone(CellIndex);

impl FromStr for Zone {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let zone = text.parse().ok().map(Self);
        // One zone has one name: capitals and signs are none.
        zone.filter(|zone| zone.to_string() == text)
            .ok_or_else(|| Invalid::new(text, "an H3 cell is written as its index, as in 89195c0c4cbffff"))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Zone {
    /// Its level.
    pub fn level(self) -> ZoneLevel {
        ZoneLevel(self.0.resolution())
    }

    /// Whether it has five sides, as twelve zones of each level have. None of them lies near Great Britain.
    pub fn is_pentagon(self) -> bool {
        self.0.is_pentagon()
    }

    /// Its area on H3's sphere, m². On the national grid a zone of Great Britain has some 0.3 % more.
    pub fn area_m2(self) -> f64 {
        self.0.area_m2()
    }

    /// Its centre.
    ///
    /// # Errors
    /// [`Invalid`] never: a centre is a position.
    pub fn centre(self) -> Result<LonLat, Invalid> {
        centre_of(self.0).ok_or_else(|| Invalid::new(self, "a zone has a centre"))
    }

    /// Its ground in degrees, in two parts where it lies across the 180th meridian.
    pub fn shape(self) -> LonLatShape {
        LonLatShape(self.0.into())
    }

    /// West, south, east and north of its ground, degrees; the west is the greater number where it lies across the
    /// 180th meridian.
    pub fn limits(self) -> Option<[f64; 4]> {
        let shape = self.shape().0;
        let whole = shape.bounding_rect()?;
        let (south, north) = (whole.min().y, whole.max().y);
        let parts = || shape.iter().filter_map(Polygon::bounding_rect);
        if shape.0.len() < 2 {
            return Some([whole.min().x, south, whole.max().x, north]);
        }
        let west = parts().map(|part| part.min().x).filter(|x| *x > 0.0).fold(180.0, f64::min);
        let east = parts().map(|part| part.max().x).filter(|x| *x < 0.0).fold(-180.0, f64::max);
        Some([west, south, east, north])
    }

    /// The zone of the level above that its centre lies in.
    pub fn parent(self) -> Option<Self> {
        self.0.parent(self.0.resolution().pred()?).map(Self)
    }

    /// Its sub-zones so many levels below, in their order; none beyond the finest level.
    pub fn descendants(self, depth: u8) -> impl Iterator<Item = Self> {
        let level = self.level().deeper(depth);
        level.into_iter().flat_map(move |level| self.0.children(level.0)).map(Self)
    }

    /// How many sub-zones there are at a level; none at one above its own.
    pub fn count_at(self, level: ZoneLevel) -> u64 {
        self.0.children_count(level.0)
    }

    /// The zones of its level that touch it.
    pub fn neighbours(self) -> Vec<Self> {
        let around: Vec<CellIndex> = self.0.grid_disk(1);
        let mut around: Vec<_> = around.into_iter().filter(|other| *other != self.0).map(Self).collect();
        around.sort_unstable();
        around
    }

    /// Whether another is one of its sub-zones, or itself.
    pub fn holds(self, other: Self) -> bool {
        other.0.parent(self.0.resolution()) == Some(self.0)
    }

    /// Every zone of a level that has ground in a box of degrees, in their order. The box lies on one side of the
    /// 180th meridian and holds no pole.
    ///
    /// # Errors
    /// [`Invalid`] for more than `most` zones.
    pub fn covering(
        west_south: LonLat,
        east_north: LonLat,
        level: ZoneLevel,
        most: usize,
    ) -> Result<Vec<Self>, Invalid> {
        let too_many = |about: usize| {
            let rule = format!(
                "there are {about} zones of this level or fewer, and at most {most} are listed; take a lower level or a smaller box"
            );
            Invalid::new(level.get(), rule)
        };
        // A box without width is a line, and the tiler takes areas: a centimetre makes it one.
        const MARGIN_DEG: f64 = 1e-7;
        let shape = geo_types::Rect::new(
            (west_south.lon_deg() - MARGIN_DEG, west_south.lat_deg() - MARGIN_DEG),
            (east_north.lon_deg() + MARGIN_DEG, east_north.lat_deg() + MARGIN_DEG),
        );
        let mut tiler = TilerBuilder::new(level.0).containment_mode(ContainmentMode::Covers).build();
        tiler
            .add(shape.to_polygon())
            .map_err(|cause| Invalid::new("box", format!("a box is a valid polygon ({cause})")))?;
        // The hint is an upper bound, and may be some times what there is.
        let hint = tiler.coverage_size_hint();
        if hint > most.saturating_mul(4) {
            return Err(too_many(hint));
        }
        let mut zones: Vec<_> = tiler.into_coverage().map(Self).collect();
        if zones.len() > most {
            return Err(too_many(zones.len()));
        }
        zones.sort_unstable();
        zones.dedup();
        Ok(zones)
    }

    /// Zones of one level with those put together of which all that have the same parent are there, in their order.
    pub fn compacted(zones: Vec<Self>) -> Vec<Self> {
        let mut cells: Vec<_> = zones.iter().map(|zone| zone.0).collect();
        match CellIndex::compact(&mut cells) {
            Ok(()) => {
                cells.sort_unstable();
                cells.into_iter().map(Self).collect()
            }
            // Of several levels, or twice the same: as they are.
            Err(_) => zones,
        }
    }
}

/// The zone of a level that holds a position.
pub fn zone_of(at: LonLat, level: ZoneLevel) -> Zone {
    // A checked position is finite, and a finite position is never refused.
    Zone(LatLng::new(at.lat_deg(), at.lon_deg()).unwrap_or_default().to_cell(level.0))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    fn level(number: u8) -> ZoneLevel {
        ZoneLevel::new(number).unwrap()
    }

    #[test]
    fn a_zone_has_one_name() {
        let zone: Zone = "89195c0c4cbffff".parse().unwrap();
        assert_eq!(zone, zone_of(at(-2.080_949, 52.549_678), level(9)));
        for text in
            ["", "89195C0C4CBFFFF", "+89195c0c4cbffff", "089195c0c4cbffff", "ffffffffffffffff", "0", "hex"]
        {
            assert!(text.parse::<Zone>().is_err(), "{text}");
        }
    }

    #[test]
    fn families_of_zones_fit_together() {
        for zone in [at(-2.08, 52.55), at(179.99, 10.0), at(0.0, 89.9)].map(|at| zone_of(at, level(5))) {
            let children: Vec<_> = zone.descendants(1).collect();
            assert!(children.is_sorted() && children.len() as u64 == zone.count_at(level(6)));
            assert!(children.iter().all(|child| child.parent() == Some(zone) && zone.holds(*child)));
            assert_eq!(zone.descendants(0).collect::<Vec<_>>(), [zone]);
            assert_eq!(zone.descendants(11).count(), 0);
            let around = zone.neighbours();
            assert!(around.iter().all(|other| other.neighbours().contains(&zone) && !zone.holds(*other)));
            assert_eq!(around.len(), 6);
            assert!((zone.area_m2() / 253e6 - 1.0).abs() < 0.5);
            let mut family: Vec<_> = children.clone();
            family.push(around[0].descendants(1).next().unwrap());
            family.sort_unstable();
            assert_eq!(Zone::compacted(family.clone()).len(), 2);
        }
        assert!(zone_of(at(0.0, 0.0), level(0)).parent().is_none());
        assert!(!zone_of(at(0.0, 0.0), level(1)).holds(zone_of(at(0.0, 0.0), level(0))));
    }

    #[test]
    fn limits_hold_the_ground_on_both_sides_of_the_meridian() {
        let [west, south, east, north] = zone_of(at(-2.08, 52.55), level(7)).limits().unwrap();
        assert!(west < -2.08 && -2.08 < east && south < 52.55 && 52.55 < north && east - west < 0.1);
        let zone = zone_of(at(180.0, 10.0), level(4));
        let [west, _, east, _] = zone.limits().unwrap();
        assert!((179.0..180.0).contains(&west) && (-180.0..-179.0).contains(&east), "{west} {east}");
    }

    #[test]
    fn the_zones_of_a_box_are_those_that_positions_in_it_lie_in() {
        let (low, high) = (at(-2.2, 52.4), at(-2.0, 52.6));
        for number in 0..=9 {
            let zones: BTreeSet<_> =
                Zone::covering(low, high, level(number), 100_000).unwrap().into_iter().collect();
            let step = |from: f64, to: f64, part: u32| from + (to - from) * f64::from(part) / 300.0;
            let mut found = BTreeSet::new();
            for x in 0..=300 {
                for y in 0..=300 {
                    let position = at(step(-2.2, -2.0, x), step(52.4, 52.6, y));
                    found.insert(zone_of(position, level(number)));
                }
            }
            assert!(found.is_subset(&zones), "{number}");
            // What no position was found in only just reaches into the box.
            assert!(
                zones.len() - found.len() <= 2 + zones.len() / 20,
                "{number}: {} {}",
                zones.len(),
                found.len()
            );
        }
        let point = Zone::covering(low, low, level(9), 10).unwrap();
        assert_eq!(point, [zone_of(low, level(9))]);
        assert!(Zone::covering(low, high, level(11), 1_000).is_err());
        assert!(Zone::covering(at(-9.1, 49.7), at(2.1, 61.0), level(15), 1_000).is_err());
    }
}
