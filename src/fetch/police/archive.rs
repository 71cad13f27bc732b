//! The archives of data.police.uk: all forces, 36 months up to the one that names the archive.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use zip::ZipArchive;

use crate::{fetch::FetchError, model::Month};

/// Months that an archive holds.
pub const ARCHIVE_MONTHS: i32 = 36;

/// Bytes of one street file: the largest, of the Metropolitan Police, has some 25 MB.
const LARGEST_MEMBER: u64 = 1 << 30;

/// The address of the archive whose last month is `month`.
///
/// # Example
/// ```
/// let address = hotspots::fetch::police::archive_address("2024-06".parse().unwrap());
/// assert_eq!(address, "https://data.police.uk/data/archive/2024-06.zip");
/// ```
pub fn archive_address(month: Month) -> String {
    format!("https://data.police.uk/data/archive/{month}.zip")
}

/// Takes the street files `YYYY-MM/YYYY-MM-<force>-street.csv` of the months out of an archive into `folder`, and gives
/// back each month with its file.
///
/// # Errors
/// [`FetchError`] for an archive that cannot be read, or has no file of that force for any of the months; it says which
/// forces there are.
pub fn extract(
    path: &Path,
    force: &str,
    months: &[Month],
    folder: &Path,
) -> Result<Vec<(Month, PathBuf)>, FetchError> {
    super::check_id(force, "the force")?;
    let shown = path.display().to_string();
    let file = File::open(path).map_err(FetchError::reading(path))?;
    let mut archive = ZipArchive::new(file).map_err(|cause| {
        FetchError::content(&shown, format!("it is cut off or is no zip archive ({cause}); fetch it again"))
    })?;
    fs::create_dir_all(folder).map_err(FetchError::writing(folder))?;
    let mut taken = Vec::new();
    for &month in months {
        let name = format!("{month}-{force}-street.csv");
        let Some(number) = archive.index_for_name(&format!("{month}/{name}")) else { continue };
        let place = format!("{shown}/{month}/{name}");
        let member =
            archive.by_index(number).map_err(|cause| FetchError::content(&place, cause.to_string()))?;
        let target = folder.join(&name);
        let aside = target.with_added_extension("new");
        let mut file = File::create(&aside).map_err(FetchError::writing(&aside))?;
        // The reader compares the member's checksum when it comes to its end.
        let copied = io::copy(&mut member.take(LARGEST_MEMBER + 1), &mut file);
        let copied =
            copied.map_err(|cause| FetchError::content(&place, format!("it cannot be unpacked: {cause}")))?;
        if copied > LARGEST_MEMBER {
            return Err(FetchError::content(&place, format!("it is larger than {LARGEST_MEMBER} bytes")));
        }
        fs::rename(&aside, &target).map_err(FetchError::writing(&target))?;
        taken.push((month, target));
    }
    if taken.is_empty() {
        let asked: Vec<_> = months.iter().map(Month::to_string).collect();
        let forces: BTreeSet<_> = archive.file_names().filter_map(|name| force_of(&name.ok()?)).collect();
        let forces = forces.into_iter().collect::<Vec<_>>().join(", ");
        let rule =
            format!("it has no street file of {force} for {}; the forces are {forces}", asked.join(", "));
        return Err(FetchError::content(shown, rule));
    }
    Ok(taken)
}

/// The force of a street file's name.
fn force_of(member: &str) -> Option<String> {
    let (month, name) = member.split_once('/')?;
    Some(name.strip_prefix(month)?.strip_prefix('-')?.strip_suffix("-street.csv")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forces_are_named_by_their_files() {
        assert_eq!(force_of("2024-01/2024-01-west-midlands-street.csv").as_deref(), Some("west-midlands"));
        assert_eq!(force_of("2024-01/2024-01-west-midlands-outcomes.csv"), None);
        assert_eq!(force_of("2024-01/2024-02-west-midlands-street.csv"), None);
    }
}
