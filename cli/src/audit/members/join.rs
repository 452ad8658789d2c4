//! Several exports as one: cases after one another, each named within its organisation, and one account of the data.

use super::Span;
use crate::data::read::{Export, Told};
use crate::results::{Completeness, Data};
use concord_engine::plan::{Id, Plan};
use concord_engine::values::types::Type;
use std::collections::{BTreeMap, BTreeSet};

/// One export, and the code of the member that it is of; none for files of several.
pub struct Part {
    /// The member's code.
    pub code: Option<String>,
    /// What was read.
    pub export: Export,
}

/// All of them as one; and where the cases of each stand in it. None where there are none.
#[must_use]
pub fn join(plan: &Plan, parts: Vec<Part>) -> Option<(Export, Vec<Span>)> {
    let mut spans = Vec::new();
    let mut joined: Option<Export> = None;
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let several = parts.len() > 1;
    for Part { code, mut export } in parts {
        if let Some(code) = &code {
            let unnamed = export.otherwise.iter_mut().filter(|of| of.organisation.is_empty());
            unnamed.for_each(|of| of.organisation.clone_from(code));
        }
        let strangers = code.as_deref().map_or(0, |code| named(plan, code, &mut export));
        if let Some(code) = &code {
            if strangers > 0 {
                let text = format!(" the export of {code} and another organisation; each counts under what it names.");
                let count = Some((strangers, "case names both".into(), "cases name both".into()));
                export.told.push(Told { count, text, also: None, weighs: true });
            }
            if several {
                export.told.iter_mut().for_each(|told| told.text = of_member(&told.text, code));
                let before = std::mem::take(&mut export.data.notes);
                export.data.notes = before.iter().map(|note| of_member(note, code)).collect();
            }
        }
        for id in &mut export.ids {
            if taken.contains(id.as_str())
                && let Some(code) = &code
            {
                *id = format!("{id} ({code})");
            }
            taken.insert(id.clone());
        }
        let start = joined.as_ref().map_or(0, |all| all.cases.len());
        spans.push(Span { rows: start..start + export.cases.len(), absent: export.absent });
        joined = Some(match joined {
            None => export,
            Some(all) => added(all, export),
        });
    }
    let mut joined = joined?;
    joined.data.organisations = codes(plan, &joined).len() as u64;
    joined.absent = spans.iter().fold(u64::MAX, |absent, span| absent & span.absent);
    Some((joined, spans))
}

/// Puts the member's code where a case names no organisation; how many name another.
fn named(plan: &Plan, code: &str, export: &mut Export) -> u64 {
    let Some((label, _)) = plan.subject.labels.placed().find(|(_, label)| label.ty == Type::Organisation) else {
        return 0;
    };
    let mut strangers = 0;
    for case in &mut export.cases {
        let Some(slot) = case.labels.get_mut(label.place()) else { continue };
        strangers += u64::from(slot.as_deref().is_some_and(|other| other != code));
        slot.get_or_insert_with(|| code.to_owned());
    }
    // That no row names an organisation is as it should be in an export of one.
    export.told.retain(|told| {
        told.count.as_ref().is_none_or(|(_, one, _)| one != "case has" || !told.text.starts_with(" no organisation"))
    });
    strangers
}

/// A sentence that says of which member it speaks.
fn of_member(text: &str, code: &str) -> String {
    format!("{} ({code}).", text.strip_suffix('.').unwrap_or(text))
}

/// All codes of organisations that its cases name.
#[must_use]
pub fn codes<'c>(plan: &Plan, export: &'c Export) -> BTreeSet<&'c str> {
    let labels: Vec<usize> = plan
        .subject
        .labels
        .placed()
        .filter(|(_, label)| label.ty == Type::Organisation)
        .map(|(label, _)| label.place())
        .collect();
    let of = |case: &'c concord_engine::plan::case::Case| {
        labels.iter().filter_map(|label| case.labels.get(*label)?.as_deref()).collect::<Vec<_>>()
    };
    export.cases.iter().flat_map(of).collect()
}

fn added(mut all: Export, next: Export) -> Export {
    let start = all.cases.len();
    all.ids.extend(next.ids);
    all.cases.extend(next.cases);
    all.rounded.extend(next.rounded.into_iter().map(|(row, values)| (start + row, values)));
    all.otherwise.extend(next.otherwise);
    all.told.extend(next.told);
    all.data = summed(all.data, next.data);
    all
}

fn summed(all: Data, next: Data) -> Data {
    let listed = |one: Vec<(String, u64)>, other: Vec<(String, u64)>| {
        let mut sums: BTreeMap<String, u64> = BTreeMap::new();
        one.into_iter().chain(other).for_each(|(name, count)| *sums.entry(name).or_default() += count);
        sums.into_iter().collect()
    };
    let both = |one: String, other: String, between: &str| {
        if one.split(between).any(|part| part == other) { one } else { format!("{one}{between}{other}") }
    };
    let files = |one: Option<String>, other: Option<String>| match (one, other) {
        (Some(one), Some(other)) => Some(format!("{one}, {other}")),
        (one, other) => one.or(other),
    };
    Data {
        files: all.files.into_iter().chain(next.files).collect(),
        mapping: both(all.mapping, next.mapping, "; "),
        mapping_sha256: both(all.mapping_sha256, next.mapping_sha256, " "),
        rows: all.rows + next.rows,
        rows_used: all.rows_used + next.rows_used,
        rows_left_out: listed(all.rows_left_out, next.rows_left_out),
        rows_rejected: all.rows_rejected + next.rows_rejected,
        values_rejected: all.values_rejected + next.values_rejected,
        reject_reasons: listed(all.reject_reasons, next.reject_reasons),
        rejects_file: files(all.rejects_file, next.rejects_file),
        cases: all.cases + next.cases,
        events: all.events + next.events,
        organisations: all.organisations,
        completeness: all.completeness.into_iter().zip(next.completeness).map(|(a, b)| complete(a, b)).collect(),
        warnings: all.warnings.into_iter().chain(next.warnings).collect(),
        notes: all.notes.into_iter().chain(next.notes).collect(),
        hidden: 0,
    }
}

fn complete(all: Completeness, next: Completeness) -> Completeness {
    Completeness {
        present: all.present + next.present,
        missing: all.missing + next.missing,
        not_supplied: all.not_supplied && next.not_supplied,
        ..all
    }
}
