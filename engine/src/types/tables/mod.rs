//! Decision tables: cells to regions, outputs to typed columns.

mod all_values;
mod answer;
mod cell;
mod choose;
mod collect;
pub(in crate::types) mod of_event;
mod output;
pub(in crate::types) mod places;
mod twice;

use crate::diagnostics::codes;
use crate::names::Symbol;
use crate::plan::{CellId, Expr, Id, Region, Shape, Table, TableColumn, TableRow};
use crate::syntax::tree::{self, Policy};
use crate::text::Span;
use crate::types::builder::once::Once;
use crate::types::tables::places::{Placed, TablePlaces};
use crate::types::{Builder, BuiltCell, Place, Typed};
use crate::values::types::Type;

/// What is kept of the tables: their output cells, the cells of `collect` tables by full name, and where each is written.
#[derive(Debug, Default)]
pub(in crate::types) struct Tables {
    outputs: Once<Vec<BuiltCell>>,
    collects: Vec<(String, BuiltCell)>,
    places: Vec<TablePlaces>,
    /// What is declared of one event, with the event at level 0: a define, or the outputs of a table.
    of_event: Once<Vec<Typed>, (Option<usize>, Symbol)>,
}

/// Left of the bar: the columns, and which of their values each row lets through. An entry of a `choose` may need several rows.
#[derive(Debug, Default)]
pub(in crate::types) struct Conditions {
    pub columns: Vec<TableColumn>,
    pub rows: Vec<ConditionsOfRow>,
}

/// The cells of a row.
#[derive(Debug)]
pub(in crate::types) struct ConditionsOfRow {
    /// The row of the text.
    pub row: usize,
    /// One a column.
    pub cells: Vec<Region>,
    /// Where they are written, one a column.
    pub spans: Vec<Span>,
}

impl Tables {
    /// Where the tables that could be built are written.
    pub fn into_places(self) -> Vec<TablePlaces> {
        self.places
    }
}

impl Builder<'_> {
    /// The output cells of a table, built when first asked for.
    pub(in crate::types) fn table(&mut self, index: usize, asked_at: Span) -> Option<Vec<BuiltCell>> {
        let tree = *self.names().tables.get(index)?;
        let at = (tree.name.node.as_str(), asked_at);
        self.once(|b| &mut b.tables.outputs, index, at, |b| b.build_table(tree))
    }

    fn build_table(&mut self, tree: &tree::Table) -> Option<Vec<BuiltCell>> {
        let (conditions, outputs) = (self.conditions_of(tree, Place::default()), self.outputs(tree, Place::default()));
        let (conditions, (types, values)) = (conditions?, outputs?);
        if conditions.rows.is_empty() {
            return None;
        }
        if let Policy::Collect(how) = &tree.policy {
            self.warn_of_rows_twice(tree, &how.node, &conditions, &values);
            let rows: Vec<Vec<Region>> = conditions.rows.iter().map(|row| row.cells.clone()).collect();
            let built = self.collected(tree, &how.node, &conditions.columns, &rows, &types, &values)?;
            if self.seen.questions().is_some() && self.context.inlining().is_none() {
                let Conditions { columns, rows } = conditions;
                let table = self.as_table(tree, columns, rows, &values, (CellId::at(0), Vec::new()));
                self.seen.questions_mut().into_iter().for_each(|kept| kept.collected.push(table.clone()));
            }
            let cells =
                built.iter().filter(|(name, _)| *name == tree.name.node).map(|(_, cell)| cell.clone()).collect();
            self.tables.collects.extend(built);
            return Some(cells);
        }
        if tree.policy == Policy::Any {
            self.warn_of_rows_twice(tree, "any", &conditions, &values);
        }
        Some(self.place_table(tree, conditions, &types, &values))
    }

    /// The columns and rows of a table, at a place.
    pub(in crate::types) fn conditions_of(&mut self, tree: &tree::Table, place: Place) -> Option<Conditions> {
        if tree.is_choice() {
            return self.choices(tree, place);
        }
        let columns = self.columns(tree, place)?;
        self.warn_of_last_minutes(tree);
        let (mut rows, mut whole) = (Vec::new(), true);
        for (number, row) in tree.rows.iter().enumerate() {
            let read = self.row_cells(tree, row, &columns);
            whole &= read.is_some();
            rows.extend(read.map(|(cells, spans)| ConditionsOfRow { row: number, cells, spans }));
        }
        whole.then_some(Conditions { columns, rows })
    }

    fn columns(&mut self, tree: &tree::Table, place: Place) -> Option<Vec<TableColumn>> {
        let mut columns = Vec::new();
        for column in &tree.inputs {
            let typed = self.expr(&column.expr, None, place)?;
            if typed.ty.is_label() {
                return self.error(
                    codes::E0506,
                    column.span,
                    "text and organisations are labels; rules cannot use labels",
                    "a column of a table",
                );
            }
            let expr = self.kept(typed.expr, place);
            columns.push(TableColumn { title: column.title.clone(), expr, ty: typed.ty });
        }
        if let Some(row) = tree.rows.iter().find(|r| r.in_force.is_some()) {
            let expr = self.index_date(row.span)?;
            columns.push(TableColumn { title: "judged on".to_owned(), expr, ty: Type::Date });
        }
        Some(columns)
    }

    fn place_table(
        &mut self,
        tree: &tree::Table,
        conditions: Conditions,
        types: &[(Type, Shape)],
        values: &[Option<Vec<Expr>>],
    ) -> Vec<BuiltCell> {
        let Conditions { columns, rows } = conditions;
        let spans = rows.iter().map(|row| row.spans.clone()).collect();
        let last_row = i64::try_from(rows.len()).unwrap_or(i64::MAX) - 1;
        let row_cell = self.plan.cell(Shape::range(0, last_row));
        let built: Vec<BuiltCell> =
            types.iter().map(|(ty, shape)| BuiltCell { cell: self.plan.cell(*shape), ty: ty.clone() }).collect();
        let output_cells = built.iter().map(|b| b.cell).collect();
        let table = self.as_table(tree, columns, rows, values, (row_cell, output_cells));
        let table = Placed::Step(self.plan.table(table));
        let any = tree.policy == Policy::Any;
        self.tables.places.push(TablePlaces { table, name: tree.name.span, cells: spans, any });
        built
    }

    /// A table as the plan holds it.
    fn as_table(
        &mut self,
        tree: &tree::Table,
        columns: Vec<TableColumn>,
        rows: Vec<ConditionsOfRow>,
        values: &[Option<Vec<Expr>>],
        (row_cell, output_cells): (CellId, Vec<CellId>),
    ) -> Table {
        let rows = rows.into_iter().map(|ConditionsOfRow { row, cells, .. }| {
            let span = tree.rows.get(row).map_or(tree.span, |row| row.span);
            let outputs = values.get(row).cloned().flatten();
            TableRow { cells, outputs, text: self.context.words(span), span }
        });
        let rows = rows.collect();
        Table {
            name: tree.name.node.clone(),
            first: matches!(tree.policy, Policy::First | Policy::Any),
            row_cell,
            output_cells,
            columns,
            rows,
            outputs: tree.outputs.iter().map(|o| o.node.clone()).collect(),
            source: tree.source.as_ref().map(|c| self.citation(c)),
            span: tree.span,
        }
    }
}
