//! Another package's declarations, worked out in place: each once for each kind of event that carries its subject, and once where no
//! event is at hand. Inside it only its own names count, and those of the packages that it uses itself.

use std::collections::BTreeMap;

use super::imports::Used;
use super::queries::all;
use super::{Builder, Place, State, Typed};
use crate::diagnostics::{Severity, codes};
use crate::names::Symbol;
use crate::plan::{Expr, Op, Shape};
use crate::syntax::tree::{self, Path, Policy};
use crate::text::Span;
use crate::values::types::Type;

/// The most rows of another package's table that are worked out for each event.
const MOST_ROWS: usize = 200;
/// How deep other packages' defines may lead on to one another.
const DEEPEST: usize = 64;

/// Where a package's declarations are worked out in place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inlining {
    pub package: usize,
    /// For each event of which kind; nothing where no event is at hand.
    kind: Option<usize>,
    depth: usize,
}

/// Answers by package, kind of event and symbol.
pub(super) type Inlined = BTreeMap<(usize, Option<usize>, Symbol), State<Typed>>;

impl<'a> Builder<'a> {
    /// Works on another package's declarations instead of this one's, for something that stands at `span` here.
    pub(super) fn within<T>(
        &mut self,
        package: usize,
        kind: Option<usize>,
        span: Span,
        work: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let packages: &'a BTreeMap<usize, Used<'a>> = self.packages;
        let used = packages.get(&package)?;
        let depth = self.inlining.map_or(0, |outer| outer.depth);
        let outer = self.inlining.replace(Inlining { package, kind, depth });
        let own = (self.source, self.names, self.imports, std::mem::replace(&mut self.enums, used.enums.clone()));
        (self.source, self.names, self.imports) = (used.source, used.names, &used.imports);
        let told = self.faults.len();
        let done = work(self);
        (self.source, self.names, self.imports, self.enums) = own;
        self.inlining = outer;
        if outer.is_none() {
            // The other package is sound by itself and warns of what is doubtful in it, so what is wrong is wrong with what is asked here.
            let mut here = self.faults.split_off(told);
            here.retain(|fault| fault.severity == Severity::Error);
            for fault in &mut here {
                fault.primary.span = span;
                fault.reasons.clear();
                fault.edits.clear();
                fault.notes.push(format!("this comes up in the package `{}`", used.path));
            }
            self.faults.extend(here);
        }
        done
    }

    /// A name of the package whose declarations are being worked out, once for each kind of event.
    pub(super) fn inlined(&mut self, symbol: Symbol, name: &str, span: Span, place: Place) -> Option<Typed> {
        let inlining @ Inlining { package, kind, depth } = self.inlining?;
        let key = (package, kind.filter(|_| place.has_event()), symbol);
        match self.inlined.get(&key) {
            Some(State::Built(typed)) => return Some(typed.clone()),
            Some(State::Failed) => return None,
            Some(State::Building) => return self.circle(name, span),
            Some(State::Waiting) | None => {}
        }
        if depth == DEEPEST {
            let title = format!("definitions of other packages lead on to one another more than {DEEPEST} deep");
            return self.error(codes::E0206, span, title, "too deep here");
        }
        self.inlined.insert(key, State::Building);
        self.inlining = Some(Inlining { depth: depth + 1, ..inlining });
        let typed = self.worked_out(symbol, name, span, place);
        self.inlining = Some(inlining);
        let typed = typed.map(|Typed { expr, ty }| Typed { expr: self.kept_as(symbol, expr, place), ty });
        self.inlined.insert(key, typed.clone().map_or(State::Failed, State::Built));
        typed
    }

    /// A fixed figure goes into a cell: in its own package a parameter or define is not taken for a figure written at the place either.
    fn kept_as(&mut self, symbol: Symbol, expr: Expr, place: Place) -> Expr {
        let named = matches!(symbol, Symbol::Define(_) | Symbol::Parameter(_));
        if named && matches!(expr.op, Op::Constant(_) | Op::Choice(_)) {
            let cell = self.store(expr);
            return self.load(cell);
        }
        self.kept(expr, place)
    }

