//! Events named where a value is expected: what a query finds may be compared with them, and nothing else.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::syntax::tree::{self, Comparison, EventsKind, ExprKind, Path};
use crate::text::Span;
use crate::types::{Builder, Place, Typed};

impl Builder<'_> {
    /// `next event is B`, `last event is one of B, C`; nothing where other values are compared.
    pub(super) fn compared_events(
        &mut self,
        op: Comparison,
        value: &tree::Expr,
        options: &[&tree::Expr],
        place: Place,
    ) -> Option<Option<Typed>> {
        let ExprKind::Query(query) = &value.kind else { return None };
        let options: Vec<&Path> = options.iter().filter_map(|option| self.names_events(option, place)).collect();
        let (Some(last), Comparison::Equal | Comparison::NotEqual) = (options.last(), op) else { return None };
        let span = value.span.to(last.span);
        Some(self.event_is(query, &options, (span, op == Comparison::NotEqual), place))
    }

    /// The name of an event or of a set of events.
    pub(super) fn names_events<'t>(&self, tree: &'t tree::Expr, place: Place) -> Option<&'t Path> {
        let ExprKind::Path(path) = &tree.kind else { return None };
        let [name] = path.parts.as_slice() else { return None };
        let events = matches!(self.names().get(&name.node), Some(Symbol::Event(_) | Symbol::Events(_)));
        (events && self.context.of_this_case() && !self.is_at_hand(&name.node, place)).then_some(path)
    }

    /// `first Seen or Telephoned`: `or` joins two whole conditions. Reported where an event stands behind it.
    pub(super) fn either_without_brackets(
        &mut self,
        left: &tree::Expr,
        right: &tree::Expr,
        place: Place,
    ) -> Option<()> {
        self.either_of_two_firsts(left, right)?;
        let Some(behind) = self.names_events(right, place) else { return Some(()) };
        let fault = Diagnostic::error(
            codes::E0309,
            behind.span,
            format!("`{}` is an event, not a value", behind.text()),
            "`or` joins two whole conditions",
        );
        let ExprKind::Query(query) = &left.kind else {
            return self.fault(fault.help("ask for it in a query of its own: `any Fall or any Collapse`"));
        };
        let fault = fault.help("events of either kind stand in brackets: `first (Fall or Collapse)`");
        let plain = matches!(query.events.kind, EventsKind::Named(_)) && query.events.span.end == query.span.end;
        let at = |place: u32| Span { start: place, end: place, ..behind.span };
        let (from, to) = (query.events.span.start, behind.span.end);
        self.fault(if plain { fault.edit(at(from), "(").edit(at(to), ")") } else { fault })
    }

    /// `first Seen or first Telephoned`: the first of either kind is one query, and that one of them happened is two.
    fn either_of_two_firsts(&mut self, left: &tree::Expr, right: &tree::Expr) -> Option<()> {
        let (ExprKind::Query(a), ExprKind::Query(b)) = (&left.kind, &right.kind) else { return Some(()) };
        let (Some(which), Some(other)) = (&a.function, &b.function) else { return Some(()) };
        let plain = |query: &tree::Query| query.field.is_none() && query.alias.is_none() && query.windows.is_empty();
        let of_one = which.node == other.node && matches!(which.node.as_str(), "first" | "last" | "latest");
        if !of_one || !plain(a) || !plain(b) {
            return Some(());
        }
        let [one, two] = [a, b].map(|query| self.context.words(Span { start: query.events.span.start, ..query.span }));
        let written = format!("{} ({one} or {two})", which.node);
        let span = left.span.to(right.span);
        let title = "`or` joins two conditions, and the time of an event is not one";
        let fault = Diagnostic::error(codes::E0503, span, title, "two instants");
        let help = format!(
            "the {} of either is `{written}`; that one of the two happened is `any {one} or any {two}`",
            which.node
        );
        self.fault(fault.help(help).edit(span, written))
    }
}
