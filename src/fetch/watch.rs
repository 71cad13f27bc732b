//! What fetching tells while it runs.

/// Is told how far it is. A command line draws bars from it; tests listen.
pub trait Watch {
    /// Something happened that a reader wants to know: a layer was saved, a file is there already.
    fn say(&self, line: &str);

    /// Of the file called `name`, `done` of `total` bytes are there.
    fn bytes(&self, name: &str, done: u64, total: Option<u64>);
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Watch for Silent {
    fn say(&self, _line: &str) {}
    fn bytes(&self, _name: &str, _done: u64, _total: Option<u64>) {}
}
