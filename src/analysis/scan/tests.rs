#![expect(
    clippy::float_cmp,
    reason = "what is a fraction of whole numbers, or computed twice alike, is the same"
)]

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::{
    analysis::{
        monte_carlo::Replications,
        progress::Unwatched,
        random::Seed,
        testing::{Seeded, metres, on_threads},
    },
    model::Metres,
};

/// A made-up city: sites in clusters, events at them, slots as even as chance makes them.
struct City {
    sites: Vec<GridPoint>,
    events: Vec<ScanEvent>,
    slots: u16,
}

impl City {
    fn of(seed: u64, sites: usize, events: usize, slots: u16) -> Self {
        let mut seeded = Seeded::new(seed);
        let sites: Vec<_> = seeded.points(sites, 3_000.0).into_iter().map(|point| point.position).collect();
        let event = |_| {
            // Some sites have far more than others.
            let site = seeded.between(0.0, 1.0).powi(2) * sites.len() as f64;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the length")]
            let site = site as u32;
            ScanEvent { site, slot: u16::try_from(seeded.below(usize::from(slots))).unwrap() }
        };
        let events = (0..events).map(event).collect();
        Self { sites, events, slots }
    }

    /// With `more` events at the `size` sites around site 0 in slots `from`, `from + 1`.
    fn with_cluster(mut self, size: usize, from: u16, more: usize) -> (Self, Vec<u32>) {
        let mut near: Vec<u32> = (0..u32::try_from(self.sites.len()).unwrap()).collect();
        near.sort_by(|&a, &b| {
            let distance = |site: u32| self.sites[0].distance_2(self.sites[site as usize]);
            distance(a).total_cmp(&distance(b))
        });
        near.truncate(size);
        let event = |number: usize| ScanEvent {
            site: near[number % size],
            slot: from + u16::from((number / size).is_multiple_of(2)),
        };
        self.events.extend((0..more).map(event));
        (self, near)
    }

    fn scan(&self, model: &Model, rules: &ScanRules) -> Scan {
        scan(&self.sites, self.slots, &self.events, model, rules, &Unwatched).unwrap()
    }

    fn poisson(&self, seed: u64) -> Model {
        let mut seeded = Seeded::new(seed);
        let resident = |site| if site % 7 == 3 { 0.0 } else { seeded.between(1.0, 400.0).round() };
        Model::Poisson {
            by_site: (0..self.sites.len()).map(resident).collect(),
            by_slot: (0..self.slots).map(|slot| [31.0, 28.0, 30.0][usize::from(slot % 3)]).collect(),
        }
    }
}

fn rules(replications: u32) -> ScanRules {
    ScanRules { replications: Replications::new(replications).unwrap(), ..ScanRules::default() }
}

/// One cylinder after the other, each with its own sums and logarithms.
mod naive {
    use super::super::{Cases, Model, ScanEvent, ScanRules, counts::Cumulative, llr::poisson};
    use crate::model::GridPoint;

    /// Ratio, zone, window, observed, expected; the best of each centre.
    pub(super) type Found = (f64, Vec<usize>, std::ops::Range<usize>, u32, f64);

