//! The one walk over expressions; what an operator becomes is the business of a [`Domain`].
//!
//! Besides dispatching, the walk keeps track of *guards*: expressions that are certainly not none where the walk
//! stands, because the answer does not depend on this place otherwise. They make [`Op::Assume`] free.

mod context;
mod dependence;
mod domain;
mod events;
mod grid;
mod guards;
mod medians;
mod operators;
mod outputs;
mod regions;
mod repeated;
mod repeats;
mod running;
mod steps;

use concord_engine::plan::{Expr, Op, Shape, VerdictOf};

use crate::emit::assembler::EmitError;
use guards::{is_there, some_when_no, yes_guards};

pub(crate) use context::{Complete, Context};
pub(crate) use dependence::Dependence;
pub(crate) use domain::{Choice, Domain, VerdictParts};
pub(crate) use events::{EventSource, is_of};
pub(crate) use grid::{Axis, Grid, cuts};
pub(crate) use guards::{guarded, guards_of, guards_of_row, inside};
pub(crate) use medians::with_lists;
pub(crate) use operators::{Arithmetic, Comparison, TimeOp};
pub(crate) use outputs::{NONE, array_of, constant_of, output_of};
pub(crate) use regions::{SeenColumn, asked, is_among};
pub(crate) use repeated::{one_by_one, together};
pub(crate) use repeats::{is_nearest, since};
pub(crate) use running::is_beyond;
pub(crate) use steps::Work;

/// Walks an expression, unless it was walked before where the walk stands.
pub(crate) fn walk<'p, D: Domain<'p>>(d: &mut D, expr: &'p Expr) -> Result<D::Value, EmitError> {
    repeated::recalled(d, expr).map_or_else(|| operator(d, expr), Ok)
}

