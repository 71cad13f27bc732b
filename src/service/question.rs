//! A question that is understood: what was asked, what it selects, and what its answer has to say.

use std::borrow::Cow;

use geo::{BoundingRect, Distance, Euclidean};
use geo_types::Coord;

use super::{
    QuestionError, Scope, Service,
    profile::situation::by_code,
    scope::{Resolved, tally_notices},
};
use crate::{
    analysis::{
        density::WeightedPoint,
        hex::{HexGrid, HexResolution},
    },
    crs,
    model::{Area, Category, GridPoint, Invalid, Layer, Metres, Period, priority::MethodDefaults},
    profile::{Method, MethodCard, method_card::LayerNote},
    selection::{Criteria, SelectedPlace, Selection, lies_in},
    snapshot::Snapshot,
};

/// What every answer carries beside its numbers.
#[derive(Clone, Debug)]
pub struct About {
    /// What the answer is about, in words: the priority's title, or all incidents.
    pub subject: String,
    /// How it was made.
    pub card: MethodCard,
    /// What a reader has to know beside the numbers.
    pub notices: Vec<String>,
}

/// A scope with its defaults filled in, and the incidents that it selects.
pub struct Question<'a> {
    service: &'a Service,
    snapshot: &'a Snapshot,
    resolved: Resolved<'a>,
    /// The incidents.
    pub selection: Selection,
}

impl Service {
    /// Understands a scope and selects its incidents.
    ///
    /// # Errors
    /// As [`Service::resolve`].
    pub fn question<'a>(
        &'a self,
        scope: &Scope,
        snapshot: &'a Snapshot,
    ) -> Result<Question<'a>, QuestionError> {
        let resolved = self.resolve(scope, snapshot)?;
        let selection = Selection::of(snapshot, &resolved.criteria);
        Ok(Question { service: self, snapshot, resolved, selection })
    }
}

