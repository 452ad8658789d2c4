//! The reference interpreter: what a plan means, written to be read.
//!
//! It walks the plan as it stands, one case at a time, and is the model that the compiled module is held to.
//! What a column holds is worked out once for each event, and where that is a running query, in one
//! pass over them (`plan::Running`); there is no other fast path.

mod asked;
mod at_hand;
mod column;
mod fact;
mod logic;
mod path;
mod query;
mod table;
mod times;
pub mod value;
mod verdict;

use crate::plan::case::{Case, Settings};
use crate::plan::{ById, CellId, Claim, Class, ColumnId, Expr, JudgedEach, Obligation, Op, Plan, Step, Verdict};
pub use crate::values::rounding::quotient;
pub use asked::Evaluated;
use at_hand::AtHand;
pub use value::{Known, Value};

/// Everything a plan says about one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// One for each cell of the plan.
    pub cells: ById<CellId, Value>,
    /// The first `impossible` claim that this case breaks.
    pub broken: Option<Claim>,
    /// The judgements on events, for each entry of [`Plan::judged`] in the order of the case.
    pub judged: Vec<Vec<Judgement>>,
}

/// What is worked out about one event that may be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The place of the event in the case.
    pub event: usize,
    /// What its columns hold, in the order of [`JudgedEach::columns`].
    pub values: Vec<Value>,
}

impl Judgement {
    /// The one thing that is possible of a column, by its place; nothing where several are.
    #[must_use]
    pub fn only(&self, plan: &Plan, each: &JudgedEach, place: usize) -> Option<Known> {
        let shape = plan.columns.get(*each.columns().get(place)?)?.shape;
        self.values.get(place)?.only(shape.class)
    }
}

impl Outcome {
    /// The one thing that is possible of a cell; nothing where several are.
    #[must_use]
    #[inline]
    pub fn only(&self, plan: &Plan, cell: CellId) -> Option<Known> {
        self.cells.get(cell)?.only(plan.cells.get(cell)?.class)
    }

    /// The verdict on an obligation; nothing where several are possible.
    #[must_use]
    #[inline]
    pub fn verdict(&self, plan: &Plan, obligation: &Obligation) -> Option<Verdict> {
        Verdict::ALL.get(self.only(plan, obligation.verdict)?.place()?).copied()
    }
}

/// Evaluates every step of `plan` for `case`.
///
/// Cases and settings that do not fit the plan's shape count as missing: reading and range checks come before.
#[must_use]
pub fn evaluate(plan: &Plan, case: &Case, settings: &Settings) -> Outcome {
    evaluate_counting(plan, case, settings).0
}

/// The same, and how many operators were worked out for it: never more than [`crate::plan::bound::work_bound`] says.
#[must_use]
pub fn evaluate_counting(plan: &Plan, case: &Case, settings: &Settings) -> (Outcome, u64) {
    let machine = Machine::run(plan, case, settings);
    let judged = plan.judged.iter().map(|each| machine.judgements(each)).collect();
    (Outcome { cells: machine.cells, broken: machine.broken, judged }, machine.work.get())
}

struct Machine<'a> {
    plan: &'a Plan,
    case: &'a Case,
    settings: &'a Settings,
    cells: ById<CellId, Value>,
    /// What each column holds for each event, nothing for those of other kinds.
    columns: ById<ColumnId, Vec<Option<Value>>>,
    broken: Option<Claim>,
    /// How many operators have been worked out.
    work: std::cell::Cell<u64>,
}

impl<'a> Machine<'a> {
    /// A machine in which every step of the plan is done.
    fn run(plan: &'a Plan, case: &'a Case, settings: &'a Settings) -> Machine<'a> {
        let mut machine = Machine {
            plan,
            case,
            settings,
            cells: ById::filled(Value::none(), plan.cells.len()),
            columns: ById::filled(Vec::new(), plan.columns.len()),
            broken: None,
            work: std::cell::Cell::new(0),
        };
        for (index, step) in plan.steps.placed() {
            match step {
                Step::Value { cell, expr } => {
                    let value = machine.eval(expr, AtHand::default());
                    machine.fill(*cell, value);
                }
                Step::Column { column, kinds, expr } => machine.column(*column, *kinds, expr),
                Step::Table(table) => machine.table(index, table),
            }
        }
        machine
    }
}

impl Machine<'_> {
    fn fill(&mut self, cell: CellId, value: Value) {
        if let Some(place) = self.cells.get_mut(cell) {
            *place = value;
        }
    }

    fn cell(&self, cell: CellId) -> Value {
        self.cells.get(cell).copied().unwrap_or_else(Value::none)
    }

    fn class(&self, cell: CellId) -> Class {
        self.plan.cells.get(cell).map_or(Class::Range, |shape| shape.class)
    }

