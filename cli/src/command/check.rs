//! `concord check`: read, resolve, type and prove.

use std::mem::ManuallyDrop;

use concord_engine::diagnostics::{Diagnostic, Severity, render};
use concord_engine::text::Source;

use crate::args::{Check, FailOn, Format};
use crate::exit::Exit;
use crate::output::Output;
use crate::project;

/// Checks every rule file named; several errors a run.
pub fn run(args: &Check, output: &Output) -> Exit {
    check(args, output).unwrap_or_else(|exit| exit)
}

fn check(args: &Check, output: &Output) -> Result<Exit, Exit> {
    let format = if args.json { Format::Json } else { args.format };
    // The process ends with it, and the system takes memory back at once.
    let project = ManuallyDrop::new(project::load(&project::rule_files(&args.paths, output)?, output)?);
    let mut all: Vec<Diagnostic> = Vec::new();
    for diagnostic in project.packages.iter().flat_map(|package| &package.compiled.diagnostics) {
        // A file of members' settings goes with many packages; what cannot be read in it is said once.
        if !all.contains(diagnostic) {
            all.push(diagnostic.clone());
        }
    }
    all.extend(project::settings_of_nothing((&project.texts, &project.units), &args.paths));
    show(format, &all, project.sources(), output)?;
    let count = |severity| all.iter().filter(|d| d.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if matches!(format, Format::Human | Format::Short) {
        output.note(&summary(project.packages.len(), errors, warnings));
    }
    let worst = all.iter().map(|d| d.severity).max();
    let fails = match args.fail_on {
        FailOn::Never => false,
        FailOn::Note => worst.is_some(),
        FailOn::Warning => worst >= Some(Severity::Warning),
        FailOn::Error => worst >= Some(Severity::Error),
    };
    Ok(if fails { Exit::Findings } else { Exit::Fine })
}

fn show(format: Format, all: &[Diagnostic], sources: &[Source], output: &Output) -> Result<(), Exit> {
    match format {
        Format::Human => all.iter().for_each(|d| output.drawn(&render::human(d, sources, output.colour))),
        Format::Short => all.iter().for_each(|d| output.line(&render::short(d, sources))),
        Format::Json => {
            for diagnostic in all {
                output.data(&format!("{}\n", render::json(diagnostic, sources)))?;
            }
        }
        Format::Sarif => output.data(&format!("{}\n", render::sarif(all, sources, env!("CARGO_PKG_VERSION"))))?,
        Format::Github => {
            for diagnostic in all {
                output.data(&format!("{}\n", render::github(diagnostic, sources)))?;
            }
        }
    }
    Ok(())
}

fn summary(packages: usize, errors: usize, warnings: usize) -> String {
    let plural = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    match (errors, warnings) {
        (0, 0) => format!("{} checked: nothing wrong, every table complete", plural(packages, "package")),
        (0, w) => format!("{} checked: {}", plural(packages, "package"), plural(w, "warning")),
        (e, w) => format!(
            "{} checked: {}, {}; `concord explain CODE` says more about each",
            plural(packages, "package"),
            plural(e, "error"),
            plural(w, "warning")
        ),
    }
}
