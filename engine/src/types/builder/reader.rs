//! For lines that only read declarations: they see the text and can report faults, and no plan.

use crate::diagnostics::{Code, Diagnostic};
use crate::names::Names;
use crate::text::Span;
use crate::types::builder::coding::Coding;
use crate::types::builder::context::Context;
use crate::types::builder::faults::Faults;

/// What may be read, and where codes and faults go.
#[derive(Debug)]
pub(in crate::types) struct Reader<'a> {
    /// Text and names.
    pub context: Context<'a>,
    /// The list of faults.
    pub faults: Faults<'a>,
    /// The codes so far.
    pub coding: &'a mut Coding,
}

impl<'a> Reader<'a> {
    /// Declarations by name.
    pub fn names(&self) -> &'a Names<'a> {
        self.context.names()
    }

    /// See [`Faults::fault`].
    pub fn fault<T>(&mut self, fault: Diagnostic) -> Option<T> {
        self.faults.fault(fault)
    }

    /// See [`Faults::error`].
    pub fn error<T>(
        &mut self,
        code: Code,
        span: Span,
        title: impl Into<String>,
        label: impl Into<String>,
    ) -> Option<T> {
        self.faults.error(code, span, title, label)
    }
}
