//! One sentence for each standard with a target: reached or not, in how many periods, and which way it goes.

use super::organisations::{of_charts, of_funnel};
use super::ranked::{Matters, Rank, Ranked, in_words, say};
use crate::results::{Audit, ControlChart, FigureResult, MeasureResult, Target, Tone};
use crate::words::{count, part_and_share, percent, period, told_counted};

/// Organisations are compared by the measures that compare like with like, where the package has one.
pub(super) fn of_measures(audit: &Audit, all: &mut Ranked) {
    audit.figures.iter().for_each(|figure| of_figure(figure, all));
    let alike = |measure: &MeasureResult| measure.funnel.is_some() && measure.unlike().is_none();
    let any_alike = audit.measures.iter().any(alike);
    for measure in &audit.measures {
        let compares = measure.funnel.as_ref().filter(|_| alike(measure) || !any_alike);
        let judged = audit.obligations.iter().find(|obligation| Some(&obligation.name) == measure.obligation.as_ref());
        let severity = judged.and_then(|obligation| obligation.severity.as_deref());
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
        if let Some(funnel) = compares {
            of_funnel(measure, funnel, severity, all);
            of_charts(measure, severity, all);
        }
    }
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
    let of = format!(
        "{}: {} ({} of {})",
        measure.title,
        percent(rate.value),
        count(measure.total.numerator),
        count(measure.total.denominator)
    );
    let points = (rate.value - target.value).abs() * 100.0;
    let side = if target.at_least { "below" } else { "above" };
    let (tone, against) = match measure.standing.reached {
        Some(true) => (Tone::Good, format!("which meets the target of {}", target.text)),
        Some(false) => (Tone::Concern, format!("{points:.1} points {side} the target of {}", target.text)),
        None => (Tone::Note, format!("which rounds to about the target of {}", target.text)),
    };
    let change = measure.chart.as_ref().map(|chart| {
        let [reached, _, untold] = measure.standing.periods;
        let all = chart.points.len();
        let in_months = match (reached, untold) {
            (0, 0) => format!("none of {all} periods reached it"),
            (0, untold) => format!("of {all} periods none is sure to have reached it, and {untold} may have"),
            (some, 0) => format!("{some} of {all} periods reached it"),
            (some, untold) => format!("{some} of {all} periods reached it, and {untold} may have"),
        };
        format!("; {in_months}.{}", change(chart))
    });
    let text = format!("{of}, {against}{}", change.unwrap_or_else(|| ".".to_owned()));
    let people = measure.total.denominator.saturating_sub(measure.total.numerator);
    let chart = measure.chart.is_some().then_some("change");
    say(all, Rank::Target, tone, &measure.id, text, Matters { severity, people, chart });
}

/// From the first point to the last, and what the chart makes of it.
fn change(chart: &ControlChart) -> String {
    let (Some(first), Some(last)) = (chart.points.first(), chart.points.last()) else {
        return String::new();
    };
    let cause = match (&last.special_cause, chart.assurance.as_deref()) {
        _ if chart.not_judged.is_some() => chart.not_judged.clone().unwrap_or_default(),
        (Some(cause), _) => format!("the latest is {} ({cause})", in_words(&chart.variation)),
        (None, Some("consistently fails")) => {
            "the latest shows no special cause: as the process stands, it will go on missing the target".to_owned()
        }
        (None, Some("consistently passes")) => {
            "the latest shows no special cause: as the process stands, it will go on meeting the target".to_owned()
        }
        (None, Some("hit and miss")) => {
            "the latest shows no special cause: whether a period meets the target is chance".to_owned()
        }
        (None, _) => "the latest shows no special cause".to_owned(),
    };
    format!(
        " It went from {} in {} to {} in {}; {cause}.{}",
        percent(first.value),
        period(&first.period),
        percent(last.value),
        period(&last.period),
        gaps(chart)
    )
}

/// The periods without a rate, as a sentence.
fn gaps(chart: &ControlChart) -> String {
    if chart.gaps.is_empty() { String::new() } else { format!(" No rate in {}.", chart.missing_periods()) }
}

/// A figure with a target: reached or not.
fn of_figure(figure: &FigureResult, all: &mut Ranked) {
    let (Some(target), Some(estimate)) = (&figure.target, figure.total.estimate) else { return };
    let reached = if target.at_least {
        estimate.value >= target.value
    } else {
        !estimate.at_least && estimate.value <= target.value
    };
    let (tone, against) = if reached {
        (Tone::Good, "which meets the target of")
    } else {
        (Tone::Concern, "which does not meet the target of")
    };
    let least = if estimate.at_least { "at least " } else { "" };
    let text = format!("{}: {least}{}, {against} {}.", figure.title, figure.shown.say(estimate.value), target.text);
    let chart = figure.chart.is_some().then_some("change");
    let matters = Matters { people: figure.total.cases, chart, ..Matters::default() };
    say(all, Rank::Target, tone, &figure.id, text, matters);
}
