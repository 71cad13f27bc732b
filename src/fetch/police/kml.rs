//! A force's neighbourhoods from an archive of KML files, one for each neighbourhood in a folder for each force.

use std::{collections::BTreeSet, fs::File, io::Read, path::Path};

use geo_types::MultiPolygon;
use zip::ZipArchive;

use super::{
    check_code,
    neighbourhoods::{Beat, Beats, within},
};
use crate::{
    boundary::placemarks,
    fetch::{FetchError, Outline},
};

/// Bytes of one file, after it is expanded.
const LARGEST: u64 = 16 << 20;
/// Files of an archive: all neighbourhoods of England and Wales are some 5,000.
const MOST: usize = 20_000;

/// The neighbourhoods of an archive that lie in the outline. Without `force`, the archive is to hold one force only.
///
/// # Errors
/// [`FetchError`] for an archive that cannot be read, one of several forces, and files that are no KML of polygons.
pub fn beats_of_archive(path: &Path, force: Option<&str>, outline: &Outline) -> Result<Beats, FetchError> {
    let shown = path.display().to_string();
    let fault = |rule: String| FetchError::content(&shown, rule);
    let file = File::open(path).map_err(FetchError::reading(path))?;
    let mut archive =
        ZipArchive::new(file).map_err(|cause| fault(format!("it is no zip archive: {cause}")))?;
    if archive.len() > MOST {
        return Err(fault(format!("it has {} members; at most {MOST} are read", archive.len())));
    }
    let mut members: Vec<(String, String, usize)> = Vec::new();
    for number in 0..archive.len() {
        let name = archive.name_for_index(number).and_then(Result::ok).unwrap_or_default().into_owned();
        let mut parts = name.rsplit('/');
        let stem = parts.next().and_then(|last| last.strip_suffix(".kml"));
        if let (Some(stem), Some(folder)) = (stem, parts.next()) {
            members.push((folder.to_owned(), stem.to_owned(), number));
        }
    }
    if members.iter().any(|(folder, ..)| folder.eq_ignore_ascii_case("force kmls")) {
        return Err(fault(
            "these are outlines of whole forces; beats are in the monthly archive of neighbourhood boundaries, one KML for \
             each in a folder for each force"
                .to_owned(),
        ));
    }
    let forces: BTreeSet<&str> = members.iter().map(|(force, ..)| force.as_str()).collect();
    let names = forces.iter().copied().collect::<Vec<_>>().join(", ");
    let force = match force {
        Some(force) if forces.contains(force) => force.to_owned(),
        None if forces.len() == 1 => names,
        Some(force) => {
            return Err(fault(format!("it has no folder '{force}' with KML files; there are: {names}")));
        }
        None => return Err(fault(format!("name one of its forces with --force; there are: {names}"))),
    };
    members.retain(|(folder, ..)| *folder == force);
    members.sort();
    let (mut all, mut told) = (Vec::new(), Vec::new());
    for (_, code, number) in members {
        let place = format!("{shown}/{force}/{code}.kml");
        check_code(&code, &place)?;
        let member =
            archive.by_index(number).map_err(|cause| FetchError::content(&place, cause.to_string()))?;
        let mut text = String::new();
        let read = member.take(LARGEST + 1).read_to_string(&mut text);
        read.map_err(|cause| FetchError::content(&place, cause.to_string()))?;
        if text.len() as u64 > LARGEST {
            return Err(FetchError::content(&place, format!("it is larger than {LARGEST} bytes")));
        }
        let placemarks = placemarks(text.trim_start_matches('\u{feff}'));
        let placemarks = placemarks.map_err(|cause| FetchError::content(&place, cause))?;
        let name = placemarks.iter().find_map(|(name, _)| name.clone()).unwrap_or_else(|| code.clone());
        let mut parts = Vec::new();
        for (_, shape) in placemarks {
            match shape {
                Ok(shape) => parts.extend(shape),
                Err(reason) => told.push(format!("neighbourhood {code} ({name}): {reason}")),
            }
        }
        if parts.is_empty() {
            told.push(format!("neighbourhood {code} ({name}) has no boundary and is left out"));
        } else {
            all.push(Beat { code, name, shape: MultiPolygon(parts) });
        }
    }
    within(all, told, outline, shown, force)
}
