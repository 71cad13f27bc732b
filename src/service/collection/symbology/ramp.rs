//! Colours that readers with red-green blindness can tell apart: ramps of `ColorBrewer` and viridis, and for
//! what has no order the palette of Okabe and Ito.

use colorous::{Color, Gradient, RED_BLUE, VIRIDIS};

use crate::feature::Colour;

/// Areas let the map below show through.
const SEE_THROUGH: u8 = 190;

/// Okabe, M. and Ito, K. (2008). *Color Universal Design*: eight colours without black, grey in its place.
const DISTINCT: [[u8; 3]; 8] = [
    [0, 114, 178],
    [213, 94, 0],
    [0, 158, 115],
    [204, 121, 167],
    [230, 159, 0],
    [86, 180, 233],
    [240, 228, 66],
    [102, 102, 102],
];

/// Steps of the diverging ramp.
pub const DIVERGING: usize = 7;

fn colour(Color { r, g, b }: Color) -> Colour {
    Colour::opaque(r, g, b)
}

/// Colour `step`, from 0, of `steps` on a ramp, without its palest end.
pub fn shade(ramp: Gradient, step: usize, steps: usize) -> Colour {
    const PALEST: f64 = 0.12;
    const MIDDLE: f64 = 0.6;
    let along = match steps {
        0 | 1 => MIDDLE,
        _ => PALEST + (1.0 - PALEST) * step as f64 / (steps - 1) as f64,
    };
    colour(ramp.eval_continuous(along)).with_alpha(SEE_THROUGH)
}

/// Colour `step` of seven, from blue over white to red.
pub fn diverging(step: usize) -> Colour {
    colour(RED_BLUE.eval_rational(DIVERGING.saturating_sub(step + 1), DIVERGING)).with_alpha(SEE_THROUGH)
}

/// Colour `step`, from 0, of `all` that have no order; of more than eight they are steps of viridis.
pub fn distinct(step: usize, all: usize) -> Colour {
    match DISTINCT.get(step) {
        Some([red, green, blue]) if all <= DISTINCT.len() => Colour::opaque(*red, *green, *blue),
        _ => colour(VIRIDIS.eval_rational(step, all.max(2))),
    }
}

#[cfg(test)]
mod tests {
    use colorous::{BLUES, YELLOW_ORANGE_RED};

    use super::*;

    /// Machado, G. M., Oliveira, M. M. and Fernandes, L. A. F. (2009). "A physiologically-based model for
    /// simulation of color vision deficiency", IEEE TVCG 15(6), tables of severity 1.0, on linear sRGB:
    /// deuteranopia and protanopia; and sight without a deficiency.
    const SIGHTS: [[[f64; 3]; 3]; 3] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ];

    fn times(matrix: &[[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
    }

    /// A colour on white paper as somebody sees it, in CIE L*a*b* (IEC 61966-2-1, CIE 15, white D65).
    fn seen(colour: Colour, sight: &[[f64; 3]; 3]) -> [f64; 3] {
        let linear = colour.rgb.map(|part| {
            let part = (f64::from(part) * colour.opacity() + 255.0 * (1.0 - colour.opacity())) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        let seen = times(sight, linear).map(|part| part.clamp(0.0, 1.0));
        let to_xyz = [[0.412_4, 0.357_6, 0.180_5], [0.212_6, 0.715_2, 0.072_2], [0.019_3, 0.119_2, 0.950_5]];
        let [x, y, z] = times(&to_xyz, seen);
        let f = |t: f64| if t > 216.0 / 24_389.0 { t.cbrt() } else { (t * 24_389.0 / 27.0 + 16.0) / 116.0 };
        let (x, y, z) = (f(x / 0.950_47), f(y), f(z / 1.088_83));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// The least distance (CIE 1976) of colours for any sight, over the pairs that are compared.
    fn least_distance(colours: &[Colour], compared: impl Fn(usize, usize) -> bool) -> f64 {
        let mut least = f64::INFINITY;
        for sight in &SIGHTS {
            let seen: Vec<_> = colours.iter().map(|colour| seen(*colour, sight)).collect();
            for (i, a) in seen.iter().enumerate() {
                for (j, b) in seen.iter().enumerate().skip(i + 1).filter(|(j, _)| compared(i, *j)) {
                    let distance = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
                    assert!(distance.is_finite(), "{i} {j}");
                    least = least.min(distance);
                }
            }
        }
        least
    }

    #[test]
    fn lab_has_its_known_values() {
        let white = seen(Colour::opaque(255, 255, 255), &SIGHTS[0]);
        let red = seen(Colour::opaque(255, 0, 0), &SIGHTS[0]);
        assert!(
            (white[0] - 100.0).abs() < 0.01 && white[1].abs() < 0.02 && white[2].abs() < 0.02,
            "{white:?}"
        );
        let expected = [53.24, 80.09, 67.20];
        assert!(red.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.05), "{red:?}");
    }

    #[test]
    fn neighbouring_classes_are_told_apart_by_every_sight() {
        // A distance of 2.3 is just noticed (Mahy and others 1994); beside each other on a map it takes more.
        for ramp in [YELLOW_ORANGE_RED, BLUES, VIRIDIS] {
            for steps in 2..=5 {
                let colours: Vec<_> = (0..steps).map(|step| shade(ramp, step, steps)).collect();
                let least = least_distance(&colours, |a, b| b == a + 1);
                assert!(least > 8.0, "{ramp:?} in {steps}: {least}");
            }
        }
        let colours: Vec<_> = (0..DIVERGING).map(diverging).collect();
        let least = least_distance(&colours, |_, _| true);
        assert!(least > 6.0, "diverging: {least}");
    }

    #[test]
    fn colours_without_an_order_are_all_told_apart() {
        for all in 1..=8 {
            let colours: Vec<_> = (0..all).map(|step| distinct(step, all)).collect();
            let least = least_distance(&colours, |_, _| true);
            assert!(least > 8.0, "{all}: {least}");
        }
        let many: Vec<_> = (0..16).map(|step| distinct(step, 16)).collect();
        assert!(least_distance(&many, |_, _| true) > 2.3, "{}", least_distance(&many, |_, _| true));
    }
}
