//! Settings that stand in files.

pub mod priorities;
pub mod scoring;
mod tree;
pub mod weights;

pub use tree::MemberFault;

use crate::model::{Category, Invalid};

/// A category has to be written as its slug, so that a file and an address look alike.
fn slug(name: &str) -> Result<Category, Invalid> {
    let category = Category::from_label(name)?;
    if category.as_str() == name {
        Ok(category)
    } else {
        Err(Invalid::new(name, format!("a category is written as its slug, '{category}'")))
    }
}

/// Collects what is wrong with an entry of a file.
struct Faults<'a> {
    place: String,
    faults: &'a mut Vec<String>,
}

impl Faults<'_> {
    fn add(&mut self, member: &str, rule: &str) {
        self.faults.push(format!("{}: {member}: {rule}", self.place));
    }

    fn take<T>(&mut self, member: &str, result: Result<T, Invalid>) -> Option<T> {
        result.map_err(|fault| self.add(member, &fault.to_string())).ok()
    }
}
