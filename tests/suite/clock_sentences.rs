//! Clocks mean what their lines say: every order of up to five events that start, stop, nullify, pause and resume, with ties, is held to
//! a reading that knows nothing of the engine; and what is not known, to what that reading says of every way it may have been.

use concord_engine::evaluate::{Outcome, evaluate};
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::{AnswerKind, Plan, Verdict};

use crate::packages;
use crate::sentences::same_in_module;
use crate::sentences::timelines::{Event, Timeline, case, instant, placed, timelines};

/// Two kinds of hold, each with its own end, and an end of both.
const NAMED: [&str; 8] = ["start", "stop", "nullify", "pause a", "resume a", "pause b", "resume b", "resume"];
/// One kind of hold.
const PLAIN: [&str; 5] = ["start", "stop", "nullify", "pause", "resume"];

/// One kind of event that lets the clock run on, and would stop it by the line below.
const GOING_ON: [&str; 4] = ["start", "stop", "continue", "pause"];

/// How many minutes each of the rules allows.
const LIMITS: [i64; 3] = [0, 2, 7];

fn plan(lines: &[&str]) -> Plan {
    let mut text = "subject S {\n".to_owned();
    (0..lines.len()).for_each(|kind| text += &format!("  event E{kind}\n"));
    text += "}\nclock c {\n";
    for (kind, line) in lines.iter().enumerate() {
        let (verb, hold) = line.split_once(' ').unwrap_or((line, ""));
        let name = if hold.is_empty() { String::new() } else { format!(" as {hold}") };
        text += &format!("  {verb} E{kind}{name}\n");
        if verb == "continue" {
            text += &format!("  stop E{kind}\n");
        }
    }
    text += "}\n";
    for (number, limit) in LIMITS.iter().enumerate() {
        text += &format!("obligation o{number} {{ for each period of c expect stop within {limit} min }}\n");
        text += &format!("obligation n{number} {{ for each period of c expect no stop within {limit} min }}\n");
    }
    packages::compile(&concord_tests::text::whole(&text)).plan
}

/// A period: its start, its stop, and how long it was paused.
#[derive(Clone, Copy, Debug)]
struct Period {
    start: i64,
    stop: Option<i64>,
    paused: i64,
}

/// What the lines of a clock make of a timeline, and whether it runs in the end.
fn read(lines: &[&str], timeline: &[Event], now: i64) -> (Vec<Period>, bool) {
    let mut periods: Vec<Period> = Vec::new();
    let (mut running, mut holds, mut since) = (false, Vec::new(), 0);
    for event in timeline.iter().filter(|event| event.at <= now) {
        let (verb, hold) = lines[event.kind].split_once(' ').unwrap_or((lines[event.kind], ""));
        let held = !holds.is_empty();
        match verb {
            "start" if !running => {
                periods.push(Period { start: event.at, stop: None, paused: 0 });
                running = true;
            }
            "pause" if running && !holds.contains(&hold) => holds.push(hold),
            "resume" => holds.retain(|on| !hold.is_empty() && *on != hold),
            "stop" if running => {
                (running, holds) = (false, Vec::new());
                periods.last_mut().unwrap().stop = Some(event.at);
            }
            "nullify" if running => {
                (running, holds) = (false, Vec::new());
                periods.pop();
                continue;
            }
            _ => {}
        }
        match (held, holds.is_empty()) {
            (false, false) => since = event.at,
            (true, true) => periods.last_mut().unwrap().paused += event.at - since,
            _ => {}
        }
    }
    if !holds.is_empty() {
        periods.last_mut().unwrap().paused += now - since;
    }
    (periods, running)
}

/// Whether its stop is in time: within so many minutes, or after no fewer than so many.
fn judge(period: &Period, limit: i64, no: bool, now: i64) -> Verdict {
    let due = period.start + limit + period.paused;
    match (period.stop, no) {
        (Some(stop), false) => {
            if stop <= due {
                Verdict::Met
            } else {
                Verdict::Late
            }
        }
        (Some(stop), true) if stop <= due => Verdict::Missed,
        (_, no) if due < now => {
            if no {
                Verdict::Met
            } else {
                Verdict::Missed
            }
        }
        _ => Verdict::Open,
    }
}

/// The answers that a reading gives, in the order of the plan's: none, or a number; the counts of an obligation one after another.
fn answers(lines: &[&str], timeline: &[Event], now: i64) -> Vec<Option<i64>> {
    let (periods, running) = read(lines, timeline, now);
    let last = periods.last();
    let mut all = vec![
        Some(i64::from(running)),
        i64::try_from(periods.len()).ok(),
        last.map(|period| instant(period.start)),
        last.and_then(|period| period.stop).map(instant),
    ];
    for (limit, no) in LIMITS.into_iter().flat_map(|limit| [(limit, false), (limit, true)]) {
        let verdicts: Vec<Verdict> = periods.iter().map(|period| judge(period, limit, no, now)).collect();
        all.extend(Verdict::ALL.map(|verdict| Some(verdicts.iter().filter(|v| **v == verdict).count() as i64)));
    }
    all
}

