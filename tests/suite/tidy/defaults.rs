//! A silent default gives its reason: where a number does not fit or a place is empty, 0 is an answer, and mostly a wrong one.

use super::{none, rust_files, text};

/// Folders in which each silent default has its reason.
const FOLDERS: [&str; 6] =
    ["engine/src/evaluate", "wasm/src", "cli/fhir/src", "cli/parquet/src", "cli/src/data", "cli/serve/src"];

const SILENT: [&str; 7] = [
    "unwrap_or(0)",
    "unwrap_or(0_",
    "unwrap_or(\"\")",
    "unwrap_or(false)",
    "unwrap_or_default()",
    "map_or(0, ",
    "map_or(\"\", ",
];

/// The lines of a file with a silent default that has no comment at its end, nor on the line above the statement it is in.
fn without_reason(code: &str) -> Vec<usize> {
    let lines: Vec<&str> = code.lines().collect();
    let has_reason = |number: usize| {
        let above = number.checked_sub(1).and_then(|above| lines.get(above)).map_or("", |line| line.trim());
        lines[number].contains("// ") || above.starts_with("// ")
    };
    let silent = |line: &str| SILENT.iter().any(|way| line.contains(way)) && !line.trim_start().starts_with("//");
    (0..lines.len()).filter(|number| silent(lines[*number]) && !has_reason(*number)).map(|number| number + 1).collect()
}

#[test]
fn silent_defaults_give_their_reason() {
    let files = FOLDERS.into_iter().flat_map(rust_files);
    let wrong: Vec<String> = files
        .flat_map(|file| without_reason(&text(&file)).into_iter().map(move |line| format!("{file}:{line}")))
        .collect();
    none(&wrong, "a silent default has a comment with its reason, directly above or at the end of the line");
}

#[test]
fn reasons_are_seen() {
    let code = "a.unwrap_or(0);\n// as none is left\nb.unwrap_or(0);\nc.unwrap_or_default(); // as none is left\n\nd.unwrap_or(1);\ne.map_or(0, f);\ng.map_or(1, f);\n";
    assert_eq!(without_reason(code), [1, 7]);
}
