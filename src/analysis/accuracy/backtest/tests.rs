use super::*;
use crate::analysis::{
    bandwidth::Rule,
    density::Kernel,
    testing::{Seeded, metres, on_threads},
};

/// A town of 20 × 20 cells of 200 m.
struct Town {
    centres: Vec<GridPoint>,
    areas_m2: Vec<f64>,
    neighbours: Neighbours,
}

const SIDE: u32 = 20;
const CELL_M: f64 = 200.0;
const WEST_M: f64 = 400_000.0;
const SOUTH_M: f64 = 290_000.0;

impl Town {
    fn new() -> Self {
        let cells = (0..SIDE * SIDE).map(|cell| (cell % SIDE, cell / SIDE));
        let centre = |(column, row): (u32, u32)| {
            let at = |index: u32| (f64::from(index) + 0.5) * CELL_M;
            GridPoint::new(WEST_M + at(column), SOUTH_M + at(row)).unwrap()
        };
        let beside = |(column, row): (u32, u32)| {
            let mut beside = Vec::new();
            for (c, r) in [
                (column + 1, row),
                (column.wrapping_sub(1), row),
                (column, row + 1),
                (column, row.wrapping_sub(1)),
            ] {
                if c < SIDE && r < SIDE {
                    beside.push(r * SIDE + c);
                }
            }
            beside
        };
        Self {
            centres: cells.clone().map(centre).collect(),
            areas_m2: vec![CELL_M * CELL_M; (SIDE * SIDE) as usize],
            neighbours: Neighbours::from_rows((SIDE * SIDE) as usize, cells.map(beside)),
        }
    }

    fn cells(&self) -> Cells<'_> {
        Cells {
            centres: &self.centres,
            areas_m2: &self.areas_m2,
            neighbours: &self.neighbours,
            raster_cell: metres(40.0),
            shorter_side: metres(4_000.0),
            area: SquareMetres(16e6),
        }
    }
}

/// A month of incidents, most of them within 300 m of (east, north) metres from the town's corner.
fn month(seeded: &mut Seeded, incidents: usize, (east, north): (f64, f64)) -> Vec<Happened> {
    (0..incidents)
        .map(|number| {
            let mut around = |centre: f64| {
                let (low, high) =
                    if number % 5 == 0 { (0.0, 4_000.0) } else { (centre - 300.0, centre + 300.0) };
                seeded.between(low, high).clamp(0.0, 3_999.0)
            };
            let (east, north) = (around(east), around(north));
            // The last cell that begins west or south of it.
            let index = |offset: f64| (1..SIDE).rfind(|&i| f64::from(i) * CELL_M <= offset).unwrap_or(0);
            Happened {
                position: GridPoint::new(WEST_M + east, SOUTH_M + north).unwrap(),
                cell: Some(index(north) * SIDE + index(east)),
                count: 1,
                weight: 1.0,
            }
        })
        .collect()
}

fn candidate(name: &str, score: Score) -> Candidate {
    Candidate { name: name.to_owned(), score, half_life: None }
}

fn density(bandwidth_m: f64) -> Score {
    Score::Density { kernel: Kernel::Quartic, bandwidth: BandwidthChoice::Fixed(metres(bandwidth_m)) }
}

fn plan(candidates: Vec<Candidate>) -> Plan {
    Plan {
        candidates,
        windows: Windows::new(6, 1, 1).unwrap(),
        coverages: [0.05, 0.1, 0.2].map(|share| Coverage::new(share).unwrap()).to_vec(),
        ground: Ground::Cells,
        seed: Seed(1),
        resamples: 199,
    }
}

