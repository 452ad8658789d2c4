//! `during Stay` under `for each Stay`: an event's own name means any of them, where the current one is what it reads like.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::Kinds;
use crate::syntax::tree::Path;
use crate::text::Span;
use crate::types::{Builder, Place};

impl Builder<'_> {
    /// Warns of a window over any event of a kind where an event of that kind is the current one, or one around it.
    pub(super) fn warn_of_any_of_its_kind(&mut self, path: &Path, kinds: Kinds, span: Span, place: Place) {
        let by_its_kind = matches!(self.names().get(&path.text()), Some(Symbol::Event(_)));
        if !by_its_kind || self.context.inlining().is_some() {
            return;
        }
        let Some(alias) = self.scope_around(place, kinds) else { return };
        let said = path.text();
        let title = format!("`during {said}` is during any `{said}`, and not only during the current one");
        let fault = Diagnostic::warning(codes::W0507, span, title, "any of them");
        let any = format!("any of them is a set by a name of its own: `events any_{} = {said}`", said.to_lowercase());
        self.faults.push(match alias {
            Some(alias) => fault.help(format!("the current one is `during {alias}`; {any}")).edit(span, alias),
            None => {
                fault.help(format!("give the current one a name, `{said} called this`, and write `during this`; {any}"))
            }
        });
    }
}