    pub(super) struct Naive<'a> {
        pub(super) sites: &'a [GridPoint],
        pub(super) slots: usize,
        pub(super) rules: ScanRules,
        pub(super) cases: Cases,
    }

    impl<'a> Naive<'a> {
        pub(super) fn of(
            sites: &'a [GridPoint],
            slots: u16,
            events: &[ScanEvent],
            model: &Model,
            rules: ScanRules,
        ) -> Self {
            let cases = Cases::of(sites.len(), slots, events, model);
            Self { sites, slots: usize::from(slots), rules, cases }
        }

        fn zones(&self, centre: usize) -> Vec<Vec<usize>> {
            let weights = self.cases.site_weights();
            let distance = |site: usize| self.sites[centre].distance_2(self.sites[site]);
            let mut order: Vec<usize> = (0..self.sites.len()).filter(|&site| weights[site] > 0.0).collect();
            order.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
            if weights[centre] == 0.0 {
                return Vec::new();
            }
            let sum = |zone: &[usize]| zone.iter().map(|&site| weights[site]).sum::<f64>();
            let cap = weights.iter().sum::<f64>() * self.rules.share.get() + 1e-6;
            (1..=order.len())
                .map(|size| order[..size].to_vec())
                .filter(|zone| {
                    let rim = distance(zone[zone.len() - 1]);
                    let whole = order.get(zone.len()).is_none_or(|&next| distance(next) > rim);
                    let near = self.rules.radius.is_none_or(|radius| rim <= radius.get() * radius.get());
                    whole && near && sum(zone) <= cap
                })
                .collect()
        }

        pub(super) fn best(&self, centre: usize, counts: &Cumulative) -> Option<Found> {
            let total = f64::from(self.cases.events());
            let longest = self.rules.longest.map_or((self.slots / 2).max(1), usize::from).min(self.slots);
            let mut best: Option<Found> = None;
            for zone in self.zones(centre) {
                let weight = zone.iter().map(|&site| self.cases.site_weights()[site]).sum();
                for length in 1..=longest {
                    for window in (0..=self.slots - length).map(|start| start..start + length) {
                        if self.rules.ongoing && window.end != self.slots {
                            continue;
                        }
                        let count = |site: usize| {
                            let row = counts.row(site);
                            row[window.end - 1] - if window.start > 0 { row[window.start - 1] } else { 0 }
                        };
                        let observed: i32 = zone.iter().map(|&site| count(site)).sum();
                        let observed = u32::try_from(observed).unwrap();
                        let expected = self.cases.expected(weight, self.cases.window_weight(window.clone()));
                        let llr = poisson(f64::from(observed), expected, total);
                        if observed >= 2 && llr > best.as_ref().map_or(0.0, |best| best.0) {
                            best = Some((llr, zone.clone(), window, observed, expected));
                        }
                    }
                }
            }
            best
        }

        pub(super) fn highest(&self, counts: &Cumulative) -> f64 {
            let best = |centre| self.best(centre, counts).map_or(0.0, |best| best.0);
            (0..self.sites.len()).map(best).fold(0.0, f64::max)
        }
    }
}

fn check_against_naive(city: &City, model: &Model, rules: ScanRules) {
    let fast = city.scan(model, &rules);
    let slow = naive::Naive::of(&city.sites, city.slots, &city.events, model, rules);
    let mut simulated: Vec<f64> =
        (0..rules.replications.get()).map(|r| slow.highest(&slow.cases.by_chance(rules.seed, r))).collect();
    simulated.sort_by(|a, b| b.total_cmp(a));
    assert_eq!(fast.critical_llr, Some(simulated[(rules.replications.get() + 1) / 20 - 1]));

    let counts = slow.cases.observed();
    let mut found: Vec<_> =
        (0..city.sites.len()).filter_map(|centre| Some((centre, slow.best(centre, &counts)?))).collect();
    let rank = |(centre, best): &(usize, naive::Found)| (best.1.len(), best.2.len(), best.2.start, *centre);
    found.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then_with(|| rank(a).cmp(&rank(b))));
    let mut taken = Vec::new();
    let mut clusters = Vec::new();
    for (centre, (llr, zone, window, observed, expected)) in found {
        let p = p_at_least(&llr, &simulated);
        if clusters.len() == rules.most_clusters || p == 1.0 || zone.iter().any(|site| taken.contains(site)) {
            continue;
        }
        taken.extend(&zone);
        clusters.push((centre, zone, window, observed, expected, llr, p));
    }
    let of_fast: Vec<_> = fast
        .clusters
        .iter()
        .map(|cluster| {
            (
                cluster.centre as usize,
                cluster.members.iter().map(|&site| site as usize).collect::<Vec<_>>(),
                usize::from(cluster.slots.start)..usize::from(cluster.slots.end),
                cluster.observed,
                cluster.expected,
                cluster.llr,
                cluster.p,
            )
        })
        .collect();
    assert_eq!(of_fast, clusters);
}

