//! The maps of a report.
