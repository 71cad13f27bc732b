//! Hotspot polygons: the places where an intensity reaches a limit, one by one, with what they hold.
//!
//! A hotspot is a connected part of the region in which the surface is at least the limit, clipped to the
//! study area; parts that only touch in a point are two. The polygons are those of [`bands`]
//! above one limit: valid, and none overlaps another. An event belongs to the hotspot that holds its position,
//! border included; of two that meet in that very point, to the one whose peak lies further south, then west.

mod areas;
mod cells;
mod streets;

use geo::Area as _;
use geo_types::Polygon;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

pub use self::{
    areas::{AreaShare, area_shares},
    streets::commonest,
};
use super::{
    bands::{self, Thresholds},
    contained::Northward,
    density::Surface,
};
use crate::model::{GridPoint, GridShape, SquareMetres};

/// What happened at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Events {
    /// Where it is.
    pub position: GridPoint,
    /// How many events there were.
    pub count: u32,
    /// The sum of their weights, finite and not negative.
    pub weight: f64,
}

/// Which polygons are hotspots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HotspotRule {
    /// The least intensity, events per km². There is no hotspot unless it is finite and above zero.
    pub limit_per_km2: f64,
    /// Smaller polygons are left out.
    pub minimum_area: SquareMetres,
    /// Polygons that hold fewer events are left out.
    pub minimum_count: u64,
}

/// Events and the ground they lie on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Held {
    /// How many polygons.
    pub polygons: usize,
    /// How many events.
    pub count: u64,
    /// The sum of their weights.
    pub weighted: f64,
    /// The ground.
    pub area: SquareMetres,
}

impl Held {
    fn at(events: &Events) -> Self {
        Self { count: u64::from(events.count), weighted: events.weight, ..Self::default() }
    }

    /// All together, added up in their order.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::default(), |sum, each| Self {
            polygons: sum.polygons + each.polygons,
            count: sum.count + each.count,
            weighted: sum.weighted + each.weighted,
            area: SquareMetres(sum.area.0 + each.area.0),
        })
    }

    /// Which part of a whole it is.
    ///
    /// # Example
    /// ```
    /// use hotspots::{analysis::hotspots::Held, model::SquareMetres};
    /// let held = |count, km2| Held { polygons: 1, count, weighted: 0.0, area: SquareMetres(km2 * 1e6) };
    /// let share = held(50, 12.5).share_of(&held(100, 100.0));
    /// assert_eq!((share.area, share.count, share.weighted), (Some(0.125), Some(0.5), None));
    /// assert_eq!(share.pai(), Some(4.0));
    /// ```
    pub fn share_of(&self, whole: &Self) -> Share {
        let part = |a: f64, of: f64| (of > 0.0).then(|| a / of);
        Share {
            area: part(self.area.0, whole.area.0),
            count: part(self.count as f64, whole.count as f64),
            weighted: part(self.weighted, whole.weighted),
        }
    }
}

/// Parts of a whole, 0 to 1; `None` where the whole is nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Of the ground.
    pub area: Option<f64>,
    /// Of the events.
    pub count: Option<f64>,
    /// Of the sum of their weights.
    pub weighted: Option<f64>,
}

impl Share {
    /// The predictive accuracy index, the share of the events over the share of the ground: how many times
    /// denser events lie here than in the whole. Chainey, S., Tompson, L. and Uhlig, S. (2008),
    /// doi 10.1057/palgrave.sj.8350066. Over the events that drew the polygon it describes and does not
    /// predict. `None` where a share is.
    pub fn pai(&self) -> Option<f64> {
        Some(self.count? / self.area.filter(|area| *area > 0.0)?)
    }
}

/// Where a surface is highest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// The number of the cell in the surface.
    pub cell: usize,
    /// Its centre.
    pub position: GridPoint,
    /// The intensity there, events per km².
    pub per_km2: f64,
}

/// One hotspot.
#[derive(Clone, Debug, PartialEq)]
pub struct Hotspot {
    /// Its polygon, exterior anticlockwise.
    pub shape: Polygon<f64>,
    /// What it holds.
    pub held: Held,
    /// Its hottest cell; of equally hot ones the first, from the south-west.
    pub peak: Peak,
    /// The cells of the surface whose centre it holds, ascending.
    pub cells: Vec<u32>,
    /// The numbers of the places whose events it holds, ascending.
    pub places: Vec<u32>,
}

impl Hotspot {
    /// Events per km².
    pub fn per_km2(&self) -> f64 {
        self.held.count as f64 / self.held.area.km2()
    }
}

/// All hotspots of a surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Hotspots {
    /// The hotspots by weighted count, the highest first; of equal ones the one with the higher peak first,
    /// then the one whose peak lies further south, then west.
    pub ranked: Vec<Hotspot>,
    /// The polygons that were left out: below the minimum, or without the centre of any cell, so that the
    /// surface is not known in them.
    pub omitted: Held,
    /// What lies outside all of them.
    pub elsewhere: Held,
}

