//! Decision tables: cells to regions, outputs to typed columns.

use super::expressions::hull;
use super::literals::describe;
use super::names_in_use::choice;
use super::regions::{Grid, GridColumn, GridRow, Region};
use super::{Builder, BuiltCell, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Row, Shape, Step, Table, TableInput};
use crate::syntax::spelling::nearest;
use crate::syntax::tree::{self, Comparison, ExprKind, Policy, RowOutput, Test};
use crate::text::Span;
use crate::values::types::Type;

/// The columns of a table.
pub(super) type Columns = [GridColumn];

impl Builder<'_> {
    /// The output cells of a table, built when first asked for.
    pub(super) fn table(&mut self, index: usize, asked_at: Span) -> Option<Vec<BuiltCell>> {
        let tree = *self.names.tables.get(index)?;
        let at = (tree.name.node.as_str(), asked_at);
        self.once(|b| &mut b.tables, index, at, |b| b.build_table(tree))
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
            self.collects.extend(built);
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

    pub(super) fn columns(&mut self, tree: &tree::Table, place: Place) -> Option<Vec<GridColumn>> {
        let mut columns = Vec::new();
        for column in &tree.inputs {
            let typed = self.expr(&column.expr, None, place)?;
            if typed.ty.is_label() {
                return self.error(
                    codes::E0506,
                    column.span,
                    "text and organisations label a case; a rule does not look at them",
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

    pub(super) fn grid_row(&mut self, tree: &tree::Table, row: &tree::Row, columns: &[GridColumn]) -> Option<GridRow> {
        // The grammar holds rows to their header and says so where they do not fit.
        let dated = usize::from(tree.rows.iter().any(|r| r.in_force.is_some()));
        if row.cells.len() + dated != columns.len() {
            return None;
        }
        let mut regions = Vec::new();
        for (cell, column) in row.cells.iter().zip(columns) {
            regions.push(self.region(&cell.test, column, cell.span));
        }
        let mut regions = regions.into_iter().collect::<Option<Vec<_>>>()?;
        let mut cells: Vec<Span> = row.cells.iter().map(|c| c.span).collect();
        if dated == 1 {
            let shape = columns.last()?.shape;
            let (from, until) = row.in_force.as_ref().map_or((None, None), |(f, u)| (f.as_ref(), u.as_ref()));
            let day = |date: &crate::text::Spanned<tree::Date>| crate::types::header::day(date.node);
            let from = from.and_then(day).unwrap_or(shape.low);
            let until = until.and_then(day).unwrap_or(shape.high);
            let mut region = Region::range(from, until, shape);
            region.none = shape.optional && row.in_force.is_none();
            regions.push(region);
            cells.push(row.span);
        }
        let impossible = matches!(row.outputs, RowOutput::Impossible(_));
        Some(GridRow { regions, cells, span: row.span, impossible })
    }

    fn region(&mut self, test: &Test, column: &GridColumn, span: Span) -> Option<Region> {
        let shape = column.shape;
        Some(match test {
            Test::Any => Region::all(shape),
            Test::None => {
                if !shape.optional {
                    let title = format!("`{}` is never none", column.title);
                    return self.error(codes::E0508, span, title, "no such case");
                }
                Region::none()
            }
            Test::Is(value) => {
                let value = self.cell_value(value, column)?;
                Region::range(value, value, shape)
            }
            Test::Range(low, high) => {
                let (low_value, high_value) = (self.cell_value(low, column)?, self.cell_value(high, column)?);
                if low_value > high_value {
                    return self.error(codes::E0603, span, "the range ends below its start", "no value lies in it");
                }
                Region::range(low_value, high_value, shape)
            }
            Test::Compare(op, value) => self.compared_region(*op, value, column, span)?,
            Test::OneOf(tests) => {
                let mut union = Region { ranges: Vec::new(), none: false };
                for test in tests {
                    union = union.union(&self.region(test, column, span)?);
                }
                union
            }
            Test::Not(test) => self.region(test, column, span)?.complement(shape),
            Test::InList(path) => self.list_region(path, shape)?,
        })
    }

    fn compared_region(
        &mut self,
        op: Comparison,
        value: &tree::Expr,
        column: &GridColumn,
        span: Span,
    ) -> Option<Region> {
        let shape = column.shape;
        if matches!(column.ty, Type::Enum { .. }) && !matches!(op, Comparison::Equal | Comparison::NotEqual) {
            let fault =
                Diagnostic::error(codes::E0507, span, "the choices of an enum have no order", "compared by size");
            return self.fault(fault.help("name the choices that are meant: `{ a, b }`"));
        }
        let v = self.cell_value(value, column)?;
        Some(match op {
            Comparison::Equal => Region::range(v, v, shape),
            Comparison::NotEqual => Region::range(v, v, shape).complement(shape),
            Comparison::Less => Region::range(shape.low, v - 1, shape),
            Comparison::LessOrEqual => Region::range(shape.low, v, shape),
            Comparison::Greater => Region::range(v + 1, shape.high, shape),
            Comparison::GreaterOrEqual => Region::range(v, shape.high, shape),
        })
    }

    fn cell_value(&mut self, tree: &tree::Expr, column: &GridColumn) -> Option<i64> {
        let typed = self.expr(tree, Some(&column.ty), Place::default())?;
        if !matches!(typed.expr.op, Op::Constant(_) | Op::Choice(_)) {
            let title = "a cell compares with a fixed value";
            let fault = Diagnostic::error(codes::E0402, tree.span, title, "this depends on the case");
            return self.fault(fault.help("compare the two in a define, and ask for `yes` or `no` here: only then can the table be proved complete"));
        }
        let typed = self.fit(typed, &column.ty, tree.span)?;
        self.constant(&typed, tree.span)
    }

    /// The output columns' types and every row's values; `None` for rows that claim to be impossible.
    #[allow(clippy::type_complexity, reason = "one value a column, one list a row")]
    pub(super) fn outputs(&mut self, tree: &tree::Table) -> Option<(Vec<(Type, Shape)>, Vec<Option<Vec<Expr>>>)> {
        let mut types = Vec::new();
        let mut by_column = Vec::new();
        for (column, name) in tree.outputs.iter().enumerate() {
            let mut cells = Vec::new();
            for row in &tree.rows {
                let RowOutput::Values(values) = &row.outputs else {
                    continue;
                };
                if values.len() != tree.outputs.len() {
                    return None;
                }
                cells.extend(values.get(column));
            }
            let (ty, exprs) = self.output_column(name, &cells)?;
            let shape = exprs.iter().filter(|e| !matches!(e.op, Op::None)).map(|e| e.shape).reduce(hull)?;
            let optional = exprs.iter().any(|e| e.shape.optional);
            types.push((ty, Shape { optional, ..shape }));
            by_column.push(exprs.into_iter());
        }
        let mut rows = Vec::new();
        for row in &tree.rows {
            rows.push(match row.outputs {
                RowOutput::Impossible(_) => None,
                RowOutput::Values(_) => Some(by_column.iter_mut().filter_map(Iterator::next).collect()),
            });
        }
        Some((types, rows))
    }

    /// One output column brought to one type.
    fn output_column(&mut self, name: &tree::Name, cells: &[&tree::Expr]) -> Option<(Type, Vec<Expr>)> {
        let title = name.node.as_str();
        if let Some(ty) = self.implied_choices(title, cells) {
            let shape = super::subject::choice_shape(&ty);
            let mut exprs = Vec::new();
            for cell in cells {
                exprs.push(match bare_name(cell) {
                    Some(name) => choice(&ty, name)?.expr,
                    None => Expr { op: Op::None, shape: shape.or_none() },
                });
            }
            return Some((ty, exprs));
        }
        let mut typed: Vec<(Typed, Span)> = Vec::new();
        for cell in cells {
            let hint = typed.iter().find(|(t, _)| !matches!(t.expr.op, Op::None)).map(|(t, _)| t.ty.clone());
            typed.push((self.expr(cell, hint.as_ref(), Place::default())?, cell.span));
        }
        self.one_output_type(name, typed)
    }

    fn one_output_type(&mut self, name: &tree::Name, typed: Vec<(Typed, Span)>) -> Option<(Type, Vec<Expr>)> {
        let title = name.node.as_str();
        let given = typed.iter().filter(|(t, _)| !matches!(t.expr.op, Op::None));
        let Some(mut ty) = given.clone().map(|(t, _)| t.ty.clone()).next() else {
            let at = typed.first().map_or(name.span, |(_, span)| *span);
            return self.error(
                codes::E0403,
                at,
                format!("the output `{title}` is none in every row"),
                "never has a value",
            );
        };
        if let Type::Number { places, .. } = &mut ty {
            let most = given.map(|(t, _)| if let Type::Number { places, .. } = t.ty { places } else { 0 }).max();
            *places = most.unwrap_or(*places);
        }
        let mut exprs = Vec::new();
        for (value, span) in typed {
            if value.ty != ty
                && !matches!((&value.ty, &ty), (Type::Number { .. }, Type::Number { .. }))
                && !matches!(value.expr.op, Op::None)
            {
                let title =
                    format!("the output `{title}` is {} here and {} elsewhere", describe(&value.ty), describe(&ty));
                return self.error(codes::E0404, span, title, "another kind of thing");
            }
            exprs.push(self.fit(value, &ty, span)?.expr);
        }
        Some((ty, exprs))
    }

    /// A column of bare names that no declaration knows is an enum of its own, in order of appearance.
    fn implied_choices(&mut self, title: &str, cells: &[&tree::Expr]) -> Option<Type> {
        let mut variants: Vec<String> = Vec::new();
        for cell in cells {
            if matches!(cell.kind, ExprKind::None) {
                continue;
            }
            let name = bare_name(cell)?;
            if self.names.get(name).is_some() || self.names.enums_with(name).next().is_some() {
                return None;
            }
            if !variants.iter().any(|v| v == name) {
                variants.push(name.to_owned());
            }
        }
        if variants.is_empty() || variants.len() > 63 {
            return None;
        }
        self.warn_of_slips(title, cells);
        let labels = vec![None; variants.len()];
        Some(Type::Enum { name: title.to_owned(), variants, labels })
    }

    /// A name that appears once and is nearly another is probably a slip.
    fn warn_of_slips(&mut self, title: &str, cells: &[&tree::Expr]) {
        let names: Vec<(&str, Span)> = cells.iter().filter_map(|c| bare_name(c).map(|n| (n, c.span))).collect();
        for (name, span) in &names {
            if names.iter().filter(|(n, _)| n == name).count() > 1 {
                continue;
            }
            if let Some(near) = nearest(name, names.iter().map(|(n, _)| *n).filter(|n| n != name)) {
                let words = format!("`{name}` is nearly `{near}`, and `{title}` has both");
                let fault = Diagnostic::warning(codes::W0401, *span, words, "appears once");
                self.faults
                    .push(fault.help(format!("declare `enum` with the choices of `{title}` so that slips are found")));
            }
        }
    }

    fn place_table(
        &mut self,
        tree: &tree::Table,
        grid: Grid,
        types: &[(Type, Shape)],
        values: Vec<Option<Vec<Expr>>>,
    ) -> Vec<BuiltCell> {
        let last_row = i64::try_from(grid.rows.len()).unwrap_or(i64::MAX) - 1;
        let row_cell = self.new_cell(Shape::range(0, last_row));
        let built: Vec<BuiltCell> =
            types.iter().map(|(ty, shape)| BuiltCell { cell: self.new_cell(*shape), ty: ty.clone() }).collect();
        let mut rows = Vec::new();
        for (row, outputs) in grid.rows.iter().zip(values) {
            let conditions = row.regions.iter().zip(&grid.columns).filter_map(|(r, c)| r.condition(&c.expr)).collect();
            rows.push(Row { conditions, outputs, text: self.words(row.span), span: row.span });
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
        self.plan.steps.push(Step::Table(table));
        self.grids.push(grid);
        built
    }
}

fn bare_name(tree: &tree::Expr) -> Option<&str> {
    match &tree.kind {
        ExprKind::Path(path) => match path.parts.as_slice() {
            [name] => Some(&name.node),
            _ => None,
        },
        _ => None,
    }
}
