//! What another package declares, worked out in place.
//!
//! The other package is checked by itself, tables and all; here its defines and tables are worked out with the event's fields as its
//! facts. Inside it only its own names count, and those of the packages that it uses itself.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Expr, Kinds, Op, Shape};
use crate::syntax::tree::{self, Path, Policy};
use crate::text::Span;
use crate::types::builder::seen::Meaning;
use crate::types::expressions::choice::choice;
use crate::types::tables::of_event::{MOST_ROWS, chained};
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

/// How deep other packages' defines may lead on to one another.
const DEEPEST: usize = 64;

/// An answer of another package: which package, the kinds of event it is about, and what declares it.
pub(super) type Answer = (usize, Option<Kinds>, Symbol);

impl Builder<'_> {
    /// A name of the package whose declarations are being worked out, once for each kind of event.
    pub(in crate::types) fn inlined(&mut self, symbol: Symbol, name: &str, span: Span, place: Place) -> Option<Typed> {
        let inlining = self.context.inlining()?;
        let answer = (inlining.package, inlining.kinds.filter(|_| place.has_event()), symbol);
        self.once(
            |b| &mut b.uses.answers,
            answer,
            (name, span),
            |b| {
                if inlining.depth == DEEPEST {
                    let title =
                        format!("definitions of other packages lead on to one another more than {DEEPEST} deep");
                    return b.error(codes::E0206, span, title, "too deep here");
                }
                let outer = b.context;
                b.context = outer.deeper();
                let typed = b.worked_out(symbol, name, span, place);
                b.context = outer;
                let Typed { expr, ty } = typed?;
                Some(Typed { expr: b.kept_as(symbol, expr, place), ty })
            },
        )
    }

    /// A fixed figure goes into a cell: in its own package a parameter or define is not taken for a figure written at the place either.
    fn kept_as(&mut self, symbol: Symbol, expr: Expr, place: Place) -> Expr {
        let named = matches!(symbol, Symbol::Define(_) | Symbol::Parameter(_));
        if named && matches!(expr.op, Op::Constant(_) | Op::Choice(_)) {
            let cell = self.plan.store(expr);
            return self.plan.load(cell);
        }
        self.kept(expr, place)
    }

    fn worked_out(&mut self, symbol: Symbol, name: &str, span: Span, place: Place) -> Option<Typed> {
        if let Some(of) = self.is_of_event(symbol) {
            let title = format!("`{name}` is said of one `{}`, an event of its own package", of.text());
            return self.error(codes::E0316, span, title, "not an answer for one event here");
        }
        match symbol {
            Symbol::Define(index) => {
                let tree = *self.names().defines.get(index)?;
                self.expr(&tree.expr, None, place)
            }
            Symbol::Table(index) => {
                let tree = *self.names().tables.get(index)?;
                if tree.outputs.len() != 1 {
                    return self.error(codes::E0308, span, format!("`{name}` has several outputs"), "which one?");
                }
                self.inline_table(tree, 0, span, place)
            }
            Symbol::Output(table, column) => {
                let tree = *self.names().tables.get(table)?;
                self.inline_table(tree, column, span, place)
            }
            Symbol::Parameter(index) => self.inline_parameter(index, span),
            Symbol::Fact(_) | Symbol::Event(_) | Symbol::Events(_) if self.context.of_this_case() => {
                self.symbol(symbol, name, span)
            }
            other if self.context.of_this_case() => {
                let title = format!("`{name}` is {}, which a subject does not bring along", other.kind());
                let fault = Diagnostic::error(codes::E0316, span, title, "worked out in its own package only");
                self.fault(fault.help("declare it here, by what the subject brings: facts, events, sets of events, definitions, tables, fixed parameters"))
            }
            other => self.error(
                codes::E0316,
                span,
                format!("`{name}` is {}, not an answer for one event", other.kind()),
                "not an answer",
            ),
        }
    }

    /// `response.level`, `Scale.one` in the package whose declarations are being worked out.
    pub(in crate::types) fn inlined_part(&mut self, path: &Path, place: Place) -> Option<(Typed, Meaning)> {
        let [first, second] = path.parts.as_slice() else { return None };
        let symbol = match self.names().get(&first.node)? {
            Symbol::Enum(index) => return choice(self.context.enums().get(index)?, &second.node),
            Symbol::Table(table) => {
                let columns = &self.names().tables.get(table)?.outputs;
                let column = columns.iter().position(|column| column.node == second.node);
                column.map_or(Symbol::Table(table), |column| Symbol::Output(table, column))
            }
            other => other,
        };
        let case = self.context.of_this_case();
        if case && let Some(found) = self.of_event(symbol, (&first.node, path.span), place) {
            return found;
        }
        let place = if case { Place::default() } else { place };
        let typed = self.inlined(symbol, &first.node, path.span, place)?;
        Some((typed, Meaning::Declared(symbol)))
    }

    /// A parameter of another package: the group's value, where members may not set it.
    fn inline_parameter(&mut self, index: usize, span: Span) -> Option<Typed> {
        let tree = *self.names().parameters.get(index)?;
        let (ty, _) = self.reader().declared_type(&tree.ty, true)?;
        let [value] = tree.values.as_slice() else {
            return self.error(
                codes::E0316,
                span,
                "a parameter without one fixed value cannot be used from another package",
                "dated, or without a value",
            );
        };
        if tree.local.is_some() {
            return self.error(
                codes::E0316,
                span,
                "a parameter that members may set cannot be used from another package",
                "set locally",
            );
        }
        let typed = self.expr(&value.value, Some(&ty), Place::default())?;
        self.fit(typed, &ty, span)
    }

    /// A table as a chain of conditions. Its rows are proved complete where it is declared, so that the last is the rest.
    fn inline_table(&mut self, tree: &tree::Table, column: usize, span: Span, place: Place) -> Option<Typed> {
        let dated = tree.rows.iter().any(|row| row.in_force.is_some());
        if tree.rows.len() > MOST_ROWS || dated || matches!(tree.policy, Policy::Collect(_)) {
            let title = format!("`{}` cannot be worked out for each event", tree.name.node);
            let why = if dated { "its rows are dated" } else { "too large, or a `collect` table" };
            return self.error(codes::E0316, span, title, why);
        }
        let conditions = self.conditions_of(tree, place)?;
        let (types, values) = self.outputs(tree, Place::default())?;
        let (ty, shape): &(Type, Shape) = types.get(column)?;
        let expr = chained(&conditions, &values, column, *shape)?;
        Some(Typed { expr, ty: ty.clone() })
    }
}
