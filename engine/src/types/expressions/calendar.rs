//! Dates and times: the London calendar of a moment, and what lies between two.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Call, Expr, Op, Rounding, Shape};
use crate::syntax::tree::{self, Name};
use crate::text::Span;
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::{constant, plus};
use crate::types::{Builder, Place, Typed};
use crate::values::calendar::HOUR;
use crate::values::types::Type;
use crate::values::working_days::MOST;

/// The days of the week as they are written.
pub(super) const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Builder<'_> {
    /// `month of x`, `time of x` and so on; `years from a to b`, `hours from a to b`.
    pub(super) fn calendar(&mut self, function: &Name, arguments: &[tree::Expr], place: Place) -> Option<Typed> {
        self.warn_of_nothing_between(arguments, place);
        match (function.node.as_str(), arguments) {
            ("date", [of]) => self.date_of(of, place),
            ("time", [of]) => {
                let instant = self.moment_at(of, place)?;
                Some(Typed { expr: Call::LocalTime.of(vec![instant]), ty: Type::TimeOfDay })
            }
            ("weekday", [of]) => {
                let date = self.date_of(of, place)?.expr;
                let shape = Shape { optional: date.shape.optional, ..Shape::set(7) };
                Some(Typed { expr: Expr { op: Op::Weekday(Box::new(date)), shape }, ty: weekday_type() })
            }
            ("year" | "month" | "quarter" | "week" | "day", [of]) => {
                let date = self.date_of(of, place)?.expr;
                let call = match function.node.as_str() {
                    "year" => Call::Year,
                    "week" => Call::Week,
                    "day" => Call::Day,
                    _ => Call::Month,
                };
                let mut expr = call.of(vec![date]);
                if function.node == "quarter" {
                    expr = self.divided(plus(expr, constant(2)), constant(3), Rounding::Down, function.span)?;
                }
                Some(Typed { expr, ty: Type::Number { places: 0, unit: None } })
            }
            ("hour", [of]) => {
                let time = Call::LocalTime.of(vec![self.moment_at(of, place)?]);
                let expr = self.divided(time, constant(HOUR), Rounding::Down, function.span)?;
                Some(Typed { expr, ty: Type::Number { places: 0, unit: None } })
            }
            ("hours" | "minutes", [from, to]) => {
                let (from, to) = (self.moment_at(from, place)?, self.moment_at(to, place)?);
                let (length, unit) = if function.node == "hours" { (HOUR, "h") } else { (HOUR / 60, "min") };
                let elapsed = self.shifted(to, from, false);
                let expr = self.divided(elapsed, constant(length), Rounding::Down, function.span)?;
                Some(Typed { expr, ty: Type::Number { places: 0, unit: Some(unit.to_owned()) } })
            }
            ("years" | "months", [from, to]) => {
                let dates = vec![self.date_of(from, place)?.expr, self.date_of(to, place)?.expr];
                let call = if function.node == "years" { Call::YearsBetween } else { Call::MonthsBetween };
                let unit = Some(function.node.clone());
                Some(Typed { expr: call.of(dates), ty: Type::Number { places: 0, unit } })
            }
            ("days" | "weeks", [from, to]) => {
                let (from, to) = (self.date_of(from, place)?.expr, self.date_of(to, place)?.expr);
                let days = self.shifted(to, from, false);
                let unit = Some(function.node.clone());
                if function.node == "days" {
                    return Some(Typed { expr: days, ty: Type::Number { places: 0, unit } });
                }
                let expr = self.divided(days, constant(7), Rounding::Down, function.span)?;
                Some(Typed { expr, ty: Type::Number { places: 0, unit } })
            }
            (other, _) => {
                let fault = Diagnostic::error(
                    codes::E0510,
                    function.span,
                    format!("`{other}` cannot be taken from a time"),
                    "nothing of that name",
                );
                self.fault(fault.help(match other {
                    "working_days" => "working days are counted by a deadline, `within 20 working days`, and move a date: `received + 20 working days`",
                    _ => "use year, quarter, month, week, weekday, day, hour, date or time of; or years, months, weeks, days, hours or minutes from … to …",
                }))
            }
        }
    }

    pub(super) fn moment_at(&mut self, tree: &tree::Expr, place: Place) -> Option<Expr> {
        self.finds_an_instant(tree)?;
        let typed = self.expr(tree, Some(&Type::Instant), place)?;
        Some(self.fit(typed, &Type::Instant, tree.span)?.expr)
    }

    /// A date as it is, or the day in London of an instant.
    fn date_of(&mut self, tree: &tree::Expr, place: Place) -> Option<Typed> {
        self.finds_an_instant(tree)?;
        let typed = self.expr(tree, None, place)?;
        match typed.ty {
            Type::Date => Some(typed),
            Type::Instant => Some(Typed { expr: Call::LocalDate.of(vec![typed.expr]), ty: Type::Date }),
            other => {
                let title = format!("a date or an instant belongs here, not {}", describe(&other));
                self.error(codes::E0503, tree.span, title, "not a time")
            }
        }
    }

    pub(in crate::types) fn plus_days(&mut self, date: Expr, days: Expr) -> Expr {
        self.shifted(date, days, true)
    }

    /// Refuses more working days than are counted.
    pub(in crate::types) fn so_many_working_days(&mut self, count: &Expr, span: Span) -> Option<()> {
        let high = count.shape.high;
        if high <= MOST {
            return Some(());
        }
        let title = format!("no more than {MOST} working days can be counted");
        let fault = Diagnostic::error(codes::E0609, span, title, format!("up to {high} here"));
        self.fault(fault.help("declare a narrower range for it; or say it in calendar days or months"))
    }

    pub(in crate::types) fn plus_working_days(&mut self, date: Expr, count: Expr) -> Expr {
        self.plan.uses_working_days();
        let most = count.shape.high.clamp(0, MOST);
        let optional = date.shape.optional || count.shape.optional;
        let shape = Shape { optional, ..Shape::range(date.shape.low, date.shape.high + 2 * most + 100) };
        Expr { op: Op::AddWorkingDays(Box::new(date), Box::new(count)), shape }
    }

    /// An instant moved by a duration; within centuries either way, so it cannot overflow.
    pub(in crate::types) fn shifted(&mut self, instant: Expr, by: Expr, later: bool) -> Expr {
        let (x, y) = (instant.shape, by.shape);
        let optional = x.optional || y.optional;
        let (a, b) = (Box::new(instant), Box::new(by));
        if later {
            Expr { op: Op::Add(a, b), shape: Shape { optional, ..Shape::range(x.low + y.low, x.high + y.high) } }
        } else {
            Expr { op: Op::Subtract(a, b), shape: Shape { optional, ..Shape::range(x.low - y.high, x.high - y.low) } }
        }
    }
}

/// The days of the week as an enum.
fn weekday_type() -> Type {
    let variants: Vec<String> = DAYS.iter().map(|d| (*d).to_owned()).collect();
    Type::Enum { name: "weekday".to_owned(), labels: vec![None; variants.len()], variants, points: None }
}
