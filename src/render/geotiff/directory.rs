//! Image file directories (TIFF 6.0 §2): fields by tag, little-endian, with what they hold behind them.

/// Byte order, 42, and where the first directory begins.
pub(super) const HEADER_BYTES: usize = 8;

/// What a field holds.
#[derive(Clone)]
pub(super) enum Held {
    /// Text of single bytes, here UTF-8, ended by a zero byte.
    Text(String),
    Shorts(Vec<u16>),
    Longs(Vec<u32>),
    Doubles(Vec<f64>),
}

impl Held {
    /// The number of its type.
    const fn kind(&self) -> u16 {
        match self {
            Self::Text(_) => 2,
            Self::Shorts(_) => 3,
            Self::Longs(_) => 4,
            Self::Doubles(_) => 12,
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Text(text) => text.len() + 1,
            Self::Shorts(all) => all.len(),
            Self::Longs(all) => all.len(),
            Self::Doubles(all) => all.len(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            // A zero byte would end the text early.
            Self::Text(text) => text.bytes().filter(|byte| *byte != 0).chain([0]).collect(),
            Self::Shorts(all) => all.iter().flat_map(|one| one.to_le_bytes()).collect(),
            Self::Longs(all) => all.iter().flat_map(|one| one.to_le_bytes()).collect(),
            Self::Doubles(all) => all.iter().flat_map(|one| one.to_le_bytes()).collect(),
        }
    }
}

/// One directory, its fields in the order of their tags.
#[derive(Default)]
pub(super) struct Directory(Vec<(u16, Held)>);

/// Bytes of a field, and of what is held in it where that is no more.
const FIELD_BYTES: usize = 12;
const IN_FIELD_BYTES: usize = 4;

impl Directory {
    /// Adds a field, or puts another content of the same length in its place.
    pub fn set(&mut self, tag: u16, held: impl Into<Held>) {
        let held = held.into();
        match self.0.binary_search_by_key(&tag, |field| field.0) {
            Ok(at) => self.0[at].1 = held,
            Err(at) => self.0.insert(at, (tag, held)),
        }
    }

    /// Its bytes: number of fields, fields, where the next directory begins, and what the fields hold.
    pub fn len(&self) -> usize {
        self.fields_len() + self.0.iter().map(|(_, held)| outside(&held.bytes()).len()).sum::<usize>()
    }

    fn fields_len(&self) -> usize {
        2 + FIELD_BYTES * self.0.len() + 4
    }

    /// Writes it where `file` ends; `next` is where the one after it begins, zero where there is none.
    fn write(&self, file: &mut Vec<u8>, next: usize) {
        let mut held_at = file.len() + self.fields_len();
        let mut behind = Vec::new();
        file.extend(short(self.0.len()));
        for (tag, held) in &self.0 {
            let bytes = held.bytes();
            file.extend(tag.to_le_bytes());
            file.extend(held.kind().to_le_bytes());
            file.extend(long(held.count()));
            let outside = outside(&bytes);
            if outside.is_empty() {
                let mut inside = bytes;
                inside.resize(IN_FIELD_BYTES, 0);
                file.extend(inside);
            } else {
                file.extend(long(held_at));
                held_at += outside.len();
                behind.extend(outside);
            }
        }
        file.extend(long(next));
        file.extend(behind);
    }
}

/// What is not held in the field itself, filled up to a whole word.
fn outside(bytes: &[u8]) -> Vec<u8> {
    let mut outside = if bytes.len() > IN_FIELD_BYTES { bytes.to_vec() } else { Vec::new() };
    outside.resize(outside.len().next_multiple_of(2), 0);
    outside
}

/// The header and the directories, each leading to the next, with room for a file of `capacity` bytes.
pub(super) fn chained(directories: &[Directory], capacity: usize) -> Vec<u8> {
    let mut file = Vec::with_capacity(capacity);
    file.extend(b"II\x2a\0");
    file.extend(long(HEADER_BYTES));
    for (at, directory) in directories.iter().enumerate() {
        let next = if at + 1 < directories.len() { file.len() + directory.len() } else { 0 };
        directory.write(&mut file, next);
    }
    file
}

/// Counts and places of directories, which are at the beginning of the file.
fn long(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}

impl From<u16> for Held {
    fn from(one: u16) -> Self {
        Self::Shorts(vec![one])
    }
}

impl From<Vec<u16>> for Held {
    fn from(all: Vec<u16>) -> Self {
        Self::Shorts(all)
    }
}

impl From<Vec<u32>> for Held {
    fn from(all: Vec<u32>) -> Self {
        Self::Longs(all)
    }
}

impl From<Vec<f64>> for Held {
    fn from(all: Vec<f64>) -> Self {
        Self::Doubles(all)
    }
}

impl From<String> for Held {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
