//! The rules by name.

use std::{fmt, str::FromStr};

use crate::model::Invalid;

/// A rule that gives a bandwidth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// [`scott_sigma_m`](super::spread::scott_sigma_m).
    Scott,
    /// [`silverman_sigma_m`](super::spread::silverman_sigma_m).
    Silverman,
    /// [`oversmoothing_sigma_m`](super::spread::oversmoothing_sigma_m).
    Oversmoothing,
    /// The geometric mean of [`normal_reference_m`](super::spread::normal_reference_m).
    NormalReference,
    /// [`arcgis_radius_m`](super::spread::arcgis_radius_m).
    ArcGis,
    /// [`arcgis_weighted_radius_m`](super::spread::arcgis_weighted_radius_m).
    ArcGisWeighted,
    /// [`hotspot_detective_radius_m`](super::spread::hotspot_detective_radius_m).
    HotspotDetective,
    /// [`bailey_gatrell_radius_m`](super::spread::bailey_gatrell_radius_m).
    BaileyGatrell,
    /// [`mean_nearest_m`](super::nearest::mean_nearest_m) of this order.
    Nearest(u8),
    /// The least [`criterion`](super::pairs::PairDistances::criterion).
    LeastSquares,
    /// The least [`criterion_by_incident`](super::pairs::PairDistances::criterion_by_incident).
    LeastSquaresByIncident,
    /// The greatest [`log_likelihood`](super::left_out::LeftOut::log_likelihood).
    Likelihood,
    /// The greatest [`log_likelihood_by_incident`](super::left_out::LeftOut::log_likelihood_by_incident).
    LikelihoodByIncident,
    /// The least square of [`area_left_m2`](super::left_out::LeftOut::area_left_m2).
    CronieVanLieshout,
    /// Five cells, the radius of the classroom rule on the raster in use. It stands in for a rule that
    /// cannot be applied.
    FiveCells,
}

impl Rule {
    /// Every rule, in the order of a table.
    pub const ALL: [Self; 17] = [
        Self::Scott,
        Self::Silverman,
        Self::Oversmoothing,
        Self::NormalReference,
        Self::ArcGis,
        Self::ArcGisWeighted,
        Self::HotspotDetective,
        Self::BaileyGatrell,
        Self::Nearest(5),
        Self::Nearest(10),
        Self::Nearest(20),
        Self::LeastSquares,
        Self::LeastSquaresByIncident,
        Self::Likelihood,
        Self::LikelihoodByIncident,
        Self::CronieVanLieshout,
        Self::FiveCells,
    ];

    /// What it is called in words that a reader knows, with its formula.
    pub fn description(self) -> String {
        let text = match self {
            Self::Scott => "Scott: geometric mean of both axes' s, times n^(-1/6)",
            Self::Silverman => "Silverman, normal scale: min(mean s, mean IQR/1.34) * n^(-1/6)",
            Self::Oversmoothing => "oversmoothing (Terrell): 1.0846 * min(mean s, mean IQR/1.34) * n^(-1/6)",
            Self::NormalReference => {
                "normal reference of MASS and kde2d: 4 * 1.06 * min(s, IQR/1.34) * n^(-1/5), geometric mean \
                 of both axes"
            }
            Self::ArcGis => {
                "ArcGIS default: 0.9 * min(standard distance, sqrt(1/ln 2) * median distance) * n^(-1/5)"
            }
            Self::ArcGisWeighted => "ArcGIS default with the weights as population field",
            Self::HotspotDetective => "Hotspot Detective: 5 cells of a 150th of the shorter side",
            Self::BaileyGatrell => "Bailey and Gatrell: 0.68 * n^(-1/5) * sqrt(area)",
            Self::Nearest(k) => return format!("mean distance to the nearest other incident of order {k}"),
            Self::LeastSquares => {
                "least-squares cross-validation, the incidents of a place left out together"
            }
            Self::LeastSquaresByIncident => "least-squares cross-validation, each incident left out alone",
            Self::Likelihood => "likelihood cross-validation, the incidents of a place left out together",
            Self::LikelihoodByIncident => "likelihood cross-validation, each incident left out alone",
            Self::CronieVanLieshout => {
                "Cronie and van Lieshout: the sum over incidents of 1/intensity is the area"
            }
            Self::FiveCells => "five cells of the raster in use",
        };
        text.to_owned()
    }

