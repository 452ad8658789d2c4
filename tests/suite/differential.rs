//! Interpreter = record = batch, on random plans, random packages of every construct, and random cases; and the interpreter never
//! works more than the bound says.
//!
//! `CONCORD_SEED` and `CONCORD_PAIRS` choose the run; a mismatch prints the seed, the plan and the case.

use std::collections::BTreeSet;
use std::env;
use std::panic::resume_unwind;
use std::thread;

use concord_engine::evaluate::{Outcome, evaluate, evaluate_counting};
use concord_engine::plan::bound::{WorkBound, work_bound};
use concord_engine::plan::case::{Case, Datum, Settings};
use concord_engine::plan::{Answer, AnswerKind, CellId, Id, Plan, Step};
use concord_wasm::abi::Output;
use concord_wasm::emit::Limits;
use concord_wasm::run::Program;

use crate::covered::Covered;
use crate::generate::{self, Random, Seen};
use crate::modules::assert_small;

/// Cases for each plan, and settings among them.
const CASES: usize = 500;
const MEMBERS: usize = 4;

/// Of how many plans one is that of a package as text, and two are of facts alone.
const PACKAGES: usize = 10;
/// Of how many plans one is compiled as examples are tried, to code that is not made shorter.
const TRIED: usize = 9;

