//! What the windows of what is expected leave of it: one that lies before the trigger leaves nothing, and one that closes is no deadline.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Kinds, Op};
use crate::syntax::tree::{self, Deadline, ExprKind, Window, WindowKind};
use crate::text::Span;
use crate::types::events::days::Days;
use crate::types::obligations::clause::{Clauses, Wanted};
use crate::types::obligations::start::Start;
use crate::types::{Builder, Place};
use crate::values::calendar::DAY;
use crate::values::types::Type;

impl Builder<'_> {
    /// Looks through the windows of what is expected; `doubts` is how many there were before it was worked out.
    pub(super) fn windows_fit(
        &mut self,
        clauses: &Clauses<'_>,
        wanted: Wanted<'_>,
        (start, doubts): (&Start, usize),
        place: Place,
    ) -> Option<()> {
        let earlier = clauses.earlier.is_some_and(|(counts, _)| counts);
        for window in &wanted.query.windows {
            let back = matches!(window.kind, WindowKind::WithinBefore(..) | WindowKind::Until(_));
            if back && !earlier && self.is_trigger(window.kind.end(), start, place) {
                return self.before_it_begins(wanted, window, place);
            }
        }
        let endless = wanted.deadline.is_none() && self.over.is_none();
        if let Some(window) = wanted.query.windows.iter().find(|window| endless && window.kind.closes()) {
            self.no_deadline(wanted, window, start, place);
        }
        let by_where = endless && !wanted.query.windows.iter().any(|window| window.kind.closes());
        self.asked_when_fits(clauses, wanted, (start, by_where), place)?;
        self.where_it_never_ends(wanted, doubts, endless);
        Some(())
    }

    /// Whether an end of a window is what is counted from.
    pub(super) fn is_trigger(&mut self, end: &tree::Expr, start: &Start, place: Place) -> bool {
        let (faults, doubts) = (self.faults.mark(), self.doubts());
        let end = self.instant(end, place);
        self.faults.take_back(faults);
        self.take_doubts(doubts);
        end.is_some_and(|end| self.behind(&end) == self.behind(&start.trigger))
    }

    /// `for each Warfarin expect INR within 24 h before at`: only what happens from then on counts.
    fn before_it_begins(&mut self, wanted: Wanted<'_>, window: &Window, place: Place) -> Option<()> {
        let (said, end) = (self.context.words(window.span), self.context.words(window.kind.end().span));
        let title = format!("`{said}` lies before what this is counted from");
        let label = format!("what happens from `{end}` on is never in it");
        let fault = Diagnostic::error(codes::E0925, window.span, title, label);
        let expected = self.expected_without_windows(wanted);
        let back = match &window.kind {
            WindowKind::WithinBefore(length, _) => self.so_long_before(length, &end, place),
            _ => None,
        };
        self.fault(match back {
            Some(back) => fault.help(format!(
                "count from where that time begins, with `{end}` as the deadline: `from {back}` and `expect {expected} by {end}`"
            )),
            None => fault.help(format!("leave it out, or count from an earlier time: `expect {expected} by {end}`")),
        })
    }

    /// `no Fall`, `INR where value > 2.0`
    fn expected_without_windows(&self, wanted: Wanted<'_>) -> String {
        let first = wanted.query.windows.iter().map(|window| window.span.start).min();
        // Without a window all of it is meant.
        let end = first.unwrap_or(wanted.query.span.end);
        let said = self.context.words(Span { end, ..wanted.query.span });
        if wanted.negated { format!("no {said}") } else { said }
    }

    /// The time that lies a length before an instant, as it is written; working days are not counted back.
    fn so_long_before(&mut self, length: &tree::Expr, end: &str, place: Place) -> Option<String> {
        let said = self.context.words(length.span);
        let days = match self.expr(length, Some(&Type::Duration), place)?.ty {
            Type::Number { unit: Some(unit), .. } => Days::of(&unit),
            _ => None,
        };
        match days {
            Some(Days::Working) => None,
            Some(_) => Some(format!("date of {end} - {said}")),
            None => Some(format!("{end} - {said}")),
        }
    }

    /// `expect Review within 14 h after first Admission` says which reviews count, and not by when.
    fn no_deadline(&mut self, wanted: Wanted<'_>, window: &Window, start: &Start, place: Place) {
        let (said, events) = (self.context.words(window.span), self.context.words(wanted.query.events.span));
        let never = if wanted.negated { "met" } else { "missed" };
        let title = format!("`{said}` says which `{events}` counts, and not by when: this can never be {never}");
        let fault = Diagnostic::warning(codes::W0901, window.span, title, "no deadline");
        let end = self.context.words(window.kind.end().span);
        let fault = match &window.kind {
            WindowKind::WithinAfter(length, _) => {
                let within = format!("within {}", self.context.words(length.span));
                if self.is_trigger(window.kind.end(), start, place) {
                    let rest = Span { start: length.span.end, ..window.span };
                    let last = wanted.query.windows.last().is_some_and(|last| last.span == window.span);
                    let fault = fault.help(format!("`{within}` alone is the deadline, counted from `{end}`"));
                    if last && window.if_any.is_none() { fault.edit(rest, "") } else { fault }
                } else {
                    fault.help(format!("count from there: `from {end}` and `{within}`"))
                }
            }
            WindowKind::During(_) => fault.help(
                "say by when as well, such as `within 4 h` or `by end`; what is wanted on each day of it is `for each day of` it",
            ),
            _ if wanted.negated => fault.help(format!(
                "say in the subject with which events a case ends, such as `ends with Discharge`, or how long it must not happen, such as `within 30 calendar days`; with `by {end}` it does not apply until that comes"
            )),
            _ => fault.help(format!(
                "say by when as well: `by {end}`, or in the subject with which events a case ends, such as `ends with Discharge`"
            )),
        };
        self.faults.push(fault);
    }

    /// A window whose end may be none holds no event then: of what must not happen before something that never comes, nothing would count.
    fn where_it_never_ends(&mut self, wanted: Wanted<'_>, doubts: usize, endless: bool) {
        for mut doubt in self.take_doubts(doubts) {
            let at = doubt.warning.primary.span;
            let window = wanted.query.windows.iter().find(|window| window.span == at && window.kind.closes());
            if let Some(window) = window.filter(|_| doubt.warning.code == codes::W0502) {
                if endless {
                    continue; // what is to be written there is another thing
                }
                if let WindowKind::Until(end) = &window.kind {
                    let end = self.context.words(end.span);
                    let help = format!(
                        "write `until ({end} else as of)` where all that happens meanwhile counts, or `, if any` after it where nothing does"
                    );
                    doubt.warning = doubt.warning.without_edits().help(help);
                }
            }
            self.put_doubts(vec![doubt]);
        }
    }

    /// `from born expect Examination within 72 h`: the hours would run from the midnight of the day.
    pub(super) fn no_hours_of_a_day(
        &mut self,
        clauses: &Clauses<'_>,
        wanted: Wanted<'_>,
        start: &Start,
        place: Place,
    ) -> Option<()> {
        let (Some(from), Some(Deadline::Within(length)), true) = (clauses.from, wanted.deadline, start.is_day) else {
            return Some(());
        };
        let typed = self.expr(length, Some(&Type::Duration), place)?;
        if typed.ty != Type::Duration {
            return Some(());
        }
        let (said, hours) = (self.context.words(from.span), self.context.words(length.span));
        let title = format!("`{hours}` run from an instant, and `{said}` is a date");
        let fault = Diagnostic::error(codes::E0503, length.span, title, "from which hour of the day?");
        let fault = fault.because(from.span, "a date has no time of day");
        let days = match typed.expr.op {
            Op::Constant(length) if length > 0 && length % DAY == 0 => Some(length / DAY),
            _ => None,
        };
        let days = days.map_or_else(String::new, |days| {
            let unit = if days == 1 { "calendar day" } else { "calendar days" };
            format!(", or count days: `within {days} {unit}`")
        });
        self.fault(match &from.kind {
            ExprKind::Calendar { function, arguments } if function.node == "date" => {
                let of = arguments.first().map_or_else(String::new, |of| self.context.words(of.span));
                fault.help(format!("count from the instant itself, `from {of}`{days}"))
            }
            _ => fault.help(format!("record the time as well, with the type `instant`{days}")),
        })
    }

    /// `from first Dose expect 2nd Dose`: of the doses after the first one, the second is the third of the case.
    pub(super) fn counted_from_the_case(
        &mut self,
        clauses: &Clauses<'_>,
        wanted: Wanted<'_>,
        start: &Start,
        kinds: Kinds,
    ) -> Option<()> {
        let earlier = clauses.earlier.is_some_and(|(counts, _)| counts);
        let same = start.event.as_ref().is_some_and(|(own, _)| own.meet(kinds));
        let query = wanted.query;
        let (Some(nth), Some(function), true, false) = (query.nth, &query.function, same, earlier) else {
            return Some(());
        };
        let written = self.context.words(function.span);
        let from = match clauses.from.map(|from| &from.kind) {
            Some(ExprKind::Query(from)) => match from.function.as_ref().map(|function| function.node.as_str()) {
                None | Some("first") => Some(1),
                _ => from.nth,
            },
            _ => None,
        };
        let next = from.is_some_and(|from| from.checked_add(1) == Some(nth));
        // `expect 2 Dose` says how many more, and `expect no 2nd Dose` how many more are one too many.
        if nth < 2 || wanted.negated || !written.ends_with(|c: char| c.is_ascii_alphabetic()) {
            return Some(());
        }
        let events = self.context.words(query.events.span);
        let title =
            format!("`{written} {events}` is counted from the one that this begins with, which is none of them");
        let fault = Diagnostic::error(codes::E0313, function.span, title, "so many more, or the next one?");
        let fault = if next {
            let gap = Span { end: query.events.span.start, ..function.span };
            fault.help(format!("the next one is `expect {events}`")).edit(gap, "")
        } else {
            fault.help(format!("the next one is `expect {events}`, and so many more are `expect {nth} {events}`"))
        };
        self.fault(fault)
    }
}