#[test]
fn the_search_finds_exactly_what_trying_every_cylinder_finds() {
    let city = City::of(1, 30, 250, 8).with_cluster(4, 5, 12).0;
    let poisson = city.poisson(2);
    for model in [Model::Permutation, poisson] {
        for rules in [
            rules(99),
            ScanRules { share: ShareCap::new(0.5).unwrap(), seed: Seed(3), ..rules(99) },
            ScanRules { radius: Some(metres(700.0)), longest: Some(2), ..rules(99) },
            ScanRules { ongoing: true, most_clusters: 2, ..rules(99) },
        ] {
            check_against_naive(&city, &model, rules);
        }
    }
}

#[test]
fn sites_at_one_distance_enter_a_circle_together() {
    // A grid of squares, where most distances come up several times, and each site twice.
    let site = |number: u32| {
        let (row, column) = (number / 2 / 6, number / 2 % 6);
        GridPoint::new(390_000.0 + 100.0 * f64::from(column), 290_000.0 + 100.0 * f64::from(row)).unwrap()
    };
    let sites: Vec<_> = (0..72).map(site).collect();
    let mut events = City::of(4, 72, 400, 6).events;
    // A site without events is in no circle.
    events.extend((0..72).map(|site| ScanEvent { site, slot: 2 }));
    let city = City { sites, events, slots: 6 };
    check_against_naive(&city, &Model::Permutation, rules(99));
    let found = city.scan(&Model::Permutation, &ScanRules { most_clusters: 99, ..rules(99) });
    assert!(found.clusters.iter().all(|cluster| cluster.members.len().is_multiple_of(2)));
}

#[test]
fn one_slot_is_a_purely_spatial_scan() {
    let city = City::of(6, 60, 500, 1);
    let Model::Poisson { by_site, .. } = city.poisson(7) else { unreachable!() };
    let model = Model::Poisson { by_site, by_slot: vec![1.0] };
    check_against_naive(&city, &model, rules(99));
    // Nothing can be dealt out anew.
    assert_eq!(city.scan(&Model::Permutation, &rules(99)).clusters, []);
}

#[test]
fn a_planted_cluster_is_found() {
    for seed in 1..=5 {
        let (city, planted) = City::of(seed, 300, 3_000, 24).with_cluster(8, 10, 60);
        let uniform = Model::Poisson {
            by_site: {
                // What is expected at a site is what it has at other times.
                let mut events = vec![0.0; 300];
                city.events.iter().for_each(|event| events[event.site as usize] += 1.0);
                events
            },
            by_slot: vec![1.0; 24],
        };
        for model in [Model::Permutation, uniform] {
            let found = city.scan(&model, &ScanRules { seed: Seed(seed), ..rules(199) });
            let first = &found.clusters[0];
            assert_eq!(first.p, 1.0 / 200.0, "{first:?}");
            assert_eq!(first.slots, 10..12, "{first:?}");
            let hit = planted.iter().filter(|site| first.members.contains(site)).count();
            // Chance decides at the rim.
            assert!(hit >= 4 && 2 * hit > first.members.len(), "{planted:?} {first:?}");
            assert!(first.llr > found.critical_llr.unwrap());
            assert!(f64::from(first.observed) > 2.0 * first.expected);
        }
    }
}

#[test]
fn chance_alone_makes_no_cluster() {
    for seed in 11..=16 {
        let city = City::of(seed, 300, 3_000, 24);
        let found = city.scan(&Model::Permutation, &ScanRules { seed: Seed(seed), ..rules(199) });
        assert!(found.clusters.iter().all(|cluster| cluster.p > 0.05), "{seed}: {:?}", found.clusters[0]);
    }
}

