//! What every rule for a bandwidth gives, and which one is used.

use crate::{
    analysis::{
        bandwidth::{self, BandwidthLimit, Chosen, Rule, RuleValue, Situation},
        density::{Kernel, WeightedPoint},
    },
    model::{
        GridShape, Metres, SquareMetres,
        priority::{BANDWIDTH_M, CELL_M},
    },
    profile::Method,
    service::{
        QuestionError, Scope, Service,
        analysis::density::given,
        question::{About, Question},
    },
    snapshot::Snapshot,
};

/// Parameters of the table; what is left out is as a density has it.
#[derive(Clone, Copy, Debug, Default)]
pub struct BandwidthsParameters {
    /// The kernel that rules are converted for.
    pub kernel: Kernel,
    /// Side of the raster's cells.
    pub cell: Option<Metres>,
    /// The rule that is used.
    pub rule: Option<Rule>,
}

/// What every rule gives for a selection.
pub struct Bandwidths {
    /// The rules in their order.
    pub values: Vec<RuleValue>,
    /// The bandwidth that a density of the same parameters uses.
    pub used: Metres,
    /// How that came about, in words.
    pub because: String,
    /// Side of the raster's cells.
    pub cell: Metres,
    /// Shorter side of the study area's box.
    pub shorter_side: Metres,
    /// The study area.
    pub area: SquareMetres,
    /// Number of places that the incidents are at.
    pub places: usize,
    /// The kernel.
    pub kernel: Kernel,
    /// How it was made.
    pub about: About,
}

impl Service {
    /// What every rule for a bandwidth gives for a selection.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for a cell out of bounds.
    pub fn bandwidths(
        &self,
        scope: &Scope,
        parameters: BandwidthsParameters,
        snapshot: &Snapshot,
    ) -> Result<Bandwidths, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let side = shorter_side(&question.area().grid);
        let configured = question.configured();
        let cell = given("query parameter cell_m", parameters.cell, configured.cell, &CELL_M)?
            .map_or_else(|| bandwidth::default_cell(side), |(cell, _)| cell);
        let kernel = parameters.kernel;
        let (used, because) = in_use(&question, None, parameters.rule, cell, kernel)?;
        let places = Places::of(&question);
        let values = bandwidth::values(&Rule::ALL, &places.situation(&question, cell, kernel));
        let method = Method::new("bandwidths")
            .with("kernel", kernel.name())
            .with("bandwidth_per_sigma", kernel.per_sigma())
            .with("cell_m", cell)
            .with("shorter_side_m", side)
            .with("limits", "three cells to a quarter of the shorter side")
            .with("incidents_count_as", "one each, whatever their weight, but for arcgis-weighted")
            .with("cross_validation", SEARCH);
        Ok(Bandwidths {
            values,
            used,
            because,
            cell,
            shorter_side: side,
            area: question.area().area,
            places: places.counted.len(),
            kernel,
            about: question.about(method),
        })
    }
}

const SEARCH: &str = "Gaussian kernel, no edge correction; sigma from 10 m to half of the shorter side, in \
     geometric steps, then Brent's method to 0.001 %; unless a rule says otherwise the incidents of a place \
     are left out together, because snapped positions would draw the bandwidth to zero";

/// The places of a question, by number of incidents and by weight.
struct Places {
    counted: Vec<WeightedPoint>,
    weighted: Vec<WeightedPoint>,
}

impl Places {
    fn of(question: &Question<'_>) -> Self {
        Self { counted: question.counted(), weighted: question.weighted() }
    }

    fn situation(&self, question: &Question<'_>, cell: Metres, kernel: Kernel) -> Situation<'_> {
        Situation {
            counted: &self.counted,
            weighted: &self.weighted,
            cell,
            shorter_side: shorter_side(&question.area().grid),
            area: question.area().area,
            kernel,
        }
    }
}

/// The bandwidth of a kernel that smooths as much as a quartic one of that radius.
fn brought_to(kernel: Kernel, quartic: Metres) -> Metres {
    let times = kernel.per_sigma() / Kernel::Quartic.per_sigma();
    Metres::new(quartic.get() * times).unwrap_or(quartic)
}

/// The bandwidth that a density uses, and how it came about in words: the one that was asked for; by the
/// rule that was asked for; the priority's; by Scott's rule.
///
/// # Errors
/// [`QuestionError::Invalid`] for a bandwidth out of bounds.
pub(super) fn in_use(
    question: &Question<'_>,
    asked: Option<Metres>,
    rule: Option<Rule>,
    cell: Metres,
    kernel: Kernel,
) -> Result<(Metres, String), QuestionError> {
    let configured = question.configured().bandwidth.filter(|_| rule.is_none());
    if let Some((bandwidth, words)) = given("query parameter bandwidth_m", asked, configured, &BANDWIDTH_M)? {
        return Ok(if asked.is_some() || kernel == Kernel::Quartic {
            (bandwidth, words)
        } else {
            (brought_to(kernel, bandwidth), format!("{words} for the quartic kernel, brought to this one"))
        });
    }
    let situation = Places::of(question);
    let chosen = bandwidth::choose(rule.unwrap_or(Rule::Scott), &situation.situation(question, cell, kernel));
    Ok((chosen.given.bandwidth, describe(&chosen, kernel)))
}

/// How a bandwidth by rule came about, in words.
fn describe(chosen: &Chosen, kernel: Kernel) -> String {
    let gave = match chosen.rule {
        Rule::FiveCells => chosen.rule.description(),
        rule => format!("{rule} ({}) on {} incidents", rule.description(), chosen.incidents),
    };
    let converted = if !chosen.rule.gives_sigma() || kernel == Kernel::Gaussian {
        String::new()
    } else {
        format!(" times {:.3} for the {kernel} kernel", kernel.per_sigma())
    };
    let instead = chosen
        .instead_of
        .map(|(wanted, reason)| format!(", because {wanted} does not apply: {reason}"))
        .unwrap_or_default();
    let limited = match chosen.given.limited {
        None => "",
        Some(BandwidthLimit::ThreeCells) => ", raised to three cells",
        Some(BandwidthLimit::QuarterSide) => ", lowered to a quarter of the outline's shorter side",
    };
    format!("{gave}{converted}: {:.0} m{limited}{instead}", chosen.given.raw_m)
}

/// The shorter side of an outline's box. No checked boundary is without extent; a metre would stand in.
pub(super) fn shorter_side(outline: &GridShape) -> Metres {
    bandwidth::shorter_side(outline).unwrap_or(Metres::ONE)
}
