//! Conditions: each is yes in some case and no in another, and so each branch of an `if` is gone through.
//!
//! What a branch asks counts only in a case that goes through it.

use super::notes::{Notes, events_of, fits};
use super::{Aspect, Point, thresholds};
use crate::evaluate::{Evaluated, Value};
use crate::plan::{self, Contract, Kinds, Op};
use crate::syntax::tree::{Asks, BinaryOp, Clause, ClauseKind, Expr, ExprKind, Item, Node, Query};
use crate::values::types::Type;

/// What an expression is to what stands around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// what decides: of an `if`, a filter, a clause
    Decides,
    /// a part of what decides
    Part,
    /// any other value
    Value,
}

/// Notes the conditions of a package and its thresholds.
pub(super) fn declare(notes: &mut Notes<'_>) {
    let of = notes.of;
    roots(&of.file.items, &mut |expr, role| declare_one(notes, expr, role));
}

/// Marks those that a case shows.
pub(super) fn mark(notes: &mut Notes<'_>, evaluated: &Evaluated<'_>) {
    let of = notes.of;
    roots(&of.file.items, &mut |expr, role| mark_one(notes, evaluated, (expr, role), &[]));
}

/// Every expression that stands in no other, and what it is.
fn roots<'a>(items: &'a [Item], see: &mut dyn FnMut(&'a Expr, Role)) {
    for item in items {
        if let Item::Table(table) = item {
            let decides = |row: &'a crate::syntax::tree::Row| match &row.asks {
                Asks::When(when) => Some(when),
                _ => None,
            };
            let when: Vec<&Expr> = table.rows.iter().filter_map(decides).collect();
            for part in table.parts() {
                let role = if when.iter().any(|when| std::ptr::eq(*when, part)) { Role::Decides } else { Role::Value };
                see(part, role);
            }
            continue;
        }
        if let Item::Obligation(obligation) = item {
            obligation.clauses.iter().for_each(|clause| in_clause(clause, see));
            continue;
        }
        let role = if matches!(item, Item::Define(_) | Item::Events(_)) { Role::Decides } else { Role::Value };
        for part in item.parts() {
            match part {
                Node::Expr(expr) => see(expr, role),
                Node::Query(query) => in_query(query, &mut |expr, role| see(expr, role)),
            }
        }
    }
}

fn in_clause<'a>(clause: &'a Clause, see: &mut dyn FnMut(&'a Expr, Role)) {
    let decides = matches!(clause.kind, ClauseKind::Applies(_) | ClauseKind::Excused { .. } | ClauseKind::AllOf(_));
    for part in clause.parts() {
        match part {
            Node::Expr(expr) => see(expr, if decides { Role::Decides } else { Role::Value }),
            Node::Query(query) => in_query(query, &mut |expr, role| see(expr, role)),
        }
    }
}

/// The expressions of a query, of which filters decide.
fn in_query<'a>(query: &'a Query, see: &mut dyn FnMut(&'a Expr, Role)) {
    let filters: Vec<&Expr> = query.filter.iter().chain(&query.have).map(|filter| &**filter).collect();
    let more = query.events.filters();
    for part in query.parts() {
        let decides = filters.iter().chain(&more).any(|filter| std::ptr::eq(*filter, part));
        see(part, if decides { Role::Decides } else { Role::Value });
    }
}

/// The parts of an expression with what each is to it.
fn parts(expr: &Expr, role: Role) -> Vec<(&Expr, Role)> {
    let part = if role == Role::Value { Role::Value } else { Role::Part };
    match &expr.kind {
        ExprKind::Not(x) => vec![(x, Role::Part)],
        ExprKind::Binary { op, left, right } if matches!(op.node, BinaryOp::And | BinaryOp::Or) => {
            vec![(left, Role::Part), (right, Role::Part)]
        }
        ExprKind::If { condition, then, otherwise } => {
            vec![(condition, Role::Decides), (then, part), (otherwise, part)]
        }
        ExprKind::Query(query) => {
            let mut parts = Vec::new();
            in_query(query, &mut |expr, role| parts.push((expr, role)));
            parts
        }
        _ => expr.parts().into_iter().map(|part| (part, Role::Value)).collect(),
    }
}

