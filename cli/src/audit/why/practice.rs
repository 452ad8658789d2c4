//! What is left is practice: later than elsewhere, not done, in another order, or changed from some month on.

use super::change::{Change, LEAST_STEP, change};
use super::parts::mix;
use super::stayed::{Stayed, stayed};
use super::{Compared, Other};
use crate::audit::delays::{in_days, whole_days};
use crate::audit::disclose::{Disclosure, MOST_SUPPRESSED, between};
use crate::audit::forbidden::forbids;
use crate::audit::period::show_period;
use crate::audit::places::{Judged, Place, Places};
use crate::results::{Cause, CauseKind, PartKind, Why};
use crate::words::{decimal, percent, period};
use concord_engine::plan::DueBy;
use concord_engine::plan::library::CalendarUnit;
use concord_engine::values::types::duration;
use concord_engine::variation::delays::counted_percentiles;
use concord_engine::variation::funnel::LEAST_CASES;
use concord_engine::variation::normal_deviate;

/// Of rounded counts the middle one is tried in so many steps, from this number on among what is known of an obligation.
const STEPS: u8 = 8;
const FIRST_STEP: i64 = 6;
/// A difference of fewer points is not worth a visit.
const LEAST_GAP: f64 = 0.05;
/// Beyond the 99.8 % limit.
const LEAST_Z: f64 = 3.090_232;
/// One report in so many has such a thing by chance.
const ONE_REPORT: f64 = 0.05;
/// Of fewer decided cases the normal limits do not hold, by which a part of a rate is held against the others where the rate itself lies within its own.
const LEAST_DECIDED: u64 = 30;
/// Of a rate that lies beyond its exact limits, from so few cases on, the parts need none of their own.
const LEAST_FLAGGED: u64 = LEAST_CASES as u64;
/// A part of a distance of less than a tenth of a point is none.
const LEAST_TOLD: f64 = 0.0005;
/// Medians so much longer than usual, and by so much, are told even where deadlines are kept,
const LEAST_LONGER: f64 = 1.2;
const LEAST_LATER: f64 = 5.0 * 60_000.0;
/// where they lie beyond what chance and the usual spread allow once in 4,000 times.
const LEAST_SLOW: f64 = 3.5;

/// What is known of an obligation by its measure.
pub(super) struct Known<'a> {
    /// They name it, or its measure.
    pub(super) title: &'a str,
    pub(super) about: &'a str,
    /// What case mix adds to its rate.
    pub(super) mix: f64,
    /// The rate lies beyond the 99.8 % limits for the worse, and what is left of that as practice is more than chance.
    pub(super) flagged: bool,
}

/// The reason in an obligation, if there is one.
pub(super) fn of_obligation(
    places: &Places<'_>,
    code: &str,
    number: usize,
    Known { title, about, mix, flagged }: &Known<'_>,
) -> Option<Cause> {
    let cause = |kind, text| Some(Cause { kind, about: Some((*about).to_owned()), text });
    if let Some(found) = change(places, code, number) {
        let kind = if found.is_for_the_better() { CauseKind::Improved } else { CauseKind::Change };
        return cause(kind, changed(title, &found, &places.disclosure));
    }
    if let Some(Stayed { month, own, elsewhere }) = stayed(places, code, number) {
        let month = period(&show_period(CalendarUnit::Month, month));
        let [own, elsewhere] = [own, elsewhere].map(|both| both.map(percent).join(" and "));
        let text = format!(
            "{title}: {own} before {month} and from then on, elsewhere {elsewhere}: it did not change when the others did"
        );
        return cause(CauseKind::Change, text);
    }
    let place = places.of(code)?;
    let judged = place.judged.get(number)?;
    let more = |name, of| apart(places, place, (name, number), of, (mix.min(0.0).abs(), *flagged));
    if judged.is_order() {
        let Apart { own, usual, .. } = more(["not met", "not met of few"], not_met)?;
        let text = format!("{title}: in another order in {} of its cases, elsewhere {usual}", percent(own));
        return cause(CauseKind::Order, text);
    }
    match (more(["missed", "missed of few"], missed), more(["late", "late of few"], late)) {
        (Some(own), later) if later.as_ref().is_none_or(|later| later.more <= own.more) => {
            let forbidden = places.obligations.get(number).is_some_and(|(_, cells)| forbids(places.plan(), cells));
            let (kind, what) =
                if forbidden { (CauseKind::Practice, "it happened") } else { (CauseKind::Omission, "not done at all") };
            cause(kind, format!("{title}: {what} in {} of its cases, elsewhere {}", percent(own.own), own.usual))
        }
        (_, Some(Apart { own, usual, .. })) => {
            let took = medians(places, place, number)
                .filter(|(own, usual)| own > usual)
                .map(|(own, usual)| format!("; where it is done, {}", longer(places, number, (own, usual))));
            let text = format!(
                "{title}: late in {} of its cases, elsewhere {usual}{}",
                percent(own),
                took.unwrap_or_default()
            );
            cause(CauseKind::Delay, text)
        }
        _ => None,
    }
}