    /// Whether the rule gives the σ of a Gaussian kernel, and not the radius of a quartic one.
    pub const fn gives_sigma(self) -> bool {
        !matches!(
            self,
            Self::NormalReference
                | Self::ArcGis
                | Self::ArcGisWeighted
                | Self::HotspotDetective
                | Self::BaileyGatrell
                | Self::Nearest(_)
                | Self::FiveCells
        )
    }
}

impl fmt::Display for Rule {
    /// Its word in addresses: `scott`, `nearest-10`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Scott => "scott",
            Self::Silverman => "silverman",
            Self::Oversmoothing => "oversmoothing",
            Self::NormalReference => "normal-reference",
            Self::ArcGis => "arcgis",
            Self::ArcGisWeighted => "arcgis-weighted",
            Self::HotspotDetective => "hotspot-detective",
            Self::BaileyGatrell => "bailey-gatrell",
            Self::Nearest(k) => return write!(f, "nearest-{k}"),
            Self::LeastSquares => "lscv",
            Self::LeastSquaresByIncident => "lscv-by-incident",
            Self::Likelihood => "likelihood",
            Self::LikelihoodByIncident => "likelihood-by-incident",
            Self::CronieVanLieshout => "cronie-van-lieshout",
            Self::FiveCells => "five-cells",
        };
        f.write_str(word)
    }
}

impl FromStr for Rule {
    type Err = Invalid;

    /// Reads what [`Display`](std::fmt::Display) writes, with any order from 1 to 255 after `nearest-`.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::bandwidth::Rule;
    /// assert_eq!("nearest-7".parse(), Ok(Rule::Nearest(7)));
    /// assert!("nearest-0".parse::<Rule>().is_err());
    /// ```
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let order = text.strip_prefix("nearest-").and_then(|order| order.parse().ok());
        let rule = match order {
            Some(order) => Some(Self::Nearest(order)).filter(|rule| order > 0 && rule.to_string() == text),
            None => Self::ALL.into_iter().find(|rule| rule.to_string() == text),
        };
        rule.ok_or_else(|| {
            let words: Vec<_> = Self::ALL.iter().map(ToString::to_string).collect();
            Invalid::new(
                text,
                format!("one of {}, or nearest- with another order up to 255", words.join(", ")),
            )
        })
    }
}

/// Why a rule gives nothing for some incidents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotApplicable {
    /// There are fewer incidents than the rule needs.
    TooFewIncidents {
        /// What it needs.
        least: usize,
    },
    /// The spread that it rests on is zero: incidents are on a line, or half of them at one place.
    NoSpread,
    /// There is fewer than two places, so that nothing is left when one is left out.
    OnePlace,
    /// Every incident has the weight 1, so that the rule with weights is the one without.
    NoWeights,
    /// More places than it is computed for.
    TooManyPlaces {
        /// What it is computed for.
        most: usize,
    },
    /// The criterion has no finite optimum in the range that is searched.
    NoOptimum,
}

impl fmt::Display for NotApplicable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewIncidents { least } => write!(f, "it needs at least {least} incidents"),
            Self::NoSpread => {
                f.write_str("the incidents have no spread that it could use: on a line, or half at one place")
            }
            Self::OnePlace => f.write_str("all incidents are at one place"),
            Self::NoWeights => f.write_str("no incident has a weight other than 1"),
            Self::TooManyPlaces { most } => write!(f, "it is computed for at most {most} places"),
            Self::NoOptimum => f.write_str("its criterion has no optimum in the range that is searched"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        for rule in Rule::ALL {
            assert_eq!(rule.to_string().parse(), Ok(rule));
            assert!(!rule.description().is_empty());
        }
        for text in ["", "Scott", "nearest-", "nearest-0", "nearest-256", "nearest-07", "nearest-+7", "knn"] {
            let fault = text.parse::<Rule>().unwrap_err();
            assert!(fault.value == text && fault.rule.contains("scott"), "{fault}");
        }
    }
}
