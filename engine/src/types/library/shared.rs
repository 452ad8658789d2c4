//! Organisations that answer for each case by shares: `shared by referrer referrer_share, treater 1.0 - referrer_share`.
//!
//! That the shares add up to 1 is proved where everything is built, in `checks`.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::figure::{Share, Shared};
use crate::plan::library::Basis;
use crate::plan::{Class, Responsible};
use crate::syntax::tree::{self, MeasureKind};
use crate::text::Span;
use crate::types::expressions::fit::describe;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// The shares, all with the same places.
    pub(super) fn shared(&mut self, tree: &[tree::Share], basis: &Basis, span: Span) -> Option<Shared> {
        if !matches!(basis, Basis::Obligation(_) | Basis::Cases { .. }) {
            let title = "numbers, ready-made counts and judgements are not shared";
            let fault = Diagnostic::error(codes::E0907, span, title, "not of this");
            return self.fault(fault.help("shares belong to a share of cases: `of obligation NAME`, or `of cases`"));
        }
        let mut found = Vec::new();
        for share in tree {
            let responsible = self.responsible_called(&share.of);
            let typed = self.share(&share.share);
            found.push((responsible?, share, typed?));
        }
        let most = found.iter().map(|(_, _, typed)| places(&typed.ty)).max().unwrap_or(0);
        let whole = 10_i64.checked_pow(u32::from(most))?;
        let wanted = Type::Number { places: most, unit: None };
        let mut shares = Vec::new();
        for (responsible, share, typed) in found {
            let typed = self.fit(typed, &wanted, share.share.span)?;
            let (low, high) = (typed.expr.shape.low, typed.expr.shape.high);
            if low < 0 || high > whole {
                let title = format!(
                    "a share lies between 0 and 1, and this one between {} and {}",
                    wanted.show(low),
                    wanted.show(high)
                );
                let fault = Diagnostic::error(codes::E0924, share.share.span, title, "not a share");
                return self.fault(fault.help("declare its range as `decimal 0.00..1.00`"));
            }
            if shares.iter().any(|other: &Share| other.responsible == responsible) {
                let title = format!("`{}` is given two shares", share.of.node);
                return self.error(codes::E0924, share.of.span, title, "given a share before");
            }
            let cell = self.plan.store(typed.expr);
            shares.push(Share { responsible, name: share.of.node.clone(), cell });
        }
        Some(Shared { whole, shares, span })
    }

    /// A plain number that is never none.
    fn share(&mut self, tree: &tree::Expr) -> Option<Typed> {
        let typed = self.expr(tree, None, Place::default())?;
        if !matches!(typed.ty, Type::Number { unit: None, .. }) || typed.expr.shape.class != Class::Range {
            let title = format!("a share is a number between 0 and 1, not {}", describe(&typed.ty));
            return self.error(codes::E0503, tree.span, title, "not a share");
        }
        if typed.expr.shape.optional {
            let fault = Diagnostic::error(codes::E0924, tree.span, "a share can be none", "nobody would answer for it");
            return self.fault(fault.help("say who answers then, for example with `else 0.0`"));
        }
        Some(typed)
    }

    /// Shares say who answers; nothing else says it, and a case counts for nothing but its shares.
    pub(super) fn shared_alone(&mut self, tree: &tree::Measure) -> Option<Responsible> {
        for entry in &tree.entries {
            let (title, label) = match &entry.kind {
                MeasureKind::For(_) => ("the shares say who answers", "said before"),
                MeasureKind::Weighted(_) => ("a case that is shared has no other weight", "counted by its shares"),
                _ => continue,
            };
            self.faults.push(Diagnostic::error(codes::E0907, entry.span, title, label).help("leave this line out"));
        }
        None
    }
}

fn places(ty: &Type) -> u8 {
    if let Type::Number { places, .. } = ty { *places } else { 0 }
}