/// Whether it is a point that an expression is yes, and that it is no. What is made of parts by `and`, `or` and `not` is one only where it decides.
fn counts(expr: &Expr, role: Role) -> bool {
    let made_of_parts = match &expr.kind {
        ExprKind::Not(_) => true,
        ExprKind::Binary { op, .. } => matches!(op.node, BinaryOp::And | BinaryOp::Or),
        _ => false,
    };
    let decided_elsewhere = matches!(expr.kind, ExprKind::YesNo(_) | ExprKind::If { .. });
    !decided_elsewhere
        && (role == Role::Decides && !matches!(expr.kind, ExprKind::Not(_)) || (role == Role::Part && !made_of_parts))
}

/// The lowest and the highest that an expression can be in any case: a parameter that nobody may set has the group's value.
fn ends(notes: &Notes<'_>, expr: &plan::Expr) -> (i64, i64) {
    let fixed = match &expr.op {
        Op::Parameter(id) => notes.of.package.plan.parameters.get(*id).filter(|p| p.contract == Contract::Fixed),
        _ => None,
    };
    let value = fixed.and_then(|parameter| parameter.value);
    value.map_or((expr.shape.low, expr.shape.high), |value| (value, value))
}

fn declare_one(notes: &mut Notes<'_>, expr: &Expr, role: Role) {
    if counts(expr, role) {
        let asked = notes.asked(expr.span).filter(|asked| asked.ty == Type::YesNo);
        let ends: Vec<(i64, i64)> = asked.map(|asked| ends(notes, &asked.expr)).collect();
        let words = notes.words(expr.span);
        // What is proved to have one answer has no other side.
        for (value, side) in [(1, "yes"), (0, "no")] {
            if ends.iter().any(|(low, high)| *low <= value && value <= *high) {
                notes.declare(side, Point { side, ..Point::of(Aspect::Branch, expr.span, words.clone()) });
            }
        }
    }
    thresholds::declare(notes, expr);
    parts(expr, role).into_iter().for_each(|(part, role)| declare_one(notes, part, role));
}

/// Marks what a case shows of an expression with these events in scope, the innermost first.
fn mark_one(notes: &mut Notes<'_>, evaluated: &Evaluated<'_>, (expr, role): (&Expr, Role), events: &[usize]) {
    let around: Vec<Vec<Kinds>> = notes.asked(expr.span).map(|asked| asked.around.clone()).collect();
    let deeper = around.iter().filter_map(|around| around.get(around.len().checked_sub(events.len() + 1)?).copied());
    let deeper = deeper.fold(Kinds::default(), Kinds::and);
    for event in events_of(evaluated, deeper) {
        let within: Vec<usize> = std::iter::once(event).chain(events.iter().copied()).collect();
        mark_one(notes, evaluated, (expr, role), &within);
    }
    // Where it asks of an event, it says nothing without one.
    if around.iter().any(|around| around.len() > events.len()) && !around.iter().any(|a| fits(evaluated, a, events)) {
        return;
    }
    let value = condition(notes, evaluated, expr, events);
    if counts(expr, role)
        && let Some(side) = value.and_then(side)
    {
        notes.mark(Aspect::Branch, expr.span, side);
    }
    thresholds::mark(notes, evaluated, expr, events);
    if let ExprKind::If { condition: asks, then, otherwise } = &expr.kind {
        mark_one(notes, evaluated, (asks, Role::Decides), events);
        let part = if role == Role::Value { Role::Value } else { Role::Part };
        match condition(notes, evaluated, asks, events).and_then(side) {
            Some("yes") => mark_one(notes, evaluated, (then, part), events),
            Some(_) => mark_one(notes, evaluated, (otherwise, part), events),
            None => {}
        }
        return;
    }
    for (part, role) in parts(expr, role) {
        mark_one(notes, evaluated, (part, role), events);
    }
}

/// What a yes/no comes to with these events in scope.
fn condition(notes: &Notes<'_>, evaluated: &Evaluated<'_>, expr: &Expr, events: &[usize]) -> Option<Value> {
    let mut asked = notes.asked(expr.span).filter(|asked| asked.ty == Type::YesNo);
    asked.find(|asked| fits(evaluated, &asked.around, events)).map(|asked| evaluated.ask(&asked.expr, events))
}

/// Yes or no, where it is certain.
fn side(value: Value) -> Option<&'static str> {
    match (value.may_be_none, value.is_yes(), value.may_be_yes()) {
        (false, true, _) => Some("yes"),
        (_, _, false) => Some("no"),
        _ => None,
    }
}