fn number(name: &str, default: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn interpreter_record_and_batch_agree() {
    let seed = number("CONCORD_SEED", 1);
    let pairs = number("CONCORD_PAIRS", if cfg!(debug_assertions) { 5_000 } else { 1_000_000 });
    let threads = u64::try_from(thread::available_parallelism().map_or(1, usize::from)).unwrap_or(1);
    println!("seed {seed}, {pairs} pairs");
    let runs: Vec<(Seen, Covered)> = thread::scope(|scope| {
        let share = pairs.div_ceil(threads);
        let handles: Vec<_> = (0..threads).map(|part| scope.spawn(move || run(seed, part, share))).collect();
        handles.into_iter().map(|handle| handle.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    let (mut seen, mut covered) = (Seen::default(), Covered::default());
    for (words, cases) in &runs {
        seen.add(words);
        covered.plans += cases.plans;
        covered.pairs += cases.pairs;
        covered.lanes += cases.lanes;
        covered.unknown += cases.unknown;
        covered.broken += cases.broken;
        for (name, told) in &cases.answers {
            covered.answers.entry(name.clone()).or_default().add(told);
        }
    }
    let Covered { plans, lanes, pairs: compared, unknown, broken, .. } = &covered;
    println!(
        "{plans} plans, {lanes} of them by lanes, {compared} pairs, {unknown} unknown, {broken} broken\n{:?}",
        seen.counts
    );
    if pairs >= 100_000 {
        assert_eq!(seen.missing(), Vec::<&str>::new(), "the random plans lack something");
        assert!(10 * covered.lanes >= covered.plans, "lanes take only {lanes} of {plans} random plans");
    }
    if pairs >= 1_000_000 {
        let same: Vec<&String> =
            covered.answers.iter().filter(|(_, told)| !told.varied).map(|(name, _)| name).collect();
        assert_eq!(same, Vec::<&String>::new(), "these answers of packages are always the same");
    }
}

/// One part of the pairs, a stream of randomness of its own.
fn run(seed: u64, part: u64, pairs: u64) -> (Seen, Covered) {
    let seed = seed.wrapping_add(part << 32);
    let mut random = Random::new(seed);
    let (mut seen, mut covered) = (Seen::default(), Covered::default());
    // Where each part of the pairs begins: none says what another has said.
    let mut turn = usize::try_from(part).unwrap_or(0) * 3;
    for number in 1_usize.. {
        if covered.pairs >= pairs {
            break;
        }
        let plan = if number.is_multiple_of(PACKAGES) {
            let written = generate::written(&mut random, turn);
            turn += 1;
            seen.constructs(&written.constructs);
            covered.named = true;
            written.package.plan
        } else {
            let of_facts = number % PACKAGES == 1 || number % PACKAGES == 6;
            let plan = if of_facts { generate::plan_of_facts(&mut random) } else { generate::plan(&mut random) };
            seen.plan(&plan);
            covered.named = false;
            plan
        };
        // One in so many is as `concord test` tries it.
        let limits = if number.is_multiple_of(TRIED) { Limits::TRIED } else { Limits::ENGINES };
        compare(&plan, limits, seed, &mut random, &mut seen, &mut covered);
    }
    (seen, covered)
}

#[test]
fn authored_rules_agree() {
    let seed = number("CONCORD_SEED", 1);
    let mut random = Random::new(seed);
    let (mut words, mut seen) = (Seen::default(), Covered::default());
    let samples = [include_str!("samples/case.concord"), include_str!("samples/audit_sepsis.concord")];
    let rules = crate::packages::sampled(seed).cloned();
    let others = std::iter::once_with(crate::packages::that_uses_others);
    for package in rules.chain(samples.into_iter().map(crate::packages::compile)).chain(others) {
        let plan = package.plan;
        let program = Program::compile(&plan).unwrap();
        println!("{}: {} bytes", package.credentials.path, program.bytes().len());
        assert_eq!(program.self_test(&package.examples), Ok(Vec::new()));
        for _ in 0..if cfg!(debug_assertions) { 1 } else { 20 } {
            compare(&plan, Limits::ENGINES, seed, &mut random, &mut words, &mut seen);
        }
        compare(&plan, Limits::TRIED, seed, &mut random, &mut words, &mut seen);
    }
    println!("{seen:?}");
}

/// Compares all three on random cases of a plan.
pub fn agree(plan: &Plan) {
    let (mut words, mut covered) = (Seen::default(), Covered::default());
    compare(plan, Limits::ENGINES, 1, &mut Random::new(1), &mut words, &mut covered);
}

/// Where the module is cut into small parts, whatever stands there is cut somewhere.
#[test]
fn modules_in_small_parts_agree() {
    let seed = number("CONCORD_SEED", 1);
    let (mut random, mut words, mut covered) = (Random::new(seed), Seen::default(), Covered::default());
    // Every other module does without code of its own for complete cases.
    let small = |plans: u64| Limits {
        bytes: 500,
        locals: 60,
        module: if plans.is_multiple_of(2) { 0 } else { usize::MAX },
        brief: !plans.is_multiple_of(3),
    };
    while covered.pairs < number("CONCORD_PAIRS", 100_000) / 4 {
        let plan = if covered.plans.is_multiple_of(5) {
            generate::plan_of_facts(&mut random)
        } else {
            generate::plan(&mut random)
        };
        compare(&plan, small(covered.plans), seed, &mut random, &mut words, &mut covered);
    }
    let plan = crate::packages::authored("elective/rtt").plan;
    for plans in 0..2 {
        compare(&plan, small(plans), seed, &mut random, &mut words, &mut covered);
    }
}

/// Compares all three on random cases of a plan, under several settings.
fn compare(plan: &Plan, limits: Limits, seed: u64, random: &mut Random, words: &mut Seen, seen: &mut Covered) {
    let of_plan = generate::Cases::of(plan);
    let bound = work_bound(plan);
    let program = match Program::within(plan, limits) {
        Ok(program) => program,
        Err(error) => panic!("seed {seed}, after {seen:?}: {error}\n{plan:#?}"),
    };
    assert_small(program.bytes(), limits);
    seen.plans += 1;
    let most = if limits == Limits::ENGINES { Limits::COMPILED } else { limits };
    let for_batches = match Program::for_batches_within(plan, most) {
        Ok(program) => program,
        Err(error) => panic!("seed {seed}, after {seen:?}: for batches: {error}\n{plan:#?}"),
    };
    assert_small(for_batches.bytes(), most);
    seen.lanes += u64::from(for_batches.by_lanes());
    for _ in 0..MEMBERS {
        let settings = generate::settings(random, plan);
        let cases: Vec<Case> = (0..CASES / MEMBERS).map(|_| of_plan.case(random)).collect();
        cases.iter().for_each(|case| words.case(case));
        if let Some((case, why)) = disagreement((&program, &for_batches), &cases, &settings, &bound, seen) {
            panic!("seed {seed}, after {seen:?}: {}", report(plan, &case, &settings, &why));
        }
    }
}

/// The first case on which the three differ, and how.
fn disagreement(
    (program, for_batches): (&Program, &Program),
    cases: &[Case],
    settings: &Settings,
    bound: &WorkBound,
    seen: &mut Covered,
) -> Option<(Case, String)> {
    let whole = |why: String| Some((cases.first().cloned().unwrap_or_default(), why));
    let mut instance = match program.instance() {
        Ok(instance) => instance,
        Err(error) => return whole(format!("instance: {error}")),
    };
    let batch = match instance.evaluate_batch(cases, settings) {
        Ok(batch) => batch,
        Err(error) => return whole(format!("batch: {error}")),
    };
    // Some of the outputs alone: a row may then lack whatever they do not depend on.
    let chosen: BTreeSet<CellId> =
        program.layout().outputs.iter().skip(cases.len() % 2).step_by(3).map(|o| o.cell).collect();
    let some = match instance.evaluate_batch_for(cases, settings, |cell| chosen.contains(&cell)) {
        Ok(some) => some,
        Err(error) => return whole(format!("batch of some outputs: {error}")),
    };
    let other = for_batches.instance().and_then(|mut other| {
        let all = other.evaluate_batch(cases, settings)?;
        Ok((all, other.evaluate_batch_for(cases, settings, |cell| chosen.contains(&cell))?))
    });
    let (other, some_of_other) = match other {
        Ok(other) => other,
        Err(error) => return whole(format!("for batches: {error}")),
    };
    let batches = batch.iter().zip(&other).zip(some.iter().zip(&some_of_other));
    for (case, ((many, other), (some, some_of_other))) in cases.iter().zip(batches) {
        let (whole, work) = evaluate_counting(program.plan(), case, settings);
        let count = |events: usize| u64::try_from(events).unwrap_or(u64::MAX);
        let unplaced = case.events.iter().filter(|event| event.at.known().is_none()).count();
        let most = bound.at(count(case.events.len()), count(unplaced));
        if work > most {
            return Some((case.clone(), format!("it works out {work} operators, more than {most}, which {bound} is")));
        }
        seen.tell(program.plan(), &whole);
        let reference = program.visible(&whole);
        seen.pairs += 1;
        let open = |output: &Output| {
            let cell = reference.cells.get(output.cell);
            cell.is_some_and(|cell| !cell.is_known(output.shape.class))
        };
        seen.unknown += u64::from(program.layout().outputs.iter().any(open));
        seen.broken += u64::from(reference.broken.is_some());
        let one = match instance.evaluate(case, settings) {
            Ok(one) => one,
            Err(error) => return Some((case.clone(), format!("record: {error}"))),
        };
        for (name, other) in [("record", &one), ("batch", many), ("module for batches", other)] {
            if *other != reference {
                return Some((case.clone(), format!("{name}: {}", difference(&reference, other))));
            }
        }
        for (name, some) in [("some outputs", some), ("some outputs for batches", some_of_other)] {
            let differs = chosen.iter().find(|cell| some.cells.get(**cell) != reference.cells.get(**cell));
            if differs.is_some() || some.broken != reference.broken {
                let (should, is) = (differs.map(|c| reference.cells.get(*c)), differs.map(|c| some.cells.get(*c)));
                return Some((case.clone(), format!("{name}: {differs:?} is {is:?}, not {should:?}")));
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
    let (mut plan, mut case, mut why, at_first) = (plan.clone(), case.clone(), why.to_owned(), why);
    let fails = |plan: &Plan, case: &Case| {
        let (program, for_batches) = (Program::compile(plan).ok()?, Program::for_batches(plan).ok()?);
        // As many as lanes work out at once.
        let (case, bound) = (&vec![case.clone(); 64], work_bound(plan));
        disagreement((&program, &for_batches), case, settings, &bound, &mut Covered::default()).map(|(_, why)| why)
    };
    for cell in (0..plan.cells.len()).map(CellId::at) {
        let mut smaller = plan.clone();
        let stays = |answer: &&Answer| match answer.kind {
            AnswerKind::Value { cell: own, .. } => own != cell,
            AnswerKind::Output { .. } => true,
            AnswerKind::Obligation(_) => false,
        };
        smaller.answers = plan.answers.iter().filter(stays).cloned().collect();
        if let Some(reason) = fails(&smaller, &case) {
            (plan, why) = (smaller, reason);
        }
    }
    // A column that no step fills means nothing: all steps of it stay.
    let may_go = |step: &Step| !matches!(step, Step::Column { .. });
    for step in (0..plan.steps.len()).rev().filter(|step| may_go(&plan.steps[*step])).collect::<Vec<_>>() {
        let mut smaller = plan.clone();
        smaller.steps = [&plan.steps[..step], &plan.steps[step + 1..]].concat().into();
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
    let cells = evaluate(&plan, &case, settings).cells;
    let values = cells
        .iter()
        .enumerate()
        .map(|(cell, v)| format!("{cell}: {}..{} {} {} {:x}", v.low, v.high, v.may_be_some, v.may_be_none, v.needs));
    let values = values.collect::<Vec<_>>().join(", ");
    let steps: Vec<String> = plan.steps.iter().map(shown).collect();
    let (subject, parameters) = (&plan.subject, &plan.parameters);
    format!(
        "{why}\nat first {at_first}\ncase {case:?}\nsettings {settings:?}\ncells {values}\nsubject {subject:?}\nparameters {parameters:?}\n{}",
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

/// What is worked out of a number and of another, in all ways that may leave the type that the number is kept in.
const WAYS: [&str; 12] = [
    "-x",
    "-x - 1",
    "x + y",
    "x - y",
    "y - x",
    "x * 2",
    "x * -1",
    "abs(x)",
    "highest of x, -x, y",
    "lowest of -x, -y",
    "sum of x, y, -1",
    "if x < y then -x else -y",
];

#[test]
fn numbers_at_the_ends_of_their_types_agree() {
    let (least, most) = (i64::from(i32::MIN), i64::from(i32::MAX));
    let ranges = [
        (least, most),
        (least, 0),
        (least - 1, 0),
        (0, most),
        (0, most + 1),
        (-128, 127),
        (-32_768, 32_767),
        (least, least + 1),
    ];
    for (low, high) in ranges {
        let mut text = format!("subject S {{\n  x : integer {low}..{high}\n  y : integer {low}..{high}\n}}\n");
        for (place, way) in WAYS.iter().enumerate() {
            text += &format!("define d{place} = {way}\n");
            text += &format!("define t{place} = ({way}) >= {}\n", high.min(1));
        }
        let plan = crate::packages::compile(&concord_tests::text::whole(&text)).plan;
        let ends = [Some(low), Some(low + 1), Some(0.clamp(low, high)), Some(high - 1), Some(high), None];
        let datum = |value: Option<i64>| value.map_or(Datum::Missing, Datum::Known);
        let pairs = ends.iter().flat_map(|x| ends.iter().map(|y| vec![datum(*x), datum(*y)]));
        let cases: Vec<Case> = pairs.map(|facts| Case { facts, ..Case::default() }).collect();
        crate::sentences::same_in_module(&plan, &cases);
    }
}

#[test]
fn every_construct_compiles_in_every_company() {
    let mut random = Random::new(5);
    let mut seen = Seen::default();
    let several = 3 * generate::constructs().count();
    (0..several).for_each(|turn| seen.constructs(&generate::written(&mut random, turn).constructs));
    assert!(generate::constructs().all(|name| seen.counts.contains_key(name)));
}
