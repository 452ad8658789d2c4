//! How far organisations differ from each other, and each from its own past.

use super::ranked::{Rank, Ranked, say};
use crate::results::{Better, ControlChart, Funnel, MeasureResult, Tone};
use crate::words::{count, percent};

pub(super) fn of_funnel(measure: &MeasureResult, funnel: &Funnel, all: &mut Ranked) {
    let compared = measure.organisations.iter().filter(|o| o.z.is_some()).count();
    let [[_, plain], [_, adjusted]] = funnel.outside;
    let beyond =
        |side: &str| measure.organisations.iter().filter(|o| o.place_adjusted == format!("{side} 99.8%")).count();
    let (below, above) = (beyond("below"), beyond("above"));
    let worse = match measure.better {
        Better::Higher => below,
        Better::Lower => above,
        Better::Neither => 0,
    };
    let tone = if worse > 0 { Tone::Concern } else { Tone::Note };
    let meaning = match adjusted {
        0 => "none stands apart: they differ widely, but no single one is out of line".to_owned(),
        1 => format!("1 still stands apart ({below} below, {above} above)"),
        some => format!("{} still stand apart ({below} below, {above} above)", count(some)),
    };
    let text = format!(
        "{}: {} over {compared} organisations ({} of {}). {} of them lie outside the 99.8% limits, where chance \
         alone would put {}; allowing for the usual spread between them, {meaning}.",
        measure.title,
        percent(funnel.centre),
        count(measure.total.numerator),
        count(measure.total.denominator),
        count(plain),
        expected_outside(compared),
    );
    say(all, Rank::Organisations, tone, &measure.id, text);
}

/// How many of so many lie outside the 99.8 % limits by chance.
fn expected_outside(organisations: usize) -> &'static str {
    match organisations {
        0..250 => "none or one",
        250..750 => "about one",
        _ => "2 in 1,000",
    }
}

pub(super) fn of_charts(measure: &MeasureResult, all: &mut Ranked) {
    let shows = |direction: &str| {
        let last = |chart: &&ControlChart| {
            chart.points.last().is_some_and(|point| point.direction.as_deref() == Some(direction))
        };
        measure.charts.iter().filter(last).count()
    };
    let (one, other) = match measure.better {
        Better::Neither => ("higher", "lower"),
        _ => ("concern", "improvement"),
    };
    let (first, second) = (shows(one), shows(other));
    let judged = measure.charts.iter().filter(|chart| chart.not_judged.is_none()).count();
    if judged < 2 || first + second == 0 {
        return;
    }
    let (title, judged) = (&measure.title, count(judged as u64));
    let latest = format!("{title}: compared with its own past, the latest period is special cause");
    let text = match measure.better {
        Better::Neither => format!("{latest} and higher at {first} of {judged} organisations, and lower at {second}."),
        _ => format!("{latest} for concern at {first} of {judged} organisations, and for improvement at {second}."),
    };
    say(all, Rank::Change, Tone::Note, &measure.id, text);
}
