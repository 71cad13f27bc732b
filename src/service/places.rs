//! Places by what somebody types: areas, streets, postcodes, properties, grid references, coordinates.

pub mod find;
mod index;
mod postcodes;
mod understood;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use geo::{BoundingRect, InteriorPoint};

use self::{
    index::Names,
    understood::{Read, Understood},
};
use super::Service;
use crate::{
    crs,
    gazetteer::prefix::Prefix,
    model::{Area, Generation, GridPoint, Layer, LonLat, Metres, Position},
    snapshot::Snapshot,
};

/// What a place is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    /// An area of the boundary layer with that id.
    Area(String),
    /// A street that incidents name.
    Street,
    /// A full postcode.
    Postcode,
    /// A sector of postcodes.
    PostcodeSector,
    /// A district of postcodes, named by their outward code.
    PostcodeDistrict,
    /// All postcodes that begin with the same letters.
    PostcodeArea,
    /// A property by its reference number.
    Uprn,
    /// A square of the national grid.
    GridReference,
    /// A position in degrees.
    Coordinates,
}

impl PlaceKind {
    /// The word for it on the wire: of an area the id of its layer.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Area(layer) => layer,
            Self::Street => "street",
            Self::Postcode => "postcode",
            Self::PostcodeSector => "postcode-sector",
            Self::PostcodeDistrict => "postcode-district",
            Self::PostcodeArea => "postcode-area",
            Self::Uprn => "uprn",
            Self::GridReference => "grid-reference",
            Self::Coordinates => "coordinates",
        }
    }
}

/// A place that somebody may mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// What it is.
    pub kind: PlaceKind,
    /// Its name, as it is shown.
    pub name: String,
    /// What tells it from others of that name: the layer's title of an area, the area of the first layer that
    /// anything else lies in; `None` outside of all areas.
    pub context: Option<String>,
    /// The code of an area.
    pub code: Option<String>,
    /// A position in it.
    pub at: Position,
    /// The box around it in degrees: west, south, east, north; `None` for what is one position.
    pub bbox: Option<[f64; 4]>,
    /// Metres that what was meant may lie from the position, where that is known: the side of a square, the reach of a
    /// sector.
    pub precision_m: Option<f64>,
    /// What the position is, in a sentence, where that needs to be said.
    pub detail: Option<String>,
}

/// Names that are held ready.
#[derive(Debug, Default)]
pub(super) struct HeldPlaces {
    /// Areas stay as long as the service.
    areas: OnceLock<Names>,
    /// Streets of the snapshot that was asked last.
    streets: Mutex<Option<(Generation, Arc<Names>)>>,
}

/// How streets are called by police.uk.
const STREET_PREFIX: &str = "on or near ";

impl Service {
    /// At most `most` places that fit what somebody typed; `with_streets` for those who may see what is learnt
    /// from single incidents.
    ///
    /// A text that is a grid reference of two digits or more, or a pair of degrees, is that place, and stands first.
    /// Districts, sectors and postcodes that begin so come next, in this order, where the text has a digit, and last
    /// where it is letters alone. A whole UPRN is found as well. Then come areas and streets whose name is the text, begins with it, has words that begin with its words in
    /// their order, or holds it; within each by name and code. Case, accents, apostrophes and points do not matter.
    /// An area is also found by its whole code.
    ///
    /// A street is the incidents with its name in one area of the first layer; its position is the place of one of
    /// them, that nearest to the mean of their places.
    pub fn places(&self, typed: &str, most: usize, with_streets: bool, snapshot: &Snapshot) -> Vec<Place> {
        let meant = Understood::of(typed);
        let text = meant.name;
        let mut places: Vec<Place> = meant.position.map(|read| self.read_place(read)).into_iter().collect();
        let postcodes = meant.prefix.as_ref().map(|prefix| self.postcodes_beginning(prefix, most));
        let (first, last) = if meant.prefix.as_ref().is_some_and(Prefix::has_digit) {
            (postcodes, None)
        } else {
            (None, postcodes)
        };
        places.extend(first.into_iter().flatten());
        places.extend(meant.uprn.and_then(|uprn| self.uprn_place(uprn)));
        let streets = with_streets.then(|| self.street_names(snapshot));
        let mut found = self.held_areas().find(&text, most);
        if let Some(streets) = &streets {
            found.extend(streets.find(&text, most));
            found.sort_by(|(one, _), (other, _)| one.order(other));
        }
        places.extend(found.into_iter().map(|(_, place)| place.clone()));
        places.extend(last.into_iter().flatten());
        places.truncate(most);
        places
    }

