//! What is said about a priority beside its numbers.

pub mod method_card;

pub use method_card::{Method, MethodCard};
