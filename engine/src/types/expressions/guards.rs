//! What a condition proves of the values beside it: under `if b > 0 then …` b is not 0, and under `x is not none and …` x is there.
//!
//! It counts where something is not defined without it, or could be none without it; there what was proved stands for what was
//! declared. A value that lies outside is never used then, and is moved to the nearest that is proved, so that the range of what
//! is possible stays within the range that is proved.

use crate::plan::operators::speaks_of_events;
use crate::plan::{Class, Expr, Op, Shape};
use crate::text::Span;
use crate::types::expressions::terms::{assume, constant};
use crate::types::{Builder, Place, Typed};

/// What is proved where the text is being read.
#[derive(Debug, Default)]
pub(in crate::types) struct Guards {
    proved: Vec<(Proved, Place)>,
    counting: bool,
}

/// What a condition says of one value.
#[derive(Clone, Debug)]
pub(in crate::types) struct Proved {
    of: Expr,
    low: i64,
    high: i64,
    there: bool,
}

impl Builder<'_> {
    /// Works out what stands beside a condition; where nothing comes of it, or not what is `wanted`, once more with what the
    /// condition proves.
    pub(in crate::types) fn beside<T>(
        &mut self,
        proved: Vec<Proved>,
        (span, place): (Span, Place),
        wanted: impl Fn(&T) -> bool,
        work: impl Fn(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let outside = self.guards.proved.len();
        self.guards.proved.extend(proved.into_iter().map(|proved| (proved, place)));
        let (faults, doubts) = (self.faults.mark(), self.doubts());
        let mut found = work(self);
        let again = !self.guards.counting && !self.guards.proved.is_empty() && !found.as_ref().is_some_and(&wanted);
        if again {
            let (said, doubted) = (self.faults.take_out(faults), self.take_doubts(doubts));
            self.guards.counting = true;
            let second = work(self).filter(|second| found.is_none() || wanted(second));
            self.guards.counting = false;
            let better = second.is_some();
            if !better {
                self.faults.take_back(faults);
                self.take_doubts(doubts);
                self.put_doubts(doubted);
            }
            // What was found elsewhere on the way is found only once.
            let here = |at: Span| at.source == span.source && span.start <= at.start && at.end <= span.end;
            said.into_iter().filter(|f| !better || !here(f.primary.span)).for_each(|fault| self.faults.push(fault));
            found = second.or(found);
        }
        self.guards.proved.truncate(outside);
        found
    }

    /// Works out a declaration: what is proved where it is asked for is not proved of it, and what stands there settles nothing in it.
    pub(in crate::types) fn unguarded<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let guards = std::mem::take(&mut self.guards);
        let done = self.by_itself(work);
        self.guards = guards;
        done
    }

    /// Whether what conditions prove counts, so that ranges may be narrower than declared.
    pub(in crate::types) fn guards_count(&self) -> bool {
        self.guards.counting && self.context.of_this_case()
    }

    /// A value as far as it is possible where it stands.
    pub(super) fn as_proved(&self, typed: Typed, place: Place) -> Typed {
        if !self.guards_count() {
            return typed;
        }
        let Typed { expr, ty } = typed;
        let shape = expr.shape;
        let (mut low, mut high, mut there) = (shape.low, shape.high, false);
        let applies = |of: &Expr, at: Place| *of == expr && (at == place || !speaks_of_events(of));
        for (proved, _) in self.guards.proved.iter().filter(|(proved, at)| applies(&proved.of, *at)) {
            (low, high) = (low.max(proved.low), high.min(proved.high));
            there |= proved.there;
        }
        let expr = if there { assume(expr) } else { expr };
        let expr = if shape.class == Class::Range && low <= high { held_between(expr, low, high) } else { expr };
        Typed { expr, ty }
    }
}

/// A number moved to the nearest between two ends.
fn held_between(mut x: Expr, low: i64, high: i64) -> Expr {
    if low > x.shape.low {
        let shape = Shape { low, ..x.shape };
        x = Expr { op: Op::Highest(vec![x, constant(low)]), shape };
    }
    if high < x.shape.high {
        let shape = Shape { high, ..x.shape };
        x = Expr { op: Op::Lowest(vec![x, constant(high)]), shape };
    }
    x
}

/// What is proved where a condition is yes.
pub(in crate::types) fn proved_by(condition: &Expr) -> Vec<Proved> {
    let between = |x: &Expr, low: i64, high: i64| Proved { of: x.clone(), low, high, there: true };
    let there = |x: &Expr| between(x, x.shape.low, x.shape.high);
    match &condition.op {
        Op::And(items) => items.iter().flat_map(proved_by).collect(),
        Op::Not(inner) => proved_by_no(inner),
        Op::Within(x, low, high) => vec![between(x, *low, *high)],
        Op::OneOf(x, _) | Op::InList(x, _) => vec![there(x)],
        Op::SameChoice(a, b) => vec![there(a), there(b)],
        Op::Equal(a, b) => {
            vec![between(a, b.shape.low, b.shape.high), between(b, a.shape.low, a.shape.high)]
        }
        Op::Less(a, b) | Op::LessOrEqual(a, b) => {
            let apart = i64::from(matches!(condition.op, Op::Less(..)));
            let (least, most) = (a.shape.low.saturating_add(apart), b.shape.high.saturating_sub(apart));
            vec![between(a, a.shape.low, most), between(b, least, b.shape.high)]
        }
        _ => Vec::new(),
    }
}

/// What is proved where a condition is no: a test of a none is no as well, so it does not prove that a value is there.
pub(in crate::types) fn proved_by_no(condition: &Expr) -> Vec<Proved> {
    match &condition.op {
        Op::Or(items) => items.iter().flat_map(proved_by_no).collect(),
        Op::Not(inner) => proved_by(inner),
        Op::IsNone(x) => vec![Proved { of: x.as_ref().clone(), low: x.shape.low, high: x.shape.high, there: true }],
        Op::Within(x, low, high) => {
            let (least, most) = (x.shape.low, x.shape.high);
            let outside = |low, high| vec![Proved { of: x.as_ref().clone(), low, high, there: false }];
            match (*low <= least, *high >= most) {
                (true, false) => outside(high.saturating_add(1), most),
                (false, true) => outside(least, low.saturating_sub(1)),
                _ => Vec::new(),
            }
        }
        Op::Less(a, b) | Op::LessOrEqual(a, b) if !a.shape.optional && !b.shape.optional => {
            let apart = i64::from(matches!(condition.op, Op::LessOrEqual(..)));
            let (least, most) = (b.shape.low.saturating_add(apart), a.shape.high.saturating_sub(apart));
            let between = |x: &Expr, low, high| Proved { of: x.clone(), low, high, there: true };
            vec![between(a, least, a.shape.high), between(b, b.shape.low, most)]
        }
        _ => Vec::new(),
    }
}
