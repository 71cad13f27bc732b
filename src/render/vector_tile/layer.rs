//! A layer of a tile while it is written: features, and each key and value once.

use std::borrow::Cow;

use prost::Message;
use rustc_hash::FxHashMap;

use super::{
    COUNT, ID,
    grid::EXTENT,
    wire::{self, Feature, Tile},
};
use crate::{
    feature::{Features, GeometryKind, Value},
    render::features::instant,
};

/// Takes the features of a layer.
pub struct LayerWriter<'a> {
    pub features: &'a dyn Features,
    layer: wire::Layer,
    values: FxHashMap<Known<'a>, u32>,
    /// The numbers of the keys that are no field's: of the id, where no field is called so, and of
    /// the count, where positions can be gathered.
    id_key: Option<u32>,
    count_key: Option<u32>,
}

/// A value that has a number already. Floating point numbers are told apart by their bits.
#[derive(PartialEq, Eq, Hash)]
enum Known<'a> {
    Text(Cow<'a, str>),
    Whole(i64),
    Number(u64),
    Flag(bool),
}

impl<'a> LayerWriter<'a> {
    /// A layer without features. The number of a field is that of its key.
    pub fn new(name: &str, features: &'a dyn Features) -> Self {
        let mut keys: Vec<String> = features.fields().iter().map(|field| field.name.clone()).collect();
        let mut number_of = |name: &str| {
            let known = keys.iter().position(|key| key == name);
            number(known.unwrap_or_else(|| {
                keys.push(name.to_owned());
                keys.len() - 1
            }))
        };
        let id_key = features.field(ID).is_none().then(|| number_of(ID));
        let count_key = (features.geometry_kind() == GeometryKind::Point).then(|| number_of(COUNT));
        let layer = wire::Layer {
            name: name.to_owned(),
            keys,
            extent: Some(EXTENT),
            version: 2,
            ..wire::Layer::default()
        };
        Self { features, layer, values: FxHashMap::default(), id_key, count_key }
    }

    /// Adds a row with all its values.
    pub fn push_row(&mut self, row: usize, kind: u32, geometry: Vec<u32>) {
        let fields = self.features.fields().len();
        let mut tags = Vec::with_capacity(2 * fields + 2);
        for field in 0..fields {
            self.tag(&mut tags, number(field), self.features.value(row, field));
        }
        let id = self.identify(row, &mut tags);
        self.push(id, tags, kind, geometry);
    }

    /// Adds what stands for several rows: how many, and the values on which they agree.
    pub fn push_group(
        &mut self,
        count: usize,
        agreed: Vec<(usize, Value<'a>)>,
        kind: u32,
        geometry: Vec<u32>,
    ) {
        let mut tags = Vec::with_capacity(2 * agreed.len() + 2);
        for (key, value) in agreed.into_iter().map(|(field, value)| (number(field), value)) {
            if Some(key) != self.count_key {
                self.tag(&mut tags, key, value);
            }
        }
        if let Some(key) = self.count_key {
            self.tag(&mut tags, key, i64::try_from(count).map_or(Value::Absent, Value::Whole));
        }
        self.push(None, tags, kind, geometry);
    }

    /// The tile; no bytes where the layer has no feature.
    pub fn finish(self) -> Vec<u8> {
        if self.layer.features.is_empty() {
            Vec::new()
        } else {
            Tile { layers: vec![self.layer] }.encode_to_vec()
        }
    }

    fn push(&mut self, id: Option<u64>, tags: Vec<u32>, kind: u32, geometry: Vec<u32>) {
        self.layer.features.push(Feature { id, tags, kind: Some(kind), geometry });
    }

    /// The id of a row where it is a number that every client can hold; any other becomes a property.
    fn identify(&mut self, row: usize, tags: &mut Vec<u32>) -> Option<u64> {
        let id = self.features.id(row);
        let whole = whole_id(&id);
        if whole.is_none()
            && let Some(key) = self.id_key
        {
            self.tag(tags, key, Value::Text(id));
        }
        whole
    }

    fn tag(&mut self, tags: &mut Vec<u32>, key: u32, value: Value<'a>) {
        let known = match value {
            Value::Absent => return,
            Value::Text(text) => Known::Text(text),
            Value::Whole(whole) => Known::Whole(whole),
            Value::Number(number) => Known::Number(number.to_bits()),
            Value::Flag(flag) => Known::Flag(flag),
            Value::Instant(second) => Known::Text(instant(second).into()),
        };
        let values = &mut self.layer.values;
        let value = *self.values.entry(known).or_insert_with_key(|known| {
            values.push(match known {
                Known::Text(text) => wire::Value { text: Some(text.to_string()), ..Default::default() },
                Known::Whole(whole) => wire::Value { whole: Some(*whole), ..Default::default() },
                Known::Number(bits) => {
                    wire::Value { number: Some(f64::from_bits(*bits)), ..Default::default() }
                }
                Known::Flag(flag) => wire::Value { flag: Some(*flag), ..Default::default() },
            });
            number(values.len() - 1)
        });
        tags.extend([key, value]);
    }
}

/// The format counts keys and values by 32 bits; a tile with more would not fit into memory.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The number that an id writes, where JavaScript holds it exactly: below 2⁵³.
fn whole_id(id: &str) -> Option<u64> {
    let is_canonical = id == "0" || (id.bytes().all(|byte| byte.is_ascii_digit()) && !id.starts_with('0'));
    id.parse::<u64>().ok().filter(|number| is_canonical && *number < 1 << 53)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_that_every_client_holds_are_numbers() {
        assert_eq!(whole_id("0"), Some(0));
        assert_eq!(whole_id("9007199254740991"), Some(9_007_199_254_740_991));
        for text in
            ["9007199254740992", "617420388352196607", "007", "+5", "-5", "", "E05001237", "89194ad3b6fffff"]
        {
            assert_eq!(whole_id(text), None, "{text}");
        }
    }
}
