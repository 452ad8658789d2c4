//! Every case as a row: what an auditor filters and visits. Patient data, so never written while small numbers are protected.

use super::organisation::answering;
use concord_engine::evaluate::{Known, Outcome};
use concord_engine::explain::{Lateness, due_on, unknown_name};
use concord_engine::plan::case::Case;
use concord_engine::plan::{Answer, AnswerKind, Obligation, Package, Plan, Verdict};
use concord_engine::values::calendar::{DAY, local_from_instant, show_date, show_time_of_day};

/// The columns of a row.
pub const COLUMNS: [&str; 11] = [
    "case",
    "organisation",
    "obligation",
    "verdict",
    "trigger",
    "due",
    "done",
    "delay_minutes",
    "late_by",
    "needs",
    "excuse",
];

/// What becomes of the rows.
pub trait Sink {
    /// Takes a row, in the order of [`COLUMNS`].
    ///
    /// # Errors
    /// Why it could not, in words.
    fn row(&mut self, fields: [String; 11]) -> Result<(), String>;
}

/// The rows of a case: one for each obligation that applies to it.
pub(super) fn rows<'r>(
    package: &'r Package,
    id: &'r str,
    case: &'r Case,
    outcome: &'r Outcome,
) -> impl Iterator<Item = [String; 11]> + 'r {
    package.plan.answers.iter().filter_map(move |answer| match &answer.kind {
        AnswerKind::Obligation(cells) => row(&package.plan, id, (answer, cells), case, outcome),
        _ => None,
    })
}

fn row(
    plan: &Plan,
    id: &str,
    (answer, cells): (&Answer, &Obligation),
    case: &Case,
    outcome: &Outcome,
) -> Option<[String; 11]> {
    let verdict = outcome.verdict(plan, cells);
    if verdict == Some(Verdict::NotApplicable) {
        return None;
    }
    let organisation = answering(plan, cells.responsible, case, outcome).unwrap_or_default();
    let [trigger, due, done] = [cells.trigger, cells.due, cells.done].map(|cell| outcome.only(plan, cell)?.value());
    let show = |instant: Option<i64>| instant.map(with_offset).unwrap_or_default();
    let by = cells.due_by;
    let due_on = |due: i64| due_on(by, due).map_or_else(|| with_offset(due), show_date);
    let took = trigger.zip(done).map(|(trigger, done)| format!("{:.1}", (done - trigger) as f64 / 60_000.0));
    let late = due.zip(done).filter(|_| verdict == Some(Verdict::Late));
    let late = late.map(|(due, done)| Lateness::of(by, due, done, &plan.holidays).text());
    let needs = match verdict {
        None => outcome.cells.get(cells.verdict).map_or(0, |value| value.needs),
        Some(_) => 0,
    };
    let needs = (0..plan.unknowns.len()).filter(|bit| needs >> bit & 1 == 1).map(|bit| unknown_name(plan, bit));
    let excuse = outcome.only(plan, cells.excuse).and_then(Known::place);
    let excuse = excuse.filter(|_| verdict == Some(Verdict::Excused)).and_then(|place| cells.excuses.get(place));
    Some([
        id.to_owned(),
        organisation.into_owned(),
        answer.name.clone(),
        word(verdict).to_owned(),
        show(trigger),
        due.map(due_on).unwrap_or_default(),
        show(done),
        took.unwrap_or_default(),
        late.unwrap_or_default(),
        needs.collect::<Vec<_>>().join("; "),
        excuse.cloned().unwrap_or_default(),
    ])
}

/// An instant on the London clock with its distance from UTC, so that an hour which comes twice is told apart: `2026-10-25 01:30+00:00`.
fn with_offset(instant: i64) -> String {
    let local = local_from_instant(instant);
    let [day, time] = [show_date(local.div_euclid(DAY)), show_time_of_day(local.rem_euclid(DAY))];
    format!("{day} {time}{}", if local == instant { "+00:00" } else { "+01:00" })
}

fn word(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        None => "unknown",
        Some(Verdict::NotApplicable) => "not applicable",
        Some(Verdict::Excused) => "excused",
        Some(Verdict::Met) => "met",
        Some(Verdict::Late) => "late",
        Some(Verdict::Missed) => "missed",
        Some(Verdict::Open) => "open",
    }
}
