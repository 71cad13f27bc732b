//! The current situation as tables.

use super::{column, maybe, number, text, whole};
use crate::{
    feature::FieldKind::{Number, Text, Whole},
    render::sheet::Sheet,
    service::{
        analysis::{change::Finding, trend::TrendFinding},
        profile::{Harm, Situation},
    },
};

pub(super) fn sheets(situation: &Situation<'_>) -> Vec<Sheet> {
    vec![figures(situation), months(situation), categories(situation), sources(situation)]
}

fn figures(situation: &Situation<'_>) -> Sheet {
    let columns = vec![
        column("figure", Text, "Figure", "Its name."),
        column("value", Number, "Value", "Its value, where it is a number that can be given."),
        column("words", Text, "In words", "Its value, where it is words, or why there is none."),
        column("meaning", Text, "Meaning", "What it is, with its unit."),
    ];
    let mut rows = Vec::new();
    let mut add = |name: &str, value: Option<f64>, words: &str, meaning: &str| {
        rows.push(vec![text(name), number(value), text(words), text(meaning)]);
    };
    add("count", Some(situation.count as f64), "", "incidents of the period");
    add("weighted", situation.weighted, "", "the sum of their weights, where the priority has weights");
    add("days", Some(f64::from(situation.days)), "", "days of the period that the store holds");
    add("per_day", Some(situation.per_day()), "", "incidents a day");
    add("count_of_all", Some(situation.all as f64), "", "all incidents of the period in the study area");
    add("share_of_all", situation.share(), "", "the priority's share of all incidents, 0 to 1");
    let harm = situation.harm.as_ref();
    let unit = harm
        .map_or_else(|| "no table of weights".to_owned(), |harm| format!("{}, {}", harm.title, harm.unit));
    add("harm", harm.map(|harm| harm.total), &unit, "the sum of the incidents' weights in that table");
    add("harm_of_all", harm.map(|harm| harm.of_all), &unit, "the same of all incidents");
    add("share_of_harm", harm.and_then(Harm::share), "", "the priority's share of all harm, 0 to 1");
    match &situation.change {
        Ok(change) => {
            let rate = change.tested.map(|tested| tested.rate);
            add(
                "comparison_count",
                Some(change.change.before as f64),
                "",
                "incidents of the comparison period",
            );
            add(
                "change",
                Some(change.change.absolute as f64),
                "",
                "incidents more than in the comparison period",
            );
            add("change_share", change.change.relative, "", "the same over those of the comparison period");
            add(
                "ratio",
                rate.and_then(|rate| rate.ratio),
                "",
                "incidents a day over those in the comparison period",
            );
            add("ratio_low", rate.map(|rate| rate.low), "", "lower end of its 95 % interval");
            add("ratio_high", rate.and_then(|rate| rate.high), "", "upper end of its 95 % interval");
            let words = change.tested.map_or("no incidents", |tested| match tested.finding {
                Finding::More => "significantly more",
                Finding::Fewer => "significantly fewer",
                Finding::NoEvidence => "no more than chance",
            });
            add(
                "change_p",
                rate.map(|rate| rate.p_exact),
                words,
                "probability of such a change by chance, exact test",
            );
        }
        Err(reason) => add("change", None, reason, "incidents more than in the comparison period"),
    }
    match &situation.trend {
        Ok(trend) => {
            let tested = trend.total.tested;
            add("trend_months", Some(trend.months.len() as f64), "", "months that the trend is of");
            let slope = tested.and_then(|tested| tested.slope).map(|slope| slope.slope);
            add("trend_per_month", slope, "", "incidents a month more each month (Sen's slope)");
            add(
                "trend_p",
                tested.map(|tested| tested.test.p),
                trend_words(tested.map(|tested| tested.finding)),
                "Mann-Kendall test of the months",
            );
            let seasonal = tested.and_then(|tested| tested.seasonal);
            add(
                "seasonal_trend_p",
                seasonal.map(|test| test.p),
                "",
                "seasonal Kendall test, from two years on",
            );
        }
        Err(reason) => add("trend_p", None, reason, "Mann-Kendall test of the months"),
    }
    Sheet { name: "situation".to_owned(), title: "Current situation".to_owned(), columns, rows }
}

fn trend_words(finding: Option<TrendFinding>) -> &'static str {
    match finding {
        Some(TrendFinding::Up) => "significantly up",
        Some(TrendFinding::Down) => "significantly down",
        Some(TrendFinding::NoEvidence) => "no more than chance",
        None => "no incidents",
    }
}

fn months(situation: &Situation<'_>) -> Sheet {
    let columns = vec![
        column("month", Text, "Month", "Calendar month."),
        column("count", Whole, "Incidents", "Incidents that start in it."),
    ];
    let trend = situation.trend.as_ref().ok();
    let rows = trend.into_iter().flat_map(|trend| trend.months.iter().zip(&trend.total.counts));
    let rows = rows.map(|(month, count)| vec![text(&month.to_string()), whole(*count)]).collect();
    Sheet { name: "months".to_owned(), title: "Incidents by month".to_owned(), columns, rows }
}

fn categories(situation: &Situation<'_>) -> Sheet {
    let columns = vec![
        column("category", Text, "Category", "The category of data.police.uk, or of the source."),
        column("count", Whole, "Incidents", "Incidents of the period."),
        column("share", Number, "Share", "Share of the priority's incidents, 0 to 1."),
        column(
            "comparison_count",
            Whole,
            "Before",
            "Incidents of the comparison period, where the store holds it.",
        ),
    ];
    let share = |count: u64| (situation.count > 0).then(|| count as f64 / situation.count as f64);
    let rows = situation.categories.iter();
    let rows = rows
        .map(|row| vec![text(row.category), whole(row.count), number(share(row.count)), maybe(row.before)]);
    Sheet {
        name: "categories".to_owned(),
        title: "Incidents by category".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

fn sources(situation: &Situation<'_>) -> Sheet {
    let columns = vec![
        column("source", Text, "Source", "Who recorded them."),
        column("count", Whole, "Incidents", "Incidents of the period."),
    ];
    let rows = situation.sources.iter().map(|(source, count)| vec![text(source), whole(*count)]).collect();
    Sheet { name: "sources".to_owned(), title: "Incidents by source".to_owned(), columns, rows }
}
