//! Approvals of a member's settings: which of them hold on the day as of which a case is judged.
//!
//! Only a module says on which day that is, once it has answered. So whoever puts a case to it tries the ways in which settings may hold
//! together, one after another, until one answers with a day on which just these hold.

use concord_engine::values::calendar::{local_date, read_instant, show_date};

/// Which of a member's settings are in force, in the order of its approvals.
pub type InForce = Vec<bool>;

/// The first and the last day on which a setting is approved, as a manifest writes them; days written so are in order as texts are.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    /// The day of approval.
    pub first: &'a str,
    /// The last day; none where it goes on.
    pub last: Option<&'a str>,
}

impl Approval<'_> {
    fn holds(&self, day: &str) -> bool {
        self.first <= day && self.last.is_none_or(|last| day <= last)
    }
}

/// What may be in force, on one day or another: all of it first, and at last none.
#[must_use]
pub fn ways(of: &[Approval<'_>]) -> Vec<InForce> {
    let ends = of.iter().flat_map(|approval| [Some(approval.first), approval.last]).flatten();
    let mut ways = vec![vec![true; of.len()]];
    for way in ends.map(|day| on(of, Some(day))).chain([on(of, None)]) {
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways
}

/// What is in force at an instant, as a record has it; without one nothing is.
#[must_use]
pub fn in_force(of: &[Approval<'_>], as_of: Option<&str>) -> InForce {
    let day = as_of.and_then(|at| read_instant(at).ok()).map(|at| show_date(local_date(at)));
    on(of, day.as_deref())
}

fn on(of: &[Approval<'_>], day: Option<&str>) -> InForce {
    of.iter().map(|approval| day.is_some_and(|day| approval.holds(day))).collect()
}
