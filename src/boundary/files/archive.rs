//! Zip archives with one boundary file in them, and KMZ, which is one.
//!
//! Names of members are shown and compared, and never used as paths. What an archive declares of its sizes is not
//! relied on.

use std::{
    fs::File,
    io::{BufReader, Write},
};

use zip::ZipArchive;

use super::{
    Format, RawFile, ending, geopackage, read_text,
    shapefile::{self, Files},
    whole,
};

const MOST_MEMBERS: usize = 10_000;
const READ: [&str; 8] = ["shp", "gpkg", "kml", "geojson", "json", "geojsonl", "ndjson", "jsonl"];

type Archive = ZipArchive<BufReader<File>>;

/// Reads the first KML of a KMZ; of another archive the only shapefile or, where there is none, the only file of another
/// format.
pub(super) fn read(file: File, is_kmz: bool, table: Option<&str>) -> Result<RawFile, String> {
    let mut archive = ZipArchive::new(BufReader::new(file))
        .map_err(|cause| format!("it is cut off or no zip archive: {cause}"))?;
    if archive.len() > MOST_MEMBERS {
        return Err(format!("it has {} members; an archive has at most {MOST_MEMBERS}", archive.len()));
    }
    let members = members(&mut archive);
    let chosen = chosen(&members, is_kmz)?;
    let within = |fault: String| format!("{}: {fault}", chosen.name);
    let bytes = unpacked(&mut archive, chosen)?;
    match Format::of(&bytes) {
        Format::Shapefile => {
            let mut files = Files { shp: bytes, ..Files::default() };
            for ending in Files::BESIDE {
                let beside = members.iter().find(|member| member.is_beside(chosen, ending));
                if let (Some(place), Some(member)) = (files.place(ending), beside) {
                    *place = Some(unpacked(&mut archive, member)?);
                }
            }
            shapefile::read(&files).map_err(within)
        }
        Format::GeoPackage => read_geopackage(&bytes, table).map_err(within),
        Format::Zip => Err(within("an archive inside an archive is not opened: unpack it first".to_owned())),
        Format::Text if ending(&chosen.name) == "shp" => {
            Err(within("it is no shapefile: it does not begin as one".to_owned()))
        }
        Format::Text => read_text(&bytes, &chosen.name).map_err(within),
    }
}

/// A file in an archive.
struct Member {
    number: usize,
    name: String,
}

impl Member {
    /// Whether it has the name of another one, but for its ending.
    fn is_beside(&self, other: &Self, ending: &str) -> bool {
        let stem = |name: &str| name.rsplit_once('.').map(|(stem, _)| stem.to_lowercase());
        stem(&self.name) == stem(&other.name) && super::ending(&self.name) == ending
    }
}

/// The files of an archive in its order, without those that macOS adds.
fn members(archive: &mut Archive) -> Vec<Member> {
    (0..archive.len())
        .filter_map(|number| {
            let name = archive.name_for_index(number)?.ok()?.into_owned();
            Some(Member { number, name })
        })
        .filter(|member| !member.name.ends_with('/') && !member.name.starts_with("__MACOSX/"))
        .filter(|member| !member.name.rsplit('/').next().is_some_and(|last| last.starts_with('.')))
        .collect()
}

fn chosen(members: &[Member], is_kmz: bool) -> Result<&Member, String> {
    let of = |endings: &[&str]| -> Vec<&Member> {
        members.iter().filter(|member| endings.contains(&ending(&member.name).as_str())).collect()
    };
    if is_kmz {
        return of(&["kml"]).first().copied().ok_or_else(|| "there is no .kml in it".to_owned());
    }
    let shapefiles = of(&["shp"]);
    let found = if shapefiles.is_empty() { of(&READ) } else { shapefiles };
    match &found[..] {
        [only] => Ok(only),
        [] => {
            Err(format!("there is no boundary file in it: none of its members ends in {}", READ.join(", ")))
        }
        several => {
            let names: Vec<_> = several.iter().take(5).map(|member| member.name.as_str()).collect();
            let more = if several.len() > 5 { " and others" } else { "" };
            Err(format!(
                "there are {} boundary files in it ({}{more}); unpack the one that is meant",
                several.len(),
                names.join(", ")
            ))
        }
    }
}

fn unpacked(archive: &mut Archive, member: &Member) -> Result<Vec<u8>, String> {
    let name = &member.name;
    let file = archive.by_index(member.number).map_err(|cause| {
        format!("{name}: it cannot be opened; only plain and deflated members are read: {cause}")
    })?;
    whole(file).map_err(|fault| format!("{name}: {fault}"))
}

/// `SQLite` reads files, so what was packed is laid aside.
fn read_geopackage(bytes: &[u8], table: Option<&str>) -> Result<RawFile, String> {
    let laid_aside = || {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(bytes)?;
        file.flush()?;
        Ok(file)
    };
    let file = laid_aside()
        .map_err(|cause: std::io::Error| format!("it cannot be laid aside to be read: {cause}"))?;
    geopackage::read(file.path(), table)
}
