//! Comparisons. Those with a fixed value become tests of a range or of a set of variants, which is what the
//! checks and the compiler know best.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Class, Expr, Op};
use crate::syntax::tree::{self, Comparison, ExprKind};
use crate::text::Span;
use crate::types::expressions::calendar::DAYS;
use crate::types::expressions::declared::verdict_type;
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::{not, yes_no};
use crate::types::{Builder, Place, Typed};
use crate::values::calendar::MONTHS;
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn compare(
        &mut self,
        op: Comparison,
        left: &tree::Expr,
        right: &tree::Expr,
        place: Place,
    ) -> Option<Typed> {
        if let Some(found) = self.compared_events(op, left, &[right], place) {
            return found;
        }
        self.not_with_none(op, left, right)?;
        self.month_or_weekday(left, right, place)?;
        self.one_of_meant(left, right, place)?;
        let (a, b) = self.both_sides(left, right, place)?;
        let span = left.span.to(right.span);
        self.warn_of_itself(op, (&a, &b), (left, right), place);
        let expr = self.compared(op, a, b, Compared { left: left.span, right: right.span, span })?;
        self.warn_of_whole_hours(op, left, right);
        self.warn_of_last_minute(op, left, right);
        if let Op::Not(opposite) = &expr.op {
            self.doubt_opposite(opposite, span, Some(left.span), place);
        }
        Some(Typed { expr, ty: Type::YesNo })
    }

    /// `route is any of oral, iv`: a value is one of several, and `any of` asks conditions.
    fn one_of_meant(&mut self, left: &tree::Expr, right: &tree::Expr, place: Place) -> Option<()> {
        let ExprKind::Quantified { quantifier, operand, .. } = &right.kind else { return Some(()) };
        // Without a comparison of its own it asks whether any is yes.
        let alone = matches!(operand.kind, ExprKind::YesNo(true)) && operand.span == right.span;
        if quantifier.node != "any" || !alone {
            return Some(());
        }
        let mark = self.faults.mark();
        let ty = self.expr(left, None, place).map(|typed| typed.ty);
        self.faults.take_back(mark);
        if ty.is_none_or(|ty| ty == Type::YesNo) {
            return Some(());
        }
        let title = "`is any of` is written `is one of`";
        let fault = Diagnostic::error(codes::E0213, quantifier.span, title, "`any of` asks conditions");
        self.fault(fault.help("write `one of`, or `in` with the values in braces").edit(quantifier.span, "one"))
    }

    /// Nothing equals none, and nothing is above or below it.
    fn not_with_none(&mut self, op: Comparison, left: &tree::Expr, right: &tree::Expr) -> Option<()> {
        let none = |side: &tree::Expr| matches!(side.kind, ExprKind::None);
        let value = match (none(left), none(right)) {
            (false, false) => return Some(()),
            (true, _) => right,
            (false, true) => left,
        };
        let words = if op == Comparison::NotEqual { "is not none" } else { "is none" };
        let span = left.span.to(right.span);
        let fault = Diagnostic::error(codes::E0511, span, "a value is never equal to `none`", "always no");
        let written = format!("{} {words}", self.context.words(value.span));
        // Between the members of a list and what each is compared with there is more text than the comparison.
        let beside = Span { start: left.span.end, ..right.span };
        if none(right) && self.context.words(beside).split(' ').count() > 3 {
            let help = format!("ask of each by itself: `{written} or …`; a list is compared with values");
            return self.fault(fault.help(help));
        }
        let mut fault = fault.help(format!("write `{written}`"));
        if none(right) && matches!(op, Comparison::Equal | Comparison::NotEqual) {
            fault = fault.edit(beside, format!(" {words}"));
        }
        self.fault(fault)
    }

    /// `month of at = April` and `day of at = saturday`: a month is a number, and the days of the week are those of `weekday of`.
    fn month_or_weekday(&mut self, left: &tree::Expr, right: &tree::Expr, place: Place) -> Option<()> {
        let (ExprKind::Calendar { function, arguments }, ExprKind::Path(path)) = (&left.kind, &right.kind) else {
            return Some(());
        };
        let said = path.text();
        if !matches!(arguments.as_slice(), [_]) || !self.is_bare_variant(path, place) {
            return Some(());
        }
        let of = |names: &[&str]| {
            let small = said.to_ascii_lowercase();
            let is = |name: &&str| {
                name.eq_ignore_ascii_case(&small) || small.len() == 3 && name.to_ascii_lowercase().starts_with(&small)
            };
            names.iter().position(is)
        };
        let fault = |title: String| Diagnostic::error(codes::E0213, path.span, title, "written in another way");
        match function.node.as_str() {
            "month" => {
                let Some(month) = of(&MONTHS) else { return Some(()) };
                let written = (month + 1).to_string();
                let fault = fault(format!("a month is a number, and `{said}` is {written}"));
                self.fault(fault.help(format!("write `{written}`")).edit(path.span, written))
            }
            "day" => {
                let Some(day) = of(&DAYS).and_then(|day| DAYS.get(day)) else { return Some(()) };
                let fault = fault("`day of` is the day of the month, and that of the week is `weekday of`".to_owned());
                let of = self.context.words(Span { start: function.span.end, ..left.span });
                let help = format!("write `weekday{}{of} is {day}`", if of.starts_with(' ') { "" } else { " " });
                self.fault(fault.help(help).edit(function.span, "weekday").edit(path.span, *day))
            }
            _ => Some(()),
        }
    }

    /// Works out both sides, the one that carries a type of its own first.
    fn both_sides(&mut self, left: &tree::Expr, right: &tree::Expr, place: Place) -> Option<(Typed, Typed)> {
        let literal = |side: &tree::Expr| matches!(side.kind, ExprKind::Number(_));
        let waits = self.waits_for_a_type(left, place) || (literal(left) && !literal(right));
        if waits && !self.waits_for_a_type(right, place) {
            let b = self.expr(right, None, place)?;
            let a = self.expr(left, Some(&b.ty), place)?;
            return Some((a, b));
        }
        let a = self.expr(left, None, place)?;
        let b = self.expr(right, Some(&a.ty), place)?;
        Some((a, b))
    }

    /// Whether an expression means something only once its type is known: a bare variant, a bare number.
    fn waits_for_a_type(&self, tree: &tree::Expr, place: Place) -> bool {
        match &tree.kind {
            ExprKind::Path(path) => self.is_bare_variant(path, place),
            ExprKind::Number(number) => number.unit.is_none(),
            _ => false,
        }
    }

    fn compared(&mut self, op: Comparison, a: Typed, b: Typed, at: Compared) -> Option<Expr> {
        let span = at.span;
        if a.expr.shape.class == Class::Set || b.expr.shape.class == Class::Set {
            return self.compared_choices(op, a, b, span);
        }
        if a.ty.is_name() && !matches!(op, Comparison::Equal | Comparison::NotEqual) {
            let title = if a.ty == Type::Code { "codes have no order" } else { "NHS numbers have no order" };
            return self.error(codes::E0507, span, title, "compared by size");
        }
        let (type_a, type_b) = (a.ty.clone(), b.ty.clone());
        let (a, b) = self.comparable(a, b, at)?;
        Some(match (&a.op, &b.op) {
            (_, Op::Constant(value)) => {
                self.warn_of_constancy(op, &Typed { expr: a.clone(), ty: type_a }, *value, at.left, span);
                against_constant(op, a.clone(), *value)
            }
            (Op::Constant(value), _) => {
                self.warn_of_constancy(turned(op), &Typed { expr: b.clone(), ty: type_b }, *value, at.right, span);
                against_constant(turned(op), b.clone(), *value)
            }
            _ => between(op, a, b),
        })
    }

    /// Warns of a test that has the same answer for every value within the declared range.
    fn warn_of_constancy(&mut self, op: Comparison, x: &Typed, value: i64, what: Span, span: Span) {
        let (low, high) = (x.expr.shape.low, x.expr.shape.high);
        let outside = value < low || value > high;
        let (always, never) = match op {
            Comparison::Equal => (false, outside),
            Comparison::NotEqual => (outside, false),
            Comparison::Less => (value > high, value <= low),
            Comparison::LessOrEqual => (value >= high, value < low),
            Comparison::Greater => (value < low, value >= high),
            Comparison::GreaterOrEqual => (value <= low, value > high),
        };
        if low < high && (always || never) && !self.guards_count() {
            self.constant_answer(always, x, what, span);
        }
    }

    pub(super) fn constant_answer(&mut self, yes: bool, x: &Typed, what: Span, span: Span) {
        let answer = if yes { "yes" } else { "no" };
        let title = format!("this is {answer} for every value that can be recorded");
        let said = self.context.words(what);
        let (low, high) = (x.expr.shape.low, x.expr.shape.high);
        let label = format!("`{said}` is {}", x.ty.show_range(low, high));
        let fault = Diagnostic::warning(codes::W0601, span, title, label);
        self.faults.push(fault.help("check the figure and its unit against the declared range"));
    }

    /// Brings two sides to one type and scale.
    fn comparable(&mut self, a: Typed, b: Typed, at: Compared) -> Option<(Expr, Expr)> {
        let span = at.span;
        if a.ty.is_label() || b.ty.is_label() {
            let title = "text and organisations are labels; rules cannot use labels";
            return self.error(codes::E0506, span, title, "compared here");
        }
        if matches!((&a.ty, &b.ty), (Type::Number { .. }, Type::Number { .. })) {
            let constant = |t: &Typed| matches!(t.expr.op, Op::Constant(_));
            if constant(&b) && !constant(&a) {
                let ty = a.ty.clone();
                let b = self.fit(b, &ty, span)?;
                return Some((a.expr, b.expr));
            }
            if constant(&a) && !constant(&b) {
                let ty = b.ty.clone();
                let a = self.fit(a, &ty, span)?;
                return Some((a.expr, b.expr));
            }
            let (a, b, _) = self.aligned(a, b, span)?;
            return Some((a, b));
        }
        let instant = match (&a.ty, &b.ty) {
            (Type::Date, Type::Instant) => Some(at.right),
            (Type::Instant, Type::Date) => Some(at.left),
            _ => None,
        };
        if let Some(instant) = instant {
            return self.day_with_instant(instant, span);
        }
        let ty = a.ty.clone();
        let b = self.fit(b, &ty, span)?;
        Some((a.expr, b.expr))
    }

    /// A whole day compared with an instant.
    fn day_with_instant<T>(&mut self, instant: Span, span: Span) -> Option<T> {
        let said = self.context.words(instant);
        let plain = said == "as of" || !said.contains(' ');
        let written = if plain { format!("date of {said}") } else { format!("date of ({said})") };
        let title = "a date is compared with an instant";
        let fault = Diagnostic::error(codes::E0503, span, title, "a date is a whole day, an instant has a time");
        self.fault(fault.help(format!("compare the days: `{written}`")).edit(instant, written))
    }

    fn compared_choices(&mut self, op: Comparison, a: Typed, b: Typed, span: Span) -> Option<Expr> {
        if a.ty != b.ty {
            let title = format!("{} cannot be compared with {}", describe(&a.ty), describe(&b.ty));
            return self.error(codes::E0503, span, title, "different kinds of value");
        }
        if !matches!(op, Comparison::Equal | Comparison::NotEqual) {
            let fault =
                Diagnostic::error(codes::E0507, span, "the choices of an enum have no order", "compared by size");
            return self.fault(fault.help("name the choices that are meant: `x in { a, b }`"));
        }
        if a.ty == verdict_type() {
            let same = self.same_verdict(a.expr, b.expr, span);
            return Some(if op == Comparison::Equal { same } else { not(same) });
        }
        let same = match (a.expr.op, b.expr.op) {
            (op, Op::Choice(variant)) => Op::OneOf(Box::new(Expr { op, shape: a.expr.shape }), 1 << variant),
            (Op::Choice(variant), op) => Op::OneOf(Box::new(Expr { op, shape: b.expr.shape }), 1 << variant),
            (x, y) => Op::SameChoice(
                Box::new(Expr { op: x, shape: a.expr.shape }),
                Box::new(Expr { op: y, shape: b.expr.shape }),
            ),
        };
        let same = yes_no(same);
        Some(if op == Comparison::Equal { same } else { not(same) })
    }
}

