//! How far a rate lies from that of the others, taken apart: rule, data, excused, case mix, and what is left as practice.
//!
//! With `r` the organisation's rate and `c` that of the others, the gap `r - c` is the sum of
//!
//! * **rule**: how much of the gap closes when its cases are judged by what it ran, never more than the gap;
//! * **data**: where unknown cases count against, what that takes from it beyond what it takes from the others:
//!   `(r - r of the decided) - (c - c of the decided)`;
//! * **excused**: what its rate gains or loses by the documented reasons that it has beyond their share, were these cases to fare as those of the
//!   others do;
//! * **case mix**: what it would have if each of its groups fared as that group does at the others, less the rate of the others (indirect
//!   standardisation);
//! * **practice**: what is left, so that the parts add up. Its interval is that of the rate, moved by the other parts.
//!
//! Nobody is held against a group that he is a part of: of one that has most of all cases the rate of all is mostly its own. The others are the same ones in all
//! parts, and in what an organisation is expected to have: those that data or rules do not explain away.
//!
//! Where unknown cases count against, what is unknown is taken off as data, once: the parts after it are those of the cases that are decided, and so is
//! the interval.
//!
//! The first four are given to a tenth of a point, so that the figures add up as they are read too.

use crate::audit::disclose::Disclosure;
use crate::audit::why::rule::Rules;
use crate::results::{Better, Counts, MeasureResult, OrganisationRate, Part, PartKind, Why};
use crate::words::{decimal, percent, percent_beside, places_beside};
use concord_engine::variation::proportion::Proportion;
use concord_engine::variation::standardise::poisson_interval;

/// An organisation's rate in one measure; none where it has none.
pub(super) fn why(
    measure: &MeasureResult,
    of: &OrganisationRate,
    (rules, number): (&Rules, Option<usize>),
    disclosure: &Disclosure,
) -> Option<Why> {
    let rate = of.counts.rate?;
    let all = measure.total.rate?.value;
    // What its groups would have is of cases that are decided.
    let alike = measure.others_decided(of).unwrap_or(all); // there are no others
    let group = others(measure, of).unwrap_or(all); // then neither
    let gap = rate.value - group;
    let own = number.and_then(|number| rules.rates.get(number).copied().flatten());
    let rule = tenths(own.map_or(0.0, |(standard, own)| closed(gap, own - standard)));
    let (data, bounds) = data(measure, of);
    let data = tenths(data);
    let usual = if measure.counts_unknown_against() { alike } else { group };
    let excused = tenths(excused(measure, of, usual));
    let case_mix = tenths(of.expected.map_or(0.0, |expected| expected - alike));
    let practice = gap - (rule + data + excused + case_mix);
    let (low, own, high) = decided(measure, of, disclosure).unwrap_or((rate.low, rate.value, rate.high));
    let interval = (practice + (low - own), practice + (high - own));
    let part = |kind, size, interval| Part { kind, size, interval };
    let parts = vec![
        part(PartKind::Rule, rule, None),
        part(PartKind::Data, data, None),
        part(PartKind::Excused, excused, None),
        part(PartKind::CaseMix, case_mix, None),
        part(PartKind::Practice, practice, Some(interval)),
    ];
    let compared = of.cause.is_none() && !of.few && of.z.is_some();
    let sentence = sentence(of, group, &parts, compared, measure.better);
    Some(Why {
        measure: measure.name.clone(),
        title: measure.title.clone(),
        anchor: measure.id.clone(),
        better: measure.better,
        rate: (rate.value, rate.low, rate.high),
        group,
        gap,
        parts,
        bounds,
        ratio: ratio(measure, of),
        expected: of.expected,
        compared,
        sentence,
    })
}

/// The rate of the others that it is held against: of those that nothing explains away, where there is a funnel.
fn others(measure: &MeasureResult, of: &OrganisationRate) -> Option<f64> {
    if let Some(gap) = of.gap {
        return Some(of.counts.rate?.value - gap);
    }
    let others = measure.organisations.iter().filter(|other| other.code != of.code && other.counts.rate.is_some());
    let [met, all] =
        others.fold([0, 0], |[met, all], other| [met + other.counts.numerator, all + other.counts.denominator]);
    (all > 0).then(|| (met as f64 / all as f64).min(1.0))
}

