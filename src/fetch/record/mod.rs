//! What is written beside the fetched files: where each is from, and the manifest that names the layers.

mod manifest;
mod sources;

use std::{io::Write, path::Path};

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
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = || {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().permissions(readable()).tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)
    };
    written().map(drop).map_err(FetchError::writing(path))
}

/// Others may read what was fetched, as with any file a program writes.
fn readable() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::Permissions::from_mode(0o644)
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
