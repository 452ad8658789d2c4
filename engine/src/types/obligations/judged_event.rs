//! What is kept of an obligation `for each` event, for measures that count its judgements.

use crate::plan::{DueBy, Expr, KindId};

/// What an obligation that judges each event of a kind works out about it, while the package is built.
pub(in crate::types) struct JudgedEvent {
    /// The obligation's name.
    pub obligation: String,
    /// The kind of event.
    pub kind: KindId,
    /// What the obligation calls the event.
    pub alias: Option<String>,
    /// Whether it is judged.
    pub among: Expr,
    /// The verdict.
    pub verdict: Expr,
    /// Trigger, deadline, when it was done, excuse.
    pub shown: [Expr; 4],
    /// What the deadline falls on.
    pub due_by: DueBy,
}
