//! Expressions: one arm for each form the grammar has.

mod absence;
mod alternatives;
mod always;
mod arithmetic;
pub(in crate::types) mod at_hand;
mod branch_names;
mod branches;
mod calendar;
mod call;
pub(in crate::types) mod choice;
mod combined;
pub(in crate::types) mod comparison;
mod contradiction;
mod conversion;
mod dates;
pub(in crate::types) mod declared;
pub(in crate::types) mod doubts;
mod else_reach;
mod events;
pub(in crate::types) mod fit;
mod formula;
pub(in crate::types) mod guards;
mod itself;
mod last_minute;
pub(in crate::types) mod lasting;
mod list_reach;
mod literal;
mod logic;
mod membership;
mod mixed;
pub(in crate::types) mod moments;
mod name;
pub(in crate::types) mod negation;
pub(in crate::types) mod one_event;
mod points;
pub(in crate::types) mod quoted;
mod reach;
mod rounding;
mod several;
mod shared;
pub(in crate::types) mod terms;
pub(in crate::types) mod together;
pub(in crate::types) mod unknown;
mod verdicts;
pub(in crate::types) mod which_days;
mod whole_hours;

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Shape};
use crate::syntax::tree::{self, ExprKind};
use crate::text::Span;
use crate::types::builder::depth::EXPRESSION;
use crate::types::expressions::terms::{constant, not};
use crate::types::package::declared_type::choice_shape;
use crate::types::{Asked, Builder, Place, Typed};
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};
use crate::values::types::Type;

