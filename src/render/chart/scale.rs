//! From values to places: round limits and ticks.

use crate::model::words::decimal;
use crate::render::figure::number::datum;

/// How values are laid along an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    is_log: bool,
    ticks: Vec<f64>,
    decimals: usize,
    unit: &'static str,
    from: f64,
    to: f64,
}

/// An axis has at most so many ticks.
const MOST_TICKS: usize = 40;

impl Scale {
    /// A scale with round ends that holds all values, with about so many ticks; whole numbers have no ticks between.
    pub fn linear(values: impl IntoIterator<Item = f64>, about: f64) -> Self {
        let values: Vec<f64> = values.into_iter().filter_map(datum).collect();
        let is_whole = values.iter().all(|value| value.fract() == 0.0);
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // What differs by rounding is one value.
        let is_long = high - low > 1e-9 * high.abs().max(low.abs());
        let (low, high) = match (low.is_finite() && high.is_finite(), is_long) {
            (true, true) => (low, high),
            // One value: its scale begins or ends at zero.
            (true, false) if low > 0.0 => (0.0, high),
            (true, false) if low < 0.0 => (low, 0.0),
            _ => (0.0, 1.0),
        };
        let step = round_step((high - low) / about.max(1.0), is_whole);
        let (first, last) = ((low / step + 1e-9).floor(), (high / step - 1e-9).ceil());
        let ticks = counted(first, last).map(|number| number * step).collect();
        let decimals = decimals_of(step);
        Self {
            low: first * step,
            high: last * step,
            is_log: false,
            ticks,
            decimals,
            unit: "",
            from: 0.0,
            to: 1.0,
        }
    }

    /// The same with ends that are those of the values, and round ticks between.
    pub fn tight(values: impl IntoIterator<Item = f64>, about: f64) -> Self {
        let values: Vec<f64> = values.into_iter().filter_map(datum).collect();
        let mut scale = Self::linear(values.iter().copied(), about);
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if low < high {
            (scale.low, scale.high) = (low, high);
            scale.ticks.retain(|tick| (low..=high).contains(tick));
        }
        scale
    }

