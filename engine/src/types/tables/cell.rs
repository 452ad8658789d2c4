//! Rows and cells: which values of its column each cell lets through.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Op, Region, Shape, TableColumn};
use crate::syntax::tree::{self, Comparison, ExprKind, Path, Test};
use crate::text::Span;
use crate::types::package::header::day;
use crate::types::{Builder, Place};
use crate::values::types::Type;

impl Builder<'_> {
    /// The regions of a row, one a column, and where each is written.
    pub(super) fn row_cells(
        &mut self,
        tree: &tree::Table,
        row: &tree::Row,
        columns: &[TableColumn],
    ) -> Option<(Vec<Region>, Vec<Span>)> {
        // The grammar holds rows to their header and says so where they do not fit.
        let dated = usize::from(tree.rows.iter().any(|r| r.in_force.is_some()));
        let tree::Asks::Cells(cells) = &row.asks else { return None };
        if cells.len() + dated != columns.len() {
            return None;
        }
        let mut regions = Vec::new();
        for (cell, column) in cells.iter().zip(columns) {
            regions.push(self.region(&cell.test, column, cell.span));
        }
        let mut regions = regions.into_iter().collect::<Option<Vec<_>>>()?;
        let mut spans: Vec<Span> = cells.iter().map(|c| c.span).collect();
        if dated == 1 {
            let shape = columns.last()?.expr.shape;
            let (from, until) = row.in_force.as_ref().map_or((None, None), |(f, u)| (f.as_ref(), u.as_ref()));
            let day = |date: &crate::text::Spanned<tree::Date>| day(date.node);
            let from = from.and_then(day).unwrap_or(shape.low);
            let until = until.and_then(day).unwrap_or(shape.high);
            if from > until {
                let title = "this row ends before it begins";
                return self.error(codes::E0603, row.span, title, "`until` is before `from`");
            }
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
            Test::Range(low, _) if column.ty.is_name() => {
                return self.compared_region(Comparison::GreaterOrEqual, low, column, span);
            }
            Test::Range(low, high) if matches!(&column.ty, Type::Enum { name, .. } if name != "weekday") => {
                return self.choices_in_a_range(low, high, column, span);
            }
            Test::Range(low, high) => {
                let (low_value, high_value) = (self.cell_value(low, column)?, self.cell_value(high, column)?);
                if low_value > high_value {
                    return self.backwards_cell(low, high, column, span);
                }
                self.ends_declared(column, (low_value, high_value), span)?;
                Region::range(low_value, high_value, shape)
            }
            Test::Compare(op, value) => self.compared_region(*op, value, column, span)?,
            Test::OneOf(tests) => {
                let (mut union, mut regions) = (Region::nothing(), Vec::new());
                let none = tests.iter().any(|test| matches!(test, Test::None));
                for test in tests {
                    let one = match test {
                        // `{ none, not 5 }` says that none is meant as well.
                        Test::Not(test) if none => self.region(test, column, span)?.complement(shape),
                        _ => self.region(test, column, span)?,
                    };
                    self.within_declared(&one, test, column)?;
                    self.warn_of_alternative_twice((tests, &regions), (test, &one));
                    union = union.union(&one);
                    regions.push(one);
                }
                self.leaves_something_out((tests, &regions, &union), column, span)?;
                union
            }
            Test::Not(test) => {
                let but = self.region(test, column, span)?;
                self.within_declared(&but, test, column)?;
                let region = but.complement(shape);
                if region.none {
                    let title = "`not` also lets a none through";
                    let fault = Diagnostic::warning(codes::W0501, span, title, "yes for a none");
                    let inner = self.as_written(test);
                    let several = matches!(test.as_ref(), Test::OneOf(_));
                    let listed = inner.trim_matches(['{', '}', ' ']);
                    let but = if several { listed } else { inner.as_str() };
                    self.faults.push(fault.help(format!(
                        "say which is meant: `{{ none, not {inner} }}` lets it through, `not {{ {but}, none }}` does not"
                    )));
                }
                region
            }
            Test::InList(path) => self.list_region(path, shape)?,
        })
    }

    /// `low..moderate`: the order in which choices are written says nothing of their size.
    fn choices_in_a_range(
        &mut self,
        low: &tree::Expr,
        high: &tree::Expr,
        column: &TableColumn,
        span: Span,
    ) -> Option<Region> {
        self.cell_value(low, column)?;
        self.cell_value(high, column)?;
        let (from, to) = (self.context.words(low.span), self.context.words(high.span));
        let title = "the choices of an enum have no order, and so no range";
        let fault = Diagnostic::error(codes::E0507, span, title, "which of them lie between?");
        self.fault(
            fault.help(format!("name the choices that are meant: `{{ {from}, {to} }}`, with those between them")),
        )
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
        if column.ty.is_name() && !matches!(op, Comparison::Equal | Comparison::NotEqual) {
            let title = if column.ty == Type::Code { "codes have no order" } else { "NHS numbers have no order" };
            return self.error(codes::E0507, span, title, "compared by size");
        }
        let v = self.cell_value(value, column)?;
        // A figure beyond the other end leaves the cell empty, which is told of the whole row.
        match op {
            Comparison::Less | Comparison::LessOrEqual => self.ends_declared(column, (shape.low, v), span)?,
            Comparison::Greater | Comparison::GreaterOrEqual => self.ends_declared(column, (v, shape.high), span)?,
            Comparison::NotEqual => {
                self.within_declared(&Region::range(v, v, shape), &Test::Is(value.clone()), column)?
            }
            Comparison::Equal => {}
        }
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
        if let Some(choice) = self.fixed_choice(tree, &column.ty) {
            return self.constant(&choice, tree.span);
        }
        if matches!(tree.kind, ExprKind::None) {
            let fault = Diagnostic::error(codes::E0511, tree.span, "a value is never equal to `none`", "always no");
            return self.fault(fault.help("write `none` alone, or `not none`"));
        }
        let typed = self.expr(tree, Some(&column.ty), Place::default())?;
        if !matches!(typed.expr.op, Op::Constant(_) | Op::Choice(_)) {
            let title = "a cell must compare with a fixed value";
            let fault = Diagnostic::error(codes::E0402, tree.span, title, "this depends on the case");
            return self.fault(fault.help("compare the two in a define, and ask for `yes` or `no` here: only then can the table be proved complete"));
        }
        let typed = self.fit(typed, &column.ty, tree.span)?;
        self.constant(&typed, tree.span)
    }

    /// Both ends of what a cell lets through must be values that can be recorded. Where none of it can, that is told of the row, or of the alternative.
    fn ends_declared(&mut self, column: &TableColumn, (low, high): (i64, i64), span: Span) -> Option<()> {
        let shape = column.expr.shape;
        let (below, above) = (low < shape.low, high > shape.high);
        if low > shape.high || high < shape.low || !(below || above) {
            return Some(());
        }
        let title = if below { "this begins below the declared range" } else { "this goes beyond the declared range" };
        let label = format!("`{}` is {}", column.title, column.ty.show_range(shape.low, shape.high));
        let open = match (below || low == shape.low, above || high == shape.high) {
            (true, true) => "any".to_owned(),
            (true, false) => format!("..{}", column.ty.show_bare(high)),
            (false, _) => format!("{}..", column.ty.show_bare(low)),
        };
        let fault = Diagnostic::error(codes::E0405, span, title, label);
        self.fault(fault.help(format!(
            "write `{open}` for all that can be recorded, or correct the figure; if such values are recorded, widen the declared range of the fact"
        )))
    }

    /// Each alternative must be a value that can be recorded.
    fn within_declared(&mut self, region: &Region, test: &Test, column: &TableColumn) -> Option<()> {
        let Some(span) = place_of(test).filter(|_| region.is_empty()) else { return Some(()) };
        let shape = column.expr.shape;
        let title = "this alternative is outside the declared range";
        let label = format!("`{}` is {}", column.title, column.ty.show_range(shape.low, shape.high));
        let fault = Diagnostic::error(codes::E0405, span, title, label);
        self.fault(
            fault.help("correct the figure, or widen the declared range of the fact if such values are recorded"),
        )
    }

    fn backwards_cell<T>(
        &mut self,
        low: &tree::Expr,
        high: &tree::Expr,
        column: &TableColumn,
        span: Span,
    ) -> Option<T> {
        let fault = Diagnostic::error(codes::E0603, span, "the range ends below its start", "no value lies in it");
        let (from, to) = (self.context.words(low.span), self.context.words(high.span));
        self.fault(if column.ty == Type::TimeOfDay {
            fault.help(format!("a range does not go over midnight: write `{{ {from}.., ..{to} }}`"))
        } else {
            fault.help(format!(
                "write the lower end first, `{to}..{from}`; where what lies beyond the two is meant, as of hours of the night, `{{ {from}.., ..{to} }}`"
            ))
        })
    }

    /// A test as it is written in a cell.
    pub(super) fn as_written(&self, test: &Test) -> String {
        let words = |value: &tree::Expr| self.context.words(value.span);
        match test {
            Test::Any => "any".to_owned(),
            Test::None => "none".to_owned(),
            Test::Is(value) => words(value),
            Test::Range(low, high) => format!("{}..{}", words(low), words(high)),
            Test::Compare(op, value) => {
                let sign = match op {
                    Comparison::Equal => "=",
                    Comparison::NotEqual => "not",
                    Comparison::Less => "<",
                    Comparison::LessOrEqual => "<=",
                    Comparison::Greater => ">",
                    Comparison::GreaterOrEqual => ">=",
                };
                format!("{sign} {}", words(value))
            }
            Test::OneOf(tests) => {
                let tests: Vec<String> = tests.iter().map(|test| self.as_written(test)).collect();
                format!("{{ {} }}", tests.join(", "))
            }
            Test::Not(test) => format!("not {}", self.as_written(test)),
            Test::InList(path) => format!("in {}", path.text()),
        }
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

/// Where the values of a test are written.
pub(super) fn place_of(test: &Test) -> Option<Span> {
    match test {
        Test::Is(value) | Test::Compare(_, value) => Some(value.span),
        Test::Range(low, high) => Some(low.span.to(high.span)),
        Test::InList(path) => Some(path.span),
        Test::Not(inner) => place_of(inner),
        Test::Any | Test::None | Test::OneOf(_) => None,
    }
}
