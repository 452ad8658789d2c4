//! One judgement: trigger, deadline, what was done, and the verdict that follows from them.
//!
//! A judgement stands at a place: on the whole case, or on one occurrence of a repeated obligation, where the trigger is the
//! event at hand.

use super::arithmetic::yes_no;
use super::comparisons::not;
use super::literals::constant;
use super::obligations::{Clauses, Wanted};
use super::queries::{all, at, at_most, less, order, question};
use super::{Builder, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Expr, Function, Kinds, Op, Shape, VerdictOf};
use crate::syntax::tree::{self, Deadline, ExprKind};
use crate::values::calendar::{DAY, instant_on};
use crate::values::types::Type;

/// A judgement as expressions at its place.
pub(super) struct Judged {
    pub verdict: VerdictOf,
    pub trigger: Expr,
    pub due: Expr,
    pub done: Expr,
    pub excuse: Expr,
}

/// What something is expected from.
pub(super) struct Start {
    pub trigger: Expr,
    /// The event that the trigger is the time of, as its kinds and its place in the order: it never is what is expected from it.
    pub event: Option<(Kinds, Expr)>,
}

/// What was expected, and what became of it.
pub(super) struct Expected {
    pub due: Expr,
    pub done: Expr,
    pub happened: Expr,
    pub in_time: Expr,
    pub passed: Expr,
    /// Further conditions for the obligation to apply.
    pub applies: Vec<Expr>,
}

pub(super) fn yes() -> Expr {
    Expr { op: Op::Constant(1), shape: Shape::YES_NO }
}

/// Whether an expression has a value.
pub(super) fn present(expr: &Expr) -> Expr {
    if expr.shape.optional { not(yes_no(Op::IsNone(Box::new(expr.clone())))) } else { yes() }
}

/// The expression, taking for granted that it is not none.
pub(super) fn assume(expr: Expr) -> Expr {
    if !expr.shape.optional {
        return expr;
    }
    let shape = Shape { optional: false, ..expr.shape };
    Expr { op: Op::Assume(Box::new(expr)), shape }
}

