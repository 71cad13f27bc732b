//! The gazetteer: positions of postcodes and properties, kept beside the incidents.

use super::StoreError;
use crate::gazetteer::{PostcodeEntry, SourceFile, UprnEntry};

/// Where the gazetteer is kept. Calls block; none is made while a question is answered.
///
/// Postcodes are replaced as a whole, and so are UPRNs: whoever reads finds the old ones or the new, never a part. Each
/// replacement raises the revision by one.
pub trait GazetteerStore: Send + Sync {
    /// How often entries were replaced; 0 for a store that no gazetteer was loaded into.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    fn gazetteer_revision(&self) -> Result<u64, StoreError>;

    /// The files that the entries came from, postcodes first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    fn gazetteer_sources(&self) -> Result<Vec<SourceFile>, StoreError>;

    /// Puts these postcodes in place of all that there are, at once and durably, and tells the new revision. Sources
    /// that are not of postcodes are passed over; there has to be one that is.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be made durable; then the old ones stay.
    fn replace_postcodes(&self, entries: &[PostcodeEntry], sources: &[SourceFile])
    -> Result<u64, StoreError>;

    /// The same for properties.
    ///
    /// # Errors
    /// As [`replace_postcodes`](Self::replace_postcodes).
    fn replace_uprns(&self, entries: &[UprnEntry], sources: &[SourceFile]) -> Result<u64, StoreError>;

    /// Shows every entry of one revision, in no promised order, and names the revision.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read or holds a row that breaks the model's rules.
    fn scan_gazetteer(
        &self,
        postcode: &mut dyn FnMut(PostcodeEntry),
        uprn: &mut dyn FnMut(UprnEntry),
    ) -> Result<u64, StoreError>;
}
