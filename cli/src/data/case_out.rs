//! A case on its way out as JSON, in the form in which [`super::case_json`] reads it.

use concord_engine::plan::case::{Case, Datum, Occurrence, When};
use concord_engine::plan::{Input, Plan};
use concord_engine::values::calendar::show_utc;
use concord_engine::values::legend::Legend;
use concord_engine::values::types::Type;
use serde_json::{Map, Value, json};

use super::answer_json::{json_shown, json_value};

/// A case of a plan's subject. What is missing is left out.
#[must_use]
pub fn case_out(plan: &Plan, case: &Case) -> Value {
    let (subject, legend) = (&plan.subject, plan.legend(case));
    let mut object = Map::new();
    put_all(&subject.inputs, &case.facts, legend, &mut object);
    let labels = subject.labels.iter().zip(&case.labels);
    object.extend(labels.filter_map(|(label, text)| Some((label.name.clone(), text.as_deref()?.into()))));
    if subject.uses_as_of || !subject.events.is_empty() {
        object.insert("as_of".to_owned(), show_utc(case.as_of).into());
    }
    let unsupplied = subject.events.iter().enumerate().filter(|(kind, _)| case.not_supplied >> kind & 1 == 1);
    let unsupplied: Vec<Value> = unsupplied.map(|(_, kind)| kind.name.as_str().into()).collect();
    if !unsupplied.is_empty() {
        object.insert("not_supplied".to_owned(), unsupplied.into());
    }
    if !case.events.is_empty() {
        object.insert("events".to_owned(), case.events.iter().map(|event| event_out(plan, event, legend)).collect());
    }
    Value::Object(object)
}

fn event_out(plan: &Plan, event: &Occurrence, legend: Legend<'_>) -> Value {
    let mut object = Map::new();
    let kind = plan.subject.events.get(event.kind);
    object.insert("event".to_owned(), kind.map(|kind| kind.name.as_str()).into());
    let at = match event.at {
        When::Unknown => Value::Null,
        When::Known(at) => show_utc(at).into(),
        When::Between(first, last) => json!({ "from": show_utc(first), "to": show_utc(last) }),
    };
    object.insert("at".to_owned(), at);
    if let Some(kind) = kind {
        put_all(&kind.fields, &event.fields, legend, &mut object);
    }
    Value::Object(object)
}

fn put_all<'a>(
    inputs: impl IntoIterator<Item = &'a Input>,
    data: &[Datum],
    legend: Legend<'_>,
    object: &mut Map<String, Value>,
) {
    for (input, datum) in inputs.into_iter().zip(data) {
        let value = match datum {
            Datum::Missing => continue,
            Datum::None => "none".into(),
            Datum::Known(value) => json_shown(legend, &input.ty, *value),
            // The last instant of all, with which the year 2200 begins, cannot be said.
            Datum::Between(from, to) if input.ty == Type::Instant && *to == input.shape.high => {
                format!(">={}", show_utc(*from)).into()
            }
            Datum::Between(from, to) => {
                json!({ "from": json_value(&input.ty, *from), "to": json_value(&input.ty, *to) })
            }
        };
        object.insert(input.name.clone(), value);
    }
}
