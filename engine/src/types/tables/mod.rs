//! Decision tables: cells to regions, outputs to typed columns.

mod answer;
mod cell;
mod collect;
mod output;
pub(in crate::types) mod places;

use crate::diagnostics::codes;
use crate::plan::{Expr, Region, Shape, StepId, Table, TableColumn, TableRow};
use crate::syntax::tree::{self, Policy};
use crate::text::Span;
use crate::types::builder::once::Once;
use crate::types::tables::places::TablePlaces;
use crate::types::{Builder, BuiltCell, Place};
use crate::values::types::Type;

/// What is kept of the tables: their output cells, the cells of `collect` tables by full name, and where each is written.
#[derive(Debug, Default)]
pub(in crate::types) struct Tables {
    outputs: Once<Vec<BuiltCell>>,
    collects: Vec<(String, BuiltCell)>,
    places: Vec<TablePlaces>,
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
        let columns = self.columns(tree, Place::default())?;
        let (mut rows, mut spans) = (Vec::new(), Vec::new());
        let mut whole = true;
        for row in &tree.rows {
            let read = self.row_cells(tree, row, &columns);
            whole &= read.is_some();
            let (cells, at) = read.unzip();
            rows.extend(cells);
            spans.extend(at);
        }
        let outputs = self.outputs(tree);
        if !whole || rows.is_empty() {
            return None;
        }
        let (types, values) = outputs?;
        if let Policy::Collect(how) = &tree.policy {
            let built = self.collected(tree, &how.node, &columns, &rows, &types, &values)?;
            let cells =
                built.iter().filter(|(name, _)| *name == tree.name.node).map(|(_, cell)| cell.clone()).collect();
            self.tables.collects.extend(built);
            return Some(cells);
        }
        let (step, built) = self.place_table(tree, columns, rows, &types, values);
        let any = tree.policy == Policy::Any;
        self.tables.places.push(TablePlaces { step, name: tree.name.span, cells: spans, any });
        Some(built)
    }

    pub(in crate::types) fn columns(&mut self, tree: &tree::Table, place: Place) -> Option<Vec<TableColumn>> {
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
        columns: Vec<TableColumn>,
        rows: Vec<Vec<Region>>,
        types: &[(Type, Shape)],
        values: Vec<Option<Vec<Expr>>>,
    ) -> (StepId, Vec<BuiltCell>) {
        let last_row = i64::try_from(rows.len()).unwrap_or(i64::MAX) - 1;
        let row_cell = self.plan.cell(Shape::range(0, last_row));
        let built: Vec<BuiltCell> =
            types.iter().map(|(ty, shape)| BuiltCell { cell: self.plan.cell(*shape), ty: ty.clone() }).collect();
        let rows = tree.rows.iter().zip(rows).zip(values).map(|((row, cells), outputs)| TableRow {
            cells,
            outputs,
            text: self.context.words(row.span),
            span: row.span,
        });
        let rows = rows.collect();
        let table = Table {
            name: tree.name.node.clone(),
            first: matches!(tree.policy, Policy::First | Policy::Any),
            row_cell,
            output_cells: built.iter().map(|b| b.cell).collect(),
            columns,
            rows,
            outputs: tree.outputs.iter().map(|o| o.node.clone()).collect(),
            source: tree.source.as_ref().map(|c| self.citation(c)),
            span: tree.span,
        };
        (self.plan.table(table), built)
    }
}
