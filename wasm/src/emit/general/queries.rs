//! Queries about events when times, fields or whole kinds may be missing: one loop over the events that an export may have
//! left out, one of each kind, and over those supplied. Those whose instant is not known come after the others; of the n-th, before.

use std::collections::BTreeSet;

use concord_engine::plan::{Alternative, Function, Id, Kinds, Query, Shape};

use super::General;
use super::events::{EventStep, FoundEvent, is_timed};
use super::gather::{Gathered, Member};
use super::value::{Possible, test};
use crate::abi::TIME_UNKNOWN;
use crate::emit::assembler::{Bin, EmitError, Label, Node, Turns, Ty, Width, count, flag, int, long};
use crate::emit::memory::{Lists, fields_at, takes_values};
use crate::emit::walk::{EventSource, inside, is_of, walk};

/// What the steps of a query are made of.
struct EventSteps {
    /// The kinds asked about, none twice.
    kinds: Vec<Node>,
    number: Node,
    supplied: Node,
}

impl<'p> General<'_, 'p> {
    /// What the query gives.
    pub(super) fn ask(&mut self, query: &'p Query, shape: Shape, lists: Option<Lists>) -> Result<Possible, EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let asked = query.alternatives.iter().fold(Kinds::default(), |kinds, a| kinds.and(a.kinds));
        let kinds: Vec<Node> = asked.places().map(|kind| count(kind.place())).collect::<Result<_, _>>()?;
        let supplied = self.code.share(&source.last.sub(&source.first));
        let all = self.code.share(&supplied.add(&count(kinds.len())?));
        let gathered = Gathered::new(self, query, shape, lists)?;
        let steps = EventSteps { kinds, number: self.code.variable(&int(0)), supplied };
        let out = self.code.block();
        let top = self.code.repeat_for(Turns::EventsAndKinds);
        self.code.leave_when(out, &steps.number.bin(Bin::GeS, &all));
        let skip = self.code.block();
        let event = self.start_step(query, &source, &steps, skip)?;
        let timed = self.code.share(&is_timed(&event.at));
        let late = event.at.bin(Bin::GtS, &self.as_of).both(&timed);
        self.code.leave_when(skip, &late);
        let counted: u32 = query.alternatives.iter().map(|a| a.kinds.0.count_ones()).sum();
        let repeated = counted > asked.0.count_ones();
        let again = if repeated { self.code.variable(&flag(false)) } else { flag(false) };
        gathered.start(self, &timed, skip);
        let order = event.place.sub(&source.first);
        let slot = steps.supplied.add(&event.kind).when(&event.left_out, &order);
        let done = self.code.block();
        let step = EventStep { event, timed, again, order, slot, done };
        for number in 0..query.alternatives.len() {
            self.alternative(query, number, &source, &step, &gathered)?;
        }
        self.code.end();
        gathered.finish(self);
        self.code.end();
        self.code.set(&steps.number, &steps.number.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(gathered.result(self))
    }

    /// Finds the event of this step.
    fn start_step(
        &mut self,
        query: &Query,
        source: &EventSource,
        steps: &EventSteps,
        skip: Label,
    ) -> Result<FoundEvent, EmitError> {
        let left = count(steps.kinds.len())?;
        let left_out = self.code.share(&steps.number.bin(Bin::LtS, &left));
        let kind = self.code.variable(&int(-1));
        let at = self.code.variable(&long(TIME_UNKNOWN));
        let place = self.code.variable(&source.first);
        self.code.when(&left_out);
        let kinds = (0_i64..).zip(&steps.kinds);
        let missing = kinds.fold(int(0), |other, (number, kind)| kind.when(&steps.number.eq(&int(number)), &other));
        let missing = if let [only] = steps.kinds.as_slice() { only.clone() } else { missing };
        self.code.set(&kind, &missing);
        let absent = self.not_supplied.bin(Bin::ShrU, &missing.to(Ty::I64)).to(Ty::I32).bin(Bin::And, &int(1));
        self.code.leave_when(skip, &absent.not());
        self.code.otherwise();
        let number = self.code.share(&steps.number.sub(&left));
        let event = match query.function {
            Function::Last => {
                let placed = self.code.share(&source.placed.sub(&source.first));
                let from = source.placed.when(&number.bin(Bin::LtS, &placed), &source.last.add(&placed));
                from.sub(&int(1)).sub(&number)
            }
            Function::Nth(_) => {
                let unplaced = self.code.share(&source.last.sub(&source.placed));
                let from = source.placed.when(&number.bin(Bin::LtS, &unplaced), &source.first.sub(&unplaced));
                from.add(&number)
            }
            _ => source.first.add(&number),
        };
        self.code.set(&place, &event);
        self.code.set(&kind, &source.kinds.add(&place).load(Width::unsigned(1), 0));
        let other = steps.kinds.iter().fold(flag(true), |other, wanted| other.both(&kind.ne(wanted)));
        self.code.leave_when(skip, &other);
        self.code.set(&at, &source.times.add(&place.shl(3)).load(Width::signed(8), 0));
        self.code.end();
        Ok(FoundEvent { left_out, kind, place, at })
    }

    /// Takes the event in under one alternative, if it may belong.
    pub(super) fn alternative(
        &mut self,
        query: &'p Query,
        number: usize,
        source: &EventSource,
        step: &EventStep,
        gathered: &Gathered,
    ) -> Result<(), EmitError> {
        let Some(alternative) = query.alternatives.get(number) else { return Ok(()) };
        let next = self.code.block();
        if query.alternatives.iter().any(|a| a.kinds != alternative.kinds) {
            self.code.leave_when(next, &is_of(alternative.kinds, &step.event.kind)?.not());
        }
        let mut fields = BTreeSet::new();
        fields_at(&alternative.filter, 0, &mut fields);
        if takes_values(query) {
            fields_at(&alternative.value, 0, &mut fields);
        }
        fields.retain(|(kind, _)| alternative.kinds.only() == Some(*kind));
        let raw = self.raw_fields(source, step, &fields)?;
        let event = self.possible_event(alternative.kinds, step, &raw)?;
        gathered.start_alternative(self, step, &event.order, next);
        self.scopes.push(event);
        let member = inside(self, |general| general.member(query, alternative, step, gathered, next));
        self.scopes.pop();
        let certain = member?;
        let mut later = query.alternatives.iter().skip(number + 1);
        if later.any(|a| a.kinds.0 & alternative.kinds.0 != 0) {
            self.code.leave_when(step.done, &certain);
            self.code.set(&step.again, &flag(true));
        }
        self.code.end();
        Ok(())
    }

    /// Gathers the current event, if it may belong; whether it certainly does.
    fn member(
        &mut self,
        query: &'p Query,
        alternative: &'p Alternative,
        step: &EventStep,
        gathered: &Gathered,
        next: Label,
    ) -> Result<Node, EmitError> {
        let belongs = self.belongs(alternative, step, next)?;
        let time_needs = self.scopes.last().map_or(long(0), |event| event.at.needs.clone());
        let needs = self.code.share(&belongs.needs.bin(Bin::Or, &time_needs));
        let in_play = gathered.start_member(self, step, &belongs);
        let mut value = if takes_values(query) { walk(self, &alternative.value)? } else { Possible::known(long(0)) };
        if alternative.takes_time() {
            let by_now = self.min(&value.high, &self.as_of.clone());
            value.high = self.code.share(&by_now);
        }
        let member = Member { certain: belongs.low.clone(), belonging: belongs.needs.clone(), needs, value };
        gathered.take(self, step, &member);
        if in_play {
            self.code.end();
        }
        Ok(belongs.low)
    }

    /// Whether the event belongs: leaves the alternative when it cannot.
    fn belongs(&mut self, alternative: &'p Alternative, step: &EventStep, next: Label) -> Result<Possible, EmitError> {
        let at = self.scopes.last().map(|event| event.at.clone()).ok_or(EmitError::NoEvent)?;
        self.code.leave_when(next, &at.low.bin(Bin::GtS, &self.as_of));
        let by_now = self.code.share(&at.high.bin(Bin::LeS, &self.as_of));
        let filter = walk(self, &alternative.filter)?;
        let certain = by_now.both(&filter.low.to(Ty::I32)).both(&step.event.left_out.not());
        let unsupplied = self.scopes.last().map_or(long(0), |event| event.unsupplied.clone());
        let needs = long(0)
            .when(&by_now, &at.needs)
            .bin(Bin::Or, &filter.needs)
            .bin(Bin::Or, &unsupplied.when(&step.event.left_out, &long(0)));
        let belongs = test(self.code, &certain, &filter.high.to(Ty::I32), &needs);
        self.code.leave_when(next, &belongs.high.not());
        Ok(belongs)
    }
}
