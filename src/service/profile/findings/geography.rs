//! What is found in places: hotspots, cells, and the areas of each layer.

use super::{ALPHA, Finding, Profile};
use crate::{
    analysis::{location_quotient::Standing, time::emerging::Side},
    model::words::{count, decimal, list, percent, plural},
    service::{
        analysis::{change::Finding as Change, hotspots::RankedHotspot},
        profile::{AreaRow, AreaTable},
    },
};

pub(super) fn findings(profile: &Profile<'_>) -> Vec<Finding> {
    let significant = significant_cells(profile);
    let mut found = Vec::new();
    if significant.hot > 0 {
        found.extend(hotspots(profile));
        found.extend(strongest(profile));
        found.push(cells(&significant));
    }
    found.extend(emerging(profile));
    for (number, table) in profile.tables.iter().enumerate() {
        // The layers lie over each other: one is enough to say where the priority is more than its part.
        let quotients = if number == 0 { quotients(profile, table) } else { None };
        found.extend([rates(table), changes(table), quotients].into_iter().flatten());
    }
    found
}

/// Hex cells whose z is significant after adjustment for their number.
struct SignificantCells {
    hot: usize,
    cold: usize,
    all: usize,
    held: u64,
    total: u64,
}

fn significant_cells(profile: &Profile<'_>) -> SignificantCells {
    let mut cells = SignificantCells { hot: 0, cold: 0, all: 0, held: 0, total: 0 };
    for cell in profile.hex.cells() {
        cells.all += 1;
        cells.total += cell.count;
        if cell.p_adjusted.is_some_and(|p| p <= ALPHA) {
            if cell.z.is_some_and(|z| z > 0.0) {
                cells.hot += 1;
                cells.held += cell.count;
            } else {
                cells.cold += 1;
            }
        }
    }
    cells
}

fn cells(cells: &SignificantCells) -> Finding {
    let text = format!(
        "{} of {} hex cells {} significantly hot (Gi*, adjusted for their number); they hold {} of the incidents.",
        count(cells.hot as u64),
        count(cells.all as u64),
        plural(cells.hot as u64, "is", "are"),
        percent(cells.held as f64 / cells.total.max(1) as f64)
    );
    Finding::new("geography", "hot-cells", text)
        .with("hot_cells", cells.hot)
        .with("cold_cells", cells.cold)
        .with("cells", cells.all)
        .with("incidents", cells.held)
}

fn hotspots(profile: &Profile<'_>) -> Option<Finding> {
    let layer = &profile.hotspots;
    let share = layer.together.share_of(&layer.whole);
    let (ground, held) = (share.area?, share.count?);
    let number = layer.hotspots.len() as u64;
    let pai = share.pai()?;
    let text = format!(
        "{} {} {} of the ground and {} of the incidents: {} times as many as an even spread would put there.",
        count(number),
        plural(number, "hotspot has", "hotspots have"),
        percent(ground),
        percent(held),
        decimal(pai, 1)
    );
    let finding = Finding::new("geography", "hotspots", text)
        .with("hotspots", number)
        .with("share_of_ground", ground)
        .with("share_of_incidents", held)
        .with("incidents", layer.together.count)
        .with("pai", pai);
    Some(finding)
}

/// What data.police.uk puts before the name of every street.
const ON_OR_NEAR: &str = "On or near ";

/// What people call a hotspot: its streets, or where they may not be told or are not known, its first area.
pub fn place_of(hotspot: &RankedHotspot<'_>) -> String {
    let streets: Vec<&str> =
        hotspot.streets.iter().take(2).map(|street| street.name.trim_start_matches(ON_OR_NEAR)).collect();
    let area = hotspot.areas.iter().find_map(|(_, areas)| areas.first()).map(|(area, _)| area.name.as_str());
    match (streets.as_slice(), area) {
        ([], Some(area)) => area.to_owned(),
        ([], None) => format!("hotspot {}", hotspot.rank),
        (streets, Some(area)) => format!("{} ({area})", list(streets)),
        (streets, None) => list(streets),
    }
}

fn strongest(profile: &Profile<'_>) -> Option<Finding> {
    let hotspot = profile.hotspots.hotspots.first()?;
    let share = hotspot.share.count?;
    let stability = hotspot
        .stability
        .map(|(found, _)| format!(" It is found in {} of resamples of the incidents.", percent(found)));
    let text = format!(
        "The strongest hotspot is {}: {} incidents on {} km², {} of all.{}",
        place_of(hotspot),
        count(hotspot.held.count),
        decimal(hotspot.held.area.km2(), 2),
        percent(share),
        stability.unwrap_or_default()
    );
    let finding = Finding::new("geography", "strongest-hotspot", text)
        .with("rank", hotspot.rank)
        .with("incidents", hotspot.held.count)
        .with("area_km2", hotspot.held.area.km2())
        .with("share_of_incidents", share)
        .with("found_in_resamples", hotspot.stability.map(|(found, _)| found));
    Some(finding)
}