fn every_candidate() -> Vec<Candidate> {
    let by_rule =
        |rule| Score::Density { kernel: Kernel::Gaussian, bandwidth: BandwidthChoice::ByRule(rule) };
    vec![
        candidate("quartic", density(400.0)),
        candidate("scott", by_rule(Rule::Scott)),
        candidate("lscv", by_rule(Rule::LeastSquares)),
        candidate("counts", Score::Counts),
        candidate("last month", Score::LatestCounts { months: 1 }),
        candidate("season", Score::SameSeason),
        candidate("gi", Score::GiStar),
        Candidate { half_life: HalfLife::new(2.0).ok(), ..candidate("recent", density(400.0)) },
    ]
}

/// Months whose hotspot is where `place` puts it.
fn months(count: usize, place: impl Fn(usize) -> (f64, f64)) -> Vec<Vec<Happened>> {
    let mut seeded = Seeded::new(5);
    (0..count).map(|number| month(&mut seeded, 80, place(number))).collect()
}

#[test]
fn a_map_does_not_see_the_months_after_its_training() {
    let town = Town::new();
    let quiet = months(16, |_| (1_000.0, 1_000.0));
    // From month 10 on everything is elsewhere.
    let moved = months(16, |number| if number < 10 { (1_000.0, 1_000.0) } else { (3_000.0, 3_000.0) });
    let all = every_candidate();
    for window in Windows::new(6, 1, 1).unwrap().over(16) {
        for candidate in &all {
            let scores = |months: &Months| candidate.scores(&months[window.train.clone()], 1, &town.cells());
            if window.train.end <= 10 {
                assert_eq!(scores(&quiet), scores(&moved), "{} {window:?}", candidate.name);
            }
        }
    }
    // The map of months 4 to 9 is judged by month 10, in which nothing is where it was.
    let standings = backtest(&moved, &town.cells(), &plan(all));
    let quartic = standings.iter().find(|standing| standing.candidate == 0).unwrap();
    let pai = |window: usize| quartic.trials[window].as_ref().unwrap().figures[0].pai.unwrap();
    assert!(pai(3) > 5.0, "{}", pai(3));
    assert!(pai(4) < 1.0, "{}", pai(4));
}

#[test]
fn the_map_that_suits_the_town_comes_first() {
    let town = Town::new();
    // Somewhere else every month: what happened last month says nothing of the next, a year ago all.
    let season = |number: usize| {
        let angle = (number % 12) as f64 / 12.0 * std::f64::consts::TAU;
        (2_000.0 + 1_400.0 * angle.cos(), 2_000.0 + 1_400.0 * angle.sin())
    };
    let by_season = Plan { windows: Windows::new(12, 1, 1).unwrap(), ..plan(every_candidate()) };
    let standings = backtest(&months(24, season), &town.cells(), &by_season);
    assert_eq!(by_season.candidates[standings[0].candidate].name, "season");
    assert_eq!(standings[0].against_best, None);
    for (index, standing) in standings.iter().enumerate().skip(1) {
        let against = standing.against_best.unwrap();
        assert_eq!((standing.rank, against.windows), (index + 1, 12));
        assert!(against.mean_difference.unwrap() <= 0.0);
        assert!(standing.pai[0].mean <= standings[index - 1].pai[0].mean);
    }
    // A slow walk through the town: the freshest map is better than the one of all months.
    let walk = |number: usize| (500.0 + 150.0 * number as f64, 2_000.0);
    let fresh = plan(vec![
        candidate("counts", Score::Counts),
        candidate("last month", Score::LatestCounts { months: 1 }),
    ]);
    assert_eq!(backtest(&months(20, walk), &town.cells(), &fresh)[0].candidate, 1);
}

#[test]
fn threads_make_no_difference() {
    let town = Town::new();
    let months = months(15, |number| (1_000.0 + 50.0 * number as f64, 1_500.0));
    let run = |threads| on_threads(threads, || backtest(&months, &town.cells(), &plan(every_candidate())));
    assert_eq!(run(1), run(4));
}

