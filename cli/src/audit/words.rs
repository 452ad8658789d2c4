//! Numbers, rates and names as a report says them.

use concord_engine::plan::{Plan, Unknown};

/// A length as a count.
pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// `1,250,000`
pub(super) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `58.4%`
pub(super) fn percent(proportion: f64) -> String {
    format!("{:.1}%", proportion * 100.0)
}

/// `481 of 823 (58.4%)`
pub(super) fn share(numerator: u64, denominator: u64) -> String {
    let (some, all) = (number(numerator), number(denominator));
    if denominator == 0 {
        return format!("{some} of {all}");
    }
    format!("{some} of {all} ({})", percent(ratio(numerator, denominator)))
}

/// The quotient of two counts.
#[allow(clippy::cast_precision_loss, reason = "counts of patients lie far below 2^53")]
pub(super) fn ratio(numerator: u64, denominator: u64) -> f64 {
    numerator as f64 / denominator as f64
}

/// An anchor from a name: `acute.sepsis` is `acute-sepsis`.
pub(super) fn anchor(parts: &[&str]) -> String {
    let clean = |part: &&str| -> String {
        let letters = part.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
        letters.collect()
    };
    parts.iter().map(clean).collect::<Vec<String>>().join("-")
}

/// What is missing, in words.
pub(super) fn unknown(plan: &Plan, bit: usize) -> String {
    let subject = &plan.subject;
    let event = |kind: usize| subject.events.get(kind).map_or("an event", |kind| kind.name.as_str());
    match plan.unknowns.get(bit) {
        Some(Unknown::Fact(input)) => subject.inputs.get(*input).map(|input| input.name.clone()),
        Some(Unknown::Field(kind, field)) => {
            let name = subject.events.get(*kind).and_then(|kind| kind.fields.get(*field));
            name.map(|field| format!("{}.{}", event(*kind), field.name))
        }
        Some(Unknown::Time(kind)) => Some(format!("the time of {}", event(*kind))),
        Some(Unknown::Events(kind)) => {
            Some(format!("{}, which the export does not, or not fully, carry", event(*kind)))
        }
        Some(Unknown::Parameter(place)) => {
            plan.parameters.get(*place).map(|parameter| format!("the setting {}", parameter.name))
        }
        None => None,
    }
    .unwrap_or_else(|| "an input".to_owned())
}
