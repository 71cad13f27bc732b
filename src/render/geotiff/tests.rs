#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the numbers of tests are small and exact"
)]

use std::{collections::BTreeMap, io::Read};

use super::*;

/// A field of a directory as it stands in the file: type, count, and the bytes that it holds.
type Fields = BTreeMap<u16, (u16, usize, Vec<u8>)>;

fn word(file: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(file[at..at + 2].try_into().unwrap())
}

fn long(file: &[u8], at: usize) -> usize {
    u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize
}

/// The directories of a file, read as TIFF 6.0 says.
fn directories(file: &[u8]) -> Vec<Fields> {
    assert_eq!(&file[..4], b"II\x2a\0");
    let (mut at, mut found) = (long(file, 4), Vec::new());
    while at != 0 {
        assert_eq!(at % 2, 0, "directories begin at whole words");
        let mut fields = Fields::new();
        let mut tags = Vec::new();
        let count = usize::from(word(file, at));
        for field in (0..count).map(|field| at + 2 + 12 * field) {
            let (tag, kind, count) = (word(file, field), word(file, field + 2), long(file, field + 4));
            let bytes = count * [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8][usize::from(kind)];
            let from = if bytes <= 4 { field + 8 } else { long(file, field + 8) };
            tags.push(tag);
            fields.insert(tag, (kind, count, file[from..from + bytes].to_vec()));
        }
        assert!(tags.is_sorted_by(|a, b| a < b), "{tags:?}");
        found.push(fields);
        at = long(file, at + 2 + 12 * count);
    }
    found
}

fn numbers(fields: &Fields, tag: u16) -> Vec<f64> {
    let (kind, _, bytes) = &fields[&tag];
    match kind {
        3 => bytes.chunks_exact(2).map(|two| f64::from(word(two, 0))).collect(),
        4 => bytes.chunks_exact(4).map(|four| long(four, 0) as f64).collect(),
        12 => bytes.chunks_exact(8).map(|eight| f64::from_le_bytes(eight.try_into().unwrap())).collect(),
        other => panic!("type {other}"),
    }
}

fn number(fields: &Fields, tag: u16) -> usize {
    assert_eq!(numbers(fields, tag).len(), 1, "tag {tag}");
    numbers(fields, tag)[0] as usize
}

/// All samples of a directory's image, from the north, cell by cell, tiles and predictor undone.
fn samples(file: &[u8], fields: &Fields) -> Vec<f32> {
    let (columns, rows, bands) = (number(fields, 256), number(fields, 257), number(fields, 277));
    let (offsets, lengths) = (numbers(fields, 324), numbers(fields, 325));
    let across = columns.div_ceil(256);
    assert_eq!(offsets.len(), across * rows.div_ceil(256));
    let mut all = vec![0.0; columns * rows * bands];
    for (tile, (offset, length)) in offsets.iter().zip(&lengths).enumerate() {
        let packed = &file[*offset as usize..*offset as usize + *length as usize];
        let mut plain = Vec::new();
        flate2::read::ZlibDecoder::new(packed).read_to_end(&mut plain).unwrap();
        assert_eq!(plain.len(), 256 * 256 * bands * 4);
        for (y, row) in plain.chunks_exact_mut(256 * bands * 4).enumerate() {
            for at in bands..row.len() {
                row[at] = row[at].wrapping_add(row[at - bands]);
            }
            for at in 0..256 * bands {
                let bytes = [0, 1, 2, 3].map(|plane| row[plane * 256 * bands + at]);
                let (x, y) = (tile % across * 256 + at / bands, tile / across * 256 + y);
                if x < columns && y < rows {
                    all[(y * columns + x) * bands + at % bands] = f32::from_be_bytes(bytes);
                }
            }
        }
    }
    all
}

fn band(title: &str, values: Vec<Option<f64>>) -> Band {
    Band { title: title.to_owned(), unit: "1/km2".to_owned(), values }
}

fn raster(columns: usize, rows: usize, bands: Vec<Band>) -> Raster {
    let notes = vec![("filter".to_owned(), "a < b & c\u{1}".to_owned())];
    Raster { west_m: 387_100.0, south_m: 280_900.0, cell_m: 50.0, columns, rows, bands, notes }
}

/// Numbers that no two cells share, with holes.
fn values(cells: usize, scale: f64) -> Vec<Option<f64>> {
    (0..cells).map(|cell| (cell % 7 != 3).then_some(cell as f64 * scale)).collect()
}

