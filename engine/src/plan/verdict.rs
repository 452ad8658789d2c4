//! Verdicts, and what they depend on.

use super::Expr;

/// What a verdict depends on; each a yes/no.
///
/// `applies` no → not applicable; `excused` yes → excused; `happened` yes → met or late, by `in_time`;
/// otherwise missed or open, by `passed`. Where these are unknown the verdict is the set of what is possible.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictOf {
    /// The obligation applies and its trigger has come.
    pub applies: Expr,
    /// A documented reason excuses it.
    pub excused: Expr,
    /// What was expected was done.
    pub happened: Expr,
    /// It was done by the deadline.
    pub in_time: Expr,
    /// The deadline has passed.
    pub passed: Expr,
}

/// What became of an obligation. As a value of the plan, its place in this list is the variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It does not apply to the case, or its trigger has not come.
    NotApplicable,
    /// It applies, and a documented reason excuses it.
    Excused,
    /// Done in time.
    Met,
    /// Done after the deadline.
    Late,
    /// Not done, and the deadline has passed.
    Missed,
    /// Not done, and the deadline has not passed.
    Open,
}

impl Verdict {
    /// All of them, in order.
    pub const ALL: [Verdict; 6] =
        [Verdict::NotApplicable, Verdict::Excused, Verdict::Met, Verdict::Late, Verdict::Missed, Verdict::Open];

    /// As written in examples and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::NotApplicable => "not applicable",
            Verdict::Excused => "excused",
            Verdict::Met => "met",
            Verdict::Late => "late",
            Verdict::Missed => "missed",
            Verdict::Open => "open",
        }
    }
}
