//! Interpreter = record = batch, on random plans and random cases.
//!
//! `CONCORD_SEED` and `CONCORD_PAIRS` choose the run; a mismatch prints the seed, the plan and the case.

use std::env;

use concord_engine::evaluate::{Outcome, evaluate};
use concord_engine::plan::case::{Case, Datum, Settings};
use concord_engine::plan::{AnswerKind, Plan, Step};
use concord_wasm::run::Program;

use crate::generate::{self, Random};

/// Cases for each plan, and settings among them.
const CASES: usize = 500;
const MEMBERS: usize = 4;

fn number(name: &str, default: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn interpreter_record_and_batch_agree() {
    let seed = number("CONCORD_SEED", 1);
    let pairs = number("CONCORD_PAIRS", if cfg!(debug_assertions) { 5_000 } else { 1_000_000 });
    println!("seed {seed}, {pairs} pairs");
    let mut random = Random::new(seed);
    let mut done = 0;
    let mut unknown = 0_usize;
    while done < pairs {
        let plan = generate::plan(&mut random);
        let program = match Program::compile(&plan) {
            Ok(program) => program,
            Err(error) => panic!("seed {seed}, after {done} pairs: {error}\n{plan:#?}"),
        };
        for _ in 0..MEMBERS {
            let settings = generate::settings(&mut random, &plan);
            let cases: Vec<Case> = (0..CASES / MEMBERS).map(|_| generate::case(&mut random, &plan)).collect();
            if let Some((case, why)) = disagreement(&program, &cases, &settings, &mut unknown) {
                panic!("seed {seed}, after {done} pairs: {}", report(&plan, &case, &settings, &why));
            }
            done += u64::try_from(cases.len()).unwrap_or(0);
        }
    }
    println!("{done} pairs agree; {unknown} of them with something unknown");
}

/// The first case on which the three differ, and how.
fn disagreement(program: &Program, cases: &[Case], settings: &Settings, unknown: &mut usize) -> Option<(Case, String)> {
    let whole = |why: String| Some((cases.first().cloned().unwrap_or_default(), why));
    let mut instance = match program.instance() {
        Ok(instance) => instance,
        Err(error) => return whole(format!("instance: {error}")),
    };
    let batch = match instance.evaluate_batch(cases, settings) {
        Ok(batch) => batch,
        Err(error) => return whole(format!("batch: {error}")),
    };
    for (case, many) in cases.iter().zip(&batch) {
        let reference = program.visible(&evaluate(program.plan(), case, settings));
        *unknown += usize::from(reference.cells.iter().any(|cell| cell.low != cell.high));
        let one = match instance.evaluate(case, settings) {
            Ok(one) => one,
            Err(error) => return Some((case.clone(), format!("record: {error}"))),
        };
        for (name, other) in [("record", &one), ("batch", many)] {
            if *other != reference {
                return Some((case.clone(), format!("{name}: {}", difference(&reference, other))));
            }
        }
    }
    None
}

fn difference(reference: &Outcome, other: &Outcome) -> String {
    if reference.broken != other.broken {
        return format!("broken {:?}, not {:?}", other.broken, reference.broken);
    }
    let cells = reference.cells.iter().zip(&other.cells).enumerate();
    let different = cells.filter(|(_, (a, b))| a != b).map(|(cell, (a, b))| format!("cell {cell}: {b:?}, not {a:?}"));
    different.collect::<Vec<_>>().join("\n")
}

/// Makes plan and case smaller while they still disagree, and shows them.
fn report(plan: &Plan, case: &Case, settings: &Settings, why: &str) -> String {
    let (mut plan, mut case, mut why) = (plan.clone(), case.clone(), why.to_owned());
    let fails = |plan: &Plan, case: &Case| {
        let program = Program::compile(plan).ok()?;
        disagreement(&program, std::slice::from_ref(case), settings, &mut 0).map(|(_, why)| why)
    };
    for cell in 0..plan.cells.len() {
        let mut smaller = plan.clone();
        smaller.answers.retain(|answer| !matches!(answer.kind, AnswerKind::Value { cell: c, .. } if c == cell));
        smaller.answers.retain(|answer| !matches!(answer.kind, AnswerKind::Obligation(_)));
        if let Some(reason) = fails(&smaller, &case) {
            (plan, why) = (smaller, reason);
        }
    }
    for step in (0..plan.steps.len()).rev() {
        let mut smaller = plan.clone();
        smaller.steps.remove(step);
        if let Some(reason) = fails(&smaller, &case) {
            (plan, why) = (smaller, reason);
        }
    }
    for event in (0..case.events.len()).rev() {
        let mut smaller = case.clone();
        smaller.events.remove(event);
        if let Some(reason) = fails(&plan, &smaller) {
            (case, why) = (smaller, reason);
        }
    }
    for (fact, input) in plan.subject.inputs.iter().enumerate() {
        let mut smaller = case.clone();
        smaller.facts[fact] = Datum::Known(input.shape.low);
        if let Some(reason) = fails(&plan, &smaller) {
            (case, why) = (smaller, reason);
        }
    }
    let steps: Vec<String> = plan.steps.iter().map(shown).collect();
    let (subject, parameters) = (&plan.subject, &plan.parameters);
    format!(
        "{why}\ncase {case:?}\nsettings {settings:?}\nsubject {subject:?}\nparameters {parameters:?}\n{}",
        steps.join("\n")
    )
}

/// A step in few lines: without the shapes of its expressions, a line a row.
fn shown(step: &Step) -> String {
    let mut rest = format!("{step:?}").replace("Expr { op: ", "").replace(", text: \"\"", "");
    let mut text = String::new();
    while let Some((before, after)) = rest.split_once(", shape: Shape {") {
        text.push_str(before);
        rest = after.split_once("} }").map_or(String::new(), |(_, after)| after.to_owned());
    }
    text.push_str(&rest);
    text.replace("Row {", "\n  Row {")
}
