//! The publishers as a borough around Dudley meets them. All shapes and figures are made up.
//!
//! The borough is a square of 4 km without its north-east quarter; 24 wards lie side by side in it, and four lower layer
//! super output areas.

use hotspots::{
    crs,
    model::{GridPoint, LonLat},
};
use md5::{Digest, Md5};
use serde_json::{Value, json};

use crate::{
    server::{Answer, Request, Server},
    support::zip,
};

const WEST: f64 = 392_000.0;
const SOUTH: f64 = 288_000.0;
const SIDE: f64 = 4_000.0;
const SERVICES: &str = "/services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services";

/// What the publishers do.
#[derive(Clone, Debug)]
pub(crate) struct World {
    /// Features of one page.
    pub(crate) page: usize,
    /// Added to what services count.
    pub(crate) miscount: u64,
    /// Every page after the first is the first once more.
    pub(crate) stuck: bool,
    /// Queries are answered by an error object.
    pub(crate) broken: bool,
    /// Crimes that one answer may have; 503 where there are more.
    pub(crate) most_crimes: usize,
    /// The MD5 that is said of the postcodes, where it is wrong.
    pub(crate) md5: Option<String>,
    /// The households of every area, as they are written.
    pub(crate) households: &'static str,
}

impl Default for World {
    fn default() -> Self {
        Self {
            page: 10,
            miscount: 0,
            stuck: false,
            broken: false,
            most_crimes: 10_000,
            md5: None,
            households: "600",
        }
    }
}

impl World {
    pub(crate) fn serve(self) -> Server {
        Server::start(move |request| self.answer(request))
    }

    fn answer(&self, request: &Request) -> Answer {
        let path = request.path.as_str();
        if let Some(rest) = path.strip_prefix(SERVICES) {
            return self.arcgis(rest, request);
        }
        if let Some(rest) = path.strip_prefix("/data.police.uk/api/") {
            return self.police(rest, request);
        }
        if let Some(rest) = path.strip_prefix("/www.nomisweb.co.uk/api/v01/dataset/") {
            return self.nomis(rest, request);
        }
        match path {
            "/data.police.uk/data/archive/2024-06.zip" => Answer::new(200, archive()).with("ETag", "\"a\""),
            "/api.os.uk/downloads/v1/products/CodePointOpen/downloads" => {
                let bytes = postcodes();
                let md5 = self.md5.clone().unwrap_or_else(|| hex(&Md5::digest(&bytes)));
                let url = "https://api.os.uk/downloads/v1/products/CodePointOpen/downloads?area=GB&format=CSV&redirect";
                Answer::json(
                    &json!([{ "md5": md5, "size": bytes.len(), "url": format!("{url}=1"), "format": "CSV",
                    "area": "GB", "fileName": "codepo_gb.zip" }]),
                )
                .redirected(request)
            }
            "/files.example.uk/codepo_gb.zip" => Answer::new(200, postcodes()).with("ETag", "\"c\""),
            _ => Answer::new(404, "nothing here"),
        }
    }

    fn arcgis(&self, rest: &str, request: &Request) -> Answer {
        let names = [
            "WD_MAY_2024_UK_BFC",
            "Wards_December_2024_Boundaries_UK_BFC",
            "Wards_December_2023_Boundaries_UK_BFC",
            "LAD_DEC_2024_UK_BFC",
            "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BFC_V10",
            "LSOA21_WD24_LAD24_EW_LU",
            "WD23_LAD23_UK_LU_DEC",
            "PFA_DEC_2023_EW_BFC",
            "LAD23_CSP23_PFA23_EW_LU",
        ];
        if rest.is_empty() {
            let listed: Vec<_> =
                names.iter().map(|name| json!({ "name": name, "type": "FeatureServer" })).collect();
            return Answer::json(&json!({ "currentVersion": 11.4, "services": listed }));
        }
        let mut parts = rest.trim_start_matches('/').split('/');
        let service = parts.next().unwrap_or_default();
        let Some(rows) = rows(service) else {
            return Answer::json(
                &json!({ "error": { "code": 400, "message": "Invalid URL", "details": [] } }),
            );
        };
        if !rest.ends_with("/query") {
            let first = rows.first().and_then(|row| row["attributes"].as_object()).unwrap();
            let fields: Vec<_> =
                first.keys().map(|name| json!({ "name": name, "type": "esriFieldTypeString" })).collect();
            return Answer::json(&json!({ "id": 0, "fields": fields, "maxRecordCount": self.page }));
        }
        if self.broken {
            let error = json!({ "code": 400, "message": "Cannot perform query.", "details": ["'where' clause is invalid"] });
            return Answer::json(&json!({ "error": error }));
        }
        let condition = request.parameter("where").unwrap();
        let chosen: Vec<Value> = rows.into_iter().filter(|row| fits(row, &condition)).collect();
        if request.parameter("returnCountOnly").is_some() {
            return Answer::json(&json!({ "count": chosen.len() as u64 + self.miscount }));
        }
        let number = |name| request.parameter(name).and_then(|text| text.parse::<usize>().ok()).unwrap();
        assert!(request.parameter("orderByFields").is_some(), "pages without an order");
        let offset = if self.stuck { 0 } else { number("resultOffset") };
        let size = number("resultRecordCount").min(self.page);
        let more = offset + size < chosen.len() && number("resultOffset") + size < chosen.len();
        let page: Vec<_> = chosen.into_iter().skip(offset).take(size).collect();
        let mut set = json!({ "geometryType": "esriGeometryPolygon", "spatialReference": { "wkid": 27700 }, "features": page });
        if more {
            set["exceededTransferLimit"] = json!(true);
        }
        Answer::json(&set)
    }

