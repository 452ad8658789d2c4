//! Calls of functions by name: amounts of substances, `abs`, `overlap`.

use crate::diagnostics::codes;
use crate::plan::{Expr, Op, Overlap, Shape};
use crate::syntax::tree::{self, Name};
use crate::types::expressions::terms::{constant, yes_no};
use crate::types::{Builder, Place, Typed};
use crate::values::substances::{SUBSTANCES, Substance, giving_amount};
use crate::values::types::Type;

impl Builder<'_> {
    /// `creatinine_in_umol_per_L(x)`, `abs(x)`, `overlap(start, end, 23:00, 06:00)`, `code_of(x)`.
    pub(super) fn call(&mut self, function: &Name, arguments: &[tree::Expr], place: Place) -> Option<Typed> {
        let substance = giving_amount(&function.node);
        match (function.node.as_str(), substance, arguments) {
            (_, Some(Substance { mass, amount, factor: (factor, places), .. }), [x]) => {
                let typed = self.expr(x, None, place)?;
                let Type::Number { places: has, unit } = typed.ty.clone() else {
                    return self.error(codes::E0503, x.span, "a number belongs here", "not a number");
                };
                self.same_unit(unit.as_deref(), Some(mass), x.span)?;
                let expr = self.multiply(typed.expr, constant(*factor), x.span)?;
                Some(Typed { expr, ty: Type::Number { places: has + places, unit: Some((*amount).to_owned()) } })
            }
            ("abs", _, [x]) => {
                let typed = self.expr(x, None, place)?;
                let shape = typed.expr.shape;
                let most = shape.high.max(-shape.low).max(0);
                let turned = Expr {
                    op: Op::Negate(Box::new(typed.expr.clone())),
                    shape: Shape { low: -shape.high, high: -shape.low, ..shape },
                };
                let less = yes_no(Op::Within(Box::new(typed.expr.clone()), shape.low.min(-1), -1));
                let op = Op::If(Box::new(less), Box::new(turned), Box::new(typed.expr));
                Some(Typed { expr: Expr { op, shape: Shape { low: 0, high: most, ..shape } }, ty: typed.ty })
            }
            ("overlap", _, [start, end, from, until]) => {
                let (start, end) = (self.moment_at(start, place)?, self.moment_at(end, place)?);
                let mut time = |tree: &tree::Expr| -> Option<i64> {
                    let typed = self.expr(tree, Some(&Type::TimeOfDay), place)?;
                    let typed = self.fit(typed, &Type::TimeOfDay, tree.span)?;
                    self.constant(&typed, tree.span)
                };
                let (from, until) = (time(from)?, time(until)?);
                let most = (end.shape.high - start.shape.low).max(0);
                let shape = Shape { optional: start.shape.optional || end.shape.optional, ..Shape::range(0, most) };
                Some(Typed {
                    expr: Expr { op: Op::Overlap(Box::new(Overlap { start, end, from, until })), shape },
                    ty: Type::Duration,
                })
            }
            _ => {
                let known: Vec<&str> =
                    SUBSTANCES.iter().flat_map(|s| [s.to_amount, s.to_mass]).chain(["abs", "overlap"]).collect();
                self.no_function(function, &known)
            }
        }
    }
}
