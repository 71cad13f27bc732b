//! Large files: to `NAME.part` first, resumed where they were cut off, renamed when they are verified.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use md5::Md5;
use sha2::{Digest, Sha256};
use ureq::{Body, http::Response};

use super::{
    Client, FetchError, Watch,
    address::shown,
    client::{Setback, passing, setback_of},
    page,
    record::hex,
};

/// A file that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Where it is.
    pub address: &'a str,
    /// Where it goes.
    pub file: &'a Path,
    /// Its size in bytes, where the publisher says it.
    pub size: Option<u64>,
    /// Its MD5, 32 hexadecimal digits, where the publisher says it.
    pub md5: Option<&'a str>,
    /// Bytes that it may have at most.
    pub limit: u64,
}

/// The checksum and the size of a file that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// SHA-256, 64 hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Downloads a file. What an earlier run left in `NAME.part` is gone on with, if the server still has the same file.
///
/// # Errors
/// [`FetchError`]: no answer, a page in place of a file, a file that is too large, and one whose size or checksum is not
/// what the publisher says, of which nothing is kept.
pub fn download(client: &Client, wanted: Wanted<'_>, watch: &dyn Watch) -> Result<Downloaded, FetchError> {
    let part = beside(wanted.file, ".part");
    let mark = beside(wanted.file, ".part.etag");
    if let Some(folder) = wanted.file.parent() {
        fs::create_dir_all(folder).map_err(FetchError::writing(folder))?;
    }
    let run = Run { client, wanted, part: &part, mark: &mark, watch };
    client.persist(wanted.address, || run.attempt())?;
    let verified = run.verify();
    if verified.is_err() {
        run.forget();
    }
    let verified = verified?;
    fs::rename(&part, wanted.file).map_err(FetchError::writing(wanted.file))?;
    let _ = fs::remove_file(&mark);
    Ok(verified)
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

struct Run<'a> {
    client: &'a Client,
    wanted: Wanted<'a>,
    part: &'a Path,
    /// Holds the entity tag of the file that the part is of.
    mark: &'a Path,
    watch: &'a dyn Watch,
}

impl Run<'_> {
    /// Takes what the server gives, from where the part ends.
    fn attempt(&self) -> Result<(), Setback> {
        let tag = fs::read_to_string(self.mark).unwrap_or_default();
        let held = fs::metadata(self.part).map_or(0, |part| part.len());
        // Without a tag nobody knows whether the server still has the same file.
        let held = if tag.is_empty() { 0 } else { held };
        let mut headers = vec![("Accept-Encoding", "identity".to_owned())];
        if held > 0 {
            headers.push(("Range", format!("bytes={held}-")));
            headers.push(("If-Range", tag));
        }
        let response = self.client.once(self.wanted.address, &headers, None)?;
        match response.status().as_u16() {
            206 if begins_at(&response, held) => self.take(response, held),
            206 | 416 => {
                self.forget();
                Err(passing("the server gave another part than was asked for".to_owned()))
            }
            200 => self.take(response, 0),
            _ => Err(setback_of(&self.shown(), response)),
        }
    }

    fn take(&self, response: Response<Body>, from: u64) -> Result<(), Setback> {
        let disk = |cause| Setback::Final(FetchError::writing(self.part)(cause));
        let tag = response.headers().get("etag").and_then(|value| value.to_str().ok());
        // A weak tag says that files are alike, not that their bytes are.
        let tag = tag.filter(|tag| !tag.starts_with("W/")).unwrap_or_default();
        let declared = response.body().content_length();
        let total = declared.map(|rest| from + rest);
        if total.is_some_and(|total| total > self.wanted.limit) {
            return Err(Setback::Final(self.too_large()));
        }
        let mut file =
            OpenOptions::new().create(true).write(true).truncate(false).open(self.part).map_err(disk)?;
        file.set_len(from).map_err(disk)?;
        // Only now: a tag beside bytes of an older file would join the two.
        if from == 0 {
            fs::write(self.mark, tag).map_err(disk)?;
        }
        file.seek(SeekFrom::Start(from)).map_err(disk)?;
        let mut body = response.into_body().into_with_config().limit(u64::MAX).reader();
        let (mut done, mut buffer) = (from, vec![0; 1 << 16]);
        loop {
            let read = match body.read(&mut buffer) {
                Ok(read) => read,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                Err(cause) => return Err(passing(format!("the file broke off after {done} bytes: {cause}"))),
            };
            if read == 0 {
                break;
            }
            if done == 0
                && let Some(title) = page::title(&buffer[..read])
            {
                self.forget();
                return Err(Setback::Final(FetchError::remote(
                    self.shown(),
                    page::told(&title),
                    page::ADVICE,
                )));
            }
            file.write_all(&buffer[..read]).map_err(disk)?;
            done += read as u64;
            if done > self.wanted.limit {
                self.forget();
                return Err(Setback::Final(self.too_large()));
            }
            self.watch.bytes(&self.name(), done, total.or(self.wanted.size));
        }
        file.sync_all().map_err(disk)?;
        match total {
            Some(total) if done < total => {
                Err(passing(format!("the file broke off after {done} of {total} bytes")))
            }
            _ => Ok(()),
        }
    }

    /// Compares the part with what the publisher says of the file.
    fn verify(&self) -> Result<Downloaded, FetchError> {
        let mut file = File::open(self.part).map_err(FetchError::reading(self.part))?;
        let (mut sha, mut md5, mut bytes, mut buffer) = (Sha256::new(), Md5::new(), 0_u64, vec![0; 1 << 16]);
        loop {
            let read = file.read(&mut buffer).map_err(FetchError::reading(self.part))?;
            if read == 0 {
                break;
            }
            sha.update(&buffer[..read]);
            md5.update(&buffer[..read]);
            bytes += read as u64;
        }
        let fault = |came: String| {
            let advice =
                "what came was deleted; run the command again, and if it stays, a proxy may change files";
            FetchError::remote(self.shown(), came, advice)
        };
        if let Some(size) = self.wanted.size.filter(|size| *size != bytes) {
            return Err(fault(format!("{bytes} bytes came, and the publisher says {size}")));
        }
        let found = hex(&md5.finalize());
        if let Some(md5) = self.wanted.md5.filter(|md5| !md5.eq_ignore_ascii_case(&found)) {
            return Err(fault(format!("its MD5 is {found}, and the publisher says {md5}")));
        }
        Ok(Downloaded { sha256: hex(&sha.finalize()), bytes })
    }

    fn forget(&self) {
        // What is not there need not be removed; what cannot be removed is overwritten by the next attempt.
        let _ = fs::remove_file(self.part);
        let _ = fs::remove_file(self.mark);
    }

    fn too_large(&self) -> FetchError {
        let came = format!("the file is larger than {} bytes", self.wanted.limit);
        FetchError::remote(self.shown(), came, "is it the right address?")
    }

    fn shown(&self) -> String {
        shown(&self.client.settings.base.of(self.wanted.address))
    }

    fn name(&self) -> String {
        self.wanted.file.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Whether a partial answer begins at that byte.
fn begins_at(response: &Response<Body>, at: u64) -> bool {
    let range = response.headers().get("content-range").and_then(|value| value.to_str().ok());
    let start = range.and_then(|range| range.strip_prefix("bytes ")?.split('-').next()?.parse::<u64>().ok());
    start == Some(at)
}
