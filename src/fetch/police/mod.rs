//! data.police.uk: neighbourhoods, street crimes, archives.

mod archive;
mod crime;
mod kml;
mod neighbourhoods;
mod street;
mod together;

use serde::Deserialize;

use super::{Client, FetchError, Outline};

pub use super::record::POLICE_LICENCE as LICENCE;
pub use archive::{ARCHIVE_MONTHS, archive_address, extract};
pub use crime::{MonthFile, to_csv};
pub use kml::beats_of_archive;
pub use neighbourhoods::{Beat, Beats, beats};
pub use street::{Cover, Crime, available_months, crimes};
pub use together::{file_name, of_others, rows_in, with_others};

/// Where the interface is.
const API: &str = "https://data.police.uk/api";

/// A police force.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Force {
    /// Its id in addresses: `west-midlands`.
    pub id: String,
    /// Its name in files: `West Midlands Police`.
    pub name: String,
}

#[derive(Deserialize)]
struct Located {
    force: String,
}

/// The force with that id, or the one whose ground the middle of the outline is.
///
/// # Errors
/// [`FetchError`]; an id that no force has is one, with the ids there are.
pub fn force(client: &Client, id: Option<&str>, outline: &Outline) -> Result<Force, FetchError> {
    let id = if let Some(id) = id {
        id.to_owned()
    } else {
        let middle = outline.middle()?;
        let address = format!("{API}/locate-neighbourhood?q={:.6},{:.6}", middle.lat_deg(), middle.lon_deg());
        client.json::<Located>(&address)?.force
    };
    let forces: Vec<Force> = client.json(&format!("{API}/forces"))?;
    let ids = forces.iter().map(|force| force.id.as_str()).collect::<Vec<_>>().join(", ");
    check_id(&id, "the force")?;
    forces
        .into_iter()
        .find(|force| force.id == id)
        .ok_or_else(|| FetchError::value(id, format!("there is no such force; the forces are {ids}")))
}

/// Refuses what is no id of a neighbourhood: forces make them up, so they may hold spaces and more.
fn check_code(code: &str, place: &str) -> Result<(), FetchError> {
    if !code.trim().is_empty()
        && code.len() <= 60
        && !code.starts_with('.')
        && !code.contains(char::is_control)
    {
        return Ok(());
    }
    Err(FetchError::content(
        place,
        format!("'{code}': an id has 1 to 60 letters and does not begin with a point"),
    ))
}

/// Refuses an id of a force that is no part of a file's name.
fn check_id(id: &str, place: &str) -> Result<(), FetchError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !id.is_empty() && id.len() <= 60 && id.chars().all(plain) && !id.starts_with('.') {
        return Ok(());
    }
    Err(FetchError::content(place, format!("'{id}': an id has letters, digits, '-', '_' and '.', up to 60")))
}
