//! Which format a file or body has, by its name or its media type. The content is never guessed.

/// The format of a text of incidents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV, with commas, semicolons or tabs.
    Csv,
    /// A GeoJSON feature collection, one feature, or features one after the other.
    GeoJson,
    /// One JSON object or feature a line.
    NdJson,
}

/// The format of a file or a request body: a text, or a container of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFormat {
    /// A text as it is.
    Plain(Format),
    /// A gzipped text.
    Gzip(Format),
    /// A zip archive, whose members go by their names.
    Zip,
}

impl BodyFormat {
    /// The format that a media type names; parameters such as `charset` do not matter, because the
    /// encoding of a text is recognised. `application/gzip` is taken for gzipped CSV.
    ///
    /// # Example
    /// ```
    /// use hotspots::intake::{BodyFormat, Format};
    /// let format = BodyFormat::from_media_type("Text/CSV; charset=utf-8");
    /// assert_eq!(format, Some(BodyFormat::Plain(Format::Csv)));
    /// assert_eq!(BodyFormat::from_media_type("image/png"), None);
    /// ```
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Some(match essence.as_str() {
            "text/csv" | "application/csv" | "text/tab-separated-values" => Self::Plain(Format::Csv),
            "application/geo+json" | "application/vnd.geo+json" | "application/json" => {
                Self::Plain(Format::GeoJson)
            }
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines"
            | "application/geo+json-seq" => Self::Plain(Format::NdJson),
            "application/gzip" | "application/x-gzip" => Self::Gzip(Format::Csv),
            "application/zip" | "application/x-zip-compressed" => Self::Zip,
            _ => return None,
        })
    }

    /// The format that a file's name ends in. Case does not matter.
    ///
    /// # Example
    /// ```
    /// use hotspots::intake::{BodyFormat, Format};
    /// let format = BodyFormat::from_name("2014-01-west-midlands-street.csv.gz");
    /// assert_eq!(format, Some(BodyFormat::Gzip(Format::Csv)));
    /// assert_eq!(BodyFormat::from_name("notes.txt"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        let name = base(name).to_ascii_lowercase();
        match name.rsplit_once('.')? {
            (_, "zip") => Some(Self::Zip),
            (inner, "gz") => text_format(inner).map(Self::Gzip),
            _ => text_format(&name).map(Self::Plain),
        }
    }
}

/// The endings that are read, for messages.
pub(super) const ENDINGS: &str =
    ".csv, .tsv, .geojson, .json, .ndjson, .jsonl or .geojsonl, each also with .gz, or .zip";

fn text_format(lower_name: &str) -> Option<Format> {
    match lower_name.rsplit_once('.')?.1 {
        "csv" | "tsv" => Some(Format::Csv),
        "geojson" | "json" => Some(Format::GeoJson),
        "ndjson" | "jsonl" | "geojsonl" | "geojsons" => Some(Format::NdJson),
        _ => None,
    }
}

/// The last part of a path or member name, whichever way its slashes lean.
pub(super) fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// The name without folders and without the endings that say the format or that it holds rejects:
/// `fires` of `a/fires.rejects-2.csv.gz`.
pub(super) fn stem(name: &str) -> &str {
    let mut stem = base(name);
    while let Some((rest, ending)) = stem.rsplit_once('.') {
        let ending = ending.to_ascii_lowercase();
        let known = matches!(ending.as_str(), "gz" | "zip") || is_rejects(&ending);
        if rest.is_empty() || !(known || text_format(&format!(".{ending}")).is_some()) {
            break;
        }
        stem = rest;
    }
    stem
}

/// Whether the name says that the file holds rejects of an earlier import.
pub(super) fn names_rejects(name: &str) -> bool {
    base(name).to_ascii_lowercase().split('.').skip(1).any(is_rejects)
}

fn is_rejects(ending: &str) -> bool {
    ending.strip_prefix("rejects").is_some_and(|rest| {
        rest.is_empty()
            || rest.strip_prefix('-').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// Why a file of that name holds no incidents; `None` when it may hold some.
pub(super) fn not_incidents(name: &str) -> Option<&'static str> {
    let lower = base(name).to_ascii_lowercase();
    if lower.starts_with('.') || name.split(['/', '\\']).any(|part| part == "__MACOSX") {
        return Some("a file that the operating system keeps for itself");
    }
    let stem = stem(&lower);
    if stem.ends_with("-outcomes") {
        return Some("police.uk outcomes: what became of incidents, not incidents");
    }
    if stem.ends_with("-stop-and-search") {
        return Some("police.uk stop and search: not incidents");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_folders_and_endings_but_nothing_else() {
        assert_eq!(stem("a/b\\2014-01-west-midlands-street.csv.gz"), "2014-01-west-midlands-street");
        assert_eq!(stem("fires.rejects-2.CSV"), "fires");
        assert_eq!(stem("fires.2024.csv"), "fires.2024");
        assert_eq!(stem(".csv"), ".csv");
        assert_eq!(stem("body"), "body");
    }

    #[test]
    fn a_file_of_rejects_is_known_by_its_name() {
        assert!(names_rejects("x/fires.rejects.csv"));
        assert!(names_rejects("fires.Rejects-12.geojson"));
        assert!(!names_rejects("rejects.csv"));
        assert!(!names_rejects("fires.rejects-.csv"));
    }

    #[test]
    fn the_other_files_of_police_uk_are_told_apart() {
        assert!(not_incidents("2014-01/2014-01-west-midlands-outcomes.csv").is_some());
        assert!(not_incidents("2014-01-west-midlands-stop-and-search.csv.gz").is_some());
        assert!(not_incidents("__MACOSX/2014-01-west-midlands-street.csv").is_some());
        assert!(not_incidents("2014-01/2014-01-west-midlands-street.csv").is_none());
    }

    #[test]
    fn every_listed_ending_is_read() {
        for ending in ENDINGS.split([' ', ',']).filter(|word| word.starts_with('.') && *word != ".gz") {
            assert!(BodyFormat::from_name(&format!("a{ending}")).is_some(), "{ending}");
        }
    }
}
