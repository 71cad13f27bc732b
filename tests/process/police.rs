//! Files as data.police.uk gives them, made up.

use std::fmt::Write;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

pub(crate) const HEADER: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,\
     Last outcome category,Context";
const TYPES: [&str; 5] =
    ["Anti-social behaviour", "Burglary", "Vehicle crime", "Robbery", "Violence and sexual offences"];

/// A street file of a month: `rows` incidents in and around Dudley, all in the street `street`.
/// The same seed gives the same file.
pub(crate) fn street_file(month: &str, rows: usize, street: &str, seed: u64) -> String {
    let mut random = Pcg64::seed_from_u64(seed);
    let mut text = format!("{HEADER}\n");
    for _ in 0..rows {
        let lon = random.random_range(-2.17..-2.02);
        let lat = random.random_range(52.44..52.55);
        let kind = TYPES[random.random_range(0..TYPES.len())];
        let id: u128 = random.random();
        writeln!(
            text,
            "{id:064x},{month},West Midlands Police,West Midlands Police,{lon:.6},{lat:.6},{street},E01009745,\
             Dudley 010A,{kind},Under investigation,"
        )
        .unwrap();
    }
    text
}

/// The name that data.police.uk gives to such a file in its folders.
pub(crate) fn file_name(month: &str) -> String {
    format!("{month}/{month}-west-midlands-street.csv")
}

/// The source of its rows.
pub(crate) const SOURCE: &str = "west-midlands-police";
