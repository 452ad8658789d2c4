//! The project speaks of itself alone, and of every file it did not write it says where that came from.

use super::{files, none, root, text};

/// Pieces that, joined, may not stand in any file: paths of somebody's machine, and talk about the making of the project.
const FORBIDDEN: [[&str; 2]; 12] = [
    ["/wo", "rk/"],
    ["/tm", "p/"],
    ["/ro", "ot/"],
    ["/ho", "me/"],
    ["cla", "ude"],
    ["anth", "ropic"],
    ["cop", "ilot"],
    ["chat", "gpt"],
    ["ai-gen", "erated"],
    ["language ", "model"],
    ["issue", " #"],
    ["work", "tree"],
];

/// Files that hold what others wrote: exports, packages' checksums, a style sheet, a licence.
fn written_by_others(file: &str) -> bool {
    let data = file.starts_with("tests/data/") && !file.ends_with(".md") && !file.ends_with(".toml");
    data || file == "LICENSE" || file.ends_with("package-lock.json") || file == "Cargo.lock"
}

#[test]
fn no_file_speaks_of_anything_but_the_project() {
    let mut wrong = Vec::new();
    for file in files("").into_iter().filter(|file| !written_by_others(file)) {
        let Ok(content) = std::fs::read_to_string(root().join(&file)) else { continue };
        let content = content.to_lowercase();
        for word in FORBIDDEN.iter().map(|pieces| pieces.concat()) {
            // A path of the machine starts there; `target/tmp` is a folder of ours.
            let inside = |at: usize| word.starts_with('/') && content[..at].ends_with(char::is_alphanumeric);
            if let Some((at, _)) = content.match_indices(&word).find(|(at, _)| !inside(*at)) {
                let line = content[..at].lines().count().max(1);
                wrong.push(format!("{file}:{line}: {word}"));
            }
        }
    }
    none(&wrong, "no machine's paths, and no word about how the project was made");
}

#[test]
fn text_files_are_clean() {
    const KINDS: [&str; 9] = ["rs", "md", "toml", "concord", "css", "mjs", "py", "json", "html"];
    let mut wrong = Vec::new();
    for file in files("").into_iter().filter(|file| !written_by_others(file)) {
        if !KINDS.contains(&file.rsplit('.').next().unwrap()) {
            continue;
        }
        let content = text(&file);
        let trailing = content.lines().position(|line| line.ends_with([' ', '\t']) && !line.trim().is_empty());
        wrong.extend(trailing.map(|line| format!("{file}:{}: space at the end of the line", line + 1)));
        if content.contains('\r') {
            wrong.push(format!("{file}: carriage returns"));
        }
        if !content.is_empty() && !content.ends_with('\n') {
            wrong.push(format!("{file}: the last line does not end"));
        }
        for marker in ["<<<<<<< ", ">>>>>>> "] {
            if content.lines().any(|line| line.starts_with(marker)) {
                wrong.push(format!("{file}: a merge was left unfinished"));
            }
        }
    }
    none(&wrong, "text files are clean");
}

#[test]
fn every_data_file_has_an_origin_and_a_licence() {
    let manifest = text("tests/data/README.md");
    let ours = text("tests/data/cases/README.md");
    let mut wrong = Vec::new();
    for file in files("tests/data") {
        let name = file.trim_start_matches("tests/data/");
        if let Some((folder, _)) = name.strip_prefix("cases/").and_then(|name| name.split_once('/')) {
            let listed = ours.contains(&format!("| `{folder}` |"));
            wrong.extend((!listed).then(|| format!("{name} is not in tests/data/cases/README.md")));
            continue;
        }
        if !name.ends_with("README.md") && !manifest.contains(&format!("`{name}`")) {
            wrong.push(format!("{name} is not in tests/data/README.md"));
        }
    }
    for row in manifest.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let name = cells[0].split('`').nth(1).unwrap();
        if cells.len() != 4 || cells.iter().any(|cell| cell.is_empty()) {
            wrong.push(format!("{name}: what it is, its origin and its licence must all be there"));
        }
        if !root().join("tests/data").join(name).exists() {
            wrong.push(format!("{name} is listed and not there"));
        }
    }
    none(&wrong, "data that others wrote is listed with origin and licence");
}

/// The commands of the first code block after a heading.
fn commands(page: &str, heading: &str) -> Vec<String> {
    let after = page.split(heading).nth(1).unwrap_or_else(|| panic!("README.md has no {heading}"));
    let block = after.split("```").nth(1).unwrap();
    block.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn continuous_integration_runs_the_two_commands_of_the_readme() {
    let commands = commands(&text("README.md"), "## Two commands");
    assert_eq!(commands.len(), 2, "{commands:?}");
    let script = text(".ci/run");
    for command in commands {
        let command = command.split(" #").next().unwrap().trim();
        assert!(script.contains(command), ".ci/run does not run `{command}`");
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut wrong = Vec::new();
    let pages = files("").into_iter().filter(|file| file.ends_with(".md") && !file.starts_with("engine/"));
    for page in pages {
        let content = text(&page);
        let folder = root().join(&page).parent().unwrap().to_owned();
        for (at, _) in content.match_indices("](") {
            let target = content[at + 2..].split([')', '#', ' ']).next().unwrap();
            let outside = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            if !outside && !folder.join(target).exists() {
                wrong.push(format!("{page}: {target}"));
            }
        }
    }
    none(&wrong, "a link leads to a file that is there");
}
