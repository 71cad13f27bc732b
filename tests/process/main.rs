//! The built binary as its users meet it: its command line, its imports, its server, real data.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at once on what cannot be")]

mod cancel;
mod cli;
mod import_crash;
mod police;
mod priorities;
mod real_data;
mod reports;
mod server;
mod support;
