//! Settings that stand in files.

pub mod priorities;
