//! How far a case may have come along a path: one loop over its events, and over those that may be missing.

use concord_engine::plan::{Class, Id, PathGives, PathOf, Shape};
use concord_engine::values::calendar::FIRST_INSTANT;

use super::General;
use super::events::is_timed;
use super::value::Possible;
use crate::emit::assembler::{Bin, Code, EmitError, Node, Turns, Width, count, flag, int, long};
use crate::emit::runtime::{Routine, need};
use crate::emit::walk::is_of;

fn mask(states: u64) -> Node {
    long(states.cast_signed())
}

/// Events that may have come at any place: their symbols, and what would tell of them.
struct Anywhere {
    symbols: Node,
    needs: Node,
}

/// Two instants between which something happened.
struct When<'a> {
    from: &'a Node,
    to: &'a Node,
}

/// Where a case may be; see the interpreter.
struct Way {
    live: Node,
    left: Node,
    low: Node,
    high: Node,
    needs: Node,
}

impl Way {
    fn new(code: &mut Code) -> Way {
        Way {
            live: code.variable(&long(1)),
            left: code.variable(&long(0)),
            low: code.variable(&long(i64::MAX)),
            high: code.variable(&long(i64::MIN)),
            needs: code.variable(&long(0)),
        }
    }

    fn need(&self, code: &mut Code, needs: &Node) {
        code.set(&self.needs, &self.needs.bin(Bin::Or, needs));
    }

    fn go(&self, general: &mut General<'_, '_>, path: &PathOf, states: &Node, when: &When<'_>) {
        if path.left == 0 {
            general.code.set(&self.live, states);
            return;
        }
        let left = general.code.share(&states.bin(Bin::And, &mask(path.left)));
        general.code.set(&self.live, &states.bin(Bin::And, &mask(!path.left)));
        general.code.when(&left.ne(&long(0)));
        let (low, high) = (general.min(&self.low, when.from), general.max(&self.high, when.to));
        general.code.set(&self.low, &low);
        general.code.set(&self.high, &high);
        general.code.set(&self.left, &self.left.bin(Bin::Or, &left));
        general.code.end();
    }

    /// What may have come between two instants.
    fn between(
        &self,
        general: &mut General<'_, '_>,
        path: &PathOf,
        anywhere: &Anywhere,
        when: &When<'_>,
    ) -> Result<(), EmitError> {
        let Anywhere { symbols, needs } = anywhere;
        let next = int(i64::from(general.context.constant(&path.next)?));
        general.code.when(&symbols.ne(&long(0)));
        let operands = vec![next, count(path.symbols)?, self.live.clone(), symbols.clone(), mask(path.left)];
        let reached = general.context.helpers.call(Routine::PathReach, operands);
        let reached = general.code.share(&reached);
        let more = needs.when(&reached.ne(&self.live), &long(0));
        self.need(general.code, &more);
        self.go(general, path, &reached, when);
        general.code.end();
        Ok(())
    }

    /// An event whose symbol may be this.
    fn event(
        &self,
        general: &mut General<'_, '_>,
        path: &PathOf,
        symbol: &Possible,
        at: &Node,
    ) -> Result<(), EmitError> {
        let next = int(i64::from(general.context.constant(&path.next)?));
        let operands = vec![next, count(path.symbols)?, self.live.clone(), symbol.low.clone()];
        let moved = general.context.helpers.call(Routine::PathStep, operands);
        let stayed = self.live.when(&symbol.none, &long(0));
        let states = general.code.share(&moved.bin(Bin::Or, &stayed));
        self.need(general.code, &symbol.needs);
        self.go(general, path, &states, &When { from: at, to: at });
        let one = self.live.bin(Bin::And, &self.live.sub(&long(1))).eq(&long(0)).both(&self.live.ne(&long(0)));
        general.code.when(&self.left.eq(&long(0)).both(&one));
        general.code.set(&self.needs, &long(0));
        general.code.end();
        Ok(())
    }

    fn answer(self, general: &mut General<'_, '_>, gives: PathGives) -> Possible {
        let Way { live, left, low, high, needs } = self;
        let (value, class) = match gives {
            PathGives::State => {
                let states = live.bin(Bin::Or, &left);
                let value = Possible { low: states.clone(), high: states, some: flag(true), none: flag(false), needs };
                (value, Class::Set)
            }
            PathGives::LeftAt => {
                let (some, none) = (left.ne(&long(0)), live.ne(&long(0)));
                (Possible { low, high, some, none, needs }, Class::Range)
            }
        };
        value.settled(general.code, class)
    }
}

impl General<'_, '_> {
    /// What is asked of a path.
    pub(crate) fn follow(&mut self, path: &PathOf, shape: Shape) -> Result<Possible, EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let anywhere = self.anywhere(path)?;
        let way = Way::new(self.code);
        let before = self.code.variable(&long(FIRST_INSTANT));
        let place = self.code.variable(&source.first);
        let out = self.code.block();
        let top = self.code.repeat_for(Turns::Events);
        self.code.leave_when(out, &place.bin(Bin::GeS, &source.last));
        let skip = self.code.block();
        let kind = source.kinds.add(&place).load(Width::unsigned(1), 0);
        let kind = self.code.share(&kind);
        self.code.leave_when(skip, &is_of(path.kinds, &kind)?.not());
        let at = self.code.share(&source.times.add(&place.shl(3)).load(Width::signed(8), 0));
        let counts = is_timed(&at).both(&at.bin(Bin::LeS, &self.as_of));
        self.code.leave_when(skip, &counts.not());
        way.between(self, path, &anywhere, &When { from: &before, to: &at })?;
        self.code.leave_when(out, &way.live.eq(&long(0)));
        let symbol = self.of_column(path.column, &place.sub(&source.first))?;
        way.event(self, path, &symbol, &at)?;
        self.code.set(&before, &at);
        self.code.end();
        self.code.set(&place, &place.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        let now = self.as_of.clone();
        way.between(self, path, &anywhere, &When { from: &before, to: &now })?;
        let value = way.answer(self, path.gives);
        Ok(self.narrowed(value, shape))
    }

    /// The symbols of events that may have come at any place, and what would tell of them.
    fn anywhere(&mut self, path: &PathOf) -> Result<Anywhere, EmitError> {
        let symbols = self.code.variable(&long(0));
        let needs = self.code.variable(&long(0));
        self.each_slot((path.kinds, true), |general, slot| {
            general.code.leave_when(slot.skip, &slot.event.timed);
            let symbol = general.of_column(path.column, &slot.number)?;
            general.code.leave_when(slot.skip, &symbol.some.not());
            general.code.set(&symbols, &symbols.bin(Bin::Or, &symbol.low));
            let plan = general.context.plan;
            for place in path.kinds.places() {
                let event = plan.subject.events.get(place).ok_or(EmitError::no_such("kind of event", place))?;
                general.code.when(&slot.event.kind.eq(&count(place.place())?));
                let missing = need(event.unsupplied).when(&slot.event.left_out, &need(event.untimed));
                general.code.set(&needs, &needs.bin(Bin::Or, &missing));
                general.code.end();
            }
            general.code.set(&needs, &needs.bin(Bin::Or, &symbol.needs));
            Ok(())
        })?;
        Ok(Anywhere { symbols, needs })
    }
}
