//! Questions about events: the events at hand, filters and windows.

use super::arithmetic::yes_no;
use super::comparisons::not;
use super::literals::{constant, describe};
use super::scopes::AtHand;
use super::{Builder, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::operators::speaks_of_events;
use crate::plan::{Alternative, Class, Expr, Function, Kinds, MAX_EVENTS, ORDER, Op, Query, Rounding, Shape};
use crate::syntax::spelling::nearest;
use crate::syntax::tree::{self, ExprKind, WindowKind};
use crate::text::Span;
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};
use crate::values::types::Type;

/// The time of the event at hand.
pub(super) fn at() -> Expr {
    Expr { op: Op::At(0), shape: Shape::range(FIRST_INSTANT, LAST_INSTANT) }
}

/// The place of the event at hand in the order of the case.
pub(super) fn order() -> Expr {
    Expr { op: Op::Order(0), shape: ORDER }
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

/// `a < b`
pub(super) fn less(a: Expr, b: Expr) -> Expr {
    yes_no(Op::Less(Box::new(a), Box::new(b)))
}

/// `a ≤ b`
pub(super) fn at_most(a: Expr, b: Expr) -> Expr {
    yes_no(Op::LessOrEqual(Box::new(a), Box::new(b)))
}

/// A question about one kind of event.
pub(super) fn question(function: Function, event: usize, filter: Expr, value: Expr, shape: Shape) -> Expr {
    let alternatives = vec![Alternative { kinds: Kinds::one(event), filter, value }];
    Expr { op: Op::Query(Box::new(Query { function, alternatives })), shape }
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
                let title = format!("there is no event `{name}`");
                let fault = Diagnostic::error(codes::E0311, query.event.span, title, "not declared");
                self.fault(match near {
                    Some(near) => fault.help(format!("did you mean `{near}`?")).edit(query.event.span, near),
                    None => fault.help("declare it in the subject: `event Name { … }`"),
                })
            }
        }
    }

    pub(super) fn query(&mut self, tree: &tree::Query, place: Place) -> Option<Typed> {
        let kind = self.event_kind(tree)?;
        self.plan.subject.uses_as_of = true;
        let inside = self.inside(tree, kind, place)?;
        let mut conditions = self.conditions(tree, place, inside)?;
        if let Some(have) = &tree.have {
            let function = tree.function.as_ref().map_or("", |f| f.node.as_str());
            if function != "all" {
                return self.error(
                    codes::E0313,
                    tree.span,
                    "`have` goes with `all`: `all Shift have rest >= 11 h`",
                    "not `all`",
                );
            }
            conditions.push(not(self.condition(have, inside)?));
            let breach = question(Function::Any, kind, all(conditions), at(), Shape::YES_NO);
            return Some(Typed { expr: not(breach), ty: Type::YesNo });
        }
        let (value, ty) = self.taken(tree, inside)?;
        self.asked(tree, kind, all(conditions), value, ty)
    }

    fn inside(&mut self, tree: &tree::Query, kind: usize, place: Place) -> Option<Place> {
        let alias = tree.alias.as_ref().map(|a| a.node.clone());
        self.enter(place, AtHand::Event(kind), alias, tree.span)
    }

    /// What is taken of each event: its time unless something is named.
    fn taken(&mut self, tree: &tree::Query, inside: Place) -> Option<(Expr, Type)> {
        match &tree.field {
            None => Some((at(), Type::Instant)),
            Some(field) => {
                let typed = self.expr(field, None, inside)?;
                Some((typed.expr, typed.ty))
            }
        }
    }

    fn asked(&mut self, tree: &tree::Query, event: usize, filter: Expr, value: Expr, ty: Type) -> Option<Typed> {
        let function = tree.function.as_ref().map_or("first", |f| f.node.as_str());
        let whole = Type::Number { places: 0, unit: None };
        let optional = value.shape.or_none();
        let count = Shape::range(0, MAX_EVENTS);
        let (function, shape, ty) = match function {
            "first" => (Function::First, optional, ty),
            "last" | "latest" => (Function::Last, optional, ty),
            "nth" => (Function::Nth(tree.nth.unwrap_or(1).max(1)), optional, ty),
            "count" => (Function::Count, count, whole),
            "any" => (Function::Any, Shape::YES_NO, Type::YesNo),
            "lowest" | "highest" | "sum" | "median" => return self.figure(tree, event, filter, value, ty),
            other => {
                let title = format!("`{other}` is not asked of events");
                return self.error(
                    codes::E0313,
                    tree.span,
                    title,
                    "first, last, nth, count, any, all … have, lowest, highest, sum or median",
                );
            }
        };
        Some(Typed { expr: question(function, event, filter, value, shape), ty })
    }

    /// `lowest`, `highest`, `sum`, `median`: figures over numbers, durations and times.
    fn figure(&mut self, tree: &tree::Query, event: usize, filter: Expr, value: Expr, ty: Type) -> Option<Typed> {
        let word = tree.function.as_ref().map_or("", |f| f.node.as_str()).to_owned();
        let counted = matches!(ty, Type::Number { .. } | Type::Duration);
        let timed = matches!(ty, Type::Instant | Type::Date | Type::TimeOfDay);
        if value.shape.class == Class::Set || !(counted || (timed && word != "sum")) {
            let title = format!("there is no {word} of {}", describe(&ty));
            return self.error(codes::E0313, tree.span, title, "not a number or a duration");
        }
        let optional = value.shape.or_none();
        match word.as_str() {
            "lowest" => Some(Typed { expr: question(Function::Lowest, event, filter, value, optional), ty }),
            "highest" => Some(Typed { expr: question(Function::Highest, event, filter, value, optional), ty }),
            "sum" => {
                let most = |v: i64| i128::from(v) * i128::from(MAX_EVENTS);
                let (low, high) = (most(value.shape.low).min(0), most(value.shape.high).max(0));
                let shape = self.proved(low, high, false, tree.span)?;
                Some(Typed { expr: question(Function::Sum, event, filter, value, shape), ty })
            }
            _ => self.median(event, filter, value, ty, tree.span),
        }
    }

    /// The median of an even number of values lies half way: numbers get one more decimal place, times are rounded to the millisecond.
    fn median(&mut self, event: usize, filter: Expr, value: Expr, ty: Type, span: Span) -> Option<Typed> {
        let shape = self.proved(2 * i128::from(value.shape.low), 2 * i128::from(value.shape.high), true, span)?;
        let doubled = question(Function::MedianDoubled, event, filter, value, shape);
        if let Type::Number { places, unit } = ty {
            let expr = self.multiply(doubled, constant(5), span)?;
            return Some(Typed { expr, ty: Type::Number { places: places + 1, unit } });
        }
        let halved = Shape { low: shape.low / 2 - 1, high: shape.high / 2 + 1, ..shape };
        let op = Op::Divide(Box::new(doubled), Box::new(constant(2)), Rounding::HalfUp);
        Some(Typed { expr: Expr { op, shape: halved }, ty })
    }

    /// The filter and windows of a query as conditions on the event asked about.
    fn conditions(&mut self, tree: &tree::Query, place: Place, inside: Place) -> Option<Vec<Expr>> {
        let mut conditions = Vec::new();
        if let Some(filter) = &tree.filter {
            conditions.push(self.condition(filter, inside)?);
        }
        for window in &tree.windows {
            conditions.extend(self.window(window, place)?);
        }
        Some(conditions)
    }

    /// The filter and windows of a query as one condition, for questions that are made up of others.
    pub(super) fn filter(&mut self, tree: &tree::Query, kind: usize, place: Place) -> Option<Expr> {
        let inside = self.inside(tree, kind, place)?;
        self.conditions(tree, place, inside).map(all)
    }

    fn window(&mut self, window: &tree::Window, place: Place) -> Option<Vec<Expr>> {
        Some(match &window.kind {
            WindowKind::After(end) => {
                let (own, end) = self.end(end, place)?;
                vec![less(end, own)]
            }
            WindowKind::Before(end) => {
                let (own, end) = self.end(end, place)?;
                vec![less(own, end)]
            }
            WindowKind::Since(end) => {
                let (own, end) = self.end(end, place)?;
                vec![at_most(end, own)]
            }
            WindowKind::Until(end) => {
                let (own, end) = self.end(end, place)?;
                vec![at_most(own, end)]
            }
            WindowKind::WithinBefore(length, end) => {
                let (length, instant) = (self.duration(length, place)?, self.instant(end, place)?);
                let start = self.shifted(instant, length, false);
                let before = match self.end(end, place)? {
                    (own, end) if own == order() => less(own, end),
                    (own, end) => at_most(own, end),
                };
                vec![at_most(self.outside(start), at()), before]
            }
            WindowKind::WithinAfter(length, start) => {
                let (length, instant) = (self.duration(length, place)?, self.instant(start, place)?);
                let end = self.shifted(instant, length, true);
                let after = match self.end(start, place)? {
                    (own, start) if own == order() => less(start, own),
                    (own, start) => at_most(start, own),
                };
                vec![after, at_most(at(), self.outside(end))]
            }
        })
    }

    /// An end of a window: what of the event asked about is compared, and with what. The time of the event at hand outside, and another
    /// question about events, compare places in the order of the case; any other instant compares times.
    fn end(&mut self, tree: &tree::Expr, place: Place) -> Option<(Expr, Expr)> {
        if matches!(tree.kind, ExprKind::At) && place.has_event() {
            return Some((order(), order().inside()));
        }
        if let ExprKind::Path(path) = &tree.kind
            && let [alias, time] = path.parts.as_slice()
            && time.node == "at"
            && let Some(other) = self.order_of_alias(&alias.node, place)
        {
            return Some((order(), other.inside()));
        }
        if let ExprKind::Query(query) = &tree.kind
            && query.field.is_none()
        {
            let end = self.order_of(query, place)?;
            return Some((order(), self.outside(end)));
        }
        let instant = self.instant(tree, place)?;
        Some((at(), self.outside(instant)))
    }

    /// The place in the order of the case of the event that a query finds.
    pub(super) fn order_of(&mut self, query: &tree::Query, place: Place) -> Option<Expr> {
        let kind = self.event_kind(query)?;
        let filter = self.filter(query, kind, place)?;
        let asked = self.asked(query, kind, filter, order(), Type::Number { places: 0, unit: None })?;
        Some(asked.expr)
    }

    /// An expression of the place outside, used inside one more question: kept in a cell where no event is at hand in it, so that it is
    /// worked out once and not at every event.
    pub(super) fn outside(&mut self, expr: Expr) -> Expr {
        if speaks_of_events(&expr) { expr.inside() } else { self.kept(expr, Place::default()) }
    }

    /// Keeps an expression that speaks of no event in a cell of its own.
    pub(super) fn kept(&mut self, expr: Expr, place: Place) -> Expr {
        let simple = matches!(expr.op, Op::Constant(_) | Op::Cell(_) | Op::Input(_) | Op::AsOf | Op::Parameter(_));
        if simple {
            return expr;
        }
        if speaks_of_events(&expr) {
            return match self.kinds_at(place) {
                Some(kinds) => self.kept_for_each(kinds, expr),
                None => expr,
            };
        }
        let cell = self.store(expr);
        self.load(cell)
    }

    /// An instant.
    pub(super) fn instant(&mut self, tree: &tree::Expr, place: Place) -> Option<Expr> {
        let typed = self.expr(tree, Some(&Type::Instant), place)?;
        let typed = self.fit(typed, &Type::Instant, tree.span)?;
        Some(self.kept(typed.expr, place))
    }

    /// A duration.
    pub(super) fn duration(&mut self, tree: &tree::Expr, place: Place) -> Option<Expr> {
        let typed = self.expr(tree, Some(&Type::Duration), place)?;
        Some(self.fit(typed, &Type::Duration, tree.span)?.expr)
    }

    /// An instant moved by a duration; within centuries either way, so it cannot overflow.
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
