//! What several expressions about one event have in common, so that it is worked out once.

use concord_engine::plan::{ColumnId, Expr, Op};

use super::domain::Domain;
use super::walk;
use crate::emit::assembler::EmitError;
use crate::emit::memory::asks_for_events;

/// Walks expressions that stand in one place under one another's eyes: what they have in common is walked first.
pub(crate) fn together<'p, D: Domain<'p>, T>(
    d: &mut D,
    exprs: &[&'p Expr],
    inner: impl FnOnce(&mut D) -> Result<T, EmitError>,
) -> Result<T, EmitError> {
    let before = d.remembered().len();
    remember(d, &repeated(exprs), &[])?;
    let value = inner(d);
    d.remembered().truncate(before);
    value
}

/// Columns that are filled one after the other: what they have in common is walked as soon as the columns are filled that it reads.
pub(crate) fn one_by_one<'p, D: Domain<'p>>(
    d: &mut D,
    columns: &[(ColumnId, &'p Expr)],
    mut fill: impl FnMut(&mut D, ColumnId, &'p Expr) -> Result<(), EmitError>,
) -> Result<(), EmitError> {
    let before = d.remembered().len();
    // Inside a query an event goes by another level.
    let plain = !columns.iter().any(|(_, expr)| asks_for_events(expr));
    let exprs: Vec<&Expr> = columns.iter().map(|(_, expr)| *expr).filter(|_| plain).collect();
    let parts = repeated(&exprs);
    for (number, (column, expr)) in columns.iter().enumerate() {
        let (_, open) = columns.split_at(number);
        remember(d, &parts, open)?;
        fill(d, *column, expr)?;
    }
    d.remembered().truncate(before);
    Ok(())
}

/// Walks parts that read none of some columns, which are still to be filled, and keeps what comes out.
fn remember<'p, D: Domain<'p>>(d: &mut D, parts: &[&'p Expr], open: &[(ColumnId, &'p Expr)]) -> Result<(), EmitError> {
    for part in parts {
        if recalled(d, part).is_none() && !open.iter().any(|(column, _)| reads(part, *column)) {
            let value = walk(d, part)?;
            let value = d.kept(value, part.shape);
            d.remembered().push((part, value));
        }
    }
    Ok(())
}

fn reads(expr: &Expr, column: ColumnId) -> bool {
    matches!(expr.op, Op::Column(read, _) if read == column)
        || expr.op.operands().iter().any(|part| reads(part, column))
}

/// What was worked out before.
pub(super) fn recalled<'p, D: Domain<'p>>(d: &mut D, expr: &Expr) -> Option<D::Value> {
    let all = d.remembered();
    all.iter().find(|(known, _)| **known == *expr).map(|(_, value)| value.clone())
}

/// The largest parts that stand in several places, the smaller first.
fn repeated<'p>(exprs: &[&'p Expr]) -> Vec<&'p Expr> {
    let mut all = Vec::new();
    for expr in exprs {
        parts(expr, &mut all);
    }
    let times = |expr: &Expr| all.iter().filter(|(other, _)| **other == *expr).count();
    let mut found: Vec<(&Expr, usize)> = Vec::new();
    let mut open: Vec<&Expr> = exprs.iter().rev().copied().collect();
    while let Some(expr) = open.pop() {
        match all.iter().find(|(part, _)| std::ptr::eq(*part, expr)) {
            Some((_, size)) if times(expr) > 1 => {
                if !found.iter().any(|(other, _)| *other == expr) {
                    found.push((expr, *size));
                }
            }
            _ => open.extend(expr.op.operands().into_iter().rev()),
        }
    }
    found.sort_by_key(|(_, size)| *size);
    found.into_iter().map(|(expr, _)| expr).collect()
}

/// The parts of an expression that can be worked out wherever they stand, with how many operators they have. What is taken for granted
/// is so only where it stands, and so is what may be in doubt; and what is asked of events is no part of any.
fn parts<'p>(expr: &'p Expr, found: &mut Vec<(&'p Expr, usize)>) -> Option<usize> {
    let operands = expr.op.operands();
    let sizes: Vec<Option<usize>> = operands.iter().map(|operand| parts(operand, found)).collect();
    let inside = sizes.into_iter().try_fold(0, |all, size| Some(all + size?))?;
    match &expr.op {
        Op::Assume(_) | Op::Rest(..) | Op::Decided(..) | Op::Query(_) | Op::Path(_) => None,
        Op::Column(..) => {
            found.push((expr, 1));
            Some(1)
        }
        _ if operands.is_empty() => Some(0),
        _ => {
            found.push((expr, inside + 1));
            Some(inside + 1)
        }
    }
}