    /// The place of a grid reference or a pair of degrees.
    fn read_place(&self, (kind, name, at, side): Read) -> Place {
        Place {
            kind,
            name,
            context: self.context_of(at.grid),
            code: None,
            at,
            bbox: side.and_then(|side| square_bbox(at.grid, side)),
            precision_m: side.map(Metres::get),
            detail: None,
        }
    }

    /// The areas of all layers, by their names.
    fn held_areas(&self) -> &Names {
        self.held_places.areas.get_or_init(|| self.area_names())
    }

    /// The name of the area of the first layer at a position.
    fn context_of(&self, at: GridPoint) -> Option<String> {
        let (number, layer) = self.boundaries.in_force(None).first().copied()?;
        self.locators.layers()[number].locate(at).map(|area| layer.areas[usize::from(area)].name.clone())
    }

    fn area_names(&self) -> Names {
        let layers = self.boundaries.in_force(None).into_iter();
        Names::of(layers.flat_map(|(_, layer)| {
            layer.areas.iter().filter_map(|area| area_place(layer, area, layer.title.clone()))
        }))
    }

    /// The area with that code in a vintage that is not the newest.
    fn area_of_older_vintage(&self, code: &str) -> Option<Place> {
        let vintages = self.boundaries.ids().into_iter().flat_map(|id| self.boundaries.vintages(id));
        let mut offered = vintages.filter(|(_, layer)| !layer.retired);
        offered.find_map(|(_, layer)| {
            let area = layer.areas.iter().find(|area| area.code.0.eq_ignore_ascii_case(code.trim()))?;
            area_place(layer, area, format!("{}, vintage {}", layer.title, layer.vintage))
        })
    }

    /// The streets of a snapshot, made on first use.
    fn street_names(&self, snapshot: &Snapshot) -> Arc<Names> {
        // Held while they are made, so that several who type at once wait for one making.
        let mut held = self.held_places.streets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, names)) = held.as_ref()
            && *known == snapshot.generation()
        {
            return Arc::clone(names);
        }
        let names = Arc::new(Names::of(self.streets(snapshot)));
        *held = Some((snapshot.generation(), Arc::clone(&names)));
        names
    }

    fn streets(&self, snapshot: &Snapshot) -> Vec<Place> {
        let places = snapshot.places();
        let main = self.boundaries.in_force(None).first().copied();
        // By name and area the places with incidents, in the snapshot's order.
        let mut streets: BTreeMap<(&str, Option<u16>), Vec<u32>> = BTreeMap::new();
        for place in places.ids().filter(|place| places.inside(*place)) {
            let area = main.and_then(|(number, _)| places.area(number, place));
            for name in places.rows_at(place).filter_map(|row| snapshot.street(row)) {
                let known = streets.entry((street_name(name), area)).or_default();
                if known.last() != Some(&place) {
                    known.push(place);
                }
            }
        }
        let areas = main.map_or(&[][..], |(_, layer)| &layer.areas);
        let street = |((name, area), at): ((&str, Option<u16>), Vec<u32>)| {
            let middle = middle(&at, snapshot)?;
            Some(Place {
                kind: PlaceKind::Street,
                name: name.to_owned(),
                context: area.and_then(|area| areas.get(usize::from(area))).map(|area| area.name.clone()),
                code: None,
                at: Position { grid: places.grid(middle), lonlat: places.lonlat(middle) },
                bbox: bbox(at.iter().map(|place| places.lonlat(*place))),
                precision_m: None,
                detail: None,
            })
        };
        streets.into_iter().filter(|((name, _), _)| !name.is_empty()).filter_map(street).collect()
    }
}

