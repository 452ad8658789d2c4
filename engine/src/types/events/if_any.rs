//! A window whose end may be none: no event lies in it then, `first` is none, `count` 0 and `any` no. Whoever writes it says that this is
//! meant: `after last Fall, if any`, or what stands for it: `… else …`; where something beside it shows that the end is there,
//! nothing has to be said.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Kinds, Op};
use crate::syntax::tree::{self, WindowKind};
use crate::text::Span;
use crate::types::expressions::doubts::Doubt;
use crate::types::{Builder, Place};

/// A query and one of its windows.
pub(super) struct Windowed<'t> {
    pub query: &'t tree::Query,
    pub window: &'t tree::Window,
    /// The kinds of event asked about, and the conditions on them.
    pub kinds: Kinds,
    pub conditions: &'t [Expr],
}

impl Builder<'_> {
    /// Asks whether it is meant that no event lies in a window where what it needs is not there.
    pub(super) fn doubt_window(&mut self, of: Windowed<'_>, needed: &[Expr], place: Place) -> Option<()> {
        let mut roots: Vec<Expr> = needed.iter().flat_map(|needed| self.roots(needed)).collect();
        let Windowed { query, window, kinds, conditions } = of;
        if let Some(said) = window.if_any {
            let never = roots.is_empty() && !self.guards_count() && self.context.inlining().is_none();
            return if never { self.always_there(window, said) } else { Some(()) };
        }
        let there: Vec<Expr> = conditions.iter().flat_map(|condition| self.there(condition, true)).collect();
        roots.retain(|root| !there.contains(&root.clone().inside()) && !belongs_itself(root, kinds, conditions));
        let end = self.context.words(self.which_may_be_none(window, needed).span);
        let end = if end.chars().count() <= 40 { format!("`{end}`") } else { "its end".to_owned() };
        let title = format!("where {end} is none, no event lies in this window");
        let place_after = Span { start: window.span.end, ..window.span };
        let warning = Diagnostic::warning(codes::W0502, window.span, title, "this may be none")
            .help("write `, if any` after it where that is meant, say what stands for it with `else`, or ask first: `x is not none and …`")
            .edit(place_after, ", if any");
        let function = query.function.as_ref().map_or("first", |function| function.node.as_str());
        let answers = (!matches!(function, "count" | "any" | "all" | "sum")).then_some(query.span);
        self.doubt(Doubt { of: roots, place, answers, warning });
        Some(())
    }

    /// What may be none of a window: its end, or where that is always there its length.
    fn which_may_be_none<'t>(&self, window: &'t tree::Window, needed: &[Expr]) -> &'t tree::Expr {
        match &window.kind {
            WindowKind::WithinBefore(length, end) | WindowKind::WithinAfter(length, end) => {
                // The length stands before the end among what is needed.
                let end_is_there = needed.last().is_some_and(|end| self.roots(end).is_empty());
                if end_is_there && needed.len() > 1 { length } else { end }
            }
            kind => kind.end(),
        }
    }

    fn always_there(&mut self, window: &tree::Window, said: Span) -> Option<()> {
        let title = format!("`{}` is never none", self.context.words(window.kind.end().span));
        let fault = Diagnostic::error(codes::E0508, said, title, "there always is one");
        self.fault(fault.help("leave it out").edit(said, ""))
    }
}

/// Whether an event of these kinds that fulfils the conditions is itself one of those that a root asks for, so that wherever there is something
/// to look for, the end is there.
fn belongs_itself(root: &Expr, kinds: Kinds, conditions: &[Expr]) -> bool {
    let Op::Query(query) = &root.op else { return false };
    let known: Vec<&Expr> = conditions.iter().flat_map(parts).collect();
    query.alternatives.iter().any(|alternative| {
        let asked = if alternative.filter.op == Op::Constant(1) { &[] } else { parts(&alternative.filter) };
        kinds.places().all(|kind| alternative.kinds.contain(kind)) && asked.iter().all(|one| known.contains(&one))
    })
}

/// The parts of a condition.
fn parts(condition: &Expr) -> &[Expr] {
    match &condition.op {
        Op::And(all) => all,
        _ => std::slice::from_ref(condition),
    }
}
