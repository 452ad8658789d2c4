//! Why organisations differ: for each, what its data show, which rules it ran, its distance from the group taken apart, and the reasons in words.

mod as_run;
mod change;
mod figures;
mod parts;
mod paths;
mod patients;
mod practice;
mod rule;
mod stayed;

pub(super) use as_run::AsRunTally;
pub(super) use paths::{counts as counts_of_path, usual as usual_path};
pub(super) use patients::{Unusual, unusual};
pub(super) use rule::Rules;

use super::delays::{in_days, quantile, whole_days};
use super::disclose::Disclosure;
use super::explained::Explained;
use super::options::Options;
use super::period::show_period;
use super::places::{Place, Places};
use super::quality::Found;
use crate::results::{
    Better, Cause, CauseKind, Counts, FigureResult, MeasureResult, MemberDelay, MemberResult, OrganisationRate,
    RuleDifference, Why,
};
use crate::words::{count, percent};
use concord_engine::plan::Kinds;
use concord_engine::plan::library::CalendarUnit;
use concord_engine::variation::delays::counted_percentiles;
use std::collections::BTreeMap;

/// An own rate that differs by so much from that by the standard explains where an organisation stands.
const LEAST_BY_RULE: f64 = 0.05;
/// Delays of fewer cases are not shown.
const LEAST_DELAYS: u64 = 10;
/// An organisation with fewer cases in each denominator, and less than a third of what is usual, is small.
const SMALL: u64 = 50;
/// So far from the least and from the most that suppressed cells can sum to is what they sum to, where that tells little of each.
const LEAST_OPEN: u64 = 5;

/// What is known of an organisation before measures are compared.
pub(super) struct Known {
    pub(super) found: Vec<Found>,
    pub(super) rules: Rules,
}

/// By name of the measure and code.
pub(super) type AllUnusual = BTreeMap<String, BTreeMap<String, Unusual>>;

/// By code.
pub(super) type AllKnown = BTreeMap<String, Known>;

/// What explains where an organisation stands, so that it is not compared as practice.
pub(super) fn explained(places: &Places<'_>, known: &AllKnown) -> Explained {
    let gone = |known: &Known| -> Vec<(Kinds, String)> {
        let found = known.found.iter().filter(|found| found.not_exported != Kinds::default());
        found.map(|found| (found.not_exported, found.check.text.clone())).collect()
    };
    let not_exported = known.iter().map(|(code, known)| (code.clone(), gone(known))).collect();
    Explained { by_obligation: by_obligation(places, known), not_exported, by: places.by() }
}

/// The same by name of the obligation and code.
fn by_obligation(places: &Places<'_>, known: &AllKnown) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (number, (answer, _)) in places.obligations.iter().enumerate() {
        let of = all.entry(answer.name.clone()).or_default();
        for (code, known) in known {
            let data = known.found.iter().find(|found| found.explains.contains(&number));
            let data = data.map(|found| found.check.text.clone());
            let rule = known.rules.rates.get(number).copied().flatten();
            let rule = rule.filter(|(standard, own)| own - standard >= LEAST_BY_RULE).map(|(standard, own)| {
                let differences = &known.rules.differences;
                let changes = |of: &&RuleDifference| of.changes.iter().any(|change| change.obligation == answer.name);
                // Where what it changes is suppressed, any of them may be the one.
                let first = differences.iter().find(changes).or_else(|| differences.first());
                let text = first.map_or("", |difference| difference.text.as_str());
                let (standard, own) = (percent(standard), percent(own));
                match first.is_some_and(|difference| difference.required) {
                    true => format!("{text}: by what most have it has {own}, by its own {standard}"),
                    false => format!("{text}: by what it ran it has {own}, by the group's standard {standard}"),
                }
            });
            if let Some(cause) = data.or(rule).or_else(|| known.rules.unknown.clone()) {
                of.insert(code.clone(), cause);
            }
        }
    }
    all
}

