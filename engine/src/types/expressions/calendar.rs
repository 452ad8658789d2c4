//! Dates and times: the London calendar of a moment, and what lies between two.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Rounding, Shape};
use crate::syntax::tree::{self, Name};
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::constant;
use crate::types::{Builder, Place, Typed};
use crate::values::calendar::{DAY, instant_on, years_between};
use crate::values::types::Type;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Builder<'_> {
    /// `date of x`, `time of x`, `weekday of x`, `years from a to b`, `days from a to b`, `working days from` is not asked.
    pub(super) fn calendar(&mut self, function: &Name, arguments: &[tree::Expr], place: Place) -> Option<Typed> {
        match (function.node.as_str(), arguments) {
            ("date", [of]) => self.date_of(of, place),
            ("time", [of]) => {
                let instant = self.moment_at(of, place)?;
                let shape = Shape { optional: instant.shape.optional, ..Shape::range(0, DAY - 1) };
                Some(Typed { expr: Expr { op: Op::LocalTime(Box::new(instant)), shape }, ty: Type::TimeOfDay })
            }
            ("weekday", [of]) => {
                let date = self.date_of(of, place)?.expr;
                let shape = Shape { optional: date.shape.optional, ..Shape::set(7) };
                Some(Typed { expr: Expr { op: Op::Weekday(Box::new(date)), shape }, ty: weekday_type() })
            }
            ("years", [from, to]) => {
                let (from, to) = (self.date_of(from, place)?.expr, self.date_of(to, place)?.expr);
                let (x, y) = (from.shape, to.shape);
                let range = Shape::range(years_between(x.high, y.low), years_between(x.low, y.high));
                let shape = Shape { optional: x.optional || y.optional, ..range };
                let unit = Some("years".to_owned());
                Some(Typed {
                    expr: Expr { op: Op::YearsBetween(Box::new(from), Box::new(to)), shape },
                    ty: Type::Number { places: 0, unit },
                })
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
                self.fault(fault.help("use date of, time of or weekday of; or years, weeks or days from … to …"))
            }
        }
    }

    pub(super) fn moment_at(&mut self, tree: &tree::Expr, place: Place) -> Option<Expr> {
        let typed = self.expr(tree, Some(&Type::Instant), place)?;
        Some(self.fit(typed, &Type::Instant, tree.span)?.expr)
    }

    /// A date as it is, or the day in London of an instant.
    fn date_of(&mut self, tree: &tree::Expr, place: Place) -> Option<Typed> {
        let typed = self.expr(tree, None, place)?;
        match typed.ty {
            Type::Date => Some(typed),
            Type::Instant => Some(Typed { expr: self.local_date(typed.expr), ty: Type::Date }),
            other => {
                let title = format!("a date or an instant belongs here, not {}", describe(&other));
                self.error(codes::E0503, tree.span, title, "not a time")
            }
        }
    }

    pub(in crate::types) fn local_date(&mut self, instant: Expr) -> Expr {
        let shape = instant.shape;
        let shape = Shape { low: shape.low.div_euclid(DAY), high: shape.high.div_euclid(DAY) + 1, ..shape };
        Expr { op: Op::LocalDate(Box::new(instant)), shape }
    }

    pub(in crate::types) fn plus_days(&mut self, date: Expr, days: Expr) -> Expr {
        self.shifted(date, days, true)
    }

    pub(in crate::types) fn plus_working_days(&mut self, date: Expr, count: Expr) -> Expr {
        self.plan.uses_working_days();
        let most = count.shape.high.clamp(0, crate::values::working_days::MOST);
        let optional = date.shape.optional || count.shape.optional;
        let shape = Shape { optional, ..Shape::range(date.shape.low, date.shape.high + 2 * most + 100) };
        Expr { op: Op::AddWorkingDays(Box::new(date), Box::new(count)), shape }
    }

    pub(in crate::types) fn instant_on(&mut self, date: Expr, time: Expr) -> Expr {
        let (x, y) = (date.shape, time.shape);
        let shape = Shape {
            optional: x.optional || y.optional,
            ..Shape::range(instant_on(x.low, y.low), instant_on(x.high, y.high))
        };
        Expr { op: Op::InstantOn(Box::new(date), Box::new(time)), shape }
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
    Type::Enum { name: "weekday".to_owned(), labels: vec![None; variants.len()], variants }
}
