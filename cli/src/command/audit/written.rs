//! The folder of a report: what is written into it, and what is said once it is there.

use std::path::{Component, Path, PathBuf};
use std::thread;

use serde::Serialize;

use crate::exit::Exit;
use crate::files::{self, Staged};
use crate::output::Output;
use crate::report::{csv, html, measure_report, summary};
use crate::results::Results;

/// Writes the results in all their forms. The page is made on a thread of its own, where several may work.
///
/// # Errors
/// Where a file cannot be written: said on standard error.
pub fn write(results: &Results, staged: &Staged, threads: usize, output: &Output) -> Result<(), Exit> {
    thread::scope(|scope| {
        let page = || html::page(results);
        // Where the system gives no other thread, this one does both.
        let paging = (threads > 1).then(|| thread::Builder::new().spawn_scoped(scope, page).ok()).flatten();
        tables(results, staged, output)?;
        let page = paging.map_or_else(|| Ok(page()), |paging| paging.join().map_err(|_| Exit::Internal))?;
        files::write(&staged.file("report.html"), page.as_bytes(), output)
    })
}

/// All but the page.
fn tables(results: &Results, staged: &Staged, output: &Output) -> Result<(), Exit> {
    write_json("results.json", results, staged, output)?;
    write_json(measure_report::NAME, &measure_report::bundle(results), staged, output)?;
    for (name, content) in csv::files(results) {
        files::write(&staged.file(&name), content.as_bytes(), output)?;
    }
    Ok(())
}

fn write_json(name: &str, content: &impl Serialize, staged: &Staged, output: &Output) -> Result<(), Exit> {
    let json = serde_json::to_string_pretty(content).map_err(|_| Exit::Internal)?;
    files::write(&staged.file(name), json.as_bytes(), output)
}

/// Whether a file of this name in the folder of a report is part of a report, and not something that somebody keeps there.
pub fn is_ours(name: &str) -> bool {
    let listed = csv::NAMES.contains(&name) || ["results.json", "report.html", measure_report::NAME].contains(&name);
    listed || (name.starts_with("rejects-") && name.ends_with(".csv"))
}

/// What came of it, in words: a line for each audit, and where the report is.
pub fn sum_up(results: &Results, place: &Path, seconds: f64, output: &Output) {
    for audit in &results.audits {
        output.note(&summary::in_a_line(audit));
    }
    output.note(&format!("done in {seconds:.1} s; report: {}", short(&place.join("report.html")).display()));
}

/// A path without its detours, as far as it can be told from the path alone: `tests/data/../../report` is `report`.
fn short(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for part in path.components() {
        let named = matches!(short.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::CurDir => {}
            Component::ParentDir if named => {
                short.pop();
            }
            part => short.push(part),
        }
    }
    short
}