/// All organisations, in order of code; `judged` says by its name which obligation a figure weighs the verdicts of.
pub(super) fn members(
    places: &Places<'_>,
    mut known: AllKnown,
    (measures, figures, judged): (&[MeasureResult], &[FigureResult], &BTreeMap<String, String>),
    unusual: &AllUnusual,
    options: &Options,
) -> Vec<MemberResult> {
    let period: Vec<i64> = months(places);
    let usual_path = paths::usual(places);
    let all = places.iter().map(|(code, place)| {
        let known = known.remove(code).unwrap_or(Known { found: Vec::new(), rules: Rules::default() });
        let whys: Vec<(usize, Why)> = whys(places, code, &known, measures);
        let mut causes = causes(places, code, &known, measures, (&whys, unusual));
        // Times that its data put in doubt are in figures too.
        if known.rules.unknown.is_none() && known.found.iter().all(|found| found.explains.is_empty()) {
            let compared = compared(code, measures, &whys);
            let is_mix = |figure: &FigureResult| {
                let mut same = compared.iter().filter(|(of, ..)| of.judges() == judged.get(&figure.name));
                judged.contains_key(&figure.name)
                    && same.any(|(.., why)| parts::mix(why) * why.gap > 0.0 && !practice::left(why).0)
            };
            causes.extend(figures::of_figures(figures, code, is_mix, &options.disclosure));
            causes.sort_by_key(|cause| cause.kind);
        }
        let shown = |exact: u64| options.disclosure.count(exact);
        MemberResult {
            id: options.anchor(&format!("member-{code}")),
            code: code.to_owned(),
            name: options.names.get(code).cloned(),
            cases: options.disclosure.count(place.cases).filter(|cases| *cases > 0),
            cases_withheld: false,
            causes,
            rules: known.rules.differences,
            checks: known.found.into_iter().map(|found| found.check).collect(),
            measures: whys.into_iter().map(|(_, why)| why).collect(),
            delays: delays(places, place, &options.disclosure),
            path: paths::path(places.plan(), places, place, &usual_path),
            months: period
                .iter()
                .filter(|_| hides_each(places, place))
                .map(|month| {
                    let cases = place.months.get(month).map(|of| of.cases);
                    (
                        show_period(CalendarUnit::Month, *month),
                        cases.map_or(Some(0), |cases| shown(cases).filter(|c| *c > 0)),
                    )
                })
                .collect(),
        }
    });
    all.collect()
}

/// Whether what is shown of an organisation's months leaves each that is suppressed as open as one alone: their sum is that of its cases, and where that is nearly
/// the least, or the most, that they can be, each is known.
fn hides_each(places: &Places<'_>, place: &Place) -> bool {
    let (disclosure, months) = (&places.disclosure, || place.months.values().map(|of| of.cases));
    let sum = |bound: fn(&Disclosure, u64) -> u64| months().map(|cases| bound(disclosure, cases)).sum::<u64>();
    let (least, most) = (sum(Disclosure::least), sum(Disclosure::most));
    let above = disclosure.most(place.cases).saturating_sub(least);
    let below = most.saturating_sub(disclosure.least(place.cases));
    !months().any(|cases| disclosure.hides(cases)) || above.min(below) >= LEAST_OPEN
}

/// The months in which cases begin.
fn months(places: &Places<'_>) -> Vec<i64> {
    let mut all: Vec<i64> = places.iter().flat_map(|(_, place)| place.months.keys().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn whys(places: &Places<'_>, code: &str, known: &Known, measures: &[MeasureResult]) -> Vec<(usize, Why)> {
    let of = |(place, measure): (usize, &MeasureResult)| {
        let rate = measure.organisations.iter().find(|rate| rate.code == code)?;
        let rules = (&known.rules, number(places, measure));
        Some((place, parts::why(measure, rate, rules, &places.disclosure)?))
    };
    let mut all: Vec<(usize, Why)> = measures.iter().enumerate().filter_map(of).collect();
    let compared = compared(code, measures, &all);
    let others: Vec<Option<Other>> = compared.iter().map(|of| mix_elsewhere(*of, &compared)).collect();
    for ((_, why), other) in all.iter_mut().zip(others) {
        // What is left of it once who the cases are is taken off as that other measure has it.
        let other = other.filter(|other| !practice::left_but(why, other.more).0);
        other.into_iter().for_each(|other| parts::by_another_split(why, &other.title));
        if known.found.iter().any(|found| found.check.kind == CauseKind::OnlyDone) {
            parts::by_what_is_sent(why);
        }
    }
    all
}

/// Another measure of the same obligation that is split so that more of a distance is who the cases are.
pub(super) struct Other {
    title: String,
    /// So much more than by the measure's own splits.
    more: f64,
    /// It tells of that itself.
    is_told: bool,
}

/// The one that has most; none where no other has more.
fn mix_elsewhere((measure, _, why): Compared<'_>, all: &[Compared<'_>]) -> Option<Other> {
    let judged = measure.judges()?;
    let others = all.iter().filter(|(other, ..)| other.judges() == Some(judged) && other.name != measure.name);
    let found = others.filter_map(|(other, rate, of)| {
        let mix = parts::mix(of);
        let more = mix - parts::mix(why);
        let is_more = mix * why.gap > 0.0 && more * why.gap > 0.0;
        is_more.then(|| Other { title: of.title.clone(), more, is_told: rate.is_worse(other.better) })
    });
    found.max_by(|one, other| one.more.abs().total_cmp(&other.more.abs()))
}

/// A measure with an organisation's rate in it, and how far that lies from the others'.
type Compared<'m> = (&'m MeasureResult, &'m OrganisationRate, &'m Why);

