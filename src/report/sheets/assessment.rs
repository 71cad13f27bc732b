//! The tables of an assessment.

use super::{column, number, text, whole};
use crate::{
    feature::{
        Field,
        FieldKind::{Number, Text, Whole},
        Value,
    },
    render::sheet::Sheet,
    service::assessment::{AssessedPriority, Assessment},
};

/// Every table of an assessment, in the order of its report.
pub fn of(assessment: &Assessment<'_>) -> Vec<Sheet> {
    vec![overview(assessment), meetings(assessment), sources(assessment), scores(assessment)]
}

fn overview(assessment: &Assessment<'_>) -> Sheet {
    let columns = vec![
        column("priority", Text, "Id", "The priority's id."),
        column("title", Text, "Priority", "Its title."),
        column("period", Text, "Period", "The period that it is about."),
        column("count", Whole, "Incidents", "Incidents of the period."),
        column("share", Number, "Share", "Share of all incidents of the period, 0 to 1."),
        column(
            "comparison_count",
            Whole,
            "Before",
            "Incidents of the comparison period, where the store holds it.",
        ),
        column("change_share", Number, "Change", "Incidents more than before, over those before."),
        column("change_p", Number, "p of change", "Probability of such a change by chance, exact test."),
        column(
            "change_finding",
            Text,
            "Change is",
            "more or fewer than chance would give, or no-evidence, at 95 %.",
        ),
        column("harm", Number, "Harm", "The sum of the incidents' weights in the table of harm."),
        column("harm_per_incident", Number, "Harm each", "The same over the number of incidents."),
        column("share_of_harm", Number, "Share of harm", "Share of the harm of all incidents, 0 to 1."),
        column("hotspots", Whole, "Hotspots", "Number of hotspots."),
        column("hotspots_share", Number, "Held", "Share of the incidents that the hotspots hold, 0 to 1."),
        column("hotspots_ground_share", Number, "Ground", "Share of the ground that they cover, 0 to 1."),
        column("hot_cells", Whole, "Hot cells", "Hex cells that are significantly hot."),
        column(
            "score",
            Number,
            "Score",
            "The weighted mean of the analysts' scores; absent where none was given.",
        ),
        column("criteria_scored", Whole, "Scored", "Criteria that were scored."),
    ];
    let rows = assessment.rows.iter().map(row).collect();
    Sheet { name: "priorities".to_owned(), title: "Priorities side by side".to_owned(), columns, rows }
}

fn row(row: &AssessedPriority<'_>) -> Vec<Value<'static>> {
    let situation = &row.situation;
    let change = situation.change.as_ref().ok();
    let tested = change.and_then(|change| change.tested);
    let harm = situation.harm.as_ref();
    let each = harm.filter(|_| situation.count > 0).map(|harm| harm.total / situation.count as f64);
    let held = row.hotspots.together.share_of(&row.hotspots.whole);
    vec![
        text(row.priority.id.as_str()),
        text(&row.priority.title),
        text(&row.about.card.period.to_string()),
        whole(situation.count),
        number(situation.share()),
        super::maybe(change.map(|change| change.change.before)),
        number(change.and_then(|change| change.change.relative)),
        number(tested.map(|tested| tested.rate.p_exact)),
        tested.map_or(Value::Absent, |tested| text(tested.finding.as_str())),
        number(harm.map(|harm| harm.total)),
        number(each),
        number(harm.and_then(crate::service::profile::Harm::share)),
        whole(row.hotspots.hotspots.len()),
        number(held.count),
        number(held.area),
        whole(row.hot_cells.0),
        number(row.score.map(|score| score.mean)),
        super::maybe(row.score.map(|score| score.scored)),
    ]
}

fn meetings(assessment: &Assessment<'_>) -> Sheet {
    let columns = vec![
        column("rank", Whole, "Rank", "By how many priorities meet, then by size."),
        column("priorities", Text, "Priorities", "Those whose hotspots have ground in it."),
        column("depth", Whole, "Depth", "The most priorities that any of its ground is a hotspot of."),
        column("area_km2", Number, "Area", "Its area on the grid.").in_unit("km2"),
        column("place", Text, "Place", "The area of the first boundary layer that holds most of it."),
    ];
    let row = |(rank, found): (usize, &crate::service::assessment::PriorityMeeting<'_>)| {
        vec![
            whole(rank + 1),
            text(&found.priorities.join("; ")),
            whole(found.meeting.depth),
            number(found.meeting.area_m2 / 1e6),
            found.area.map_or(Value::Absent, text),
        ]
    };
    Sheet {
        name: "meetings".to_owned(),
        title: "Where hotspots of several priorities meet".to_owned(),
        columns,
        rows: assessment.meetings.iter().enumerate().map(row).collect(),
    }
}

fn sources(assessment: &Assessment<'_>) -> Sheet {
    let mut columns = vec![
        column("source", Text, "Source", "Who recorded them."),
        column("count", Whole, "Incidents", "All its incidents of the period, whatever they are."),
    ];
    columns.extend(assessment.rows.iter().map(|row| {
        Field::new(
            row.priority.id.as_str(),
            Whole,
            row.priority.title.clone(),
            "Its incidents that belong to the priority.",
        )
    }));
    let rows = assessment.sources.iter().map(|source| {
        let mut row = vec![text(source.source), whole(source.count)];
        row.extend(source.by_priority.iter().map(|count| whole(*count)));
        row
    });
    Sheet {
        name: "sources".to_owned(),
        title: "Partners' incidents".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

fn scores(assessment: &Assessment<'_>) -> Sheet {
    let mut columns = vec![
        column("criterion", Text, "Criterion", "What is judged."),
        column("weight", Number, "Weight", "How much it counts for."),
    ];
    columns.extend(assessment.rows.iter().map(|row| {
        Field::new(
            row.priority.id.as_str(),
            Number,
            row.priority.title.clone(),
            "What analysts gave; absent where nobody did.",
        )
    }));
    let scoring = assessment.scoring;
    let rows = scoring.criteria.iter().map(|criterion| {
        let mut row = vec![text(&criterion.title), number(criterion.weight)];
        row.extend(assessment.rows.iter().map(|of| number(scoring.score_of(&of.priority.id, criterion))));
        row
    });
    Sheet { name: "scores".to_owned(), title: scoring.title.clone(), columns, rows: rows.collect() }
}
