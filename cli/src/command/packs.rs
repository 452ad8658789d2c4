//! `concord packs`: what a library holds, a line a package.

use std::path::{Path, PathBuf};

use concord_engine::plan::library::Example;
use concord_engine::values::calendar::show_date;
use serde_json::json;

use crate::args::Packs;
use crate::command::test::reach::reach;
use crate::exit::Exit;
use crate::module::Module;
use crate::output::Output;
use crate::project::{self, Loaded, Project};

/// What stands in `why.md` before the rows of the catalogue that a package serves.
const SERVES: &str = "Serves:";

/// A line of the table.
struct Pack {
    path: String,
    /// Its file.
    rule: PathBuf,
    title: String,
    status: &'static str,
    cases: usize,
    percent: usize,
    bytes: usize,
    serves: Vec<String>,
    review_by: Option<String>,
}

/// Prints the table.
pub fn run(args: &Packs, output: &Output) -> Exit {
    packs(args, output).unwrap_or_else(|exit| exit)
}

fn packs(args: &Packs, output: &Output) -> Result<Exit, Exit> {
    let project = project::load(&project::rule_files(&args.paths, output)?, output)?;
    let mut packs = Vec::new();
    for (place, loaded) in project.packages.iter().enumerate() {
        let Some(pack) = pack(&project, (place, loaded), output)? else {
            project.show(loaded, output);
            return Ok(Exit::Rule);
        };
        packs.push(pack);
    }
    packs.sort_by(|a, b| a.path.cmp(&b.path));
    output.data(&if args.json {
        as_json(&packs)
    } else if args.markdown {
        as_markdown(&packs, &args.paths)
    } else {
        as_text(&packs)
    })?;
    Ok(Exit::Fine)
}

fn pack(project: &Project, (place, loaded): (usize, &Loaded), output: &Output) -> Result<Option<Pack>, Exit> {
    let Some(package) = &loaded.compiled.package else { return Ok(None) };
    let examples: Vec<&Example> = loaded.examples().collect();
    let Some(reached) = reach(project, place, &examples) else { return Ok(None) };
    let credentials = &package.credentials;
    Ok(Some(Pack {
        path: credentials.path.clone(),
        rule: loaded.path.clone(),
        title: credentials.title.clone(),
        status: match (&credentials.approval, credentials.unverified) {
            (Some(_), _) => "approved",
            (None, true) => "draft, unverified figures",
            (None, false) => "draft",
        },
        cases: examples.len(),
        percent: reached.percent(),
        bytes: Module::build(package, output)?.bytes().len(),
        serves: served(&loaded.path),
        review_by: credentials.review_by.map(show_date),
    }))
}

/// The rows that `why.md` beside a rule says it serves: `Serves: R38, R50`. None where there is no such file or line.
fn served(rule: &Path) -> Vec<String> {
    // A package without reasons beside it serves no row that anybody wrote down.
    let why = std::fs::read_to_string(rule.with_file_name("why.md")).unwrap_or_default();
    let lines = why.lines().filter_map(|line| line.trim().trim_matches('*').strip_prefix(SERVES));
    let rows = lines.flat_map(|rows| rows.split(','));
    rows.map(|row| row.trim().trim_matches(['*', '.']).to_owned()).filter(|row| !row.is_empty()).collect()
}

impl Pack {
    /// A link to its file from a page in one of these folders.
    fn linked(&self, folders: &[PathBuf]) -> String {
        let inside = folders.iter().find_map(|folder| self.rule.strip_prefix(folder).ok()).unwrap_or(&self.rule);
        let file = inside.display().to_string().replace('\\', "/");
        // A rule that stands in the folder itself is named by its file.
        let name = file.rsplit_once('/').map_or(file.as_str(), |(folder, _)| folder);
        format!("[{name}]({file})")
    }

    /// Its cells: name, status, cases, reached, size, rows, review.
    fn cells(&self) -> [String; 7] {
        // What is not written down is shown as such.
        let or_none = |text: String| if text.is_empty() { "–".to_owned() } else { text };
        [
            self.path.clone(),
            self.status.to_owned(),
            self.cases.to_string(),
            format!("{} %", self.percent),
            format!("{} KB", self.bytes.div_ceil(1024)),
            or_none(self.serves.join(", ")),
            or_none(self.review_by.clone().unwrap_or_default()),
        ]
    }
}

const HEAD: [&str; 7] = ["package", "status", "cases", "reached", "module", "serves", "review by"];

fn as_json(packs: &[Pack]) -> String {
    let line = |pack: &Pack| {
        let value = json!({
            "package": pack.path, "title": pack.title, "status": pack.status, "cases": pack.cases,
            "coverage": pack.percent, "module_bytes": pack.bytes, "serves": pack.serves, "review_by": pack.review_by,
        });
        format!("{value}\n")
    };
    packs.iter().map(line).collect()
}

fn as_text(packs: &[Pack]) -> String {
    let rows: Vec<[String; 7]> =
        std::iter::once(HEAD.map(str::to_owned)).chain(packs.iter().map(Pack::cells)).collect();
    let width = |column: usize| {
        // There is at least the line of titles.
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
    let line = |row: &[String; 7]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// A table for a page that stands in one of the folders asked about.
fn as_markdown(packs: &[Pack], folders: &[PathBuf]) -> String {
    let cases: usize = packs.iter().map(|pack| pack.cases).sum();
    let packages = if packs.len() == 1 { "package" } else { "packages" };
    let mut text = format!("{} {packages}, {cases} cases.\n\n", packs.len());
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let [_, others @ ..] = HEAD;
    let head: Vec<String> = ["rule", "title"].into_iter().chain(others).map(str::to_owned).collect();
    text.push_str(&line(&head));
    text.push_str("|---|---|---|--:|--:|--:|---|---|\n");
    for pack in packs {
        let [_, others @ ..] = pack.cells();
        let first = [pack.linked(folders), pack.title.replace('|', "\\|")];
        let cells: Vec<String> = first.into_iter().chain(others).collect();
        text.push_str(&line(&cells));
    }
    text
}
