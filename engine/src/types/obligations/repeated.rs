//! Repeated obligations: one verdict for each occurrence, counted, and the worst of them as the verdict on the case.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{
    Alternative, CellId, DueBy, Expr, Function, Kinds, MAX_EVENTS, Obligation, Op, Query, Shape, Verdict,
};
use crate::syntax::tree::{self, ClauseKind, Path};
use crate::text::Span;
use crate::types::expressions::at_hand::AtHand;
use crate::types::expressions::terms::{all, at, at_most, hull, not, order, yes, yes_no};
use crate::types::obligations::clause::Clauses;
use crate::types::obligations::judged_event::JudgedEvent;
use crate::types::obligations::of_verdict;
use crate::types::obligations::start::Start;
use crate::types::obligations::verdict::Judged;
use crate::types::{Builder, Place};
use crate::values::types::Type;

/// An occurrence that is judged: an event of some kinds where the filter holds.
pub(super) struct Occurrence {
    pub kinds: Kinds,
    pub filter: Expr,
    pub judged: Judged,
}

/// An occurrence, as the queries over it look it up.
struct Found {
    kinds: Kinds,
    filter: Expr,
    verdict: Expr,
    /// Trigger, deadline, when it was done, excuse.
    shown: [Expr; 4],
    due_by: DueBy,
}

