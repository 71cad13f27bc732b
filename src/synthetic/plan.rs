//! What is made up: how much of each category, where, in which season, with which trend.

use std::f64::consts::TAU;

use crate::model::Month;

/// One category of the city.
pub(super) struct CategoryPlan {
    pub(super) label: &'static str,
    pub(super) source: &'static str,
    /// Expected incidents a month in an average month, hot spots included.
    pub(super) monthly: f64,
    /// The month (1–12) in which it peaks, and by how much of the average.
    pub(super) season: (f64, f64),
    pub(super) timing: Timing,
    pub(super) spots: &'static [Spot],
    pub(super) outcomes: &'static [&'static str],
}

/// How exactly times are recorded.
pub(super) enum Timing {
    Month,
    Day,
    Minute { busiest_hour: i32 },
    Overnight,
}

/// A hot spot.
pub(super) struct Spot {
    /// Which ward it lies in, as a number that is taken modulo the number of wards.
    pub(super) centre: usize,
    /// Standard deviation of the distance to its centre, metres.
    pub(super) spread_m: f64,
    /// Its share of the category's incidents, on average over the months.
    pub(super) share: f64,
    pub(super) trend: Trend,
}

/// How a hot spot changes over the months.
pub(super) enum Trend {
    Steady,
    /// Nothing at first, then all in the last half year.
    New,
    Growing,
    Fading,
}

impl Trend {
    /// Factor on the share when `elapsed` of [`super::MONTHS`] months have passed.
    fn factor(&self, elapsed: i32) -> f64 {
        let progress = f64::from(elapsed) / f64::from(super::MONTHS - 1);
        match self {
            Self::Steady => 1.0,
            Self::New => f64::from(u8::from(elapsed >= super::MONTHS - 6)) * 2.0,
            Self::Growing => 2.0 * progress,
            Self::Fading => 2.0 * (1.0 - progress),
        }
    }
}

impl CategoryPlan {
    /// Expected incidents of a month in a hot spot, or in the background where `spot` is past the
    /// last one.
    pub(super) fn expected(&self, spot: usize, month: Month, elapsed: i32) -> f64 {
        let (peak, swing) = self.season;
        let of_year = f64::from(month.index().rem_euclid(12) + 1);
        let season = 1.0 + swing * (TAU * (of_year - peak) / 12.0).cos();
        let in_spots: f64 = self.spots.iter().map(|spot| spot.share).sum();
        let share = match self.spots.get(spot) {
            Some(spot) => spot.share * spot.trend.factor(elapsed),
            None => 1.0 - in_spots,
        };
        self.monthly * season * share
    }
}

const POLICE: &str = "synthetic-police";
const FIRE: &str = "synthetic-fire-service";
const COUNCIL: &str = "synthetic-council";

const POLICE_OUTCOMES: &[&str] = &[
    "Investigation complete; no suspect identified",
    "Investigation complete; no suspect identified",
    "Investigation complete; no suspect identified",
    "Unable to prosecute suspect",
    "Under investigation",
    "Awaiting court outcome",
    "Local resolution",
];

const fn spot(centre: usize, spread_m: f64, share: f64, trend: Trend) -> Spot {
    Spot { centre, spread_m, share, trend }
}

