//! Answers that are kept, up to a bound: the same question about the same data has the same answer.

use std::{
    io::Write,
    sync::{Arc, OnceLock},
};

use actix_web::{HttpRequest, http::header, web::Bytes};
use flate2::{Compression, write::GzEncoder};
use quick_cache::{Weighter, sync::Cache};

use super::{answer::Body, etag::Tag};

/// Answers by their entity tag, which stands for the data, the boundaries, the request and the form. When they
/// take more than they may, the ones that were not asked for of late go.
pub struct Answers(Cache<Tag, Arc<Held>, Size>);

/// An answer that is kept, plain and, once somebody asked for it so, compressed.
pub struct Held {
    body: Body,
    gzipped: OnceLock<Option<Bytes>>,
}

#[derive(Clone)]
struct Size;

impl Weighter<Tag, Arc<Held>> for Size {
    fn weight(&self, _tag: &Tag, held: &Arc<Held>) -> u64 {
        // The compressed bytes come later and are fewer.
        (held.body.bytes.len() * 3 / 2 + 500) as u64
    }
}

/// Fewer bytes are not worth compressing.
const LEAST_BYTES: usize = 512;

impl Answers {
    /// Keeps up to so many bytes of answers.
    pub fn new(most_bytes: u64) -> Self {
        // Answers of some 20 kB each are expected: the number only sizes the table.
        let expected = usize::try_from(most_bytes / 20_000).unwrap_or(10_000).clamp(16, 100_000);
        Self(Cache::with_weighter(expected, most_bytes, Size))
    }

    /// The answer with a tag, where it is held.
    pub fn get(&self, tag: &Tag) -> Option<Arc<Held>> {
        self.0.get(tag)
    }

    /// Keeps an answer, unless it is larger than all that may be kept.
    pub fn keep(&self, tag: Tag, body: Body) -> Arc<Held> {
        let held = Arc::new(Held { body, gzipped: OnceLock::new() });
        self.0.insert(tag, Arc::clone(&held));
        held
    }
}

impl Held {
    /// The bytes as they are.
    pub fn plain(&self) -> &Bytes {
        &self.body.bytes
    }

    /// The headers of the content.
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.body.headers
    }

    /// Compresses the bytes, if they are not yet: computing, and so for the gate.
    pub fn compress(&self) {
        self.gzipped.get_or_init(|| compress(self.plain()));
    }

    /// Whether the bytes would have to be compressed for a client.
    pub fn is_to_be_compressed_for(&self, request: &HttpRequest) -> bool {
        self.gzipped.get().is_none() && self.plain().len() >= LEAST_BYTES && takes_gzip(request)
    }

    /// The bytes by gzip; `None` where the client does not take them, and where it does not pay.
    pub fn gzipped(&self, request: &HttpRequest) -> Option<Bytes> {
        self.gzipped.get().filter(|_| takes_gzip(request))?.clone()
    }
}

/// Whether a client takes bytes that are compressed by gzip.
pub fn takes_gzip(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| {
        let gzip = accepted.split(',').map(str::trim).find(|coding| coding.starts_with("gzip"));
        gzip.is_some_and(|gzip| !gzip.replace(' ', "").ends_with(";q=0"))
    })
}

fn compress(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::new(5));
    encoder.write_all(plain).ok()?;
    let smaller = encoder.finish().ok()?;
    (smaller.len() < plain.len()).then(|| smaller.into())
}
