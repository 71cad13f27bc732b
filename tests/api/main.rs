//! The service over HTTP, as its users see it. Every answer that these tests fetch is held against
//! `openapi.yaml`: address, method, status, headers, content type and the shape of the body.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at once on what cannot be"
)]

mod accuracy;
mod app;
mod areas;
mod caching;
mod concentration;
mod contract;
mod contract_tests;
mod dashboard;
mod density;
mod description;
mod dggs;
mod downloads;
mod edge;
mod exchange;
mod faults;
mod features;
mod filters;
mod formats;
mod fuzz;
mod gazetteer;
mod geocoding;
mod grids;
mod hotspots;
mod importing;
mod landing;
mod laws;
mod maps;
mod nearby;
mod pages;
mod pattern;
mod places;
mod priorities;
mod processes;
mod proxies;
mod rates;
mod rejects;
mod reports;
mod risk;
mod scan;
mod styles;
mod summaries;
mod tiles;
mod time;
mod vintages;
mod weights;
mod wms;
mod wmts;