/// To a tenth of a point, so that what is read adds up as well.
fn tenths(share: f64) -> f64 {
    let tenths = (share * 1_000.0).round();
    // No sign before nothing.
    if tenths == 0.0 { 0.0 } else { tenths / 1_000.0 }
}

/// As much of a gap as another rule closes.
fn closed(gap: f64, more: f64) -> f64 {
    if gap < 0.0 && more > 0.0 {
        gap.max(-more)
    } else if gap > 0.0 && more < 0.0 {
        gap.min(-more)
    } else {
        0.0
    }
}

/// The rate of the cases that are decided, with its interval, whatever was rounded; none where that is the rate, and where none is decided.
fn decided(measure: &MeasureResult, of: &OrganisationRate, disclosure: &Disclosure) -> Option<(f64, f64, f64)> {
    let [met, decided] = surely_decided(measure, &of.counts);
    let whole = of.counts.denominator;
    if decided == whole || decided == 0 {
        return None;
    }
    // One that is suppressed is any of 1 to 7.
    let unknown = whole - decided;
    let least = disclosure.least(whole).saturating_sub(disclosure.most(unknown));
    let most = disclosure.most(whole).saturating_sub(disclosure.least(unknown));
    // Judgements of one case tell less than so many; others have no such effect.
    let effect = measure.judgements.as_ref().and_then(|judgements| judgements.design_effect).unwrap_or(1.0);
    let interval = |numerator: u64, denominator: u64| {
        Proportion { numerator: numerator.min(denominator), denominator }.wilson_of_effective(0.95, effect)
    };
    let low = interval(disclosure.least(met), most)?.lower;
    // Of none everything is possible.
    let high = interval(disclosure.most(met), least).map_or(1.0, |interval| interval.upper);
    Some((low, met as f64 / decided as f64, high))
}

/// Met, and of how many decided: of 1 to 7 unknown ones that are suppressed only one is sure.
fn surely_decided(measure: &MeasureResult, counts: &Counts) -> [u64; 2] {
    let is_suppressed = counts.hidden & 1 << 4 != 0 && measure.counts_unknown_against();
    let [met, of] = measure.decided(counts);
    if is_suppressed {
        let of = counts.denominator.saturating_sub(1);
        [counts.numerator.min(of), of]
    } else {
        [met, of]
    }
}

/// What unknown cases take from the rate beyond what is usual; and the rate were all of them not met, or met.
fn data(measure: &MeasureResult, of: &OrganisationRate) -> (f64, (f64, f64)) {
    let own = &of.counts;
    let against = measure.counts_unknown_against();
    let rate = |met: u64, cases: u64| if cases == 0 { 0.0 } else { (met as f64 / cases as f64).min(1.0) };
    let whole = if against { own.denominator } else { own.denominator + own.unknown };
    let bounds = (rate(own.numerator, whole), rate(own.numerator + own.unknown, whole));
    // The rate of the others is that of organisations that nothing explains away, and so is what unknown cases take from it.
    let apart = |other: &OrganisationRate| measure.funnel.as_ref().is_some_and(|of| of.apart.contains(&other.code));
    let rated = measure.organisations.iter().filter(|other| other.counts.rate.is_some());
    let others = rated.filter(|other| other.code != of.code && !apart(other));
    let group = others.map(|other| (&other.counts, measure.decided(&other.counts)));
    let [met, cases, decided] = group.fold([0, 0, 0], |[met, cases, decided], (counts, [_, of])| {
        [met + counts.numerator, cases + counts.denominator, decided + of]
    });
    let [_, own_decided] = surely_decided(measure, own);
    if !against || own_decided == 0 || decided == 0 {
        return (0.0, bounds);
    }
    let taken = |met: u64, cases: u64, decided: u64| rate(met, cases) - rate(met, decided);
    (taken(own.numerator, own.denominator, own_decided) - taken(met, cases, decided), bounds)
}

