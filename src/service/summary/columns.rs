//! The columns of summaries, each written down once: JSON, GeoJSON, CSV, workbooks, layers and the dictionary are all
//! made from this list.

use super::Summary;
use crate::{
    analysis::time::level::Alpha,
    feature::{Field, FieldKind, Value},
    model::{Area, Per},
};

/// What is said about areas, in groups that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Which area it is. Not asked for: every row has it.
    Area,
    /// How many incidents.
    Count,
    /// Their part of all.
    Share,
    /// The place by count.
    Rank,
    /// Incidents by residents, households or dwellings.
    Rate,
    /// Incidents by ground.
    Density,
    /// Against the comparison period.
    Change,
    /// Limits of chance around the rate of all areas.
    Funnel,
    /// Against all areas together.
    Borough,
    /// Against areas that are alike.
    Similar,
    /// What a table says in each row. Not asked for: every table has it.
    Label,
}

impl Measure {
    /// Those that can be asked for.
    pub const CHOICES: [Self; 9] = [
        Self::Count,
        Self::Share,
        Self::Rank,
        Self::Rate,
        Self::Density,
        Self::Change,
        Self::Funnel,
        Self::Borough,
        Self::Similar,
    ];

    /// The word for it in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Count => "count",
            Self::Share => "share",
            Self::Rank => "rank",
            Self::Rate => "rate",
            Self::Density => "density",
            Self::Change => "change",
            Self::Funnel => "funnel",
            Self::Borough => "borough",
            Self::Similar => "similar",
            Self::Label => "label",
        }
    }
}

/// When a column is among those that are given where no measures are asked for, or for one denominator alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    /// Also where no measures are asked for.
    Always,
    /// Also where no measures are asked for, if rates are by this.
    By(Per),
    /// Where its measure is asked for.
    Asked,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name, in JSON and CSV alike.
    pub name: &'static str,
    /// The type of its values.
    pub kind: FieldKind,
    /// Its name for people.
    pub title: &'static str,
    unit: Option<&'static str>,
    /// What it means.
    pub meaning: &'static str,
    /// When it is absent; empty for never.
    pub absent: &'static str,
    /// What it belongs to.
    pub measure: Measure,
    given: Given,
    value: fn(Row<'_>) -> Value<'static>,
}

/// A row of a summary.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The summary.
    pub summary: &'a Summary<'a>,
    /// The area's place in it.
    pub number: usize,
}

/// Stands for the unit of rates, which goes by what they are divided by.
const PER_1000: &str = "1/1000 residents, households or dwellings";

impl Column {
    /// All of them, in their order.
    pub const fn all() -> &'static [Self] {
        ALL
    }

    /// Whether it is given where no measures are asked for.
    pub fn is_default(&self) -> bool {
        matches!(self.given, Given::Always | Given::By(Per::Residents))
    }

    /// Its unit where it goes by what rates are divided by, or does not.
    pub fn unit(&self, per: Option<Per>) -> Option<&'static str> {
        match (self.unit, per) {
            (Some(PER_1000), Some(Per::Residents)) => Some("1/1000 residents"),
            (Some(PER_1000), Some(Per::Households)) => Some("1/1000 households"),
            (Some(PER_1000), Some(Per::Dwellings)) => Some("1/1000 dwellings"),
            (unit, _) => unit,
        }
    }

    /// The field that it is in a table.
    pub fn field(&self, per: Per) -> Field {
        let field = Field::new(self.name, self.kind, self.title, self.meaning);
        match self.unit(Some(per)) {
            Some(unit) => field.in_unit(unit),
            None => field,
        }
    }

    /// Its value in a row.
    pub fn value(&self, row: Row<'_>) -> Value<'static> {
        (self.value)(row)
    }

    /// Those of some measures, with those that are given by default or without, and with what names the areas and
    /// what labels the rows.
    pub fn chosen(defaults: bool, measures: &[Measure], per: Per) -> Vec<&'static Self> {
        let is_chosen = |column: &&Self| {
            let fits = !matches!(column.given, Given::By(other) if other != per);
            let wanted = matches!(column.measure, Measure::Area | Measure::Label)
                || (defaults && column.given != Given::Asked)
                || measures.contains(&column.measure);
            fits && wanted
        };
        ALL.iter().filter(is_chosen).collect()
    }
}

