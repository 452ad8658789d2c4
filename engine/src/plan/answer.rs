//! What a caller sees of a plan.

use super::{AnswerId, CellId, DueBy, LabelId, StepId};
use crate::text::Span;
use crate::values::types::Type;

/// What a caller sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Its name: a define, a table's output (`table` or `table.output`), or an obligation.
    pub name: String,
    /// For people.
    pub label: Option<String>,
    /// What it is.
    pub kind: AnswerKind,
    /// Citation.
    pub source: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of answer and the cells that hold them.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerKind {
    /// a define
    Value {
        /// Its cell.
        cell: CellId,
        /// Its type.
        ty: Type,
    },
    /// an output of a table
    Output {
        /// Its cell.
        cell: CellId,
        /// Its type.
        ty: Type,
        /// The step of the table.
        step: StepId,
    },
    /// an obligation
    Obligation(Obligation),
}

/// What a bundle is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// As the author calls it.
    pub words: String,
    /// [`Verdict`](super::Verdict), a set: of a condition `met` where it holds and `missed` where it does not.
    pub verdict: CellId,
    /// Where it is an obligation, its answer.
    pub answer: Option<AnswerId>,
}

/// The cells of an obligation.
#[derive(Clone, Debug, PartialEq)]
pub struct Obligation {
    /// [`Verdict`], a set.
    pub verdict: CellId,
    /// The trigger's instant; optional.
    pub trigger: CellId,
    /// The deadline's instant; optional: none when there is no deadline yet.
    pub due: CellId,
    /// What the deadline falls on.
    pub due_by: DueBy,
    /// When it was done; optional.
    pub done: CellId,
    /// Which excuse holds, as a variant; the count of excuses when none does.
    pub excuse: CellId,
    /// Of a repeated obligation: how many occurrences have each verdict, in their order; the other cells then are those of the worst.
    pub counts: Option<[CellId; 6]>,
    /// The excuses' reasons, in order.
    pub excuses: Vec<String>,
    /// `high`, `medium` …
    pub severity: Option<String>,
    /// Who answers for it; nobody where cases carry no organisation.
    pub responsible: Option<Responsible>,
    /// Of a bundle: what it is made of, in order; its verdict is the worst of theirs.
    pub members: Vec<Member>,
}

impl Obligation {
    /// The parts of a bundle that are conditions: no answer holds their verdict.
    pub fn conditions(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.answer.is_none())
    }
}

/// The organisation of a case that answers for what is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Responsible {
    /// By a label of the case.
    Label(LabelId),
    /// By the code in a cell.
    Cell(CellId),
}