/// Hot categories of emerging cells, told together. Each rests on tests that are adjusted for the number of bins.
fn emerging(profile: &Profile<'_>) -> Option<Finding> {
    let layer = profile.emerging.as_ref().ok()?;
    let mut kinds = std::collections::BTreeMap::<_, u64>::new();
    for category in layer.cells().filter_map(|cell| cell.pattern.category) {
        if category.side == Side::Hot {
            *kinds.entry(category.kind).or_default() += 1;
        }
    }
    let (first, last) = (layer.months.first()?, layer.months.last()?);
    let named: Vec<_> =
        kinds.iter().map(|(kind, cells)| format!("{cells} {}", format!("{kind:?}").to_lowercase())).collect();
    if named.is_empty() {
        return None;
    }
    let text = format!("Over the months {first} to {last} hot cells are: {}.", list(&named));
    let figures = kinds.iter().map(|(kind, cells)| format!("{kind:?}: {cells}")).collect::<Vec<_>>();
    Some(Finding::new("geography", "emerging", text).with("cells", figures))
}

/// Areas that a sentence names; the table has them all.
const NAMED: usize = 5;

/// The names of the first areas, each with a figure, and how many more there are.
fn named<'a>(rows: &[&AreaRow<'a>], figure: impl Fn(&AreaRow<'a>) -> String) -> String {
    let mut names: Vec<_> =
        rows.iter().take(NAMED).map(|row| format!("{} ({})", row.area.name, figure(row))).collect();
    if rows.len() > NAMED {
        names.push(format!("{} more", rows.len() - NAMED));
    }
    list(&names)
}

fn codes(rows: &[&AreaRow<'_>]) -> Vec<String> {
    rows.iter().map(|row| row.area.code.to_string()).collect()
}

fn by<'a, 'b>(table: &'b AreaTable<'a>, size: impl Fn(&AreaRow<'a>) -> Option<f64>) -> Vec<&'b AreaRow<'a>> {
    let mut sized: Vec<_> = table.rows.iter().filter_map(|row| size(row).map(|size| (size, row))).collect();
    sized.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    sized.into_iter().map(|(_, row)| row).collect()
}

fn rates(table: &AreaTable<'_>) -> Option<Finding> {
    let overall = table.residents.0.overall?.per_1000;
    let above = by(table, |row| {
        let rate = row.rate.filter(|rate| rate.p_adjusted <= ALPHA && rate.rate.per_1000 > overall)?;
        Some(rate.rate.per_1000)
    });
    if above.is_empty() {
        return None;
    }
    let year = table.residents.1?;
    let figure = |row: &AreaRow<'_>| row.rate.map_or_else(String::new, |rate| decimal(rate.rate.per_1000, 1));
    let text = format!(
        "{}: {} {} a rate significantly above that of all ({} per 1,000 residents of {year}): {}.",
        table.layer.title,
        above.len(),
        plural(above.len() as u64, "has", "have"),
        decimal(overall, 1),
        named(&above, figure)
    );
    let finding = Finding::new("areas", "rates-above", text)
        .with("layer", table.layer.id.as_str())
        .with("areas", codes(&above))
        .with("rate_of_all_per_1000", overall)
        .with("residents_year", year);
    Some(finding)
}

fn changes(table: &AreaTable<'_>) -> Option<Finding> {
    let changed = |wanted: Change| {
        by(table, |row| {
            let tested = row.change?.tested.filter(|tested| tested.finding == wanted)?;
            Some(tested.rate.ratio.unwrap_or(f64::INFINITY))
        })
    };
    let (more, mut fewer) = (changed(Change::More), changed(Change::Fewer));
    fewer.reverse();
    let figure = |row: &AreaRow<'_>| {
        row.change.map_or_else(String::new, |change| {
            format!("{} to {}", count(change.change.before), count(change.count))
        })
    };
    let parts: Vec<_> = [("more", &more), ("fewer", &fewer)]
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(word, rows)| format!("significantly {word} in {}", named(rows, figure)))
        .collect();
    (!parts.is_empty()).then(|| {
        let text =
            format!("{}: against the comparison period there are {}.", table.layer.title, parts.join("; "));
        Finding::new("areas", "changes", text)
            .with("layer", table.layer.id.as_str())
            .with("areas_more", codes(&more))
            .with("areas_fewer", codes(&fewer))
    })
}

/// Only where the priority is a part of what was recorded: a quotient of everything is one.
fn quotients(profile: &Profile<'_>, table: &AreaTable<'_>) -> Option<Finding> {
    let part = profile.situation.all > profile.situation.count;
    let over = by(table, |row| {
        let quotient = row.quotient.filter(|quotient| part && quotient.standing() == Standing::Over)?;
        Some(quotient.quotient)
    });
    if over.is_empty() {
        return None;
    }
    let figure =
        |row: &AreaRow<'_>| row.quotient.map_or_else(String::new, |quotient| decimal(quotient.quotient, 2));
    let text = format!(
        "{}: the priority makes up more of what is recorded there than elsewhere in {} (location quotients, 95 % interval \
         above 1).",
        table.layer.title,
        named(&over, figure)
    );
    let finding = Finding::new("areas", "location-quotients-above", text)
        .with("layer", table.layer.id.as_str())
        .with("areas", codes(&over));
    Some(finding)
}
