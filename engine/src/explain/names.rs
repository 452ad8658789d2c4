//! What is missing: as data, and in words.

use super::due;
use crate::evaluate::Outcome;
use crate::plan::{AnswerKind, KindId, Needs, Plan, Unknown};

/// Something that is missing, without which an answer is not settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// What it is.
    pub what: Unknown,
    /// Of a deadline still to come: until when.
    pub until: Option<i64>,
    /// In words: `temperature`, `time, until 2026-01-05 10:00 (review is open)`.
    pub text: String,
}

/// The missing inputs behind a mask, in the order declared.
#[must_use]
pub fn needs(plan: &Plan, outcome: &Outcome, needs: Needs) -> Vec<Need> {
    let wanted = plan.unknowns.iter().enumerate().filter(|(bit, _)| needs >> bit & 1 == 1);
    let need = wanted.map(|(bit, what)| {
        let open = until(plan, outcome, what);
        let until = open.as_ref().map(|(due, _)| *due);
        Need { what: what.clone(), until, text: open.map_or_else(|| unknown_name(plan, bit), |(_, text)| text) }
    });
    need.collect()
}

/// The deadline that decides an open obligation, where it is known; and `time, until 2026-01-05 10:00 (review is open)`, `time, until the
/// end of 29 January 2026 (reply is open)`.
fn until(plan: &Plan, outcome: &Outcome, what: &Unknown) -> Option<(i64, String)> {
    let Unknown::Decision(index) = what else { return None };
    let answer = plan.answers.get(*index)?;
    let AnswerKind::Obligation(obligation) = &answer.kind else { return None };
    let (due, until) = due::until(plan, outcome, obligation)?;
    Some((due, format!("time, until {until} ({} is open)", answer.name)))
}

/// The name of one thing that can be missing: `temperature`, `route of Antibiotics`, `time of Antibiotics`,
/// `Antibiotics (not supplied)`, `parameter daytime_from`, `time (review is open)`.
#[must_use]
pub fn unknown_name(plan: &Plan, bit: usize) -> String {
    let event = |kind: KindId| plan.subject.events.get(kind).map_or("?", |e| e.name.as_str());
    match plan.unknowns.get(bit) {
        Some(Unknown::Fact(fact)) => plan.subject.inputs.get(*fact).map_or_else(String::new, |i| i.name.clone()),
        Some(Unknown::Field { kind, field }) => {
            let field =
                plan.subject.events.get(*kind).and_then(|e| e.fields.get(*field)).map_or("?", |f| f.name.as_str());
            format!("{field} of {}", event(*kind))
        }
        Some(Unknown::Time(kind)) => format!("time of {}", event(*kind)),
        Some(Unknown::Events(kind)) => format!("{} (not supplied)", event(*kind)),
        Some(Unknown::Parameter(index)) => {
            format!("parameter {}", plan.parameters.get(*index).map_or("?", |p| p.name.as_str()))
        }
        Some(Unknown::Decision(index)) => {
            format!("time ({} is open)", plan.answers.get(*index).map_or("?", |a| a.name.as_str()))
        }
        None => String::new(),
    }
}
