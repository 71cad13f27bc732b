//! Layers as pictures: tiles, maps, styles, and what is refused.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of a tile are small whole numbers from 0"
)]

use std::{collections::BTreeSet, io::Cursor};

use crate::{app::TestApp, exchange::Exchange};

const MERCATOR: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<[u8; 4]>,
}

impl Picture {
    fn of(answer: &Exchange) -> Self {
        assert_eq!(answer.media_type().as_deref(), Some("image/png"), "{}", answer.address);
        let mut decoder = png::Decoder::new(Cursor::new(&answer.body));
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        Self { width: info.width, height: info.height, pixels: bytes.as_chunks::<4>().0.to_vec() }
    }

    fn at(&self, x: u32, y: u32) -> [u8; 4] {
        self.pixels[(y * self.width + x) as usize]
    }

    fn clear(&self) -> usize {
        self.pixels.iter().filter(|pixel| pixel[3] == 0).count()
    }
}

fn picture(address: &str) -> Picture {
    Picture::of(&TestApp::shared().get(address).expect(200))
}

/// The tile that a place lies in, and the pixel there.
fn tile_at(lon: f64, lat: f64, zoom: u32) -> ((u32, u32), (u32, u32)) {
    let across = f64::from(256 << zoom);
    let x = (lon + 180.0) / 360.0 * across;
    let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * across;
    let (x, y) = (x as u32, y as u32);
    ((x / 256, y / 256), (x % 256, y % 256))
}

/// The middle of Dudley.
const DUDLEY: (f64, f64) = (-2.0876, 52.5087);

#[test]
fn every_layer_has_a_picture_and_tiles_and_says_so() {
    let app = TestApp::shared();
    let listed = app.get("/collections").expect(200).json();
    for collection in listed["collections"].as_array().unwrap() {
        let id = collection["id"].as_str().unwrap();
        let links = collection["links"].as_array().unwrap();
        for (rel, end) in [("map", "/map"), ("tilesets-map", "/map/tiles")] {
            let rel = format!("http://www.opengis.net/def/rel/ogc/1.0/{rel}");
            let link = links.iter().find(|link| link["rel"] == rel.as_str()).unwrap();
            assert!(link["href"].as_str().unwrap().ends_with(&format!("/collections/{id}{end}")));
        }
        let map = picture(&format!("/collections/{id}/map?width=200"));
        assert_eq!(map.width, 200);
        // Something is drawn, and beyond the borough nothing is.
        assert!((1_000..map.pixels.len() - 500).contains(&map.clear()), "{id}: {} clear", map.clear());
        let ((x, y), _) = tile_at(DUDLEY.0, DUDLEY.1, 12);
        let tile = picture(&format!("/tiles/{id}/12/{x}/{y}.png"));
        assert_eq!((tile.width, tile.height), (256, 256));
        assert!(tile.clear() < tile.pixels.len(), "{id}");
    }
    let conformance = app.get("/conformance").expect(200).json().to_string();
    assert!(conformance.contains("ogcapi-maps-1/1.0/conf/collection-map"));
}

/// The pixel of a place; clear, where the tile has nothing. With it, whether all within six pixels are alike.
fn colour_at(id: &str, (lon, lat): (f64, f64), zoom: u32) -> ([u8; 4], bool) {
    let ((x, y), (column, row)) = tile_at(lon, lat, zoom);
    let answer = TestApp::shared().get(&format!("/tiles/{id}/{zoom}/{x}/{y}.png"));
    if answer.status == 204 {
        return ([0; 4], true);
    }
    let tile = Picture::of(&answer);
    let seen = tile.at(column, row);
    let around = |middle: u32| middle.saturating_sub(6)..=(middle + 6).min(255);
    let alike = around(row).all(|y| around(column).all(|x| tile.at(x, y) == seen));
    (seen, alike && (6..250).contains(&column) && (6..250).contains(&row))
}

#[test]
fn a_place_well_inside_a_class_has_one_colour_on_every_zoom() {
    let mut compared = BTreeSet::new();
    for step in 0..60 {
        let place = (-2.18 + 0.0027 * f64::from(step), 52.43 + 0.003 * f64::from(step * 17 % 40));
        // Wards are wide, and bands are narrow near their peaks.
        let id = if step % 2 == 0 { "violence-density" } else { "violence-wards" };
        // A pixel of zoom 11 is four wide there.
        let (colour, is_inside) = colour_at(id, place, 13);
        if is_inside && colour[3] > 0 {
            for zoom in [11, 12, 14, 15] {
                assert_eq!(colour_at(id, place, zoom).0, colour, "{id} {place:?} zoom {zoom}");
            }
            compared.insert(colour);
        }
    }
    assert!(compared.len() >= 2, "{compared:?}");
}

