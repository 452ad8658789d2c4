//! Cases put together from rows, in the order of their first row.
//!
//! All cases are held until the end of the export, as scaled integers; an export sorted by case can later hand each over
//! as soon as the next begins, behind the same calls.

use super::doubts::Doubts;
use super::export::{Rounded, RoundedAt};
use super::places::Places;
use crate::data::mapping::cell::ReadCell;
use crate::data::mapping::file::Take;
use concord_engine::plan::case::{Case, Datum, Occurrence};
use concord_engine::plan::{FieldId, Id, InputId, KindId, Kinds, LabelId, Plan, Subject};
use concord_engine::values::codes::Codes;
use std::collections::BTreeMap;

/// Cases in the making.
pub(super) struct Assembler<'a> {
    plan: &'a Plan,
    not_supplied: u64,
    as_of: i64,
    /// The organisation within which a case is named.
    within: Option<LabelId>,
    places: BTreeMap<String, Places>,
    ids: Vec<String>,
    cases: Vec<Case>,
    /// Facts of each case on which its rows disagree, where all must agree; labels have the bits from the other end.
    conflicting: Vec<u64>,
    /// Facts that a refused row may have said otherwise.
    pub(super) doubts: Doubts,
    /// By case, the values that a conversion rounded.
    rounded: BTreeMap<usize, Vec<Rounded>>,
    last: usize,
}

/// What was assembled.
pub(super) struct Assembled {
    pub(super) ids: Vec<String>,
    /// With their events in order.
    pub(super) cases: Vec<Case>,
    pub(super) rounded: BTreeMap<usize, Vec<Rounded>>,
    /// Events at the same time as the one before.
    pub(super) ties: u64,
    /// Names that more than one organisation uses.
    pub(super) shared: u64,
    /// Cases of which nothing is known, as rows without an organisation may belong to them or to another.
    pub(super) mixed: u64,
}

