//! The events of a case of at most 64 as bits: one word for each kind, in which bit `i` is the case's `i`-th event.
//!
//! Which events a query asks about is then worked out for all at once: those of some kinds by their words, those after or before another
//! event by a shift. As events stand in order of time, the earliest of them tells whether any is early enough, and the latest whether any
//! is late enough; so most queries cost a dozen instructions, without a loop or a branch. What is asked otherwise goes through
//! those events alone, bit by bit.

use std::collections::{BTreeMap, BTreeSet};

use concord_engine::plan::operators::outermost;
use concord_engine::plan::{Alternative, Expr, Function, Id, KindId, Kinds, Op, Query, Shape};

use super::queries::{is_certain, is_same_event};
use super::{EventScope, Known, Strict, strict_type};
use crate::emit::assembler::{Bin, Code, EmitError, Lane, Node, SLOT, Ty, Vector, int, long};
use crate::emit::memory::Lists;
use crate::emit::walk::{Context, EventSource, inside, walk};

/// The most events of a case, and the most kinds.
pub(crate) const MOST: i64 = 64;

/// See the module.
#[derive(Clone)]
pub(crate) struct Masks {
    kinds: BTreeMap<KindId, Node>,
    all: Node,
}

/// The events about which a query asks, as far as bits tell.
struct Candidates {
    mask: Node,
    /// No later than these.
    until: Vec<Node>,
    /// No earlier than these.
    since: Vec<Node>,
    /// Whether that is all that is asked.
    complete: bool,
}

/// The candidate at one end: the case's first event where there is none.
#[derive(Clone)]
pub(super) struct Nearest {
    place: Node,
    bit: Node,
    found: Node,
}

/// Which end of the candidates is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

impl Masks {
    /// Reads the kinds of a case's events, of which there are 1 to 64; all happened by the instant asked about. Sixteen are read at once, none
    /// beyond `end`, the last address at which there are so many.
    pub(crate) fn of(
        code: &mut Code,
        context: &Context<'_>,
        events: &EventSource,
        end: &Node,
    ) -> Result<Masks, EmitError> {
        let mut kinds = BTreeMap::new();
        for kind in Kinds(context.layout.kinds_used).places() {
            kinds.insert(kind, code.variable(&long(0)));
        }
        let count = code.share(&events.last.sub(&events.first).to(Ty::I64));
        let all = code.share(&long(-1).bin(Bin::ShrU, &long(MOST).sub(&count)));
        let start = code.share(&events.kinds.add(&events.first));
        let done = code.variable(&long(0));
        let top = code.repeat();
        let wanted = code.share(&start.add(&done.to(Ty::I32)));
        let at = code.share(&wanted.when(&wanted.bin(Bin::LeU, end), end));
        let beyond = code.share(&wanted.sub(&at));
        let sixteen = code.share(&Node::vector(Vector::Load(0), vec![at]));
        for (kind, word) in &kinds {
            let byte = u8::try_from(kind.place()).map_err(|_| EmitError::TooLarge("more than 64 kinds of event"))?;
            let same = Node::vector(Vector::Const([byte; 16]), Vec::new());
            let same = Node::vector(Vector::Eq(Lane::I8), vec![sixteen.clone(), same]);
            let bits = Node::vector(Vector::Bits, vec![same]).bin(Bin::ShrU, &beyond).to(Ty::I64);
            code.set(word, &word.bin(Bin::Or, &bits.bin(Bin::Shl, &done)));
        }
        code.set(&done, &done.add(&long(16)));
        code.leave_when(top, &done.bin(Bin::LtS, &count));
        code.end();
        for word in kinds.values() {
            code.set(word, &word.bin(Bin::And, &all));
        }
        Ok(Masks { kinds, all })
    }

