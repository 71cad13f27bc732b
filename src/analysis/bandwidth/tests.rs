use std::f64::consts::PI;

use super::{left_out::LeftOut, nearest::mean_nearest_m, optimum::minima, pairs::PairDistances, *};
use crate::{
    analysis::{
        density::{Kernel, WeightedPoint, merge},
        testing::{Seeded, metres, on_threads, point},
    },
    model::SquareMetres,
};

/// Incidents of some clusters, a third of them snapped to corners of a 200 m grid, by place.
fn city(incidents: usize, seed: u64) -> Vec<WeightedPoint> {
    let mut seeded = Seeded::new(seed);
    let points = seeded.points(incidents, 3_000.0);
    let snap = |c: f64| (c / 200.0).round() * 200.0;
    let place = |(index, at): (usize, &WeightedPoint)| {
        let (e, n) = (at.position.easting_m(), at.position.northing_m());
        if index % 3 == 0 { point(snap(e), snap(n), 1.0) } else { point(e, n, 1.0) }
    };
    merge(points.iter().enumerate().map(place).collect())
}

fn situation(places: &[WeightedPoint]) -> Situation<'_> {
    Situation {
        counted: places,
        weighted: places,
        cell: metres(40.0),
        shorter_side: metres(6_000.0),
        area: SquareMetres(36e6),
        kernel: Kernel::Quartic,
    }
}

/// Every pair of places, each in both orders, with the product of their weights and their distance.
fn pairs_of(places: &[WeightedPoint]) -> Vec<(usize, usize, f64, f64)> {
    let n = places.len();
    (0..n * n)
        .map(|pair| (pair / n, pair % n))
        .map(|(i, j)| {
            let (a, b) = (&places[i], &places[j]);
            (i, j, a.weight * b.weight, a.position.distance_2(b.position))
        })
        .collect()
}

fn normal(distance_2: f64, variance: f64) -> f64 {
    (-distance_2 / (2.0 * variance)).exp() / (2.0 * PI * variance)
}

#[test]
fn least_squares_from_binned_distances_equal_the_sum_over_all_pairs() {
    for incidents in [2, 3, 40, 600] {
        let places = city(incidents, 7);
        let pairs = pairs_of(&places);
        let total: f64 = places.iter().map(|place| place.weight).sum();
        let binned = PairDistances::of(&places);
        for sigma_m in [10.0, 33.0, 100.0, 450.0, 2_000.0, 50_000.0] {
            let variance = sigma_m * sigma_m;
            let wide: f64 = pairs.iter().map(|(.., w, d)| w * normal(*d, 2.0 * variance)).sum();
            let others = pairs.iter().filter(|(i, j, ..)| i != j);
            let (narrow, weight) = others
                .fold((0.0, 0.0), |(sum, weight), (_, _, w, d)| (sum + w * normal(*d, variance), weight + w));
            let squared = wide / (total * total);
            let naive = squared - 2.0 * narrow / weight;
            let height = 1.0 / (2.0 * PI * variance);
            let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-11 * height, "{sigma_m}: {a} is not {b}");
            near(binned.criterion(sigma_m).unwrap(), naive);
            let at_place: f64 = places.iter().map(|place| place.weight * (place.weight - 1.0)).sum();
            let alone = (narrow + at_place * height) / (total * (total - 1.0));
            near(binned.criterion_by_incident(sigma_m).unwrap(), squared - 2.0 * alone);
        }
    }
}

#[test]
fn sums_over_others_equal_those_over_all_pairs() {
    for incidents in [2, 3, 9, 300, 700] {
        let places = city(incidents, 8);
        let pairs = pairs_of(&places);
        let left_out = LeftOut::new(&places);
        let ladder = left_out.at_each(3_000.0, 16);
        assert_eq!(ladder.len(), 16);
        for sums in ladder.iter().chain([&left_out.at(120.0), &left_out.at(1e5)]) {
            let sigma_2 = sums.sigma_m * sums.sigma_m;
            let mut naive = vec![0.0; places.len()];
            for (i, j, _, d) in pairs.iter().filter(|(i, j, ..)| i != j) {
                naive[*i] += places[*j].weight * (-d / (2.0 * sigma_2)).exp();
            }
            for (fast, naive) in sums.others.iter().zip(&naive) {
                assert!((fast - naive).abs() <= 1e-10 * naive + 1e-290, "{} {fast} {naive}", sums.sigma_m);
            }
            let likelihood: f64 = places
                .iter()
                .zip(&naive)
                .map(|(place, sum)| place.weight * (sum / (2.0 * PI * sigma_2)).ln() - place.weight)
                .sum();
            let given = left_out.log_likelihood(sums);
            // Both are −∞ where a place has no other within reach.
            let off =
                if given.is_finite() { given / likelihood - 1.0 } else { given.max(likelihood).recip() };
            assert!(off.abs() < 1e-10, "{given} {likelihood}");
            let ground: f64 = places
                .iter()
                .zip(&naive)
                .map(|(place, sum)| place.weight * 2.0 * PI * sigma_2 / (sum + place.weight))
                .sum();
            let left = left_out.area_left_m2(sums, SquareMetres(36e6));
            assert!((left - (36e6 - ground)).abs() < 1e-9 * (36e6 + ground), "{left} {ground}");
        }
    }
}

