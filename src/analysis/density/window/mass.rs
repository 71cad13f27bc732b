//! The edge mass at one place.
//!
//! With G(r) = ∫ K(s) s ds from 0 to r, the field G(r)/r² · (u − x) has the divergence K, so that
//! q = ∮ G(r)/r² · p dt along the outline, p being the distance of an edge's line from x. For r beyond the
//! kernel's radius G is 1/2π and an edge's part is the angle that it is seen under, over 2π. All angles
//! together are 2π inside the outline and 0 outside. So only what is within the radius has to be looked
//! at: q = Σ ∫ G(r)/r² · p dt − (angles of those parts)/2π, up to a whole number, and q is at most 1.
//!
//! The angles are multiplied up as turns of the plane and not added, so that a place on an edge or a
//! vertex, where they may be π or −π, needs no care.

use std::f64::consts::PI;

use geo_types::Coord;

use super::{Edge, Kernel, Metres, Window, nodes};

/// Beyond this many σ a Gaussian kernel has less than 3e-18 of its mass.
pub(super) const GAUSSIAN_REACH: f64 = 9.0;

/// Closer than this to 0 and 1 a mass is told to be the one or the other.
const WHOLE: f64 = 1e-9;

/// How many bandwidths a kernel reaches.
pub(super) fn reach(kernel: Kernel) -> f64 {
    if kernel == Kernel::Gaussian { GAUSSIAN_REACH } else { 1.0 }
}

impl Window {
    /// The mass of a kernel at `at`, from edges that hold all within its reach. `inside` tells whether
    /// the place is in the outline, where that decides.
    pub(super) fn mass(
        &self,
        edges: &[Edge],
        at: Coord<f64>,
        kernel: Kernel,
        bandwidth: Metres,
        inside: impl Fn() -> bool,
    ) -> f64 {
        let (reach, h) = (reach(kernel), bandwidth.get());
        let (mut parts, mut turn, mut met) = (0.0, Turn::NONE, false);
        for edge in edges {
            let (a, b) = ((edge.from - at) / h, (edge.to - at) / h);
            if (a.x > reach && b.x > reach) || (a.x < -reach && b.x < -reach) {
                continue;
            }
            let Some(chord) = Chord::within(a, b, reach) else { continue };
            met = true;
            turn.by(chord.start, chord.end);
            parts += integral(kernel, &chord);
        }
        if !met {
            return f64::from(inside());
        }
        let mass = (parts - turn.angle()) / (2.0 * PI);
        let mass = mass - mass.floor();
        if mass > WHOLE && mass < 1.0 - WHOLE {
            return mass;
        }
        // All or nothing: nothing where the place is outside or the outline too small for more.
        let small = self.area_m2 * kernel.peak_per_km2(bandwidth) * 1e-6 < 0.5;
        let nothing = small || !inside();
        let beyond = mass - mass.round();
        if nothing { beyond.max(0.0) } else { (1.0 + beyond).min(1.0) }
    }
}

/// The part of an edge within a kernel's reach, in bandwidths from the place.
struct Chord {
    start: Coord<f64>,
    end: Coord<f64>,
    /// Distance of the edge's line; positive where the place is on its left, the inside.
    p: f64,
    /// Where the part begins and ends along the line, from the foot of the place.
    t: [f64; 2],
}

impl Chord {
    fn within(a: Coord<f64>, b: Coord<f64>, reach: f64) -> Option<Self> {
        let along = b - a;
        let along = along / along.x.hypot(along.y);
        let p = a.x * along.y - a.y * along.x;
        let half_2 = reach * reach - p * p;
        if half_2.is_nan() || half_2 <= 0.0 {
            return None;
        }
        let half = half_2.sqrt();
        let (ta, tb) = (a.x * along.x + a.y * along.y, b.x * along.x + b.y * along.y);
        if ta >= half || tb <= -half {
            return None;
        }
        let on_rim = |t: f64| Coord { x: along.y * p + along.x * t, y: along.y * t - along.x * p };
        Some(Self {
            start: if ta < -half { on_rim(-half) } else { a },
            end: if tb > half { on_rim(half) } else { b },
            p,
            t: [ta.max(-half), tb.min(half)],
        })
    }
}

/// 2π ∫ G(r)/r² · p dt over a chord, for a bandwidth of 1.
fn integral(kernel: Kernel, chord: &Chord) -> f64 {
    let (p, [from, to]) = (chord.p, chord.t);
    if kernel == Kernel::Gaussian {
        return p * nodes::integral(from, to, |t| share_of_normal(p * p + t * t));
    }
    // 2πG/r² is Σ (1 − r²)ʲ for j from 0 to k, with 1 − r² = c − t².
    let c = 1.0 - p * p;
    let powers = |t: f64| {
        let t_2 = t * t;
        [
            t,
            t * (c - t_2 / 3.0),
            t * (c * c - t_2 * (2.0 * c / 3.0 - t_2 / 5.0)),
            t * (c * c * c - t_2 * (c * c - t_2 * (0.6 * c - t_2 / 7.0))),
        ]
    };
    let sum = |count: usize| {
        let upper = powers(to).into_iter().take(count).sum::<f64>();
        p * (upper - powers(from).into_iter().take(count).sum::<f64>())
    };
    match kernel {
        Kernel::Uniform => sum(1),
        Kernel::Epanechnikov => sum(2),
        Kernel::Quartic => sum(3),
        Kernel::Triweight => sum(4),
        Kernel::Triangular | Kernel::Gaussian => {
            // 2πG/r² is 3 − 2r.
            let arc = |t: f64| if p == 0.0 { 0.0 } else { libm::asinh(t / p.abs()) };
            let root = |t: f64| t * p.hypot(t) + p * p * arc(t);
            p * (3.0 * (to - from) - (root(to) - root(from)))
        }
    }
}

/// (1 − exp(−s/2))/s.
fn share_of_normal(s: f64) -> f64 {
    if s > 0.05 {
        return (1.0 - crate::analysis::exponential::of_minus(0.5 * s)) / s;
    }
    let terms = [1.0 / 46_080.0, 1.0 / 3_840.0, 1.0 / 384.0, 1.0 / 48.0, 0.125, 0.5];
    terms.iter().fold(0.0, |sum, term| term - sum * s)
}

/// A turn of the plane, as a complex number of about the length 1.
struct Turn {
    re: f64,
    im: f64,
}

impl Turn {
    const NONE: Self = Self { re: 1.0, im: 0.0 };

    /// Turns on by the angle between two directions. A place on the outline's vertex sees it in no
    /// direction; the turn into it and the one out of it are then taken in two steps.
    fn by(&mut self, from: Coord<f64>, to: Coord<f64>) {
        let one = Coord { x: 1.0, y: 0.0 };
        let direction = |at: Coord<f64>| if at.x == 0.0 && at.y == 0.0 { one } else { at };
        let (from, to) = (direction(from), direction(to));
        let (re, im) = (to.x * from.x + to.y * from.y, to.y * from.x - to.x * from.y);
        let (re, im) = (self.re * re - self.im * im, self.re * im + self.im * re);
        let size = re.abs().max(im.abs());
        if size > 0.0 {
            (self.re, self.im) = (re / size, im / size);
        }
    }

    fn angle(&self) -> f64 {
        libm::atan2(self.im, self.re)
    }
}