impl Builder<'_> {
    /// A judgement on the whole case.
    pub(super) fn judged_once(&mut self, tree: &tree::Obligation, clauses: &Clauses<'_>) -> Option<Judged> {
        let wanted = self.wanted(tree, clauses)?;
        let place = Place::default();
        if let Some(Deadline::Before(before)) = wanted.deadline {
            if let Some(from) = clauses.from {
                let title = "what is expected before an event needs no `from`";
                let fault = Diagnostic::error(codes::E0904, from.span, title, "not needed");
                return self.fault(fault.help("leave out `from`: the obligation arises when the later event comes"));
            }
            let kind = self.event_kind(before)?;
            let filter = self.filter(before, kind, place)?;
            let function = self.which(before)?;
            let later = question(function, kind, filter, at(), at().shape.or_none());
            let trigger = self.kept(later, place);
            let expected = self.expected_before(clauses, wanted, before, None, place)?;
            return self.judgement(clauses, trigger, expected, place);
        }
        let Some(from) = clauses.from else {
            let title = format!("`{}` does not say from when", tree.name.node);
            let fault = Diagnostic::error(codes::E0903, tree.name.span, title, "no `from`");
            return self
                .fault(fault.help("add a line such as `from first Triage`: the deadline is counted from there"));
        };
        let start = self.start(from, wanted, place)?;
        let expected = self.expected(clauses, wanted, &start, place)?;
        self.judgement(clauses, start.trigger, expected, place)
    }

    /// The trigger that `from` gives, and which event it is, where that may be one that is expected.
    pub(super) fn start(&mut self, from: &tree::Expr, wanted: Wanted<'_>, place: Place) -> Option<Start> {
        let trigger = self.instant(from, place)?;
        let kind = self.event_kind(wanted.query)?;
        let event = match self.query_of(from, place) {
            Some((query, stands)) if query.field.is_none() && self.event_kind(&query)? == kind => {
                let order = self.order_of(&query, stands)?;
                Some((Kinds::one(kind), self.kept(order, place)))
            }
            _ => None,
        };
        Some(Start { trigger, event })
    }

    /// The query that an expression is, or that the definition that it names is, and where it stands.
    fn query_of(&self, from: &tree::Expr, place: Place) -> Option<(tree::Query, Place)> {
        match &from.kind {
            ExprKind::Query(query) => Some(((**query).clone(), place)),
            ExprKind::Path(path) => {
                let [name] = path.parts.as_slice() else { return None };
                let symbol = self.names.get(&name.node).filter(|_| self.at_hand(&name.node, place).is_none())?;
                let Symbol::Define(index) = symbol else { return None };
                match &self.names.defines.get(index)?.expr.kind {
                    ExprKind::Query(query) => Some(((**query).clone(), Place::default())),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    pub(super) fn wanted<'t>(&mut self, tree: &tree::Obligation, clauses: &Clauses<'t>) -> Option<Wanted<'t>> {
        if clauses.expect.is_none() {
            let title = format!("`{}` does not say what is expected", tree.name.node);
            let fault = Diagnostic::error(codes::E0902, tree.name.span, title, "nothing expected");
            return self.fault(fault.help("add a line such as `expect Antibiotics within 1 h`"));
        }
        clauses.expect
    }

    /// The verdict from what was expected, with the clauses that limit and excuse it.
    pub(super) fn judgement(
        &mut self,
        clauses: &Clauses<'_>,
        trigger: Expr,
        expected: Expected,
        place: Place,
    ) -> Option<Judged> {
        let mut applies = Vec::new();
        for when in &clauses.applies {
            applies.push(self.condition(when, place)?);
        }
        applies.extend(self.in_force());
        applies.extend(expected.applies);
        if trigger.shape.optional {
            applies.push(present(&trigger));
        }
        let mut tests = Vec::new();
        for (when, _) in &clauses.excused {
            tests.push(self.condition(when, place)?);
        }
        let count = i64::try_from(tests.len()).unwrap_or(62);
        let excuse = Expr { op: Op::FirstYes(tests), shape: Shape::set(count + 1) };
        let excuse = self.kept(excuse, place);
        let excused = if count == 0 {
            Expr { op: Op::Constant(0), shape: Shape::YES_NO }
        } else {
            yes_no(Op::OneOf(Box::new(excuse.clone()), (1 << count) - 1))
        };
        let verdict = VerdictOf {
            applies: all(applies),
            excused,
            happened: expected.happened,
            in_time: expected.in_time,
            passed: expected.passed,
        };
        Some(Judged { verdict, trigger, due: expected.due, done: expected.done, excuse })
    }

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
        let due = self.due(wanted, &start.trigger, place, &mut applies)?;
        let kind = self.first_of(wanted.query)?;
        let mut conditions = vec![self.filter(wanted.query, kind, place)?];
        if clauses.earlier != Some(true) {
            conditions.push(self.not_before(&start.trigger));
        }
        conditions.extend(self.another_than(start, kind));
        if wanted.negated {
            let due = self.outside(due.clone());
            conditions.extend(self.by(wanted, at(), due));
        }
        let done = question(Function::First, kind, all(conditions), at(), at().shape.or_none());
        let done = self.kept(done, place);
        Some(self.outcome(wanted, due, done, applies))
    }

    /// At or after the trigger.
    fn not_before(&mut self, trigger: &Expr) -> Expr {
        at_most(self.outside(assume(trigger.clone())), at())
    }

    /// Not the event that it is expected from.
    fn another_than(&mut self, start: &Start, kind: usize) -> Option<Expr> {
        let (_, place) = start.event.as_ref().filter(|(kinds, _)| kinds.contain(kind))?;
        Some(self.elsewhere(place.clone()))
    }

    /// At another place in the order of the case.
    fn elsewhere(&mut self, place: Expr) -> Expr {
        not(yes_no(Op::Equal(Box::new(order()), Box::new(self.outside(place)))))
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

    /// What follows from when it was done. `expect no …` turns it round: done by the deadline is missed, and only the deadline shows that
    /// it was met.
    pub(super) fn outcome(&mut self, wanted: Wanted<'_>, due: Expr, done: Expr, applies: Vec<Expr>) -> Expected {
        let happened = present(&done);
        let now = self.as_of().expr;
        let passed = less(due.clone(), now);
        if wanted.negated {
            let kept = yes_no(Op::And(vec![passed, not(happened.clone())]));
            return Expected { due, done, happened: kept, in_time: yes(), passed: happened, applies };
        }
        let in_time = self.by(wanted, assume(done.clone()), due.clone()).unwrap_or_else(yes);
        Expected { due, done, happened, in_time, passed, applies }
    }

    /// The deadline as an instant; without one the end of the case, none until it comes.
    fn due(&mut self, wanted: Wanted<'_>, trigger: &Expr, place: Place, applies: &mut Vec<Expr>) -> Option<Expr> {
        let due = match wanted.deadline {
            None => self.over.clone().unwrap_or(Expr { op: Op::None, shape: trigger.shape.or_none() }),
            Some(Deadline::Before(_)) => Expr { op: Op::None, shape: trigger.shape.or_none() },
            Some(Deadline::Within(length)) => {
                let length = self.expr(length, Some(&Type::Duration), place)?;
                self.due_within(wanted, trigger, length, place, applies)?
            }
            Some(Deadline::ByClock { time, days }) => {
                let time = self.expr(time, Some(&Type::TimeOfDay), place)?;
                let time = self.fit(time, &Type::TimeOfDay, wanted.span)?;
                let date = self.local_date(trigger.clone());
                let date = self.plus_days(date, constant(i64::from(*days)));
                self.instant_on(date, time.expr)
            }
            Some(Deadline::By(instant)) => {
                let due = self.instant(instant, place)?;
                applies.extend(due.shape.optional.then(|| present(&due)));
                due
            }
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
        let date = self.local_date(trigger.clone());
        let last = match unit.as_str() {
            "calendar day" | "calendar days" => self.plus_days(date, length.expr),
            "working day" | "working days" => self.plus_working_days(date, length.expr),
            _ => return self.wrong_type(&length.ty, &Type::Duration, wanted.span),
        };
        let next = self.plus_days(last, constant(1));
        let midnight = self.instant_on(next, constant(0));
        Some(self.shifted(midnight, constant(1), false))
    }

    pub(super) fn local_date(&mut self, instant: Expr) -> Expr {
        let shape = instant.shape;
        let shape = Shape { low: shape.low.div_euclid(DAY), high: shape.high.div_euclid(DAY) + 1, ..shape };
        Expr { op: Op::LocalDate(Box::new(instant)), shape }
    }

    fn plus_days(&mut self, date: Expr, days: Expr) -> Expr {
        self.shifted(date, days, true)
    }

    pub(super) fn plus_working_days(&mut self, date: Expr, count: Expr) -> Expr {
        self.uses_working_days();
        let most = count.shape.high.clamp(0, crate::values::working_days::MOST);
        let optional = date.shape.optional || count.shape.optional;
        let shape = Shape { optional, ..Shape::range(date.shape.low, date.shape.high + 2 * most + 100) };
        Expr { op: Op::AddWorkingDays(Box::new(date), Box::new(count)), shape }
    }

    pub(super) fn instant_on(&mut self, date: Expr, time: Expr) -> Expr {
        let (x, y) = (date.shape, time.shape);
        let shape = Shape {
            optional: x.optional || y.optional,
            ..Shape::range(instant_on(x.low, y.low), instant_on(x.high, y.high))
        };
        Expr { op: Op::InstantOn(Box::new(date), Box::new(time)), shape }
    }

    /// `expect EVENT before OTHER`: the other event's place in the order is the deadline, and nothing is due until it happens. What was
    /// done before a trigger counts unless it is said that it does not.
    fn expected_before(
        &mut self,
        clauses: &Clauses<'_>,
        wanted: Wanted<'_>,
        before: &tree::Query,
        start: Option<&Start>,
        place: Place,
    ) -> Option<Expected> {
        let kind = self.first_of(wanted.query)?;
        let mut conditions = vec![self.filter(wanted.query, kind, place)?];
        if let Some(start) = start {
            conditions.extend((clauses.earlier == Some(false)).then(|| self.not_before(&start.trigger)));
            conditions.extend(self.another_than(start, kind));
        }
        let function = self.which(before)?;
        let later_kind = self.event_kind(before)?;
        let later_filter = self.filter(before, later_kind, place)?;
        let time = at().shape.or_none();
        let due = question(function, later_kind, later_filter.clone(), at(), time);
        let later_place = question(function, later_kind, later_filter, order(), order().shape.or_none());
        let (due, later_place) = (self.kept(due, place), self.kept(later_place, place));
        conditions.extend((kind == later_kind).then(|| self.elsewhere(later_place.clone())));
        if wanted.negated {
            conditions.push(less(order(), self.outside(assume(later_place.clone()))));
        }
        let done = question(Function::First, kind, all(conditions.clone()), at(), time);
        let done = self.kept(done, place);
        let applies = start.map(|_| present(&due)).into_iter().collect();
        let happened = present(&done);
        if wanted.negated {
            return Some(Expected { due, done, happened: not(happened), in_time: yes(), passed: yes(), applies });
        }
        let own_place = question(Function::First, kind, all(conditions), order(), order().shape.or_none());
        let own_place = self.kept(own_place, place);
        let in_time = less(assume(own_place), assume(later_place));
        Some(Expected { due, done, happened, in_time, passed: yes(), applies })
    }

    /// The kind of event that is expected: the first such event counts, and no other may be asked for.
    fn first_of(&mut self, query: &tree::Query) -> Option<usize> {
        if let Some(function) = query.function.as_ref().filter(|f| f.node != "first") {
            let title = format!("an obligation is met by the first such event, not by `{}`", function.node);
            return self.error(codes::E0313, query.span, title, "leave it out");
        }
        self.event_kind(query)
    }

    /// `first` or `last` of the event that something is expected before.
    fn which(&mut self, query: &tree::Query) -> Option<Function> {
        match query.function.as_ref().map(|f| f.node.as_str()) {
            None | Some("first") => Some(Function::First),
            Some("last" | "latest") => Some(Function::Last),
            Some(other) => self.error(
                codes::E0313,
                query.span,
                format!("nothing is expected before `{other}` of events"),
                "first or last",
            ),
        }
    }
}
