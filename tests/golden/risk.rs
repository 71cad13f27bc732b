//! Relative risks at 100 points against the reference results of topic 12.

use crate::support::{expected, golden, number, polygons, table};
use hotspots::{
    analysis::{
        density::{EdgeCorrection, RasterGrid, WeightedPoint, Window},
        normal,
        risk::{RelativeRisk, RiskParameters, Shrinkage, default_sigma_m, tolerance_z},
    },
    model::{GridPoint, GridShape, Metres},
};

#[test]
#[expect(clippy::float_cmp, reason = "numbers of events are whole")]
fn relative_risks_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let events = table(golden.join("12_relative_risk/events.csv"));
    let group = |case: &str| -> Vec<WeightedPoint> {
        let of_group = events.iter().filter(|row| row["case"] == case);
        let position = of_group.map(|row| GridPoint::new(number(row, "e"), number(row, "n")).unwrap());
        position.map(|position| WeightedPoint { position, weight: 1.0 }).collect()
    };
    let (cases, controls) = (group("1"), group("0"));
    let reference = expected(golden.join("12_relative_risk/expected.json"));
    let window = Window::new(&GridShape(polygons(golden.join("inputs/borough_27700.geojson"))));
    let cell = Metres::new(50.0).unwrap();
    let grid = RasterGrid::covering(window.shape(), cell, cell).unwrap();
    let sigma = Metres::new(reference["h_m"].as_f64().unwrap()).unwrap();
    let parameters = RiskParameters { sigma, edge: EdgeCorrection::Uniform, shrinkage: Shrinkage::default() };
    let risk = RelativeRisk::new(&cases, &controls, &window, &grid, parameters).unwrap();
    assert_eq!(risk.events(), [348.0, 2752.0]);

    let [of_cases, of_controls] = risk.integrals();
    for (integral, name) in [(of_cases, "integral_f"), (of_controls, "integral_g")] {
        let exact = reference[name].as_f64().unwrap();
        // By whole cells of 50 m, of which those on the border are half inside.
        assert!((integral / exact - 1.0).abs() < 5e-4, "{name}: {integral}, {exact}");
    }
    let is = |value: f64, reference: f64, relative: f64| {
        assert!((value - reference).abs() <= relative * reference.abs(), "{value} is not {reference}");
    };
    let rows = table(golden.join("12_relative_risk/relative_risk.csv"));
    assert_eq!(rows.len(), 100);
    for row in &rows {
        let number = |column: &str| number(row, column);
        let at = risk.at(GridPoint::new(number("e"), number("n")).unwrap());
        is(at.cases * of_cases, number("f"), 1e-8);
        is(at.controls * of_controls, number("g"), 1e-8);
        let log_ratio = at.log_ratio.unwrap() + (of_cases / of_controls).ln();
        assert!((log_ratio - number("log_rr")).abs() < 1e-8, "{row:?}: {log_ratio}");
        is(at.cases, number("f_normalised"), 5e-4);
        is(at.pooled, number("pooled_normalised"), 5e-4);
        assert!((at.z.unwrap() - number("z")).abs() < 2e-3, "{row:?}: {at:?}");

        let densities = [number("pooled_normalised") * 1e-6, 0.0];
        let masses = [number("q_h"), number("q_h_over_sqrt2")];
        let z = tolerance_z(number("log_rr_normalised"), sigma, densities, masses, risk.events()).unwrap();
        is(z, number("z"), 1e-6);
        assert!((normal::upper_p(z) - number("p_upper")).abs() < 1e-6);
    }

    let all: Vec<_> = cases.iter().chain(&controls).map(|event| event.position).collect();
    let default = default_sigma_m(&all, cases.len(), controls.len()).unwrap();
    is(default, reference["os_pooled_bandwidth"]["h0"].as_f64().unwrap(), 1e-9);
}
