//! What is converted between °C and °F is a temperature: a rise of 1 °C is one of 1.8 °F, and not of 33.8 °F. What is worked out from several
//! temperatures, or is a change of one, is converted before that.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::{Names, Symbol};
use crate::syntax::tree::{self, BinaryOp, ExprKind, RowOutput, Unit};
use crate::types::Builder;
use crate::types::builder::context::Context;

/// How far definitions are followed.
const DEEPEST: usize = 16;

/// What is no temperature itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Combined {
    Difference,
    Sum,
    Product,
    Opposite,
    Size,
}

impl Combined {
    fn words(self) -> &'static str {
        match self {
            Combined::Difference => "a difference of temperatures",
            Combined::Sum => "a sum of temperatures",
            Combined::Product => "a multiple of a temperature",
            Combined::Opposite => "the opposite of a temperature",
            Combined::Size => "the size of a change",
        }
    }
}

impl Builder<'_> {
    /// Refuses a conversion that adds a figure as well, of what is no temperature.
    pub(super) fn converts_a_temperature(
        &mut self,
        value: &tree::Expr,
        (from, unit, plus): (&str, &Unit, i64),
    ) -> Option<()> {
        if plus == 0 {
            return Some(());
        }
        let Some((what, found)) = combined(Some(self.context), self.names(), value, 0) else { return Some(()) };
        let title = format!("this is {}, and only a temperature is converted to {}", what.words(), unit.text);
        let fault = Diagnostic::error(codes::E0611, value.span, title, "1 °C more is 1.8 °F more");
        let here = found.span.source == value.span.source;
        let elsewhere = here && !value.span.covers(found.span);
        let fault = if elsewhere { fault.because(found.span, "worked out here") } else { fault };
        let each = self.each_converted(found, (from, unit)).filter(|_| here && what == Combined::Difference);
        self.fault(match each {
            Some(each) => fault.help(format!("convert each, and take one from the other then: `{each}`")),
            None => fault.help(format!("convert each temperature to {} first, and reckon with these", unit.text)),
        })
    }

    /// `(t to °F) - (u to °F)`; nothing where one of the two is a figure.
    fn each_converted(&self, tree: &tree::Expr, (from, unit): (&str, &Unit)) -> Option<String> {
        let ExprKind::Binary { left, right, .. } = &tree.kind else { return None };
        let figure = |side: &tree::Expr| matches!(side.kind, ExprKind::Number(_));
        let to = |side: &tree::Expr| {
            let said = self.context.words(side.span);
            let said = if matches!(side.kind, ExprKind::Path(_)) || said.starts_with('(') {
                said
            } else {
                format!("({said})")
            };
            if from == "°C" {
                format!("({said} to {})", unit.text)
            } else {
                format!("(round {said} to {} to 1 place)", unit.text)
            }
        };
        (!figure(left) && !figure(right)).then(|| format!("{} - {}", to(left), to(right)))
    }
}

/// What an expression is where it is no temperature, and which part of it makes it so. A mean is a temperature, and so is the highest of several.
/// A name is followed to where it is worked out, in another package as well, of which no further one is known.
fn combined<'t>(
    context: Option<Context<'t>>,
    names: &'t Names<'t>,
    tree: &'t tree::Expr,
    depth: usize,
) -> Option<(Combined, &'t tree::Expr)> {
    let of = |part: &'t tree::Expr| combined(context, names, part, depth);
    let this = |what: Combined| Some((what, tree));
    match &tree.kind {
        ExprKind::Binary { op, left, .. } => match op.node {
            BinaryOp::Add => this(Combined::Sum),
            BinaryOp::Subtract => this(Combined::Difference),
            BinaryOp::Multiply => this(Combined::Product),
            BinaryOp::Divide => of(left).filter(|(what, _)| *what != Combined::Sum),
            BinaryOp::Power | BinaryOp::And | BinaryOp::Or => None,
        },
        ExprKind::Negate(x) if !matches!(x.kind, ExprKind::Number(_)) => this(Combined::Opposite),
        ExprKind::Fold { fold, .. } if fold.node == "sum" => this(Combined::Sum),
        ExprKind::Fold { items, .. } => items.iter().find_map(of),
        ExprKind::Call { function, .. } if function.node == "abs" => this(Combined::Size),
        ExprKind::Call { function, arguments } if matches!(function.node.as_str(), "min" | "max") => {
            arguments.iter().find_map(of)
        }
        ExprKind::Round { value, .. } | ExprKind::Convert { value, .. } => of(value),
        ExprKind::Else { value, otherwise } => of(value).or_else(|| of(otherwise)),
        ExprKind::If { then, otherwise, .. } => of(then).or_else(|| of(otherwise)),
        ExprKind::Query(query) => match &query.function {
            Some(function) if function.node == "sum" => this(Combined::Sum),
            _ => query.field.as_deref().and_then(of),
        },
        ExprKind::Path(path) if depth < DEEPEST => {
            let parts: Vec<&str> = path.parts.iter().map(|part| part.node.as_str()).collect();
            let there = parts.split_first().and_then(|(alias, rest)| {
                let used = context?.package(context?.import_called(alias)?.package?)?;
                Some((used.names, rest))
            });
            match there {
                Some((names, rest)) => {
                    answered(names, rest).into_iter().find_map(|of| combined(None, names, of, depth + 1))
                }
                None => answered(names, &parts).into_iter().find_map(|of| combined(context, names, of, depth + 1)),
            }
        }
        _ => None,
    }
}

/// The expressions that a name stands for: that of a definition, those of an output of a table.
fn answered<'t>(names: &Names<'t>, parts: &[&str]) -> Vec<&'t tree::Expr> {
    let output = |table: usize, place: usize| {
        let rows = names.tables.get(table).into_iter().flat_map(|table| &table.rows);
        let values =
            rows.filter_map(|row| if let RowOutput::Values(values) = &row.outputs { Some(values) } else { None });
        values.filter_map(|values| values.get(place)).collect()
    };
    match (parts, parts.first().and_then(|name| names.get(name))) {
        ([_], Some(Symbol::Define(index))) => names.defines.get(index).map(|define| &define.expr).into_iter().collect(),
        ([_], Some(Symbol::Output(table, place))) => output(table, place),
        ([_], Some(Symbol::Table(table))) => output(table, 0),
        ([_, called], Some(Symbol::Table(table))) => {
            let outputs = names.tables.get(table).map(|table| table.outputs.as_slice());
            let place = outputs.and_then(|outputs| outputs.iter().position(|output| output.node == **called));
            place.map(|place| output(table, place)).into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}
