//! Organisations that send only what was done: of an obligation no case is missed or still open, where others have so many of these that chance hardly
//! allows it.

use super::{Found, LEAST};
use crate::audit::forbidden::forbids;
use crate::audit::places::{Judged, Place, Places};
use crate::results::CauseKind;
use crate::words::percent;
use concord_engine::plan::Plan;
use concord_engine::variation::evidence::none_of;

/// The chance below which it is told.
const LEAST_CHANCE: f64 = 1e-5;
/// And at least so many are missed or open elsewhere.
const LEAST_USUAL: f64 = 0.02;
/// The places of what is missed and of what is open among the verdicts that may be hidden.
const NOT_DONE: u8 = 1 << 4 | 1 << 5;

/// No case of it is without what is expected.
pub(super) fn only_done(plan: &Plan, places: &Places<'_>, place: &Place) -> Option<Found> {
    let found = places.obligations.iter().enumerate().filter_map(|(number, (answer, cells))| {
        // What must not happen is not done where all is well.
        if forbids(plan, cells) {
            return None;
        }
        // What is suppressed stands as 0, and is more: the share is at least so large.
        let usual = places.elsewhere(place, ("not done", number, None), |place| {
            let [some, all] = counts(place.judged.get(number)?);
            (all >= LEAST).then(|| places.disclosure.least(some) as f64 / all as f64)
        })?;
        let judged = place.judged.get(number)?;
        let [none, all] = counts(judged);
        let is_none = none == 0 && judged.verdicts.hidden & NOT_DONE == 0;
        let all = places.disclosure.least(all);
        (is_none && usual >= LEAST_USUAL && none_of(all, usual) < LEAST_CHANCE).then(|| {
            let title = answer.label.clone().unwrap_or_else(|| answer.name.clone());
            // Of which shares are told no table says.
            let elsewhere = if places.disclosure.shows_cases() {
                format!("elsewhere {} are", percent(usual))
            } else {
                "elsewhere far more are".to_owned()
            };
            format!("{title}: none of its cases is missed or still open, {elsewhere}: it may send only what was done")
        })
    });
    let found: Vec<String> = found.collect();
    let text = found.first()?;
    let more = if found.len() > 1 { "; so it is of other obligations" } else { "" };
    let text = format!("{text}{more}");
    let effect = "If cases in which it was not done are not sent, its rate says nothing of them.".to_owned();
    Some(Found::new(CauseKind::OnlyDone, text, effect))
}

/// What was not done, or not yet, and all that is decided or open.
fn counts(judged: &Judged) -> [u64; 2] {
    let v = &judged.verdicts;
    [v.missed + v.open, v.met + v.late + v.missed + v.open]
}
