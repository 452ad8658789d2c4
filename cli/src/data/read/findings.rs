//! What the cases of an export show of how it was made: events after the end of the data or long before the rest, events twice, one case that
//! holds most, cases without an organisation, and cases whose names are alike. Counted while the cases go by.

use super::Mapping;
use super::error::ReadError;
use super::long_before::LongBefore;
use super::midnight::Midnights;
use super::near_names::Names;
use super::spread::Spread;
use super::told::{HIDDEN, Told, as_shown};
use crate::data::mapping::file::Rows;
use crate::data::marks::{are_same, mark_of};
use crate::data::names::twins;
use concord_engine::plan::case::{Case, Occurrence, When};
use concord_engine::plan::{Id, KindId, LabelId, Plan};
use concord_engine::values::types::Type;
use std::collections::BTreeSet;

/// A case with fewer events than this is none that holds most.
const MANY_EVENTS: usize = 50;
/// An export in which each kind of event comes up so often in a case names its cases by something else than patients.
const MANY_OF_EACH: u64 = 10;
/// Within more events at one time than this, only neighbours are compared.
const MOST_AT_ONCE: usize = 32;
/// Of fewer cases in a hundred than this with several events, it is the rows that are named, and not the cases.
const FEW_WITH_SEVERAL: u64 = 5;
/// So many slots hold the codes that came up last.
const NEAR: usize = 512;
/// So many codes of organisations are named.
const MOST_NAMED: usize = 6;

/// What was found so far.
pub(super) struct Findings<'a> {
    plan: &'a Plan,
    /// The labels that name organisations.
    organisations: Vec<LabelId>,
    /// The label that a case should have.
    label: Option<LabelId>,
    /// Codes of organisations, in whatever role.
    codes: Codes,
    names: Names,
    /// The organisation within which a case is named.
    within: Option<LabelId>,
    long_before: LongBefore,
    midnights: Midnights<'a>,
    cases: u64,
    events: u64,
    after: u64,
    copies: u64,
    ties: u64,
    /// The events of the case that has most, and of all, by kind.
    most: Vec<usize>,
    most_events: usize,
    /// The number of that case, where cases have one.
    most_in: usize,
    of_kinds: Vec<usize>,
    /// Cases that have several events; and whether rows are events, so that each case should.
    several: u64,
    by_events: bool,
    named_so: u64,
    with_label: u64,
}

/// Codes that came up.
#[derive(Default)]
struct Codes {
    all: BTreeSet<String>,
    /// Those that came up last, each in a slot by a number made of its letters: nearly every case has one of them.
    near: Vec<String>,
}

impl Codes {
    fn add(&mut self, code: &str) {
        self.near.resize(NEAR, String::new());
        // Which slot it is decides only what is looked up again.
        let slot = usize::try_from(mark_of(code) >> 8).unwrap_or_default() % NEAR;
        let Some(near) =
            self.near.get_mut(slot).filter(|near| !are_same(near.as_bytes(), code.as_bytes()) || code.is_empty())
        else {
            return;
        };
        code.clone_into(near);
        if !self.all.contains(code) {
            self.all.insert(code.to_owned());
        }
    }
}

/// Cases of an export, their names, and their numbers.
type Cases<'c> = (&'c [String], &'c [Case], Option<&'c [usize]>);

