//! The 80/20 table: units in order of what they hold.

/// A unit in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The number of the unit.
    pub unit: usize,
    /// What it holds.
    pub amount: f64,
    /// What it and those before it hold.
    pub cumulative: f64,
    /// The same as a share of everything, percent.
    pub cumulative_pct: f64,
    /// It and those before it as a share of all units, percent.
    pub units_pct: f64,
}

/// Units from the one that holds most to those that hold nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The rows; the first has rank 1.
    pub rows: Vec<Row>,
    total: f64,
}

/// Rounding of sums may not add a unit to a share.
const SLACK: f64 = 1.0 - 1e-12;

impl Table {
    /// Puts units in order of their amounts; units with equal amounts stay in the order given. `None` where
    /// they hold nothing.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::concentration::table::Table;
    /// let table = Table::of(&[1.0, 6.0, 0.0, 3.0]).unwrap();
    /// assert_eq!((table.rows[0].unit, table.rows[0].cumulative_pct, table.rows[0].units_pct), (1, 60.0, 25.0));
    /// assert_eq!(table.units_pct_holding(80.0), Some(50.0));
    /// assert_eq!(table.held_pct_by_top(30.0), 60.0); // one of four units
    /// ```
    pub fn of(amounts: &[f64]) -> Option<Self> {
        let clean = |amount: &f64| if amount.is_finite() && *amount > 0.0 { *amount } else { 0.0 };
        let mut order: Vec<(usize, f64)> = amounts.iter().map(clean).enumerate().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        let total: f64 = order.iter().map(|(_, amount)| amount).sum();
        let (mut cumulative, units) = (0.0, order.len() as f64);
        let row = |(rank, (unit, amount)): (usize, (usize, f64))| {
            cumulative += amount;
            let units_pct = 100.0 * (rank as f64 + 1.0) / units;
            Row { unit, amount, cumulative, cumulative_pct: 100.0 * cumulative / total, units_pct }
        };
        (total > 0.0).then(|| Self { rows: order.into_iter().enumerate().map(row).collect(), total })
    }

    /// The smallest share of the units, percent, that holds at least `percent` of everything; `None` for more
    /// than 100.
    pub fn units_pct_holding(&self, percent: f64) -> Option<f64> {
        let enough = percent / 100.0 * self.total * SLACK;
        self.rows.iter().find(|row| row.cumulative >= enough).map(|row| row.units_pct)
    }

    /// The share of everything, percent, that the first `percent` of the units hold, whole units only; 0 where
    /// that is less than one unit.
    pub fn held_pct_by_top(&self, percent: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most the number of rows"
        )]
        let units = (percent / 100.0 * self.rows.len() as f64 * (2.0 - SLACK)).floor() as usize;
        let last = units.min(self.rows.len()).checked_sub(1).and_then(|last| self.rows.get(last));
        last.map_or(0.0, |row| row.cumulative_pct)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_units_stay_in_order_and_all_hold_everything() {
        let table = Table::of(&[2.0, 5.0, 2.0, 5.0, 0.0]).unwrap();
        assert_eq!(table.rows.iter().map(|row| row.unit).collect::<Vec<_>>(), [1, 3, 0, 2, 4]);
        let last = table.rows.last().unwrap();
        assert_eq!((last.cumulative, last.cumulative_pct, last.units_pct), (14.0, 100.0, 100.0));
        assert_eq!(table.units_pct_holding(100.0), Some(80.0));
        assert_eq!((table.units_pct_holding(100.1), table.units_pct_holding(0.0)), (None, Some(20.0)));
        let top = |percent| Some(table.held_pct_by_top(percent));
        assert_eq!([top(19.9), top(100.0), top(1e9)], [Some(0.0), Some(100.0), Some(100.0)]);
    }

    #[test]
    fn nothing_has_no_table() {
        assert_eq!((Table::of(&[]), Table::of(&[0.0, f64::NAN, -1.0])), (None, None));
    }
}