#[test]
fn months_without_incidents_and_too_few_months_are_defined() {
    let town = Town::new();
    let silent = backtest(&vec![Vec::new(); 15], &town.cells(), &plan(every_candidate()));
    assert_eq!(silent.len(), 8);
    for standing in &silent {
        assert_eq!((standing.pai[0].mean, standing.area_under_curve.mean), (None, None));
        assert_eq!(standing.trials.len(), 9);
    }
    // No candidate is better: they stand in the order of the plan.
    let order: Vec<usize> = silent.iter().map(|standing| standing.candidate).collect();
    assert_eq!(order, (0..8).collect::<Vec<_>>());
    // Six months of training never reach back a year.
    assert!(silent[5].trials.iter().all(Option::is_none));

    let none = backtest(&months(6, |_| (9.0, 9.0)), &town.cells(), &plan(every_candidate()));
    assert!(none.iter().all(|standing| standing.trials.is_empty()));
    assert!(backtest(&[], &town.cells(), &plan(Vec::new())).is_empty());
    let nowhere = Cells { centres: &[], areas_m2: &[], neighbours: &Neighbours::default(), ..town.cells() };
    let standings = backtest(&months(15, |_| (9.0, 9.0)), &nowhere, &plan(every_candidate()));
    assert!(standings.iter().all(|standing| standing.pai[0].mean.is_none()));
}

#[test]
fn the_work_grows_with_windows_cells_and_reach() {
    let town = Town::new();
    let months = months(16, |_| (1_000.0, 1_000.0));
    let work = |score: Score| kernel_evaluations(&months, &town.cells(), &plan(vec![candidate("", score)]));
    // 10 windows of 400 cells and 480 incidents, of which a strip of 800 m in 3,800 is looked at.
    assert_eq!(work(density(400.0)), 404_210);
    assert_eq!(work(density(4_000.0)), 10 * 400 * 480);
    let fixed = BandwidthChoice::Fixed(metres(400.0));
    let gaussian = work(Score::Density { kernel: Kernel::Gaussian, bandwidth: fixed });
    assert_eq!(gaussian, 6 * 10 * 400 * 480);
    assert_eq!((work(Score::Counts), work(Score::GiStar)), (0, 0));
    let by_rule =
        |rule| work(Score::Density { kernel: Kernel::Quartic, bandwidth: BandwidthChoice::ByRule(rule) });
    assert!(by_rule(Rule::Scott) < by_rule(Rule::LeastSquares));
    assert!(by_rule(Rule::LeastSquares) < by_rule(Rule::Likelihood));
}

#[test]
fn windows_end_with_the_last_month() {
    let windows = |train, test, step, months| Windows::new(train, test, step).unwrap().over(months);
    assert_eq!(windows(12, 3, 3, 26).last().unwrap().test, 23..26);
    assert_eq!(windows(12, 3, 3, 26).len(), 4);
    assert!(windows(12, 3, 3, 14).is_empty());
    assert!(windows(12, 3, 3, 0).is_empty());
    for (train, test, step) in [(0, 1, 1), (1, 0, 1), (1, 1, 0), (121, 1, 1)] {
        assert!(Windows::new(train, test, step).is_err());
    }
}

#[test]
fn recent_incidents_weigh_more_with_a_half_life() {
    let town = Town::new();
    let once = |cell: u32| Happened {
        position: town.centres[cell as usize],
        cell: Some(cell),
        count: 1,
        weight: 1.0,
    };
    let training = [vec![once(0)], vec![once(1)], vec![once(2)]];
    let counts = Candidate { half_life: HalfLife::new(1.0).ok(), ..candidate("", Score::Counts) };
    assert_eq!(counts.scores(&training, 1, &town.cells()).unwrap().0[..4], [0.25, 0.5, 1.0, 0.0]);
    let latest = Candidate { score: Score::LatestCounts { months: 2 }, ..counts };
    assert_eq!(latest.scores(&training, 1, &town.cells()).unwrap().0[..4], [0.0, 0.5, 1.0, 0.0]);
}
