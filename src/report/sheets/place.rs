//! Hotspots, cells, concentration and accuracy as tables.

use super::{column, number, text, whole};
use crate::{
    analysis::{accuracy::Figures, concentration::repeats::Times},
    feature::{
        Field,
        FieldKind::{Number, Text, Whole},
        Value,
    },
    render::sheet::Sheet,
    service::{
        analysis::{emerging::EmergingLayer, hotspots::RankedHotspot},
        profile::{Profile, findings::place_of},
    },
};

pub(super) fn sheets(profile: &Profile<'_>) -> Vec<Sheet> {
    vec![
        hotspots(profile),
        cells(profile),
        emerging(profile),
        concentration(profile),
        repeats(profile),
        repeat_places(profile),
        accuracy(profile),
    ]
}

fn hotspots(profile: &Profile<'_>) -> Sheet {
    let hotspots = &profile.hotspots.hotspots;
    let mut columns = vec![
        column("rank", Whole, "Rank", "By weighted count, from 1."),
        column("place", Text, "Place", "Its commonest streets and area."),
        column("count", Whole, "Incidents", "Incidents in it."),
        column("weighted", Number, "Weighted", "The sum of their weights."),
        column("share", Number, "Share", "Share of the incidents, 0 to 1."),
        column("area_km2", Number, "Area", "Its area on the grid.").in_unit("km2"),
        column("per_km2", Number, "Density", "Incidents over its area.").in_unit("1/km2"),
        column("pai", Number, "Times even", "Its share of the incidents over its share of the ground."),
        column(
            "found",
            Number,
            "Found again",
            "Share of resamples of the incidents in which it is found, 0 to 1.",
        ),
        column("peak_easting_m", Number, "Peak, easting", "Where it is densest, on the national grid.")
            .in_unit("m"),
        column("peak_northing_m", Number, "Peak, northing", "Where it is densest, on the national grid.")
            .in_unit("m"),
        column("peak_lon", Number, "Peak, longitude", "Where it is densest, WGS 84.").in_unit("deg"),
        column("peak_lat", Number, "Peak, latitude", "Where it is densest, WGS 84.").in_unit("deg"),
        column("streets", Text, "Streets", "Its commonest streets with their incidents."),
    ];
    columns.extend(profile.tables.iter().map(|table| {
        let description = "Areas of that layer that it lies in, the one with most of it first.";
        Field::new(table.layer.id.as_str(), Text, table.layer.title.clone(), description)
    }));
    Sheet {
        name: "hotspots".to_owned(),
        title: "Hotspots".to_owned(),
        columns,
        rows: hotspots.iter().map(hotspot).collect(),
    }
}

