//! Rows of a layer, page by page, and counted.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{LayerDescription, SERVICES, ask};
use crate::fetch::{Client, FetchError, escaped};

/// What is asked of a layer.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// The layer.
    pub layer: &'a LayerDescription,
    /// The condition, in the SQL of these services.
    pub condition: &'a str,
    /// The field that identifies a row, by which rows are ordered.
    pub id_field: &'a str,
    /// Whether shapes are wanted, on the national grid.
    pub geometry: bool,
}

/// All rows of an answer.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The first page as it came, with the features of all.
    pub set: Map<String, Value>,
    /// The address of the first page.
    pub address: String,
}

/// Pages that one query may have.
const MOST_PAGES: usize = 2_000;

impl Query<'_> {
    /// Reads all pages and counts.
    ///
    /// # Errors
    /// [`FetchError`] of the client; fewer or more rows than the service counts; a row that came twice.
    pub fn read(self, client: &Client) -> Result<Rows, FetchError> {
        let expected = self.count(client)?;
        let mut whole: Option<Rows> = None;
        let mut features = Vec::new();
        for _ in 0..MOST_PAGES {
            let address = self.page_address(features.len());
            let Value::Object(mut page) = ask(client, &address)? else {
                return Err(fault(&address, "no set of features came".to_owned()));
            };
            let Some(Value::Array(rows)) = page.remove("features") else {
                return Err(fault(&address, "the answer has no array of 'features'".to_owned()));
            };
            let more = page.remove("exceededTransferLimit").and_then(|it| it.as_bool()).unwrap_or(false);
            let ends = rows.is_empty() || !more;
            features.extend(rows);
            whole.get_or_insert(Rows { set: page, address });
            if ends {
                break;
            }
        }
        let Some(mut whole) = whole else { return Err(fault(SERVICES, "no page came".to_owned())) };
        if features.len() as u64 != expected {
            let came = format!("truncated: {} rows came, and the service counts {expected}", features.len());
            return Err(fault(&whole.address, came));
        }
        let mut seen = HashSet::new();
        for feature in &features {
            let id = text(feature, self.id_field);
            if !seen.insert(id.clone()) {
                let came = format!("the row '{id}' came twice, so another is missing");
                return Err(fault(&whole.address, came));
            }
        }
        whole.set.insert("features".to_owned(), Value::Array(features));
        Ok(whole)
    }

    fn count(&self, client: &Client) -> Result<u64, FetchError> {
        let address = format!("{}&returnCountOnly=true", self.address());
        let count = ask(client, &address)?.get("count").and_then(Value::as_u64);
        count.ok_or_else(|| fault(&address, "no count came".to_owned()))
    }

    fn address(&self) -> String {
        let (service, condition) = (&self.layer.service, escaped(self.condition));
        format!("{SERVICES}/{service}/FeatureServer/0/query?where={condition}&f=json")
    }

    fn page_address(&self, offset: usize) -> String {
        let shape = if self.geometry { "&returnGeometry=true&outSR=27700" } else { "&returnGeometry=false" };
        format!(
            "{}&outFields=*{shape}&orderByFields={}&resultOffset={offset}&resultRecordCount={}",
            self.address(),
            escaped(self.id_field),
            self.layer.page
        )
    }
}

fn fault(address: &str, came: String) -> FetchError {
    FetchError::remote(
        address,
        came,
        "run the command again; if it stays, name another service with --service",
    )
}

impl Rows {
    /// The rows.
    pub fn features(&self) -> &[Value] {
        self.set.get("features").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// The condition that a field has one of some codes.
pub fn one_of(field: &str, codes: &[String]) -> String {
    match codes {
        [code] => format!("{field}='{code}'"),
        _ => format!("{field} IN ('{}')", codes.join("','")),
    }
}

/// An attribute of a row as text; empty where it is missing.
pub(in crate::fetch) fn text(feature: &Value, field: &str) -> String {
    match feature.get("attributes").and_then(|attributes| attributes.get(field)) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}
