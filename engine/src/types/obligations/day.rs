//! `for each day of Stay expect Review`: a stay is judged by the worst of its days.
//!
//! Days are not listed: the first day without what is expected is found from the events themselves, however long the stay is; see
//! [`super::gap`].

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Call, DueBy, Expr, Function, Kinds, Op, Shape};
use crate::syntax::tree;
use crate::types::expressions::moments::or_else;
use crate::types::expressions::terms::{all, assume, at, at_most, constant, less, not, present, query_of, yes, yes_no};
use crate::types::obligations::clause::{Clauses, Wanted};
use crate::types::obligations::deadline::Expected;
use crate::types::obligations::repeated::Occurrence;
use crate::types::package::lasting::INSTANT;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

/// The days of the current event that are judged, as dates in London, and when it is over.
pub(super) struct JudgedDays {
    pub first: Expr,
    pub last: Expr,
    /// When it is over; `as of` while it goes on.
    pub until: Expr,
    /// When it is over; none while it goes on.
    end: Expr,
    /// Whether only days that lie in it from midnight to midnight are judged.
    pub whole: bool,
}

/// What is expected on each of them: its kinds and, of such an event with the stay outside it, whether it is one, and one in the stay.
pub(super) struct OnDays {
    pub kinds: Kinds,
    pub wanted: Expr,
    pub belongs: Expr,
}

impl OnDays {
    /// What is on a whole day is in the stay, and that the stay goes on so far is asked once, of the day.
    pub fn new(kinds: Kinds, wanted: Expr, days: &JudgedDays) -> OnDays {
        let in_stay = [at_most(at().inside(), at()), at_most(at(), days.until.clone().inside())];
        let in_stay = in_stay.into_iter().filter(|_| !days.whole);
        let belongs = all([wanted.clone()].into_iter().chain(in_stay).collect());
        OnDays { kinds, wanted, belongs }
    }
}