impl<'a> Row<'a> {
    fn area(self) -> &'a Area {
        &self.summary.layer.areas[self.number]
    }

    fn found(self) -> &'a crate::analysis::summary::AreaSummary {
        &self.summary.rows[self.number]
    }

    fn denominator(self) -> Option<u32> {
        self.summary.denominators[self.number]
    }

    fn rate(self) -> Option<&'a crate::analysis::rates::AreaRate> {
        self.summary.rates.as_ref()?.areas[self.number].as_ref()
    }

    fn funnel(self) -> Option<&'a crate::analysis::rates::funnel::Funnel> {
        self.summary.funnels.get(self.number)?.as_ref()
    }

    fn similar(self) -> Option<&'a super::against::Similar> {
        self.summary.similar.get(self.number)?.as_ref()
    }
}

fn own(text: &str) -> Value<'static> {
    Value::Text(text.to_owned().into())
}

fn whole(number: Option<impl TryInto<i64>>) -> Value<'static> {
    number.and_then(|number| number.try_into().ok()).map_or(Value::Absent, Value::Whole)
}

/// A significance in words.
fn significance(p: f64, ratio: Option<f64>) -> Value<'static> {
    let word = match ratio {
        _ if p > Alpha::USUAL.get() => "no-difference",
        Some(ratio) if ratio < 1.0 => "lower",
        _ => "higher",
    };
    own(word)
}

const NEVER: &str = "";
const NO_DENOMINATOR: &str = "Where the area's residents (households, dwellings) are not known, or 0.";
const NO_RATE_OF_ALL: &str = "As the rate, and where no area has any incident.";
const NO_COMPARISON: &str = "Where there is no comparison period, or the store does not hold all of it.";
const NO_SIMILAR: &str = "As the rate, and where no other area has one.";
const NO_SIMILAR_INCIDENTS: &str = "As the rate, and where the areas that are alike have no incident.";

macro_rules! column {
    ($name:literal, $kind:ident, $title:literal, $unit:expr, $measure:ident, $given:expr, $absent:expr, $meaning:literal, $value:expr) => {
        Column {
            name: $name,
            kind: FieldKind::$kind,
            title: $title,
            unit: $unit,
            meaning: $meaning,
            absent: $absent,
            measure: Measure::$measure,
            given: $given,
            value: $value,
        }
    };
}

use Given::{Always, Asked, By};

