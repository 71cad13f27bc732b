//! The city, held in memory, and what is known of each incident without the program's own selection.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use geo::Intersects;
use hotspots::{
    boundary::manifest,
    config::priorities,
    gazetteer::{PostcodeEntry, SourceFile, UprnEntry},
    model::{BoundarySet, Generation, GridPoint, GridShape, Incident, PriorityEntry, StoreId},
    service::{Service, priorities::PrioritiesFile},
    store::{GazetteerStore, Import, IncidentStore, Logged, PriorityLog, StoreError, StoredIncident},
    synthetic::SyntheticCity,
};

pub(crate) static BOUNDARIES: LazyLock<BoundarySet> =
    LazyLock::new(|| manifest::load("boundaries/dudley.toml".as_ref()).unwrap());
pub(crate) static CITY: LazyLock<Vec<Incident>> =
    LazyLock::new(|| SyntheticCity::seed(42).incidents(&BOUNDARIES).collect());

/// A service that answers from these incidents; an incident's row id is its place in the list.
pub(crate) fn service(incidents: Vec<Incident>) -> Service {
    let shipped = PrioritiesFile {
        priorities: priorities::load(None).unwrap(),
        name: "shipped".to_owned(),
        read_at_s: 0,
    };
    Service::new(BOUNDARIES.clone(), &shipped, Vec::new(), Arc::new(Held(incidents, Mutex::default())))
        .unwrap()
}

pub(crate) static SERVICE: LazyLock<Service> = LazyLock::new(|| service(CITY.clone()));

/// A store that is a list and takes no more incidents.
struct Held(Vec<Incident>, Mutex<Vec<PriorityEntry>>);

impl PriorityLog for Held {
    fn priorities_revision(&self) -> Result<u64, StoreError> {
        Ok(self.1.lock().unwrap().len() as u64)
    }

    fn priority_entries(&self) -> Result<Vec<PriorityEntry>, StoreError> {
        Ok(self.1.lock().unwrap().clone())
    }

    fn log_priorities(&self, after: u64, entries: &[PriorityEntry]) -> Result<Logged, StoreError> {
        let mut log = self.1.lock().unwrap();
        if log.len() as u64 != after {
            return Ok(Logged::Overtaken);
        }
        log.extend_from_slice(entries);
        Ok(Logged::Added)
    }
}

impl GazetteerStore for Held {
    fn gazetteer_revision(&self) -> Result<u64, StoreError> {
        Ok(0)
    }

    fn gazetteer_sources(&self) -> Result<Vec<SourceFile>, StoreError> {
        Ok(Vec::new())
    }

    fn replace_postcodes(&self, _: &[PostcodeEntry], _: &[SourceFile]) -> Result<u64, StoreError> {
        Err(StoreError::Busy)
    }

    fn replace_uprns(&self, _: &[UprnEntry], _: &[SourceFile]) -> Result<u64, StoreError> {
        Err(StoreError::Busy)
    }

    fn scan_gazetteer(
        &self,
        _: &mut dyn FnMut(PostcodeEntry),
        _: &mut dyn FnMut(UprnEntry),
    ) -> Result<u64, StoreError> {
        Ok(0)
    }
}

impl IncidentStore for Held {
    fn id(&self) -> StoreId {
        StoreId("held".to_owned())
    }

    fn generation(&self) -> Result<Generation, StoreError> {
        Ok(Generation(1))
    }

    fn begin_import(&self) -> Result<Box<dyn Import + '_>, StoreError> {
        Err(StoreError::Busy)
    }

    fn scan(&self, visit: &mut dyn FnMut(StoredIncident<'_>)) -> Result<Generation, StoreError> {
        for (row_id, incident) in (0..).zip(&self.0) {
            visit(StoredIncident {
                row_id,
                source: &incident.source,
                own_id: incident.own_id.as_deref(),
                reference: incident.reference.as_deref(),
                occurred: incident.occurred,
                category: incident.category.as_str(),
                weight: incident.weight,
                position: incident.position,
                positioned_by: incident.positioned_by,
                street: incident.street.as_deref(),
                outcome: incident.outcome.as_deref(),
                attributes_json: "",
            });
        }
        self.generation()
    }
}

fn meets(shape: &GridShape, at: GridPoint) -> bool {
    shape.0.intersects(&geo_types::Point::new(at.easting_m(), at.northing_m()))
}

/// Where an incident lies, found without locators: the first area in order of codes that it meets.
#[derive(Clone, Debug)]
pub(crate) struct Lies {
    pub(crate) inside: bool,
    pub(crate) ward: Option<&'static str>,
    pub(crate) beat: Option<&'static str>,
}

/// By incident of the city; `None` for one without position.
pub(crate) static LIES: LazyLock<Vec<Option<Lies>>> = LazyLock::new(|| {
    let mut known: HashMap<[u64; 2], Lies> = HashMap::new();
    let first = |layer: usize, at: GridPoint| {
        let found = BOUNDARIES.layers[layer].areas.iter().find(|area| meets(&area.grid, at));
        found.map(|area| area.code.0.as_str())
    };
    let mut lies = |at: GridPoint| {
        let key = [at.easting_m().to_bits(), at.northing_m().to_bits()];
        let new =
            || Lies { inside: meets(&BOUNDARIES.outline.grid, at), ward: first(0, at), beat: first(1, at) };
        known.entry(key).or_insert_with(new).clone()
    };
    CITY.iter().map(|incident| incident.position.map(|position| lies(position.grid))).collect()
});
