//! Places by what somebody types: areas, streets, grid references, coordinates.

mod index;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use geo::{BoundingRect, InteriorPoint};

use self::index::{Names, comparable};
use super::Service;
use crate::{
    crs,
    model::{Area, Generation, GridPoint, LonLat, Metres, Position},
    snapshot::Snapshot,
};

/// What a place is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    /// An area of the boundary layer with that id.
    Area(String),
    /// A street that incidents name.
    Street,
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
    /// A position in it, in degrees.
    pub at: LonLat,
    /// The box around it in degrees: west, south, east, north; `None` for what is one position.
    pub bbox: Option<[f64; 4]>,
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
    /// Then come areas and streets whose name is the text, begins with it, has words that begin with its words in
    /// their order, or holds it; within each by name and code. Case, accents, apostrophes and points do not matter.
    /// An area is also found by its whole code.
    ///
    /// A street is the incidents with its name in one area of the first layer; its position is the place of one of
    /// them, that nearest to the mean of their places.
    pub fn places(&self, typed: &str, most: usize, with_streets: bool, snapshot: &Snapshot) -> Vec<Place> {
        let mut places: Vec<Place> = self.position_of(typed).into_iter().collect();
        let text = comparable(typed);
        let streets = with_streets.then(|| self.street_names(snapshot));
        let mut found = self.held_places.areas.get_or_init(|| self.area_names()).find(&text, most);
        if let Some(streets) = &streets {
            found.extend(streets.find(&text, most));
            found.sort_by(|(one, _), (other, _)| one.order(other));
        }
        places.extend(found.into_iter().map(|(_, place)| place.clone()));
        places.truncate(most);
        places
    }

    /// The place of a grid reference or a pair of degrees; `None` for any other text, and outside Great Britain.
    fn position_of(&self, typed: &str) -> Option<Place> {
        let (kind, name, position, side) = grid_square(typed).or_else(|| coordinates(typed))?;
        Some(Place {
            kind,
            name,
            context: self.context_of(position.grid),
            code: None,
            at: position.lonlat,
            bbox: side.and_then(|side| square_bbox(position.grid, side)),
        })
    }

    /// The name of the area of the first layer at a position.
    fn context_of(&self, at: GridPoint) -> Option<String> {
        let (number, layer) = self.boundaries.in_force(None).first().copied()?;
        self.locators.layers()[number].locate(at).map(|area| layer.areas[usize::from(area)].name.clone())
    }

    fn area_names(&self) -> Names {
        let areas = self.boundaries.in_force(None).into_iter().flat_map(|(_, layer)| {
            let place = move |area: &Area| {
                let at = area.lonlat.0.interior_point()?;
                Some(Place {
                    kind: PlaceKind::Area(layer.id.to_string()),
                    name: area.name.clone(),
                    context: Some(layer.title.clone()),
                    code: Some(area.code.to_string()),
                    at: LonLat::new(at.x(), at.y()).ok()?,
                    bbox: area
                        .lonlat
                        .0
                        .bounding_rect()
                        .map(|of| [of.min().x, of.min().y, of.max().x, of.max().y]),
                })
            };
            layer.areas.iter().filter_map(place)
        });
        Names::of(areas)
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
                at: places.lonlat(middle),
                bbox: bbox(at.iter().map(|place| places.lonlat(*place))),
            })
        };
        streets.into_iter().filter(|((name, _), _)| !name.is_empty()).filter_map(street).collect()
    }
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

/// What a position was read from: its kind, its name as it is shown, itself, and the side of its square.
type Read = (PlaceKind, String, Position, Option<Metres>);

