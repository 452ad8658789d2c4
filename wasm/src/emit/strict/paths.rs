//! How far a case has come along a path, every event timed and supplied.

use std::collections::BTreeSet;

use concord_engine::plan::{PathGives, PathOf};

use super::{Known, Strict};
use crate::emit::assembler::{Bin, EmitError, Node, Turns, Ty, count, int, long};
use crate::emit::runtime::STATE;

fn mask(states: u64) -> Node {
    long(states.cast_signed())
}

impl Strict<'_, '_> {
    /// What is asked of a path, every event timed and supplied.
    pub(crate) fn follow(&mut self, path: &PathOf) -> Result<Known, EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let next = self.context.constant(&path.next)?;
        let state = self.code.variable(&int(0));
        let left_at = self.code.variable(&long(0));
        let gone = || mask(path.left).bin(Bin::ShrU, &state.to(Ty::I64)).to(Ty::I32).bin(Bin::And, &int(1));
        let place = self.code.variable(&source.first);
        let out = self.code.block();
        let top = self.code.repeat_for(Turns::Events);
        self.code.leave_when(out, &place.bin(Bin::GeS, &source.last));
        self.event_of_kind(path.kinds, &BTreeSet::new(), &source, &place)?;
        let at = self.scopes.pop().ok_or(EmitError::NoEvent)?.at;
        let symbol = self.of_column(path.column, &place.sub(&source.first))?;
        self.code.when(&at.bin(Bin::LeS, &self.as_of).both(&symbol.none.not()));
        let value = symbol.value.to(Ty::I32);
        let fits = value.bin(Bin::LeU, &count(path.symbols.saturating_sub(1))?);
        let column = value.when(&fits, &int(0));
        let moved = state.bin(Bin::Mul, &count(path.symbols)?).add(&column).load(STATE, next);
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
