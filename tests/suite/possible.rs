//! What is possible of an answer while something is missing: it lies within what is proved, holds the answer of every
//! completion, and is settled by what it is said to need. On random plans, and on random texts for what typing makes of them.

use concord_engine::compile;
use concord_engine::evaluate::{Value, evaluate};
use concord_engine::plan::case::{Case, Datum, Occurrence, Settings, When};
use concord_engine::plan::{
    AnswerKind, CellId, Class, Contract, Expr, Id, Input, KindId, Needs, Op, Plan, Shape, Step, Unknown,
};
use concord_engine::text::Source;
use concord_engine::values::calendar::{DAY, HOUR};

use crate::generate::{self, Random};

/// Cases of one plan, and completions of each.
const CASES: usize = 40;
const COMPLETIONS: usize = 6;

/// How much later a case is judged whose answers need time: all deadlines here are within months.
const A_LONG_TIME: i64 = 200 * DAY;

/// Plans and texts.
const PLANS: usize = if cfg!(debug_assertions) { 100 } else { 1_500 };
const TEXTS: usize = if cfg!(debug_assertions) { 100 } else { 3_000 };

#[test]
fn every_operator_keeps_to_what_is_proved() {
    let mut random = Random::new(11);
    let mut unknown = 0;
    for _ in 0..PLANS {
        let mut plan = generate::plan_of_a_rule(&mut random);
        assume_nothing(&mut plan);
        let cells = (0..plan.cells.len()).collect();
        unknown += check(&plan, &mut random, &Held { text: String::new(), rounds: plan.unknowns.len(), cells });
    }
    println!("{unknown} unknown answers");
    assert!(unknown > PLANS);
}

#[test]
fn what_is_written_keeps_to_what_is_proved() {
    let mut random = Random::new(12);
    let (mut compiled, mut unknown) = (0, 0);
    for _ in 0..TEXTS {
        let text = generate::text(&mut random);
        let source = Source { name: "random.concord".to_owned(), text: text.clone() };
        if let Some(package) = compile::compile(&source).package {
            compiled += 1;
            let cells = answered(&package.plan);
            unknown += check(&package.plan, &mut random, &Held { text, rounds: 1, cells });
        }
    }
    println!("{compiled} of {TEXTS} compiled, {unknown} unknown answers");
    assert!(compiled > TEXTS / 4 && unknown > compiled);
}

#[test]
fn every_construct_keeps_to_what_is_proved() {
    let mut random = Random::new(13);
    let mut unknown = 0;
    for turn in 0..TEXTS / 10 {
        let written = generate::written(&mut random, turn);
        let held = Held { text: written.text, rounds: 1, cells: answered(&written.package.plan) };
        unknown += check(&written.package.plan, &mut random, &held);
    }
    println!("{unknown} unknown answers");
    assert!(unknown > TEXTS);
}

/// The cells that are asked for. By when an obligation without a trigger would be due, and what is done by then, means nothing.
fn answered(plan: &Plan) -> Vec<usize> {
    let asked = plan.answers.iter().map(|answer| match &answer.kind {
        AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => *cell,
        AnswerKind::Obligation(obligation) => obligation.verdict,
    });
    asked.map(CellId::place).collect()
}

/// How a plan is held.
struct Held {
    /// Its text, if it has one.
    text: String,
    /// How often more may turn out to be needed.
    rounds: usize,
    /// The cells that hold the answer of every completion, and that what is needed settles.
    cells: Vec<usize>,
}

/// Random plans take things for granted that are not so: what is assumed to be there is given a value instead.
fn assume_nothing(plan: &mut Plan) {
    for step in &mut plan.steps {
        match step {
            Step::Value { expr, .. } | Step::Column { expr, .. } => given(expr),
            Step::Table(table) => {
                table.columns.iter_mut().for_each(|column| given(&mut column.expr));
                table.rows.iter_mut().flat_map(|row| row.outputs.iter_mut().flatten()).for_each(given);
            }
        }
    }
}

