//! `concord test`: the examples in the rule files and the cases beside them; what they reach, and what they would notice.

mod mutate;
pub mod reach;

use std::mem::ManuallyDrop;

use concord_engine::evaluate::evaluate;
use concord_engine::explain::expect::{Mismatch, mismatches};
use concord_engine::explain::explain_one;
use concord_engine::plan::library::Example;
use concord_engine::plan::{Package, Plan};
use concord_engine::text::line_and_column;

use crate::args::Test;
use crate::exit::Exit;
use crate::module::Module;
use crate::output::Output;
use crate::parallel::in_order;
use crate::project::{self, Loaded, Project};

/// How many examples ran, and how many failed.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: usize,
    failed: usize,
    skipped: usize,
}

/// Runs every example through the module, and holds the module against the interpreter.
pub fn run(args: &Test, output: &Output) -> Exit {
    test(args, output).unwrap_or_else(|exit| exit)
}

fn test(args: &Test, output: &Output) -> Result<Exit, Exit> {
    let files = project::rule_files(&args.paths, output)?;
    project::tell_cases_elsewhere(&files, output);
    // The process ends with it, and the system takes memory back at once.
    let project = ManuallyDrop::new(project::load(&files, output)?);
    let weights: Vec<usize> = project.packages.iter().map(Loaded::weight).collect();
    let tried = in_order(&weights, |at| {
        let loaded = project.packages.get(at)?;
        loaded.compiled.package.as_ref().map(|package| one_package(args, (loaded, package), output))
    })?;
    let mut count = Count::default();
    let mut refused = false;
    for (loaded, tried) in project.packages.iter().zip(tried) {
        match tried {
            Some(tried) => tell(args, &project, loaded, &tried?, &mut count, output)?,
            None => {
                project.show(loaded, output);
                refused = true;
            }
        }
    }
    let short = besides(args, &project, output)?;
    let Count { passed, failed, skipped } = count;
    let left = if skipped > 0 { format!(", {skipped} skipped by the filter") } else { String::new() };
    output.note(&format!("{passed} passed, {failed} failed{left}"));
    if passed + failed == 0 && !refused {
        output.error(
            "no example ran",
            Some("write `example \"…\" { … => … }` in the rule file, or cases in cases.md beside it"),
        );
        return Ok(Exit::Findings);
    }
    Ok(match (refused, failed) {
        (true, _) => Exit::Rule,
        (false, 0) if !short => Exit::Fine,
        (false, _) => Exit::Findings,
    })
}

/// What is asked besides whether the cases hold; whether those of a package reach less than they must.
fn besides(args: &Test, project: &Project, output: &Output) -> Result<bool, Exit> {
    let named = |example: &&Example| args.filter.as_ref().is_none_or(|text| example.name.contains(text.as_str()));
    let packages = project.packages.iter().enumerate().filter_map(|(place, loaded)| {
        let package = loaded.compiled.package.as_ref()?;
        Some((package.credentials.path.as_str(), place, loaded.examples().filter(named).collect::<Vec<_>>()))
    });
    let packages: Vec<(&str, usize, Vec<&Example>)> = packages.collect();
    let mut short = false;
    if args.coverage || args.suggest || args.coverage_min.is_some() {
        for (path, place, examples) in &packages {
            let reached = reach::reach(project, *place, examples).ok_or(Exit::Internal)?;
            if args.suggest {
                output.data(&reached.missing)?;
            } else if args.json {
                output.data(&format!("{}\n", reached.json(project, path)))?;
            } else if args.coverage {
                reached.tell(project, path, output)?;
            }
            if let Some(least) = args.coverage_min.filter(|least| reached.percent() < usize::from(*least)) {
                output.note(&format!("{path}: {} % reached, of at least {least}", reached.percent()));
                short = true;
            }
        }
    }
    if args.mutate {
        let places: Vec<(usize, Vec<&Example>)> =
            packages.iter().map(|(_, place, examples)| (*place, examples.clone())).collect();
        for ((path, ..), mutated) in packages.iter().zip(mutate::of_packages(project, &places)?) {
            let mutated = mutated.ok_or(Exit::Internal)?;
            if args.json {
                output.data(&format!("{}\n", mutated.json(project, path)))?;
            } else {
                mutated.tell(project, path, output)?;
            }
        }
    }
    Ok(short)
}