    fn worked_out(&mut self, symbol: Symbol, name: &str, span: Span, place: Place) -> Option<Typed> {
        match symbol {
            Symbol::Define(index) => {
                let tree = *self.names.defines.get(index)?;
                self.expr(&tree.expr, None, place)
            }
            Symbol::Table(index) => {
                let tree = *self.names.tables.get(index)?;
                if tree.outputs.len() != 1 {
                    return self.error(codes::E0308, span, format!("`{name}` has several outputs"), "which one?");
                }
                self.inline_table(tree, 0, span, place)
            }
            Symbol::Output(table, column) => {
                let tree = *self.names.tables.get(table)?;
                self.inline_table(tree, column, span, place)
            }
            Symbol::Parameter(index) => self.inline_parameter(index, span),
            other => self.error(
                codes::E0316,
                span,
                format!("`{name}` is {}, not an answer for one event", other.kind()),
                "not an answer",
            ),
        }
    }

    /// `response.level`, `Scale.one` in the package whose declarations are being worked out.
    pub(super) fn inlined_member(&mut self, path: &Path, place: Place) -> Option<Typed> {
        let [first, second] = path.parts.as_slice() else { return None };
        match self.names.get(&first.node) {
            Some(Symbol::Enum(index)) => super::names_in_use::choice(self.enums.get(index)?, &second.node),
            Some(Symbol::Table(table)) => {
                let columns = &self.names.tables.get(table)?.outputs;
                let column = columns.iter().position(|column| column.node == second.node);
                let symbol = column.map_or(Symbol::Table(table), |column| Symbol::Output(table, column));
                self.inlined(symbol, &second.node, path.span, place)
            }
            Some(other) => self.inlined(other, &first.node, path.span, place),
            None => None,
        }
    }

    /// A parameter of another package: the group's value, where members may not set it.
    fn inline_parameter(&mut self, index: usize, span: Span) -> Option<Typed> {
        let tree = *self.names.parameters.get(index)?;
        let (ty, _) = self.declared_type(&tree.ty, true)?;
        let [value] = tree.values.as_slice() else {
            return self.error(
                codes::E0316,
                span,
                "a parameter with several values is not used from another package",
                "dated, or without a value",
            );
        };
        if tree.local.is_some() {
            return self.error(
                codes::E0316,
                span,
                "a parameter that members may set is not used from another package",
                "set locally",
            );
        }
        let typed = self.expr(&value.value, Some(&ty), Place::default())?;
        self.fit(typed, &ty, span)
    }

    /// A table as a chain of conditions. Its rows are proved disjoint and complete where it is declared, so the last needs no condition.
    fn inline_table(&mut self, tree: &tree::Table, column: usize, span: Span, place: Place) -> Option<Typed> {
        let dated = tree.rows.iter().any(|row| row.in_force.is_some());
        if tree.rows.len() > MOST_ROWS || dated || matches!(tree.policy, Policy::Collect(_)) {
            let title = format!("`{}` cannot be worked out for each event", tree.name.node);
            let why = if dated { "its rows hold from a date" } else { "too large, or a `collect` table" };
            return self.error(codes::E0316, span, title, why);
        }
        let columns = self.columns(tree, place)?;
        let mut rows = Vec::new();
        for row in &tree.rows {
            rows.push(self.grid_row(tree, row, &columns)?);
        }
        let (types, values) = self.outputs(tree)?;
        let (ty, shape): &(Type, Shape) = types.get(column)?;
        let mut chain: Option<Expr> = None;
        for (row, outputs) in rows.iter().zip(&values).rev() {
            let Some(value) = outputs.as_ref().and_then(|o| o.get(column)) else { continue };
            let fits = all(row.regions.iter().zip(&columns).filter_map(|(r, c)| r.condition(&c.expr)).collect());
            chain = Some(match chain {
                None => value.clone(),
                Some(rest) => {
                    Expr { op: Op::If(Box::new(fits), Box::new(value.clone()), Box::new(rest)), shape: *shape }
                }
            });
        }
        chain.map(|expr| Typed { expr: Expr { shape: *shape, ..expr }, ty: ty.clone() })
    }
}
