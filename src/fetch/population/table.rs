//! Figures from a table at hand: rows summed by the code of an area.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use csv::{Position, ReaderBuilder, StringRecord, Trim};

use super::{Figures, nomis::whole, plain_lines};
use crate::{
    fetch::{AreaId, FetchError},
    model::Per,
};

/// Which column of a table holds what.
#[derive(Clone, Debug, Default)]
pub struct Columns<'a> {
    /// The code of the area that a row counts for.
    pub code: &'a str,
    /// By measure, the column with the figure.
    pub figures: Vec<(Per, &'a str)>,
}

/// What a table held.
#[derive(Clone, Debug, Default)]
pub struct Summed {
    /// The sums.
    pub figures: Figures,
    /// Rows of other local authorities, which were passed over.
    pub elsewhere: u64,
}

/// Bytes of a table: one row for each lower layer super output area of the country has some 10 MB.
const LARGEST: u64 = 256 << 20;

/// Sums the rows of a CSV table by the code of a layer's area. A row whose code is no area of the layer is passed over
/// where it names another local authority than `area`.
///
/// # Errors
/// [`FetchError`] for a file that cannot be read and for columns that are not there; [`FetchError::Faults`] with every
/// code that is no area of the layer, and every figure that is no whole number, with line and column.
pub fn sum_rows(
    path: &Path,
    columns: &Columns<'_>,
    year: i16,
    codes: &BTreeSet<String>,
    area: &AreaId,
) -> Result<Summed, FetchError> {
    let shown = path.display().to_string();
    let size = fs::metadata(path).map_err(FetchError::reading(path))?.len();
    if size > LARGEST {
        return Err(FetchError::content(
            &shown,
            format!("it has {size} bytes; a table has at most {LARGEST}"),
        ));
    }
    let text = fs::read_to_string(path).map_err(FetchError::reading(path))?;
    let text = plain_lines(&text);
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(text.as_bytes());
    let unread = |cause: csv::Error| FetchError::content(&shown, cause.to_string());
    let header = reader.headers().map_err(unread)?.clone();
    let code = find(&header, columns.code, &shown)?;
    let figures = columns.figures.iter();
    let figures: Vec<(Per, &str, usize)> = figures
        .map(|(per, name)| find(&header, name, &shown).map(|column| (*per, *name, column)))
        .collect::<Result<_, _>>()?;
    let mut sums: BTreeMap<(String, &'static str, i16), u64> = BTreeMap::new();
    let (mut faults, mut elsewhere) = (Vec::new(), 0);
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(cause) => {
                faults.push(format!("{shown}: {cause}"));
                continue;
            }
        };
        let line = record.position().map_or(0, Position::line);
        let of = record.get(code).unwrap_or_default();
        if !codes.contains(of) {
            if record.iter().any(|field| area.is_other(field)) {
                elsewhere += 1;
            } else {
                let rule = "no area of the layer has this code, and the row names no other local authority";
                faults.push(format!("{shown}: line {line}, column {}: '{of}': {rule}", columns.code));
            }
            continue;
        }
        for (per, name, column) in &figures {
            let value = record.get(*column).unwrap_or_default();
            match whole(value) {
                Some(value) => *sums.entry((of.to_owned(), per.as_str(), year)).or_default() += u64::from(value),
                None => faults.push(format!(
                    "{shown}: line {line}, column {name}: '{value}': a figure is a whole number from 0, in digits alone"
                )),
            }
        }
    }
    let mut summed = Summed { elsewhere, ..Summed::default() };
    for (key, sum) in sums {
        match u32::try_from(sum) {
            Ok(sum) => drop(summed.figures.insert(key, sum)),
            Err(_too_large) => {
                faults.push(format!("{shown}: the {} of {} are {sum}, more than fit", key.1, key.0));
            }
        }
    }
    if summed.figures.is_empty() && faults.is_empty() {
        faults.push(format!("{shown}: no row is of an area of the layer"));
    }
    if faults.is_empty() { Ok(summed) } else { Err(FetchError::Faults(faults)) }
}

fn find(header: &StringRecord, name: &str, shown: &str) -> Result<usize, FetchError> {
    let mut found = header.iter().enumerate().filter(|(_, column)| *column == name).map(|(number, _)| number);
    match (found.next(), found.next()) {
        (Some(column), None) => Ok(column),
        (found, _) => {
            let what = if found.is_some() { "two columns are called" } else { "no column is called" };
            let names = header.iter().take(30).collect::<Vec<_>>().join(", ");
            Err(FetchError::content(shown, format!("line 1: {what} '{name}'; the columns are {names}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(table: &str) -> Result<Summed, FetchError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        fs::write(&path, table).unwrap();
        let codes = ["E05015903", "E05015904"].map(str::to_owned).into();
        let columns = Columns { code: "ward", figures: vec![(Per::Residents, "people")] };
        sum_rows(&path, &columns, 2021, &codes, &AreaId::new("E08000027").unwrap())
    }

    #[test]
    fn rows_are_summed_and_other_authorities_passed_over() {
        let table =
            "\u{feff}ward,people,lad\nE05015903,10,E08000027\nE05015903,5,E08000027\nE05011186,7,E08000025\n";
        let summed = sum(table).unwrap();
        assert_eq!(summed.figures, Figures::from([(("E05015903".to_owned(), "residents", 2021), 15)]));
        assert_eq!(summed.elsewhere, 1);
    }

    #[test]
    fn faults_are_told_together_with_line_and_column() {
        let fault = sum("ward,people\r\nE05015903,1.5\r\nE05011186,7\nE05015904,\nE05015904,4294967296\n")
            .unwrap_err()
            .to_string();
        for part in [
            "4 faults",
            "line 2, column people: '1.5'",
            "line 3, column ward: 'E05011186'",
            "line 4, column people: ''",
        ] {
            assert!(fault.contains(part), "{part} in {fault}");
        }
        assert!(sum("ward,persons\n").unwrap_err().to_string().contains("ward, persons"));
        assert!(sum("ward,people\n").unwrap_err().to_string().contains("no row"));
    }
}
