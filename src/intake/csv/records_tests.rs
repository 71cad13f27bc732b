use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

use super::*;

/// Records as fields, and bad lines as their number and rule.
fn read(text: &[u8], limit: usize) -> Vec<Result<Vec<String>, (u64, String)>> {
    let mut text = text;
    let mut records = Records::new(&mut text, limit).unwrap();
    let mut out = Vec::new();
    while let Some(record) = records.read().unwrap() {
        out.push(match record {
            Ok(()) => Ok((0..records.len()).map(|field| records.get(field).to_owned()).collect()),
            Err(bad) => Err((bad.line, bad.fault.rule)),
        });
    }
    out
}

fn rows(text: &str) -> Vec<Vec<String>> {
    read(text.as_bytes(), 1 << 20).into_iter().map(Result::unwrap).collect()
}

#[test]
fn quotes_lines_and_delimiters_are_understood() {
    assert_eq!(
        rows("a,b\r\n\"1,\"\"x\"\"\",\n\n\"two\r\nlines\",6\" pipe"),
        [["a", "b"], ["1,\"x\"", ""], ["two\r\nlines", "6\" pipe"]]
    );
    assert_eq!(rows("a;b;c\n1,5;2;\n"), [["a", "b", "c"], ["1,5", "2", ""]]);
    assert_eq!(rows("a\tb\n1\t2"), [["a", "b"], ["1", "2"]]);
    assert_eq!(rows("\r\n\nonly\n1\n"), [["only"], ["1"]]);
    assert_eq!(rows(""), Vec::<Vec<String>>::new());
}

#[test]
fn a_row_that_is_no_utf_8_is_windows_1252_and_the_others_are_not() {
    let rows = read(b"a,b\nCaf\xe9,\x96\n\"Caf\xe9\",Caf\xc3\xa9\nCaf\xc3\xa9,x\n\xc3,\xa9\n", 100);
    let row = |n: usize| rows[n].clone().unwrap();
    assert_eq!(row(1), ["Café", "–"]);
    assert_eq!(row(2), ["Café", "Café"], "each field of such a row for itself");
    assert_eq!(row(3), ["Café", "x"]);
    assert_eq!(row(4), ["Ã", "©"], "a character is not made of the ends of two fields");
}

#[test]
fn a_quote_that_is_not_closed_costs_one_line() {
    let out = read(b"a,b\n1,\"x\n2,y\n\"3\",z\n4,w\n", 1 << 20);
    assert_eq!(out.len(), 5);
    let (line, rule) = out[1].clone().unwrap_err();
    assert_eq!(line, 2);
    assert!(rule.contains("lines 2 to 4 would be one row"), "{rule}");
    assert_eq!(out[2].clone().unwrap(), ["2", "y"]);
    assert_eq!(out[3].clone().unwrap(), ["3", "z"]);
    assert_eq!(out[4].clone().unwrap(), ["4", "w"]);

    let to_the_end = read(b"a,b\n1,\"x\n2,y\n3,z", 1 << 20);
    assert_eq!(to_the_end.iter().filter(|row| row.is_ok()).count(), 3);
    assert!(to_the_end[1].clone().unwrap_err().1.contains("end of the text: lines 2 to 4"));
}

#[test]
fn lines_stay_numbered_after_a_quote_that_is_not_closed() {
    let mut text: &[u8] = b"a,b\n1,\"x\n2,\"y\n\n3,\"z\n4,w\n";
    let mut records = Records::new(&mut text, 1 << 20).unwrap();
    let mut lines = Vec::new();
    while let Some(record) = records.read().unwrap() {
        lines.push((record.is_ok(), records.first_line()));
    }
    assert_eq!(lines, [(true, 1), (false, 2), (false, 3), (false, 5), (true, 6)]);
}

#[test]
fn a_record_and_a_line_have_a_largest_size() {
    let out = read(b"a,b\n1,\"x\n2,yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n3,z\n4,w\n", 20);
    assert!(out[1].clone().unwrap_err().1.contains("within 20 bytes"), "{out:?}");
    assert!(out.iter().filter(|row| row.is_err()).count() == 2, "{out:?}");
    assert_eq!(out.last().unwrap().clone().unwrap(), ["4", "w"]);
}

#[test]
fn many_open_quotes_do_not_take_quadratic_time() {
    // Every line opens a quote that no other closes.
    let mut text = b"a,b\n".to_vec();
    for _ in 0..20_000 {
        text.extend_from_slice(b"1,\"x\n\"\"\"\"\n");
    }
    assert!(read(&text, 1 << 20).len() > 20_000);
}

#[test]
fn well_formed_text_is_split_as_the_csv_crate_splits_it() {
    let mut rng = Pcg64::seed_from_u64(7);
    let pieces = ["a", "\"", ",", "\n", "\r\n", ";", "é", " ", "", "long text", "'"];
    for round in 0..400 {
        let columns = 1 + round % 5;
        let mut writer = csv::WriterBuilder::new()
            .terminator(if round % 2 == 0 { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .quote_style(if round % 3 == 0 { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary })
            .from_writer(Vec::new());
        writer.write_record((0..columns).map(|n| format!("c{n}"))).unwrap();
        for _ in 0..20 {
            let field = |rng: &mut Pcg64| -> String {
                (0..rng.next_u32() % 4).map(|_| pieces[rng.next_u32() as usize % pieces.len()]).collect()
            };
            writer.write_record((0..columns).map(|_| field(&mut rng))).unwrap();
        }
        let text = writer.into_inner().unwrap();
        let theirs: Vec<Vec<String>> = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_slice())
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect();
        let ours: Vec<_> = read(&text, 1 << 20).into_iter().map(Result::unwrap).collect();
        assert_eq!(ours, theirs, "{}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn every_line_belongs_to_one_record_or_is_told_as_bad() {
    let mut rng = Pcg64::seed_from_u64(11);
    let pieces = ["a", "\"", "\"\"", ",", "\n", "\r\n", ",\"", "\",", "long piece of text"];
    for round in 0..3_000 {
        let text: String =
            (0..rng.next_u32() % 60).map(|_| pieces[rng.next_u32() as usize % pieces.len()]).collect();
        let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
        let is_blank = |number: u64| lines[usize::try_from(number).unwrap() - 1].is_empty();
        let mut bytes = text.as_bytes();
        let mut records = Records::new(&mut bytes, 10 + round % 90).unwrap();
        let mut next = 1;
        while let Some(record) = records.read().unwrap() {
            let first = records.first_line();
            assert!((next..first).all(is_blank), "lines {next} to {first} of {text:?} are lost");
            assert!(first >= next, "line {first} of {text:?} is read twice");
            if let Err(bad) = record {
                assert_eq!((bad.line, records.last_line()), (first, first), "{text:?}");
            }
            next = records.last_line() + 1;
        }
        let end = u64::try_from(lines.len()).unwrap();
        assert!((next..=end).all(is_blank), "lines from {next} of {text:?} are lost");
    }
}
