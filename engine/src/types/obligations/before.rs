//! The event that something is expected before: the one judged by the name it is given, or one that a query finds.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Function, Kinds};
use crate::syntax::tree::{self, EventsKind, Name};
use crate::types::expressions::at_hand::AtHand;
use crate::types::expressions::terms::{at, order, query_of};
use crate::types::{Builder, Place};

/// The event whose place in the order is a deadline.
pub(super) struct Before {
    pub kinds: Kinds,
    pub time: Expr,
    pub order: Expr,
}

impl Builder<'_> {
    /// `before op` under `for each Operation called op`, `before first Antibiotics`.
    pub(super) fn before_what(&mut self, before: &tree::Query, place: Place) -> Option<Before> {
        if let Some(judged) = self.judged_by_name(before, place) {
            return judged;
        }
        let function = self.which(before)?;
        let (kinds, filter) = self.chosen(before, place)?;
        self.of_which_of_its_kind(before, kinds, place)?;
        let time = query_of(function, kinds, filter.clone(), at(), at().shape.or_none());
        let order = query_of(function, kinds, filter, order(), order().shape.or_none());
        Some(Before { kinds, time: self.kept(time, place), order: self.kept(order, place) })
    }

    /// The event judged, by its name alone; nothing where an event is declared by that name, or more is said.
    fn judged_by_name(&mut self, before: &tree::Query, place: Place) -> Option<Option<Before>> {
        let EventsKind::Named(path) = &before.events.kind else { return None };
        let name = self.event_named_alone(path, place)?.clone();
        if before.span != before.events.span {
            let said = &name.node;
            let title = format!("`{said}` is the event judged, and one event: nothing more is said of it");
            let fault = Diagnostic::error(codes::E0313, before.span, title, "more than its name");
            return Some(self.fault(fault.help(format!("write `before {said}`")).edit(before.span, said.clone())));
        }
        let kinds = self.kinds_of_alias(&name.node, place)?;
        let at = Name { node: "at".to_owned(), span: name.span };
        let time = self.of_alias(&name.node, &at, place)??.0.expr;
        let order = self.order_of_alias(&name.node, place)?;
        Some(Some(Before { kinds, time, order }))
    }

    /// `for each Operation expect Consent before Operation`: the first of the case, where the one judged is what it reads like.
    fn of_which_of_its_kind(&mut self, before: &tree::Query, kinds: Kinds, place: Place) -> Option<()> {
        let bare = before.function.is_none() && before.windows.is_empty();
        let Some(judged) = self.scope_of(place).filter(|(what, _)| bare && kinds.meet(what.kinds())) else {
            return Some(());
        };
        let said = self.context.words(before.span);
        let title = format!("`before {said}` may be the one judged, or the first of the case");
        let fault = Diagnostic::error(codes::E0313, before.span, title, "which of them?");
        let others = format!("the first of the case is `before first {said}`, the one after it `before next {said}`");
        self.fault(match judged {
            (AtHand::Made(..), _) => fault.help(others),
            (_, Some(alias)) => {
                fault.help(format!("the one judged is `before {alias}`; {others}")).edit(before.span, alias)
            }
            (_, None) => fault.help(format!(
                "give the one judged a name, `for each {} called this`, and write `before this`; {others}",
                self.context.words(before.events.span)
            )),
        })
    }

    /// `first` or `last` of the event that something is expected before.
    fn which(&mut self, query: &tree::Query) -> Option<Function> {
        match query.function.as_ref().map(|f| f.node.as_str()) {
            None | Some("first" | "next") => Some(Function::First),
            Some("last" | "latest" | "previous") => Some(Function::Last),
            Some("nth") => {
                let title = "`before` needs the first such event or the last, not one by its number";
                let fault = Diagnostic::error(codes::E0313, query.span, title, "the first of which?");
                self.fault(match self.first_after_so_many(query) {
                    Some(written) => fault
                        .help(format!("it is the first with so many before it: `before {written}`"))
                        .edit(query.span, written),
                    None => fault.help("use `first` or `last`, with a `where` that says which"),
                })
            }
            Some(_) => self.finds_no_one_event(query, Some("before"), true),
        }
    }

    /// `first Dose where (count Dose before at) >= 3`, for the 4th.
    fn first_after_so_many(&self, query: &tree::Query) -> Option<String> {
        let before = query.nth?.checked_sub(1).filter(|before| *before > 0 && query.windows.is_empty())?;
        let events = self.context.words(query.events.span);
        let filter = query.filter.as_ref().map(|filter| format!("({})", self.context.words(filter.span)));
        Some(match filter {
            Some(filter) => {
                format!("first {events} where {filter} and (count {events} where {filter} before at) >= {before}")
            }
            None => format!("first {events} where (count {events} before at) >= {before}"),
        })
    }
}
