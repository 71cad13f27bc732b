//! All priorities side by side: how much, what harm, how it changes, where they meet, and who recorded it.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::{
    QuestionError, Scope, Service,
    analysis::{
        cells::Statistic,
        hotspots::{HotspotLayer, HotspotParameters},
    },
    profile::{HarmTable, ProfileParameters, Situation},
    question::About,
};
use crate::{
    analysis::overlap::{Meeting, meetings},
    model::{Layer, Priority, ScoringTable, scoring::Score},
    profile::Method,
    snapshot::Snapshot,
};

/// What an assessment is asked beside its scope.
#[derive(Clone, Debug, Default)]
pub struct AssessmentParameters {
    /// What harm is measured by.
    pub harm: HarmTable,
}

/// All priorities side by side.
pub struct Assessment<'a> {
    /// A row for each priority, in the order in which they are listed.
    pub rows: Vec<AssessedPriority<'a>>,
    /// Where the hotspots of several priorities meet, the deepest first.
    pub meetings: Vec<PriorityMeeting<'a>>,
    /// By source its incidents of any kind, the most frequent first, and by priority those that belong to it.
    pub sources: Vec<SourceRow<'a>>,
    /// What analysts score.
    pub scoring: &'a ScoringTable,
    /// How it was made: of all incidents of the period.
    pub about: About,
}

/// One priority among all.
pub struct AssessedPriority<'a> {
    /// The priority.
    pub priority: &'a Priority,
    /// How much, what of, how it changed, what harm.
    pub situation: Situation<'a>,
    /// Its hotspots.
    pub hotspots: HotspotLayer<'a>,
    /// Hex cells that are significantly hot, and all there are.
    pub hot_cells: (usize, usize),
    /// What its scores come to.
    pub score: Option<Score>,
    /// How it was made.
    pub about: About,
}

/// A place where the hotspots of several priorities meet.
pub struct PriorityMeeting<'a> {
    /// Shape, size, and which priorities by their number.
    pub meeting: Meeting,
    /// The ids of these priorities.
    pub priorities: Vec<&'a str>,
    /// The area of the first boundary layer that holds most of it.
    pub area: Option<&'a str>,
}

/// The incidents of one source.
pub struct SourceRow<'a> {
    /// The source.
    pub source: &'a str,
    /// Its incidents of the period.
    pub count: u64,
    /// By priority, in the order of the rows, those that belong to it.
    pub by_priority: Vec<u64>,
}

/// Adjusted probabilities up to this are significant.
const ALPHA: f64 = super::profile::findings::ALPHA;

impl Service {
    /// The assessment of a period. The scope names no priority: every one is asked with it. Without a period each
    /// priority has its own.
    ///
    /// # Errors
    /// As [`Service::profile`].
    pub fn assessment<'a>(
        &'a self,
        scope: &Scope,
        parameters: &AssessmentParameters,
        snapshot: &'a Snapshot,
    ) -> Result<Assessment<'a>, QuestionError> {
        let all: Vec<_> = self.priorities().iter().map(|prepared| &prepared.priority).collect();
        let assess = |priority: &&'a Priority| self.assessed(priority, scope, parameters, snapshot);
        let rows = all.par_iter().map(assess).collect::<Result<Vec<_>, _>>()?;
        let grounds: Vec<_> = rows
            .iter()
            .map(|row| {
                let shapes = row.hotspots.hotspots.iter().flat_map(|hotspot| hotspot.grid_shape.0.0.clone());
                geo_types::MultiPolygon(shapes.collect())
            })
            .collect();
        let question = self.question(scope, snapshot)?;
        let first = question.layers().first().map(|(_, layer)| *layer);
        let named = |meeting: Meeting| PriorityMeeting {
            priorities: meeting
                .sets
                .iter()
                .filter_map(|set| all.get(*set))
                .map(|one| one.id.as_str())
                .collect(),
            area: area_of(&meeting, first),
            meeting,
        };
        let method = Method::new("assessment")
            .with("priorities", rows.iter().map(|row| row.priority.id.to_string()).collect::<Vec<_>>())
            .with(
                "period_rule",
                if scope.period.is_some() { "one for all, as asked" } else { "each priority's own" },
            )
            .with(
                "meetings",
                "ground that hotspots of two priorities and more share; parts under 100 m2 are left out",
            )
            .with("hot_cells", "Gi*, two-sided p adjusted by Benjamini-Hochberg at most 0.05")
            .with("scoring", self.scoring().title.as_str());
        Ok(Assessment {
            meetings: meetings(&grounds).into_iter().map(named).collect(),
            sources: sources(&rows, &question.everything_by_source()),
            scoring: self.scoring(),
            about: question.about(method),
            rows,
        })
    }

    fn assessed<'a>(
        &'a self,
        priority: &'a Priority,
        scope: &Scope,
        parameters: &AssessmentParameters,
        snapshot: &'a Snapshot,
    ) -> Result<AssessedPriority<'a>, QuestionError> {
        let scope = Scope { priority: Some(priority.id.to_string()), ..scope.clone() };
        let wanted = ProfileParameters { harm: parameters.harm.clone(), places: false };
        let (situation, about) = self.situation_of(&scope, &wanted, snapshot)?;
        let hotspots = HotspotParameters { minimum_count: 1, streets: 3, ..HotspotParameters::default() };
        let hex = self.hex(&scope, None, Statistic::default(), snapshot)?;
        let hot =
            |p: Option<f64>, z: Option<f64>| p.is_some_and(|p| p <= ALPHA) && z.is_some_and(|z| z > 0.0);
        let hot_cells = hex.cells().filter(|cell| hot(cell.p_adjusted, cell.z)).count();
        Ok(AssessedPriority {
            priority,
            situation,
            hotspots: self.hotspots(&scope, &hotspots, snapshot)?,
            hot_cells: (hot_cells, hex.cells().count()),
            score: self.scoring().total(&priority.id),
            about,
        })
    }
}

/// The area of a layer that holds most of a meeting.
fn area_of<'a>(meeting: &Meeting, layer: Option<&'a Layer>) -> Option<&'a str> {
    let layer = layer?;
    let shares = crate::analysis::hotspots::area_shares(&meeting.shape, &layer.areas);
    shares.first().map(|part| layer.areas[part.area].name.as_str())
}

/// Sources of any incident of the period, with what each priority has of them.
fn sources<'a>(rows: &[AssessedPriority<'a>], all: &[(&'a str, u64)]) -> Vec<SourceRow<'a>> {
    let of = |row: &AssessedPriority<'a>, source: &str| {
        row.situation.sources.iter().find(|(name, _)| *name == source).map_or(0, |(_, count)| *count)
    };
    all.iter()
        .map(|&(source, count)| SourceRow {
            source,
            count,
            by_priority: rows.iter().map(|row| of(row, source)).collect(),
        })
        .collect()
}
