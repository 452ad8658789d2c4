//! One sentence for each standard with a target: reached or not, in how many periods, and which way it goes.

use super::organisations::{of_charts, of_figures_apart, of_funnel, of_two, without, without_those_apart};
use super::ranked::{Matters, Rank, Ranked, in_words, say};
use crate::audit::disclose::{Disclosure, bounds};
use crate::results::{
    Audit, ChartPoint, ControlChart, Counts, FigureResult, MORE_NOT_MET, MeasureResult, Rate, Standing, Target, Tone,
};
use crate::words::{count, decimal, part_and_share, percent, percent_beside, period, places_beside, told_counted};

/// What is left without some is told where it is so far from the rate of all.
const LEAST_APART: f64 = 0.005;

/// Organisations are compared by the measures that compare like with like, where the package has one.
pub(super) fn of_measures(audit: &Audit, all: &mut Ranked) {
    audit.figures.iter().for_each(|figure| of_figure(figure, all));
    audit.figures.iter().for_each(|figure| of_figures_apart(figure, all));
    let alike = |measure: &MeasureResult| measure.funnel.is_some() && measure.unlike().is_none();
    let any_alike = audit.measures.iter().any(alike);
    for measure in &audit.measures {
        let compares = measure.funnel.as_ref().filter(|_| alike(measure) || !any_alike);
        let judged = audit.obligations.iter().find(|obligation| Some(&obligation.name) == measure.obligation.as_ref());
        let severity = judged.and_then(|obligation| obligation.severity.as_deref());
        if let Some(unset) = measure.nobody_set() {
            let text = format!("{}: no rate, as nothing is left without {}.", measure.title, unset.words());
            // As many as may not be told are no reason to put it first.
            let matters = Matters { people: unset.cases.unwrap_or(0), ..Matters::default() };
            say(all, Rank::Data, Tone::Data, &measure.id, text, matters);
            continue;
        }
        if measure.undecided() {
            // Of an obligation that is said where its cases are.
            if judged.is_none() {
                of_nothing(measure, all);
            }
            continue;
        }
        match &measure.target {
            Some(target) => of_target(measure, target, severity, all),
            // A rate without a target is worth a headline only where no obligation and no comparison says it.
            None if audit.obligations.is_empty() && compares.is_none() => {
                let of = part_and_share(measure.total.numerator, measure.total.denominator);
                say(
                    all,
                    Rank::Target,
                    Tone::Note,
                    &measure.id,
                    format!("{}: {of}.", measure.title),
                    Matters { people: measure.total.denominator, ..Matters::default() },
                );
            }
            None => {}
        }
        of_crowded(measure, severity, all);
        of_two(measure, severity, all);
        if let Some(funnel) = compares {
            of_funnel(measure, (funnel, &audit.members), severity, all);
            of_charts(measure, severity, all);
        }
    }
}

/// The latest period has more of what is rare than chance puts there: no chart of rates is judged, and this is told all the same.
fn of_crowded(measure: &MeasureResult, severity: Option<&str>, all: &mut Ranked) {
    let Some(chart) = measure.chart.as_ref().filter(|chart| chart.not_judged.is_some()) else { return };
    let Some(last) = chart.points.last().filter(|last| last.special_cause.is_some()) else { return };
    let (tone, people) = match last.direction.as_deref() {
        Some("concern") => (Tone::Concern, last.denominator.abs_diff(last.numerator)),
        Some("improvement") => (Tone::Good, last.numerator),
        _ => (Tone::Note, last.denominator),
    };
    let before = chart.points.iter().rev().skip(1);
    let [met, of] = before.fold([0, 0], |[met, of], point| [met + point.numerator, of + point.denominator]);
    // It is the rare ones that are more.
    let (rare, what) = match last.special_cause.as_deref() {
        Some(MORE_NOT_MET) => ([last.denominator.saturating_sub(last.numerator), of.saturating_sub(met)], "not met"),
        _ => ([last.numerator, met], "met"),
    };
    let text = format!(
        "{}: {} {what} in {}, after {} before: more than chance has it.",
        measure.title,
        part_and_share(rare[0], last.denominator),
        period(&last.period),
        part_and_share(rare[1], of),
    );
    say(all, Rank::Target, tone, &measure.id, text, Matters { severity, people, chart: Some("change") });
}

/// What it needs is not in the export: no rate, and no chart.
fn of_nothing(measure: &MeasureResult, all: &mut Ranked) {
    let cases = told_counted(measure.total.unknown, measure.total.hidden, 4, "case", "cases");
    let text =
        format!("{}: no rate, as what it needs is not in the export: none of {cases} can be decided.", measure.title);
    let matters = Matters { people: measure.total.unknown, ..Matters::default() };
    say(all, Rank::Data, Tone::Data, &measure.id, text, matters);
}

