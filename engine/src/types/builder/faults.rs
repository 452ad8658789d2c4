//! The list of faults: whoever finds one puts it here and gives up the part that it is about.

use crate::diagnostics::{Code, Diagnostic};
use crate::text::Span;

/// Where faults are reported. What has been reported can be taken back only by whoever tried something.
#[derive(Debug)]
pub(in crate::types) struct Faults<'a> {
    list: &'a mut Vec<Diagnostic>,
}

impl<'a> Faults<'a> {
    /// Faults that go into a list.
    pub fn into(list: &'a mut Vec<Diagnostic>) -> Faults<'a> {
        Faults { list }
    }

    /// The same list, lent.
    pub fn lent(&mut self) -> Faults<'_> {
        Faults { list: self.list }
    }

    /// Reports a fault or a warning and goes on.
    pub fn push(&mut self, fault: Diagnostic) {
        self.list.push(fault);
    }

    /// Reports a fault; there is nothing to go on with.
    pub fn fault<T>(&mut self, fault: Diagnostic) -> Option<T> {
        self.push(fault);
        None
    }

    /// Reports an error that needs no help.
    pub fn error<T>(
        &mut self,
        code: Code,
        span: Span,
        title: impl Into<String>,
        label: impl Into<String>,
    ) -> Option<T> {
        self.fault(Diagnostic::error(code, span, title, label))
    }

    /// How many there are, for [`Faults::take_back`].
    pub fn mark(&self) -> usize {
        self.list.len()
    }

    /// Takes out what was reported since a mark, to report it in another way.
    pub fn take_out(&mut self, mark: usize) -> Vec<Diagnostic> {
        self.list.split_off(mark.min(self.list.len()))
    }

    /// Forgets what was reported since a mark: it was only tried.
    pub fn take_back(&mut self, mark: usize) {
        self.list.truncate(mark);
    }
}