impl<'a> Findings<'a> {
    pub(super) fn new(plan: &'a Plan, mapping: &Mapping, names: Spread) -> Findings<'a> {
        let within = mapping.binding.within;
        let labels = plan.subject.labels.placed().filter(|(_, label)| label.ty == Type::Organisation);
        let organisations: Vec<LabelId> = labels.map(|(label, _)| label).collect();
        let none = vec![0; plan.subject.events.len()];
        Findings {
            plan,
            label: within.or(organisations.first().copied()),
            organisations,
            codes: Codes::default(),
            names: Names::new(names),
            within,
            long_before: LongBefore::default(),
            midnights: Midnights::new(plan, &mapping.file),
            cases: 0,
            events: 0,
            after: 0,
            copies: 0,
            ties: 0,
            most: none.clone(),
            most_events: 0,
            most_in: 0,
            of_kinds: none,
            several: 0,
            by_events: mapping.binding.rows == Rows::Events && !mapping.file.source.format.is_of_cases(),
            named_so: 0,
            with_label: 0,
        }
    }

    /// Looks through cases, whose events are in order.
    pub(super) fn add(&mut self, (ids, cases, order): Cases<'_>) {
        let mut order = order.into_iter().flatten();
        for (id, case) in ids.iter().zip(cases) {
            // Cases without numbers come one after another.
            let number = order.next().copied().unwrap_or_default();
            let code = self.within.and_then(|label| case.labels.get(label.place())?.as_deref());
            self.names.add(id, code);
            self.events(case, number);
            self.long_before.add(&case.events);
            self.midnights.add(&case.events);
            let codes = self.organisations.iter().filter_map(|label| case.labels.get(label.place())?.as_deref());
            let mut named_so = false;
            for code in codes {
                named_so |= code == id;
                self.codes.add(code);
            }
            self.named_so += u64::from(named_so);
            let says = |label: LabelId| case.labels.get(label.place()).is_some_and(Option::is_some);
            self.with_label += u64::from(self.label.is_some_and(says));
        }
        self.cases += cases.len() as u64;
    }

    fn events(&mut self, case: &Case, number: usize) {
        for event in &case.events {
            self.of_kinds.iter_mut().skip(event.kind.place()).take(1).for_each(|count| *count += 1);
        }
        // Those at known times come first, in order: where the last is such and not after the end, all are.
        let known = |event: &Occurrence| event.at.known();
        match case.events.last().and_then(known).is_some_and(|last| last <= case.as_of) {
            true => self.ties(&case.events),
            false => self.at_once(case),
        }
        self.events += case.events.len() as u64;
        self.several += u64::from(case.events.len() > 1);
        if case.events.len() >= self.most_events {
            self.most.fill(0);
            for event in &case.events {
                self.most.iter_mut().skip(event.kind.place()).take(1).for_each(|count| *count += 1);
            }
            (self.most_events, self.most_in) = (self.most.iter().sum(), number);
        }
    }

    /// Counts the events of a case that are at one time, or twice, where all are at known times, in order.
    fn ties(&mut self, events: &[Occurrence]) {
        for same in events.chunk_by(|one, next| one.at.known() == next.at.known()).filter(|same| same.len() > 1) {
            self.ties += same.len() as u64 - 1;
            self.copies += copies(same);
        }
    }

    /// Counts the events of a case that are at one time, twice, or after the end.
    fn at_once(&mut self, case: &Case) {
        let (mut before, mut stood, mut first) = (None, None, 0);
        for (place, event) in case.events.iter().enumerate() {
            let at = event.at.known();
            // One whose instant is known stands by it, whatever else is known of it.
            let listed = at.map_or_else(|| self.plan.subject.started(event).listed(), |at| When::Known(at).listed());
            self.ties += u64::from(at.is_some() && before == at);
            if stood != Some(listed) {
                self.copies += case.events.get(first..place).map_or(0, copies); // they lie within the list
                first = place;
            }
            (before, stood) = (at, Some(listed));
            self.after += u64::from(match event.at {
                When::Known(at) | When::Between(at, _) => at > case.as_of,
                When::Unknown => false,
            });
        }
        self.copies += case.events.get(first..).map_or(0, copies); // as do these
    }

    /// Hands the numbers of names over so far.
    pub(super) fn pour(&mut self, into: &mut Findings<'_>) {
        self.names.pour(&mut into.names);
    }

    /// Adds what was found in other cases of the export; whether that is what would be found in all of them one after the other.
    pub(super) fn take(&mut self, mut other: Findings<'_>) -> bool {
        other.pour(self);
        self.codes.all.append(&mut other.codes.all);
        self.midnights.take(&other.midnights);
        for (sum, own) in self.of_kinds.iter_mut().zip(&other.of_kinds) {
            *sum += own;
        }
        let sums = [
            (&mut self.cases, other.cases),
            (&mut self.events, other.events),
            (&mut self.after, other.after),
            (&mut self.copies, other.copies),
            (&mut self.ties, other.ties),
            (&mut self.several, other.several),
            (&mut self.named_so, other.named_so),
            (&mut self.with_label, other.with_label),
        ];
        sums.into_iter().for_each(|(sum, own)| *sum += own);
        // Of cases that have as many events the last counts.
        let (most, own) = ((self.most_events, self.most_in), (other.most_events, other.most_in));
        if own > most {
            (self.most, self.most_events, self.most_in) = (other.most, other.most_events, other.most_in);
        }
        self.long_before.take(&other.long_before)
    }

    /// Cases and their events.
    pub(super) fn counted(&self) -> (u64, u64) {
        (self.cases, self.events)
    }

    /// Of the events, those that are exactly like another of their case; and all.
    pub(super) fn copies(&self) -> (u64, u64) {
        (self.copies, self.events)
    }

    /// Of the events, those that are known to be after the end of the data.
    pub(super) fn after(&self) -> u64 {
        self.after
    }

    /// The codes of organisations that the cases name, in order.
    pub(super) fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.all.iter().map(String::as_str)
    }

    /// How many organisations the cases name, in whatever role.
    pub(super) fn organisations(&self) -> u64 {
        self.codes.all.len() as u64
    }

    /// In words.
    pub(super) fn told(self) -> Result<Vec<Told>, ReadError> {
        let mut all = Vec::new();
        all.extend(self.later());
        all.extend(self.long_before.told());
        all.extend(self.midnights.told());
        all.extend(self.twice());
        all.extend(self.one_of_most().or_else(|| self.many_of_each()).or_else(|| self.one_in_each()));
        all.extend(self.named_by_organisation());
        all.extend(self.without_organisation());
        let ties = Told::counted(
            self.ties,
            ("event has", "events have"),
            "the same time as the event before them; they keep the order of the file",
        );
        all.extend(self.names.told(as_shown)?);
        all.extend(alike(&self.codes.all));
        all.extend(ties);
        Ok(all)
    }

