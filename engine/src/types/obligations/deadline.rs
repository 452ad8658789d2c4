//! What is expected and by when: the deadline, and what became of it.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Call, DueBy, Expr, Function, Op};
use crate::syntax::tree::{self, Deadline};
use crate::text::Span;
use crate::types::events::days::Days;
use crate::types::expressions::terms::{
    all, assume, at, at_most, constant, less, not, order, present, query_of, yes, yes_no,
};
use crate::types::expressions::which_days::Used;
use crate::types::obligations::before::Before;
use crate::types::obligations::clause::{Clauses, Wanted};
use crate::types::obligations::start::Start;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

/// What was expected, and what became of it.
pub(in crate::types) struct Expected {
    pub due: Expr,
    pub due_by: DueBy,
    pub done: Expr,
    pub happened: Expr,
    pub in_time: Expr,
    pub passed: Expr,
    /// Further conditions for the obligation to apply.
    pub applies: Vec<Expr>,
    /// Whether what happened is what must not: then it is missed, and met where the deadline has passed without it.
    pub forbidden: bool,
}

impl Builder<'_> {
    /// `expect EVENT within LENGTH`, `… by 10:00 next day`, `… by INSTANT`, counted from a trigger at this place. Times are compared: at
    /// the trigger's very instant and at the very deadline is in time, wherever the event is listed.
    pub(super) fn expected(
        &mut self,
        clauses: &Clauses<'_>,
        wanted: Wanted<'_>,
        start: &Start,
        place: Place,
    ) -> Option<Expected> {
        if let Some(Deadline::Before(before)) = wanted.deadline {
            return self.expected_before(clauses, wanted, before, Some(start), place);
        }
        let mut applies = Vec::new();
        self.no_hours_of_a_day(clauses, wanted, start, place)?;
        let (due, due_by) = self.due(wanted, &start.trigger, place, &mut applies)?;
        self.after_the_start(clauses, wanted, (&start.trigger, &due))?;
        let function = self.completed_by(wanted.query)?;
        let doubts = self.doubts();
        let (kinds, filter) = self.chosen(wanted.query, place)?;
        self.windows_fit(clauses, wanted, (start, doubts), place)?;
        self.counted_from_the_case(clauses, wanted, start, kinds)?;
        let mut conditions = vec![filter];
        if clauses.earlier.map(|(counts, _)| counts) != Some(true) {
            conditions.push(self.not_before(&start.trigger));
        }
        conditions.extend(self.another_than(start, kinds));
        if wanted.negated {
            let due = self.outside(due.clone());
            conditions.extend(self.by(wanted, at(), due));
        }
        let done = query_of(function, kinds, all(conditions), at(), at().shape.or_none());
        let done = self.kept(done, place);
        Some(self.outcome(wanted, (due, due_by), done, applies))
    }

    /// Whether an instant is not after the deadline. Without one that is so until the case is over; nothing where it never is.
    fn by(&self, wanted: Wanted<'_>, instant: Expr, due: Expr) -> Option<Expr> {
        if wanted.deadline.is_some() {
            return Some(at_most(instant, assume(due)));
        }
        self.over.as_ref()?;
        let goes_on = yes_no(Op::IsNone(Box::new(due.clone())));
        Some(yes_no(Op::Or(vec![goes_on, at_most(instant, due)])))
    }

    /// The deadline as an instant; without one the end of the case, none until it comes.
    pub(super) fn due(
        &mut self,
        wanted: Wanted<'_>,
        trigger: &Expr,
        place: Place,
        applies: &mut Vec<Expr>,
    ) -> Option<(Expr, DueBy)> {
        let none = Expr { op: Op::None, shape: trigger.shape.or_none() };
        let (due, due_by) = match wanted.deadline {
            None => (self.over.clone().unwrap_or(none), DueBy::Instant),
            Some(Deadline::Before(_)) => (none, DueBy::Instant),
            Some(Deadline::Within(length)) => {
                self.one_kind_of_days(length, Used::Length, place)?;
                let span = length.span;
                let length = self.expr(length, Some(&Type::Duration), place)?;
                self.not_in_years(&length, span)?;
                self.not_below_0(&length, span)?;
                self.due_within(wanted, trigger, length, place, applies)?
            }
            Some(Deadline::ByClock { time, days }) => {
                let days = days.or_else(|| self.of_which_day(time))?;
                let time = self.expr(time, Some(&Type::TimeOfDay), place)?;
                let time = self.fit(time, &Type::TimeOfDay, wanted.span)?;
                let date = Call::LocalDate.of(vec![trigger.clone()]);
                let date = self.plus_days(date, constant(i64::from(days)));
                (Call::InstantOn.of(vec![date, time.expr]), DueBy::Instant)
            }
            Some(Deadline::By(instant)) => {
                let (due, due_by) = self.ending(instant, place)?;
                applies.extend(due.shape.optional.then(|| present(&due)));
                (due, due_by)
            }
        };
        Some((self.kept(due, place), due_by))
    }

    /// What is due before it begins can never be met in time.
    fn not_below_0(&mut self, length: &Typed, span: Span) -> Option<()> {
        if length.expr.shape.high >= 0 {
            return Some(());
        }
        let title = "this deadline lies before what it is counted from";
        let fault = Diagnostic::error(codes::E0925, span, title, "less than 0");
        self.fault(fault.help("what is expected before another event is written `expect B before first A`"))
    }

    /// `for each Op expect INR by at`: only what happens from then on counts, and by then it is due.
    fn after_the_start(
        &mut self,
        clauses: &Clauses<'_>,
        wanted: Wanted<'_>,
        (start, due): (&Expr, &Expr),
    ) -> Option<()> {
        let earlier = clauses.earlier.is_some_and(|(counts, _)| counts);
        let Some(Deadline::By(instant)) = wanted.deadline.filter(|_| !earlier && self.is_not_after(due, start)) else {
            return Some(());
        };
        let (by, events) = (self.context.words(instant.span), self.context.words(wanted.query.events.span));
        let title = format!(
            "`by {by}` does not lie after what this is counted from, and what happens before that does not count"
        );
        let fault = Diagnostic::error(codes::E0925, instant.span, title, "nothing can be done by then");
        self.fault(fault.help(format!(
            "count from where the time before it begins, such as `from {by} - 24 h` with `expect {events} by {by}`; or write `earlier counts` where it may have happened at any time before"
        )))
    }

    /// Whether an instant is another one, or lies a fixed time before it.
    fn is_not_after(&self, one: &Expr, other: &Expr) -> bool {
        let (one, other) = (self.behind(one), self.behind(other));
        let same = |x: &Expr| self.behind(x).op == other.op;
        match &one.op {
            Op::Subtract(from, length) => length.shape.low >= 0 && !length.shape.optional && same(from),
            Op::Add(from, length) => length.shape.high <= 0 && !length.shape.optional && same(from),
            _ => one.op == other.op,
        }
    }

    /// `by 10:00` of what begins at 15:00 is over on the same day, and not yet on the next.
    fn of_which_day(&mut self, time: &tree::Expr) -> Option<u8> {
        let said = self.context.words(time.span);
        let title = format!("`by {said}` does not say of which day");
        let fault = Diagnostic::error(codes::E0909, time.span, title, "of the same day, or of the next?");
        self.fault(fault.help(format!(
            "write `by {said} next day`, `by {said} 2 days later`, or `by {said} same day`, which is missed at once by whatever begins after {said}"
        )))
    }

    /// `within 1 h` counts elapsed time; `within 28 calendar days` ends with the 28th day after the trigger's own (day 0); `within 3 working
    /// days` likewise, weekends and bank holidays left out.
    pub(super) fn due_within(
        &mut self,
        wanted: Wanted<'_>,
        trigger: &Expr,
        length: Typed,
        place: Place,
        applies: &mut Vec<Expr>,
    ) -> Option<(Expr, DueBy)> {
        if length.expr.shape.optional {
            applies.push(present(&length.expr));
        }
        let unit = match &length.ty {
            Type::Number { places: 0, unit: Some(unit) } => unit.clone(),
            _ => {
                let length = self.fit(length, &Type::Duration, wanted.span)?;
                let length = self.kept(length.expr, place);
                return Some((self.shifted(trigger.clone(), length, true), DueBy::Instant));
            }
        };
        let Some(days) = Days::of(&unit) else {
            return self.wrong_type(&length.ty, &Type::Duration, wanted.span);
        };
        self.countable(&length.expr, days, wanted.span)?;
        Some((self.end_of_day_after(trigger.clone(), length.expr, days), days.due_by()))
    }

    /// `expect EVENT before OTHER`: the other event's place in the order is the deadline, and nothing is due until it happens. What was
    /// done before a trigger counts unless it is said that it does not.
    pub(super) fn expected_before(
        &mut self,
        clauses: &Clauses<'_>,
        wanted: Wanted<'_>,
        before: &tree::Query,
        start: Option<&Start>,
        place: Place,
    ) -> Option<Expected> {
        self.warn_of_deadline_behind(wanted.query, before);
        let completed_by = self.completed_by(wanted.query)?;
        let (kinds, filter) = self.chosen(wanted.query, place)?;
        let mut conditions = vec![filter];
        if let Some(start) = start {
            conditions.extend(
                (clauses.earlier.map(|(counts, _)| counts) == Some(false)).then(|| self.not_before(&start.trigger)),
            );
            conditions.extend(self.another_than(start, kinds));
        }
        let Before { kinds: later, time: due, order: later_place } = self.before_what(before, place)?;
        let time = at().shape.or_none();
        conditions.extend(kinds.meet(later).then(|| self.elsewhere(later_place.clone())));
        if wanted.negated {
            conditions.push(less(order(), self.outside(assume(later_place.clone()))));
        }
        let done = query_of(completed_by, kinds, all(conditions.clone()), at(), time);
        let done = self.kept(done, place);
        let applies = start.map(|_| present(&due)).into_iter().collect();
        let (happened, due_by) = (present(&done), DueBy::Instant);
        if wanted.negated {
            return Some(Expected {
                due,
                due_by,
                done,
                happened: not(happened),
                in_time: yes(),
                passed: yes(),
                applies,
                forbidden: false,
            });
        }
        let own_place = query_of(completed_by, kinds, all(conditions), order(), order().shape.or_none());
        let own_place = self.kept(own_place, place);
        let in_time = less(assume(own_place), assume(later_place));
        Some(Expected { due, due_by, done, happened, in_time, passed: yes(), applies, forbidden: false })
    }

    /// Which of the events that are expected completes what is expected: the first, or of `2 BloodCulture` and `2nd BloodCulture` the
    /// second.
    fn completed_by(&mut self, query: &tree::Query) -> Option<Function> {
        match query.function.as_ref().map(|function| function.node.as_str()) {
            None | Some("first") | Some("nth") => self.function_of(query),
            Some(other) => {
                let title = format!("an obligation is met by the first such event, not by `{other}`");
                self.error(codes::E0313, query.span, title, "leave it out")
            }
        }
    }

    /// Where something is expected again and again, each time one event of it.
    pub(super) fn one_each_time(&mut self, query: &tree::Query) -> Option<()> {
        match &query.function {
            Some(function) if function.node != "first" => {
                let title = "what is expected again and again is one such event each time";
                let fault = Diagnostic::error(codes::E0313, query.span, title, "one will do");
                self.fault(fault.help(
                    "leave it out where one each time is enough; that so many are needed each time cannot be said",
                ))
            }
            _ => Some(()),
        }
    }

    /// What follows from when it was done. `expect no …` is the reverse: done by the deadline is missed, and only the deadline shows that
    /// it was met. Where the obligation applies there is a deadline, if it has one.
    pub(super) fn outcome(
        &mut self,
        wanted: Wanted<'_>,
        (due, due_by): (Expr, DueBy),
        done: Expr,
        applies: Vec<Expr>,
    ) -> Expected {
        let happened = present(&done);
        let now = self.as_of().expr;
        let over = if wanted.deadline.is_some() { assume(due.clone()) } else { due.clone() };
        let passed = less(over, now);
        if wanted.negated {
            return Expected { due, due_by, done, happened, in_time: yes(), passed, applies, forbidden: true };
        }
        let in_time = self.by(wanted, assume(done.clone()), due.clone()).unwrap_or_else(yes);
        Expected { due, due_by, done, happened, in_time, passed, applies, forbidden: false }
    }
}