impl<'a> Question<'a> {
    /// The snapshot that it is asked of.
    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// The service that it is asked of.
    pub fn service(&self) -> &'a Service {
        self.service
    }

    /// Every boundary layer with its number, in the vintage that answers this question, in the order of the manifest.
    pub fn layers(&self) -> &[(usize, &'a Layer)] {
        &self.resolved.layers
    }

    /// The study area: the borough, or the one area that was asked about.
    pub fn area(&self) -> &'a Area {
        self.resolved.area
    }

    /// What belongs to the priority, in its own words; empty where none was named.
    pub fn description(&self) -> &str {
        self.resolved.priority.map_or("", |priority| priority.description.as_str())
    }

    /// The period.
    pub fn period(&self) -> Period {
        self.resolved.criteria.period
    }

    /// The period to compare with, where one was asked for and the store holds it whole.
    pub fn comparison(&self) -> Option<Period> {
        self.resolved.comparison
    }

    /// The period that was to be compared with, whether the store holds it or not; `None` where nothing was.
    pub fn asked_comparison(&self) -> Option<Period> {
        self.resolved.asked_comparison
    }

    /// The version of the priority's definition, where a priority was named.
    pub fn priority_version(&self) -> Option<u32> {
        self.resolved.priority_version
    }

    /// Parameters of methods as the priority has them, or as they are by default.
    pub fn configured(&self) -> MethodDefaults {
        self.resolved.priority.map(|priority| priority.method).unwrap_or_default()
    }

    /// The same conditions in another period.
    pub fn selection_in(&self, period: Period) -> Selection {
        Selection::of(self.snapshot, &self.resolved.criteria.in_period(period))
    }

    /// The same conditions, in every category.
    pub fn selection_in_every_category(&self) -> Selection {
        let criteria = Criteria { categories: Vec::new(), ..self.resolved.criteria.clone() };
        Selection::of(self.snapshot, &criteria)
    }

    /// The categories that were asked for; empty for every one.
    pub fn categories(&self) -> &[Category] {
        &self.resolved.criteria.categories
    }

    /// Every place in the study area that the store holds an incident at, of whatever kind and whenever.
    pub fn known_places(&self) -> Vec<u32> {
        let places = self.snapshot.places();
        places.ids().filter(|place| lies_in(*place, self.resolved.criteria.within, self.snapshot)).collect()
    }

    /// Whether the question is limited to one area.
    pub fn is_within_an_area(&self) -> bool {
        self.resolved.within.is_some()
    }

    /// Every incident of a period in the study area, whatever else was asked for.
    pub fn everything(&self) -> Selection {
        let criteria = &self.resolved.criteria;
        Selection::of(
            self.snapshot,
            &Criteria { within: criteria.within, ..Criteria::all_in(criteria.period) },
        )
    }

    /// By source the incidents of [`everything`](Self::everything), the most frequent first.
    pub fn everything_by_source(&self) -> Vec<(&'a str, u64)> {
        by_code(&self.everything(), self.snapshot.sources(), |row| self.snapshot.source(row))
    }

    /// The selected places with the weights of their incidents. They are distinct and in canonical
    /// order, so there is nothing to merge.
    pub fn weighted(&self) -> Vec<WeightedPoint> {
        self.points(|at| at.weight)
    }

    /// The selected places with the numbers of their incidents, as [`Question::weighted`].
    pub fn counted(&self) -> Vec<WeightedPoint> {
        self.points(|at| f64::from(at.count))
    }

    /// Places outside the study area, at most so far from it, with the weights of the incidents there that meet the
    /// same conditions; and how many incidents these are.
    pub fn weighted_beyond(&self, reach: Metres) -> (Vec<WeightedPoint>, u64) {
        let outline = &self.area().grid.0;
        let box_ = outline.bounding_rect().map(|of| (of.min(), of.max()));
        // The distance looks at every edge, so what is far is told by the box.
        let in_box = |at: Coord| {
            box_.is_some_and(|(min, max)| {
                (min.x - reach.get()..=max.x + reach.get()).contains(&at.x)
                    && (min.y - reach.get()..=max.y + reach.get()).contains(&at.y)
            })
        };
        let near = |at: GridPoint| {
            in_box(at.coord()) && Euclidean.distance(&geo_types::Point(at.coord()), outline) <= reach.get()
        };
        let mut points = Vec::new();
        let mut incidents = 0;
        for at in Selection::beyond(self.snapshot, &self.resolved.criteria) {
            let position = self.snapshot.places().grid(at.place);
            if near(position) {
                points.push(WeightedPoint { position, weight: at.weight });
                incidents += u64::from(at.count);
            }
        }
        (points, incidents)
    }

    fn points(&self, weight: impl Fn(&SelectedPlace) -> f64) -> Vec<WeightedPoint> {
        let position = |at: &SelectedPlace| self.snapshot.places().grid(at.place);
        let places = self.selection.places.iter();
        places.map(|at| WeightedPoint { position: position(at), weight: weight(at) }).collect()
    }

    /// The numbers of incidents by place, without those that are in another selection as well, and how
    /// many these are.
    pub fn counted_without(&self, other: &Selection) -> (Vec<WeightedPoint>, usize) {
        let mut rows = self.selection.rows.clone();
        rows.retain(|row| other.rows.binary_search(row).is_err());
        let mut points: Vec<WeightedPoint> = Vec::new();
        let mut last = None;
        for place in rows.iter().filter_map(|row| self.snapshot.place(*row as usize)) {
            match points.last_mut() {
                Some(point) if last == Some(place) => point.weight += 1.0,
                _ => {
                    let position = self.snapshot.places().grid(place);
                    points.push(WeightedPoint { position, weight: 1.0 });
                }
            }
            last = Some(place);
        }
        (points, self.selection.rows.len() - rows.len())
    }

    /// The position and weight of every incident, one by one.
    pub fn incidents(&self) -> Vec<WeightedPoint> {
        let mut weights = self.selection.weights.iter();
        let at = |at: &SelectedPlace| {
            let position = self.snapshot.places().grid(at.place);
            let here = weights.by_ref().take(at.count as usize);
            here.map(|weight| WeightedPoint { position, weight: *weight }).collect::<Vec<_>>()
        };
        self.selection.places.iter().flat_map(at).collect()
    }

    /// Whether incidents have weights by category.
    pub fn is_weighted(&self) -> bool {
        self.resolved.weights_from.is_some()
    }

    /// The position of every incident, as often as there are incidents.
    pub fn positions(&self) -> Vec<GridPoint> {
        let at = |at: &SelectedPlace| {
            std::iter::repeat_n(self.snapshot.places().grid(at.place), at.count as usize)
        };
        self.selection.places.iter().flat_map(at).collect()
    }

    /// The complete hex grid of the study area. That of the borough is kept; that of one area is made.
    ///
    /// # Errors
    /// [`QuestionError::Invalid`] when the area has too many cells of that resolution.
    pub fn hex_grid(&self, resolution: HexResolution) -> Result<Cow<'a, HexGrid>, QuestionError> {
        let grid = if self.resolved.within.is_none() {
            self.service.hex_grid(resolution).map(Cow::Borrowed)
        } else {
            HexGrid::covering(self.area(), resolution, &crs::osgb::to_grid).map(Cow::Owned)
        };
        grid.map_err(|fault: Invalid| QuestionError::Invalid { place: "hex resolution", fault })
    }

    /// Says which incidents a table of weights has nothing to say on.
    fn unweighted_notice(&self) -> Option<String> {
        let criteria = &self.resolved.criteria;
        let table = self.resolved.weights_from.as_ref().filter(|_| criteria.other_weight == 0.0)?;
        let named = |slug: &String| criteria.weights.keys().any(|category| category.as_str() == slug);
        let weightless: Vec<bool> = self.snapshot.categories().iter().map(|slug| !named(slug)).collect();
        let mut counts = vec![0_usize; weightless.len()];
        for row in &self.selection.rows {
            counts[usize::from(self.snapshot.category(*row as usize))] += 1;
        }
        let told: Vec<_> = counts
            .iter()
            .zip(&weightless)
            .zip(self.snapshot.categories())
            .filter(|((count, weightless), _)| **weightless && **count > 0)
            .map(|((count, _), slug)| format!("{count} of {slug}"))
            .collect();
        (!told.is_empty()).then(|| {
            format!(
                "The table of weights {table} does not name every category; counted with weight 0: {}.",
                told.join(", ")
            )
        })
    }

    /// What the answer has to say, for a method that does not count by the areas of a layer.
    pub fn about(&self, method: Method) -> About {
        self.about_in(method, None)
    }

    /// What the answer has to say; `layer` is the boundary layer that incidents were counted in.
    pub fn about_in(&self, method: Method, layer: Option<LayerNote>) -> About {
        let mut notices = self.resolved.notices.clone();
        notices.extend(layer.iter().flat_map(|note| self.vintage_notices(note)));
        notices.extend(tally_notices(&self.selection.tally));
        notices.extend(self.unweighted_notice());
        About {
            subject: self
                .resolved
                .priority
                .map_or_else(|| "All incidents".to_owned(), |priority| priority.title.clone()),
            card: self.service.card(&self.resolved, self.selection.tally, method, layer, self.snapshot),
            notices,
        }
    }
}
