//! A service for benches: the synthetic city, as often as it takes.

use std::sync::Arc;

use hotspots::{
    boundary::manifest,
    config::{priorities, weights},
    model::Incident,
    service::{Service, priorities::PrioritiesFile},
    store::{IncidentStore, geopackage::GeoPackageStore},
    synthetic::SyntheticCity,
};

/// A service with so many located incidents of 2024 and 2025, each changed as `change` says by its number.
pub fn service(incidents: usize, change: impl Fn(usize, &mut Incident)) -> Service {
    let folder = tempfile::tempdir().unwrap();
    let boundaries = manifest::load("boundaries/dudley.toml".as_ref()).unwrap();
    let store = GeoPackageStore::open(&folder.path().join("incidents.gpkg")).unwrap();
    let mut import = store.begin_import().unwrap();
    let located = (42..)
        .flat_map(|seed| SyntheticCity::seed(seed).incidents(&boundaries).collect::<Vec<_>>())
        .filter(|incident| incident.position.is_some());
    for (number, mut incident) in located.take(incidents).enumerate() {
        change(number, &mut incident);
        import.add(&incident).unwrap();
    }
    import.commit().unwrap();
    let priorities = PrioritiesFile {
        priorities: priorities::load(None).unwrap(),
        name: "shipped".to_owned(),
        read_at_s: 0,
    };
    Service::new(boundaries, &priorities, weights::load(None).unwrap(), Arc::new(store)).unwrap()
}
