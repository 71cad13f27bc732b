//! How many incidents fall on places that have more than one.

use statrs::distribution::{Binomial, Discrete};

/// Places by how many incidents they have.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeats {
    /// A row for each number of incidents from 1 on; the last is for its number and more.
    pub rows: Vec<Times>,
    /// All incidents.
    pub incidents: u64,
    /// All places, those without incidents among them.
    pub places: u64,
    /// Incidents at places with two and more.
    pub at_repeat_places: u64,
    /// Share of incidents at places with two and more, 0…1; `None` without incidents.
    pub repeat_share: Option<f64>,
    /// The same share if each incident fell on any of the places with equal probability; `None` without
    /// incidents.
    pub repeat_share_expected: Option<f64>,
}

/// Places with a number of incidents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// The number of incidents at each of them.
    pub times: u64,
    /// Whether places with more are here too.
    pub and_more: bool,
    /// How many such places there are.
    pub places: u64,
    /// The incidents at them.
    pub incidents: u64,
    /// How many such places there would be if each incident fell on any of the places with equal probability.
    pub places_expected: f64,
}

/// The last row: places with ten incidents and more.
const LAST: u64 = 10;

impl Repeats {
    /// Tells places by their numbers of incidents. `counts` has one for each place that is known, 0 among
    /// them: how even a spread is depends on how many places there are.
    ///
    /// With n incidents on m places an even spread gives a place k incidents with the binomial probability of
    /// k out of n at 1/m, and an incident is at a repeat place with probability 1 − (1 − 1/m)ⁿ⁻¹.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::concentration::repeats::Repeats;
    /// let repeats = Repeats::of(&[4, 1, 1, 0]);
    /// assert_eq!((repeats.rows[0].places, repeats.rows[3].incidents), (2, 4));
    /// assert_eq!(repeats.repeat_share, Some(4.0 / 6.0));
    /// // 1 − (3/4)⁵ on an even spread.
    /// assert!((repeats.repeat_share_expected.unwrap() - 0.762_695).abs() < 1e-6);
    /// ```
    pub fn of(counts: &[u64]) -> Self {
        let (incidents, places) = (counts.iter().sum::<u64>(), counts.len() as u64);
        let spread = (places > 0).then(|| Binomial::new(1.0 / places as f64, incidents).ok()).flatten();
        let chance = |times: u64| spread.as_ref().map_or(0.0, |spread| spread.pmf(times)) * places as f64;
        let row = |times: u64| {
            let and_more = times == LAST;
            let such = counts.iter().filter(|count| **count == times || (and_more && **count > times));
            Times {
                times,
                and_more,
                places: such.clone().count() as u64,
                incidents: such.sum(),
                places_expected: if and_more {
                    (places as f64 - (0..LAST).map(chance).sum::<f64>()).max(0.0)
                } else {
                    chance(times)
                },
            }
        };
        let at_repeat_places = counts.iter().filter(|count| **count > 1).sum::<u64>();
        let alone = |n: u64| libm::pow(1.0 - 1.0 / places as f64, n as f64 - 1.0);
        let any = (incidents > 0).then_some(incidents);
        Self {
            rows: (1..=LAST).map(row).collect(),
            incidents,
            places,
            at_repeat_places,
            repeat_share: any.map(|n| at_repeat_places as f64 / n as f64),
            repeat_share_expected: any.map(|n| 1.0 - alone(n)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::random::Seed;

    #[test]
    fn rows_hold_every_incident_and_every_place_with_one() {
        let counts = [0, 1, 2, 2, 9, 10, 11, 40, 0, 1];
        let repeats = Repeats::of(&counts);
        assert_eq!(repeats.rows.iter().map(|row| row.incidents).sum::<u64>(), repeats.incidents);
        assert_eq!(repeats.rows.iter().map(|row| row.places).sum::<u64>(), 8);
        let last = repeats.rows.last().unwrap();
        assert_eq!((last.times, last.and_more, last.places, last.incidents), (10, true, 3, 61));
        assert_eq!(repeats.at_repeat_places, repeats.incidents - 2);
        let expected: f64 = repeats.rows.iter().map(|row| row.places_expected).sum();
        // The places without an incident are missing.
        assert!((expected - 10.0 * (1.0 - 0.9_f64.powi(76))).abs() < 1e-9, "{expected}");
    }

    #[test]
    fn an_even_spread_is_as_expected() {
        let mut stream = Seed(1).stream(0);
        let (places, incidents) = (500_u32, 800);
        let mut sums = [0.0; 3];
        for _ in 0..400 {
            let mut counts = vec![0; places as usize];
            for _ in 0..incidents {
                counts[stream.below(places) as usize] += 1;
            }
            let repeats = Repeats::of(&counts);
            sums[0] += repeats.repeat_share.unwrap();
            sums[1] += repeats.rows[0].places as f64;
            sums[2] += repeats.rows[2].places as f64;
        }
        let expected = Repeats::of(&[vec![incidents], vec![0; places as usize - 1]].concat());
        let [share, once, thrice] = sums.map(|sum| sum / 400.0);
        assert!((share - expected.repeat_share_expected.unwrap()).abs() < 0.005);
        assert!((once - expected.rows[0].places_expected).abs() < 2.0);
        assert!((thrice - expected.rows[2].places_expected).abs() < 2.0);
    }

    #[test]
    fn nothing_and_one_place_are_defined() {
        let none = Repeats::of(&[]);
        assert_eq!((none.repeat_share, none.repeat_share_expected, none.rows.len()), (None, None, 10));
        assert!(none.rows.iter().all(|row| row.places == 0 && row.places_expected == 0.0));
        assert_eq!(Repeats::of(&[0, 0]).repeat_share, None);
        let one = Repeats::of(&[1]);
        assert_eq!((one.repeat_share, one.repeat_share_expected), (Some(0.0), Some(0.0)));
        let heap = Repeats::of(&[25]);
        assert_eq!((heap.repeat_share, heap.repeat_share_expected), (Some(1.0), Some(1.0)));
        assert!((heap.rows[9].places_expected - 1.0).abs() < 1e-12);
    }
}
