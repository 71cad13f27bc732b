//! What a layer says of itself.

use serde::Deserialize;

use super::{SERVICES, ask};
use crate::fetch::{Client, FetchError};

/// The description of the only layer of a service: its fields, and how many features it gives at once.
#[derive(Clone, Debug)]
pub struct LayerDescription {
    /// The service's name in the directory.
    pub service: String,
    /// Names of the fields as the layer writes them.
    pub fields: Vec<String>,
    /// Features that one page has at most.
    pub page: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default)]
    fields: Vec<WireField>,
    max_record_count: Option<usize>,
}

#[derive(Deserialize)]
struct WireField {
    name: String,
}

/// Features of one page, whatever a layer would give: geometries in full resolution are large.
const LARGEST_PAGE: usize = 500;

impl LayerDescription {
    /// Reads the description of a service's layer.
    ///
    /// # Errors
    /// [`FetchError`] of the client; a name that is no name of a service; an answer without fields.
    pub fn read(client: &Client, service: &str) -> Result<Self, FetchError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        if service.is_empty() || !service.chars().all(plain) {
            let rule =
                "the name of a service has letters, digits, '_', '-' and '.', as in WD_DEC_2024_UK_BFC";
            return Err(FetchError::value(service, rule));
        }
        let address = format!("{SERVICES}/{service}/FeatureServer/0?f=json");
        let wire: Option<Wire> = serde_json::from_value(ask(client, &address)?).ok();
        let Some(wire) = wire.filter(|wire| !wire.fields.is_empty()) else {
            let came = "the description of the layer names no fields";
            return Err(FetchError::remote(address, came, "name another service with --service"));
        };
        let page = wire.max_record_count.unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE);
        let fields = wire.fields.into_iter().map(|field| field.name).collect();
        Ok(Self { service: service.to_owned(), fields, page })
    }

    /// The field whose name is `start`, two digits and `end`, as in `WD24CD`.
    ///
    /// # Errors
    /// [`FetchError::Remote`] with the fields there are, where none or several have such a name.
    pub fn field(&self, start: &str, end: &str) -> Result<&str, FetchError> {
        let mut found = self.fields.iter().filter(|name| is_of(name, start, end));
        if let (Some(field), None) = (found.next(), found.next()) {
            return Ok(field);
        }
        let came =
            format!("no single field is called {start}..{end}; the fields are {}", self.fields.join(", "));
        let address = format!("{SERVICES}/{}/FeatureServer/0?f=json", self.service);
        Err(FetchError::remote(address, came, "name another service with --service"))
    }
}

/// Whether the name of a field is `start`, two digits of a year and `end`, as in `WD24CD`.
pub fn is_of(name: &str, start: &str, end: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let middle = upper.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    middle.is_some_and(|year| year.len() == 2 && year.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_form() {
        let fields = ["FID", "wd24cd", "WD24NM", "WD24NMW", "LAD24CD"].map(str::to_owned).to_vec();
        let layer = LayerDescription { service: "W".to_owned(), fields, page: 1 };
        assert_eq!(layer.field("WD", "CD").unwrap(), "wd24cd");
        assert_eq!(layer.field("WD", "NM").unwrap(), "WD24NM");
        let fault = layer.field("LSOA", "CD").unwrap_err().to_string();
        assert!(fault.contains("WD24NMW"), "{fault}");
    }
}