fn given(expr: &mut Expr) {
    if let Op::Query(query) = &mut expr.op {
        query.alternatives.iter_mut().flat_map(|a| [&mut a.filter, &mut a.value]).for_each(given);
    }
    expr.op.operands_mut().into_iter().for_each(given);
    if let Op::Assume(x) = &mut expr.op {
        let otherwise = match expr.shape.class {
            Class::Set => Expr { op: Op::Choice(0), shape: Shape::set(1) },
            Class::Range => {
                Expr { op: Op::Constant(expr.shape.low), shape: Shape::range(expr.shape.low, expr.shape.low) }
            }
        };
        expr.op = if x.shape.optional { Op::Else(x.clone(), Box::new(otherwise)) } else { x.op.clone() };
    }
}

/// Holds random cases of a plan to all three; how many answers were unknown.
fn check(plan: &Plan, random: &mut Random, held: &Held) -> usize {
    let mut unknown = 0;
    for _ in 0..CASES {
        let (case, settings) = (generate::case(random, plan), generate::settings(random, plan));
        let outcome = evaluate(plan, &case, &settings);
        let told = |cell: usize, what: &str, other: &Value| {
            let value = &outcome.cells[cell];
            format!("{}\ncell {cell}: {value:?} {what} {other:?}\n{case:?}\n{settings:?}\n{:#?}", held.text, plan.steps)
        };
        for (cell, (value, shape)) in outcome.cells.iter().zip(&plan.cells).enumerate() {
            let proved = Value::anything(*shape, 0);
            assert!(holds(&proved, value, shape.class), "{}", told(cell, "is not within what is proved,", &proved));
            unknown += usize::from(!value.is_known(shape.class));
        }
        if outcome.broken.is_some() {
            continue;
        }
        for _ in 0..COMPLETIONS {
            let (whole, set) = completed(random, plan, &case, &settings, all_but_time(plan));
            let answers = evaluate(plan, &whole, &set);
            if answers.broken.is_some() || ends_too_early(plan, &whole) {
                continue;
            }
            for &cell in &held.cells {
                let (answer, shape) = (&answers.cells[cell], &plan.cells[cell]);
                let holds = holds(&outcome.cells[cell], answer, shape.class);
                assert!(holds, "{}\n{whole:?}\n{set:?}", told(cell, "does not hold", answer));
            }
        }
        for &cell in &held.cells {
            if let Some(left) = unsettled(random, plan, (&case, &settings), cell, held.rounds) {
                panic!("{}", told(cell, "is not settled by what it needs, only", &left));
            }
        }
    }
    unknown
}

/// What is left of an unknown answer when what it needs has been filled in; filled in, that may show that more is needed, so many
/// rounds of it; two more where time is needed, because then what has come by the later time counts as well.
fn unsettled(
    random: &mut Random,
    plan: &Plan,
    (case, settings): (&Case, &Settings),
    cell: usize,
    rounds: usize,
) -> Option<Value> {
    let (mut case, mut settings) = (case.clone(), settings.clone());
    let class = plan.cells[cell].class;
    let mut rounds = rounds;
    for round in 0.. {
        let outcome = evaluate(plan, &case, &settings);
        let value = outcome.cells[cell];
        if round == 0 && value.needs & !all_but_time(plan) != 0 {
            rounds += 2;
        }
        if value.is_known(class) || outcome.broken.is_some() {
            return None;
        }
        if value.needs == 0 || round == rounds {
            return Some(value);
        }
        (case, settings) = completed(random, plan, &case, &settings, value.needs);
        if ends_too_early(plan, &case) {
            return None;
        }
    }
    None
}

/// Whether an event ends before it starts, which none does; of one after `as of` no claim says so.
pub fn ends_too_early(plan: &Plan, case: &Case) -> bool {
    case.events.iter().any(|event| {
        let ends = plan.subject.events.get(event.kind).and_then(|kind| kind.ends);
        let end = ends.and_then(|field| event.fields.get(field.place()));
        let starts = match event.at {
            When::Known(start) | When::Between(start, _) => Some(start),
            When::Unknown => None,
        };
        matches!((starts, end), (Some(start), Some(Datum::Known(end) | Datum::Between(_, end))) if *end < start)
    })
}

