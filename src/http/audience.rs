//! What whoever asks may see: decided here, before anything is read or drawn.

use crate::service::collection::CollectionKind;

/// For whom a service is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Those who may see single incidents.
    #[default]
    Analysts,
    /// Those who may see what is made from incidents, and not the incidents.
    Partners,
}

impl Audience {
    /// Whether single incidents are shown.
    pub const fn may_see_incidents(self) -> bool {
        matches!(self, Self::Analysts)
    }

    /// Whether the names of those who changed priorities are shown, and what they noted.
    pub const fn may_see_authors(self) -> bool {
        matches!(self, Self::Analysts)
    }

    /// Whether priorities may be changed.
    pub const fn may_change_priorities(self) -> bool {
        matches!(self, Self::Analysts)
    }

    /// Whether a layer is shown.
    pub fn may_see(self, kind: &CollectionKind) -> bool {
        self.may_see_incidents() || *kind != CollectionKind::Incidents
    }
}
