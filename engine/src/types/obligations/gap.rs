//! The first day of a stay without what is expected on it.
//!
//! A run of days without it begins with the first day that is judged, or with the day after one on which it was done. What comes on the day
//! after is asked of each event once, for all stays, so that the work grows with the square of the events and not with their cube. Where
//! what is expected depends on the stay by a yes or no of it, both are worked out and the stay says which counts; where it depends on the
//! stay in another way, it is asked anew for each.

use crate::plan::operators::outermost;
use crate::plan::{Call, Expr, Function, Op, Shape};
use crate::types::Builder;
use crate::types::expressions::terms::{all, assume, at, at_most, constant, hull, not, present, query_of, yes_no};
use crate::types::obligations::day::{JudgedDays, OnDays, any_on};

/// On so many yes or no of a stay may what is expected depend: each doubles the work.
const MOST_TOLD: usize = 2;

impl Builder<'_> {
    /// The first day without one, as a date; none where each has one.
    pub(super) fn first_without(&mut self, days: &JudgedDays, on_days: &OnDays) -> Expr {
        let mut told = Vec::new();
        if !find_told(&on_days.wanted, &mut told) || told.len() > MOST_TOLD {
            told.clear();
        }
        self.first_where(days, on_days, &told)
    }

    /// The same where each of several expressions about the stay is yes, and where it is no.
    fn first_where(&mut self, days: &JudgedDays, on_days: &OnDays, told: &[Told]) -> Expr {
        let Some((Told { said, of_stay }, others)) = told.split_first() else { return self.first_of(days, on_days) };
        let [yes, no] = [true, false].map(|answer| {
            let mut wanted = on_days.wanted.clone();
            settle(&mut wanted, said, answer);
            self.first_where(days, &OnDays::new(on_days.kinds, wanted, days), others)
        });
        let shape = hull(yes.shape, no.shape);
        Expr { op: Op::If(Box::new(of_stay.clone()), Box::new(yes), Box::new(no)), shape }
    }

    fn first_of(&mut self, days: &JudgedDays, on_days: &OnDays) -> Expr {
        let next = self.plus_days(Call::LocalDate.of(vec![at()]), constant(1));
        let begins_gap = vec![
            on_days.belongs.clone(),
            at_most(days.first.clone().inside(), next.clone()),
            at_most(next.clone(), days.last.clone().inside()),
            not(self.on_next(days, on_days, &next)),
        ];
        let shape = hull(days.first.shape, next.shape).or_none();
        let later = query_of(Function::Lowest, on_days.kinds, all(begins_gap), next, shape);
        let on_first = any_on(on_days, days.first.clone());
        Expr { op: Op::If(Box::new(on_first), Box::new(later), Box::new(days.first.clone())), shape }
    }

    /// Whether one on a day is followed by another on the next. What comes after one in the stay came after the stay began; so only whether
    /// the first of these came before its end is asked of the stay.
    fn on_next(&mut self, days: &JudgedDays, on_days: &OnDays, next: &Expr) -> Expr {
        let kinds = on_days.kinds;
        if outermost(&on_days.wanted).is_some_and(|level| level > 0) {
            let (wanted, belongs) = (on_days.wanted.clone().of_another(), on_days.belongs.clone().of_another());
            return any_on(&OnDays { kinds, wanted, belongs }, next.clone());
        }
        let is_next = yes_no(Op::Equal(Box::new(Call::LocalDate.of(vec![at()])), Box::new(next.clone().inside())));
        let follows = all(vec![on_days.wanted.clone(), is_next]);
        if days.whole {
            return self.kept_for_each(kinds, query_of(Function::Any, kinds, follows, at(), Shape::YES_NO));
        }
        let first = query_of(Function::First, kinds, follows, at(), at().shape.or_none());
        let first = self.kept_for_each(kinds, first);
        all(vec![present(&first), at_most(assume(first), days.until.clone().inside())])
    }
}

/// A yes or no of the stay: as it is said of one of the events that are expected, and as it is said of the stay itself.
struct Told {
    said: Expr,
    of_stay: Expr,
}

/// Finds each yes or no of the stay on which an expression about an event in it depends; whether it depends on the stay in no other way.
fn find_told(expr: &Expr, told: &mut Vec<Told>) -> bool {
    if outermost(expr).is_none_or(|level| level == 0) || told.iter().any(|known| known.said == *expr) {
        return true;
    }
    if let Op::Not(said) = &expr.op {
        return find_told(said, told);
    }
    if expr.shape == Shape::YES_NO
        && let Some(of_stay) = expr.outside()
    {
        told.push(Told { said: expr.clone(), of_stay });
        return true;
    }
    let operands = expr.op.operands();
    !operands.is_empty() && operands.into_iter().all(|operand| find_told(operand, told))
}

/// Puts an answer in the place of what is said, and leaves out what then tells nothing.
fn settle(expr: &mut Expr, said: &Expr, answer: bool) {
    if expr == said {
        expr.op = Op::Constant(i64::from(answer));
        return;
    }
    expr.op.operands_mut().into_iter().for_each(|operand| settle(operand, said, answer));
    let settled = match &mut expr.op {
        Op::Not(operand) => known(operand).map(|answer| !answer),
        Op::And(items) => settled_items(items, false),
        Op::Or(items) => settled_items(items, true),
        _ => None,
    };
    if let Some(answer) = settled {
        expr.op = Op::Constant(i64::from(answer));
    }
}

/// What conditions come to of which one alone decides where it has this answer; those with the other answer are left out.
fn settled_items(items: &mut Vec<Expr>, decides: bool) -> Option<bool> {
    if items.iter().any(|item| known(item) == Some(decides)) {
        return Some(decides);
    }
    items.retain(|item| known(item).is_none());
    items.is_empty().then_some(!decides)
}

fn known(expr: &Expr) -> Option<bool> {
    match (&expr.op, expr.shape == Shape::YES_NO) {
        (Op::Constant(value), true) => Some(*value != 0),
        _ => None,
    }
}
