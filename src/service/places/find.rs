//! What a text names: every place that it may be, and nothing that it only resembles.

use super::{
    Place,
    understood::{Understood, pair},
};
use crate::{
    crs,
    gazetteer::Uprn,
    model::{Invalid, Position, words},
    service::{Service, geocoding::Geocoded},
    snapshot::Snapshot,
};

use super::postcodes::why_not_found;

/// Similar names that are told where nothing is found.
const SIMILAR: usize = 3;

/// Places that are told for one entry of a list.
const MOST_IN_LIST: usize = 20;

/// What was found.
pub struct Found {
    /// One place where it is certain which is meant, several where it is not, none where nothing is so called.
    pub matches: Vec<Match>,
    /// What has to be known about them: why there are none, or that there are several.
    pub notice: Option<String>,
}

/// A place and what is known about its position.
pub struct Match {
    /// The place.
    pub place: Place,
    /// Where that is.
    pub at: Geocoded,
}

impl Service {
    /// Every place that a text names: a position, a postcode or a wider form of one, a property, areas and streets whose
    /// whole name or code it is. Which texts are understood is told at [`Service::places`]. `with_streets` is for those
    /// who may see what is learnt from single incidents. For an entry of a list (`in_list`) similar names are not looked for, and at
    /// most 20 places are told: a list may be long.
    pub fn find(&self, typed: &str, with_streets: bool, in_list: bool, snapshot: &Snapshot) -> Found {
        let meant = Understood::of(typed);
        let square = meant.position.as_ref().and_then(|(_, _, _, side)| *side);
        let mut places: Vec<Place> =
            meant.position.clone().map(|read| self.read_place(read)).into_iter().collect();
        let positions = places.len();
        places.extend(self.postcodes_named(&meant.postcodes));
        places.extend(meant.uprn.and_then(|uprn| self.uprn_place(uprn)));
        places.extend(self.held_areas().exactly(&meant.name).cloned());
        if with_streets {
            places.extend(self.street_names(snapshot).exactly(&meant.name).cloned());
        }
        if places.is_empty() {
            places.extend(self.area_of_older_vintage(typed));
        }
        let all = places.len();
        if in_list {
            places.truncate(MOST_IN_LIST);
        }
        let notice = match places.as_slice() {
            [] => Some(self.why_nothing(typed, &meant, with_streets, in_list, snapshot)),
            [_] => None,
            several => {
                let told = if several.len() < all {
                    format!("; {} of them are told", several.len())
                } else {
                    String::new()
                };
                Some(format!(
                    "{} places are so called: which one is meant is told by kind and context{told}.",
                    words::count(all as u64)
                ))
            }
        };
        let matched = |(number, place): (usize, Place)| {
            let square = square.filter(|_| number < positions);
            Match { at: self.geocode(place.at, square), place }
        };
        Found { matches: places.into_iter().enumerate().map(matched).collect(), notice }
    }

    fn why_nothing(
        &self,
        typed: &str,
        meant: &Understood,
        with_streets: bool,
        in_list: bool,
        snapshot: &Snapshot,
    ) -> String {
        let gazetteer = &self.gazetteer().gazetteer;
        // Letters alone are rather a name than the area of postcodes that they may be.
        let is_code = meant.prefix.as_ref().is_some_and(super::Prefix::has_digit) || meant.uprn.is_some();
        if is_code && let Some(told) = why_not_found(&meant.postcodes, meant.uprn, gazetteer) {
            return told;
        }
        if pair(typed).is_some() {
            return "A pair of degrees is a place here where it lies in Great Britain, and this one does not.".to_owned();
        }
        let shown = Invalid::new(typed, "").value;
        let mut told = format!("No ward, beat or other area here is called '{shown}'");
        told.push_str(if with_streets { ", and no street that an incident names." } else { "." });
        if !in_list {
            let mut similar: Vec<String> = self
                .places(typed, SIMILAR, with_streets, snapshot)
                .into_iter()
                .map(|place| place.name)
                .collect();
            similar.dedup();
            if !similar.is_empty() {
                told = format!("{told} Similar: {}.", similar.join(", "));
            }
        }
        told
    }

    /// The position of a full postcode.
    ///
    /// # Errors
    /// [`Invalid`] for what is no full postcode, and for one that the gazetteer does not have.
    pub fn position_of_postcode(&self, text: &str) -> Result<Position, Invalid> {
        let postcode = text.parse()?;
        let gazetteer = &self.gazetteer().gazetteer;
        let name = crate::gazetteer::PostcodeName::Full(postcode);
        let unknown = || Invalid::new(postcode, why_not_found(&[name], None, gazetteer).unwrap_or_default());
        crs::from_grid(gazetteer.postcode(postcode).ok_or_else(unknown)?.grid)
    }

    /// The position of a property.
    ///
    /// # Errors
    /// [`Invalid`] for what is no UPRN, and for one that the gazetteer does not have.
    pub fn position_of_uprn(&self, text: &str) -> Result<Position, Invalid> {
        let uprn: Uprn = text.parse()?;
        let gazetteer = &self.gazetteer().gazetteer;
        let unknown = || Invalid::new(uprn, why_not_found(&[], Some(uprn), gazetteer).unwrap_or_default());
        crs::from_grid(gazetteer.uprn(uprn).ok_or_else(unknown)?)
    }
}
