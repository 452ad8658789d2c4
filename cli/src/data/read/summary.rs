//! What an export is, once all of it is read, but for what is [noted](super::noted) of its cases.

use super::Reader;
use super::counts::Counts;
use super::error::ReadError;
use super::export::Export;
use super::told::Told;
use crate::data::mapping::Activity;
use crate::data::names::tidy;
use crate::results::{Data, DataFile};
use concord_engine::plan::Kinds;

/// What refused rows of no known case may be.
const UNPLACED: &str =
    "not say of which case: what they would change is not known, and any verdict of missed may be one of them";
/// Why nothing is known of cases that share a name.
const MIXED: &str =
    "with one of another organisation, and rows without an organisation may belong to either: nothing of them is known";

impl Reader<'_> {
    /// Hands over what is left, and says what the export is; nothing where cases came back.
    pub(super) fn finish(mut self, files: Vec<DataFile>) -> Result<Option<Export>, ReadError> {
        self.report_progress(0);
        let refused = self.rejects.rows();
        let left_out: u64 = self.left_out.values().sum();
        let Counts { rows, used, .. } = self.counts;
        if rows != used + left_out + refused {
            return Err(ReadError::Unbalanced(format!(
                "{rows} rows were read, and {used} used, {left_out} left out, {refused} refused"
            )));
        }
        self.settle_pending(true);
        let absent = self.absent();
        if self.is_over() || (absent != self.taken_for_absent && self.handed_over > 0) {
            return Ok(None);
        }
        self.hand_over(absent);
        if self.is_over() || self.assembler.came_back()? {
            return Ok(None);
        }
        let mut told = self.rejects.told((rows, used, self.handed_over), files.len());
        told.extend(self.not_carried());
        told.extend(self.in_no_row());
        told.extend(self.counts.told());
        told.extend(self.assembler.differing.told(self.plan));
        told.extend(self.swallowed.told());
        told.append(&mut self.of_form);
        told.extend(self.resources.told());
        told.extend(self.not_looked_up());
        let unplaced = Told::counted(self.unplaced, ("refused row does", "refused rows do"), UNPLACED);
        told.extend(unplaced.map(Told::weighing));
        told.extend(self.shared.told());
        let nothing = ("case shares its name", "cases share their name");
        told.extend(Told::counted(self.mixed, nothing, MIXED).map(Told::weighing));
        let mut notes = self.mapping.binding.notes.clone();
        notes.extend(told.iter().map(Told::exactly));
        let rejects = self.rejects.finish()?;
        let data = Data {
            files,
            mapping: format!("{}, version {}", self.mapping.file.title, self.mapping.file.version),
            mapping_sha256: self.mapping.sha256.clone(),
            rows,
            rows_used: used,
            rows_left_out: self.left_out.into_iter().collect(),
            rows_rejected: refused,
            values_rejected: rejects.values,
            reject_reasons: rejects.reasons,
            rejects_file: rejects.file,
            cases: 0,
            events: 0,
            organisations: 0,
            completeness: Vec::new(),
            notes,
            warnings: Vec::new(),
            hidden: 0,
        };
        let known = self.mapping.binding.activities.keys().map(String::as_str);
        let otherwise = self.strangers.told(known);
        let (ids, cases) = (Vec::new(), Vec::new());
        Ok(Some(Export { ids, cases, absent, otherwise, told, data, after: 0 }))
    }

    /// Rows that found nothing in a file in which they look things up.
    fn not_looked_up(&self) -> Vec<Told> {
        let joined = self.mapping.joined.iter().zip(&self.not_found);
        let rows = ("row has", "rows have");
        let told = joined.filter_map(|(table, count)| {
            let text = format!("a key that `{}` does not, and what is taken from there is not known", table.name);
            Told::counted(*count, rows, &text).map(Told::weighing)
        });
        told.collect()
    }

    /// Names of activities that the mapping knows and no row carries: one that is written otherwise would be missed by everybody.
    fn not_carried(&self) -> Vec<Told> {
        let named = self.mapping.file.events.map.iter();
        let named = named.filter(|(_, activity)| activity.get_ref().event.is_some());
        let missing: Vec<String> = named
            .map(|(name, _)| tidy(name).into_owned())
            .filter(|name| !self.activities.carries(name))
            .map(|name| format!("`{name}`"))
            .collect();
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let text = format!("{}, which [events.map] names, {verb} carried by no row.", missing.join(", "));
        let mut told: Vec<Told> = (!missing.is_empty()).then(|| Told::once(text).weighing()).into_iter().collect();
        for (name, rows) in self.strangers.in_other_capitals(self.mapping.file.events.map.keys().map(String::as_str)) {
            let text = format!(
                "`{name}`, which [events.map] names, in other capitals or blanks, which is refused: write it as they do"
            );
            told.extend(Told::counted(rows, ("row carries", "rows carry"), &text).map(Told::weighing));
        }
        told
    }

    /// The kinds of event that only such names make.
    pub(super) fn absent(&self) -> u64 {
        let binding = &self.mapping.binding;
        let made = |carried: bool| {
            let named = binding.activities.iter().filter(|(name, _)| self.activities.carries(name) == carried);
            named.fold(0, |mask, (_, activity)| match activity {
                Activity::Event(kind, _) => mask | Kinds::one(*kind).0,
                _ => mask,
            })
        };
        let in_columns = binding.column_events.iter().fold(0, |mask, event| mask | Kinds::one(event.kind).0);
        // What a code of the rule may be is never in all exports.
        if self.mapping.file.events.by_code.is_some() { 0 } else { made(false) & !made(true) & !in_columns }
    }
}
