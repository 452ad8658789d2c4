//! How deep expressions may lead into one another, through the declarations that they name: the call stack stays short on any input.

use crate::diagnostics::{Diagnostic, codes};
use crate::text::Span;
use crate::types::Builder;

/// More than any one expression can have, which the grammar holds to 400 operators and 64 brackets.
const DEEPEST: usize = 800;
/// One expression inside another.
pub(in crate::types) const EXPRESSION: usize = 1;
/// A declaration that an expression leads to.
pub(in crate::types) const DECLARATION: usize = 8;

/// How deep the builder is at the moment.
#[derive(Debug, Default)]
pub(in crate::types) struct Depth {
    now: usize,
    told: bool,
}

impl Builder<'_> {
    /// Works on something that lies deeper, unless that is too deep; said once for a package.
    pub(in crate::types) fn deeper<T>(
        &mut self,
        by: usize,
        span: Span,
        work: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if self.depth.now + by > DEEPEST {
            if std::mem::replace(&mut self.depth.told, true) {
                return None;
            }
            let title = "declarations lead on to one another too far";
            let fault = Diagnostic::error(codes::E0206, span, title, "too deep here");
            return self.fault(fault.help(
                "write what others need above them: each is then worked out when it is needed, and no long chain has to be followed at once",
            ));
        }
        self.depth.now += by;
        let done = work(self);
        self.depth.now -= by;
        done
    }
}
