//! What the reasons of an answer are made of, whatever the case: worked out from the plan once.
//!
//! [`super::explain`] fills a template in with the values of a case, and so does the code inside a module: both show the same parts in the same
//! order, and neither reads an expression again.

use std::collections::BTreeSet;

use crate::plan::{
    Answer, AnswerId, AnswerKind, CellId, ColumnId, Expr, InputId, Kinds, Obligation, Op, ParameterId, PathOf, Plan,
    Step, StepId,
};

/// Something whose value a reason shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A fact of the case.
    Fact(InputId),
    /// A parameter.
    Parameter(ParameterId),
    /// An answer that is a value.
    Answer(AnswerId),
    /// How many events there are of these kinds.
    Counts(Kinds),
}

/// The reasons of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Template {
    /// What it is made of.
    Value(Vec<Part>),
    /// How far the case came on a path, and what took it off.
    Path(PathTemplate),
    /// The row of a table, and what it saw.
    Table(StepId, Vec<Part>),
    /// The times of an obligation, and the facts used.
    Obligation(Vec<Part>),
    /// The parts of a bundle.
    Bundle(Vec<MemberTemplate>),
    /// None.
    Nothing,
}

/// The answers of a path, each of which explains the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathTemplate {
    /// The furthest stage reached.
    pub reached: AnswerId,
    /// The stage at which it left.
    pub left: AnswerId,
    /// When.
    pub left_at: AnswerId,
    /// The kinds of event that are followed.
    pub kinds: Kinds,
}

/// A part of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberTemplate {
    /// As the author calls it.
    pub words: String,
    /// Its verdict.
    pub verdict: CellId,
    /// Where it is an obligation, its answer.
    pub answer: Option<AnswerId>,
    /// The facts used by a condition.
    pub used: Vec<Part>,
}

impl Template {
    /// Of an answer of a plan.
    #[must_use]
    pub fn of(plan: &Plan, answer: &Answer) -> Template {
        let reading = Reading { plan };
        match &answer.kind {
            AnswerKind::Value { cell, .. } => match reading.path(answer) {
                Some(path) => Template::Path(path),
                None => Template::Value(reading.made_of(*cell)),
            },
            AnswerKind::Output { step, .. } => match plan.steps.get(*step) {
                Some(Step::Table(table)) => {
                    let mut parts = Vec::new();
                    table.columns.iter().for_each(|column| reading.parts(&column.expr, &mut parts));
                    Template::Table(*step, parts)
                }
                _ => Template::Nothing,
            },
            AnswerKind::Obligation(of) if of.members.is_empty() => {
                Template::Obligation(reading.used(&[of.verdict, of.due, of.excuse]))
            }
            AnswerKind::Obligation(of) => Template::Bundle(reading.members(of)),
        }
    }
}

/// What a step fills.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Filled {
    Cell(CellId),
    Column(ColumnId),
}

struct Reading<'p> {
    plan: &'p Plan,
}

