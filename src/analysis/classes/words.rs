//! Classifications in words: read from a request, and told to a reader.

use std::{fmt, str::FromStr};

use super::{Classification, Rule};
use crate::{analysis::bands::Thresholds, model::Invalid};

const RULE: &str =
    "incremental-mean, quantile:n, equal-interval:n, volume:p,…, area:p,… or limits:v,…, as in volume:50,75";

impl FromStr for Classification {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (name, numbers) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
        let rule = match (name, numbers) {
            ("incremental-mean", None) => Rule::IncrementalMean,
            ("quantile", Some(number)) => Rule::Quantiles(classes(number)?),
            ("equal-interval", Some(number)) => Rule::EqualIntervals(classes(number)?),
            ("volume", Some(list)) => Rule::Volume(percentages(list)?),
            ("area", Some(list)) => Rule::AreaShare(percentages(list)?),
            ("limits", Some(list)) => Rule::Limits(Thresholds::new(&numbers_of(list)?)?),
            _ => return Err(Invalid::new(text, RULE)),
        };
        Ok(Self(rule))
    }
}

fn classes(text: &str) -> Result<u8, Invalid> {
    let most = Thresholds::MOST + 1;
    text.parse()
        .ok()
        .filter(|classes| (2..=most).contains(&usize::from(*classes)))
        .ok_or_else(|| Invalid::new(text, format!("a whole number of classes from 2 to {most}")))
}

/// Percentages in any order, as they are kept: descending.
fn percentages(text: &str) -> Result<Vec<f64>, Invalid> {
    let mut numbers = numbers_of(text)?;
    if let Some(bad) = numbers.iter().find(|number| !(**number > 0.0 && **number <= 100.0)) {
        return Err(Invalid::new(bad, "percentages are above 0 and at most 100"));
    }
    numbers.sort_unstable_by(|a, b| b.total_cmp(a));
    if let Some(twice) = numbers.windows(2).find(|pair| pair[0] <= pair[1]) {
        return Err(Invalid::new(twice[0], "each percentage is given once"));
    }
    if numbers.len() > Thresholds::MOST {
        return Err(Invalid::new(text, format!("there are at most {} percentages", Thresholds::MOST)));
    }
    Ok(numbers)
}

fn numbers_of(text: &str) -> Result<Vec<f64>, Invalid> {
    text.split(',')
        .map(|item| {
            let number = item.trim().parse::<f64>().ok().filter(|number| number.is_finite());
            number.ok_or_else(|| Invalid::new(item, "numbers parted by commas"))
        })
        .collect()
}

/// The words that it is read from.
impl fmt::Display for Classification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Rule::IncrementalMean => f.write_str("incremental-mean"),
            Rule::Quantiles(classes) => write!(f, "quantile:{classes}"),
            Rule::EqualIntervals(classes) => write!(f, "equal-interval:{classes}"),
            Rule::Volume(percentages) => write!(f, "volume:{}", list(percentages.iter().rev())),
            Rule::AreaShare(percentages) => write!(f, "area:{}", list(percentages.iter().rev())),
            Rule::Limits(limits) => write!(f, "limits:{}", list(limits.as_slice().iter())),
        }
    }
}

fn list<'a>(numbers: impl Iterator<Item = &'a f64>) -> String {
    numbers.map(f64::to_string).collect::<Vec<_>>().join(",")
}

impl Classification {
    /// How the limits come about, in a sentence.
    pub fn rule(&self) -> String {
        match &self.0 {
            Rule::IncrementalMean => {
                "incremental mean: multiples 1 to 5 of the mean of the cells above zero in the outline"
                    .to_owned()
            }
            Rule::Quantiles(classes) => {
                format!("{classes} classes with as many cells each, of the cells above zero in the outline")
            }
            Rule::EqualIntervals(classes) => {
                format!("{classes} equal intervals between 0 and the highest intensity in the outline")
            }
            Rule::Volume(_) => {
                "the fewest cells in the outline that hold the percentage of the volume under the \
                 surface there; cells of equal intensity are taken together"
                    .to_owned()
            }
            Rule::AreaShare(_) => {
                "the hottest cells that are the percentage of the cells in the outline, as far as \
                 there are cells above zero; cells of equal intensity are taken together"
                    .to_owned()
            }
            Rule::Limits(_) => "limits as asked".to_owned(),
        }
    }

    /// What lies above the limit of a class, counted from 1. Numbers that are no class are taken as the
    /// nearest one.
    pub fn label(&self, class: usize) -> String {
        let class = class.clamp(1, self.classes());
        match &self.0 {
            Rule::IncrementalMean if class == 1 => "the mean or more".to_owned(),
            Rule::IncrementalMean => format!("{class} times the mean or more"),
            Rule::Quantiles(classes) => format!(
                "hottest {} % of the cells above zero",
                tenths(100.0 - 100.0 * class as f64 / f64::from(*classes))
            ),
            Rule::EqualIntervals(classes) => format!(
                "{} % of the highest intensity or more",
                tenths(100.0 * class as f64 / f64::from(*classes))
            ),
            Rule::Volume(percentages) => {
                format!("smallest area with {} % of the volume", percentages[class - 1])
            }
            Rule::AreaShare(percentages) => format!("hottest {} % of the area", percentages[class - 1]),
            Rule::Limits(limits) => format!("{} per km² or more", limits.as_slice()[class - 1]),
        }
    }
}

/// Rounded to a tenth, without one where it is whole.
fn tenths(percent: f64) -> f64 {
    (percent * 10.0).round() / 10.0
}
