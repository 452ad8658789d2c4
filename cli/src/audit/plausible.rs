//! What cannot be as the export says: a stay that ends before it starts, a birth after what happened to the patient.
//!
//! Nothing is changed or left out for it: the rules judge what was recorded, and the chapter on the data says how often.

use super::disclose::Disclosure;
use crate::data::plausible::{births, is_born_late, is_early};
use concord_engine::plan::case::Case;
use concord_engine::plan::{EventKind, FieldId, InputId, KindId, Plan};
use concord_engine::values::types::Type;
use std::collections::BTreeMap;

/// Where most of this many events or more have a time that is earlier than their own, it is not meant as their end.
const MANY: u64 = 10;

/// Counted while cases go by.
#[derive(Clone)]
pub(super) struct Early<'a> {
    plan: &'a Plan,
    /// Times and days that an event has beside its own: how many are known, and how many of them lie before it.
    pub(super) beside: BTreeMap<(KindId, FieldId), (u64, u64)>,
    /// Dates from which years are counted, and the cases in which something was earlier.
    pub(super) births: BTreeMap<InputId, u64>,
}

impl<'a> Early<'a> {
    pub(super) fn new(plan: &'a Plan) -> Early<'a> {
        let timely = |ty: &Type| matches!(ty, Type::Instant | Type::Date);
        let of_kind = |(kind, of): (KindId, &'a EventKind)| {
            let fields = of.fields.placed().filter(|(_, field)| timely(&field.ty));
            fields.map(move |(field, _)| ((kind, field), (0, 0)))
        };
        let beside = plan.subject.events.placed().flat_map(of_kind).collect();
        Early { plan, beside, births: births(plan).into_iter().map(|input| (input, 0)).collect() }
    }

    pub(super) fn add(&mut self, cases: &[Case]) {
        for ((kind, field), (all, early)) in &mut self.beside {
            let declared = self.plan.subject.events.get(*kind).and_then(|of| of.fields.get(*field));
            let Some(declared) = declared else { continue };
            let events = cases.iter().flat_map(|case| &case.events).filter(|event| event.kind == *kind);
            for is in events.filter_map(|event| is_early(event, *field, &declared.ty)) {
                (*all, *early) = (*all + 1, *early + u64::from(is));
            }
        }
        for (input, late) in &mut self.births {
            *late += cases.iter().filter(|case| is_born_late(case, *input)).count() as u64;
        }
    }

    /// Adds what was counted of other cases.
    pub(super) fn take(&mut self, other: &Early<'_>) {
        for ((all, early), (more, before)) in self.beside.values_mut().zip(other.beside.values()) {
            (*all, *early) = (*all + more, *early + before);
        }
        self.births.values_mut().zip(other.births.values()).for_each(|(sum, own)| *sum += own);
    }

    /// A sentence for each thing that cannot be.
    pub(super) fn notes(&self, disclosure: &Disclosure) -> Vec<String> {
        let subject = &self.plan.subject;
        let mut notes = Vec::new();
        for ((kind, field), (all, early)) in &self.beside {
            if *early == 0 || (*all >= MANY && early * 2 > *all) {
                continue;
            }
            let Some(of) = subject.events.get(*kind) else { continue };
            let Some(field) = of.fields.get(*field) else { continue };
            let (field, kind) = (&field.name, &of.name);
            let events = disclosure.counted(*early, "event", "events");
            notes.push(format!("`{field}` of {kind} is earlier than {kind} itself in {events}."));
        }
        for (input, late) in self.births.iter().filter(|(_, late)| **late > 0) {
            let Some(fact) = subject.inputs.get(*input) else { continue };
            let cases = disclosure.counted(*late, "case", "cases");
            let name = &fact.name;
            notes.push(format!(
                "`{name}`, from which years are counted, is later than an event or the end of the data in {cases}."
            ));
        }
        notes
    }
}
