//! Boundary files: reading, checking, locating.
