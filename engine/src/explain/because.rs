//! Reasons: the row that answered and what it saw, the parts of a sum, the times of an obligation.

use std::collections::BTreeSet;

use super::{Answered, Judged, value};
use crate::evaluate::Outcome;
use crate::plan::case::{Case, Datum, Settings};
use crate::plan::{
    AnswerKind, CellId, Class, ColumnId, Expr, Id, InputId, KindId, Kinds, Obligation, Op, ParameterId, Plan, Step,
    Table, TableRow, Verdict,
};
use crate::values::calendar::{local_date, show_local_instant};
use crate::values::types::duration;

/// Of more kinds than this, those that did not happen are not listed.
const MANY: u32 = 4;

pub(super) struct Reasons<'a> {
    pub plan: &'a Plan,
    pub case: &'a Case,
    pub settings: &'a Settings,
    pub outcome: &'a Outcome,
}

/// What a step fills.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Filled {
    Cell(CellId),
    Column(ColumnId),
}

impl Reasons<'_> {
    /// The expressions that fill a cell or a column; none for a cell that a table fills.
    fn filling(&self, filled: Filled) -> impl Iterator<Item = &Expr> {
        self.plan.steps.iter().filter_map(move |step| match step {
            Step::Value { cell, expr } if filled == Filled::Cell(*cell) => Some(expr),
            Step::Column { column, expr, .. } if filled == Filled::Column(*column) => Some(expr),
            _ => None,
        })
    }

    /// What a define is made of, each part with its value.
    pub fn of_value(&self, cell: CellId) -> Vec<String> {
        let mut parts = Vec::new();
        self.filling(Filled::Cell(cell)).for_each(|expr| self.parts(expr, &mut parts));
        if parts.is_empty() { Vec::new() } else { vec![format!("from {}", parts.join(", "))] }
    }

    /// The row that answered, or those that still may.
    pub fn of_table(&self, table: &Table) -> Vec<String> {
        let row = super::cell(self.outcome, table.row_cell);
        let mut seen = Vec::new();
        for column in &table.columns {
            self.parts(&column.expr, &mut seen);
        }
        let saw = seen.join(", ");
        let words = |row: &TableRow| format!("`{}`", row.text);
        if let Some(found) = row.only(Class::Range).and_then(|only| table.rows.get(only.place()?)) {
            return vec![format!("row {} of `{}` answers, with {saw}", words(found), table.name)];
        }
        let range = usize::try_from(row.low).unwrap_or(0)..=usize::try_from(row.high).unwrap_or(0);
        let rows: Vec<String> = table
            .rows
            .iter()
            .enumerate()
            .filter(|(i, r)| range.contains(i) && r.outputs.is_some())
            .map(|(_, r)| words(r))
            .collect();
        vec![format!(
            "no single row of `{}` answers yet, with {saw}; rows from {} to {} may",
            table.name,
            rows.first().map_or("", |r| r),
            rows.last().map_or("", |r| r)
        )]
    }

    /// Trigger, deadline, what was done.
    pub fn of_obligation(&self, obligation: &Obligation, judged: &Judged) -> Vec<String> {
        if !obligation.members.is_empty() {
            return self.of_bundle(obligation, judged);
        }
        let mut lines = Vec::new();
        match (judged.verdict, judged.trigger) {
            (Some(Verdict::NotApplicable), None) => lines.push("what it is counted from has not happened".to_owned()),
            (Some(Verdict::NotApplicable), Some(_)) => lines.push("it does not apply to this case".to_owned()),
            (_, Some(trigger)) => lines.push(format!("counted from {}", show_local_instant(trigger))),
            _ => {}
        }
        if judged.verdict == Some(Verdict::NotApplicable) {
            return lines;
        }
        lines.extend(judged.due_text().map(|due| format!("due {due}")));
        match (judged.done, judged.trigger) {
            (Some(done), Some(trigger)) if done >= trigger => {
                let days = judged.due_on().map_or(0, |_| local_date(done) - local_date(trigger));
                let after = if days > 0 { super::due::days(days, "calendar") } else { duration(done - trigger) };
                lines.push(format!("done {}, {after} after", show_local_instant(done)));
            }
            (Some(done), Some(trigger)) => {
                lines.push(format!("done {}, {} before", show_local_instant(done), duration(trigger - done)))
            }
            (Some(done), None) => lines.push(format!("done {}", show_local_instant(done))),
            (None, _) if matches!(judged.verdict, Some(Verdict::Missed | Verdict::Open)) => {
                lines.push(format!("not done by {}", show_local_instant(self.case.as_of)));
            }
            _ => {}
        }
        lines.extend(judged.excuse.as_ref().map(|e| format!("excused: {e}")));
        let mut seen = Vec::new();
        self.facts_used(obligation, &mut seen);
        if !seen.is_empty() {
            lines.push(format!("facts used: {}", seen.join(", ")));
        }
        lines
    }

    /// The facts and parameters that an obligation depends on, with their values.
    fn facts_used(&self, obligation: &Obligation, seen: &mut Vec<String>) {
        self.facts_behind(&[obligation.verdict, obligation.due, obligation.excuse], seen);
    }

    /// The same of one cell.
    pub fn facts_of(&self, cell: CellId) -> Vec<String> {
        let mut seen = Vec::new();
        self.facts_behind(&[cell], &mut seen);
        seen
    }

    fn facts_behind(&self, cells: &[CellId], seen: &mut Vec<String>) {
        let mut pending: Vec<Filled> = cells.iter().copied().map(Filled::Cell).collect();
        let mut visited = BTreeSet::new();
        while let Some(filled) = pending.pop() {
            if visited.insert(filled) {
                self.filling(filled).for_each(|expr| self.facts(expr, seen, &mut pending));
            }
        }
    }

    /// Facts, parameters and named answers directly in an expression, with values; unnamed cells and columns are followed.
    fn facts(&self, expr: &Expr, seen: &mut Vec<String>, pending: &mut Vec<Filled>) {
        match &expr.op {
            Op::Cell(cell) if self.answer_of(*cell).is_none() => pending.push(Filled::Cell(*cell)),
            Op::Column(column, _) => pending.push(Filled::Column(*column)),
            Op::Input(_) | Op::Parameter(_) | Op::Cell(_) => self.parts(expr, seen),
            Op::Query(query) => {
                for alternative in &query.alternatives {
                    self.facts(&alternative.filter, seen, pending);
                    self.facts(&alternative.value, seen, pending);
                }
            }
            op => op.operands().into_iter().for_each(|e| self.facts(e, seen, pending)),
        }
    }

    /// The named parts of an expression with their values, each once.
    fn parts(&self, expr: &Expr, parts: &mut Vec<String>) {
        let part = match &expr.op {
            Op::Input(fact) => self.fact(*fact),
            Op::Parameter(index) => self.parameter(*index),
            Op::Cell(cell) => match self.answer_of(*cell) {
                Some(part) => Some(part),
                None => {
                    self.filling(Filled::Cell(*cell)).for_each(|expr| self.parts(expr, parts));
                    None
                }
            },
            Op::Query(query) => {
                self.counts_of(query.alternatives.iter().fold(Kinds::default(), |kinds, a| kinds.and(a.kinds)), parts);
                None
            }
            op => {
                op.operands().into_iter().for_each(|e| self.parts(e, parts));
                None
            }
        };
        if let Some(part) = part
            && !parts.contains(&part)
        {
            parts.push(part);
        }
    }

    /// How many events there are of some kinds; of many kinds, only those of which there are or may be some.
    fn counts_of(&self, kinds: Kinds, parts: &mut Vec<String>) {
        let count = |kind: KindId| self.case.events.iter().filter(|event| event.kind == kind).count();
        let supplied = |kind: KindId| !Kinds(self.case.not_supplied).contain(kind);
        let many = kinds.0.count_ones() > MANY && kinds.places().any(|kind| count(kind) > 0 || !supplied(kind));
        for kind in kinds.places() {
            let Some(event) = self.plan.subject.events.get(kind) else { continue };
            let part = match (count(kind), supplied(kind)) {
                (0, true) if many => continue,
                (0, false) => format!("{} not supplied", event.name),
                (count, _) => format!("{count} {}", event.name),
            };
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
    }

    fn fact(&self, fact: InputId) -> Option<String> {
        let input = self.plan.subject.inputs.get(fact)?;
        let value = match self.case.facts.get(fact.place()).copied().unwrap_or_default() {
            Datum::Known(value) => self.plan.legend(self.case).show(&input.ty, value),
            Datum::Between(low, high) => input.ty.show_range(low, high),
            Datum::None => "none".to_owned(),
            Datum::Missing => "missing".to_owned(),
        };
        Some(format!("{} {value}", input.name))
    }

    fn parameter(&self, index: ParameterId) -> Option<String> {
        let parameter = self.plan.parameters.get(index)?;
        let set = self.settings.get(index.place()).copied().flatten();
        let value = set
            .or(parameter.value)
            .map_or_else(|| "not set".to_owned(), |v| self.plan.legend(self.case).show(&parameter.ty, v));
        let local = if set.is_some() { " (set locally)" } else { "" };
        Some(format!("{} {value}{local}", parameter.name))
    }

    /// The name and value of the answer that a cell holds.
    fn answer_of(&self, cell: CellId) -> Option<String> {
        let named = self.plan.answers.iter().find_map(|answer| match &answer.kind {
            AnswerKind::Value { cell: c, ty } | AnswerKind::Output { cell: c, ty, .. } if *c == cell => {
                Some((answer, ty))
            }
            _ => None,
        });
        let (answer, ty) = named?;
        let text = match value(self.plan, self.case, self.outcome, cell, ty) {
            Answered::Unknown { possible, .. } => format!("unknown ({possible})"),
            known => known.text(),
        };
        Some(format!("{} {text}", answer.name))
    }
}
