//! Calls of functions by name: amounts of substances, `abs`, `overlap`, `covered`.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Overlap, Shape};
use crate::syntax::tree::{self, Name};
use crate::types::expressions::terms::constant;
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
                let Typed { expr, ty } = self.expr(x, None, place)?;
                Some(Typed { expr: without_sign(expr), ty })
            }
            ("covered", _, [events, from, until]) => self.covered(events, [from, until], place),
            ("covered", _, _) => {
                let title = "`covered` takes events and two instants";
                let fault = Diagnostic::error(codes::E0510, function.span, title, "three are needed");
                self.fault(fault.help(
                    "how long any of them goes on from one to the other: `covered(Device, first Admission, as of)`",
                ))
            }
            ("overlap", _, [start, end, from, until]) => {
                let (start, end) = (self.moment_at(start, place)?, self.moment_at(end, place)?);
                let first = self.expr(from, Some(&Type::TimeOfDay), place)?;
                if first.ty == Type::Instant {
                    let last = self.moment_at(until, place)?;
                    return Some(self.overlap_of_spans([start, end, first.expr, last]));
                }
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
                let known: Vec<&str> = SUBSTANCES
                    .iter()
                    .flat_map(|s| [s.to_amount, s.to_mass])
                    .chain(["abs", "overlap", "covered"])
                    .collect();
                self.no_function(function, &known)
            }
        }
    }
}

/// `x` or `−x`, whichever is not below 0: the highest of both and 0, so that the range of what is possible is as narrow as the
/// range that is proved.
fn without_sign(x: Expr) -> Expr {
    let shape = x.shape;
    if shape.low >= 0 {
        return x;
    }
    let turned = Shape { low: -shape.high, high: -shape.low, ..shape };
    let negative = Expr { op: Op::Negate(Box::new(x.clone())), shape: turned };
    if shape.high <= 0 {
        return negative;
    }
    let most = turned.high.max(shape.high);
    Expr { op: Op::Highest(vec![x, negative, constant(0)]), shape: Shape { low: 0, high: most, ..shape } }
}
