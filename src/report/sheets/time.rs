//! Months of the year and hours of the week as tables.

use super::{column, number, text, whole};
use crate::{
    feature::FieldKind::{Number, Text, Whole},
    render::sheet::Sheet,
    service::profile::Profile,
};

pub(super) fn sheets(profile: &Profile<'_>) -> Vec<Sheet> {
    vec![seasons(profile), hours(profile)]
}

/// Days of the week by name, in the order of hours of the week.
pub const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn seasons(profile: &Profile<'_>) -> Sheet {
    let columns = vec![
        column("month", Text, "Month", "Month of the year."),
        column("incidents", Whole, "Incidents", "Incidents that start in it, over whole years."),
        column("days", Whole, "Days", "Its days in these years."),
        column("index", Number, "Index", "Incidents a day over those of all months, times 100."),
        column("low", Number, "From", "Lower end of the index's 95 % interval."),
        column("high", Number, "To", "Upper end of the index's 95 % interval."),
    ];
    let found = profile.seasonality.as_ref().map(|answer| answer.found.months.as_slice()).unwrap_or_default();
    let row = |month: &crate::analysis::time::seasonality::MonthOfYear| {
        vec![
            text(month.name()),
            whole(month.incidents),
            whole(month.days),
            number(month.index),
            number(month.low),
            number(month.high),
        ]
    };
    Sheet {
        name: "seasonality".to_owned(),
        title: "Months of the year".to_owned(),
        columns,
        rows: found.iter().map(row).collect(),
    }
}

fn hours(profile: &Profile<'_>) -> Sheet {
    let columns = vec![
        column("day", Text, "Day", "Day of the week, in Europe/London."),
        column("hour", Whole, "Hour", "Hour of the day that begins so, 0 to 23."),
        column(
            "incidents",
            Number,
            "Incidents",
            "Expected number: an interval counts in parts in each hour.",
        ),
    ];
    let weights = profile.hours.as_ref().map(|answer| answer.found.weights.as_slice()).unwrap_or_default();
    let row = |(hour, weight): (usize, &f64)| {
        let day = DAYS.get(hour / 24).copied().unwrap_or_default();
        vec![text(day), whole(hour % 24), number(*weight)]
    };
    Sheet {
        name: "hours".to_owned(),
        title: "Hours of the week".to_owned(),
        columns,
        rows: weights.iter().enumerate().map(row).collect(),
    }
}
