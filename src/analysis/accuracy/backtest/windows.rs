//! Which months a map is made from and which ones judge it.

use std::ops::Range;

use crate::model::Invalid;

/// A run of months for a map and the months directly after it for the judgement, by their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The months of training.
    pub train: Range<usize>,
    /// The months of the test; they begin where training ends.
    pub test: Range<usize>,
}

/// Windows that roll over the months, all of one shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    train: usize,
    test: usize,
    step: usize,
}

impl Default for Windows {
    /// A year of training, a month of test, from month to month.
    fn default() -> Self {
        Self { train: 12, test: 1, step: 1 }
    }
}

impl Windows {
    /// The most months of any of the three.
    pub const MOST_MONTHS: usize = 120;

    /// Windows of `train` months and the `test` months after them; each begins `step` months after the one
    /// before.
    ///
    /// # Errors
    /// [`Invalid`] unless each is 1 to 120.
    pub fn new(train: usize, test: usize, step: usize) -> Result<Self, Invalid> {
        match [train, test, step].into_iter().find(|months| !(1..=Self::MOST_MONTHS).contains(months)) {
            None => Ok(Self { train, test, step }),
            Some(months) => Err(Invalid::new(
                months,
                format!("training, test and step are 1 to {} months each", Self::MOST_MONTHS),
            )),
        }
    }

    /// Months of training.
    pub const fn train(self) -> usize {
        self.train
    }

    /// Months of a test.
    pub const fn test(self) -> usize {
        self.test
    }

    /// Months from one window to the next.
    pub const fn step(self) -> usize {
        self.step
    }

    /// Every window that so many months hold. The last test ends with the last month, so that what is left
    /// over by the steps is left out at the beginning.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::accuracy::backtest::Windows;
    /// let windows = Windows::new(3, 1, 2).unwrap().over(7);
    /// assert_eq!(windows.len(), 2);
    /// assert_eq!((windows[0].train.clone(), windows[0].test.clone()), (1..4, 4..5));
    /// assert_eq!((windows[1].train.clone(), windows[1].test.clone()), (3..6, 6..7));
    /// ```
    pub fn over(self, months: usize) -> Vec<Window> {
        let Some(spare) = months.checked_sub(self.train + self.test) else { return Vec::new() };
        (0..=spare)
            .filter(|first| (spare - first).is_multiple_of(self.step))
            .map(|first| Window {
                train: first..first + self.train,
                test: first + self.train..first + self.train + self.test,
            })
            .collect()
    }
}
