//! Which service holds what: by the names in the server's directory.

use serde::Deserialize;

use super::{SERVICES, ask};
use crate::fetch::{Client, FetchError};

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Boundaries of electoral wards.
    Wards,
    /// Boundaries of local authorities.
    Authorities,
    /// Boundaries of police force areas.
    Forces,
    /// Boundaries of lower layer super output areas.
    Lsoas,
    /// The table of local authorities and their police force areas.
    AuthorityToForce,
    /// The table of wards and their local authorities.
    WardToAuthority,
    /// The table of which ward fits each lower layer super output area of 2021 best.
    LsoaToWard,
}

#[derive(Deserialize)]
struct Directory {
    services: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    #[serde(rename = "type")]
    kind: String,
}

/// The name of the service that holds `kind` in the state of `vintage`, four digits.
///
/// Boundaries in full resolution and clipped to the coast (BFC) are preferred to generalised ones (BGC), December to
/// May, a higher version to a lower one, and the whole country to a part.
///
/// # Errors
/// [`FetchError`] of the client, and where there is none: it says which vintages there are.
pub fn find(client: &Client, kind: Kind, vintage: &str) -> Result<String, FetchError> {
    find_first(client, kind, vintage, 0)
}

/// The service of that vintage, or of the first of so many years before that has one.
fn find_first(client: &Client, kind: Kind, vintage: &str, years_back: u16) -> Result<String, FetchError> {
    let address = format!("{SERVICES}?f=json");
    let answer = ask(client, &address)?;
    let directory: Directory = serde_json::from_value(answer).map_err(|cause| {
        FetchError::remote(
            &address,
            format!("no list of services came: {cause}"),
            "name a service with --service",
        )
    })?;
    let names = || {
        let services = directory.services.iter().filter(|entry| entry.kind == "FeatureServer");
        services.map(|entry| entry.name.rsplit('/').next().unwrap_or_default())
    };
    let year: u16 = vintage.parse().unwrap_or_default();
    for back in 0..=years_back {
        let vintage = year.saturating_sub(back).to_string();
        let best = names().filter_map(|name| Some((rank(name, kind, &vintage)?, name))).min();
        if let Some((_, name)) = best {
            return Ok(name.to_owned());
        }
    }
    let mut years: Vec<String> = (1990..2100)
        .map(|year| year.to_string())
        .filter(|year| names().any(|name| rank(name, kind, year).is_some()))
        .collect();
    if years.is_empty() {
        years.push("none".to_owned());
    }
    let came = format!("there is no service with {} of {vintage}", words(kind));
    let advice = format!("vintages there are: {}; or name a service with --service", years.join(", "));
    Err(FetchError::remote(address, came, advice))
}

/// The same, or where there is none of that year the one of the newest of the years before: some are published late, or
/// only when something has changed.
///
/// # Errors
/// As [`find`].
pub fn find_not_after(client: &Client, kind: Kind, vintage: &str) -> Result<String, FetchError> {
    find_first(client, kind, vintage, YEARS_BACK)
}

/// How far back another year will do.
const YEARS_BACK: u16 = 4;

const fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Wards => "wards",
        Kind::Authorities => "local authorities",
        Kind::Forces => "police force areas",
        Kind::AuthorityToForce => "police force areas by local authority",
        Kind::Lsoas => "lower layer super output areas",
        Kind::WardToAuthority => "local authorities by ward",
        Kind::LsoaToWard => "wards by lower layer super output area",
    }
}

