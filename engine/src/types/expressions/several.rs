//! One value made of several: `any of`, `count of`, `highest of`, `sum of`.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Class, Expr, Op, Shape};
use crate::syntax::tree::{self, Comparison, Name};
use crate::text::Span;
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::{add_all, not, yes_no};
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// `any of a, b, c is 3`
    pub(super) fn quantified(
        &mut self,
        quantifier: &Name,
        items: &[tree::Expr],
        op: Comparison,
        operand: &tree::Expr,
        place: Place,
    ) -> Option<Typed> {
        let mut tests = Vec::new();
        for item in items {
            let mark = self.faults.mark();
            match self.compare(op, item, operand, place) {
                Some(found) => tests.push(found.expr),
                None => return self.condition_last(mark, quantifier, items, operand, place),
            }
        }
        self.warn_of_members(&quantifier.node, items, &tests, place);
        self.combined(quantifier, tests)
    }

    /// `count of a, b, urea > 7`: the comparison is with all of them, which yes/no cannot be.
    fn condition_last(
        &mut self,
        mark: usize,
        quantifier: &Name,
        items: &[tree::Expr],
        operand: &tree::Expr,
        place: Place,
    ) -> Option<Typed> {
        let (last, others) = items.split_last()?;
        let found = self.faults.take_out(mark);
        let of_number = matches!(operand.kind, tree::ExprKind::Number(_));
        let last_is = self.expr(last, None, place).map(|last| last.ty);
        if of_number && quantifier.node == "count" && last_is == Some(Type::YesNo) {
            self.faults.take_out(mark);
            return self.compares_how_many(quantifier, last, operand);
        }
        let compared = last_is.filter(|ty| of_number && *ty != Type::YesNo);
        let first = others.first().and_then(|first| self.expr(first, None, place));
        if compared.is_none() || first.is_none_or(|first| first.ty != Type::YesNo) {
            self.faults.take_out(mark);
            found.into_iter().for_each(|fault| self.faults.push(fault));
            return None;
        }
        let condition = last.span.to(operand.span);
        let written = format!("({})", self.context.words(condition));
        let title = format!("after `{} of` each of them is compared", quantifier.node);
        let fault = Diagnostic::error(codes::E0503, condition, title, "yes/no is not compared with a number");
        self.fault(fault.help(format!("put a condition of its own in brackets: `{written}`")).edit(condition, written))
    }

    /// `count of a, b, c = 1`: how many of them are yes is compared where the list stands in brackets.
    fn compares_how_many<T>(&mut self, quantifier: &Name, last: &tree::Expr, operand: &tree::Expr) -> Option<T> {
        let whole = quantifier.span.to(operand.span);
        let title = "after `count of` each of them is compared, and yes/no is not compared with a number";
        let fault = Diagnostic::error(codes::E0503, whole, title, "with each of them");
        let list = quantifier.span.to(last.span);
        let at = |place: u32| Span { start: place, end: place, ..whole };
        let written = self.context.words(whole).replacen(&self.context.words(list), "", 1);
        let written = format!("({}){written}", self.context.words(list));
        let fault = fault.help(format!("how many of them are yes is compared with brackets: `{written}`"));
        self.fault(fault.edit(at(list.start), "(").edit(at(list.end), ")"))
    }

    fn combined(&mut self, quantifier: &Name, tests: Vec<Expr>) -> Option<Typed> {
        let op = match quantifier.node.as_str() {
            "any" => Op::Or(tests),
            "all" => Op::And(tests),
            "none" => {
                return Some(Typed { expr: not(yes_no(Op::Or(tests))), ty: Type::YesNo });
            }
            "count" => return Some(count(tests)),
            other => {
                let title = format!("`{other} of` cannot combine several yes/no values");
                return self.error(codes::E0509, quantifier.span, title, "use any, all, none or count");
            }
        };
        Some(Typed { expr: yes_no(op), ty: Type::YesNo })
    }

    /// `highest of a, b`, `sum of a, b`, `any of a, b` (of yes/no)
    pub(in crate::types) fn fold(
        &mut self,
        fold: &Name,
        items: &[tree::Expr],
        expected: Option<&Type>,
        place: Place,
    ) -> Option<Typed> {
        self.last_of_list(fold, items)?;
        if ["any", "all", "none", "count"].contains(&fold.node.as_str()) {
            let mut tests = Vec::new();
            for item in items {
                tests.push(self.condition(item, place)?);
            }
            self.warn_of_members(&fold.node, items, &tests, place);
            return self.combined(fold, tests);
        }
        if matches!(fold.node.as_str(), "later" | "earlier") {
            return self.later_of(fold, items, expected, place);
        }
        let mut typed = Vec::new();
        for item in items {
            let value = self.expr(item, typed.last().map(|t: &Typed| &t.ty).or(expected), place)?;
            if value.expr.shape.optional
                || value.expr.shape.class == Class::Set
                || value.ty == Type::YesNo
                || value.ty.is_name()
            {
                let title = format!("`{} of` needs numbers, durations or times that are never none", fold.node);
                if value.expr.shape.optional {
                    let fault = Diagnostic::error(codes::E0509, item.span, title, "this can be none");
                    let help = match value.ty {
                        Type::Date | Type::Instant => {
                            "use `later of` or `earlier of`, which leave out what is none, or `else` to say what stands for it"
                        }
                        _ => "use `else` to say what stands for none",
                    };
                    return self.fault(fault.help(help));
                }
                return self.error(codes::E0509, item.span, title, format!("this is {}", describe(&value.ty)));
            }
            typed.push(value);
        }
        self.warn_of_twice(items, &typed.iter().map(|typed| &typed.expr).collect::<Vec<_>>());
        self.folded(fold, typed)
    }

    fn folded(&mut self, fold: &Name, typed: Vec<Typed>) -> Option<Typed> {
        let places =
            typed.iter().map(|t| if let Type::Number { places, .. } = t.ty { places } else { 0 }).max().unwrap_or(0);
        let mut ty = typed.first()?.ty.clone();
        if let Type::Number { places: p, .. } = &mut ty {
            *p = places;
        }
        let mut exprs = Vec::new();
        for value in typed {
            exprs.push(self.fit(value, &ty, fold.span)?.expr);
        }
        let ends = |pick: fn(i64, i64) -> i64| {
            let low = exprs.iter().map(|e| e.shape.low).reduce(pick).unwrap_or(0);
            Shape::range(low, exprs.iter().map(|e| e.shape.high).reduce(pick).unwrap_or(0))
        };
        let expr = match fold.node.as_str() {
            "highest" => Expr { shape: ends(i64::max), op: Op::Highest(exprs) },
            "lowest" => Expr { shape: ends(i64::min), op: Op::Lowest(exprs) },
            "sum" => self.summed(exprs, fold.span)?,
            other => {
                return self.error(
                    codes::E0509,
                    fold.span,
                    format!("there is no `{other} of`"),
                    "use highest, lowest, sum, count, any or all",
                );
            }
        };
        Some(Typed { expr, ty })
    }

    fn summed(&mut self, exprs: Vec<Expr>, span: Span) -> Option<Expr> {
        let total: i128 =
            exprs.iter().map(|e| i128::from(e.shape.high.unsigned_abs().max(e.shape.low.unsigned_abs()))).sum();
        if total >= 1 << 62 {
            return self.error(codes::E0609, span, "this could be too large to be stored exactly", "the sum");
        }
        Some(add_all(exprs))
    }
}

/// How many of several tests are yes.
pub(in crate::types) fn count(tests: Vec<Expr>) -> Typed {
    Typed { expr: add_all(tests), ty: Type::Number { places: 0, unit: None } }
}