fn of_target(measure: &MeasureResult, target: &Target, severity: Option<&str>, all: &mut Ranked) {
    let Some(rate) = measure.total.rate else {
        return;
    };
    let part = |of: &Counts, rate: &Rate| {
        let rate = percent_beside(rate.value, target.value);
        format!("{rate} ({} of {})", count(of.numerator), count(of.denominator))
    };
    let whole = part(&measure.total, &rate);
    let since = measure.standing.since.as_ref();
    let (of, rate) = match since.map(|since| (since, &since.rate)) {
        None => (format!("{}: {whole}", measure.title), rate),
        Some((since, Some(rate))) => {
            let since = part(since, rate);
            let text =
                format!("{}: {whole} over the whole time; {since} since its target came into force", measure.title);
            (text, *rate)
        }
        Some((_, None)) => {
            let none = "and of the periods since there is no rate";
            let text = format!("{}: {whole}; the target is {}, {none}.", measure.title, target.text);
            let matters = Matters { severity, people: measure.total.denominator, ..Matters::default() };
            return say(all, Rank::Target, Tone::Note, &measure.id, text, matters);
        }
    };
    let held = since.unwrap_or(&measure.total);
    let places = places_beside(rate.value, target.value);
    let points = decimal((rate.value - target.value).abs() * 100.0, places);
    let side = if target.at_least { "below" } else { "above" };
    let (tone, against) = match measure.standing.reached {
        Some(true) => (Tone::Good, format!("which meets the target of {}", target.text)),
        Some(false) => (Tone::Concern, format!("{points} points {side} the target of {}", target.text)),
        None if held.is_unfinished() => {
            let open = told_counted(held.open, held.hidden, 3, "case", "cases");
            let verb = if held.open == 1 { "is" } else { "are" };
            (
                Tone::Note,
                format!(
                    "of those decided; {open} {verb} still open, and may decide about the target of {}",
                    target.text
                ),
            )
        }
        None => (Tone::Note, format!("which rounds to about the target of {}", target.text)),
    };
    let (tone, against) = now(measure, tone, against);
    let change = measure.chart.as_ref().map(|chart| {
        let [reached, _, untold] = measure.standing.periods;
        let all = chart.held().len();
        let in_months = match (reached, untold) {
            (0, 0) if all == 0 => "no period of the chart is held to it".to_owned(),
            (0, 0) => format!("none of {all} periods reached it"),
            (0, untold) => format!("of {all} periods none is sure to have reached it, and {untold} may have"),
            (some, 0) => format!("{some} of {all} periods reached it"),
            (some, untold) => format!("{some} of {all} periods reached it, and {untold} may have"),
        };
        format!("; {in_months}.{}", change(chart, (reached + untold > 0, reached >= all as u64)))
    });
    // Whoever recorded nothing of it does not miss the target for all.
    let rest = without_those_apart(measure);
    let (gap, sign) = (0.01, if target.at_least { 1.0 } else { -1.0 });
    let turns = rest.as_ref().is_some_and(|(_, rate)| (rate - target.value) * sign >= gap);
    let tone = if turns && tone == Tone::Concern { Tone::Note } else { tone };
    let tells = |rate: f64| measure.total.rate.is_some_and(|all| (all.value - rate).abs() >= LEAST_APART);
    let rest = rest.filter(|(_, rate)| tells(*rate)).map(|(said, _)| said).unwrap_or_default();
    let text = format!("{of}, {against}{}{}{rest}", change.unwrap_or_else(|| ".".to_owned()), without(measure));
    let people = held.denominator.saturating_sub(held.numerator);
    let chart = measure.chart.is_some().then_some("change");
    say(all, Rank::Target, tone, &measure.id, text, Matters { severity, people, chart });
}

/// The same by how it stands now: what fell long ago is not good for what it was before, nor is what rose bad.
fn now(measure: &MeasureResult, tone: Tone, against: String) -> (Tone, String) {
    let latest = measure.chart.as_ref().filter(|chart| chart.latest_cause().is_some());
    let turned = latest.is_some_and(|chart| chart.variation.ends_with("concern"));
    let of_latest = format!("of its latest {} periods", Standing::LATEST);
    match (tone, measure.standing.latest) {
        (Tone::Good, Some(false)) => (Tone::Concern, format!("{against}, and none {of_latest} did")),
        (Tone::Good, _) if turned => (Tone::Concern, against),
        (Tone::Concern, Some(true)) if !turned => (Tone::Note, format!("{against}, and each {of_latest} met it")),
        _ => (tone, against),
    }
}

