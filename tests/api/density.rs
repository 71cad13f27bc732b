//! Kernels, edge corrections, adaptive bandwidths and forms of the demonstration city's density.

use serde_json::Value;

use crate::app::TestApp;

fn json(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The values of a raster inside the study area.
fn values(raster: &Value) -> Vec<f64> {
    let rows = raster["values"].as_array().unwrap().iter();
    rows.flat_map(|row| row.as_array().unwrap()).filter_map(Value::as_f64).collect()
}

/// Σ value × cell area in km².
fn mass(raster: &Value) -> f64 {
    let cell_km = number(&raster["cell_m"]) / 1_000.0;
    values(raster).iter().sum::<f64>() * cell_km * cell_km
}

const KERNELS: [&str; 6] = ["quartic", "epanechnikov", "triweight", "triangular", "uniform", "gaussian"];
const BURGLARY: &str = "/analysis/density?priority=burglary&weights=none&f=json&cell_m=100";

#[test]
fn kernels_of_the_same_smoothing_give_alike_surfaces() {
    let usual = values(&json(&format!("{BURGLARY}&kernel=quartic")));
    for kernel in KERNELS {
        let raster = json(&format!("{BURGLARY}&kernel={kernel}"));
        let parameters = &raster["method"]["parameters"];
        assert_eq!(parameters["kernel"], kernel);
        // The priority's bandwidth is brought to each kernel; that of the uniform one has steps.
        let away: f64 = values(&raster).iter().zip(&usual).map(|(a, b)| (a - b).abs()).sum();
        let share = away / usual.iter().sum::<f64>();
        assert!(share < 0.25, "{kernel}: {share}, {parameters}");
        let asked = json(&format!("{BURGLARY}&kernel={kernel}&bandwidth_m=300"));
        assert_eq!(asked["method"]["parameters"]["bandwidth_m"], 300.0);
    }
}

#[test]
fn corrected_kernels_hold_all_incidents_inside() {
    for kernel in KERNELS {
        let mass_with = |edge: &str| {
            let raster = json(&format!("{BURGLARY}&kernel={kernel}&bandwidth_m=600&edge={edge}"));
            assert_eq!(raster["method"]["parameters"]["edge_correction"], edge);
            (mass(&raster), number(&raster["method"]["incidents"]["used"]))
        };
        let (lost, incidents) = mass_with("none");
        let (held, _) = mass_with("diggle");
        assert!((held / incidents - 1.0).abs() < 0.01, "{kernel}: {held} of {incidents}");
        assert!(lost < held && mass_with("uniform").0 > lost, "{kernel}");
    }
}

#[test]
fn forms_add_up_and_differ_by_a_factor() {
    for more in ["", "&edge=uniform&kernel=gaussian", "&within=ward/E05001236"] {
        let form = |form: &str| json(&format!("{BURGLARY}&bandwidth_m=300&form={form}{more}"));
        let (intensity, absolute, probability) = (form("intensity"), form("absolute"), form("probability"));
        let incidents = number(&absolute["method"]["incidents"]["used"]);
        assert!((values(&absolute).iter().sum::<f64>() / incidents - 1.0).abs() < 1e-9);
        assert!((values(&probability).iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(intensity["rescaled_by"].is_null());
        assert_eq!(absolute["rescaled_by"], probability["rescaled_by"]);
        let factor = number(&absolute["rescaled_by"]);
        assert!((factor * mass(&intensity) / incidents - 1.0).abs() < 1e-9);
        for (a, b) in values(&intensity).iter().zip(values(&absolute)) {
            assert!((a * 0.01 * factor - b).abs() <= 1e-9 * b);
        }
        assert_eq!(intensity["thresholds_per_km2"], absolute["thresholds_per_km2"]);
        assert_eq!(
            (&absolute["unit"], &absolute["form"]),
            (&"incidents per cell".into(), &"absolute".into())
        );
    }
}

#[test]
fn adaptive_bandwidths_are_told() {
    for edge in ["none", "uniform", "diggle"] {
        let raster = json(&format!("{BURGLARY}&adaptive=abramson&bandwidth_m=400&pilot_m=600&edge={edge}"));
        let parameters = &raster["method"]["parameters"];
        assert_eq!((&parameters["pilot_m"], &parameters["bandwidth_m"]), (&600.0.into(), &400.0.into()));
        let told: Vec<f64> =
            parameters["incident_bandwidths_m"].as_array().unwrap().iter().map(number).collect();
        assert!(told[0] < told[1] && told[1] < told[2] && told[0] < 400.0 && told[2] <= 2_000.0, "{told:?}");
        // Sharper where incidents are dense.
        let fixed = json(&format!("{BURGLARY}&bandwidth_m=400&edge={edge}"));
        assert!(number(&raster["peak_per_km2"]) > number(&fixed["peak_per_km2"]));
    }
    for edge in ["none", "uniform"] {
        let raster = json(&format!("{BURGLARY}&adaptive=nearest&edge={edge}"));
        let parameters = &raster["method"]["parameters"];
        assert_eq!((&parameters["k"], &parameters["bandwidth_m"]), (&100.into(), &Value::Null));
        // Every place reaches some.
        assert!(values(&raster).iter().all(|value| *value > 0.0));
    }
}

#[test]
fn bands_hotspots_and_areas_take_the_same_choices() {
    for address in [
        "/analysis/density?priority=burglary&kernel=gaussian&edge=diggle&cell_m=100",
        "/analysis/density?priority=burglary&adaptive=abramson&within=ward/E05001236",
        "/analysis/hotspots?priority=burglary&kernel=epanechnikov&edge=uniform&cell_m=100",
        "/analysis/hotspots?priority=burglary&edge=uniform&cell_m=200&resamples=99",
        "/analysis/hotspots?priority=burglary&adaptive=nearest&k=50&cell_m=200",
    ] {
        let answer = json(address);
        assert!(!answer["features"].as_array().unwrap().is_empty(), "{address}");
    }
}

#[test]
fn without_incidents_every_choice_is_an_empty_surface() {
    for kernel in KERNELS {
        for more in ["", "&edge=uniform", "&adaptive=abramson&edge=diggle", "&adaptive=nearest&k=3"] {
            let question = format!("period=1950-01&cell_m=400&kernel={kernel}{more}");
            let raster = json(&format!("/analysis/density?{question}&f=json&form=probability"));
            assert!(values(&raster).iter().all(|value| *value == 0.0), "{question}");
            assert!(raster["rescaled_by"].is_null());
            assert!(
                json(&format!("/analysis/density?{question}"))["features"].as_array().unwrap().is_empty()
            );
        }
    }
}
