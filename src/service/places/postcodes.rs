//! Postcodes and properties as places.

use super::{Place, PlaceKind, box_in_degrees};
use crate::{
    crs,
    gazetteer::{Gazetteer, PartLevel, PartSummary, PostcodeEntry, PostcodeName, Uprn, prefix::Prefix},
    model::{Position, words},
    service::Service,
};

impl Service {
    /// At most `most` districts, sectors and postcodes that begin so, in this order. A name that is spelled out whole
    /// stands first.
    pub(super) fn postcodes_beginning(&self, prefix: &Prefix, most: usize) -> Vec<Place> {
        let gazetteer = &self.gazetteer().gazetteer;
        let parts = gazetteer.parts_beginning(prefix).filter_map(|part| self.part_place(part));
        let postcodes = gazetteer.postcodes_beginning(prefix).filter_map(|entry| self.postcode_place(&entry));
        parts.chain(postcodes).take(most).collect()
    }

    /// The places that a text names among postcodes.
    pub(super) fn postcodes_named(&self, names: &[PostcodeName]) -> Vec<Place> {
        let gazetteer = &self.gazetteer().gazetteer;
        let place = |name: &PostcodeName| match name {
            PostcodeName::Full(postcode) => self.postcode_place(&gazetteer.postcode(*postcode)?),
            PostcodeName::Part(part) => self.part_place(gazetteer.part(*part)?),
        };
        names.iter().filter_map(place).collect()
    }

    /// The place of a property.
    pub(super) fn uprn_place(&self, uprn: Uprn) -> Option<Place> {
        let at = crs::from_grid(self.gazetteer().gazetteer.uprn(uprn)?).ok()?;
        Some(self.named_place(PlaceKind::Uprn, uprn.to_string(), at))
    }

    fn postcode_place(&self, entry: &PostcodeEntry) -> Option<Place> {
        let at = crs::from_grid(entry.grid).ok()?;
        let ended = if entry.terminated { " The postcode is not in use any more." } else { "" };
        Some(Place {
            precision_m: entry.quality.within_m(),
            detail: Some(format!("Its position is {}.{ended}", entry.quality.words())),
            ..self.named_place(PlaceKind::Postcode, entry.postcode.to_string(), at)
        })
    }

    fn part_place(&self, summary: &PartSummary) -> Option<Place> {
        let at = crs::from_grid(summary.mean).ok()?;
        let kind = match summary.part.level() {
            PartLevel::Area => PlaceKind::PostcodeArea,
            PartLevel::District => PlaceKind::PostcodeDistrict,
            PartLevel::Sector => PlaceKind::PostcodeSector,
        };
        Some(Place {
            precision_m: Some(summary.radius_m),
            bbox: box_in_degrees(summary.corners.0, summary.corners.1),
            detail: Some(format!(
                "Its position is the mean of {} postcodes that the gazetteer has of it.",
                words::count(summary.count as u64)
            )),
            ..self.named_place(kind, summary.part.to_string(), at)
        })
    }

    fn named_place(&self, kind: PlaceKind, name: String, at: Position) -> Place {
        let context = self.context_of(at.grid);
        Place { kind, name, context, code: None, at, bbox: None, precision_m: None, detail: None }
    }
}

/// Why a name of a postcode or a property is not found, and what there is instead.
pub(super) fn why_not_found(
    names: &[PostcodeName],
    uprn: Option<Uprn>,
    gazetteer: &Gazetteer,
) -> Option<String> {
    if let Some(uprn) = uprn {
        return Some(if gazetteer.uprn_count() == 0 {
            format!("There is no gazetteer of properties here, so the UPRN {uprn} cannot be placed.")
        } else {
            format!("The UPRN {uprn} is not in the gazetteer, which holds the borough and its surroundings.")
        });
    }
    let name = match names.first()? {
        PostcodeName::Full(postcode) => postcode.to_string(),
        PostcodeName::Part(part) => part.to_string(),
    };
    if gazetteer.postcode_count() == 0 {
        return Some(format!(
            "There is no gazetteer of postcodes here, so {name} cannot be placed: `hotspots fetch postcodes` loads one."
        ));
    }
    let mut told = format!("{name} is not in the gazetteer, which holds the borough and its surroundings.");
    if let PostcodeName::Full(postcode) = names[0] {
        let wider =
            [postcode.sector(), postcode.district()].into_iter().find_map(|part| gazetteer.part(part));
        if let Some(PartSummary { part, count, .. }) = wider {
            let count = words::count(*count as u64);
            told = format!("{told} It has {count} other postcodes of {part}.");
        }
    }
    Some(told)
}
