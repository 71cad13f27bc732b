//! Parameters that several addresses share.

use actix_web::HttpRequest;

use super::{App, query::Query};
use crate::{
    analysis::{
        bandwidth::Rule,
        monte_carlo::Replications,
        random::Seed,
        time::level::{Alpha, Confidence},
    },
    crs,
    model::{Category, Generation, GridPoint, Invalid, LonLat, Metres, Period, Position, VintageAsked},
    profile::MethodCard,
    selection::Filter,
    service::{Compare, Scope, Service},
};

/// Reads `period`, `category`, `source` and `filter`, and `priority` where it is not in the path, with
/// `priority_version`. The period is compared with nothing.
pub fn scope(query: &mut Query, service: &Service, priority: Option<String>) -> Scope {
    let priority = priority.or_else(|| query.read("priority", |id| Ok(id.to_owned())));
    Scope {
        priority_version: priority_version(query, PRIORITY_VERSION, priority.as_deref()),
        priority,
        period: query.parse::<Period>("period"),
        compare: Some(Compare::No),
        categories: query.list("category", category),
        sources: query.list("source", |name| Ok(name.to_owned())),
        filter: query.read("filter", |text| filter(text, service)),
        weights: None,
        within: None,
        vintages: vintages(query),
    }
}

/// The parameter that names a version of a priority's definition.
pub const PRIORITY_VERSION: &str = "priority_version";

/// The same of the priority that another one is compared with.
pub const AGAINST_VERSION: &str = "against_priority_version";

/// Reads a version of a priority's definition, which is one of that priority.
pub fn priority_version(query: &mut Query, name: &'static str, priority: Option<&str>) -> Option<u32> {
    let version = query.whole(name, 1..=u32::MAX)?;
    if priority.is_none() {
        query.fault(
            name,
            Invalid::new(version, "a version of a priority: the priority has to be named as well"),
        );
    }
    Some(version)
}

/// Reads `weights`, the id of a table of weights, for the addresses that weigh.
pub fn weights(query: &mut Query) -> Option<String> {
    query.read("weights", |id| Ok(id.to_owned()))
}

/// The parameter that names vintages of boundary layers.
pub const VINTAGE: &str = "vintage";

/// Reads `vintage`: `2013`, or `ward/2013,beat/2024-10`.
pub fn vintages(query: &mut Query) -> VintageAsked {
    query.parse(VINTAGE).unwrap_or_default()
}

/// Reads `within`, the one area that a question is limited to: `ward/E05001236`.
pub fn within(query: &mut Query) -> Option<(String, String)> {
    query.read("within", |text| {
        let (layer, code) = text
            .split_once('/')
            .ok_or_else(|| Invalid::new(text, "a layer and a code, as in ward/E05001236"))?;
        Ok((layer.to_owned(), code.to_owned()))
    })
}

/// Reads a condition in CQL2 text.
pub fn filter(text: &str, service: &Service) -> Result<Filter, Invalid> {
    Filter::parse(text, service.boundaries())
}

/// Reads a category by its slug.
pub fn category(name: &str) -> Result<Category, Invalid> {
    let category = Category::from_label(name)?;
    if category.as_str() == name {
        Ok(category)
    } else {
        Err(Invalid::new(name, format!("a category is written as its slug, as in '{category}'")))
    }
}

/// Reads `compare`, for the addresses that compare periods; absent, the priority's rule decides.
pub fn comparison(query: &mut Query) -> Option<Compare> {
    query.read("compare", Compare::read)
}

/// Reads `generation`, which pages after the first name so that all are of the same incidents.
pub fn generation(query: &mut Query) -> Option<Generation> {
    query.read("generation", |text| {
        text.parse().map(Generation).map_err(|_not_a_number| Invalid::new(text, "a whole number from 0"))
    })
}

/// What chance starts from.
pub fn seed(query: &mut Query) -> Seed {
    query.whole("seed", 0..=u32::MAX).map_or_else(Seed::default, |seed| Seed(seed.into()))
}

/// How many streets are named for each hotspot or cluster.
pub fn streets(query: &mut Query) -> usize {
    query.whole("streets", 0..=20).unwrap_or(3) as usize
}

/// How sure intervals are: `confidence`, 0.95 where it is left out.
pub fn confidence(query: &mut Query) -> Confidence {
    let read = |text: &str| {
        let number = super::query::finite(text)?;
        Confidence::new(number).map_err(|fault| Invalid::new(text, fault.rule))
    };
    query.read("confidence", read).unwrap_or_default()
}