    fn of_kinds(&self, kinds: Kinds) -> Node {
        if !knows(kinds) {
            return self.all.clone();
        }
        let words = kinds.places().filter_map(|kind| self.kinds.get(&kind));
        words.fold(long(0), |all, word| all.bin(Bin::Or, word))
    }
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
            return self.bit_by_bit(query, &candidates.mask, shape, lists, &source);
        }
        let kinds = query.alternatives.iter().fold(Kinds::default(), |all, each| all.and(each.kinds));
        self.bit_by_bit(query, &masks.of_kinds(kinds), shape, lists, &source)
    }

    /// Goes through the events of a word.
    fn bit_by_bit(
        &mut self,
        query: &'p Query,
        mask: &Node,
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
        let others = if backwards { long(1).bin(Bin::Shl, &bit).bin(Bin::Xor, &rest) } else { without_lowest(&rest) };
        self.code.set(&rest, &others);
        self.ask_event(query, source, &place, &answer)?;
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(self.answered(query, &answer, shape))
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
        self.code.set(&rest, &without_lowest(&rest));
        body(self, &place)?;
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    pub(super) fn mask_of(&self, kinds: Kinds) -> Option<Node> {
        self.masks.as_ref().map(|masks| masks.of_kinds(kinds))
    }

    /// The events that bits tell apart.
    fn candidates_of(&mut self, masks: &Masks, alternative: &'p Alternative) -> Result<Candidates, EmitError> {
        let mask = masks.of_kinds(alternative.kinds);
        let mut found = Candidates { mask, until: Vec::new(), since: Vec::new(), complete: true };
        let mut conditions = Vec::new();
        conditions_of(&alternative.filter, &mut conditions);
        // What stands on the other side speaks of the events around the query, as it is said inside.
        self.scopes.push(EventScope { order: int(0), at: long(0), fields: BTreeMap::new() });
        let told = inside(self, |strict| conditions.into_iter().try_for_each(|one| strict.tell(one, &mut found)));
        self.scopes.pop();
        told?;
        found.mask = self.code.share(&found.mask);
        Ok(found)
    }

    /// Takes account of one condition.
    fn tell(&mut self, condition: &'p Expr, found: &mut Candidates) -> Result<(), EmitError> {
        let (a, b) = match &condition.op {
            Op::Constant(1) => return Ok(()),
            Op::Less(a, b) | Op::LessOrEqual(a, b) => (&**a, &**b),
            _ => {
                found.complete = false;
                return Ok(());
            }
        };
        let strictly = matches!(condition.op, Op::Less(..));
        match (&a.op, &b.op) {
            (Op::Order(0), _) if strictly && self.is_place(b) => {
                let place = self.place(b)?;
                found.mask = found.mask.bin(Bin::And, &before(&place));
            }
            (_, Op::Order(0)) if strictly && self.is_place(a) => {
                let place = self.place(a)?;
                found.mask = found.mask.bin(Bin::And, &after(&place));
            }
            (Op::At(0), _) if is_outside(b) => {
                let limit = self.limit(b, if strictly { -1 } else { 0 }, found)?;
                found.until.push(limit);
            }
            (_, Op::At(0)) if is_outside(a) => {
                let limit = self.limit(a, if strictly { 1 } else { 0 }, found)?;
                found.since.push(limit);
            }
            _ => found.complete = false,
        }
        Ok(())
    }

    /// An instant that limits the candidates; none are left where it is none.
    fn limit(&mut self, expr: &'p Expr, moved: i64, found: &mut Candidates) -> Result<Node, EmitError> {
        let known = walk(self, expr)?;
        found.mask = long(0).when(&known.none, &found.mask);
        Ok(self.code.share(&known.value.to(Ty::I64).add(&long(moved))))
    }

    /// Whether an expression is the place of an event in the order of the case.
    fn is_place(&self, expr: &Expr) -> bool {
        match &expr.op {
            Op::Order(level) => *level > 0,
            Op::Cell(cell) => self.context.definition(*cell).is_some_and(|definition| {
                let Op::Query(query) = &definition.op else { return false };
                matches!(query.function, Function::First | Function::Last)
                    && query.alternatives.iter().all(|alternative| matches!(alternative.value.op, Op::Order(0)))
            }),
            _ => false,
        }
    }

    /// The bit of an event in the order of the case: 64 and none is of none.
    fn place(&mut self, expr: &'p Expr) -> Result<Known, EmitError> {
        if let Op::Order(level) = &expr.op {
            return Ok(Known::some(self.event(*level)?.order.to(Ty::I64)));
        }
        if let Some(nearest) = self.nearest_in(expr) {
            return Ok(Known { value: nearest.bit.clone(), none: nearest.found.not() });
        }
        let known = walk(self, expr)?;
        let place = known.value.to(Ty::I64).bin(Bin::And, &long(MOST - 1));
        Ok(Known { value: self.code.share(&place), none: known.none })
    }

    /// What was found for the query that fills a cell.
    fn nearest_in(&self, expr: &Expr) -> Option<&Nearest> {
        let Op::Cell(cell) = &expr.op else { return None };
        let Op::Query(query) = &self.context.definition(*cell)?.op else { return None };
        self.found.iter().find_map(|(other, nearest)| is_same_event(other, query).then_some(nearest))
    }

    /// The candidate at one end. Of the case's own queries each is found once, for all that is asked of it.
    fn nearest_of(&mut self, query: &'p Query, candidates: &Candidates, end: End, source: &EventSource) -> Nearest {
        let known = self.found.iter().find_map(|(other, nearest)| is_same_event(other, query).then_some(nearest));
        if let Some(nearest) = known.filter(|_| self.scopes.is_empty()) {
            return nearest.clone();
        }
        let nearest = self.nearest_of_all(candidates, end, source);
        if self.scopes.is_empty() && query.alternatives.iter().all(|only| is_certain(&only.filter)) {
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

    fn nearest_of_all(&mut self, candidates: &Candidates, end: End, source: &EventSource) -> Nearest {
        let mask = &candidates.mask;
        let some = self.code.share(&mask.ne(&long(0)));
        let bit = if end == End::First { mask.ctz() } else { mask.top_bit() };
        let bit = self.code.share(&long(0).when(&some.not(), &bit));
        let place = self.code.share(&source.first.add(&bit.to(Ty::I32)));
        let limits = if end == End::First { &candidates.until } else { &candidates.since };
        if limits.is_empty() {
            return Nearest { place, bit, found: some };
        }
        let at = self.code.share(&source.times.add(&place.shl(3)).load(SLOT, 0));
        let test = if end == End::First { Bin::LeS } else { Bin::GeS };
        let found = limits.iter().fold(some, |found, limit| found.both(&at.bin(test, limit)));
        Nearest { place, bit, found: self.code.share(&found) }
    }
}

/// Whether words tell events of these kinds apart from all others; of more it is asked at each event.
pub(super) fn knows(kinds: Kinds) -> bool {
    kinds.0.count_ones() <= 8
}

/// A word without its lowest bit.
fn without_lowest(word: &Node) -> Node {
    word.sub(&long(1)).bin(Bin::And, word)
}

/// The events after a place, none after none.
fn after(place: &Known) -> Node {
    long(0).when(&place.none, &long(-2).bin(Bin::Shl, &place.value))
}

/// The events before a place, none before none.
fn before(place: &Known) -> Node {
    long(0).when(&place.none, &long(1).bin(Bin::Shl, &place.value).sub(&long(1)))
}

/// Whether an expression speaks of no event of the query in which it stands, and takes nothing for granted.
fn is_outside(expr: &Expr) -> bool {
    match &expr.op {
        Op::At(level) | Op::Order(level) | Op::Field(_, _, level) | Op::Column(_, level) => *level > 0,
        Op::Query(_) => outermost(expr).is_none(),
        Op::Path(_) | Op::Assume(_) => false,
        op => op.operands().into_iter().all(is_outside),
    }
}

/// The conditions that must all hold for one to.
fn conditions_of<'e>(condition: &'e Expr, found: &mut Vec<&'e Expr>) {
    match &condition.op {
        Op::And(items) => items.iter().for_each(|item| conditions_of(item, found)),
        _ => found.push(condition),
    }
}
