//! `collect` tables: every row that fits has its say. They become plain expressions over the rows' conditions.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Class, Expr, Op, Region, Shape, TableColumn, conditions};
use crate::syntax::tree;
use crate::types::expressions::terms::{all, constant, plus, yes_no};
use crate::types::{Builder, BuiltCell, Place};
use crate::values::types::Type;

impl Builder<'_> {
    /// The outputs of a `collect` table: `sum` and `count` of the rows that fit, the `max` or `min` of their values (none where no row
    /// fits), or for `list` a yes/no for each choice, named by it.
    pub(super) fn collected(
        &mut self,
        tree: &tree::Table,
        how: &str,
        columns: &[TableColumn],
        rows: &[Vec<Region>],
        types: &[(Type, Shape)],
        values: &[Option<Vec<Expr>>],
    ) -> Option<Vec<(String, BuiltCell)>> {
        let fits: Vec<Expr> =
            rows.iter().map(|cells| self.kept(all(conditions(cells, columns)), Place::default())).collect();
        if how == "count" {
            let counted = fits.into_iter().reduce(plus).unwrap_or_else(|| constant(0));
            let cell = self.plan.store(counted);
            return Some(vec![(
                tree.name.node.clone(),
                BuiltCell { cell, ty: Type::Number { places: 0, unit: None } },
            )]);
        }
        let mut built = Vec::new();
        for (column, ((ty, shape), output)) in types.iter().zip(&tree.outputs).enumerate() {
            let cells: Vec<(Expr, Expr)> = fits
                .iter()
                .zip(values)
                .filter_map(|(fit, row)| Some((fit.clone(), row.as_ref()?.get(column)?.clone())))
                .collect();
            let name =
                if types.len() == 1 { tree.name.node.clone() } else { format!("{}.{}", tree.name.node, output.node) };
            if how == "list" {
                built.extend(self.listed(&name, ty, &cells, output.span)?);
                continue;
            }
            if shape.class == Class::Set || !matches!(ty, Type::Number { .. } | Type::Duration) {
                let title = format!("`collect {how}` needs numbers or durations");
                let fault = Diagnostic::error(codes::E0415, output.span, title, "neither");
                return self.fault(fault.help("use `collect list` to see which of the choices apply"));
            }
            let expr = match how {
                "sum" => self.sum_of_rows(cells, output.span)?,
                "max" => extreme(&cells, *shape, false),
                _ => extreme(&cells, *shape, true),
            };
            let cell = self.plan.store(expr);
            built.push((name, BuiltCell { cell, ty: ty.clone() }));
        }
        Some(built)
    }

    fn sum_of_rows(&mut self, cells: Vec<(Expr, Expr)>, span: crate::text::Span) -> Option<Expr> {
        let size = |e: &Expr| i128::from(e.shape.low.unsigned_abs().max(e.shape.high.unsigned_abs()));
        let most: i128 = cells.iter().map(|(_, value)| size(value)).sum();
        self.proved(-most, most, false, span)?;
        let parts = cells.into_iter().map(|(fit, value)| {
            let shape = Shape::range(value.shape.low.min(0), value.shape.high.max(0));
            let value = if value.shape.optional {
                Expr { op: Op::Else(Box::new(value), Box::new(constant(0))), shape }
            } else {
                value
            };
            Expr { op: Op::If(Box::new(fit), Box::new(value), Box::new(constant(0))), shape }
        });
        Some(parts.reduce(plus).unwrap_or_else(|| constant(0)))
    }

    /// For each choice, whether a row that gives it fits.
    fn listed(
        &mut self,
        name: &str,
        ty: &Type,
        cells: &[(Expr, Expr)],
        span: crate::text::Span,
    ) -> Option<Vec<(String, BuiltCell)>> {
        let Type::Enum { variants, .. } = ty else {
            return self.error(codes::E0415, span, "`collect list` needs the choices of an enum", "not choices");
        };
        let mut built = Vec::new();
        for (place, variant) in variants.iter().enumerate() {
            let gives = |value: &Expr| matches!(value.op, Op::Choice(v) if usize::from(v) == place);
            let fits: Vec<Expr> = cells.iter().filter(|(_, value)| gives(value)).map(|(fit, _)| fit.clone()).collect();
            let cell = self.plan.store(yes_no(Op::Or(fits)));
            built.push((format!("{name}.{variant}"), BuiltCell { cell, ty: Type::YesNo }));
        }
        Some(built)
    }

    /// The cells of a collect table under a name: `actions`, `actions.call_doctor`.
    pub(in crate::types) fn collected_cell(&self, table: usize, name: &str) -> Option<BuiltCell> {
        let tree = self.names().tables.get(table)?;
        let full = format!("{}.{name}", tree.name.node);
        self.tables.collects.iter().find(|(n, _)| *n == full).map(|(_, built)| built.clone())
    }
}

/// The greatest (or least) of the values whose rows fit; none where none fits.
fn extreme(cells: &[(Expr, Expr)], shape: Shape, least: bool) -> Expr {
    let floor = constant(if least { shape.high } else { shape.low });
    let plain = Shape { optional: false, ..shape };
    let parts = cells.iter().map(|(fit, value)| {
        let value = if value.shape.optional {
            Expr { op: Op::Else(Box::new(value.clone()), Box::new(floor.clone())), shape: plain }
        } else {
            value.clone()
        };
        Expr { op: Op::If(Box::new(fit.clone()), Box::new(value), Box::new(floor.clone())), shape: plain }
    });
    let parts: Vec<Expr> = parts.collect();
    let some = yes_no(Op::Or(cells.iter().map(|(fit, _)| fit.clone()).collect()));
    let op = if least { Op::Lowest(parts) } else { Op::Highest(parts) };
    let found = Expr { op, shape: plain };
    let none = Expr { op: Op::None, shape: shape.or_none() };
    Expr { op: Op::If(Box::new(some), Box::new(found), Box::new(none)), shape: shape.or_none() }
}
