//! How far a case has come along a path: one loop over its events, with the automaton as an array of constant bytes.

use std::collections::BTreeSet;

use concord_engine::plan::{Class, PathGives, PathOf, Shape};
use concord_engine::values::calendar::FIRST_INSTANT;

use super::EmitError;
use super::code::Code;
use super::general::General;
use super::helpers::need;
use super::layout::TIME_UNKNOWN;
use super::node::{Bin, Node, Ty, Width, flag, int, long};
use super::possible::Possible;
use super::routines::Routine;
use super::shared::{EventSource, Shared};
use super::strict::{Known, Strict};
use super::strict_events::is_of;

const STATE: Width = Width::unsigned(1);

/// The address of the states that symbols lead to.
fn table(shared: &mut Shared<'_>, path: &PathOf) -> u32 {
    shared.constant(&path.next)
}

fn count(number: usize) -> Node {
    int(i64::try_from(number).unwrap_or(0))
}

fn mask(states: u64) -> Node {
    long(states.cast_signed())
}

impl Strict<'_, '_> {
    /// What is asked of a path, every event timed and supplied.
    pub(super) fn follow(&mut self, path: &PathOf) -> Result<Known, EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let next = table(self.shared, path);
        let state = self.code.variable(&int(0));
        let left_at = self.code.variable(&long(0));
        let gone = || mask(path.left).bin(Bin::ShrU, &state.to(Ty::I64)).to(Ty::I32).bin(Bin::And, &int(1));
        let place = self.code.variable(&source.first);
        let out = self.code.block();
        let top = self.code.repeat();
        self.code.leave_when(out, &place.bin(Bin::GeS, &source.last));
        self.event_of_kind(path.kinds, &BTreeSet::new(), &source, &place)?;
        let at = self.at_hand.pop().ok_or(EmitError::NoEvent)?.at;
        let symbol = self.of_column(path.column, &place.sub(&source.first))?;
        self.code.when(&at.bin(Bin::LeS, &self.as_of).both(&symbol.none.not()));
        let value = symbol.value.to(Ty::I32);
        let fits = value.bin(Bin::LeU, &count(path.symbols.saturating_sub(1)));
        let column = value.when(&fits, &int(0));
        let moved = state.bin(Bin::Mul, &count(path.symbols)).add(&column).load(STATE, next);
        self.code.set(&state, &moved);
        if path.left != 0 {
            self.code.when(&gone());
            self.code.set(&left_at, &at);
            self.code.leave(out);
            self.code.end();
        }
        self.code.end();
        self.code.end();
        self.code.set(&place, &place.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(match path.gives {
            PathGives::State => Known::some(state),
            PathGives::LeftAt => {
                let none = self.code.share(&gone().not());
                Known { value: left_at, none }
            }
        })
    }
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

    fn go(&self, general: &mut General<'_, '_>, path: &PathOf, states: &Node, [from, to]: [&Node; 2]) {
        if path.left == 0 {
            general.code.set(&self.live, states);
            return;
        }
        let left = general.code.share(&states.bin(Bin::And, &mask(path.left)));
        general.code.set(&self.live, &states.bin(Bin::And, &mask(!path.left)));
        general.code.when(&left.ne(&long(0)));
        let (low, high) = (general.min(&self.low, from), general.max(&self.high, to));
        general.code.set(&self.low, &low);
        general.code.set(&self.high, &high);
        general.code.set(&self.left, &self.left.bin(Bin::Or, &left));
        general.code.end();
    }

    /// What may have come between two instants.
    fn between(&self, general: &mut General<'_, '_>, path: &PathOf, anywhere: &[Node; 2], ends: [&Node; 2]) {
        let [symbols, needs] = anywhere;
        let next = table(general.shared, path);
        general.code.when(&symbols.ne(&long(0)));
        let operands =
            vec![int(i64::from(next)), count(path.symbols), self.live.clone(), symbols.clone(), mask(path.left)];
        let reached = general.shared.helpers.call(Routine::PathReach, operands);
        let reached = general.code.share(&reached);
        let more = needs.when(&reached.ne(&self.live), &long(0));
        self.need(general.code, &more);
        self.go(general, path, &reached, ends);
        general.code.end();
    }

    /// An event whose symbol may be this.
    fn event(&self, general: &mut General<'_, '_>, path: &PathOf, symbol: &Possible, at: &Node) {
        let next = table(general.shared, path);
        let operands = vec![int(i64::from(next)), count(path.symbols), self.live.clone(), symbol.low.clone()];
        let moved = general.shared.helpers.call(Routine::PathStep, operands);
        let stayed = self.live.when(&symbol.none, &long(0));
        let states = general.code.share(&moved.bin(Bin::Or, &stayed));
        self.need(general.code, &symbol.needs);
        self.go(general, path, &states, [at, at]);
        let one = self.live.bin(Bin::And, &self.live.sub(&long(1))).eq(&long(0)).both(&self.live.ne(&long(0)));
        general.code.when(&self.left.eq(&long(0)).both(&one));
        general.code.set(&self.needs, &long(0));
        general.code.end();
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
        value.settled(general.code, &mut general.shared.helpers, class)
    }
}

