//! Decision tables: cells to regions, outputs to typed columns.

mod answer;
mod cell;
mod collect;
mod output;
pub(in crate::types) mod region;

use crate::diagnostics::codes;
use crate::plan::{Expr, Row, Shape, Table, TableInput};
use crate::syntax::tree::{self, Policy};
use crate::text::Span;
use crate::types::builder::once::Once;
use crate::types::tables::region::{Grid, GridColumn};
use crate::types::{Builder, BuiltCell, Place};
use crate::values::types::Type;

/// The columns of a table.
pub(in crate::types) type Columns = [GridColumn];

/// What is kept of the tables: their output cells, the cells of `collect` tables by full name, and grids to be proved.
#[derive(Debug)]
pub(in crate::types) struct Tables {
    outputs: Once<Vec<BuiltCell>>,
    collects: Vec<(String, BuiltCell)>,
    grids: Vec<Grid>,
}

impl Tables {
    /// So many tables, none of them built.
    pub fn waiting(count: usize) -> Tables {
        Tables { outputs: Once::waiting(count), collects: Vec::new(), grids: Vec::new() }
    }

    /// The grids of the tables that could be built.
    pub fn into_grids(self) -> Vec<Grid> {
        self.grids
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
        let mut rows = Vec::new();
        let mut whole = true;
        for row in &tree.rows {
            let read = self.grid_row(tree, row, &columns);
            whole &= read.is_some();
            rows.extend(read);
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
        let grid = Grid {
            name: tree.name.node.clone(),
            step: self.plan.steps.len(),
            columns,
            rows,
            first: tree.policy == Policy::First,
            name_span: tree.name.span,
        };
        Some(self.place_table(tree, grid, &types, values))
    }

    pub(in crate::types) fn columns(&mut self, tree: &tree::Table, place: Place) -> Option<Vec<GridColumn>> {
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
            columns.push(GridColumn {
                title: column.title.clone(),
                ty: typed.ty,
                shape: expr.shape,
                expr,
                span: column.span,
            });
        }
        if let Some(row) = tree.rows.iter().find(|r| r.in_force.is_some()) {
            let index = self.index_date(row.span)?;
            let shape = index.shape;
            columns.push(GridColumn {
                title: "judged on".to_owned(),
                ty: Type::Date,
                shape,
                expr: index,
                span: row.span,
            });
        }
        Some(columns)
    }

    fn place_table(
        &mut self,
        tree: &tree::Table,
        grid: Grid,
        types: &[(Type, Shape)],
        values: Vec<Option<Vec<Expr>>>,
    ) -> Vec<BuiltCell> {
        let last_row = i64::try_from(grid.rows.len()).unwrap_or(i64::MAX) - 1;
        let row_cell = self.plan.cell(Shape::range(0, last_row));
        let built: Vec<BuiltCell> =
            types.iter().map(|(ty, shape)| BuiltCell { cell: self.plan.cell(*shape), ty: ty.clone() }).collect();
        let mut rows = Vec::new();
        for (row, outputs) in grid.rows.iter().zip(values) {
            let conditions = row.regions.iter().zip(&grid.columns).filter_map(|(r, c)| r.condition(&c.expr)).collect();
            rows.push(Row { conditions, outputs, text: self.context.words(row.span), span: row.span });
        }
        let inputs = grid
            .columns
            .iter()
            .map(|c| TableInput { title: c.title.clone(), expr: c.expr.clone(), ty: c.ty.clone() })
            .collect();
        let table = Table {
            name: grid.name.clone(),
            first: grid.first,
            row_cell,
            output_cells: built.iter().map(|b| b.cell).collect(),
            rows,
            inputs,
            outputs: tree.outputs.iter().map(|o| o.node.clone()).collect(),
            source: tree.source.as_ref().map(|c| self.citation(c)),
            span: tree.span,
        };
        self.plan.table(table);
        self.tables.grids.push(grid);
        built
    }
}
