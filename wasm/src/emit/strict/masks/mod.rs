//! The events of a case of at most 64 as bits: one word for each kind, in which bit `i` is the case's `i`-th event.
//!
//! Which events a query asks about is then worked out for all at once: those of some kinds by their words, those after or before another
//! event by a shift. As events stand in order of time, the earliest of them tells whether any is early enough, and the latest whether any
//! is late enough; so most queries cost a dozen instructions, without a loop or a branch. What is asked otherwise goes through
//! those events alone, bit by bit.
//!
//! * `words`: which events are of which kind
//! * `candidates`: what of a query words tell
//! * `once`: what is worked out where it is asked for

mod candidates;
mod once;
mod words;

use std::collections::BTreeSet;

use concord_engine::plan::{Alternative, Function, Kinds, Op, Query, Shape};

use super::gathering::Gathering;
use super::nearest::{Nearest, is_certain};
use super::{Known, Strict, strict_type};
use crate::emit::assembler::{Bin, EmitError, Node, SLOT, Ty, flag, long};
use crate::emit::memory::{Lists, fields_asked, fields_at, takes_values};
use crate::emit::walk::{EventSource, inside, walk};
use candidates::Candidates;
pub(super) use once::asked_once;
pub(super) use words::knows;
pub(crate) use words::{MOST, Masks};

/// At which end of the candidates it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

