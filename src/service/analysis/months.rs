//! Questions that are answered month by month.

use crate::{
    model::{Invalid, Month},
    service::{QuestionError, question::Question},
};

/// Consecutive months.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) struct Months {
    pub first: Month,
    pub count: usize,
}

impl Months {
    /// The months of a question's period, as far as the store holds them: a month that it does not hold is
    /// unknown and not empty.
    ///
    /// # Errors
    /// [`QuestionError::Invalid`] for a period that is not made of whole months,
    /// [`QuestionError::Unanswerable`] where the store holds none of them.
    pub fn of(question: &Question<'_>) -> Result<Self, QuestionError> {
        let period = question.period();
        let Some((first, last)) = period.as_months() else {
            let fault = Invalid::new(period, "it is made of whole months, as in 2024-01/2025-12");
            return Err(QuestionError::Invalid { place: "query parameter period", fault });
        };
        let held = question.snapshot().months();
        let both = held.map(|(oldest, newest)| (first.max(oldest), last.min(newest)));
        let months = both.and_then(|(first, last)| {
            let count = usize::try_from(last.index() - first.index() + 1).ok().filter(|&count| count > 0)?;
            Some(Self { first, count })
        });
        months.ok_or_else(|| {
            let detail = format!("the store holds no month of the period {period}");
            QuestionError::Unanswerable { detail }
        })
    }

    /// The place of a month among them.
    pub fn index(self, month: Month) -> Option<usize> {
        usize::try_from(month.index() - self.first.index()).ok().filter(|&index| index < self.count)
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Month> {
        (0..i32::try_from(self.count).unwrap_or(i32::MAX)).map(move |later| self.first.plus(later))
    }

    /// How many of a question's incidents start in each.
    pub fn counts(self, question: &Question<'_>) -> Vec<u64> {
        let mut counts = vec![0; self.count];
        for row in &question.selection.rows {
            let month = question.snapshot().month(*row as usize);
            if let Some(count) = self.index(month).and_then(|index| counts.get_mut(index)) {
                *count += 1;
            }
        }
        counts
    }
}

/// What a reader has to know where weights were asked for and incidents are only counted.
pub(super) fn counts_notice(question: &Question<'_>) -> Option<String> {
    let notice = "Weights play no part here: every incident counts as one.";
    question.is_weighted().then(|| notice.to_owned())
}
