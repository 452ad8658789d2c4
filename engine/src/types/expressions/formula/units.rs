//! Two units of one kind in one sum or ratio of a formula: as plain numbers they would be wrong without looking wrong.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::types::{Builder, Place};
use crate::values::dimension;
use crate::values::real::Two;
use crate::values::types::Type;

/// What a dose is measured in, of which there is so much for each kilogram: `dose to mg / weight to kg` is a number of mg/kg, and no share.
const SMALL: &[&str] = &["mg", "µg", "ug", "ng"];

impl Builder<'_> {
    /// Whether what is added, subtracted or divided is in one unit, where both are of one kind: `w to g + w to kg` is not.
    ///
    /// A number that is multiplied or divided by another may be in any unit, as the constants of a formula carry units that nobody writes down.
    pub(super) fn in_one_unit(&mut self, how: Two, a: &tree::Expr, b: &tree::Expr, place: Place) -> Option<()> {
        let what = match how {
            Two::Add => "sum",
            Two::Subtract => "difference",
            Two::Divide => "ratio",
            Two::Multiply => return Some(()),
        };
        self.one_unit(what, a, b, place)
    }

    /// The same of `lowest of a, b, c`, `max(a, b)` and `sum of a, b, c`.
    pub(super) fn all_in_one_unit(&mut self, what: &str, items: &[tree::Expr], place: Place) -> Option<()> {
        let what = if what == "sum" { "sum" } else { "comparison" };
        let Some(first) = items.iter().find(|item| self.unit_of(item, place).is_some()) else { return Some(()) };
        items.iter().try_for_each(|other| self.one_unit(what, first, other, place))
    }

    fn one_unit(&mut self, what: &str, a: &tree::Expr, b: &tree::Expr, place: Place) -> Option<()> {
        let (Some((of_a, left)), Some((of_b, right))) = (self.unit_of(a, place), self.unit_of(b, place)) else {
            return Some(());
        };
        if !dimension::same_dimension(&left, &right) || dimension::same(&left, &right) {
            return Some(());
        }
        if what == "ratio" && right == "kg" && SMALL.contains(&left.as_str()) {
            return Some(());
        }
        let title = format!("{left} and {right} stand in one {what} of a formula, as plain numbers");
        let fault = Diagnostic::error(codes::E0502, of_b.span, title, format!("in {right}"));
        let fault = fault.because(of_a.span, format!("in {left}"));
        let (other, written) = match (&of_a.kind, &of_b.kind) {
            (_, ExprKind::Convert { value, .. }) => (of_b, format!("{} to {left}", self.context.words(value.span))),
            (ExprKind::Convert { value, .. }, _) => (of_a, format!("{} to {right}", self.context.words(value.span))),
            _ => (of_b, format!("{} to {left}", self.context.words(of_b.span))),
        };
        let other = self.context.words(other.span);
        self.fault(fault.help(format!("put both in the unit that the formula is published for: write `{written}` for `{other}`, or the other way round")))
    }

    /// The part of an expression that says in which unit its number is, and the unit; nothing where that cannot be told.
    fn unit_of<'t>(&mut self, tree: &'t tree::Expr, place: Place) -> Option<(&'t tree::Expr, String)> {
        match &tree.kind {
            ExprKind::Convert { unit, .. } => Some((tree, unit.text.clone())),
            ExprKind::Calendar { function, arguments } if arguments.len() == 2 => {
                let unit = match function.node.as_str() {
                    "hours" => "h",
                    "minutes" => "min",
                    "working_days" => "working days",
                    other => other,
                };
                Some((tree, unit.to_owned()))
            }
            ExprKind::Path(_) => match self.expr(tree, None, place)?.ty {
                Type::Number { unit: Some(unit), .. } => Some((tree, unit)),
                _ => None,
            },
            ExprKind::Negate(x) => self.unit_of(x, place),
            ExprKind::Binary { op, left, right } if matches!(op.node, BinaryOp::Add | BinaryOp::Subtract) => {
                self.unit_of(left, place).or_else(|| self.unit_of(right, place))
            }
            ExprKind::Call { function, arguments } if ["abs", "min", "max"].contains(&function.node.as_str()) => {
                arguments.iter().find_map(|argument| self.unit_of(argument, place))
            }
            ExprKind::Fold { items, .. } => items.iter().find_map(|item| self.unit_of(item, place)),
            _ => None,
        }
    }
}