impl General<'_, '_> {
    /// What is asked of a path.
    pub(super) fn follow(&mut self, path: &PathOf, shape: Shape) -> Result<Possible, EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let anywhere = self.anywhere(path, &source)?;
        let way = Way::new(self.code);
        let before = self.code.variable(&long(FIRST_INSTANT));
        let place = self.code.variable(&source.first);
        let out = self.code.block();
        let top = self.code.repeat();
        self.code.leave_when(out, &place.bin(Bin::GeS, &source.last));
        let skip = self.code.block();
        let kind = source.kinds.add(&place).load(Width::unsigned(1), 0);
        let kind = self.code.share(&kind);
        self.code.leave_when(skip, &is_of(path.kinds, &kind).not());
        let at = self.code.share(&source.times.add(&place.shl(3)).load(Width::signed(8), 0));
        let counts = at.ne(&long(TIME_UNKNOWN)).both(&at.bin(Bin::LeS, &self.as_of));
        self.code.leave_when(skip, &counts.not());
        way.between(self, path, &anywhere, [&before, &at]);
        self.code.leave_when(out, &way.live.eq(&long(0)));
        let symbol = self.of_column(path.column, &place.sub(&source.first))?;
        way.event(self, path, &symbol, &at);
        self.code.set(&before, &at);
        self.code.end();
        self.code.set(&place, &place.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        let now = self.as_of.clone();
        way.between(self, path, &anywhere, [&before, &now]);
        let value = way.answer(self, path.gives);
        Ok(self.narrowed(value, shape))
    }

    /// The symbols of events that may have come at any place, and what would tell of them.
    fn anywhere(&mut self, path: &PathOf, source: &EventSource) -> Result<[Node; 2], EmitError> {
        let symbols = self.code.variable(&long(0));
        let needs = self.code.variable(&long(0));
        self.each_slot(source, path.kinds, |general, slot| {
            general.code.leave_when(slot.skip, &slot.at.ne(&long(TIME_UNKNOWN)));
            let symbol = general.of_column(path.column, &slot.number)?;
            general.code.leave_when(slot.skip, &symbol.some.not());
            general.code.set(&symbols, &symbols.bin(Bin::Or, &symbol.low));
            let plan = general.shared.plan;
            for place in path.kinds.places() {
                let event = plan.subject.events.get(place).ok_or(EmitError::NoSuch("kind of event", place))?;
                general.code.when(&slot.kind.eq(&count(place)));
                let missing = need(event.unsupplied).when(&slot.left_out, &need(event.untimed));
                general.code.set(&needs, &needs.bin(Bin::Or, &missing));
                general.code.end();
            }
            general.code.set(&needs, &needs.bin(Bin::Or, &symbol.needs));
            Ok(())
        })?;
        Ok([symbols, needs])
    }
}

/// The lowest bit that is set, alone.
fn lowest(bits: &Node) -> Node {
    bits.bin(Bin::And, &long(0).sub(bits))
}

/// See [`Routine::PathStep`].
pub(super) fn step(code: &mut Code, [table, symbols]: [&Node; 2], states: &Node, possible: &Node) {
    let open = code.variable(states);
    let found = code.variable(&long(0));
    let done = code.block();
    let top = code.repeat();
    code.leave_when(done, &open.eq(&long(0)));
    let row = code.share(&table.add(&open.ctz().to(Ty::I32).bin(Bin::Mul, symbols)));
    code.set(&open, &open.bin(Bin::Xor, &lowest(&open)));
    let rest = code.variable(possible);
    let end = code.block();
    let turn = code.repeat();
    code.leave_when(end, &rest.eq(&long(0)));
    let next = row.add(&rest.ctz().to(Ty::I32)).load(STATE, 0);
    code.set(&found, &found.bin(Bin::Or, &long(1).bin(Bin::Shl, &next.to(Ty::I64))));
    code.set(&rest, &rest.bin(Bin::Xor, &lowest(&rest)));
    code.leave(turn);
    code.end();
    code.end();
    code.leave(top);
    code.end();
    code.end();
    code.push(&found);
}

/// See [`Routine::PathReach`].
pub(super) fn reach(
    code: &mut Code,
    helpers: &mut super::helpers::Helpers,
    table: [&Node; 2],
    [states, possible, left]: [&Node; 3],
) {
    let [address, symbols] = table;
    let stays = code.share(&left.bin(Bin::Xor, &long(-1)));
    let found = code.variable(states);
    let open = code.variable(&states.bin(Bin::And, &stays));
    let done = code.block();
    let top = code.repeat();
    code.leave_when(done, &open.eq(&long(0)));
    let first = code.share(&lowest(&open));
    let operands = vec![address.clone(), symbols.clone(), first.clone(), possible.clone()];
    let led = helpers.call(Routine::PathStep, operands);
    let led = code.share(&led.bin(Bin::And, &found.bin(Bin::Xor, &long(-1))));
    code.set(&found, &found.bin(Bin::Or, &led));
    code.set(&open, &open.bin(Bin::Xor, &first).bin(Bin::Or, &led.bin(Bin::And, &stays)));
    code.leave(top);
    code.end();
    code.end();
    code.push(&found);
}
