use geo_types::coord;
use proptest::prelude::*;

use super::{scale::Scale, *};
use crate::{
    model::Month,
    render::figure::{
        Figure,
        ink::{MAIN, PALE},
        testing::{checked, classed, colour_at, length, picture, texts},
    },
};

/// What must be told apart from markup wherever it stands.
const HOSTILE: &str = "<b onload=\"x\">&amp; ' ]]> \u{0}</b>";

fn figure() -> Figure {
    Figure::new("it", "What it shows")
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn trend(values: &[f64]) -> Trend {
    Trend {
        figure: figure(),
        unit: "Incidents a month".into(),
        first: month("2022-11"),
        series: Series::new("Burglary", values.iter().copied()),
        form: Form::Bars,
        overlays: vec![],
        compared: None,
        period: None,
    }
}

fn seasonality() -> Seasonality {
    let month = |number: usize| {
        let index = 76.0 + 4.0 * number as f64;
        Some(SeasonalIndex { index, interval: Some((index - 9.0, index + 9.0)) })
    };
    Seasonality { figure: figure(), interval: "95 % interval".into(), months: std::array::from_fn(month) }
}

fn hours(value: impl Fn(usize, usize) -> Option<f64>) -> Hours {
    let values = std::array::from_fn(|day| std::array::from_fn(|hour| value(day, hour)));
    Hours { figure: figure(), unit: "Expected incidents".into(), values }
}

fn lorenz(points: &[(f64, f64)]) -> Lorenz {
    Lorenz {
        figure: figure(),
        places: "Share of places".into(),
        incidents: "Share of incidents".into(),
        curve: LorenzCurve { label: "Burglary".into(), points: points.to_vec() },
        compared: Some(LorenzCurve {
            label: "By chance".into(),
            points: vec![(0.0, 0.0), (0.3, 0.6), (1.0, 1.0)],
        }),
    }
}

fn funnel(areas: &[(&str, f64, f64)]) -> Funnel {
    let limit = |population: f64| {
        let spread = (10.0 / population * 1e3).sqrt();
        FunnelLimit {
            population,
            limits_95: (10.0 - 1.96 * spread, 10.0 + 1.96 * spread),
            limits_998: (10.0 - 3.09 * spread, 10.0 + 3.09 * spread),
        }
    };
    let area = |(label, population, rate): &(&str, f64, f64)| FunnelArea {
        label: (*label).to_owned(),
        population: *population,
        rate: *rate,
    };
    Funnel {
        figure: figure(),
        rate_unit: "Incidents per 1,000 residents".into(),
        population_unit: "Residents".into(),
        overall: ("Dudley".into(), 10.0),
        limits: (0..20).map(|step| limit(8_000.0 + 500.0 * f64::from(step))).collect(),
        areas: areas.iter().map(area).collect(),
    }
}

fn ranking(rows: Vec<RankingRow>) -> Ranking {
    Ranking {
        figure: figure(),
        unit: "Incidents per 1,000 households".into(),
        decimals: 1,
        interval: "95 % interval".into(),
        compared: "year before".into(),
        rows,
    }
}

fn matrix(threats: &[(&str, f64, f64)], is_log: bool) -> ThreatMatrix {
    let threat = |(label, volume, harm): &(&str, f64, f64)| Threat {
        label: (*label).to_owned(),
        volume: *volume,
        harm: *harm,
        size: Some(volume * harm),
        is_strong: false,
    };
    ThreatMatrix {
        figure: figure(),
        volume_unit: "Incidents".into(),
        harm_unit: "Harm".into(),
        is_volume_log: is_log,
        is_harm_log: is_log,
        parting: None,
        quadrants: ["Rare and harmful", "Priority", "Watch", "Frequent"].map(str::to_owned),
        threats: threats.iter().map(threat).collect(),
    }
}

#[test]
fn bars_are_as_high_as_their_values_and_start_at_zero() {
    let svg = trend(&[10.0, 20.0, 0.0, 45.0]).svg();
    let document = checked(&svg);
    let bars = classed(&document, "bar");
    let highs: Vec<f64> = bars.iter().map(|bar| length(bar, "height")).collect();
    assert_eq!(bars.len(), 4);
    let unit = highs[3] / 45.0;
    for (high, value) in highs.iter().zip([10.0, 20.0, 0.0, 45.0]) {
        assert!((high - unit * value).abs() < 0.11, "{high} {value}");
    }
    let feet: Vec<f64> = bars.iter().map(|bar| length(bar, "y") + length(bar, "height")).collect();
    assert!(feet.iter().all(|foot| (foot - feet[0]).abs() < 0.11), "{feet:?}");
    let picture = picture(&svg, 1.0);
    let inside = |bar: usize| (length(&bars[bar], "x") + 10.0, feet[0] - 5.0);
    assert_eq!(colour_at(&picture, inside(3).0, inside(3).1), [0x12, 0x43, 0x6d]);
}

#[test]
fn months_are_named_with_their_year_and_those_of_the_report_stand_out() {
    let mut chart = trend(&[4.0; 26]);
    chart.period = Some((month("2023-01"), month("2023-12"), "The year 2023".into()));
    let svg = chart.svg();
    let document = checked(&svg);
    let said = texts(&document);
    assert!(
        ["Nov", "2022", "Jan", "2023", "2024", "The year 2023"]
            .iter()
            .all(|word| said.contains(&(*word).into()))
    );
    let fills: Vec<&str> =
        classed(&document, "bar").iter().map(|bar| bar.attribute("fill").unwrap()).collect();
    assert_eq!(fills.iter().filter(|fill| **fill == MAIN).count(), 12);
    assert_eq!((fills[1], fills[2], fills[13], fills[14]), (PALE, MAIN, MAIN, PALE));
    let band = classed(&document, "period");
    assert!(
        (length(&band[0], "width") / 12.0 - length(&classed(&document, "bar")[0], "width") / 0.76).abs()
            < 0.2
    );
}

#[test]
fn a_trend_may_be_long_and_has_gaps_where_there_is_no_figure() {
    let mut chart = trend(&[3.0; 200]);
    let svg = chart.svg();
    let document = checked(&svg);
    assert_eq!(classed(&document, "bar").len(), 120);
    // 200 months from November 2022 end in June 2039; the last 120 begin in July 2029.
    assert!(svg.contains("120 months from July 2029 to June 2039"));
    chart.form = Form::Line;
    chart.series.values = vec![Some(1.0), Some(2.0), None, Some(4.0), Some(f64::NAN), Some(5.0), Some(6.0)];
    chart.overlays = vec![Series::new("Average", [3.0; 9]), Series::new("Slope", [2.0, 4.0])];
    chart.compared = Some(Series::new("Year before", [6.0, 5.0]));
    let svg = chart.svg();
    let document = checked(&svg);
    let lines = classed(&document, "line");
    assert_eq!(lines.len(), 4);
    let runs = |line: &roxmltree::Node<'_, '_>| line.attribute("d").unwrap().matches('M').count();
    assert!(lines.iter().any(|line| runs(line) == 2), "two runs, and one value alone");
    assert!(svg.contains("2 months without a figure"));
    let dashes: Vec<_> = lines.iter().map(|line| line.attribute("stroke-dasharray")).collect();
    assert_eq!(dashes.iter().filter(|dash| dash.is_none()).count(), 2, "{dashes:?}");
}

#[test]
fn months_that_differ_from_an_even_year_are_full() {
    let svg = seasonality().svg();
    let document = checked(&svg);
    let full = document.descendants().filter(|node| {
        node.has_tag_name(("http://www.w3.org/2000/svg", "circle")) && node.attribute("fill") == Some(MAIN)
    });
    // The key has one, and 76, 80, 84, 88 and 112, 116, 120 differ by more than nine.
    assert_eq!(full.count(), 1 + 7 + 1 - 1);
    assert_eq!((classed(&document, "whisker").len(), classed(&document, "bar").len()), (12, 12));
    assert!(svg.contains("January 76 (67 to 85)"));
    assert!(texts(&document).contains(&"100".to_owned()));
}

#[test]
fn hours_are_darker_where_more_is_expected() {
    let svg = hours(|day, hour| Some((day * 24 + hour) as f64 / 50.0)).svg();
    let document = checked(&svg);
    assert_eq!((classed(&document, "hour").len(), classed(&document, "most").len()), (168, 1));
    let picture = picture(&svg, 1.0);
    let light = |cell: &roxmltree::Node<'_, '_>| {
        let at = colour_at(&picture, length(cell, "x") + 4.0, length(cell, "y") + 4.0);
        at.iter().map(|part| u32::from(*part)).sum::<u32>()
    };
    let lights: Vec<u32> = classed(&document, "hour").iter().map(light).collect();
    assert!(lights.windows(2).all(|pair| pair[1] <= pair[0]) && lights[0] > lights[167] + 300);
    assert!(svg.contains("Most: Sunday 23:00, 3.34"));
    assert_eq!(classed(&checked(&hours(|day, _| (day != 3).then_some(1.0)).svg()), "hour").len(), 144);
    assert!(classed(&checked(&hours(|_, _| Some(0.0)).svg()), "most").is_empty());
}

#[test]
fn half_of_the_incidents_lie_where_the_curve_says() {
    let svg = lorenz(&[(0.0, 0.0), (0.2, 0.75), (1.0, 1.0)]).svg();
    let document = checked(&svg);
    assert!(texts(&document).contains(&"at 13.3 % of the places".to_owned()));
    let half = &classed(&document, "half")[0];
    let picture = picture(&svg, 1.0);
    assert_eq!(colour_at(&picture, length(half, "cx"), length(half, "cy")), [0x12, 0x43, 0x6d]);
    // Whatever the order in which they come.
    let turned = lorenz(&[(1.0, 1.0), (0.2, 0.75), (7.0, 0.2), (0.0, 0.0), (f64::NAN, 0.5)]).svg();
    assert_eq!(svg, turned);
}

#[test]
fn areas_beyond_the_limits_are_named() {
    let areas = [
        ("Inside", 12_000.0, 10.5),
        ("Above", 12_000.0, 12.3),
        ("Far above", 12_000.0, 16.0),
        ("Below", 9_000.0, 5.0),
    ];
    let svg = funnel(&areas).svg();
    let said = texts(&checked(&svg));
    let is_said = |words: &str| said.contains(&words.to_owned());
    assert!(!is_said("Inside") && is_said("Above") && is_said("Far above") && is_said("Below"));
    assert!(svg.contains("Beyond the 95 % limits: Below 5, Far above 16, Above 12.3."), "{svg}");
    // Without limits no area lies beyond them.
    let free = Funnel { limits: vec![], ..funnel(&areas) }.svg();
    assert!(classed(&checked(&free), "label").is_empty());
}

#[test]
fn names_never_overlap_and_those_without_a_place_are_told_below() {
    let names: Vec<String> = (0..30).map(|number| format!("An area with a long name {number}")).collect();
    let areas: Vec<(&str, f64, f64)> = names
        .iter()
        .enumerate()
        .map(|(number, name)| (name.as_str(), 12_000.0 + 3.0 * number as f64, 17.0 + 0.01 * number as f64))
        .collect();
    let svgs = [funnel(&areas).svg(), matrix(&areas, false).svg(), matrix(&areas, true).svg()];
    for svg in svgs {
        let document = checked(&svg);
        let tree = crate::render::legend::tree(&svg).unwrap();
        let mut boxes = Vec::new();
        for (number, label) in classed(&document, "label").iter().enumerate() {
            let (x, y) = (length(label, "x"), length(label, "y"));
            let wide = crate::render::figure::width(label.text().unwrap(), crate::render::figure::ink::SMALL);
            boxes.push((x, y, wide * 0.8, number));
        }
        for (number, one) in boxes.iter().enumerate() {
            for other in &boxes[number + 1..] {
                let apart =
                    (one.1 - other.1).abs() > 8.0 || one.0 + one.2 <= other.0 || other.0 + other.2 <= one.0;
                assert!(apart, "{one:?} {other:?}");
            }
        }
        assert!(tree.size().height() > 100.0);
        let all = texts(&document).join(" ");
        assert!(names.iter().filter(|name| all.contains(name.as_str())).count() > 15, "{all}");
    }
}

#[test]
fn rows_are_as_long_as_their_values_on_either_side_of_zero() {
    let mut rows: Vec<RankingRow> =
        [30.0, 15.0, -10.0].into_iter().map(|value| RankingRow::new("Ward", value)).collect();
    rows[0].significance = Significance::Higher;
    rows[1].compared = Some(20.0);
    let svg = ranking(rows.clone()).svg();
    let document = checked(&svg);
    let bars = classed(&document, "bar");
    let longs: Vec<f64> = bars.iter().map(|bar| length(bar, "width")).collect();
    assert!((longs[0] - 2.0 * longs[1]).abs() < 0.3 && (longs[0] - 3.0 * longs[2]).abs() < 0.4, "{longs:?}");
    assert!((length(&bars[2], "x") + longs[2] - length(&bars[0], "x")).abs() < 0.11);
    let said = texts(&document);
    assert!(
        ["30.0", "15.0", "−10.0", "significantly higher", "year before"]
            .iter()
            .all(|word| said.contains(&(*word).into()))
    );
    assert!(!said.contains(&"significantly lower".into()) && !said.contains(&"95 % interval".into()));
    rows[2].interval = Some((-20.0, -4.0));
    assert_eq!(classed(&checked(&ranking(rows).svg()), "whisker").len(), 1);
    let many = ranking((0..55).map(|number| RankingRow::new("Ward", f64::from(number))).collect()).svg();
    let document = checked(&many);
    assert_eq!(classed(&document, "bar").len(), 40);
    assert!(texts(&document).contains(&"and 15 more".into()));
}

#[test]
fn bubbles_lie_by_volume_and_harm_and_quadrants_have_names() {
    let threats = [("Theft", 4_000.0, 2.0), ("Robbery", 40.0, 200.0), ("None", 0.0, 50.0)];
    let svg = matrix(&threats, true).svg();
    let document = checked(&svg);
    let bubbles = classed(&document, "bubble");
    assert_eq!(bubbles.len(), 2);
    let place = |name: &str| {
        let named = |bubble: &&roxmltree::Node<'_, '_>| {
            bubble.first_element_child().is_some_and(|title| title.text() == Some(name))
        };
        let bubble = bubbles.iter().find(named).unwrap();
        coord! { x: length(bubble, "cx"), y: length(bubble, "cy") }
    };
    let (theft, robbery) = (place("Theft"), place("Robbery"));
    assert!(theft.x > robbery.x && theft.y > robbery.y);
    let said = texts(&document);
    assert!(
        ["Rare and harmful", "Priority", "Watch", "Frequent", "Theft", "Robbery"]
            .iter()
            .all(|word| said.contains(&(*word).into()))
    );
    assert!(svg.contains("Not drawn: None."));
    assert_eq!(classed(&checked(&matrix(&threats, false).svg()), "bubble").len(), 3);
}

#[test]
fn a_line_in_a_table_marks_its_last_value() {
    let svg = Sparkline { figure: figure(), values: vec![Some(1.0), Some(9.0), None, Some(0.0)] }.svg();
    let document = checked(&svg);
    let last = &classed(&document, "last")[0];
    assert_eq!((length(last, "cx"), length(last, "cy")), (96.0, 20.0));
    assert!(svg.contains("viewBox=\"0 0 100 24\""));
}

/// Every chart of the same data, at both widths.
fn all(values: &[f64], label: &str) -> Vec<String> {
    let at = |number: usize| values.get(number % values.len().max(1)).copied();
    let each = || values.iter().copied();
    let mut svgs = Vec::new();
    for wide in [Figure::FULL, Figure::HALF, 1.0] {
        let figure = Figure::new(label, label).described(label).wide(wide);
        for form in [Form::Bars, Form::Line] {
            svgs.push(
                Trend {
                    figure: figure.clone(),
                    unit: label.into(),
                    form,
                    series: Series::new(label, each()),
                    overlays: vec![Series::new(label, each().map(|value| value / 2.0)); 4],
                    compared: Some(Series::new(label, each().rev())),
                    period: Some((month("2023-01"), month("2023-02"), label.into())),
                    ..trend(&[])
                }
                .svg(),
            );
        }
        let index = |number| {
            Some(SeasonalIndex { index: at(number)?, interval: Some((at(number + 1)?, at(number + 2)?)) })
        };
        let months = std::array::from_fn(index);
        svgs.push(Seasonality { figure: figure.clone(), interval: label.into(), months }.svg());
        svgs.push(
            Hours { figure: figure.clone(), unit: label.into(), ..hours(|day, hour| at(day * 24 + hour)) }
                .svg(),
        );
        let points: Vec<(f64, f64)> = (0..values.len()).filter_map(|n| Some((at(n)?, at(n + 1)?))).collect();
        let curve = LorenzCurve { label: label.into(), points };
        let words = || (label.to_owned(), label.to_owned());
        let (places, incidents) = words();
        svgs.push(
            Lorenz { figure: figure.clone(), places, incidents, compared: Some(curve.clone()), curve }.svg(),
        );
        let three =
            || (0..values.len()).filter_map(|n| Some((label, at(n)?, at(n + 1)?))).collect::<Vec<_>>();
        let limit = |value: f64| FunnelLimit {
            population: value,
            limits_95: (value, value * 2.0),
            limits_998: (value, value),
        };
        let (rate_unit, population_unit) = words();
        svgs.push(
            Funnel {
                figure: figure.clone(),
                rate_unit,
                population_unit,
                overall: (label.into(), at(0).unwrap_or(f64::NAN)),
                limits: each().map(limit).collect(),
                ..funnel(&three())
            }
            .svg(),
        );
        let row = |value: f64| RankingRow {
            interval: Some((value - 1.0, value * 2.0)),
            compared: Some(value / 2.0),
            significance: if value > 0.0 { Significance::Higher } else { Significance::Lower },
            ..RankingRow::new(label, value)
        };
        let (unit, interval) = words();
        let rows = each().map(row).collect();
        svgs.push(
            Ranking { figure: figure.clone(), unit, interval, compared: label.into(), rows, decimals: 2 }
                .svg(),
        );
        for is_log in [true, false] {
            let (volume_unit, harm_unit) = words();
            svgs.push(
                ThreatMatrix {
                    figure: figure.clone(),
                    volume_unit,
                    harm_unit,
                    parting: at(0).map(|value| (value, value)),
                    quadrants: [label, label, label, label].map(str::to_owned),
                    ..matrix(&three(), is_log)
                }
                .svg(),
            );
        }
        svgs.push(Sparkline { figure, values: each().map(Some).collect() }.svg());
    }
    svgs
}

#[test]
fn whatever_the_words_are_they_are_only_words() {
    for svg in all(&[3.0, 0.5, 12.0], HOSTILE) {
        let document = checked(&svg);
        let drawn = ["svg", "title", "desc", "text", "rect", "line", "path", "circle"];
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            assert!(drawn.contains(&node.tag_name().name()), "{}", node.tag_name().name());
            assert!(node.attributes().all(|attribute| !attribute.name().starts_with("on")));
        }
    }
}

