//! Dependencies are few and chosen: each has its reason on the architecture page, and a licence that `deny.toml` allows.

use super::{none, root, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

/// The dependencies on the outside that `Cargo.toml` names, once for all crates.
fn chosen() -> Vec<String> {
    let manifest: toml::Table = text("Cargo.toml").parse().unwrap();
    let all = manifest["workspace"]["dependencies"].as_table().unwrap();
    all.iter().filter(|(_, value)| value.get("path").is_none()).map(|(name, _)| name.clone()).collect()
}

/// The rows of the table below `## Dependencies`, by name.
fn reasons() -> BTreeMap<String, String> {
    let page = text("docs/architecture.md");
    let section = page.split("\n## Dependencies").nth(1).expect("docs/architecture.md has no section Dependencies");
    let section = section.split("\n## ").next().unwrap();
    let mut rows = BTreeMap::new();
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        for name in cells[0].split('`').skip(1).step_by(2) {
            rows.insert(name.to_owned(), cells.get(2).copied().unwrap_or_default().to_owned());
        }
    }
    rows
}

#[test]
fn every_dependency_has_its_reason_on_the_architecture_page() {
    let reasons = reasons();
    let chosen = chosen();
    let mut wrong: Vec<String> = chosen
        .iter()
        .filter(|name| reasons.get(*name).is_none_or(|why| why.len() < 20))
        .map(|name| format!("{name} has no reason"))
        .collect();
    wrong.extend(
        reasons.keys().filter(|name| !chosen.contains(name)).map(|name| format!("{name} is listed and not used")),
    );
    none(&wrong, "docs/architecture.md gives a reason for each dependency of Cargo.toml, and for no other");
}

#[test]
fn every_crate_takes_its_dependencies_from_the_workspace() {
    let mut wrong = Vec::new();
    for folder in ["engine", "wasm", "cli/fhir", "cli/parquet", "cli/serve", "cli", "benches", "tests"] {
        let manifest: toml::Table = text(&format!("{folder}/Cargo.toml")).parse().unwrap();
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, value) in manifest.get(kind).and_then(toml::Value::as_table).into_iter().flatten() {
                if value.get("workspace").is_none() {
                    wrong.push(format!("{folder}: {name}"));
                }
            }
        }
    }
    none(&wrong, "versions stand in Cargo.toml of the workspace alone");
}

/// What cargo knows of all that is built on this machine, with every feature that may be asked for, or without.
fn metadata(features: &[&str]) -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let version = Command::new(&cargo).args(["-vV"]).output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = Command::new(&cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", host])
        .args(features)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    serde_json::from_slice(&metadata.stdout).unwrap()
}

/// Each crate that is built, with the features that it has.
fn resolved() -> Vec<Value> {
    let Value::Array(nodes) = metadata(&[])["resolve"]["nodes"].take() else { panic!("nothing is resolved") };
    nodes
}

/// What is built on this machine, as cargo sees it.
fn packages(features: &[&str]) -> Vec<Value> {
    let mut metadata = metadata(features);
    let used: Vec<String> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect();
    let Value::Array(all) = metadata["packages"].take() else { panic!("no packages") };
    all.into_iter().filter(|package| used.iter().any(|id| package["id"] == **id)).collect()
}

/// Whether an SPDX expression can be met with these licences: `OR` (also written `/`) binds weaker than `AND`.
fn covered(expression: &str, allowed: &[&str]) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = expression.split_whitespace().collect();
    let mut at = 0;
    let met = either(&words, &mut at, allowed);
    met && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = both(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= both(words, at, allowed);
    }
    met
}

fn both(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = licence(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= licence(words, at, allowed);
    }
    met
}

fn licence(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let first = words[*at];
    *at += 1;
    if first == "(" {
        let met = either(words, at, allowed);
        *at += 1;
        return met;
    }
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
        return allowed.contains(&[first, "WITH", words[*at - 1]].join(" ").as_str());
    }
    allowed.contains(&first.trim_end_matches('+'))
}

#[test]
fn every_licence_is_one_that_is_allowed() {
    let deny: toml::Table = text("deny.toml").parse().unwrap();
    let allowed: Vec<&str> =
        deny["licenses"]["allow"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let banned: Vec<&str> =
        deny["bans"]["deny"].as_array().unwrap().iter().map(|entry| entry["crate"].as_str().unwrap()).collect();
    let mut wrong = Vec::new();
    let built: Vec<Value> = packages(&[]).into_iter().map(|package| package["name"].clone()).collect();
    wrong.extend(
        banned.iter().filter(|name| built.iter().any(|of| of == **name)).map(|name| format!("{name} is banned")),
    );
    for package in packages(&["--all-features"]) {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or("no licence");
        if !covered(licence, &allowed) {
            wrong.push(format!("{name}: {licence}"));
        }
        let source = package["source"].as_str().unwrap_or("registry+ours");
        if !source.starts_with("registry+") {
            wrong.push(format!("{name} comes from {source}"));
        }
    }
    none(&wrong, "licences, bans and origins are those of deny.toml");
}

/// Only one crate listens, and nothing that is built can call anybody.
#[test]
fn nothing_opens_a_connection() {
    const NETWORK: [&str; 4] = ["axum", "hyper", "hyper-util", "tokio"];
    for folder in ["engine", "wasm", "cli/fhir", "cli/parquet", "cli"] {
        let manifest: toml::Table = text(&format!("{folder}/Cargo.toml")).parse().unwrap();
        let dependencies = manifest["dependencies"].as_table().unwrap();
        assert!(NETWORK.iter().all(|name| !dependencies.contains_key(*name)), "{folder} has no network");
    }
    let features: Vec<String> = resolved()
        .iter()
        .filter(|node| NETWORK.iter().any(|name| node["id"].as_str().unwrap().contains(&format!("#{name}@"))))
        .flat_map(|node| {
            node["features"]
                .as_array()
                .unwrap()
                .iter()
                .map(|name| name.as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(features.contains(&"server".to_owned()), "{features:?}");
    let client: Vec<&String> = features.iter().filter(|name| name.starts_with("client")).collect();
    assert!(client.is_empty(), "a client is built: {client:?}");
}

#[test]
fn expressions_of_licences_are_read() {
    let allowed = ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"];
    for good in [
        "MIT",
        "GPL-3.0 OR MIT",
        "Unlicense/MIT",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(covered(good, &allowed), "{good}");
    }
    for bad in ["GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "(MIT OR X) AND Y", "no licence"] {
        assert!(!covered(bad, &allowed), "{bad}");
    }
}
