//! The immutable picture of all incidents that questions are answered from.
