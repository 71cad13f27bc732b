//! Key findings: sentences that are made from the figures of a profile, each with the figures behind it.
//!
//! What is not more than chance gives no sentence: a report without findings says that there are none.

mod concentration;
mod geography;
mod season;
mod situation;

pub use geography::place_of;

use super::Profile;
use crate::{analysis::time::level::Alpha, profile::method_card::Parameter};

/// A sentence for people, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The part of the profile that it is from: `situation`, `seasonality`, `geography`, `areas`, `concentration`,
    /// `accuracy`.
    pub section: &'static str,
    /// What is found, the same for every priority: `change`, `rates-above`.
    pub name: &'static str,
    /// The sentence.
    pub text: String,
    /// Its figures by name, in the order of the sentence.
    pub figures: Vec<(&'static str, Parameter)>,
}

impl Finding {
    fn new(section: &'static str, name: &'static str, text: impl Into<String>) -> Self {
        Self { section, name, text: text.into(), figures: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: impl Into<Parameter>) -> Self {
        self.figures.push((name, value.into()));
        self
    }
}

/// At this probability and below a test is taken to have found something.
pub const ALPHA: f64 = Alpha::USUAL.get();

/// The findings of a profile, in the order of its sections.
pub fn of(profile: &Profile<'_>) -> Vec<Finding> {
    let mut found = situation::findings(profile);
    if profile.situation.count > 0 {
        found.extend(season::findings(profile));
        found.extend(geography::findings(profile));
        found.extend(concentration::findings(profile));
    }
    found
}
