//! Which ward each lower layer super output area fits best, by the tables of the Office for National Statistics.

use std::collections::BTreeMap;

use crate::fetch::{
    Client, FetchError,
    arcgis::{Kind, LayerDescription, Query, find, one_of, query::text},
};

/// By lower layer super output area of the authorities, the ward.
pub(super) fn best_fit(
    client: &Client,
    authorities: &[String],
    vintage: &str,
    service: Option<&str>,
) -> Result<BTreeMap<String, String>, FetchError> {
    let service = match service {
        Some(service) => service.to_owned(),
        None => find(client, Kind::LsoaToWard, vintage)?,
    };
    let layer = LayerDescription::read(client, &service)?;
    let (lsoa, ward) = (layer.field("LSOA", "CD")?, layer.field("WD", "CD")?);
    let condition = one_of(layer.field("LAD", "CD")?, authorities);
    let rows =
        Query { layer: &layer, condition: &condition, id_field: lsoa, geometry: false }.read(client)?;
    let fit: BTreeMap<_, _> = rows.features().iter().map(|row| (text(row, lsoa), text(row, ward))).collect();
    if fit.is_empty() || fit.iter().any(|(lsoa, ward)| lsoa.is_empty() || ward.is_empty()) {
        let came = format!("no rows of {} that name both an area and its ward", authorities.join(", "));
        return Err(FetchError::remote(rows.address, came, "name another table with --service"));
    }
    Ok(fit)
}
