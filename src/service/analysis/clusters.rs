//! Clusters of the incidents of a selection (DBSCAN).

use geo::{Area as _, BooleanOps};
use geo_types::MultiPolygon;

use super::{
    density::to_lonlat,
    streets::{self, Street},
};
use crate::{
    analysis::{
        clusters::{ClusterRule, Membership, dbscan, widened_hull},
        contained::Northward,
    },
    crs,
    model::{GridPoint, LonLat, LonLatShape, Metres, SquareMetres},
    profile::Method,
    service::{
        QuestionError, Scope, Service,
        question::{About, Question},
    },
    snapshot::Snapshot,
};

/// Parameters of the method.
#[derive(Clone, Copy, Debug)]
pub struct ClusterParameters {
    /// How far apart incidents may be, ε.
    pub reach: Metres,
    /// How many incidents a core has within reach, itself included; by chance where nothing is said.
    pub minimum: Option<u32>,
    /// How many streets are named for each.
    pub streets: usize,
}

/// The clusters of a selection.
pub struct ClusterLayer {
    /// The clusters, the one with the most incidents first.
    pub clusters: Vec<Cluster>,
    /// Incidents in no cluster.
    pub noise: u64,
    /// How it was made.
    pub about: About,
}

/// One cluster.
pub struct Cluster {
    /// Its rank from 1.
    pub rank: usize,
    /// Its incidents.
    pub count: u64,
    /// Those of them that are core.
    pub core: u64,
    /// The sum of the weights of all.
    pub weighted: f64,
    /// At how many different positions they are.
    pub positions: usize,
    /// The convex hull, widened by half of the reach, inside the study area.
    pub shape: LonLatShape,
    /// Its area on the grid.
    pub area: SquareMetres,
    /// All incidents in the hull, those of other clusters and of none among them.
    pub in_hull: u64,
    /// Where most of its core incidents are.
    pub busiest: GridPoint,
    /// The same in degrees.
    pub busiest_lonlat: LonLat,
    /// Its commonest streets.
    pub streets: Vec<Street>,
}

impl Service {
    /// Finds the clusters of a selection.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for a reach or number out of bounds.
    pub fn clusters(
        &self,
        scope: &Scope,
        parameters: ClusterParameters,
        snapshot: &Snapshot,
    ) -> Result<ClusterLayer, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let (used, ground) = (question.selection.tally.used, question.area().area);
        let minimum =
            parameters.minimum.unwrap_or_else(|| ClusterRule::usual_minimum(used, ground, parameters.reach));
        let rule = ClusterRule::new(parameters.reach, minimum).map_err(|fault| QuestionError::Invalid {
            place: "query parameter eps_m or min_points",
            fault,
        })?;
        let places: Vec<_> = question.selection.places.iter().collect();
        let at: Vec<_> = places.iter().map(|at| (snapshot.places().grid(at.place), at.count)).collect();
        let members = dbscan(&at, rule);

        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut noise = 0;
        for (place, member) in members.iter().enumerate() {
            match member.cluster() {
                Some(cluster) => {
                    groups.resize_with(groups.len().max(cluster as usize + 1), Vec::new);
                    groups[cluster as usize].push(place);
                }
                None => noise += u64::from(places[place].count),
            }
        }
        let cluster_of = |place: usize| members[place].cluster().map(|cluster| cluster as usize);
        let streets = streets::of_groups(&question, groups.len(), cluster_of, parameters.streets);
        let northward = Northward::new(at.iter().map(|(position, _)| *position));
        let look = Look { question: &question, members: &members, northward: &northward, rule };
        let mut clusters: Vec<_> =
            groups.iter().zip(streets).filter_map(|(group, streets)| look.cluster(group, streets)).collect();
        // They stand by their first core place, from the south, and equal ones stay so.
        clusters.sort_by(|a, b| b.count.cmp(&a.count).then(b.weighted.total_cmp(&a.weighted)));
        for (rank, cluster) in (1..).zip(&mut clusters) {
            cluster.rank = rank;
        }
        let minimum_rule = if parameters.minimum.is_some() { "as asked" } else { MINIMUM_RULE };
        let method = Method::new("clusters")
            .with("algorithm", "DBSCAN")
            .with("eps_m", rule.reach())
            .with("min_points", rule.minimum())
            .with("min_points_rule", minimum_rule)
            .with("distance", "straight line, up to eps and equal to it; an incident counts itself")
            .with(
                "border",
                "to the cluster of the nearest core incident, of equally near ones the southern one",
            )
            .with("rank", "by count; then by weighted count, then from the south")
            .with("shape", "convex hull of the incidents widened by half of eps, inside the study area");
        Ok(ClusterLayer { clusters, noise, about: question.about(method) })
    }
}

const MINIMUM_RULE: &str = "one more than an incident would have within eps, itself included, in 999 cases of 1,000 if \
     all were spread evenly by chance; at least 5";

/// What a cluster is described from.
struct Look<'a> {
    question: &'a Question<'a>,
    members: &'a [Membership],
    northward: &'a Northward,
    rule: ClusterRule,
}

impl Look<'_> {
    /// Describes the cluster of some of the selected places; `None` where none of them is core.
    fn cluster(&self, group: &[usize], streets: Vec<Street>) -> Option<Cluster> {
        let (places, table) = (&self.question.selection.places, self.question.snapshot().places());
        let position = |place: usize| table.grid(places[place].place);
        let count = |place: usize| u64::from(places[place].count);
        let is_core = |place: &usize| matches!(self.members[*place], Membership::Core(_));
        let positions: Vec<_> = group.iter().map(|place| position(*place)).collect();
        let margin = Metres::new(self.rule.reach().get() / 2.0).ok()?;
        let hull = widened_hull(&positions, margin)?;
        let in_hull = self.northward.within(&hull).iter().map(|place| count(*place as usize)).sum();
        let inside = hull.intersection(&self.question.area().grid.0);
        // Places stand from south to north: of equally busy ones the first is kept.
        let busier = |a: usize, b: usize| if count(b) > count(a) { b } else { a };
        let busiest = group.iter().copied().filter(is_core).reduce(busier)?;
        Some(Cluster {
            rank: 0,
            count: group.iter().map(|place| count(*place)).sum(),
            core: group.iter().filter(|place| is_core(place)).map(|place| count(*place)).sum(),
            weighted: group.iter().map(|place| places[*place].weight).sum(),
            positions: group.len(),
            shape: to_lonlat(&inside),
            area: SquareMetres(MultiPolygon::unsigned_area(&inside)),
            in_hull,
            busiest: position(busiest),
            busiest_lonlat: crs::osgb::to_lonlat(position(busiest)).ok()?,
            streets,
        })
    }
}
