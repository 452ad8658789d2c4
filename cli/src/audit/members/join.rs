//! Several exports as one: one account of the data.

use crate::data::read::{Export, Told};
use crate::results::{Completeness, Data};
use std::collections::BTreeMap;

/// One export, without its cases.
pub struct OfMember {
    /// The code of the member that it is of; none for files of several.
    pub code: Option<String>,
    /// What was read.
    pub export: Export,
    /// How many of its cases name another organisation.
    pub strangers: u64,
}

/// All of them as one, whose cases name so many organisations. None where there are none.
#[must_use]
pub fn join(parts: Vec<OfMember>, organisations: usize) -> Option<Export> {
    let several = parts.len() > 1;
    let named = parts.into_iter().map(|part| named(part, several));
    let mut joined = named.reduce(added)?;
    joined.data.organisations = organisations as u64;
    Some(joined)
}

/// An export that says of which member it speaks.
fn named(OfMember { code, mut export, strangers }: OfMember, several: bool) -> Export {
    let Some(code) = code else { return export };
    let unnamed = export.otherwise.iter_mut().filter(|of| of.organisation.is_empty());
    unnamed.for_each(|of| of.organisation.clone_from(&code));
    if several {
        export.told.iter_mut().for_each(|told| told.text = of_member(&told.text, &code));
        let before = std::mem::take(&mut export.data.notes);
        export.data.notes = before.iter().map(|note| of_member(note, &code)).collect();
    }
    if strangers > 0 {
        let (one, many) = ("names another organisation", "name another organisation");
        let text = "; each counts under the organisation that it names.".to_owned();
        let count = [("case", one), ("cases", many)]
            .map(|(noun, verb)| format!("{noun} in the export of {code} {verb}").into());
        let [one, many] = count;
        export.told.push(Told { count: Some((strangers, one, many)), text, also: None, weighs: true });
    }
    export
}

/// A sentence that says of which member it speaks.
fn of_member(text: &str, code: &str) -> String {
    format!("{} ({code}).", text.strip_suffix('.').unwrap_or(text))
}

fn added(mut all: Export, next: Export) -> Export {
    all.absent &= next.absent;
    all.after += next.after;
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
