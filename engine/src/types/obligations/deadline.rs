//! What is expected and by when: the deadline, and what became of it.

use crate::diagnostics::codes;
use crate::plan::operators::speaks_of_events;
use crate::plan::{Call, Expr, Function, KindId, Op};
use crate::syntax::tree::{self, Deadline};
use crate::types::expressions::terms::{
    all, assume, at, at_most, constant, less, not, order, present, query_of, yes, yes_no,
};
use crate::types::obligations::clause::{Clauses, Wanted};
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

/// What was expected, and what became of it.
pub(in crate::types) struct Expected {
    pub due: Expr,
    pub done: Expr,
    pub happened: Expr,
    pub in_time: Expr,
    pub passed: Expr,
    /// Further conditions for the obligation to apply.
    pub applies: Vec<Expr>,
}

impl Builder<'_> {
    /// `expect EVENT within LENGTH`, `… by 10:00 next day`, `… by INSTANT`, counted from a trigger at this place.
    pub(super) fn expected(
        &mut self,
        clauses: &Clauses<'_>,
        wanted: Wanted<'_>,
        trigger: &Expr,
        place: Place,
    ) -> Option<Expected> {
        if let Some(Deadline::Before(before)) = wanted.deadline {
            return self.expected_before(wanted, before, place);
        }
        let mut applies = Vec::new();
        let due = self.due(wanted, trigger, place, &mut applies)?;
        let kind = self.first_of(wanted.query)?;
        let mut conditions = vec![self.filter(wanted.query, kind, place)?];
        if !clauses.earlier {
            conditions.push(self.not_before(trigger));
        }
        if wanted.negated {
            conditions.push(less(at(), self.outside(assume(due.clone()))));
        }
        let done = query_of(Function::First, kind, all(conditions), at(), at().shape.or_none());
        let done = self.kept(done, place);
        Some(self.outcome(wanted, due, done, applies))
    }

    /// At or after the trigger. Where the trigger is the current event itself, later in the order of the case.
    fn not_before(&mut self, trigger: &Expr) -> Expr {
        if trigger.op == Op::At(0) {
            return less(order().inside(), order());
        }
        at_most(self.outside(assume(trigger.clone())), at())
    }

    /// The deadline as an instant; none where there is no deadline.
    pub(super) fn due(
        &mut self,
        wanted: Wanted<'_>,
        trigger: &Expr,
        place: Place,
        applies: &mut Vec<Expr>,
    ) -> Option<Expr> {
        let due = match wanted.deadline {
            None | Some(Deadline::Before(_)) => Expr { op: Op::None, shape: trigger.shape.or_none() },
            Some(Deadline::Within(length)) => {
                let length = self.expr(length, Some(&Type::Duration), place)?;
                self.due_within(wanted, trigger, length, place, applies)?
            }
            Some(Deadline::ByClock { time, days }) => {
                let time = self.expr(time, Some(&Type::TimeOfDay), place)?;
                let time = self.fit(time, &Type::TimeOfDay, wanted.span)?;
                let date = Call::LocalDate.of(vec![trigger.clone()]);
                let date = self.plus_days(date, constant(i64::from(*days)));
                Call::InstantOn.of(vec![date, time.expr])
            }
            Some(Deadline::By(instant)) => self.instant(instant, place)?,
        };
        Some(self.kept(due, place))
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
    ) -> Option<Expr> {
        if length.expr.shape.optional {
            applies.push(present(&length.expr));
        }
        let unit = match &length.ty {
            Type::Number { places: 0, unit: Some(unit) } => unit.clone(),
            _ => {
                let length = self.fit(length, &Type::Duration, wanted.span)?;
                let length = self.kept(length.expr, place);
                return Some(self.shifted(trigger.clone(), length, true));
            }
        };
        let date = Call::LocalDate.of(vec![trigger.clone()]);
        let last = match unit.as_str() {
            "calendar day" | "calendar days" => self.plus_days(date, length.expr),
            "working day" | "working days" => self.plus_working_days(date, length.expr),
            _ => return self.wrong_type(&length.ty, &Type::Duration, wanted.span),
        };
        let next = self.plus_days(last, constant(1));
        let midnight = Call::InstantOn.of(vec![next, constant(0)]);
        Some(self.shifted(midnight, constant(1), false))
    }

    /// `expect EVENT before OTHER`: the other event's place in the order is the deadline.
    pub(super) fn expected_before(
        &mut self,
        wanted: Wanted<'_>,
        before: &tree::Query,
        place: Place,
    ) -> Option<Expected> {
        let kind = self.first_of(wanted.query)?;
        let filter = self.filter(wanted.query, kind, place)?;
        let function = self.which(before)?;
        let later_kind = self.event_kind(before)?;
        let later_filter = self.filter(before, later_kind, place)?;
        let time = at().shape.or_none();
        let due = query_of(function, later_kind, later_filter.clone(), at(), time);
        let done = query_of(Function::First, kind, filter.clone(), at(), time);
        let own_place = query_of(Function::First, kind, filter, order(), order().shape.or_none());
        let later_place = query_of(function, later_kind, later_filter, order(), order().shape.or_none());
        let (due, done) = (self.kept(due, place), self.kept(done, place));
        let (own_place, later_place) = (self.kept(own_place, place), self.kept(later_place, place));
        let applies = if speaks_of_events(&due) { vec![present(&due)] } else { Vec::new() };
        let happened = present(&done);
        let in_time = less(assume(own_place), assume(later_place));
        Some(Expected { due, done, happened, in_time, passed: yes(), applies })
    }

    /// The kind of event that is expected: the first such event counts, and no other may be asked for.
    fn first_of(&mut self, query: &tree::Query) -> Option<KindId> {
        if let Some(function) = query.function.as_ref().filter(|f| f.node != "first") {
            let title = format!("an obligation is met by the first such event, not by `{}`", function.node);
            return self.error(codes::E0313, query.span, title, "leave it out");
        }
        self.event_kind(query)
    }

    /// `first` or `last` of the event that something is expected before.
    pub(super) fn which(&mut self, query: &tree::Query) -> Option<Function> {
        match query.function.as_ref().map(|f| f.node.as_str()) {
            None | Some("first") => Some(Function::First),
            Some("last" | "latest") => Some(Function::Last),
            Some(other) => self.error(
                codes::E0313,
                query.span,
                format!("`before` needs one event, not `{other}`"),
                "use first or last",
            ),
        }
    }

    /// What follows from when it was done. `expect no …` is the reverse: done before then is missed (at the very deadline it is not), and only the deadline shows that it was met.
    pub(super) fn outcome(&mut self, wanted: Wanted<'_>, due: Expr, done: Expr, applies: Vec<Expr>) -> Expected {
        let happened = present(&done);
        let now = self.as_of().expr;
        let passed = less(due.clone(), now);
        if wanted.negated {
            let kept = yes_no(Op::And(vec![passed, not(happened.clone())]));
            return Expected { due, done, happened: kept, in_time: yes(), passed: happened, applies };
        }
        let in_time =
            if wanted.deadline.is_none() { yes() } else { at_most(assume(done.clone()), assume(due.clone())) };
        Expected { due, done, happened, in_time, passed, applies }
    }
}
