//! The charts of a report.

use crate::{
    model::Month,
    render::{
        chart::{
            Form, Hours, Lorenz, LorenzCurve, Ranking, RankingRow, SeasonalIndex, Seasonality, Series,
            Significance, Threat, ThreatMatrix, Trend,
        },
        figure::Figure,
    },
    service::{
        analysis::trend::TrendLayer,
        assessment::Assessment,
        profile::{AreaTable, Profile, findings::ALPHA},
    },
};

/// Months of a moving average: a year, so that seasons cancel.
const AVERAGED: usize = 12;

/// The monthly series with its moving average and the period.
pub(in crate::report) fn trend(layer: &TrendLayer<'_>, profile: &Profile<'_>) -> Option<String> {
    let counts: Vec<f64> = layer.total.counts.iter().map(|count| *count as f64).collect();
    let first = *layer.months.first()?;
    let averaged = (0..counts.len()).map(|month| {
        let window = counts.get((month + 1).checked_sub(AVERAGED)?..=month)?;
        Some(window.iter().sum::<f64>() / AVERAGED as f64)
    });
    let average = Series { label: "Mean of 12 months".to_owned(), values: averaged.collect() };
    let long_enough = average.values.iter().flatten().count() > 1;
    let period = profile.about.card.period;
    let chart = Trend {
        figure: Figure::new("trend", &format!("{}: incidents by month", profile.about.subject)),
        unit: "Incidents a month".to_owned(),
        first,
        series: Series::new("Incidents", counts),
        form: Form::Bars,
        overlays: long_enough.then_some(average).into_iter().collect(),
        compared: None,
        period: Some((
            Month::of(period.first()),
            Month::of(period.last()),
            "Period of this report".to_owned(),
        )),
    };
    Some(chart.svg())
}

/// Months of the year.
pub(in crate::report) fn seasonality(profile: &Profile<'_>) -> Option<String> {
    let found = &profile.seasonality.as_ref().ok()?.found;
    let index = |number: usize| {
        let month = found.months.get(number)?;
        Some(SeasonalIndex { index: month.index?, interval: month.low.zip(month.high) })
    };
    let chart = Seasonality {
        figure: Figure::new("seasonality", "Index of each month of the year, 100 where all are alike"),
        interval: "95 % interval".to_owned(),
        months: std::array::from_fn(index),
    };
    Some(chart.svg())
}

/// Hours of the week.
pub(in crate::report) fn hours(profile: &Profile<'_>) -> Option<String> {
    let found = &profile.hours.as_ref().ok()?.found;
    let value = |day: usize, hour: usize| found.weights.get(24 * day + hour).copied();
    let chart = Hours {
        figure: Figure::new("hours", "Expected incidents by hour of the week"),
        unit: "Incidents".to_owned(),
        values: std::array::from_fn(|day| std::array::from_fn(|hour| value(day, hour))),
    };
    Some(chart.svg())
}

/// On how few places how many incidents are.
pub(in crate::report) fn lorenz(profile: &Profile<'_>) -> Option<String> {
    let table = profile.concentration.table.as_ref()?;
    let points = table.rows.iter().map(|row| (row.units_pct / 100.0, row.cumulative_pct / 100.0));
    let chart = Lorenz {
        figure: Figure::new("lorenz", "Share of the incidents by share of the known places")
            .wide(Figure::HALF),
        places: "Share of known places, those with most first".to_owned(),
        incidents: "Share of incidents".to_owned(),
        curve: LorenzCurve {
            label: profile.about.subject.clone(),
            points: thinned(std::iter::once((0.0, 0.0)).chain(points).collect()),
        },
        compared: None,
    };
    Some(chart.svg())
}

/// Points of a curve that a reader can tell apart: at most one in each 400th of its width.
fn thinned(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let last = points.len().saturating_sub(1);
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (number, point) in points.into_iter().enumerate() {
        let apart = kept.last().is_none_or(|(x, y)| point.0 - x >= 0.0025 || point.1 - y >= 0.0025);
        if apart || number == last {
            kept.push(point);
        }
    }
    kept
}

/// Areas by rate where residents are known, or else by count, the highest first.
pub(in crate::report) fn ranking(table: &AreaTable<'_>) -> String {
    let rated = table.residents.0.overall;
    let mut rows: Vec<_> = table
        .rows
        .iter()
        .map(|row| match (rated, row.rate) {
            (None, _) => RankingRow::new(&row.area.name, row.count as f64),
            (Some(_), None) => RankingRow { value: None, ..RankingRow::new(&row.area.name, 0.0) },
            (Some(overall), Some(rate)) => RankingRow {
                label: row.area.name.clone(),
                value: Some(rate.rate.per_1000),
                interval: Some(rate.rate.interval),
                compared: Some(overall.per_1000),
                significance: match rate.rate.per_1000 {
                    _ if rate.p_adjusted > ALPHA => Significance::None,
                    per_1000 if per_1000 > overall.per_1000 => Significance::Higher,
                    _ => Significance::Lower,
                },
            },
        })
        .collect();
    rows.sort_by(|a, b| b.value.unwrap_or(-1.0).total_cmp(&a.value.unwrap_or(-1.0)));
    let (unit, decimals) = match (rated, table.residents.1) {
        (Some(_), Some(year)) => (format!("Incidents per 1,000 residents of {year}"), 1),
        _ => ("Incidents".to_owned(), 0),
    };
    let id = format!("ranking-{}", table.layer.id);
    Ranking {
        figure: Figure::new(&id, &format!("{}: {}", table.layer.title, unit.to_lowercase()))
            .wide(Figure::HALF),
        unit,
        decimals,
        interval: "95 % interval".to_owned(),
        compared: "All areas together".to_owned(),
        rows,
    }
    .svg()
}

/// Volume against harm.
pub(in crate::report) fn matrix(assessment: &Assessment<'_>) -> Option<String> {
    let harms = assessment.rows.iter().filter_map(|row| row.situation.harm.as_ref());
    let harm = harms.clone().next()?;
    let threats: Vec<_> = assessment
        .rows
        .iter()
        .filter_map(|row| {
            let harm = row.situation.harm.as_ref()?;
            let count = row.situation.count;
            (count > 0).then(|| Threat {
                label: row.priority.title.clone(),
                volume: count as f64,
                harm: harm.total / count as f64,
                size: Some(harm.total),
                is_strong: row.score.is_some(),
            })
        })
        .collect();
    let middle =
        |of: fn(&Threat) -> f64| crate::analysis::order::median(&threats.iter().map(of).collect::<Vec<_>>());
    let chart = ThreatMatrix {
        figure: Figure::new("matrix", "Priorities by number of incidents and harm of each"),
        volume_unit: "Incidents of the period".to_owned(),
        harm_unit: format!("Harm of an incident, {}", harm.unit),
        is_volume_log: true,
        is_harm_log: true,
        parting: middle(|threat| threat.volume).zip(middle(|threat| threat.harm)),
        quadrants: ["Few, grave", "Many, grave", "Few, less grave", "Many, less grave"].map(str::to_owned),
        threats,
    };
    Some(chart.svg())
}
