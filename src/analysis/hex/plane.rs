//! Where positions of Great Britain lie in H3's lattice, by a dozen multiplications each.
//!
//! H3 projects the globe onto the faces of an icosahedron, each from the globe's centre (gnomonic). On the
//! plane of a face the cells of a resolution are the hexagons around the points of a lattice. The lattice
//! has a point at the face's centre; at resolution 0 its third point towards a vertex of the face is the
//! vertex itself. Each resolution is finer by √7 and is turned by the angle of 2 + ω, about 19.1°, to and
//! fro (<https://h3geo.org/docs/core-library/overview>). The vertices are the centres of the twelve
//! pentagons.
//!
//! All of Great Britain lies on one face. With the unit vector v of a position, that of the face's centre
//! c, and two vectors e and f of the plane the lattice coordinates are (v·e)/(v·c) and (v·f)/(v·c). Angles
//! count from the middle of a window, so that short series give their sines and cosines.
//!
//! # Why a cell that is given is the cell of h3o
//!
//! Lengths are in distances between neighbouring points of the lattice, of which a radian of the plane has
//! at most 1.2·10⁵ (resolution 11), and vectors of the plane at most 1.4·10⁵. u is 2⁻⁵³, the largest relative error of one rounding.
//!
//! - Here: the series end where the next term is below u. Some forty operations on numbers of at most 1.4·10⁵
//!   and a divisor of at least 0.8 are off by less than 100 u · 1.4·10⁵ < 2·10⁻⁹ altogether.
//! - In h3o: cosine and azimuth come from vectors that are off by some 10 u. Nothing in the window is nearer
//!   than 0.3 radians to the face's centre, so angle and azimuth are off by some 10 u/0.3, and the place on
//!   the plane by less than 150 u · 1.4·10⁵ < 3·10⁻⁹.
//!
//! A position within [`DOUBT`] = 10⁻⁵ of its hexagon's side, a thousand times both together, is left to h3o:
//! some 4 in 100,000. Beyond that both find the same hexagon, and hexagons of a face and cells correspond
//! one to one.

#![expect(clippy::inline_always, reason = "compiled anew for what each processor can do")]
#![expect(clippy::needless_bitwise_bool, reason = "without branches several positions go at once")]

use h3o::{CellIndex, LatLng, Resolution};

use crate::model::LonLat;

/// The middle of the window, degrees.
const MIDDLE_LON: f64 = -3.35;
const MIDDLE_LAT: f64 = 55.35;

/// Half the window's width and height, radians: 9.1° W to 2.4° E, 49.6° N to 61.1° N.
const REACH: f64 = 0.1;

/// So near to the side of its hexagon a position is left to h3o.
const DOUBT: f64 = 1e-5;

/// So many positions are located at a time.
pub(super) const BATCH: usize = 256;

/// 1.5 · 2⁵²: added to a number it leaves the nearest whole number in the lowest bits.
const WHOLE: f64 = 6_755_399_441_055_744.0;

type Vector = [f64; 3];

/// Whole numbers a + bω of the lattice, with ω the point 60° anticlockwise of 1, by which to multiply; as
/// the matrix of the multiplication.
type Factor = [f64; 4];

/// 2 + ω and 3 − ω: both √7 long, they turn by 19.1° to one side and the other, and their product is 7.
const LEFT: Factor = [2.0, -1.0, 1.0, 3.0];
const RIGHT: Factor = [3.0, 1.0, -1.0, 2.0];

/// The plane of one resolution.
#[derive(Clone, Copy)]
pub(super) struct Plane {
    sin_middle: f64,
    cos_middle: f64,
    centre: Vector,
    /// v·e / v·c and v·f / v·c are the coordinates of a position v along two sides of the lattice's triangles.
    e: Vector,
    f: Vector,
    /// Takes a point of the lattice to seven times its place in the lattice of the next coarser resolution.
    up: Factor,
    /// Takes a point of the coarser lattice to its place in this one.
    down: Factor,
}

/// Places of some positions: the coarser cell whose centre and ring of six make up a flower of seven cells,
/// and which of the seven it is.
pub(super) struct Places {
    /// Coordinates of the coarser cell.
    pub(super) i: [i32; BATCH],
    pub(super) j: [i32; BATCH],
    /// 4 for the cell in the middle, another number of 1 to 7 for the others ([`RING`]); 0 for a position
    /// that h3o has to locate.
    pub(super) petal: [i32; BATCH],
}

/// The petals around the middle, anticlockwise. A petal at a + bω from the middle has the number 3a + b + 4.
pub(super) const RING: [usize; 6] = [7, 5, 2, 1, 3, 6];

/// The petal in the middle.
pub(super) const MIDDLE: usize = 4;

