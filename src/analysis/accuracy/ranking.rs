//! Which cells are the hotspots at a coverage.

use super::figures::Figures;
use crate::model::Invalid;

/// The share of the ground that hotspots may cover, above 0 and at most 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Coverage(f64);

impl Coverage {
    /// # Errors
    /// [`Invalid`] unless it is above 0 and at most 1.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::accuracy::Coverage;
    /// assert_eq!(Coverage::new(0.05).unwrap().get(), 0.05);
    /// assert!(Coverage::new(5.0).is_err());
    /// ```
    pub fn new(share: f64) -> Result<Self, Invalid> {
        if share > 0.0 && share <= 1.0 {
            Ok(Self(share))
        } else {
            Err(Invalid::new(share, "a coverage is a share of the ground, above 0 and at most 1, as in 0.05"))
        }
    }

    /// The share.
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// How ground is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Every cell as much as every other.
    Cells,
    /// Each cell by its area inside the study area.
    Area,
}

impl Ground {
    /// The share of the ground that figures are of.
    pub fn share_of(self, figures: &Figures) -> f64 {
        match self {
            Self::Cells => figures.cell_share,
            Self::Area => figures.area_share,
        }
    }

    /// The measure of each cell, in cells or m².
    pub(super) fn measures(self, areas_m2: &[f64]) -> Vec<f64> {
        match self {
            Self::Cells => vec![1.0; areas_m2.len()],
            Self::Area => areas_m2.to_vec(),
        }
    }
}

/// Cells by their score, the highest first. Of equal scores the cell that stands first in the grid comes
/// first, which is that of the lower cell id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking(Vec<u32>);

impl Ranking {
    /// Ranks cells. A score that is no number stands after all others.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::accuracy::Ranking;
    /// assert_eq!(Ranking::of(&[0.0, 2.0, 5.0, 2.0]).cells(), [2, 1, 3, 0]);
    /// ```
    pub fn of(scores: &[f64]) -> Self {
        let mut cells: Vec<u32> = (0..scores.len()).filter_map(|cell| u32::try_from(cell).ok()).collect();
        let score = |cell: u32| {
            let score = scores[cell as usize];
            // Zero of either sign is one score.
            if score.is_nan() { f64::NEG_INFINITY } else { score + 0.0 }
        };
        cells.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
        Self(cells)
    }

    /// The places of the cells in the grid, the highest score first.
    pub fn cells(&self) -> &[u32] {
        &self.0
    }

    /// How many of the first cells cover at most that share of the ground: as many as fit one after the
    /// other, so that with cells of one size it is the whole part of coverage × cells.
    pub fn covering(&self, coverage: Coverage, ground: Ground, areas_m2: &[f64]) -> usize {
        let measures = ground.measures(areas_m2);
        let measure = |&cell: &u32| measures.get(cell as usize).copied().unwrap_or(0.0);
        // A share such as 0.29 of 100 is a little below 29 in floating point.
        let room = coverage.get() * self.0.iter().map(measure).sum::<f64>() * (1.0 + 1e-12);
        let covered = self.0.iter().scan(0.0, |sum, cell| {
            *sum += measure(cell);
            Some(*sum)
        });
        covered.take_while(|covered| *covered <= room).count()
    }
}
