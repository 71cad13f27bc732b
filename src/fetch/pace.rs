//! How often a server is asked.

use std::time::Duration;

/// A bucket of tokens, one for each request. The clock is a parameter: time since any fixed moment.
///
/// # Example
/// ```
/// use std::time::Duration;
/// let mut pace = hotspots::fetch::Pace::new(15);
/// let start = Duration::ZERO;
/// assert!((0..15).all(|_| pace.take(start).is_zero()));
/// assert!(pace.take(start) > Duration::from_millis(60)); // the sixteenth waits for its token
/// ```
#[derive(Clone, Debug)]
pub struct Pace {
    per_second: f64,
    tokens: f64,
    last: Duration,
}

impl Pace {
    /// So many requests a second, the first of them at once.
    pub fn new(per_second: u32) -> Self {
        Self { per_second: f64::from(per_second), tokens: f64::from(per_second), last: Duration::ZERO }
    }

    /// Takes a token at `now` and says how long to wait before it may be used.
    pub fn take(&mut self, now: Duration) -> Duration {
        let passed = now.saturating_sub(self.last).as_secs_f64();
        self.last = self.last.max(now);
        self.tokens = passed.mul_add(self.per_second, self.tokens).min(self.per_second) - 1.0;
        // Tokens below zero are those that have been promised already.
        Duration::try_from_secs_f64((-self.tokens / self.per_second).max(0.0)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_sees_more_than_its_share_after_the_first() {
        let mut pace = Pace::new(15);
        let times: Vec<f64> = (0..60).map(|_| pace.take(Duration::ZERO).as_secs_f64()).collect();
        assert!(times[14] == 0.0 && (times[15] - 1.0 / 15.0).abs() < 1e-9);
        assert!((times[59] - 3.0).abs() < 1e-9, "{}", times[59]);
        assert!(times.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn rest_is_not_saved_up() {
        let mut pace = Pace::new(2);
        let later = Duration::from_hours(1);
        assert!(pace.take(later).is_zero() && pace.take(later).is_zero() && !pace.take(later).is_zero());
    }
}
