//! Starts the HTTP server and keeps its snapshot fresh.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use actix_web::{
    App as ActixApp, HttpServer,
    middleware::{Compress, from_fn},
    web,
};

use crate::{
    http::{self, Answers, App, Areas, Audience, Basemap, KeptJobs, KnownHosts},
    model::vintages::is_plain,
    service::{Service, gate::ComputeGate},
};

/// How a server is to be run.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Where to listen.
    pub address: SocketAddr,
    /// Whether an address that other machines reach is meant.
    pub allow_open: bool,
    /// Further host names that requests may name.
    pub host_names: Vec<String>,
    /// Origins whose pages may read answers, beside those of this machine.
    pub cors_origins: Vec<String>,
    /// The address people use, where a proxy stands before the service.
    pub public_base: Option<String>,
    /// Addresses of proxies whose word is taken for where clients asked.
    pub trusted_proxies: Vec<IpAddr>,
    /// For whom the service is run.
    pub audience: Audience,
    /// Whether priorities are changed by their file alone.
    pub fixed_priorities: bool,
    /// A map of the world below the layers of the dashboard.
    pub basemap: Option<Basemap>,
    /// What answers may take that are kept.
    pub most_held_bytes: u64,
    /// Threads that compute.
    pub compute_threads: usize,
    /// Computations that may wait for a thread.
    pub compute_queue: usize,
    /// Folder for files of rejected rows.
    pub rejects_dir: PathBuf,
    /// Bodies of incidents over this size are refused.
    pub most_body_bytes: u64,
}

/// An area that is served.
pub struct ServedArea {
    /// Its questions and answers.
    pub service: Service,
    /// Everything that answers depend on beside the data and the log of priorities, as text: boundaries, weights,
    /// the order of priorities, program.
    pub configuration: String,
}

/// Why a server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address is reachable from elsewhere, and nobody said that this is meant.
    #[error(
        "{0} can be reached from other machines, and everyone who reaches it could read every incident with its \
         position: there is no access control yet. Listen on 127.0.0.1, or add --allow-open if that is meant"
    )]
    Open(SocketAddr),
    /// The address cannot be used.
    #[error("cannot listen on {address}; is another program using it? Choose another with --address")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// There is nothing to serve.
    #[error("there is no area to serve")]
    NoArea,
    /// A code that cannot stand in an address.
    #[error(
        "the area's code '{0}' cannot stand in an address: of several areas each has one of letters, digits, '-', '_' and '.'"
    )]
    UnfitCode(String),
    /// Two areas would be served at the same address.
    #[error("two of the areas have the code {0}; each is served once")]
    SameArea(String),
    /// No threads to compute on.
    #[error("the threads for computing cannot be started")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// The server failed while it ran.
    #[error("the server failed")]
    Failed(#[source] io::Error),
}

/// How often the store is asked whether another process has imported something.
const REFRESH_EVERY: Duration = Duration::from_secs(2);
/// How long requests in progress may take after the signal to stop.
const SHUTDOWN_S: u64 = 10;

/// Serves the areas, the first at the root and all below `/areas/`, until the process is told to stop (SIGTERM, SIGINT).
///
/// # Errors
/// [`ServerError`].
pub async fn serve(areas: Vec<ServedArea>, settings: ServerSettings) -> Result<(), ServerError> {
    let address = settings.address;
    let open = !address.ip().is_loopback();
    if open && !settings.allow_open {
        return Err(ServerError::Open(address));
    }
    if open {
        tracing::warn!(
            %address,
            "everyone who can reach this address can read every incident with its position, import, and change \
             priorities: there is no access control yet"
        );
    }
    let hosts = web::Data::new(known_hosts(&settings, open));
    let apps = apps(areas, &settings)?;
    let services: Vec<Arc<Service>> = apps.iter().map(|app| Arc::clone(&app.service)).collect();
    let Some(first) = apps.first().cloned() else { return Err(ServerError::NoArea) };
    let areas = web::Data::new(Areas(apps));
    let origins = settings.cors_origins;
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(first.clone())
            .app_data(areas.clone())
            .app_data(hosts.clone())
            .configure(http::routes)
            .default_service(web::route().to(http::answer_unknown))
            .wrap(from_fn(http::hold_one_edition))
            .wrap(from_fn(http::pick_area))
            .wrap(from_fn(http::refuse_foreign_hosts))
            .wrap(http::cors(origins.clone()))
            .wrap(http::open_to_all(&origins))
            .wrap(Compress::default())
            .wrap(from_fn(http::describe_answers))
    })
    // A client that closes its side is taken to be gone, and what is computed for it is stopped. One that
    // only ends its sending and still reads, which HTTP/1.1 clients hardly do, gets no answer.
    .h1_allow_half_closed(false)
    .shutdown_timeout(SHUTDOWN_S)
    .bind(address)
    .map_err(|cause| ServerError::Bind { address, cause })?;
    for service in &services {
        announce(service);
    }
    for bound in server.addrs() {
        say_where(bound);
    }
    actix_web::rt::task::spawn_blocking(http::prepare_dashboard);
    actix_web::rt::spawn(keep_fresh(services));
    server.run().await.map_err(ServerError::Failed)
}

