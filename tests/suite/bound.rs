//! The work bound: how much a case can cost, as a formula in its events; and what is more than engines take at once.

use concord_cli::data::case_json::{Options, read_case};
use concord_engine::plan::bound::{MOST_WORK, most_events, work_bound};
use concord_engine::plan::case::{Case, Datum, Occurrence, When};
use concord_engine::plan::formula::{Formula, Real};
use concord_engine::plan::{
    Alternative, ById, CellId, ColumnId, Expr, Function, Id, InputId, KindId, Kinds, Op, Overlap, PathGives, PathOf,
    Plan, Query, Rounding, Shape, Step,
};
use concord_engine::values::real::Two;
use concord_wasm::abi::Identity;
use concord_wasm::emit::{Limits, emit};
use concord_wasm::run::{Calls, CaseFault, Program, Replied, RunError};

use crate::modules::assert_small;
use crate::packages::{authored, library};

fn expr(op: Op) -> Expr {
    Expr { op, shape: Shape::YES_NO }
}

fn boxed(op: Op) -> Box<Expr> {
    Box::new(expr(op))
}

fn query(function: Function, events: &[usize], filter: &Expr) -> Expr {
    let alternative = |event: &usize| Alternative {
        kinds: Kinds::one(KindId::at(*event)),
        filter: filter.clone(),
        value: expr(Op::At(0)),
    };
    expr(Op::Query(Box::new(Query { function, alternatives: events.iter().map(alternative).collect() })))
}

fn bound(e: &Expr, holidays: &[i64]) -> String {
    let mut plan = empty();
    plan.holidays = holidays.to_vec();
    plan.steps.push(Step::Value { cell: CellId::at(0), expr: e.clone() });
    work_bound(&plan).to_string()
}

fn empty() -> Plan {
    Plan::default()
}

#[test]
fn without_events_the_operators_are_counted() {
    assert_eq!(work_bound(&empty()).to_string(), "0");
    let sum = expr(Op::Add(boxed(Op::Input(InputId::at(0))), boxed(Op::Constant(1))));
    assert_eq!(bound(&sum, &[]), "3");
    let either = expr(Op::If(boxed(Op::Input(InputId::at(0))), Box::new(sum.clone()), Box::new(sum)));
    assert_eq!(bound(&either, &[]), "8");
}

#[test]
fn a_question_counts_its_filter_for_each_event() {
    let yes = expr(Op::Constant(1));
    assert_eq!(bound(&query(Function::Count, &[0], &yes), &[]), "3 + 2 n");
    assert_eq!(bound(&query(Function::First, &[0], &yes), &[]), "4 + 3 n");
    assert_eq!(bound(&query(Function::First, &[0, 1], &yes), &[]), "7 + 3 n");
    assert_eq!(bound(&query(Function::First, &[0, 0], &yes), &[]), "6 + 5 n");
    assert_eq!(bound(&query(Function::Nth(2), &[0], &yes), &[]), "4 + 3 n");
    assert_eq!(bound(&query(Function::MedianDoubled, &[0], &yes), &[]), "72 + 71 n");
}

/// Two tables' worth of moves for each event, one look at each event besides.
#[test]
fn a_path_counts_its_states_and_symbols_for_each_event() {
    let (kinds, next) = (Kinds(0b101), vec![0; 12]);
    let path = PathOf { kinds, column: ColumnId::at(0), states: 4, symbols: 3, next, left: 0, gives: PathGives::State };
    assert_eq!(bound(&expr(Op::Path(Box::new(path))), &[]), "77 + 26 n");
}

#[test]
fn questions_inside_questions_multiply() {
    let yes = expr(Op::Constant(1));
    let inner = query(Function::Any, &[0], &yes);
    let middle = query(Function::Any, &[0], &inner);
    assert_eq!(bound(&middle, &[]), "5 + 6 n + 2 n²");
    let outer = query(Function::Any, &[0], &middle);
    assert_eq!(bound(&outer, &[]), "7 + 12 n + 8 n² + 2 n³");
    let plan = work_bound(&Plan { steps: vec![Step::Value { cell: CellId::at(0), expr: outer }].into(), ..empty() });
    assert_eq!(plan.at(0, 0), 7);
    assert_eq!(plan.at(10, 0), 7 + 120 + 800 + 2_000);
}

#[test]
fn the_calendars_day_loops_are_constants() {
    let days = expr(Op::AddWorkingDays(boxed(Op::Input(InputId::at(0))), boxed(Op::Input(InputId::at(1)))));
    assert_eq!(bound(&days, &[]), (3 + 2 * (1_400 + 7)).to_string());
    assert_eq!(bound(&days, &[1, 2, 3, 4, 5]), (3 + 2 * (1_407 + 7)).to_string());
    let overlap = Overlap { start: expr(Op::Input(InputId::at(0))), end: expr(Op::AsOf), from: 0, until: 1 };
    assert_eq!(bound(&expr(Op::Overlap(Box::new(overlap))), &[]), "3");
}

