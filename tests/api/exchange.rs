//! One request and its answer.

use std::io::Read;

use serde_json::Value;

/// What was asked and what came back.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    /// The address with its query.
    pub(crate) address: String,
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// As it came, so compressed where `content-encoding` says so.
    pub(crate) body: Vec<u8>,
}

impl Exchange {
    /// A header; several of one name are joined by commas.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> =
            self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The media type without its parameters.
    pub(crate) fn media_type(&self) -> Option<String> {
        let header = self.header("content-type")?;
        Some(header.split(';').next().unwrap_or_default().trim().to_owned())
    }

    pub(crate) fn path(&self) -> &str {
        self.address.split('?').next().unwrap_or_default()
    }

    /// The body, expanded where it was compressed with gzip.
    pub(crate) fn plain(&self) -> Vec<u8> {
        match self.header("content-encoding").as_deref() {
            Some("gzip") => {
                let mut plain = Vec::new();
                flate2::read::GzDecoder::new(self.body.as_slice()).read_to_end(&mut plain).unwrap();
                plain
            }
            Some("identity") | None => self.body.clone(),
            Some(other) => panic!("{}: nothing here reads {other}", self.address),
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.plain()).unwrap_or_else(|_| panic!("{}: not UTF-8", self.address))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.plain()).unwrap_or_else(|fault| panic!("{}: {fault}", self.address))
    }

    /// The header row and the rows of a CSV body.
    pub(crate) fn csv(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let plain = self.plain();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(plain.as_slice());
        let mut rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
        (rows.next().unwrap_or_default(), rows.collect())
    }

    /// Itself, when the status is the one expected; otherwise the test ends with what came instead.
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(
            self.status,
            status,
            "{} {}: {}",
            self.method,
            self.address,
            String::from_utf8_lossy(&self.body[..self.body.len().min(2_000)])
        );
        self
    }

    /// The faults that a problem document lists: place, value, rule. The detail stands as a last one.
    pub(crate) fn faults(&self) -> Vec<[String; 3]> {
        let document = self.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let listed = document["errors"].as_array().cloned().unwrap_or_default();
        let faults = listed.iter().map(|fault| ["place", "value", "rule"].map(|member| text(&fault[member])));
        let detail = text(&document["detail"]);
        faults.chain([[detail.clone(), detail.clone(), detail]]).collect()
    }
}

/// A value as it stands in a query.
pub(crate) fn encode(value: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~,/:".contains(byte);
    value
        .as_bytes()
        .iter()
        .map(|byte| if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
