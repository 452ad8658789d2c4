//! Whether a value lies in a range, is one of several, stands in a code list, or is none.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Expr, Id, ListId, Op};
use crate::syntax::tree::{self, BinaryOp, Comparison, ExprKind, Name, Path};
use crate::text::Span;
use crate::types::expressions::terms::{not, yes_no};
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn in_range(
        &mut self,
        value: &tree::Expr,
        low: &tree::Expr,
        high: &tree::Expr,
        place: Place,
    ) -> Option<Typed> {
        // What is always so of one end alone need not be so of the range.
        let mark = self.faults.mark();
        let from = self.compare(Comparison::GreaterOrEqual, value, low, place);
        let to = self.compare(Comparison::LessOrEqual, value, high, place);
        let found = self.faults.take_out(mark);
        let of_one_end = [codes::W0601, codes::W0605];
        let of_a_part = |at: Span| [value, low, high].iter().any(|part| part.span.covers(at));
        let told = found.into_iter().filter(|fault| !of_one_end.contains(&fault.code) || of_a_part(fault.primary.span));
        told.for_each(|fault| self.faults.push(fault));
        let (from, to) = (from?, to?);
        let span = value.span.to(high.span);
        if self.least(&from.expr).zip(self.most(&to.expr)).is_some_and(|(least, most)| least > most) {
            return self.backwards(value, (low, high), span);
        }
        self.warn_of_last_minute_of(value, low, high);
        self.warn_of_range_of_itself(value, (low, high), place);
        let expr = match (from.expr.op, to.expr.op) {
            (Op::Within(x, from, _), Op::Within(_, _, to)) => {
                self.warn_of_range(value, &x, (from, to), place, span)?;
                yes_no(Op::Within(x, from, to))
            }
            (a, b) => yes_no(Op::And(vec![yes_no(a), yes_no(b)])),
        };
        Some(Typed { expr, ty: Type::YesNo })
    }

    /// Warns where a range holds every value that can be recorded, or none of them.
    fn warn_of_range(
        &mut self,
        value: &tree::Expr,
        x: &Expr,
        (from, to): (i64, i64),
        place: Place,
        span: Span,
    ) -> Option<()> {
        let (low, high) = (x.shape.low, x.shape.high);
        let (always, never) = (from <= low && high <= to, to < low || high < from);
        if low < high && (always || never) && !self.guards_count() {
            let ty = self.expr(value, None, place)?.ty;
            self.constant_answer(always, &Typed { expr: x.clone(), ty }, value.span, span);
        }
        // What a condition proves may be narrower than what is declared.
        if !(always || never || self.guards_count()) && (from < low || high < to) {
            let ty = self.expr(value, None, place)?.ty;
            self.end_not_declared(&Typed { expr: x.clone(), ty }, (from, to), value.span, span);
        }
        Some(())
    }

    /// One end of a range is a value that can be recorded, the other is not.
    fn end_not_declared(&mut self, x: &Typed, (from, to): (i64, i64), value: Span, span: Span) {
        let (low, high) = (x.expr.shape.low, x.expr.shape.high);
        let said = self.context.words(value);
        let title =
            if from < low { "this begins below the declared range" } else { "this goes beyond the declared range" };
        let label = format!("`{said}` is {}", x.ty.show_range(low, high));
        let instead =
            if from < low { format!("{said} <= {}", x.ty.show(to)) } else { format!("{said} >= {}", x.ty.show(from)) };
        let fault = Diagnostic::error(codes::E0610, span, title, label);
        self.faults.push(fault.help(format!(
            "write `{instead}`, or correct the figure; if such values are recorded, widen the declared range of the fact"
        )));
    }

    /// The least that the lower end of a range can be, of `x >= end`.
    fn least(&self, from: &Expr) -> Option<i64> {
        match &from.op {
            Op::Within(_, from, _) => Some(*from),
            Op::LessOrEqual(end, _) => Some(self.can_be(end).0),
            _ => None,
        }
    }

    /// The most that the upper end can be, of `x <= end`.
    fn most(&self, to: &Expr) -> Option<i64> {
        match &to.op {
            Op::Within(_, _, to) => Some(*to),
            Op::LessOrEqual(_, end) => Some(self.can_be(end).1),
            _ => None,
        }
    }

    /// The least and the most that the end of a range can be; of a parameter that is what the group gives it.
    fn can_be(&self, end: &Expr) -> (i64, i64) {
        match &end.op {
            Op::Constant(value) => (*value, *value),
            Op::Parameter(parameter) => {
                let given = self.plan.parameters.get(*parameter).and_then(|parameter| parameter.value);
                given.map_or((end.shape.low, end.shape.high), |value| (value, value))
            }
            Op::If(_, one, other) => {
                let (one, other) = (self.can_be(one), self.can_be(other));
                (one.0.min(other.0), one.1.max(other.1))
            }
            Op::Rest(_, value) => self.can_be(value),
            _ => (end.shape.low, end.shape.high),
        }
    }

    /// `hour of at in 20..7` is a night, and `7..20` the day; of an age it cannot be told which is meant.
    fn backwards(&mut self, value: &tree::Expr, (low, high): (&tree::Expr, &tree::Expr), span: Span) -> Option<Typed> {
        let fault = Diagnostic::error(codes::E0603, span, "the range ends below its start", "no value lies in it");
        let clock = self.expr(low, None, Place::default()).is_some_and(|low| low.ty == Type::TimeOfDay);
        let over = if clock { Some("midnight") } else { self.goes_round(value) };
        let (from, to) = (self.context.words(low.span), self.context.words(high.span));
        let said = self.context.words(value.span);
        let between = self.context.words(Span { start: value.span.end, end: low.span.start, ..span });
        let negated = between.split(' ').any(|word| word == "not");
        let outside = if negated {
            format!("({said} < {from} and {said} > {to})")
        } else {
            format!("({said} >= {from} or {said} <= {to})")
        };
        let not = if negated { "not " } else { "" };
        self.fault(match over {
            Some(over) => fault.help(format!("a range does not go over {over}: write `{outside}`")),
            None => fault.help(format!(
                "write the lower end first, `{said} {not}in {to}..{from}`; where what lies beyond the two is meant, `{outside}`"
            )),
        })
    }

    /// What a value begins anew after, where it is taken from a time: hours after midnight, months after the end of the year.
    fn goes_round(&self, value: &tree::Expr) -> Option<&'static str> {
        let ExprKind::Calendar { function, .. } = &self.written_out(value).kind else { return None };
        match function.node.as_str() {
            "hour" => Some("midnight"),
            "day" => Some("the end of the month"),
            "week" | "month" | "quarter" => Some("the end of the year"),
            _ => None,
        }
    }

    pub(super) fn one_of(&mut self, value: &tree::Expr, options: &[tree::Expr], place: Place) -> Option<Typed> {
        if let Some(none) = options.iter().find(|option| matches!(option.kind, ExprKind::None)) {
            let said = self.context.words(value.span);
            let fault = Diagnostic::error(codes::E0511, none.span, "a value is never equal to `none`", "always no");
            return self.fault(fault.help(format!("write `{said} is none or {said} in {{ … }}`")));
        }
        let all: Vec<&tree::Expr> = options.iter().collect();
        if options.iter().all(|option| self.names_events(option, place).is_some())
            && let Some(found) = self.compared_events(Comparison::Equal, value, &all, place)
        {
            return found;
        }
        let mut items = Vec::new();
        for option in options {
            let mark = self.faults.mark();
            match self.compare(Comparison::Equal, value, option, place) {
                Some(found) => items.push(found.expr),
                None => return self.quoted_options(mark, value, options, place),
            }
        }
        self.warn_of_option_twice(options);
        if let Some(expr) = decided_among(&items) {
            return Some(Typed { expr, ty: Type::YesNo });
        }
        let masks: Option<u64> =
            items.iter().map(|e| if let Op::OneOf(_, mask) = e.op { Some(mask) } else { None }).sum();
        if let (Some(_), Some(Expr { op: Op::OneOf(x, _), .. })) = (masks, items.first()) {
            let mask = items.iter().fold(0, |mask, e| if let Op::OneOf(_, m) = e.op { mask | m } else { mask });
            self.warn_of_all_choices(value, (x.shape.optional, mask), place)?;
            return Some(Typed { expr: yes_no(Op::OneOf(x.clone(), mask)), ty: Type::YesNo });
        }
        Some(Typed { expr: yes_no(Op::Or(items)), ty: Type::YesNo })
    }

    /// Warns where a value is compared with every choice that there is: it is one of them, also where it is missing.
    fn warn_of_all_choices(&mut self, value: &tree::Expr, (optional, mask): (bool, u64), place: Place) -> Option<()> {
        let Type::Enum { variants, .. } = self.expr(value, None, place)?.ty else { return Some(()) };
        let all = (0..variants.len()).all(|choice| mask >> choice & 1 == 1);
        if all && variants.len() > 1 && !optional && !self.guards_count() {
            let said = self.context.words(value.span);
            let title = format!("`{said}` is always one of these, also where it is not recorded");
            let fault = Diagnostic::warning(codes::W0601, value.span, title, "every choice that there is");
            self.faults.push(fault.help("whether it was recorded cannot be asked: a measure counts what is missing as unknown, and `unknown counts against` makes it a miss"));
        }
        Some(())
    }

    pub(in crate::types) fn is_none(&mut self, value: &tree::Expr, negated: bool, place: Place) -> Option<Typed> {
        let typed = self.expr(value, None, place)?;
        if !typed.expr.shape.optional {
            let fault = Diagnostic::error(codes::E0508, value.span, "this can never be none", "always has a value");
            return self.fault(fault.help("declare the fact `optional` if it can be recorded as none; a fact that is merely missing is unknown, not none"));
        }
        let is_none = yes_no(Op::IsNone(Box::new(typed.expr)));
        Some(Typed { expr: if negated { not(is_none) } else { is_none }, ty: Type::YesNo })
    }

    /// A code list by its name.
    pub(in crate::types) fn list_called(&mut self, path: &Path) -> Option<ListId> {
        let list = match (path.parts.as_slice(), self.context.inlining()) {
            ([name], Some(within)) => self.imported_list(within.package, &name.node),
            ([name], None) => self.own_list(name, path.span),
            ([alias, name], _) => match self.context.import_called(&alias.node) {
                // Where the package cannot be used, that is said at the `use`.
                Some(import) => self.imported_list(import.package?, &name.node),
                None => None,
            },
            _ => None,
        };
        list.or_else(|| self.reader().no_list(path))
    }

    fn own_list(&mut self, name: &Name, span: Span) -> Option<ListId> {
        let Some(symbol @ Symbol::Codes(list)) = self.names().get(&name.node) else { return None };
        self.mention(span, symbol);
        Some(ListId::at(list))
    }

    /// Notes where lists are named by others that are joined of them.
    pub(in crate::types) fn mention_joined(&mut self) {
        for path in self.names().codes.iter().flat_map(|tree| &tree.of) {
            if let [name] = path.parts.as_slice()
                && let Some(symbol @ Symbol::Codes(_)) = self.names().get(&name.node)
            {
                self.mention(name.span, symbol);
            }
        }
    }

    /// `last Discharge - first Admission in days`: a length is counted between two times, or has a unit of its own.
    fn length_in_units(&mut self, value: &tree::Expr, path: &Path) -> Option<()> {
        let said = path.text();
        let unit = match said.as_str() {
            "min" | "minutes" => "minutes",
            "h" | "hours" => "hours",
            "days" | "weeks" | "months" | "years" => said.as_str(),
            _ => return Some(()),
        };
        if self.names().get(&said).is_some() {
            return Some(());
        }
        let span = value.span.to(path.span);
        let title = format!("`in` asks whether a value is one of several, and `{said}` is a unit");
        let fault = Diagnostic::error(codes::E0213, path.span, title, "written in another way");
        let ExprKind::Binary { op, left: to, right: from } = &value.kind else {
            return self.fault(fault.help(format!("what lies between two times is counted: `{unit} from a to b`")));
        };
        if op.node != BinaryOp::Subtract {
            return self.fault(fault.help(format!("what lies between two times is counted: `{unit} from a to b`")));
        }
        let [from, to] = [from, to].map(|side| self.context.words(side.span));
        let written = format!("{unit} from {from} to {to}");
        self.fault(fault.help(format!("write `{written}`")).edit(span, written))
    }

    /// `x in code_list`
    pub(super) fn in_list(&mut self, value: &tree::Expr, path: &Path, place: Place) -> Option<Typed> {
        self.length_in_units(value, path)?;
        let typed = self.expr(value, Some(&Type::Code), place)?;
        let list = self.list_called(path)?;
        if typed.ty != Type::Code {
            return self.wrong_type(&typed.ty, &Type::Code, value.span);
        }
        Some(Typed { expr: yes_no(Op::InList(Box::new(typed.expr), list)), ty: Type::YesNo })
    }
}

/// Several verdicts that time decides as one test.
fn decided_among(items: &[Expr]) -> Option<Expr> {
    let Op::Decided(of, _, needs) = &items.first()?.op else { return None };
    let mut masks = items.iter().map(|item| if let Op::Decided(_, mask, _) = item.op { Some(mask) } else { None });
    let mask = masks.try_fold(0, |all, mask| Some(all | mask?))?;
    Some(yes_no(Op::Decided(of.clone(), mask, *needs)))
}
