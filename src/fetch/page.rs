//! Web pages that come in place of data: of proxies, of sign-in portals, of servers that fail.

/// Bytes at the beginning that are looked at.
const LOOKED_AT: usize = 4096;

/// The title of an HTML page, where `bytes` begin like one; empty for a page without a title.
pub(super) fn title(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]);
    let text = start.trim_start_matches('\u{feff}').trim_start();
    // Lower case of ASCII keeps every byte in its place.
    let lower = text.to_ascii_lowercase();
    if !lower.starts_with("<!doctype html") && !lower.starts_with("<html") {
        return None;
    }
    let inside = lower.find("<title").and_then(|at| Some(at + lower[at..].find('>')? + 1));
    let title = inside.map(|from| &text[from..lower[from..].find('<').map_or(text.len(), |end| from + end)]);
    Some(title.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What to say of a page with that title.
pub(super) fn told(title: &str) -> String {
    let named = if title.is_empty() { String::new() } else { format!(", '{title}'") };
    format!("an HTML page came back{named}")
}

/// What to do about it.
pub(super) const ADVICE: &str =
    "a proxy or sign-in page? Open the address in a browser, set HTTPS_PROXY, or try later";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_known_by_their_first_bytes() {
        assert_eq!(
            title(b"\xef\xbb\xbf\n<!DOCTYPE HTML><head><TITLE lang=en> Sign\n in</title>"),
            Some("Sign in".to_owned())
        );
        assert_eq!(title(b"<html>"), Some(String::new()));
        assert_eq!(title(b"<HTML><title>cut"), Some("cut".to_owned()));
        assert_eq!(title(b"{\"a\": \"<html>\"}"), None);
        assert_eq!(title(b"PK\x03\x04"), None);
        assert_eq!(title(b"<?xml version='1.0'?><kml/>"), None);
    }
}