    fn police(&self, rest: &str, request: &Request) -> Answer {
        let corners = |west: f64, south: f64, east: f64, north: f64| {
            let ring = [(west, south), (west, north), (east, north), (east, south)];
            ring.map(|(x, y)| {
                let at = degrees(x, y);
                json!({ "latitude": at.lat_deg().to_string(), "longitude": at.lon_deg().to_string() })
            })
        };
        match rest {
            "forces" => Answer::json(&json!([
                { "id": "staffordshire", "name": "Staffordshire Police" },
                { "id": "west-midlands", "name": "West Midlands Police" },
            ])),
            "locate-neighbourhood" => {
                assert!(request.parameter("q").unwrap().starts_with("52."), "latitude comes first");
                Answer::json(&json!({ "force": "west-midlands", "neighbourhood": "DU01" }))
            }
            "west-midlands/neighbourhoods" => Answer::json(&json!([
                { "id": "DU02", "name": "South & East" }, { "id": "DU01", "name": "West" },
                { "id": "DU03", "name": "Without boundary" }, { "id": "SW01", "name": "Far" },
                { "id": "SW02", "name": "Touching" }, { "id": "SW03", "name": "Twentieth" },
            ])),
            "west-midlands/DU01/boundary" => {
                Answer::json(&json!(corners(WEST, SOUTH, WEST + 2000.0, SOUTH + 4000.0)))
            }
            "west-midlands/DU02/boundary" => {
                Answer::json(&json!(corners(WEST + 2000.0, SOUTH, WEST + 4000.0, SOUTH + 2000.0)))
            }
            "west-midlands/DU03/boundary" => Answer::json(&json!([])),
            "west-midlands/SW01/boundary" => {
                Answer::json(&json!(corners(WEST + 9000.0, SOUTH, WEST + 9500.0, SOUTH + 500.0)))
            }
            // One and six hundredths of these squares lie inside.
            "west-midlands/SW02/boundary" => {
                Answer::json(&json!(corners(WEST - 990.0, SOUTH, WEST + 10.0, SOUTH + 1000.0)))
            }
            "west-midlands/SW03/boundary" => {
                Answer::json(&json!(corners(WEST - 940.0, SOUTH, WEST + 60.0, SOUTH + 1000.0)))
            }
            "crimes-street-dates" => {
                let dates = ["2024-06", "2024-05", "2024-04"];
                Answer::json(&json!(dates.map(|date| json!({ "date": date, "stop-and-search": [] }))))
            }
            "crimes-street/all-crime" => self.crimes(request),
            _ => Answer::new(404, ""),
        }
    }

    fn crimes(&self, request: &Request) -> Answer {
        let month = request.parameter("date").unwrap();
        let poly = request.parameter("poly").unwrap();
        let corners: Vec<(f64, f64)> = poly
            .split(':')
            .map(|corner| {
                corner.split_once(',').map(|(lat, lon)| (lat.parse().unwrap(), lon.parse().unwrap())).unwrap()
            })
            .collect();
        let inside = |at: LonLat| {
            let lats = corners.iter().map(|corner| corner.0);
            let lons = corners.iter().map(|corner| corner.1);
            let between = |value: f64, all: &mut dyn Iterator<Item = f64>| {
                let (low, high) =
                    all.fold((f64::MAX, f64::MIN), |(low, high), it| (low.min(it), high.max(it)));
                (low..=high).contains(&value)
            };
            between(at.lat_deg(), &mut lats.into_iter()) && between(at.lon_deg(), &mut lons.into_iter())
        };
        let found: Vec<Value> =
            crimes(&month).into_iter().filter(|(at, _)| inside(*at)).map(|(_, crime)| crime).collect();
        if found.len() > self.most_crimes { Answer::new(503, "") } else { Answer::json(&Value::Array(found)) }
    }

