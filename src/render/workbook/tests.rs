//! Workbooks are opened again: as archives of XML.

use std::io::{Cursor, Read};

use roxmltree::{Document, Node};

use super::*;

/// A workbook opened by its parts.
struct Opened(zip::ZipArchive<Cursor<Vec<u8>>>);

impl Opened {
    fn of(bytes: &[u8]) -> Self {
        Self(zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap())
    }

    fn part(&mut self, name: &str) -> String {
        let mut text = String::new();
        self.0.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// A cell as what it is (`n`, `s`, `b`), its value, and whether it has a formula or its style an apostrophe.
    fn cell(&mut self, sheet: usize, reference: &str) -> Option<Cell> {
        let (sheet, strings) =
            (self.part(&format!("xl/worksheets/sheet{sheet}.xml")), self.part("xl/sharedStrings.xml"));
        let styles = self.part("xl/styles.xml");
        let (sheet, strings, styles) = (parse(&sheet), parse(&strings), parse(&styles));
        let cell = named(&sheet, "c").into_iter().find(|cell| cell.attribute("r") == Some(reference))?;
        let value = cell.children().find(|child| child.has_tag_name("v") || child.tag_name().name() == "v");
        let value = value.and_then(|value| value.text()).unwrap_or_default();
        let kind = cell.attribute("t").unwrap_or("n").to_owned();
        let value = if kind == "s" {
            let entry = named(&strings, "si")[value.parse::<usize>().unwrap()];
            entry.descendants().filter_map(|node| node.text().filter(|_| node.is_element())).collect()
        } else {
            value.to_owned()
        };
        let style: usize = cell.attribute("s").unwrap_or("0").parse().unwrap();
        let cells = named(&styles, "cellXfs")[0];
        let style = cells.children().filter(Node::is_element).nth(style).unwrap();
        let number = style.attribute("numFmtId").unwrap().to_owned();
        let own = named(&styles, "numFmt").into_iter().find(|own| own.attribute("numFmtId") == Some(&number));
        Some(Cell {
            kind,
            value,
            is_formula: cell.children().any(|child| child.tag_name().name() == "f"),
            is_quoted: style.attribute("quotePrefix") == Some("1"),
            format: own.and_then(|own| own.attribute("formatCode")).map_or(number.clone(), str::to_owned),
        })
    }
}

#[derive(Debug)]
struct Cell {
    kind: String,
    value: String,
    is_formula: bool,
    is_quoted: bool,
    format: String,
}

fn parse(text: &str) -> Document<'_> {
    Document::parse(text).unwrap()
}

fn named<'a, 'i>(document: &'a Document<'i>, name: &str) -> Vec<Node<'a, 'i>> {
    document.descendants().filter(|node| node.tag_name().name() == name).collect()
}

fn text(text: &str) -> Value<'static> {
    Value::Text(text.to_owned().into())
}

fn wards() -> Sheet {
    Sheet {
        name: "wards".into(),
        title: "Wards of the borough".into(),
        columns: vec![
            Field::new("name", FieldKind::Text, "Name", "The ward's name."),
            Field::new("count", FieldKind::Whole, "Incidents", "How many."),
            Field::new("share", FieldKind::Number, "Share", "Its share.").in_unit("share"),
            Field::new("change", FieldKind::Whole, "Change", "More than before."),
            Field::new("change_percent", FieldKind::Number, "Change", "The same in percent."),
            Field::new("rate", FieldKind::Number, "Rate", "How often.").in_unit("1/1000 residents"),
            Field::new("year", FieldKind::Whole, "Year", "Of the residents.").in_unit("year"),
            Field::new("known", FieldKind::Flag, "Known", "Whether it is."),
            Field::new("at", FieldKind::Instant, "When", "The second."),
        ],
        rows: vec![
            vec![
                text("Gornal"),
                Value::Whole(12_345),
                Value::Number(0.25),
                Value::Whole(-3),
                Value::Number(-12.5),
                Value::Number(7.125),
                Value::Whole(2020),
                Value::Flag(true),
                Value::Instant(1_704_067_200),
            ],
            vec![text("=HYPERLINK(\"http://x.test\")"), Value::Whole(i64::MAX)],
            vec![text("+1"), Value::Absent],
            vec![text("-2")],
            vec![text("@SUM(A1)")],
            vec![text("<b> & \u{1} é")],
        ],
    }
}

fn opened() -> Opened {
    Opened::of(&workbook("Burglary", &["-not a formula".to_owned()], &[wards()]).unwrap())
}

