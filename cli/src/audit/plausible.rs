//! What cannot be as the export says: a stay that ends before it starts, a birth after what happened to the patient.
//!
//! Nothing is changed or left out for it: the rules judge what was recorded, and the chapter on the data says how often.

use super::disclose::Disclosure;
use concord_engine::plan::case::{Case, Datum};
use concord_engine::plan::{Call, Expr, Id, InputId, Op, Plan, Step};
use concord_engine::values::calendar::local_date;
use concord_engine::values::types::Type;
use std::collections::BTreeSet;

/// Where most of this many events or more have a time that is earlier than their own, it is not meant as their end.
const MANY: u64 = 10;

/// A sentence for each thing that cannot be.
pub(super) fn notes(plan: &Plan, cases: &[Case], disclosure: &Disclosure) -> Vec<String> {
    let mut notes = ends_before_starts(plan, cases, disclosure);
    for input in counted_from(plan) {
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
        let fields = of.fields.iter().enumerate().filter(|(_, field)| timely(&field.ty));
        for (place, field) in fields {
            let events = cases.iter().flat_map(|case| &case.events).filter(|event| event.kind == kind);
            let times = events.filter_map(|event| match (event.at, event.fields.get(place)) {
                (Some(at), Some(Datum::Known(day))) if field.ty == Type::Date => Some(*day < local_date(at)),
                (Some(at), Some(Datum::Known(time))) => Some(*time < at),
                _ => None,
            });
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

/// Whether a date from which years are counted lies after an event that has happened, or after the end of the data.
fn is_born_late(case: &Case, input: InputId) -> bool {
    let Some(Datum::Known(born)) = case.facts.get(input.place()) else { return false };
    let times = case.events.iter().filter_map(|event| event.at).chain(std::iter::once(case.as_of));
    times.min().is_some_and(|first| *born > local_date(first))
}

/// The dates among the facts from which the rules count years: dates of birth.
fn counted_from(plan: &Plan) -> BTreeSet<InputId> {
    let mut found = BTreeSet::new();
    for step in &plan.steps {
        match step {
            Step::Value { expr, .. } | Step::Column { expr, .. } => look(expr, &mut found),
            Step::Table(table) => table.columns.iter().for_each(|column| look(&column.expr, &mut found)),
        }
    }
    found
}

fn look(expr: &Expr, found: &mut BTreeSet<InputId>) {
    if let Op::Call(Call::YearsBetween, dates) = &expr.op
        && let Some(Op::Input(input)) = dates.first().map(|from| &from.op)
    {
        found.insert(*input);
    }
    if let Op::Query(query) = &expr.op {
        for alternative in &query.alternatives {
            look(&alternative.filter, found);
            look(&alternative.value, found);
        }
    }
    expr.op.operands().into_iter().for_each(|operand| look(operand, found));
}