    fn nomis(&self, rest: &str, request: &Request) -> Answer {
        let (value, year) = match rest {
            "NM_2021_1.data.csv" => ("1400", "2021"),
            "NM_2059_1.data.csv" => (self.households, "2021"),
            "NM_2014_1.data.csv" => ("1410", "2022"),
            _ => return Answer::new(404, ""),
        };
        let codes = request.parameter("geography").unwrap();
        let rows = codes.split(',').map(|code| format!("\"{code}\",\"{year}\",{value}\r\n"));
        Answer::new(
            200,
            format!("\"GEOGRAPHY_CODE\",\"DATE_NAME\",\"OBS_VALUE\"\r\n{}", rows.collect::<String>()),
        )
    }
}

impl Answer {
    /// Downloads of a product are redirected to where files are.
    fn redirected(self, request: &Request) -> Self {
        match request.parameter("redirect") {
            Some(_) => Self::new(302, "").with("Location", "https://files.example.uk/codepo_gb.zip"),
            None => self,
        }
    }
}

/// The rows of a service.
fn rows(service: &str) -> Option<Vec<Value>> {
    let wards = |year: &'static str, first: u32| {
        (0..24_u32).map(move |n| {
            let west = f64::from(n).mul_add(80.0, WEST);
            let ring = square(west, SOUTH, 80.0, SIDE);
            let (code, name) = (format!("E0{}", first + n), format!("Ward {n}"));
            let mut row = json!({ "attributes": { "FID": n, format!("WD{year}CD"): code, format!("WD{year}NM"): name },
                "geometry": { "rings": [ring] } });
            // As in December 2023, a layer may not say whose its wards are.
            if year == "24" {
                row["attributes"]["LAD24CD"] = json!("E08000027");
            }
            row
        })
    };
    Some(match service {
        "Wards_December_2024_Boundaries_UK_BFC" => wards("24", 5_015_903).collect(),
        "Wards_December_2023_Boundaries_UK_BFC" => wards("23", 5_001_236).collect(),
        "LAD_DEC_2024_UK_BFC" => {
            let (mid_x, mid_y) = (WEST + SIDE / 2.0, SOUTH + SIDE / 2.0);
            let (east, north) = (WEST + SIDE, SOUTH + SIDE);
            let ring = [[WEST, SOUTH], [WEST, north], [mid_x, north], [mid_x, mid_y], [east, mid_y], [east, SOUTH], [WEST, SOUTH]];
            let corner = square(mid_x, mid_y, SIDE / 2.0, SIDE / 2.0);
            vec![
                json!({ "attributes": { "FID": 1, "LAD24CD": "E08000027", "LAD24NM": "Dudley" },
                    "geometry": { "rings": [ring] } }),
                json!({ "attributes": { "FID": 2, "LAD24CD": "E08000028", "LAD24NM": "Sandwell" },
                    "geometry": { "rings": [corner] } }),
            ]
        }
        "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BFC_V10" => lsoas()
            .map(|(n, code, name)| {
                let ring = square(f64::from(n).mul_add(500.0, WEST), SOUTH, 500.0, 2000.0);
                json!({ "attributes": { "FID": n, "LSOA21CD": code, "LSOA21NM": name }, "geometry": { "rings": [ring] } })
            })
            .collect(),
        "LSOA21_WD24_LAD24_EW_LU" => lsoas()
            .take(4)
            .map(|(n, code, name)| {
                json!({ "attributes": { "LSOA21CD": code, "LSOA21NM": name, "WD24CD": format!("E0{}", 5_015_903 + n / 2),
                    "LAD24CD": "E08000027" } })
            })
            .collect(),
        "PFA_DEC_2023_EW_BFC" => {
            let ring = square(WEST, SOUTH, SIDE, SIDE);
            vec![json!({ "attributes": { "FID": 1, "PFA23CD": "E23000014", "PFA23NM": "West Midlands" },
                "geometry": { "rings": [ring] } })]
        }
        "LAD23_CSP23_PFA23_EW_LU" => [("E08000027", "E23000014"), ("E08000028", "E23000014"), ("E06000001", "E23000013")]
            .map(|(authority, force)| json!({ "attributes": { "LAD23CD": authority, "PFA23CD": force } }))
            .to_vec(),
        "WD23_LAD23_UK_LU_DEC" => wards("23", 5_001_236)
            .map(|mut row| {
                row["attributes"]["LAD23CD"] = json!("E08000027");
                row
            })
            .collect(),
        _ => return None,
    })
}

