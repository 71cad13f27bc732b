use super::*;
use crate::analysis::{
    monte_carlo::Replications,
    random::Seed,
    testing::{Seeded, metres, on_threads, point, rectangle, shape},
};

const EDGES: [EdgeCorrection; 3] = [EdgeCorrection::None, EdgeCorrection::Uniform, EdgeCorrection::Diggle];

fn window() -> Window {
    Window::new(&rectangle(399_000.0, 289_000.0, 401_000.0, 291_000.0))
}

fn grid() -> RasterGrid {
    RasterGrid::new(398_900.0, 288_900.0, metres(100.0), 22, 22).unwrap()
}

fn parameters(sigma_m: f64, edge: EdgeCorrection, shrinkage: f64) -> RiskParameters {
    RiskParameters { sigma: metres(sigma_m), edge, shrinkage: Shrinkage::new(shrinkage).unwrap() }
}

fn times(number: u32) -> Replications {
    Replications::new(number).unwrap()
}

/// One event each, at `n` places.
fn events(seed: u64, n: usize) -> Vec<WeightedPoint> {
    let mut points = Seeded::new(seed).points(n, 990.0);
    for point in &mut points {
        point.weight = 1.0;
    }
    points
}

#[test]
fn the_same_places_have_a_ratio_of_one() {
    let (window, places) = (window(), events(61, 200));
    let thrice: Vec<_> = places.iter().map(|place| WeightedPoint { weight: 3.0, ..*place }).collect();
    for edge in EDGES {
        let risk =
            RelativeRisk::new(&places, &thrice, &window, &grid(), parameters(200.0, edge, 0.0)).unwrap();
        assert!(risk.events().iter().zip([200.0, 600.0]).all(|(a, b)| (a - b).abs() < 1e-9));
        for at in risk.surface() {
            assert!(at.log_ratio.unwrap().abs() < 1e-9 && at.z.unwrap().abs() < 1e-7, "{at:?}");
            assert!((at.ratio().unwrap() - 1.0).abs() < 1e-9 && at.difference().abs() < 1e-9);
            assert!((at.p_upper().unwrap() - 0.5).abs() < 1e-7);
        }
    }
}

#[test]
fn densities_integrate_to_one_and_cells_hold_what_places_do() {
    let (window, grid) = (window(), grid());
    let (cases, controls) = (events(62, 80), events(63, 300));
    for edge in EDGES {
        let risk =
            RelativeRisk::new(&cases, &controls, &window, &grid, parameters(250.0, edge, 0.1)).unwrap();
        let surface = risk.surface();
        let inside = || surface.iter().zip(risk.inside()).filter(|(_, inside)| **inside).map(|(at, _)| at);
        for density in [|at: &Compared| at.cases, |at: &Compared| at.controls, |at: &Compared| at.pooled] {
            assert!((inside().map(density).sum::<f64>() * 0.01 - 1.0).abs() < 1e-9);
        }
        for (cell, one) in surface.iter().enumerate() {
            let place =
                GridPoint::new(grid.column_centre_m(cell % 22), grid.row_centre_m(cell / 22)).unwrap();
            let other = risk.at(place);
            assert!((one.log_ratio.unwrap() - other.log_ratio.unwrap()).abs() < 1e-8, "{one:?} or {other:?}");
            assert!((one.z.unwrap() - other.z.unwrap()).abs() < 1e-6, "{one:?} or {other:?}");
        }
        if edge != EdgeCorrection::None {
            assert!(risk.integrals().iter().all(|integral| (integral - 1.0).abs() < 0.05));
        }
    }
}

#[test]
fn exchanging_the_groups_turns_every_sign() {
    let (window, grid) = (window(), grid());
    let (one, other) = (events(64, 80), events(65, 300));
    let of = |a: &[WeightedPoint], b: &[WeightedPoint], share| {
        let parameters = parameters(250.0, EdgeCorrection::Uniform, share);
        RelativeRisk::new(a, b, &window, &grid, parameters).unwrap().surface()
    };
    for share in [0.0, 0.5] {
        for (a, b) in of(&one, &other, share).iter().zip(of(&other, &one, share)) {
            assert_eq!(a.log_ratio.is_some(), b.log_ratio.is_some());
            assert!((a.log_ratio.unwrap_or(0.0) + b.log_ratio.unwrap_or(0.0)).abs() < 1e-12);
            assert!((a.z.unwrap_or(0.0) + b.z.unwrap_or(0.0)).abs() < 1e-9);
        }
    }
}

