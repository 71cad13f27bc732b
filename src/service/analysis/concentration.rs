//! Concentration: on how few cells, places or areas how many of the incidents fall.

use crate::{
    analysis::{
        concentration::{
            bootstrap::{self, Intervals},
            lorenz::{Amounts, Corner, Gini},
            table::Table,
        },
        grid::{Cell, Grid, Tessellation},
        hex::{self, HexResolution},
        monte_carlo::Replications,
        random::Seed,
        squares::{Contiguity, SquareGrid, SquareSide, Squares, square_of},
    },
    crs,
    model::{Area, Invalid, LonLat, LonLatShape},
    profile::{Method, method_card::LayerNote},
    selection::SelectedPlace,
    service::{
        QuestionError, Scope, Service,
        analysis::study_areas::{StudyAreas, WITHIN_RULE},
        question::{About, Question},
    },
    snapshot::Snapshot,
};

/// What incidents are counted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// H3 cells; `None` for the priority's resolution.
    Hex(Option<HexResolution>),
    /// Squares of the national grid with that side.
    Squares(SquareSide),
    /// Published positions.
    Places,
    /// The areas of a layer, by its id.
    Layer(String),
}

/// What concentrates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// Incidents.
    #[default]
    Count,
    /// The weights of incidents.
    Weighted,
}

/// What is asked about concentration.
#[derive(Clone, Debug)]
pub struct ConcentrationParameters {
    /// What incidents are counted on.
    pub unit: Unit,
    /// What concentrates.
    pub measure: Measure,
    /// How many resamples the intervals rest on.
    pub resamples: Replications,
    /// What chance starts from.
    pub seed: Seed,
}

/// How a unit is drawn.
pub enum UnitShape {
    /// A cell, from its closed ring.
    Cell(Vec<LonLat>),
    /// A place.
    Point(LonLat),
    /// An area.
    Area(LonLatShape),
}

/// One unit.
pub struct ConcentrationUnit {
    /// Its id: of a cell, an area, or a position as longitude and latitude.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// How it is drawn.
    pub shape: UnitShape,
}

/// Concentration on units. What does not exist without incidents is `None`.
pub struct Concentration {
    /// The units in order of their ids.
    pub units: Vec<ConcentrationUnit>,
    /// Incidents, or the sum of weights, on all units.
    pub total: f64,
    /// The Gini coefficient.
    pub gini: Option<f64>,
    /// Its forms for counts; `None` for weights, to which they do not apply.
    pub forms: Option<Gini>,
    /// Its intervals.
    pub intervals: Option<Intervals>,
    /// The Lorenz curve.
    pub lorenz: Option<Vec<Corner>>,
    /// The units in order of what they hold.
    pub table: Option<Table>,
    /// How it was made.
    pub about: About,
}

impl Service {
    /// Tells on how few units the incidents concentrate.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for an unknown layer or a resolution that is not offered.
    pub fn concentration(
        &self,
        scope: &Scope,
        parameters: &ConcentrationParameters,
        snapshot: &Snapshot,
    ) -> Result<Concentration, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let held = |at: &SelectedPlace| match parameters.measure {
            Measure::Count => f64::from(at.count),
            Measure::Weighted => at.weight,
        };
        let Counted { units, amounts, elsewhere, method, layer } = match &parameters.unit {
            Unit::Hex(resolution) => on_hexes(&question, *resolution, held)?,
            Unit::Squares(side) => on_squares(&question, *side, held)?,
            Unit::Places => on_places(&question, held),
            Unit::Layer(layer) => on_areas(&question, layer, held)?,
        };
        check_work(units.len(), parameters.resamples)?;
        let counting = parameters.measure == Measure::Count;
        let gathered = Amounts::of(amounts.iter().copied());
        let intervals = bootstrap::intervals(&gathered, parameters.resamples, parameters.seed);
        let method = method
            .with("measure", if counting { "count" } else { "weighted" })
            .with("units", units.len())
            .with("generalised_gini", "Bernasco and Steenbeek (2017), counts only")
            .with("intervals", "95 %, units drawn with replacement")
            .with("resamples", parameters.resamples.get())
            .with("seed", parameters.seed.0)
            .with("order", "by what a unit holds, highest first; equal units by id");
        let mut about = question.about_in(method, layer);
        if elsewhere > 0.0 {
            about.notices.push(format!("{elsewhere} incidents in the study area lie on none of the units."));
        }
        if counting && question.is_weighted() {
            about.notices.push("Incidents are counted; weights are used with measure=weighted.".to_owned());
        }
        Ok(Concentration {
            total: gathered.total(),
            gini: gathered.gini(),
            forms: if counting { Gini::of_counts(&gathered) } else { None },
            intervals,
            lorenz: gathered.lorenz(),
            table: Table::of(&amounts),
            units,
            about,
        })
    }
}

/// Units that resamples may draw: about ten seconds of one processor.
const MOST_DRAWS: usize = 400_000_000;

