//! What every map is asked by: the version, the layers, the box and the size.

use geo_types::coord;

use crate::{
    feature::{Bounds, Crs},
    http::{
        App,
        ows::{Asked, Code, Kvp, Refusal},
        query::finite,
    },
    model::Invalid,
    render::map::View,
};

/// A version of WMS that is spoken here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// 1.1.1: `SRS`, and x before y in every system.
    V111,
    /// 1.3.0: `CRS`, and the axes in the order of the system.
    #[default]
    V130,
}

/// Most layers of one map.
pub const MOST_LAYERS: usize = 20;

impl Version {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V111 => "1.1.1",
            Self::V130 => "1.3.0",
        }
    }

    /// The version of a request: 1.3.0 where none is named, `None` for one that is not spoken.
    pub fn of(kvp: &Kvp) -> Option<Self> {
        match kvp.get("version") {
            None | Some("1.3.0") => Some(Self::V130),
            Some("1.1.1") => Some(Self::V111),
            Some(_) => None,
        }
    }

    /// The version that capabilities are given in where one is named that is not spoken: the next lower, or the
    /// lowest.
    pub fn nearest(kvp: &Kvp) -> Self {
        let mut numbers =
            kvp.get("version").unwrap_or_default().split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        if (next(), next(), next()) < (1, 3, 0) { Self::V111 } else { Self::V130 }
    }

    /// What a coordinate system is called in requests.
    pub const fn crs_name(self) -> &'static str {
        match self {
            Self::V111 => "srs",
            Self::V130 => "crs",
        }
    }

    /// The coordinate systems that are offered.
    pub fn systems(self) -> impl Iterator<Item = Crs> {
        // Before 1.3.0, EPSG:4326 has the order of CRS:84.
        Crs::ALL.into_iter().filter(move |crs| self == Self::V130 || *crs != Crs::Crs84)
    }

    /// Two numbers in the order in which this version has them, as x and y. It is its own inverse.
    pub fn ordered(self, crs: Crs, at: geo_types::Coord) -> geo_types::Coord {
        if self == Self::V130 { crs.ordered(at) } else { at }
    }

    fn crs(self, kvp: &Kvp) -> Result<Crs, Refusal> {
        let text = kvp.needed(self.crs_name())?;
        let known = self.systems().find(|crs| crs.name().eq_ignore_ascii_case(text));
        known.ok_or_else(|| {
            let names: Vec<_> = self.systems().map(Crs::name).collect();
            Refusal::not_one_of(Code::InvalidCrs, self.crs_name(), text, &names)
        })
    }

    /// What a map shows: its box, and its size.
    ///
    /// # Errors
    /// [`Refusal`] for a box without an inside, a system that is not offered, and a size out of bounds.
    pub fn view(self, kvp: &Kvp) -> Result<Frame, Refusal> {
        let crs = self.crs(kvp)?;
        let bounds = self.bounds(kvp.needed("bbox")?, crs)?;
        let side = |name: &str| kvp.whole(name, 1..=View::MOST_PX, Code::InvalidParameterValue);
        let size = (side("width")?, side("height")?);
        let view = View::new(bounds, crs.plane(), size.0, size.1)
            .map_err(|fault| Refusal::new(Code::InvalidParameterValue, "bbox", &fault))?;
        Ok(Frame { bounds, crs, size, view })
    }

    fn bounds(self, text: &str, crs: Crs) -> Result<Bounds, Refusal> {
        let rule = "four numbers, the lower corner and the upper one, each in the order of the axes, with room between";
        let fault = || Refusal::new(Code::InvalidParameterValue, "bbox", &Invalid::new(text, rule));
        let numbers: Result<Vec<f64>, _> = text.split(',').map(|part| finite(part.trim())).collect();
        let Ok(&[a, b, c, d]) = numbers.as_deref() else { return Err(fault()) };
        let low = self.ordered(crs, coord! { x: a, y: b });
        let high = self.ordered(crs, coord! { x: c, y: d });
        let bounds = Bounds::new(low, high).map_err(|_not_a_box| fault())?;
        if bounds.width() > 0.0 && bounds.height() > 0.0 { Ok(bounds) } else { Err(fault()) }
    }
}

/// What a map shows.
pub struct Frame {
    /// The box.
    pub bounds: Bounds,
    /// The system of its numbers.
    pub crs: Crs,
    /// Pixels from left to right and from top to bottom.
    pub size: (u32, u32),
    /// The same to those who draw.
    pub view: View,
}

/// The layers of a map, each in its style.
///
/// # Errors
/// [`Refusal`] for layers and styles that are not there, and for another number of styles than of layers.
pub fn drawn(app: &App, kvp: &Kvp) -> Result<Vec<Asked>, Refusal> {
    let ids = ids(kvp, "layers")?;
    let styles: Vec<&str> = match kvp.get("styles") {
        None => vec![""; ids.len()],
        Some(text) => text.split(',').map(str::trim).collect(),
    };
    if styles.len() != ids.len() {
        let fault = Invalid::new(styles.join(","), "as many styles as layers, or none");
        return Err(Refusal::new(Code::StyleNotDefined, "styles", &fault));
    }
    let alone = ids.len() == 1;
    ids.iter().zip(styles).map(|(id, style)| Asked::read(app, kvp, id, style, alone)).collect()
}

/// The layers that are asked about; how they are drawn makes no difference.
///
/// # Errors
/// [`Refusal`] for layers that are not there.
pub fn asked_about(app: &App, kvp: &Kvp) -> Result<Vec<Asked>, Refusal> {
    let ids = ids(kvp, "query_layers")?;
    let alone = ids.len() == 1;
    ids.iter().map(|id| Asked::read(app, kvp, id, "", alone)).collect()
}

fn ids<'a>(kvp: &'a Kvp, name: &str) -> Result<Vec<&'a str>, Refusal> {
    let text = kvp.needed(name)?;
    let ids: Vec<&str> = text.split(',').map(str::trim).collect();
    if ids.len() <= MOST_LAYERS {
        return Ok(ids);
    }
    let fault = Invalid::new(text, format!("at most {MOST_LAYERS} layers"));
    Err(Refusal::new(Code::InvalidParameterValue, name, &fault))
}