impl Builder<'_> {
    pub(super) fn repeated(
        &mut self,
        tree: &tree::Obligation,
        clauses: &Clauses<'_>,
        how: &ClauseKind,
        span: Span,
    ) -> Option<Obligation> {
        self.plan.uses_as_of();
        let occurrences = match how {
            ClauseKind::ForEach(query) => vec![self.for_each(tree, clauses, query)?],
            ClauseKind::ForEachDay { query, whole } => vec![self.for_each_day(tree, clauses, query, *whole)?],
            ClauseKind::ForEachPeriod(clock) => vec![self.for_each_period(tree, clauses, clock)?],
            ClauseKind::Every { interval, from, until } => {
                self.every(tree, clauses, interval, from.as_ref().or(clauses.from), until.as_ref(), span)?
            }
            _ => return None,
        };
        let found: Vec<Found> = occurrences.into_iter().map(|occurrence| self.found(occurrence)).collect();
        if let (ClauseKind::ForEach(query) | ClauseKind::ForEachDay { query, .. }, [of_each]) = (how, found.as_slice())
            && let Some(kind) = of_each.kinds.only()
        {
            let by_now = at_most(at(), self.as_of().expr);
            self.judged_events.push(JudgedEvent {
                obligation: tree.name.node.clone(),
                kind,
                alias: query.alias.as_ref().map(|alias| alias.node.clone()),
                among: all(vec![of_each.filter.clone(), by_now]),
                verdict: of_each.verdict.clone(),
                shown: of_each.shown.clone(),
                due_by: of_each.due_by,
            });
        }
        Some(self.counted(&found))
    }

    /// `for each first Fall`: each of them is judged.
    pub(super) fn all_of_them(&mut self, query: &tree::Query) -> Option<()> {
        match &query.function {
            Some(function) => {
                let title = format!("each such event is judged, not `{}` of them", function.node);
                self.error(codes::E0313, query.span, title, "leave it out")
            }
            None => Some(()),
        }
    }

    fn for_each(&mut self, tree: &tree::Obligation, clauses: &Clauses<'_>, query: &tree::Query) -> Option<Occurrence> {
        self.all_of_them(query)?;
        let (kinds, filter) = self.chosen(query, Place::default())?;
        let place = self.inside(query, kinds, Place::default())?;
        self.given_where(&filter, place);
        let wanted = self.wanted(tree, clauses)?;
        let start = match clauses.from {
            Some(from) => {
                let start = self.start(from, wanted, place)?;
                let own = start.event.is_none() && self.is_own(from, &start.trigger, place);
                Start { event: if own { Some((kinds, order())) } else { start.event }, ..start }
            }
            None => Start { trigger: at(), event: Some((kinds, order())), begun_by: Vec::new(), is_day: false },
        };
        let expected = self.expected(clauses, wanted, &start, place)?;
        let judged = self.judgement(clauses, start.trigger, expected, place)?;
        Some(Occurrence { kinds, filter, judged })
    }

    fn for_each_period(&mut self, tree: &tree::Obligation, clauses: &Clauses<'_>, path: &Path) -> Option<Occurrence> {
        let period = self.periods(path)?;
        let wanted = self.wanted(tree, clauses)?;
        let place = self.enter(Place::default(), AtHand::Made(period.kinds, period.names.clone()), None, path.span)?;
        let trigger = period.start.clone();
        let expected = if wanted.query.events.name() == Some("stop") {
            self.only_the_stop(wanted, path)?;
            let Some(tree::Deadline::Within(length)) = wanted.deadline else {
                let title = "a clock's stop must be expected within a time";
                return self.error(codes::E0912, wanted.span, title, "how long?");
            };
            let mut applies = Vec::new();
            // A clock measures time that runs: its days are of 24 hours each, and a pause takes off as much as it lasted.
            let length = self.expr(length, Some(&Type::Duration), place)?;
            let from = self.later_by(&trigger, &period.paused);
            let (due, due_by) = self.due_within(wanted, &from, length, place, &mut applies)?;
            let due = self.kept(due, place);
            if due_by == DueBy::WorkingDay && period.paused.is_some() {
                self.warn_of_working_days(wanted.span);
            }
            // One that is dated before the start is none of this period.
            let stop = if period.dated { since(period.stop.clone(), &trigger) } else { period.stop.clone() };
            let done = if wanted.negated { until(stop, &due) } else { stop };
            self.outcome(wanted, (due, due_by), done, applies)
        } else {
            let event = Some((period.kinds, order()));
            let start = Start { trigger: trigger.clone(), event, begun_by: Vec::new(), is_day: false };
            self.expected(clauses, wanted, &start, place)?
        };
        let judged = self.judgement(clauses, trigger, expected, place)?;
        Some(Occurrence { kinds: period.kinds, filter: period.filter, judged })
    }

    /// A hold moves the start by as long as it lasted, and from there working days are counted: which of them were on hold has no part in it.
    fn warn_of_working_days(&mut self, span: Span) {
        let title = "a hold moves this deadline by as long as it lasted, and not by the working days on hold";
        let fault = Diagnostic::warning(codes::W0604, span, title, "working days, of a clock that is paused");
        self.faults.push(fault.help("say it in `calendar days`, or in `h` of the time that runs; where it must be working days, let no line pause the clock"));
    }

    fn later_by(&mut self, start: &Expr, paused: &Option<Expr>) -> Expr {
        match paused {
            Some(paused) => self.shifted(start.clone(), paused.clone(), true),
            None => start.clone(),
        }
    }

    /// Counts the verdicts, takes the worst, and shows the first occurrence that has it.
    fn counted(&mut self, found: &[Found]) -> Obligation {
        let counts = Verdict::ALL.map(|verdict| {
            let is = |o: &Found| yes_no(Op::OneOf(Box::new(o.verdict.clone()), 1 << verdict as u64));
            self.plan.store(asked(found, Function::Count, is, |_| yes(), Shape::range(0, MAX_EVENTS)))
        });
        let worst = self.worst(counts, found);
        let verdict = self.plan.store(worst);
        let overall = self.plan.load(verdict);
        let same = |o: &Found| yes_no(Op::SameChoice(Box::new(o.verdict.clone()), Box::new(overall.clone())));
        let mut shown = |part: usize| {
            let part = |o: &Found| o.shown.get(part).cloned().unwrap_or_else(at);
            let shape = found.iter().map(|o| part(o).shape.or_none()).reduce(hull);
            let first = asked(found, Function::First, same, part, shape.unwrap_or(at().shape.or_none()));
            self.plan.store(first)
        };
        let (trigger, due, done, excuse) = (shown(0), shown(1), shown(2), shown(3));
        let due_by = DueBy::of_all(found.iter().map(|o| o.due_by));
        Obligation { trigger, due, due_by, done, excuse, counts: Some(counts), ..of_verdict(verdict) }
    }

    /// The parts of an occurrence, each worked out once for each event.
    fn found(&mut self, occurrence: Occurrence) -> Found {
        let Occurrence { kinds, filter, judged } = occurrence;
        let due_by = judged.due_by;
        let filter = self.kept_for_each(kinds, filter);
        let verdict = self.kept_for_each(kinds, judged.verdict);
        let shown =
            [judged.trigger, judged.due, judged.done, judged.excuse].map(|part| self.kept_for_each(kinds, part));
        Found { kinds, filter, verdict, shown, due_by }
    }

    /// Missed before late before open before met before excused; not applicable where nothing occurred. Where none of the others is, all
    /// are excused, so any of them answers; and where one certainly occurred, that nothing did is not possible.
    fn worst(&mut self, counts: [CellId; 6], occurrences: &[Found]) -> Expr {
        use Verdict as V;
        let shape = Shape::set(6);
        let choice = |v: Verdict| Expr { op: Op::Choice(v as u8), shape };
        let applies = |o: &Found| not(yes_no(Op::OneOf(Box::new(o.verdict.clone()), 1 << V::NotApplicable as u64)));
        let excused = asked(occurrences, Function::First, applies, |o| o.verdict.clone(), shape.or_none());
        let otherwise = Op::Else(Box::new(excused), Box::new(choice(V::NotApplicable)));
        let [_, _, met, late, missed, open] = counts;
        let mildest_first = [(V::Met, met), (V::Open, open), (V::Late, late), (V::Missed, missed)];
        mildest_first.into_iter().fold(Expr { op: otherwise, shape }, |otherwise, (verdict, count)| {
            let count = self.plan.load(count);
            let some = yes_no(Op::Within(Box::new(count), 1, MAX_EVENTS));
            Expr { op: Op::If(Box::new(some), Box::new(choice(verdict)), Box::new(otherwise)), shape }
        })
    }
}

/// An instant that is not after another; none where it is.
fn until(instant: Expr, last: &Expr) -> Expr {
    let shape = instant.shape.or_none();
    let in_time = Box::new(at_most(instant.clone(), last.clone()));
    Expr { op: Op::If(in_time, Box::new(instant), Box::new(Expr { op: Op::None, shape })), shape }
}

/// An instant that is not before another; none where it is.
fn since(instant: Expr, first: &Expr) -> Expr {
    let shape = instant.shape.or_none();
    let in_time = Box::new(at_most(first.clone(), instant.clone()));
    Expr { op: Op::If(in_time, Box::new(instant), Box::new(Expr { op: Op::None, shape })), shape }
}

/// A query over all occurrences.
fn asked(
    occurrences: &[Found],
    function: Function,
    and: impl Fn(&Found) -> Expr,
    value: impl Fn(&Found) -> Expr,
    shape: Shape,
) -> Expr {
    let alternatives = occurrences
        .iter()
        .map(|o| Alternative { kinds: o.kinds, filter: all(vec![o.filter.clone(), and(o)]), value: value(o) })
        .collect();
    Expr { op: Op::Query(Box::new(Query { function, alternatives })), shape }
}
