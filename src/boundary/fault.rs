//! What is wrong with a boundary set, all of it at once, and what is not wrong but worth knowing.

use std::fmt;

/// One fault of a manifest or of a boundary file.
///
/// # Example
/// ```
/// use hotspots::boundary::BoundaryFault;
/// let fault = BoundaryFault {
///     file: "wards.geojson".into(),
///     feature: Some("feature 3 (E05001238 Brierley Hill)".into()),
///     what: "it has no geometry".into(),
/// };
/// assert_eq!(
///     fault.to_string(),
///     "wards.geojson: feature 3 (E05001238 Brierley Hill): it has no geometry"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundaryFault {
    /// The file, as the manifest names it.
    pub file: String,
    /// The feature by number (from 1), code and name, as far as they are known; `None` for a fault
    /// of the file as a whole.
    pub feature: Option<String>,
    /// The rule that is broken, and by which value.
    pub what: String,
}

impl BoundaryFault {
    pub(super) fn of_file(file: &str, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), feature: None, what: what.into() }
    }
}

impl fmt::Display for BoundaryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.feature {
            Some(feature) => write!(f, "{}: {feature}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

/// Every fault that was found; never empty. Written one on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundaryFaults(pub Vec<BoundaryFault>);

impl BoundaryFaults {
    pub(super) fn of_file(file: &str, what: impl Into<String>) -> Self {
        Self(vec![BoundaryFault::of_file(file, what)])
    }
}

impl fmt::Display for BoundaryFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for BoundaryFaults {}

/// What was done to a feature that is not quite as it should be, without a change of the ground.
///
/// # Example
/// ```
/// use hotspots::boundary::BoundaryNote;
/// let note = BoundaryNote {
///     file: "wards.geojson".into(),
///     feature: "feature 3 (E05001238 Brierley Hill)".into(),
///     what: "exterior ring touches itself".into(),
/// };
/// assert_eq!(
///     note.to_string(),
///     "wards.geojson: feature 3 (E05001238 Brierley Hill): exterior ring touches itself"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundaryNote {
    /// The file, as the manifest names it.
    pub file: String,
    /// The feature by number (from 1), code and name; or the outline.
    pub feature: String,
    /// What was done, and where.
    pub what: String,
}

impl fmt::Display for BoundaryNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.feature, self.what)
    }
}
