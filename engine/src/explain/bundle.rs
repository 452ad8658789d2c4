//! Reasons for the verdict on a bundle: its members, the worst first.

use super::because::Reasons;
use super::{Judged, judged};
use crate::evaluate::Known;
use crate::plan::{AnswerKind, Member, Obligation, Verdict};

/// From the worst to the mildest.
const WORST_FIRST: [Verdict; 6] =
    [Verdict::Missed, Verdict::Late, Verdict::Open, Verdict::Met, Verdict::Excused, Verdict::NotApplicable];

impl Reasons<'_> {
    /// Which member came to what, in the author's words.
    pub fn of_bundle(&self, obligation: &Obligation, whole: &Judged) -> Vec<String> {
        if whole.verdict == Some(Verdict::NotApplicable) {
            return vec!["it does not apply to this case".to_owned()];
        }
        let mut lines: Vec<String> = whole.excuse.iter().map(|reason| format!("excused: {reason}")).collect();
        for verdict in WORST_FIRST {
            let named = obligation.members.iter().filter(|member| self.verdict_on(member) == Some(verdict));
            let named: Vec<String> = named.map(|member| self.in_words(member, verdict)).collect();
            if !named.is_empty() {
                lines.push(format!("{}: {}", verdict.name(), named.join(", ")));
            }
        }
        let undecided = obligation.members.iter().filter(|member| self.verdict_on(member).is_none());
        let undecided: Vec<&str> = undecided.map(|member| member.words.as_str()).collect();
        if !undecided.is_empty() {
            lines.push(format!("not known: {}", undecided.join(", ")));
        }
        lines
    }

    fn verdict_on(&self, member: &Member) -> Option<Verdict> {
        let known = self.outcome.only(self.plan, member.verdict).and_then(Known::place)?;
        Verdict::ALL.get(known).copied()
    }

    fn in_words(&self, member: &Member, verdict: Verdict) -> String {
        let answer = member.answer.and_then(|answer| self.plan.answers.get(answer));
        let Some(AnswerKind::Obligation(of)) = answer.map(|answer| &answer.kind) else {
            let facts = self.facts_of(member.verdict);
            let with = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
            return format!("{}{with}", member.words);
        };
        let judged = judged(self.plan, self.outcome, of);
        let more = match (verdict, judged.due_text()) {
            (Verdict::Missed, Some(due)) => format!("due {due}"),
            _ => judged.text().trim_start_matches(verdict.name()).trim().to_owned(),
        };
        if more.is_empty() { member.words.clone() } else { format!("{} ({more})", member.words) }
    }
}
