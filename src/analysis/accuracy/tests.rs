use proptest::prelude::*;

use super::*;
use crate::analysis::testing::Seeded;

struct Map {
    scores: Vec<f64>,
    areas_m2: Vec<f64>,
    later: Vec<f64>,
    before: Vec<f64>,
}

impl Map {
    /// A map of `cells` cells with many equal scores and cells without incidents.
    fn seeded(cells: usize, seed: u64) -> Self {
        let mut seeded = Seeded::new(seed);
        let mut whole = |end: f64| (0..cells).map(|_| seeded.between(0.0, end).floor()).collect::<Vec<_>>();
        let (scores, later, before) = (whole(9.0), whole(4.0), whole(4.0));
        let areas_m2 = (0..cells).map(|_| seeded.between(1e3, 1e5)).collect();
        Self { scores, areas_m2, later, before }
    }

    fn judged(&self) -> Judged<'_> {
        Judged {
            scores: &self.scores,
            areas_m2: &self.areas_m2,
            later: &self.later,
            before: &self.before,
            expected: None,
        }
    }

    fn figures(&self, coverage: f64, ground: Ground) -> Figures {
        let coverage = Coverage::new(coverage).unwrap();
        Figures::of(&self.judged(), &Ranking::of(&self.scores), coverage, ground)
    }
}

#[test]
fn cells_of_equal_score_stand_in_the_order_of_the_grid() {
    let ranking = Ranking::of(&[1.0, -0.0, 0.0, f64::NAN, 1.0, f64::INFINITY]);
    assert_eq!(ranking.cells(), [5, 0, 4, 1, 2, 3]);
    assert!(Ranking::of(&[]).cells().is_empty());
}

#[test]
fn a_coverage_takes_as_many_cells_as_fit() {
    let ranking = Ranking::of(&[0.0; 100]);
    let areas: Vec<f64> = (1..=100).map(f64::from).collect();
    let cells = |share: f64, ground| ranking.covering(Coverage::new(share).unwrap(), ground, &areas);
    for whole in 1..=100_u32 {
        // 0.29 · 100 is 28.999999999999996.
        assert_eq!(cells(f64::from(whole) / 100.0, Ground::Cells), whole as usize);
    }
    assert_eq!((cells(0.009, Ground::Cells), cells(1.0, Ground::Area)), (0, 100));
    // 1 + 2 + … + 10 = 55 of 5050.
    assert_eq!((cells(55.0 / 5050.0, Ground::Area), cells(54.9 / 5050.0, Ground::Area)), (10, 9));
    for share in [0.0, -0.1, 1.01, f64::NAN, f64::INFINITY] {
        assert!(Coverage::new(share).is_err());
    }
}

#[test]
fn what_cannot_be_divided_is_not_a_number() {
    let nothing = Map { scores: vec![], areas_m2: vec![], later: vec![], before: vec![] };
    let figures = nothing.figures(0.5, Ground::Area);
    assert_eq!((figures.cells, figures.pai, figures.pei, figures.cutoff), (0, None, None, None));
    assert!(HitCurve::of(&nothing.judged(), &Ranking::of(&[]), Ground::Area).is_none());

    let quiet = Map { later: vec![0.0; 20], ..Map::seeded(20, 1) };
    let figures = quiet.figures(0.5, Ground::Cells);
    assert_eq!((figures.hit_rate, figures.pai, figures.pei), (None, None, None));
    assert_eq!((figures.recapture_rate_index, figures.predicted_observed_ratio), (None, None));
    assert!(HitCurve::of(&quiet.judged(), &Ranking::of(&quiet.scores), Ground::Cells).is_none());

    let few = Map::seeded(20, 2).figures(0.01, Ground::Cells);
    assert_eq!((few.cells, few.hits, few.hit_rate, few.pai, few.pei), (0, 0.0, Some(0.0), None, None));
    let no_ground = Map { areas_m2: vec![0.0; 20], ..Map::seeded(20, 3) };
    assert_eq!(no_ground.figures(0.5, Ground::Area).pai, None);
    assert!(HitCurve::of(&no_ground.judged(), &Ranking::of(&no_ground.scores), Ground::Area).is_none());
}

