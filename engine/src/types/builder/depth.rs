//! How deep expressions may lead into one another, through the definitions that they name: the call stack stays short on any input.

use crate::diagnostics::{Diagnostic, codes};
use crate::text::Span;
use crate::types::Builder;

/// More than any one expression can have, so that what is too deep is a chain of definitions.
const DEEPEST: usize = 250;

/// How deep the builder is at the moment.
#[derive(Debug, Default)]
pub(in crate::types) struct Depth {
    now: usize,
    told: bool,
}

impl Builder<'_> {
    /// Works on something one level deeper, unless that is too deep; said once for a package.
    pub(in crate::types) fn deeper<T>(&mut self, span: Span, work: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth.now == DEEPEST {
            if std::mem::replace(&mut self.depth.told, true) {
                return None;
            }
            let title = "definitions lead on to one another too far";
            let fault = Diagnostic::error(codes::E0206, span, title, "too deep here");
            return self.fault(fault.help(
                "declare what others need before them, so that a long chain need not be followed at once, and make definitions shallower",
            ));
        }
        self.depth.now += 1;
        let done = work(self);
        self.depth.now -= 1;
        done
    }
}
