//! What WMS and WMTS have in common: parameters by name and value in any case, layers as they are asked for,
//! months as a dimension, features at a pixel, and documents in XML.

mod asked;
mod info;
mod kvp;
mod listed;
mod refusal;
mod time;

pub use asked::{Asked, picture};
pub use info::{InfoFormat, Spot};
pub use kvp::Kvp;
pub use listed::{Listed, Months, keywords, listed, style_title};
pub use refusal::{Code, Refusal, refused};
