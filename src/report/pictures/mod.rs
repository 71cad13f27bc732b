//! The pictures of a report: charts and maps, drawn from the figures that its tables have too.

pub(super) mod charts;
pub(super) mod maps;
