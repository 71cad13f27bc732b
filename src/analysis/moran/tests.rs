use super::*;
use crate::analysis::{
    neighbours::Neighbours,
    random::Seed,
    testing::{Seeded, on_threads},
};

/// Up to `most` random neighbours each, in one direction only.
fn random_neighbours(seeded: &mut Seeded, n: usize, most: usize) -> Neighbours {
    let rows: Vec<Vec<u32>> = (0..n)
        .map(|_| (0..seeded.below(most + 1)).map(|_| u32::try_from(seeded.below(n)).unwrap()).collect())
        .collect();
    Neighbours::from_rows(n, rows)
}

fn ring(n: u32) -> Neighbours {
    Neighbours::from_rows(n as usize, (0..n).map(|i| vec![(i + 1) % n, (i + n - 1) % n]))
}

/// All orders of some values.
fn orders(values: &[f64]) -> Vec<Vec<f64>> {
    if values.is_empty() {
        return vec![Vec::new()];
    }
    let with = |first: usize| {
        let mut rest = values.to_vec();
        let value = rest.remove(first);
        orders(&rest).into_iter().map(move |mut order| {
            order.insert(0, value);
            order
        })
    };
    (0..values.len()).flat_map(with).collect()
}

fn mean_and_variance(all: &[f64]) -> (f64, f64) {
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    (mean, all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64)
}

#[test]
fn moments_are_those_of_all_orders_of_the_values() {
    let mut seeded = Seeded::new(21);
    for _ in 0..4 {
        let neighbours = random_neighbours(&mut seeded, 6, 3);
        let values: Vec<_> = (0..6).map(|_| seeded.between(0.0, 9.0).powi(2)).collect();
        let orders = orders(&values);
        for weights in [Weights::Binary, Weights::RowStandardised] {
            for statistic in [moran, geary] {
                let all: Vec<_> =
                    orders.iter().map(|o| statistic(o, &neighbours, weights).unwrap().value).collect();
                let (mean, variance) = mean_and_variance(&all);
                let found = statistic(&values, &neighbours, weights).unwrap();
                assert!((found.expected - mean).abs() < 1e-12, "{mean} {found:?}");
                let test = found.test.unwrap();
                assert!((test.variance / variance - 1.0).abs() < 1e-9, "{variance} {test:?}");
                assert!((test.z - (found.value - mean) / variance.sqrt()).abs() < 1e-9);
            }
        }
        let locals = local_moran(&values, &neighbours);
        for (place, local) in locals.iter().enumerate() {
            let Some(local) = local else {
                assert!(neighbours.of(place).is_empty());
                continue;
            };
            let of = |order: &Vec<f64>| local_moran(order, &neighbours)[place].unwrap().i;
            let all: Vec<_> = orders.iter().map(of).collect();
            let (mean, variance) = mean_and_variance(&all);
            assert!((local.randomised.expected - mean).abs() < 1e-12);
            assert!((local.randomised.variance / variance - 1.0).abs() < 1e-9);
            let held: Vec<_> = orders
                .iter()
                .filter(|order| order[place].total_cmp(&values[place]).is_eq())
                .map(of)
                .collect();
            let (mean, variance) = mean_and_variance(&held);
            assert!((local.conditional.expected - mean).abs() < 1e-12);
            assert!((local.conditional.variance / variance - 1.0).abs() < 1e-9);
        }
    }
}

