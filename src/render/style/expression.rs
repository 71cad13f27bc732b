//! What a rule says for a feature, as an expression of `MapLibre` (its style specification, "Expressions").

use serde_json::{Value as Json, json};

use crate::feature::{Rule, Symbology, Test, Value};

/// What `of` gives for the rule that draws a feature, and `otherwise` where none does. The expression gives for
/// every value of the field what [`Symbology::rule_for`] leads to.
pub fn by_rule(symbology: &Symbology, of: impl Fn(&Rule) -> Json, otherwise: &Json) -> Json {
    let said = |value: &Value<'_>| {
        symbology.rule_for(value).map_or_else(|| otherwise.clone(), |rule| of(&symbology.rules[rule]))
    };
    let of_rest = symbology.rules.iter().find(|rule| rule.test == Test::All);
    let rest = of_rest.map_or_else(|| otherwise.clone(), &of);
    let Some(field) = &symbology.field else { return rest };
    let value = json!(["get", field]);
    let of_numbers = step(&value, symbology, &said);
    let of_texts = matched(&value, symbology, &said, &rest);
    let of_absent = said(&Value::Absent);
    let mut cases = vec![json!("case")];
    if of_numbers != rest {
        cases.extend([json!(["==", ["typeof", value], "number"]), of_numbers]);
    }
    if of_absent != rest {
        cases.extend([json!(["==", value, null]), of_absent]);
    }
    if cases.len() == 1 {
        return of_texts;
    }
    cases.push(of_texts);
    Json::Array(cases)
}

/// For numbers: between two neighbouring limits all have the same rule, that of the lower limit.
fn step(value: &Json, symbology: &Symbology, said: &impl Fn(&Value<'_>) -> Json) -> Json {
    let mut limits: Vec<f64> = Vec::new();
    for rule in &symbology.rules {
        if let Test::Range(from, below) = rule.test {
            limits.extend([from, below].into_iter().flatten());
        }
    }
    limits.sort_unstable_by(f64::total_cmp);
    let lowest = said(&Value::Number(f64::NEG_INFINITY));
    let mut last = lowest.clone();
    let mut steps = vec![json!("step"), value.clone(), lowest.clone()];
    for limit in limits {
        let next = said(&Value::Number(limit));
        if next != last {
            steps.extend([json!(limit), next.clone()]);
            last = next;
        }
    }
    if steps.len() == 3 { lowest } else { Json::Array(steps) }
}

/// For texts: each text that a rule names, once.
fn matched(value: &Json, symbology: &Symbology, said: &impl Fn(&Value<'_>) -> Json, rest: &Json) -> Json {
    let mut named: Vec<&str> = Vec::new();
    let mut branches = vec![json!("match"), value.clone()];
    for rule in &symbology.rules {
        if let Test::Text(text) = &rule.test
            && !named.contains(&text.as_str())
        {
            named.push(text);
            branches.extend([json!(text), said(&Value::text(Some(text)))]);
        }
    }
    if named.is_empty() {
        return rest.clone();
    }
    branches.push(rest.clone());
    Json::Array(branches)
}
