//! What is written beside the fetched files: where each is from, and the manifest that names the layers.

mod manifest;
mod sources;

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use sha2::{Digest, Sha256};

use super::FetchError;

pub use manifest::{LayerEntry, Manifest};
pub use sources::{Source, Sources, State};

/// Terms of use of the Office for National Statistics, as it asks for them.
pub const ONS_LICENCE: &str = "Open Government Licence v3.0. Source: Office for National Statistics licensed under the \
                               Open Government Licence v3.0. Contains OS data © Crown copyright and database right";
/// Terms of use of data.police.uk.
pub const POLICE_LICENCE: &str = "Open Government Licence v3.0. Contains public sector information from data.police.uk \
                                  licensed under the Open Government Licence v3.0";
/// Terms of use of Ordnance Survey's open products.
pub const OS_LICENCE: &str = "Open Government Licence v3.0. Contains OS data © Crown copyright and database right. Contains \
                              Royal Mail data © Royal Mail copyright and database right. Source: Office for National \
                              Statistics licensed under the Open Government Licence v3.0";

/// Writes a file so that it is there whole or not at all.
///
/// # Errors
/// [`FetchError::Disk`].
pub(super) fn lay_down(path: &Path, bytes: &[u8]) -> Result<(), FetchError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(FetchError::writing(folder))?;
    }
    let aside = path.with_added_extension("new");
    let mut file = File::create(&aside).map_err(FetchError::writing(&aside))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(FetchError::writing(&aside))?;
    fs::rename(&aside, path).map_err(FetchError::writing(path))
}

/// The checksum of a text, as 64 hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
