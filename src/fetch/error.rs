//! Why something could not be fetched.

use std::{fmt, io, path::PathBuf};

/// Why something could not be fetched or laid down. Each says where, what came, and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// An argument or an address that cannot be used.
    #[error("'{value}': {rule}")]
    Value {
        /// The value as given.
        value: String,
        /// What it has to be.
        rule: String,
    },
    /// A server gave something else than what was asked for, or nothing.
    #[error("{address}: {came}; {advice}")]
    Remote {
        /// What was asked, without secrets.
        address: String,
        /// What came.
        came: String,
        /// What to do next.
        advice: String,
    },
    /// A file cannot be read or written.
    #[error("{} cannot be {doing}", path.display())]
    Disk {
        /// Which file.
        path: PathBuf,
        /// What was tried: `read`, `written`.
        doing: &'static str,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// What a file holds breaks a rule.
    #[error("{place}: {rule}")]
    Content {
        /// The file, with line and column where they are known.
        place: String,
        /// The rule.
        rule: String,
    },
    /// Several faults, told together.
    #[error("{} faults:\n{}", .0.len(), .0.join("\n"))]
    Faults(Vec<String>),
}

impl FetchError {
    pub(crate) fn value(value: impl fmt::Display, rule: impl Into<String>) -> Self {
        Self::Value { value: value.to_string(), rule: rule.into() }
    }

    pub(crate) fn remote(
        address: impl Into<String>,
        came: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::Remote { address: address.into(), came: came.into(), advice: advice.into() }
    }

    pub(crate) fn content(place: impl fmt::Display, rule: impl Into<String>) -> Self {
        Self::Content { place: place.to_string(), rule: rule.into() }
    }

    /// For `map_err`: reading `path` failed.
    pub(crate) fn reading(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Disk { path, doing: "read", cause }
    }

    /// For `map_err`: writing `path` failed.
    pub(crate) fn writing(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Disk { path, doing: "written", cause }
    }
}