/// What changed, and whether it still holds.
fn changed(title: &str, found: &Change, disclosure: &Disclosure) -> String {
    let month = |first: i64| period(&show_period(CalendarUnit::Month, first));
    let span = |first: i64, last: Option<i64>| match last {
        Some(last) => format!("from {} to {}", month(first), month(last)),
        None => format!("from {} on", month(first)),
    };
    if !disclosure.shows_cases() {
        // How many there were before and since no table tells.
        let whence = match (found.until, found.again) {
            (Some(until), Some((first, last, _))) => {
                let again = span(first, last);
                format!("from {} to {}, and again {again}, than otherwise", month(found.month), month(until))
            }
            (Some(until), None) => format!("from {} to {} than before and after", month(found.month), month(until)),
            (None, _) => format!("from {} on than before", month(found.month)),
        };
        return format!(
            "{title}: {} {whence}, by {} points or more beyond what others changed by",
            if found.after < found.before { "lower" } else { "higher" },
            decimal(LEAST_STEP * 100.0, 0)
        );
    }
    let (before, after) = (percent(found.before), percent(found.after));
    let (was, is) = (percent(found.elsewhere.0), percent(found.elsewhere.1));
    if let Some(until) = found.until {
        let (first, last) = (month(found.month), month(until));
        let rest = match found.again {
            Some((first, last, rate)) => format!("again {} {}, {before} otherwise", percent(rate), span(first, last)),
            None => format!("{before} before and after"),
        };
        return format!("{title}: {after} from {first} to {last}, {rest}; elsewhere {is} and {was}");
    }
    let latest = found.latest.map(|latest| format!(" (in the last three months {})", percent(latest)));
    format!(
        "{title}: {before} before {}, {after} from then on{}; elsewhere {was} and {is}",
        month(found.month),
        latest.unwrap_or_default()
    )
}

/// A part and the rest of a whole, each at least and at most, as far as they may be told.
#[derive(Clone, Copy)]
pub(super) struct Split {
    pub(super) part: (u64, u64),
    pub(super) rest: (u64, u64),
    /// Of fewer there is no share.
    pub(super) least: u64,
}

impl Split {
    /// The least and the most that the share may be; none of too few.
    pub(super) fn share(self) -> Option<(f64, f64)> {
        let of = |part: u64, rest: u64| part as f64 / (part + rest).max(1) as f64;
        (self.whole() >= self.least).then(|| (of(self.part.0, self.rest.1), of(self.part.1, self.rest.0)))
    }

    /// The share of the counts as they are shown, which lie in the middle.
    pub(super) fn shown(self) -> f64 {
        let middle = |(least, most): (u64, u64)| u64::midpoint(least, most) as f64;
        middle(self.part) / (middle(self.part) + middle(self.rest)).max(1.0)
    }

    pub(super) fn whole(self) -> u64 {
        self.part.0 + self.rest.0
    }

    /// All, at the most.
    fn most(self) -> u64 {
        self.part.1 + self.rest.1
    }
}

