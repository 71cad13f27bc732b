//! Profiles and assessments as documents: tables, pages that print, files.
//!
//! | module | what of it |
//! |---|---|
//! | [`sheets`] | every figure as tables, each column with its unit and meaning |
//! | [`layers`] | what its maps show: the layers that clients are given |
//! | [`page`] | the report as one HTML file that prints on A4 |
//!
//! JSON, CSV, XLSX and the tables of the page are made from the same sheets, so that no two forms of a report can
//! disagree.

pub mod layers;
pub mod page;
mod pictures;
pub mod sheets;

pub use layers::Layers;
