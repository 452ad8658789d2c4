//! Columns where everything is known: the value, and whether it is none.

use concord_engine::plan::{ColumnId, Expr, Kinds, Running};

use super::masks::knows;
use super::{Known, Strict, strict_type};
use crate::emit::assembler::{Bin, Code, EmitError, Node, Turns, flag, int};
use crate::emit::memory::{PRESENCE_WIDTH, Room, fields_of};
use crate::emit::walk::{inside, one_by_one, walk};

impl Room {
    fn known(&self, code: &mut Code, slot: &Node) -> Known {
        let value = Room::part(slot, self.width(), self.low).to(strict_type(self.shape));
        let none = self.presence.map(|presence| Room::part(slot, PRESENCE_WIDTH, presence));
        let none = none.unwrap_or(flag(false));
        Known { value: code.share(&value), none: code.share(&none) }
    }

    pub(super) fn put_known(&self, code: &mut Code, slot: &Node, value: &Known) {
        Room::put(code, slot, self.width(), self.low, &value.value);
        if let Some(presence) = self.presence {
            Room::put(code, slot, PRESENCE_WIDTH, presence, &value.none);
        }
    }
}

impl<'p> Strict<'_, 'p> {
    /// What a column holds for the event at a place in the order of the case.
    pub(crate) fn of_column(&mut self, column: ColumnId, slot: &Node) -> Result<Known, EmitError> {
        let room = self.context.map.room(column)?;
        Ok(room.known(self.code, slot))
    }

    /// What a column holds for the current event, where nobody else asks.
    pub(crate) fn worked_out_here(&mut self, expr: &'p Expr) -> Result<Known, EmitError> {
        let guards = std::mem::take(&mut self.guards);
        let known = walk(self, expr);
        self.guards = guards;
        let Known { value, none } = known?;
        let value = value.to(strict_type(expr.shape));
        Ok(Known { value: self.code.share(&value), none: self.code.share(&none) })
    }

    /// Fills columns. Where they are several, none asks for other events.
    pub(crate) fn columns(&mut self, kinds: Kinds, columns: &[(ColumnId, &'p Expr)]) -> Result<(), EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let fields = columns.iter().flat_map(|(_, expr)| fields_of(expr, kinds)).collect();
        // A field of an event may be missing: that counts if any of the columns does.
        self.about_any(columns.iter().map(|(column, _)| self.context.dependence.column(*column)).collect());
        if let Some(mask) = self.mask_of(kinds).filter(|_| knows(kinds)) {
            return self.each_bit(&mask, &source.first, |strict, place| {
                strict.read_event(kinds, &fields, &source, place)?;
                strict.put_columns(columns, &place.sub(&source.first))
            });
        }
        if columns.iter().all(|(_, expr)| Running::of(expr).is_some()) {
            for (column, expr) in columns {
                let Some((running, query)) = Running::of(expr) else { continue };
                self.about(self.context.dependence.column(*column));
                let room = self.context.map.room(*column)?;
                self.running((&running, query), expr.shape, kinds, room)?;
            }
            return Ok(());
        }
        let place = self.code.variable(&source.first);
        let out = self.code.block();
        let top = self.code.repeat_for(Turns::Events);
        self.code.leave_when(out, &place.bin(Bin::GeS, &source.last));
        self.event_of_kind(kinds, &fields, &source, &place)?;
        self.put_columns(columns, &place.sub(&source.first))?;
        self.code.end();
        self.code.set(&place, &place.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    /// Works out what columns hold for the current event, and leaves it.
    fn put_columns(&mut self, columns: &[(ColumnId, &'p Expr)], slot: &Node) -> Result<(), EmitError> {
        let put = inside(self, |strict| {
            one_by_one(strict, columns, |strict, column, expr| {
                strict.about(strict.context.dependence.column(column));
                let value = walk(strict, expr)?;
                let room = strict.context.map.room(column)?;
                room.put_known(strict.code, slot, &value);
                Ok(())
            })
        });
        self.scopes.pop();
        put
    }
}
