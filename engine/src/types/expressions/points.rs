//! `tone.points`: what a choice counts in a score.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Expr, Op, Shape};
use crate::syntax::tree::{self, Name, Path};
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::{assume, constant, plus, yes_no};
use crate::types::package::declared_type::MOST_CHOICES;
use crate::types::{Builder, Place, Typed};
use crate::values::types::{Points, Type};

impl Builder<'_> {
    /// The points of the value that a path names before its last part; nothing where it asks for something else.
    pub(super) fn points(&mut self, path: &Path, place: Place) -> Option<Option<Typed>> {
        let (last, parts) = path.parts.split_last()?;
        if last.node != "points" || !self.is_a_value(parts, place) {
            return None;
        }
        let span = parts.first()?.span.to(parts.last()?.span);
        let typed = self.path(&Path { parts: parts.to_vec(), span }, None, place);
        Some(typed.and_then(|typed| match &typed.ty {
            Type::Enum { points: Some(points), .. } => {
                let ty = Type::Number { places: points.places, unit: None };
                Some(Typed { expr: points_of(typed.expr, points), ty })
            }
            Type::Enum { name, .. } if self.gives_some_points(name) => None, // said where it is declared
            other => {
                let title = format!("{} has no points", describe(other));
                let fault = Diagnostic::error(codes::E0322, path.span, title, "no points");
                self.fault(
                    fault.help("points are given to the choices of an enum: `enum Tone { normal = 0, flaccid = 3 }`"),
                )
            }
        }))
    }

    fn gives_some_points(&self, name: &str) -> bool {
        let called = |of: &&&tree::Enum| of.name.node == name;
        self.names().enums.iter().filter(called).any(|of| of.variants.iter().any(|choice| choice.points.is_some()))
    }

    /// Whether the first parts of a path that ends in `points` are a value of their own, so that its points are meant.
    fn is_a_value(&self, parts: &[Name], place: Place) -> bool {
        match parts {
            [name] if self.is_of_alias(&name.node, "points", place) => false,
            [name] => {
                self.is_at_hand(&name.node, place)
                    || match self.names().get(&name.node) {
                        Some(Symbol::Fact(_) | Symbol::Define(_) | Symbol::Parameter(_) | Symbol::Output(..)) => true,
                        Some(Symbol::Table(table)) => {
                            let outputs = self.names().tables.get(table).map(|table| table.outputs.as_slice());
                            matches!(outputs, Some([only]) if only.node != "points")
                        }
                        _ => false,
                    }
            }
            [first, second] => {
                let outputs = |table: usize, names: &crate::names::Names<'_>, wanted: &str| {
                    names
                        .tables
                        .get(table)
                        .is_some_and(|table| table.outputs.iter().any(|output| output.node == wanted))
                };
                if self.is_of_alias(&first.node, &second.node, place) {
                    return true;
                }
                let used =
                    self.context.import_called(&first.node).and_then(|import| self.context.package(import.package?));
                match used {
                    Some(used) => match used.names.get(&second.node) {
                        Some(Symbol::Table(table)) => !outputs(table, used.names, "points"),
                        other => other.is_some(),
                    },
                    None => match self.names().get(&first.node) {
                        Some(Symbol::Table(table)) => outputs(table, self.names(), &second.node),
                        _ => false,
                    },
                }
            }
            _ => false,
        }
    }
}

/// The least of the points and, for each step up to more, what it adds where the choice has as many: what is possible then lies exactly
/// between the least and the most of what is.
fn points_of(choice: Expr, points: &Points) -> Expr {
    let optional = choice.shape.optional;
    let there = assume(choice.clone());
    let mut steps = points.values.clone();
    steps.sort_unstable();
    steps.dedup();
    let least = steps.first().copied().unwrap_or(0);
    let sum = steps.windows(2).fold(constant(least), |sum, step| {
        let [from, to] = step else { return sum };
        let as_many = points.values.iter().take(MOST_CHOICES).enumerate().filter(|(_, points)| *points >= to);
        let mask = as_many.fold(0, |mask, (choice, _)| mask | 1 << choice);
        let more = constant(to - from);
        let has = yes_no(Op::OneOf(Box::new(there.clone()), mask));
        let shape = Shape::range(0, to - from);
        plus(sum, Expr { op: Op::If(Box::new(has), Box::new(more), Box::new(constant(0))), shape })
    });
    if !optional {
        return sum;
    }
    let shape = sum.shape.or_none();
    let none = yes_no(Op::IsNone(Box::new(choice)));
    Expr { op: Op::If(Box::new(none), Box::new(Expr { op: Op::None, shape }), Box::new(sum)), shape }
}
