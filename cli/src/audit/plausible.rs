//! What cannot be as the export says: a stay that ends before it starts, a birth after what happened to the patient.
//!
//! Nothing is changed or left out for it: the rules judge what was recorded, and the chapter on the data says how often.

use super::disclose::Disclosure;
use crate::data::plausible::{births, is_born_late, is_early};
use concord_engine::plan::Plan;
use concord_engine::plan::case::Case;
use concord_engine::values::types::Type;

/// Where most of this many events or more have a time that is earlier than their own, it is not meant as their end.
const MANY: u64 = 10;

/// A sentence for each thing that cannot be.
pub(super) fn notes(plan: &Plan, cases: &[Case], disclosure: &Disclosure) -> Vec<String> {
    let mut notes = ends_before_starts(plan, cases, disclosure);
    for input in births(plan) {
        let late = cases.iter().filter(|case| is_born_late(case, input)).count();
        let Some(fact) = plan.subject.inputs.get(input).filter(|_| late > 0) else { continue };
        let cases = disclosure.counted(late as u64, "case", "cases");
        let name = &fact.name;
        notes.push(format!(
            "`{name}`, from which years are counted, is later than an event or the end of the data in {cases}."
        ));
    }
    notes
}

/// Times and days that belong to an event and lie before it.
fn ends_before_starts(plan: &Plan, cases: &[Case], disclosure: &Disclosure) -> Vec<String> {
    let mut notes = Vec::new();
    for (kind, of) in plan.subject.events.placed() {
        let timely = |ty: &Type| matches!(ty, Type::Instant | Type::Date);
        let fields = of.fields.placed().filter(|(_, field)| timely(&field.ty));
        for (place, field) in fields {
            let events = cases.iter().flat_map(|case| &case.events).filter(|event| event.kind == kind);
            let times = events.filter_map(|event| is_early(event, place, &field.ty));
            let (all, early) = times.fold((0, 0), |(all, early), is| (all + 1, early + u64::from(is)));
            if early == 0 || (all >= MANY && early * 2 > all) {
                continue;
            }
            let (field, kind) = (&field.name, &of.name);
            let events = disclosure.counted(early, "event", "events");
            notes.push(format!("`{field}` of {kind} is earlier than {kind} itself in {events}."));
        }
    }
    notes
}