/// The categories, in the order in which they are drawn.
pub(super) const PLANS: &[CategoryPlan] = &[
    CategoryPlan {
        label: "Anti-social behaviour",
        source: POLICE,
        monthly: 360.0,
        season: (7.0, 0.30),
        timing: Timing::Month,
        spots: &[
            spot(19, 220.0, 0.14, Trend::Steady),
            spot(2, 250.0, 0.10, Trend::Growing),
            spot(8, 200.0, 0.08, Trend::Steady),
            spot(5, 180.0, 0.05, Trend::New),
        ],
        outcomes: &[],
    },
    CategoryPlan {
        label: "Violence and sexual offences",
        source: POLICE,
        monthly: 420.0,
        season: (8.0, 0.12),
        timing: Timing::Month,
        spots: &[
            spot(19, 200.0, 0.16, Trend::Steady),
            spot(22, 180.0, 0.10, Trend::Steady),
            spot(2, 220.0, 0.09, Trend::Growing),
        ],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Burglary",
        source: POLICE,
        monthly: 120.0,
        season: (12.0, 0.35),
        timing: Timing::Overnight,
        spots: &[
            spot(11, 350.0, 0.12, Trend::Steady),
            spot(16, 300.0, 0.10, Trend::New),
            spot(20, 320.0, 0.10, Trend::Fading),
        ],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Vehicle crime",
        source: POLICE,
        monthly: 170.0,
        season: (11.0, 0.20),
        timing: Timing::Month,
        spots: &[
            spot(9, 260.0, 0.12, Trend::Steady),
            spot(2, 280.0, 0.12, Trend::Growing),
            spot(14, 250.0, 0.08, Trend::Fading),
        ],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Criminal damage and arson",
        source: POLICE,
        monthly: 140.0,
        season: (5.0, 0.15),
        timing: Timing::Month,
        spots: &[spot(4, 240.0, 0.12, Trend::Steady), spot(13, 220.0, 0.08, Trend::Steady)],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Shoplifting",
        source: POLICE,
        monthly: 150.0,
        season: (12.0, 0.15),
        timing: Timing::Month,
        spots: &[
            spot(2, 110.0, 0.40, Trend::Steady),
            spot(19, 120.0, 0.20, Trend::Steady),
            spot(22, 100.0, 0.14, Trend::Growing),
        ],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Other theft",
        source: POLICE,
        monthly: 110.0,
        season: (6.0, 0.10),
        timing: Timing::Month,
        spots: &[spot(2, 200.0, 0.15, Trend::Steady)],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Drugs",
        source: POLICE,
        monthly: 45.0,
        season: (1.0, 0.05),
        timing: Timing::Month,
        spots: &[spot(19, 150.0, 0.25, Trend::Steady), spot(4, 200.0, 0.12, Trend::Growing)],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Public order",
        source: POLICE,
        monthly: 75.0,
        season: (7.0, 0.20),
        timing: Timing::Month,
        spots: &[spot(19, 180.0, 0.20, Trend::Steady), spot(22, 150.0, 0.12, Trend::Steady)],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Robbery",
        source: POLICE,
        monthly: 25.0,
        season: (11.0, 0.20),
        timing: Timing::Minute { busiest_hour: 20 },
        spots: &[spot(19, 180.0, 0.25, Trend::Steady), spot(8, 160.0, 0.12, Trend::New)],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Possession of weapons",
        source: POLICE,
        monthly: 15.0,
        season: (6.0, 0.05),
        timing: Timing::Month,
        spots: &[spot(19, 250.0, 0.20, Trend::Steady)],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Bicycle theft",
        source: POLICE,
        monthly: 14.0,
        season: (8.0, 0.45),
        timing: Timing::Month,
        spots: &[spot(22, 150.0, 0.25, Trend::Steady)],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Theft from the person",
        source: POLICE,
        monthly: 12.0,
        season: (12.0, 0.20),
        timing: Timing::Month,
        spots: &[spot(2, 120.0, 0.35, Trend::Steady)],
        outcomes: POLICE_OUTCOMES,
    },
    CategoryPlan {
        label: "Deliberate fire",
        source: FIRE,
        monthly: 30.0,
        season: (5.0, 0.50),
        timing: Timing::Minute { busiest_hour: 21 },
        spots: &[spot(4, 300.0, 0.25, Trend::Steady), spot(1, 260.0, 0.15, Trend::Growing)],
        outcomes: &[],
    },
    CategoryPlan {
        label: "Fly-tipping",
        source: COUNCIL,
        monthly: 90.0,
        season: (4.0, 0.15),
        timing: Timing::Day,
        spots: &[spot(13, 260.0, 0.15, Trend::Steady), spot(3, 240.0, 0.12, Trend::Fading)],
        outcomes: &["Cleared", "Cleared", "Cleared; fixed penalty notice"],
    },
];