impl<'p> Strict<'_, 'p> {
    /// What the query gives.
    pub(super) fn ask_masks(
        &mut self,
        masks: &Masks,
        query: &'p Query,
        shape: Shape,
        lists: Option<Lists>,
    ) -> Result<Known, EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        if let [only] = query.alternatives.as_slice()
            && knows(only.kinds)
        {
            let candidates = self.candidates_of(masks, only)?;
            if let Some(known) = self.at_once(query, only, &candidates, shape, &source)? {
                return Ok(known);
            }
            let belongs = candidates.complete.then(|| candidates.limits());
            return self.bit_by_bit(query, (&candidates.mask, belongs.as_deref()), shape, lists, &source);
        }
        let kinds = query.alternatives.iter().fold(Kinds::default(), |all, each| all.and(each.kinds));
        self.bit_by_bit(query, (&masks.of_kinds(kinds), None), shape, lists, &source)
    }

    /// Goes through the events of a word. Where the word tells all but how early and how late, nothing else is asked of them.
    fn bit_by_bit(
        &mut self,
        query: &'p Query,
        (mask, limits): (&Node, Option<&[(Bin, Node)]>),
        shape: Shape,
        lists: Option<Lists>,
        source: &EventSource,
    ) -> Result<Known, EmitError> {
        let backwards = query.function == Function::Last;
        let out = self.code.block();
        let answer = self.gathering(query, shape, lists, out);
        let rest = self.code.variable(mask);
        let place = self.code.local(Ty::I32);
        let top = self.code.repeat();
        self.code.leave_when(out, &rest.eq(&long(0)));
        let bit = if backwards { self.code.share(&rest.top_bit()) } else { rest.ctz() };
        self.code.set(&place, &source.first.add(&bit.to(Ty::I32)));
        let others = if backwards { long(1).bin(Bin::Shl, &bit).bin(Bin::Xor, &rest) } else { rest.without_lowest() };
        self.code.set(&rest, &others);
        match (limits, query.alternatives.as_slice()) {
            (Some(limits), [only]) => self.take_within(query, only, (source, &place, limits), &answer)?,
            (None, [only]) if knows(only.kinds) => self.take_candidate(query, only, (source, &place), &answer)?,
            _ => self.ask_event(query, source, &place, &answer)?,
        }
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(self.answered(query, &answer, shape))
    }

    /// Takes account of a candidate that is within limits of time.
    fn take_within(
        &mut self,
        query: &'p Query,
        only: &'p Alternative,
        (source, place, limits): (&EventSource, &Node, &[(Bin, Node)]),
        answer: &Gathering,
    ) -> Result<(), EmitError> {
        let mut used = BTreeSet::new();
        if takes_values(query) {
            fields_at(&only.value, 0, &mut used);
        }
        self.read_event(only.kinds, &used, source, place)?;
        let at = self.event(0)?.at.clone();
        let belongs = limits.iter().fold(flag(true), |belongs, (test, limit)| belongs.both(&at.bin(*test, limit)));
        let taken = inside(self, |strict| strict.take_event(query, only, answer, (place, &belongs, None)));
        self.scopes.pop();
        taken
    }

    /// Takes account of a candidate, of which words have told its kind and that it has happened.
    fn take_candidate(
        &mut self,
        query: &'p Query,
        only: &'p Alternative,
        (source, place): (&EventSource, &Node),
        answer: &Gathering,
    ) -> Result<(), EmitError> {
        let used = fields_asked(query, only);
        self.read_event(only.kinds, &used, source, place)?;
        let taken = inside(self, |strict| {
            let belongs = walk(strict, &only.filter)?.value.to(Ty::I32);
            strict.take_event(query, only, answer, (place, &belongs, None))
        });
        self.scopes.pop();
        taken
    }

    /// Does something about each event of a word.
    pub(super) fn each_bit(
        &mut self,
        mask: &Node,
        first: &Node,
        body: impl FnOnce(&mut Self, &Node) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let rest = self.code.variable(mask);
        let place = self.code.local(Ty::I32);
        let out = self.code.block();
        let top = self.code.repeat();
        self.code.leave_when(out, &rest.eq(&long(0)));
        self.code.set(&place, &first.add(&rest.ctz().to(Ty::I32)));
        self.code.set(&rest, &rest.without_lowest());
        body(self, &place)?;
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    pub(super) fn mask_of(&self, kinds: Kinds) -> Option<Node> {
        self.masks.as_ref().map(|masks| masks.of_kinds(kinds))
    }

    /// The candidate at one end. Of the case's own queries each is found once, for all that is asked of it.
    fn nearest_of(&mut self, query: &'p Query, candidates: &Candidates, end: End, source: &EventSource) -> Nearest {
        if let Some(nearest) = self.remembered(query).filter(|_| self.scopes.is_empty()) {
            return nearest.clone();
        }
        let mut nearest = self.nearest_of_all(candidates, end, source);
        if self.scopes.is_empty() && query.alternatives.iter().all(|only| is_certain(&only.filter)) {
            if end == End::First && candidates.until.is_empty() {
                // All up to the first bit, which are all bits where there is none.
                let mask = &candidates.mask;
                let up_to = mask.bin(Bin::Xor, &mask.sub(&long(1)));
                nearest.after = Some(self.code.share(&up_to.bin(Bin::Xor, &long(-1))));
            }
            self.found.push((query, nearest.clone()));
        }
        nearest
    }

    /// What comes out without a look at each candidate, if it does.
    fn at_once(
        &mut self,
        query: &'p Query,
        only: &'p Alternative,
        candidates: &Candidates,
        shape: Shape,
        source: &EventSource,
    ) -> Result<Option<Known>, EmitError> {
        let is_time = matches!(only.value.op, Op::At(0));
        let end = match query.function {
            Function::Any if candidates.since.is_empty() => End::First,
            Function::Any | Function::Last => End::Last,
            Function::Highest if is_time => End::Last,
            Function::First => End::First,
            Function::Lowest if is_time => End::First,
            Function::Count if candidates.until.is_empty() && candidates.since.is_empty() && candidates.complete => {
                let count = candidates.mask.ones().to(strict_type(shape));
                return Ok(Some(Known::some(self.code.share(&count))));
            }
            _ => return Ok(None),
        };
        let others = if end == End::First { &candidates.since } else { &candidates.until };
        if !candidates.complete || !others.is_empty() {
            return Ok(None);
        }
        let Nearest { place, found, .. } = self.nearest_of(query, candidates, end, source);
        if query.function == Function::Any {
            return Ok(Some(Known::some(found)));
        }
        if !matches!(only.value.op, Op::At(0) | Op::Order(0)) {
            return self.value_at(only, shape, source, (&place, &found)).map(Some);
        }
        self.read_event(only.kinds, &BTreeSet::new(), source, &place)?;
        let known = walk(self, &only.value);
        self.scopes.pop();
        Ok(Some(Known { value: self.code.share(&known?.value), none: self.code.share(&found.not()) }))
    }

    /// The case's first event where there is none.
    fn nearest_of_all(&mut self, candidates: &Candidates, end: End, source: &EventSource) -> Nearest {
        let mask = &candidates.mask;
        let some = self.code.share(&mask.ne(&long(0)));
        let bit = match end {
            End::First => mask.ctz().bin(Bin::And, &long(MOST - 1)),
            End::Last => mask.bin(Bin::Or, &long(1)).top_bit(),
        };
        let bit = self.code.share(&bit);
        let place = self.code.share(&source.first.add(&bit.to(Ty::I32)));
        let limits = if end == End::First { &candidates.until } else { &candidates.since };
        if limits.is_empty() {
            return Nearest { place, bit: Some(bit), found: some, after: None };
        }
        let at = self.code.share(&source.times.add(&place.shl(3)).load(SLOT, 0));
        let test = if end == End::First { Bin::LeS } else { Bin::GeS };
        let found = limits.iter().fold(some, |found, limit| found.both(&at.bin(test, limit)));
        Nearest { place, bit: Some(bit), found: self.code.share(&found), after: None }
    }
}