fn check_work(units: usize, resamples: Replications) -> Result<(), QuestionError> {
    if units.saturating_mul(resamples.get()) <= MOST_DRAWS {
        return Ok(());
    }
    let rule =
        format!("with {units} units this is too much to compute; ask for fewer resamples or larger units");
    let fault = Invalid::new(resamples.get(), rule);
    Err(QuestionError::Invalid { place: "query parameter resamples", fault })
}

/// Units with what they hold.
struct Counted {
    units: Vec<ConcentrationUnit>,
    amounts: Vec<f64>,
    /// What lies on no unit.
    elsewhere: f64,
    method: Method,
    layer: Option<LayerNote>,
}

const NAME: &str = "concentration";

fn on_hexes(
    question: &Question<'_>,
    resolution: Option<HexResolution>,
    held: impl Fn(&SelectedPlace) -> f64,
) -> Result<Counted, QuestionError> {
    let resolution = match resolution {
        Some(resolution) => resolution,
        None => HexResolution::new(question.configured().hex_resolution)
            .map_err(|fault| QuestionError::Invalid { place: "hex resolution", fault })?,
    };
    let grid = question.hex_grid(resolution)?;
    let places = question.snapshot().places();
    let lonlats: Vec<_> = question.selection.places.iter().map(|at| places.lonlat(at.place)).collect();
    let method = Method::new(NAME)
        .with("unit", "hex")
        .with("grid", "H3, every cell that meets the study area")
        .with("resolution", resolution.get());
    Ok(on_grid(question, &grid, hex::bin(&lonlats, resolution), held, method))
}

fn on_squares(
    question: &Question<'_>,
    side: SquareSide,
    held: impl Fn(&SelectedPlace) -> f64,
) -> Result<Counted, QuestionError> {
    let squares = Squares { side, contiguity: Contiguity::default() };
    let grid = SquareGrid::covering(question.area(), squares, &crs::osgb::to_lonlat)
        .map_err(|fault| QuestionError::Invalid { place: "query parameter cell_m", fault })?;
    let places = question.snapshot().places();
    let located = question.selection.places.iter().map(|at| square_of(places.grid(at.place), side));
    let method = Method::new(NAME)
        .with("unit", "squares")
        .with("grid", "squares on multiples of their side, every one that meets the study area")
        .with("cell_m", side.get());
    Ok(on_grid(question, &grid, located.collect(), held, method))
}

/// Counts on cells; `located` are those of the selected places.
fn on_grid<T: Tessellation<Id: ToString>>(
    question: &Question<'_>,
    grid: &Grid<T>,
    located: Vec<T::Id>,
    held: impl Fn(&SelectedPlace) -> f64,
    method: Method,
) -> Counted {
    let (amounts, elsewhere) =
        grid.counts(located.into_iter().zip(question.selection.places.iter().map(held)));
    let unit = |cell: &Cell<T::Id>| ConcentrationUnit {
        id: cell.index.to_string(),
        name: None,
        shape: UnitShape::Cell(cell.boundary.clone()),
    };
    Counted { units: grid.cells().iter().map(unit).collect(), amounts, elsewhere, method, layer: None }
}

fn on_places(question: &Question<'_>, held: impl Fn(&SelectedPlace) -> f64) -> Counted {
    let known = question.known_places();
    let mut amounts = vec![0.0; known.len()];
    for at in &question.selection.places {
        // Both are in the snapshot's order of places.
        if let Ok(slot) = known.binary_search(&at.place) {
            amounts[slot] = held(at);
        }
    }
    let unit = |place: &u32| {
        let at = question.snapshot().places().lonlat(*place);
        let id = format!("{:.6},{:.6}", at.lon_deg(), at.lat_deg());
        ConcentrationUnit { id, name: None, shape: UnitShape::Point(at) }
    };
    let method = Method::new(NAME).with("unit", "places").with(
        "places",
        "every position in the study area at which the store holds an incident of any kind and time",
    );
    Counted { units: known.iter().map(unit).collect(), amounts, elsewhere: 0.0, method, layer: None }
}

fn on_areas(
    question: &Question<'_>,
    layer: &str,
    held: impl Fn(&SelectedPlace) -> f64,
) -> Result<Counted, QuestionError> {
    let study = StudyAreas::of(question, layer)?;
    let mut amounts = vec![0.0; study.areas.len()];
    let mut elsewhere = 0.0;
    for at in &question.selection.places {
        let slot = study.slot(question, at.place).and_then(|slot| amounts.get_mut(slot));
        *slot.unwrap_or(&mut elsewhere) += held(at);
    }
    let unit = |area: &&Area| ConcentrationUnit {
        id: area.code.to_string(),
        name: Some(area.name.clone()),
        shape: UnitShape::Area(area.lonlat.clone()),
    };
    let method = Method::new(NAME)
        .with("unit", study.layer.id.as_str())
        .with("areas", if question.is_within_an_area() { WITHIN_RULE } else { "all of the layer" });
    let units = study.areas.iter().map(unit).collect();
    Ok(Counted { units, amounts, elsewhere, method, layer: Some(study.note()) })
}
