//! Whether a case fits a plan: the module takes for granted that it does.

use concord_engine::plan::case::{Case, Datum, Occurrence, When};
use concord_engine::plan::{Class, Input, Plan};
use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

use super::error::CaseFault;

/// Checks ranges, kinds and order.
pub(super) fn case(plan: &Plan, case: &Case) -> Result<(), CaseFault> {
    if !(FIRST_INSTANT..=LAST_INSTANT).contains(&case.as_of) {
        return Err(CaseFault::AsOf);
    }
    for (index, (input, datum)) in plan.subject.inputs.iter().zip(&case.facts).enumerate() {
        if !fits(input, *datum) {
            return Err(CaseFault::Fact(index));
        }
    }
    if !i64::try_from(case.events.len()).is_ok_and(|events| events <= plan.most_events()) {
        return Err(CaseFault::TooManyEvents);
    }
    let mut before = i64::MIN;
    for (index, event) in case.events.iter().enumerate() {
        occurrence(plan, index, event)?;
        let at = event.at.known().unwrap_or(i64::MAX);
        if at < before {
            return Err(CaseFault::Order(index));
        }
        before = at;
    }
    Ok(())
}

fn occurrence(plan: &Plan, index: usize, event: &Occurrence) -> Result<(), CaseFault> {
    let kind = plan.subject.events.get(event.kind).ok_or(CaseFault::Event(index))?;
    let instants = FIRST_INSTANT..=LAST_INSTANT;
    let fits_at = match event.at {
        When::Unknown => true,
        When::Known(at) => instants.contains(&at),
        When::Between(first, last) => first < last && instants.contains(&first) && instants.contains(&last),
    };
    if !fits_at {
        return Err(CaseFault::Event(index));
    }
    for (field, (input, datum)) in kind.fields.iter().zip(&event.fields).enumerate() {
        if !fits(input, *datum) {
            return Err(CaseFault::Field(index, field));
        }
    }
    Ok(())
}

fn fits(input: &Input, datum: Datum) -> bool {
    match datum {
        Datum::Missing => true,
        Datum::None => input.shape.optional,
        Datum::Known(value) => (input.shape.low..=input.shape.high).contains(&value),
        Datum::Between(low, high) => {
            input.shape.class == Class::Range && low < high && input.shape.low <= low && high <= input.shape.high
        }
    }
}