/// What documented reasons beyond the share of the others do to the rate of those decided.
fn excused(measure: &MeasureResult, of: &OrganisationRate, group: f64) -> f64 {
    let own = &of.counts;
    let [met, decided] = measure.decided(own);
    let [excluded, others] = measure.others_excluded(of);
    if others == 0 || decided == 0 {
        return 0.0;
    }
    let usual = excluded as f64 / others as f64 * own.denominator as f64;
    // As many of those beyond the usual as there are decided of the others.
    let more = (own.excluded as f64 - usual).max(0.0) * decided as f64 / own.denominator as f64;
    let (met, cases) = (met as f64, decided as f64);
    met / cases - (met + more * group) / (cases + more)
}

/// Observed over expected, of those decided, with the exact interval of a Poisson count.
fn ratio(measure: &MeasureResult, of: &OrganisationRate) -> Option<(f64, Option<(f64, f64)>)> {
    let [met, decided] = measure.decided(&of.counts);
    let expected = of.expected? * decided as f64;
    if expected <= 0.0 {
        return None;
    }
    let interval = poisson_interval(met, 0.95);
    let interval = interval.map(|interval| (interval.lower / expected, interval.upper / expected));
    Some((met as f64 / expected, interval))
}

fn sentence(of: &OrganisationRate, group: f64, parts: &[Part], compared: bool, better: Better) -> String {
    let rate = of.counts.rate.map_or(0.0, |rate| rate.value);
    let points = |share: f64| decimal(share.abs() * 100.0, places_beside(rate, group));
    let side = if rate < group { "below" } else { "above" };
    let far = (rate - group).abs() >= 0.0005;
    let at = if far {
        format!("{} points {side} the {} of the others", points(rate - group), percent_beside(group, rate))
    } else {
        format!("as the {} of the others", percent(group))
    };
    let said = parts.iter().filter(|part| part.kind != PartKind::Practice && part.size.abs() >= 0.0005);
    let said = said.map(|part| format!("{} {}", signed(part.size), part.kind.words().to_lowercase()));
    let mut said: Vec<String> = said.collect();
    let left = parts.iter().find(|part| part.kind == PartKind::Practice);
    if let Some(Part { size, interval: Some((low, high)), .. }) = left {
        said.push(format!("{} is left ({} to {})", signed(*size), signed(*low), signed(*high)));
    }
    let verdict = match left.and_then(|part| part.interval) {
        _ if !compared && of.few => "; too few cases to compare",
        _ if !compared && of.z.is_none() && of.cause.is_none() => {
            "; not compared, as there are too few to set one apart"
        }
        _ if !compared => "; not compared as practice until that is settled",
        Some((low, high)) if low <= 0.0 && 0.0 <= high => "; what is left may be chance",
        // One in twenty lies so far apart by chance, and more by the usual spread.
        Some(_) if !of.is_beyond() => {
            "; with the usual spread between organisations allowed for, what is left may be chance"
        }
        Some(_) if of.alone.is_some() && of.expected.is_none() => {
            "; how much of that is who its cases are cannot be told"
        }
        Some((_, high)) if better != Better::Neither && (high < 0.0) == (better == Better::Higher) => WORSE,
        Some(_) if better != Better::Neither => BETTER,
        _ => "",
    };
    let own = if far { percent_beside(rate, group) } else { percent(rate) };
    let alone = of.alone.as_ref().map(|alone| format!("; {alone}")).unwrap_or_default();
    format!("{own} is {at}: {}{alone}{verdict}.", said.join(", "))
}

/// What case mix adds.
pub(super) fn mix(why: &Why) -> f64 {
    why.parts.iter().find(|part| part.kind == PartKind::CaseMix).map_or(0.0, |part| part.size)
}

/// Does not call practice what another measure of the same cases tells to be who they are.
pub(super) fn by_another_split(why: &mut Why, title: &str) {
    for verdict in [WORSE, BETTER] {
        let instead = format!("; what is left is who the cases are, as \"{title}\" splits them");
        why.sentence = why.sentence.replace(verdict, &instead);
    }
}

/// Does not call practice what may come of what is sent.
pub(super) fn by_what_is_sent(why: &mut Why) {
    why.sentence = why.sentence.replace(BETTER, "; it may be better as only what was done is sent");
}

/// What is left, beyond chance and the usual spread.
const WORSE: &str = "; practice is worse than at the others";
const BETTER: &str = "; practice is better than at the others";

fn signed(share: f64) -> String {
    crate::words::signed(share * 100.0, 1)
}
