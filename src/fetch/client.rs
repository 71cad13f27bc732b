//! The one client that asks.

use std::{
    io::Read,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use ureq::{
    Agent, Body,
    http::Response,
    tls::{RootCerts, TlsConfig},
};

use super::{
    Base, FetchError, Pace,
    address::{resolve, shown},
    page,
    patience::{self, back_off, retry_after},
};

/// How to ask.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where requests go.
    pub base: Base,
    /// How long a connection may take.
    pub connect: Duration,
    /// How long a server may be silent.
    pub read: Duration,
    /// How long one answer may take as a whole; downloads, which can be resumed, are bound by `read` alone.
    pub overall: Duration,
    /// How often a request is made before it is given up.
    pub attempts: u32,
    /// The wait after the first attempt that failed; it doubles.
    pub pause: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base: Base::default(),
            connect: Duration::from_secs(20),
            read: Duration::from_secs(90),
            overall: Duration::from_mins(5),
            attempts: 4,
            pause: Duration::from_secs(1),
        }
    }
}

/// What data.police.uk asks its clients to keep to, in requests a second.
const POLICE_PER_SECOND: u32 = 15;
const POLICE: &str = "https://data.police.uk/";
/// Redirects that are followed.
const MOST_REDIRECTS: usize = 5;
/// Bytes of an answer that is held in memory, after it is expanded.
const LARGEST_ANSWER: u64 = 256 << 20;

/// Asks servers: at their pace, again where that may help, and by https only. Proxies are those of `HTTPS_PROXY`,
/// `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    pub(super) settings: Settings,
    police: Mutex<Pace>,
    start: Instant,
}

/// Why one attempt brought nothing.
pub(super) enum Setback {
    /// Another attempt may help, perhaps after a wait that the server asked for.
    Passing { came: String, wait: Option<Duration> },
    /// It will not.
    Final(FetchError),
}

impl Client {
    /// A client with those settings.
    pub fn new(settings: Settings) -> Self {
        // A proxy that looks inside has its certificate in the system's store.
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("hotspots/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(Some(settings.connect))
            .timeout_connect(Some(settings.connect))
            .timeout_recv_response(Some(settings.read))
            .timeout_per_read(Some(settings.read))
            .build();
        let police = Mutex::new(Pace::new(POLICE_PER_SECOND));
        Self { agent: config.into(), settings, police, start: Instant::now() }
    }

    /// The JSON at an address.
    ///
    /// # Errors
    /// [`FetchError::Remote`] for no answer, another status than 2xx, and what is no JSON of that shape.
    pub fn json<T: DeserializeOwned>(&self, address: &str) -> Result<T, FetchError> {
        let bytes = self.bytes(address)?;
        parsed(&bytes, &shown(&self.settings.base.of(address)))
    }

    /// The JSON at an address, or `None` where the answer has the status `absent`.
    ///
    /// # Errors
    /// As [`json`](Self::json).
    pub fn json_unless<T: DeserializeOwned>(
        &self,
        absent: u16,
        address: &str,
    ) -> Result<Option<T>, FetchError> {
        let bytes = self.bytes_unless(Some(absent), address)?;
        bytes.map(|bytes| parsed(&bytes, &shown(&self.settings.base.of(address)))).transpose()
    }

    /// What is at an address, held in memory.
    ///
    /// # Errors
    /// As [`json`](Self::json); an HTML page is none of the data that is asked for here.
    pub fn bytes(&self, address: &str) -> Result<Vec<u8>, FetchError> {
        Ok(self.bytes_unless(None, address)?.unwrap_or_default())
    }

    fn bytes_unless(&self, absent: Option<u16>, address: &str) -> Result<Option<Vec<u8>>, FetchError> {
        self.persist(address, || {
            let compressed = [("accept-encoding", "gzip".to_owned())];
            let response = self.once(address, &compressed, Some(self.settings.overall))?;
            let status = response.status().as_u16();
            if absent == Some(status) {
                return Ok(None);
            }
            let asked = shown(&self.settings.base.of(address));
            if !(200..300).contains(&status) {
                return Err(setback_of(&asked, response));
            }
            let mut bytes = Vec::new();
            expanded(response)
                .take(LARGEST_ANSWER + 1)
                .read_to_end(&mut bytes)
                .map_err(|cause| passing(format!("the answer broke off: {cause}")))?;
            if bytes.len() as u64 > LARGEST_ANSWER {
                let came = format!("the answer is larger than {LARGEST_ANSWER} bytes");
                return Err(Setback::Final(FetchError::remote(asked, came, "is it the right address?")));
            }
            match page::title(&bytes) {
                Some(title) => {
                    Err(Setback::Final(FetchError::remote(asked, page::told(&title), page::ADVICE)))
                }
                None => Ok(Some(bytes)),
            }
        })
    }

    /// Tries until it succeeds, fails for good, or the attempts are used up.
    pub(super) fn persist<T>(
        &self,
        address: &str,
        mut attempt: impl FnMut() -> Result<T, Setback>,
    ) -> Result<T, FetchError> {
        let mut number = 1;
        loop {
            let (came, wait) = match attempt() {
                Ok(done) => return Ok(done),
                Err(Setback::Final(error)) => return Err(error),
                Err(Setback::Passing { came, wait }) => (came, wait),
            };
            let asked = || shown(&self.settings.base.of(address));
            if number >= self.settings.attempts {
                let advice =
                    format!("given up after {number} attempts; check the network and run the command again");
                return Err(FetchError::remote(asked(), came, advice));
            }
            let chance = chance();
            let wait = wait.unwrap_or_else(|| back_off(self.settings.pause, number, chance));
            if wait > patience::LONGEST {
                let advice =
                    format!("it asks to wait {} seconds; run the command again then", wait.as_secs());
                return Err(FetchError::remote(asked(), came, advice));
            }
            thread::sleep(wait);
            number += 1;
        }
    }

    /// Asks once, and follows redirects to where it is allowed to go.
    pub(super) fn once(
        &self,
        address: &str,
        headers: &[(&str, String)],
        overall: Option<Duration>,
    ) -> Result<Response<Body>, Setback> {
        let base = &self.settings.base;
        let mut asked = base.of(address);
        for _ in 0..=MOST_REDIRECTS {
            base.check(&asked).map_err(Setback::Final)?;
            self.keep_pace(address);
            let mut request = self.agent.get(&asked).config().timeout_global(overall).build();
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            let response = request.call().map_err(|cause| of_transport(&asked, &cause))?;
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok(response);
            }
            let location = response.headers().get("location").and_then(|value| value.to_str().ok());
            let Some(location) = location else {
                let came = "a redirect that does not say where to";
                return Err(Setback::Final(FetchError::remote(shown(&asked), came, "try later")));
            };
            let next = base.of(&resolve(&asked, location));
            if base.check(&next).is_err() {
                let came = format!("a redirect to {}, which is not https", shown(&next));
                let advice = "it is not followed; is a proxy in the way?";
                return Err(Setback::Final(FetchError::remote(shown(&asked), came, advice)));
            }
            asked = next;
        }
        let came = format!("more than {MOST_REDIRECTS} redirects");
        Err(Setback::Final(FetchError::remote(shown(&asked), came, "try later")))
    }