#[test]
fn four_tiles_are_the_tile_above_them_at_twice_its_size() {
    let ((x, y), _) = tile_at(DUDLEY.0, DUDLEY.1, 12);
    for id in ["violence-density", "violence-hex"] {
        let whole = picture(&format!("/tiles/{id}/12/{x}/{y}.png?size=512"));
        assert_eq!((whole.width, whole.height), (512, 512));
        let mut different = 0;
        for (column, row) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let part = picture(&format!("/tiles/{id}/13/{}/{}.png", 2 * x + column, 2 * y + row));
            for (at, pixel) in (0_u32..).zip(&part.pixels) {
                let other = whole.at(at % 256 + 256 * column, at / 256 + 256 * row);
                different += usize::from(pixel.iter().zip(other).any(|(a, b)| a.abs_diff(b) > 2));
            }
        }
        assert!(different < 300, "{id}: {different} of 262144 pixels differ");
    }
}

#[test]
fn tiles_by_row_and_column_are_those_by_column_and_row() {
    let app = TestApp::shared();
    let ((x, y), _) = tile_at(DUDLEY.0, DUDLEY.1, 13);
    let one = app.get(&format!("/tiles/wards/13/{x}/{y}.png")).expect(200);
    let base = "/collections/wards/map/tiles";
    let other = app.get(&format!("{base}/WebMercatorQuad/13/{y}/{x}")).expect(200);
    assert_eq!(one.body, other.body);
    let sets = app.get(base).expect(200).json();
    let set = app.get(&format!("{base}/WebMercatorQuad")).expect(200).json();
    assert_eq!(sets["tilesets"][0]["tileMatrixSetURI"], set["tileMatrixSetURI"]);
    let template = set["links"].as_array().unwrap().iter().find(|link| link["rel"] == "item").unwrap();
    assert_eq!(template["templated"], true);
    let href = template["href"].as_str().unwrap().strip_prefix(&app.base).unwrap();
    let filled = href.replace("{tileMatrix}", "13").replace("{tileRow}", &y.to_string());
    let filled = filled.replace("{tileCol}", &x.to_string());
    assert_eq!(app.get(&filled).expect(200).body, one.body);
    app.get(&format!("{base}/WorldCRS84Quad/13/{y}/{x}")).expect(404);
    app.get(&format!("{base}/WorldCRS84Quad")).expect(404);
}

#[test]
fn a_tile_without_anything_is_no_content_and_a_map_without_anything_is_clear() {
    let app = TestApp::shared();
    for id in ["wards", "incidents", "burglary-density"] {
        let empty = app.get(&format!("/tiles/{id}/13/0/0.png")).expect(204);
        assert!(empty.body.is_empty() && empty.header("etag").is_some());
    }
    let address = "/collections/wards/map?bbox=0,51,0.1,51.1&width=40&height=30";
    let map = picture(address);
    assert_eq!((map.width, map.height, map.clear()), (40, 30, 1_200));
    let white = picture(&format!("{address}&transparent=false"));
    assert!(white.pixels.iter().all(|pixel| *pixel == [255; 4]));
    let red = picture(&format!("{address}&bgcolor=0xff0000"));
    assert!(red.pixels.iter().all(|pixel| *pixel == [255, 0, 0, 255]));
    assert_eq!(picture(&format!("{address}&bgcolor=0xff0000&transparent=true")).clear(), 1_200);
}

#[test]
fn a_map_says_its_system_and_box() {
    let app = TestApp::shared();
    let usual = app.get("/collections/borough/map").expect(200);
    assert_eq!(usual.header("content-crs").as_deref(), Some("<http://www.opengis.net/def/crs/EPSG/0/27700>"));
    let map = Picture::of(&usual);
    assert_eq!(map.width.max(map.height), 1_024);
    let bbox = format!("bbox=-2.15,52.45,-2.05,52.55&bbox-crs={CRS84}");
    let degrees = app.get(&format!("/collections/borough/map?{bbox}&crs={CRS84}&width=100")).expect(200);
    assert_eq!(degrees.header("content-bbox").as_deref(), Some("-2.15,52.45,-2.05,52.55"));
    let mercator = app.get(&format!("/collections/borough/map?{bbox}&crs={MERCATOR}&width=100")).expect(200);
    assert!(mercator.header("content-bbox").unwrap().starts_with("-23933"));
    let north_first = "http://www.opengis.net/def/crs/EPSG/0/4326";
    let turned = format!("bbox=52.45,-2.15,52.55,-2.05&bbox-crs={north_first}&crs={north_first}&width=100");
    let turned = app.get(&format!("/collections/borough/map?{turned}")).expect(200);
    assert_eq!(turned.body, degrees.body);
    assert_eq!(turned.header("content-bbox").as_deref(), Some("52.45,-2.15,52.55,-2.05"));
    for bbox in ["-180,-90,180,90", "170,-10,-170,10", "-5,50,1,55"] {
        app.get(&format!("/collections/wards/map?bbox={bbox}&crs={MERCATOR}&width=64&height=64")).expect(200);
    }
}

