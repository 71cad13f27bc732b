//! exp(−x) for many numbers at a time.

/// 1/13! … 1/0!.
const ONE_OVER_FACTORIALS: [f64; 14] = {
    let mut terms = [1.0; 14];
    let (mut k, mut factorial) = (1, 1.0);
    while k < terms.len() {
        factorial *= k as f64;
        terms[13 - k] = 1.0 / factorial;
        k += 1;
    }
    terms
};

/// exp(−x) for x ≥ 0, within two units in the last place; 0 from 700 on, where it is below 1e-304.
///
/// It has no branches and calls nothing, so that a compiler takes several numbers at a time; the result
/// is the same on every processor.
#[inline(always)]
pub fn of_minus(x: f64) -> f64 {
    /// 1.5 · 2⁵²: added to a number it leaves the nearest whole number in the lowest bits.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let y = -(if x < 700.0 { x } else { 700.0 });
    let shifted = y * std::f64::consts::LOG2_E + WHOLE;
    let doublings = shifted - WHOLE;
    let rest = (y - doublings * LN_2_HIGH) - doublings * LN_2_LOW;
    let series = ONE_OVER_FACTORIALS.iter().fold(0.0, |series, term| series * rest + term);
    let scale = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    if x < 700.0 { series * scale } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_exponential() {
        for i in 0..700_000 {
            let x = f64::from(i) * 0.001 + f64::from(i % 7) * 1e-4;
            let exact = libm::exp(-x);
            assert!((of_minus(x) - exact).abs() <= 4.5e-16 * exact || x >= 700.0, "{x}");
        }
        assert_eq!(
            (of_minus(0.0), of_minus(700.0), of_minus(1e300), of_minus(f64::INFINITY)),
            (1.0, 0.0, 0.0, 0.0)
        );
    }
}
