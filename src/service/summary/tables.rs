//! Counts by area and month, and by area and category.

use crate::{
    model::Month,
    service::{QuestionError, analysis::months::Months, question::Question},
};

/// Counts by area and month.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthTable {
    /// The months in their order.
    pub months: Vec<Month>,
    /// By area, month by month: incidents and the sum of their weights.
    pub counts: Vec<Vec<(u64, f64)>>,
}

/// Counts by area and category.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryTable {
    /// The categories by their slugs, in the order of the alphabet.
    pub categories: Vec<String>,
    /// By area, category by category: incidents.
    pub counts: Vec<Vec<u64>>,
}

impl MonthTable {
    /// The months of the question's period that the store holds. Every incident of an area is in one of them.
    ///
    /// # Errors
    /// [`QuestionError::Invalid`] for a period that is not whole months, [`QuestionError::Unanswerable`] where the
    /// store holds none of them.
    pub(super) fn of(question: &Question<'_>, layer: usize, areas: usize) -> Result<Self, QuestionError> {
        let months = Months::of(question)?;
        let mut counts = vec![vec![(0, 0.0); months.count]; areas];
        for (row, weight) in question.selection.rows.iter().zip(&question.selection.weights) {
            let month = months.index(question.snapshot().month(*row as usize));
            let area = area_of(question, layer, *row);
            if let Some((count, sum)) =
                area.zip(month).and_then(|(area, month)| counts.get_mut(area)?.get_mut(month))
            {
                *count += 1;
                *sum += weight;
            }
        }
        Ok(Self { months: months.iter().collect(), counts })
    }
}

impl CategoryTable {
    /// The categories that were asked for, or every one that the store holds.
    pub(super) fn of(question: &Question<'_>, layer: usize, areas: usize) -> Self {
        let snapshot = question.snapshot();
        let mut categories: Vec<String> = question.categories().iter().map(ToString::to_string).collect();
        if categories.is_empty() {
            categories = snapshot.categories().to_vec();
        }
        categories.sort_unstable();
        categories.dedup();
        let column = |slug: &String| categories.binary_search(slug).ok();
        let columns: Vec<Option<usize>> = snapshot.categories().iter().map(column).collect();
        let mut counts = vec![vec![0; categories.len()]; areas];
        for row in &question.selection.rows {
            let column = columns.get(usize::from(snapshot.category(*row as usize))).copied().flatten();
            let area = area_of(question, layer, *row);
            if let Some(count) =
                area.zip(column).and_then(|(area, column)| counts.get_mut(area)?.get_mut(column))
            {
                *count += 1;
            }
        }
        Self { categories, counts }
    }

    /// By category the incidents of all areas.
    pub fn totals(&self) -> Vec<u64> {
        let total = |column: usize| self.counts.iter().map(|row| row[column]).sum();
        (0..self.categories.len()).map(total).collect()
    }
}

fn area_of(question: &Question<'_>, layer: usize, row: u32) -> Option<usize> {
    let place = question.snapshot().place(row as usize)?;
    question.snapshot().places().area(layer, place).map(usize::from)
}