    /// The same with what follows its numbers.
    #[must_use]
    pub const fn in_unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// The same by powers of ten, of values above zero: ends and ticks are 1, 2 and 5 times a power of ten.
    pub fn log(values: impl IntoIterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for value in values.into_iter().filter_map(datum).filter(|value| *value > 0.0) {
            (low, high) = (low.min(value), high.max(value));
        }
        if !low.is_finite() {
            (low, high) = (1.0, 10.0);
        }
        let all: Vec<f64> = counted(low.log10().floor() - 1.0, high.log10().ceil() + 1.0)
            .flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powf(power)))
            .collect();
        let below = all.iter().copied().filter(|tick| *tick < low).fold(f64::MIN_POSITIVE, f64::max);
        let above = all.iter().copied().filter(|tick| *tick > high).fold(f64::INFINITY, f64::min);
        let is_wide = (above / below).log10() > 3.0;
        let shown = |tick: &f64| {
            let power = tick.log10();
            (below..=above).contains(tick) && (!is_wide || (power - power.round()).abs() < 1e-9)
        };
        let ticks = all.into_iter().filter(shown).take(MOST_TICKS).collect();
        let decimals = decimals_of(below);
        Self { low: below, high: above, is_log: true, ticks, decimals, unit: "", from: 0.0, to: 1.0 }
    }

    /// The same from one place to another.
    #[must_use]
    pub fn between(mut self, from: f64, to: f64) -> Self {
        (self.from, self.to) = (from, to);
        self
    }

    /// Where a value lies; one beyond the ends lies at the end.
    pub fn at(&self, value: f64) -> f64 {
        let along = if self.is_log {
            (value.max(self.low) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        self.from + along.clamp(0.0, 1.0) * (self.to - self.from)
    }

    /// The round values along it, rising.
    pub fn ticks(&self) -> &[f64] {
        &self.ticks
    }

    /// The ends.
    #[cfg(test)]
    pub const fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// A value as its ticks are written.
    pub fn said(&self, value: f64) -> String {
        if value == 0.0 {
            return format!("0{}", self.unit);
        }
        let decimals = if self.is_log { decimals_of(value) } else { self.decimals };
        decimal(value, decimals) + self.unit
    }
}

/// The least of 1, 2 and 5 times a power of ten that is no less than so much.
fn round_step(least: f64, is_whole: bool) -> f64 {
    let least = if is_whole { least.max(1.0) } else { least.max(f64::MIN_POSITIVE * 1e10) };
    let power = 10_f64.powf(least.log10().floor());
    let digit = [1.0, 2.0, 5.0, 10.0].into_iter().find(|digit| digit * power >= least * (1.0 - 1e-9));
    digit.unwrap_or(10.0) * power
}

fn counted(first: f64, last: f64) -> impl Iterator<Item = f64> {
    std::iter::successors(Some(first), |number| Some(number + 1.0))
        .take_while(move |number| *number <= last)
        .take(MOST_TICKS)
}

/// The decimals that tell multiples of a step apart, 9 at most.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between 0 and 9")]
fn decimals_of(step: f64) -> usize {
    (-(step.log10() + 1e-9).floor()).clamp(0.0, 9.0) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(scale: &Scale) -> Vec<String> {
        scale.ticks().iter().map(|tick| scale.said(*tick)).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(said(&Scale::linear([0.0, 41.0], 5.0)), ["0", "10", "20", "30", "40", "50"]);
        assert_eq!(said(&Scale::linear([0.0, 0.33], 4.0)), ["0", "0.1", "0.2", "0.3", "0.4"]);
        assert_eq!(said(&Scale::linear([-3.0, 7.5], 3.0)), ["−5", "0", "5", "10"]);
        assert_eq!(said(&Scale::linear([0.0, 2.0], 5.0)), ["0", "1", "2"]);
        assert_eq!(said(&Scale::linear([0.0, 12_345.0], 3.0)), ["0", "5,000", "10,000", "15,000"]);
        assert_eq!(said(&Scale::log([3.0, 180.0])), ["2", "5", "10", "20", "50", "100", "200"]);
        assert_eq!(said(&Scale::log([0.5, 18_000.0])), ["1", "10", "100", "1,000", "10,000"]);
    }

    #[test]
    fn every_scale_has_a_length() {
        for values in [vec![], vec![0.0], vec![5.0], vec![-5.0], vec![7.25, 7.25]] {
            let scale = Scale::linear(values.clone(), 5.0);
            assert!(scale.ends().0 < scale.ends().1 && scale.ticks().len() > 1, "{values:?}");
            let scale = Scale::log(values);
            assert!(scale.ends().0 < scale.ends().1 && scale.ticks().len() > 1);
        }
    }

    proptest! {
        #[test]
        fn ticks_cover_what_is_drawn(
            values in prop::collection::vec(-1e15..1e15_f64, 1..9),
            shrink in prop::sample::select(vec![1.0, 1e-6, 1e-12, 1e-17]),
            about in 1.0..12.0_f64,
        ) {
            let values: Vec<f64> = values.into_iter().map(|value| value * shrink).collect();
            for scale in [Scale::linear(values.clone(), about), Scale::log(values.iter().map(|v| v.abs() + 1e-9))] {
                let (low, high) = scale.ends();
                prop_assert!(scale.ticks().is_sorted() && scale.ticks().len() <= MOST_TICKS);
                let scale = scale.between(100.0, 20.0);
                prop_assert!((scale.at(low) - 100.0).abs() < 1e-6 && (scale.at(high) - 20.0).abs() < 1e-6);
            }
            let scale = Scale::linear(values.clone(), about);
            let (low, high) = scale.ends();
            let slack = (high - low) * 1e-6;
            prop_assert!(values.iter().all(|value| (low - slack..=high + slack).contains(value)), "{low} {high}");
        }
    }
}