#[test]
fn the_sheets_stand_between_what_they_are_about_and_what_their_columns_mean() {
    let mut book = opened();
    let text = book.part("xl/workbook.xml");
    let names: Vec<_> = named(&parse(&text), "sheet")
        .iter()
        .map(|sheet| sheet.attribute("name").unwrap().to_owned())
        .collect();
    assert_eq!(names, ["About", "wards", "Columns"]);
    let mut value = |sheet, at| book.cell(sheet, at).unwrap().value;
    assert_eq!([value(1, "A1"), value(1, "A3")], ["Burglary", "-not a formula"]);
    assert_eq!([value(1, "A6"), value(1, "B6"), value(1, "C6")], ["wards", "6", "Wards of the borough"]);
    let row = ["A7", "B7", "C7", "D7", "E7"].map(|at| value(3, at));
    assert_eq!(row, ["wards", "Rate (1/1000 residents)", "rate", "1/1000 residents", "How often."]);
}

#[test]
fn cells_are_what_their_values_are_and_numbers_are_shown_by_their_columns() {
    let mut book = opened();
    let mut cell = |at: &str| {
        let cell = book.cell(2, at).unwrap();
        (cell.kind, cell.value, cell.format)
    };
    let of = |kind: &str, value: &str, format: &str| (kind.to_owned(), value.to_owned(), format.to_owned());
    assert_eq!(cell("B2"), of("n", "12345", "#,##0"));
    assert_eq!(cell("C2"), of("n", "0.25", "0.0%"));
    assert_eq!(cell("D2"), of("n", "-3", "#,##0"));
    assert_eq!(cell("E2"), of("n", "-12.5", "0.00"));
    assert_eq!(cell("F2"), of("n", "7.125", "0.000"));
    assert_eq!(cell("G2"), of("n", "2020", "0"));
    assert_eq!(cell("H2").0, "b");
    assert_eq!(cell("I2"), of("n", "45292", "yyyy-mm-dd hh:mm:ss"));
    // More than a number of Excel holds exactly.
    assert_eq!(cell("B3").1, i64::MAX.to_string());
    assert_eq!(cell("A7").1.replace("_x0001_", "\u{1}"), "<b> & \u{1} é");
    assert!(book.cell(2, "B4").is_none());
}

#[test]
fn text_stays_text_whatever_it_begins_with() {
    let mut book = opened();
    for at in ["A3", "A4", "A5", "A6"] {
        let cell = book.cell(2, at).unwrap();
        assert!(cell.kind == "s" && !cell.is_formula && cell.is_quoted, "{cell:?}");
    }
    assert!(!book.cell(2, "A2").unwrap().is_quoted);
    assert!(book.cell(1, "A3").unwrap().is_quoted);
}

#[test]
fn a_sheet_is_a_table_with_a_filter_below_a_header_that_stays() {
    let mut book = opened();
    let table = book.part("xl/tables/table1.xml");
    let table = parse(&table);
    assert_eq!(table.root_element().attribute("name"), Some("table_wards"));
    assert_eq!(named(&table, "autoFilter")[0].attribute("ref"), Some("A1:I7"));
    let headers: Vec<_> = named(&table, "tableColumn")
        .iter()
        .map(|column| column.attribute("name").unwrap().to_owned())
        .collect();
    assert_eq!(headers[3..6], ["Change", "Change [change_percent]", "Rate (1/1000 residents)"]);
    let sheet = book.part("xl/worksheets/sheet2.xml");
    assert_eq!(named(&parse(&sheet), "pane")[0].attribute("ySplit"), Some("1"));
}

#[test]
fn the_same_sheets_give_the_same_bytes() {
    let book = || workbook("Burglary", &[], &[wards()]).unwrap();
    assert_eq!(book(), book());
    let text = Opened::of(&book()).part("docProps/core.xml");
    assert!(text.contains("1980-01-01T00:00:00Z"), "{text}");
}

#[test]
fn sheets_may_be_empty_and_may_not_share_a_name() {
    let bare = Sheet { rows: Vec::new(), ..wards() };
    let mut book = Opened::of(&workbook("", &[], &[bare]).unwrap());
    assert_eq!(book.cell(2, "B1").unwrap().value, "Incidents");
    assert!(book.0.by_name("xl/tables/table2.xml").is_err());
    workbook("None", &[], &[]).unwrap();
    workbook("Nothing", &[], &[Sheet { columns: Vec::new(), ..wards() }]).unwrap();
    assert!(workbook("Two", &[], &[wards(), wards()]).is_err());
    assert!(workbook("Two", &[], &[Sheet { name: "columns".into(), ..wards() }]).is_err());
}

#[test]
fn a_text_too_long_for_a_cell_says_that_it_was_cut() {
    let rows = vec![vec![text(&"😀".repeat(20_000))]];
    let bytes = workbook("Long", &[], &[Sheet { rows, ..wards() }]).unwrap();
    let value = Opened::of(&bytes).cell(2, "A2").unwrap().value;
    let length = value.encode_utf16().count();
    assert!(value.ends_with(CUT) && (MOST_CHARACTERS - 1..=MOST_CHARACTERS).contains(&length), "{length}");
}
