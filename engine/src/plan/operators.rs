//! Looking into operators without knowing each: their operands and their names.

use super::{Expr, Level, Op};

/// The operands of an operator, shared or to be changed: `iter` and nothing, or `iter_mut` and `mut`.
macro_rules! operands {
    ($op:expr, $iter:ident $(, $mutable:tt)?) => {
        match $op {
            Op::Negate(x)
            | Op::InList(x, _)
            | Op::Weekday(x)
            | Op::Within(x, ..)
            | Op::OneOf(x, _)
            | Op::Decided(x, ..)
            | Op::Not(x)
            | Op::IsNone(x)
            | Op::Assume(x) => vec![x],
            Op::Add(a, b)
            | Op::Subtract(a, b)
            | Op::Multiply(a, b)
            | Op::LessOrEqual(a, b)
            | Op::Less(a, b)
            | Op::Divide(a, b, _)
            | Op::AddWorkingDays(a, b)
            | Op::Equal(a, b)
            | Op::SameChoice(a, b)
            | Op::Else(a, b)
            | Op::Rest(a, b) => vec![a, b],
            Op::Lowest(items) | Op::Highest(items) | Op::And(items) | Op::Or(items) | Op::FirstYes(items) => {
                items.$iter().collect()
            }
            Op::Call(_, operands) => operands.$iter().collect(),
            Op::If(a, b, c) => vec![a, b, c],
            Op::Overlap(o) => vec![& $($mutable)? o.start, & $($mutable)? o.end],
            Op::Formula(f) => f.operands.$iter().collect(),
            Op::Verdict(v) => vec![
                & $($mutable)? v.applies,
                & $($mutable)? v.excused,
                & $($mutable)? v.happened,
                & $($mutable)? v.in_time,
                & $($mutable)? v.passed,
            ],
            Op::Constant(_) | Op::Choice(_) | Op::None | Op::Input(_) | Op::Field(..) | Op::At(_) | Op::Order(_) => {
                Vec::new()
            }
            Op::AsOf | Op::Parameter(_) | Op::Cell(_) | Op::Column(..) | Op::Query(_) | Op::Path(_) => Vec::new(),
        }
    };
}

impl Op {
    /// The expressions an operator works on; those inside an event query stand for themselves and are left out.
    #[must_use]
    pub fn operands(&self) -> Vec<&Expr> {
        operands!(self, iter)
    }

    /// The same, to be changed.
    #[must_use]
    pub fn operands_mut(&mut self) -> Vec<&mut Expr> {
        operands!(self, iter_mut, mut)
    }

    /// The operator's name, for hashing and for tests.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Op::Constant(_) => "constant",
            Op::Choice(_) => "choice",
            Op::None => "none",
            Op::Input(_) => "fact",
            Op::Field(..) => "field",
            Op::At(_) => "at",
            Op::Order(_) => "order",
            Op::AsOf => "as of",
            Op::Parameter(_) => "parameter",
            Op::Cell(_) => "cell",
            Op::Column(..) => "column",
            Op::Negate(_) => "negate",
            Op::Add(..) => "add",
            Op::Subtract(..) => "subtract",
            Op::Multiply(..) => "multiply",
            Op::Lowest(_) => "lowest",
            Op::Highest(_) => "highest",
            Op::LessOrEqual(..) => "at most",
            Op::Less(..) => "less",
            Op::Equal(..) => "equal",
            Op::Divide(..) => "divide",
            Op::InList(..) => "in list",
            Op::Call(call, _) => call.description().word,
            Op::AddWorkingDays(..) => "add working days",
            Op::Weekday(_) => "weekday",
            Op::Overlap(_) => "overlap",
            Op::Formula(_) => "formula",
            Op::Within(..) => "within",
            Op::OneOf(..) => "one of",
            Op::Decided(..) => "decided",
            Op::SameChoice(..) => "same choice",
            Op::Not(_) => "not",
            Op::And(_) => "and",
            Op::Or(_) => "or",
            Op::IsNone(_) => "is none",
            Op::Assume(_) => "assume",
            Op::Else(..) => "else",
            Op::If(..) => "if",
            Op::Rest(..) => "rest",
            Op::FirstYes(_) => "first yes",
            Op::Query(_) => "query",
            Op::Path(_) => "path",
            Op::Verdict(_) => "verdict",
        }
    }
}

impl Expr {
    /// The same expression inside one more event query: what it says of the events in scope, it says one level further out.
    #[must_use]
    pub fn inside(mut self) -> Expr {
        raise(&mut self, 0);
        self
    }

    /// The same said of another event in a query inside: of the innermost event in scope it says what it did, of those outside it one
    /// level further out.
    #[must_use]
    pub fn of_another(mut self) -> Expr {
        raise(&mut self, 1);
        self
    }

    /// The same expression outside the query that it stands in; nothing where it speaks of an event of that query.
    #[must_use]
    pub fn outside(&self) -> Option<Expr> {
        let mut said = self.clone();
        lower(&mut said, 0).then_some(said)
    }
}

/// Raises every level from `own` on: lower ones belong to queries within the expression itself.
fn raise(expr: &mut Expr, own: Level) {
    match &mut expr.op {
        Op::At(level) | Op::Order(level) | Op::Field(_, _, level) | Op::Column(_, level) => {
            *level += u8::from(*level >= own);
        }
        Op::Query(query) => {
            for alternative in &mut query.alternatives {
                raise(&mut alternative.filter, own + 1);
                raise(&mut alternative.value, own + 1);
            }
        }
        op => op.operands_mut().into_iter().for_each(|e| raise(e, own)),
    }
}

/// Lowers every level beyond `own`; whether none is `own`.
fn lower(expr: &mut Expr, own: Level) -> bool {
    match &mut expr.op {
        Op::At(level) | Op::Order(level) | Op::Field(_, _, level) | Op::Column(_, level) => {
            let is_own = *level == own;
            *level -= u8::from(*level > own);
            !is_own
        }
        Op::Query(query) => query
            .alternatives
            .iter_mut()
            .all(|alternative| lower(&mut alternative.filter, own + 1) && lower(&mut alternative.value, own + 1)),
        op => op.operands_mut().into_iter().all(|e| lower(e, own)),
    }
}

/// Whether an expression speaks of an event in scope outside its own queries.
#[must_use]
pub fn speaks_of_events(expr: &Expr) -> bool {
    outermost(expr).is_some()
}

/// The level of the outermost event in scope that an expression speaks of; nothing where it speaks of none but those of its own queries.
#[must_use]
pub fn outermost(expr: &Expr) -> Option<Level> {
    match &expr.op {
        Op::At(level) | Op::Order(level) | Op::Field(_, _, level) | Op::Column(_, level) => Some(*level),
        Op::Query(query) => {
            let parts = query.alternatives.iter().flat_map(|a| [&a.filter, &a.value]);
            parts.filter_map(outermost).max().and_then(|level| level.checked_sub(1))
        }
        op => op.operands().into_iter().filter_map(outermost).max(),
    }
}
