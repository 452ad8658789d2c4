//! `every LENGTH from A until B`: after each occurrence the next within the length.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{DueBy, Expr, Function, Kinds, Op};
use crate::syntax::tree;
use crate::text::Span;
use crate::types::events::days::Days;
use crate::types::expressions::at_hand::AtHand;
use crate::types::expressions::one_event::is_of_one;
use crate::types::expressions::terms::{all, assume, at, at_most, less, not, order, present, query_of, yes, yes_no};
use crate::types::expressions::which_days::Used;
use crate::types::obligations::clause::Clauses;
use crate::types::obligations::deadline::Expected;
use crate::types::obligations::repeated::Occurrence;
use crate::types::obligations::verdict::Judged;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

/// What the wait from the start to the first X is made of.
struct First<'a> {
    clauses: &'a Clauses<'a>,
    interval: &'a tree::Expr,
    /// The kinds of an X, and whether an event of them is one.
    kinds: Kinds,
    is_one: Expr,
    /// What holds of each X that is judged.
    next: &'a [Expr],
    end: Option<&'a Expr>,
    span: Span,
}

impl Builder<'_> {
    /// `every D from A until B expect X`: after A (where D does not depend on an X) and after each X, the next X within D; what would be due only
    /// after the end, and was not done by then, is not judged.
    pub(super) fn every(
        &mut self,
        tree: &tree::Obligation,
        clauses: &Clauses<'_>,
        interval: &tree::Expr,
        from: Option<&tree::Expr>,
        until: Option<&tree::Expr>,
        span: Span,
    ) -> Option<Vec<Occurrence>> {
        let wanted = self.wanted(tree, clauses)?;
        let Some(from) = from else {
            return self.error(codes::E0903, span, format!("`{}` does not say from when", tree.name.node), "no `from`");
        };
        let start = self.instant(from, Place::default())?;
        let end = match until {
            Some(until) => Some(self.instant(until, Place::default())?),
            None => None,
        };
        self.one_each_time(wanted.query)?;
        self.given(&start, Place::default());
        let (kinds, filter) = self.chosen(wanted.query, Place::default())?;
        let mut window = vec![filter, at_most(start.clone(), at())];
        window.extend(end.iter().map(by_the_end));
        let place = self.enter(Place::default(), AtHand::of(kinds), None, span)?;
        let due = self.repeat_due(interval, at(), place, span)?;
        let next = window.clone();
        let mut after_this = next.clone();
        after_this.push(less(order().inside(), order()));
        let judged = self.repeat(clauses, kinds, after_this, at(), due, end.as_ref(), place)?;
        let is_one = window.first().cloned().unwrap_or_else(yes);
        let mut occurrences = vec![Occurrence { kinds, filter: all(window), judged }];
        let first = First { clauses, interval, kinds, is_one, next: &next, end: end.as_ref(), span };
        occurrences.extend(self.first_intervals(&first, from, &start)?);
        Some(occurrences)
    }

    /// The wait from the start to the first X; only where the start is an event or an instant that is recorded with one, written there or by
    /// a name, and the interval does not depend on an X. A start that is an X is counted from as each X is, and is not what is expected
    /// from itself.
    fn first_intervals(&mut self, of: &First<'_>, from: &tree::Expr, start: &Expr) -> Option<Vec<Occurrence>> {
        let Some(meant) = self.query_meant(from, Place::default()).filter(|meant| is_of_one(meant.query)) else {
            self.warn_of_the_first(of, from);
            return Some(Vec::new());
        };
        let before = self.faults.mark();
        if self.expr(of.interval, Some(&Type::Duration), Place::default()).is_none() {
            self.faults.take_back(before);
            return Some(Vec::new());
        }
        let starts = self.kinds_meant(meant)?;
        let recorded = meant.query.field.is_some();
        let event = tree::Query { field: None, ..meant.query.clone() };
        let chosen = self.order_meant(meant, &event)?;
        let chosen = self.kept(chosen, Place::default());
        let is_it = yes_no(Op::Equal(Box::new(order()), Box::new(chosen)));
        if recorded {
            let mut next = of.next.to_vec();
            if starts.meet(of.kinds) {
                next.push(not(yes_no(Op::Equal(Box::new(order().inside()), Box::new(order())))));
            }
            return Some(vec![self.first_interval(of, starts, is_it, next, start.clone())?]);
        }
        let others = (Kinds(starts.0 & !of.kinds.0), is_it.clone());
        let perhaps = (Kinds(starts.0 & of.kinds.0), all(vec![is_it, not(of.is_one.clone())]));
        let perhaps = Some(perhaps).filter(|_| of.is_one != yes());
        let starts = [Some(others), perhaps].into_iter().flatten().filter(|(kinds, _)| *kinds != Kinds::default());
        starts.map(|(kinds, filter)| self.first_interval(of, kinds, filter, of.next.to_vec(), at())).collect()
    }

    /// A wait is judged where an event begins it: nobody is told of whom nothing was done at all where none does.
    fn warn_of_the_first(&mut self, of: &First<'_>, from: &tree::Expr) {
        let [said, length] = [from, of.interval].map(|part| self.context.words(part.span));
        let events = of.clauses.expect.map_or_else(String::new, |wanted| self.context.words(wanted.query.events.span));
        let title = format!(
            "the wait from `{said}` to the first `{events}` is not judged: a case without any is `not applicable`"
        );
        let fault = Diagnostic::warning(codes::W0902, from.span, title, "no event of the case by itself");
        self.faults.push(fault.help(format!(
            "count from an event, as in `every {length} from first Admission`; or say the first wait in an obligation of its own, `from {said}` and `expect {events} within {length}`"
        )));
    }

    fn first_interval(
        &mut self,
        of: &First<'_>,
        kinds: Kinds,
        filter: Expr,
        next: Vec<Expr>,
        from: Expr,
    ) -> Option<Occurrence> {
        let place = self.enter(Place::default(), AtHand::of(kinds), None, of.span)?;
        let due = self.repeat_due(of.interval, from.clone(), place, of.span)?;
        let judged = self.repeat(of.clauses, of.kinds, next, from, due, of.end, place)?;
        Some(Occurrence { kinds, filter, judged })
    }

    fn repeat_due(&mut self, interval: &tree::Expr, from: Expr, place: Place, span: Span) -> Option<(Expr, DueBy)> {
        self.one_kind_of_days(interval, Used::Length, place)?;
        let length = self.expr(interval, Some(&Type::Duration), place)?;
        self.not_in_years(&length, interval.span)?;
        if let Type::Number { places: 0, unit: Some(unit) } = &length.ty
            && let Some(days) = Days::of(unit)
        {
            self.countable(&length.expr, days, interval.span)?;
            self.above_0(&length, interval.span)?;
            let due = self.end_of_day_after(from, length.expr, days);
            return Some((self.kept(due, place), days.due_by()));
        }
        let length = self.fit(length, &Type::Duration, span)?;
        self.above_0(&length, interval.span)?;
        let due = self.shifted(from, length.expr, true);
        Some((self.kept(due, place), DueBy::Instant))
    }

    /// What is due again after no time at all can never be kept.
    fn above_0(&mut self, length: &Typed, span: Span) -> Option<()> {
        let shape = length.expr.shape;
        if shape.low > 0 {
            return Some(());
        }
        let never = shape.high <= 0;
        let title = if never {
            "what is expected again would be due at once, and again at once"
        } else {
            "this may be 0, and what is expected again would be due at once"
        };
        let label = if never { "not above 0" } else { "may be 0" };
        let fault = Diagnostic::error(codes::E0925, span, title, label);
        self.fault(fault.help(if never {
            "say how long may lie between two of them: `every 4 h`"
        } else {
            "declare a range that begins above 0, such as `duration 15 min..24 h`; where nothing is due it is none, not 0"
        }))
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one clause")]
    fn repeat(
        &mut self,
        clauses: &Clauses<'_>,
        kinds: Kinds,
        next: Vec<Expr>,
        trigger: Expr,
        (due, due_by): (Expr, DueBy),
        end: Option<&Expr>,
        place: Place,
    ) -> Option<Judged> {
        let done = query_of(Function::First, kinds, all(next), at(), at().shape.or_none());
        let done = self.kept(done, place);
        let happened = present(&done);
        let mut applies = Vec::new();
        if due.shape.optional {
            applies.push(present(&due));
        }
        if let Some(end) = end {
            let ended = less(end.clone(), assume(due.clone()));
            applies.push(yes_no(Op::Or(vec![not(ended), happened.clone()])));
        }
        let now = self.as_of().expr;
        let expected = Expected {
            in_time: at_most(assume(done.clone()), assume(due.clone())),
            passed: less(assume(due.clone()), now),
            happened,
            due,
            due_by,
            done,
            applies,
            forbidden: false,
        };
        self.judgement(clauses, trigger, expected, place)
    }
}

/// At the very end is in time, as at the very deadline.
fn by_the_end(end: &Expr) -> Expr {
    yes_no(Op::Or(vec![yes_no(Op::IsNone(Box::new(end.clone()))), at_most(at(), end.clone())]))
}
