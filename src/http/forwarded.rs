//! What a proxy says about the request that it passes on: `Forwarded` (RFC 7239) and the older `X-Forwarded-…`.
//!
//! Anyone can send these headers, so they are believed only from the addresses of proxies that the operator
//! has named, and of several values only the last, which is the one that the proxy itself has added.

use std::net::IpAddr;

use actix_web::http::header::HeaderMap;

use crate::model::Invalid;

/// Where a proxy was asked: what takes the place of the address that links begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forwarded {
    scheme: Option<&'static str>,
    host: Option<String>,
    port: Option<u16>,
    prefix: String,
}

/// A faulty header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultyHeader {
    /// Its name.
    pub name: &'static str,
    /// Its value and the rule that it breaks.
    pub fault: Invalid,
}

impl Forwarded {
    /// What the headers of a request from `peer` say; nothing where that is none of the `proxies`.
    ///
    /// `Forwarded` goes before `X-Forwarded-Proto`, `-Host` and `-Port`. It has no prefix, so
    /// `X-Forwarded-Prefix` is read beside it.
    ///
    /// # Errors
    /// The first header that a trusted proxy sent and that cannot be read.
    pub fn of(headers: &HeaderMap, peer: Option<IpAddr>, proxies: &[IpAddr]) -> Result<Self, FaultyHeader> {
        let is_proxy = |peer: IpAddr| proxies.iter().any(|proxy| proxy.to_canonical() == peer.to_canonical());
        if !peer.is_some_and(is_proxy) {
            return Ok(Self::default());
        }
        let mut read = match last(headers, "forwarded")? {
            Some(element) => Self::element(&element)?,
            None => Self {
                scheme: last(headers, "x-forwarded-proto")?
                    .map(|text| scheme(&text).map_err(faulty("x-forwarded-proto")))
                    .transpose()?,
                host: last(headers, "x-forwarded-host")?
                    .map(|text| host(&text).map_err(faulty("x-forwarded-host")))
                    .transpose()?,
                port: last(headers, "x-forwarded-port")?
                    .map(|text| port(&text).map_err(faulty("x-forwarded-port")))
                    .transpose()?,
                prefix: String::new(),
            },
        };
        if let Some(text) = last(headers, "x-forwarded-prefix")? {
            read.prefix = prefix(&text).map_err(faulty("x-forwarded-prefix"))?;
        }
        Ok(read)
    }

    /// One element of `Forwarded`: pairs parted by semicolons, of which `proto` and `host` are used.
    fn element(text: &str) -> Result<Self, FaultyHeader> {
        let mut read = Self::default();
        for pair in text.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
            let rule = "pairs name=value parted by semicolons (RFC 7239 section 4)";
            let (name, value) =
                pair.split_once('=').ok_or_else(|| faulty("forwarded")(Invalid::new(text, rule)))?;
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "proto" => read.scheme = Some(scheme(value).map_err(faulty("forwarded"))?),
                "host" => read.host = Some(host(value).map_err(faulty("forwarded"))?),
                _ => {}
            }
        }
        Ok(read)
    }

    /// The host that the proxy was asked for, with its port where it was named.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The address that links begin with, without a slash at its end, where `own` is the host that this
    /// service itself was asked for.
    pub fn base(&self, own: &str) -> String {
        let scheme = self.scheme.unwrap_or("http");
        let host = self.host().unwrap_or(own);
        let usual = if scheme == "https" { 443 } else { 80 };
        let names_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
        match self.port.filter(|port| *port != usual && !names_port) {
            Some(port) => format!("{scheme}://{host}:{port}{}", self.prefix),
            None => format!("{scheme}://{host}{}", self.prefix),
        }
    }
}

fn faulty(name: &'static str) -> impl Fn(Invalid) -> FaultyHeader {
    move |fault| FaultyHeader { name, fault }
}

/// The last of the values of a header, which may stand in one line or several.
fn last(headers: &HeaderMap, name: &'static str) -> Result<Option<String>, FaultyHeader> {
    let Some(line) = headers.get_all(name).last() else { return Ok(None) };
    let text = line.to_str().map_err(|_not_text| {
        let shown = String::from_utf8_lossy(line.as_bytes());
        faulty(name)(Invalid::new(shown, "printable ASCII"))
    })?;
    Ok(text.rsplit(',').next().map(|value| value.trim().to_owned()))
}

fn scheme(text: &str) -> Result<&'static str, Invalid> {
    ["http", "https"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(text))
        .ok_or_else(|| Invalid::new(text, "http or https"))
}

