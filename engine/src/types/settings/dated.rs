//! Dates of effect: which dated figure holds for a case, by the date that the package names with `judged on`.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::library::InForce;
use crate::plan::{Call, Class, Expr, Op, Shape};
use crate::syntax::tree::{self, MetaKind};
use crate::text::Span;
use crate::types::expressions::terms::{constant, hull, yes_no};
use crate::types::package::header::day;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// The date by which a case is judged: where what it depends on has not happened, the day asked about. Asked for by something dated at `span`.
    pub(in crate::types) fn index_date(&mut self, span: Span) -> Option<Expr> {
        if let Some(index) = &self.settings.index {
            return Some(index.clone());
        }
        let entries = self.context.header();
        let judged =
            entries.filter_map(|m| if let MetaKind::JudgedOn(expr) = &m.kind { Some(expr) } else { None }).next();
        let Some(judged) = judged else {
            let title = "the package does not say by which date a case is judged";
            let fault = Diagnostic::error(codes::E0709, span, title, "this takes effect from a date");
            return self.fault(fault.help("add a line such as `judged on first Referral` to the header"));
        };
        let typed = self.expr(judged, None, Place::default())?;
        let date = match typed.ty {
            Type::Date => typed.expr,
            Type::Instant => Call::LocalDate.of(vec![typed.expr]),
            _ => return self.error(codes::E0503, judged.span, "a case is judged by a date or an instant", "neither"),
        };
        let date = if date.shape.optional { self.or_today(date) } else { date };
        let date = self.kept(date, Place::default());
        self.settings.index = Some(date.clone());
        Some(date)
    }

    /// The date, or where it has not come yet, the day asked about.
    fn or_today(&mut self, date: Expr) -> Expr {
        let now = self.as_of().expr;
        let today = Call::LocalDate.of(vec![now]);
        let shape = Shape { optional: false, ..hull(date.shape, today.shape) };
        Expr { op: Op::Else(Box::new(date), Box::new(today)), shape }
    }

    /// A parameter with dated values: the last whose date has come.
    pub(super) fn dated_value(&mut self, tree: &tree::Parameter, ty: &Type, shape: Shape) -> Option<Typed> {
        let index = self.index_date(tree.span)?;
        let mut found: Option<Expr> = None;
        let mut last = i64::MIN;
        for dated in &tree.values {
            let value = fixed(self.typed_constant(&dated.value, ty)?, shape);
            let from = dated.from.as_ref().and_then(|d| day(d.node));
            if from.unwrap_or(i64::MIN + 1) <= last {
                return self.error(
                    codes::E0805,
                    dated.value.span,
                    "dated values must be in the order of their dates",
                    "out of order",
                );
            }
            last = from.unwrap_or(i64::MIN + 1);
            found = Some(match (found, from) {
                (Some(before), Some(from)) => {
                    let holds = yes_no(Op::Within(Box::new(index.clone()), from, index.shape.high.max(from)));
                    Expr { op: Op::If(Box::new(holds), Box::new(value), Box::new(before)), shape }
                }
                _ => value,
            });
        }
        found.map(|expr| Typed { expr, ty: ty.clone() })
    }

    /// Whether the package is in force on the date of the case; nothing where the header gives no `judged on`.
    pub(in crate::types) fn in_force(&mut self) -> Option<Expr> {
        let judged = self.context.header().any(|m| matches!(m.kind, MetaKind::JudgedOn(_)));
        let InForce { from, until } = self.plan.credentials().in_force;
        if !judged || (from.is_none() && until.is_none()) {
            return None;
        }
        let index = self.index_date(Span::default())?;
        let low = from.unwrap_or(index.shape.low);
        let high = until.unwrap_or(index.shape.high.max(low));
        Some(yes_no(Op::Within(Box::new(index), low, high)))
    }
}

/// A value of a parameter: a number, or one of the choices of an enum.
fn fixed(value: i64, shape: Shape) -> Expr {
    match (shape.class, u8::try_from(value)) {
        (Class::Set, Ok(variant)) => Expr { op: Op::Choice(variant), shape },
        _ => constant(value),
    }
}
