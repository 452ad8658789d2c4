//! Clocks that are an hour off: at one organisation, or there in summer time alone, far more is done before what it counts from.
//!
//! An export that writes UTC and is read as local time, or the other way round, moves its events by an hour in summer; one clock of two that
//! is so makes a department look prompt, or late. That is data, not practice.

use super::by_code::{ByCode, Code};
use super::disclose::Disclosure;
use crate::words::percent;
use concord_engine::values::calendar::local_from_instant;

/// Fewer cases of a season than this say nothing.
const LEAST_CASES: u64 = 20;
/// So much larger must the share be than elsewhere, in hundredths and in times.
const LEAST_MORE: f64 = 0.2;
const LEAST_TIMES: f64 = 3.0;

/// Cases with both times, by organisation and whether it was summer time: how many, and in how many it was done before its trigger.
#[derive(Clone, Default)]
pub(super) struct Clocks {
    /// In summer time, and in winter time.
    pub(super) cells: ByCode<[[u64; 2]; 2]>,
}

/// An organisation whose clock may be off.
pub(super) struct ClockOff {
    /// Its code; empty where cases name none.
    pub(super) code: String,
    /// What was found, as a clause.
    pub(super) what: String,
}

impl Clocks {
    pub(super) fn add(&mut self, organisation: Option<Code<'_>>, trigger: i64, done: i64) {
        let summer = local_from_instant(trigger) != trigger;
        let [in_summer, in_winter] = match organisation {
            Some(code) => self.cells.of_code(code),
            // A case that names no organisation is one of a place without a name.
            None => self.cells.of(""),
        };
        let [early, all] = if summer { in_summer } else { in_winter };
        (*early, *all) = (*early + u64::from(done < trigger), *all + 1);
    }

    /// Adds those of other cases.
    pub(super) fn take(&mut self, other: &Clocks) {
        self.cells.take(&other.cells, |sums, own| {
            let pairs = sums.iter_mut().flatten().zip(own.iter().flatten());
            pairs.for_each(|(sum, own)| *sum += own);
        });
    }

    /// Those that differ so from all other cases.
    pub(super) fn off(&self, disclosure: &Disclosure) -> Vec<ClockOff> {
        // What is suppressed counts for nothing.
        let shown = |count: u64| disclosure.count(count).unwrap_or(0);
        let sum = |all: [u64; 2], [a, b]: [u64; 2]| [all[0] + a, all[1] + b];
        let total = self.cells.iter().flat_map(|(_, cells)| *cells).fold([0, 0], sum);
        let mut found = Vec::new();
        for (code, [summer, winter]) in self.cells.iter() {
            let (summer, winter) = (*summer, *winter);
            let others = [total[0] - summer[0] - winter[0], total[1] - summer[1] - winter[1]];
            let whole = [summer[0] + winter[0], summer[1] + winter[1]];
            let rest = |cell: [u64; 2]| [others[0] + cell[0], others[1] + cell[1]];
            let far = |own: [u64; 2], elsewhere: [u64; 2]| {
                let share = |[early, all]: [u64; 2]| shown(early) as f64 / shown(all).max(1) as f64;
                let (own_share, usual) = (share(own), share(elsewhere));
                let far = own_share - usual >= LEAST_MORE && own_share >= LEAST_TIMES * usual;
                (far && own[1] >= LEAST_CASES && elsewhere[1] >= LEAST_CASES).then_some((own_share, usual))
            };
            let seasons = [(summer, rest(winter), "in summer time"), (winter, rest(summer), "in winter time")];
            let of_season = seasons.into_iter().find_map(|(own, elsewhere, when)| Some((far(own, elsewhere)?, when)));
            let of_all = far(whole, others).filter(|_| {
                let [low, high] = [summer, winter].map(|[early, all]| early as f64 / all.max(1) as f64);
                (low - high).abs() < LEAST_MORE || summer[1] < LEAST_CASES || winter[1] < LEAST_CASES
            });
            let Some(((own, usual), when)) = of_all.map(|far| (far, "")).or(of_season) else { continue };
            let when = if when.is_empty() { String::new() } else { format!(" {when}") };
            let shares = match disclosure.shows_cases() {
                true => format!("{} of its cases{when}, {} elsewhere", percent(own), percent(usual)),
                // How many have both times no table tells of an organisation.
                false => format!("far more of its cases{when} than elsewhere"),
            };
            let what = format!("done before what it counts from in {shares}: its clock may be off");
            found.push(ClockOff { code: code.clone(), what });
        }
        found
    }
}
