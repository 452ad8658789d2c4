//! What an author is told: one value for every message, made near the fault, rendered elsewhere.
//!
//! A [`Diagnostic`] is plain data. It has a stable [`Code`], says in the author's own words what is wrong,
//! points at the fault and at the reasons for it, and offers a fix: an exact edit where the fix is
//! mechanical, a choice in words where it is clinical.

pub mod codes;
pub mod render;

use crate::text::Span;

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is refused.
    Note,
    /// Builds, but deserves a second look.
    Warning,
    /// Does not build.
    Error,
}

/// A stable code such as `E0409`; each has a page, see `concord explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

/// A place in the source and what to say beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What stands beside it.
    pub text: String,
}

/// A replacement that fixes the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// With what.
    pub replacement: String,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its code.
    pub code: Code,
    /// Its weight.
    pub severity: Severity,
    /// One sentence, no full stop, names in backticks.
    pub title: String,
    /// The fault itself.
    pub primary: Label,
    /// The reasons for it, in reading order.
    pub reasons: Vec<Label>,
    /// Further facts: the concrete patient, the range that would do.
    pub notes: Vec<String>,
    /// What to do, in words.
    pub help: Option<String>,
    /// What to do, exactly.
    pub edits: Vec<Edit>,
    /// Names that would be declared here if the text could be read: that they are not declared is said already.
    pub declares: Vec<String>,
}

impl Diagnostic {
    /// An error at `span`; `label` stands beside the place.
    #[must_use]
    pub fn error(code: Code, span: Span, title: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span, title, label)
    }

    /// A warning at `span`.
    #[must_use]
    pub fn warning(code: Code, span: Span, title: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span, title, label)
    }

    fn new(code: Code, severity: Severity, span: Span, title: impl Into<String>, label: impl Into<String>) -> Self {
        let primary = Label { span, text: label.into() };
        Diagnostic {
            code,
            severity,
            title: title.into(),
            primary,
            reasons: Vec::new(),
            notes: Vec::new(),
            help: None,
            edits: Vec::new(),
            declares: Vec::new(),
        }
    }

    /// The same without what to do exactly.
    #[must_use]
    pub fn without_edits(mut self) -> Self {
        self.edits.clear();
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn because(mut self, span: Span, text: impl Into<String>) -> Self {
        self.reasons.push(Label { span, text: text.into() });
        self
    }

    /// Adds a further fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Offers an exact fix.
    #[must_use]
    pub fn edit(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.edits.push(Edit { span, replacement: replacement.into() });
        self
    }

    /// Says what the text at fault would have declared.
    #[must_use]
    pub fn declaring(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.declares.extend(names);
        self
    }
}