    fn later(&self) -> Option<Told> {
        let told = Told::counted(self.after, ("event is", "events are"), "after `as of`, and so left out")?;
        Some(if as_shown(self.after) * 20 > as_shown(self.events) { told.weighing() } else { told })
    }

    fn twice(&self) -> Option<Told> {
        let what = "exactly like another of the same case, in kind, time and values; each counts";
        let told = Told::counted(self.copies, ("event is", "events are"), what)?;
        Some(if as_shown(self.copies) * 100 >= as_shown(self.events) { told.weighing() } else { told })
    }

    fn one_of_most(&self) -> Option<Told> {
        let most: usize = self.most.iter().sum();
        if most < MANY_EVENTS || most as u64 * 2 <= self.events {
            return None;
        }
        let kinds = self.plan.subject.events.placed();
        // A kind that is not counted has not come up.
        let count = |kind: KindId| self.most.get(kind.place()).copied().unwrap_or(0);
        let (often, kind) = kinds.map(|(kind, of)| (count(kind), of.name.as_str())).max_by_key(|(often, _)| *often)?;
        let text = format!("One case holds most of all events, {{}} {kind}: is the column right that names the case?");
        Some(Told { also: Some((often as u64, "of them".into(), "of them".into())), ..Told::once(text).weighing() })
    }

    /// Where every kind of event comes up many times in a case, on average, a case is hardly a patient.
    fn many_of_each(&self) -> Option<Told> {
        let found: Vec<usize> = self.of_kinds.iter().copied().filter(|count| *count > 0).collect();
        let fewest = *found.iter().min()? as u64 / self.cases.max(1);
        if found.len() < 2 || fewest < MANY_OF_EACH {
            return None;
        }
        let text = format!(
            "Cases have every kind of event {fewest} times and more, on average: is the column right that names the case?"
        );
        Some(Told::once(text).weighing())
    }

    /// Where rows are events of several kinds, and nearly every case has one alone, each row is hardly a patient of its own.
    fn one_in_each(&self) -> Option<Told> {
        let is_few =
            |part: u64, whole: u64, percent: u64| as_shown(part).max(HIDDEN) * 100 <= as_shown(whole) * percent;
        let kinds = self.of_kinds.iter().filter(|count| !is_few(**count as u64, self.events, FEW_WITH_SEVERAL)).count();
        if !self.by_events || kinds < 2 || !is_few(self.several, self.cases, FEW_WITH_SEVERAL) {
            return None;
        }
        let text = "Nearly every case has one event alone, though there are several kinds: is the column right that names the case?";
        Some(Told::once(text.to_owned()).weighing())
    }

    fn named_by_organisation(&self) -> Option<Told> {
        if self.named_so == 0 || as_shown(self.named_so) * 2 < as_shown(self.cases) {
            return None;
        }
        let verbs = ("case is named as its organisation is", "cases are named as their organisations are");
        let told = Told::counted(self.named_so, verbs, "")?;
        Some(Told { text: ": is the column right that names the case?".to_owned(), ..told.weighing() })
    }

    fn without_organisation(&self) -> Option<Told> {
        self.label?;
        let without = self.cases.saturating_sub(self.with_label);
        // Where none has one, nothing is split, and that is said of the measures.
        if without == self.cases {
            return None;
        }
        let what = "no organisation: they count in the total and stand under none";
        Told::counted(without, ("case has", "cases have"), what).map(Told::weighing)
    }
}

/// Of events at one time, those that are exactly like an earlier one.
fn copies(events: &[Occurrence]) -> u64 {
    if events.len() < 2 {
        return 0;
    }
    let far = if events.len() > MOST_AT_ONCE { 1 } else { MOST_AT_ONCE };
    // The places before one lie within the list.
    let before = |place: usize| events.get(place.saturating_sub(far)..place).unwrap_or_default();
    events.iter().enumerate().filter(|(place, event)| before(*place).contains(event)).count() as u64
}

/// Codes of organisations that differ from another only in capitals, blanks, accents or letters that look alike: they stay apart, and the report
/// says so.
fn alike(codes: &BTreeSet<String>) -> Option<Told> {
    let apart = "from another only in capitals, blanks, accents or letters that look alike; they are kept apart";
    let alike: Vec<&str> = twins(codes.iter().map(String::as_str)).into_iter().flatten().collect();
    if alike.is_empty() {
        return None;
    }
    let mut named: Vec<String> = alike.iter().take(MOST_NAMED).map(|code| format!("`{code}`")).collect();
    if alike.len() > MOST_NAMED {
        named.push("and others".to_owned());
    }
    let text = format!("{} codes of organisations differ {apart}: {}.", alike.len(), named.join(", "));
    Some(Told::once(text).weighing())
}