/// A level of significance, 0.05 where it is left out.
pub fn alpha(query: &mut Query, name: &'static str) -> Alpha {
    let read = |text: &str| {
        let number = super::query::finite(text)?;
        Alpha::new(number).map_err(|fault| Invalid::new(text, fault.rule))
    };
    query.read(name, read).unwrap_or_default()
}

/// How often chance is played out.
pub fn replications(query: &mut Query, name: &'static str) -> Option<Replications> {
    query.whole(name, 99..=9_999).and_then(|number| Replications::new(number).ok())
}

/// A length in metres.
pub fn metres(query: &mut Query, name: &'static str) -> Option<Metres> {
    query.read(name, |text| {
        let number = super::query::finite(text)?;
        Metres::new(number).map_err(|fault| Invalid::new(text, fault.rule))
    })
}

/// Reads `bandwidth_m` and `bandwidth_rule`, of which at most one is given.
pub fn bandwidth(query: &mut Query) -> (Option<Metres>, Option<Rule>) {
    let (length, rule) = (metres(query, "bandwidth_m"), query.parse::<Rule>("bandwidth_rule"));
    if let (Some(length), Some(rule)) = (length, rule) {
        let shown = format!("{rule} and {} m", length.get());
        query.fault("bandwidth_rule", Invalid::new(shown, "give bandwidth_m or bandwidth_rule, not both"));
    }
    (length, rule)
}

/// A position given as `lon` and `lat`, as `easting` and `northing`, or as `gridref`: exactly one of
/// the three. A grid reference also gives the side of its square.
///
/// Faults are noted in `query`; the answer is then `None`.
pub fn position(query: &mut Query) -> Option<(Position, Option<Metres>)> {
    let (lon, lat) = (query.number("lon"), query.number("lat"));
    let (easting, northing) = (query.number("easting"), query.number("northing"));
    let square = query.read("gridref", crs::gridref::parse);
    if query.has_faults() {
        return None;
    }
    let shown = |a: f64, b: f64| format!("{a} {b}");
    let (name, given, found) = match (lon, lat, easting, northing, square) {
        (Some(lon), Some(lat), None, None, None) => (
            "lon, lat",
            shown(lon, lat),
            LonLat::new(lon, lat).and_then(crs::from_lonlat).map(|at| (at, None)),
        ),
        (None, None, Some(e), Some(n), None) => (
            "easting, northing",
            shown(e, n),
            GridPoint::new(e, n).and_then(crs::from_grid).map(|at| (at, None)),
        ),
        (None, None, None, None, Some((centre, side))) => (
            "gridref",
            shown(centre.easting_m(), centre.northing_m()),
            crs::from_grid(centre).map(|at| (at, Some(side))),
        ),
        _ => (
            "position",
            String::new(),
            Err(Invalid::new(
                "",
                "give lon and lat, or easting and northing, or gridref, and only one of them; or q alone",
            )),
        ),
    };
    found
        .map_err(|fault| {
            let value = if fault.value.is_empty() { given } else { fault.value };
            query.fault(name, Invalid::new(value, fault.rule));
        })
        .ok()
}

/// Longitude and latitude limits, `west,south,east,north`, as the box on the grid that holds them.
///
/// # Errors
/// [`Invalid`] for other than four finite numbers in order, or corners outside Great Britain.
pub fn bbox(text: &str) -> Result<(GridPoint, GridPoint), Invalid> {
    let rule = "four numbers west,south,east,north in degrees, west below east and south below north";
    let fault = |rule: &str| Invalid::new(text, rule);
    let numbers =
        text.split(',').map(|part| super::query::finite(part.trim())).collect::<Result<Vec<_>, _>>();
    let numbers = numbers.map_err(|inner| fault(&format!("{rule}; '{}' is not one", inner.value)))?;
    let &[west, south, east, north] = numbers.as_slice() else { return Err(fault(rule)) };
    if west >= east || south >= north {
        return Err(fault(rule));
    }
    // Meridians lean against the grid, so the box on the grid is that of all four corners.
    let mut corners = Vec::with_capacity(4);
    for (lon, lat) in [(west, south), (east, south), (west, north), (east, north)] {
        let grid = LonLat::new(lon, lat).and_then(crs::osgb::to_grid).map_err(|inner| fault(&inner.rule))?;
        corners.push(grid);
    }
    let limits = |of: fn(GridPoint) -> f64| {
        corners
            .iter()
            .map(|corner| of(*corner))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
    };
    let (west_m, east_m) = limits(GridPoint::easting_m);
    let (south_m, north_m) = limits(GridPoint::northing_m);
    Ok((GridPoint::new(west_m, south_m)?, GridPoint::new(east_m, north_m)?))
}

