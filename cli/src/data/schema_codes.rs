//! The codes by which records know facts and events, in the schema of a case: `x-from`, which validators pass over.

use concord_engine::plan::coding::{Coded, Coding};
use concord_engine::plan::{Id, Package};
use concord_engine::values::systems::System;
use serde_json::{Value, json};

/// A code as FHIR has it, with the word of the language for its system.
pub fn coding(coding: &Coding) -> Value {
    coding_of(coding.system, &coding.code)
}

/// A code of a system.
pub fn coding_of(system: &System, code: &str) -> Value {
    json!({ "system": system.address, "code": code, "named": system.word })
}

/// Adds the codes to a schema of the package's cases.
pub(super) fn annotate(package: &Package, schema: &mut Value) {
    let subject = &package.plan.subject;
    for (place, input) in subject.inputs.placed() {
        say(package, Coded::Fact(place), schema.pointer_mut(&format!("/properties/{}", input.name)));
    }
    for (place, label) in subject.labels.placed() {
        say(package, Coded::Label(place), schema.pointer_mut(&format!("/properties/{}", label.name)));
    }
    for (kind, of) in subject.events.placed() {
        let at = format!("/properties/events/items/oneOf/{}", kind.place());
        say(package, Coded::Event(kind), schema.pointer_mut(&at));
        for (field, input) in of.fields.placed() {
            let at = format!("{at}/properties/{}", input.name);
            say(package, Coded::Field(kind, field), schema.pointer_mut(&at));
        }
    }
}

fn say(package: &Package, of: Coded, at: Option<&mut Value>) {
    let codes: Vec<Value> = package.codings_of(of).map(coding).collect();
    if let Some(object) = at.and_then(Value::as_object_mut)
        && !codes.is_empty()
    {
        object.insert("x-from".to_owned(), codes.into());
    }
}