#[rustfmt::skip]
static ALL: &[Column] = &[
    column!("code", Text, "Code", None, Area, Always, NEVER, "The area's code.", |row| own(&row.area().code.0)),
    column!("name", Text, "Name", None, Area, Always, NEVER, "The area's name.", |row| own(&row.area().name)),
    column!("count", Whole, "Incidents", None, Count, Always, NEVER, "Incidents of the period in the area.",
        |row| whole(Some(row.found().count))),
    column!("weighted", Number, "Weighted", None, Count, Always, NEVER, "The sum of their weights.",
        |row| Value::Number(row.found().weighted)),
    column!("share", Number, "Share", Some("share"), Share, Always, "Where no area has any incident.",
        "The area's part of the incidents of all areas, 0 to 1.", |row| Value::number(row.found().share)),
    column!("rank", Whole, "Rank", None, Rank, Always, NEVER,
        "Rank by count, 1 the highest; equal counts share the better rank.", |row| whole(Some(row.found().rank))),
    column!("residents", Whole, "Residents", None, Rate, By(Per::Residents), "Where they are not known.",
        "Usual residents.", |row| whole(row.denominator())),
    column!("households", Whole, "Households", None, Rate, By(Per::Households), "Where they are not known.",
        "Households.", |row| whole(row.denominator())),
    column!("dwellings", Whole, "Dwellings", None, Rate, By(Per::Dwellings), "Where they are not known.",
        "Dwellings, lived in or empty.", |row| whole(row.denominator())),
    column!("denominator_year", Whole, "Year of the denominator", Some("year"), Rate, Asked,
        "Where the denominator is not known.", "The year of the residents, households or dwellings that rates are by.",
        |row| whole(row.denominator().and(row.summary.denominator_year))),
    column!("rate_per_1000", Number, "Rate", Some(PER_1000), Rate, Always, NO_DENOMINATOR,
        "Incidents of the period per 1,000 residents, households or dwellings.",
        |row| Value::number(row.found().rate_per_1000)),
    column!("rate_low", Number, "Rate from", Some(PER_1000), Rate, Asked, NO_DENOMINATOR,
        "Lower end of the exact 95 % Poisson interval of the rate (Garwood 1936).",
        |row| Value::number(row.rate().map(|found| found.rate.interval.0))),
    column!("rate_high", Number, "Rate to", Some(PER_1000), Rate, Asked, NO_DENOMINATOR, "Its upper end.",
        |row| Value::number(row.rate().map(|found| found.rate.interval.1))),
    column!("area_km2", Number, "Area", Some("km2"), Density, Always, NEVER, "Its area on the national grid.",
        |row| Value::Number(row.area().area.km2())),
    column!("per_km2", Number, "Density", Some("1/km2"), Density, Always, NEVER, "Incidents per km².",
        |row| Value::number(Some(row.found().count as f64 / row.area().area.km2()))),
    column!("comparison_count", Whole, "Before", None, Change, Always, NO_COMPARISON,
        "Incidents in the comparison period.", |row| whole(row.found().change.map(|change| change.before))),
    column!("change", Whole, "Change", None, Change, Always, NO_COMPARISON,
        "Incidents more than in the comparison period.", |row| whole(row.found().change.map(|change| change.absolute))),
    column!("change_percent", Number, "Change", Some("%"), Change, Always,
        "As the change, and where the comparison period has no incident.", "The same in percent of the count before.",
        |row| Value::number(row.found().change.and_then(|change| change.relative).map(|part| 100.0 * part))),
    column!("funnel_target", Number, "Rate of all areas", Some(PER_1000), Funnel, Asked, NO_DENOMINATOR,
        "The rate of all areas with a known denominator together: the line that the funnel is around.",
        |row| Value::number(row.funnel().map(|funnel| funnel.target))),
    column!("funnel_95_low", Number, "Funnel 95 % from", Some(PER_1000), Funnel, Asked, NO_DENOMINATOR,
        "Below it lie 25 of 1,000 areas with this denominator by chance: exact Poisson limits (Spiegelhalter 2005).",
        |row| Value::number(row.funnel().map(|funnel| funnel.limits_95.0))),
    column!("funnel_95_high", Number, "Funnel 95 % to", Some(PER_1000), Funnel, Asked, NO_DENOMINATOR,
        "Above it lie 25 of 1,000 by chance.", |row| Value::number(row.funnel().map(|funnel| funnel.limits_95.1))),
    column!("funnel_998_low", Number, "Funnel 99.8 % from", Some(PER_1000), Funnel, Asked, NO_DENOMINATOR,
        "Below it lies 1 of 1,000 by chance.", |row| Value::number(row.funnel().map(|funnel| funnel.limits_998.0))),
    column!("funnel_998_high", Number, "Funnel 99.8 % to", Some(PER_1000), Funnel, Asked, NO_DENOMINATOR,
        "Above it lies 1 of 1,000 by chance.", |row| Value::number(row.funnel().map(|funnel| funnel.limits_998.1))),
    column!("funnel_position", Text, "Place in the funnel", None, Funnel, Asked, NO_DENOMINATOR,
        "Where the rate lies: below-99.8, below-95, inside, above-95 or above-99.8.",
        |row| match (row.funnel(), row.found().rate_per_1000) {
            (Some(funnel), Some(rate)) => own(funnel.place(rate).as_str()),
            _ => Value::Absent,
        }),
    column!("borough_rate_per_1000", Number, "Rate of the borough", Some(PER_1000), Borough, Asked, NO_DENOMINATOR,
        "The rate of all areas with a known denominator together, this one among them.",
        |row| Value::number(row.rate().and(row.summary.overall()).map(|rate| rate.per_1000))),
    column!("rate_ratio", Number, "Rate over the borough's", None, Borough, Asked, NO_RATE_OF_ALL,
        "The rate over that of all areas: incidents over expected ones.",
        |row| Value::number(row.rate().and_then(|rate| rate.ratio).map(|ratio| ratio.ratio))),
    column!("rate_ratio_low", Number, "Ratio from", None, Borough, Asked, NO_RATE_OF_ALL,
        "Lower end of the exact 95 % Poisson interval of that ratio.",
        |row| Value::number(row.rate().and_then(|rate| rate.ratio).map(|ratio| ratio.interval.0))),
    column!("rate_ratio_high", Number, "Ratio to", None, Borough, Asked, NO_RATE_OF_ALL, "Its upper end.",
        |row| Value::number(row.rate().and_then(|rate| rate.ratio).map(|ratio| ratio.interval.1))),
    column!("rate_p", Number, "p", None, Borough, Asked, NO_DENOMINATOR,
        "Probability of a count as far from the expected one, were rates equal: exact binomial, two-sided.",
        |row| Value::number(row.rate().map(|rate| rate.p))),
    column!("rate_p_adjusted", Number, "p adjusted", None, Borough, Asked, NO_DENOMINATOR,
        "The same adjusted for the number of areas (Benjamini and Hochberg 1995).",
        |row| Value::number(row.rate().map(|rate| rate.p_adjusted))),
    column!("rate_significance", Text, "Against the borough", None, Borough, Asked, NO_DENOMINATOR,
        "higher or lower where the adjusted p is at most 0.05, otherwise no-difference.",
        |row| row.rate().map_or(Value::Absent, |rate| significance(rate.p_adjusted, rate.ratio.map(|of| of.ratio)))),
    column!("similar_areas", Text, "Areas alike", None, Similar, Asked, NO_SIMILAR,
        "Codes of the areas most alike in denominator and denominator per km², each divided by its standard deviation; \
         the most alike first, parted by semicolons.",
        |row| row.similar().map_or(Value::Absent, |found| own(&found.codes(row.summary.layer)))),
    column!("similar_count", Whole, "Incidents of areas alike", None, Similar, Asked, NO_SIMILAR,
        "Incidents of these areas together.", |row| whole(row.similar().map(|found| found.against.count))),
    column!("similar_denominator", Whole, "Denominator of areas alike", None, Similar, Asked, NO_SIMILAR,
        "Residents, households or dwellings of these areas together.",
        |row| whole(row.similar().map(|found| found.against.population))),
    column!("similar_rate_per_1000", Number, "Rate of areas alike", Some(PER_1000), Similar, Asked, NO_SIMILAR,
        "Their rate together.", |row| Value::number(row.similar().map(|found| found.against.per_1000))),
    column!("similar_ratio", Number, "Rate over that of areas alike", None, Similar, Asked, NO_SIMILAR_INCIDENTS,
        "The rate over theirs.", |row| Value::number(row.similar().and_then(|found| found.against.ratio))),
    column!("similar_ratio_low", Number, "Ratio from", None, Similar, Asked,
        "As the rate, and where neither has any incident.",
        "Lower end of the exact 95 % interval of that ratio (Przyborowski and Wilenski 1940).",
        |row| Value::number(row.similar().and_then(|found| found.against.low))),
    column!("similar_ratio_high", Number, "Ratio to", None, Similar, Asked, NO_SIMILAR_INCIDENTS, "Its upper end.",
        |row| Value::number(row.similar().and_then(|found| found.against.high))),
    column!("similar_p", Number, "p", None, Similar, Asked, NO_SIMILAR,
        "Probability of counts as unequal, were the rates equal: exact binomial, two-sided.",
        |row| Value::number(row.similar().map(|found| found.against.p))),
    column!("similar_p_adjusted", Number, "p adjusted", None, Similar, Asked, NO_SIMILAR,
        "The same adjusted for the number of areas (Benjamini and Hochberg 1995).",
        |row| Value::number(row.similar().map(|found| found.p_adjusted))),
    column!("similar_significance", Text, "Against areas alike", None, Similar, Asked, NO_SIMILAR,
        "higher or lower where the adjusted p is at most 0.05, otherwise no-difference.",
        |row| row.similar().map_or(Value::Absent, |found| significance(found.p_adjusted, found.against.ratio))),
    column!("period", Text, "Period", None, Label, Always, NEVER, "The period that is counted.",
        |row| own(&row.summary.about.card.period.to_string())),
    column!("comparison_period", Text, "Comparison period", None, Label, Always, NO_COMPARISON,
        "The period that it is compared with.",
        |row| row.summary.about.card.comparison.map_or(Value::Absent, |period| own(&period.to_string()))),
    column!("data_notice", Text, "Notice", None, Label, Always,
        "Where neither is the case.", "Whether boundaries are schematic or incidents synthetic.",
        |row| row.summary.data_notice().map_or(Value::Absent, |notice| own(&notice))),
];
