//! Figures by area from Nomis, the service of the Office for National Statistics for census and labour market.

use csv::{ReaderBuilder, StringRecord};

use super::{Figures, plain_lines};
use crate::fetch::{Client, FetchError};

/// A table of Nomis.
#[derive(Clone, Copy, Debug)]
pub struct Dataset {
    /// Its id in addresses.
    pub id: &'static str,
    /// What it counts.
    pub measure: &'static str,
    /// What is chosen of it: the total, in the newest year.
    choice: &'static str,
}

/// The tables that are asked, with their names at the publisher. All give lower layer super output areas of 2021.
pub const TABLES: [Dataset; 3] = [
    // TS001, Census 2021: usual residents in households and communal establishments; 0 is the total.
    Dataset { id: "NM_2021_1", measure: "residents", choice: "date=latest&c2021_restype_3=0" },
    // TS041, Census 2021: number of households; it has no other dimension.
    Dataset { id: "NM_2059_1", measure: "households", choice: "date=latest" },
    // Population estimates, small area (2021 based): all persons (0) of all ages (200) at the newest mid-year.
    Dataset { id: "NM_2014_1", measure: "residents", choice: "date=latest&gender=0&c_age=200" },
];

/// Areas of one request: more make addresses that some proxies refuse.
const LOT: usize = 200;

/// The figures of areas in a table, and the address of the first request.
///
/// # Errors
/// [`FetchError`] of the client; figures that are missing or not whole numbers, all told.
pub(super) fn figures(
    client: &Client,
    dataset: Dataset,
    codes: &[&str],
) -> Result<(Figures, String), FetchError> {
    let mut found = Figures::new();
    let mut first = None;
    for lot in codes.chunks(LOT) {
        let address = format!(
            "https://www.nomisweb.co.uk/api/v01/dataset/{}.data.csv?{}&geography={}&measures=20100&select=GEOGRAPHY_CODE,\
             DATE_NAME,OBS_VALUE",
            dataset.id,
            dataset.choice,
            lot.join(",")
        );
        let bytes = client.bytes(&address)?;
        read(&bytes, dataset, &address, &mut found)?;
        let missing = lot.iter().filter(|code| !found.keys().any(|(found, ..)| found == *code));
        let faults: Vec<_> = missing.map(|code| format!("{address}: no figure of {code} came")).collect();
        if !faults.is_empty() {
            return Err(FetchError::Faults(faults));
        }
        first.get_or_insert(address);
    }
    Ok((found, first.unwrap_or_default()))
}

fn read(bytes: &[u8], dataset: Dataset, address: &str, found: &mut Figures) -> Result<(), FetchError> {
    let table = plain_lines(&String::from_utf8_lossy(bytes));
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(table.as_bytes());
    let unread = |cause: csv::Error| FetchError::content(address, cause.to_string());
    let header = reader.headers().map_err(unread)?.clone();
    let column = |name: &str| {
        header.iter().position(|column| column == name).ok_or_else(|| {
            let columns = header.iter().collect::<Vec<_>>().join(", ");
            let came = format!("the table has no column {name}, but {columns}");
            FetchError::remote(address, came, "the service may have changed; give a table with --from-file")
        })
    };
    let (code, year, value) = (column("GEOGRAPHY_CODE")?, column("DATE_NAME")?, column("OBS_VALUE")?);
    let mut faults = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unread)?;
        let line = record.position().map_or(0, csv::Position::line);
        let at =
            |record: &StringRecord, column: usize| record.get(column).unwrap_or_default().trim().to_owned();
        let (code, year_text, value_text) = (at(&record, code), at(&record, year), at(&record, value));
        // Mid-years are named with or without a word before the number.
        let year =
            year_text.rsplit(|c: char| !c.is_ascii_digit()).next().and_then(|year| year.parse::<i16>().ok());
        match (year.filter(|year| (1000..=9999).contains(year)), whole(&value_text)) {
            (Some(year), Some(value)) => drop(found.insert((code, dataset.measure, year), value)),
            (None, _) => faults.push(format!("{address}: line {line}, column DATE_NAME: '{year_text}' is no year")),
            (_, None) => faults.push(format!(
                "{address}: line {line}, column OBS_VALUE: '{value_text}': a figure is a whole number from 0, in digits alone"
            )),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(FetchError::Faults(faults)) }
}

/// A whole number in digits alone.
pub(super) fn whole(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_and_faults_told_together() {
        let mut found = Figures::new();
        let good = b"\"GEOGRAPHY_CODE\",\"DATE_NAME\",\"OBS_VALUE\"\n\"E01009719\",\"2021\",1400\n";
        read(good, TABLES[0], "here", &mut found).unwrap();
        assert_eq!(found[&("E01009719".to_owned(), "residents", 2021)], 1400);
        let bad =
            b"GEOGRAPHY_CODE,DATE_NAME,OBS_VALUE\nE01009719,2021,14.5\nE01009720,soon,1\nE01009721,2021,\n";
        let fault = read(bad, TABLES[0], "here", &mut found).unwrap_err().to_string();
        assert!(
            fault.starts_with("3 faults") && fault.contains("line 2") && fault.contains("'14.5'"),
            "{fault}"
        );
        let other = read(b"A,B\n1,2\n", TABLES[0], "here", &mut found).unwrap_err().to_string();
        assert!(other.contains("no column GEOGRAPHY_CODE, but A, B"), "{other}");
    }
}
