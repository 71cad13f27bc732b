//! How long to wait before a request is made again.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};

/// No server is waited for longer than this.
pub(super) const LONGEST: Duration = Duration::from_mins(2);

/// What a `Retry-After` header asks for: seconds, or a date. `None` for what is neither.
pub(super) fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let until = rfc2822::parse(header).ok()?.timestamp();
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

/// The wait after attempt number `attempt`, from 1: twice as long each time, and a random half of it, so that many
/// clients that failed together do not come back together. `chance` is from 0 to 1.
pub(super) fn back_off(first: Duration, attempt: u32, chance: f64) -> Duration {
    let full = first.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(LONGEST);
    full.mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_understood() {
        let now: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        assert_eq!(retry_after(" 7 ", now), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Sun, 29 Nov 2026 12:00:30 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("Sun, 29 Nov 2026 11:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
        assert_eq!(retry_after("-1", now), None);
    }

    #[test]
    fn waits_double_and_vary() {
        let first = Duration::from_secs(1);
        assert_eq!(back_off(first, 1, 1.0), Duration::from_secs(1));
        assert_eq!(back_off(first, 3, 0.0), Duration::from_secs(2));
        assert_eq!(back_off(first, 40, 1.0), LONGEST);
    }
}
