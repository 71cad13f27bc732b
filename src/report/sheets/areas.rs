//! The areas of a layer as a table.

use super::{column, maybe, number, text, whole};
use crate::{
    feature::{
        Field,
        FieldKind::{Number, Text, Whole},
        Value,
    },
    render::sheet::Sheet,
    service::profile::{AreaRow, AreaTable, findings::ALPHA},
};

pub(super) fn sheet(table: &AreaTable<'_>) -> Sheet {
    let rows = table.rows.iter().map(|row| area(table, row)).collect();
    Sheet {
        name: format!("areas-{}", table.layer.id),
        title: format!("{}, {}", table.layer.title, table.layer.vintage),
        columns: columns(),
        rows,
    }
}

fn columns() -> Vec<Field> {
    vec![
        column("code", Text, "Code", "The area's code."),
        column("name", Text, "Name", "The area's name."),
        column("count", Whole, "Incidents", "Incidents of the period."),
        column("share", Number, "Share", "Share of the incidents in all areas, 0 to 1."),
        column("rank", Whole, "Rank", "By number of incidents; equal ones share the better rank."),
        column("residents", Whole, "Residents", "Usual residents in the year of residents_year."),
        column("residents_year", Whole, "Year", "The year of the residents."),
        column(
            "rate_per_1000",
            Number,
            "Rate",
            "Incidents per 1,000 residents; absent where they are not known.",
        ),
        column("rate_low", Number, "Rate, from", "Lower end of its exact 95 % interval."),
        column("rate_high", Number, "Rate, to", "Upper end of its exact 95 % interval."),
        column("rate_ratio", Number, "Ratio to all", "Its rate over that of all areas together."),
        column(
            "rate_p_adjusted",
            Number,
            "p of rate",
            "That its rate is that of all; adjusted for the number of areas.",
        ),
        column(
            "rate_significance",
            Text,
            "Rate is",
            "higher or lower than that of all, or no-difference, at 95 %.",
        ),
        column("households", Whole, "Households", "Households in the year of households_year."),
        column("households_year", Whole, "Year", "The year of the households."),
        column(
            "rate_per_1000_households",
            Number,
            "Rate by households",
            "Incidents per 1,000 households; absent where they are not known.",
        ),
        column(
            "comparison_count",
            Whole,
            "Before",
            "Incidents of the comparison period, where the store holds it.",
        ),
        column("change", Whole, "Change", "Incidents more than before."),
        column("change_ratio", Number, "Change, ratio", "Incidents a day over those before."),
        column(
            "change_p_adjusted",
            Number,
            "p of change",
            "Of such a change by chance; adjusted for the number of areas.",
        ),
        column(
            "change_finding",
            Text,
            "Change is",
            "more or fewer than chance would give, or no-evidence, at 95 %.",
        ),
        column(
            "location_quotient",
            Number,
            "Quotient",
            "The priority's part of the area's incidents over its part of all.",
        ),
        column("location_quotient_low", Number, "Quotient, from", "Lower end of its 95 % interval."),
        column("location_quotient_high", Number, "Quotient, to", "Upper end of its 95 % interval."),
        column("location_quotient_standing", Text, "Quotient is", "over or under 1, or unclear, at 95 %."),
    ]
}

fn area(table: &AreaTable<'_>, row: &AreaRow<'_>) -> Vec<Value<'static>> {
    let (rate, overall) = (row.rate, table.residents.0.overall);
    let known = |year: Option<i16>, there: bool| maybe(year.filter(|_| there));
    let significance = rate.zip(overall).map(|(rate, overall)| match rate.rate.per_1000 {
        _ if rate.p_adjusted > ALPHA => "no-difference",
        per_1000 if per_1000 > overall.per_1000 => "higher",
        _ => "lower",
    });
    let tested = row.change.and_then(|change| change.tested);
    let interval = row.quotient.and_then(|quotient| quotient.interval);
    let word = |word: Option<&str>| word.map_or(Value::Absent, text);
    vec![
        text(&row.area.code.0),
        text(&row.area.name),
        whole(row.count),
        number(row.share),
        whole(row.rank),
        maybe(row.residents),
        known(table.residents.1, row.residents.is_some()),
        number(rate.map(|rate| rate.rate.per_1000)),
        number(rate.map(|rate| rate.rate.interval.0)),
        number(rate.map(|rate| rate.rate.interval.1)),
        number(rate.and_then(|rate| rate.ratio).map(|ratio| ratio.ratio)),
        number(rate.map(|rate| rate.p_adjusted)),
        word(significance),
        maybe(row.households),
        known(table.households.1, row.households.is_some()),
        number(row.household_rate.map(|rate| rate.rate.per_1000)),
        maybe(row.change.map(|change| change.change.before)),
        maybe(row.change.map(|change| change.change.absolute)),
        number(tested.and_then(|tested| tested.rate.ratio)),
        number(tested.map(|tested| tested.p_exact_adjusted)),
        word(tested.map(|tested| tested.finding.as_str())),
        number(row.quotient.map(|quotient| quotient.quotient)),
        number(interval.map(|(low, _)| low)),
        number(interval.map(|(_, high)| high)),
        word(row.quotient.map(|quotient| quotient.standing().as_str())),
    ]
}
