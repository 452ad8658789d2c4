//! Whether a case fits a plan: the module takes for granted that it does.

use concord_engine::plan::case::{Case, Datum, When};
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
    let mut before = FIRST_INSTANT;
    for (index, event) in case.events.iter().enumerate() {
        let kind = plan.subject.events.get(event.kind).ok_or(CaseFault::Event(index))?;
        let at = match event.at {
            // As nearly all are.
            When::Known(at) if before <= at && at <= LAST_INSTANT => at,
            at => listed(at).ok_or(CaseFault::Event(index))?,
        };
        if let Some(field) = kind.fields.iter().zip(&event.fields).position(|(input, datum)| !fits(input, *datum)) {
            return Err(CaseFault::Field(index, field));
        }
        if at < before {
            return Err(CaseFault::Order(index));
        }
        before = at;
    }
    Ok(())
}

/// Where an event at such a time stands in the order, after all that are known where it is not; nothing where there is no such time.
fn listed(at: When) -> Option<i64> {
    let instants = FIRST_INSTANT..=LAST_INSTANT;
    let fits = match at {
        When::Unknown => true,
        When::Known(at) => instants.contains(&at),
        When::Between(first, last) => first < last && instants.contains(&first) && instants.contains(&last),
    };
    fits.then(|| at.known().unwrap_or(i64::MAX))
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
