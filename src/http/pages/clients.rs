//! How to open a layer in the programs that people use, with the address to copy.

use maud::{Markup, html};

/// One program: its name, what to do there, and the text to copy.
struct Client {
    name: &'static str,
    how: &'static str,
    copy: String,
}

fn list(clients: &[Client]) -> Markup {
    html! {
        section.open {
            h2 { "Open it in" }
            dl {
                @for client in clients {
                    div {
                        dt { (client.name) }
                        dd {
                            p { (client.how) }
                            code.copy { (client.copy) }
                        }
                    }
                }
            }
        }
    }
}

/// For the whole service.
pub fn for_service(base: &str) -> Markup {
    list(&[
        Client {
            name: "QGIS",
            how: "Layer ▸ Add Layer ▸ Add WFS / OGC API – Features Layer ▸ New; as version choose OGC API – Features.",
            copy: base.to_owned(),
        },
        Client {
            name: "ArcGIS Pro",
            how: "Insert ▸ Connections ▸ Server ▸ New OGC API Server.",
            copy: base.to_owned(),
        },
        Client {
            name: "Pictures in any GIS",
            how: "As a WMS server, with time and legends.",
            copy: format!("{base}/wms"),
        },
        Client {
            name: "GDAL",
            how: "Lists the layers; ogr2ogr takes the same address.",
            copy: format!("ogrinfo OAPIF:{base}"),
        },
        Client {
            name: "A dashboard",
            how: "Power BI, kepler.gl, Leaflet, R or Python read the files and GeoJSON on the page of each layer.",
            copy: format!("{base}/collections"),
        },
    ])
}

/// For one layer.
pub fn for_layer(base: &str, id: &str) -> Markup {
    list(&[
        Client {
            name: "QGIS",
            how: "Layer ▸ Add Layer ▸ Add WFS / OGC API – Features Layer ▸ New, then choose the layer from the list.",
            copy: base.to_owned(),
        },
        Client {
            name: "ArcGIS Pro",
            how: "Insert ▸ Connections ▸ Server ▸ New OGC API Server, then drag the layer to the map.",
            copy: base.to_owned(),
        },
        Client {
            name: "A file with its style",
            how: "GeoPackage for QGIS and ArcGIS.",
            copy: format!("{base}/downloads/{id}.gpkg"),
        },
        Client {
            name: "GDAL",
            how: "Saves it to a file of any kind.",
            copy: format!("ogr2ogr {id}.gpkg OAPIF:{base} {id}"),
        },
        Client {
            name: "A web map",
            how: "The style for MapLibre; Leaflet, deck.gl and Python read its GeoJSON.",
            copy: format!("{base}/styles/{id}?f=maplibre"),
        },
        Client {
            name: "A spreadsheet",
            how: "CSV for Excel (Data ▸ From Web), Power BI or R.",
            copy: format!("{base}/downloads/{id}.csv"),
        },
    ])
}
