//! Draws the schematic boundaries again after their source was changed:
//! `cargo run --example draw_schematic boundaries/schematic.toml boundaries`.

use std::{path::Path, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, out_dir] = &arguments[..] else {
        eprintln!("usage: draw_schematic SOURCE.toml FOLDER");
        return ExitCode::FAILURE;
    };
    match hotspots::boundary::schematic::generate(Path::new(source), Path::new(out_dir)) {
        Ok(files) => {
            for file in files {
                println!("{}", file.display());
            }
            ExitCode::SUCCESS
        }
        Err(faults) => {
            eprintln!("{faults}");
            ExitCode::FAILURE
        }
    }
}
