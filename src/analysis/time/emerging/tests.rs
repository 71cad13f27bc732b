//! Tests of emerging hot spots: the fast ways against the obvious ones, and what has to hold.

use super::{gi_star::GlobalWindow, *};
use crate::analysis::{
    fdr,
    gi_star::gi_star as plain_gi_star,
    testing::{Seeded, on_threads},
};

const WINDOWS: [GlobalWindow; 3] =
    [GlobalWindow::EntireCube, GlobalWindow::NeighbourhoodSteps, GlobalWindow::IndividualStep];

fn random(seeded: &mut Seeded, places: usize, steps: usize) -> (Cube, Neighbours) {
    let mut cube = Cube::new(places, steps);
    for _ in 0..places * steps / 2 {
        cube.add(seeded.below(places), seeded.below(steps), seeded.between(0.0, 3.0).ceil());
    }
    let rows: Vec<Vec<u32>> = (0..places)
        .map(|_| (0..seeded.below(5)).map(|_| u32::try_from(seeded.below(places)).unwrap()).collect())
        .collect();
    (cube, Neighbours::from_rows(places, rows))
}

/// Every bin against every other.
fn naive(cube: &Cube, neighbours: &Neighbours, back: usize, window: GlobalWindow) -> Vec<f64> {
    let bins: Vec<(usize, usize)> =
        (0..cube.places()).flat_map(|place| (0..cube.steps()).map(move |step| (place, step))).collect();
    let value = |(place, step): (usize, usize)| cube.series(place)[step];
    let statistic = |&(place, step): &(usize, usize)| {
        let reach = |other: usize| other <= step && step - other <= back;
        let in_window = |other: usize| match window {
            GlobalWindow::EntireCube => true,
            GlobalWindow::NeighbourhoodSteps => reach(other),
            GlobalWindow::IndividualStep => other == step,
        };
        let all: Vec<_> = bins.iter().filter(|bin| in_window(bin.1)).copied().collect();
        let near = |other: usize| other == place || neighbours.of(place).iter().any(|&n| n as usize == other);
        let around: Vec<_> = all.iter().filter(|bin| near(bin.0) && reach(bin.1)).copied().collect();
        let n = all.len() as f64;
        let w = around.len() as f64;
        let mean = all.iter().map(|&bin| value(bin)).sum::<f64>() / n;
        let s = (all.iter().map(|&bin| (value(bin) - mean).powi(2)).sum::<f64>() / n).sqrt();
        let sum: f64 = around.iter().map(|&bin| value(bin)).sum();
        let spread = s * ((n * w - w * w) / (n - 1.0)).sqrt();
        if spread > 0.0 { (sum - mean * w) / spread } else { 0.0 }
    };
    bins.iter().map(statistic).collect()
}

#[test]
fn z_is_the_formula_over_all_pairs_of_bins() {
    let mut seeded = Seeded::new(101);
    for (places, steps) in [(1, 1), (1, 6), (4, 1), (7, 5), (25, 9)] {
        let (cube, neighbours) = random(&mut seeded, places, steps);
        for window in WINDOWS {
            for back in [0, 1, 3, 50] {
                let fast = gi_star::space_time(&cube, &neighbours, back, window);
                for (fast, naive) in fast.iter().zip(naive(&cube, &neighbours, back, window)) {
                    assert!((fast - naive).abs() < 1e-9 * (1.0 + naive.abs()), "{places} {steps} {window:?}");
                }
            }
        }
    }
}

#[test]
fn one_step_on_its_own_is_plain_gi_star() {
    let (cube, neighbours) = random(&mut Seeded::new(102), 40, 6);
    let z = gi_star::space_time(&cube, &neighbours, 2, GlobalWindow::IndividualStep);
    for step in 0..6 {
        let values: Vec<_> = cube.all_series().map(|series| series[step]).collect();
        for (place, plain) in plain_gi_star(&values, &neighbours).iter().enumerate() {
            assert!((z[place * 6 + step] - plain.z).abs() < 1e-12);
        }
    }
}

