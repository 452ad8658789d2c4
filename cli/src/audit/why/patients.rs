//! Who the cases of an organisation are, where that differs from elsewhere, and how many of them documented reasons take out.

use super::practice::{Split, bounds};
use crate::audit::disclose::{Disclosure, between};
use crate::audit::mix::{LEAST_ELSEWHERE, Mix, is_not_known};
use crate::audit::places::{Judged, Place, Places};
use crate::audit::strata::{FEW, StratumTally};
use crate::results::{Cause, CauseKind, MeasureResult};
use crate::words::percent;
use concord_engine::plan::Obligation;
use std::collections::BTreeMap;

/// So much larger is the share of a group than elsewhere.
const LEAST_MORE: f64 = 0.15;
/// And of excused cases.
const LEAST_EXCUSED: f64 = 0.08;
const LEAST_Z: f64 = 5.0;
const LEAST: u64 = 20;

/// A group that an organisation has far more of.
#[derive(Clone, Debug)]
pub(in crate::audit) struct Unusual {
    title: String,
    group: String,
    own: f64,
    /// So much more than elsewhere, at least.
    more: f64,
    /// At least, and at most, where counts are suppressed.
    elsewhere: (f64, f64),
    /// Whether of some cases, there or elsewhere, the group is not known: they are in no share.
    of_known: bool,
    /// The split by which something is expected of it, where there is one.
    pub(in crate::audit) by: Option<String>,
}

