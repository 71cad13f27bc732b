//! An incident as it was recorded.

use std::fmt;

use super::{Invalid, Month, Occurred, Position};

/// What kind of incident it is, as a slug: `criminal-damage-and-arson`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(String);

/// Names of categories are cut off here; the longest of police.uk has 28 characters.
const LONGEST_CATEGORY: usize = 80;

impl Category {
    /// Makes the slug of a label: lower case, runs of anything but letters and digits as one `-`.
    ///
    /// # Errors
    /// [`Invalid`] when no letter or digit is left, or the slug is over 80 bytes.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::Category;
    /// let category = Category::from_label("Violence and sexual offences").unwrap();
    /// assert_eq!(category.as_str(), "violence-and-sexual-offences");
    /// ```
    pub fn from_label(label: &str) -> Result<Self, Invalid> {
        let mut slug = String::with_capacity(label.len());
        for c in label.chars().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
            if slug.len() > LONGEST_CATEGORY {
                return Err(Invalid::new(label, "a category has at most 80 characters"));
            }
        }
        slug.truncate(slug.trim_end_matches('-').len());
        if slug.is_empty() {
            return Err(Invalid::new(label, "a category has at least one letter or digit"));
        }
        Ok(Self(slug))
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Own ids that begin so were given to rows that were rejected once, mended and imported again:
/// `mended:2024-01:january:17`. Such a row completes a batch, and goes when its batch is replaced,
/// because the corrected file holds it.
pub const MENDED_PREFIX: &str = "mended:";

/// How the position of an incident is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum PositionedBy {
    /// It was recorded as coordinates. So it is said of an incident without a position, too.
    #[default]
    Coordinates,
    /// It is the middle of the square that a grid reference names.
    GridReference,
    /// It is that of the property with the UPRN that was recorded.
    Uprn,
    /// It is the middle of the addresses of the postcode that was recorded, and not where it happened.
    Postcode,
}

impl PositionedBy {
    /// All, the most exact first.
    pub const ALL: [Self; 4] = [Self::Coordinates, Self::GridReference, Self::Uprn, Self::Postcode];

    /// Its word.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::PositionedBy;
    /// assert_eq!(PositionedBy::GridReference.as_str(), "grid-reference");
    /// assert_eq!(PositionedBy::from_word("postcode"), Some(PositionedBy::Postcode));
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Coordinates => "coordinates",
            Self::GridReference => "grid-reference",
            Self::Uprn => "uprn",
            Self::Postcode => "postcode",
        }
    }

    /// The one with that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// One recorded incident, read and checked.
///
/// An incident with an [`own_id`](Self::own_id) replaces the one that its source gave under the same
/// id before. One without belongs to the batch of its source and month, and is replaced when that
/// batch is imported again: rows of police.uk are of this kind, because antisocial behaviour has no
/// Crime ID and a Crime ID may repeat.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// Who recorded it, as in `west-midlands-police` or `fire-service`.
    pub source: String,
    /// The id that its source promises to be unique.
    pub own_id: Option<String>,
    /// A reference that identifies nothing for certain, such as a police.uk Crime ID.
    pub reference: Option<String>,
    /// When it happened.
    pub occurred: Occurred,
    /// What kind it is.
    pub category: Category,
    /// How much it counts in weighted analyses; 1 where nothing is said, never negative.
    pub weight: f64,
    /// Where it happened; `None` is an unlocated incident, which is kept and counted.
    pub position: Option<Position>,
    /// How that is known.
    pub positioned_by: PositionedBy,
    /// Street or place name as recorded.
    pub street: Option<String>,
    /// Last known outcome.
    pub outcome: Option<String>,
    /// Anything else the source said, in its order.
    pub attributes: Vec<(String, String)>,
}

impl Incident {
    /// The month whose batch it belongs to.
    pub fn month(&self) -> Month {
        self.occurred.month()
    }
}

/// Counts the commits of a store: a higher one holds newer data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Tells one store from another, so that generation 7 of two stores is not mistaken for the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StoreId(pub String);
