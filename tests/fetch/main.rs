//! Fetching, by the real client and the real binary, from a server on this machine that answers as the publishers do.

#![expect(clippy::unwrap_used, reason = "a test stops at once on what cannot be")]

mod all;
mod at_hand;
mod beats;
mod boundaries;
mod client;
mod downloads;
mod incidents;
mod population;
mod postcodes;
mod server;
mod support;
mod world;