    fn keep_pace(&self, address: &str) {
        if address.starts_with(POLICE) {
            let wait = self.police.lock().map(|mut pace| pace.take(self.start.elapsed())).unwrap_or_default();
            thread::sleep(wait);
        }
    }
}

fn parsed<T: DeserializeOwned>(bytes: &[u8], address: &str) -> Result<T, FetchError> {
    serde_json::from_slice(bytes).map_err(|cause| {
        let start: String = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
        let came = format!("what came is not what this service documents ({cause}): '{start}'");
        FetchError::remote(address, came, "the service may have changed; look at the address in a browser")
    })
}

/// The body of an answer, which may have come compressed.
fn expanded(response: Response<Body>) -> Box<dyn Read> {
    let coding = response.headers().get("content-encoding").and_then(|value| value.to_str().ok());
    let is_gzip = coding.is_some_and(|coding| coding.eq_ignore_ascii_case("gzip"));
    let body = response.into_body().into_with_config().limit(u64::MAX).reader();
    if is_gzip { Box::new(MultiGzDecoder::new(body)) } else { Box::new(body) }
}

pub(super) fn passing(came: String) -> Setback {
    Setback::Passing { came, wait: None }
}

/// Failures of the way to a server. Those that no repetition mends are final.
fn of_transport(asked: &str, cause: &ureq::Error) -> Setback {
    use ureq::Error;
    let came = format!("no answer: {cause}");
    match cause {
        Error::BadUri(_) | Error::Http(_) | Error::InvalidProxyUrl | Error::ConnectProxyFailed(_) => {
            Setback::Final(FetchError::remote(shown(asked), came, "check the address and the proxy settings"))
        }
        Error::Io(fault) if fault.kind() != std::io::ErrorKind::InvalidData => passing(came),
        // A handshake that fails comes as data that is not valid.
        Error::Io(_) | Error::Tls(_) | Error::Rustls(_) => {
            let advice = "the certificate is not trusted on this machine; a proxy that looks inside needs its own in the \
                          system's store";
            Setback::Final(FetchError::remote(shown(asked), came, advice))
        }
        _ => passing(came),
    }
}

/// What another status than 2xx means: 429 and 5xx may pass, the others stay.
pub(super) fn setback_of(asked: &str, response: Response<Body>) -> Setback {
    let status = response.status();
    let header = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
    let wait = header.and_then(|header| retry_after(header, Timestamp::now()));
    let mut start = Vec::new();
    let mut body = expanded(response).take(2_000);
    // The body only makes the message better; whatever came of it is enough.
    let _ = body.read_to_end(&mut start);
    let said = match page::title(&start) {
        Some(title) => page::told(&title),
        None => String::from_utf8_lossy(&start).split_whitespace().collect::<Vec<_>>().join(" "),
    };
    let said: String = said.chars().take(200).collect();
    let came = if said.is_empty() { format!("status {status}") } else { format!("status {status}: {said}") };
    if status.as_u16() == 429 || status.is_server_error() {
        return Setback::Passing { came, wait };
    }
    let advice = match status.as_u16() {
        401 | 403 | 407 => "access is refused; a proxy or a filter may be in the way",
        404 | 410 => {
            "there is nothing at this address; check area, month and vintage, or name another with --base-url"
        }
        _ => "check the arguments, and whether the service has changed",
    };
    Setback::Final(FetchError::remote(asked, came, advice))
}

/// A number from 0 to 1 that differs from client to client.
fn chance() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    // The standard library seeds each state differently; a wait needs no better chance than that.
    let thousandths = u16::try_from(RandomState::new().hash_one(0_u8) % 1000).unwrap_or_default();
    f64::from(thousandths) / 1000.0
}
