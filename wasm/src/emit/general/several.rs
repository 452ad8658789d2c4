//! Several questions about the same events, gathered in one loop. What they have in common is worked out once for each event.

use std::collections::BTreeSet;

use concord_engine::plan::{Alternative, CellId, Expr, Op, Query, Shape};

use super::General;
use super::events::{Coming, EventStep, FoundEvent};
use super::gather::Gathered;
use super::queries::{asked, order_of};
use super::value::Possible;
use crate::emit::assembler::{EmitError, Label, Node, flag};
use crate::emit::memory::{fields_asked, takes_values};
use crate::emit::walk::{inside, together, walk};

/// A question, and what it has gathered.
pub(super) struct Asked<'p> {
    pub(super) query: &'p Query,
    pub(super) gathered: Gathered,
}

impl<'p> General<'_, 'p> {
    /// Fills cells with what questions about the same events come to.
    pub(super) fn questions(&mut self, asked: &[(CellId, &'p Expr)]) -> Result<(), EmitError> {
        if let [(cell, expr)] = asked {
            let value = walk(self, expr)?;
            return self.answer(*cell, expr, value);
        }
        let queries = asked.iter().filter_map(|(_, expr)| match &expr.op {
            Op::Query(query) => Some((&**query, expr.shape)),
            _ => None,
        });
        let values = self.ask_several(&queries.collect::<Vec<_>>())?;
        asked.iter().zip(values).try_for_each(|((cell, expr), value)| self.answer(*cell, expr, value))
    }

    /// What several questions give that are asked of the same events.
    fn ask_several(&mut self, queries: &[(&'p Query, Shape)]) -> Result<Vec<Possible>, EmitError> {
        let [(first, _), ..] = queries else { return Ok(Vec::new()) };
        let (kinds, order) = (asked(first), order_of(first.function));
        let all = queries
            .iter()
            .map(|(query, shape)| Ok(Asked { query, gathered: Gathered::new(self, query, *shape, None)? }));
        let all = all.collect::<Result<Vec<_>, EmitError>>()?;
        self.each_event(kinds, order, |general, number, skip| {
            let event = general.come_to(kinds, number, Coming { order, by_now: true, keeps: false }, skip)?;
            let slot = number.when(&event.left_out, &event.order);
            general.gather_several(&all, (event, slot), skip)
        })?;
        Ok(all.iter().map(|asked| asked.gathered.result(self)).collect())
    }

    /// Gathers an event that stands at a slot, for each of the questions.
    pub(super) fn gather_several(
        &mut self,
        all: &[Asked<'p>],
        (event, slot): (FoundEvent, Node),
        skip: Label,
    ) -> Result<(), EmitError> {
        if let [Asked { query, gathered }] = all {
            return self.gather_one(query, (event, slot), gathered, skip);
        }
        let of: Vec<(&Asked<'p>, &'p Alternative)> =
            all.iter().flat_map(|asked| asked.query.alternatives.iter().map(move |of| (asked, of))).collect();
        let Some((_, first)) = of.first() else { return Ok(()) };
        let kinds = first.kinds;
        let mut fields: BTreeSet<_> = of.iter().flat_map(|(asked, of)| fields_asked(asked.query, of)).collect();
        fields.retain(|(kind, _)| kinds.only() == Some(*kind));
        let step = EventStep { event, again: flag(false), slot, done: skip };
        let scope = self.possible_event(kinds, &step, &fields)?;
        self.scopes.push(scope);
        let values = of.iter().filter(|(asked, _)| takes_values(asked.query)).map(|(_, of)| &of.value);
        let exprs: Vec<&'p Expr> = of.iter().map(|(_, of)| &of.filter).chain(values).collect();
        let gathered = inside(self, |general| {
            together(general, &exprs, |general| of.iter().try_for_each(|(asked, of)| general.take_in(asked, of, &step)))
        });
        self.scopes.pop();
        gathered
    }

    /// Takes the current event in for one of several questions, if it may belong.
    fn take_in(&mut self, asked: &Asked<'p>, of: &'p Alternative, step: &EventStep) -> Result<(), EmitError> {
        let Asked { query, gathered } = asked;
        let over = self.code.block();
        gathered.start(self, &step.event, over);
        let next = self.code.block();
        if let Some(order) = self.scopes.last().map(|event| event.order.clone()) {
            gathered.start_alternative(self, step, &order, next);
        }
        self.member(query, of, step, gathered, next)?;
        self.code.end();
        gathered.finish(self);
        self.code.end();
        Ok(())
    }
}