#[test]
fn mean_distances_to_the_nearest_equal_those_of_sorted_distances() {
    let on_a_line: Vec<_> = (0..50).map(|i| point(394_500.0, 290_000.0 + f64::from(i * i), 1.0)).collect();
    let mut with_outlier = city(300, 9);
    with_outlier.push(point(600_000.0, 900_000.0, 2.0));
    for places in [city(2, 9), city(30, 9), city(900, 9), on_a_line, merge(with_outlier)] {
        let incidents = table::every_incident(&places);
        let ks = [1, 2, 5, 20, 49, 299];
        for (k, mean) in ks.into_iter().zip(mean_nearest_m(&places, &ks)) {
            if k as usize >= incidents.len() {
                assert_eq!(mean, None);
                continue;
            }
            let nearest = |at: &crate::model::GridPoint| {
                let mut distances: Vec<_> = incidents.iter().map(|other| at.distance_2(*other)).collect();
                distances.sort_unstable_by(f64::total_cmp);
                distances[k as usize].sqrt()
            };
            let naive = incidents.iter().map(nearest).sum::<f64>() / incidents.len() as f64;
            assert!((mean.unwrap() - naive).abs() < 1e-9 * naive + 1e-12, "{k}: {mean:?} {naive}");
        }
    }
}

#[test]
fn minima_are_found_and_ordered_by_value() {
    let geometric = |from: f64, to: f64, n: i32| -> Vec<f64> {
        (0..n).map(|k| from * (to / from).powf(f64::from(k) / f64::from(n - 1))).collect()
    };
    // Two wells in ln σ, at 100 and, deeper, at 1,000.
    let wells = |sigma: f64| {
        let (a, b) = ((sigma / 100.0).ln(), (sigma / 1_000.0).ln());
        -(-8.0 * a * a).exp() - 2.0 * (-8.0 * b * b).exp()
    };
    let on = |f: &dyn Fn(f64) -> f64| -> Vec<_> {
        geometric(10.0, 4_000.0, 40).into_iter().map(|sigma| (sigma, f(sigma))).collect()
    };
    let found = minima(&on(&wells), 5, wells);
    assert_eq!(found.len(), 2);
    assert!((found[0].sigma_m / 1_000.0 - 1.0).abs() < 1e-4 && (found[1].sigma_m / 100.0 - 1.0).abs() < 1e-4);
    assert_eq!(minima(&on(&wells), 1, wells).len(), 1);

    let falling = |sigma: f64| 1.0 / sigma;
    let [end] = minima(&on(&falling), 5, falling)[..] else { panic!("one minimum") };
    assert!(end.at_bound && (end.sigma_m - 4_000.0).abs() < 1e-9);
    // Undefined below 50.
    let partly = |sigma: f64| if sigma < 50.0 { f64::NAN } else { (sigma / 60.0).ln().powi(2) };
    let found = minima(&on(&partly), 5, partly);
    assert!((found[0].sigma_m / 60.0 - 1.0).abs() < 1e-4 && !found[0].at_bound);
    for never in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(minima(&on(&|_| never), 5, |_| never).is_empty());
    }
    assert!(minima(&[], 5, falling).is_empty());
    assert!((minima(&[(7.0, 1.0)], 5, |_| 1.0)[0].sigma_m - 7.0).abs() < 1e-9);
}

#[test]
fn scott_is_the_default_within_its_limits() {
    let places = city(500, 11);
    let incidents = table::every_incident(&places);
    let sigma_m = spread::scott_sigma_m(&incidents).unwrap();
    let chosen = choose(Rule::Scott, &situation(&places));
    assert_eq!((chosen.rule, chosen.given.sigma_m, chosen.instead_of), (Rule::Scott, sigma_m, None));
    assert_eq!((chosen.given.raw_m, chosen.incidents), (sigma_m * Kernel::Quartic.per_sigma(), 500));
    let gaussian = choose(Rule::Scott, &Situation { kernel: Kernel::Gaussian, ..situation(&places) });
    assert_eq!((gaussian.given.raw_m, gaussian.given.sigma_m), (sigma_m, sigma_m));
    let narrow = choose(Rule::Scott, &Situation { shorter_side: metres(400.0), ..situation(&places) });
    assert_eq!(
        (narrow.given.bandwidth.get(), narrow.given.limited),
        (120.0, Some(BandwidthLimit::ThreeCells))
    );
}

#[test]
fn rules_for_a_quartic_radius_are_converted_for_other_kernels() {
    let places = city(300, 12);
    for rule in Rule::ALL.into_iter().filter(|rule| !rule.gives_sigma() && *rule != Rule::ArcGisWeighted) {
        let given = |kernel| choose(rule, &Situation { kernel, ..situation(&places) }).given;
        let (quartic, gaussian) = (given(Kernel::Quartic), given(Kernel::Gaussian));
        assert!((gaussian.raw_m - quartic.sigma_m).abs() < 1e-9, "{rule}");
        assert!((quartic.raw_m / gaussian.raw_m - Kernel::Quartic.per_sigma()).abs() < 1e-9, "{rule}");
    }
}