fn hotspot(hotspot: &RankedHotspot<'_>) -> Vec<Value<'static>> {
    let streets = hotspot.streets.iter().map(|street| format!("{} ({})", street.name, street.count));
    let mut row = vec![
        whole(hotspot.rank),
        text(&place_of(hotspot)),
        whole(hotspot.held.count),
        number(hotspot.held.weighted),
        number(hotspot.share.count),
        number(hotspot.held.area.km2()),
        number(hotspot.held.count as f64 / hotspot.held.area.km2()),
        number(hotspot.share.pai()),
        number(hotspot.stability.map(|(found, _)| found)),
        number(hotspot.peak.easting_m()),
        number(hotspot.peak.northing_m()),
        number(hotspot.peak_lonlat.lon_deg()),
        number(hotspot.peak_lonlat.lat_deg()),
        text(&streets.collect::<Vec<_>>().join("; ")),
    ];
    row.extend(hotspot.areas.iter().map(|(_, areas)| {
        let names = areas.iter().map(|(area, _)| area.name.as_str()).collect::<Vec<_>>();
        text(&names.join("; "))
    }));
    row
}

fn cells(profile: &Profile<'_>) -> Sheet {
    let columns = vec![
        column("hex_id", Text, "Cell", "H3 index."),
        column("count", Whole, "Incidents", "Incidents in it."),
        column("weighted", Number, "Weighted", "The sum of their weights."),
        column("per_km2", Number, "Density", "Incidents over its area inside the borough.").in_unit("1/km2"),
        column("z", Number, "z", "Getis-Ord Gi*, standard deviations."),
        column("p", Number, "p", "Its two-sided probability."),
        column(
            "p_adjusted",
            Number,
            "p adjusted",
            "The same adjusted for the number of cells (Benjamini-Hochberg).",
        ),
        column("class", Whole, "Class", "3, 2, 1: hot at 99, 95, 90 %; −1, −2, −3: cold; 0: neither."),
    ];
    let shown = profile.hex.cells().filter(|cell| cell.count > 0 || cell.class.get() != 0);
    let rows = shown.map(|cell| {
        vec![
            text(&cell.cell.index.to_string()),
            whole(cell.count),
            number(cell.weighted),
            number(cell.per_km2),
            number(cell.z),
            number(cell.p),
            number(cell.p_adjusted),
            whole(cell.class.get()),
        ]
    });
    Sheet {
        name: "cells".to_owned(),
        title: "Hex cells with incidents or significance".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

fn emerging(profile: &Profile<'_>) -> Sheet {
    let columns = vec![
        column("hex_id", Text, "Cell", "H3 index."),
        column("category", Text, "Category", "What has become of it, in the words of ArcGIS."),
        column("count", Whole, "Incidents", "Incidents in it."),
        column("hot_steps", Whole, "Hot months", "Months in which it is significantly hot."),
        column("cold_steps", Whole, "Cold months", "Months in which it is significantly cold."),
        column("trend_p", Number, "p of trend", "Mann-Kendall test of its z by month."),
    ];
    let layer = profile.emerging.as_ref().ok();
    let rows = layer.into_iter().flat_map(EmergingLayer::cells).filter_map(|cell| {
        let category = cell.pattern.category?;
        Some(vec![
            text(&cell.cell.index.to_string()),
            text(&category.to_string()),
            whole(cell.count),
            whole(cell.pattern.hot_steps),
            whole(cell.pattern.cold_steps),
            number(cell.pattern.trend.p),
        ])
    });
    Sheet {
        name: "emerging".to_owned(),
        title: "Emerging hot and cold spots".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

/// Shares of the incidents at which the table of concentration is told, percent.
const HELD_PCT: [f64; 7] = [10.0, 20.0, 25.0, 50.0, 75.0, 80.0, 100.0];

fn concentration(profile: &Profile<'_>) -> Sheet {
    let columns = vec![
        column("incidents_pct", Number, "Incidents", "Share of the incidents.").in_unit("%"),
        column("places_pct", Number, "Places", "The fewest places that hold them, of all known.")
            .in_unit("%"),
    ];
    let table = profile.concentration.table.as_ref();
    let rows = table.into_iter().flat_map(|table| {
        HELD_PCT.iter().map(|held| vec![number(*held), number(table.units_pct_holding(*held))])
    });
    Sheet {
        name: "concentration".to_owned(),
        title: "Concentration on places".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

fn repeats(profile: &Profile<'_>) -> Sheet {
    let columns = vec![
        column("times", Text, "Incidents at a place", "How many incidents a place has."),
        column("places", Whole, "Places", "Places with so many."),
        column("incidents", Whole, "Incidents", "Incidents at them."),
        column(
            "places_expected",
            Number,
            "By chance",
            "Such places, were incidents spread over all known ones by chance.",
        ),
    ];
    let row = |row: &Times| {
        let times = format!("{}{}", row.times, if row.and_more { " and more" } else { "" });
        vec![text(&times), whole(row.places), whole(row.incidents), number(row.places_expected)]
    };
    Sheet {
        name: "repeats".to_owned(),
        title: "Places by number of incidents".to_owned(),
        columns,
        rows: profile.repeats.repeats.rows.iter().map(row).collect(),
    }
}

fn repeat_places(profile: &Profile<'_>) -> Sheet {
    let columns = vec![
        column("street", Text, "Street", "The street that most of its incidents name."),
        column("count", Whole, "Incidents", "Incidents there."),
        column("categories", Text, "Categories", "Its categories with their incidents."),
        column("lon", Number, "Longitude", "WGS 84.").in_unit("deg"),
        column("lat", Number, "Latitude", "WGS 84.").in_unit("deg"),
    ];
    let rows = profile.repeats.top.iter().map(|place| {
        let categories = place.categories.iter().map(|(category, count)| format!("{category} ({count})"));
        vec![
            text(place.street.unwrap_or_default()),
            whole(place.count),
            text(&categories.collect::<Vec<_>>().join("; ")),
            number(place.position.lonlat.lon_deg()),
            number(place.position.lonlat.lat_deg()),
        ]
    });
    Sheet {
        name: "repeat-places".to_owned(),
        title: "Places with the most incidents".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

fn accuracy(profile: &Profile<'_>) -> Sheet {
    let columns = vec![
        column("ground_share", Number, "Ground", "Share of the ground that the hottest cells cover, 0 to 1."),
        column("hits", Number, "Hits", "Later incidents in them."),
        column("hit_rate", Number, "Hit rate", "Share of the later incidents, 0 to 1."),
        column("pai", Number, "PAI", "Hit rate over share of the ground."),
        column("pei", Number, "PEI", "Hits over the most that as much ground could hold."),
        column(
            "recapture_rate_index",
            Number,
            "RRI",
            "Hits later over hits before, against all later over all before.",
        ),
    ];
    let figures = profile.accuracy.as_ref().map(|judged| judged.figures.as_slice()).unwrap_or_default();
    let row = |figures: &Figures| {
        vec![
            number(figures.area_share),
            number(figures.hits),
            number(figures.hit_rate),
            number(figures.pai),
            number(figures.pei),
            number(figures.recapture_rate_index),
        ]
    };
    Sheet {
        name: "accuracy".to_owned(),
        title: "Accuracy on the following month".to_owned(),
        columns,
        rows: figures.iter().map(row).collect(),
    }
}
