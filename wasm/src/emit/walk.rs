//! The one walk over expressions; what an operator becomes is the business of a [`Domain`].
//!
//! Besides dispatching, the walk keeps track of *guards*: expressions that are certainly not none where the walk
//! stands, because the answer does not depend on this place otherwise. They make [`Op::Assume`] free.

use concord_engine::plan::formula::Formula;
use concord_engine::plan::operators::speaks_of_events;
use concord_engine::plan::{Expr, Op, PathOf, Query, Rounding, Shape, VerdictOf};

use super::EmitError;
use super::shared::Shared;

/// Operators on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Lowest,
    Highest,
}

/// Tests of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    LessOrEqual,
    Less,
    Equal,
    SameChoice,
}

/// Operators of division and the calendar, on one or two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worked {
    Divide(Rounding),
    LocalDate,
    LocalTime,
    InstantOn,
    WorkingDays,
    Years,
    Overlap(i64, i64),
}

/// What values are while emitting, and what each operator does with them.
pub(super) trait Domain<'p> {
    /// A value under way.
    type Value: Clone;

    fn shared(&self) -> &Shared<'p>;
    fn guards(&mut self) -> &mut Vec<&'p Expr>;

    fn number(&mut self, value: i64) -> Self::Value;
    fn choice(&mut self, variant: u8) -> Self::Value;
    fn none(&mut self) -> Self::Value;
    /// A fact, parameter, cell, or something of the event at hand; and the instant asked about.
    fn leaf(&mut self, op: &Op) -> Result<Self::Value, EmitError>;
    fn negate(&mut self, x: Self::Value) -> Self::Value;
    fn arithmetic(&mut self, op: Arithmetic, a: Self::Value, b: Self::Value, shape: Shape) -> Self::Value;
    fn compare(&mut self, op: Comparison, a: Self::Value, b: Self::Value) -> Self::Value;
    /// The value lies in `low ..= high`, ends clipped to the operand's shape.
    fn within(&mut self, x: Self::Value, shape: Shape, low: i64, high: i64) -> Self::Value;
    fn one_of(&mut self, x: Self::Value, shape: Shape, mask: u64) -> Self::Value;
    /// Those of one operand are given 0 as the other.
    fn worked(&mut self, op: Worked, a: Self::Value, b: Self::Value, shape: Shape) -> Self::Value;
    fn formula(&mut self, formula: &'p Formula, operands: &[Self::Value], shape: Shape) -> Self::Value;
    fn weekday(&mut self, x: Self::Value) -> Self::Value;
    /// The value is in the sorted list.
    fn in_list(&mut self, x: Self::Value, values: &[i64]) -> Self::Value;
    fn not(&mut self, x: Self::Value) -> Self::Value;
    fn all(&mut self, items: &[Self::Value]) -> Self::Value;
    fn any(&mut self, items: &[Self::Value]) -> Self::Value;
    fn is_none(&mut self, x: Self::Value) -> Self::Value;
    fn assume(&mut self, x: Self::Value, shape: Shape, guarded: bool) -> Self::Value;
    fn first_yes(&mut self, items: &[Self::Value]) -> Self::Value;
    /// applies, excused, happened, in time, passed
    fn verdict(&mut self, parts: [Self::Value; 5]) -> Self::Value;
    /// `x`, or what `y` walks to where `x` is none.
    fn otherwise(&mut self, x: Self::Value, y: &'p Expr, shape: Shape) -> Result<Self::Value, EmitError>;
    /// The branches are walked by [`then_branch`] and [`else_branch`].
    fn choose(&mut self, condition: Self::Value, all: [&'p Expr; 3], shape: Shape) -> Result<Self::Value, EmitError>;
    fn query(&mut self, query: &'p Query, shape: Shape) -> Result<Self::Value, EmitError>;
    fn path(&mut self, path: &'p PathOf, shape: Shape) -> Result<Self::Value, EmitError>;
}

/// Walks an expression.
#[allow(clippy::too_many_lines, reason = "one arm for each operator")]
pub(super) fn walk<'p, D: Domain<'p>>(d: &mut D, expr: &'p Expr) -> Result<D::Value, EmitError> {
    Ok(match &expr.op {
        Op::Constant(value) => d.number(*value),
        Op::Choice(variant) => d.choice(*variant),
        Op::None => d.none(),
        Op::Input(_) | Op::Field(..) | Op::At(_) | Op::Order(_) | Op::Column(..) => d.leaf(&expr.op)?,
        Op::AsOf | Op::Parameter(_) | Op::Cell(_) => d.leaf(&expr.op)?,
        Op::Negate(x) => {
            let x = walk(d, x)?;
            d.negate(x)
        }
        Op::Add(a, b) => two(d, Arithmetic::Add, a, b, expr.shape)?,
        Op::Subtract(a, b) => two(d, Arithmetic::Subtract, a, b, expr.shape)?,
        Op::Multiply(a, b) => two(d, Arithmetic::Multiply, a, b, expr.shape)?,
        Op::Lowest(items) => several(d, Arithmetic::Lowest, items)?,
        Op::Highest(items) => several(d, Arithmetic::Highest, items)?,
        Op::LessOrEqual(a, b) => compare(d, Comparison::LessOrEqual, a, b)?,
        Op::Less(a, b) => compare(d, Comparison::Less, a, b)?,
        Op::Equal(a, b) => compare(d, Comparison::Equal, a, b)?,
        Op::SameChoice(a, b) => compare(d, Comparison::SameChoice, a, b)?,
        Op::Within(x, low, high) => within(d, x, *low, *high)?,
        Op::OneOf(x, mask) => {
            let value = walk(d, x)?;
            d.one_of(value, x.shape, *mask)
        }
        Op::Not(x) => {
            let x = walk(d, x)?;
            d.not(x)
        }
        Op::And(items) => {
            let items = all_guarded(d, items)?;
            d.all(&items)
        }
        Op::Or(items) => {
            let mut guards = Vec::new();
            items.iter().for_each(|item| some_when_no(d.shared(), item, 0, &mut guards));
            let items = guarded(d, guards, |d| items.iter().map(|item| walk(d, item)).collect::<Result<Vec<_>, _>>())?;
            d.any(&items)
        }
        Op::IsNone(x) => {
            let x = walk(d, x)?;
            d.is_none(x)
        }
        Op::Assume(x) => {
            let is_guarded = d.guards().iter().any(|guard| **guard == **x);
            let value = walk(d, x)?;
            d.assume(value, x.shape, is_guarded)
        }
        Op::Else(x, y) => {
            let x = walk(d, x)?;
            d.otherwise(x, y, expr.shape)?
        }
        Op::If(condition, then, otherwise) => {
            let value = walk(d, condition)?;
            d.choose(value, [condition, then, otherwise], expr.shape)?
        }
        Op::FirstYes(items) => {
            let items = items.iter().map(|item| walk(d, item)).collect::<Result<Vec<_>, _>>()?;
            d.first_yes(&items)
        }
        Op::Query(query) => d.query(query, expr.shape)?,
        Op::Formula(formula) => {
            let operands = formula.operands.iter().map(|operand| walk(d, operand)).collect::<Result<Vec<_>, _>>()?;
            d.formula(formula, &operands, expr.shape)
        }
        Op::Path(path) => d.path(path, expr.shape)?,
        Op::Verdict(of) => verdict(d, of)?,
        _ => calendar(d, expr)?,
    })
}

/// Division, lists and the calendar.
fn calendar<'p, D: Domain<'p>>(d: &mut D, expr: &'p Expr) -> Result<D::Value, EmitError> {
    let (op, a, b) = match &expr.op {
        Op::InList(x, list) => {
            let value = walk(d, x)?;
            let list = d.shared().plan.lists.get(*list).ok_or(EmitError::NoSuch("list", *list))?;
            return Ok(d.in_list(value, &list.values));
        }
        Op::Weekday(x) => {
            let x = walk(d, x)?;
            return Ok(d.weekday(x));
        }
        Op::LocalDate(x) => (Worked::LocalDate, &**x, None),
        Op::LocalTime(x) => (Worked::LocalTime, &**x, None),
        Op::Divide(a, b, how) => (Worked::Divide(*how), &**a, Some(&**b)),
        Op::InstantOn(a, b) => (Worked::InstantOn, &**a, Some(&**b)),
        Op::AddWorkingDays(a, b) => (Worked::WorkingDays, &**a, Some(&**b)),
        Op::YearsBetween(a, b) => (Worked::Years, &**a, Some(&**b)),
        Op::Overlap(o) => (Worked::Overlap(o.from, o.until), &o.start, Some(&o.end)),
        _ => return Err(EmitError::NoSuch("operator", 0)),
    };
    let a = walk(d, a)?;
    let b = match b {
        Some(b) => walk(d, b)?,
        None => d.number(0),
    };
    Ok(d.worked(op, a, b, expr.shape))
}

/// What was expected matters only where the obligation applies, and its deadline only where it was done.
fn verdict<'p, D: Domain<'p>>(d: &mut D, of: &'p VerdictOf) -> Result<D::Value, EmitError> {
    let applies = walk(d, &of.applies)?;
    let when_applies = yes_guards(d, &of.applies);
    let (excused, happened) =
        guarded(d, when_applies.clone(), |d| Ok((walk(d, &of.excused)?, walk(d, &of.happened)?)))?;
    let mut guards = yes_guards(d, &of.happened);
    guards.extend(when_applies.iter());
    let in_time = guarded(d, guards, |d| walk(d, &of.in_time))?;
    let mut guards = when_applies;
    some_when_no(d.shared(), &of.happened, 0, &mut guards);
    let passed = guarded(d, guards, |d| walk(d, &of.passed))?;
    Ok(d.verdict([applies, excused, happened, in_time, passed]))
}

fn two<'p, D: Domain<'p>>(
    d: &mut D,
    op: Arithmetic,
    a: &'p Expr,
    b: &'p Expr,
    shape: Shape,
) -> Result<D::Value, EmitError> {
    let a = walk(d, a)?;
    let b = walk(d, b)?;
    Ok(d.arithmetic(op, a, b, shape))
}

fn several<'p, D: Domain<'p>>(d: &mut D, op: Arithmetic, items: &'p [Expr]) -> Result<D::Value, EmitError> {
    let mut items = items.iter();
    let Some(first) = items.next() else {
        return Ok(d.number(0));
    };
    let mut sum = walk(d, first)?;
    for item in items {
        let next = walk(d, item)?;
        sum = d.arithmetic(op, sum, next, item.shape);
    }
    Ok(sum)
}

/// Tests against a constant become intervals.
fn compare<'p, D: Domain<'p>>(d: &mut D, op: Comparison, a: &'p Expr, b: &'p Expr) -> Result<D::Value, EmitError> {
    match as_interval(op, a, b) {
        Some((x, low, high)) => within(d, x, low, high),
        None => {
            let a = walk(d, a)?;
            let b = walk(d, b)?;
            Ok(d.compare(op, a, b))
        }
    }
}

/// A comparison with a constant, as an expression and the interval it must lie in.
pub(super) fn as_interval<'p>(op: Comparison, a: &'p Expr, b: &'p Expr) -> Option<(&'p Expr, i64, i64)> {
    let (x, c, constant_right) = match (&a.op, &b.op) {
        (Op::Constant(_), Op::Constant(_)) => return None,
        (_, Op::Constant(c)) => (a, *c, true),
        (Op::Constant(c), _) => (b, *c, false),
        _ => return None,
    };
    let (low, high) = match (op, constant_right) {
        (Comparison::LessOrEqual, true) => (i64::MIN, c),
        (Comparison::LessOrEqual, false) => (c, i64::MAX),
        (Comparison::Less, true) => (i64::MIN, c.checked_sub(1)?),
        (Comparison::Less, false) => (c.checked_add(1)?, i64::MAX),
        (Comparison::Equal, _) => (c, c),
        (Comparison::SameChoice, _) => return None,
    };
    Some((x, low, high))
}

fn within<'p, D: Domain<'p>>(d: &mut D, x: &'p Expr, low: i64, high: i64) -> Result<D::Value, EmitError> {
    let value = walk(d, x)?;
    Ok(d.within(value, x.shape, low.max(x.shape.low), high.min(x.shape.high)))
}

/// Walks conditions that must all hold: each is guarded by the others.
pub(super) fn all_guarded<'p, D: Domain<'p>>(d: &mut D, items: &'p [Expr]) -> Result<Vec<D::Value>, EmitError> {
    let guards = guards_of(d, items);
    guarded(d, guards, |d| items.iter().map(|item| walk(d, item)).collect())
}

/// What is certainly there when all conditions hold.
pub(super) fn guards_of<'p, D: Domain<'p>>(d: &mut D, items: &'p [Expr]) -> Vec<&'p Expr> {
    let mut guards = Vec::new();
    items.iter().for_each(|item| some_when_yes(d.shared(), item, 0, &mut guards));
    guards
}

fn yes_guards<'p, D: Domain<'p>>(d: &mut D, condition: &'p Expr) -> Vec<&'p Expr> {
    guards_of(d, std::slice::from_ref(condition))
}

/// Walks under guards.
pub(super) fn guarded<'p, D: Domain<'p>, T>(
    d: &mut D,
    guards: Vec<&'p Expr>,
    inner: impl FnOnce(&mut D) -> Result<T, EmitError>,
) -> Result<T, EmitError> {
    let mark = d.guards().len();
    d.guards().extend(guards);
    let value = inner(d);
    d.guards().truncate(mark);
    value
}

/// Walks inside one more question: what is known to be there of the events at hand outside it goes by other levels within,
/// and is left out.
pub(super) fn inside<'p, D: Domain<'p>, T>(
    d: &mut D,
    inner: impl FnOnce(&mut D) -> Result<T, EmitError>,
) -> Result<T, EmitError> {
    let outside = d.guards().clone();
    d.guards().retain(|guard| !speaks_of_events(guard));
    let value = inner(d);
    *d.guards() = outside;
    value
}

/// Walks the branch taken when the condition is yes.
pub(super) fn then_branch<'p, D: Domain<'p>>(
    d: &mut D,
    condition: &'p Expr,
    branch: &'p Expr,
) -> Result<D::Value, EmitError> {
    let guards = yes_guards(d, condition);
    guarded(d, guards, |d| walk(d, branch))
}

/// Walks the branch taken when the condition is no.
pub(super) fn else_branch<'p, D: Domain<'p>>(
    d: &mut D,
    condition: &'p Expr,
    branch: &'p Expr,
) -> Result<D::Value, EmitError> {
    let mut guards = Vec::new();
    some_when_no(d.shared(), condition, 0, &mut guards);
    guarded(d, guards, |d| walk(d, branch))
}

/// How many definitions are looked through for guards.
const DEPTH: usize = 6;

fn some_when_yes<'p>(shared: &Shared<'p>, condition: &'p Expr, depth: usize, found: &mut Vec<&'p Expr>) {
    if depth > DEPTH {
        return;
    }
    match &condition.op {
        Op::Not(x) => some_when_no(shared, x, depth + 1, found),
        Op::And(items) => items.iter().for_each(|item| some_when_yes(shared, item, depth + 1, found)),
        Op::LessOrEqual(a, b) | Op::Less(a, b) | Op::Equal(a, b) | Op::SameChoice(a, b) => found.extend([&**a, &**b]),
        Op::Within(x, ..) | Op::OneOf(x, _) | Op::InList(x, _) => found.push(x),
        Op::Cell(cell) => {
            if let Some(definition) = shared.definition(*cell) {
                some_when_yes(shared, definition, depth + 1, found);
            }
        }
        _ => {}
    }
}

fn some_when_no<'p>(shared: &Shared<'p>, condition: &'p Expr, depth: usize, found: &mut Vec<&'p Expr>) {
    if depth > DEPTH {
        return;
    }
    match &condition.op {
        Op::IsNone(x) => found.push(x),
        Op::Not(x) => some_when_yes(shared, x, depth + 1, found),
        Op::Or(items) => items.iter().for_each(|item| some_when_no(shared, item, depth + 1, found)),
        Op::Cell(cell) => {
            if let Some(definition) = shared.definition(*cell) {
                some_when_no(shared, definition, depth + 1, found);
            }
        }
        _ => {}
    }
}
