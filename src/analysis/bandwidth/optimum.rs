//! The best bandwidths of a criterion.

/// A bandwidth at which a criterion is better than around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optimum {
    /// σ, metres.
    pub sigma_m: f64,
    /// The criterion there.
    pub value: f64,
    /// Whether it is an end of the range that was searched, so that a better one may lie beyond.
    pub at_bound: bool,
}

/// Optima are found within this share of σ.
const TOLERANCE: f64 = 1e-5;
/// Brent's method halves at worst every other step; this is far more than it needs.
const STEPS: usize = 100;

/// The places where `criterion` is least, the least first: those of a search over `grid`, ascending
/// bandwidths with their values, each made exact by Brent's method on the logarithm of σ between its
/// neighbours in the grid.
///
/// Values that are no finite number are no minimum. At most `most` are made exact, those that are least
/// on the grid; the others are left out.
pub fn minima(grid: &[(f64, f64)], most: usize, criterion: impl Fn(f64) -> f64) -> Vec<Optimum> {
    let value = |index: usize| grid.get(index).map_or(f64::INFINITY, |&(_, value)| worst_if_undefined(value));
    let before = |index: usize| index.checked_sub(1).map_or(f64::INFINITY, value);
    // Of equal neighbours the first is taken.
    let is_minimum = |&index: &usize| {
        value(index).is_finite() && value(index) < before(index) && value(index) <= value(index + 1)
    };
    let mut found: Vec<usize> = (0..grid.len()).filter(is_minimum).collect();
    found.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
    let refine = |index: usize| {
        let (low, high) = (grid[index.saturating_sub(1)].0, grid[(index + 1).min(grid.len() - 1)].0);
        let log_sigma = brent(low.ln(), high.ln(), |log: f64| worst_if_undefined(criterion(log.exp())));
        let sigma_m = log_sigma.exp();
        let near = |bound: f64| (sigma_m / bound - 1.0).abs() < 3.0 * TOLERANCE;
        let is_end = |end: usize| index == end && near(grid[end].0);
        let at_bound = is_end(0) || is_end(grid.len() - 1);
        // An end of the range is at that end, and not as near as the method comes to it.
        let (sigma_m, value) = if at_bound { grid[index] } else { (sigma_m, criterion(sigma_m)) };
        Optimum { sigma_m, value, at_bound }
    };
    let mut minima: Vec<_> = found.into_iter().take(most).map(refine).collect();
    minima.sort_by(|a, b| a.value.total_cmp(&b.value).then(a.sigma_m.total_cmp(&b.sigma_m)));
    minima
}

fn worst_if_undefined(value: f64) -> f64 {
    if value.is_nan() { f64::INFINITY } else { value }
}

/// A minimum of a function between two ends.
/// Brent, R. P. (1973). *Algorithms for Minimization without Derivatives*, chapter 5.
fn brent(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let same = |a: f64, b: f64| a.total_cmp(&b).is_eq();
    let golden = (3.0 - 5_f64.sqrt()) / 2.0;
    // The best point, the second best, and the second best before.
    let mut best = low + golden * (high - low);
    let (mut second, mut third) = (best, best);
    let mut f_best = f(best);
    let (mut f_second, mut f_third) = (f_best, f_best);
    let (mut step, mut step_before): (f64, f64) = (0.0, 0.0);
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if (best - middle).abs() <= 2.0 * TOLERANCE - (high - low) / 2.0 {
            break;
        }
        // The minimum of the parabola through the three points, where it lies inside and converges.
        let r = (best - second) * (f_best - f_third);
        let q = (best - third) * (f_best - f_second);
        let mut p = (best - third) * q - (best - second) * r;
        let mut divisor = 2.0 * (q - r);
        if divisor > 0.0 {
            p = -p;
        }
        divisor = divisor.abs();
        let converges = p.abs() < (0.5 * divisor * step_before).abs()
            && p > divisor * (low - best)
            && p < divisor * (high - best);
        step_before = step;
        if converges {
            step = p / divisor;
            if best + step - low < 2.0 * TOLERANCE || high - (best + step) < 2.0 * TOLERANCE {
                step = TOLERANCE.copysign(middle - best);
            }
        } else {
            step_before = if best < middle { high - best } else { low - best };
            step = golden * step_before;
        }
        let tried = best + if step.abs() >= TOLERANCE { step } else { TOLERANCE.copysign(step) };
        let f_tried = f(tried);
        if f_tried <= f_best {
            if tried < best {
                high = best;
            } else {
                low = best;
            }
            (third, f_third) = (second, f_second);
            (second, f_second) = (best, f_best);
            (best, f_best) = (tried, f_tried);
        } else {
            if tried < best {
                low = tried;
            } else {
                high = tried;
            }
            if f_tried <= f_second || same(second, best) {
                (third, f_third) = (second, f_second);
                (second, f_second) = (tried, f_tried);
            } else if f_tried <= f_third || same(third, best) || same(third, second) {
                (third, f_third) = (tried, f_tried);
            }
        }
    }
    best
}