#[test]
fn clusters_share_no_site_and_keep_to_the_rules() {
    let city = City::of(21, 400, 4_000, 12);
    let model = city.poisson(22);
    let rules = ScanRules {
        share: ShareCap::new(0.05).unwrap(),
        radius: Some(metres(400.0)),
        longest: Some(3),
        most_clusters: 40,
        ..rules(99)
    };
    let found = city.scan(&model, &rules);
    assert!(found.clusters.len() > 5);
    let mut seen = vec![false; 400];
    let Model::Poisson { by_site, .. } = &model else { unreachable!() };
    let all: f64 = by_site.iter().sum();
    for pair in found.clusters.windows(2) {
        assert!(pair[0].llr >= pair[1].llr && pair[0].p <= pair[1].p);
    }
    for cluster in &found.clusters {
        assert!(cluster.radius_m <= 400.0 && cluster.slots.len() <= 3 && cluster.p < 1.0);
        assert_eq!(cluster.members[0], cluster.centre);
        let weight: f64 = cluster.members.iter().map(|&site| by_site[site as usize]).sum();
        assert!(weight <= 0.05 * all * (1.0 + 1e-9));
        for &member in &cluster.members {
            assert!(!std::mem::replace(&mut seen[member as usize], true));
            let distance = city.sites[cluster.centre as usize].distance_2(city.sites[member as usize]).sqrt();
            assert!(distance <= cluster.radius_m);
        }
        let counted = city
            .events
            .iter()
            .filter(|event| cluster.slots.contains(&event.slot) && cluster.members.contains(&event.site));
        assert_eq!(counted.count(), cluster.observed as usize);
    }
    // Events where nobody lives cannot be held against residents.
    let nobody = city.events.iter().filter(|event| by_site[event.site as usize] == 0.0).count();
    assert!(nobody > 0);
    assert_eq!(found.without_expectation as usize, nobody);
    assert_eq!(found.events as usize + nobody, city.events.len());
}

#[test]
fn ongoing_clusters_reach_to_the_last_slot() {
    let (city, _) = City::of(31, 200, 2_000, 12).with_cluster(5, 10, 30);
    let found = city.scan(&Model::Permutation, &ScanRules { ongoing: true, ..rules(99) });
    assert_eq!(found.clusters[0].slots, 10..12);
    assert!(found.clusters.iter().all(|cluster| cluster.slots.end == 12));
}

#[test]
fn one_thread_and_four_give_the_same() {
    let city = City::of(41, 200, 2_000, 12).with_cluster(5, 3, 20).0;
    for model in [Model::Permutation, city.poisson(42)] {
        let one = on_threads(1, || city.scan(&model, &rules(99)));
        assert_eq!(one, on_threads(4, || city.scan(&model, &rules(99))));
    }
}

#[test]
fn degenerate_input_has_no_cluster() {
    let at = |e: f64| GridPoint::new(390_000.0 + e, 290_000.0).unwrap();
    let event = |site, slot| ScanEvent { site, slot };
    let poisson = |by_site: &[f64], by_slot: &[f64]| Model::Poisson {
        by_site: by_site.to_vec(),
        by_slot: by_slot.to_vec(),
    };
    let cases: &[(&[GridPoint], u16, &[ScanEvent], Model)] = &[
        (&[], 0, &[], Model::Permutation),
        (&[], 12, &[event(0, 0)], Model::Permutation),
        (&[at(0.0)], 0, &[event(0, 0)], Model::Permutation),
        (&[at(0.0)], 0, &[event(0, 0)], poisson(&[1.0], &[])),
        (&[at(0.0)], 12, &[event(0, 3); 9], Model::Permutation),
        (&[at(0.0), at(9.0)], 2, &[event(0, 0)], Model::Permutation),
        (&[at(0.0), at(9.0)], 2, &[event(7, 0), event(0, 9)], Model::Permutation),
        (&[at(0.0), at(0.0)], 2, &[event(0, 0), event(1, 1)], Model::Permutation),
        (&[at(0.0), at(9.0)], 2, &[event(0, 0), event(1, 1)], poisson(&[], &[])),
        (&[at(0.0), at(9.0)], 2, &[event(0, 0); 4], poisson(&[0.0, 1.0], &[1.0, 1.0])),
        (&[at(0.0), at(9.0)], 2, &[event(0, 0); 4], poisson(&[f64::NAN, -1.0], &[f64::INFINITY, 1.0])),
    ];
    for (sites, slots, events, model) in cases {
        let found = scan(sites, *slots, events, model, &rules(99), &Unwatched).unwrap();
        assert_eq!(found.clusters, [], "{sites:?} {model:?}");
        assert_eq!(found.critical_llr.is_some(), found.events > 0);
    }
    // A site with everything is over the cap, and that is told.
    let found = scan(&[at(0.0), at(9.0)], 2, &[event(0, 0); 40], &Model::Permutation, &rules(99), &Unwatched);
    assert_eq!(found.unwrap().sites_over_cap, 1);
}