impl Plane {
    pub(super) fn new(resolution: Resolution) -> Self {
        let vertices = vertices();
        let sum = combine(1.0, combine(1.0, vertices[0], 1.0, vertices[1]), 1.0, vertices[2]);
        let centre = scaled(1.0 / dot(sum, sum).sqrt(), sum);
        let number = u8::from(resolution);
        // From the centre of the face to a vertex, which is two steps of resolution 0 away.
        let vertex = combine(1.0 / dot(vertices[0], centre), vertices[0], -1.0, centre);
        let steps = 2.0 * 7_f64.powi(i32::from(number / 2)) / dot(vertex, vertex);
        let (x, turned) = (scaled(steps, vertex), number % 2 == 1);
        let y = cross(centre, x);
        // An odd resolution has its first side 19.1° anticlockwise: x + iy times 2 + ω = 5/2 + i√3/2.
        let half_root_3 = 3_f64.sqrt() / 2.0;
        let (x, y) =
            if turned { (combine(2.5, x, half_root_3, y), combine(2.5, y, -half_root_3, x)) } else { (x, y) };
        // With sides at 60° the point a + bω is at x = a + b/2, y = b √3/2.
        let f = scaled(1.0 / half_root_3, y);
        let (sin_middle, cos_middle) = MIDDLE_LAT.to_radians().sin_cos();
        let (up, down) = if turned { (LEFT, RIGHT) } else { (RIGHT, LEFT) };
        Self { sin_middle, cos_middle, centre, e: combine(1.0, x, -0.5, f), f, up, down }
    }

    /// The places of up to [`BATCH`] positions.
    pub(super) fn locate(&self, positions: &[LonLat]) -> Places {
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || {
                // Copies, so that the compiler sees that nothing changes on the way, and takes several
                // positions at once.
                let plane = *self;
                let mut lon = [f64::NAN; BATCH];
                let mut lat = [f64::NAN; BATCH];
                for ((position, lon), lat) in positions.iter().zip(&mut lon).zip(&mut lat) {
                    (*lon, *lat) = (position.lon_deg(), position.lat_deg());
                }
                let mut places = Places { i: [0; BATCH], j: [0; BATCH], petal: [0; BATCH] };
                for n in 0..BATCH {
                    (places.i[n], places.j[n], places.petal[n]) = plane.place(lon[n], lat[n]);
                }
                places
            },
        )
    }

    /// The place of one position in degrees.
    #[inline(always)]
    fn place(&self, lon_deg: f64, lat_deg: f64) -> (i32, i32, i32) {
        let east = lon_deg.to_radians() - MIDDLE_LON.to_radians();
        let north = lat_deg.to_radians() - MIDDLE_LAT.to_radians();
        let near = (east.abs() <= REACH) & (north.abs() <= REACH);
        let ((sin_east, cos_east), (sin_north, cos_north)) = (sin_cos(east), sin_cos(north));
        let cos_lat = self.cos_middle * cos_north - self.sin_middle * sin_north;
        let sin_lat = self.sin_middle * cos_north + self.cos_middle * sin_north;
        let unit = [cos_lat * cos_east, cos_lat * sin_east, sin_lat];
        let height = 1.0 / dot(unit, self.centre);
        let (a, b) = (dot(unit, self.e) * height, dot(unit, self.f) * height);

        // The nearest point: each of the three coordinates that add up to zero rounded; where the rounded
        // ones do not, the one that was rounded most makes up for it.
        let c = -a - b;
        let (mut whole_a, mut whole_b, whole_c) = (nearest(a), nearest(b), nearest(c));
        let (mut rest_a, mut rest_b, mut rest_c) = (a - whole_a, b - whole_b, c - whole_c);
        let excess = whole_a + whole_b + whole_c;
        let (most_a, most_b, most_c) = (rest_a.abs(), rest_b.abs(), rest_c.abs());
        let is_a = (most_a >= most_b) & (most_a >= most_c);
        let is_b = !is_a & (most_b >= most_c);
        let take = |is: bool| if is { excess } else { 0.0 };
        whole_a -= take(is_a);
        rest_a += take(is_a);
        whole_b -= take(is_b);
        rest_b += take(is_b);
        rest_c += take(!(is_a | is_b));
        // What is left reaches 1 in one of the three differences on a side of the hexagon, which is half
        // a step from its centre.
        let inside = 1.0 - 2.0 * DOUBT;
        let certain = near
            & ((rest_a - rest_b).abs() < inside)
            & ((rest_b - rest_c).abs() < inside)
            & ((rest_c - rest_a).abs() < inside);

        // Seven cells around every point of the coarser lattice make up all of this one. Off by at most
        // 3/7 in each coordinate, the coarser point is found by rounding.
        let (up_a, up_b) = times(self.up, whole_a, whole_b);
        let (coarser_a, coarser_b) = (nearest(up_a * (1.0 / 7.0)), nearest(up_b * (1.0 / 7.0)));
        let (middle_a, middle_b) = times(self.down, coarser_a, coarser_b);
        let petal = 3.0 * (whole_a - middle_a) + (whole_b - middle_b) + 4.0;
        (whole(coarser_a), whole(coarser_b), if certain { whole(petal) } else { 0 })
    }
}

