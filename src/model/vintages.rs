//! Which vintage of a boundary layer a question is about.
//!
//! Wards and beats are drawn anew from time to time. A set of boundaries may hold several vintages of a layer side by
//! side. Where none is named, the one that is in force at the end of the period answers, since that is the one in which
//! people will act on the answer; and whoever asks is told where it was not in force all along.

use std::cmp::Reverse;

use super::{BoundarySet, Layer, Period};

/// The vintage of layers that somebody asks for.
///
/// # Example
/// ```
/// use hotspots::model::VintageAsked;
/// let asked: VintageAsked = "ward/2013".parse().unwrap();
/// assert_eq!(asked.of("ward"), Some("2013"));
/// assert_eq!(asked.of("beat"), None);
/// let asked: VintageAsked = "2013".parse().unwrap();
/// assert_eq!(asked.of("beat"), Some("2013"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VintageAsked(Vec<(Option<String>, String)>);

impl VintageAsked {
    /// The vintage asked for of a layer: the one that is named for it, or else one for every layer.
    pub fn of(&self, layer: &str) -> Option<&str> {
        let named = self.0.iter().find(|(of, _)| of.as_deref() == Some(layer));
        named.or_else(|| self.0.iter().find(|(of, _)| of.is_none())).map(|(_, vintage)| vintage.as_str())
    }

    /// The vintages of these layers.
    pub fn of_layers<'a>(layers: impl IntoIterator<Item = &'a Layer>) -> Self {
        Self(layers.into_iter().map(|it| (Some(it.id.to_string()), it.vintage.clone())).collect())
    }

    /// Each with its layer, where one is named.
    pub fn each(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        self.0.iter().map(|(layer, vintage)| (layer.as_deref(), vintage.as_str()))
    }
}

impl std::str::FromStr for VintageAsked {
    type Err = super::Invalid;

