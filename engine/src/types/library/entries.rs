//! Which lines a measure may have: each once, and none that what it is of gives no meaning.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, MeasureEntry, MeasureKind};
use crate::types::Builder;

/// What a measure is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Judged,
    Cases,
    Counts,
}

impl Builder<'_> {
    /// Refuses a line that is given again, and one that would say nothing.
    pub(super) fn entries_count(&mut self, tree: &tree::Measure) -> Option<()> {
        let mark = self.faults.mark();
        let mut seen: Vec<&str> = Vec::new();
        for entry in &tree.entries {
            let Some(name) = once(&entry.kind) else { continue };
            if seen.contains(&name) {
                let title = format!("`{}` says twice {name}", tree.name.node);
                self.faults.push(Diagnostic::error(codes::E0901, entry.span, title, "given again here"));
            }
            seen.push(name);
        }
        if let Some(of) = tree.entries.iter().find_map(|entry| of(&entry.kind)) {
            tree.entries.iter().for_each(|entry| self.belongs_to(of, entry));
        }
        (self.faults.mark() == mark).then_some(())
    }

    fn belongs_to(&mut self, of: Of, entry: &MeasureEntry) {
        let (line, help) = match (&entry.kind, of) {
            (MeasureKind::Excused { .. }, Of::Judged) => (
                "excused when",
                "say it in the obligation, or count cases: `of cases met when NAME is met excused when … because \"…\"`",
            ),
            (MeasureKind::MetWhen(_) | MeasureKind::MetCount(_), Of::Judged) => {
                ("met", "leave it out: the obligation says what is met; or count cases: `of cases where … met when …`")
            }
            (MeasureKind::Excused { .. }, Of::Counts) => {
                ("excused when", "leave it out: counts that come ready-made hold no cases that could be excused")
            }
            (MeasureKind::MetWhen(_), Of::Counts) => ("met when", "write `met count M`"),
            (MeasureKind::MetCount(_), Of::Cases) => ("met count", "write `met when …`"),
            _ => return,
        };
        let what = match of {
            Of::Judged => "judgements of an obligation",
            Of::Cases => "cases",
            Of::Counts => "ready-made counts",
        };
        let title = format!("`{line}` has no meaning in a measure of {what}");
        self.faults.push(Diagnostic::error(codes::E0907, entry.span, title, "this would not be heeded").help(help));
    }
}

fn of(kind: &MeasureKind) -> Option<Of> {
    match kind {
        MeasureKind::OfObligation(_) | MeasureKind::OfEach { .. } => Some(Of::Judged),
        MeasureKind::OfCases(_) => Some(Of::Cases),
        MeasureKind::OfCount(_) => Some(Of::Counts),
        _ => None,
    }
}

/// What a line says, where a measure says it once.
fn once(kind: &MeasureKind) -> Option<&'static str> {
    match kind {
        MeasureKind::Title(_) => Some("what it is called"),
        MeasureKind::Source(_) => Some("where it comes from"),
        MeasureKind::OfObligation(_)
        | MeasureKind::OfEach { .. }
        | MeasureKind::OfCases(_)
        | MeasureKind::OfCount(_) => Some("what it is of"),
        MeasureKind::MetWhen(_) | MeasureKind::MetCount(_) => Some("what is met"),
        MeasureKind::Value(_) => Some("which number it is"),
        MeasureKind::Weighted(_) => Some("by what it is weighted"),
        MeasureKind::Shared(_) => Some("how it is shared"),
        MeasureKind::Unknown { .. } => Some("how unknown cases count"),
        MeasureKind::Better(_) => Some("which way is better"),
        MeasureKind::For(_) => Some("who answers for it"),
        MeasureKind::Excused { .. } | MeasureKind::Target { .. } | MeasureKind::By(_) => None,
    }
}
