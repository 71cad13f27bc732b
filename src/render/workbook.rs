//! Tables as an Excel workbook (Office Open XML, ISO/IEC 29500).
//!
//! What stands in a cell is a number, true or false, an instant in UTC, or text: never a formula, whatever
//! the text begins with. The same sheets give the same bytes: the file says of itself that it was made on 1
//! January 1980.

mod formats;

use std::collections::HashSet;

use rust_xlsxwriter::{
    ColNum, DocProperties, ExcelDateTime, Format, FormatAlign, RowNum, Table, TableColumn, TableStyle,
    Workbook, Worksheet, XlsxError,
};

use self::formats::{header, number_format, width};
use super::{features::cell, sheet::Sheet};
use crate::feature::{Field, FieldKind, Value};

/// The sheet before all others.
const ABOUT: &str = "About";
/// The sheet behind all others.
const COLUMNS: &str = "Columns";
/// Most characters of a cell: Excel has no more.
const MOST_CHARACTERS: usize = 32_767;
/// What is written behind the beginning of a longer text.
const CUT: &str = " … [cut: a cell holds 32,767 characters]";
/// The largest whole number that a cell holds exactly: its numbers have 53 bits.
const MOST_WHOLE: u64 = 1 << 53;

/// A workbook: a sheet `About` with the title, the notes and what each sheet holds; the sheets, each by its
/// `name`; and a sheet `Columns` that says what every column means.
///
/// A sheet has its columns' titles and units in a bold header that stays in view, a filter and the name
/// `table_…` as a table of Excel. How numbers are shown goes by their columns: whole numbers with thousands
/// separators (years, whose unit is `year`, without), shares (unit `share`, values 0…1) as percentages, percentages
/// (unit `%`) with one decimal, others with three significant figures of the largest of their column. That
/// is about showing alone: cells hold the full number. Text that begins with `=`, `+`, `-` or `@` stays text also
/// when somebody edits the cell.
///
/// # Errors
/// [`XlsxError`] where two sheets have one name or one of them is `about` or `columns`, and where a sheet has more
/// than 1,048,575 rows or 16,384 columns.
///
/// # Example
/// ```
/// use hotspots::{feature::{Field, FieldKind, Value}, render::{sheet::Sheet, workbook::workbook}};
/// let columns = vec![Field::new("count", FieldKind::Whole, "Count", "Number of incidents.")];
/// let sheet = Sheet { name: "wards".into(), title: "Wards".into(), columns, rows: vec![vec![Value::Whole(3)]] };
/// let bytes = workbook("Burglary by ward", &["Period 2024".to_owned()], &[sheet])?;
/// assert_eq!(bytes[..2], *b"PK");
/// # Ok::<(), rust_xlsxwriter::XlsxError>(())
/// ```
pub fn workbook(title: &str, notes: &[String], sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(1980, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    about(book.add_worksheet(), title, notes, sheets)?;
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name)?;
        fill(page, sheet)?;
    }
    let dictionary = dictionary(sheets);
    let page = book.add_worksheet();
    page.set_name(COLUMNS)?;
    fill(page, &dictionary)?;
    book.save_to_buffer()
}

fn about(page: &mut Worksheet, title: &str, notes: &[String], sheets: &[Sheet]) -> Result<(), XlsxError> {
    page.set_name(ABOUT)?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let bold = Format::new().set_bold();
    text(page, 0, 0, title, &Format::new().set_bold().set_font_size(14))?;
    let mut row: RowNum = 2;
    for note in notes {
        text(page, row, 0, note, &wrapped)?;
        row += 1;
    }
    row += 1;
    for (column, header) in (0..).zip(["Sheet", "Rows", "Holds"]) {
        text(page, row, column, header, &bold)?;
    }
    for sheet in sheets {
        row += 1;
        text(page, row, 0, &sheet.name, &Format::new())?;
        page.write_number_with_format(row, 1, sheet.rows.len() as f64, &whole())?;
        text(page, row, 2, &sheet.title, &Format::new())?;
    }
    row += 1;
    text(page, row, 0, COLUMNS, &Format::new())?;
    text(page, row, 2, "What each column means, and its unit", &Format::new())?;
    for (column, width) in (0..).zip([100.0, 10.0, 60.0]) {
        page.set_column_width(column, width)?;
    }
    Ok(())
}

fn whole() -> Format {
    Format::new().set_num_format("#,##0")
}

