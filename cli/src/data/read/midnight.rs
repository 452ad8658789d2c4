//! Events that are at midnight as hardly any event is: dates that a database stored as times.

use super::told::{HIDDEN, Told, as_shown};
use crate::data::mapping::MappingFile;
use concord_engine::plan::case::Occurrence;
use concord_engine::plan::{Id, Plan};
use concord_engine::values::calendar::{DAY, local_from_instant};

/// Most zones are whole hours from UTC.
const HOUR: i64 = 3_600_000;

/// Times at midnight, by kind of event.
pub(super) struct Midnights<'a> {
    plan: &'a Plan,
    /// What to write in the place of the format.
    format: String,
    /// Known times, and of them those at midnight.
    of_kinds: Vec<[u64; 2]>,
}

impl<'a> Midnights<'a> {
    pub(super) fn new(plan: &'a Plan, file: &MappingFile) -> Midnights<'a> {
        let said = file.time.as_ref().and_then(|time| time.get_ref().format.as_deref());
        let format = said.filter(|format| format.contains("%H")).unwrap_or("%Y-%m-%d %H:%M:%S");
        let zeros = [("%H", "00"), ("%M", "00"), ("%S", "00")];
        let format = zeros.iter().fold(format.to_owned(), |format, (clock, zeros)| format.replace(clock, zeros));
        Midnights { plan, format, of_kinds: vec![[0, 0]; plan.subject.events.len()] }
    }

    /// Counts the events of a case.
    pub(super) fn add(&mut self, events: &[Occurrence]) {
        for event in events {
            let Some(at) = event.at.known() else { continue };
            if let Some([all, midnight]) = self.of_kinds.get_mut(event.kind.place()) {
                *all += 1;
                *midnight += u64::from(is_midnight(at));
            }
        }
    }

    /// Adds those of other cases.
    pub(super) fn take(&mut self, other: &Midnights<'_>) {
        let pairs = self.of_kinds.iter_mut().flatten().zip(other.of_kinds.iter().flatten());
        pairs.for_each(|(sum, own)| *sum += own);
    }

    /// In words, of each kind of which half of the times or more are at midnight.
    pub(super) fn told(&self) -> Vec<Told> {
        let kinds = self.plan.subject.events.iter().zip(&self.of_kinds);
        let many = kinds
            .filter(|(_, [all, midnight])| as_shown(*midnight) > HIDDEN && as_shown(*midnight) * 2 >= as_shown(*all));
        let told = many.map(|(kind, [all, midnight])| Told {
            count: Some((
                *midnight,
                format!("time of `{}` is", kind.name).into(),
                format!("times of `{}` are", kind.name).into(),
            )),
            text: format!(
                " at midnight, of {{}} in all, as where a date is stored as a time: how long something took is then wrong by up to a day. Where they are dates, say so in the mapping, with zeros in the place of the clock: `format = \"{}\"`.",
                self.format
            ),
            also: Some((*all, "time".into(), "times".into())),
            weighs: true,
        });
        told.collect()
    }
}

fn is_midnight(at: i64) -> bool {
    // An hour has 128 times as many milliseconds as something: most instants are let go at a glance.
    at & 127 == 0 && at % HOUR == 0 && (at % DAY == 0 || local_from_instant(at) % DAY == 0)
}