impl Hotspots {
    /// What all hotspots hold together.
    pub fn together(&self) -> Held {
        Held::sum(self.ranked.iter().map(|hotspot| hotspot.held))
    }
}

/// The hotspots of a surface in a study area, with the events of `events` that they hold.
///
/// Counts are exact: those of the hotspots, of the polygons left out and of what lies elsewhere add up to
/// all events, and so do the areas to the study area, to rounding.
///
/// # Example
/// ```
/// # use geo_types::{MultiPolygon, polygon};
/// use hotspots::analysis::{density, hotspots::{Events, HotspotRule, hotspots}};
/// # use hotspots::model::{GridPoint, GridShape, Metres, SquareMetres};
/// # let outline = GridShape(MultiPolygon(vec![
/// #     polygon![(x: 0.0, y: 0.0), (x: 2_000.0, y: 0.0), (x: 2_000.0, y: 2_000.0), (x: 0.0, y: 2_000.0)],
/// # ]));
/// let at = |easting_m, count| {
///     let position = GridPoint::new(easting_m, 1_000.0).unwrap();
///     Events { position, count, weight: f64::from(count) }
/// };
/// let events = [at(500.0, 9), at(1_500.0, 20), at(1_900.0, 1)];
/// let points = events.map(|e| density::WeightedPoint { position: e.position, weight: e.weight });
/// let cell = Metres::new(50.0).unwrap();
/// let grid = density::RasterGrid::covering(&outline, cell, cell).unwrap();
/// let surface = density::intensity(&points, &grid, density::Kernel::Quartic, Metres::new(200.0).unwrap());
/// let rule = HotspotRule {
///     limit_per_km2: 100.0,
///     minimum_area: SquareMetres(0.0),
///     minimum_count: 0,
/// };
/// let found = hotspots(&surface, &rule, &outline, &events);
/// let counts: Vec<_> = found.ranked.iter().map(|hotspot| hotspot.held.count).collect();
/// assert_eq!((counts, found.elsewhere.count), (vec![20, 9], 1));
/// ```
pub fn hotspots(surface: &Surface, rule: &HotspotRule, outline: &GridShape, events: &[Events]) -> Hotspots {
    let northward = Northward::new(events.iter().map(|event| event.position));
    let mut taken = vec![false; events.len()];
    let (mut ranked, mut omitted) = (Vec::new(), Held::default());
    for Part { shape, cells, peak, mut places } in parts(surface, rule.limit_per_km2, outline, &northward) {
        places.retain(|place| !std::mem::replace(&mut taken[*place as usize], true));
        let area = SquareMetres(shape.unsigned_area());
        let inside = Held::sum(places.iter().map(|place| Held::at(&events[*place as usize])));
        let held = Held { polygons: 1, area, ..inside };
        match peak {
            Some(peak) if area >= rule.minimum_area && held.count >= rule.minimum_count => {
                ranked.push(Hotspot { shape, held, peak, cells, places });
            }
            _ => omitted = Held::sum([omitted, held]),
        }
    }
    ranked.sort_by(|a, b| {
        let by_weight = b.held.weighted.total_cmp(&a.held.weighted);
        by_weight.then(b.peak.per_km2.total_cmp(&a.peak.per_km2)).then(a.peak.cell.cmp(&b.peak.cell))
    });
    let left = events.iter().zip(taken).filter(|(_, taken)| !taken).map(|(event, _)| Held::at(event));
    let drawn = Held::sum(ranked.iter().map(|hotspot| hotspot.held)).area.0 + omitted.area.0;
    let area = SquareMetres((outline.0.unsigned_area() - drawn).max(0.0));
    let elsewhere = Held { area, ..Held::sum(left) };
    Hotspots { ranked, omitted, elsewhere }
}

/// A part of the region above the limit.
struct Part {
    shape: Polygon<f64>,
    cells: Vec<u32>,
    /// `None` where it holds no cell's centre.
    peak: Option<Peak>,
    places: Vec<u32>,
}

/// The parts of the region above a limit, those without a peak first, then in the order of their peaks.
fn parts(surface: &Surface, limit: f64, outline: &GridShape, northward: &Northward) -> Vec<Part> {
    let Ok(limit) = Thresholds::new(&[limit]) else { return Vec::new() };
    let region = bands::bands(surface, &limit, outline).into_iter().flat_map(|band| band.shape.0);
    let mut parts: Vec<Part> = region
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|shape| {
            let cells = cells::within(&surface.grid, &shape);
            let peak = cells::peak(surface, &cells);
            let places = northward.within(&shape);
            Part { shape, cells, peak, places }
        })
        .collect();
    parts.sort_by_key(|part| part.peak.map(|peak| peak.cell));
    parts
}

#[cfg(test)]
mod tests;
