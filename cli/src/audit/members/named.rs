//! The cases of one of several exports as they are handed over: with the code of its member where they name no organisation, and numbered
//! after those of the exports before.

use crate::data::read::Part;
use concord_engine::plan::{Id, LabelId, Plan};
use concord_engine::values::types::Type;

/// What is done to them.
pub(in crate::audit) struct Named<'a> {
    code: Option<&'a str>,
    label: Option<LabelId>,
    /// The number of its first row, and the number after that of the last case so far.
    first: usize,
    next: usize,
    strangers: u64,
}

impl<'a> Named<'a> {
    /// Of the export of a member, or of several; its rows are numbered from here on.
    pub(in crate::audit) fn of(plan: &Plan, code: Option<&'a str>, first: usize) -> Named<'a> {
        let label = plan.subject.labels.placed().find(|(_, label)| label.ty == Type::Organisation);
        Named { code, label: label.map(|(label, _)| label), first, next: first, strangers: 0 }
    }

    /// The export is read, perhaps again.
    pub(in crate::audit) fn begin(&mut self) {
        (self.next, self.strangers) = (self.first, 0);
    }

    /// The same for other cases of the export.
    pub(in crate::audit) fn beside(&self) -> Named<'a> {
        Named { next: self.first, strangers: 0, ..*self }
    }

    /// Adds what was named of other cases.
    pub(in crate::audit) fn take(&mut self, other: &Named<'_>) {
        self.next = self.next.max(other.next);
        self.strangers += other.strangers;
    }

    /// Names and numbers cases.
    pub(in crate::audit) fn name(&mut self, part: &mut Part) {
        for number in &mut part.order {
            *number += self.first;
            self.next = self.next.max(*number + 1);
        }
        let (Some(code), Some(label)) = (self.code, self.label) else { return };
        for case in &mut part.cases {
            let Some(slot) = case.labels.get_mut(label.place()) else { continue };
            self.strangers += u64::from(slot.as_deref().is_some_and(|other| other != code));
            slot.get_or_insert_with(|| code.to_owned());
        }
    }

    /// From where on the next export is numbered.
    pub(in crate::audit) fn next(&self) -> usize {
        self.next
    }

    /// How many cases name another organisation.
    pub(in crate::audit) fn strangers(&self) -> u64 {
        self.strangers
    }
}
