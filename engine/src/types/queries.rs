//! Questions about events: the event at hand, filters and windows.

use super::arithmetic::yes_no;
use super::{Builder, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::names::{Symbol, unsupported};
use crate::plan::{Expr, Function, MAX_EVENTS, Op, Query, Shape};
use crate::syntax::spelling::nearest;
use crate::syntax::tree::{self, ExprKind, WindowKind};
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};
use crate::values::types::Type;

/// The time of the event at hand.
pub(super) fn at() -> Expr {
    Expr { op: Op::At, shape: Shape::range(FIRST_INSTANT, LAST_INSTANT) }
}

/// The place of the event at hand in the order of the case.
pub(super) fn order() -> Expr {
    Expr { op: Op::Order, shape: Shape::range(0, MAX_EVENTS) }
}

/// All of several conditions.
pub(super) fn all(mut conditions: Vec<Expr>) -> Expr {
    match (conditions.pop(), conditions.is_empty()) {
        (None, _) => Expr { op: Op::Constant(1), shape: Shape::YES_NO },
        (Some(only), true) => only,
        (Some(last), false) => {
            conditions.push(last);
            yes_no(Op::And(conditions))
        }
    }
}

impl Builder<'_> {
    /// The kind of event that a query is about.
    pub(super) fn event_kind(&mut self, query: &tree::Query) -> Option<usize> {
        let name = query.event.parts.iter().map(|p| p.node.as_str()).collect::<Vec<_>>().join(".");
        match self.names.get(&name) {
            Some(Symbol::Event(kind)) => Some(kind),
            Some(other) => {
                let title = format!("`{name}` is {}, not an event", other.kind());
                self.error(codes::E0309, query.event.span, title, other.kind())
            }
            None => {
                let events = self.plan.subject.events.iter().map(|e| e.name.as_str());
                let near = nearest(&name, events).map(str::to_owned);
                let fault = Diagnostic::error(
                    codes::E0311,
                    query.event.span,
                    format!("there is no event `{name}`"),
                    "not declared",
                );
                self.fault(match near {
                    Some(near) => fault.help(format!("did you mean `{near}`?")).edit(query.event.span, near),
                    None => fault.help("declare it in the subject: `event Name { … }`"),
                })
            }
        }
    }

    pub(super) fn query(&mut self, tree: &tree::Query, place: Place) -> Option<Typed> {
        if place.event.is_some() {
            return self.fault(unsupported(tree.span, "a question about events inside another"));
        }
        let kind = self.event_kind(tree)?;
        self.plan.subject.uses_as_of = true;
        let filter = self.filter(tree, kind)?;
        let (value, ty) = self.taken(tree, kind)?;
        self.asked(tree, kind, filter, value, ty)
    }

    /// What is taken of each event: its time unless a field is named.
    fn taken(&mut self, tree: &tree::Query, kind: usize) -> Option<(Expr, Type)> {
        match &tree.field {
            None => Some((at(), Type::Instant)),
            Some(field) => {
                let typed = self.expr(field, None, Place { event: Some(kind) })?;
                Some((typed.expr, typed.ty))
            }
        }
    }

    fn asked(&mut self, tree: &tree::Query, event: usize, filter: Expr, value: Expr, ty: Type) -> Option<Typed> {
        let function = tree.function.as_ref().map_or("first", |f| f.node.as_str());
        let (function, shape, ty) = match function {
            "first" => (Function::First, value.shape.or_none(), ty),
            "last" | "latest" => (Function::Last, value.shape.or_none(), ty),
            "count" => (Function::Count, Shape::range(0, MAX_EVENTS), Type::Number { places: 0, unit: None }),
            "any" => (Function::Any, Shape::YES_NO, Type::YesNo),
            other => return self.fault(unsupported(tree.span, &format!("`{other}` of events"))),
        };
        let query = Query { function, event, filter, value };
        Some(Typed { expr: Expr { op: Op::Query(Box::new(query)), shape }, ty })
    }

    /// The filter and windows of a query as one condition on the event at hand.
    pub(super) fn filter(&mut self, tree: &tree::Query, kind: usize) -> Option<Expr> {
        let mut conditions = Vec::new();
        if let Some(filter) = &tree.filter {
            conditions.push(self.condition(filter, Place { event: Some(kind) })?);
        }
        if tree.have.is_some() {
            return self.fault(unsupported(tree.span, "`all … have …`"));
        }
        for window in &tree.windows {
            conditions.extend(self.window(window)?);
        }
        Some(all(conditions))
    }

    fn window(&mut self, window: &tree::Window) -> Option<Vec<Expr>> {
        let less = |a: Expr, b: Expr| yes_no(Op::Less(Box::new(a), Box::new(b)));
        let at_most = |a: Expr, b: Expr| yes_no(Op::LessOrEqual(Box::new(a), Box::new(b)));
        Some(match &window.kind {
            WindowKind::After(end) => {
                let (own, end) = self.end(end)?;
                vec![less(end, own)]
            }
            WindowKind::Before(end) => {
                let (own, end) = self.end(end)?;
                vec![less(own, end)]
            }
            WindowKind::Since(end) => {
                let (own, end) = self.end(end)?;
                vec![at_most(end, own)]
            }
            WindowKind::Until(end) => {
                let (own, end) = self.end(end)?;
                vec![at_most(own, end)]
            }
            WindowKind::WithinBefore(length, end) => {
                let (length, end) = (self.duration(length)?, self.instant(end)?);
                let start = self.shifted(end.clone(), length, false);
                vec![at_most(start, at()), at_most(at(), end)]
            }
            WindowKind::WithinAfter(length, start) => {
                let (length, start) = (self.duration(length)?, self.instant(start)?);
                let end = self.shifted(start.clone(), length, true);
                vec![at_most(start, at()), at_most(at(), end)]
            }
        })
    }

    /// An end of a window. Another question about events compares places in the order of the case, an instant compares times.
    fn end(&mut self, tree: &tree::Expr) -> Option<(Expr, Expr)> {
        if let ExprKind::Query(query) = &tree.kind
            && query.field.is_none()
        {
            let kind = self.event_kind(query)?;
            let filter = self.filter(query, kind)?;
            let asked = self.asked(query, kind, filter, order(), Type::Number { places: 0, unit: None })?;
            return Some((order(), self.kept(asked.expr)));
        }
        let instant = self.instant(tree)?;
        Some((at(), instant))
    }

    /// Keeps a question in a cell of its own, so that it is asked once and not at every event.
    pub(super) fn kept(&mut self, expr: Expr) -> Expr {
        if matches!(expr.op, Op::Constant(_) | Op::Cell(_) | Op::Input(_) | Op::AsOf | Op::Parameter(_)) {
            return expr;
        }
        let cell = self.store(expr);
        self.load(cell)
    }

    /// An instant outside any event.
    pub(super) fn instant(&mut self, tree: &tree::Expr) -> Option<Expr> {
        let typed = self.expr(tree, Some(&Type::Instant), Place::default())?;
        let typed = self.fit(typed, &Type::Instant, tree.span)?;
        Some(self.kept(typed.expr))
    }

    /// A duration outside any event.
    pub(super) fn duration(&mut self, tree: &tree::Expr) -> Option<Expr> {
        let typed = self.expr(tree, Some(&Type::Duration), Place::default())?;
        Some(self.fit(typed, &Type::Duration, tree.span)?.expr)
    }

    /// An instant moved by a duration; within a century either way, so it cannot overflow.
    pub(super) fn shifted(&mut self, instant: Expr, by: Expr, later: bool) -> Expr {
        let (x, y) = (instant.shape, by.shape);
        let optional = x.optional || y.optional;
        let (a, b) = (Box::new(instant), Box::new(by));
        if later {
            Expr { op: Op::Add(a, b), shape: Shape { optional, ..Shape::range(x.low + y.low, x.high + y.high) } }
        } else {
            Expr { op: Op::Subtract(a, b), shape: Shape { optional, ..Shape::range(x.low - y.high, x.high - y.low) } }
        }
    }
}