/// What the plan says of the same: least, greatest, whether it may be none and whether it may not.
fn found(plan: &Plan, outcome: &Outcome) -> Vec<(i64, i64, bool, bool)> {
    let cells = plan.answers.iter().flat_map(|answer| match &answer.kind {
        AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => vec![*cell],
        AnswerKind::Obligation(obligation) => obligation.counts.unwrap().to_vec(),
    });
    let values = cells.map(|cell| outcome.cells.get(cell).unwrap());
    values.map(|value| (value.low, value.high, value.may_be_none, value.may_be_some)).collect()
}

fn shown(lines: &[&str], timeline: &Timeline, now: i64) -> String {
    let events: Vec<String> = timeline.iter().map(|event| format!("{} at {}", lines[event.kind], event.at)).collect();
    format!("{} as of {now}", events.join(", "))
}

/// The timelines of exactly so many events in which each event is at the time of the one before or a while later, all whiles being
/// different, so that no two sums of them are the same.
fn orders(events: usize, kinds: usize) -> impl Iterator<Item = Timeline> {
    let kinds = timelines(events, kinds, &[0]);
    (0..1_u32 << events.saturating_sub(1)).flat_map(move |ties| {
        let minute = |place: usize| (0..place).filter(|gap| ties >> gap & 1 == 1).map(|gap| 1 << gap).sum();
        let at: Vec<i64> = (0..events).map(minute).collect();
        let timed =
            |timeline: &Timeline| timeline.iter().zip(&at).map(|(event, at)| Event { at: *at, ..*event }).collect();
        kinds.iter().map(timed).collect::<Vec<Timeline>>()
    })
}

/// Holds the plan to the reading over all orders of up to so many events.
fn hold(lines: &[&str], most: usize) {
    let plan = plan(lines);
    let (mut sample, mut faults) = (Vec::new(), Vec::new());
    for timeline in (0..=most).flat_map(|events| orders(events, lines.len())) {
        let end = timeline.last().map_or(0, |event| event.at);
        if timeline.len() == most && !timeline.iter().take(2).any(|event| lines[event.kind] == "start") {
            continue;
        }
        for now in [end + 3].into_iter().chain((timeline.len() < most).then_some(end)) {
            let case = case(&timeline, &[], 0, now);
            let found = found(&plan, &evaluate(&plan, &case, &Settings::new()));
            let wanted: Vec<_> = answers(lines, &timeline, now)
                .into_iter()
                .map(|value| (value.unwrap_or(0), value.unwrap_or(0), value.is_none(), value.is_some()))
                .collect();
            if found != wanted {
                faults.push(format!("{}\n  is {found:?}\n  not {wanted:?}", shown(lines, &timeline, now)));
            }
            if sample.len() < 20_000 || timeline.len() == most && faults.is_empty() && end % 7 == 0 {
                sample.push(case);
            }
        }
    }
    assert!(faults.is_empty(), "{} orders are read wrongly, among them\n{}", faults.len(), faults[0]);
    let sample: Vec<Case> = sample.into_iter().step_by(9).collect();
    same_in_module(&plan, &sample);
}

#[test]
fn two_holds_end_each_by_its_own_end() {
    hold(&NAMED[..7], 5);
}

#[test]
fn what_lets_a_clock_run_on_changes_nothing() {
    hold(&GOING_ON, 4);
}

#[test]
fn one_hold_and_an_end_of_every_hold() {
    hold(&PLAIN, 5);
    hold(&NAMED, 4);
}

#[test]
fn an_event_that_is_not_placed_may_have_come_at_any_point() {
    let plan = plan(&NAMED);
    let minutes = [-1, 0, 1, 2, 3];
    for timeline in (0..=2).flat_map(|events| timelines(events, NAMED.len(), &[0, 2])) {
        for (kind, not_supplied) in (0..NAMED.len()).flat_map(|kind| [(kind, false), (kind, true)]) {
            let mut completions = placed(&timeline, kind, &minutes);
            if not_supplied {
                let two: Vec<Timeline> =
                    completions.iter().flat_map(|timeline| placed(timeline, kind, &minutes)).collect();
                completions.extend(two);
                completions.push(timeline.clone());
            }
            let unplaced: &[usize] = if not_supplied { &[] } else { &[kind] };
            let case = case(&timeline, unplaced, u64::from(not_supplied) << kind, 2);
            let outcome = evaluate(&plan, &case, &Settings::new());
            let found = found(&plan, &outcome);
            for completion in &completions {
                let wanted = answers(&NAMED, completion, 2);
                let held = found.iter().zip(&wanted).all(|((low, high, none, some), value)| match value {
                    Some(value) => *some && low <= value && value <= high,
                    None => *none,
                });
                let told = || (shown(&NAMED, &timeline, 2), NAMED[kind], shown(&NAMED, completion, 2));
                assert!(held, "{:?}\n{found:?}\n{wanted:?}", told());
            }
        }
    }
}
