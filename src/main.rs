//! The `hotspots` command.

use std::{io::IsTerminal, process::ExitCode};

use clap::Parser;
use hotspots::cli::Cli;
use tracing_subscriber::EnvFilter;

#[expect(clippy::print_stderr, reason = "a command says on standard error why it failed")]
fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("HOTSPOTS_LOG")
        .unwrap_or_else(|_absent| EnvFilter::new("info,actix_server=warn"));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    let Err(error) = Cli::parse().run() else { return ExitCode::SUCCESS };
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        eprintln!("  because: {inner}");
        cause = inner.source();
    }
    ExitCode::FAILURE
}