impl Builder<'_> {
    pub(super) fn for_each_day(
        &mut self,
        tree: &tree::Obligation,
        clauses: &Clauses<'_>,
        query: &tree::Query,
        whole: bool,
    ) -> Option<Occurrence> {
        self.all_of_them(query)?;
        let (kinds, filter) = self.chosen(query, Place::default())?;
        self.days_are_there(kinds, query)?;
        let place = self.inside(query, kinds, Place::default())?;
        let wanted = self.wanted(tree, clauses)?;
        self.one_each_time(wanted.query)?;
        let days = self.judged_days(kinds, whole, place);
        let (of, filter_of_wanted) = self.chosen(wanted.query, place)?;
        let one = self.kept_for_each(of, filter_of_wanted);
        let on_days = OnDays::new(of, one, &days);
        let expected = if wanted.negated {
            self.none_on(&days, &on_days, place)
        } else {
            self.one_on_each(wanted, &days, &on_days, place)?
        };
        let judged = self.judgement(clauses, at(), expected, place)?;
        Some(Occurrence { kinds, filter, judged })
    }

    /// Only what has an end as well as a start has days.
    fn days_are_there(&mut self, kinds: Kinds, query: &tree::Query) -> Option<()> {
        if kinds.places().all(|kind| self.lasts(kind)) {
            return Some(());
        }
        let name = self.context.words(query.events.span).to_owned();
        let title = format!("`{name}` is at one instant, and has no days");
        let fault = Diagnostic::error(codes::E0930, query.events.span, title, "not an event that lasts");
        self.fault(fault.help("declare it with a start and an end: `event Stay : span`; or judge each such event by itself: `for each Fall`"))
    }

    /// The days that an event lasts into, up to `as of`; of whole days those that lie in it from midnight to midnight.
    fn judged_days(&mut self, kinds: Kinds, whole: bool, place: Place) -> JudgedDays {
        let until = self.until_of_any(kinds);
        let until = self.kept(until, place);
        let none = Expr { op: Op::None, shape: INSTANT.or_none() };
        let end = self.end_of_any(kinds, &none);
        let end = self.kept(end, place);
        // No event ends before it starts: what is not known of a start is not after the end.
        let start = Expr { op: Op::Lowest(vec![at(), until.clone()]), shape: INSTANT };
        let (first, last) = if whole {
            let before = self.shifted(start, constant(1), false);
            let first = self.plus_days(Call::LocalDate.of(vec![before]), constant(1));
            (first, self.shifted(Call::LocalDate.of(vec![until.clone()]), constant(1), false))
        } else {
            // An end at midnight is no part of that day; while it goes on, the day of `as of` is one of them from its first moment.
            let before = self.shifted(end.clone(), constant(1), false);
            let last = or_else(before, &self.as_of().expr);
            (Call::LocalDate.of(vec![start]), Call::LocalDate.of(vec![last]))
        };
        JudgedDays { first: self.kept(first, place), last: self.kept(last, place), until, end, whole }
    }

    /// The last moment of a day on which something can still be done: that of the day or, where that is earlier, of the event.
    fn due_on(&mut self, day: Expr, days: &JudgedDays, place: Place) -> Expr {
        let midnight = self.end_of_day(day);
        let end = or_else(days.end.clone(), &midnight);
        let shape = Shape { optional: false, ..midnight.shape };
        self.kept(Expr { op: Op::Lowest(vec![midnight, end]), shape }, place)
    }

    /// Something on each day: kept so far where no day is without it; the first day that is shows whether there is time left.
    fn one_on_each(
        &mut self,
        wanted: Wanted<'_>,
        days: &JudgedDays,
        on_days: &OnDays,
        place: Place,
    ) -> Option<Expected> {
        let first_without = self.first_without(days, on_days);
        // Too deep a filter is told here, as with any other query.
        let first_without = Typed { expr: first_without, ty: Type::Date };
        let first_without = self.once_for_each(first_without, wanted.span, place)?.expr;
        let first_without = self.kept(first_without, place);
        let goes_so_far = self.kept(any_so_late(on_days, &days.last), place);
        let happened = all(vec![not(present(&first_without)), goes_so_far]);
        let happened = self.kept(happened, place);
        let due = self.due_on(or_else(first_without.clone(), &days.last), days, place);
        let missed_on = self.due_on(assume(first_without), days, place);
        let last = between(on_days, days, Function::Last);
        let none = Expr { op: Op::None, shape: last.shape };
        let shape = last.shape;
        let done = Op::If(Box::new(happened.clone()), Box::new(last), Box::new(none));
        let done = self.kept(Expr { op: done, shape }, place);
        // Done today, it is not open: if it was too late for the stay, that was over before.
        let done_today = self.done_today(on_days);
        let passed = yes_no(Op::Or(vec![less(missed_on, self.as_of().expr), self.kept(done_today, place)]));
        let applies = vec![at_most(days.first.clone(), days.last.clone())];
        Some(Expected { due, due_by: DueBy::Day, done, happened, in_time: yes(), passed, applies, forbidden: false })
    }

    /// Whether there is one on the day of `as of`, since the stay began.
    fn done_today(&mut self, on_days: &OnDays) -> Expr {
        let today = Call::LocalDate.of(vec![self.as_of().expr]);
        let today = self.outside(today);
        any_since_start(on_days, at_most(today, Call::LocalDate.of(vec![at()])))
    }

    /// None on any day: the first is a miss, and only the end of the last day shows that there was none.
    fn none_on(&mut self, days: &JudgedDays, on_days: &OnDays, place: Place) -> Expected {
        let last = self.due_on(days.last.clone(), days, place);
        let done = between(on_days, days, Function::First);
        let done = self.kept(done, place);
        let over = less(last, self.as_of().expr);
        let shown = Call::LocalDate.of(vec![done.clone()]);
        let due = self.due_on(or_else(shown, &days.last), days, place);
        // Where days are judged at all, the first of them is.
        let on_first = self.kept(any_on(on_days, days.first.clone()), place);
        let kept = all(vec![over, not(present(&done)), not(on_first)]);
        // With one since it began nothing is open: either that was in the stay, or the stay was over before.
        let passed = yes_no(Op::Or(vec![present(&done), self.kept(any_since_start(on_days, yes()), place)]));
        let applies = vec![at_most(days.first.clone(), days.last.clone())];
        Expected { due, due_by: DueBy::Day, done, happened: kept, in_time: yes(), passed, applies, forbidden: false }
    }
}

/// Whether there is one on a day of the stay.
pub(super) fn any_on(on_days: &OnDays, day: Expr) -> Expr {
    let same = yes_no(Op::Equal(Box::new(Call::LocalDate.of(vec![at()])), Box::new(day.inside())));
    query_of(Function::Any, on_days.kinds, all(vec![on_days.belongs.clone(), same]), at(), Shape::YES_NO)
}

/// Whether there is one as late as the last day, in the stay or after it. Where the start is not known, that there is none shows
/// that the last day is without it.
fn any_so_late(on_days: &OnDays, last: &Expr) -> Expr {
    let late = at_most(last.clone().inside(), Call::LocalDate.of(vec![at()]));
    query_of(Function::Any, on_days.kinds, all(vec![on_days.wanted.clone(), late]), at(), Shape::YES_NO)
}

/// Whether there is one since the stay began, in it or after it, of which something more holds.
fn any_since_start(on_days: &OnDays, more: Expr) -> Expr {
    let began = at_most(at().inside(), at());
    query_of(Function::Any, on_days.kinds, all(vec![on_days.wanted.clone(), began, more]), at(), Shape::YES_NO)
}

/// When the first or the last of them was, on the days that are judged.
fn between(on_days: &OnDays, days: &JudgedDays, function: Function) -> Expr {
    let date = Call::LocalDate.of(vec![at()]);
    let from = at_most(days.first.clone().inside(), date.clone());
    let to = at_most(date, days.last.clone().inside());
    let filter = all(vec![on_days.belongs.clone(), from, to]);
    query_of(function, on_days.kinds, filter, at(), at().shape.or_none())
}
