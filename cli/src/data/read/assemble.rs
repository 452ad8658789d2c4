//! Cases put together from rows, in the order of their first row.
//!
//! They are handed over at the end of the export, or, where it is grouped by case, as soon as there are enough and the next begins.

use super::closed::Closed;
use super::differing::Differing;
use super::doubts::Doubts;
use super::error::ReadError;
use super::places::Places;
use super::spent::Spent;
use super::taking::Takings;
use crate::data::mapping::cell::ReadCell;
use crate::data::mapping::file::Take;
use concord_engine::plan::case::{Case, Datum, Occurrence, When};
use concord_engine::plan::{Id, InputId, KindId, Kinds, LabelId, Plan};
use concord_engine::values::codes::Codes;

/// So many cases or events make a part that is handed over: as much as a processor keeps near while it is judged and counted.
pub(super) const PART_CASES: usize = 128;
const PART_EVENTS: usize = 4_096;

/// Cases in the making.
pub(super) struct Assembler<'a> {
    pub(super) plan: &'a Plan,
    not_supplied: u64,
    as_of: i64,
    /// The most events of a case.
    most: usize,
    /// The organisation within which a case is named.
    within: Option<LabelId>,
    pub(super) places: Places,
    pub(super) ids: Vec<String>,
    pub(super) cases: Vec<Case>,
    /// The number of the first row of each.
    pub(super) order: Vec<usize>,
    /// The number of the row that is being read.
    pub(super) number: usize,
    /// Facts of each case on which its rows disagree, where all must agree; labels have the bits from the other end.
    pub(super) conflicting: Vec<u64>,
    /// Facts that a refused row may have said otherwise.
    pub(super) doubts: Doubts,
    /// Facts that the rows of a case say differently.
    pub(super) differing: Differing,
    /// Values of facts of which the rule says which counts.
    pub(super) takings: Takings,
    pub(super) last: usize,
    /// How many events there are.
    pub(super) events: usize,
    pub(super) spent: Spent,
    /// Names of cases that were handed over, where that is done before the end.
    pub(super) closed: Option<Closed>,
    /// One of them came back.
    pub(super) recurs: bool,
}

