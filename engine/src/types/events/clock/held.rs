//! How long a clock is on hold: until a line of its own ends that. `pause Unwell until Better` reads as if it said it, and a window says which
//! events pause.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::syntax::tree::{self, ExprKind, WindowKind};
use crate::text::Span;
use crate::types::Builder;
use crate::types::events::clock::{Edge, Verb};

impl Builder<'_> {
    /// `pause Unwell until Better`: what ends a hold, or a period, is a line of its own.
    pub(super) fn ended_by_a_line(&mut self, tree: &tree::Edge) -> Option<()> {
        let (ends, what) = match tree.verb.node.as_str() {
            "pause" => ("resume", "the hold"),
            "start" => ("stop", "the period"),
            _ => return Some(()),
        };
        for window in &tree.on.windows {
            let ExprKind::Path(path) = &window.kind.end().kind else { continue };
            let [name] = path.parts.as_slice() else { continue };
            let event = matches!(self.names().get(&name.node), Some(Symbol::Event(_) | Symbol::Events(_)));
            if !event || matches!(window.kind, WindowKind::During(_)) {
                continue;
            }
            let line = match &tree.label {
                Some(label) if ends == "resume" => format!("{ends} {} as {}", name.node, label.node),
                _ => format!("{ends} {}", name.node),
            };
            let events = self.context.words(tree.on.events.span);
            let said = self.context.words(window.span);
            let title = format!("`{said}` would say which `{events}` {} the clock, and not for how long", verbs(tree));
            let fault = Diagnostic::error(codes::E0309, path.span, title, "an event, not an instant");
            let before = filtered(tree);
            let bare = tree.label.is_none() && tree.at.is_none() && tree.on.windows.len() == 1;
            return self.fault(if matches!(window.kind, WindowKind::Until(_)) {
                let fault = fault.help(format!("what ends {what} is a line of its own: `{line}`"));
                let place = Span { start: before, ..window.span };
                if bare && before <= window.span.start { fault.edit(place, format!("\n  {line}")) } else { fault }
            } else {
                let which = said.replacen(&name.node, &format!("first {}", name.node), 1);
                fault.help(format!(
                    "which of them do is `{which}`; what ends {what} is a line of its own, such as `{line}`"
                ))
            });
        }
        Some(())
    }

    /// Warns of a hold that nothing ends, where a window stands on its line.
    pub(super) fn warn_of_endless_holds(&mut self, tree: &tree::Clock, edges: &[Edge]) {
        if self.context.inlining().is_some() || edges.iter().any(|edge| edge.verb == Some(Verb::ResumeAll)) {
            return;
        }
        for (line, edge) in tree.edges.iter().zip(edges) {
            let Some(Verb::Pause(hold)) = edge.verb else { continue };
            let mut windows = line.on.windows.iter();
            let Some(window) = windows.find(|window| !matches!(window.kind, WindowKind::During(_))) else { continue };
            if edges.iter().any(|edge| edge.verb == Some(Verb::Resume(hold))) {
                continue;
            }
            let (said, events) = (self.context.words(window.span), self.context.words(line.on.events.span));
            let title =
                format!("`{said}` says which `{events}` pauses the clock, and not for how long: nothing resumes it");
            let fault = Diagnostic::warning(codes::W0901, window.span, title, "on hold until the period ends");
            let end = match &window.kind.end().kind {
                ExprKind::Query(query) => self.context.words(query.events.span),
                _ => "Back".to_owned(),
            };
            self.faults.push(fault.help(format!(
                "say on a line of its own what ends the hold: `resume {end}`; where it is to last until the period ends, ask it in the condition: `pause {events} where at …`"
            )));
        }
    }
}

/// What events do to the clock by a line.
fn verbs(tree: &tree::Edge) -> &'static str {
    if tree.verb.node == "pause" { "pauses" } else { "starts" }
}

/// Where what stands before the windows of a line ends.
fn filtered(tree: &tree::Edge) -> u32 {
    tree.on.filter.as_ref().map_or(tree.on.events.span.end, |filter| filter.span.end)
}