#[test]
fn without_data_a_chart_says_so() {
    for values in [vec![], vec![f64::NAN; 3], vec![f64::INFINITY, f64::NEG_INFINITY], vec![1e300]] {
        for svg in all(&values, "A label") {
            assert_eq!(texts(&checked(&svg)), ["No data"], "{values:?}");
        }
    }
}

#[test]
fn one_value_and_values_of_zero_are_drawn() {
    for values in [vec![0.0], vec![0.0; 30], vec![7.0], vec![1e15], vec![1e-12, 2e-12]] {
        for svg in all(&values, "A label") {
            checked(&svg);
        }
    }
}

#[test]
fn the_same_data_makes_the_same_bytes() {
    assert_eq!(all(&[3.0, 1.0, 2.0], "A label"), all(&[3.0, 1.0, 2.0], "A label"));
}

#[test]
fn scales_do_not_leave_their_room() {
    let scale = Scale::tight([0.0, 7.3], 4.0).between(10.0, 20.0);
    assert_eq!((scale.at(7.3), scale.at(900.0), scale.at(-900.0)), (20.0, 20.0, 10.0));
    assert_eq!(scale.ticks(), [0.0, 2.0, 4.0, 6.0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_data_stops_a_drawing(
        values in prop::collection::vec(prop_oneof![
            0.0..1.0_f64, -50.0..9_000.0_f64, Just(0.0), Just(f64::NAN), -1e15..1e15_f64, prop::num::f64::ANY,
        ], 0..40),
        label in ".{0,60}",
    ) {
        for svg in all(&values, &label) {
            checked(&svg);
        }
    }
}