/// Every column of some sheets with what it means.
fn dictionary(sheets: &[Sheet]) -> Sheet {
    let column = |name: &str, title, description| Field::new(name, FieldKind::Text, title, description);
    let own = |text: &str| Value::Text(text.to_owned().into());
    let described = |sheet: &Sheet| {
        let headers = headers(sheet);
        let rows = sheet.columns.iter().zip(headers).map(|(field, header)| {
            let unit = field.unit.map_or(Value::Absent, own);
            vec![own(&sheet.name), own(&header), own(&field.name), unit, own(field.description)]
        });
        rows.collect::<Vec<_>>()
    };
    Sheet {
        name: "columns".to_owned(),
        title: COLUMNS.to_owned(),
        columns: vec![
            column("sheet", "Sheet", "The sheet."),
            column("header", "Column", "What stands above it."),
            column("name", "Name", "Its name in CSV and JSON."),
            column("unit", "Unit", "The unit of its values."),
            column("meaning", "Meaning", "What it says."),
        ],
        rows: sheets.iter().flat_map(described).collect(),
    }
}

/// What stands above the columns: no two are the same, as tables of Excel have to have it.
fn headers(sheet: &Sheet) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut unique = |field: &Field| {
        let first = header(field);
        let named = || format!("{first} [{}]", field.name);
        let candidates = std::iter::once(first.clone()).chain(std::iter::once_with(named));
        let numbered = (2..).map(|number| format!("{first} [{} {number}]", field.name));
        // The last of the candidates has no end, so there is one that was not seen.
        candidates.chain(numbered).find(|text| seen.insert(text.to_lowercase())).unwrap_or(first.clone())
    };
    sheet.columns.iter().map(&mut unique).collect()
}

fn fill(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let headers = headers(sheet);
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let mut columns = Vec::new();
    for (number, (field, header)) in sheet.columns.iter().zip(&headers).enumerate() {
        let at = ColNum::try_from(number).map_err(|_too_many| XlsxError::RowColumnLimitError)?;
        let values = || sheet.rows.iter().filter_map(|row| row.get(number));
        let format = number_format(field, values());
        text(page, 0, at, header, &bold)?;
        for (row, value) in (1..).zip(&sheet.rows) {
            write(page, row, at, value.get(number).unwrap_or(&Value::Absent), &format)?;
        }
        page.set_column_width(at, width(header, values()))?;
        columns.push(TableColumn::new().set_header(header).set_header_format(&bold));
    }
    page.set_freeze_panes(1, 0)?;
    let last =
        ColNum::try_from(columns.len()).map_err(|_too_many| XlsxError::RowColumnLimitError)?.checked_sub(1);
    // A table of Excel has a row; a sheet without one is its header.
    if let (Some(last), false) = (last, sheet.rows.is_empty()) {
        let name = format!("table_{}", sheet.name.replace('-', "_"));
        let table = Table::new().set_name(name).set_style(TableStyle::Light1).set_columns(&columns);
        let rows = RowNum::try_from(sheet.rows.len()).map_err(|_too_many| XlsxError::RowColumnLimitError)?;
        page.add_table(0, 0, rows, last, &table)?;
    }
    Ok(())
}

fn write(
    page: &mut Worksheet,
    row: RowNum,
    column: ColNum,
    value: &Value<'_>,
    format: &Format,
) -> Result<(), XlsxError> {
    match value {
        Value::Text(words) => text(page, row, column, words, format)?,
        Value::Whole(number) if number.unsigned_abs() > MOST_WHOLE => {
            text(page, row, column, &number.to_string(), &Format::new())?;
        }
        Value::Whole(number) => {
            page.write_number_with_format(row, column, *number as f64, format)?;
        }
        Value::Number(number) if number.is_finite() => {
            page.write_number_with_format(row, column, *number, format)?;
        }
        Value::Absent | Value::Number(_) => {}
        Value::Flag(flag) => {
            page.write_boolean(row, column, *flag)?;
        }
        // What Excel's calendar (1900 to 9999) does not have is text.
        Value::Instant(second) => match ExcelDateTime::from_timestamp(*second) {
            Ok(instant) => {
                page.write_datetime_with_format(row, column, &instant, format)?;
            }
            Err(_) => text(page, row, column, &cell(value), &Format::new())?,
        },
    }
    Ok(())
}

/// Writes text that stays text.
fn text(
    page: &mut Worksheet,
    row: RowNum,
    column: ColNum,
    words: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    // Excel counts in UTF-16.
    let fits = words.len() <= MOST_CHARACTERS || words.encode_utf16().count() <= MOST_CHARACTERS;
    let cut = if fits { None } else { Some(cut(words)) };
    let words = cut.as_deref().unwrap_or(words);
    if words.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        page.write_string_with_format(row, column, words, &format.clone().set_quote_prefix())?;
    } else {
        page.write_string_with_format(row, column, words, format)?;
    }
    Ok(())
}

/// The beginning of a text that is too long for a cell, and the words that say so.
fn cut(words: &str) -> String {
    let mut left = MOST_CHARACTERS - CUT.encode_utf16().count();
    let fits = |character: &char| {
        let rest = left.checked_sub(character.len_utf16());
        left = rest.unwrap_or(left);
        rest.is_some()
    };
    let mut beginning: String = words.chars().take_while(fits).collect();
    beginning.push_str(CUT);
    beginning
}

#[cfg(test)]
mod tests;