impl Builder<'_> {
    /// Types and lowers an expression. `expected` is what the place would like: it lends bare numbers their unit and
    /// bare names their enum; the caller still checks.
    pub(in crate::types) fn expr(&mut self, tree: &tree::Expr, expected: Option<&Type>, place: Place) -> Option<Typed> {
        let typed = self.deeper(EXPRESSION, tree.span, |b| b.form(tree, expected, place))?;
        let typed = self.as_proved(typed, place);
        if self.context.inlining().is_none() {
            self.seen.expression(tree.span, &typed);
            self.keep_for_questions(tree.span, &typed, place);
        }
        Some(typed)
    }

    /// Keeps what an expression was worked out to, where somebody will ask.
    fn keep_for_questions(&mut self, span: Span, typed: &Typed, place: Place) {
        if self.seen.questions().is_none() {
            return;
        }
        let around = self.kinds_around(place);
        let Some(questions) = self.seen.questions_mut() else { return };
        let kept = questions.expressions.entry(span).or_default();
        let asked = Asked { expr: typed.expr.clone(), ty: typed.ty.clone(), around };
        if !kept.contains(&asked) {
            kept.push(asked);
        }
    }

    fn form(&mut self, tree: &tree::Expr, expected: Option<&Type>, place: Place) -> Option<Typed> {
        let span = tree.span;
        match &tree.kind {
            ExprKind::Number(number) => self.number(number, expected),
            ExprKind::YesNo(value) => {
                Some(Typed { expr: Expr { shape: Shape::YES_NO, ..constant(i64::from(*value)) }, ty: Type::YesNo })
            }
            ExprKind::None => Some(Typed { expr: none(expected), ty: expected.cloned().unwrap_or(Type::YesNo) }),
            ExprKind::Date(date) => self.date(*date, span),
            ExprKind::DateTime { civil_ms, utc } => self.moment(*civil_ms, *utc, span),
            ExprKind::TimeOfDay(ms) => Some(Typed { expr: constant(*ms), ty: Type::TimeOfDay }),
            ExprKind::Path(path) => self.path(path, expected, place),
            ExprKind::At => self.at(span, place),
            ExprKind::AsOf => Some(self.as_of()),
            ExprKind::Negate(x) => self.negate(x, expected, place),
            ExprKind::Not(x) => {
                let condition = self.denied(x, |b| b.condition(x, place))?;
                self.doubt_opposite(&condition, span, tested(x), place);
                Some(Typed { expr: not(condition), ty: Type::YesNo })
            }
            ExprKind::Binary { op, left, right } => self.binary(op.node, left, right, expected, place),
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right, place),
            ExprKind::InRange { value, low, high } => self.in_range(value, low, high, place),
            ExprKind::OneOf { value, options } => self.one_of(value, options, place),
            ExprKind::IsNone { value, negated } => self.is_none(value, *negated, place),
            ExprKind::Else { value, otherwise } => self.otherwise(value, otherwise, expected, place),
            ExprKind::If { condition, then, otherwise } => self.choose(condition, then, otherwise, expected, place),
            ExprKind::Quantified { quantifier, items, op, operand } => {
                self.quantified(quantifier, items, *op, operand, place)
            }
            ExprKind::Fold { fold, items } => self.fold(fold, items, expected, place),
            ExprKind::Query(query) => self.query(query, place),
            ExprKind::Text(text) if expected == Some(&Type::Code) => {
                let value = self.reader().code(text, span)?;
                Some(Typed { expr: constant(value), ty: Type::Code })
            }
            ExprKind::Text(text) if expected == Some(&Type::NhsNumber) => {
                let value = self.reader().nhs_number(text, span)?;
                Some(Typed { expr: constant(value), ty: Type::NhsNumber })
            }
            ExprKind::Text(text) => self.quoted(text, span, expected),
            ExprKind::InList { value, list } => self.in_list(value, list, place),
            ExprKind::IsUnknown { value, .. } => self.is_unknown(value, span, place),
            ExprKind::Round { value, places, mode } => self.round(value, *places, mode.as_ref(), place),
            ExprKind::Calendar { function, arguments } => self.calendar(function, arguments, place),
            ExprKind::Convert { value, unit } => self.convert(value, unit, place),
            ExprKind::Call { function, arguments } => self.call(function, arguments, place),
        }
    }

    pub(in crate::types) fn as_of(&mut self) -> Typed {
        self.plan.uses_as_of();
        Typed { expr: Expr { op: Op::AsOf, shape: Shape::range(FIRST_INSTANT, LAST_INSTANT) }, ty: Type::Instant }
    }

    fn at(&mut self, span: Span, place: Place) -> Option<Typed> {
        if !place.has_event() {
            let fault = Diagnostic::error(
                codes::E0310,
                span,
                "`at` can only be used inside an event query",
                "no current event",
            );
            return self.fault(fault.help("`at` is the time of the current event: use it after `where`, for example"));
        }
        Some(Typed {
            expr: Expr { op: Op::At(0), shape: Shape::range(FIRST_INSTANT, LAST_INSTANT) },
            ty: Type::Instant,
        })
    }

    /// An expression that must be a fixed value of a type.
    pub(in crate::types) fn typed_constant(&mut self, value: &tree::Expr, ty: &Type) -> Option<i64> {
        if let Some(choice) = self.fixed_choice(value, ty) {
            return self.constant(&choice, value.span);
        }
        let typed = self.expr(value, Some(ty), Place::default())?;
        let typed = self.fit(typed, ty, value.span)?;
        self.constant(&typed, value.span)
    }
}

/// What a condition tests, for messages.
fn tested(condition: &tree::Expr) -> Option<Span> {
    match &condition.kind {
        ExprKind::Compare { left: value, .. }
        | ExprKind::InRange { value, .. }
        | ExprKind::OneOf { value, .. }
        | ExprKind::InList { value, .. } => Some(value.span),
        ExprKind::Path(path) => Some(path.span),
        _ => None,
    }
}

fn none(expected: Option<&Type>) -> Expr {
    let shape = match expected {
        Some(ty @ Type::Enum { .. }) => choice_shape(ty),
        _ => Shape::range(0, 0),
    };
    Expr { op: Op::None, shape: shape.or_none() }
}
