//! A street of a hotspot or a cluster.

use std::fmt;

use serde::Serialize;

use crate::service::analysis::streets;

/// A street as recorded, and how many incidents name it.
#[derive(Serialize)]
pub struct Street {
    name: String,
    count: u64,
}

impl Street {
    /// As it is sent.
    pub fn of(street: &streets::Street) -> Self {
        Self { name: street.name.clone(), count: street.count }
    }
}

/// As it stands in a field of a table.
impl fmt::Display for Street {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.count)
    }
}