/// Where the sides of a comparison stand, and the whole.
#[derive(Clone, Copy)]
struct Compared {
    left: Span,
    right: Span,
    span: Span,
}

/// `x op value` as a test of a range.
fn against_constant(op: Comparison, x: Expr, value: i64) -> Expr {
    let (low, high) = (x.shape.low, x.shape.high);
    let within = |x: Expr, from: i64, to: i64| yes_no(Op::Within(Box::new(x), from, to));
    match op {
        Comparison::Equal => within(x, value, value),
        Comparison::NotEqual => not(within(x, value, value)),
        Comparison::Less => within(x, low.min(value), value - 1),
        Comparison::LessOrEqual => within(x, low.min(value), value),
        Comparison::Greater => within(x, value + 1, high.max(value)),
        Comparison::GreaterOrEqual => within(x, value, high.max(value)),
    }
}

pub(in crate::types) fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

fn between(op: Comparison, a: Expr, b: Expr) -> Expr {
    let (a, b) = (Box::new(a), Box::new(b));
    match op {
        Comparison::Equal => yes_no(Op::Equal(a, b)),
        Comparison::NotEqual => not(yes_no(Op::Equal(a, b))),
        Comparison::Less => yes_no(Op::Less(a, b)),
        Comparison::LessOrEqual => yes_no(Op::LessOrEqual(a, b)),
        Comparison::Greater => yes_no(Op::Less(b, a)),
        Comparison::GreaterOrEqual => yes_no(Op::LessOrEqual(b, a)),
    }
}
