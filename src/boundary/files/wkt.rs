//! Coordinate systems written as well-known text, as in the `.prj` of a shapefile.

use crate::boundary::file_crs::{FileCrs, StatedCrs};

/// Names without a code that are taken for one: the spellings of ESRI and of older programs, in small letters and without
/// what is neither letter nor digit.
const NAMES: [(&str, u32); 5] = [
    ("britishnationalgrid", 27700),
    ("osgb1936britishnationalgrid", 27700),
    ("osgb36britishnationalgrid", 27700),
    ("gcswgs1984", 4326),
    ("wgs84", 4326),
];

/// What `place` (as in `its .prj`) says: by the EPSG code of the system or, without one, by its name.
pub(super) fn stated(place: &str, text: &str) -> StatedCrs {
    let root = Root::of(text);
    if let Some(code) = root.code {
        return StatedCrs::by_name(place, &format!("EPSG:{code}"));
    }
    let name = root.name.unwrap_or_else(|| text.chars().take(40).collect());
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    match NAMES.iter().find(|(known, _)| *known == plain) {
        Some((_, code)) => StatedCrs {
            said: format!("{place} says '{name}'"),
            crs: FileCrs::parse(&format!("EPSG:{code}")).map_err(|fault| fault.to_string()),
        },
        None => StatedCrs {
            said: format!("{place} says '{name}'"),
            crs: Err(format!("{place} says '{name}' without an EPSG code, which is not understood")),
        },
    }
}

/// What the outermost element of a text says.
#[derive(Default)]
struct Root {
    name: Option<String>,
    code: Option<u32>,
}

impl Root {
    /// Goes through the text once. Elements within elements have codes of their own, as those of a datum or a unit, and
    /// are passed over. A text that ends too early says nothing.
    fn of(text: &str) -> Self {
        let mut root = Self::default();
        let mut open: Vec<Element> = Vec::new();
        let mut token = String::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            match c {
                '"' => token = rest.by_ref().take_while(|c| *c != '"').collect(),
                '[' | '(' => {
                    open.push(Element { keyword: std::mem::take(&mut token), values: Vec::new() });
                }
                ',' | ']' | ')' => {
                    let Some(element) = open.last_mut() else { break };
                    element.values.push(std::mem::take(&mut token));
                    if c == ',' {
                        continue;
                    }
                    match (open.pop(), open.len()) {
                        (Some(closed), 1) => root.code = closed.epsg().or(root.code),
                        (Some(closed), 0) => {
                            root.name = closed.values.into_iter().next();
                            return root;
                        }
                        _ => {}
                    }
                }
                c if !c.is_whitespace() => token.push(c),
                _ => {}
            }
        }
        Self::default()
    }
}

struct Element {
    keyword: String,
    values: Vec<String>,
}

impl Element {
    /// The code of `AUTHORITY["EPSG","27700"]` or `ID["EPSG",27700]`.
    fn epsg(&self) -> Option<u32> {
        let names_code =
            self.keyword.eq_ignore_ascii_case("AUTHORITY") || self.keyword.eq_ignore_ascii_case("ID");
        match &self.values[..] {
            [authority, code, ..] if names_code && authority.eq_ignore_ascii_case("EPSG") => {
                code.parse().ok()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crs(text: &str) -> Result<FileCrs, String> {
        stated("its .prj", text).crs
    }

    const DATUM: &str = r#"GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",SPHEROID["Airy_1830",6377563.396,299.3249646]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433],AUTHORITY["EPSG","4277"]]"#;

    #[test]
    fn the_code_of_the_outermost_element_counts() {
        let prj = format!(r#"PROJCS["Anything",{DATUM},UNIT["Meter",1.0],AUTHORITY["EPSG","27700"]]"#);
        assert_eq!(crs(&prj), Ok(FileCrs::Grid));
        let wkt2 = r#"GEOGCRS["WGS 84",DATUM["World",ELLIPSOID["WGS 84",6378137,298.25,ID["EPSG",7030]]],ID["EPSG",4326]]"#;
        assert_eq!(crs(wkt2), Ok(FileCrs::LonLat));
        let mercator = format!(r#"PROJCS["Web", {DATUM}, AUTHORITY["EPSG", "3857"]]"#);
        assert_eq!(crs(&mercator), Ok(FileCrs::Other(3857)));
    }

    #[test]
    fn known_names_without_a_code_are_understood() {
        for name in ["British_National_Grid", "OSGB 1936 / British National Grid"] {
            assert_eq!(
                crs(&format!(r#"PROJCS["{name}",{DATUM},UNIT["Meter",1.0]]"#)),
                Ok(FileCrs::Grid),
                "{name}"
            );
        }
        let esri = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
        assert_eq!(crs(esri), Ok(FileCrs::LonLat));
        assert_eq!(crs(r#"GEOGCS["WGS 84"]"#), Ok(FileCrs::LonLat));
    }

    #[test]
    fn what_is_not_understood_is_told() {
        let told = crs(&format!(r#"PROJCS["TM65_Irish_Grid",{DATUM}]"#)).unwrap_err();
        assert_eq!(told, "its .prj says 'TM65_Irish_Grid' without an EPSG code, which is not understood");
        for text in ["", "]]]", "[\"", "PROJCS[", r#"AUTHORITY["EPSG","27700"]"#] {
            assert!(crs(text).is_err(), "{text}");
        }
    }
}
