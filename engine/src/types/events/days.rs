//! Lengths in days: `28 calendar days`, `3 working days` and `1 month` end with a day, `672 h` to the millisecond.

use crate::plan::{Call, DueBy, Expr};
use crate::syntax::tree;
use crate::text::Span;
use crate::types::expressions::terms::{at, at_most, constant};
use crate::types::expressions::which_days::Used;
use crate::types::{Builder, Place};
use crate::values::types::Type;

/// Which days count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::types) enum Days {
    /// Every day.
    Calendar,
    /// Not weekends or England's bank holidays.
    Working,
    /// Whole months; of a month without such a day its last.
    Months,
}

impl Days {
    /// Days of a unit that counts whole ones.
    pub fn of(unit: &str) -> Option<Days> {
        match unit {
            "calendar day" | "calendar days" => Some(Days::Calendar),
            "working day" | "working days" => Some(Days::Working),
            "month" | "months" => Some(Days::Months),
            _ => None,
        }
    }

    /// What a deadline falls on that is so many of them away.
    pub fn due_by(self) -> DueBy {
        match self {
            Days::Calendar | Days::Months => DueBy::Day,
            Days::Working => DueBy::WorkingDay,
        }
    }
}

/// The length of a window.
pub(super) enum Length {
    /// Milliseconds.
    Elapsed(Expr),
    /// So many days, whole ones.
    Days(Expr, Days),
}

impl Length {
    /// How long, or how many days.
    pub fn expr(&self) -> &Expr {
        match self {
            Length::Elapsed(length) => length,
            Length::Days(count, _) => count,
        }
    }
}

impl Builder<'_> {
    /// Refuses more days than are counted.
    pub(in crate::types) fn countable(&mut self, count: &Expr, days: Days, span: Span) -> Option<()> {
        if days == Days::Working { self.so_many_working_days(count, span) } else { Some(()) }
    }

    /// The length of a window.
    pub(super) fn length(&mut self, tree: &tree::Expr, place: Place) -> Option<Length> {
        self.one_kind_of_days(tree, Used::Length, place)?;
        let typed = self.expr(tree, Some(&Type::Duration), place)?;
        self.not_in_years(&typed, tree.span)?;
        if let Type::Number { places: 0, unit: Some(unit) } = &typed.ty
            && let Some(days) = Days::of(unit)
        {
            self.countable(&typed.expr, days, tree.span)?;
            return Some(Length::Days(typed.expr, days));
        }
        Some(Length::Elapsed(self.fit(typed, &Type::Duration, tree.span)?.expr))
    }

    /// The last millisecond of the day in London so many days after that of an instant, which is day 0.
    pub(in crate::types) fn end_of_day_after(&mut self, instant: Expr, count: Expr, days: Days) -> Expr {
        let date = Call::LocalDate.of(vec![instant]);
        let last = match days {
            Days::Calendar => self.plus_days(date, count),
            Days::Working => self.plus_working_days(date, count),
            Days::Months => Call::MonthsAfter.of(vec![date, count]),
        };
        self.end_of_day(last)
    }

    /// The last millisecond in London of a date.
    pub(in crate::types) fn end_of_day(&mut self, date: Expr) -> Expr {
        let next = self.plus_days(date, constant(1));
        let midnight = Call::InstantOn.of(vec![next, constant(0)]);
        self.shifted(midnight, constant(1), false)
    }

    /// Whether the event asked about is no more than so many days before an instant, whose day is day 0.
    pub(super) fn days_before(&mut self, instant: Expr, count: Expr, days: Days) -> Expr {
        let (day, own) = (Call::LocalDate.of(vec![instant]), Call::LocalDate.of(vec![at()]));
        let (day, count) = (self.outside(day), self.outside(count));
        let last = match days {
            Days::Calendar => self.plus_days(own, count),
            Days::Working => self.plus_working_days(own, count),
            Days::Months => Call::MonthsAfter.of(vec![own, count]),
        };
        at_most(day, last)
    }
}
