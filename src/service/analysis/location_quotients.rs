//! Location quotients: which categories an area has more of than its share.

use super::study_areas::{StudyAreas, WITHIN_RULE};
use crate::{
    analysis::location_quotient::{Counts, LocationQuotient, location_quotient},
    model::{Area, Category},
    profile::Method,
    service::{QuestionError, Scope, Service, question::About},
    snapshot::Snapshot,
};

/// A category in an area.
pub struct Quotient<'a> {
    /// The area.
    pub area: &'a Area,
    /// The category.
    pub category: &'a str,
    /// What was counted.
    pub counts: Counts,
    /// The quotient; `None` where the area has too few incidents.
    pub quotient: Option<LocationQuotient>,
}

/// Quotients of a layer's areas.
pub struct Quotients<'a> {
    areas: Vec<&'a Area>,
    categories: Vec<&'a str>,
    /// By area, then category.
    counts: Vec<Vec<Counts>>,
    least: u64,
    /// How it was made.
    pub about: About,
}

impl Service {
    /// The quotient of each category in each area of a layer. The categories are those asked for; what they
    /// are a share of is every category that meets the other conditions.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for an unknown layer.
    pub fn location_quotients<'a>(
        &'a self,
        layer_id: &str,
        scope: &Scope,
        least: u64,
        snapshot: &'a Snapshot,
    ) -> Result<Quotients<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let study = StudyAreas::of(&question, layer_id)?;
        let held = snapshot.categories();
        let every = question.selection_in_every_category();
        let mut by_area = vec![vec![0_u64; held.len()]; study.areas.len()];
        let mut of_category = vec![0_u64; held.len()];
        for row in every.rows.iter().map(|row| *row as usize) {
            let category = usize::from(snapshot.category(row));
            let place = snapshot.place(row);
            if let Some(slot) = place.and_then(|place| study.slot(&question, place)) {
                by_area[slot][category] += 1;
                of_category[category] += 1;
            }
        }
        let asked = |slug: &String| question.categories().iter().any(|category| category.as_str() == slug);
        let shown: Vec<usize> = (0..held.len())
            .filter(|category| of_category[*category] > 0)
            .filter(|category| question.categories().is_empty() || asked(&held[*category]))
            .collect();
        let all = of_category.iter().sum();
        let counts = by_area.iter().map(|in_area| {
            let area = in_area.iter().sum();
            let of = |category: &usize| Counts {
                category_in_area: in_area[*category],
                area,
                category: of_category[*category],
                all,
            };
            shown.iter().map(of).collect()
        });
        let method = Method::new("location-quotients")
            .with("formula", "(incidents of the category in the area / all in the area) / (the same of all areas together)")
            .with("areas", if question.is_within_an_area() { WITHIN_RULE } else { "all of the layer" })
            .with("interval", "95 %, of the logarithm, with the variance 1/a - 1/n - 1/c + 2a/(nc) - 1/N")
            .with("least_incidents_in_area", least)
            .with("all_incidents", all)
            .with("base", "every category that meets the other conditions")
            .with("border_rule", "a point on a border belongs to the first of its areas in order of code");
        let mut about = question.about_in(method, Some(study.note()));
        about.notices.extend(study.notice(&question));
        let few = by_area.iter().filter(|in_area| in_area.iter().sum::<u64>() < least).count();
        if few > 0 {
            about.notices.push(format!(
                "{few} of {} areas have fewer than {least} incidents, and so no location quotient.",
                study.areas.len()
            ));
        }
        let absent = |category: &&Category| !shown.iter().any(|shown| held[*shown] == category.as_str());
        let absent: Vec<_> = question.categories().iter().filter(absent).map(Category::as_str).collect();
        if !absent.is_empty() {
            about.notices.push(format!("There is no incident of {} in the period.", absent.join(", ")));
        }
        if question.is_weighted() {
            about.notices.push("Location quotients count incidents; weights are not used.".to_owned());
        }
        Ok(Quotients {
            counts: counts.collect(),
            categories: shown.iter().map(|category| held[*category].as_str()).collect(),
            areas: study.areas,
            least,
            about,
        })
    }
}

impl Quotients<'_> {
    /// The quotients by area in order of code, then by category in order of slug.
    pub fn rows(&self) -> impl Iterator<Item = Quotient<'_>> {
        self.areas.iter().zip(&self.counts).flat_map(|(area, counts)| {
            self.categories.iter().zip(counts).map(|(category, counts)| Quotient {
                area,
                category,
                counts: *counts,
                quotient: location_quotient(*counts, self.least),
            })
        })
    }
}
