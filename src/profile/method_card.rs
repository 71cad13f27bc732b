//! The method card: what has to be known to make a layer again and to trust it.

use crate::{
    model::{Category, Generation, Layer, Metres, Period, PriorityId, StoreId},
    selection::Tally,
};

/// How a layer was made, and from what. Every layer carries one.
#[derive(Clone, Debug, PartialEq)]
pub struct MethodCard {
    /// The borough's name.
    pub area: String,
    /// The borough's code.
    pub area_code: String,
    /// The boundary layer that incidents were counted in, where one was.
    pub layer: Option<LayerNote>,
    /// The vintage of each boundary layer, as `ward/2024`, where its name fits into an address.
    pub vintages: Vec<String>,
    /// The area the question was limited to, where it was not the whole borough.
    pub within: Option<AreaNote>,
    /// Whether any boundary in use is schematic.
    pub schematic_boundaries: bool,
    /// The priority, where one was named.
    pub priority: Option<PriorityId>,
    /// The version of its definition.
    pub priority_version: Option<u32>,
    /// The version of the priority that it is compared with, where it is compared with one.
    pub against_version: Option<u32>,
    /// The period the incidents start in.
    pub period: Period,
    /// The period it is compared with, where it is.
    pub comparison: Option<Period>,
    /// Categories taken in; empty means every one.
    pub categories: Vec<Category>,
    /// Sources taken in; empty means every one.
    pub sources: Vec<String>,
    /// Filters in CQL2 text that all had to hold.
    pub filters: Vec<String>,
    /// Where the weights by category come from: a table of weights by its id, or the priority.
    pub weights_from: Option<String>,
    /// Weights by category, where any are given.
    pub weights: Vec<(Category, f64)>,
    /// What was used and what was not.
    pub tally: Tally,
    /// The method and its parameters.
    pub method: Method,
    /// The store that held the incidents.
    pub store: StoreId,
    /// Its generation.
    pub generation: Generation,
}

/// The layer and vintage that incidents were counted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerNote {
    /// The layer's id.
    pub id: String,
    /// Its vintage.
    pub vintage: String,
}

impl LayerNote {
    /// The note of a layer.
    pub fn of(layer: &Layer) -> Self {
        Self { id: layer.id.to_string(), vintage: layer.vintage.clone() }
    }
}

/// An area that a question was limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaNote {
    /// The id of its layer.
    pub layer: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A method and everything its numbers depend on, in the order in which a reader wants to know it.
///
/// Names of parameters end in their unit where they have one: `bandwidth_m`.
#[derive(Clone, Debug, PartialEq)]
pub struct Method {
    /// What it is called: `density`, `hex`.
    pub name: &'static str,
    /// Names and values.
    pub parameters: Vec<(&'static str, Parameter)>,
}

impl Method {
    /// A method without parameters yet.
    pub const fn new(name: &'static str) -> Self {
        Self { name, parameters: Vec::new() }
    }

    /// With one parameter more. A parameter that was given is not given again.
    ///
    /// # Example
    /// ```
    /// use hotspots::profile::{Method, method_card::Parameter};
    /// let method = Method::new("hex").with("resolution", 9_u8).with("statistic", "Gi*");
    /// assert_eq!(method.parameters[0], ("resolution", Parameter::Whole(9)));
    /// ```
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Parameter>) -> Self {
        self.parameters.push((name, value.into()));
        self
    }
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    /// There is none, and that is worth telling.
    Absent,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A finite number.
    Number(f64),
    /// Words.
    Text(String),
    /// Several values.
    List(Vec<Parameter>),
}

impl From<bool> for Parameter {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<f64> for Parameter {
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Number(value) } else { Self::Absent }
    }
}

impl From<&str> for Parameter {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Parameter {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Metres> for Parameter {
    fn from(value: Metres) -> Self {
        Self::Number(value.get())
    }
}

impl From<Period> for Parameter {
    fn from(value: Period) -> Self {
        Self::Text(value.to_string())
    }
}

impl<T: Into<Self>> From<Vec<T>> for Parameter {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Self>> From<Option<T>> for Parameter {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

macro_rules! whole {
    ($($number:ty),*) => {$(
        impl From<$number> for Parameter {
            fn from(value: $number) -> Self {
                Self::Whole(i64::try_from(value).unwrap_or(i64::MAX))
            }
        }
    )*};
}

whole!(u8, u16, u32, u64, usize, i16, i32, i64);