/// By code, the group of which it has most beyond the others; none where that is not much.
pub(in crate::audit) fn unusual(
    splits: &[StratumTally<'_, Mix>],
    disclosure: &Disclosure,
) -> BTreeMap<String, Unusual> {
    let mut found: BTreeMap<String, Unusual> = BTreeMap::new();
    for split in splits {
        let (title, groups) =
            split.named(|mix| mix.iter().map(|(code, [_, of])| (code.clone(), *of)).collect::<BTreeMap<String, u64>>());
        // What is shown of a sum of exact counts; and what others have, as far as that tells.
        let told = |exact: u64| {
            let shown = disclosure.stand_in(exact);
            (disclosure.least(shown), disclosure.most(shown))
        };
        let but = |all: (u64, u64), own: (u64, u64)| (all.0.saturating_sub(own.1), all.1.saturating_sub(own.0));
        let mut all: BTreeMap<&String, u64> = BTreeMap::new();
        for (code, of) in groups.iter().flat_map(|(_, mix)| mix) {
            *all.entry(code).or_default() += of;
        }
        let everybody: u64 = all.values().sum();
        // Who belongs to no group that is known is in no share, of its own and of the others.
        let not_known: BTreeMap<&String, u64> = groups
            .iter()
            .filter(|(group, _)| is_not_known(group))
            .flat_map(|(_, mix)| mix)
            .fold(BTreeMap::new(), |mut all, (code, of)| {
                *all.entry(code).or_default() += of;
                all
            });
        let of_known = not_known.values().any(|of| *of > 0);
        let nobody_knows: u64 = not_known.values().sum();
        for (group, mix) in groups.iter().filter(|(group, _)| !is_not_known(group) && group != FEW) {
            let in_group: u64 = mix.values().sum();
            for (code, exact_own) in mix {
                let exact_own = *exact_own;
                let exact = all.get(code).copied().unwrap_or(0);
                let (n, others) = (told(exact), but(told(in_group), told(exact_own)));
                let own_not_known = not_known.get(code).copied().unwrap_or(0); // of whom nothing is not known
                let unknown_elsewhere = but(told(nobody_knows), told(own_not_known));
                let ((own, _), rest) = (told(exact_own), but(but(told(everybody), n), unknown_elsewhere));
                let n = but(n, told(own_not_known));
                // Of what hardly anybody else has nobody can tell what it does.
                if n.0 < LEAST || rest.0 < LEAST || others.0 < LEAST_ELSEWHERE {
                    continue;
                }
                let share = |part: u64, whole: u64| (part as f64 / whole as f64).min(1.0);
                let (n, own, least, most) = (n.0, share(own, n.1), share(others.0, rest.1), share(others.1, rest.0));
                let chance = (most * (1.0 - most) / n as f64).sqrt();
                let more = own - most;
                if more < LEAST_MORE || more < LEAST_Z * chance {
                    continue;
                }
                let known = disclosure.stand_in(exact).saturating_sub(disclosure.stand_in(own_not_known));
                let own = share(disclosure.stand_in(exact_own), known.max(1));
                let (title, group) = (title.clone(), group.clone());
                let unusual = Unusual { title, group, own, more, elsewhere: (least, most), of_known, by: None };
                let known = found.entry(code.clone()).or_insert_with(|| unusual.clone());
                if known.more < more {
                    *known = unusual;
                }
            }
        }
    }
    found
}

/// The sentence on it, with what it does to the rate of a measure.
pub(super) fn cause(unusual: &Unusual, measure: &MeasureResult, code: &str) -> Cause {
    let Unusual { title, group, own, elsewhere, of_known, by, .. } = unusual;
    // A rate by another split has nothing to do with this group.
    let rates = match by.as_ref().filter(|by| *by != title) {
        Some(by) => format!("rates by {by}"),
        None => "rates".to_owned(),
    };
    let of = measure.organisations.iter().find(|of| of.code == code);
    let effect = of.and_then(|of| Some((of.expected?, of.counts.rate?.value))).map(|(expected, own)| {
        format!(
            "; with the others' {rates} they would have {} of \"{}\" (they have {})",
            percent(expected),
            measure.title,
            percent(own)
        )
    });
    let is_decided = measure.counts_unknown_against() && measure.total.unknown > 0;
    let which = match (is_decided, of_known) {
        (true, true) => " that are decided, and of which that is known,",
        (true, false) => " that are decided",
        (false, true) => " of which that is known",
        (false, false) => "",
    };
    let text = format!(
        "{} of its cases{which} are {group} (by {title}), elsewhere {}{}",
        percent(*own),
        between(*elsewhere),
        effect.unwrap_or_default()
    );
    Cause { kind: CauseKind::CaseMix, about: Some(measure.name.clone()), text }
}

/// Obligations of which documented reasons take out far more cases than elsewhere.
pub(super) fn excused(places: &Places<'_>, code: &str) -> Vec<Cause> {
    let Some(place) = places.of(code) else { return Vec::new() };
    let with = places.obligations.iter().enumerate().filter(|(_, (_, cells))| has_excuse(cells));
    let found = with.filter_map(|(number, (answer, _))| {
        let of = |place: &Place| excused_of(&places.disclosure, place.judged.get(number)?).share();
        let split = excused_of(&places.disclosure, place.judged.get(number)?);
        let ((own, _), n) = (split.share()?, split.whole() as f64);
        let what = |part: i64| ("excused", number, Some((part, 0)));
        let least = places.elsewhere(place, what(0), |place| of(place).map(|(least, _)| least))?;
        let usual = places.elsewhere(place, what(1), |place| of(place).map(|(_, most)| most))?;
        let cases = |place: &Place| place.judged.get(number).map_or(0, |of| excused_of(&places.disclosure, of).whole());
        let elsewhere = places.of_others(place, what(2), cases).max(1.0);
        let of_so_many = |n: f64| usual.max(0.5 / n) * (1.0 - usual) / n;
        let chance = (of_so_many(n) + of_so_many(elsewhere)).sqrt();
        let far = own - usual >= LEAST_EXCUSED && own - usual >= LEAST_Z * chance;
        let title = answer.label.clone().unwrap_or_else(|| answer.name.clone());
        far.then(|| Cause {
            kind: CauseKind::Excused,
            about: Some(answer.name.clone()),
            text: format!(
                "{title}: documented reasons excuse {} of its cases, elsewhere {}; they are in no denominator",
                percent(split.shown()),
                between((least, usual))
            ),
        })
    });
    found.collect()
}

fn excused_of(disclosure: &Disclosure, judged: &Judged) -> Split {
    let v = &judged.verdicts;
    let rest = bounds(disclosure, judged, [(2, v.met), (3, v.late), (4, v.missed), (6, v.unknown)]);
    Split { part: bounds(disclosure, judged, [(1, v.excused)]), rest, least: LEAST }
}

fn has_excuse(cells: &Obligation) -> bool {
    !cells.excuses.is_empty()
}
