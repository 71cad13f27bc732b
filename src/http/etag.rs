//! Entity tags from what an answer depends on: the data's generation and the canonical request.

use std::collections::BTreeSet;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
};
use sha2::{Digest, Sha256};

/// A strong entity tag, without quotes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tag(String);

/// 128 bits of the SHA-256 of some lines, as hexadecimal digits.
pub fn digest<L: AsRef<[u8]>>(lines: impl IntoIterator<Item = L>) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line.as_ref());
        hash.update(b"\n");
    }
    let whole: [u8; 32] = hash.finalize().into();
    let mut number = 0_u128;
    for byte in &whole[..16] {
        number = number << 8 | u128::from(*byte);
    }
    format!("{number:032x}")
}

/// What content codings add to a tag: the bytes differ, so the strong tag has to.
const CODINGS: [&str; 4] = ["br", "gzip", "zstd", "deflate"];

impl Tag {
    /// The tag of `request` answered in `format`, from data called `state` (store, generation,
    /// boundaries, priorities, program version).
    ///
    /// Requests that differ in the order of their parameters only have the same tag.
    pub fn of(request: &HttpRequest, format: &str, state: &str) -> Self {
        let parameters: BTreeSet<&str> = request.query_string().split('&').collect();
        // No part of a request holds a line feed, so no two run together to the same bytes.
        Self(digest([state, request.path(), format].into_iter().chain(parameters)))
    }

    /// The tag of what is told apart by these lines alone, whatever the request.
    pub fn of_lines<L: AsRef<[u8]>>(lines: impl IntoIterator<Item = L>) -> Self {
        Self(digest(lines))
    }

    /// Whether an `If-Match` header names this very thing: any, or its strong tag (RFC 9110 §13.1.1).
    pub fn meets(&self, if_match: &str) -> bool {
        let mut tags = if_match.split(',').map(str::trim);
        tags.any(|tag| tag == "*" || !tag.starts_with("W/") && self.is(tag))
    }

    /// The 304 answer, if the client says that it holds this very thing.
    pub fn not_modified(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let held = request.headers().get(header::IF_NONE_MATCH)?.to_str().ok()?;
        let same = held.split(',').map(str::trim).find(|tag| *tag == "*" || self.is(tag))?;
        let mut answer = HttpResponse::NotModified();
        if same != "*" {
            answer.insert_header((header::ETAG, same.trim_start_matches("W/")));
        }
        Some(answer.insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).finish())
    }

    fn is(&self, quoted: &str) -> bool {
        let tag = quoted.trim_start_matches("W/").trim_matches('"');
        let bare =
            CODINGS.iter().find_map(|coding| tag.strip_suffix(coding)?.strip_suffix('-')).unwrap_or(tag);
        bare == self.0
    }

    /// The header's value.
    pub fn header(&self) -> String {
        format!("\"{}\"", self.0)
    }
}

/// Clients may keep an answer but have to ask whether it still holds: a new import changes it.
pub const CACHE_CONTROL: &str = "private, no-cache";

/// Adds the coding to the tag of an answer that was compressed on its way out.
pub fn mark_coding(headers: &mut header::HeaderMap) {
    let coding = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let Some(coding) = coding.filter(|coding| CODINGS.contains(coding)) else { return };
    let marked = headers
        .get(header::ETAG)
        .and_then(|tag| tag.to_str().ok())
        .and_then(|tag| tag.strip_suffix('"'))
        .and_then(|tag| HeaderValue::from_str(&format!("{tag}-{coding}\"")).ok());
    if let Some(tag) = marked {
        headers.insert(header::ETAG, tag);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn request(uri: &str) -> HttpRequest {
        TestRequest::with_uri(uri).to_http_request()
    }

    #[test]
    fn a_tag_depends_on_everything_but_the_order_of_parameters() {
        let tag = Tag::of(&request("/a?x=1&y=2"), "json", "s1");
        assert_eq!(tag, Tag::of(&request("/a?y=2&x=1"), "json", "s1"));
        for other in [
            Tag::of(&request("/a?x=1&y=3"), "json", "s1"),
            Tag::of(&request("/b?x=1&y=2"), "json", "s1"),
            Tag::of(&request("/a?x=1&y=2"), "csv", "s1"),
            Tag::of(&request("/a?x=1&y=2"), "json", "s2"),
        ] {
            assert_ne!(tag, other);
        }
    }

    #[test]
    fn a_held_copy_is_recognised_with_or_without_its_coding() {
        let tag = Tag::of(&request("/a"), "json", "s");
        let bare = tag.header();
        let gzip = bare.replace('"', "") + "-gzip";
        for held in
            [bare.clone(), format!("W/{bare}"), format!("\"{gzip}\""), format!("\"x\", {bare}"), "*".into()]
        {
            let asked = TestRequest::with_uri("/a")
                .insert_header((header::IF_NONE_MATCH, held.clone()))
                .to_http_request();
            assert!(tag.not_modified(&asked).is_some(), "{held}");
        }
        let asked =
            TestRequest::with_uri("/a").insert_header((header::IF_NONE_MATCH, "\"other\"")).to_http_request();
        assert!(tag.not_modified(&asked).is_none());
    }
}
