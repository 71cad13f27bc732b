//! `GetCapabilities` (06-042 §7.2).

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    legend,
    request::{MOST_LAYERS, Version},
};
use crate::{
    feature::{Bounds, Crs},
    http::{
        App,
        answer::answer as answer_with,
        negotiate::Format,
        ows::{InfoFormat, Listed, Months, Refusal, keywords, listed, style_title},
    },
    render::{map::View, xml::Element},
};

/// Answers it.
pub async fn answer(
    request: &HttpRequest,
    app: &web::Data<App>,
    version: Version,
) -> Result<HttpResponse, Refusal> {
    let (shared, base) = (app.clone(), app.base(request));
    let answer = answer_with(request, app, Format::Xml, move |_, _| {
        let capabilities = Capabilities { app: &shared, base, version };
        Ok::<_, crate::http::problem::Problem>(capabilities.document().document().into_bytes())
    });
    Ok(answer.await?)
}

struct Capabilities<'a> {
    app: &'a App,
    base: String,
    version: Version,
}

impl Capabilities<'_> {
    fn document(&self) -> Element {
        let root = match self.version {
            Version::V130 => Element::new("WMS_Capabilities")
                .with("version", "1.3.0")
                .with("xmlns", "http://www.opengis.net/wms")
                .with("xmlns:sld", "http://www.opengis.net/sld"),
            Version::V111 => Element::new("WMT_MS_Capabilities").with("version", "1.1.1"),
        };
        let capability = Element::new("Capability")
            .child(self.operations())
            .child(
                Element::new("Exception").children(self.exceptions().map(|name| Element::of("Format", name))),
            )
            .child(self.root_layer());
        root.with("xmlns:xlink", "http://www.w3.org/1999/xlink").child(self.service()).child(capability)
    }

    fn title(&self) -> String {
        format!("Crime hotspots of {}", self.app.service.boundaries().name)
    }

    fn service(&self) -> Element {
        let name = if self.version == Version::V130 { "WMS" } else { "OGC:WMS" };
        let summary = "Boundaries, incidents, and hotspots, density, hex cells and area counts of strategic priorities.";
        let keywords = ["crime", "hotspots", "density"].map(|word| Element::of("Keyword", word));
        let service = Element::new("Service")
            .child(Element::of("Name", name))
            .child(Element::of("Title", self.title()))
            .child(Element::of("Abstract", summary))
            .child(Element::new("KeywordList").children(keywords))
            .child(online(&format!("{}/", self.base)))
            .child(Element::of("Fees", "none"))
            .child(Element::of("AccessConstraints", "none"));
        if self.version == Version::V111 {
            return service;
        }
        service
            .child(Element::of("LayerLimit", MOST_LAYERS.to_string()))
            .child(Element::of("MaxWidth", View::MOST_PX.to_string()))
            .child(Element::of("MaxHeight", View::MOST_PX.to_string()))
    }

    fn operations(&self) -> Element {
        let (of_capabilities, of_legend) = match self.version {
            Version::V130 => ("text/xml", "sld:GetLegendGraphic"),
            Version::V111 => ("application/vnd.ogc.wms_xml", "GetLegendGraphic"),
        };
        let operation = |name: &'static str, formats: &[&str]| {
            // GDAL asks for JPEG where an address does not say otherwise, whatever is offered.
            let form = if name == "GetMap" { "FORMAT=image/png&" } else { "" };
            let get = Element::new("Get").child(online(&format!("{}/wms?{form}", self.base)));
            Element::new(name)
                .children(formats.iter().map(|format| Element::of("Format", *format)))
                .child(Element::new("DCPType").child(Element::new("HTTP").child(get)))
        };
        Element::new("Request")
            .child(operation("GetCapabilities", &[of_capabilities]))
            .child(operation("GetMap", &["image/png"]))
            .child(operation("GetFeatureInfo", &InfoFormat::ALL.map(|(name, _)| name)))
            .child(operation(of_legend, &legend::FORMATS.map(|(name, _)| name)))
    }

    fn exceptions(&self) -> impl Iterator<Item = &'static str> {
        match self.version {
            Version::V130 => ["XML", "BLANK"],
            Version::V111 => ["application/vnd.ogc.se_xml", "application/vnd.ogc.se_blank"],
        }
        .into_iter()
    }

    /// Everything: layers without a priority first, then a group for each priority.
    fn root_layer(&self) -> Element {
        let all = listed(self.app);
        let of = |priority: Option<&str>| -> Vec<Element> {
            let own = all.iter().filter(|layer| layer.collection.kind.priority() == priority);
            own.map(|layer| self.layer(layer)).collect()
        };
        let whole = all.iter().map(|layer| layer.bounds).reduce(|all, one| all.joined(&one));
        let groups = self.app.service.priorities().iter().map(|prepared| {
            let priority = &prepared.priority;
            Element::new("Layer")
                .child(Element::of("Title", &priority.title))
                .child(Element::of("Abstract", &priority.description))
                .children(of(Some(priority.id.as_str())))
        });
        Element::new("Layer")
            .child(Element::of("Title", self.title()))
            .children(self.systems())
            .children(whole.iter().map(|whole| self.geographic(whole)))
            .children(of(None))
            .children(groups)
    }

    fn systems(&self) -> impl Iterator<Item = Element> {
        let name = if self.version == Version::V130 { "CRS" } else { "SRS" };
        self.version.systems().map(move |crs| Element::of(name, crs.name()))
    }

    fn layer(&self, layer: &Listed<'_>) -> Element {
        let collection = layer.collection;
        let features = Element::of("Format", Format::GeoJson.media_type());
        let address = format!("{}/collections/{}/items", self.base, collection.id);
        Element::new("Layer")
            .with("queryable", 1)
            .child(Element::of("Name", &collection.id))
            .child(Element::of("Title", &collection.title))
            .child(Element::of("Abstract", &layer.summary))
            .child(keywords("KeywordList", "Keyword", collection))
            .children(self.systems())
            .child(self.geographic(&layer.bounds))
            .children(self.version.systems().filter_map(|crs| Some(self.bounds(crs, &layer.bounds_in(crs)?))))
            .children(layer.time.into_iter().flat_map(|months| self.time(months)))
            .children(
                layer.attribution.map(|text| Element::new("Attribution").child(Element::of("Title", text))),
            )
            .child(Element::new("DataURL").child(features).child(online(&address)))
            .children(collection.styles.iter().map(|style| self.style(&collection.id, style)))
    }

    fn geographic(&self, bounds: &Bounds) -> Element {
        let (min, max) = (bounds.min(), bounds.max());
        let degrees = |number: f64| format!("{number:.7}");
        if self.version == Version::V111 {
            return Element::new("LatLonBoundingBox")
                .with("minx", degrees(min.x))
                .with("miny", degrees(min.y))
                .with("maxx", degrees(max.x))
                .with("maxy", degrees(max.y));
        }
        Element::new("EX_GeographicBoundingBox")
            .child(Element::of("westBoundLongitude", degrees(min.x)))
            .child(Element::of("eastBoundLongitude", degrees(max.x)))
            .child(Element::of("southBoundLatitude", degrees(min.y)))
            .child(Element::of("northBoundLatitude", degrees(max.y)))
    }

    fn bounds(&self, crs: Crs, bounds: &Bounds) -> Element {
        let (min, max) = (self.version.ordered(crs, bounds.min()), self.version.ordered(crs, bounds.max()));
        let (name, decimals) =
            if self.version == Version::V130 { ("CRS", crs.decimals()) } else { ("SRS", crs.decimals()) };
        let written = |number: f64| format!("{number:.decimals$}");
        Element::new("BoundingBox")
            .with(name, crs.name())
            .with("minx", written(min.x))
            .with("miny", written(min.y))
            .with("maxx", written(max.x))
            .with("maxy", written(max.y))
    }

    /// The dimension of time. Its months are written by their first days: QGIS does not read a month.
    fn time(&self, months: Months) -> Vec<Element> {
        let all = format!("{}/{}/P1M", months.first.first_day(), months.last.first_day());
        let unasked = format!("{}/{}", months.unasked.first(), months.unasked.last());
        let dimension = Element::new("Dimension").with("name", "time").with("units", "ISO8601");
        let said = |element: Element| {
            element
                .with("default", &unasked)
                .with("multipleValues", 1)
                .with("nearestValue", 0)
                .with("current", 1)
        };
        match self.version {
            Version::V130 => vec![said(dimension).text(all)],
            Version::V111 => vec![dimension, said(Element::new("Extent").with("name", "time")).text(all)],
        }
    }

    fn style(&self, layer: &str, style: &str) -> Element {
        let address = format!(
            "{}/wms?SERVICE=WMS&REQUEST=GetLegendGraphic&VERSION={}&FORMAT=image/png&LAYER={layer}&STYLE={style}",
            self.base,
            self.version.as_str()
        );
        let legend =
            Element::new("LegendURL").child(Element::of("Format", "image/png")).child(online(&address));
        Element::new("Style")
            .child(Element::of("Name", style))
            .child(Element::of("Title", style_title(style)))
            .child(legend)
    }
}

fn online(address: &str) -> Element {
    Element::new("OnlineResource").with("xlink:type", "simple").with("xlink:href", address)
}
