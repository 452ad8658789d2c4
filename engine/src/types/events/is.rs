//! `next event is Discharge`: whether the event that a query finds is of a kind, or belongs to a set.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, KindId, Op, Shape};
use crate::syntax::tree::{self, Path};
use crate::text::Span;
use crate::types::events::set::{Among, one_of};
use crate::types::expressions::one_event::is_of_one;
use crate::types::expressions::terms::{at, yes_no};
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// Whether the event that a query finds is one of some events; no where it finds none.
    pub(in crate::types) fn event_is(
        &mut self,
        query: &tree::Query,
        options: &[&Path],
        (span, negated): (Span, bool),
        place: Place,
    ) -> Option<Typed> {
        self.one_event(query)?;
        let among = self.among(query)?.kinds;
        let mut wanted: Vec<Among> = Vec::new();
        for path in options {
            wanted.push(self.events_called(path)?);
        }
        let parts: Vec<(KindId, Vec<Expr>)> = among
            .places()
            .map(|kind| {
                let of_kind = wanted.iter().filter(|wanted| wanted.kinds.contain(kind));
                (kind, of_kind.map(Among::condition).collect())
            })
            .collect();
        if parts.iter().all(|(_, conditions)| conditions.is_empty()) {
            let title = "the events on the two sides are of different kinds";
            let fault = Diagnostic::error(codes::E0503, span, title, "always no");
            let said = self.context.words(query.span);
            return self.fault(fault.help(format!("`{said}` finds no other kind of event; `first event` finds any")));
        }
        let no = yes_no(Op::Constant(0));
        let parts = parts
            .into_iter()
            .map(|(kind, conditions)| (kind, if conditions.is_empty() { no.clone() } else { one_of(conditions) }));
        let mut parts: Vec<(KindId, Expr)> = parts.collect();
        let only = if parts.len() == 1 { parts.pop().map(|(_, condition)| condition) } else { None };
        let value = only.unwrap_or_else(|| self.plan.by_kind(Shape::YES_NO, parts));
        self.plan.uses_as_of();
        let (kinds, filter) = self.chosen(query, place)?;
        let found = self.asked(query, kinds, filter.clone(), value, Type::YesNo)?;
        let is = yes_no(Op::Within(Box::new(found.expr), 1, 1));
        if !negated {
            return Some(Typed { expr: is, ty: Type::YesNo });
        }
        let when = self.asked(query, kinds, filter, at(), Type::Instant)?;
        let there = yes_no(Op::Within(Box::new(when.expr), at().shape.low, at().shape.high));
        self.doubt_opposite(&there, span, Some(query.span), place);
        Some(Typed { expr: yes_no(Op::Not(Box::new(is))), ty: Type::YesNo })
    }

    /// A query that finds one event, and takes nothing of it.
    fn one_event(&mut self, query: &tree::Query) -> Option<()> {
        if is_of_one(query) && query.field.is_none() && query.have.is_none() {
            return Some(());
        }
        let title = "only one event can be of a kind";
        let fault = Diagnostic::error(codes::E0503, query.span, title, "does not find an event");
        self.fault(fault.help("ask of one event: `first event is Triage`, `next (A or B) is B`"))
    }
}
