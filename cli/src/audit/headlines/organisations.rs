//! How far organisations differ from each other, and each from its own past.

use super::ranked::{Matters, Rank, Ranked, say};
use crate::results::{
    Answer, Better, Cause, CauseKind, ControlChart, FigureResult, Funnel, MeasureResult, MemberResult,
    OrganisationRate, Tone,
};
use crate::words::{count, decimal, part_of, percent, probability};

/// No more organisations than this are named on either side.
const MOST_NAMED: usize = 4;

/// Who stands apart, by name and by how much; or whether they differ at all. What explains a place, in the data or in who the patients are, is
/// said of it instead.
pub(super) fn of_funnel(
    measure: &MeasureResult,
    (funnel, members): (&Funnel, &[MemberResult]),
    severity: Option<&str>,
    all: &mut Ranked,
) {
    // Where all were met or none, there is nothing to compare.
    if measure.total.rate.is_none_or(|rate| rate.value <= 0.0 || rate.value >= 1.0) {
        return;
    }
    let suppressed = measure.suppressed();
    // A rate is that of all of them, whether or not they are compared.
    let rated =
        measure.organisations.iter().filter(|o| o.z.is_some() || measure.is_undecided(o)).count() as u64 + suppressed;
    let outside: Vec<&OrganisationRate> = measure.organisations.iter().filter(|o| o.is_beyond()).collect();
    let explained = |o: &&&OrganisationRate| o.cause.is_some() || by_mix(o, measure);
    let apart: Vec<&OrganisationRate> = outside.iter().filter(|o| !explained(o)).copied().collect();
    let tone = if apart.iter().any(|o| o.is_worse(measure.better)) { Tone::Concern } else { Tone::Note };
    let mut text = format!(
        "{}: {} over {rated} organisations{} ({} of {}).",
        measure.title,
        measure.total.rate.map_or_else(|| percent(funnel.centre), |rate| percent(rate.value)),
        of_none(measure),
        count(measure.total.numerator),
        count(measure.total.denominator),
    );
    text.push_str(&without(measure));
    if suppressed > 0 {
        let those = if suppressed == 1 { "One of them is".to_owned() } else { format!("{suppressed} of them are") };
        text.push_str(&format!(" {those} not compared, as counts are suppressed."));
    }
    text.push_str(&without_those_apart(measure).map(|(said, _)| said).unwrap_or_default());
    text.push_str(&whether(funnel));
    let sides = [(false, "below"), (true, "above")].map(|(high, side)| named(&apart, high, side));
    let sides: Vec<String> = sides.into_iter().flatten().collect();
    if !sides.is_empty() {
        text.push_str(&format!(" Apart by more than the usual spread between them: {}.", sides.join("; ")));
    } else if outside.is_empty() && funnel.differ.is_some_and(|p| p < 0.05) {
        text.push_str(&by_a_part(measure, members));
    }
    for o in outside.iter().filter(explained) {
        text.push_str(&format!(" {} {}: {}.", o.code, figure(o), why(o)));
    }
    // So many more, or fewer, than at the rate of the others.
    let people = apart.iter().filter_map(|o| Some((o.gap?.abs() * o.counts.denominator as f64) as u64)).sum();
    say(all, Rank::Organisations, tone, &measure.id, text, Matters { severity, people, chart: Some("funnel") });
}

/// That cases of no organisation are in a rate too, as far as exact counts tell.
fn of_none(measure: &MeasureResult) -> &'static str {
    let of_each = measure.organisations.iter().map(|of| of.counts);
    let (sum, hidden) =
        of_each.fold((0, measure.total.hidden), |(sum, hidden), of| (sum + of.denominator, hidden | of.hidden));
    let is_rounded = measure.chart.iter().chain(&measure.charts).any(|chart| chart.rounded);
    if hidden & 3 == 0 && !is_rounded && sum < measure.total.denominator { " and cases of none" } else { "" }
}

/// Of none of which the whole rate stands apart: those to visit all the same, as a part of it does, with the words of that reason. One of few is most of
/// what the limits are made of.
fn by_a_part(measure: &MeasureResult, members: &[MemberResult]) -> String {
    let is_about =
        |cause: &&Cause| cause.about.as_ref().is_some_and(|of| *of == measure.name || Some(of) == measure.judges());
    let told = members.iter().filter_map(|member| {
        let visits = |cause: &&Cause| cause.kind.answer() == Answer::Visit && cause.kind != CauseKind::Change;
        let cause = member.causes.iter().filter(visits).find(is_about)?;
        let said = cause.text.strip_prefix(&format!("{}: ", measure.title)).unwrap_or(&cause.text); // it names another title
        Some(format!("{} ({said})", member.code))
    });
    let told: Vec<String> = told.take(MOST_NAMED).collect();
    match told.is_empty() {
        true => " No single one stands apart by more than the usual spread between them.".to_owned(),
        false => format!(" By a part of its rate there stands apart: {}.", told.join(", ")),
    }
}

