//! How long a clock's period was paused.
//!
//! A hold is on from a `pause` of its name to the next `resume` of that name or of none. The clock is paused while any hold is on: a
//! pause while it is paused, and a resumption that leaves another hold on, change nothing. With the period all holds end.
//!
//! Where lines give instants of their own (`at`), these need not be in the order of the events: of each hold what lies in the period counts, and what
//! several have in common counts once.

use crate::plan::{Alternative, Expr, Function, Op, Query, Shape};
use crate::types::Builder;
use crate::types::events::clock::period::{ending, running_before};
use crate::types::events::clock::{Clock, Verb};
use crate::types::expressions::terms::{all, at, at_most, constant, hull, less, not, order, yes_no};

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
        let until = self.end_of_pause(clock, &holds, &begins);
        let end = self.kept_for_each(starts, ending(clock, order())).inside();
        let in_period = yes_no(Op::Or(vec![yes_no(Op::IsNone(Box::new(end.clone()))), less(order(), end)]));
        let filter = all(vec![clock.does(&pauses), free, less(order().inside(), order()), in_period]);
        let value = if clock.dated.periods || clock.dated.holds {
            let until = self.kept_for_each(pausing, until);
            self.part_in_period(clock, &Alternative { kinds: pausing, filter: filter.clone(), value: until })
        } else {
            self.kept_for_each(pausing, apart(clock.at.clone(), until))
        };
        let sum = asked(Function::Sum, vec![Alternative { kinds: pausing, filter, value }], Shape::range(0, MOST));
        Some(Expr { op: Op::Lowest(vec![sum, constant(MOST)]), shape: Shape::range(0, MOST) })
    }

    /// How long the hold lasts in the period that begins with the event at level 1 and on which none is that begins before it; `hold` is that at level 0, with
    /// its end.
    fn part_in_period(&mut self, clock: &Clock, hold: &Alternative) -> Expr {
        let starts = clock.kinds(&[Verb::Start]);
        let now = self.as_of().expr;
        let stop = self.kept_for_each(starts, ending(clock, clock.at.clone()));
        let stop = or_else(stop, now).inside();
        let mut from = vec![clock.at.clone(), clock.at.clone().inside()];
        if clock.dated.holds {
            let (own, other) = (clock.at.clone().inside(), clock.at.clone());
            let same = yes_no(Op::Equal(Box::new(other.clone()), Box::new(own.clone())));
            let before = yes_no(Op::Or(vec![less(other, own), all(vec![same, less(order(), order().inside())])]));
            let filter = all(vec![hold.filter.clone().of_another(), before]);
            let others = Alternative { kinds: hold.kinds, filter, value: hold.value.clone() };
            let held = asked(Function::Highest, vec![others], hold.value.shape.or_none());
            from.push(or_else(held, clock.at.clone()));
        }
        let shape = from.iter().map(|from| from.shape).fold(at().shape, hull);
        let from = Expr { op: Op::Highest(from), shape };
        let until =
            Expr { op: Op::Lowest(vec![hold.value.clone(), stop.clone()]), shape: hull(hold.value.shape, stop.shape) };
        apart(from, until)
    }

    /// When the clock goes on that is paused at the event at level 0: with the resumption after which no hold is on, the end of the period, or
    /// `as of`.
    fn end_of_pause(&mut self, clock: &Clock, holds: &[u8], begins: &Expr) -> Expr {
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
        or_else(asked(Function::First, ended, clock.at.shape.or_none()), now)
    }
}

/// An instant, or another where there is none.
fn or_else(instant: Expr, other: Expr) -> Expr {
    Expr { op: Op::Else(Box::new(instant), Box::new(other)), shape: at().shape }
}

/// How long it is from one instant to another; nothing where that is the earlier.
fn apart(from: Expr, until: Expr) -> Expr {
    let longest = at().shape.high - at().shape.low;
    let op = Op::Subtract(Box::new(until), Box::new(from));
    let length = Expr { op, shape: Shape::range(-longest, longest) };
    Expr { op: Op::Highest(vec![length, constant(0)]), shape: Shape::range(0, longest) }
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
