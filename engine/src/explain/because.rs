//! Reasons: the row that answered and what it saw, the parts of a sum, the times of an obligation.

use super::{Answered, Judged, Part, Template, value};
use crate::evaluate::Outcome;
use crate::plan::case::{Case, Datum, Settings};
use crate::plan::{
    AnswerId, AnswerKind, Class, Id, InputId, KindId, Kinds, ParameterId, Plan, Step, StepId, TableRow, Verdict,
};
use crate::values::calendar::{local_date, show_local_instant};
use crate::values::types::duration;

/// Of more kinds than this, those that did not happen are not listed.
pub const MANY: u32 = 4;

pub(super) struct Reasons<'a> {
    pub plan: &'a Plan,
    pub case: &'a Case,
    pub settings: &'a Settings,
    pub outcome: &'a Outcome,
}

impl Reasons<'_> {
    /// A template with the values of the case; of an obligation with what was judged of it.
    pub fn of(&self, template: &Template, judged: Option<&Judged>) -> Vec<String> {
        match (template, judged) {
            (Template::Value(parts), _) if parts.is_empty() => Vec::new(),
            (Template::Value(parts), _) => vec![format!("from {}", self.shown(parts))],
            (Template::Path(path), _) => self.of_path(path).into_iter().collect(),
            (Template::Table(step, parts), _) => self.of_table(*step, parts),
            (Template::Obligation(used), Some(judged)) => self.of_obligation(used, judged),
            (Template::Bundle(members), Some(judged)) => self.of_bundle(members, judged),
            (Template::Obligation(_) | Template::Bundle(_) | Template::Nothing, _) => Vec::new(),
        }
    }

    /// The row that answered, or those that still may.
    fn of_table(&self, step: StepId, parts: &[Part]) -> Vec<String> {
        let Some(Step::Table(table)) = self.plan.steps.get(step) else { return Vec::new() };
        let row = super::cell(self.outcome, table.row_cell);
        let saw = if parts.is_empty() { String::new() } else { format!(", with {}", self.shown(parts)) };
        let words = |row: &TableRow| format!("`{}`", row.text);
        if let Some(found) = row.only(Class::Range).and_then(|only| table.rows.get(only.place()?)) {
            return vec![format!("row {} of `{}` answers{saw}", words(found), table.name)];
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
            "no single row of `{}` answers yet{saw}; rows from {} to {} may",
            table.name,
            rows.first().map_or("", |r| r),
            rows.last().map_or("", |r| r)
        )]
    }

    /// Trigger, deadline, what was done.
    fn of_obligation(&self, used: &[Part], judged: &Judged) -> Vec<String> {
        let mut lines = Vec::new();
        if judged.verdict == Some(Verdict::NotApplicable) {
            let nothing = "there is nothing that it is counted from";
            return vec![if judged.no_trigger { nothing } else { "it does not apply to this case" }.to_owned()];
        }
        lines.extend(judged.trigger.map(|trigger| format!("counted from {}", show_local_instant(trigger))));
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
        if !used.is_empty() {
            lines.push(format!("facts used: {}", self.shown(used)));
        }
        lines
    }

    /// Parts with their values, each once.
    pub fn shown(&self, parts: &[Part]) -> String {
        let mut shown: Vec<String> = Vec::new();
        for part in parts {
            let texts = match part {
                Part::Fact(fact) => Vec::from_iter(self.fact(*fact)),
                Part::Parameter(of) => Vec::from_iter(self.parameter(*of)),
                Part::Answer(of) => Vec::from_iter(self.answer(*of)),
                Part::Counts(kinds) => self.counts(*kinds),
            };
            let new: Vec<String> = texts.into_iter().filter(|text| !shown.contains(text)).collect();
            shown.extend(new);
        }
        shown.join(", ")
    }

    /// How many events there are of some kinds; of many kinds, only those of which there are or may be some.
    fn counts(&self, kinds: Kinds) -> Vec<String> {
        let count = |kind: KindId| self.case.events.iter().filter(|event| event.kind == kind).count();
        let supplied = |kind: KindId| !Kinds(self.case.not_supplied).contain(kind);
        let many = kinds.0.count_ones() > MANY && kinds.places().any(|kind| count(kind) > 0 || !supplied(kind));
        let text = |kind: KindId| {
            let event = self.plan.subject.events.get(kind)?;
            match (count(kind), supplied(kind)) {
                (0, true) if many => None,
                (0, false) => Some(format!("{} not supplied", event.name)),
                (count, _) => Some(format!("{count} {}", event.name)),
            }
        };
        kinds.places().filter_map(text).collect()
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

    /// The name and the value of an answer.
    fn answer(&self, of: AnswerId) -> Option<String> {
        let text = match self.answered(of)? {
            Answered::Unknown { possible, .. } => format!("unknown ({possible})"),
            known => known.text(),
        };
        Some(format!("{} {text}", self.plan.answers.get(of)?.name))
    }

    /// What came out for an answer that is a value.
    pub fn answered(&self, of: AnswerId) -> Option<Answered> {
        match &self.plan.answers.get(of)?.kind {
            AnswerKind::Value { cell, ty } | AnswerKind::Output { cell, ty, .. } => {
                Some(value(self.plan, self.case, self.outcome, *cell, ty))
            }
            AnswerKind::Obligation(_) => None,
        }
    }
}
