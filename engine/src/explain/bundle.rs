//! Reasons for the verdict on a bundle: its members, the worst first.

use super::because::Reasons;
use super::{Judged, MemberTemplate, judged};
use crate::evaluate::Known;
use crate::plan::{AnswerKind, Verdict};

/// From the worst to the mildest.
pub const WORST_FIRST: [Verdict; 6] =
    [Verdict::Missed, Verdict::Late, Verdict::Open, Verdict::Met, Verdict::Excused, Verdict::NotApplicable];

impl Reasons<'_> {
    /// Which member came to what, in the author's words.
    pub fn of_bundle(&self, members: &[MemberTemplate], whole: &Judged) -> Vec<String> {
        if whole.verdict == Some(Verdict::NotApplicable) {
            return vec!["it does not apply to this case".to_owned()];
        }
        let mut lines: Vec<String> = whole.excuse.iter().map(|reason| format!("excused: {reason}")).collect();
        for verdict in WORST_FIRST {
            let named = members.iter().filter(|member| self.verdict_on(member) == Some(verdict));
            let named: Vec<String> = named.map(|member| self.in_words(member, verdict)).collect();
            if !named.is_empty() {
                lines.push(format!("{}: {}", verdict.name(), named.join(", ")));
            }
        }
        let undecided = members.iter().filter(|member| self.verdict_on(member).is_none());
        let undecided: Vec<&str> = undecided.map(|member| member.words.as_str()).collect();
        if !undecided.is_empty() {
            lines.push(format!("not known: {}", undecided.join(", ")));
        }
        lines
    }

    fn verdict_on(&self, member: &MemberTemplate) -> Option<Verdict> {
        let known = self.outcome.only(self.plan, member.verdict).and_then(Known::place)?;
        Verdict::ALL.get(known).copied()
    }

    fn in_words(&self, member: &MemberTemplate, verdict: Verdict) -> String {
        let answer = member.answer.and_then(|answer| self.plan.answers.get(answer));
        let more = match answer.map(|answer| &answer.kind) {
            Some(AnswerKind::Obligation(of)) => {
                let judged = judged(self.plan, self.outcome, of);
                match (verdict, judged.due_text()) {
                    (Verdict::Missed, Some(due)) => format!("due {due}"),
                    _ => judged.text().trim_start_matches(verdict.name()).trim().to_owned(),
                }
            }
            _ => self.shown(&member.used),
        };
        if more.is_empty() { member.words.clone() } else { format!("{} ({more})", member.words) }
    }
}
