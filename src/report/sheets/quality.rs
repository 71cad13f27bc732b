//! What the data can and cannot tell, as a table.

use super::{column, number, text};
use crate::{
    feature::FieldKind::{Number, Text},
    render::sheet::Sheet,
    service::profile::Profile,
};

pub(super) fn sheet(profile: &Profile<'_>) -> Sheet {
    let columns = vec![
        column("figure", Text, "Figure", "Its name."),
        column("value", Number, "Value", "Its value; absent where the incidents do not tell."),
        column("meaning", Text, "Meaning", "What it is."),
    ];
    let tally = profile.tally();
    let repeats = &profile.repeats.repeats;
    let hours = profile.hours.as_ref().ok().map(|answer| &answer.found);
    let mut rows = Vec::new();
    let mut add = |name: &str, value: Option<u64>, meaning: &str| {
        rows.push(vec![text(name), number(value.map(|value| value as f64)), text(meaning)]);
    };
    add("used", Some(tally.used), "incidents that are located in the study area and used");
    add("unlocated", Some(tally.unlocated), "incidents without a position, which no map shows");
    add("outside", Some(tally.outside), "incidents located outside the study area");
    let coarser = "incidents known only to a month or day that lies partly outside the period, and not used";
    add("coarser_than_period", Some(tally.coarser_than_period), coarser);
    add("synthetic", Some(tally.synthetic), "used incidents that a generator made up for demonstration");
    add("by_postcode", Some(tally.by_postcode), "used incidents that stand at the middle of their postcode");
    add("places", Some(repeats.places), "known positions in the study area");
    add(
        "at_repeat_places",
        Some(repeats.at_repeat_places),
        "incidents at a position with others: published positions are often moved to a street or venue",
    );
    add("time_known", hours.map(|hours| hours.instants), "incidents with a time to the minute");
    add(
        "time_interval",
        hours.map(|hours| hours.intervals),
        "incidents with a beginning and an end, counted in parts",
    );
    add("time_day", hours.map(|hours| hours.only_day), "incidents known to the day only");
    add("time_month", hours.map(|hours| hours.only_month), "incidents known to the month only");
    Sheet { name: "quality".to_owned(), title: "Data quality".to_owned(), columns, rows }
}
