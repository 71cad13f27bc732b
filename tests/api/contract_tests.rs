//! The checker is itself checked: what it lets through unseen, no other test would see.

use serde_json::{Value, json};

use crate::{contract::Contract, exchange::Exchange};

fn answer(address: &str, media_type: &str, body: &Value) -> Exchange {
    let header = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Exchange {
        method: "GET".to_owned(),
        address: address.to_owned(),
        status: 200,
        headers: [
            ("content-type", media_type),
            ("cache-control", "no-store"),
            ("vary", "Accept"),
            ("x-request-id", "0123456789abcdef"),
        ]
        .map(header)
        .into(),
        body: body.to_string().into_bytes(),
    }
}

fn ready() -> Exchange {
    let body = json!({"status": "ready", "serving_generation": 3, "stored_generation": null});
    answer("/ready", "application/json", &body)
}

fn fault_of(exchange: &Exchange) -> String {
    Contract::of_the_service().check(exchange).expect_err("this is a fault").join("\n")
}

#[test]
fn a_right_answer_passes() {
    assert_eq!(Contract::of_the_service().check(&ready()), Ok(()));
}

#[test]
fn a_wrong_body_is_a_fault() {
    for (body, said) in [
        (json!({"status": "ready", "serving_generation": 3}), "stored_generation"),
        (json!({"status": "ready", "serving_generation": "3", "stored_generation": 3}), "serving_generation"),
        (json!({"status": "fine", "serving_generation": 3, "stored_generation": 3}), "fine"),
        (json!({"status": "ready", "serving_generation": null, "stored_generation": 3}), "null"),
        (json!({"status": "ready", "serving_generation": 3, "stored_generation": 3, "more": 1}), "more"),
        (json!([]), "object"),
    ] {
        let fault = fault_of(&answer("/ready", "application/json", &body));
        assert!(fault.contains(said), "{body}: {fault}");
    }
    let mut cut = ready();
    cut.body.pop();
    assert!(fault_of(&cut).contains("EOF"));
}

#[test]
fn a_member_that_is_there_twice_is_a_fault() {
    let mut doubled = ready();
    doubled.body =
        br#"{"status":"ready","serving_generation":3,"stored_generation":3,"status":"ready"}"#.to_vec();
    assert!(fault_of(&doubled).contains("'status' is there twice"));
}

#[test]
fn an_undeclared_address_method_status_or_content_type_is_a_fault() {
    let address = Exchange { address: "/nowhere".to_owned(), ..ready() };
    assert!(fault_of(&address).contains("/nowhere is not declared"));
    let method = Exchange { method: "PUT".to_owned(), ..ready() };
    assert!(fault_of(&method).contains("PUT is not declared"));
    let status = Exchange { status: 201, ..ready() };
    assert!(fault_of(&status).contains("201 is not declared"));
    let mut media_type = ready();
    media_type.headers[0].1 = "text/html".to_owned();
    assert!(fault_of(&media_type).contains("text/html is not declared"));
    media_type.headers.remove(0);
    assert!(fault_of(&media_type).contains("no content type"));
}

#[test]
fn a_missing_or_malformed_header_is_a_fault() {
    for (index, name) in ["cache-control", "vary", "x-request-id"].into_iter().enumerate() {
        let mut missing = ready();
        missing.headers.remove(index + 1);
        assert!(fault_of(&missing).contains(&format!("{name} is missing")));
    }
    let mut malformed = ready();
    malformed.headers[3].1 = "17".to_owned();
    assert!(fault_of(&malformed).contains("x-request-id"));
}

#[test]
fn a_body_where_none_belongs_is_a_fault() {
    let head = Exchange { method: "HEAD".to_owned(), ..ready() };
    assert!(fault_of(&head).contains("there is a body"));
    let empty = Exchange { body: Vec::new(), ..head };
    assert_eq!(Contract::of_the_service().check(&empty), Ok(()));
}

#[test]
fn a_table_with_another_header_row_is_a_fault() {
    let mut table = answer("/analysis/hex?priority=violence", "text/csv; charset=utf-8", &Value::Null);
    table.headers[1].1 = "private, no-cache".to_owned();
    table.headers.push(("etag".to_owned(), format!("\"{}\"", "0".repeat(32))));
    let columns = "hex_id,count,weighted,area_km2,clipped_area_km2,per_km2,neighbours,local_i,quadrant,z,p,\
        p_adjusted,class\r\n";
    table.body = columns.as_bytes().to_vec();
    assert_eq!(Contract::of_the_service().check(&table), Ok(()));
    table.body = columns.replace("p,p_adjusted", "p_adjusted,p").into_bytes();
    assert!(fault_of(&table).contains("header row"));
    table.body.clear();
    assert!(fault_of(&table).contains("header row"));
}

#[test]
fn objects_made_of_parts_are_closed_too() {
    let contract = Contract::of(
        "
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a/{id}:
    get:
      responses:
        '200':
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Whole'}
components:
  schemas:
    Part:
      type: object
      required: [one]
      properties: {one: {type: integer, nullable: true, enum: [1]}}
    Whole:
      allOf:
        - {$ref: '#/components/schemas/Part'}
        - {type: object, required: [two], properties: {two: {type: number, minimum: 0, exclusiveMinimum: true}}}
",
    );
    let check = |body: Value| contract.check(&answer("/a/7?x=1", "application/json", &body));
    assert_eq!(check(json!({"one": 1, "two": 0.5})), Ok(()));
    assert_eq!(check(json!({"one": null, "two": 0.5})), Ok(()));
    for body in [
        json!({"one": 1}),
        json!({"two": 1}),
        json!({"one": 1, "two": 0}),
        json!({"one": 1, "two": 1, "x": 1}),
    ] {
        assert!(check(body.clone()).is_err(), "{body}");
    }
}
