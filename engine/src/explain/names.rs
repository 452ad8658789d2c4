//! What is missing, in words.

use super::due;
use crate::evaluate::Outcome;
use crate::plan::{AnswerKind, KindId, Needs, Plan, Unknown};

/// The names of the missing inputs behind a mask, in the order declared; of a deadline still to come, until when.
#[must_use]
pub fn needs(plan: &Plan, outcome: &Outcome, needs: Needs) -> Vec<String> {
    let named = |bit: usize| until(plan, outcome, bit).unwrap_or_else(|| unknown_name(plan, bit));
    (0..plan.unknowns.len()).filter(|bit| needs >> bit & 1 == 1).map(named).collect()
}

/// `time, until 2026-01-05 10:00 (review is open)`, `time, until the end of 29 January 2026 (reply is open)`, where the deadline is known.
fn until(plan: &Plan, outcome: &Outcome, bit: usize) -> Option<String> {
    let Unknown::Decision(index) = plan.unknowns.get(bit)? else { return None };
    let answer = plan.answers.get(*index)?;
    let AnswerKind::Obligation(obligation) = &answer.kind else { return None };
    let until = due::until(plan, outcome, obligation)?;
    Some(format!("time, until {until} ({} is open)", answer.name))
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
