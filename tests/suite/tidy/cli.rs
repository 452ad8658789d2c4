//! The rooms of the command line and their order: what a room may use, and no files that use each other in a circle.

use super::arrows::{arrows_below, no_circles};
use super::none;
use std::collections::BTreeSet;

/// In order; a room uses only those before it. What readers find and judges count is put down as results, and the report is
/// drawn from these: `data → results ← audit → report`. The commands stand on top of all.
const ROOMS: [&str; 21] = [
    "exit",
    "parallel",
    "args",
    "words",
    "output",
    "files",
    "signing",
    "progress",
    "results",
    "data",
    "audit",
    "report",
    "project",
    "golden",
    "description",
    "manifest",
    "module",
    "settings",
    "judge",
    "command",
    "lib",
];

/// All that a report is drawn from.
const REPORT_USES: [&str; 3] = ["report", "results", "words"];

/// The room of a file: the folder or file that stands at the top.
fn room(file: &str) -> &str {
    file.trim_start_matches("cli/src/").split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn the_command_line_has_these_rooms_and_no_other() {
    let files = arrows_below("cli/src");
    let found: BTreeSet<&str> = files.keys().map(|file| room(file)).filter(|room| *room != "main").collect();
    assert_eq!(found, ROOMS.into_iter().collect());
}

#[test]
fn a_room_of_the_command_line_uses_only_those_before_it() {
    let place = |room: &str| ROOMS.iter().position(|name| *name == room);
    let mut wrong = Vec::new();
    for (file, used) in arrows_below("cli/src") {
        let here = room(&file);
        for other in used.iter().filter(|_| here != "main") {
            let there = room(other);
            let drawn = here != "report" || REPORT_USES.contains(&there);
            if place(there) > place(here) || !drawn {
                wrong.push(format!("{file} uses {other}"));
            }
        }
    }
    none(&wrong, "a room of the command line uses only those before it, and the report only results and words");
}

#[test]
fn no_files_of_the_command_line_use_each_other() {
    no_circles("cli/src", &[]);
}

#[test]
fn no_files_of_the_service_use_each_other() {
    no_circles("cli/serve/src", &[]);
    no_circles("cli/fhir/src", &[]);
    no_circles("cli/parquet/src", &[]);
}