    #[allow(clippy::too_many_lines, reason = "one arm for each operator")]
    fn eval(&self, expr: &Expr, event: AtHand) -> Value {
        let eval = |e: &Expr| self.eval(e, event);
        self.work.set(self.work.get() + 1);
        match &expr.op {
            Op::Constant(value) => Value::known(*value),
            Op::Choice(variant) => Value::choice(i64::from(*variant)),
            Op::None => Value::none(),
            Op::Input(index) => self.input(*index),
            Op::Field(kind, field, level) => self.field(*kind, *field, event.at(*level)),
            Op::At(level) => self.at(event.at(*level)),
            Op::Order(level) => self.order(event.at(*level)),
            Op::AsOf => Value::known(self.case.as_of),
            Op::Parameter(index) => self.parameter(*index),
            Op::Cell(cell) => self.cell(*cell),
            Op::Column(column, level) => self.of_column(*column, event.at(*level)),
            Op::Negate(x) => eval(x).arithmetic(Value::known(0), |x, _| (-x.high, -x.low)),
            Op::Add(a, b) => eval(a).arithmetic(eval(b), |a, b| (a.low + b.low, a.high + b.high)),
            Op::Subtract(a, b) => eval(a).arithmetic(eval(b), |a, b| (a.low - b.high, a.high - b.low)),
            Op::Multiply(a, b) => eval(a).arithmetic(eval(b), product),
            Op::Lowest(items) => fold(items.iter().map(eval), |a, b| (a.low.min(b.low), a.high.min(b.high))),
            Op::Highest(items) => fold(items.iter().map(eval), |a, b| (a.low.max(b.low), a.high.max(b.high))),
            Op::LessOrEqual(a, b) | Op::Equal(a, b) if event.is_one(&a.op, &b.op) => Value::yes_no(true),
            Op::Less(a, b) if event.is_one(&a.op, &b.op) => Value::yes_no(false),
            Op::LessOrEqual(a, b) => eval(a).tested_with(eval(b), |a, b| (a.high <= b.low, a.low <= b.high)),
            Op::Less(a, b) => eval(a).tested_with(eval(b), |a, b| (a.high < b.low, a.low < b.high)),
            Op::Equal(a, b) => eval(a).tested_with(eval(b), |a, b| {
                let both_known = a.low == a.high && b.low == b.high;
                (both_known && a.low == b.low, a.low <= b.high && b.low <= a.high)
            }),
            Op::Within(x, low, high) => eval(x).tested_with(Value::known(0), |x, _| {
                (x.low >= *low && x.high <= *high, x.low <= *high && *low <= x.high)
            }),
            Op::OneOf(x, mask) => eval(x).tested_with(Value::known(0), |x, _| {
                let mask = mask.cast_signed();
                (x.low & !mask == 0, x.low & mask != 0)
            }),
            Op::Decided(x, mask, needs) => eval(x).decided(mask.cast_signed(), *needs),
            Op::SameChoice(a, b) => {
                eval(a).tested_with(eval(b), |a, b| (a.low == b.low && a.low.count_ones() == 1, a.low & b.low != 0))
            }
            Op::Not(x) => not(eval(x)),
            Op::And(items) => self.all(items, event),
            Op::Or(items) => self.any(items, event),
            Op::IsNone(x) => {
                let x = eval(x);
                Value::test(!x.may_be_some, x.may_be_none, x.needs)
            }
            Op::Assume(x) => self.assume(x, expr.shape, event),
            Op::Else(x, y) => self.otherwise(expr.shape.class, eval(x), y, event),
            Op::If(condition, then, otherwise) => {
                self.choose(eval(condition), [then, otherwise], expr.shape.class, event)
            }
            Op::Rest(condition, value) => self.rest(condition, value, event),
            Op::FirstYes(items) => self.first_yes(items, event),
            Op::Query(query) => self.query(query, expr.shape, event),
            Op::Path(path) => self.path(path),
            Op::Divide(a, b, how) => eval(a).arithmetic(eval(b), |a, b| times::divide(a, b, *how)),
            Op::Formula(f) => times::formula(f, f.operands.iter().map(eval)),
            Op::Call(call, operands) => times::worked_out(operands.iter().map(eval), |ends| call.ends(ends)),
            Op::InList(x, list) => times::in_list(eval(x), self.plan.lists.get(*list).map_or(&[], |l| &l.values)),
            Op::AddWorkingDays(date, count) => {
                eval(date).arithmetic(eval(count), |d, n| times::add_working_days(d, n, &self.plan.holidays))
            }
            Op::Weekday(date) => times::weekday(eval(date)),
            Op::Overlap(o) => eval(&o.start).arithmetic(eval(&o.end), |a, b| times::overlap(a, b, o.from, o.until)),
            Op::Verdict(verdict) => self.verdict(verdict, event),
        }
    }
}

fn not(x: Value) -> Value {
    Value { low: 1 - x.high, high: 1 - x.low, ..x }
}

fn product(a: Value, b: Value) -> (i64, i64) {
    let corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
    // There are four corners, so there is a least.
    let least = corners.iter().copied().min().unwrap_or(0);
    // And a greatest.
    let greatest = corners.iter().copied().max().unwrap_or(0);
    (least, greatest)
}

fn fold(mut values: impl Iterator<Item = Value>, ends: impl Fn(Value, Value) -> (i64, i64)) -> Value {
    let first = values.next().unwrap_or_else(|| Value::known(0));
    values.fold(first, |sum, next| sum.arithmetic(next, &ends))
}