impl Reading<'_> {
    /// The expressions that fill a cell or a column; none for a cell that a table fills.
    fn filling(&self, filled: Filled) -> impl Iterator<Item = &Expr> {
        self.plan.steps.iter().filter_map(move |step| match step {
            Step::Value { cell, expr } if filled == Filled::Cell(*cell) => Some(expr),
            Step::Column { column, expr, .. } if filled == Filled::Column(*column) => Some(expr),
            _ => None,
        })
    }

    /// What a define is made of.
    fn made_of(&self, cell: CellId) -> Vec<Part> {
        let mut parts = Vec::new();
        self.filling(Filled::Cell(cell)).for_each(|expr| self.parts(expr, &mut parts));
        parts
    }

    /// The facts, parameters and named answers that cells depend on; unnamed cells and columns are followed.
    fn used(&self, cells: &[CellId]) -> Vec<Part> {
        let mut used = Vec::new();
        let mut pending: Vec<Filled> = cells.iter().copied().map(Filled::Cell).collect();
        let mut visited = BTreeSet::new();
        while let Some(filled) = pending.pop() {
            if visited.insert(filled) {
                self.filling(filled).for_each(|expr| self.facts(expr, &mut used, &mut pending));
            }
        }
        used
    }

    /// Those directly in an expression.
    fn facts(&self, expr: &Expr, used: &mut Vec<Part>, pending: &mut Vec<Filled>) {
        match &expr.op {
            Op::Cell(cell) if self.named(*cell).is_none() => pending.push(Filled::Cell(*cell)),
            Op::Column(column, _) => pending.push(Filled::Column(*column)),
            Op::Input(_) | Op::Parameter(_) | Op::Cell(_) => self.parts(expr, used),
            Op::Query(query) => {
                for alternative in &query.alternatives {
                    self.facts(&alternative.filter, used, pending);
                    self.facts(&alternative.value, used, pending);
                }
            }
            op => op.operands().into_iter().for_each(|e| self.facts(e, used, pending)),
        }
    }

    /// The named parts of an expression, each once.
    fn parts(&self, expr: &Expr, parts: &mut Vec<Part>) {
        let part = match &expr.op {
            Op::Input(fact) => self.plan.subject.inputs.get(*fact).map(|_| Part::Fact(*fact)),
            Op::Parameter(of) => self.plan.parameters.get(*of).map(|_| Part::Parameter(*of)),
            Op::Cell(cell) => {
                let named = self.named(*cell);
                if named.is_none() {
                    self.filling(Filled::Cell(*cell)).for_each(|expr| self.parts(expr, parts));
                }
                named.map(Part::Answer)
            }
            Op::Query(query) => {
                let kinds = query.alternatives.iter().fold(Kinds::default(), |kinds, a| kinds.and(a.kinds));
                let known = kinds.places().any(|kind| self.plan.subject.events.get(kind).is_some());
                known.then_some(Part::Counts(kinds))
            }
            op => {
                op.operands().into_iter().for_each(|e| self.parts(e, parts));
                None
            }
        };
        parts.extend(part.filter(|part| !parts.contains(part)));
    }

    /// The answer whose value a cell holds.
    fn named(&self, cell: CellId) -> Option<AnswerId> {
        let found = self.plan.answers.placed().find(|(_, answer)| match &answer.kind {
            AnswerKind::Value { cell: of, .. } | AnswerKind::Output { cell: of, .. } => *of == cell,
            AnswerKind::Obligation(_) => false,
        });
        found.map(|(place, _)| place)
    }

    fn members(&self, of: &Obligation) -> Vec<MemberTemplate> {
        let member = |member: &crate::plan::Member| {
            let obligation = member.answer.filter(|answer| {
                let kind = self.plan.answers.get(*answer).map(|answer| &answer.kind);
                matches!(kind, Some(AnswerKind::Obligation(_)))
            });
            let used = if obligation.is_some() { Vec::new() } else { self.used(&[member.verdict]) };
            MemberTemplate { words: member.words.clone(), verdict: member.verdict, answer: obligation, used }
        };
        of.members.iter().map(member).collect()
    }

    /// Of an answer of a path, that path.
    fn path(&self, answer: &Answer) -> Option<PathTemplate> {
        let (path, _) = answer.name.rsplit_once('.')?;
        let value = |what: &str| {
            let name = format!("{path}.{what}");
            let (place, answer) = self.plan.answers.placed().find(|(_, answer)| answer.name == name)?;
            let AnswerKind::Value { cell, .. } = &answer.kind else { return None };
            Some((place, *cell))
        };
        let (left_at, cell) = value("left_at")?;
        let kinds = self.automaton(cell)?.kinds;
        Some(PathTemplate { reached: value("reached")?.0, left: value("left")?.0, left_at, kinds })
    }

    /// The automaton that fills a cell.
    fn automaton(&self, cell: CellId) -> Option<&PathOf> {
        self.filling(Filled::Cell(cell))
            .find_map(|expr| if let Op::Path(path) = &expr.op { Some(&**path) } else { None })
    }
}
