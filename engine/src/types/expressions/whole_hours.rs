//! `hours from a to b <= 4`: whole hours are counted, so 4 h 59 min is 4, and within a standard of four hours.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::syntax::tree::{self, Comparison, ExprKind};
use crate::text::Span;
use crate::types::Builder;
use crate::types::expressions::comparison::turned;

/// As many names are followed as may stand for one another, at most.
const MOST_NAMES: usize = 64;

impl Builder<'_> {
    /// What an expression is, followed through the definitions that it names.
    pub(super) fn written_out<'t>(&self, tree: &'t tree::Expr) -> &'t tree::Expr
    where
        Self: 't,
    {
        let mut expr = tree;
        for _ in 0..MOST_NAMES {
            let ExprKind::Path(path) = &expr.kind else { break };
            let [name] = path.parts.as_slice() else { break };
            let Some(Symbol::Define(index)) = self.names().get(&name.node) else { break };
            let Some(define) = self.names().defines.get(index).filter(|define| define.of.is_none()) else { break };
            expr = &define.expr;
        }
        expr
    }

    /// Warns where whole hours are held to be at most, or more than, so many: a part of an hour is lost on the way.
    pub(super) fn warn_of_whole_hours(&mut self, op: Comparison, left: &tree::Expr, right: &tree::Expr) {
        let (op, counted, limit) = match (self.are_whole_hours(left), self.are_whole_hours(right)) {
            (true, false) => (op, left, right),
            (false, true) => (turned(op), right, left),
            _ => return,
        };
        let more = match op {
            Comparison::LessOrEqual => false,
            Comparison::Greater => true,
            _ => return,
        };
        if self.guards_count() || self.context.inlining().is_some() {
            return;
        }
        let span = left.span.to(right.span);
        let figure = match &limit.kind {
            ExprKind::Number(number) if number.places == 0 => Some(number.digits),
            _ => None,
        };
        let sign = if more { ">" } else { "<=" };
        let not_yet = if more { "not yet more" } else { "no more" };
        let title = match figure {
            Some(hours) => format!("whole hours are counted: {hours} h 59 min are {hours}, and {not_yet} than {hours}"),
            None => "whole hours are counted: a part of an hour is left out".to_owned(),
        };
        let fault = Diagnostic::warning(codes::W0504, span, title, "to the hour, not to the minute");
        let whole = match (figure.and_then(|hours| hours.checked_add(1)), more) {
            (Some(next), false) => format!("; where whole hours are meant, `< {next}`"),
            (Some(next), true) => format!("; where whole hours are meant, `>= {next}`"),
            _ => String::new(),
        };
        let ExprKind::Calendar { arguments, .. } = &counted.kind else {
            let help = format!("compare the length of time itself, `b - a {sign} 4 h` of `hours from a to b`{whole}");
            return self.faults.push(fault.help(help));
        };
        let [from, to] = arguments.as_slice() else { return };
        let said = |part: &tree::Expr| self.context.words(part.span);
        let length = format!("{} - {}", said(to), said(from));
        let Some(hours) = figure else {
            let help = format!("compare the length of time itself, `{length}`, with a duration");
            return self.faults.push(fault.help(help));
        };
        // Of a range, the other end stands between the two.
        let between = self.context.words(Span { start: left.span.end, end: right.span.start, ..span });
        let plain = counted.span == left.span && between == sign;
        let written = match between.strip_suffix("..").and_then(|before| before.rsplit_once(' ')) {
            Some((word, low)) if low.parse::<u32>().is_ok() => format!("{length} {word} {low} h..{hours} h"),
            _ => format!("{length} {sign} {hours} h"),
        };
        let fault = fault.help(format!("write `{written}`{whole}"));
        self.faults.push(if plain { fault.edit(span, written) } else { fault });
    }

    fn are_whole_hours(&self, tree: &tree::Expr) -> bool {
        let ExprKind::Calendar { function, arguments } = &self.written_out(tree).kind else { return false };
        function.node == "hours" && arguments.len() == 2
    }
}