/// The vertices of the window's face, as unit vectors in a frame whose longitudes count from the window's
/// middle: the three nearest to it.
fn vertices() -> Vec<Vector> {
    let unit = |east: f64, lat: f64| {
        let ((sin_east, cos_east), (sin_lat, cos_lat)) = (east.sin_cos(), lat.sin_cos());
        [cos_lat * cos_east, cos_lat * sin_east, sin_lat]
    };
    let middle = unit(0.0, MIDDLE_LAT.to_radians());
    let pentagons = CellIndex::base_cells().filter(|cell| cell.is_pentagon()).map(LatLng::from);
    let mut vertices: Vec<Vector> =
        pentagons.map(|at| unit(at.lng_radians() - MIDDLE_LON.to_radians(), at.lat_radians())).collect();
    vertices.sort_by(|a, b| dot(*b, middle).total_cmp(&dot(*a, middle)));
    vertices.truncate(3);
    vertices
}

#[inline(always)]
fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn combine(p: f64, a: Vector, q: f64, b: Vector) -> Vector {
    [p * a[0] + q * b[0], p * a[1] + q * b[1], p * a[2] + q * b[2]]
}

fn scaled(p: f64, a: Vector) -> Vector {
    a.map(|part| p * part)
}

#[inline(always)]
fn times(factor: Factor, a: f64, b: f64) -> (f64, f64) {
    (factor[0] * a + factor[1] * b, factor[2] * a + factor[3] * b)
}

/// The nearest whole number.
#[inline(always)]
fn nearest(number: f64) -> f64 {
    (number + WHOLE) - WHOLE
}

/// A whole number of less than 31 bits.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the lowest bits hold the number")]
fn whole(number: f64) -> i32 {
    (number + WHOLE).to_bits() as i32
}

/// Sine and cosine of an angle of at most [`REACH`], by Taylor's series.
#[inline(always)]
fn sin_cos(x: f64) -> (f64, f64) {
    let q = x * x;
    let sin = x + x * q * (-1.0 / 6.0 + q * (1.0 / 120.0 + q * (-1.0 / 5_040.0 + q * (1.0 / 362_880.0))));
    let cos = 1.0 + q * (-0.5 + q * (1.0 / 24.0 + q * (-1.0 / 720.0 + q * (1.0 / 40_320.0))));
    (sin, cos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_lies_on_one_face_far_from_its_centre() {
        let vertices = vertices();
        let sum = combine(1.0, combine(1.0, vertices[0], 1.0, vertices[1]), 1.0, vertices[2]);
        let centre = scaled(1.0 / dot(sum, sum).sqrt(), sum);
        for step in 0..=400 {
            let along = (f64::from(step) / 200.0 - 1.0) * REACH;
            for (east, north) in [(along, REACH), (along, -REACH), (REACH, along), (-REACH, along)] {
                let lat = MIDDLE_LAT.to_radians() + north;
                let v = [lat.cos() * east.cos(), lat.cos() * east.sin(), lat.sin()];
                // A side of the face lies in the plane through two vertices and the globe's centre.
                for (from, to) in [(0, 1), (1, 2), (2, 0)] {
                    let normal = cross(vertices[from], vertices[to]);
                    assert!(dot(normal, v) * dot(normal, centre) > 1e-3, "{east} {north}");
                }
                assert!(dot(v, centre).acos() > 0.3 && dot(v, centre) > 0.8);
            }
        }
    }

    #[test]
    fn the_series_are_sine_and_cosine() {
        for step in -1_000..=1_000 {
            let x = f64::from(step) / 1_000.0 * REACH;
            let (sin, cos) = sin_cos(x);
            assert!((sin - x.sin()).abs() < 3e-17 && (cos - x.cos()).abs() < 3e-16, "{x}");
        }
    }

    #[test]
    fn the_two_factors_undo_each_other() {
        for (a, b) in [(1.0, 0.0), (0.0, 1.0), (-5.0, 11.0)] {
            let (up_a, up_b) = times(LEFT, a, b);
            assert_eq!(times(RIGHT, up_a, up_b), (7.0 * a, 7.0 * b));
        }
    }
}
