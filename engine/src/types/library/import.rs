//! Another package's answers, given for each event that carries its subject: `event Observations : news2.Observation`, and then
//! `news2.total` wherever such an event is in scope.
//!
//! The other package is checked by itself, tables and all; here its defines and tables are worked out in place, with the event's
//! fields as its facts.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::{Names, Symbol};
use crate::plan::{Expr, Input, Op, Shape, Unknown, conditions};
use crate::syntax::tree::{self, Policy};
use crate::text::Span;
use crate::types::expressions::at_hand::AtHand;
use crate::types::expressions::terms::all;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

/// The most rows of another package's table that are worked out for each event.
const MOST_ROWS: usize = 200;
/// How deep the other package's defines may lead on to one another.
const DEEPEST: usize = 32;

/// A package that this one uses.
#[derive(Clone, Debug)]
pub struct Import<'a> {
    /// What it is called here.
    pub alias: String,
    /// Its declarations.
    pub names: &'a Names<'a>,
}

/// How this package uses others.
#[derive(Debug, Default)]
pub(in crate::types) struct Uses {
    /// Events that carry another package's subject: kind, and which package.
    carries: Vec<(usize, usize)>,
    /// How deep declarations of other packages are being worked out inside one another.
    depth: usize,
}

impl Builder<'_> {
    pub(in crate::types) fn import_called(&self, alias: &str) -> Option<usize> {
        self.context.imports().iter().position(|import| import.alias == alias)
    }

    /// Works on another package's declarations instead of this one's.
    fn within<T>(&mut self, import: usize, work: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let other = self.context.of_import(import)?;
        let own = std::mem::replace(&mut self.context, other);
        self.uses.depth += 1;
        let done = if self.uses.depth > DEEPEST { None } else { work(self) };
        self.uses.depth -= 1;
        self.context = own;
        done
    }

    /// The fields that an event gets from the subject it carries.
    pub(in crate::types) fn carried(&mut self, kind: usize, event: &tree::Event) -> Vec<Input> {
        let Some(path) = &event.carries else { return Vec::new() };
        let found = match path.parts.as_slice() {
            [alias, subject] => self.import_called(&alias.node).filter(|i| {
                let declared = self.context.imports().get(*i).and_then(|i| i.names.subject);
                declared.is_some_and(|s| s.name.node == subject.node)
            }),
            _ => None,
        };
        let Some(import) = found else {
            let written = path.text();
            let fault =
                Diagnostic::error(codes::E0316, path.span, format!("there is no subject `{written}`"), "not found");
            self.faults.push(fault.help("write `use area.package as name` below the header, and name its subject: `event Observations : name.Observation`"));
            return Vec::new();
        };
        self.uses.carries.push((kind, import));
        let facts = self
            .context
            .imports()
            .get(import)
            .and_then(|i| i.names.subject)
            .map(|s| s.facts.as_slice())
            .unwrap_or_default();
        let mut fields = Vec::new();
        for fact in facts {
            let unknown = Unknown::Field(kind, fields.len());
            fields.extend(self.within(import, |b| b.field(fact, unknown)));
        }
        fields
    }

    /// `news2.total`, where an event that carries its subject is in scope.
    pub(in crate::types) fn imported(
        &mut self,
        alias: &str,
        name: &str,
        span: Span,
        place: Place,
    ) -> Option<Option<Typed>> {
        let import = self.import_called(alias)?;
        let carrying: Vec<usize> =
            self.uses.carries.iter().filter(|(_, i)| *i == import).map(|(kind, _)| *kind).collect();
        let Some((level, at)) =
            self.place_of(place, |what| matches!(what, AtHand::Event(kind) if carrying.contains(kind)))
        else {
            let fault = Diagnostic::error(
                codes::E0316,
                span,
                format!("`{alias}.{name}` is an answer for one event, and there is no current event here"),
                "no current event",
            );
            return Some(self.fault(fault.help(format!(
                "use it inside a query of an event with that subject: `first Observations where {alias}.{name} …`"
            ))));
        };
        let typed = self.within(import, |b| match b.names().get(name) {
            Some(symbol) => b.inlined(symbol, name, span, at),
            None => b.error(codes::E0303, span, format!("`{alias}` has no answer `{name}`"), "not declared"),
        });
        Some(typed.map(|t| Typed { expr: (0..level).fold(t.expr, |e, _| e.inside()), ty: t.ty }))
    }

    /// A name of another package, worked out for the current event, once for each event.
    pub(in crate::types) fn inlined(&mut self, symbol: Symbol, name: &str, span: Span, place: Place) -> Option<Typed> {
        let Typed { expr, ty } = self.answer_for_event(symbol, name, span, place)?;
        Some(Typed { expr: self.kept(expr, place), ty })
    }

    fn answer_for_event(&mut self, symbol: Symbol, name: &str, span: Span, place: Place) -> Option<Typed> {
        let import = self.context.import()?;
        match symbol {
            Symbol::Define(index) => {
                let tree = *self.names().defines.get(index)?;
                self.within(import, |b| b.expr(&tree.expr, None, place))
            }
            Symbol::Table(index) => {
                let tree = *self.names().tables.get(index)?;
                if tree.outputs.len() != 1 {
                    return self.error(codes::E0308, span, format!("`{name}` has several outputs"), "which one?");
                }
                self.within(import, |b| b.inline_table(tree, 0, span, place))
            }
            Symbol::Output(table, column) => {
                let tree = *self.names().tables.get(table)?;
                self.within(import, |b| b.inline_table(tree, column, span, place))
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

    /// A table as a chain of conditions. Its rows are proved disjoint and complete where it is declared, so the last needs no condition.
    fn inline_table(&mut self, tree: &tree::Table, column: usize, span: Span, place: Place) -> Option<Typed> {
        if tree.rows.len() > MOST_ROWS || matches!(tree.policy, Policy::Collect(_)) {
            let title = format!("`{}` cannot be worked out for each event", tree.name.node);
            return self.error(codes::E0316, span, title, "too large, or a `collect` table");
        }
        let columns = self.columns(tree, place)?;
        let mut rows = Vec::new();
        for row in &tree.rows {
            rows.push(self.row_cells(tree, row, &columns)?.0);
        }
        let (types, values) = self.outputs(tree)?;
        let (ty, shape): &(Type, Shape) = types.get(column)?;
        let mut chain: Option<Expr> = None;
        for (cells, outputs) in rows.iter().zip(&values).rev() {
            let Some(value) = outputs.as_ref().and_then(|o| o.get(column)) else { continue };
            let fits = all(conditions(cells, &columns));
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
