//! A rule file: its header, what it uses, and its declarations.

use super::{
    Clock, Codes, Define, Enum, EventSet, Example, Measure, Member, Name, Obligation, Package, Parameter, Path,
    Pathway, Subject, Table,
};
use crate::text::Span;

/// One rule file: a package or a member's settings.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// `package … { … }`; a member file has none.
    pub package: Option<Package>,
    /// `use clinical.news2 as news2`, in order.
    pub uses: Vec<Use>,
    /// All declarations that could be read, in order.
    pub items: Vec<Item>,
}

/// `use clinical.news2 as news2`
#[derive(Clone, Debug)]
pub struct Use {
    /// The package used.
    pub path: Path,
    /// The name it goes by here; the last part of the path by default.
    pub alias: Option<Name>,
    /// The whole line.
    pub span: Span,
}

/// A declaration.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each variant's content documents itself")]
pub enum Item {
    Enum(Enum),
    Codes(Codes),
    Events(EventSet),
    Subject(Subject),
    Parameter(Parameter),
    Table(Table),
    Define(Define),
    Obligation(Obligation),
    Clock(Clock),
    Path(Pathway),
    Measure(Measure),
    Member(Member),
    Example(Example),
}