fn compared<'m>(code: &str, measures: &'m [MeasureResult], whys: &'m [(usize, Why)]) -> Vec<Compared<'m>> {
    let compared = whys.iter().filter_map(|(place, why)| {
        let measure = measures.get(*place)?;
        Some((measure, measure.organisations.iter().find(|of| of.code == code)?, why))
    });
    compared.collect()
}

/// The place of the obligation that a measure counts.
fn number(places: &Places<'_>, measure: &MeasureResult) -> Option<usize> {
    let name = measure.judges()?;
    places.obligations.iter().position(|(answer, _)| answer.name == *name)
}

fn causes(
    places: &Places<'_>,
    code: &str,
    known: &Known,
    measures: &[MeasureResult],
    (whys, unusual): (&[(usize, Why)], &AllUnusual),
) -> Vec<Cause> {
    let mut all: Vec<Cause> = known.rules.differences.iter().map(of_rule).collect();
    all.extend(known.found.iter().map(|found| Cause {
        kind: found.check.kind,
        about: None,
        text: found.check.text.clone(),
    }));
    all.extend(patients::excused(places, code));
    let mix = measures.iter().find_map(|measure| {
        let unusual = unusual.get(&measure.name)?.get(code)?;
        Some(patients::cause(unusual, measure, code))
    });
    all.extend(mix);
    all.extend(of_practice(places, code, known, measures, whys));
    all.extend(small(places, code, measures));
    all.sort_by_key(|cause| cause.kind);
    all
}

/// What is left as practice, obligation by obligation; then whoever lies beyond the limits of a measure for the worse and has no reason yet; slow ways only
/// where nothing else was found.
fn of_practice(
    places: &Places<'_>,
    code: &str,
    known: &Known,
    measures: &[MeasureResult],
    whys: &[(usize, Why)],
) -> Vec<Cause> {
    let (mut all, mut told) = (Vec::new(), Vec::new());
    let compared = compared(code, measures, whys);
    let explained = compared.iter().filter(|(measure, of, _)| of.cause.is_some() || measure.better != Better::Higher);
    let explained = explained.filter_map(|(measure, ..)| number(places, measure));
    let explained: Vec<usize> = explained.chain(known.found.iter().flat_map(|found| found.explains.clone())).collect();
    let rest =
        (0..places.obligations.len()).filter(|number| !explained.contains(number) && known.rules.unknown.is_none());
    let rest: Vec<usize> = rest.collect();
    for number in &rest {
        let Some((answer, _)) = places.obligations.get(*number) else { continue };
        let found = compared.iter().find(|(measure, ..)| measure.judges() == Some(&answer.name));
        let title = answer.label.as_ref().unwrap_or(&answer.name);
        let (title, about) = found.map_or((title, &answer.name), |(measure, ..)| (&measure.title, &measure.name));
        // Whatever measure of it is split so that its cases show who they are.
        let same = compared.iter().filter(|(measure, ..)| measure.judges() == Some(&answer.name));
        let mix = same
            .map(|(.., why)| parts::mix(why))
            .fold(0.0, |one: f64, other| if other.abs() > one.abs() { other } else { one });
        let flagged = found.is_some_and(|(measure, of, why)| of.is_worse(measure.better) && practice::left(why).0);
        let of_measure = practice::Known { title, about, mix, flagged };
        let alone = found.and_then(|(_, of, _)| of.alone.as_ref().filter(|_| of.expected.is_none()));
        let cause = practice::of_obligation(places, code, *number, &of_measure);
        let cause = cause.map(|cause| practice::but_alone(cause, alone));
        told.extend(cause.is_some().then_some(&answer.name));
        all.extend(cause);
    }
    for (measure, of, why) in compared.iter().copied() {
        let is_told = measure.judges().is_some_and(|name| told.contains(&name));
        // What explains where it stands is told already as what its data show, or which rules it ran.
        let is_known = !known.found.is_empty() || !known.rules.differences.is_empty();
        if !is_told && known.rules.unknown.is_none() && !(of.cause.is_some() && is_known) {
            all.extend(practice::of_flag((measure, of, why), mix_elsewhere((measure, of, why), &compared)));
        }
    }
    if all.is_empty() && known.found.is_empty() && known.rules.differences.is_empty() {
        all.extend(rest.iter().filter_map(|number| practice::slow(places, code, *number)));
    }
    all
}