/// Tries the examples of a package: what is wrong with each, and nothing of those that the filter leaves out.
fn one_package(
    args: &Test,
    (loaded, package): (&Loaded, &Package),
    output: &Output,
) -> Result<Vec<Option<Vec<Fault>>>, Exit> {
    let mut module = Module::for_trial(package, output)?;
    let wanted = |example: &Example| args.filter.as_ref().is_none_or(|text| example.name.contains(text.as_str()));
    let tried = loaded
        .examples()
        .map(|example| wanted(example).then(|| faults(&package.plan, example, &mut module, output)).transpose());
    tried.collect()
}

/// Counts what came of a package's examples, and says what is wrong.
fn tell(
    args: &Test,
    project: &Project,
    loaded: &Loaded,
    tried: &[Option<Vec<Fault>>],
    count: &mut Count,
    output: &Output,
) -> Result<(), Exit> {
    let package = loaded.compiled.package.as_ref().map_or("", |package| &package.credentials.path);
    for (example, faults) in loaded.examples().zip(tried) {
        let Some(faults) = faults else {
            count.skipped += 1;
            continue;
        };
        if faults.is_empty() {
            count.passed += 1;
        } else {
            count.failed += 1;
        }
        report(args, project, package, example, faults, output)?;
    }
    Ok(())
}

/// A difference, and the reasons that the answer has.
struct Fault {
    mismatch: Mismatch,
    because: Vec<String>,
}

/// What the module got wrong, and any difference from the interpreter.
fn faults(plan: &Plan, example: &Example, module: &mut Module, output: &Output) -> Result<Vec<Fault>, Exit> {
    let settings = example.settings_for(plan.parameters.len());
    let outcome = module.evaluate(&example.case, &settings, output)?;
    let because = |mismatch: Mismatch| {
        let answer = plan.answers.iter().find(|answer| answer.name == mismatch.answer);
        let explained = answer.map(|answer| explain_one(plan, &example.case, &settings, &outcome, answer));
        Fault { mismatch, because: explained.map_or_else(Vec::new, |explained| explained.because) }
    };
    let mut faults: Vec<Fault> = mismatches(plan, example, &outcome).into_iter().map(because).collect();
    let reference = evaluate(plan, &example.case, &settings);
    for answer in module.differences(plan, &outcome, &reference) {
        let expected = "the same answer from the module as from the interpreter".to_owned();
        let found = "a difference: please report it".to_owned();
        faults.push(Fault {
            mismatch: Mismatch { answer, expected, found, span: example.span, help: None },
            because: Vec::new(),
        });
    }
    Ok(faults)
}

fn report(
    args: &Test,
    project: &Project,
    package: &str,
    example: &Example,
    faults: &[Fault],
    output: &Output,
) -> Result<(), Exit> {
    let source = project.sources().get(example.span.source as usize);
    let place = |offset: u32| source.map_or((0, 0), |s| line_and_column(&s.text, offset));
    let file = source.map_or("", |s| &s.name);
    if args.json {
        let faults: Vec<_> = faults
            .iter()
            .map(|Fault { mismatch: f, because }| {
                let line = place(f.span.start).0;
                serde_json::json!({
                    "answer": f.answer, "expected": f.expected, "found": f.found, "because": because, "line": line,
                })
            })
            .collect();
        let line = serde_json::json!({
            "package": package, "example": example.name, "file": file,
            "line": place(example.span.start).0, "passed": faults.is_empty(), "differences": faults,
        });
        return output.data(&format!("{line}\n"));
    }
    if faults.is_empty() {
        if output.verbose {
            output.line(&format!("passed  {package}: {}", example.name));
        }
        return Ok(());
    }
    output.line(&format!("failed  {package}: {}", example.name));
    for Fault { mismatch: fault, because } in faults {
        let (line, column) = place(fault.span.start);
        output.line(&format!(
            "  {file}:{line}:{column}: `{}` should be {} but is {}",
            fault.answer, fault.expected, fault.found
        ));
        because.iter().for_each(|reason| output.line(&format!("    {reason}")));
        fault.help.iter().for_each(|help| output.line(&format!("    help: {help}")));
    }
    Ok(())
}