/// An area as a place; `None` for one without a position, which no layer has.
fn area_place(layer: &Layer, area: &Area, context: String) -> Option<Place> {
    let at = area.lonlat.0.interior_point()?;
    let bounds = area.lonlat.0.bounding_rect();
    Some(Place {
        kind: PlaceKind::Area(layer.id.to_string()),
        name: area.name.clone(),
        context: Some(context),
        code: Some(area.code.to_string()),
        at: LonLat::new(at.x(), at.y()).and_then(crs::from_lonlat).ok()?,
        bbox: bounds.map(|of| [of.min().x, of.min().y, of.max().x, of.max().y]),
        precision_m: None,
        detail: None,
    })
}

/// A street without the words that police.uk sets before every one.
fn street_name(recorded: &str) -> &str {
    let recorded = recorded.trim();
    match recorded.get(..STREET_PREFIX.len()) {
        Some(before) if before.eq_ignore_ascii_case(STREET_PREFIX) => recorded[STREET_PREFIX.len()..].trim(),
        _ => recorded,
    }
}

/// Of some places the one nearest to their mean; of two as near the first.
fn middle(at: &[u32], snapshot: &Snapshot) -> Option<u32> {
    let grid = |place: u32| snapshot.places().grid(place);
    let mean =
        |of: fn(GridPoint) -> f64| at.iter().map(|place| of(grid(*place))).sum::<f64>() / at.len() as f64;
    let (east, north) = (mean(GridPoint::easting_m), mean(GridPoint::northing_m));
    let distance = |place: u32| {
        let grid = grid(place);
        (grid.easting_m() - east).powi(2) + (grid.northing_m() - north).powi(2)
    };
    at.iter().copied().min_by(|one, other| distance(*one).total_cmp(&distance(*other)))
}

/// The box around positions; `None` where they are all one.
fn bbox(at: impl Iterator<Item = LonLat>) -> Option<[f64; 4]> {
    let nowhere = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let [west, south, east, north] = at.fold(nowhere, |[west, south, east, north], at| {
        let (lon, lat) = (at.lon_deg(), at.lat_deg());
        [west.min(lon), south.min(lat), east.max(lon), north.max(lat)]
    });
    (west < east || south < north).then_some([west, south, east, north])
}

/// The box in degrees around a square.
fn square_bbox(centre: GridPoint, side: Metres) -> Option<[f64; 4]> {
    let half = side.get() / 2.0;
    let corner = |by: f64| GridPoint::new(centre.easting_m() + by, centre.northing_m() + by).ok();
    box_in_degrees(corner(-half)?, corner(half)?)
}

/// The box in degrees around a box on the grid; `None` where that is one position.
fn box_in_degrees(min: GridPoint, max: GridPoint) -> Option<[f64; 4]> {
    let corner = |east: GridPoint, north: GridPoint| {
        let at = GridPoint::new(east.easting_m(), north.northing_m()).ok()?;
        crs::osgb::to_lonlat(at).ok()
    };
    let corners: Option<Vec<LonLat>> = [(min, min), (max, min), (min, max), (max, max)]
        .into_iter()
        .map(|(east, north)| corner(east, north))
        .collect();
    bbox(corners?.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_are_named_without_what_stands_before_all_of_them() {
        assert_eq!(street_name("On or near Siddons Road "), "Siddons Road");
        assert_eq!(street_name("ON OR NEAR A"), "A");
        assert_eq!(street_name("On or nearby"), "On or nearby");
        assert_eq!(street_name("On or near "), "On or near");
    }
}
