//! The zip that a product comes in.

use std::{
    fs::File,
    io::{self, BufReader},
};

use zip::ZipArchive;

use super::{ReadError, source::Text};

/// Members of an archive; Code-Point Open has some 130.
const MOST_MEMBERS: usize = 10_000;

/// Reads the tables of an archive in the order of their names. Names are shown and never used as paths.
pub(super) fn read(file: File, name: &str, text: &mut Text<'_, '_>) -> Result<(), ReadError> {
    let damaged = |cause: &dyn std::fmt::Display| {
        io::Error::other(format!("the archive is damaged or cut off ({cause})"))
    };
    let mut archive =
        ZipArchive::new(BufReader::new(file)).map_err(|cause| text.unreadable(damaged(&cause)))?;
    if archive.len() > MOST_MEMBERS {
        let rule = format!("an archive has at most {MOST_MEMBERS} members, this one has {}", archive.len());
        return Err(text.unreadable(io::Error::other(rule)));
    }
    let mut members: Vec<(String, usize)> = (0..archive.len())
        .filter_map(|number| {
            let member = archive.name_for_index(number)?.ok()?.into_owned();
            is_table(&member).then_some((member, number))
        })
        .collect();
    // The directory comes as one table and once more in parts.
    if members.iter().any(|(member, _)| !is_part(member)) {
        members.retain(|(member, _)| !is_part(member));
    }
    members.sort();
    for (member, number) in members {
        let rows = archive.by_index(number).map_err(|cause| text.unreadable(damaged(&cause)))?;
        text.read(&format!("{name}/{member}"), rows)?;
    }
    Ok(())
}

/// Whether a member is a table of the product, and not of its documentation.
fn is_table(member: &str) -> bool {
    let mut segments = member.split(['/', '\\']).rev().map(str::to_ascii_lowercase);
    let is_csv =
        segments.next().is_some_and(|file| file.rsplit_once('.').is_some_and(|(_, ending)| ending == "csv"));
    is_csv && !segments.any(|folder| folder.starts_with("doc") || folder == "__macosx")
}

fn is_part(member: &str) -> bool {
    member.to_ascii_lowercase().contains("multi_csv")
}

#[cfg(test)]
mod tests {
    use super::is_table;

    #[test]
    fn tables_are_told_from_documentation() {
        for table in ["Data/CSV/dy.csv", "ONSPD.CSV", "Data/ONSPD_AUG_2025_UK.csv"] {
            assert!(is_table(table), "{table}");
        }
        for other in
            ["Doc/Code-Point_Open_Column_Headers.csv", "Documents/2019 names.csv", "Data/readme.txt", "x/"]
        {
            assert!(!is_table(other), "{other}");
        }
    }
}