#[test]
fn too_many_slots_are_refused() {
    let found = |slots| scan(&[], slots, &[], &Model::Permutation, &rules(99), &Unwatched).map(|_| ());
    assert_eq!((found(MOST_SLOTS), found(MOST_SLOTS + 1)), (Ok(()), Err(NoScan::TooLong)));
}

#[test]
fn weights_of_any_size_have_a_floor() {
    let city = City::of(61, 6, 60, 4);
    let by_site = vec![1e-300, 1e300, 1.0, f64::MAX, f64::MAX, f64::MIN_POSITIVE];
    let model = Model::Poisson { by_site, by_slot: vec![1.0; 4] };
    let found = city.scan(&model, &rules(99));
    assert!(found.clusters.iter().all(|cluster| cluster.llr.is_finite() && cluster.expected > 0.0));
}

#[test]
fn too_many_circles_are_refused() {
    let site =
        |n: u32| GridPoint::new(390_000.0 + f64::from(n % 100), 290_000.0 + f64::from(n / 100)).unwrap();
    let sites: Vec<_> = (0..9_000).map(site).collect();
    let events: Vec<_> = (0..9_000).map(|site| ScanEvent { site, slot: 0 }).collect();
    let half = ScanRules { share: ShareCap::new(0.5).unwrap(), ..rules(99) };
    let found = scan(&sites, 2, &events, &Model::Permutation, &half, &Unwatched);
    assert_eq!(found, Err(NoScan::TooManyCircles));
    assert!(NoScan::TooManyCircles.to_string().contains("20 million"));
    let near = ScanRules { radius: Metres::new(3.0).ok(), ..half };
    assert!(scan(&sites, 2, &events, &Model::Permutation, &near, &Unwatched).is_ok());
}

#[test]
fn a_watch_hears_of_every_replication_and_can_stop() {
    struct Stop {
        after: usize,
        told: AtomicUsize,
        done: AtomicUsize,
    }
    impl Watch for Stop {
        fn starts(&self, pieces: usize) {
            self.told.store(pieces, Ordering::Relaxed);
        }
        fn advances(&self) {
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        fn stopped(&self) -> bool {
            self.done.load(Ordering::Relaxed) >= self.after
        }
    }
    let city = City::of(51, 50, 500, 12);
    let run = |after| {
        let watch = Stop { after, told: AtomicUsize::new(0), done: AtomicUsize::new(0) };
        let found = scan(&city.sites, 12, &city.events, &Model::Permutation, &rules(99), &watch);
        (found.map(|_| ()), watch.told.into_inner(), watch.done.into_inner())
    };
    assert_eq!(run(usize::MAX), (Ok(()), 99, 99));
    let (found, told, done) = run(5);
    assert_eq!((found, told), (Err(NoScan::Stopped), 99));
    assert!(done < 99);
}
