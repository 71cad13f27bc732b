//! Which address is asked: a publisher's own, or the same below a mirror.

use super::FetchError;

/// Where requests go: straight to the publishers, or to a mirror below which each host is a folder.
///
/// # Example
/// ```
/// use hotspots::fetch::Base;
/// let mirror = Base::new(Some("https://mirror.example.org/open/")).unwrap();
/// assert_eq!(mirror.of("https://api.os.uk/downloads"), "https://mirror.example.org/open/api.os.uk/downloads");
/// assert_eq!(Base::new(None).unwrap().of("https://api.os.uk/downloads"), "https://api.os.uk/downloads");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Base(Option<String>);

impl Base {
    /// The publishers themselves, or the mirror at that address.
    ///
    /// # Errors
    /// [`FetchError::Value`] unless it is an http or https address with a host, without user, query or fragment.
    pub fn new(mirror: Option<&str>) -> Result<Self, FetchError> {
        let Some(mirror) = mirror else { return Ok(Self(None)) };
        let rule = "a base address is https://HOST or https://HOST/PATH, without user, '?' or '#'; http:// only where \
                    nobody can listen";
        let rest = mirror.strip_prefix("https://").or_else(|| mirror.strip_prefix("http://"));
        let host_is_there = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
        if !host_is_there || mirror.contains(['@', '?', '#', ' ']) || !mirror.is_ascii() {
            return Err(FetchError::value(mirror, rule));
        }
        Ok(Self(Some(mirror.trim_end_matches('/').to_owned())))
    }

    /// Where `address` is asked: `https://HOST/PATH` itself, or `BASE/HOST/PATH`.
    pub fn of(&self, address: &str) -> String {
        match (&self.0, address.strip_prefix("https://")) {
            (Some(base), Some(rest)) if !self.holds(address) => format!("{base}/{rest}"),
            _ => address.to_owned(),
        }
    }

    /// Whether `address` lies below the mirror.
    fn holds(&self, address: &str) -> bool {
        let below = self.0.as_deref().and_then(|base| address.strip_prefix(base));
        below.is_some_and(|rest| rest.starts_with('/'))
    }

    /// Refuses what is neither https nor below the mirror: a server elsewhere cannot send a client to this machine.
    ///
    /// # Errors
    /// [`FetchError::Value`] with the address.
    pub fn check(&self, address: &str) -> Result<(), FetchError> {
        if address.starts_with("https://") || self.holds(address) {
            return Ok(());
        }
        Err(FetchError::value(shown(address), "only https is fetched, or what lies below --base-url"))
    }
}

/// The address of a redirect, which may be relative to the one that was asked.
pub(super) fn resolve(asked: &str, location: &str) -> String {
    if location.contains("://") {
        return location.to_owned();
    }
    let (scheme, rest) = asked.split_once("://").unwrap_or(("https", asked));
    if let Some(host) = location.strip_prefix("//") {
        return format!("{scheme}://{host}");
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if location.starts_with('/') {
        return format!("{scheme}://{host}{location}");
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let folder = path.rsplit_once('/').map_or(host, |(folder, _)| folder);
    format!("{scheme}://{folder}/{location}")
}

/// An address for messages and records: without user and password.
pub(super) fn shown(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    format!("{scheme}://{host}{path}")
}

/// A value as part of a query: everything that is not unreserved is escaped.
///
/// # Example
/// ```
/// assert_eq!(hotspots::fetch::escaped("LAD24CD='E08000027'"), "LAD24CD%3D%27E08000027%27");
/// ```
pub fn escaped(value: &str) -> String {
    use std::fmt::Write as _;
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~,:*".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_the_mirror_are_asked() {
        let none = Base::default();
        assert!(none.check("https://a.example/x").is_ok());
        assert!(none.check("http://127.0.0.1:80/x").is_err());
        assert!(none.check("http://[::1]:80/x").is_err());
        assert!(none.check("http://a.example/x").is_err());
        assert!(none.check("http://127.0.0.1.example/x").is_err());
        assert!(none.check("ftp://a.example/x").is_err());
        let mirror = Base::new(Some("http://mirror.example/m")).unwrap();
        assert!(mirror.check("http://mirror.example/m/x").is_ok());
        assert!(mirror.check("http://mirror.example/mine").is_err());
    }

    #[test]
    fn a_mirror_is_named_plainly() {
        for wrong in
            ["mirror", "ftp://a", "https://", "https:///x", "https://u:p@a", "https://a?x", "https://a b"]
        {
            assert!(Base::new(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn redirects_are_resolved() {
        let asked = "https://a.example/x/y?z=/q";
        assert_eq!(resolve(asked, "https://b.example/"), "https://b.example/");
        assert_eq!(resolve(asked, "//b.example/1"), "https://b.example/1");
        assert_eq!(resolve(asked, "/1"), "https://a.example/1");
        assert_eq!(resolve(asked, "1"), "https://a.example/x/1");
        assert_eq!(resolve("https://a.example", "1"), "https://a.example/1");
    }

    #[test]
    fn no_password_is_shown() {
        assert_eq!(shown("https://u:p@a.example/x@y"), "https://a.example/x@y");
    }
}