#[test]
fn statistics_are_the_formulas_over_all_pairs() {
    let mut seeded = Seeded::new(22);
    for n in [4, 30, 100] {
        let neighbours = random_neighbours(&mut seeded, n, 5);
        let x: Vec<_> = (0..n).map(|_| seeded.between(0.0, 9.0).floor()).collect();
        let mean = x.iter().sum::<f64>() / n as f64;
        let squares: f64 = x.iter().map(|x| (x - mean).powi(2)).sum();
        for weights in [Weights::Binary, Weights::RowStandardised] {
            let weight = |i: usize, j: usize| {
                let around = neighbours.of(i);
                if !around.iter().any(|&k| k as usize == j) {
                    return 0.0;
                }
                if weights == Weights::Binary { 1.0 } else { 1.0 / around.len() as f64 }
            };
            let pairs = || (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
            let s0: f64 = pairs().map(|(i, j)| weight(i, j)).sum();
            let crossed: f64 = pairs().map(|(i, j)| weight(i, j) * (x[i] - mean) * (x[j] - mean)).sum();
            let apart: f64 = pairs().map(|(i, j)| weight(i, j) * (x[i] - x[j]).powi(2)).sum();
            let i = moran(&x, &neighbours, weights).unwrap().value;
            assert!((i - n as f64 * crossed / (s0 * squares)).abs() < 1e-12);
            let c = geary(&x, &neighbours, weights).unwrap().value;
            assert!((c - (n as f64 - 1.0) * apart / (2.0 * s0 * squares)).abs() < 1e-12);
        }
        for (i, local) in local_moran(&x, &neighbours).iter().enumerate() {
            let around = neighbours.of(i);
            let lag = around.iter().map(|&j| x[j as usize] - mean).sum::<f64>() / around.len() as f64;
            let naive = (n as f64 - 1.0) * (x[i] - mean) * lag / squares;
            assert!(local.is_none_or(|local| (local.i - naive).abs() < 1e-12));
            assert_eq!(local.is_none(), around.is_empty());
        }
    }
}

/// Probabilities by draws of its own for each place.
fn naive_p(x: &[f64], neighbours: &Neighbours, times: u32, seeded: &mut Seeded) -> Vec<Option<PermutationP>> {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    (0..x.len())
        .map(|i| {
            let around = neighbours.of(i);
            let statistic = |sum: f64| (x[i] - mean) * (sum - mean * around.len() as f64);
            let observed = statistic(around.iter().map(|&j| x[j as usize]).sum());
            let mut others: Vec<_> = (0..x.len()).filter(|&j| j != i).collect();
            let (mut greater, mut less) = (1.0, 1.0);
            for _ in 0..times {
                seeded.shuffle(&mut others);
                let drawn = statistic(others[..around.len()].iter().map(|&j| x[j]).sum());
                greater += f64::from(u8::from(drawn >= observed - 1e-9));
                less += f64::from(u8::from(drawn <= observed + 1e-9));
            }
            let all = f64::from(times) + 1.0;
            (!around.is_empty()).then_some(PermutationP { greater: greater / all, less: less / all })
        })
        .collect()
}

#[test]
fn shared_draws_give_the_probabilities_of_draws_of_their_own() {
    let mut seeded = Seeded::new(23);
    for n in [7, 40] {
        let neighbours = random_neighbours(&mut seeded, n, 5);
        let x: Vec<_> = (0..n).map(|_| seeded.between(0.0, 2.2).powi(3).floor()).collect();
        let times = 20_000;
        let shared = permutation_p(&x, &neighbours, Permutations::new(times).unwrap(), Seed(5));
        let own = naive_p(&x, &neighbours, times, &mut seeded);
        for (shared, own) in shared.iter().zip(&own) {
            let (Some(shared), Some(own)) = (shared, own) else {
                assert_eq!(shared, own);
                continue;
            };
            for (a, b) in [(shared.greater, own.greater), (shared.less, own.less)] {
                let sd = (b * (1.0 - b) / f64::from(times)).sqrt();
                assert!((a - b).abs() <= 8.0 * sd + 1e-4, "n = {n}: {a} {b}");
            }
        }
    }
}

#[test]
fn every_draw_for_every_place_is_as_likely_as_the_others() {
    // Of five places a place has four others, and six pairs of them with sums of their own.
    let x = [1.0, 2.0, 4.0, 8.0, 16.0];
    let pairs = |i: usize| {
        let others: Vec<_> = (0..5).filter(move |&j| j != i).collect();
        others
            .iter()
            .flat_map(|&a| others.iter().map(move |&b| (a, b)))
            .filter(|(a, b)| a < b)
            .collect::<Vec<_>>()
    };
    for i in 0..5 {
        for (a, b) in pairs(i) {
            let mut rows = vec![Vec::new(); 5];
            rows[i] = vec![u32::try_from(a).unwrap(), u32::try_from(b).unwrap()];
            let neighbours = Neighbours::from_rows(5, rows);
            let p = permutation_p(&x, &neighbours, Permutations::new(60_000).unwrap(), Seed(3))[i].unwrap();
            let above = pairs(i).iter().filter(|(c, d)| x[*c] + x[*d] >= x[a] + x[b]).count() as f64;
            let below = pairs(i).iter().filter(|(c, d)| x[*c] + x[*d] <= x[a] + x[b]).count() as f64;
            let (greater, less) = if x[i] > 6.2 { (above, below) } else { (below, above) };
            assert!(
                (p.greater - greater / 6.0).abs() < 0.01 && (p.less - less / 6.0).abs() < 0.01,
                "{i} {p:?}"
            );
        }
    }
}

#[test]
fn probabilities_depend_on_the_seed_only() {
    let mut seeded = Seeded::new(24);
    let neighbours = random_neighbours(&mut seeded, 500, 6);
    let x: Vec<_> = (0..500).map(|_| seeded.between(0.0, 5.0).floor()).collect();
    let p = |seed| permutation_p(&x, &neighbours, Permutations::default(), Seed(seed));
    assert_eq!(on_threads(1, || p(1)), on_threads(4, || p(1)));
    assert_ne!(p(1), p(2));
    for p in p(1).into_iter().flatten() {
        let possible = (0.001..=1.0).contains(&p.greater) && (0.001..=1.0).contains(&p.less);
        assert!(possible && p.greater + p.less >= 1.001 - 1e-12 && p.two_sided() <= 1.0, "{p:?}");
    }
}

#[test]
fn quadrants_are_the_signs_of_a_place_and_its_neighbours() {
    let locals = local_moran(&[9.0, 8.0, 9.0, 0.0, 0.0, 0.0, 9.0, 0.0], &ring(8));
    let quadrants: Vec<_> = locals.iter().map(|local| local.unwrap().quadrant.as_str()).collect();
    assert_eq!(quadrants, ["HL", "HH", "HL", "LH", "LL", "LH", "HL", "LH"]);
    for local in locals.into_iter().flatten() {
        let same = matches!(local.quadrant, Quadrant::HighHigh | Quadrant::LowLow);
        assert!(local.i.abs() < 1e-9 || same == (local.i > 0.0), "{local:?}");
    }
    // The mean counts as low, for a place as for its neighbours.
    let mean = local_moran(&[1.0, 2.0, 3.0, 2.0], &ring(4));
    assert_eq!(mean[1].unwrap().quadrant, Quadrant::LowLow);
    assert_eq!((mean[1].unwrap().i, mean[1].unwrap().conditional.z), (0.0, None));
    assert_eq!(mean[2].unwrap().quadrant, Quadrant::HighLow);
}

#[test]
fn equal_values_islands_and_few_places_are_undefined() {
    let permutations = Permutations::default();
    for n in [0_usize, 1, 2, 3, 9] {
        let complete = Neighbours::from_rows(n, (0..n).map(|_| (0_u32..).take(n).collect()));
        let equal = vec![0.1; n];
        assert_eq!(local_moran(&equal, &complete), vec![None; n]);
        assert_eq!(permutation_p(&equal, &complete, permutations, Seed(1)), vec![None; n]);
        assert_eq!(
            (moran(&equal, &complete, Weights::Binary), geary(&equal, &complete, Weights::Binary)),
            (None, None)
        );

        let different: Vec<_> = (0_u32..).take(n).map(f64::from).collect();
        let islands = Neighbours::from_rows(n, []);
        assert_eq!(local_moran(&different, &islands), vec![None; n]);
        assert_eq!(permutation_p(&different, &islands, permutations, Seed(1)), vec![None; n]);
        assert_eq!(moran(&different, &islands, Weights::RowStandardised), None);

        // Where all others are neighbours, nothing can be drawn but what is there.
        let locals = local_moran(&different, &complete);
        let p = permutation_p(&different, &complete, permutations, Seed(1));
        for (local, p) in locals.iter().zip(p) {
            if n > 1 {
                assert_eq!((local.unwrap().conditional.z, p.unwrap().two_sided()), (None, 1.0));
            }
        }
        if n > 1 {
            let (i, c) = (
                moran(&different, &complete, Weights::Binary),
                geary(&different, &complete, Weights::Binary),
            );
            assert!((i.unwrap().value + 1.0 / (n as f64 - 1.0)).abs() < 1e-12 && i.unwrap().test.is_none());
            assert!((c.unwrap().value - 1.0).abs() < 1e-12 && c.unwrap().test.is_none());
        }
    }
}

#[test]
fn three_places_on_a_line_and_a_single_spike_are_defined() {
    let line = Neighbours::from_rows(3, [vec![1], vec![0, 2], vec![1]]);
    let locals = local_moran(&[0.0, 1.0, 5.0], &line);
    // d = −2, −1, 3; Σ d² = 14: 2 · (−2)(−1)/14.
    assert!((locals[0].unwrap().i - 2.0 / 7.0).abs() < 1e-12 && locals[0].unwrap().conditional.z.is_some());
    assert!(moran(&[0.0, 1.0, 5.0], &line, Weights::Binary).unwrap().test.is_none());
    let mut values = vec![0.1; 40];
    values[7] = 3.3;
    let spike = local_moran(&values, &ring(40));
    assert_eq!(spike[7].unwrap().conditional.z, None);
    assert_eq!(spike[7].unwrap().quadrant, Quadrant::HighLow);
    let p = permutation_p(&values, &ring(40), Permutations::default(), Seed(1));
    assert!((p[7].unwrap().two_sided() - 1.0).abs() < 1e-12);
    let finite = |moments: Moments| {
        moments.expected.is_finite() && moments.variance.is_finite() && moments.z.is_none_or(f64::is_finite)
    };
    assert!(spike.iter().flatten().all(|local| finite(local.conditional) && finite(local.randomised)));
}

#[test]
fn numbers_of_permutations_are_checked() {
    assert!(Permutations::new(99).is_ok() && Permutations::new(99_999).is_ok());
    for number in [0, 98, 100_000, u32::MAX] {
        assert!(Permutations::new(number).unwrap_err().rule.contains("99 to 99999"));
    }
}
