//! The work bound: how much a case can cost, as a formula in its events; and what is more than engines take at once.

use concord_engine::plan::bound::work_bound;
use concord_engine::plan::formula::{Formula, Real};
use concord_engine::plan::{
    Alternative, ById, CellId, ColumnId, Expr, Function, Id, InputId, KindId, Kinds, Op, Overlap, PathGives, PathOf,
    Plan, Query, Rounding, Shape, Step,
};
use concord_engine::values::real::Two;
use concord_wasm::emit::{Limits, emit};

use crate::modules::assert_small;

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
    assert_eq!(bound(&expr(Op::Overlap(Box::new(overlap))), &[]), (3 + 401).to_string());
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
