//! Columns over possible values: all parts of what is possible, for every event and for the one that may be left out of each kind.

use concord_engine::plan::{Class, ColumnId, Expr, Kinds, Running};

use super::General;
use super::events::EventStep;
use super::value::{Possible, is_yes_no};
use crate::emit::assembler::{Bin, Code, EmitError, Node, Ty, flag, int};
use crate::emit::memory::{NEEDS_WIDTH, PRESENCE_WIDTH, Room, asks_for_events, fields_of};
use crate::emit::walk::{inside, one_by_one, walk};

impl Room {
    fn possible(&self, code: &mut Code, slot: &Node) -> Possible {
        let ty = if is_yes_no(self.shape) { Ty::I32 } else { Ty::I64 };
        let end = |address: u32| Room::part(slot, self.width(), address).to(ty);
        let (some, none) = match self.presence {
            Some(presence) => {
                let presence = code.share(&Room::part(slot, PRESENCE_WIDTH, presence));
                (presence.bin(Bin::And, &int(1)), presence.bin(Bin::ShrU, &int(1)))
            }
            None => (flag(true), flag(false)),
        };
        let needs = Room::part(slot, NEEDS_WIDTH, self.needs);
        Possible { low: end(self.low), high: end(self.high), some, none, needs }.shared(code, self.shape.class)
    }

    pub(super) fn put_possible(&self, code: &mut Code, slot: &Node, value: &Possible) {
        Room::put(code, slot, self.width(), self.low, &value.low);
        if self.shape.class == Class::Range {
            Room::put(code, slot, self.width(), self.high, &value.high);
        }
        if let Some(address) = self.presence {
            let presence = value.some.bin(Bin::Or, &value.none.shl(1));
            Room::put(code, slot, PRESENCE_WIDTH, address, &presence);
        }
        Room::put(code, slot, NEEDS_WIDTH, self.needs, &value.needs);
    }
}

impl<'p> General<'_, 'p> {
    /// What a column holds for the event at a slot.
    pub(crate) fn of_column(&mut self, column: ColumnId, slot: &Node) -> Result<Possible, EmitError> {
        let room = self.context.map.room(column)?;
        Ok(room.possible(self.code, slot))
    }

    /// Fills columns: for the events supplied, then for the one that may be left out of each kind. Where they are several, none asks for other events.
    pub(crate) fn columns(&mut self, kinds: Kinds, columns: &[(ColumnId, &'p Expr)]) -> Result<(), EmitError> {
        if let Some((_, first)) = columns.first()
            && let Some((running, _)) = Running::of(first)
        {
            let asked = columns.iter().filter_map(|(column, expr)| {
                let (_, query) = Running::of(expr)?;
                Some(self.context.map.room(*column).map(|room| (query, expr.shape, room)))
            });
            let asked = asked.collect::<Result<Vec<_>, _>>()?;
            return self.running(&running, &asked, kinds);
        }
        let fields = columns.iter().flat_map(|(_, expr)| fields_of(expr, kinds)).collect();
        let keeps = columns.iter().any(|(_, expr)| asks_for_events(expr));
        self.each_slot((kinds, keeps), |general, slot| {
            let event = general.possible_event(kinds, &EventStep::of_slot(&slot), &fields)?;
            general.scopes.push(event);
            let put = inside(general, |general| {
                one_by_one(general, columns, |general, column, expr| {
                    let value = walk(general, expr)?;
                    let room = general.context.map.room(column)?;
                    room.put_possible(general.code, &slot.number, &value);
                    Ok(())
                })
            });
            general.scopes.pop();
            put
        })
    }
}
