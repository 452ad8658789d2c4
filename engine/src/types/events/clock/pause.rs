//! How long a clock's period was paused.
//!
//! A hold is on from a `pause` of its name to the next `resume` of that name or of none. The clock is paused while any hold is on: a
//! pause while it is paused, and a resumption that leaves another hold on, change nothing. With the period all holds end.

use crate::plan::{Alternative, Expr, Function, Op, Query, Shape};
use crate::types::Builder;
use crate::types::events::clock::period::{ending, running_before};
use crate::types::events::clock::{Clock, Verb};
use crate::types::expressions::terms::{all, at, at_most, constant, less, not, order, yes_no};

/// The longest that a period can be paused: a century.
const MOST: i64 = 36_525 * crate::values::calendar::DAY;

impl Builder<'_> {
    /// How long the period was paused that begins with the event at level 0; nothing for clocks that never are.
    pub(super) fn paused(&mut self, clock: &Clock) -> Option<Expr> {
        let holds = clock.holds();
        let pauses: Vec<Verb> = holds.iter().map(|hold| Verb::Pause(*hold)).collect();
        let pausing = clock.kinds(&pauses);
        if holds.is_empty() {
            return None;
        }
        let starts = clock.kinds(&[Verb::Start]);
        let begins = self.kept_for_each(starts, all(vec![clock.does(&[Verb::Start]), not(running_before(clock))]));
        let free = holds.iter().map(|hold| not(on(clock, *hold, &begins, less(order(), order().inside()))));
        let free = all(free.collect());
        let free = self.kept_for_each(pausing, free);
        let length = self.length_of_pause(clock, &holds, &begins);
        let length = self.kept_for_each(pausing, length);
        let end = self.kept_for_each(starts, ending(clock, order())).inside();
        let in_period = yes_no(Op::Or(vec![yes_no(Op::IsNone(Box::new(end.clone()))), less(order(), end)]));
        let filter = all(vec![clock.does(&pauses), free, less(order().inside(), order()), in_period]);
        let sum =
            asked(Function::Sum, vec![Alternative { kinds: pausing, filter, value: length }], Shape::range(0, MOST));
        Some(Expr { op: Op::Lowest(vec![sum, constant(MOST)]), shape: Shape::range(0, MOST) })
    }

    /// How long the clock is paused from the event at level 0 on: to the resumption after which no hold is on, to the end of the period, or
    /// to `as of`.
    fn length_of_pause(&mut self, clock: &Clock, holds: &[u8], begins: &Expr) -> Expr {
        let now = self.as_of().expr;
        let resumes: Vec<Verb> = holds.iter().map(|hold| Verb::Resume(*hold)).chain([Verb::ResumeAll]).collect();
        let resuming = clock.kinds(&resumes);
        let mut ends = vec![clock.does(&resumes), less(order().inside(), order())];
        if holds.len() > 1 {
            let none_on = holds.iter().map(|hold| {
                let upto = at_most(order(), order().inside());
                not(on(clock, *hold, begins, upto))
            });
            let none_on = all(none_on.collect());
            ends.push(self.kept_for_each(resuming, none_on));
        }
        let stops = [Verb::Stop, Verb::Nullify];
        let stopped = all(vec![clock.does(&stops), less(order().inside(), order())]);
        let ended = vec![
            Alternative { kinds: resuming, filter: all(ends), value: clock.at.clone() },
            Alternative { kinds: clock.kinds(&stops), filter: stopped, value: clock.at.clone() },
        ];
        let ended = asked(Function::First, ended, clock.at.shape.or_none());
        let ended = Expr { op: Op::Else(Box::new(ended), Box::new(now)), shape: at().shape };
        let longest = at().shape.high - at().shape.low;
        let op = Op::Subtract(Box::new(ended), Box::new(clock.at.clone()));
        let length = Expr { op, shape: Shape::range(-longest, longest) };
        Expr { op: Op::Highest(vec![length, constant(0)]), shape: Shape::range(0, longest) }
    }
}

/// Whether a hold is on at the event at level 0: among the events that `sees` admits, the last that starts a period, ends one, or begins or
/// ends this hold begins it. `begins` says of a start whether it starts a period.
fn on(clock: &Clock, hold: u8, begins: &Expr, sees: Expr) -> Expr {
    let turns = [Verb::Stop, Verb::Nullify, Verb::ResumeAll, Verb::Pause(hold), Verb::Resume(hold)];
    let starts = Alternative {
        kinds: clock.kinds(&[Verb::Start]),
        filter: all(vec![begins.clone(), sees.clone()]),
        value: yes_no(Op::Constant(0)),
    };
    let others = Alternative {
        kinds: clock.kinds(&turns),
        filter: all(vec![clock.does(&turns), sees]),
        value: clock.is(Verb::Pause(hold)),
    };
    let last = asked(Function::Last, vec![starts, others], Shape::YES_NO.or_none());
    yes_no(Op::Within(Box::new(last), 1, 1))
}

fn asked(function: Function, alternatives: Vec<Alternative>, shape: Shape) -> Expr {
    Expr { op: Op::Query(Box::new(Query { function, alternatives })), shape }
}
