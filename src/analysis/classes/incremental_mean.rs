//! Classes at multiples of the mean.

/// Class limits at multiples of the mean of what is above zero.
///
/// "When is a hot, hot? An incremental mean approach", Home Office crime reduction toolkit; Chainey,
/// S. and Ratcliffe, J. (2005). *GIS and Crime Mapping*: take the cells inside the study boundary with
/// a value above zero and their mean μ; the classes are (0, μ], (μ, 2μ], … (4μ, 5μ] and above 5μ.
/// Classes from 3μ up are usually called hotspots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IncrementalMean {
    /// μ, in the unit of the values.
    pub mean: f64,
    /// How many values were above zero.
    pub positive: usize,
}

impl IncrementalMean {
    /// The classes of values, those of them that the mask takes as inside.
    ///
    /// `None` where no value inside is above zero: there is nothing to be hot. A mask shorter than the
    /// values takes the rest as outside.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::classes::IncrementalMean;
    /// let classes = IncrementalMean::of(&[0.0, 2.0, 4.0, 900.0], &[true, true, true, false]).unwrap();
    /// assert_eq!((classes.mean, classes.positive), (3.0, 2));
    /// assert_eq!(classes.thresholds(), [3.0, 6.0, 9.0, 12.0, 15.0]);
    /// ```
    pub fn of(values: &[f64], inside: &[bool]) -> Option<Self> {
        let mut sum = 0.0;
        let mut positive = 0_usize;
        for (value, _) in values.iter().zip(inside).filter(|(value, inside)| **inside && **value > 0.0) {
            sum += value;
            positive += 1;
        }
        let mean = sum / positive as f64;
        (mean > 0.0 && mean.is_finite()).then_some(Self { mean, positive })
    }

    /// μ, 2μ, … 5μ: the lower limits of the classes that are drawn as bands.
    ///
    /// The class (0, μ] has no band of its own, because its lower limit is not a line on the ground:
    /// it is what the bands leave of the places with a value above zero. Whoever wants it drawn puts
    /// a limit of choice in front.
    pub fn thresholds(&self) -> [f64; 5] {
        [1.0, 2.0, 3.0, 4.0, 5.0].map(|times| times * self.mean)
    }

    /// The class of a value: 0 for zero, j for (j−1)μ < value ≤ jμ up to 5, and 6 above 5μ.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::classes::IncrementalMean;
    /// let classes = IncrementalMean { mean: 3.0, positive: 2 };
    /// assert_eq!([0.0, 0.1, 3.0, 3.1, 15.0, 15.1].map(|v| classes.class_of(v)), [0, 1, 1, 2, 5, 6]);
    /// ```
    pub fn class_of(&self, value: f64) -> u8 {
        if value > 0.0 {
            (2..)
                .zip(self.thresholds())
                .fold(1, |class, (next, limit)| if value > limit { next } else { class })
        } else {
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_positive_value_inside_there_are_no_classes() {
        assert_eq!(IncrementalMean::of(&[], &[]), None);
        assert_eq!(IncrementalMean::of(&[0.0, 0.0], &[true, true]), None);
        assert_eq!(IncrementalMean::of(&[0.0, 7.0], &[true, false]), None);
        assert_eq!(IncrementalMean::of(&[0.0, 7.0], &[true]), None);
        assert_eq!(IncrementalMean::of(&[f64::MAX, f64::MAX], &[true, true]), None);
        assert!(IncrementalMean::of(&[0.0, 7.0], &[false, true]).is_some());
    }
}