/// What answers each area. All compute on the same threads and keep answers in the same memory.
fn apps(areas: Vec<ServedArea>, settings: &ServerSettings) -> Result<Vec<web::Data<App>>, ServerError> {
    let gate = ComputeGate::new(settings.compute_threads, settings.compute_queue)?;
    let long_gate = ComputeGate::one_at_a_time(settings.compute_threads, settings.compute_queue)?;
    let answers = Arc::new(Answers::new(settings.most_held_bytes));
    let mut apps: Vec<web::Data<App>> = Vec::new();
    for ServedArea { service, configuration } in areas {
        let code = service.boundaries().code.clone();
        if apps.iter().any(|known| known.service.boundaries().code == code) {
            return Err(ServerError::SameArea(code));
        }
        if !apps.is_empty() && !is_plain(&code) {
            return Err(ServerError::UnfitCode(code));
        }
        apps.push(web::Data::new(App {
            service: Arc::new(service),
            gate: gate.clone(),
            long_gate: long_gate.clone(),
            mount: if apps.is_empty() { String::new() } else { http::mount(&code) },
            public_base: settings.public_base.clone(),
            audience: settings.audience,
            fixed_priorities: settings.fixed_priorities,
            basemap: settings.basemap.clone(),
            answers: Arc::clone(&answers),
            jobs: Arc::new(KeptJobs::default()),
            configuration: http::digest([configuration, format!("{:?}", settings.audience)]),
            rejects_dir: settings.rejects_dir.clone(),
            most_body_bytes: settings.most_body_bytes,
        }));
    }
    Ok(apps)
}

/// The hosts that requests may name.
fn known_hosts(settings: &ServerSettings, open: bool) -> KnownHosts {
    // Open to other machines, the names under which it is reached are not known unless they are told.
    let any_name = open && settings.host_names.is_empty();
    let public = settings.public_base.as_deref().and_then(host_name);
    let names = settings.host_names.iter().map(String::as_str).chain(public).map(str::to_owned).collect();
    KnownHosts { names: (!any_name).then_some(names), proxies: settings.trusted_proxies.clone() }
}

/// The name of the host in an address: `maps.example.org` of `https://maps.example.org:8443/crime`.
fn host_name(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let host = rest.split('/').next()?;
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(name),
        _ => Some(host),
    }
}

/// Says on standard output where the service is; tests and scripts read that line.
#[expect(clippy::print_stdout, reason = "the address is the command's result")]
fn say_where(bound: SocketAddr) {
    println!("Serving on http://{bound}");
}

fn announce(service: &Service) {
    let snapshot = service.snapshot();
    tracing::info!(
        incidents = snapshot.len(),
        generation = snapshot.generation().0,
        area = service.boundaries().name,
        "ready"
    );
    for unusable in service.catalogue().unusable() {
        let (id, version) = (&unusable.entry.priority, unusable.entry.version);
        let fault = unusable.prepared.as_ref().err().map(ToString::to_string).unwrap_or_default();
        tracing::warn!(%id, version, fault, "a priority is left out: its definition cannot be used");
    }
    for notice in service.standing_notices().into_iter().chain(service.synthetic_notice()) {
        tracing::warn!("{notice}");
    }
}

/// Keeps all areas fresh, one after the other: a snapshot in the making takes as much memory as the one in use.
async fn keep_fresh(services: Vec<Arc<Service>>) {
    let mut ticks = actix_web::rt::time::interval(REFRESH_EVERY);
    let mut store_answers = vec![true; services.len()];
    loop {
        ticks.tick().await;
        for (service, store_answers) in services.iter().zip(&mut store_answers) {
            refresh(service, store_answers).await;
        }
    }
}

async fn refresh(service: &Arc<Service>, store_answers: &mut bool) {
    let asked = Arc::clone(service);
    let outcome = web::block(move || asked.refresh()).await;
    match outcome {
        Ok(Ok(renewed)) => {
            if renewed {
                let (snapshot, newest) = (service.snapshot(), service.newest());
                tracing::info!(
                    incidents = snapshot.len(),
                    generation = snapshot.generation().0,
                    priorities = newest.catalogue().revision(),
                    "new data"
                );
            }
            *store_answers = true;
        }
        Ok(Err(error)) => {
            // Said once, not every two seconds.
            if std::mem::replace(store_answers, false) {
                tracing::error!(%error, "the store does not answer; serving the last good snapshot");
            }
        }
        Err(error) => tracing::error!(%error, "the refresh was cancelled"),
    }
}
