//! Counts bytes while they are read, and stops what grows beyond its limits.

use std::{
    cell::Cell,
    fmt,
    io::{self, Read, Seek, SeekFrom},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::model::Invalid;

use super::options::Limits;

/// Counts what is taken from a file or body as it lies there.
pub(super) struct Counted<R> {
    inner: R,
    taken: Rc<Cell<u64>>,
    progress: Option<Arc<AtomicU64>>,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, progress: Option<Arc<AtomicU64>>) -> Self {
        Self { inner, taken: Rc::default(), progress }
    }

    /// A view of the count that stays valid while the reader is lent elsewhere.
    pub(super) fn taken(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.taken)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        self.taken.set(self.taken.get().saturating_add(bytes));
        if let Some(progress) = &self.progress {
            progress.fetch_add(bytes, Ordering::Relaxed);
        }
        Ok(read)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// What is left of the total that one call may expand to, and whether a file exceeded a limit.
#[derive(Clone)]
pub(super) struct Budget {
    left: Rc<Cell<u64>>,
    exceeded: Rc<Cell<bool>>,
}

impl Budget {
    pub(super) fn new(bytes: u64) -> Self {
        Self { left: Rc::new(Cell::new(bytes)), exceeded: Rc::default() }
    }

    /// The same total, for a group of files whose excesses are told apart from those of others.
    pub(super) fn of_group(&self) -> Self {
        Self { left: Rc::clone(&self.left), exceeded: Rc::default() }
    }

    /// Whether a file of the group exceeded a limit.
    pub(super) fn was_exceeded(&self) -> bool {
        self.exceeded.get()
    }
}

/// Holds an expanded text to the limits while it is read.
pub(super) struct Metered<R> {
    inner: R,
    expanded: u64,
    taken: Rc<Cell<u64>>,
    taken_before: u64,
    budget: Budget,
    limits: Limits,
}

impl<R: Read> Metered<R> {
    /// `taken` is the count of the compressed bytes that `inner` expands.
    pub(super) fn new(inner: R, taken: Rc<Cell<u64>>, budget: Budget, limits: Limits) -> Self {
        let taken_before = taken.get();
        Self { inner, expanded: 0, taken, taken_before, budget, limits }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        let Some(left) = self.budget.left.get().checked_sub(bytes) else {
            self.budget.left.set(0);
            self.budget.exceeded.set(true);
            let limit = self.limits.total_bytes;
            return Err(Exceeded::error(format!("the input is larger than {limit} bytes in total")));
        };
        self.budget.left.set(left);
        self.expanded = self.expanded.saturating_add(bytes);
        let compressed = self.taken.get().saturating_sub(self.taken_before).max(1);
        let allowed = compressed.saturating_mul(self.limits.expansion).max(self.limits.expansion_free_bytes);
        if self.expanded > allowed {
            self.budget.exceeded.set(true);
            return Err(Exceeded::error(format!(
                "{compressed} bytes expand to more than {allowed}: not read on, because no real file \
                 shrinks to less than 1/{}",
                self.limits.expansion
            )));
        }
        Ok(read)
    }
}

/// A limit that was exceeded, carried inside an [`io::Error`].
#[derive(Debug)]
struct Exceeded(String);

impl Exceeded {
    fn error(rule: String) -> io::Error {
        io::Error::other(Self(rule))
    }
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Exceeded {}

/// Whether reading stopped at one of the limits.
fn is_limit(error: &io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref::<Exceeded>()).is_some()
}

/// What an error of reading says about the file.
pub(super) fn fault_of(error: &io::Error) -> Invalid {
    if is_limit(error) {
        return Invalid::new("", error.to_string());
    }
    let cause = error.to_string();
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            Invalid::new(cause, "the file is cut off: what follows is missing; fetch it again")
        }
        _ => Invalid::new(
            cause,
            "the file cannot be read to its end: it is damaged or cut off; fetch it again",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metered(expanded: usize, compressed: u64, limits: Limits) -> io::Result<u64> {
        let taken = Rc::new(Cell::new(0));
        let budget = Budget::new(limits.total_bytes);
        let mut reader =
            Metered::new(io::repeat(b'a').take(expanded as u64), Rc::clone(&taken), budget, limits);
        taken.set(compressed);
        io::copy(&mut reader, &mut io::sink())
    }

    #[test]
    fn a_bomb_is_stopped_while_it_expands() {
        let limits = Limits { expansion_free_bytes: 10_000, ..Limits::default() };
        assert_eq!(metered(10_000, 1, limits).unwrap(), 10_000, "small files may shrink as they like");
        let fault = metered(1 << 20, 51, limits).unwrap_err();
        assert!(is_limit(&fault) && fault.to_string().contains("51 bytes expand"), "{fault}");
        assert!(metered(1 << 20, 1 << 13, limits).is_ok());
    }

    #[test]
    fn the_total_is_held() {
        let limits = Limits { total_bytes: 1_000, ..Limits::default() };
        assert!(metered(1_000, 1_000, limits).is_ok());
        assert!(is_limit(&metered(1_001, 1_001, limits).unwrap_err()));
    }
}