/// How well a service's name fits, the lowest first: resolution, month, version, coverage. `None` where it is about
/// something else.
fn rank(name: &str, kind: Kind, vintage: &str) -> Option<(usize, usize, u32, usize)> {
    let upper = name.to_ascii_uppercase();
    let words: Vec<&str> = upper.split('_').collect();
    let has = |word: &str| words.contains(&word);
    let first = |wanted: &[&str]| wanted.iter().position(|word| has(word)).unwrap_or(wanted.len());
    let version = words.iter().filter_map(|word| word.strip_prefix('V')?.parse::<u32>().ok()).max();
    let newest_first = u32::MAX - version.unwrap_or(0);
    let short = vintage.get(2..)?;
    let (ward, authority) = (format!("WD{short}"), format!("LAD{short}"));
    if kind == Kind::AuthorityToForce {
        let fits = words.first() == Some(&authority.as_str()) && has(&format!("PFA{short}")) && has("LU");
        return fits.then_some((0, 0, newest_first, words.len()));
    }
    if kind == Kind::WardToAuthority {
        let fits = words.starts_with(&[&ward, &authority]) && has("UK") && has("LU");
        return fits.then_some((0, usize::from(!has("DEC")), newest_first, words.len()));
    }
    if kind == Kind::LsoaToWard {
        let fits = words.first() == Some(&"LSOA21") && has(&ward) && has(&authority) && has("LU");
        return fits.then_some((0, 0, newest_first, 0));
    }
    let starts: &[&[&str]] = match kind {
        Kind::Wards => &[&["WD"], &["WARDS"]],
        Kind::Authorities => &[&["LAD"], &["LOCAL", "AUTHORITY", "DISTRICTS"]],
        Kind::Forces => &[&["PFA"], &["POLICE", "FORCE", "AREAS"]],
        Kind::Lsoas | Kind::LsoaToWard | Kind::WardToAuthority | Kind::AuthorityToForce => {
            &[&["LSOA"], &["LOWER", "LAYER", "SUPER", "OUTPUT", "AREAS"]]
        }
    };
    let fits = starts.iter().any(|start| words.starts_with(start))
        && has(vintage)
        && (has("BFC") || has("BGC"))
        && !has("LU")
        && (has("UK") || has("GB") || has("EW"));
    fits.then(|| {
        let month = if has("DEC") || has("DECEMBER") { 0 } else { 1 + first(&["MAY"]) };
        (first(&["BFC", "BGC"]), month, newest_first, first(&["UK", "GB", "EW"]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best<'a>(names: &[&'a str], kind: Kind, vintage: &str) -> Option<&'a str> {
        names.iter().filter_map(|name| Some((rank(name, kind, vintage)?, *name))).min().map(|(_, name)| name)
    }

    #[test]
    fn the_full_resolution_of_december_is_preferred() {
        let names = [
            "WD_MAY_2024_UK_BFC",
            "WD_DEC_2024_UK_BGC",
            "Wards_December_2024_Boundaries_UK_BFC",
            "Wards_December_2024_Boundaries_UK_BFE",
            "Wards_December_2023_Boundaries_UK_BFC",
            "WD24_LAD24_UK_LU",
        ];
        assert_eq!(best(&names, Kind::Wards, "2024"), Some("Wards_December_2024_Boundaries_UK_BFC"));
        assert_eq!(best(&names[..2], Kind::Wards, "2024"), Some("WD_MAY_2024_UK_BFC"));
        assert_eq!(best(&names, Kind::Wards, "2022"), None);
    }

    #[test]
    fn other_kinds_have_other_names() {
        let names = [
            "LAD_MAY_2024_UK_BFC_V2",
            "LAD_MAY_2024_UK_BFC",
            "Local_Authority_Districts_December_2024_Boundaries_UK_BSC",
            "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BFC_V9",
            "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BFC_V10",
            "LSOA21_WD24_LAD24_EW_LU",
            "LSOA21_WD24_LAD24_EW_LU_v2",
            "WD24_LAD24_CTY24_OTH_UK_LU",
            "WD24_LAD24_UK_LU",
        ];
        assert_eq!(best(&names, Kind::WardToAuthority, "2024"), Some("WD24_LAD24_UK_LU"));
        assert_eq!(best(&names, Kind::Authorities, "2024"), Some("LAD_MAY_2024_UK_BFC_V2"));
        assert_eq!(best(&names, Kind::Lsoas, "2021"), Some(names[4]));
        assert_eq!(best(&names, Kind::LsoaToWard, "2024"), Some("LSOA21_WD24_LAD24_EW_LU_v2"));
    }
}
