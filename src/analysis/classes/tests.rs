use proptest::prelude::*;

use super::*;

fn rule(text: &str) -> Classification {
    text.parse().unwrap()
}

fn limits(text: &str, values: &[f64]) -> Vec<f64> {
    rule(text).limits(values, &vec![true; values.len()]).unwrap().as_slice().to_vec()
}

const WORDS: [&str; 7] = [
    "incremental-mean",
    "quantile:5",
    "equal-interval:4",
    "volume:50,75,95",
    "area:1,3,12.5",
    "limits:2,4.5",
    "volume:100",
];

#[test]
fn each_rule_by_hand() {
    let values = [8.0, 0.0, 4.0, 2.0, 1.0, 1.0];
    assert_eq!(limits("quantile:2", &values), [2.0]);
    assert_eq!(limits("equal-interval:4", &values), [2.0, 4.0, 6.0]);
    // 16 in all: 8 hold 50 %, 12 hold 75 %, 14 hold 80 %.
    assert_eq!(limits("volume:50,75,80", &values), [1.5, 3.0, 6.0]);
    assert_eq!(limits("volume:100", &values), [0.5]);
    // A sixth is one cell, a half three; the two cells with 1 go together, and there is no sixth above zero.
    assert_eq!(limits("area:10,50", &values), [1.5, 6.0]);
    assert_eq!(limits("area:66", &values), [0.5]);
    assert_eq!(limits("area:100", &values), [0.5]);
    assert_eq!(limits("limits:3,5", &values), [3.0, 5.0]);
    assert_eq!(limits("incremental-mean", &values), [3.2, 6.4, 9.600_000_000_000_001, 12.8, 16.0]);
}

#[test]
fn a_flat_surface_is_one_class() {
    let flat = [3.0; 4];
    assert_eq!(limits("volume:10,90", &flat), [1.5, 1.5]);
    assert_eq!(limits("area:10", &flat), [1.5]);
    assert_eq!(limits("quantile:4", &flat), [3.0, 3.0, 3.0]);
    let limits = rule("quantile:4").limits(&flat, &[true; 4]).unwrap();
    assert_eq!(limits.thresholds().as_slice(), [3.0]);
    assert_eq!(limits.class_from(3.0), 3, "the first two classes hold nothing");
    assert_eq!((limits.of_class(1), limits.of_class(0), limits.of_class(4)), (Some(3.0), None, None));
}

#[test]
fn neighbours_in_value_are_still_told_apart() {
    let close = [1.0, 1.0_f64.next_up()];
    assert_eq!(limits("area:50", &close), [1.0_f64.next_up()]);
}

#[test]
fn without_a_value_above_zero_inside_nothing_is_hot() {
    for words in WORDS {
        for (values, inside) in [
            (&[][..], &[][..]),
            (&[0.0, 0.0], &[true, true]),
            (&[0.0, 7.0], &[true, false]),
            (&[0.0, 7.0], &[true]),
            (&[f64::MAX, f64::MAX], &[true, true]),
            (&[f64::NAN], &[true]),
            (&[f64::INFINITY], &[true]),
        ] {
            assert_eq!(rule(words).limits(values, inside), None, "{words} {values:?}");
        }
        assert!(rule(words).limits(&[0.0, 7.0], &[false, true]).is_some());
        let tiny = rule(words).limits(&[5e-324], &[true]);
        assert!(tiny.is_none_or(|limits| limits.as_slice().iter().all(|limit| *limit > 0.0)));
    }
}

#[test]
fn words_are_read_back_as_they_are_written() {
    for words in WORDS {
        assert_eq!(rule(words).to_string(), words);
    }
    assert_eq!(rule("volume: 95,50 ,75").to_string(), "volume:50,75,95");
    assert_eq!(rule("quantile:5").label(4), "hottest 20 % of the cells above zero");
    assert_eq!(rule("equal-interval:3").label(1), "33.3 % of the highest intensity or more");
    assert_eq!(rule("volume:50,75").label(2), "smallest area with 50 % of the volume");
    assert_eq!(rule("limits:10,25").label(99), "25 per km² or more");
}