/// From the first point to the last, and what the chart makes of it; whether any period may have reached the target, and whether all have.
fn change(chart: &ControlChart, (any, all): (bool, bool)) -> String {
    let Some(ends) = chart.ends() else { return String::new() };
    let latest =
        if chart.rounded { "of the latest no special cause is sure" } else { "the latest shows no special cause" };
    let unstable = chart.unstable().map(|special| {
        let all = chart.points.len();
        format!("{latest}, but {special} of {all} periods are special cause: the process is not stable, and nothing follows for the next")
    });
    let cause = match (chart.latest_cause(), chart.assurance.as_deref()) {
        _ if chart.not_judged.is_some() => chart.not_judged.clone().unwrap_or_default(),
        (None, _) if unstable.is_some() => unstable.unwrap_or_default(),
        (Some(cause), _) => format!("the latest is {} ({cause})", in_words(&chart.variation)),
        (None, Some("consistently fails")) => {
            format!("{latest}: as the process stands, it will go on missing the target")
        }
        (None, Some("consistently passes")) => {
            format!("{latest}: as the process stands, it will go on meeting the target")
        }
        (None, Some("hit and miss")) if !any => {
            format!("{latest}: as the process stands, hardly a period will meet the target")
        }
        (None, Some("hit and miss")) if all => {
            format!("{latest}: as the process stands, a period may miss the target by chance")
        }
        (None, Some("hit and miss")) => {
            format!("{latest}: as the process stands, a period may meet the target or miss it")
        }
        (None, _) => latest.to_owned(),
    };
    format!(" {}; {cause}.{}", went(chart, ends), gaps(chart))
}

/// From where to where; of rounded counts, only a change that is there whatever they stand for.
fn went(chart: &ControlChart, (first, last): (&ChartPoint, &ChartPoint)) -> String {
    let (from, to) = (period(&first.period), period(&last.period));
    let [before, after] = [first, last].map(|of| bounds(&of.counts(), &Disclosure::On).map(|counts| counts.rate()));
    let is_apart = matches!((before, after), ([Some(a), Some(b)], [Some(c), Some(d)]) if b < c || d < a);
    if chart.rounded && !is_apart {
        return format!("From {from} to {to} no change is sure, as counts are rounded");
    }
    let anew = chart.rebased.last().map(|_| {
        let (mean, of) = chart.mean_of();
        format!(", mean {mean} {of}")
    });
    format!(
        "It went from {} in {from} to {} in {to}{}",
        percent(first.value),
        percent(last.value),
        anew.unwrap_or_default()
    )
}

/// The periods without a rate, as a sentence.
fn gaps(chart: &ControlChart) -> String {
    let gaps = chart.missing_periods().map(|missing| format!(" No rate in {missing}.")).unwrap_or_default();
    format!("{gaps}{}", chart.left_out().map(|said| format!(" {said}")).unwrap_or_default())
}

/// A figure with a target: reached or not.
fn of_figure(figure: &FigureResult, all: &mut Ranked) {
    let (Some(target), Some(estimate)) = (&figure.target, figure.held().estimate) else { return };
    let (tone, against) = match figure.reached() {
        Some(true) => (Tone::Good, "which meets the target of"),
        Some(false) => (Tone::Concern, "which does not meet the target of"),
        None if estimate.at_least => (Tone::Note, "of which nobody can tell whether it meets the target of"),
        None => (Tone::Note, "which rounds to about the target of"),
    };
    let since = if figure.since.is_some() { " since its target came into force" } else { "" };
    let [without, of] = figure.total.without_and_all();
    let without = figure.without().filter(|_| without.saturating_mul(20) > of);
    // Whoever recorded nothing of it does not miss the target for all.
    let rest = figure.rest.and_then(|rest| rest.estimate).filter(|rest| !rest.at_least).map(|rest| rest.value);
    let turns = rest.is_some_and(|rest| if target.at_least { rest >= target.value } else { rest <= target.value });
    let tone = if turns && tone == Tone::Concern { Tone::Note } else { tone };
    let text = format!(
        "{}: {}{since}, {against} {}.{}{}",
        figure.title,
        figure.beside_target(figure.held()),
        target.text,
        without.map(|said| format!(" {said}")).unwrap_or_default(),
        figure.without_those_apart().unwrap_or_default()
    );
    let chart = figure.chart.is_some().then_some("change");
    let matters = Matters { people: figure.total.cases, chart, ..Matters::default() };
    say(all, Rank::Target, tone, &figure.id, text, matters);
}