fn host(text: &str) -> Result<String, Invalid> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if (1..=260).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(Invalid::new(text, "the name of a host, with a port where it is not the usual one"))
    }
}

fn port(text: &str) -> Result<u16, Invalid> {
    text.parse().ok().filter(|port| *port > 0).ok_or_else(|| Invalid::new(text, "a port from 1 to 65535"))
}

/// A path without a slash at its end: `/crime`.
fn prefix(text: &str) -> Result<String, Invalid> {
    let path = text.strip_suffix('/').unwrap_or(text);
    let is_segment = |segment: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        !segment.is_empty() && segment.bytes().all(plain) && segment != "." && segment != ".."
    };
    let is_path = path.strip_prefix('/').is_some_and(|segments| segments.split('/').all(is_segment));
    if path.is_empty() || (is_path && path.len() <= 200) {
        Ok(path.to_owned())
    } else {
        Err(Invalid::new(text, "a path of plain segments, as in /crime"))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

    fn read(lines: &[(&'static str, &'static str)]) -> Result<Forwarded, FaultyHeader> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        Forwarded::of(&headers, Some(PROXY), &[PROXY])
    }

    fn base(lines: &[(&'static str, &'static str)]) -> String {
        read(lines).unwrap().base("127.0.0.1:8080")
    }

    #[test]
    fn only_a_named_proxy_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("x-forwarded-host"), HeaderValue::from_static("a.example"));
        for (peer, proxies) in
            [(Some(PROXY), &[][..]), (None, &[PROXY]), (Some("10.0.0.2".parse().unwrap()), &[PROXY])]
        {
            assert_eq!(Forwarded::of(&headers, peer, proxies), Ok(Forwarded::default()));
        }
        let mapped = Some("::ffff:10.0.0.1".parse().unwrap());
        assert_eq!(Forwarded::of(&headers, mapped, &[PROXY]).unwrap().host(), Some("a.example"));
    }

    #[test]
    fn the_address_is_put_together_from_what_is_told() {
        assert_eq!(base(&[]), "http://127.0.0.1:8080");
        assert_eq!(base(&[("x-forwarded-proto", "https")]), "https://127.0.0.1:8080");
        let host = ("x-forwarded-host", "maps.example.org");
        assert_eq!(base(&[host, ("x-forwarded-port", "8443")]), "http://maps.example.org:8443");
        let secure = [host, ("x-forwarded-proto", "https"), ("x-forwarded-port", "443")];
        assert_eq!(base(&secure), "https://maps.example.org");
        assert_eq!(
            base(&[("x-forwarded-host", "a.example:81"), ("x-forwarded-port", "82")]),
            "http://a.example:81"
        );
        assert_eq!(base(&[("x-forwarded-host", "[::1]"), ("x-forwarded-port", "82")]), "http://[::1]:82");
        assert_eq!(base(&[host, ("x-forwarded-prefix", "/crime/")]), "http://maps.example.org/crime");
    }

    #[test]
    fn the_standard_header_goes_before_the_older_ones_and_its_last_element_counts() {
        let forwarded = (
            "forwarded",
            "for=1.2.3.4;host=evil.example, for=10.9.8.7;Proto=HTTPS;host=\"Maps.example.org:8443\"",
        );
        let older = ("x-forwarded-host", "other.example");
        assert_eq!(base(&[forwarded, older]), "https://maps.example.org:8443");
        assert_eq!(
            base(&[("x-forwarded-host", "evil.example, maps.example.org")]),
            "http://maps.example.org"
        );
        let lines = [("x-forwarded-host", "evil.example"), ("x-forwarded-host", "maps.example.org")];
        assert_eq!(base(&lines), "http://maps.example.org");
    }

    #[test]
    fn what_cannot_be_part_of_an_address_is_refused() {
        for (name, value) in [
            ("x-forwarded-proto", "javascript"),
            ("x-forwarded-host", "a.example/x"),
            ("x-forwarded-host", "user@a.example"),
            ("x-forwarded-host", ""),
            ("x-forwarded-port", "0"),
            ("x-forwarded-port", "65536"),
            ("x-forwarded-prefix", "//evil.example"),
            ("x-forwarded-prefix", "crime"),
            ("x-forwarded-prefix", "/a/../b"),
            ("x-forwarded-prefix", "/\"><script>"),
            ("forwarded", "host"),
            ("forwarded", "proto=ftp"),
        ] {
            assert_eq!(read(&[(name, value)]).unwrap_err().name, name, "{value}");
        }
    }
}