#[test]
fn what_is_no_classification_is_refused() {
    for text in [
        "",
        "mean",
        "quantile",
        "quantile:",
        "quantile:1",
        "quantile:22",
        "quantile:-3",
        "quantile:2.5",
        "equal-interval:999",
        "incremental-mean:5",
        "volume:",
        "volume:0",
        "volume:101",
        "volume:50,50",
        "volume:NaN",
        "area:-1",
        "area:1,,2",
        "area:1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21",
        "limits:",
        "limits:0",
        "limits:5,4",
        "limits:inf",
        "limits:1,1",
    ] {
        assert!(text.parse::<Classification>().is_err(), "{text}");
    }
}

proptest! {
    /// Few different values, so that equal ones are common.
    #[test]
    fn the_volume_contour_holds_its_share_and_nothing_smaller_does(
        values in prop::collection::vec(0_u8..9, 1..80),
        inside in prop::collection::vec(any::<bool>(), 80),
        percent in 1_u8..=100,
    ) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let within: Vec<f64> =
            values.iter().zip(&inside).filter(|(_, inside)| **inside).map(|(value, _)| *value).collect();
        let Some(limits) = rule(&format!("volume:{percent}")).limits(&values, &inside) else {
            prop_assert!(within.iter().all(|value| *value == 0.0));
            return Ok(());
        };
        let limit = limits.as_slice()[0];
        let held: Vec<f64> = within.iter().copied().filter(|value| *value >= limit).collect();
        let wanted = f64::from(percent) * within.iter().sum::<f64>();
        prop_assert!(100.0 * held.iter().sum::<f64>() >= wanted);
        // Whole levels are left away together; without the lowest one too little is held.
        let lowest = held.iter().copied().fold(f64::INFINITY, f64::min);
        let hotter: f64 = held.iter().filter(|value| **value > lowest).sum();
        prop_assert!(100.0 * hotter < wanted);
    }

    #[test]
    fn the_share_of_the_area_is_reached_and_no_level_is_too_much(
        values in prop::collection::vec(0_u8..30, 1..80),
        percent in 1_u8..=100,
    ) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let inside = vec![true; values.len()];
        let Some(limits) = rule(&format!("area:{percent}")).limits(&values, &inside) else {
            prop_assert!(values.iter().all(|value| *value == 0.0));
            return Ok(());
        };
        let at_least = |limit: f64| values.iter().filter(|value| **value >= limit).count();
        let limit = limits.as_slice()[0];
        let wanted = usize::from(percent) * values.len();
        let positive = at_least(f64::MIN_POSITIVE);
        prop_assert!(100 * at_least(limit) >= wanted.min(100 * positive));
        let lowest = values.iter().copied().filter(|value| *value >= limit).fold(f64::INFINITY, f64::min);
        prop_assert!(100 * at_least(lowest.next_up()) < wanted);
    }

    #[test]
    fn limits_ascend_and_every_class_has_one(
        values in prop::collection::vec(prop_oneof![Just(0.0), 0.0..1e3_f64, Just(7.0)], 1..60),
    ) {
        for words in WORDS {
            let rule = rule(words);
            if let Some(limits) = rule.limits(&values, &vec![true; values.len()]) {
                prop_assert_eq!(limits.as_slice().len(), rule.classes());
                prop_assert!(limits.as_slice().is_sorted());
                prop_assert!(limits.as_slice().iter().all(|limit| *limit > 0.0 && limit.is_finite()));
                for limit in limits.thresholds().as_slice() {
                    prop_assert_eq!(limits.of_class(limits.class_from(*limit)), Some(*limit));
                }
            }
        }
    }
}