/// Whether all that one value may be, another may be too.
fn holds(outer: &Value, inner: &Value, class: Class) -> bool {
    let some = !inner.may_be_some
        || (outer.may_be_some
            && match class {
                Class::Range => outer.low <= inner.low && inner.low <= inner.high && inner.high <= outer.high,
                Class::Set => inner.low & !outer.low == 0 && inner.low != 0,
            });
    some && (!inner.may_be_none || outer.may_be_none)
}

/// The case with what is missing filled in, as far as it is among `needs`; where time is, judged later.
fn completed(random: &mut Random, plan: &Plan, case: &Case, settings: &Settings, needs: Needs) -> (Case, Settings) {
    let mut case = case.clone();
    let wanted = |unknown: u8| needs >> unknown & 1 == 1;
    for (fact, input) in case.facts.iter_mut().zip(&plan.subject.inputs) {
        fill(random, fact, input, wanted(input.unknown));
    }
    for (kind, declared) in plan.subject.events.iter().enumerate() {
        if case.not_supplied >> kind & 1 == 1 && wanted(declared.unsupplied) {
            case.not_supplied &= !(1 << kind);
            for _ in 0..random.below(3) {
                let at = When::Known(case.as_of + HOUR * random.between(-30, 30));
                let mut fields = vec![Datum::Missing; declared.fields.len()];
                fields.iter_mut().zip(&declared.fields).for_each(|(field, input)| fill(random, field, input, true));
                case.events.push(Occurrence { kind: KindId::at(kind), at, fields });
            }
        }
    }
    for event in &mut case.events {
        let Some(declared) = plan.subject.events.get(event.kind) else { continue };
        for (field, input) in event.fields.iter_mut().zip(&declared.fields) {
            fill(random, field, input, wanted(input.unknown));
        }
        if wanted(declared.untimed) {
            event.at = match event.at {
                When::Unknown => When::Known(case.as_of + HOUR * random.between(-30, 30)),
                When::Between(first, last) => When::Known(random.between(first, last)),
                known => known,
            };
        }
    }
    case.sort_events(&plan.subject);
    let mut settings = settings.clone();
    for (setting, parameter) in settings.iter_mut().zip(&plan.parameters) {
        if setting.is_none() && parameter.value.is_none() && wanted(parameter.unknown) {
            let (low, high) = match parameter.contract {
                Contract::Within(low, high) => (low, high),
                _ => (parameter.shape.low, parameter.shape.high),
            };
            *setting = Some(random.between(low, high));
        }
    }
    if plan.unknowns.iter().enumerate().any(|(bit, unknown)| is_time(unknown) && needs >> bit & 1 == 1) {
        time_passes(plan, &mut case);
    }
    (case, settings)
}

/// All that may be filled in as of the same time.
fn all_but_time(plan: &Plan) -> Needs {
    let times = plan.unknowns.iter().enumerate().filter(|(_, unknown)| is_time(unknown));
    times.fold(Needs::MAX, |needs, (bit, _)| needs & !(1 << bit))
}

fn is_time(unknown: &Unknown) -> bool {
    matches!(unknown, Unknown::Decision(_))
}

/// The same case judged after every deadline, and after its end where a case can end.
fn time_passes(plan: &Plan, case: &mut Case) {
    case.as_of += A_LONG_TIME;
    if let Some(kind) = plan.subject.events.position(|kind| kind.name == "Discharge") {
        case.events.push(Occurrence { kind, at: When::Known(case.as_of - HOUR), fields: Vec::new() });
        case.sort_events(&plan.subject);
    }
}

fn fill(random: &mut Random, datum: &mut Datum, input: &Input, wanted: bool) {
    let (low, high, optional) = match *datum {
        Datum::Missing => (input.shape.low, input.shape.high, input.shape.optional),
        Datum::Between(low, high) => (low, high, false),
        Datum::None | Datum::Known(_) => return,
    };
    if wanted {
        let none = optional && random.percent(30);
        let value = match random.below(4) {
            0 => low,
            1 => high,
            _ => random.between(low, high),
        };
        *datum = if none { Datum::None } else { Datum::Known(value) };
    }
}
