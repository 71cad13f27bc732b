//! `hotspots serve`.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    thread,
};

use clap::Args;

use super::{Outcome, Places, definitions::Definitions, import};
use crate::{
    boundary::manifest,
    http::{Audience, Basemap},
    model::Generation,
    server::{self, ServedArea, ServerSettings},
};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    hotspots serve\n  \
    hotspots serve --demonstration --store data/demonstration.gpkg\n  \
    hotspots serve --boundaries boundaries/official/E08000027/area.toml --address 127.0.0.1:8090\n  \
    hotspots serve --boundaries dudley.toml --further-area sandwell.toml --further-area walsall.toml")]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line are independent of each other")]
pub(super) struct Serve {
    #[command(flatten)]
    places: Places,
    #[command(flatten)]
    definitions: Definitions,
    /// The manifest of a further area, which is served below /areas/CODE from the same incidents; once for each.
    #[arg(long, value_name = "FILE")]
    further_area: Vec<PathBuf>,
    /// Where to listen; port 0 picks a free one.
    #[arg(long, value_name = "IP:PORT", env = "HOTSPOTS_ADDRESS", default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// Listen on an address that other machines can reach, though everyone who reaches it can then read
    /// every incident.
    #[arg(long)]
    allow_open: bool,
    /// A further host name that requests may name, such as that of a proxy before the service.
    #[arg(long, value_name = "NAME")]
    host_name: Vec<String>,
    /// An origin whose web pages may read answers, as in `https://maps.example.org`; `*` for every one.
    #[arg(long, value_name = "ORIGIN")]
    cors_origin: Vec<String>,
    /// The address that links begin with, where a proxy stands before the service.
    #[arg(long, value_name = "URL", env = "HOTSPOTS_PUBLIC_ADDRESS")]
    public_address: Option<String>,
    /// A proxy whose `Forwarded` or `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix` are believed, so that links
    /// begin with the address that it was asked at. It has to set or remove what clients send of these, and hosts
    /// that it names have to be known: see --host-name.
    #[arg(long, value_name = "IP")]
    trusted_proxy: Vec<IpAddr>,
    /// Show what is made from incidents, and not the incidents: no positions, no tiles, no downloads of them. This is no
    /// disclosure control: counts of small areas and narrow filters still tell.
    #[arg(long)]
    hide_incidents: bool,
    /// Let the file of priorities alone change them: over HTTP they can be read only. What was changed over HTTP
    /// before still holds.
    #[arg(long)]
    fixed_priorities: bool,
    /// Threads that compute; as many as the machine has cores where it is not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    compute_threads: Option<u16>,
    /// Computations that may wait for a thread before the service answers that it is busy.
    #[arg(long, value_name = "N", default_value_t = 64)]
    compute_queue: u16,
    /// Largest body of incidents that is taken, in megabytes.
    #[arg(long, value_name = "MB", default_value_t = 256)]
    largest_body_mb: u32,
    /// Memory for answers that are kept, in megabytes; 0 keeps none.
    #[arg(long, value_name = "MB", default_value_t = 128)]
    cache_mb: u32,
    /// The address of tiles that the dashboard shows below its layers, with {z}, {x} and {y}. Browsers then ask that
    /// service for what they show; without it they ask nobody.
    #[arg(long, value_name = "URL", requires = "basemap_attribution")]
    basemap: Option<String>,
    /// Whose tiles these are, as their terms ask for.
    #[arg(long, value_name = "TEXT", requires = "basemap")]
    basemap_attribution: Option<String>,
    /// Fill an empty store with synthetic incidents first.
    #[arg(long)]
    demonstration: bool,
}

impl Serve {
    pub(super) fn run(self) -> Outcome {
        let boundaries = self.places.read_boundaries()?;
        let store = self.places.open_store()?;
        if self.demonstration && store.generation()? == Generation(0) {
            import::fill_with_synthetic(store.as_ref(), &boundaries)?;
        }
        let mut areas = Vec::new();
        for boundaries in
            std::iter::once(Ok(boundaries)).chain(self.further_area.iter().map(|it| manifest::load(it)))
        {
            let (service, configuration) = self.definitions.service(boundaries?, Arc::clone(&store))?;
            areas.push(ServedArea { service, configuration });
        }
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let settings = ServerSettings {
            address: self.address,
            allow_open: self.allow_open,
            host_names: self.host_name,
            cors_origins: self.cors_origin,
            public_base: self.public_address.map(|address| address.trim_end_matches('/').to_owned()),
            trusted_proxies: self.trusted_proxy,
            audience: if self.hide_incidents { Audience::Partners } else { Audience::Analysts },
            fixed_priorities: self.fixed_priorities,
            compute_threads: self.compute_threads.map_or(cores, usize::from),
            compute_queue: usize::from(self.compute_queue),
            rejects_dir: self.places.rejects_dir(),
            most_body_bytes: u64::from(self.largest_body_mb) << 20,
            basemap: basemap(self.basemap, self.basemap_attribution)?,
            most_held_bytes: u64::from(self.cache_mb) << 20,
        };
        actix_web::rt::System::new().block_on(server::serve(areas, settings))?;
        Ok(())
    }
}

/// The greatest zoom of most services of tiles.
const BASEMAP_ZOOM: u8 = 19;

fn basemap(tiles: Option<String>, attribution: Option<String>) -> Result<Option<Basemap>, String> {
    let Some((tiles, attribution)) = tiles.zip(attribution) else { return Ok(None) };
    let basemap = Basemap { tiles, attribution, maxzoom: BASEMAP_ZOOM };
    let has_places = ["{z}", "{x}", "{y}"].iter().all(|place| basemap.tiles.contains(place));
    if basemap.origin().is_none() || !has_places {
        return Err(format!(
            "--basemap '{}': an address of tiles, as in https://tile.example.org/{{z}}/{{x}}/{{y}}.png",
            basemap.tiles
        ));
    }
    Ok(Some(basemap))
}
