//! Accuracy of density hotspots on H3 cells against the reference results of topic 13.

use std::collections::HashMap;

use serde_json::Value;

use crate::support::{expected, golden, number, table};
use hotspots::{
    analysis::{
        accuracy::{
            Coverage, Figures, Ground, Judged, Ranking,
            backtest::{BandwidthChoice, Candidate, Cells, Happened, Score},
        },
        density::Kernel,
        neighbours::Neighbours,
    },
    model::{GridPoint, Metres, SquareMetres},
};

fn position(row: &HashMap<String, String>) -> GridPoint {
    GridPoint::new(number(row, "e"), number(row, "n")).unwrap()
}

fn close(value: Option<f64>, reference: &Value, tolerance: f64, what: &str) {
    let (value, reference) = (value.unwrap(), reference.as_f64().unwrap());
    assert!((value - reference).abs() <= tolerance * reference.abs(), "{what}: {value} is not {reference}");
}

#[test]
fn accuracy_of_density_hotspots_equals_the_reference() {
    let Some(golden) = golden() else { return };
    let folder = golden.join("13_pai_pei");
    let results = expected(folder.join("expected.json"))["results"].clone();
    for set in ["burglary", "all"] {
        let cells = table(folder.join(format!("{set}_cells.csv")));
        let column = |name: &str| -> Vec<f64> { cells.iter().map(|row| number(row, name)).collect() };
        let centres: Vec<_> = cells.iter().map(position).collect();
        let areas_m2: Vec<_> = column("area_km2").iter().map(|area| area * 1e6).collect();
        let (later, before) = (column("test_count"), column("train_count"));

        let training: Vec<_> = table(folder.join(format!("{set}_train.csv")))
            .iter()
            .map(|row| Happened { position: position(row), cell: None, count: 1, weight: 1.0 })
            .collect();
        assert_eq!(results[set]["train_events"], training.len());
        let bandwidth = Metres::new(results[set]["h_m"].as_f64().unwrap()).unwrap();
        let candidate = Candidate {
            name: "density".to_owned(),
            score: Score::Density { kernel: Kernel::Quartic, bandwidth: BandwidthChoice::Fixed(bandwidth) },
            half_life: None,
        };
        let grid = Cells {
            centres: &centres,
            areas_m2: &areas_m2,
            neighbours: &Neighbours::default(),
            raster_cell: Metres::ONE,
            shorter_side: Metres::ONE,
            area: SquareMetres(areas_m2.iter().sum()),
        };
        let (scores, _) = candidate.scores(&[training], 1, &grid).unwrap();
        for (score, reference) in scores.iter().zip(column("kde_train")) {
            assert!((score - reference).abs() <= 1e-9 * reference + 1e-12, "{score} {reference}");
        }
        let judged =
            Judged { scores: &scores, areas_m2: &areas_m2, later: &later, before: &before, expected: None };
        let ranking = Ranking::of(&scores);
        for (rank, &cell) in ranking.cells().iter().enumerate() {
            assert_eq!(cells[cell as usize]["rank"], (rank + 1).to_string());
        }
        for reference in results[set]["results"].as_array().unwrap() {
            let coverage = Coverage::new(reference["coverage"].as_f64().unwrap()).unwrap();
            let figures = Figures::of(&judged, &ranking, coverage, Ground::Cells);
            assert_eq!(reference["cells"], figures.cells);
            assert_eq!(reference["tie_at_cutoff"], figures.tie_at_cutoff);
            for (value, key) in [
                (Some(figures.hits), "hits_test"),
                (figures.hit_rate, "hit_rate"),
                (figures.pai, "pai_cell_share"),
                (figures.pai_by_cells, "pai_cell_share"),
                (figures.pai_by_area, "pai_exact_area"),
                (Some(figures.area_share), "area_share_exact"),
                (Some(figures.best_hits), "best_possible_hits"),
                (figures.pei, "pei"),
                (Some(figures.hits_before), "hits_train"),
                (figures.recapture_rate_index, "recapture_rate_index"),
            ] {
                close(value, &reference[key], 1e-12, &format!("{set} {key} at {coverage:?}"));
            }
            close(figures.cutoff, &reference["cutoff_kde"], 1e-9, "cutoff");
        }
    }
}
