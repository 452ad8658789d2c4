//! The reference interpreter: what a plan means, written to be read.
//!
//! It walks the plan as it stands, one case at a time, and is the model that the compiled module is held to.
//! It has no fast path and no cache.

mod path;
mod query;
mod times;
pub mod value;
mod verdict;

use std::collections::BTreeMap;

use crate::plan::case::{Case, Datum, Settings};
use crate::plan::{Class, Expr, Level, MAX_LEVELS, Needs, Op, Plan, Shape, Step, Table};
pub use crate::values::rounding::quotient;
pub use value::Value;

/// Everything a plan says about one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// One for each cell of the plan.
    pub cells: Vec<Value>,
    /// The table (by step) and row of the first `impossible` claim that this case breaks.
    pub broken: Option<(usize, usize)>,
}

/// Evaluates every step of `plan` for `case`.
///
/// Cases and settings that do not fit the plan's shape count as missing: reading and range checks come before.
#[must_use]
pub fn evaluate(plan: &Plan, case: &Case, settings: &Settings) -> Outcome {
    let mut machine = Machine {
        plan,
        case,
        settings,
        cells: vec![Value::none(); plan.cells.len()],
        columns: vec![BTreeMap::new(); plan.columns.len()],
        broken: None,
    };
    for (index, step) in plan.steps.iter().enumerate() {
        match step {
            Step::Value { cell, expr } => {
                let value = machine.eval(expr, AtHand::default());
                machine.fill(*cell, value);
            }
            Step::Column { column, kinds, expr } => machine.column(*column, *kinds, expr),
            Step::Table(table) => machine.table(index, table),
        }
    }
    Outcome { cells: machine.cells, broken: machine.broken }
}

/// An event in scope: one supplied (by place), or the one that an export may have left out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Supplied(usize),
    LeftOut(usize),
}

/// The events in scope, the innermost query's first.
#[derive(Clone, Copy, Default)]
struct AtHand {
    events: [Option<Event>; MAX_LEVELS as usize],
}

impl AtHand {
    /// With one more query inside those there are.
    fn with(self, event: Event) -> AtHand {
        let mut events = self.events;
        events.rotate_right(1);
        if let Some(first) = events.first_mut() {
            *first = Some(event);
        }
        AtHand { events }
    }

    fn at(self, level: Level) -> Option<Event> {
        self.events.get(usize::from(level)).copied().flatten()
    }
}

struct Machine<'a> {
    plan: &'a Plan,
    case: &'a Case,
    settings: &'a Settings,
    cells: Vec<Value>,
    /// What each column holds for each event.
    columns: Vec<BTreeMap<Event, Value>>,
    broken: Option<(usize, usize)>,
}