#[test]
fn a_package_of_very_many_values_is_cut() {
    let count = 60_000;
    let value = |cell: usize| match cell {
        0 => expr(Op::AsOf),
        _ => expr(Op::Add(boxed(Op::Cell(CellId::at(cell - 1))), boxed(Op::AsOf))),
    };
    let steps = (0..count).map(|cell| Step::Value { cell: CellId::at(cell), expr: value(cell) }).collect();
    let plan = Plan { steps, cells: ById::filled(Shape::range(0, i64::MAX >> 1), count), ..empty() };
    assert_small(&emit(&plan).unwrap().bytes, Limits::ENGINES);
}

#[test]
fn each_step_of_a_formula_counts() {
    let root = Real::Root(Box::new(Real::Two(Two::Multiply, boxed_real(0), boxed_real(1))));
    let operands =
        vec![expr(Op::Input(InputId::at(0))), expr(Op::Add(boxed(Op::Input(InputId::at(0))), boxed(Op::Constant(1))))];
    let formula = Formula { operands, value: root, places: 0, how: Rounding::HalfUp };
    assert_eq!(bound(&expr(Op::Formula(Box::new(formula))), &[]), (1 + 4 + 1 + 3).to_string());
}

fn boxed_real(operand: usize) -> Box<Real> {
    Box::new(Real::Operand(operand, 0))
}

/// The rules of the library that take fewer events than any case may have.
#[test]
fn rules_whose_work_grows_with_the_square_of_the_events_take_fewer() {
    let limited = library().iter().filter_map(|of| Some((of.path.as_str(), of.package().plan.fewer_events?)));
    let expected = [
        ("acute/daily_review", 3_888),
        ("acute/seven_day", 10_531),
        ("cancer/cwt", 11_936),
        ("corporate/hiring", 6_897),
        ("diagnostics/endoscopy", 8_157),
        ("eye/cataract", 6_198),
        ("eye/network", 6_318),
        ("eye/rop", 8_158),
        ("labs/aseptic", 9_125),
        ("labs/blood_culture", 4_711),
        ("workforce/rota_tcs2016", 2_588),
    ];
    assert_eq!(limited.collect::<Vec<_>>(), expected);
    let plan = &authored("workforce/rota_tcs2016").plan;
    let (work, most) = (work_bound(plan), u64::from(most_events(plan).unwrap()));
    assert!(work.at(most, 0) <= MOST_WORK && MOST_WORK < work.at(most + 1, 0));
}

/// Shifts one after the other.
fn shifts(plan: &Plan, count: i64) -> Case {
    let at = 1_700_000_000_000;
    let shift = |place: i64| Occurrence {
        kind: KindId::at(0),
        at: When::Known(at + 1_000 * place),
        fields: vec![Datum::Missing; plan.subject.events.get(KindId::at(0)).unwrap().fields.len()],
    };
    let facts = vec![Datum::Missing; plan.subject.inputs.len()];
    Case { as_of: at + (1 << 40), facts, events: (0..count).map(shift).collect(), ..Case::default() }
}

#[test]
fn more_events_than_a_rule_takes_are_refused_by_every_entry() {
    let package = authored("workforce/rota_tcs2016");
    let plan = &package.plan;
    let most = plan.most_events();
    let program = Program::compile_named(plan, Some(&Identity::of(&package)), Calls::Many).unwrap();
    let (mut instance, layout) = (program.instance().unwrap(), program.layout());
    let settings = vec![None; plan.parameters.len()];
    let too_many = |case: usize| RunError::Case(case, CaseFault::TooManyEvents);
    assert_eq!(instance.evaluate(&shifts(plan, most + 1), &settings), Err(too_many(0)));
    let cases = [shifts(plan, 1), shifts(plan, most + 1)];
    assert_eq!(instance.evaluate_batch(&cases, &settings), Err(too_many(1)));
    // The module refuses them by itself, however much room it is given.
    let placed = instance.place_record(&shifts(plan, most)).unwrap();
    let room = layout.workspace_each * layout.places(70_000);
    instance.reserve(u64::from(placed.end + room)).unwrap();
    assert_eq!(instance.call_set_workspace(placed.end, room), Ok(i32::try_from(most).unwrap()));
    let count = (placed.record + layout.record_in_events + 8) as usize;
    instance.memory()[count..count + 4].copy_from_slice(&(most as u32 + 1).to_le_bytes());
    assert_eq!(instance.call_record(placed.record, placed.out), Ok(4));
    let batch = instance.place_batch(&[shifts(plan, 1)]).unwrap();
    let offsets = (batch.columns + layout.columns_events) as usize;
    let at = u32::from_le_bytes(instance.memory()[offsets..offsets + 4].try_into().unwrap()) as usize;
    instance.memory()[at + 4..at + 8].copy_from_slice(&(most as u32 + 1).to_le_bytes());
    assert_eq!(instance.call_batch(1, batch.columns, batch.out), Ok(-2));
    let events = vec![r#"{"event": "Shift", "at": "2026-03-01T08:00:00Z"}"#; most as usize + 1].join(",");
    let text = format!(r#"{{"as_of": "2026-06-01T00:00:00Z", "events": [{events}]}}"#);
    let Replied::Refused(told) = instance.evaluate_json(text.as_bytes()).unwrap() else { panic!("it was answered") };
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains(r#"{"code":"D15","at":"/events"}"#), "{told}");
    let faults = read_case(plan, text.as_bytes(), Options::default()).unwrap_err();
    assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["D15"]);
}