impl<'a> Assembler<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        not_supplied: u64,
        as_of: i64,
        within: Option<LabelId>,
        closed: Option<Closed>,
    ) -> Assembler<'a> {
        Assembler {
            plan,
            not_supplied,
            as_of,
            // It is no more than there are addresses of 32 bits.
            most: usize::try_from(plan.most_events()).unwrap_or(usize::MAX),
            within,
            places: Places::default(),
            ids: Vec::new(),
            cases: Vec::new(),
            order: Vec::new(),
            number: 0,
            conflicting: Vec::new(),
            doubts: Doubts::default(),
            differing: Differing::default(),
            takings: Takings::default(),
            last: usize::MAX,
            events: 0,
            spent: Spent::default(),
            closed,
            recurs: false,
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.cases.len() as u64
    }

    /// The case called so at an organisation, if it has begun.
    pub(super) fn found(&self, id: &str, organisation: Option<&str>) -> Option<usize> {
        let first = self.places.first(&self.ids, id)?;
        match organisation.filter(|_| self.within.is_some()) {
            Some(code) => self.places.all(first).find(|place| self.organisation(*place) == Some(code)),
            None => Some(first),
        }
    }

    /// All cases called so, at whatever organisation.
    pub(super) fn called(&mut self, id: &str) -> Vec<usize> {
        self.recurs |= self.closed.as_mut().is_some_and(|closed| closed.ask(id));
        // A name that nobody has yet is that of no case.
        self.places.first(&self.ids, id).map(|first| self.places.all(first).collect()).unwrap_or_default()
    }

    /// Whether a case is called so and was not handed over.
    pub(super) fn holds(&self, id: &str) -> bool {
        self.places.first(&self.ids, id).is_some()
    }

    /// Whether there is enough to be handed over.
    pub(super) fn is_full(&self) -> bool {
        self.closed.is_some() && (self.cases.len() >= PART_CASES || self.events >= PART_EVENTS)
    }

    /// Whether a case came back that was handed over.
    pub(super) fn recurs(&self) -> bool {
        self.recurs
    }

    /// The same of all cases, once the last of them is handed over.
    pub(super) fn came_back(&mut self) -> Result<bool, ReadError> {
        Ok(self.recurs || self.closed.take().map_or(Ok(false), Closed::came_back)?)
    }

    /// The name of the case of the last row.
    #[inline]
    pub(super) fn last_id(&self) -> Option<&str> {
        self.ids.get(self.last).map(String::as_str)
    }

    /// The organisation of the case of the last row.
    #[inline]
    pub(super) fn last_organisation(&self) -> Option<&str> {
        self.organisation(self.last)
    }

    /// A label that a case holds.
    #[inline]
    pub(super) fn label_of(&self, place: usize, label: LabelId) -> Option<&str> {
        self.cases.get(place)?.labels.get(label.place())?.as_deref()
    }

    #[inline]
    pub(super) fn organisation(&self, place: usize) -> Option<&str> {
        self.cases.get(place)?.labels.get(self.within?.place())?.as_deref()
    }

    /// The place of the case called so at an organisation; begun if it is new. None where the row does not say at which of several.
    pub(super) fn place(&mut self, id: &str, organisation: Option<&str>) -> Option<usize> {
        let same = |place: usize| self.within.is_none() || self.organisation(place) == organisation;
        if self.ids.get(self.last).is_some_and(|last| last == id) && same(self.last) {
            return Some(self.last);
        }
        self.last = match self.places.first(&self.ids, id) {
            None => self.begin_new(id, organisation),
            Some(first) if self.within.is_none() => first,
            Some(first) => match organisation {
                None if !self.places.has_several(first) => {
                    self.doubts.without_organisation(first);
                    first
                }
                None => return None,
                Some(code) => {
                    let named = self.places.all(first).find(|place| self.organisation(*place) == Some(code));
                    let unnamed = self.places.all(first).find(|place| self.organisation(*place).is_none());
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
        // A case that is spent makes a new one without asking for memory.
        let mut case = self.spent.case();
        case.as_of = self.as_of;
        case.not_supplied = self.not_supplied;
        case.facts.resize(self.plan.subject.inputs.len(), Datum::Missing);
        case.labels.resize(self.plan.subject.labels.len(), None);
        let place = self.begin(id, case);
        if let Some(code) = organisation {
            self.set_organisation(place, code);
        }
        place
    }

    fn set_organisation(&mut self, place: usize, code: &str) {
        let Some(within) = self.within else { return };
        let slot = self.cases.get_mut(place).and_then(|case| case.labels.get_mut(within.place()));
        slot.into_iter().for_each(|slot| *slot = Some(self.spent.text(code)));
    }

    /// Adds a whole case, which must be new.
    pub(super) fn begin(&mut self, id: &str, case: Case) -> usize {
        let place = self.cases.len();
        self.events += case.events.len();
        self.places.add(&self.ids, id, place);
        self.ids.push(self.spent.text(id));
        self.cases.push(case);
        self.order.push(self.number);
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
    #[inline]
    pub(super) fn room(&self, place: usize) -> usize {
        // A case that is not there takes none.
        self.cases.get(place).map_or(0, |case| self.most_events().saturating_sub(case.events.len()))
    }

    /// The most events of a case.
    pub(super) fn most_events(&self) -> usize {
        self.most
    }

    /// Adds an event; false where the case has as many as a case may have.
    #[inline]
    pub(super) fn event(&mut self, place: usize, event: Occurrence) -> bool {
        let most = self.most_events();
        let Some(case) = self.cases.get_mut(place).filter(|case| case.events.len() < most) else {
            return false;
        };
        case.events.push(event);
        self.events += 1;
        true
    }

    /// Adds an event at a known instant; false where the case has as many as a case may have. It is made where it will
    /// lie.
    #[inline]
    pub(super) fn exact_event(&mut self, place: usize, kind: KindId, at: i64, fields: Vec<Datum>) -> bool {
        let most = self.most_events();
        let Some(case) = self.cases.get_mut(place).filter(|case| case.events.len() < most) else {
            return false;
        };
        case.events.push(Occurrence { kind, at: When::Known(at), fields });
        self.events += 1;
        true
    }

    /// Adds the facts of a case that has none yet, each once.
    pub(super) fn first_facts(&mut self, place: usize, facts: &[(InputId, Datum)]) {
        let Some(case) = self.cases.get_mut(place) else { return };
        for (input, datum) in facts {
            case.facts.get_mut(input.place()).into_iter().for_each(|fact| *fact = *datum);
        }
    }

    /// Whether a fact is still wanted from further rows.
    #[inline]
    pub(super) fn wants_fact(&self, place: usize, input: InputId, take: Take) -> bool {
        let held = self.cases.get(place).and_then(|case| case.facts.get(input.place()));
        take != Take::First || held.is_none_or(|held| *held == Datum::Missing)
    }

    /// Whether a value adds nothing to what a case has of a fact.
    #[inline]
    pub(super) fn has_fact(&self, place: usize, input: InputId, cell: ReadCell, take: Take) -> bool {
        let held = self.cases.get(place).and_then(|case| case.facts.get(input.place()));
        cell.datum == Datum::Missing || (matches!(take, Take::Only | Take::First) && held == Some(&cell.datum))
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
        let (becomes, agrees) = match (take, *fact) {
            (Take::Only, _) if *conflicting & bit(input) != 0 => return true,
            (_, Datum::Missing) => (datum, true),
            (Take::Last, before) => {
                if before != datum {
                    self.differing.add(place, input, take);
                }
                (datum, true)
            }
            (Take::Any, before) if before != Datum::Known(1) => (datum, true),
            (Take::First | Take::Any, _) => return true,
            (Take::Only, before) if before == datum => return true,
            (Take::Only, _) => {
                *conflicting |= bit(input);
                (Datum::Missing, false)
            }
        };
        *fact = becomes;
        if take == Take::Last || (take == Take::Any && becomes == Datum::Known(1)) {
            self.doubts.settled(place, input);
        }
        agrees
    }

    /// Whether a label is still wanted from further rows.
    #[inline]
    pub(super) fn wants_label(&self, place: usize, label: LabelId, take: Take) -> bool {
        let held = self.cases.get(place).and_then(|case| case.labels.get(label.place())?.as_ref());
        take == Take::Last || take == Take::Only || held.is_none()
    }

    /// A label that could not be read may have been any: where it might have counted, none does.
    pub(super) fn label_refused(&mut self, place: usize, label: LabelId, take: Take) {
        let slot = self.cases.get_mut(place).and_then(|case| case.labels.get_mut(label.place()));
        if let (Some(slot), Some(conflicting)) = (slot, self.conflicting.get_mut(place))
            && (slot.is_none() || matches!(take, Take::Last | Take::Only))
        {
            *slot = None;
            *conflicting |= bit_of_label(label);
        }
    }

    /// Adds a label; false where the rows of the case disagree and all must agree.
    pub(super) fn label(&mut self, place: usize, label: LabelId, text: &str, take: Take) -> bool {
        let Some(slot) = self.cases.get_mut(place).and_then(|case| case.labels.get_mut(label.place())) else {
            return true;
        };
        let Some(conflicting) = self.conflicting.get_mut(place) else { return true };
        match slot {
            Some(held) if held == text => true,
            None if take != Take::Last && *conflicting & bit_of_label(label) != 0 => true,
            Some(_) if take == Take::Only => {
                *conflicting |= bit_of_label(label);
                *slot = None;
                false
            }
            _ => {
                *slot = Some(self.spent.text(text));
                true
            }
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