/// A grid reference. Two letters alone are the beginning of a name rather than a square of 100 km.
fn grid_square(typed: &str) -> Option<Read> {
    let letters: String = typed.split_whitespace().collect::<String>().to_ascii_uppercase();
    let (centre, side) = crs::gridref::parse(&letters).ok()?;
    let half = (letters.len() - 2) / 2;
    if half == 0 {
        return None;
    }
    // What was parsed is ASCII.
    let (square, digits) = letters.split_at(2);
    let (east, north) = digits.split_at(half);
    let position = crs::from_grid(centre).ok()?;
    Some((PlaceKind::GridReference, format!("{square} {east} {north}"), position, Some(side)))
}

/// Latitude and longitude, as people write them, or the other way round: in Great Britain no pair is both.
fn coordinates(typed: &str) -> Option<Read> {
    let parts: Vec<&str> = typed
        .split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .collect();
    let &[one, other] = parts.as_slice() else { return None };
    let (one, other) = (degrees(one)?, degrees(other)?);
    let position = |lat: f64, lon: f64| LonLat::new(lon, lat).and_then(crs::from_lonlat).ok();
    let position = position(one, other).or_else(|| position(other, one))?;
    let name = format!("{}, {}", position.lonlat.lat_deg(), position.lonlat.lon_deg());
    Some((PlaceKind::Coordinates, name, position, None))
}

/// A number of degrees, with or without the sign for them.
fn degrees(text: &str) -> Option<f64> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let text = text.trim_end_matches('°').replace('−', "-");
    text.parse::<f64>().ok().filter(|number| number.is_finite() && text.chars().all(plain))
}

fn square_bbox(centre: GridPoint, side: Metres) -> Option<[f64; 4]> {
    let half = side.get() / 2.0;
    let corner = |east: f64, north: f64| {
        let at = GridPoint::new(centre.easting_m() + east, centre.northing_m() + north).ok()?;
        crs::osgb::to_lonlat(at).ok()
    };
    let corners = [(-half, -half), (half, -half), (-half, half), (half, half)];
    let corners: Option<Vec<LonLat>> = corners.into_iter().map(|(east, north)| corner(east, north)).collect();
    bbox(corners?.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_references_are_read_with_two_digits_or_more() {
        let (kind, name, position, side) = grid_square("so 945905").unwrap();
        assert_eq!(
            (kind, name.as_str(), side.unwrap().get()),
            (PlaceKind::GridReference, "SO 945 905", 100.0)
        );
        assert_eq!(position.grid.easting_m().to_string(), "394550");
        let [west, south, east, north] = square_bbox(position.grid, side.unwrap()).unwrap();
        assert!(west < position.lonlat.lon_deg() && position.lonlat.lon_deg() < east);
        assert!(south < position.lonlat.lat_deg() && position.lonlat.lat_deg() < north);
        for text in ["so", "st", "SO 9", "Soho 12", "", "ſt 12", "ZZ 12 12"] {
            assert!(grid_square(text).is_none(), "{text}");
        }
    }

    #[test]
    fn degrees_are_read_in_both_orders_and_only_in_great_britain() {
        for text in ["52.51, -2.08", "52.51 -2.08", "-2.08,52.51", "52.51°; −2.08°"] {
            let (kind, name, position, _) = coordinates(text).unwrap();
            assert_eq!((kind, name.as_str()), (PlaceKind::Coordinates, "52.51, -2.08"), "{text}");
            assert!((position.lonlat.lat_deg() - 52.51).abs() < 1e-12);
        }
        for text in
            ["52.51", "52.51, -2.08, 3", "1, 2", "52.51, nan", "5e1, -2", "inf, 2", "a, b", "48.8, 2.3"]
        {
            assert!(coordinates(text).is_none(), "{text}");
        }
    }

    #[test]
    fn streets_are_named_without_what_stands_before_all_of_them() {
        assert_eq!(street_name("On or near Siddons Road "), "Siddons Road");
        assert_eq!(street_name("ON OR NEAR A"), "A");
        assert_eq!(street_name("On or nearby"), "On or nearby");
        assert_eq!(street_name("On or near "), "On or near");
    }
}