impl<'a> Assembler<'a> {
    pub(super) fn new(plan: &'a Plan, not_supplied: u64, as_of: i64, within: Option<LabelId>) -> Assembler<'a> {
        Assembler {
            plan,
            not_supplied,
            as_of,
            within,
            places: BTreeMap::new(),
            ids: Vec::new(),
            cases: Vec::new(),
            conflicting: Vec::new(),
            doubts: Doubts::default(),
            rounded: BTreeMap::new(),
            last: usize::MAX,
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.cases.len() as u64
    }

    /// The case called so at an organisation, if it has begun.
    pub(super) fn found(&self, id: &str, organisation: Option<&str>) -> Option<usize> {
        let places = self.places.get(id)?;
        match organisation.filter(|_| self.within.is_some()) {
            Some(code) => places.iter().find(|place| self.organisation(*place) == Some(code)),
            None => Some(places.first),
        }
    }

    /// All cases called so, at whatever organisation.
    pub(super) fn called(&self, id: &str) -> Vec<usize> {
        // A name that nobody has yet is that of no case.
        self.places.get(id).map(|places| places.iter().collect()).unwrap_or_default()
    }

    fn organisation(&self, place: usize) -> Option<&str> {
        self.cases.get(place)?.labels.get(self.within?.place())?.as_deref()
    }

    /// The place of the case called so at an organisation; begun if it is new. None where the row does not say at which of several.
    pub(super) fn place(&mut self, id: &str, organisation: Option<&str>) -> Option<usize> {
        let same = |place: usize| self.within.is_none() || self.organisation(place) == organisation;
        if self.ids.get(self.last).is_some_and(|last| last == id) && same(self.last) {
            return Some(self.last);
        }
        self.last = match self.places.get(id) {
            None => self.begin_new(id, organisation),
            Some(places) if self.within.is_none() => places.first,
            Some(places) => match organisation {
                None if places.more.is_empty() => {
                    let place = places.first;
                    self.doubts.without_organisation(place);
                    place
                }
                None => return None,
                Some(code) => {
                    let named = places.iter().find(|place| self.organisation(*place) == Some(code));
                    let unnamed = places.iter().find(|place| self.organisation(*place).is_none());
                    match (named, unnamed) {
                        (Some(place), _) => place,
                        (None, Some(place)) => {
                            self.doubts.without_organisation(place);
                            self.set_organisation(place, code);
                            place
                        }
                        (None, None) => self.begin_new(id, organisation),
                    }
                }
            },
        };
        Some(self.last)
    }

    fn begin_new(&mut self, id: &str, organisation: Option<&str>) -> usize {
        let case = Case {
            as_of: self.as_of,
            facts: vec![Datum::Missing; self.plan.subject.inputs.len()],
            labels: vec![None; self.plan.subject.labels.len()],
            events: Vec::new(),
            not_supplied: self.not_supplied,
            codes: Codes::default(),
        };
        let place = self.begin(id, case);
        if let Some(code) = organisation {
            self.set_organisation(place, code);
        }
        place
    }

    fn set_organisation(&mut self, place: usize, code: &str) {
        let Some(within) = self.within else { return };
        let slot = self.cases.get_mut(place).and_then(|case| case.labels.get_mut(within.place()));
        slot.into_iter().for_each(|slot| *slot = Some(code.to_owned()));
    }

    /// Adds a whole case, which must be new.
    pub(super) fn begin(&mut self, id: &str, case: Case) -> usize {
        let place = self.cases.len();
        match self.places.get_mut(id) {
            Some(places) => places.more.push(place),
            None => {
                self.places.insert(id.to_owned(), Places { first: place, more: Vec::new() });
            }
        }
        self.ids.push(id.to_owned());
        self.cases.push(case);
        self.conflicting.push(0);
        place
    }

    /// A case that has begun.
    pub(super) fn case(&self, place: usize) -> Option<&Case> {
        self.cases.get(place)
    }

    /// Marks that events of any kind may be missing from a case.
    pub(super) fn mark_all(&mut self, place: usize) {
        let kinds = self.plan.subject.events.placed().fold(0, |mask, (kind, _)| mask | Kinds::one(kind).0);
        if let Some(case) = self.cases.get_mut(place) {
            case.not_supplied |= kinds;
        }
    }

    /// Marks that events of a kind may be missing from a case.
    pub(super) fn mark_incomplete(&mut self, place: usize, kind: KindId) {
        if let Some(case) = self.cases.get_mut(place) {
            case.not_supplied |= Kinds::one(kind).0;
        }
    }

    /// The codes that only this case brings.
    pub(super) fn codes(&mut self, place: usize) -> Option<&mut Codes> {
        self.cases.get_mut(place).map(|case| &mut case.codes)
    }

    /// How many more events a case may have.
    pub(super) fn room(&self, place: usize) -> usize {
        // A case that is not there takes none.
        self.cases.get(place).map_or(0, |case| self.most_events().saturating_sub(case.events.len()))
    }

    /// The most events of a case.
    pub(super) fn most_events(&self) -> usize {
        // It is no more than there are addresses of 32 bits.
        usize::try_from(self.plan.most_events()).unwrap_or(usize::MAX)
    }

    /// Adds an event, with the fields that were rounded; false where the case has as many as a case may have.
    pub(super) fn event(&mut self, place: usize, event: Occurrence, rounded: &[(FieldId, i64)]) -> bool {
        let most = self.most_events();
        let Some(case) = self.cases.get_mut(place).filter(|case| case.events.len() < most) else {
            return false;
        };
        let event_at = case.events.len();
        case.events.push(event);
        for (field, other) in rounded {
            let at = RoundedAt::Field { event: event_at, field: *field };
            self.rounded.entry(place).or_default().push(Rounded { at, other: *other });
        }
        true
    }

    /// Whether a fact is still wanted from further rows.
    pub(super) fn wants_fact(&self, place: usize, input: InputId, take: Take) -> bool {
        let held = self.cases.get(place).and_then(|case| case.facts.get(input.place()));
        take != Take::First || held.is_none_or(|held| *held == Datum::Missing)
    }

    /// Adds a fact; false where the rows of the case disagree and all must agree.
    pub(super) fn fact(&mut self, place: usize, input: InputId, cell: ReadCell, take: Take) -> bool {
        let datum = cell.datum;
        let (Some(case), Some(conflicting)) = (self.cases.get_mut(place), self.conflicting.get_mut(place)) else {
            return true;
        };
        let Some(fact) = case.facts.get_mut(input.place()).filter(|_| datum != Datum::Missing) else {
            return true;
        };
        let (becomes, other, agrees) = match (take, *fact) {
            (Take::Only, _) if *conflicting & bit(input) != 0 => return true,
            (_, Datum::Missing) | (Take::Last, _) => (datum, cell.other, true),
            (Take::Any, before) if before != Datum::Known(1) => (datum, cell.other, true),
            (Take::First | Take::Any, _) => return true,
            (Take::Only, before) if before == datum => return true,
            (Take::Only, _) => {
                *conflicting |= bit(input);
                (Datum::Missing, None, false)
            }
        };
        *fact = becomes;
        if take == Take::Last || (take == Take::Any && becomes == Datum::Known(1)) {
            self.doubts.settled(place, input);
        }
        let at = RoundedAt::Fact(input);
        if let Some(rounded) = self.rounded.get_mut(&place) {
            rounded.retain(|value| value.at != at);
        }
        if let Some(other) = other {
            self.rounded.entry(place).or_default().push(Rounded { at, other });
        }
        agrees
    }

    /// Whether a label is still wanted from further rows.
    pub(super) fn wants_label(&self, place: usize, label: LabelId, take: Take) -> bool {
        let held = self.cases.get(place).and_then(|case| case.labels.get(label.place())?.as_ref());
        take == Take::Last || take == Take::Only || held.is_none()
    }

    /// Adds a label; false where the rows of the case disagree and all must agree.
    pub(super) fn label(&mut self, place: usize, label: LabelId, text: &str, take: Take) -> bool {
        let Some(slot) = self.cases.get_mut(place).and_then(|case| case.labels.get_mut(label.place())) else {
            return true;
        };
        let Some(conflicting) = self.conflicting.get_mut(place) else { return true };
        match slot {
            Some(held) if held == text => true,
            None if *conflicting & bit_of_label(label) != 0 => true,
            Some(_) if take == Take::Only => {
                *conflicting |= bit_of_label(label);
                *slot = None;
                false
            }
            _ => {
                *slot = Some(text.to_owned());
                true
            }
        }
    }

    /// The cases with their events in order.
    pub(super) fn finish(mut self) -> Assembled {
        let mixed = self.mixed();
        for (place, input) in self.doubts.unsettled(|place, input| self.fact_of(place, input)) {
            let fact = self.cases.get_mut(place).and_then(|case| case.facts.get_mut(input.place()));
            fact.into_iter().for_each(|fact| *fact = Datum::Missing);
            if let Some(rounded) = self.rounded.get_mut(&place) {
                rounded.retain(|value| value.at != RoundedAt::Fact(input));
            }
        }
        let mut ties = 0;
        for (place, case) in self.cases.iter_mut().enumerate() {
            if let Some(rounded) = self.rounded.get_mut(&place) {
                follow(&self.plan.subject, case, rounded);
            }
            case.sort_events(&self.plan.subject);
            let pairs = case.events.iter().zip(case.events.iter().skip(1));
            ties += pairs.filter(|(a, b)| a.at.known().is_some() && a.at == b.at).count() as u64;
        }
        let shared = self.name_apart();
        Assembled { ids: self.ids, cases: self.cases, rounded: self.rounded, ties, shared, mixed }
    }

    fn fact_of(&self, place: usize, input: InputId) -> Datum {
        // A fact that is not there is missing.
        self.cases.get(place).and_then(|case| case.facts.get(input.place())).copied().unwrap_or_default()
    }

    /// Where a name is used by several organisations and rows of it have none, nobody knows whose they are: nothing is known of these cases.
    fn mixed(&mut self) -> u64 {
        let several = self.places.values().filter(|places| !places.more.is_empty());
        let mixed = several.filter(|places| places.iter().any(|place| self.doubts.is_without_organisation(place)));
        let places: Vec<usize> = mixed.flat_map(Places::iter).collect();
        for place in &places {
            self.mark_all(*place);
            self.rounded.remove(place);
            if let Some(case) = self.cases.get_mut(*place) {
                case.facts.iter_mut().for_each(|fact| *fact = Datum::Missing);
                case.events.clear();
            }
        }
        places.len() as u64
    }

    /// Names that several organisations use are shown with the organisation; how many there are.
    fn name_apart(&mut self) -> u64 {
        let several: Vec<&Places> = self.places.values().filter(|places| !places.more.is_empty()).collect();
        let named = several.iter().flat_map(|places| places.iter());
        let named: Vec<_> = named.filter_map(|place| Some((place, self.organisation(place)?.to_owned()))).collect();
        let shared = several.len() as u64;
        for (place, code) in named {
            if let Some(id) = self.ids.get_mut(place) {
                *id = format!("{id} ({code})");
            }
        }
        shared
    }
}

/// Lets the rounded fields follow their events to the places that they will have in order.
fn follow(subject: &Subject, case: &Case, rounded: &mut [Rounded]) {
    let mut order: Vec<usize> = (0..case.events.len()).collect();
    order.sort_by_key(|event| case.events.get(*event).map(|event| subject.started(event).listed()));
    let mut places = vec![0; order.len()];
    for (place, event) in order.into_iter().enumerate() {
        if let Some(slot) = places.get_mut(event) {
            *slot = place;
        }
    }
    for value in rounded {
        if let RoundedAt::Field { event, .. } = &mut value.at {
            *event = places.get(*event).copied().unwrap_or(*event);
        }
    }
}

fn bit(input: InputId) -> u64 {
    // A subject has fewer facts than a mask has bits.
    u32::try_from(input.place()).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or(0)
}

/// The bits of labels are counted from the other end.
fn bit_of_label(label: LabelId) -> u64 {
    // As above; a bit that a fact and a label would share only leaves more out.
    u32::try_from(label.place()).ok().and_then(|place| (1_u64 << 63).checked_shr(place)).unwrap_or(0)
}
