//! Layers that are kept between questions, up to a bound.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};

use super::{Collection, Dataset, LayerQuestion};
use crate::snapshot::Snapshot;

/// Layers by what they were made from. When they take more than they may, the ones that were not asked for of
/// late go.
pub struct HeldLayers {
    layers: Cache<String, Arc<Dataset>, Bytes>,
    rows: Cache<String, Arc<Vec<u32>>, Bytes>,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<String, Arc<Dataset>> for Bytes {
    fn weight(&self, key: &String, dataset: &Arc<Dataset>) -> u64 {
        (key.len() + dataset.features.memory_bytes() + 1_000) as u64
    }
}

impl Weighter<String, Arc<Vec<u32>>> for Bytes {
    fn weight(&self, key: &String, rows: &Arc<Vec<u32>>) -> u64 {
        (key.len() + size_of_val(rows.as_slice()) + 200) as u64
    }
}

impl HeldLayers {
    /// Keeps up to so many bytes of layers.
    pub fn new(most_bytes: u64) -> Self {
        // Layers of some 100 kB each are expected: the number only sizes the table.
        let expected = usize::try_from(most_bytes / 100_000).unwrap_or(1_000).clamp(16, 10_000);
        Self {
            layers: Cache::with_weighter(expected, most_bytes, Bytes),
            // Rows are four bytes each where features are hundreds.
            rows: Cache::with_weighter(expected, most_bytes / 8, Bytes),
        }
    }

    /// A layer that is held.
    pub(super) fn get(&self, key: &str) -> Option<Arc<Dataset>> {
        self.layers.get(key)
    }

    /// Keeps a layer, unless it is larger than all that may be kept.
    pub(super) fn keep(&self, key: String, dataset: &Arc<Dataset>) {
        self.layers.insert(key, Arc::clone(dataset));
    }

    /// Rows that are held.
    pub(super) fn rows(&self, key: &str) -> Option<Arc<Vec<u32>>> {
        self.rows.get(key)
    }

    /// Keeps rows, likewise.
    pub(super) fn keep_rows(&self, key: String, rows: &Arc<Vec<u32>>) {
        self.rows.insert(key, Arc::clone(rows));
    }
}

/// What a layer depends on, as text; `revision` is that of the priorities.
pub(super) fn key(
    collection: &Collection,
    question: &LayerQuestion,
    revision: u64,
    snapshot: &Snapshot,
) -> String {
    let data = if collection.kind.is_computed() || collection.kind == super::CollectionKind::Incidents {
        format!("{} {} {revision}", snapshot.store_id().0, snapshot.generation().0)
    } else {
        String::new()
    };
    // The debug form shows every number and name that the layer depends on.
    format!("{} {data} {question:?}", collection.id)
}