impl Machine<'_> {
    fn fill(&mut self, cell: usize, value: Value) {
        if let Some(place) = self.cells.get_mut(cell) {
            *place = value;
        }
    }

    fn cell(&self, cell: usize) -> Value {
        self.cells.get(cell).copied().unwrap_or_else(Value::none)
    }

    fn table(&mut self, step: usize, table: &Table) {
        let classes: Vec<Class> = table.output_cells.iter().map(|c| self.class(*c)).collect();
        let mut row_value: Option<Value> = None;
        let mut values: Vec<Value> = Vec::new();
        let mut claim = None;
        let mut needs: Needs = 0;
        for (number, row) in table.rows.iter().enumerate() {
            let matches = self.all(&row.conditions, AtHand::default());
            if !matches.may_be_yes() {
                continue;
            }
            needs |= matches.needs;
            let certain = matches.is_yes();
            let Some(outputs) = &row.outputs else {
                claim = claim.or(Some(number));
                if certain {
                    if !table.first {
                        row_value = None;
                    }
                    break;
                }
                continue;
            };
            let place = Value::known(i64::try_from(number).unwrap_or(i64::MAX));
            let outputs: Vec<Value> = outputs.iter().map(|o| self.eval(o, AtHand::default())).collect();
            let replace = row_value.is_none() || (certain && !table.first);
            row_value = Some(if replace { place } else { row_value.unwrap_or(place).or_else(place, Class::Range) });
            if replace {
                values = outputs;
            } else {
                values = values.iter().zip(&outputs).zip(&classes).map(|((a, b), c)| a.or_else(*b, *c)).collect();
            }
            if certain {
                if !table.first {
                    needs = 0;
                }
                break;
            }
        }
        self.fill_table(step, table, needs, row_value.map(|row| (row, values)), claim);
    }

    /// Writes a table's cells: the row and outputs found, or, when only a claim was left, anything at all.
    fn fill_table(
        &mut self,
        step: usize,
        table: &Table,
        needs: Needs,
        found: Option<(Value, Vec<Value>)>,
        claim: Option<usize>,
    ) {
        if let Some((row, values)) = found {
            let row = Value { needs: row.needs | needs, ..row }.settled(Class::Range);
            self.fill(table.row_cell, row);
            for (cell, value) in table.output_cells.iter().zip(values) {
                let class = self.class(*cell);
                self.fill(*cell, Value { needs: value.needs | needs, ..value }.settled(class));
            }
            return;
        }
        let row = claim.unwrap_or(0);
        self.broken = self.broken.or(Some((step, row)));
        self.fill(table.row_cell, Value::known(i64::try_from(row).unwrap_or(i64::MAX)));
        for cell in &table.output_cells {
            let shape = self.plan.cells.get(*cell).copied().unwrap_or(Shape::YES_NO);
            self.fill(*cell, Value::anything(shape, 0));
        }
    }

    fn class(&self, cell: usize) -> Class {
        self.plan.cells.get(cell).map_or(Class::Range, |shape| shape.class)
    }

    #[allow(clippy::too_many_lines, reason = "one arm for each operator")]
    fn eval(&self, expr: &Expr, event: AtHand) -> Value {
        let eval = |e: &Expr| self.eval(e, event);
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
            Op::SameChoice(a, b) => {
                eval(a).tested_with(eval(b), |a, b| (a.low == b.low && a.low.count_ones() == 1, a.low & b.low != 0))
            }
            Op::Not(x) => {
                let x = eval(x);
                Value { low: 1 - x.high, high: 1 - x.low, ..x }
            }
            Op::And(items) => self.all(items, event),
            Op::Or(items) => self.any(items, event),
            Op::IsNone(x) => {
                let x = eval(x);
                Value::test(!x.may_be_some, x.may_be_none, x.needs)
            }
            Op::Assume(x) => self.assume(x, event),
            Op::Else(x, y) => self.otherwise(expr.shape.class, eval(x), y, event),
            Op::If(condition, then, otherwise) => {
                self.choose(eval(condition), [then, otherwise], expr.shape.class, event)
            }
            Op::FirstYes(items) => self.first_yes(items, event),
            Op::Query(query) => self.query(query, expr.shape, event),
            Op::Path(path) => self.path(path),
            Op::Divide(a, b, how) => eval(a).arithmetic(eval(b), |a, b| times::divide(a, b, *how)),
            Op::Formula(f) => times::formula(f, &f.operands.iter().map(eval).collect::<Vec<_>>()),
            Op::InList(x, list) => times::in_list(eval(x), self.plan.lists.get(*list).map_or(&[], |l| &l.values)),
            Op::LocalDate(x) => eval(x).arithmetic(Value::known(0), |x, _| times::local_date(x)),
            Op::LocalTime(x) => eval(x).arithmetic(Value::known(0), |x, _| times::local_time(x)),
            Op::InstantOn(date, time) => eval(date).arithmetic(eval(time), times::instant_on),
            Op::AddWorkingDays(date, count) => {
                eval(date).arithmetic(eval(count), |d, n| times::add_working_days(d, n, &self.plan.holidays))
            }
            Op::YearsBetween(from, to) => eval(from).arithmetic(eval(to), times::years_between),
            Op::Weekday(date) => times::weekday(eval(date)),
            Op::Overlap(o) => eval(&o.start).arithmetic(eval(&o.end), |a, b| times::overlap(a, b, o.from, o.until)),
            Op::Verdict(verdict) => self.verdict(verdict, event),
        }
    }

    /// Where the condition is unknown, whatever either branch allows.
    fn choose(&self, condition: Value, [then, otherwise]: [&Expr; 2], class: Class, event: AtHand) -> Value {
        match (condition.is_yes(), condition.may_be_yes()) {
            (true, _) => self.eval(then, event),
            (_, false) => self.eval(otherwise, event),
            _ => {
                let either = self.eval(then, event).or_else(self.eval(otherwise, event), class);
                Value { needs: either.needs | condition.needs, ..either }.settled(class)
            }
        }
    }

    fn supplied(datum: Datum, shape: Shape, unknown: u8) -> Value {
        match (datum, shape.class) {
            (Datum::Known(value), Class::Range) => Value::known(value),
            (Datum::Known(value), Class::Set) => Value::choice(value),
            (Datum::None, _) => Value::none(),
            (Datum::Missing, _) => Value::anything(shape, bit(unknown)),
        }
    }

    fn input(&self, index: usize) -> Value {
        let Some(input) = self.plan.subject.inputs.get(index) else {
            return Value::none();
        };
        let datum = self.case.facts.get(index).copied().unwrap_or_default();
        Self::supplied(datum, input.shape, input.unknown)
    }

    fn parameter(&self, index: usize) -> Value {
        let Some(parameter) = self.plan.parameters.get(index) else {
            return Value::none();
        };
        let setting = self.settings.get(index).copied().flatten().or(parameter.value);
        Self::supplied(setting.map_or(Datum::Missing, Datum::Known), parameter.shape, parameter.unknown)
    }

    fn all(&self, items: &[Expr], event: AtHand) -> Value {
        let (mut certain, mut possible, mut needs) = (true, true, 0);
        for item in items {
            let value = self.eval(item, event);
            certain &= value.is_yes();
            possible &= value.may_be_yes();
            needs |= value.needs;
        }
        Value::test(certain, possible, needs)
    }

    fn any(&self, items: &[Expr], event: AtHand) -> Value {
        let (mut certain, mut possible, mut needs) = (false, false, 0);
        for item in items {
            let value = self.eval(item, event);
            certain |= value.is_yes();
            possible |= value.may_be_yes();
            needs |= value.needs;
        }
        Value::test(certain, possible, needs)
    }

    /// Drops the possibility of none; what is certainly none could then be anything, and depends on nothing.
    fn assume(&self, x: &Expr, event: AtHand) -> Value {
        let value = self.eval(x, event);
        if value.may_be_some {
            return Value { may_be_none: false, ..value }.settled(x.shape.class);
        }
        Value::anything(Shape { optional: false, ..x.shape }, 0)
    }

    fn otherwise(&self, class: Class, x: Value, y: &Expr, event: AtHand) -> Value {
        if !x.may_be_none {
            return x;
        }
        let y = self.eval(y, event);
        if !x.may_be_some {
            return y;
        }
        let some = Value { may_be_none: false, ..x };
        some.or_else(y, class)
    }

    fn first_yes(&self, items: &[Expr], event: AtHand) -> Value {
        let (mut mask, mut needs, mut stopped) = (0_i64, 0, false);
        for (index, item) in items.iter().enumerate() {
            let value = self.eval(item, event);
            if value.may_be_yes() && !stopped {
                mask |= 1_i64 << index;
                needs |= value.needs;
                stopped = value.is_yes();
            }
        }
        if !stopped {
            mask |= 1_i64 << items.len();
        }
        Value { low: mask, high: mask, may_be_some: true, may_be_none: false, needs }.settled(Class::Set)
    }
}

fn bit(unknown: u8) -> Needs {
    1_u64.checked_shl(u32::from(unknown)).unwrap_or(0)
}

fn product(a: Value, b: Value) -> (i64, i64) {
    let corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
    let least = corners.iter().copied().min().unwrap_or(0);
    let greatest = corners.iter().copied().max().unwrap_or(0);
    (least, greatest)
}

fn fold(mut values: impl Iterator<Item = Value>, ends: impl Fn(Value, Value) -> (i64, i64)) -> Value {
    let first = values.next().unwrap_or_else(|| Value::known(0));
    values.fold(first, |sum, next| sum.arithmetic(next, &ends))
}