#[test]
fn shrinkage_draws_the_ratio_to_one() {
    let (window, grid) = (window(), grid());
    let (cases, controls) = (events(66, 40), events(67, 300));
    let of = |share| {
        let parameters = parameters(150.0, EdgeCorrection::Uniform, share);
        RelativeRisk::new(&cases, &controls, &window, &grid, parameters).unwrap().surface()
    };
    let (raw, some, much) = (of(0.0), of(0.2), of(10.0));
    for ((raw, some), much) in raw.iter().zip(&some).zip(&much) {
        let size = |at: &Compared| at.log_ratio.unwrap_or(f64::INFINITY).abs();
        assert!(size(raw) >= size(some) && size(some) >= size(much));
        assert!(size(much) < 1.5);
    }
}

#[test]
fn where_there_is_nothing_there_is_no_ratio() {
    let window = Window::new(&rectangle(399_000.0, 289_000.0, 401_000.0, 291_000.0));
    let (west, east) = ([point(399_300.0, 289_900.0, 5.0)], [point(400_700.0, 290_100.0, 5.0)]);
    let of = |share| {
        let parameters = parameters(20.0, EdgeCorrection::Uniform, share);
        RelativeRisk::new(&west, &east, &window, &grid(), parameters).unwrap()
    };
    assert!(of(0.0).surface().iter().all(|at| at.log_ratio.is_none() && at.z.is_none()));
    assert!(of(0.1).surface().iter().all(|at| at.log_ratio.is_some_and(f64::is_finite)));
    let chances = of(0.0).chances(Seed(1), times(99));
    assert!(chances.upper.iter().chain(&chances.lower).all(Option::is_none));
}

#[test]
fn degenerate_groups_have_no_comparison() {
    let (window, some) = (window(), events(68, 10));
    let of = |a: &[WeightedPoint], b: &[WeightedPoint], window: &Window| {
        RelativeRisk::new(a, b, window, &grid(), parameters(200.0, EdgeCorrection::Uniform, 0.0)).is_some()
    };
    assert!(of(&some, &some, &window));
    assert!(!of(&[], &some, &window) && !of(&some, &[], &window));
    assert!(!of(&some, &[point(400_000.0, 290_000.0, 0.0)], &window));
    assert!(!of(&some, &[point(500_000.0, 200_000.0, 1.0)], &window));
    let nowhere = Window::new(&shape(&[vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]]));
    assert!(!of(&some, &some, &nowhere));
    let same = vec![point(400_000.0, 290_000.0, 1.0); 30];
    for sigma in [1e-3, 200.0, 1e7] {
        let parameters = parameters(sigma, EdgeCorrection::Diggle, 0.0);
        let Some(risk) = RelativeRisk::new(&same, &some, &window, &grid(), parameters) else { continue };
        for at in risk.surface() {
            assert!(at.log_ratio.is_none_or(f64::is_finite) && at.z.is_none_or(f64::is_finite));
            assert!(at.cases.is_finite() && at.controls.is_finite() && at.difference().is_finite());
        }
    }
    assert!(
        Shrinkage::new(-0.1).is_err() && Shrinkage::new(f64::NAN).is_err() && Shrinkage::new(11.0).is_err()
    );
    assert_eq!(default_sigma_m(&[], 0, 0), None);
}

#[test]
fn shuffled_chances_agree_with_the_tolerance_and_with_themselves() {
    let (window, grid) = (window(), grid());
    // A cluster of cases amid controls that are everywhere.
    let mut seeded = Seeded::new(69);
    let mut around = |n: usize, e: f64, spread: f64| {
        let mut at = |middle: f64| middle + seeded.between(-spread, spread);
        (0..n).map(|_| point(at(e), at(290_000.0), 1.0)).collect::<Vec<_>>()
    };
    let (mut cases, controls) = (around(60, 400_000.0, 990.0), around(400, 400_000.0, 990.0));
    cases.extend(around(40, 399_600.0, 150.0));
    for edge in EDGES {
        let risk =
            RelativeRisk::new(&cases, &controls, &window, &grid, parameters(250.0, edge, 0.0)).unwrap();
        let chances = on_threads(1, || risk.chances(Seed(4), times(199)));
        assert_eq!(chances, on_threads(4, || risk.chances(Seed(4), times(199))), "{edge:?}");
        assert_ne!(chances, risk.chances(Seed(5), times(199)));
        let far = risk
            .surface()
            .iter()
            .zip(&chances.upper)
            .zip(risk.inside())
            .filter(|(_, inside)| **inside)
            .filter(|((at, p), _)| (at.p_upper().unwrap() - p.unwrap()).abs() > 0.15)
            .count();
        assert!(far < 40, "{edge:?}: {far} of 400 cells");
        let middle = 11 * 22 + 6;
        assert_eq!(chances.upper[middle], Some(0.005), "{edge:?}");
        assert!(chances.lower[middle].unwrap() > 0.99);
    }
}
