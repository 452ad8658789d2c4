//! Rows and cells: which values of its column each cell lets through.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Op, Region, Shape, TableColumn};
use crate::syntax::tree::{self, Comparison, Path, Test};
use crate::text::Span;
use crate::types::package::header::day;
use crate::types::{Builder, Place};
use crate::values::types::Type;

impl Builder<'_> {
    /// The regions of a row, one a column, and where each is written.
    pub(in crate::types) fn row_cells(
        &mut self,
        tree: &tree::Table,
        row: &tree::Row,
        columns: &[TableColumn],
    ) -> Option<(Vec<Region>, Vec<Span>)> {
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
        let mut spans: Vec<Span> = row.cells.iter().map(|c| c.span).collect();
        if dated == 1 {
            let shape = columns.last()?.expr.shape;
            let (from, until) = row.in_force.as_ref().map_or((None, None), |(f, u)| (f.as_ref(), u.as_ref()));
            let day = |date: &crate::text::Spanned<tree::Date>| day(date.node);
            let from = from.and_then(day).unwrap_or(shape.low);
            let until = until.and_then(day).unwrap_or(shape.high);
            let mut region = Region::range(from, until, shape);
            region.none = shape.optional && row.in_force.is_none();
            regions.push(region);
            spans.push(row.span);
        }
        Some((regions, spans))
    }

    fn region(&mut self, test: &Test, column: &TableColumn, span: Span) -> Option<Region> {
        let shape = column.expr.shape;
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
                let mut union = Region::nothing();
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
        column: &TableColumn,
        span: Span,
    ) -> Option<Region> {
        let shape = column.expr.shape;
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

    fn cell_value(&mut self, tree: &tree::Expr, column: &TableColumn) -> Option<i64> {
        let typed = self.expr(tree, Some(&column.ty), Place::default())?;
        if !matches!(typed.expr.op, Op::Constant(_) | Op::Choice(_)) {
            let title = "a cell must compare with a fixed value";
            let fault = Diagnostic::error(codes::E0402, tree.span, title, "this depends on the case");
            return self.fault(fault.help("compare the two in a define, and ask for `yes` or `no` here: only then can the table be proved complete"));
        }
        let typed = self.fit(typed, &column.ty, tree.span)?;
        self.constant(&typed, tree.span)
    }

    /// `in code_list` as a table cell.
    fn list_region(&mut self, path: &Path, shape: Shape) -> Option<Region> {
        let list = self.list_called(path)?;
        let values = self.plan.lists.get(list).map(|l| l.values.clone()).unwrap_or_default();
        let mut region = Region::nothing();
        for value in values {
            match region.ranges.last_mut() {
                Some(last) if last.1.checked_add(1) == Some(value) => last.1 = value,
                _ => region.ranges.extend(Region::range(value, value, shape).ranges),
            }
        }
        Some(region)
    }
}
