//! How a measure is split: by value, by calendar, by band.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::library::{Basis, CalendarUnit, Stratum, StratumKind, Taken};
use crate::plan::{AnswerKind, Class};
use crate::syntax::tree::{self, ExprKind, Number};
use crate::types::package::subject::Role;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

/// A number of more values than these has bands.
const MOST_PARTS: i64 = 100;

impl Builder<'_> {
    /// Warns of a split that is named twice.
    pub(super) fn split_once(&mut self, before: &[tree::Stratum], again: &tree::Stratum) {
        let said = self.context.words(again.span);
        if let Some(first) = before.iter().find(|stratum| self.context.words(stratum.span) == said) {
            self.listed_twice(first.span, again.span);
        }
    }

    pub(super) fn stratum(&mut self, tree: &tree::Stratum, basis: &Basis, place: Place) -> Option<Stratum> {
        let title = self.context.words(tree.span);
        let kind = match &tree.kind {
            tree::StratumKind::Value(expr) => self.value_stratum(expr, basis, place)?,
            tree::StratumKind::Calendar { unit, of } => {
                let unit = match unit.node.as_str() {
                    "year" => CalendarUnit::Year,
                    "quarter" => CalendarUnit::Quarter,
                    "month" => CalendarUnit::Month,
                    "week" => CalendarUnit::Week,
                    "weekday" => CalendarUnit::Weekday,
                    _ => return None,
                };
                let (taken, ty) = self.moment_of(of, basis, place)?;
                StratumKind::Calendar(unit, taken, ty)
            }
            tree::StratumKind::Band { of, bands } => self.band_stratum(of, bands, basis, place)?,
        };
        Some(Stratum { title, kind })
    }

    fn value_stratum(&mut self, expr: &tree::Expr, basis: &Basis, place: Place) -> Option<StratumKind> {
        if let ExprKind::Path(path) = &expr.kind
            && let [name] = path.parts.as_slice()
            && !self.is_field_of_the_judged(&name.node, basis)
        {
            match self.names().get(&name.node) {
                Some(Symbol::Fact(index)) => {
                    if let Some(Role::Label(label)) = self.roles.get(index) {
                        return Some(StratumKind::Label(*label));
                    }
                }
                Some(symbol @ Symbol::Define(index)) if self.is_of_event(symbol).is_none() => {
                    self.mention(path.span, symbol);
                    let built = self.define(index, path.span)?;
                    let shape = self.plan.cells.get(built.cell)?;
                    self.parts_are_few(expr, &built.ty, (shape.low, shape.high))?;
                    return Some(StratumKind::Cell(Taken::Case(built.cell), built.ty));
                }
                _ => {}
            }
        }
        let typed = self.expr(expr, None, place)?;
        self.parts_are_few(expr, &typed.ty, (typed.expr.shape.low, typed.expr.shape.high))?;
        Some(StratumKind::Cell(self.split_by(typed.expr, basis), typed.ty))
    }

    /// A report has a row for each part: of what hardly two cases have alike, each row would be about a patient, and tell nothing of the others.
    fn parts_are_few(&mut self, expr: &tree::Expr, ty: &Type, (low, high): (i64, i64)) -> Option<()> {
        let said = self.context.words(expr.span);
        let of = match expr.kind {
            ExprKind::Path(_) | ExprKind::Query(_) => said.clone(),
            _ => format!("({said})"),
        };
        let (what, help) = match ty {
            Type::NhsNumber => {
                let title = "a measure cannot be split by NHS number: its report would name patients";
                return self.error(codes::E0506, expr.span, title, "one part a patient");
            }
            Type::Instant => ("an instant", format!("write `month of {of}`, or `weekday of {of}`")),
            Type::Date => ("a date", format!("write `month of {of}` or `year of {of}`; ages have bands: `by age band ..15, 16..64, 65..`")),
            Type::Duration => (
                "a length of time",
                "count whole units in a definition, such as `define waited = hours from first A to first B`, and give its bands: `by waited band ..3, 4..11, 12..`"
                    .to_owned(),
            ),
            Type::TimeOfDay => (
                "a time of day",
                format!("say in a definition which part of the day it is, such as `define by_night = {of} < 06:00`, and write `by by_night`"),
            ),
            Type::Number { .. } if high.saturating_sub(low) >= MOST_PARTS => {
                let example = if matches!(expr.kind, ExprKind::Path(_)) { said.as_str() } else { "NAME" };
                let help = format!("give its bands, each behind the end of the one before: `by {example} band ..9, 10..49, 50..`");
                ("a number of more than 100 values", help)
            }
            _ => return Some(()),
        };
        let title = format!("a measure cannot be split by {what}: its report would have a row for nearly every case");
        let fault = Diagnostic::error(codes::E0506, expr.span, title, "too many parts").help(help);
        self.fault(match ty {
            Type::Instant | Type::Date => fault.edit(expr.span, format!("month of {of}")),
            _ => fault,
        })
    }

    /// What the event itself carries comes before a name of the case.
    fn is_field_of_the_judged(&self, name: &str, basis: &Basis) -> bool {
        let Basis::Each { judged, .. } = basis else { return false };
        let kind = self.plan.judged.get(*judged).and_then(|each| self.plan.subject.events.get(each.kind));
        kind.is_some_and(|kind| kind.fields.iter().any(|field| field.name == name))
    }

    /// The instant or date that a calendar stratum goes by; `trigger` is the obligation's own unless declared.
    fn moment_of(&mut self, of: &tree::Expr, basis: &Basis, place: Place) -> Option<(Taken, Type)> {
        if let ExprKind::Path(path) = &of.kind
            && let [name] = path.parts.as_slice()
            && name.node == "trigger"
            && self.names().get("trigger").is_none()
        {
            match basis {
                Basis::Each { .. } => return Some((Taken::Trigger, Type::Instant)),
                Basis::Obligation(answer) => {
                    if let Some(AnswerKind::Obligation(cells)) = self.plan.answers.get(*answer).map(|a| &a.kind) {
                        return Some((Taken::Case(cells.trigger), Type::Instant));
                    }
                }
                _ => {}
            }
        }
        self.finds_an_instant(of)?;
        let typed = self.expr(of, None, place)?;
        if !matches!(typed.ty, Type::Instant | Type::Date) {
            return self.error(
                codes::E0503,
                of.span,
                "a calendar unit can only be taken from a date or an instant",
                "neither",
            );
        }
        Some((self.split_by(typed.expr, basis), typed.ty))
    }

    fn band_stratum(
        &mut self,
        of: &tree::Expr,
        bands: &[(Option<Number>, Option<Number>)],
        basis: &Basis,
        place: Place,
    ) -> Option<StratumKind> {
        let typed = self.expr(of, None, place)?;
        if typed.expr.shape.class == Class::Set {
            return self.error(codes::E0503, of.span, "only numbers can be put into bands", "a choice");
        }
        let mut ends = Vec::new();
        for (low, high) in bands {
            let mut end = |number: &Option<Number>| -> Option<Option<i64>> {
                let Some(number) = number else {
                    return Some(None);
                };
                let literal = self.number(number, Some(&typed.ty))?;
                let literal = self.fit(literal, &typed.ty, number.span)?;
                self.constant(&literal, number.span).map(Some)
            };
            let (from, to) = (end(low)?, end(high)?);
            if let (Some(low), Some(high)) = (low, high)
                && from > to
            {
                let span = low.span.to(high.span);
                let title = "the range ends below its start";
                let fault = Diagnostic::error(codes::E0603, span, title, "no case is in this band");
                return self.fault(fault.help("write the lower end first"));
            }
            self.band_declared(&typed, (from, to), (low, high))?;
            self.band_apart(&typed, &ends, (from, to), low.as_ref().or(high.as_ref()))?;
            ends.push((from, to));
        }
        let ty = typed.ty.clone();
        Some(StratumKind::Band(self.split_by(typed.expr, basis), ty, ends))
    }

    /// Both ends of a band must be values that can be recorded.
    fn band_declared(
        &mut self,
        of: &Typed,
        (from, to): (Option<i64>, Option<i64>),
        (low, high): (&Option<Number>, &Option<Number>),
    ) -> Option<()> {
        let shape = of.expr.shape;
        let outside = |end: Option<i64>| end.is_some_and(|end| end < shape.low || end > shape.high);
        let at = low.as_ref().filter(|_| outside(from)).or(high.as_ref().filter(|_| outside(to)));
        let Some(at) = at else { return Some(()) };
        let title = "this end of a band is outside the declared range";
        let label = format!("this is {}", of.ty.show_range(shape.low, shape.high));
        let fault = Diagnostic::error(codes::E0610, at.span, title, label);
        self.fault(fault.help("leave the end of the first or last band open: `..15`, `80..`"))
    }

    /// A value lies in one band: what two of them hold would be counted in the first, and the name of the second would be wrong.
    fn band_apart(
        &mut self,
        of: &Typed,
        before: &[(Option<i64>, Option<i64>)],
        (from, to): (Option<i64>, Option<i64>),
        at: Option<&Number>,
    ) -> Option<()> {
        let shape = of.expr.shape;
        let bounds = |(from, to): (Option<i64>, Option<i64>)| (from.unwrap_or(shape.low), to.unwrap_or(shape.high));
        let (from, to) = bounds((from, to));
        let shared = before.iter().map(|band| bounds(*band)).map(|(low, high)| (low.max(from), high.min(to)));
        let Some((low, high)) = shared.into_iter().find(|(low, high)| low <= high) else { return Some(()) };
        let Some(at) = at else { return Some(()) };
        let title = "a value lies in two of these bands";
        let said = if low == high { of.ty.show(low) } else { of.ty.show_range(low, high) };
        let label = format!("{said} is in a band before this one too");
        let fault = Diagnostic::error(codes::E0926, at.span, title, label);
        self.fault(fault.help("let each band begin behind the end of the one before: `..15, 16..64, 65..`"))
    }
}
