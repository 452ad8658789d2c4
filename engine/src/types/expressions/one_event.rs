//! Where one event is meant: an end of a window, what something is counted from. `any Fall` asks whether there is one and `count Fall` how many;
//! neither finds it.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, EventsKind, ExprKind, Window, WindowKind};
use crate::text::Span;
use crate::types::Builder;

/// What stands behind a word of a window is written out up to so many characters.
const LONGEST: usize = 40;

/// Whether a query finds one event: the first, the last, or one by its number.
pub(in crate::types) fn is_of_one(query: &tree::Query) -> bool {
    matches!(word_of(query), "first" | "last" | "latest" | "next" | "previous" | "nth")
}

/// What a query asks; the first, where it does not say.
fn word_of(query: &tree::Query) -> &str {
    query.function.as_ref().map_or("first", |function| function.node.as_str())
}

impl Builder<'_> {
    /// A query at the end of a window finds the event that lies there.
    pub(in crate::types) fn ends_with_one_event(&mut self, window: &Window) -> Option<()> {
        let word = match &window.kind {
            WindowKind::After(_) | WindowKind::WithinAfter(..) => "after",
            WindowKind::Before(_) | WindowKind::WithinBefore(..) => "before",
            WindowKind::Since(_) => "since",
            WindowKind::Until(_) => "until",
            WindowKind::During(_) => "during",
        };
        match &window.kind.end().kind {
            ExprKind::Query(query) if query.field.is_none() && !is_of_one(query) => {
                self.finds_no_one_event(query, Some(word), window.if_any.is_some())
            }
            _ => Some(()),
        }
    }

    /// A query that answers yes or no, or with a number, is no instant.
    pub(in crate::types) fn finds_an_instant(&mut self, tree: &tree::Expr) -> Option<()> {
        match &tree.kind {
            ExprKind::Query(query) if query.field.is_none() && matches!(word_of(query), "any" | "all" | "count") => {
                self.finds_no_one_event(query, None, true)
            }
            _ => Some(()),
        }
    }

    /// Reports a query of which no event is the answer, behind a word of a window or where an instant stands.
    pub(in crate::types) fn finds_no_one_event<T>(
        &mut self,
        query: &tree::Query,
        word: Option<&str>,
        said: bool,
    ) -> Option<T> {
        let function = word_of(query);
        let title = match function {
            "any" => "`any` asks whether there is such an event, and one event is meant here".to_owned(),
            "all" => "`all` says something of each such event, and one event is meant here".to_owned(),
            "count" => "`count` says how many such events there are, and one event is meant here".to_owned(),
            other => format!("`{other}` is a figure of several events, and one event is meant here"),
        };
        let fault = Diagnostic::error(codes::E0313, query.span, title, "finds no one event");
        let Some(written) = query.function.as_ref().map(|function| function.span) else { return self.fault(fault) };
        let events = query.events.span;
        let named = query.span.end == events.end && matches!(query.events.kind, EventsKind::Named(_));
        if word == Some("during") && function == "any" && named {
            let help = format!("`during {}` is during any of them", self.context.words(events));
            return self.fault(fault.help(help).edit(Span { end: events.start, ..written }, ""));
        }
        let all = self.context.words(Span { start: events.start, ..query.span });
        let short = query.have.is_none() && all.chars().count() <= LONGEST;
        let all = if short { all } else { self.context.words(events) };
        let before = word.map(|word| format!("{word} ")).unwrap_or_default();
        let may_be_none = if said { "" } else { ", and `, if any` after it where there may be none" };
        let instead = match function {
            "any" | "lowest" => Some("first"),
            "highest" => Some("last"),
            "all" if query.have.is_some() => None,
            "all" if word == Some("before") => Some("first"),
            "all" => Some("last"),
            _ => None,
        };
        let in_any = word == Some("during") && function == "any";
        self.fault(match instead {
            Some(instead) if in_any => fault
                .help(format!(
                    "write `during {instead} {all}`; any of several is a set by its name: `events Such = {all}` and `during Such`"
                ))
                .edit(written, instead),
            Some(instead) => fault.help(format!("write `{before}{instead} {all}`{may_be_none}")).edit(written, instead),
            None => fault.help(format!("name one of them: `{before}first {all}`, `{before}last {all}`{may_be_none}")),
        })
    }
}
