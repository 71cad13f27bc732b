//! Parts of an answer (RFC 9110 §14): GDAL, and QGIS with it, reads a remote file piece by piece.

use actix_web::{
    HttpRequest,
    http::header::{self, ByteRangeSpec, Header, Range},
};

use super::etag::Tag;

/// What of an answer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// From the first to the last byte, both included.
    Bytes(u64, u64),
    /// Bytes behind its end.
    Beyond,
}

/// The part of an answer of `length` bytes that `request` asks for.
///
/// Several ranges at once, and a range of another version of the answer (`If-Range`), give the whole,
/// as the standard allows.
pub fn part(request: &HttpRequest, tag: &Tag, length: u64) -> Part {
    if !request.headers().contains_key(header::RANGE) || !same_version(request, tag) {
        return Part::Whole;
    }
    let Ok(Range::Bytes(ranges)) = Range::parse(request) else { return Part::Whole };
    let [range]: [ByteRangeSpec; 1] = match ranges.try_into() {
        Ok(one) => one,
        Err(_several) => return Part::Whole,
    };
    range.to_satisfiable_range(length).map_or(Part::Beyond, |(first, last)| Part::Bytes(first, last))
}

fn same_version(request: &HttpRequest, tag: &Tag) -> bool {
    let Some(condition) = request.headers().get(header::IF_RANGE) else { return true };
    condition.to_str().is_ok_and(|held| held == tag.header())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn one_range_is_a_part_and_anything_else_the_whole() {
        for (range, expected) in [
            ("bytes=0-9", Part::Bytes(0, 9)),
            ("bytes=90-", Part::Bytes(90, 99)),
            ("bytes=-10", Part::Bytes(90, 99)),
            ("bytes=95-4000", Part::Bytes(95, 99)),
            ("bytes=100-", Part::Beyond),
            ("bytes=0-1,5-6", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("bytes=x", Part::Whole),
        ] {
            let request = TestRequest::with_uri("/a").insert_header((header::RANGE, range)).to_http_request();
            let tag = Tag::of(&request, "json", "s");
            assert_eq!(part(&request, &tag, 100), expected, "{range}");
        }
    }

    #[test]
    fn a_part_of_another_version_is_not_given() {
        let asked = |condition: String| {
            let headers = TestRequest::with_uri("/a").insert_header((header::RANGE, "bytes=0-1"));
            headers.insert_header((header::IF_RANGE, condition)).to_http_request()
        };
        let tag = Tag::of(&asked(String::new()), "json", "s");
        assert_eq!(part(&asked(tag.header()), &tag, 100), Part::Bytes(0, 1));
        assert_eq!(part(&asked("\"older\"".to_owned()), &tag, 100), Part::Whole);
    }
}
