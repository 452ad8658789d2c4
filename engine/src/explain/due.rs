//! Deadlines and lateness as people say them: what is due by a day is due on it, and late by days.

use super::judged;
use crate::evaluate::{Outcome, Value};
use crate::plan::{AnswerKind, DueBy, Obligation, Plan, Verdict};
use crate::values::calendar::{local_date, show_day, show_local_instant};
use crate::values::types::duration;
use crate::values::working_days;

/// How late something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lateness {
    /// Milliseconds after the deadline, where it is known when it was done, and not its day alone.
    pub elapsed: Option<i64>,
    /// Where the deadline is a day, the days after it.
    pub days: Option<DaysLate>,
}

/// Days in London after the day on which something was due, the day on which it was done included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaysLate {
    /// All of them.
    pub calendar: i64,
    /// The working days among them, where the deadline counts those.
    pub working: Option<i64>,
}

impl Lateness {
    /// How late what was due by then was done.
    #[must_use]
    pub fn of(by: DueBy, due: i64, done: i64, holidays: &[i64]) -> Lateness {
        Lateness { elapsed: Some(done - due), days: days_late(by, due, done, holidays) }
    }

    /// How late what was due by a day was done, where of when only the day is certain: that is the same whatever the hour.
    pub(super) fn of_day(by: DueBy, due: i64, done: &Value, holidays: &[i64]) -> Option<Lateness> {
        let is_one_day = done.may_be_some && !done.may_be_none && local_date(done.low) == local_date(done.high);
        let days = days_late(by, due, done.low, holidays).filter(|_| is_one_day)?;
        Some(Lateness { elapsed: None, days: Some(days) })
    }

    /// In words: `1 h 30 min`, `1 calendar day`, `2 working days`. What is late by no working day yet is so by calendar days.
    #[must_use]
    pub fn text(self) -> String {
        match self.days {
            // Without days, an instant passed by so long.
            None => self.elapsed.map(duration).unwrap_or_default(),
            Some(DaysLate { working: Some(working @ 1..), .. }) => days(working, "working"),
            Some(DaysLate { calendar, .. }) => days(calendar, "calendar"),
        }
    }
}

/// The days after what was due by a day; none where that is an instant.
fn days_late(by: DueBy, due: i64, done: i64, holidays: &[i64]) -> Option<DaysLate> {
    let (last, done) = (due_on(by, due)?, local_date(done));
    let working = (by == DueBy::WorkingDay).then(|| working_days::between(last, done, holidays));
    Some(DaysLate { calendar: done - last, working })
}

/// `1 calendar day`, `2 working days`.
pub(super) fn days(count: i64, which: &str) -> String {
    format!("{count} {which} day{}", if count == 1 { "" } else { "s" })
}

/// The day, since 1970, on which something is due; none where that is an instant.
#[must_use]
pub fn due_on(by: DueBy, due: i64) -> Option<i64> {
    matches!(by, DueBy::Day | DueBy::WorkingDay).then(|| local_date(due))
}

/// A deadline in words: `2026-01-05 10:00`, `29 January 2026`.
#[must_use]
pub fn due_in_words(by: DueBy, due: i64) -> String {
    due_on(by, due).map_or_else(|| show_local_instant(due), show_day)
}

/// What the deadline of an obligation falls on in a case: of a bundle what that of the part falls on which is due first.
pub(super) fn due_by(plan: &Plan, outcome: &Outcome, obligation: &Obligation) -> DueBy {
    if obligation.due_by != DueBy::Part {
        return obligation.due_by;
    }
    let due = |of: &Obligation| outcome.only(plan, of.due)?.value();
    let whole = due(obligation);
    let parts = obligation.members.iter().filter_map(|member| plan.answers.get(member.answer?));
    let mut parts = parts.filter_map(|answer| match &answer.kind {
        AnswerKind::Obligation(of) => Some(of),
        _ => None,
    });
    let first = parts.find(|of| outcome.verdict(plan, of) == Some(Verdict::Open) && due(of) == whole);
    first.map_or(DueBy::Instant, |of| due_by(plan, outcome, of))
}

/// When an obligation is due, and in words for what lies before it: `2026-01-05 10:00`, `the end of 29 January 2026`.
pub(super) fn until(plan: &Plan, outcome: &Outcome, obligation: &Obligation) -> Option<(i64, String)> {
    let judged = judged(plan, outcome, obligation);
    let end = if judged.due_on().is_some() { "the end of " } else { "" };
    Some((judged.due?, format!("{end}{}", judged.due_text()?)))
}