#[allow(clippy::too_many_lines, reason = "one arm for each operator")]
fn operator<'p, D: Domain<'p>>(d: &mut D, expr: &'p Expr) -> Result<D::Value, EmitError> {
    Ok(match &expr.op {
        Op::Constant(value) => d.number(*value),
        Op::Choice(variant) => d.choice(*variant),
        Op::None => d.none(),
        Op::Input(_) | Op::Field(..) | Op::At(_) | Op::Order(_) | Op::Column(..) => d.leaf(&expr.op)?,
        Op::AsOf | Op::Parameter(_) | Op::Cell(_) => d.leaf(&expr.op)?,
        Op::Negate(x) => {
            let x = walk(d, x)?;
            d.negate(x, expr.shape)
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
        Op::Decided(x, mask, needs) => {
            let value = walk(d, x)?;
            d.decided(value, x.shape, *mask, *needs)
        }
        Op::Not(x) => {
            let x = walk(d, x)?;
            d.not(x)
        }
        Op::And(items) => {
            let items = all_guarded(d, items)?;
            d.all(&items)
        }
        Op::Or(items) => any(d, items)?,
        Op::IsNone(x) => {
            let x = walk(d, x)?;
            d.is_none(x)
        }
        Op::Assume(x) => {
            let is_guarded = is_there(d, x);
            let value = walk(d, x)?;
            d.assume(value, expr.shape, is_guarded)
        }
        Op::Else(x, y) => {
            let x = walk(d, x)?;
            d.otherwise(x, y, expr.shape)?
        }
        Op::If(condition, then, otherwise) => {
            let value = walk(d, condition)?;
            d.choose(value, Choice { condition, then, otherwise }, expr.shape)?
        }
        Op::Rest(condition, value) => d.rest(condition, value, expr.shape)?,
        Op::FirstYes(items) => {
            let items = each(d, items)?;
            d.first_yes(&items)?
        }
        Op::Query(query) => d.query(query, expr.shape)?,
        Op::Path(path) => d.path(path, expr.shape)?,
        Op::Verdict(of) => verdict(d, of)?,
        _ => numbers(d, expr)?,
    })
}

fn each<'p, D: Domain<'p>>(d: &mut D, exprs: &'p [Expr]) -> Result<Vec<D::Value>, EmitError> {
    exprs.iter().map(|expr| walk(d, expr)).collect()
}

fn any<'p, D: Domain<'p>>(d: &mut D, items: &'p [Expr]) -> Result<D::Value, EmitError> {
    let mut guards = Vec::new();
    items.iter().for_each(|item| some_when_no(d.context(), item, 0, &mut guards));
    let items = guarded(d, guards, |d| each(d, items))?;
    Ok(d.any(&items))
}

/// Formulas, division, lists and the calendar.
fn numbers<'p, D: Domain<'p>>(d: &mut D, expr: &'p Expr) -> Result<D::Value, EmitError> {
    let (op, a, b) = match &expr.op {
        Op::InList(x, list) => {
            let value = walk(d, x)?;
            let list = d.context().plan.lists.get(*list).ok_or(EmitError::no_such("list", *list))?;
            return d.in_list(value, &list.values);
        }
        Op::Formula(formula) => {
            let operands = each(d, &formula.operands)?;
            return d.formula(formula, &operands, expr.shape);
        }
        Op::Call(call, operands) => {
            let operands = each(d, operands)?;
            return d.call(*call, &operands, expr.shape);
        }
        Op::Weekday(x) => {
            let x = walk(d, x)?;
            return d.weekday(x);
        }
        Op::Divide(a, b, how) => (TimeOp::Divide(*how), &**a, &**b),
        Op::AddWorkingDays(a, b) => (TimeOp::WorkingDays, &**a, &**b),
        Op::Overlap(o) => (TimeOp::Overlap(o.from, o.until), &o.start, &o.end),
        _ => return Err(EmitError::NoSuch("operator", 0)),
    };
    let (a, b) = (walk(d, a)?, walk(d, b)?);
    d.time_op(op, a, b, expr.shape)
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
    some_when_no(d.context(), &of.happened, 0, &mut guards);
    let passed = guarded(d, guards, |d| walk(d, &of.passed))?;
    Ok(d.verdict(VerdictParts { applies, excused, happened, in_time, passed }))
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
    match operators::as_interval(op, a, b) {
        Some((x, low, high)) => within(d, x, low, high),
        None => {
            let (x, y) = (walk(d, a)?, walk(d, b)?);
            let value = d.compare(op, x, y);
            match (&a.op, &b.op) {
                (Op::At(a), Op::At(b)) | (Op::Order(a), Op::Order(b)) => d.of_one_event(op, (*a, *b), value),
                _ => Ok(value),
            }
        }
    }
}

fn within<'p, D: Domain<'p>>(d: &mut D, x: &'p Expr, low: i64, high: i64) -> Result<D::Value, EmitError> {
    let value = walk(d, x)?;
    Ok(d.within(value, x.shape, low.max(x.shape.low), high.min(x.shape.high)))
}

/// Walks conditions that must all hold: each is guarded by the others.
fn all_guarded<'p, D: Domain<'p>>(d: &mut D, items: &'p [Expr]) -> Result<Vec<D::Value>, EmitError> {
    let guards = guards_of(d, items);
    guarded(d, guards, |d| each(d, items))
}

/// Walks the branch taken when the condition is yes.
pub(crate) fn then_branch<'p, D: Domain<'p>>(d: &mut D, of: &Choice<'p>) -> Result<D::Value, EmitError> {
    where_it_holds(d, of.condition, of.then)
}

/// Walks what counts only where a condition is yes.
pub(crate) fn where_it_holds<'p, D: Domain<'p>>(
    d: &mut D,
    condition: &'p Expr,
    value: &'p Expr,
) -> Result<D::Value, EmitError> {
    let guards = yes_guards(d, condition);
    guarded(d, guards, |d| walk(d, value))
}

/// Walks the branch taken when the condition is no.
pub(crate) fn else_branch<'p, D: Domain<'p>>(d: &mut D, of: &Choice<'p>) -> Result<D::Value, EmitError> {
    let mut guards = Vec::new();
    some_when_no(d.context(), of.condition, 0, &mut guards);
    guarded(d, guards, |d| walk(d, of.otherwise))
}