#[test]
fn several_layers_lie_over_one_another_each_with_its_parameters() {
    let one = "/collections/violence-density/map?width=200&period=2024-01/2024-06";
    let several = "/map?width=200&period=2024-01/2024-06&collections";
    let alone = picture(one);
    let as_one = picture(&format!("{several}=violence-density"));
    assert!(alone.pixels == as_one.pixels);
    let both = picture(&format!("{several}=violence-density,wards"));
    assert!(both.clear() < alone.clear());
    let styled = picture(&format!("{several}=violence-density,wards&style=intensity-viridis,"));
    assert!(styled.pixels != both.pixels && styled.clear() == both.clear());
    let viridis = picture(&format!("{one}&style=intensity-viridis"));
    assert!(viridis.pixels != alone.pixels && viridis.clear() == alone.clear());
}

#[test]
fn features_can_be_chosen() {
    let few = picture("/collections/incidents/map?category=burglary&width=300");
    let all = picture("/collections/incidents/map?width=300");
    assert!(few.clear() > all.clear() && few.clear() < few.pixels.len());
    let none = picture("/collections/incidents/map?datetime=1990-01-01/1990-02-01&width=300");
    assert_eq!(none.clear(), none.pixels.len());
    let filtered = picture("/collections/incidents/map?filter=category=%27burglary%27&width=300");
    assert!(filtered.pixels == few.pixels);
}

#[test]
fn what_cannot_be_drawn_is_refused_with_its_rule() {
    let app = TestApp::shared();
    for (address, status) in [
        ("/collections/wards/map?width=5000", 400),
        ("/collections/wards/map?width=0", 400),
        ("/collections/wards/map?bbox=1,2,3", 400),
        ("/collections/wards/map?bbox=-2,52,-2,52", 400),
        ("/collections/wards/map?bbox=100,10,101,11", 400),
        ("/collections/wards/map?bbox=-2.1,52.4,-2,52.5&bbox-crs=EPSG:1", 400),
        ("/collections/wards/map?crs=http://www.opengis.net/def/crs/0/unsupported", 400),
        ("/collections/wards/map?style=pretty", 400),
        ("/collections/wards/map?bgcolor=red", 400),
        ("/collections/wards/map?transparent=maybe", 400),
        ("/collections/wards/map?colour=red", 400),
        ("/collections/wards/map?kernel=gaussian", 400),
        ("/collections/forests/map", 404),
        ("/map", 400),
        ("/map?collections=wards,forests", 404),
        ("/map?collections=wards,beats&style=outline", 400),
        ("/map?collections=wards&kernel=gaussian", 400),
        ("/map?collections=wards&width=0", 400),
        ("/tiles/wards/12/4096/0.png", 404),
        ("/tiles/wards/99/0/0.png", 404),
        ("/tiles/wards/a/0/0.png", 404),
        ("/tiles/wards/-1/0/0.png", 404),
        ("/tiles/forests/1/0/0.png", 404),
        ("/tiles/wards/1/0/0.png?size=300", 400),
        ("/tiles/wards/1/0/0.png?style=pretty", 400),
        ("/collections/wards/map/tiles?limit=1", 400),
    ] {
        let answer = app.get(address);
        assert_eq!(answer.status, status, "{address}: {}", answer.text());
    }
    let refused = app.ask("POST", "/tiles/wards/1/0/0.png", &[], b"").expect(405);
    assert_eq!(refused.header("allow").as_deref(), Some("GET, HEAD, OPTIONS"));
    app.get_with("/collections/wards/map", &[("accept", "text/html")]).expect(406);
}

#[test]
fn pictures_are_kept_by_their_tag() {
    let app = TestApp::shared();
    let ((x, y), _) = tile_at(DUDLEY.0, DUDLEY.1, 11);
    let address = format!("/tiles/violence-density/11/{x}/{y}.png");
    let first = app.get(&address).expect(200);
    let tag = first.header("etag").unwrap();
    app.get_with(&address, &[("if-none-match", &tag)]).expect(304);
    assert_eq!(app.get_with(&address, &[("range", "bytes=0-7")]).expect(206).body, b"\x89PNG\r\n\x1a\n");
    assert_eq!(app.get_with(&address, &[("accept-encoding", "gzip")]).expect(200).body, first.body);
    let head = app.ask("HEAD", &address, &[], b"");
    assert_eq!(head.header("content-length"), Some(first.body.len().to_string()));
}