fn of_rule(difference: &RuleDifference) -> Cause {
    Cause { kind: difference.kind, about: None, text: difference.words() }
}

/// Too few cases to tell much.
fn small(places: &Places<'_>, code: &str, measures: &[MeasureResult]) -> Option<Cause> {
    // Of one that lies beyond exact limits that is enough to tell.
    if measures.iter().flat_map(|measure| &measure.organisations).any(|of| of.code == code && of.is_beyond()) {
        return None;
    }
    let place = places.of(code)?;
    let usual = places.elsewhere(place, ("cases", 0, None), |place| Some(place.cases as f64))?;
    let counts = measures.iter().filter_map(|measure| {
        let of = measure.organisations.iter().find(|of| of.code == code)?;
        Some((measure, of.counts))
    });
    let (measure, largest): (&MeasureResult, Counts) = counts.max_by_key(|(_, counts)| counts.denominator)?;
    if largest.denominator >= SMALL || place.cases as f64 * 3.0 > usual {
        return None;
    }
    let interval = largest.rate.map(|rate| {
        format!(
            ": its rate of \"{}\" may be {} to {} by chance alone",
            measure.title,
            percent(rate.low),
            percent(rate.high)
        )
    });
    let text = format!(
        "it has {}, elsewhere {}{}",
        places.disclosure.counted(place.cases, "case", "cases"),
        count(usual as u64),
        interval.unwrap_or_default()
    );
    Some(Cause { kind: CauseKind::Small, about: None, text })
}

fn delays(places: &Places<'_>, place: &Place, disclosure: &Disclosure) -> Vec<MemberDelay> {
    let found =
        places.obligations.iter().zip(&place.judged).enumerate().filter_map(|(number, ((answer, cells), judged))| {
            let times: Vec<(i64, u64)> = judged.took().collect();
            let n: u64 = times.iter().map(|(_, often)| often).sum();
            if n < LEAST_DELAYS || judged.is_order() {
                return None;
            }
            let percentiles = counted_percentiles(&times, &[500, 900], 0.95).ok()?;
            let [median, p90] = percentiles.as_slice() else { return None };
            let days = in_days(cells.due_by);
            let of_days = |time: i64| days.map_or(time, |_| whole_days(time));
            let usual = places.usual(("median", number, None), |other| {
                other.judged.get(number)?.settled.median.map(|(median, _)| median)
            });
            Some(MemberDelay {
                obligation: answer.name.clone(),
                title: answer.label.clone().unwrap_or_else(|| answer.name.clone()),
                // Too few to be shown have no times left.
                n: disclosure.count(n)?,
                days,
                median: quantile(median, days),
                p90: quantile(p90, days),
                usual: Some(usual? as i64).filter(|_| !places.leave_open(number)).map(of_days),
            })
        });
    found.collect()
}
