//! Event queries: the events in scope, filters and windows.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Expr, Function, Id, KindId, MAX_EVENTS, Shape};
use crate::syntax::spelling::near;
use crate::syntax::tree;
use crate::text::Span;
use crate::types::events::if_any::Windowed;
use crate::types::expressions::at_hand::AtHand;
use crate::types::expressions::guards::proved_by;
use crate::types::expressions::terms::{all, at, not, query_of};
use crate::types::expressions::unknown::did_you_mean;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// The kind of event that a query is about.
    pub(in crate::types) fn event_kind(&mut self, query: &tree::Query) -> Option<KindId> {
        let name = query.event.text();
        match self.names().get(&name) {
            Some(Symbol::Event(_)) if self.context.inlining().is_some() => {
                let title = format!("this is a query of `{name}` over the whole case of its own package");
                let fault = Diagnostic::error(codes::E0316, query.span, title, "not an answer for one event");
                self.fault(
                    fault.help("an event carries the facts of another package's subject, and none of its events"),
                )
            }
            Some(symbol @ Symbol::Event(kind)) => {
                self.mention(query.event.span, symbol);
                Some(KindId::at(kind))
            }
            Some(other) => {
                let title = format!("`{name}` is {}, not an event", other.kind());
                self.error(codes::E0309, query.event.span, title, other.kind())
            }
            None => {
                let events = self.plan.subject.events.iter().map(|e| e.name.as_str());
                let near = near(&name, events, 3);
                let title = format!("there is no event `{name}`");
                let fault = Diagnostic::error(codes::E0311, query.event.span, title, "not declared");
                let fault = if near.is_empty() {
                    fault.help("declare it in the subject: `event Name { … }`")
                } else {
                    did_you_mean(fault, &near, query.event.span)
                };
                self.fault(fault)
            }
        }
    }

    pub(in crate::types) fn query(&mut self, tree: &tree::Query, place: Place) -> Option<Typed> {
        let kind = self.event_kind(tree)?;
        self.plan.uses_as_of();
        let inside = self.inside(tree, kind, place)?;
        let mut conditions = self.conditions(tree, kind, (place, inside))?;
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
            let breach = query_of(Function::Any, kind, all(conditions), at(), Shape::YES_NO);
            return Some(Typed { expr: not(breach), ty: Type::YesNo });
        }
        let proved = conditions.iter().flat_map(proved_by).collect();
        let (value, ty) = self.beside(proved, (tree.span, inside), |_| true, |b| b.taken(tree, inside))?;
        self.asked(tree, kind, all(conditions), value, ty)
    }

    fn inside(&mut self, tree: &tree::Query, kind: KindId, place: Place) -> Option<Place> {
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

    pub(super) fn asked(
        &mut self,
        tree: &tree::Query,
        event: KindId,
        filter: Expr,
        value: Expr,
        ty: Type,
    ) -> Option<Typed> {
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
                let title = format!("events have no query `{other}`");
                return self.error(
                    codes::E0313,
                    tree.span,
                    title,
                    "use first, last, nth, count, any, all … have, lowest, highest, sum or median",
                );
            }
        };
        Some(Typed { expr: query_of(function, event, filter, value, shape), ty })
    }

    /// The filter and windows of a query as conditions on the event asked about.
    fn conditions(&mut self, tree: &tree::Query, kind: KindId, (place, inside): (Place, Place)) -> Option<Vec<Expr>> {
        let mut conditions = Vec::new();
        if let Some(filter) = &tree.filter {
            let mark = self.faults.mark();
            let condition = self.condition(filter, inside);
            if condition.is_none() {
                self.else_of_where(tree, filter, mark);
            }
            conditions.push(condition?);
        }
        let filter = conditions.clone();
        for window in &tree.windows {
            let (tests, needed) = self.window(window, place)?;
            self.doubt_window(Windowed { query: tree, window, kind, conditions: &filter }, &needed, place)?;
            conditions.extend(tests);
        }
        Some(conditions)
    }

    /// An `else` after `where` belongs to the condition: where that can never be none, it was meant for the query.
    fn else_of_where(&mut self, tree: &tree::Query, filter: &tree::Expr, mark: usize) {
        let tree::ExprKind::Else { value, .. } = &filter.kind else { return };
        // A condition in brackets has an `else` of its own.
        let bare = value.span.start == filter.span.start;
        for fault in self.faults.take_out(mark) {
            let fault = if bare && fault.code == codes::E0508 && fault.primary.span == value.span {
                let place = |at: u32| Span { start: at, end: at, ..tree.span };
                let title = "the `else` after this belongs to the condition of the query, which is never none";
                Diagnostic::error(codes::E0508, value.span, title, "what stands after `where` goes on as far as it can")
                    .help("put the query in brackets, so that its condition ends there")
                    .edit(place(tree.span.start), "(")
                    .edit(place(value.span.end), ")")
            } else {
                fault
            };
            self.faults.push(fault);
        }
    }

    /// The filter and windows of a query as one condition, for queries that are made up of others.
    pub(in crate::types) fn filter(&mut self, tree: &tree::Query, kind: KindId, place: Place) -> Option<Expr> {
        let inside = self.inside(tree, kind, place)?;
        self.conditions(tree, kind, (place, inside)).map(all)
    }
}