/// Who stands apart by a figure that is a number.
pub(super) fn of_figures_apart(figure: &FigureResult, all: &mut Ranked) {
    let apart = |side: &str| {
        let found = figure.organisations.iter().filter(|of| of.place_adjusted == format!("{side} 99.8%"));
        found.map(|of| format!("{} {}", of.code, of.value.said(&figure.shown))).collect::<Vec<String>>()
    };
    let sides = ["below", "above"].map(|side| (side, apart(side)));
    let is_worse = |side: &str| matches!((figure.better, side), (Better::Higher, "below") | (Better::Lower, "above"));
    let worse = sides.iter().any(|(side, these)| is_worse(side) && !these.is_empty());
    let said = sides.iter().filter(|(_, these)| !these.is_empty()).map(|(side, these)| {
        let named = these.iter().take(MOST_NAMED).cloned().collect::<Vec<String>>().join(", ");
        let rest = these.len().saturating_sub(MOST_NAMED);
        if rest > 0 { format!("{side} {named}, and {} more", count(rest as u64)) } else { format!("{side} {named}") }
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() {
        return;
    }
    let text = format!(
        "{}: {} in all.{} Apart by more than the usual spread between organisations: {}.",
        figure.title,
        figure.total.said(&figure.shown),
        // Beside the figure of the whole time one of a part of it would say something else.
        figure.without_those_apart().filter(|_| figure.since.is_none()).unwrap_or_default(),
        said.join("; ")
    );
    let tone = if worse { Tone::Concern } else { Tone::Note };
    say(all, Rank::Organisations, tone, &figure.id, text, Matters { people: figure.total.cases, ..Matters::default() });
}

/// The rate without those of which data or rules explain where they stand, or nothing is known, as a sentence and as it is; nothing where there are none.
pub(super) fn without_those_apart(measure: &MeasureResult) -> Option<(String, f64)> {
    let funnel = measure.funnel.as_ref()?;
    let is_apart = |o: &&OrganisationRate| measure.is_undecided(o) || funnel.apart.contains(&o.code);
    let apart: Vec<&OrganisationRate> = measure.organisations.iter().filter(is_apart).collect();
    let is_unknown = |o: &&OrganisationRate| {
        measure.is_undecided(o) || o.cause.as_ref().is_some_and(|cause| cause.contains("cannot be decided"))
    };
    let why = if apart.iter().all(is_unknown) { "of which much is unknown" } else { "where data or rules explain it" };
    let names: Vec<&str> = apart.iter().map(|o| o.code.as_str()).collect();
    let said = format!(" Without {}, {why}: {}.", names.join(" and "), percent(funnel.centre));
    (!apart.is_empty()).then_some((said, funnel.centre))
}

/// Two organisations of which the test says that they differ: nobody can tell which one stands apart.
pub(super) fn of_two(measure: &MeasureResult, severity: Option<&str>, all: &mut Ranked) {
    let Some(p) = measure.differ.filter(|p| *p < 0.05) else { return };
    let rated = || measure.organisations.iter().filter(|o| o.counts.rate.is_some());
    let each: Vec<String> = rated().map(|o| format!("{} {}", o.code, figure(o))).collect();
    let text = format!(
        "{}: {} differ more than by chance (p {}); which of them stands apart cannot be told of so few.",
        measure.title,
        each.join(" and "),
        probability(p)
    );
    let people = rated().map(|o| o.counts.denominator.saturating_sub(o.counts.numerator)).sum();
    say(all, Rank::Organisations, Tone::Concern, &measure.id, text, Matters { severity, people, chart: None });
}

/// Those of whom nothing is in the rate.
pub(super) fn without(measure: &MeasureResult) -> String {
    measure.unset.as_ref().map(|unset| format!(" Not in it: {}.", unset.words())).unwrap_or_default()
}

/// Whether organisations differ more than by chance, by its test.
fn whether(funnel: &Funnel) -> String {
    match funnel.differ {
        Some(p) if p >= 0.05 && funnel.outside.iter().any(|[_, outer]| *outer > 0) => {
            " But for what lies beyond the 99.8% limits they do not differ more than by chance.".to_owned()
        }
        Some(p) if p >= 0.05 => " They do not differ more than by chance.".to_owned(),
        Some(p) => format!(" They differ more than by chance (p {}).", probability(p)),
        None if funnel.differ_untold => {
            " Whether they differ more than by chance cannot be told from rounded counts.".to_owned()
        }
        None if funnel.outside.iter().any(|[_, outer]| *outer > 0) => String::new(),
        None => " There are too few cases to tell whether they differ.".to_owned(),
    }
}

/// Whether half of how far it lies from the rate of the others, or more, is what its groups would have there.
fn by_mix(o: &OrganisationRate, measure: &MeasureResult) -> bool {
    let Some((gap, expected)) = o.gap.zip(o.expected) else { return false };
    let own = expected - measure.others_decided(o).unwrap_or(expected); // without others nothing is explained by them
    own * gap > 0.0 && own.abs() >= 0.5 * gap.abs()
}

fn why(o: &OrganisationRate) -> String {
    match (&o.cause, o.expected) {
        (Some(cause), _) => cause.clone(),
        (None, Some(expected)) => {
            format!(
                "much of that is who its cases are, as with the others' rates they would have {}",
                percent(expected)
            )
        }
        (None, None) => String::new(),
    }
}

/// `61.0% (122 of 200, 28.6 points below)`
fn figure(o: &OrganisationRate) -> String {
    let counts = &o.counts;
    let rate = counts.rate.map(|rate| percent(rate.value)).unwrap_or_default();
    let of = part_of(counts.numerator, counts.denominator, counts.hidden);
    let gap = o.gap.map_or_else(String::new, |gap| {
        format!(", {} points {}", decimal(gap.abs() * 100.0, 1), if gap < 0.0 { "below" } else { "above" })
    });
    format!("{rate} ({of}{gap})")
}

/// Those on one side, the furthest first.
fn named(apart: &[&OrganisationRate], high: bool, side: &str) -> Option<String> {
    let mut these: Vec<&OrganisationRate> =
        apart.iter().filter(|o| o.gap.is_some_and(|gap| (gap > 0.0) == high)).copied().collect();
    these.sort_by(|a, b| b.gap.unwrap_or(0.0).abs().total_cmp(&a.gap.unwrap_or(0.0).abs()));
    let (first, rest) = these.split_at(these.len().min(MOST_NAMED));
    let mut names: Vec<String> = first.iter().map(|o| format!("{} {}", o.code, figure(o))).collect();
    if !rest.is_empty() {
        names.push(format!("and {} more", count(rest.len() as u64)));
    }
    (!names.is_empty()).then(|| format!("{side} {}", names.join(", ")))
}

/// The organisations whose latest period is special cause in a direction.
fn latest<'m>(measure: &'m MeasureResult, direction: &str) -> Vec<&'m String> {
    let last = |chart: &&ControlChart| chart.latest_cause().is_some() && chart.variation.ends_with(direction);
    measure.charts.iter().filter(last).filter_map(|chart| chart.organisation.as_ref()).collect()
}

