//! Styles as QGIS keeps them in a GeoPackage.

use rusqlite::{Error, Transaction, params};

use super::Columns;
use crate::{
    feature::Symbology,
    render::{
        layer::Layer,
        style::{Styled, Version, qml::qml, sld},
    },
};

/// Adds the styles of all layers; QGIS draws a layer by its first one. Those that draw by a field which is not saved
/// are left out.
pub(super) fn add(file: &Transaction<'_>, layers: &[Layer<'_>], last_change: &str) -> Result<(), Error> {
    file.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) \
         VALUES ('layer_styles', 'attributes', 'layer_styles', ?1)",
        [last_change],
    )?;
    let mut insert = file.prepare(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, \
         styleQML, styleSLD, useAsDefault, description, owner, update_time) \
         VALUES ('', '', ?1, ?2, ?3, ?4, ?5, ?6, ?7, '', ?8)",
    )?;
    for layer in layers.iter().filter(|layer| layer.written.geometry) {
        let columns = Columns::of(layer);
        let drawable = layer.symbologies.iter().filter(|symbology| is_saved(layer, symbology));
        for (number, symbology) in drawable.enumerate() {
            let styled = Styled { collection: layer.name, title: layer.title, symbology };
            insert.execute(params![
                layer.name,
                columns.geometry,
                symbology.id,
                qml(&styled),
                sld(&styled, Version::V1_1),
                number == 0,
                symbology.title,
                last_change,
            ])?;
        }
    }
    Ok(())
}

/// Whether the field that a style draws by is in the file.
fn is_saved(layer: &Layer<'_>, symbology: &Symbology) -> bool {
    symbology.field.as_ref().is_none_or(|name| {
        let fields = layer.features.fields();
        layer.written.fields.iter().any(|field| fields[*field].name == *name)
    })
}
