//! Outputs: one type for each column, and the values of each row.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Shape};
use crate::syntax::newcomers::meant_by;
use crate::syntax::spelling::nearest;
use crate::syntax::tree::{self, ExprKind, RowOutput};
use crate::text::Span;
use crate::types::expressions::choice::choice;
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::hull;
use crate::types::package::declared_type::{MOST_CHOICES, choice_shape};
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// The output columns' types and every row's values; `None` for rows that claim to be impossible.
    #[allow(clippy::type_complexity, reason = "one value a column, one list a row")]
    pub(in crate::types) fn outputs(
        &mut self,
        tree: &tree::Table,
        place: Place,
    ) -> Option<(Vec<(Type, Shape)>, Vec<Option<Vec<Expr>>>)> {
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
            let (ty, exprs) = self.output_column(name, &cells, place)?;
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
    fn output_column(&mut self, name: &tree::Name, cells: &[&tree::Expr], place: Place) -> Option<(Type, Vec<Expr>)> {
        let title = name.node.as_str();
        self.quoted_answers(cells)?;
        self.foreign_answers(cells)?;
        if let Some(ty) = self.implied_choices(title, cells) {
            let shape = choice_shape(&ty);
            let mut exprs = Vec::new();
            for cell in cells {
                exprs.push(match bare_name(cell) {
                    Some(name) => {
                        let (typed, means) = choice(&ty, name)?;
                        self.saw(cell.span, &typed, means);
                        typed.expr
                    }
                    None => Expr { op: Op::None, shape: shape.or_none() },
                });
            }
            return Some((ty, exprs));
        }
        self.yes_among_names(title, cells, place)?;
        let mut typed: Vec<(Typed, Span)> = Vec::new();
        for cell in cells {
            let hint = typed.iter().find(|(t, _)| !matches!(t.expr.op, Op::None)).map(|(t, _)| t.ty.clone());
            typed.push((self.expr(cell, hint.as_ref(), place)?, cell.span));
        }
        self.one_output_type(name, typed)
    }

    /// `true`, `false` and `null` are words of other languages, and no names of answers, unless something here is called so.
    fn foreign_answers(&mut self, cells: &[&tree::Expr]) -> Option<()> {
        let mut told: Option<Diagnostic> = None;
        for cell in cells {
            let name = bare_name(cell).filter(|name| {
                let declared = self.names().get(name).is_some() || self.names().enums_with(name).next().is_some();
                ["true", "false", "null"].iter().any(|word| name.eq_ignore_ascii_case(word)) && !declared
            });
            let Some(found) = name.and_then(|name| meant_by(&[name])) else { continue };
            let fault = told.unwrap_or_else(|| {
                let title = format!("the language has no `{}`", self.context.words(cell.span));
                Diagnostic::error(codes::E0213, cell.span, title, "written in another way").help(found.help())
            });
            told = Some(found.word().into_iter().fold(fault, |fault, word| fault.edit(cell.span, word)));
        }
        told.map_or(Some(()), |fault| self.fault(fault))
    }

    /// `transfuse`, `consider` and `no` in one column: names of answers, and among them what is no name.
    fn yes_among_names(&mut self, title: &str, cells: &[&tree::Expr], place: Place) -> Option<()> {
        let is_new = |name: &str| self.names().get(name).is_none() && self.names().enums_with(name).next().is_none();
        let name =
            cells.iter().filter_map(|cell| bare_name(cell)).find(|name| is_new(name) && !self.is_at_hand(name, place));
        let answer = cells.iter().find_map(|cell| match cell.kind {
            ExprKind::YesNo(value) => Some((cell.span, value)),
            _ => None,
        });
        let (Some(name), Some((span, value))) = (name, answer) else { return Some(()) };
        let said = if value { "yes" } else { "no" };
        let words = format!("`{said}` is yes/no, and `{name}` is the name of an answer: `{title}` cannot be both");
        let fault = Diagnostic::error(codes::E0404, span, words, "a different kind of value");
        let instead = if value { "needed" } else { "not_needed" };
        self.fault(
            fault.help(format!("give each answer a name: write `{instead}` or the like in the place of `{said}`")),
        )
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
                return self.error(codes::E0404, span, title, "a different kind of value");
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
            if self.names().get(name).is_some() || self.names().enums_with(name).next().is_some() {
                return None;
            }
            if !variants.iter().any(|v| v == name) {
                variants.push(name.to_owned());
            }
        }
        if variants.is_empty() {
            return None;
        }
        if let Some(last) = cells.last().filter(|_| variants.len() > MOST_CHOICES) {
            let words = format!("`{title}` has {} answers; at most {MOST_CHOICES} are allowed", variants.len());
            let fault = Diagnostic::error(codes::E0306, last.span, words, "there are too many up to here");
            self.faults.push(fault.help("answer with a number or a code, or in two columns"));
        }
        self.warn_of_slips(title, cells);
        let labels = vec![None; variants.len()];
        Some(Type::Enum { name: title.to_owned(), variants, labels, points: None })
    }

    /// A name that appears once and is nearly another is probably a slip.
    fn warn_of_slips(&mut self, title: &str, cells: &[&tree::Expr]) {
        let names: Vec<(&str, Span)> = cells.iter().filter_map(|c| bare_name(c).map(|n| (n, c.span))).collect();
        let mut told: Vec<&str> = Vec::new();
        for (name, span) in &names {
            if names.iter().filter(|(n, _)| n == name).count() > 1 {
                continue;
            }
            // Of two that each appear once, one message is enough.
            let others = names.iter().map(|(n, _)| *n).filter(|n| n != name && !told.contains(n));
            if let Some(near) = nearest(name, others) {
                told.push(name);
                let words = format!("`{name}` is nearly `{near}`, and `{title}` has both");
                let fault = Diagnostic::warning(codes::W0401, *span, words, "appears only once");
                self.faults.push(
                    fault.help(format!("declare an `enum` with the choices of `{title}`, so that slips are caught")),
                );
            }
        }
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
