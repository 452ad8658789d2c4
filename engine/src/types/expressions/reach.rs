//! How far `else` and the last member of a list reach: beside a sum without brackets each can be read in two ways.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, BinaryOp, ExprKind, Name};
use crate::text::Span;
use crate::types::{Builder, Place};

/// The sign of an operator of arithmetic, where an expression is such a one and stands without brackets.
fn bare_sign(tree: &tree::Expr) -> Option<&'static str> {
    match &tree.kind {
        ExprKind::Binary { op, left, .. } if left.span.start == tree.span.start => sign(op.node),
        _ => None,
    }
}

fn sign(op: BinaryOp) -> Option<&'static str> {
    match op {
        BinaryOp::Add => Some("+"),
        BinaryOp::Subtract => Some("-"),
        BinaryOp::Multiply => Some("*"),
        BinaryOp::Divide => Some("/"),
        BinaryOp::Power | BinaryOp::And | BinaryOp::Or => None,
    }
}

/// The first operand of a sum without brackets, or the last.
fn operand(tree: &tree::Expr, first: bool) -> &tree::Expr {
    match &tree.kind {
        ExprKind::Binary { left, right, .. } if bare_sign(tree).is_some() => {
            operand(if first { left } else { right }, first)
        }
        ExprKind::Compare { left, .. } if first && left.span.start == tree.span.start => operand(left, first),
        _ => tree,
    }
}

/// What stands between the `else` of a chain without brackets.
fn chained<'t>(value: &'t tree::Expr, otherwise: &'t tree::Expr) -> Vec<&'t tree::Expr> {
    let (mut chain, mut first) = (vec![otherwise], value);
    while let ExprKind::Else { value, otherwise } = &first.kind
        && value.span.start == first.span.start
    {
        chain.push(otherwise);
        first = value;
    }
    chain.push(first);
    chain.reverse();
    chain
}

/// The places of brackets around an expression.
fn around(tree: &tree::Expr) -> [(u32, &'static str); 2] {
    [(tree.span.start, "("), (tree.span.end, ")")]
}

/// The brackets that make each `else` stand for the one value before it.
fn nearest(chain: &[&tree::Expr]) -> Vec<(u32, &'static str)> {
    let mut places = Vec::new();
    for (place, part) in chain.iter().enumerate() {
        let (is_first, is_last, is_sum) = (place == 0, place + 1 == chain.len(), bare_sign(part).is_some());
        if is_last || is_sum && !is_first {
            places.push((operand(part, true).span.end, ")"));
        }
        if is_first || is_sum && !is_last {
            places.push((operand(part, false).span.start, "("));
        }
    }
    places
}

impl Builder<'_> {
    /// `2 + 3 + points else 0`: the `else` would stand for the whole sum, and `points else 0 + 3` adds to what stands for none alone.
    pub(super) fn else_beside_a_sum(&mut self, value: &tree::Expr, otherwise: &tree::Expr, place: Place) -> Option<()> {
        let chain = chained(value, otherwise);
        let Some(sign) = chain.iter().find_map(|part| bare_sign(part)) else { return Some(()) };
        let span = value.span.to(otherwise.span);
        let title = format!("`else` beside `{sign}` without brackets can be read in two ways");
        let fault = Diagnostic::error(codes::E0213, span, title, "what does it stand for?");
        let by_value = nearest(&chain);
        let sums = [value, otherwise].into_iter().filter(|side| bare_sign(side).is_some());
        let whole: Vec<_> = sums.flat_map(around).collect();
        let context = self.context;
        let said = |places: &[(u32, &str)]| context.words_with(span, places);
        if chain.len() > 2 {
            let help = format!("write `{}`, where each stands for the value before it", said(&by_value));
            return self.fault(edited(fault.help(help), span, &by_value));
        }
        let (one, other) = (said(&by_value), said(&whole));
        let (last, next) = (operand(value, false), operand(otherwise, true));
        let is_more = bare_sign(value).is_none() && !is_figure(next);
        let all_of_it = is_more || !self.stands_for(last, next, place);
        let (written, instead, places) = if all_of_it { (other, one, whole) } else { (one, other, by_value) };
        self.fault(edited(fault.help(format!("write `{written}` or, where that is meant, `{instead}`")), span, &places))
    }

    /// Whether a value may be none and another can stand for it; what is wrong with them is told elsewhere.
    pub(super) fn stands_for(&mut self, value: &tree::Expr, otherwise: &tree::Expr, place: Place) -> bool {
        let (faults, doubts) = (self.faults.mark(), self.doubts());
        let kind = ExprKind::Else { value: Box::new(value.clone()), otherwise: Box::new(otherwise.clone()) };
        let typed = self.expr(&tree::Expr { kind, span: value.span.to(otherwise.span) }, None, place);
        self.faults.take_back(faults);
        self.take_doubts(doubts);
        typed.is_some()
    }

    /// `sum of s1, s2, s3 / 3`: only the last of them would be divided.
    pub(in crate::types) fn last_of_list(&mut self, fold: &Name, items: &[tree::Expr]) -> Option<()> {
        let Some((last, others)) = items.split_last().filter(|(_, others)| !others.is_empty()) else { return Some(()) };
        let is_sum = |item: &tree::Expr| matches!(&item.kind, ExprKind::Binary { op, .. } if sign(op.node).is_some());
        let Some(sign) = bare_sign(last).filter(|_| !others.iter().any(is_sum)) else { return Some(()) };
        let span = fold.span.to(last.span);
        let title = format!("`{sign}` behind the last of a list can be read in two ways");
        let fault = Diagnostic::error(codes::E0213, last.span, title, "of the last of them, or of the whole list?");
        let whole = [(fold.span.start, "("), (operand(last, true).span.end, ")")];
        let alone = around(last);
        let [one, other] = [&whole, &alone].map(|places| self.context.words_with(span, places));
        let of_last = matches!(fold.node.as_str(), "later" | "earlier");
        let (written, instead, places) = if of_last { (other, one, alone) } else { (one, other, whole) };
        self.fault(edited(fault.help(format!("write `{written}` or, where that is meant, `{instead}`")), span, &places))
    }
}

/// Whether an expression is a figure as it stands.
fn is_figure(tree: &tree::Expr) -> bool {
    matches!(tree.kind, ExprKind::Number(_))
}

/// The change that puts in what is to be put in.
fn edited(fault: Diagnostic, within: Span, places: &[(u32, &'static str)]) -> Diagnostic {
    let place = |at: u32| Span { start: at, end: at, ..within };
    places.iter().fold(fault, |fault, (at, said)| fault.edit(place(*at), *said))
}