/// What a permalink is made of: where a request was sent, kept while its answer is computed.
pub struct Address {
    base: String,
    path: String,
    query: String,
}

impl Address {
    /// That of a request.
    pub fn of(request: &HttpRequest, app: &App) -> Self {
        Self {
            base: app.base(request),
            path: request.path().to_owned(),
            query: request.query_string().to_owned(),
        }
    }

    /// That of a request that was not sent but would have asked for the same: `pairs` are its parameters.
    pub fn instead(base: String, path: String, pairs: &[(String, String)]) -> Self {
        let parts = pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
        Self { base, path, query: parts.collect::<Vec<_>>().join("&") }
    }

    /// What links begin with, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Another path with the same parameters, but for `f`, which is a matter of each address.
    pub fn at(&self, path: &str) -> String {
        let kept = |part: &&str| !part.is_empty() && part.split('=').next() != Some("f");
        let kept: Vec<&str> = self.query.split('&').filter(kept).collect();
        let Self { base, .. } = self;
        if kept.is_empty() { format!("{base}{path}") } else { format!("{base}{path}?{}", kept.join("&")) }
    }

    /// As [`at`](Self::at), with a path of which clients fill in what stands in braces. Braces of parameters are
    /// encoded, so that nothing there is filled in.
    pub fn template(&self, path: &str) -> String {
        let address = self.at("");
        let parameters = &address[self.base.len()..];
        let encoded = parameters.replace('{', "%7B").replace('}', "%7D");
        format!("{}{path}{encoded}", self.base)
    }

    /// The address with some parameters changed or added, the others as they were given.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        self.elsewhere(&self.path, &[], changes)
    }

    /// Another path below the same base, which takes the same parameters but some: with those left out, and
    /// others changed or added.
    pub fn elsewhere(&self, path: &str, left_out: &[&str], changes: &[(&str, &str)]) -> String {
        let name_of = |part: &str| part.split('=').next().unwrap_or_default().to_owned();
        let is_replaced =
            |name: &str| left_out.contains(&name) || changes.iter().any(|(changed, _)| *changed == name);
        let kept = self.query.split('&').filter(|part| !part.is_empty() && !is_replaced(&name_of(part)));
        let changed = changes.iter().map(|(name, value)| format!("{name}={value}"));
        let parts: Vec<String> = kept.map(str::to_owned).chain(changed).collect();
        let base = &self.base;
        if parts.is_empty() { format!("{base}{path}") } else { format!("{base}{path}?{}", parts.join("&")) }
    }

    /// The parameters as they were given but for some, by name.
    pub fn query_without(&self, is_dropped: impl Fn(&str) -> bool) -> String {
        let name_of = |part: &str| part.split('=').next().unwrap_or_default().to_owned();
        let kept = self.query.split('&').filter(|part| !part.is_empty() && !is_dropped(&name_of(part)));
        kept.collect::<Vec<_>>().join("&")
    }

    /// The address with the period and the versions of priorities written out that the defaults led to, so that it gives
    /// the same answer when newer months have come, and when a priority has been changed.
    pub fn permalink(&self, card: &MethodCard) -> String {
        let Self { base, path, query } = self;
        // Events are a way to the same JSON, and nothing to keep.
        let kept = |part: &&str| !part.is_empty() && *part != "f=events";
        let mut parts: Vec<&str> = query.split('&').filter(kept).collect();
        let mut pinned = vec![format!("period={}", card.period)];
        pinned.extend(card.priority_version.map(|version| format!("{PRIORITY_VERSION}={version}")));
        if !card.vintages.is_empty() {
            pinned.push(format!("{VINTAGE}={}", card.vintages.join(",")));
        }
        pinned.extend(card.against_version.map(|version| format!("{AGAINST_VERSION}={version}")));
        for pin in &pinned {
            let name = pin.split_inclusive('=').next().unwrap_or_default();
            if !parts.iter().any(|part| part.starts_with(name)) {
                parts.push(pin);
            }
        }
        parts.sort_unstable();
        format!("{base}{path}?{}", parts.join("&"))
    }
}

fn hexadecimal(half: u8) -> char {
    char::from_digit(half.into(), 16).unwrap_or('0').to_ascii_uppercase()
}

/// Text as a query has it: what may have a meaning there, or is not ASCII, as bytes in hexadecimal digits.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:,".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.extend(['%', hexadecimal(byte >> 4), hexadecimal(byte & 15)]);
        }
    }
    escaped
}