#[test]
fn what_is_read_back_is_what_was_written_north_up() {
    for (columns, rows) in [(1, 1), (256, 256), (257, 3), (300, 511)] {
        let cells = columns * rows;
        let bands = vec![band("intensity", values(cells, 0.37)), band("p", values(cells, -1e-9))];
        let file = write(&raster(columns, rows, bands)).unwrap();
        let main = &directories(&file)[0];
        let read = samples(&file, main);
        for (cell, (first, second)) in values(cells, 0.37).into_iter().zip(values(cells, -1e-9)).enumerate() {
            let (row, column) = (rows - 1 - cell / columns, cell % columns);
            let at = (row * columns + column) * 2;
            for (read, value) in [(read[at], first), (read[at + 1], second)] {
                let value = value.map_or(f32::NAN, |value| value as f32);
                assert!(read.to_bits() == value.to_bits(), "cell {cell}: {read} for {value}");
            }
        }
    }
}

#[test]
fn overviews_are_means_of_the_cells_that_have_values() {
    let (columns, rows) = (513, 300);
    let file = write(&raster(columns, rows, vec![band("x", values(columns * rows, 1.0))])).unwrap();
    let all = directories(&file);
    let sizes: Vec<_> = all.iter().map(|level| (number(level, 256), number(level, 257))).collect();
    assert_eq!(sizes, [(513, 300), (257, 150), (129, 75)]);
    let (fine, coarse) = (samples(&file, &all[0]), samples(&file, &all[1]));
    for (at, mean) in coarse.iter().enumerate() {
        let (x, y) = (at % 257, at / 257);
        let of: Vec<f64> = [(0, 0), (1, 0), (0, 1), (1, 1)]
            .iter()
            .filter(|(dx, dy)| 2 * x + dx < columns && 2 * y + dy < rows)
            .map(|(dx, dy)| f64::from(fine[(2 * y + dy) * columns + 2 * x + dx]))
            .filter(|value| !value.is_nan())
            .collect();
        let expected = of.iter().sum::<f64>() / of.len() as f64;
        assert!((f64::from(*mean) - expected).abs() <= 1e-6 * expected || of.is_empty() && mean.is_nan());
    }
}

#[test]
fn directories_come_first_and_coarse_tiles_before_fine_ones() {
    let file = write(&raster(600, 600, vec![band("x", values(360_000, 1.0))])).unwrap();
    let all = directories(&file);
    assert_eq!(long(&file, 4), 8);
    let first = |level: &Fields| numbers(level, 324)[0];
    assert!(all.windows(2).all(|pair| first(&pair[0]) > first(&pair[1])));
    assert_eq!(all.iter().map(|level| number(level, 254)).collect::<Vec<_>>(), [0, 1, 1]);
    // The tiles fill the rest of the file without a gap.
    let mut ranges: Vec<_> = all
        .iter()
        .flat_map(|level| numbers(level, 324).into_iter().zip(numbers(level, 325)))
        .map(|(offset, length)| (offset as usize, (offset + length) as usize))
        .collect();
    ranges.sort_unstable();
    assert!(ranges.windows(2).all(|pair| pair[0].1 == pair[1].0));
    assert_eq!(ranges.last().unwrap().1, file.len());
}

#[test]
fn the_place_is_that_of_the_north_western_corner() {
    let file = write(&raster(10, 20, vec![band("x", values(200, 1.0))])).unwrap();
    let main = &directories(&file)[0];
    assert_eq!(numbers(main, 33550), [50.0, 50.0, 0.0]);
    assert_eq!(numbers(main, 33922), [0.0, 0.0, 0.0, 387_100.0, 281_900.0, 0.0]);
    let keys = numbers(main, 34735);
    assert_eq!(keys.len(), 4 * (1 + keys[3] as usize));
    assert!(keys.chunks_exact(4).any(|key| key == [3072.0, 0.0, 1.0, 27_700.0]));
    let citation = keys.chunks_exact(4).find(|key| key[0] as u16 == 1026).unwrap();
    assert_eq!(citation[2] as usize + 1, main[&34737].1, "the name and its zero byte");
}

#[test]
fn notes_are_text_of_xml_whatever_they_hold() {
    let file = write(&raster(1, 1, vec![band("<b>", vec![None])])).unwrap();
    let main = &directories(&file)[0];
    let text = std::str::from_utf8(&main[&42112].2).unwrap().trim_end_matches('\0');
    let document = roxmltree::Document::parse(text).unwrap();
    let items: Vec<_> = document.root_element().children().filter_map(|item| item.text()).collect();
    assert_eq!(items, ["a < b & c ", "<b>", "1/km2"]);
    assert_eq!(main[&42113].2, b"nan\0");
}

#[test]
fn rasters_that_do_not_fit_are_refused() {
    assert!(write(&raster(0, 5, vec![band("x", Vec::new())])).is_err());
    assert!(write(&raster(1, 1, Vec::new())).is_err());
    assert!(write(&raster(2, 2, vec![band("x", values(3, 1.0))])).is_err());
    assert!(write(&raster(usize::MAX, 2, vec![band("x", values(3, 1.0))])).is_err());
}
