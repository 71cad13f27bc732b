//! How much there is of a priority, what of, how it changed, and what harm it does.

use super::{HarmTable, ProfileParameters, Section, compared, history, no_month, section};
use crate::{
    analysis::time::level::Confidence,
    model::Period,
    profile::Method,
    selection::Selection,
    service::{
        QuestionError, Scope, Service,
        analysis::{change::AreaChange, trend::TrendLayer},
        question::{About, Question},
    },
    snapshot::Snapshot,
};

/// The current situation.
pub struct Situation<'a> {
    /// Incidents of the period.
    pub count: u64,
    /// The sum of their weights, where the priority or the question weights them.
    pub weighted: Option<f64>,
    /// The part of the period that the store holds; `None` where it holds none.
    pub held: Option<Period>,
    /// Days of that part.
    pub days: u32,
    /// All incidents of the period in the study area, of whatever kind.
    pub all: u64,
    /// Their harm.
    pub harm: Option<Harm>,
    /// The same against the comparison period, with tests.
    pub change: Section<AreaChange>,
    /// The monthly series of the history, with tests for a trend.
    pub trend: Section<TrendLayer<'a>>,
    /// By category, the most frequent first.
    pub categories: Vec<CategoryCount<'a>>,
    /// By source, the most frequent first.
    pub sources: Vec<(&'a str, u64)>,
}

/// Incidents of one category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CategoryCount<'a> {
    /// The category.
    pub category: &'a str,
    /// Its incidents in the period.
    pub count: u64,
    /// Its incidents in the comparison period, where there is one.
    pub before: Option<u64>,
}

/// Harm by a table of weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Harm {
    /// The table's id.
    pub table: String,
    /// The table's name for people.
    pub title: String,
    /// What it counts in.
    pub unit: String,
    /// The harm of the priority's incidents.
    pub total: f64,
    /// The harm of all incidents of the period in the study area.
    pub of_all: f64,
}

impl Harm {
    /// The priority's share of all harm; `None` where there is none.
    pub fn share(&self) -> Option<f64> {
        (self.of_all > 0.0).then(|| self.total / self.of_all)
    }
}

impl Situation<'_> {
    /// Incidents a day of those that the store holds; 0 where it holds none.
    pub fn per_day(&self) -> f64 {
        if self.days == 0 { 0.0 } else { self.count as f64 / f64::from(self.days) }
    }

    /// The priority's share of all incidents; `None` where there are none.
    pub fn share(&self) -> Option<f64> {
        (self.all > 0).then(|| self.count as f64 / self.all as f64)
    }
}

