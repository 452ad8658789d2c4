//! What is missing allows everything it could turn out to be: random cases of random plans and of the authored rules are filled in, and
//! the answers of the full case lie within those of the first; what was known stays as it was.
//!
//! Filled in are facts, fields, parameters that a member must set, the times of events at unknown times, and events of kinds that were
//! not supplied: before the first listed event, between any two at one instant, and after the last.

use concord_engine::evaluate::{Value, evaluate};
use concord_engine::plan::case::{Case, Datum, Occurrence, Settings, When};
use concord_engine::plan::{Class, Contract, Kinds, Plan, Shape};
use concord_wasm::abi::Output;
use concord_wasm::run::Program;

use crate::generate::{self, Random};
use crate::packages;
use crate::possible::ends_too_early;

/// Cases for each plan, and ways to fill in each.
const CASES: usize = 40;
const WAYS: usize = 6;
const PLANS: usize = 700;

/// What may stand for a missing value.
fn filled(random: &mut Random, datum: Datum, shape: Shape) -> Datum {
    let (low, high) = match datum {
        Datum::Missing if shape.optional && random.percent(25) => return Datum::None,
        Datum::Missing => (shape.low, shape.high),
        Datum::Between(low, high) => (low, high),
        known => return known,
    };
    Datum::Known(match random.below(4) {
        0 => low,
        1 => high,
        _ => random.between(low, high),
    })
}

/// Puts an event in at a time that it may have, often around those of the others, and anywhere among those of its own time.
fn place(random: &mut Random, case: &mut Case, mut event: Occurrence) {
    let known: Vec<i64> = case.events.iter().filter_map(|event| event.at.known()).collect();
    let near = match known.as_slice() {
        [] => case.as_of,
        [first, ..] if random.percent(40) => *first,
        known => known[random.below(known.len())],
    };
    let at = near + [0, 0, 1, -1, random.between(-3_600_000, 3_600_000)][random.below(5)];
    let at = if let When::Between(first, last) = event.at {
        if (first..=last).contains(&at) { at } else { [first, last, random.between(first, last)][random.below(3)] }
    } else {
        at
    };
    event.at = When::Known(at);
    let first = case.events.iter().filter(|other| other.at.known().is_some_and(|other| other < at)).count();
    let last = case.events.iter().filter(|other| other.at.known().is_some_and(|other| other <= at)).count();
    case.events.insert(first + random.below(last - first + 1), event);
}

/// A case with nothing missing that the case may have been.
fn complete(random: &mut Random, plan: &Plan, case: &Case) -> Case {
    let facts = case.facts.iter().zip(&plan.subject.inputs);
    let facts = facts.map(|(datum, input)| filled(random, *datum, input.shape)).collect();
    let (listed, unplaced) = case.events.iter().cloned().partition(|event| event.at.known().is_some());
    let mut full = Case { facts, events: listed, not_supplied: 0, ..case.clone() };
    let mut more: Vec<Occurrence> = unplaced;
    for (kind, declared) in plan.subject.events.placed() {
        let left_out = if Kinds(case.not_supplied).contain(kind) { random.below(3) } else { 0 };
        let fields = vec![Datum::Missing; declared.fields.len()];
        more.extend((0..left_out).map(|_| Occurrence { kind, at: When::Unknown, fields: fields.clone() }));
    }
    for event in more {
        place(random, &mut full, event);
    }
    for event in &mut full.events {
        let fields = &plan.subject.events.get(event.kind).unwrap().fields;
        event.fields.iter_mut().zip(fields).for_each(|(datum, field)| *datum = filled(random, *datum, field.shape));
    }
    full
}

/// Settings with a value for each parameter that has none.
fn set(random: &mut Random, plan: &Plan, settings: &Settings) -> Settings {
    let parameters = plan.parameters.iter().zip(settings);
    let filled = parameters.map(|(parameter, setting)| match (&parameter.contract, parameter.value, setting) {
        (Contract::Within(low, high), None, None) => Some(random.between(*low, *high)),
        (_, None, None) => Some(random.between(parameter.shape.low, parameter.shape.high)),
        _ => *setting,
    });
    filled.collect()
}

/// Whether everything that is possible in one is so in the other.
fn within(full: &Value, first: &Value, class: Class) -> bool {
    let held = match class {
        Class::Range => first.low <= full.low && full.high <= first.high,
        Class::Set => full.low & !first.low == 0,
    };
    (!full.may_be_some || first.may_be_some && held) && (!full.may_be_none || first.may_be_none)
}

/// How many answers were compared, and how many of them were known from the first.
#[derive(Debug, Default)]
struct Compared {
    answers: u64,
    known: u64,
    /// Cases in which something was put before the first listed event.
    before: u64,
}

fn compare(plan: &Plan, random: &mut Random, compared: &mut Compared) {
    let program = Program::compile(plan).unwrap();
    let outputs: &[Output] = &program.layout().outputs;
    for _ in 0..CASES {
        let settings = generate::settings(random, plan);
        let case = generate::case(random, plan);
        let first = evaluate(plan, &case, &settings);
        for _ in 0..WAYS {
            let full_case = complete(random, plan, &case);
            let full_settings = set(random, plan, &settings);
            let full = evaluate(plan, &full_case, &full_settings);
            // Of an event after `as of` that ends before it starts no claim says so.
            if first.broken.is_some() || full.broken.is_some() || ends_too_early(plan, &full_case) {
                continue;
            }
            let opening = |case: &Case| case.events.first().and_then(|event| event.at.known());
            compared.before += u64::from(opening(&full_case) < opening(&case));
            for output in outputs {
                let (before, after) = (first.cells.get(output.cell).unwrap(), full.cells.get(output.cell).unwrap());
                let class = output.shape.class;
                // What is taken to be there and is not could be anything; no rule looks at it.
                if !after.is_known(class) {
                    continue;
                }
                compared.answers += 1;
                compared.known += u64::from(before.is_known(class));
                assert!(
                    within(after, before, class),
                    "cell {:?}: {after:?} is not within {before:?}\n{case:?}\n{full_case:?}\n{settings:?}\n{:#?}",
                    output.cell,
                    plan.steps
                );
            }
        }
    }
}

#[test]
fn random_plans_allow_what_a_case_turns_out_to_be() {
    let mut random = Random::new(11);
    let mut compared = Compared::default();
    for _ in 0..if cfg!(debug_assertions) { 20 } else { PLANS } {
        let plan = generate::plan_of_a_rule(&mut random);
        compare(&plan, &mut random, &mut compared);
    }
    println!("{compared:?}");
    assert!(compared.known > 0 && compared.known < compared.answers && compared.before > 0, "{compared:?}");
}

#[test]
fn authored_rules_allow_what_a_case_turns_out_to_be() {
    let mut random = Random::new(12);
    let mut compared = Compared::default();
    let samples = [include_str!("samples/case.concord"), include_str!("samples/audit_sepsis.concord")];
    let rules = packages::sampled(12).cloned();
    for package in rules.chain(samples.into_iter().map(packages::compile)) {
        for _ in 0..if cfg!(debug_assertions) { 1 } else { 4 } {
            compare(&package.plan, &mut random, &mut compared);
        }
    }
    println!("{compared:?}");
    assert!(compared.known > 0 && compared.known < compared.answers && compared.before > 0, "{compared:?}");
}
