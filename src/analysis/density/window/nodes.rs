//! Gauss–Legendre sums of functions that change over a length of about 1.

/// Five nodes and weights on −½..½. Abramowitz, M. and Stegun, I. A. (1964). *Handbook of Mathematical
/// Functions*, table 25.4.
pub(super) const NODES: [(f64, f64); 5] = [
    (-0.453_089_922_969_332, 0.118_463_442_528_094_54),
    (-0.269_234_655_052_841_56, 0.239_314_335_249_683_24),
    (0.0, 0.284_444_444_444_444_44),
    (0.269_234_655_052_841_56, 0.239_314_335_249_683_24),
    (0.453_089_922_969_332, 0.118_463_442_528_094_54),
];

/// Pieces no longer than this leave errors below 1e-12.
pub(super) const LONGEST_PIECE: f64 = 0.5;

/// Into how many equal pieces a length is cut.
pub(super) fn pieces(length: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to what fits")]
    let pieces = (length / LONGEST_PIECE).ceil().clamp(1.0, 1e9) as u32;
    pieces
}

/// ∫ f(t) dt.
pub(super) fn integral(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let pieces = pieces(to - from);
    let width = (to - from) / f64::from(pieces);
    let piece = |number: u32| {
        let middle = from + (f64::from(number) + 0.5) * width;
        NODES.iter().map(|&(at, weight)| weight * f(middle + at * width)).sum::<f64>()
    };
    (0..pieces).map(piece).sum::<f64>() * width
}
