//! Sets that are joined (union–find).

/// Things that hang together; at first each alone.
pub(super) struct Joined {
    towards: Vec<usize>,
}

impl Joined {
    pub(super) fn apart(count: usize) -> Self {
        Self { towards: (0..count).collect() }
    }

    /// The thing that speaks for all that hang together with this one.
    pub(super) fn root(&mut self, mut thing: usize) -> usize {
        while self.towards[thing] != thing {
            self.towards[thing] = self.towards[self.towards[thing]];
            thing = self.towards[thing];
        }
        thing
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.towards[a.max(b)] = a.min(b);
    }
}
