//! Gi*, Gi, local and global Moran's I of the real borough against the reference results of topic 06.

use std::{collections::HashMap, path::Path};

use crate::support::{borough, expected, golden, number, table};
use hotspots::{
    analysis::{
        fdr::benjamini_hochberg,
        gi_star::{GiBin, gi, gi_star},
        hex::{HexGrid, HexResolution, bin},
        moran::{Moments, Permutations, Weights, local_moran, moran, permutation_p},
        random::Seed,
    },
    crs::osgb,
    model::LonLat,
};

/// One of the reference tables, with the grid and the counts that it is of.
struct Case {
    name: &'static str,
    hexes: HexGrid,
    counts: Vec<f64>,
    reference: Vec<HashMap<String, String>>,
}

fn cases(golden: &Path) -> Vec<Case> {
    let outline = borough(golden);
    let incidents = table(golden.join("inputs/incidents_dudley_2014-01_2014-02.csv"));
    let cases = [
        ("all_res8", 8, None),
        ("all_res9", 9, None),
        ("burglary_res8", 8, Some("Burglary")),
        ("burglary_res9", 9, Some("Burglary")),
    ];
    let case = |(name, resolution, category): (_, u8, Option<&str>)| {
        let resolution = HexResolution::new(resolution).unwrap();
        let hexes = HexGrid::covering(&outline, resolution, &osgb::to_grid).unwrap().centres_inside();
        let chosen = incidents.iter().filter(|row| category.is_none_or(|c| row["crime_type"] == c));
        let positions: Vec<_> =
            chosen.map(|row| LonLat::new(number(row, "lon"), number(row, "lat")).unwrap()).collect();
        let (counts, _) = hexes.counts(bin(&positions, resolution).into_iter().map(|cell| (cell, 1.0)));
        let reference = table(golden.join(format!("06_gi_star_local_moran/{name}.csv")));
        assert_eq!(reference.len(), hexes.cells().len(), "{name}");
        Case { name, hexes, counts, reference }
    };
    cases.into_iter().map(case).collect()
}

fn close(found: f64, row: &HashMap<String, String>, column: &str, relative: f64) {
    let reference = number(row, column);
    assert!((found - reference).abs() <= relative * reference.abs().max(1e-3), "{column} {found}: {row:?}");
}

#[test]
fn gi_star_and_gi_of_the_borough_equal_the_reference() {
    let Some(golden) = golden() else { return };
    for Case { hexes, counts, reference, .. } in cases(&golden) {
        let statistics = gi_star(&counts, hexes.neighbours());
        let without_self = gi(&counts, hexes.neighbours());
        let p: Vec<_> = statistics.iter().map(|statistic| statistic.p_two_sided).collect();
        let adjusted = benjamini_hochberg(&p);
        for (place, row) in reference.iter().enumerate() {
            assert_eq!(hexes.cells()[place].index.to_string(), row["h3"]);
            assert_eq!(counts[place].to_string(), row["count"], "{row:?}");
            assert_eq!(hexes.neighbours().of(place).len().to_string(), row["neighbours"], "{row:?}");
            let z = statistics[place].z;
            close(z, row, "gi_star_z", 1e-9);
            close(without_self[place].z, row, "gi_noself_z", 1e-9);
            assert!((p[place] - number(row, "gi_star_p")).abs() <= 1e-8, "{row:?}: {}", p[place]);
            assert!(
                (adjusted[place] - number(row, "gi_star_p_bh")).abs() <= 1e-8,
                "{row:?}: {}",
                adjusted[place]
            );
            assert_eq!(GiBin::of(z, p[place]).get().to_string(), row["gi_bin"], "{row:?}");
            assert_eq!(GiBin::of(z, adjusted[place]).get().to_string(), row["gi_bin_fdr"], "{row:?}");
        }
    }
}

#[test]
fn local_morans_i_of_the_borough_equals_the_reference() {
    let Some(golden) = golden() else { return };
    for Case { hexes, counts, reference, .. } in cases(&golden) {
        // The reference gives the moments on the scale of spdep.
        let n = counts.len() as f64;
        let scale = n / (n - 1.0);
        let locals = local_moran(&counts, hexes.neighbours());
        for (local, row) in locals.iter().zip(&reference) {
            let local = local.unwrap();
            close(local.i, row, "local_moran_I", 1e-9);
            close(local.i * scale, row, "local_moran_I_spdep_default", 1e-9);
            let moments = |Moments { expected, variance, z }: Moments, kind: &str| {
                close(expected * scale, row, &format!("{kind}_E_I"), 1e-9);
                close(variance * scale * scale, row, &format!("{kind}_Var_I"), 1e-9);
                close(z.unwrap(), row, &format!("{kind}_Z"), 1e-9);
            };
            moments(local.conditional, "cond");
            moments(local.randomised, "rand");
            let p = local.conditional.p_two_sided().unwrap();
            assert!((p - number(row, "cond_p")).abs() <= 1e-8, "{row:?}: {p}");
            assert_eq!(local.quadrant.as_str(), row["quadrant"], "{row:?}");
        }
    }
}

#[test]
fn permutation_probabilities_equal_the_reference_within_their_chance() {
    let Some(golden) = golden() else { return };
    for (ours, seed) in [(999, 1), (9_999, 2), (99_999, 3)] {
        let permutations = Permutations::new(ours).unwrap();
        for Case { hexes, counts, reference, .. } in
            cases(&golden).into_iter().filter(|c| c.name.ends_with("res8"))
        {
            let found = permutation_p(&counts, hexes.neighbours(), permutations, Seed(seed));
            for (p, row) in found.iter().zip(&reference) {
                let p = p.unwrap();
                for (p, column) in [(p.greater, "perm_p_greater"), (p.less, "perm_p_less")] {
                    let reference = number(row, column);
                    // Five standard deviations of each; a probability of 1 is one of 1 − a few draws.
                    let chance = |p: f64, times: f64| 5.0 * (p * (1.0 - p) / times).sqrt() + 2.0 / times;
                    let tolerance = chance(reference, 19_999.0) + chance(p, f64::from(ours));
                    assert!((p - reference).abs() <= tolerance, "{ours} {column} {p}: {row:?}");
                }
            }
        }
    }
}

#[test]
fn global_morans_i_of_the_borough_equals_the_reference() {
    let Some(golden) = golden() else { return };
    let reference = expected(golden.join("06_gi_star_local_moran/expected.json"));
    for Case { name, hexes, counts, .. } in cases(&golden) {
        for (weights, member) in [
            (Weights::RowStandardised, "global_moran_row_standardised"),
            (Weights::Binary, "global_moran_binary"),
        ] {
            let reference = &reference["results"][name][member];
            let found = moran(&counts, hexes.neighbours(), weights).unwrap();
            let test = found.test.unwrap();
            for (found, column) in [
                (found.value, "I"),
                (found.expected, "E"),
                (test.variance, "Var_randomisation"),
                (test.z, "z_randomisation"),
            ] {
                let reference = reference[column].as_f64().unwrap();
                assert!((found / reference - 1.0).abs() <= 1e-9, "{name} {member} {column}: {found}");
            }
            if let Some(p) = reference["p_two_sided"].as_f64() {
                assert!((test.p_two_sided - p).abs() <= 1e-8);
            }
        }
    }
}
