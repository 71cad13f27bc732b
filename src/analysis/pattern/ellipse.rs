//! How far a point pattern spreads, and in which direction.

use std::f64::consts::{PI, SQRT_2};

use geo_types::Coord;

use super::centre;
use crate::{
    analysis::density::WeightedPoint,
    model::{GridPoint, SquareMetres},
};

/// How spread is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// Standard deviations along the axes with divisor n: the square roots of the eigenvalues of the
    /// covariance matrix.
    #[default]
    Plain,
    /// As `CrimeStat` gives them: divisor n − 2, and axes longer by √2, so that the ellipse holds more of the
    /// incidents (Levine, N. (2015), `CrimeStat` IV, chapter 4).
    CrimeStat,
}

impl Spread {
    /// The word for it: `plain` or `crimestat`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::CrimeStat => "crimestat",
        }
    }

    /// What a root mean square with divisor n is multiplied by; `None` for too few incidents.
    fn factor(self, incidents: u64) -> Option<f64> {
        match self {
            Self::Plain => (incidents > 0).then_some(1.0),
            Self::CrimeStat => (incidents > 2).then(|| (incidents as f64 / (incidents as f64 - 2.0)).sqrt()),
        }
    }
}

/// Spread around the mean centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dispersion {
    /// The mean centre.
    pub centre: GridPoint,
    /// The root mean square of the distances to the mean centre, metres.
    pub standard_distance_m: f64,
    /// The standard deviational ellipse.
    pub ellipse: Ellipse,
}

/// A standard deviational ellipse around the mean centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ellipse {
    /// The longer semi-axis, metres.
    pub semi_major_m: f64,
    /// The shorter semi-axis, metres; 0 where all incidents lie on one line.
    pub semi_minor_m: f64,
    /// Direction of the longer axis, degrees clockwise from grid north, 0…180 without 180; `None` where
    /// the spread is the same in every direction.
    pub azimuth_deg: Option<f64>,
}

impl Dispersion {
    /// Standard distance and ellipse of weighted points that stand for that number of incidents.
    ///
    /// The axes are those of the covariance matrix: with the sums Σw dx², Σw dy² and Σw dx dy over Σw the
    /// longer one points at ½ atan2(2 sxy, sxx − syy) from east, which also holds where sxy = 0. Weights
    /// enter as frequencies; the correction of [`Spread::CrimeStat`] takes the number of incidents. `None`
    /// without weight, and for fewer than three incidents with that correction.
    ///
    /// # Example
    /// ```
    /// use hotspots::{analysis::{density::WeightedPoint, pattern::ellipse::{Dispersion, Spread}}, model::GridPoint};
    /// let at = |e, n| WeightedPoint { position: GridPoint::new(e, n).unwrap(), weight: 1.0 };
    /// let cross = [at(400.0, 100.0), at(600.0, 100.0), at(500.0, 70.0), at(500.0, 130.0)];
    /// let spread = Dispersion::of(&cross, 4, Spread::Plain).unwrap();
    /// assert_eq!(spread.ellipse.semi_major_m, 5_000.0_f64.sqrt());
    /// assert_eq!(spread.ellipse.azimuth_deg, Some(90.0)); // from west to east
    /// ```
    pub fn of(points: &[WeightedPoint], incidents: u64, spread: Spread) -> Option<Self> {
        let factor = spread.factor(incidents)?;
        let centre = centre::mean(points)?;
        let weight: f64 = points.iter().map(|point| point.weight).sum();
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for point in points {
            let off = point.position.coord() - centre.coord();
            xx += point.weight * off.x * off.x;
            xy += point.weight * off.x * off.y;
            yy += point.weight * off.y * off.y;
        }
        let (xx, xy, yy) = (xx / weight, xy / weight, yy / weight);
        let (half, difference) = (f64::midpoint(xx, yy), ((xx - yy) / 2.0).hypot(xy));
        // The product of the eigenvalues keeps more digits of the smaller one than their difference.
        let major = half + difference;
        let minor = if major > 0.0 { ((xx * yy - xy * xy) / major).max(0.0) } else { 0.0 };
        let axis = match spread {
            Spread::Plain => factor,
            Spread::CrimeStat => SQRT_2 * factor,
        };
        // Rounding makes a direction out of nothing.
        let directed = difference > 1e-12 * half;
        let from_east_deg = (0.5 * (2.0 * xy).atan2(xx - yy)).to_degrees();
        Some(Self {
            centre,
            standard_distance_m: (xx + yy).sqrt() * factor,
            ellipse: Ellipse {
                semi_major_m: major.sqrt() * axis,
                semi_minor_m: minor.sqrt() * axis,
                azimuth_deg: directed.then(|| (90.0 - from_east_deg).rem_euclid(180.0) % 180.0),
            },
        })
    }

    /// The ellipse as a closed ring of that many sides, anticlockwise.
    pub fn ring(&self, sides: u16) -> Vec<Coord<f64>> {
        let Ellipse { semi_major_m: major, semi_minor_m: minor, azimuth_deg } = self.ellipse;
        ring(self.centre, major, minor, azimuth_deg.unwrap_or(0.0), sides)
    }

