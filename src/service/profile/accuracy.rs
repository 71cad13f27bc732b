//! How well a map of the priority held the incidents that came after it.

use crate::{
    analysis::{
        accuracy::{Coverage, Ground},
        density::Kernel,
    },
    model::{Month, Period},
    service::{
        QuestionError, Scope, Service,
        analysis::accuracy::{Accuracy, AccuracyParameters, MapKind},
        scope::held_whole,
    },
    snapshot::Snapshot,
};

/// Shares of the ground that hotspots cover.
const COVERAGES: [f64; 5] = [0.01, 0.02, 0.05, 0.1, 0.2];

impl Service {
    /// Judges the map of the period by the month after it, where the store holds that. Where it does not, the map
    /// is that of as many months before the period's last, and is judged by that last one.
    pub(super) fn profile_accuracy(
        &self,
        scope: &Scope,
        period: Period,
        snapshot: &Snapshot,
    ) -> Result<Accuracy, QuestionError> {
        let last = Month::of(period.last());
        let next = Period::ending(last.plus(1), 1);
        let (map, test) = if held_whole(next, snapshot.months()) {
            (period, next)
        } else {
            let months = period.as_months().map_or(1, |(first, last)| last.index() - first.index() + 1);
            (Period::ending(last.plus(-1), u16::try_from(months).unwrap_or(12)), Period::ending(last, 1))
        };
        let scope = Scope { period: Some(map), compare: None, ..scope.clone() };
        let coverages = COVERAGES.into_iter().filter_map(|share| Coverage::new(share).ok()).collect();
        let parameters = AccuracyParameters {
            test: Some(test),
            map: MapKind::default(),
            kernel: Kernel::default(),
            bandwidth: None,
            bandwidth_rule: None,
            resolution: None,
            coverages,
            ground: Ground::Area,
        };
        self.accuracy(&scope, &parameters, snapshot)
    }
}
