//! The room of a chart in which data is drawn.

/// The box in which data is drawn, in units of the drawing; y runs down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Frame {
    pub fn wide(&self) -> f64 {
        self.right - self.left
    }

    pub fn high(&self) -> f64 {
        self.bottom - self.top
    }
}

/// A height that suits a width: flat on a whole page, less so on half of it.
pub fn height_for(width: f64) -> f64 {
    (0.42 * width).clamp(210.0, 300.0)
}