#[test]
fn incidents_without_spread_get_five_cells_and_a_reason() {
    let alike = [point(394_500.1, 290_500.7, 7.0)];
    let one = [point(394_500.1, 290_500.7, 1.0)];
    let on_a_line: Vec<_> = (0..7).map(|i| point(394_500.1, 290_500.0 + f64::from(i), 1.0)).collect();
    let two = [point(394_500.0, 290_500.0, 1.0), point(394_700.0, 290_900.0, 1.0)];
    for (places, incidents) in [(&[][..], 0), (&one[..], 1), (&alike, 7), (&on_a_line, 7), (&two, 2)] {
        for value in values(&Rule::ALL, &situation(places)) {
            if let Ok(given) = &value.given {
                assert!(given.sigma_m > 0.0 && given.raw_m.is_finite(), "{value:?}");
                assert!((120.0..=1_500.0).contains(&given.bandwidth.get()), "{value:?}");
                assert!(given.optima.iter().all(|optimum| optimum.value.is_finite()), "{value:?}");
            }
            let chosen = choose(value.rule, &situation(places));
            assert_eq!(chosen.incidents, incidents);
            match value.given {
                Ok(given) => assert_eq!((chosen.rule, chosen.given), (value.rule, given)),
                Err(reason) => {
                    assert_eq!(
                        (chosen.rule, chosen.instead_of),
                        (Rule::FiveCells, Some((value.rule, reason)))
                    );
                    assert_eq!((chosen.given.bandwidth.get(), chosen.given.limited), (200.0, None));
                    assert!(!reason.to_string().is_empty());
                }
            }
        }
    }
    let reason = |places: &[WeightedPoint], rule| values(&[rule], &situation(places)).remove(0).given.err();
    assert_eq!(reason(&[], Rule::Scott), Some(NotApplicable::TooFewIncidents { least: 2 }));
    assert_eq!(reason(&alike, Rule::Scott), Some(NotApplicable::NoSpread));
    assert_eq!(reason(&on_a_line, Rule::Scott), Some(NotApplicable::NoSpread));
    assert_eq!(reason(&alike, Rule::Nearest(5)), Some(NotApplicable::NoSpread));
    assert_eq!(reason(&alike, Rule::LeastSquares), Some(NotApplicable::OnePlace));
    assert_eq!(reason(&two, Rule::Nearest(5)), Some(NotApplicable::TooFewIncidents { least: 6 }));
    assert_eq!(reason(&two, Rule::ArcGisWeighted), Some(NotApplicable::NoWeights));
    assert_eq!(reason(&[], Rule::HotspotDetective), None);
}

#[test]
fn too_many_places_are_told_and_not_computed() {
    let place = |i: usize| point(i as f64, 5.0 + (i % 77) as f64, 1.0);
    let places: Vec<_> = (0..=table::MOST_PLACES_LEFT_OUT).map(place).collect();
    let given = values(&[Rule::Likelihood], &situation(&places)).remove(0).given;
    assert_eq!(given, Err(NotApplicable::TooManyPlaces { most: table::MOST_PLACES_LEFT_OUT }));
}

#[test]
fn a_city_of_twice_the_size_has_twice_the_bandwidth() {
    let places = city(400, 13);
    let twice = |c: f64, origin: f64| origin + 2.0 * (c - origin);
    let larger: Vec<_> = places
        .iter()
        .map(|p| {
            let (e, n) = (p.position.easting_m(), p.position.northing_m());
            point(twice(e, 400_000.0), twice(n, 290_000.0), p.weight)
        })
        .collect();
    let doubled = Situation {
        shorter_side: metres(12_000.0),
        area: SquareMetres(4.0 * 36e6),
        cell: metres(80.0),
        ..situation(&larger)
    };
    let both = values(&Rule::ALL, &situation(&places)).into_iter().zip(values(&Rule::ALL, &doubled));
    for (small, large) in both.filter(|(small, _)| small.rule != Rule::ArcGisWeighted) {
        let (small_given, large_given) = (small.given.unwrap(), large.given.unwrap());
        let (small_m, large_m) = (small_given.sigma_m, large_given.sigma_m);
        // The range of the search begins at 10 m for both, and there the snapped third draws this one.
        let collapsed = small_given.optima.first().is_some_and(|optimum| optimum.at_bound);
        assert_eq!(collapsed, small.rule == Rule::LeastSquaresByIncident);
        assert!(collapsed || (large_m / small_m - 2.0).abs() < 1e-4, "{}: {small_m} {large_m}", small.rule);
    }
}

#[test]
fn threads_make_no_difference() {
    let places = city(900, 14);
    let all = |threads| on_threads(threads, || format!("{:?}", values(&Rule::ALL, &situation(&places))));
    assert_eq!(all(1), all(4));
}
