//! What each cell that comes out of a module is.

use concord_engine::plan::{Answer, AnswerKind, CellId, Plan, Step, Verdict};

/// What a cell that comes out is. One may be several things: the only output of a table is an answer too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The value of an answer.
    Value(String),
    /// A part of an obligation.
    Part(String, &'static str),
    /// How many occurrences of a repeated obligation have a verdict.
    Count(String, Verdict),
    /// The verdict on a condition that is part of a bundle, and the condition as the author calls it.
    Condition(String, String),
    /// The row of a table that answered.
    Row(String),
    /// Something that measures count by.
    Counted,
}

/// Everything that a cell which comes out is.
pub(super) fn roles(plan: &Plan, cell: CellId) -> Vec<Role> {
    let mut roles: Vec<Role> = plan.answers.iter().flat_map(|answer| roles_in(answer, cell)).collect();
    roles.extend(plan.steps.iter().filter_map(|step| match step {
        Step::Table(table) if table.row_cell == cell => Some(Role::Row(table.name.clone())),
        _ => None,
    }));
    roles.extend(plan.wanted.contains(&cell).then_some(Role::Counted));
    roles
}

fn roles_in(answer: &Answer, cell: CellId) -> Vec<Role> {
    let name = || answer.name.clone();
    match &answer.kind {
        AnswerKind::Value { cell: of, .. } | AnswerKind::Output { cell: of, .. } => {
            Vec::from_iter((*of == cell).then(|| Role::Value(name())))
        }
        AnswerKind::Obligation(o) => {
            let parts = [
                ("verdict", o.verdict),
                ("trigger", o.trigger),
                ("due", o.due),
                ("done", o.done),
                ("excuse", o.excuse),
            ];
            let parts = parts.into_iter().filter(|(_, of)| *of == cell).map(|(part, _)| Role::Part(name(), part));
            let counts = o.counts.iter().flatten().zip(Verdict::ALL).filter(|(of, _)| **of == cell);
            let conditions = o.conditions().filter(|member| member.verdict == cell);
            let conditions = conditions.map(|member| Role::Condition(name(), member.words.clone()));
            parts.chain(counts.map(|(_, verdict)| Role::Count(name(), verdict))).chain(conditions).collect()
        }
    }
}
