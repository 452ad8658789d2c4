//! What a line of a clock says to no effect: when a period ended that never was, and how one ended where it starts.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree;
use crate::text::Span;
use crate::types::Builder;

impl Builder<'_> {
    /// `as` names how a period stopped, or a hold; a period that is nullified never was.
    pub(super) fn nothing_idle(&mut self, tree: &tree::Clock) -> Option<()> {
        for line in &tree.edges {
            let end = line.label.as_ref().map_or(line.span.end, |label| label.span.end);
            let idle = match (line.verb.node.as_str(), &line.at, &line.label) {
                ("nullify", Some(at), _) => Some((at.span, "a period that is nullified never was, and so has no end")),
                ("nullify", _, Some(label)) => {
                    Some((label.span, "a period that is nullified never was, and has no name for how it stopped"))
                }
                ("start", _, Some(label)) => {
                    Some((label.span, "`as` says how a period stopped, and nothing stops here"))
                }
                _ => None,
            };
            let Some((span, title)) = idle else { continue };
            let fault = Diagnostic::error(codes::E0917, span, title, "this changes nothing");
            let fault = fault.help("leave it out");
            let before = if line.verb.node == "nullify" {
                line.on.span.end
            } else {
                line.at.as_ref().map_or(line.on.span.end, |at| at.span.end)
            };
            return self.fault(fault.edit(Span { start: before, end, ..span }, ""));
        }
        Some(())
    }
}