impl Service {
    /// The current situation of a scope by itself.
    pub(in crate::service) fn situation_of<'a>(
        &'a self,
        scope: &Scope,
        parameters: &ProfileParameters,
        snapshot: &'a Snapshot,
    ) -> Result<(Situation<'a>, About), QuestionError> {
        let question = self.question(scope, snapshot)?;
        let past = history(question.period(), snapshot);
        let scope = &Scope { vintages: question.vintages(), ..scope.clone() };
        let past = past.map(|past| Scope { period: Some(past), compare: None, ..scope.clone() });
        let situation =
            self.situation(&question, scope, past.as_ref(), parameters, Confidence::default(), snapshot)?;
        Ok((situation, question.about(Method::new("situation"))))
    }

    pub(super) fn situation<'a>(
        &'a self,
        question: &Question<'a>,
        scope: &Scope,
        past: Option<&Scope>,
        parameters: &ProfileParameters,
        confidence: Confidence,
        snapshot: &'a Snapshot,
    ) -> Result<Situation<'a>, QuestionError> {
        let layer = self.boundaries().ids().first().copied().unwrap_or_default();
        let everything = question.everything();
        let selection = &question.selection;
        let before = question.comparison().map(|period| question.selection_in(period));
        let change = match compared(question) {
            Ok(_) => section(self.change(layer, scope, confidence, snapshot))?,
            Err(reason) => Err(reason),
        };
        let trend = past.map(|past| self.trend(layer, past, confidence, snapshot));
        let trend = section(trend.unwrap_or_else(|| Err(no_month(question.period()))))?;
        let held = held_part(question.period(), snapshot);
        Ok(Situation {
            held,
            count: selection.tally.used,
            weighted: question.is_weighted().then(|| selection.weights.iter().sum()),
            days: held.map_or(0, |held| u32::try_from(held.day_count()).unwrap_or_default()),
            all: everything.tally.used,
            harm: self.harm(&parameters.harm, selection, &everything, snapshot)?,
            change: change.map(|layer| layer.total),
            trend,
            categories: by_category(selection, before.as_ref(), snapshot),
            sources: by_code(selection, snapshot.sources(), |row| snapshot.source(row)),
        })
    }

    fn harm(
        &self,
        wanted: &HarmTable,
        selection: &Selection,
        everything: &Selection,
        snapshot: &Snapshot,
    ) -> Result<Option<Harm>, QuestionError> {
        let table = match wanted {
            HarmTable::None => return Ok(None),
            HarmTable::First => self.weight_tables().first(),
            HarmTable::Named(id) => Some(self.weight_table(id)?),
        };
        let Some(table) = table else { return Ok(None) };
        let weight = |slug: &String| {
            let mut entries = table.weights.iter();
            entries.find(|(category, _)| category.as_str() == slug).map_or(0.0, |(_, entry)| entry.weight())
        };
        let by_code: Vec<f64> = snapshot.categories().iter().map(weight).collect();
        let total = |selection: &Selection| {
            let rows = selection.rows.iter().map(|row| usize::from(snapshot.category(*row as usize)));
            rows.filter_map(|code| by_code.get(code)).sum()
        };
        Ok(Some(Harm {
            table: table.id.to_string(),
            title: table.title.clone(),
            unit: table.unit.clone(),
            total: total(selection),
            of_all: total(everything),
        }))
    }
}

/// The days of a period in months that the store holds.
fn held_part(period: Period, snapshot: &Snapshot) -> Option<Period> {
    let (oldest, newest) = snapshot.months()?;
    let all = Period::months(oldest, newest).ok()?;
    Period::days(period.first().max(all.first()), period.last().min(all.last())).ok()
}

fn by_category<'a>(
    selection: &Selection,
    before: Option<&Selection>,
    snapshot: &'a Snapshot,
) -> Vec<CategoryCount<'a>> {
    let counts = |of: &Selection| by_code(of, snapshot.categories(), |row| snapshot.category(row));
    let before = before.map(counts);
    let mut rows: Vec<_> = counts(selection)
        .into_iter()
        .map(|(category, count)| {
            let earlier = |all: &Vec<(&str, u64)>| {
                all.iter().find(|(name, _)| *name == category).map_or(0, |(_, count)| *count)
            };
            CategoryCount { category, count, before: before.as_ref().map(earlier) }
        })
        .collect();
    // What there was before and is no more comes last.
    for &(category, earlier) in before.iter().flatten() {
        if rows.iter().all(|row| row.category != category) {
            rows.push(CategoryCount { category, count: 0, before: Some(earlier) });
        }
    }
    rows
}

/// Incidents by a code of the snapshot, the most frequent first, equal ones in the order of names.
pub(in crate::service) fn by_code<'a>(
    selection: &Selection,
    names: &'a [String],
    code: impl Fn(usize) -> u16,
) -> Vec<(&'a str, u64)> {
    let mut counts = vec![0_u64; names.len()];
    for row in &selection.rows {
        if let Some(count) = counts.get_mut(usize::from(code(*row as usize))) {
            *count += 1;
        }
    }
    let mut named: Vec<_> =
        names.iter().map(String::as_str).zip(counts).filter(|(_, count)| *count > 0).collect();
    named.sort_unstable_by(|(a, m), (b, n)| n.cmp(m).then(a.cmp(b)));
    named
}
