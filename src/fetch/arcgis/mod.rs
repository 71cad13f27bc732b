//! Layers and tables of the Open Geography Portal of the Office for National Statistics, which are ArcGIS feature
//! services.

mod directory;
mod layer;
pub(super) mod query;

use serde::Deserialize;
use serde_json::Value;

use super::{Client, FetchError};

pub use directory::{Kind, find, find_not_after};
pub use layer::{LayerDescription, is_of};
pub use query::{Query, Rows, one_of};

/// Where the services are.
pub(super) const SERVICES: &str = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services";

/// What every answer may be in place of what was asked for; the status is then 200 all the same.
#[derive(Deserialize)]
struct Refusal {
    code: Option<i64>,
    #[serde(default)]
    message: String,
    details: Option<Vec<String>>,
}

/// Asks, and takes an error object for the error that it is.
fn ask(client: &Client, address: &str) -> Result<Value, FetchError> {
    let mut answer: Value = client.json(address)?;
    let Some(error) = answer.get_mut("error") else { return Ok(answer) };
    let refusal: Refusal = serde_json::from_value(error.take()).unwrap_or(Refusal {
        code: None,
        message: String::new(),
        details: None,
    });
    let code = refusal.code.map(|code| format!(" {code}")).unwrap_or_default();
    let said = std::iter::once(refusal.message).chain(refusal.details.unwrap_or_default());
    let said: Vec<_> = said.filter(|text| !text.is_empty()).collect();
    let came = format!("the service answers with an error{code}: {}", said.join("; "));
    Err(FetchError::remote(address, came, "name another service with --service, or another vintage"))
}