pub(super) fn of_charts(measure: &MeasureResult, severity: Option<&str>, all: &mut Ranked) {
    let shows = |direction: &str| latest(measure, direction).len();
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
    // Of rounded counts more may be.
    let at = if measure.charts.iter().any(|chart| chart.rounded) { "at no fewer than" } else { "at" };
    let said = format!("{title}: compared with its own past, the latest period is special cause");
    let of = if measure.better == Better::Neither { "and" } else { "for" };
    let sides = [(one, first), (other, second)].into_iter().filter(|(_, charts)| *charts > 0);
    let sides: Vec<String> = sides.map(|(way, charts)| format!("{of} {way} {at} {charts}")).collect();
    // What explains where one stands may explain its latest period as well.
    let explained = |code: &&String| measure.organisations.iter().any(|o| o.code == **code && o.cause.is_some());
    let explained: Vec<&String> =
        latest(measure, one).into_iter().chain(latest(measure, other)).filter(explained).collect();
    let explained: Vec<&str> = explained.into_iter().map(String::as_str).collect();
    let but = match explained.as_slice() {
        [] => String::new(),
        [code] => format!(" Data or rules explain where {code} of these stands."),
        codes => format!(" Data or rules explain where {} of these stand.", codes.join(", ")),
    };
    let text = format!("{said} {} of {judged} organisations.{but}", sides.join(", "));
    let matters = Matters { severity, people: 0, chart: Some("charts") };
    say(all, Rank::Change, Tone::Note, &measure.id, text, matters);
}
