//! Open products of Ordnance Survey: postcodes and addresses.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;

use super::{
    Client, FetchError, Wanted, Watch,
    boundaries::stamp,
    download,
    record::{OS_LICENCE, Source, Sources},
};

const PRODUCTS: &str = "https://api.os.uk/downloads/v1/products";
/// Bytes of one product: all addresses of Great Britain have some 600 MB.
const LARGEST: u64 = 4 << 30;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    file_name: String,
    format: String,
    area: String,
    size: u64,
    md5: String,
    url: String,
}

/// Downloads the CSV of a product for Great Britain, such as `CodePointOpen` or `OpenUPRN`, into `folder`, unless it is
/// there as the publisher describes it. Gives back the verified file.
///
/// # Errors
/// [`FetchError`]; a product without CSV for Great Britain is one.
pub fn product(
    client: &Client,
    product: &str,
    folder: &Path,
    again: bool,
    now: Timestamp,
    watch: &dyn Watch,
) -> Result<PathBuf, FetchError> {
    let address = format!("{PRODUCTS}/{product}/downloads?area=GB&format=CSV");
    let offers: Vec<Offer> = client.json(&address)?;
    let offer =
        offers.into_iter().find(|offer| offer.area == "GB" && offer.format == "CSV").ok_or_else(|| {
            FetchError::remote(&address, "no CSV of Great Britain is offered", "give a file with --from-file")
        })?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if offer.file_name.is_empty() || offer.file_name.starts_with('.') || !offer.file_name.chars().all(plain) {
        let came = format!("'{}' is no plain name of a file", offer.file_name);
        return Err(FetchError::remote(&address, came, "give a file with --from-file"));
    }
    let path = folder.join(&offer.file_name);
    let mut sources = Sources::open(folder)?;
    // The publisher replaces the file under the same name, so its checksum tells which one is here.
    let same = sources.of(&offer.file_name).is_some_and(|source| source.vintage == offer.md5);
    if !again && same && sources.holds(&offer.file_name)? {
        watch.say(&format!("{}: is there", offer.file_name));
        return Ok(path);
    }
    let wanted = Wanted {
        address: &offer.url,
        file: &path,
        size: Some(offer.size),
        md5: Some(&offer.md5),
        limit: LARGEST,
    };
    let done = download(client, wanted, watch)?;
    sources.enter(Source {
        file: offer.file_name.clone(),
        address,
        fetched: stamp(now),
        licence: OS_LICENCE.to_owned(),
        sha256: done.sha256,
        bytes: done.bytes,
        vintage: offer.md5,
        features: None,
    })?;
    watch.say(&format!("{}: {} bytes, verified", offer.file_name, done.bytes));
    Ok(path)
}
