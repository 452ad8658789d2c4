//! How a measure is split: by value, by calendar, by band.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::library::{Basis, CalendarUnit, Stratum, StratumKind};
use crate::plan::{AnswerKind, CellId, Class};
use crate::syntax::tree::{self, ExprKind, Number};
use crate::types::package::subject::Role;
use crate::types::{Builder, Place};
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn stratum(&mut self, tree: &tree::Stratum, basis: &Basis) -> Option<Stratum> {
        let title = self.context.words(tree.span);
        let kind = match &tree.kind {
            tree::StratumKind::Value(expr) => self.value_stratum(expr)?,
            tree::StratumKind::Calendar { unit, of } => {
                let unit = match unit.node.as_str() {
                    "year" => CalendarUnit::Year,
                    "quarter" => CalendarUnit::Quarter,
                    "month" => CalendarUnit::Month,
                    "week" => CalendarUnit::Week,
                    "weekday" => CalendarUnit::Weekday,
                    _ => return None,
                };
                let (cell, ty) = self.moment_of(of, basis)?;
                StratumKind::Calendar(unit, cell, ty)
            }
            tree::StratumKind::Band { of, bands } => self.band_stratum(of, bands)?,
        };
        Some(Stratum { title, kind })
    }

    fn value_stratum(&mut self, expr: &tree::Expr) -> Option<StratumKind> {
        if let ExprKind::Path(path) = &expr.kind
            && let [name] = path.parts.as_slice()
            && let Some(Symbol::Fact(index)) = self.names().get(&name.node)
            && let Some(Role::Label(label)) = self.roles.get(index)
        {
            return Some(StratumKind::Label(*label));
        }
        let typed = self.expr(expr, None, Place::default())?;
        if typed.ty == Type::NhsNumber {
            let title = "a measure cannot be split by NHS number: its report would name patients";
            return self.error(codes::E0506, expr.span, title, "one part a patient");
        }
        Some(StratumKind::Cell(self.plan.store(typed.expr), typed.ty))
    }

    /// The instant or date that a calendar stratum goes by; `trigger` is the obligation's own unless declared.
    fn moment_of(&mut self, of: &tree::Expr, basis: &Basis) -> Option<(CellId, Type)> {
        if let (ExprKind::Path(path), Basis::Obligation(answer)) = (&of.kind, basis)
            && let [name] = path.parts.as_slice()
            && name.node == "trigger"
            && self.names().get("trigger").is_none()
            && let Some(AnswerKind::Obligation(obligation)) = self.plan.answers.get(*answer).map(|a| &a.kind)
        {
            return Some((obligation.trigger, Type::Instant));
        }
        let typed = self.expr(of, None, Place::default())?;
        if !matches!(typed.ty, Type::Instant | Type::Date) {
            return self.error(
                codes::E0503,
                of.span,
                "a calendar unit can only be taken from a date or an instant",
                "neither",
            );
        }
        Some((self.plan.store(typed.expr), typed.ty))
    }

    fn band_stratum(&mut self, of: &tree::Expr, bands: &[(Option<Number>, Option<Number>)]) -> Option<StratumKind> {
        let typed = self.expr(of, None, Place::default())?;
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
            ends.push((from, to));
        }
        let ty = typed.ty.clone();
        Some(StratumKind::Band(self.plan.store(typed.expr), ty, ends))
    }
}
