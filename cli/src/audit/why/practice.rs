//! What is left is practice: later than elsewhere, not done, in another order, or changed from some month on.

use super::change::change;
use crate::audit::delays::{in_days, whole_days};
use crate::audit::disclose::{Disclosure, MOST_SUPPRESSED, between};
use crate::audit::period::show_period;
use crate::audit::places::{Judged, Place, Places};
use crate::results::{Better, Cause, CauseKind, MeasureResult, OrganisationRate, PartKind, Why};
use crate::words::{percent, period};
use concord_engine::plan::DueBy;
use concord_engine::plan::library::CalendarUnit;
use concord_engine::values::types::duration;
use concord_engine::variation::delays::counted_percentiles;

/// A difference of fewer points is not worth a visit.
const LEAST_GAP: f64 = 0.05;
/// Beyond the 99.8 % limit.
const LEAST_Z: f64 = 3.090_232;
/// Of fewer decided cases the normal limits do not hold.
const LEAST_DECIDED: u64 = 30;
/// Medians so much longer than usual, and by so much, are told even where deadlines are kept,
const LEAST_LONGER: f64 = 1.2;
const LEAST_LATER: f64 = 5.0 * 60_000.0;
/// where they lie beyond what chance and the usual spread allow once in 4,000 times.
const LEAST_SLOW: f64 = 3.5;

/// The reason in an obligation, if there is one: `title` and `about` name it or its measure, `mix` is what case mix adds to its rate.
pub(super) fn of_obligation(
    places: &Places<'_>,
    code: &str,
    number: usize,
    (title, about): (&str, &str),
    mix: f64,
) -> Option<Cause> {
    let cause = |kind, text| Some(Cause { kind, about: Some(about.to_owned()), text });
    if let Some(found) = change(places, code, number) {
        let month = period(&show_period(CalendarUnit::Month, found.month));
        let text = format!(
            "{title}: {} before {month}, {} from then on; elsewhere {} and {}",
            percent(found.before),
            percent(found.after),
            percent(found.elsewhere.0),
            percent(found.elsewhere.1)
        );
        return cause(CauseKind::Change, text);
    }
    let judged = places.of(code)?.judged.get(number)?;
    let more = |name, of| apart(places, judged, (name, number), of, mix.min(0.0).abs());
    if judged.is_order() {
        let Apart { own, usual, .. } = more("not met", not_met)?;
        let text = format!("{title}: in another order in {} of its cases, elsewhere {usual}", percent(own));
        return cause(CauseKind::Order, text);
    }
    match (more("missed", missed), more("late", late)) {
        (Some(own), later) if later.as_ref().is_none_or(|later| later.more <= own.more) => {
            let text =
                format!("{title}: not done at all in {} of its cases, elsewhere {}", percent(own.own), own.usual);
            cause(CauseKind::Omission, text)
        }
        (_, Some(Apart { own, usual, .. })) => {
            let took = medians(places, judged, number)
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

/// A share and the usual one in words, where it lies above that by some points beyond what case mix adds, and beyond the 99.8 % limit. That allows for
/// the usual spread: the variance of the middle half of organisations, less that of chance. Of what is suppressed its own least is taken, and the
/// others' most.
fn apart(
    places: &Places<'_>,
    judged: &Judged,
    (name, number): (&'static str, usize),
    of: fn(&Disclosure, &Judged) -> Split,
    mix: f64,
) -> Option<Apart> {
    let of = |judged: &Judged| of(&places.disclosure, judged);
    let (own, _) = of(judged).share()?;
    let what = |part: i64| (name, number, Some((part, 0)));
    let at = |place: &Place| of(place.judged.get(number)?).share();
    let usual = places.usual(what(0), |place| at(place).map(|(_, most)| most))?;
    let least = places.usual(what(3), |place| at(place).map(|(least, _)| least))?;
    let middle_half = 1.4826 * places.usual(what(1), |place| Some((at(place)?.1 - usual).abs()))?;
    let chance = |n: u64| usual.max(0.5 / n as f64) * (1.0 - usual) / n as f64;
    let typical = places.usual(what(2), |place| {
        let n = of(place.judged.get(number)?).whole();
        (n >= LEAST_DECIDED).then(|| chance(n))
    })?;
    let spread = (middle_half * middle_half - typical).max(0.0);
    let limit = LEAST_Z * (chance(of(judged).whole()) + spread).sqrt();
    let more = own - usual - mix;
    let shown = of(judged).shown();
    (more >= LEAST_GAP && more >= limit).then(|| Apart {
        own: shown,
        more: own - usual,
        usual: between((least, usual)),
    })
}

/// The reason in a measure that counts something else than verdicts.
pub(super) fn of_measure(measure: &MeasureResult, of: &OrganisationRate, why: &Why) -> Option<Cause> {
    let worse = match measure.better {
        Better::Higher => why.gap < 0.0,
        Better::Lower => why.gap > 0.0,
        Better::Neither => false,
    };
    let left = why.parts.iter().find(|part| part.kind == PartKind::Practice)?;
    let (low, high) = left.interval?;
    let real = left.size * why.gap > 0.0 && left.size.abs() >= LEAST_GAP && (low > 0.0 || high < 0.0);
    if !worse || !real || of.cause.is_some() || of.few || !of.place_adjusted.ends_with("99.8%") {
        return None;
    }
    let text = format!("{}: {}, the group {}", measure.title, percent(why.rate.0), percent(why.group));
    Some(Cause { kind: CauseKind::Practice, about: Some(measure.name.clone()), text })
}

/// Its median, and the usual one; none where the time that cases have is not one.
fn medians(places: &Places<'_>, judged: &Judged, number: usize) -> Option<(f64, f64)> {
    let (_, cells) = places.obligations.get(number)?;
    if !judged.has_one_limit(matches!(cells.due_by, DueBy::Day)) {
        return None;
    }
    let median = |judged: &Judged| judged.settled.median.map(|(median, _)| median);
    Some((median(judged)?, places.usual(("median", number, None), |place| median(place.judged.get(number)?))?))
}

/// Times that are longer than elsewhere, although deadlines are kept: the median against the middle one of all, with the variance of a median
/// by the middle half of its times, and that between organisations by the middle half of their medians.
pub(super) fn slow(places: &Places<'_>, code: &str, number: usize) -> Option<Cause> {
    let (answer, _) = places.obligations.get(number)?;
    let judged = places.of(code)?.judged.get(number)?;
    if judged.is_order() {
        return None;
    }
    let (own, usual) = medians(places, judged, number)?;
    let other = |place: &Place| place.judged.get(number)?.settled.median;
    let middle_half = 1.4826
        * places
            .usual(("slow", number, Some((1, 0))), |place| other(place).map(|(median, _)| (median - usual).abs()))?;
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
