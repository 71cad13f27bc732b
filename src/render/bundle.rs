//! Several files in one: a zip archive.

use zip::{
    CompressionMethod, DateTime, ZipWriter,
    result::ZipError,
    write::{PreparedZipFile, SimpleFileOptions},
};

/// An archive of files, each with its name, in the order given; compressed by deflate. Every file is dated 1 January
/// 1980, the first day that zip knows, so that the same files give the same bytes.
///
/// # Errors
/// [`ZipError`] where two files have one name, or a name would lead out of the folder into which the archive is
/// unpacked: one that is empty, absolute, or has a part `..`.
///
/// # Example
/// ```
/// use hotspots::render::bundle::bundle;
/// let archive = bundle(&[("wards.csv".to_owned(), b"code,count\r\n".to_vec())])?;
/// assert_eq!(archive[..4], *b"PK\x03\x04");
/// assert!(bundle(&[("../wards.csv".to_owned(), Vec::new())]).is_err());
/// # Ok::<(), zip::result::ZipError>(())
/// ```
pub fn bundle(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ZipError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new_stream(Vec::new());
    for (name, bytes) in files {
        if !stays_inside(name) {
            return Err(ZipError::InvalidArchive(
                format!("'{name}' is no name for a file in an archive").into(),
            ));
        }
        archive.add_prepared_file(PreparedZipFile::from_data(name, options, bytes)?)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Whether a name leads to a file below the folder it is unpacked in, on every system.
fn stays_inside(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part != "." && part != "..";
    name.split('/').all(part) && !name.contains(['\\', ':']) && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    fn files() -> Vec<(String, Vec<u8>)> {
        vec![
            ("wards.csv".to_owned(), b"a,b\r\n".repeat(500)),
            ("notes/about.txt".to_owned(), b"About".to_vec()),
        ]
    }

    #[test]
    fn files_come_out_as_they_went_in() {
        let bytes = bundle(&files()).unwrap();
        assert!(bytes.len() < 1_000, "{} bytes of 2,505", bytes.len());
        let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        assert_eq!(archive.len(), 2);
        for (number, (name, content)) in files().into_iter().enumerate() {
            let mut file = archive.by_index(number).unwrap();
            assert_eq!(file.name().unwrap(), name);
            assert_eq!(file.last_modified().unwrap().year(), 1980);
            let mut found = Vec::new();
            file.read_to_end(&mut found).unwrap();
            assert_eq!(found, content);
        }
        assert_eq!(bundle(&files()).unwrap(), bytes);
        assert_eq!(zip::ZipArchive::new(Cursor::new(bundle(&[]).unwrap())).unwrap().len(), 0);
    }

    #[test]
    fn names_that_lead_elsewhere_and_names_given_twice_are_refused() {
        for name in ["", "/etc/x", "a/../../x", "..", "c:x", "a\\b", "a//b", "a\nb"] {
            assert!(bundle(&[(name.to_owned(), Vec::new())]).is_err(), "{name:?}");
        }
        let twice = [("x.csv".to_owned(), vec![1]), ("x.csv".to_owned(), vec![2])];
        assert!(bundle(&twice).is_err());
    }
}