#[test]
fn the_expected_over_the_observed_is_told_where_the_map_expects() {
    let map = Map::seeded(50, 4);
    let expected: Vec<f64> = map.later.iter().map(|later| 2.0 * later).collect();
    let judged = Judged { expected: Some(&expected), ..map.judged() };
    let share = Coverage::new(0.4).unwrap();
    let figures = Figures::of(&judged, &Ranking::of(&map.scores), share, Ground::Cells);
    assert_eq!(figures.predicted_observed_ratio, Some(2.0));
}

/// The most that a set of so many cells holds, over all sets.
fn best_of_all_sets(later: &[f64], cells: usize) -> f64 {
    (0..1_u32 << later.len())
        .filter(|set| set.count_ones() as usize == cells)
        .map(|set| later.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, v)| v).sum())
        .fold(0.0, f64::max)
}

proptest! {
    #[test]
    fn indices_keep_their_bounds(cells in 1_usize..60, seed in 0_u64..500, share in 0.01_f64..1.0) {
        let map = Map::seeded(cells, seed);
        for ground in [Ground::Cells, Ground::Area] {
            let figures = map.figures(share, ground);
            prop_assert!(figures.pei.is_none_or(|pei| (0.0..=1.0 + 1e-9).contains(&pei)), "{figures:?}");
            prop_assert!(figures.hit_rate.is_none_or(|rate| (0.0..=1.0).contains(&rate)));
            let ground_share = if ground == Ground::Cells { figures.cell_share } else { figures.area_share };
            prop_assert!(ground_share <= share + 1e-9);
            prop_assert!(figures.pai.is_none_or(|pai| pai <= 1.0 / ground_share + 1e-9));
            // All of the ground holds all of the incidents.
            let all = map.figures(1.0, ground);
            prop_assert!(all.pai.is_none_or(|pai| (pai - 1.0).abs() < 1e-9));
            prop_assert!(all.recapture_rate_index.is_none_or(|index| (index - 1.0).abs() < 1e-9));
        }
    }

    #[test]
    fn the_best_possible_is_the_best_of_all_sets(cells in 1_usize..10, seed in 0_u64..200, share in 0.1_f64..1.0) {
        let map = Map::seeded(cells, seed);
        let figures = map.figures(share, Ground::Cells);
        prop_assert!((figures.best_hits - best_of_all_sets(&map.later, figures.cells)).abs() < 1e-9);
    }

    #[test]
    fn a_map_that_knows_the_future_is_the_best(cells in 1_usize..60, seed in 0_u64..200) {
        let map = Map::seeded(cells, seed);
        let knowing = Map { scores: map.later.clone(), ..Map::seeded(cells, seed) };
        prop_assert!(knowing.figures(0.3, Ground::Cells).pei.is_none_or(|pei| (pei - 1.0).abs() < 1e-9));
        for ground in [Ground::Cells, Ground::Area] {
            let ranking = Ranking::of(&map.scores);
            if let Some(curve) = HitCurve::of(&map.judged(), &ranking, ground) {
                prop_assert!(curve.area_under <= curve.best_area_under + 1e-12);
                prop_assert!(curve.points.windows(2).all(|pair| pair[0].hit_rate <= pair[1].hit_rate));
                let last = curve.points.last().unwrap();
                prop_assert!((last.hit_rate - 1.0).abs() < 1e-12 && (last.ground_share - 1.0).abs() < 1e-12);
                let thinned = curve.at_steps(10);
                prop_assert!(thinned.len() <= 11 && thinned.first() == curve.points.first());
                prop_assert_eq!(thinned.last(), curve.points.last());
            }
        }
    }
}
