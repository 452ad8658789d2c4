//! Running queries: one pass over the events gives what asking anew at each event gives, in random plans and for a clock on every small
//! timeline; and what a case costs grows with its events and not with their square.

use std::time::{Duration, Instant};

use concord_engine::evaluate::evaluate;
use concord_engine::plan::bound::work_bound;
use concord_engine::plan::case::{Case, Datum, Occurrence, Settings, When};
use concord_engine::plan::operators::speaks_of_events;
use concord_engine::plan::{Expr, FieldId, Id, InputId, KindId, Op, Plan, Running, Step};
use concord_engine::values::calendar::{DAY, HOUR};
use concord_tests::text::whole;
use concord_wasm::run::Program;

use crate::generate::{self, Random};
use crate::packages;
use crate::sentences::same_in_module;
use crate::sentences::timelines::{case, known_between, timelines};

/// The same plan without running queries: each condition that compares the current event with another stands in an `or` of its own.
fn plainly(plan: &Plan) -> Plan {
    let mut plain = plan.clone();
    for step in &mut plain.steps {
        if let Step::Column { expr, .. } = step
            && Running::of(expr).is_some()
            && let Op::Query(query) = &mut expr.op
        {
            query.alternatives.iter_mut().for_each(|alternative| hide(&mut alternative.filter));
            assert!(Running::of(expr).is_none());
        }
    }
    plain
}

fn hide(condition: &mut Expr) {
    if let Op::And(items) = &mut condition.op {
        items.iter_mut().for_each(hide);
    } else if matches!(condition.op, Op::Less(..) | Op::LessOrEqual(..)) && speaks_of_events(condition) {
        condition.op = Op::Or(vec![condition.clone()]);
    }
}

fn running_columns(plan: &Plan) -> usize {
    let is_running = |step: &&Step| matches!(step, Step::Column { expr, .. } if Running::of(expr).is_some());
    plan.steps.iter().filter(is_running).count()
}

#[test]
fn one_pass_gives_what_asking_anew_gives() {
    let mut random = Random::new(7);
    let mut found = 0;
    while found < 300 {
        let plan = generate::plan(&mut random);
        let columns = running_columns(&plan);
        if columns == 0 {
            continue;
        }
        found += columns;
        let plain = plainly(&plan);
        for _ in 0..60 {
            let (case, settings) = (generate::case(&mut random, &plan), generate::settings(&mut random, &plan));
            let (once, anew) = (evaluate(&plan, &case, &settings), evaluate(&plain, &case, &settings));
            assert_eq!(once, anew, "{case:?}\n{settings:?}\n{:#?}", plan.steps);
        }
    }
}

const CLOCKS: [&str; 3] = [
    "clock k { start A stop B as done nullify C }",
    "clock k { start A start B where at > 2026-01-05 09:01 stop C as done stop B as ended }",
    "clock k { start A pause B stop C where at > 2026-01-05 09:01 as done resume C }",
];

#[test]
fn a_clock_goes_once_through_every_timeline() {
    let mut cases = Vec::new();
    for timeline in (0..=4).flat_map(|events| timelines(events, 3, &[0, 1, 2])) {
        cases.push(case(&timeline, &[], 0, 3));
        if timeline.len() > 3 {
            continue;
        }
        for kind in 0..3 {
            let unplaced = case(&timeline, &[kind], 0, 2);
            let mut between = unplaced.clone();
            known_between(&mut between, 1, 2);
            cases.extend([unplaced, between, case(&timeline, &[], 1 << kind, 2)]);
        }
    }
    for clock in CLOCKS {
        let text = format!("subject S {{\n  event A\n  event B\n  event C\n}}\n{clock}\n");
        let plan = packages::compile(&whole(&text)).plan;
        let plain = plainly(&plan);
        assert!(running_columns(&plan) > 2, "{clock}");
        for case in &cases {
            let settings = Settings::new();
            assert_eq!(evaluate(&plan, case, &settings), evaluate(&plain, case, &settings), "{clock} {case:?}");
        }
        same_in_module(&plan, &cases);
    }
}