#[test]
fn hot_and_cold_bins_are_those_of_the_step_up_procedure() {
    let mut seeded = Seeded::new(103);
    for alpha in [0.001, 0.05, 0.3] {
        let z: Vec<_> = (0..400).map(|_| (seeded.between(-3.6, 3.6) * 20.0).round() / 20.0).collect();
        let p: Vec<_> = z.iter().map(|&z| normal::two_sided_p(z)).collect();
        let adjusted = fdr::benjamini_hochberg(&p);
        let alpha = Alpha::new(alpha).unwrap();
        let limit = least_z(&z, alpha, true).unwrap_or(f64::INFINITY);
        let plain = least_z(&z, alpha, false).unwrap_or(f64::INFINITY);
        for ((z, p), adjusted) in z.iter().zip(&p).zip(&adjusted) {
            if (adjusted - alpha.get()).abs() > 1e-12 {
                assert_eq!(z.abs() >= limit, *adjusted <= alpha.get(), "{z} {adjusted}");
            }
            assert_eq!(z.abs() >= plain, *p <= alpha.get());
        }
    }
    assert_eq!(least_z(&[0.0; 9], Alpha::default(), true), None);
    assert_eq!(least_z(&[0.0; 9], Alpha::default(), false), None);
}

#[test]
fn equal_and_empty_cubes_have_no_pattern() {
    let line = Neighbours::from_rows(9, (0..9_u32).map(|i| vec![i + 1, i.wrapping_sub(1)]));
    let mut equal = Cube::new(9, 5);
    for place in 0..9 {
        (0..5).for_each(|step| assert!(equal.add(place, step, 0.1)));
    }
    for cube in [Cube::new(9, 5), equal, Cube::new(9, 1), Cube::new(9, 0), Cube::new(0, 5)] {
        for window in WINDOWS {
            let found = emerging(&cube, &line, Rules { window, ..Rules::default() });
            assert!(found.least_z.is_none());
            assert!(found.patterns.iter().all(|found| found.category.is_none() && found.trend.p >= 1.0));
            assert_eq!(found.patterns.len(), if cube.steps() == 0 { 0 } else { cube.places() });
            assert!((0..10).all(|place| found.z(place).iter().all(|&z| z == 0.0)));
        }
    }
}

#[test]
fn a_place_without_incidents_of_its_own_can_be_hot() {
    let line = Neighbours::from_rows(60, (0..60_u32).map(|i| vec![i + 1, i.wrapping_sub(1)]));
    let mut cube = Cube::new(60, 12);
    assert!(cube.add(30, 11, 9.0));
    let found = emerging(&cube, &line, Rules::default());
    assert_eq!(found.patterns[31].category, Some(Category { kind: Kind::New, side: Side::Hot }));
}

#[test]
fn cold_spots_mirror_hot_spots() {
    let mut seeded = Seeded::new(104);
    let mirror = |flag: Option<Side>| flag.map(|side| if side == Side::Hot { Side::Cold } else { Side::Hot });
    for _ in 0..3_000 {
        let steps = seeded.below(14);
        // Mostly of one side, or else 90 % would hardly ever be reached.
        let bias = seeded.between(0.0, 1.0);
        let flags: Vec<_> = (0..steps)
            .map(|_| match seeded.between(0.0, 1.0) {
                u if u < bias => Some(Side::Hot),
                u if u < bias + (1.0 - bias) * 0.3 => Some(Side::Cold),
                _ => None,
            })
            .collect();
        let mirrored: Vec<_> = flags.iter().copied().map(mirror).collect();
        for (trend, turned) in [
            (Direction::Up, Direction::Down),
            (Direction::Down, Direction::Up),
            (Direction::Level, Direction::Level),
        ] {
            for definition in [Definition::Current, Definition::ArcGis2] {
                let one = categorise(&flags, trend, definition);
                let other = categorise(&mirrored, turned, definition);
                assert_eq!(one.map(|found| found.kind), other.map(|found| found.kind), "{flags:?}");
                assert_eq!(one.map(|found| Some(found.side)), other.map(|found| mirror(Some(found.side))));
                // Whatever is mostly hot has a hot pattern.
                let hot = flags.iter().filter(|flag| **flag == Some(Side::Hot)).count();
                assert!(10 * hot < 9 * steps || hot == 0 || one.is_some());
            }
        }
    }
}

#[test]
fn the_number_of_threads_makes_no_difference() {
    let (cube, neighbours) = random(&mut Seeded::new(105), 3_000, 12);
    let run = || emerging(&cube, &neighbours, Rules::default());
    assert_eq!(on_threads(1, run), on_threads(4, run));
}
