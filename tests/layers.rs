//! The arrows of ARCHITECTURE.md: which module may name which, and which crates only some may name.

#![expect(clippy::unwrap_used, reason = "a test stops at once on what cannot be")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// By module, the modules of this crate that it may name. A module may always name itself.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("crs", &["model"]),
    ("feature", &["model", "crs"]),
    ("filter", &["model", "feature"]),
    ("boundary", &["model", "crs"]),
    ("locate", &["model", "boundary"]),
    ("gazetteer", &["model"]),
    ("intake", &["model", "crs", "gazetteer"]),
    ("store", &["model", "gazetteer"]),
    ("synthetic", &["model", "crs"]),
    ("snapshot", &["model", "store"]),
    ("selection", &["model", "feature", "filter", "snapshot"]),
    ("analysis", &["model"]),
    ("profile", &["model", "selection"]),
    ("render", &["model", "feature"]),
    (
        "service",
        &[
            "model",
            "crs",
            "feature",
            "filter",
            "boundary",
            "locate",
            "gazetteer",
            "intake",
            "store",
            "snapshot",
            "selection",
            "analysis",
            "profile",
            "config",
        ],
    ),
    ("report", &["model", "crs", "feature", "snapshot", "analysis", "profile", "render", "service"]),
    ("browser", &[]),
    (
        "http",
        &[
            "report",
            "model",
            "crs",
            "feature",
            "filter",
            "intake",
            "snapshot",
            "selection",
            "analysis",
            "profile",
            "render",
            "service",
            "store",
            "config",
        ],
    ),
    ("config", &["model"]),
    ("fetch", &["model", "crs", "boundary"]),
    ("server", &["http", "model", "service"]),
    (
        "cli",
        &[
            "model",
            "boundary",
            "browser",
            "config",
            "fetch",
            "gazetteer",
            "http",
            "intake",
            "locate",
            "selection",
            "server",
            "service",
            "store",
            "synthetic",
        ],
    ),
];

/// Crates that only these modules may name.
const CONFINED: &[(&str, &[&str])] = &[
    ("proj", &["crs"]),
    ("lonlat_bng", &["crs"]),
    ("rusqlite", &["store", "render", "boundary"]),
    ("zip", &["boundary", "fetch", "gazetteer", "intake", "render"]),
    ("rust_xlsxwriter", &["render"]),
    ("rust_embed", &["http"]),
    ("flate2", &["fetch", "gazetteer", "intake", "render", "http"]),
    ("csv", &["intake", "render", "boundary", "fetch"]),
    ("flatgeobuf", &["render"]),
    ("geozero", &["render", "boundary"]),
    ("quick_xml", &["render", "boundary"]),
    ("resvg", &["render"]),
    ("shapefile", &["boundary"]),
    ("rstar", &["boundary", "feature", "snapshot"]),
    ("pulp", &["analysis"]),
    ("statrs", &["analysis"]),
    ("rayon", &["analysis", "service", "server"]),
    ("arc_swap", &["service"]),
    ("prost", &["render"]),
    ("i_overlay", &["render"]),
    ("quick_cache", &["http", "service"]),
    ("actix_web", &["http", "server", "cli"]),
    ("actix_cors", &["http"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("tokio", &["service"]),
    ("colorous", &["service"]),
    ("dejavu", &["render"]),
    ("png", &["render"]),
    ("resvg", &["render"]),
    ("serde_json", &["http", "render", "intake", "store", "boundary", "filter", "config", "fetch"]),
    ("toml", &["boundary", "config", "intake", "fetch"]),
    ("toml_edit", &["fetch"]),
    ("ureq", &["fetch"]),
    ("md5", &["fetch"]),
    ("sha2", &["fetch", "gazetteer", "http"]),
    ("maud", &["http", "report"]),
    ("serde_yaml_ng", &["http"]),
    ("utoipa_swagger_ui", &["http"]),
];

/// Modules that may not do IO, read a clock or the environment, or log.
const PURE: &[&str] =
    &["model", "feature", "filter", "selection", "analysis", "render", "profile", "snapshot"];

/// What a pure module may not name.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::io",
    "std::time::",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "tracing::",
    "println!",
    "eprintln!",
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// By module, its files with their code: without comments, and without what stands in tests.
fn modules() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    let mut files = Vec::new();
    rust_files(&source(), &mut files);
    let mut modules: BTreeMap<String, Vec<(PathBuf, String)>> = BTreeMap::new();
    for path in files {
        let inside = path.strip_prefix(source()).unwrap();
        let name = inside.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
        let is_test = inside.file_stem().is_some_and(|stem| stem == "tests" || stem == "testing");
        if ["lib", "main"].contains(&name.as_str()) || is_test {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let code =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        modules.entry(name).or_default().push((path, code));
    }
    modules
}

/// The identifiers that follow `crate::`, also within a group `crate::{…}`.
fn named_modules(code: &str) -> BTreeSet<String> {
    let identifier =
        |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut named = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            named.insert(identifier(rest));
            continue;
        };
        let mut depth = 0_i32;
        let mut expecting = true;
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => expecting = true,
                c if expecting && depth == 0 && !c.is_whitespace() => {
                    named.insert(identifier(&group[i..]));
                    expecting = false;
                }
                _ => {}
            }
        }
    }
    named
}

fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

#[test]
fn modules_name_only_what_lies_below_them() {
    let rules: BTreeMap<_, _> = MAY_NAME.iter().copied().collect();
    let mut faults = Vec::new();
    for (module, files) in modules() {
        let Some(allowed) = rules.get(module.as_str()) else {
            faults.push(format!("module {module} has no rule in tests/layers.rs"));
            continue;
        };
        for (path, code) in files {
            for named in named_modules(&code) {
                if named != module && !allowed.contains(&named.as_str()) {
                    faults.push(format!("{}: {module} may not name {named}", path.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn crates_are_named_only_where_they_belong() {
    let mut faults = Vec::new();
    for (module, files) in modules() {
        for (path, code) in &files {
            for (name, allowed) in CONFINED {
                if names_crate(code, name) && !allowed.contains(&module.as_str()) {
                    faults.push(format!("{}: {module} may not name the crate {name}", path.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pure_modules_do_no_io_and_read_no_clock() {
    let mut faults = Vec::new();
    for (module, files) in modules() {
        if !PURE.contains(&module.as_str()) {
            continue;
        }
        for (path, code) in &files {
            for impure in IMPURE.iter().filter(|impure| code.contains(**impure)) {
                faults.push(format!("{}: {module} may not name {impure}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn model_types_do_not_know_the_wire() {
    for (path, code) in &modules()["model"] {
        assert!(!code.contains("Serialize") && !code.contains("serde"), "{}", path.display());
    }
}

#[test]
fn every_file_is_one_room() {
    let mut long = Vec::new();
    let mut files = Vec::new();
    rust_files(&source(), &mut files);
    for path in files {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        if lines > 600 {
            long.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn the_reader_of_names_sees_groups_and_paths() {
    let code = "use crate::{model::{A, crs}, store, http::x::{y, z}};\nlet a = crate::render::b();";
    let named: Vec<_> = named_modules(code).into_iter().collect();
    assert_eq!(named, ["http", "model", "render", "store"]);
    assert!(names_crate("use zip::ZipArchive;", "zip"));
    assert!(!names_crate("unzip::x; std::zip::y; a_zip::b", "zip"));
}
