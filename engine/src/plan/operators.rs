//! Looking into operators without knowing each: their operands and their names.

use super::{Expr, Op};

impl Op {
    /// The expressions an operator works on; those inside a question about events stand for themselves and are left out.
    #[must_use]
    pub fn operands(&self) -> Vec<&Expr> {
        match self {
            Op::Negate(x) | Op::Within(x, ..) | Op::OneOf(x, _) | Op::Not(x) | Op::IsNone(x) | Op::Assume(x) => vec![x],
            Op::Add(a, b) | Op::Subtract(a, b) | Op::Multiply(a, b) | Op::LessOrEqual(a, b) | Op::Less(a, b) => {
                vec![a, b]
            }
            Op::Equal(a, b) | Op::SameChoice(a, b) | Op::Else(a, b) => vec![a, b],
            Op::Lowest(items) | Op::Highest(items) | Op::And(items) | Op::Or(items) | Op::FirstYes(items) => {
                items.iter().collect()
            }
            Op::If(a, b, c) => vec![a, b, c],
            Op::Verdict(v) => vec![&v.applies, &v.excused, &v.happened, &v.in_time, &v.passed],
            Op::Constant(_) | Op::Choice(_) | Op::None | Op::Input(_) | Op::Field(..) | Op::At | Op::Order => {
                Vec::new()
            }
            Op::AsOf | Op::Parameter(_) | Op::Cell(_) | Op::Query(_) => Vec::new(),
        }
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
            Op::At => "at",
            Op::Order => "order",
            Op::AsOf => "as of",
            Op::Parameter(_) => "parameter",
            Op::Cell(_) => "cell",
            Op::Negate(_) => "negate",
            Op::Add(..) => "add",
            Op::Subtract(..) => "subtract",
            Op::Multiply(..) => "multiply",
            Op::Lowest(_) => "lowest",
            Op::Highest(_) => "highest",
            Op::LessOrEqual(..) => "at most",
            Op::Less(..) => "less",
            Op::Equal(..) => "equal",
            Op::Within(..) => "within",
            Op::OneOf(..) => "one of",
            Op::SameChoice(..) => "same choice",
            Op::Not(_) => "not",
            Op::And(_) => "and",
            Op::Or(_) => "or",
            Op::IsNone(_) => "is none",
            Op::Assume(_) => "assume",
            Op::Else(..) => "else",
            Op::If(..) => "if",
            Op::FirstYes(_) => "first yes",
            Op::Query(_) => "query",
            Op::Verdict(_) => "verdict",
        }
    }
}