    /// The circle of the standard distance as a closed ring of that many sides, anticlockwise.
    pub fn circle(&self, sides: u16) -> Vec<Coord<f64>> {
        ring(self.centre, self.standard_distance_m, self.standard_distance_m, 0.0, sides)
    }
}

impl Ellipse {
    /// Its area.
    pub fn area(&self) -> SquareMetres {
        SquareMetres(PI * self.semi_major_m * self.semi_minor_m)
    }
}

fn ring(centre: GridPoint, major: f64, minor: f64, azimuth_deg: f64, sides: u16) -> Vec<Coord<f64>> {
    let sides = sides.max(3);
    let (sin, cos) = (90.0 - azimuth_deg).to_radians().sin_cos();
    let corner = |number: u16| {
        let (t_sin, t_cos) = (f64::from(number % sides) / f64::from(sides) * 2.0 * PI).sin_cos();
        let (along, across) = (major * t_cos, minor * t_sin);
        centre.coord() + Coord { x: along * cos - across * sin, y: along * sin + across * cos }
    };
    (0..=sides).map(corner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Seeded, point};

    fn plain(points: &[WeightedPoint]) -> Dispersion {
        Dispersion::of(points, points.len() as u64, Spread::Plain).unwrap()
    }

    #[test]
    fn turning_the_points_turns_the_ellipse() {
        let points = Seeded::new(74).points(200, 2_000.0);
        let first = plain(&points);
        for turn_deg in [10.0_f64, 90.0, 135.0, 180.0, 271.0] {
            let (sin, cos) = turn_deg.to_radians().sin_cos();
            let turned: Vec<_> = points
                .iter()
                .map(|at| {
                    let off = at.position.coord() - first.centre.coord();
                    let (x, y) = (off.x * cos - off.y * sin, off.x * sin + off.y * cos);
                    point(first.centre.easting_m() + x, first.centre.northing_m() + y, at.weight)
                })
                .collect();
            let turned = plain(&turned);
            assert!((turned.ellipse.semi_major_m - first.ellipse.semi_major_m).abs() < 1e-6);
            assert!((turned.ellipse.semi_minor_m - first.ellipse.semi_minor_m).abs() < 1e-6);
            // Anticlockwise is against the azimuth.
            let azimuths = [first, turned].map(|d| d.ellipse.azimuth_deg.unwrap());
            let off = (azimuths[0] - turn_deg - azimuths[1]).rem_euclid(180.0);
            assert!(off.min(180.0 - off) < 1e-6, "{turn_deg} {azimuths:?}");
            assert!((0.0..180.0).contains(&azimuths[1]));
        }
    }

    #[test]
    fn axes_that_lie_along_the_grid_are_found() {
        let north = [
            point(500.0, 0.0, 1.0),
            point(500.0, 900.0, 1.0),
            point(490.0, 450.0, 1.0),
            point(510.0, 450.0, 1.0),
        ];
        assert_eq!(plain(&north).ellipse.azimuth_deg, Some(0.0));
        let line = [0.0, 100.0, 300.0].map(|e| point(e, e, 1.0));
        let ellipse = plain(&line).ellipse;
        assert!((ellipse.azimuth_deg.unwrap() - 45.0).abs() < 1e-9);
        assert!(ellipse.semi_minor_m < 1e-4 && ellipse.semi_major_m > 170.0);
    }

    #[test]
    fn the_ring_of_an_ellipse_has_its_area_and_turns_left() {
        use geo::Area;
        let spread = plain(&Seeded::new(75).points(60, 900.0));
        for (ring, area) in [
            (spread.ring(720), spread.ellipse.area().0),
            (spread.circle(720), PI * spread.standard_distance_m.powi(2)),
        ] {
            assert_eq!((ring.len(), ring.first()), (721, ring.last()));
            let drawn = geo_types::Polygon::new(geo_types::LineString(ring), Vec::new()).signed_area();
            assert!((drawn / area - 1.0).abs() < 1e-4, "{drawn} {area}");
        }
    }

    #[test]
    fn few_incidents_and_one_place_are_defined() {
        assert_eq!(Dispersion::of(&[], 0, Spread::Plain), None);
        let one = [point(5.0, 5.0, 1.0)];
        let spread = plain(&one);
        assert_eq!(
            (spread.standard_distance_m, spread.ellipse.semi_major_m, spread.ellipse.azimuth_deg),
            (0.0, 0.0, None)
        );
        assert_eq!(Dispersion::of(&one, 1, Spread::CrimeStat), None);
        let two = [point(5.0, 5.0, 1.0), point(9.0, 8.0, 1.0)];
        assert_eq!(Dispersion::of(&two, 2, Spread::CrimeStat), None);
        assert!((plain(&two).standard_distance_m - 2.5).abs() < 1e-12);
        let square = [(0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (0.0, 8.0)].map(|(e, n)| point(e, n, 1.0));
        assert_eq!(plain(&square).ellipse.azimuth_deg, None);
    }
}
