//! Dates that are moved: by whole days, weeks and working days, and by months.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Call, Expr, Op, Shape};
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::text::Span;
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::constant;
use crate::types::{Builder, Typed};
use crate::values::calendar::{DAY, MOST_MONTHS};
use crate::values::dimension;
use crate::values::types::Type;

/// The most days that a date is moved by: a thousand years.
const MOST_DAYS: i64 = 366_000;

/// What a date is moved by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// So many days each.
    Days(i64),
    Working,
    Months,
}

impl Step {
    fn of(unit: &str) -> Option<Step> {
        match unit {
            "calendar day" | "calendar days" => Some(Step::Days(1)),
            "working day" | "working days" => Some(Step::Working),
            "month" | "months" => Some(Step::Months),
            _ => {
                let length = dimension::milliseconds(unit)?;
                (length % DAY == 0).then_some(Step::Days(length / DAY))
            }
        }
    }
}

/// The type that a length beside a date has: `30 days` is a number of days there, and no duration.
pub(super) fn beside_a_date(length: &tree::Expr) -> Option<Type> {
    match &length.kind {
        ExprKind::Number(number) => {
            let unit = number.unit.as_ref().filter(|unit| Step::of(&unit.text).is_some())?;
            Some(Type::Number { places: number.places, unit: Some(unit.text.clone()) })
        }
        ExprKind::Negate(x) | ExprKind::If { then: x, .. } | ExprKind::Else { value: x, .. } => beside_a_date(x),
        ExprKind::Binary { left, right, .. } => beside_a_date(left).or_else(|| beside_a_date(right)),
        ExprKind::Fold { items, .. } => items.first().and_then(beside_a_date),
        _ => None,
    }
}

impl Builder<'_> {
    /// `date + 30 days`, `date - 1 month`: the date so much later or earlier.
    pub(super) fn moved_date(
        &mut self,
        op: BinaryOp,
        date: Typed,
        by: Typed,
        (span, written): (Span, Span),
    ) -> Option<Typed> {
        let step = match &by.ty {
            Type::Number { places: 0, unit: Some(unit) } => Step::of(unit),
            _ => None,
        };
        let later = op == BinaryOp::Add;
        let Some(step) = step.filter(|step| later || *step != Step::Working) else {
            return self.not_by_that(&by, later, (span, written));
        };
        if step == Step::Working {
            self.so_many_working_days(&by.expr, span)?;
        }
        let most = if step == Step::Months { MOST_MONTHS } else { MOST_DAYS };
        let each = if let Step::Days(each) = step { each } else { 1 };
        if by.expr.shape.low < -most / each || by.expr.shape.high > most / each {
            let title = "this could move the date by more than a thousand years";
            let fault = Diagnostic::error(codes::E0609, span, title, "too far");
            return self.fault(fault.help("declare a narrower range for what is added"));
        }
        let expr = match step {
            Step::Days(each) => {
                let days = if each == 1 { by.expr } else { self.multiply(by.expr, constant(each), span)? };
                self.shifted(date.expr, days, later)
            }
            Step::Working => self.plus_working_days(date.expr, by.expr),
            Step::Months => Call::MonthsAfter.of(vec![date.expr, if later { by.expr } else { opposite(by.expr) }]),
        };
        Some(Typed { expr, ty: Type::Date })
    }

    fn not_by_that(&mut self, by: &Typed, later: bool, (span, written): (Span, Span)) -> Option<Typed> {
        let word = if later { "added to" } else { "subtracted from" };
        let (months, by) = (in_months(by), &by.ty);
        let title = match by {
            Type::Duration => format!("a duration cannot be {word} a date: a date is a whole day, and has no hours"),
            Type::Date => "two dates cannot be added or subtracted".to_owned(),
            other => format!("{} cannot be {word} a date", describe(other)),
        };
        let fault = Diagnostic::error(codes::E0504, span, title, "this has no meaning");
        if let Some(months) = months {
            return self.fault(fault.help(format!("write it in months: `{months}`")).edit(written, months));
        }
        self.fault(fault.help(match by {
            Type::Date => "what lies between two dates is `days from a to b`, or weeks, months or years",
            Type::Number { unit: Some(unit), .. } if matches!(unit.as_str(), "year" | "years") => {
                "declare it in months, 12 for each year"
            }
            Type::Number { unit: Some(unit), .. } if unit.starts_with("working day") => {
                "working days can be added to a date, and not subtracted"
            }
            Type::Duration => {
                "a date moves by whole days, weeks or months: `+ 30 days`; where the number is declared, its type is `integer 1..60 days` and not `duration`"
            }
            _ => "a date moves by whole days, weeks or months: `+ 30 days`, `+ 6 weeks`, `- 1 month`",
        }))
    }
}

/// So many years in months: `18 years` are `216 months`.
pub(in crate::types) fn in_months(length: &Typed) -> Option<String> {
    match (&length.ty, &length.expr.op) {
        (Type::Number { places: 0, unit: Some(unit) }, Op::Constant(years))
            if matches!(unit.as_str(), "year" | "years") =>
        {
            Some(format!("{} months", years.checked_mul(12)?))
        }
        _ => None,
    }
}

impl Builder<'_> {
    /// Years in the place of a length that ends with a day: they are written in months.
    pub(in crate::types) fn not_in_years(&mut self, length: &Typed, span: Span) -> Option<()> {
        let Some(months) = in_months(length) else { return Some(()) };
        let title = format!("{} is given where a length of time is expected", describe(&length.ty));
        let fault = Diagnostic::error(codes::E0503, span, title, "in years");
        self.fault(fault.help(format!("write it in months: `{months}`")).edit(span, months))
    }
}

fn opposite(count: Expr) -> Expr {
    if let Op::Constant(value) = count.op {
        return constant(-value);
    }
    let shape = Shape { low: -count.shape.high, high: -count.shape.low, ..count.shape };
    Expr { op: Op::Negate(Box::new(count)), shape }
}
