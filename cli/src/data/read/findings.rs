//! What the cases of an export show of how it was made: events after the end of the data, events twice, one case that holds most,
//! cases without an organisation, and cases that share a name.

use super::told::Told;
use crate::data::names::twins;
use concord_engine::plan::case::{Case, Occurrence, When};
use concord_engine::plan::{Id, LabelId, Plan};
use concord_engine::values::types::Type;
use std::collections::BTreeSet;

/// A case with fewer events than this is none that holds most.
const MANY_EVENTS: usize = 50;
/// An export in which each kind of event comes up so often in a case names its cases by something else than patients.
const MANY_OF_EACH: usize = 10;
/// Within more events at one time than this, only neighbours are compared.
const MOST_AT_ONCE: usize = 32;
/// So many codes of organisations are named.
const MOST_NAMED: usize = 6;

/// Looks through the cases, whose events are in order.
pub(super) fn findings(plan: &Plan, ids: &[String], cases: &[Case], as_of: i64, within: Option<LabelId>) -> Vec<Told> {
    let mut all = Vec::new();
    all.extend(later(cases, as_of));
    all.extend(twice(plan, cases));
    all.extend(one_of_most(plan, cases).or_else(|| many_of_each(plan, cases)));
    all.extend(named_by_organisation(plan, ids, cases));
    all.extend(without_organisation(plan, cases, within));
    all.extend(alike(plan, ids, cases));
    all
}

/// Events, and those of them that are known to be after an instant.
#[must_use]
pub fn after(cases: &[Case], as_of: i64) -> (u64, u64) {
    let all = cases.iter().flat_map(|case| &case.events);
    let late = |event: &Occurrence| match event.at {
        When::Known(at) | When::Between(at, _) => at > as_of,
        When::Unknown => false,
    };
    all.fold((0, 0), |(all, after), event| (all + 1, after + u64::from(late(event))))
}

fn later(cases: &[Case], as_of: i64) -> Option<Told> {
    let (all, after) = after(cases, as_of);
    let told = Told::counted(after, ("event is", "events are"), "after `as of`, and so left out")?;
    Some(if after * 20 > all { told.weighing() } else { told })
}

fn twice(plan: &Plan, cases: &[Case]) -> Option<Told> {
    let copies: usize = cases.iter().map(|case| copies(plan, case)).sum();
    let what = "exactly like another of the same case, in kind, time and values; each counts";
    let all: usize = cases.iter().map(|case| case.events.len()).sum();
    let told = Told::counted(copies as u64, ("event is", "events are"), what)?;
    Some(if copies * 100 >= all { told.weighing() } else { told })
}

/// Events that are exactly like an earlier one at the same time.
fn copies(plan: &Plan, case: &Case) -> usize {
    let started = |event: &Occurrence| plan.subject.started(event).listed();
    let at_once = case.events.chunk_by(|a, b| started(a) == started(b)).filter(|events| events.len() > 1);
    let copied = |events: &[Occurrence]| {
        let far = if events.len() > MOST_AT_ONCE { 1 } else { MOST_AT_ONCE };
        // The places before one lie within the list.
        let before = |place: usize| events.get(place.saturating_sub(far)..place).unwrap_or_default();
        events.iter().enumerate().filter(|(place, event)| before(*place).contains(event)).count()
    };
    at_once.map(copied).sum()
}

fn one_of_most(plan: &Plan, cases: &[Case]) -> Option<Told> {
    let all: usize = cases.iter().map(|case| case.events.len()).sum();
    let largest = cases.iter().max_by_key(|case| case.events.len())?;
    let most = largest.events.len();
    if most < MANY_EVENTS || most * 2 <= all {
        return None;
    }
    let kinds = plan.subject.events.placed();
    let count = |kind| largest.events.iter().filter(|event| event.kind == kind).count();
    let (often, kind) = kinds.map(|(kind, of)| (count(kind), of.name.as_str())).max_by_key(|(often, _)| *often)?;
    let text = format!("One case holds most of all events, {{}} {kind}: is the column right that names the case?");
    Some(Told { also: Some((often as u64, "of them", "of them")), ..Told::once(text).weighing() })
}

/// Where every kind of event comes up many times in a case, on average, a case is hardly a patient.
fn many_of_each(plan: &Plan, cases: &[Case]) -> Option<Told> {
    let mut counts = vec![0_usize; plan.subject.events.len()];
    for event in cases.iter().flat_map(|case| &case.events) {
        counts.iter_mut().skip(event.kind.place()).take(1).for_each(|count| *count += 1);
    }
    let found: Vec<usize> = counts.into_iter().filter(|count| *count > 0).collect();
    let fewest = found.iter().min()? / cases.len().max(1);
    if found.len() < 2 || fewest < MANY_OF_EACH {
        return None;
    }
    let text = format!(
        "Cases have every kind of event {fewest} times and more, on average: is the column right that names the case?"
    );
    Some(Told::once(text).weighing())
}

fn organisations_of<'a>(plan: &'a Plan, case: &'a Case) -> impl Iterator<Item = &'a str> {
    let labels = plan.subject.labels.placed().filter(|(_, label)| label.ty == Type::Organisation);
    labels.filter_map(|(label, _)| case.labels.get(label.place())?.as_deref())
}

fn named_by_organisation(plan: &Plan, ids: &[String], cases: &[Case]) -> Option<Told> {
    let named = ids.iter().zip(cases).filter(|(id, case)| organisations_of(plan, case).any(|code| code == *id)).count();
    if named == 0 || named * 2 < cases.len() {
        return None;
    }
    let verbs = ("case is named as its organisation is", "cases are named as their organisations are");
    let told = Told::counted(named as u64, verbs, "")?;
    Some(Told { text: ": is the column right that names the case?".to_owned(), ..told.weighing() })
}

fn without_organisation(plan: &Plan, cases: &[Case], within: Option<LabelId>) -> Option<Told> {
    let first = plan.subject.labels.placed().find(|(_, label)| label.ty == Type::Organisation);
    let label = within.or(first.map(|(label, _)| label))?;
    let says = |case: &&Case| case.labels.get(label.place()).is_some_and(Option::is_some);
    let without = cases.len() - cases.iter().filter(says).count();
    // Where none has one, nothing is split, and that is said of the measures.
    if without == cases.len() {
        return None;
    }
    let what = "no organisation: they count in the total and stand under none";
    Told::counted(without as u64, ("case has", "cases have"), what).map(Told::weighing)
}

/// Names that differ from another only in capitals, blanks or accents: they stay apart, and the report says so.
fn alike(plan: &Plan, ids: &[String], cases: &[Case]) -> Vec<Told> {
    let mut all = Vec::new();
    let names: u64 = twins(ids.iter().map(String::as_str)).iter().map(|alike| alike.len() as u64).sum();
    let apart = "from another only in capitals, blanks or accents; they are kept apart";
    all.extend(Told::counted(names, ("name of a case differs", "names of cases differ"), apart));
    let codes: BTreeSet<&str> = cases.iter().flat_map(|case| organisations_of(plan, case)).collect();
    let alike: Vec<&str> = twins(codes.into_iter()).into_iter().flatten().collect();
    if !alike.is_empty() {
        let mut named: Vec<String> = alike.iter().take(MOST_NAMED).map(|code| format!("`{code}`")).collect();
        if alike.len() > MOST_NAMED {
            named.push("and others".to_owned());
        }
        let text = format!("{} codes of organisations differ {apart}: {}.", alike.len(), named.join(", "));
        all.push(Told::once(text).weighing());
    }
    all
}
