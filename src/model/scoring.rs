//! A scoring table for a threat assessment: criteria with weights, and what analysts score each priority.

use std::collections::BTreeMap;

use super::PriorityId;

/// A scoring table. What it asks and what it scores is data: analysts fill it in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoringTable {
    /// Its name for people.
    pub title: String,
    /// Who scored, when and how; empty where nothing is said.
    pub remarks: String,
    /// The lowest and the highest score.
    pub scale: (f64, f64),
    /// The criteria, in the order in which they are shown.
    pub criteria: Vec<Criterion>,
    /// By priority, by criterion's id, the scores that were given.
    pub scores: BTreeMap<PriorityId, BTreeMap<String, f64>>,
}

/// One criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Its id in the scores.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// What it asks and what the scores mean; empty where nothing is said.
    pub description: String,
    /// How much it counts for.
    pub weight: f64,
}

/// What a priority's scores come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The weighted mean of the scores that were given, on the table's scale.
    pub mean: f64,
    /// Criteria that were scored.
    pub scored: usize,
    /// Criteria in all.
    pub criteria: usize,
}

impl ScoringTable {
    /// The score of a criterion for a priority; `None` where nobody gave one.
    pub fn score_of(&self, priority: &PriorityId, criterion: &Criterion) -> Option<f64> {
        self.scores.get(priority)?.get(&criterion.id).copied()
    }

    /// What a priority's scores come to; `None` where no criterion with a weight is scored. Criteria without a score
    /// are left out of the mean and counted, never taken as zero.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::{PriorityId, scoring::{Criterion, ScoringTable}};
    /// let criterion = |id: &str, weight| Criterion { id: id.into(), title: id.into(), description: String::new(), weight };
    /// let burglary = PriorityId::new("burglary").unwrap();
    /// let table = ScoringTable {
    ///     title: "Threat".into(),
    ///     remarks: String::new(),
    ///     scale: (0.0, 4.0),
    ///     criteria: vec![criterion("physical", 3.0), criterion("financial", 1.0), criterion("likelihood", 1.0)],
    ///     scores: [(burglary.clone(), [("physical".into(), 2.0), ("financial".into(), 4.0)].into())].into(),
    /// };
    /// let score = table.total(&burglary).unwrap();
    /// assert_eq!((score.mean, score.scored, score.criteria), (2.5, 2, 3));
    /// ```
    pub fn total(&self, priority: &PriorityId) -> Option<Score> {
        let (mut sum, mut weights, mut scored) = (0.0, 0.0, 0);
        for criterion in &self.criteria {
            if let Some(score) = self.score_of(priority, criterion) {
                sum += criterion.weight * score;
                weights += criterion.weight;
                scored += 1;
            }
        }
        (weights > 0.0).then(|| Score { mean: sum / weights, scored, criteria: self.criteria.len() })
    }
}
