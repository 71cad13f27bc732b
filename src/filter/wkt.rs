//! Geometries in CQL2 text: well-known text (OGC 06-103r4 §7.2).

use geo_types::{Coord, Geometry, MultiLineString, MultiPolygon, Polygon};

use super::{geometry, text::Reader};

const KINDS: [&str; 7] =
    ["point", "multipoint", "linestring", "multilinestring", "polygon", "multipolygon", "geometrycollection"];

impl Reader<'_> {
    /// Whether a geometry comes next: its keyword and a bracket, with a word for its dimensions between them.
    pub(super) fn starts_geometry(&self) -> bool {
        let is_kind =
            self.word(0).is_some_and(|word| KINDS.iter().any(|kind| word.eq_ignore_ascii_case(kind)));
        is_kind
            && (self.is_sign("(", 1) || ["z", "m", "zm", "empty"].iter().any(|word| self.is_word(word, 1)))
    }

    /// The geometry that comes next.
    pub(super) fn geometry(&mut self, keyword: &str) -> Result<Geometry<f64>, String> {
        self.takes_word(keyword);
        let _dimensions = self.takes_word("zm") || self.takes_word("z") || self.takes_word("m");
        if self.takes_word("empty") {
            return Err(format!("{keyword} EMPTY lies nowhere; a geometry has positions"));
        }
        Ok(match keyword.to_ascii_lowercase().as_str() {
            "point" => geometry::point(&self.list(Self::position)?)?.into(),
            "multipoint" => {
                let positions = self.list(|reader| {
                    if reader.is_sign("(", 0) {
                        geometry::point(&reader.list(Self::position)?).map(|point| point.0)
                    } else {
                        reader.position()
                    }
                })?;
                geometry::points(positions).into()
            }
            "linestring" => geometry::line(self.list(Self::position)?)?.into(),
            "multilinestring" => {
                MultiLineString(self.list(|reader| geometry::line(reader.list(Self::position)?))?).into()
            }
            "polygon" => self.polygon()?.into(),
            "multipolygon" => MultiPolygon(self.list(Self::polygon)?).into(),
            _ => geometry::collection(self.list(|reader| {
                let Some(keyword) = reader.word(0).filter(|_| reader.starts_geometry()) else {
                    return Err(reader.unexpected("a geometry"));
                };
                reader.geometry(keyword)
            })?)?,
        })
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, String> {
        geometry::polygon(self.list(|reader| reader.list(Self::position))?)
    }

    /// Two numbers, or more of which height and measure are not used.
    fn position(&mut self) -> Result<Coord, String> {
        let mut numbers = [0.0; 4];
        let mut count = 0;
        while let Some(slot) = numbers.get_mut(count) {
            let Some(number) = self.takes_number() else { break };
            *slot = number;
            count += 1;
        }
        if count < 2 {
            return Err(self.unexpected("a number: a position has two, or three with its height"));
        }
        Ok(Coord { x: numbers[0], y: numbers[1] })
    }
}
