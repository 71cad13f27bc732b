//! What an execution is asked for (18-062r2 §7.11.2).

use std::fmt;

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::Value;

use super::Process;
use crate::{
    http::{
        negotiate::Format,
        problem::{FieldFault, Problem},
    },
    model::Invalid,
};

/// An execution as it was asked for.
pub(super) struct Asked {
    /// The inputs, written as the parameters of an address are.
    pub(super) inputs: Vec<(String, String)>,
    /// The form of the result.
    pub(super) format: Format,
    /// How it is sent.
    pub(super) response: Response,
}

/// How results are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Response {
    /// As it is.
    #[default]
    Raw,
    /// As the member `result` of a JSON object.
    Document,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    inputs: Option<Members>,
    outputs: Option<Outputs>,
    response: Option<Response>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Outputs {
    result: Option<OutputAsked>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutputAsked {
    format: Option<FormatAsked>,
    #[serde(rename = "transmissionMode")]
    _transmission_mode: Option<Transmission>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormatAsked {
    #[serde(rename = "mediaType")]
    media_type: Option<String>,
}

/// Results are sent as values and nowhere else.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Transmission {
    Value,
}

/// The members of an object in their order, those of one name included.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of inputs")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl Asked {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 with every fault.
    pub(super) fn read(body: &[u8], process: Process) -> Result<Self, Problem> {
        let body: Body = serde_json::from_slice(body).map_err(|error| {
            let rule = format!(
                "it is a JSON object, as in {{\"inputs\": {{\"priority\": \"burglary\", \"bandwidth_m\": 300}}}} \
                 ({error})"
            );
            Problem::invalid("body", Invalid::new(String::from_utf8_lossy(body), rule))
        })?;
        let mut faults = Vec::new();
        let mut tell = |place: String, fault: Invalid| {
            faults.push(FieldFault { place, value: fault.value, rule: fault.rule });
        };
        let mut inputs = Vec::new();
        for (name, value) in body.inputs.map(|Members(members)| members).unwrap_or_default() {
            match written(&value) {
                Ok(Some(text)) => inputs.push((name, text)),
                Ok(None) => {}
                Err(fault) => tell(format!("input {name}"), fault),
            }
        }
        let asked = body.outputs.unwrap_or_default().result.and_then(|output| output.format?.media_type);
        let format = match asked {
            None => process.formats().next(),
            Some(media_type) => {
                let essence = media_type.split(';').next().unwrap_or_default().trim();
                let found = process.formats().find(|format| format.essence().eq_ignore_ascii_case(essence));
                if found.is_none() {
                    let known: Vec<_> = process.formats().map(Format::essence).collect();
                    let rule = format!("one of: {}", known.join(", "));
                    tell("output result".to_owned(), Invalid::new(&media_type, rule));
                }
                found
            }
        };
        match format {
            Some(format) if faults.is_empty() => {
                Ok(Self { inputs, format, response: body.response.unwrap_or_default() })
            }
            _ => Err(Problem::bad_request(faults)),
        }
    }
}

/// A value as the query of an address has it; `None` for null, which is as good as left out.
fn written(value: &Value) -> Result<Option<String>, Invalid> {
    match value {
        Value::Null => Ok(None),
        Value::Array(items) => {
            let rule = "an item of a list is a text without commas, a number, or true or false";
            let items = items.iter().map(|item| {
                scalar(item).filter(|text| !text.contains(',')).ok_or_else(|| Invalid::new(item, rule))
            });
            Ok(Some(items.collect::<Result<Vec<_>, _>>()?.join(",")))
        }
        other => scalar(other).map(Some).ok_or_else(|| {
            Invalid::new(
                other,
                "a text, a number, true or false, or a list of these; nothing is fetched from elsewhere",
            )
        }),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Asked, String> {
        Asked::read(body.as_bytes(), Process::Hotspots).map_err(|problem| problem.document())
    }

    #[test]
    fn inputs_are_written_as_parameters_are() {
        let body = r#"{"inputs": {"period": "2025-01", "bandwidth_m": 300, "weights": null, "ongoing": true,
            "category": ["burglary", "drugs"], "period": "2025-02"}}"#;
        let asked = read(body).ok().unwrap();
        let pairs: Vec<_> = asked.inputs.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let expected = [
            ("period", "2025-01"),
            ("bandwidth_m", "300"),
            ("ongoing", "true"),
            ("category", "burglary,drugs"),
            ("period", "2025-02"),
        ];
        assert_eq!((pairs.as_slice(), asked.format), (expected.as_slice(), Format::GeoJson));
    }

    #[test]
    fn the_form_of_the_result_is_read() {
        let body = r#"{"outputs": {"result": {"transmissionMode": "value", "format": {"mediaType": "Text/CSV; x=y"}}},
            "response": "document"}"#;
        let asked = read(body).ok().unwrap();
        assert_eq!((asked.format, asked.response), (Format::Csv, Response::Document));
        assert_eq!(read("{}").ok().unwrap().response, Response::Raw);
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_place() {
        for (body, words) in [
            ("", "EOF"),
            ("[]", "object"),
            ("{\"inputs\": []}", "an object of inputs"),
            ("{\"input\": {}}", "unknown field `input`"),
            ("{\"inputs\": {}, \"inputs\": {}}", "duplicate field"),
            ("{\"subscriber\": {\"successUri\": \"http://10.0.0.1\"}}", "unknown field `subscriber`"),
            ("{\"response\": \"zip\"}", "unknown variant"),
            ("{\"outputs\": {\"answer\": {}}}", "unknown field `answer`"),
            (
                "{\"outputs\": {\"result\": {\"transmissionMode\": \"reference\"}}}",
                "unknown variant `reference`",
            ),
            (
                "{\"outputs\": {\"result\": {\"format\": {\"mediaType\": \"text/html\"}}}}",
                "application/geo+json",
            ),
            ("{\"inputs\": {\"period\": {\"href\": \"http://10.0.0.1\"}}}", "nothing is fetched"),
            ("{\"inputs\": {\"category\": [[\"burglary\"]]}}", "input category"),
            ("{\"inputs\": {\"category\": [\"burglary,drugs\"]}}", "without commas"),
            ("{\"inputs\": {\"seed\": 1e999}}", "number out of range"),
        ] {
            let refused = read(body).err().unwrap();
            assert!(refused.contains(words), "{body}: {refused}");
        }
        let deep = format!("{{\"inputs\": {{\"a\": {}", "[".repeat(60_000));
        assert!(read(&deep).err().unwrap().contains("recursion"));
    }
}