/// Counts of an obligation, each at least and at most.
pub(super) fn bounds<const N: usize>(disclosure: &Disclosure, judged: &Judged, counts: [(u8, u64); N]) -> (u64, u64) {
    let hidden = |place: u8| judged.verdicts.hidden & 1 << place != 0;
    counts.into_iter().fold((0, 0), |(least, most), (place, count)| {
        let own = if hidden(place) { (1, MOST_SUPPRESSED) } else { (disclosure.least(count), disclosure.most(count)) };
        (least + own.0, most + own.1)
    })
}

/// Not done, of the cases decided; without those that a documented reason excuses from something else.
fn missed(disclosure: &Disclosure, judged: &Judged) -> Split {
    let v = &judged.verdicts;
    let (least, most) = bounds(disclosure, judged, [(4, v.missed)]);
    let excused = (disclosure.least(judged.missed_excused), disclosure.most(judged.missed_excused));
    let part = (least.saturating_sub(excused.1), most.saturating_sub(excused.0));
    Split { part, rest: bounds(disclosure, judged, [(2, v.met), (3, v.late)]), least: LEAST_DECIDED }
}

fn late(disclosure: &Disclosure, judged: &Judged) -> Split {
    let v = &judged.verdicts;
    let rest = bounds(disclosure, judged, [(2, v.met), (4, v.missed)]);
    Split { part: bounds(disclosure, judged, [(3, v.late)]), rest, least: LEAST_DECIDED }
}

fn not_met(disclosure: &Disclosure, judged: &Judged) -> Split {
    let v = &judged.verdicts;
    let part = bounds(disclosure, judged, [(3, v.late), (4, v.missed)]);
    Split { part, rest: bounds(disclosure, judged, [(2, v.met)]), least: LEAST_DECIDED }
}

/// A share that lies apart.
struct Apart {
    own: f64,
    /// How much above the usual one.
    more: f64,
    /// That in words.
    usual: String,
}

/// Beyond the 99.8 % limit, and where many are asked of so much that of all of them one is found by chance in one report of twenty: late, and missed, of each
/// organisation and obligation (Bonferroni 1936).
fn least_z(places: &Places<'_>) -> f64 {
    let asked = 2 * places.count() * places.obligations.len();
    // Of none nothing is asked.
    normal_deviate(1.0 - 2.0 * ONE_REPORT / asked.max(1) as f64).map_or(LEAST_Z, |z| z.max(LEAST_Z))
}

