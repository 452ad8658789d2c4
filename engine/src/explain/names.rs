//! What is missing, in words.

use crate::plan::{KindId, Needs, Plan, Unknown};

/// The names of the missing inputs behind a mask, in the order declared.
#[must_use]
pub fn needs(plan: &Plan, needs: Needs) -> Vec<String> {
    (0..plan.unknowns.len()).filter(|bit| needs >> bit & 1 == 1).map(|bit| unknown_name(plan, bit)).collect()
}

/// The name of one thing that can be missing: `temperature`, `route of Antibiotics`, `time of Antibiotics`,
/// `Antibiotics (not supplied)`, `parameter daytime_from`.
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
        None => String::new(),
    }
}
