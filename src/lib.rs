//! Geographic profiles of strategic crime priorities.
//!
//! The way of the data is told in `ARCHITECTURE.md`; the modules below stand in its order.

pub mod model;

pub mod feature;

pub mod boundary;
pub mod crs;
pub mod gazetteer;
pub mod intake;
pub mod locate;
pub mod store;
pub mod synthetic;

pub mod filter;
pub mod selection;
pub mod snapshot;

pub mod analysis;
pub mod profile;
pub mod render;

pub mod service;

pub mod report;

pub mod browser;
pub mod cli;
pub mod config;
pub mod fetch;
pub mod http;
pub mod server;
