//! Fetches open data from its publishers: boundaries, incidents, postcodes, population. Only this module asks the
//! network for anything, and only the command line names it.
//!
//! ```text
//! client    one way to ask: https, at the pace a server wants, again where that may help, by way of a mirror
//! download  large files, resumed where they were cut off, verified before they get their name
//! arcgis    layers and tables of the Office for National Statistics, page by page
//! police    neighbourhoods, street crimes and archives of data.police.uk
//! os        open products of Ordnance Survey
//! population  figures of the census by area, from Nomis
//! record    the manifest and the list of sources that are written beside the files
//! ```

mod address;
pub mod arcgis;
mod at_hand;
pub mod boundaries;
mod client;
mod download;
mod error;
pub mod os;
mod outline;
mod pace;
mod page;
mod patience;
pub mod police;
pub mod population;
pub mod record;
mod watch;

pub use address::{Base, escaped};
pub use at_hand::Belongs;
pub use client::{Client, Settings};
pub use download::{Wanted, download};
pub use error::FetchError;
pub use outline::Outline;
pub use pace::Pace;
pub use watch::{Silent, Watch};

/// The code of a local authority or of a police force area, checked: it becomes part of addresses and of names of folders.
///
/// # Example
/// ```
/// use hotspots::fetch::AreaId;
/// assert_eq!(AreaId::new("E08000027").unwrap().as_str(), "E08000027");
/// assert!(AreaId::new("../etc").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaId(String);

impl AreaId {
    /// # Errors
    /// [`FetchError::Value`] unless it is one of the letters E, N, S, W and eight digits.
    pub fn new(text: &str) -> Result<Self, FetchError> {
        let digits = text.strip_prefix(['E', 'N', 'S', 'W']);
        if digits.is_some_and(|rest| rest.len() == 8 && rest.bytes().all(|b| b.is_ascii_digit())) {
            return Ok(Self(text.to_owned()));
        }
        Err(FetchError::value(
            text,
            "the code of a local authority or police force area is a letter and eight digits, as in E08000027",
        ))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a police force area, of several local authorities.
    ///
    /// # Example
    /// ```
    /// use hotspots::fetch::AreaId;
    /// assert!(AreaId::new("E23000014").unwrap().is_force());
    /// assert!(!AreaId::new("E08000027").unwrap().is_force());
    /// ```
    pub fn is_force(&self) -> bool {
        ["E23", "W15"].iter().any(|kind| self.0.starts_with(kind))
    }

    /// Whether `text` is the code of some other local authority: district, borough, unitary or council area.
    pub(crate) fn is_other(&self, text: &str) -> bool {
        let authority = ["E06", "E07", "E08", "E09", "W06", "S12", "N09"];
        Self::new(text).is_ok() && authority.iter().any(|kind| text.starts_with(kind)) && text != self.0
    }
}
