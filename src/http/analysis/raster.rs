//! Surfaces as `GeoTIFF`, with their method card as metadata.

use crate::{
    analysis::density::{Form, RasterGrid},
    http::{problem::Problem, wire::Card},
    render::geotiff::{self, Band, Raster},
    service::analysis::density::Density,
};

/// A density: one band, in the form that was asked for.
///
/// # Errors
/// As [`of`].
pub(in crate::http) fn of_density(
    density: &Density<'_>,
    title: &str,
    notices: &[String],
    card: &Card,
) -> Result<Vec<u8>, Problem> {
    let cells = density.values.iter().zip(density.inside());
    let band = Band {
        title: super::density::unit(density.form).to_owned(),
        unit: if density.form == Form::Intensity { "1/km2" } else { "1" }.to_owned(),
        values: cells.map(|(value, inside)| inside.then_some(*value)).collect(),
    };
    of(&density.surface.grid, vec![band], title, notices, card)
}

/// Bands over a raster, their cells row by row from the south.
///
/// # Errors
/// 500 for bands that do not fit the raster.
pub(in crate::http) fn of(
    grid: &RasterGrid,
    bands: Vec<Band>,
    title: &str,
    notices: &[String],
    card: &Card,
) -> Result<Vec<u8>, Problem> {
    let raster = Raster {
        west_m: grid.west_m(),
        south_m: grid.south_m(),
        cell_m: grid.cell().get(),
        columns: grid.columns(),
        rows: grid.rows(),
        bands,
        notes: notes(title, notices, card)?,
    };
    geotiff::write(&raster).map_err(|fault| Problem::internal(&fault))
}

/// Title, notices and what the method card says, by name; members that hold others are JSON.
fn notes(title: &str, notices: &[String], card: &Card) -> Result<Vec<(String, String)>, Problem> {
    let card = serde_json::to_value(card).map_err(|error| Problem::internal(&error))?;
    let members = card.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    let told = members.map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (name.clone(), text)
    });
    let first = [("title".to_owned(), title.to_owned()), ("notices".to_owned(), notices.join(" "))];
    Ok(first.into_iter().chain(told).collect())
}