/// A share and the usual one in words, where it lies above that by some points beyond what case mix adds, and beyond the 99.8 % limit. That allows for
/// the usual spread: the variance of the middle half of organisations, less that of chance. Of what is suppressed its own least is taken, and the
/// others' most. Where the whole rate is `flagged`, its limits were the exact ones, and no others are asked.
fn apart(
    places: &Places<'_>,
    place: &Place,
    ([name, name_of_few], number): ([&'static str; 2], usize),
    of: fn(&Disclosure, &Judged) -> Split,
    (mix, flagged): (f64, bool),
) -> Option<Apart> {
    let (name, least) = if flagged { (name_of_few, LEAST_FLAGGED) } else { (name, LEAST_DECIDED) };
    let of = |judged: &Judged| Split { least, ..of(&places.disclosure, judged) };
    let judged = place.judged.get(number)?;
    let (own, _) = of(judged).share()?;
    let what = |part: i64| (name, number, Some((part, 0)));
    let at = |place: &Place| of(place.judged.get(number)?).share();
    let usual = places.elsewhere(place, what(0), |place| at(place).map(|(_, most)| most))?;
    let least = places.elsewhere(place, what(3), |place| at(place).map(|(least, _)| least))?;
    let (more, shown) = (own - usual - mix, of(judged).shown());
    let found = || Apart { own: shown, more: own - usual, usual: between((least, usual)) };
    if flagged {
        return (more >= LEAST_GAP).then(found);
    }
    // As far apart as they may be, about each middle one that may be, by more than as little of chance as may be.
    let most = places.usual(what(4), |place| at(place).map(|(_, most)| most))?;
    let fewest = places.usual(what(5), |place| at(place).map(|(least, _)| least))?;
    let steps: u8 = if fewest < most { STEPS } else { 1 };
    let about = |step: u8| fewest + (most - fewest) * f64::from(step) / f64::from(steps);
    let half = |step: u8| {
        let off = |(low, high): (f64, f64)| (high - about(step)).max(about(step + 1) - low);
        places.usual(what(FIRST_STEP + i64::from(step)), |place| at(place).map(off))
    };
    let middle_half = 1.4826 * (0..steps).filter_map(half).reduce(f64::max)?;
    let chance = |share: f64, n: u64| share.max(0.5 / n as f64) * (1.0 - share) / n as f64;
    let typical = places.usual(what(2), |place| {
        let of = of(place.judged.get(number)?);
        let least_chance = || chance(fewest, of.most()).min(chance(most, of.most()));
        (of.whole() >= LEAST_DECIDED).then(least_chance)
    })?;
    let spread = (middle_half * middle_half - typical).max(0.0);
    let limit = least_z(places) * (chance(usual, of(judged).whole()) + spread).sqrt();
    (more >= LEAST_GAP && more >= limit).then(found)
}

/// The reason of one that lies beyond the 99.8 % limits of a measure for the worse, by the parts of its distance: practice where what is left of it is
/// more than chance, or else the largest of what takes part in it. What another measure of the same cases tells to be who they are is no practice.
pub(super) fn of_flag((measure, of, why): Compared<'_>, other_split: Option<Other>) -> Option<Cause> {
    if !of.is_worse(measure.better) {
        return None;
    }
    let cause = |kind, text| Some(Cause { kind, about: Some(measure.name.clone()), text });
    if let Some(found) = &of.cause {
        let kind = match found {
            _ if found.contains("cannot be decided") => CauseKind::Facts,
            _ if found.contains("still open") => CauseKind::Open,
            _ => CauseKind::Clock,
        };
        return cause(kind, format!("{}: {found}", measure.title));
    }
    let rates = format!("{}: {}, the others {}", measure.title, percent(why.rate.0), percent(why.group));
    let (is_left, is_chance) = left(why);
    let points = |share: f64| decimal(share.abs() * 100.0, 1);
    if let Some(by) = other_split.filter(|by| is_left && !left_but(why, by.more).0) {
        let size = mix(why) + by.more;
        let text = format!(
            "{rates}; of these {} points {} are who its cases are, as \"{}\" splits them",
            points(why.gap),
            points(size),
            by.title
        );
        return cause(CauseKind::CaseMix, text).filter(|_| !by.is_told);
    }
    let others = why.parts.iter().filter(|part| part.size * why.gap > 0.0 && part.size.abs() >= LEAST_TOLD);
    let others = others.filter_map(|part| Some((other(part.kind)?, part.size)));
    match others.max_by(|(_, one), (_, other)| one.abs().total_cmp(&other.abs())) {
        Some(((kind, what), size)) if !is_left => {
            let text = format!("{rates}; of these {} points {} are {what}", points(why.gap), points(size));
            cause(kind, if is_chance { format!("{text}, and what is left may be chance") } else { text })
        }
        _ => {
            let alone = of.alone.as_ref().filter(|_| of.expected.is_none());
            cause(CauseKind::Practice, rates).map(|cause| but_alone(cause, alone))
        }
    }
}

/// The reason, and that nobody else has such cases, so that who they are may be a part of it; not of what changed, as they were the same before.
pub(super) fn but_alone(cause: Cause, alone: Option<&String>) -> Cause {
    match alone.filter(|_| cause.kind != CauseKind::Change) {
        Some(alone) => {
            Cause { text: format!("{}; {alone}, and of these case mix cannot be told", cause.text), ..cause }
        }
        None => cause,
    }
}

/// Whether what is left of a distance is some points of practice, and whether it may be chance.
pub(super) fn left(why: &Why) -> (bool, bool) {
    left_but(why, 0.0)
}

/// The same, were so much more of the distance something else.
pub(super) fn left_but(why: &Why, more: f64) -> (bool, bool) {
    let left = why.parts.iter().find(|part| part.kind == PartKind::Practice);
    let interval = left.and_then(|left| left.interval);
    let is_chance = interval.is_none_or(|(low, high)| low <= more && more <= high);
    let size = left.map_or(0.0, |left| left.size - more);
    let is_far = size * why.gap > 0.0 && size.abs() >= LEAST_GAP;
    (is_far && !is_chance, is_chance)
}

/// The kind of reason that a part of a distance is, and what it is; none of what is told as a reason of its own.
fn other(part: PartKind) -> Option<(CauseKind, &'static str)> {
    match part {
        PartKind::Data => Some((CauseKind::Facts, "what is unknown of its cases")),
        PartKind::Excused => Some((CauseKind::Excused, "documented reasons beyond the usual")),
        PartKind::CaseMix => Some((CauseKind::CaseMix, "who its cases are")),
        PartKind::Rule | PartKind::Practice => None,
    }
}

/// Its median, and the usual one; none where the time that cases have is not one.
fn medians(places: &Places<'_>, place: &Place, number: usize) -> Option<(f64, f64)> {
    let judged = place.judged.get(number)?;
    let (_, cells) = places.obligations.get(number)?;
    if !judged.has_one_limit(matches!(cells.due_by, DueBy::Day)) {
        return None;
    }
    let median = |judged: &Judged| judged.settled.median.map(|(median, _)| median);
    let elsewhere = places.elsewhere(place, ("median", number, None), |place| median(place.judged.get(number)?))?;
    Some((median(judged)?, elsewhere))
}

/// Times that are longer than elsewhere, although deadlines are kept: the median against the middle one of all, with the variance of a median
/// by the middle half of its times, and that between organisations by the middle half of their medians.
pub(super) fn slow(places: &Places<'_>, code: &str, number: usize) -> Option<Cause> {
    let (answer, _) = places.obligations.get(number)?;
    let place = places.of(code)?;
    let judged = place.judged.get(number)?;
    if judged.is_order() {
        return None;
    }
    let (own, usual) = medians(places, place, number)?;
    let other = |place: &Place| place.judged.get(number)?.settled.median;
    let middle = places.usual(("slow", number, Some((0, 0))), |place| other(place).map(|(median, _)| median))?;
    let off = |place: &Place| other(place).map(|(median, _)| (median - middle).abs());
    let middle_half = 1.4826 * places.usual(("slow", number, Some((1, 0))), off)?;
    let typical = places.usual(("slow", number, Some((2, 0))), |place| other(place).map(|(_, variance)| variance))?;
    let between = (middle_half * middle_half - typical).max(0.0);
    let limit = LEAST_SLOW * (judged.settled.median?.1 + between).sqrt();
    // Nor may the interval of its own median hold the usual one: where times come in heaps, it is wide.
    let times: Vec<(i64, u64)> = judged.took().collect();
    let interval = counted_percentiles(&times, &[500], 0.998).ok()?;
    let least = interval.first()?.lower_ms? as f64;
    let far = own >= LEAST_LONGER * usual && own - usual >= LEAST_LATER.max(limit) && least > usual;
    far.then(|| Cause {
        kind: CauseKind::Delay,
        about: Some(answer.name.clone()),
        text: format!(
            "{}: where it is done, {}",
            answer.label.clone().unwrap_or_else(|| answer.name.clone()),
            longer(places, number, (own, usual))
        ),
    })
}

/// Its median and the usual one in words that hold however many took the same time.
fn longer(places: &Places<'_>, number: usize, (own, usual): (f64, f64)) -> String {
    let days = places.obligations.get(number).and_then(|(_, cells)| in_days(cells.due_by));
    let words = |time: f64| match days {
        Some(days) => days.words(whole_days(time as i64)),
        None => duration((time / 60_000.0).floor() as i64 * 60_000),
    };
    format!("half take {} or longer, elsewhere {}", words(own), words(usual))
}
