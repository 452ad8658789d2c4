//! `expect stop within 126 calendar days`: the end of a period, whichever event it was. What stands behind `stop` would be read and thrown away.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::syntax::tree::{EventsKind, Path};
use crate::text::Span;
use crate::types::Builder;
use crate::types::obligations::clause::Wanted;

impl Builder<'_> {
    /// A period stops once, and which events stop it is said in the clock.
    pub(super) fn only_the_stop(&mut self, wanted: Wanted<'_>, clock: &Path) -> Option<()> {
        let query = wanted.query;
        let stop = query.events.span;
        let refused = |span: Span, label: &str| {
            let title = "`stop` is the end of the period, and nothing more is asked of it";
            Diagnostic::error(codes::E0905, span, title, label)
        };
        if let Some(condition) = query.filter.as_ref().or(query.have.as_ref()) {
            let said = self.context.words(condition.span);
            let of = self.what_stops(clock);
            let fault = refused(condition.span, "would change nothing");
            return self.fault(fault.help(format!(
                "which events stop it is said in the clock, on a line of its own: `stop {of} where {said}`"
            )));
        }
        if let Some(window) = query.windows.first() {
            let said = self.context.words(window.span);
            let of = self.what_stops(clock);
            let fault = refused(window.span, "would change nothing");
            return self.fault(fault.help(format!(
                "by when it must stop is `expect stop within …`; which events stop it is said in the clock: `stop {of} {said}`"
            )));
        }
        let function = query.function.as_ref().filter(|_| query.nth != Some(1));
        if let Some(function) = function.filter(|function| function.node != "first") {
            let gap = Span { end: stop.start, ..function.span };
            let fault = refused(function.span, "a period stops once");
            return self.fault(fault.help("leave it out").edit(gap, ""));
        }
        if let Some(field) = &query.field {
            let gap = Span { end: stop.start, ..query.span };
            return self.fault(refused(field.span, "would change nothing").help("leave it out").edit(gap, ""));
        }
        if let Some(alias) = &query.alias {
            let gap = Span { start: stop.end, ..alias.span };
            return self.fault(refused(alias.span, "would change nothing").help("leave it out").edit(gap, ""));
        }
        Some(())
    }

    /// The event that stops a clock, where it is one and all of them do.
    fn what_stops(&self, clock: &Path) -> String {
        let edges = match self.names().get(&clock.text()) {
            Some(Symbol::Clock(index)) => self.names().clocks.get(index).map(|clock| clock.edges.as_slice()),
            _ => None,
        };
        let stops: Vec<_> = edges.into_iter().flatten().filter(|edge| edge.verb.node == "stop").collect();
        match stops.as_slice() {
            [only] if only.on.filter.is_none() && matches!(only.on.events.kind, EventsKind::Named(_)) => {
                self.context.words(only.on.events.span)
            }
            _ => "Treatment".to_owned(),
        }
    }
}