/// Four of Dudley, and one of Sandwell.
fn lsoas() -> impl Iterator<Item = (u32, String, String)> {
    (0..5_u32).map(|n| {
        let name = if n < 4 { format!("Dudley 00{n}A") } else { "Sandwell 001A".to_owned() };
        (n, format!("E0100971{n}"), name)
    })
}

fn square(west: f64, south: f64, width: f64, height: f64) -> [[f64; 2]; 5] {
    let (east, north) = (west + width, south + height);
    [[west, south], [west, north], [east, north], [east, south], [west, south]]
}

/// The conditions that are asked: equal, or like a name and four more letters.
fn fits(row: &Value, condition: &str) -> bool {
    let of = |field: &str| row["attributes"][field].as_str().unwrap_or_default().to_owned();
    if let Some((one, other)) = condition.split_once(" OR ") {
        return fits(row, one) || fits(row, other);
    }
    if let Some((field, pattern)) = condition.split_once(" LIKE ") {
        let start = pattern.trim_matches('\'').strip_suffix("____").unwrap();
        return of(field).strip_prefix(start).is_some_and(|rest| rest.len() == 4);
    }
    if let Some((field, list)) = condition.split_once(" IN ") {
        return list.trim_matches(['(', ')']).split(',').any(|code| code.trim_matches('\'') == of(field));
    }
    let (field, value) = condition.split_once('=').unwrap();
    of(field) == value.trim_matches('\'')
}

fn degrees(x: f64, y: f64) -> LonLat {
    crs::from_grid(GridPoint::new(x, y).unwrap()).unwrap().lonlat
}

/// 36 crimes on a lattice over the square, 9 of them in the quarter that is not the borough's.
fn crimes(month: &str) -> Vec<(LonLat, Value)> {
    let lattice = (0..6_u32).flat_map(|x| (0..6_u32).map(move |y| (x, y)));
    lattice
        .map(|(x, y)| {
            let at = degrees(f64::from(x).mul_add(700.0, WEST + 250.0), f64::from(y).mul_add(700.0, SOUTH + 250.0));
            let number = x * 6 + y;
            let category = ["burglary", "violent-crime", "anti-social-behaviour"][number as usize % 3];
            let crime = json!({
                "category": category, "location_type": if number == 0 { "BTP" } else { "Force" },
                "location": { "latitude": format!("{:.6}", at.lat_deg()), "longitude": format!("{:.6}", at.lon_deg()),
                    "street": { "id": number, "name": "On or near High Street" } },
                "context": "", "outcome_status": if category == "burglary" {
                    json!({ "category": "Under investigation", "date": month }) } else { Value::Null },
                "persistent_id": if category == "anti-social-behaviour" { String::new() } else { format!("{number:064x}") },
                "id": 1000 + number, "location_subtype": "", "month": month,
            });
            (at, crime)
        })
        .collect()
}

const HEADER: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,\
                      Last outcome category,Context\n";

/// An archive with two months of one force and one of another.
pub(crate) fn archive() -> Vec<u8> {
    let file = |month: &str, force: &str| {
        format!("{HEADER},{month},{force},{force},-2.1,52.5,On or near High Street,,,Burglary,,\n")
    };
    let (ours, theirs) = ("West Midlands Police", "Staffordshire Police");
    zip(&[
        ("2024-05/2024-05-west-midlands-street.csv", &file("2024-05", ours)),
        ("2024-05/2024-05-staffordshire-street.csv", &file("2024-05", theirs)),
        ("2024-05/2024-05-west-midlands-outcomes.csv", "Crime ID\n"),
        ("2024-06/2024-06-west-midlands-street.csv", &file("2024-06", ours)),
    ])
}

pub(crate) fn postcodes() -> Vec<u8> {
    zip(&[(
        "Data/CSV/dy.csv",
        "\"DY1 1AA\",10,394000,290000,\"E92000001\",\"\",\"\",\"\",\"E08000027\",\"E05015903\"\n",
    )])
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
