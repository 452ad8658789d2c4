//! Clocks whose lines date their events otherwise, in whatever order these were entered: held to a reading that knows nothing of the engine and
//! counts the paused minutes of a period one by one.

use concord_engine::evaluate::{Outcome, evaluate};
use concord_engine::plan::case::{Case, Datum, Occurrence, Settings, When};
use concord_engine::plan::{AnswerKind, Id, KindId, Plan, Verdict};

use crate::generate::Random;
use crate::packages;
use crate::sentences::same_in_module;
use crate::sentences::timelines::instant;

const LINES: [&str; 8] = ["start", "stop", "pause a", "resume a", "pause b", "resume b", "resume", "nullify"];
/// How many minutes each of the rules allows.
const LIMITS: [i64; 3] = [0, 2, 7];

/// An event as it was entered, and the minute that it gives.
#[derive(Clone, Copy, Debug)]
struct Entered {
    kind: usize,
    at: i64,
    on: i64,
}

/// The rule in which the lines of some verbs are dated.
fn plan(dated: &[&str]) -> Plan {
    let mut text = "subject S {\n".to_owned();
    (0..LINES.len()).for_each(|kind| text += &format!("  event E{kind} {{ on : instant }}\n"));
    text += "}\nclock c {\n";
    for (kind, line) in LINES.iter().enumerate() {
        let (verb, hold) = line.split_once(' ').unwrap_or((line, ""));
        let name = if hold.is_empty() { String::new() } else { format!(" as {hold}") };
        let on = if dated.contains(&verb) { " at on" } else { "" };
        text += &format!("  {verb} E{kind}{on}{name}\n");
    }
    text += "}\n";
    for (number, limit) in LIMITS.iter().enumerate() {
        text += &format!("obligation o{number} {{ for each period of c expect stop within {limit} min }}\n");
        text += &format!("obligation n{number} {{ for each period of c expect no stop within {limit} min }}\n");
    }
    packages::compile(&concord_tests::text::whole(&text)).plan
}

#[derive(Clone, Debug)]
struct Period {
    start: i64,
    stop: Option<i64>,
    /// From when to when each hold was on.
    holds: Vec<(i64, i64)>,
}

impl Period {
    fn paused(&self, now: i64) -> i64 {
        let minutes = self.start..self.stop.unwrap_or(now);
        let is_paused = |minute: &i64| self.holds.iter().any(|(from, until)| from <= minute && minute < until);
        minutes.filter(is_paused).count() as i64
    }

    fn judge(&self, limit: i64, no: bool, now: i64) -> Verdict {
        let due = self.start + limit + self.paused(now);
        match (self.stop.filter(|stop| *stop >= self.start), no) {
            (Some(stop), false) if stop <= due => Verdict::Met,
            (Some(_), false) => Verdict::Late,
            (Some(stop), true) if stop <= due => Verdict::Missed,
            (_, true) if due < now => Verdict::Met,
            (_, false) if due < now => Verdict::Missed,
            _ => Verdict::Open,
        }
    }
}

/// What the lines make of events in the order in which they were entered, and whether the clock runs in the end.
fn read(dated: &[&str], events: &[Entered], now: i64) -> (Vec<Period>, bool) {
    let mut periods: Vec<Period> = Vec::new();
    let (mut running, mut on, mut since) = (false, Vec::new(), 0);
    for event in events.iter().filter(|event| event.at <= now) {
        let (verb, hold) = LINES[event.kind].split_once(' ').unwrap_or((LINES[event.kind], ""));
        if verb != "start" && dated.contains(&verb) && event.on > now {
            continue;
        }
        let held = !on.is_empty();
        let ends = running && matches!(verb, "stop" | "nullify");
        match verb {
            "start" if !running => {
                periods.push(Period { start: event.on, stop: None, holds: Vec::new() });
                running = true;
            }
            "pause" if running && !on.contains(&hold) => on.push(hold),
            "resume" => on.retain(|name| !hold.is_empty() && *name != hold),
            _ if ends => (running, on) = (false, Vec::new()),
            _ => {}
        }
        match (held, on.is_empty()) {
            (false, false) => since = event.on,
            (true, true) => periods.last_mut().unwrap().holds.push((since, event.on)),
            _ => {}
        }
        match verb {
            "stop" if ends => periods.last_mut().unwrap().stop = Some(event.on),
            "nullify" if ends => drop(periods.pop()),
            _ => {}
        }
    }
    if !on.is_empty() {
        periods.last_mut().unwrap().holds.push((since, now));
    }
    (periods, running)
}

/// The answers that a reading gives, in the order of the plan's: none, or a number; the counts of an obligation one after another.
fn answers(dated: &[&str], events: &[Entered], now: i64) -> Vec<Option<i64>> {
    let (periods, running) = read(dated, events, now);
    let last = periods.last();
    let mut all = vec![
        Some(i64::from(running)),
        i64::try_from(periods.len()).ok(),
        last.map(|period| instant(period.start)),
        last.and_then(|period| period.stop).map(instant),
    ];
    for (limit, no) in LIMITS.into_iter().flat_map(|limit| [(limit, false), (limit, true)]) {
        let verdicts: Vec<Verdict> = periods.iter().map(|period| period.judge(limit, no, now)).collect();
        all.extend(Verdict::ALL.map(|verdict| Some(verdicts.iter().filter(|v| **v == verdict).count() as i64)));
    }
    all
}

/// What the plan says of the same.
fn found(plan: &Plan, outcome: &Outcome) -> Vec<Option<i64>> {
    let cells = plan.answers.iter().flat_map(|answer| match &answer.kind {
        AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => vec![*cell],
        AnswerKind::Obligation(obligation) => obligation.counts.unwrap().to_vec(),
    });
    cells.map(|cell| outcome.only(plan, cell).expect("all is known").value()).collect()
}

fn case(events: &[Entered], now: i64) -> Case {
    let occurrence = |event: &Entered| Occurrence {
        kind: KindId::at(event.kind),
        at: When::from(Some(instant(event.at))),
        fields: vec![Datum::Known(instant(event.on))],
    };
    Case { as_of: instant(now), events: events.iter().map(occurrence).collect(), ..Case::default() }
}

#[test]
fn holds_and_periods_go_by_the_dates_that_their_lines_give() {
    for (seed, dated) in
        [&["start", "stop", "pause", "resume"][..], &["pause", "resume"], &["stop"], &["resume", "start"]]
            .into_iter()
            .enumerate()
    {
        let (plan, mut random, mut cases) = (plan(dated), Random::new(seed as u64), Vec::new());
        for _ in 0..6_000 {
            let mut at = 0;
            let mut events: Vec<Entered> = Vec::new();
            for place in 0..random.below(9) {
                at += random.between(0, 4);
                // Most begin with a period, as nothing else is worth asking.
                let kind = if place == 0 && random.percent(90) { 0 } else { random.below(LINES.len()) };
                let verb = LINES[kind].split(' ').next().unwrap();
                let on = if dated.contains(&verb) && random.percent(60) { random.between(-5, 25) } else { at };
                events.push(Entered { kind, at, on });
            }
            let now = at + random.between(0, 9);
            let case = case(&events, now);
            let found = found(&plan, &evaluate(&plan, &case, &Settings::new()));
            assert_eq!(found, answers(dated, &events, now), "{dated:?} {events:?} as of {now}");
            cases.push(case);
        }
        cases.truncate(1_500);
        same_in_module(&plan, &cases);
    }
}
