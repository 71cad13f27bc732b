//! Parameters as WMS and WMTS have them (06-042 §6.8.1): names in any case, values in theirs, and whatever is not
//! known passed over, because clients send much of their own.

use std::collections::{BTreeMap, btree_map::Entry};

use actix_web::{HttpRequest, web};

use super::{Code, Refusal};
use crate::{http::query::Query, model::Invalid};

/// Names that mean something to WMS and WMTS, and so are no parameters of a layer.
const OWN: [&str; 36] = [
    "bbox",
    "bgcolor",
    "cql_filter",
    "crs",
    "exceptions",
    "feature_count",
    "filter",
    "format",
    "height",
    "i",
    "info_format",
    "infoformat",
    "j",
    "layer",
    "layers",
    "query_layers",
    "request",
    "service",
    "sld",
    "sld_body",
    "srs",
    "style",
    "styles",
    "tilecol",
    "tilematrix",
    "tilematrixset",
    "tilerow",
    "time",
    "transparent",
    "updatesequence",
    "version",
    "width",
    "wmtver",
    "x",
    "y",
    "f",
];

/// The parameters of a request.
#[derive(Default)]
pub struct Kvp {
    given: BTreeMap<String, String>,
}

impl Kvp {
    /// Reads the query string. A parameter that is given twice, as clients do that add to an address which has it,
    /// has to have one value.
    ///
    /// # Errors
    /// [`Refusal`] for what is not percent-encoded UTF-8, and for two values of one parameter.
    pub fn of(request: &HttpRequest) -> Result<Self, Refusal> {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
            .map_err(|cause| {
                let rule = format!("the query is not percent-encoded UTF-8 ({cause})");
                Refusal::new(
                    Code::InvalidParameterValue,
                    "query",
                    &Invalid::new(request.query_string(), rule),
                )
            })?
            .into_inner();
        let mut all = Self::default();
        for (name, value) in pairs {
            match all.given.entry(name.to_ascii_lowercase()) {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                Entry::Occupied(entry) if *entry.get() == value => {}
                Entry::Occupied(entry) => {
                    let fault = Invalid::new(value, "the parameter is given twice, with two values");
                    return Err(Refusal::new(Code::InvalidParameterValue, entry.key(), &fault));
                }
            }
        }
        Ok(all)
    }

    /// Sets a parameter that the address itself holds.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.given.insert(name.to_owned(), value.into());
    }

    /// The value of a parameter, by its name in lower case; an empty one counts as left out.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value of a parameter that has to be there.
    ///
    /// # Errors
    /// [`Refusal`] where it is not.
    pub fn needed(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| {
            Refusal::new(Code::MissingParameterValue, name, &Invalid::new("", "the parameter is needed"))
        })
    }

    /// A whole number that has to be there.
    ///
    /// # Errors
    /// [`Refusal`] where it is missing or not from `range`.
    pub fn whole(
        &self,
        name: &str,
        range: std::ops::RangeInclusive<u32>,
        code: Code,
    ) -> Result<u32, Refusal> {
        let text = self.needed(name)?;
        text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            let rule = format!("a whole number from {} to {}", range.start(), range.end());
            Refusal::new(code, name, &Invalid::new(text, rule))
        })
    }

    /// What a layer is made by and chosen from: every other parameter, and `CQL_FILTER` as `filter`.
    pub fn of_layer(&self) -> Query {
        let others = self.given.iter().filter(|(name, value)| {
            // A program's own `f=` and empty values, which forms of web pages send, say nothing.
            !OWN.contains(&name.as_str()) && !value.is_empty()
        });
        let filter = self.get("cql_filter").map(|text| ("filter".to_owned(), text.to_owned()));
        Query::of_pairs(others.map(|(name, value)| (name.clone(), value.clone())).chain(filter))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn read(query: &str) -> Result<Kvp, Refusal> {
        Kvp::of(&TestRequest::with_uri(&format!("/wms?{query}")).to_http_request())
    }

    #[test]
    fn names_are_read_in_any_case_and_values_in_theirs() {
        let kvp = read("ReQuest=GetMap&STYLES=&layers=Wards").unwrap();
        assert_eq!(kvp.get("request"), Some("GetMap"));
        assert_eq!(kvp.get("layers"), Some("Wards"));
        assert!(kvp.get("styles").is_none() && kvp.needed("styles").is_err());
    }

    #[test]
    fn a_doubled_parameter_needs_one_value() {
        assert!(read("SERVICE=WMS&service=WMS").is_ok());
        assert!(read("SERVICE=WMS&service=WFS").is_err());
    }

    #[test]
    fn numbers_outside_their_range_are_refused() {
        for text in ["", "0", "-1", "4097", "1e2", "NaN", "99999999999999999999"] {
            let kvp = read(&format!("WIDTH={text}")).unwrap();
            assert!(kvp.whole("width", 1..=4096, Code::InvalidParameterValue).is_err(), "{text}");
        }
    }
}