    /// Reads `2013`, for every layer that has it, or layers with theirs: `ward/2013,beat/2024-10`.
    fn from_str(text: &str) -> Result<Self, super::Invalid> {
        let rule = "a vintage as in 2013, or layers with theirs as in ward/2013,beat/2024-10";
        let one = |part: &str| match part.split_once('/') {
            Some((layer, vintage)) if !layer.is_empty() && !vintage.is_empty() => {
                Ok((Some(layer.to_owned()), vintage.to_owned()))
            }
            None if !part.is_empty() => Ok((None, part.to_owned())),
            _ => Err(super::Invalid::new(text, rule)),
        };
        text.split(',').map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// Whether the name of a vintage fits into an address: 1 to 40 letters, digits, `-`, `_` and `.`.
pub fn is_plain(vintage: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    (1..=40).contains(&vintage.len()) && vintage.chars().all(plain)
}

impl BoundarySet {
    /// The vintages of a layer, each with its place in [`layers`](Self::layers), the newest first.
    pub fn vintages(&self, id: &str) -> Vec<(usize, &Layer)> {
        let mut all: Vec<_> =
            self.layers.iter().enumerate().filter(|(_, layer)| layer.id.as_str() == id).collect();
        all.sort_by_key(|(_, layer)| Reverse(layer.valid.from));
        all
    }

    /// The layer with that id, in the vintage for a period (for none, the newest), and its place in
    /// [`layers`](Self::layers).
    ///
    /// That is the newest of those in force on the period's last day. Where none is, it is the oldest that came into
    /// force later, or else the newest. Retired vintages count only where there are no others.
    pub fn layer_in(&self, id: &str, period: Option<Period>) -> Option<(usize, &Layer)> {
        let mut vintages = self.vintages(id);
        if vintages.iter().any(|(_, layer)| !layer.retired) {
            vintages.retain(|(_, layer)| !layer.retired);
        }
        let newest = vintages.first().copied();
        let Some(day) = period.map(Period::last) else { return newest };
        let in_force = vintages.iter().find(|(_, layer)| layer.valid.holds_on(day));
        let later = || vintages.iter().rfind(|(_, layer)| layer.valid.from.is_some_and(|from| day < from));
        in_force.or_else(later).copied().or(newest)
    }

    /// The layer with that id in its newest vintage.
    pub fn layer(&self, id: &str) -> Option<(usize, &Layer)> {
        self.layer_in(id, None)
    }

    /// Every layer in one vintage, as [`layer_in`](Self::layer_in) chooses it, in the order of the manifest.
    pub fn in_force(&self, period: Option<Period>) -> Vec<(usize, &Layer)> {
        self.ids().into_iter().filter_map(|id| self.layer_in(id, period)).collect()
    }

    /// The ids of the layers, each once, in the order of the manifest.
    pub fn ids(&self) -> Vec<&str> {
        let mut ids = Vec::new();
        for layer in &self.layers {
            if !ids.contains(&layer.id.as_str()) {
                ids.push(layer.id.as_str());
            }
        }
        ids
    }

    /// Whether there are several vintages of a layer.
    pub fn has_vintages(&self, id: &str) -> bool {
        self.layers.iter().filter(|layer| layer.id.as_str() == id).count() > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Area, AreaCode, Denominators, GridShape, LayerId, LonLatShape, SquareMetres, Validity,
    };

    fn layer(id: &str, vintage: &str, (from, until): (Option<&str>, Option<&str>), retired: bool) -> Layer {
        let day = |text: Option<&str>| text.map(|text| text.parse().unwrap());
        Layer {
            id: LayerId::new(id).unwrap(),
            title: id.to_owned(),
            vintage: vintage.to_owned(),
            valid: Validity { from: day(from), until: day(until) },
            retired,
            licence: "none".to_owned(),
            schematic: false,
            areas: Vec::new(),
        }
    }

    fn set() -> BoundarySet {
        let nowhere = geo_types::MultiPolygon(Vec::new());
        let outline = Area {
            code: AreaCode("E08000027".to_owned()),
            name: "Dudley".to_owned(),
            grid: GridShape(nowhere.clone()),
            lonlat: LonLatShape(nowhere),
            area: SquareMetres(0.0),
            denominators: Denominators::default(),
        };
        BoundarySet {
            name: "Dudley".to_owned(),
            code: "E08000027".to_owned(),
            outline,
            schematic: false,
            layers: vec![
                layer("ward", "1982", (None, Some("2004-06-09")), true),
                layer("ward", "2004", (Some("2004-06-10"), Some("2024-05-01")), false),
                layer("beat", "one", (None, None), false),
                layer("ward", "2024", (Some("2024-05-02"), None), false),
            ],
        }
    }

    #[test]
    fn the_vintage_in_force_at_the_end_of_a_period_answers() {
        let set = set();
        let chosen = |period: Option<&str>| {
            let period = period.map(|text| text.parse().unwrap());
            set.layer_in("ward", period).unwrap().1.vintage.clone()
        };
        assert_eq!(chosen(None), "2024");
        assert_eq!(chosen(Some("2014-01/2014-02")), "2004");
        assert_eq!(chosen(Some("2024-04")), "2004");
        assert_eq!(chosen(Some("2024-05")), "2024");
        assert_eq!(chosen(Some("2024-01/2024-12")), "2024");
        assert_eq!(chosen(Some("2024-01-01/2024-05-01")), "2004");
        assert_eq!(chosen(Some("1999-01")), "2004", "what is retired is not chosen");
    }

    #[test]
    fn each_layer_stands_once_in_the_order_of_the_manifest() {
        let set = set();
        assert_eq!(set.ids(), ["ward", "beat"]);
        let numbers = |period: Option<Period>| {
            set.in_force(period).iter().map(|(number, _)| *number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(None), [3, 2]);
        assert_eq!(numbers(Some("2014-01".parse().unwrap())), [1, 2]);
        let vintages: Vec<_> = set.vintages("ward").iter().map(|(number, _)| *number).collect();
        assert_eq!(vintages, [3, 1, 0]);
        assert!(set.has_vintages("ward") && !set.has_vintages("beat"));
        assert!(set.layer("lsoa").is_none());
    }

    #[test]
    fn vintages_are_asked_for_by_layer_or_for_all() {
        let asked: VintageAsked = "2013,beat/2024-10".parse().unwrap();
        assert_eq!((asked.of("ward"), asked.of("beat")), (Some("2013"), Some("2024-10")));
        assert_eq!(VintageAsked::default().of("ward"), None);
        for faulty in ["", "ward/", "/2013", "2013,"] {
            assert!(faulty.parse::<VintageAsked>().is_err(), "{faulty}");
        }
    }
}