#[test]
fn a_query_inside_a_query_is_looked_up() {
    for (said, powers) in [
        ("define d = count A called a where (first B after a.at) - at < 1 h", 2),
        ("define d = count A where (last B before at) > 2026-01-05 09:00", 2),
        ("define d = highest (count B since this.at) of A called this", 2),
        ("define d = count A called a where (count B where days from at to a.at in 0..4) > 1", 3),
        ("define d = count A called a where (any B since a.at where at - 1 h < a.at)", 2),
        ("define d = count A called a where not (any B within 1 h before a.at)", 2),
        ("clock k { start A stop B }", 2),
    ] {
        let text = format!("subject S {{\n  event A\n  event B\n}}\n{said}\n");
        let work = work_bound(&packages::compile(&whole(&text)).plan);
        assert_eq!(work.factors.len(), powers, "{said}: {work}");
    }
}

/// How many events: three sizes a decade apart, the last the most that a case may have.
const SIZES: [usize; 3] = [655, 6_553, 65_535];

/// A referral and so many events after it, of each kind of treatment status and side in turn.
fn pathway(plan: &Plan, events: usize) -> Case {
    let kind = |name: &str| plan.subject.events.position(|kind| kind.name == name).unwrap();
    let code = |text: &str| concord_engine::values::codes::pack(text).unwrap();
    let start = 20_458 * DAY;
    let referral = Occurrence { kind: kind("Referral"), at: When::Known(start), fields: vec![Datum::Known(1)] };
    let status = (1..events).map(|number| {
        let code = code(["30", "11", "33", "21", "31", "99"][number % 6]);
        let at = When::Known(start + HOUR / 60 * i64::try_from(number).unwrap());
        let side = i64::from(number % 5 == 0);
        Occurrence { kind: kind("Status"), at, fields: vec![Datum::Known(code), Datum::Known(side)] }
    });
    let facts = plan.subject.inputs.iter().map(|input| match input.shape.optional {
        true => Datum::None,
        false => Datum::Known(input.shape.low),
    });
    Case {
        as_of: start + 300 * DAY,
        facts: facts.collect(),
        events: std::iter::once(referral).chain(status).collect(),
        ..Case::default()
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// The case as it is, without a fact, and without a field of an event in the middle.
fn told_and_untold(plan: &Plan, events: usize) -> [(&'static str, Case); 3] {
    let told = pathway(plan, events);
    let (mut no_fact, mut no_field) = (told.clone(), told.clone());
    let due = plan.subject.inputs.position(|input| input.name == "planned_due_on").unwrap();
    no_fact.facts[InputId::place(due)] = Datum::Missing;
    no_field.events[events / 2].fields[FieldId::at(0).place()] = Datum::Missing;
    [("complete", told), ("a fact missing", no_fact), ("a field missing", no_field)]
}

#[test]
fn the_longest_pathway_is_as_quick_as_its_events_are_many() {
    let plan = packages::authored("elective/rtt").plan;
    assert_eq!(KindId::at(0), plan.subject.events.position(|kind| kind.name == "Referral").unwrap());
    let program = Program::compile(&plan).unwrap();
    let mut instance = program.instance().unwrap();
    let settings = Settings::new();
    for which in 0..3 {
        let mut times = Vec::new();
        for events in SIZES {
            let (name, case) = told_and_untold(&plan, events)[which].clone();
            let (reference, interpreter) = timed(|| program.visible(&evaluate(&plan, &case, &settings)));
            let (one, record) = timed(|| instance.evaluate(&case, &settings).unwrap());
            let (many, batch) = timed(|| instance.evaluate_batch(std::slice::from_ref(&case), &settings).unwrap());
            assert_eq!((&one, &many[0]), (&reference, &reference), "{name}, {events}");
            println!("{name}, {events} events: interpreter {interpreter:?}, record {record:?}, batch {batch:?}");
            times.push([interpreter, record, batch]);
        }
        for (middle, last) in times[1].iter().zip(times[2]) {
            // Of the square of the events it would be a hundred times; on a busy machine ten times may seem more.
            assert!(last < *middle * 40 + Duration::from_millis(100), "{times:?}");
        }
    }
}
