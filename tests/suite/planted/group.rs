//! A made-up group of 20 trusts that all treat sepsis, 17 of them with a known cause for which they differ from the others.

use super::random::Random;
use concord_engine::values::calendar::{DAY, HOUR, date_from_days, days_from_date, local_from_instant};
use std::fmt::Write as _;

pub const CAUSES: [&str; 17] = [
    "delay",
    "omission",
    "order",
    "own_setting",
    "approval_over",
    "version",
    "times",
    "clock",
    "whole_export",
    "case_mix",
    "excused",
    "rounded",
    "duplicates",
    "near_code",
    "months",
    "change",
    "small",
];

const MINUTE: f64 = 60_000.0;
/// Arrivals by hour of the day, as in emergency departments: few at four, most at noon and in the evening.
const HOURS: [f64; 24] = [
    2.8, 2.3, 1.9, 1.7, 1.6, 1.7, 2.1, 3.0, 4.4, 5.8, 6.4, 6.5, 6.3, 6.0, 5.8, 5.7, 5.8, 5.9, 5.9, 5.6, 5.0, 4.4, 3.8,
    3.3,
];

/// A trust, with what is planted in it.
pub struct Trust {
    pub code: String,
    pub cause: Option<&'static str>,
}

/// A group: who is in it, its export, its members' settings.
pub struct Group {
    pub trusts: Vec<Trust>,
    pub csv: String,
    pub members: String,
}

/// One event of a case: its name, its instant (none where it is not known) and its value.
type Event = (&'static str, Option<i64>, String);

pub fn group(seed: u64) -> Group {
    let mut random = Random::new(seed);
    let mut causes: Vec<Option<&'static str>> = CAUSES.iter().copied().map(Some).collect();
    causes.resize(20, None);
    random.shuffle(&mut causes);
    let mut csv = "case_id,trust,age,activity,timestamp,value\n".to_owned();
    let mut members = String::new();
    let mut trusts = Vec::new();
    for (place, cause) in causes.into_iter().enumerate() {
        let code = format!("T{:02}", place + 1);
        write_trust(&mut random, &mut csv, &code, cause);
        let until = if cause == Some("approval_over") { "2025-03-31" } else { "2027-01-31" };
        if matches!(cause, Some("own_setting" | "approval_over")) {
            writeln!(
                members,
                "member \"{code}\" \"Trust {code}\" {{\n  membership full\n  acute.sepsis.antibiotics_within = 45 min\n    \
                 because \"local bundle\" approved by \"Board\" on 2024-02-01 until {until}\n}}\n"
            )
            .unwrap();
        }
        trusts.push(Trust { code, cause });
    }
    Group { trusts, csv, members }
}

/// How a trust works.
struct Ways {
    antibiotics: f64,
    missing: f64,
    after: f64,
    old: f64,
    leaves: f64,
}

fn write_trust(random: &mut Random, csv: &mut String, code: &str, cause: Option<&str>) {
    let is = |name: &str| cause == Some(name);
    let cases = if is("small") { 14 + random.below(18) } else { 380 + random.below(420) };
    let step = [5.0, 10.0, 15.0, 30.0][random.below(4)] * MINUTE;
    let within = random.chance(0.5);
    let otherwise = random.below(3);
    let first_out = 2 + random.below(8);
    let ways = Ways {
        antibiotics: 36.0 * (0.06 * random.normal()).exp() * if is("delay") || is("version") { 1.7 } else { 1.0 },
        missing: if is("omission") { 0.22 } else { 0.05 },
        after: if is("order") { 0.5 } else { 0.1 },
        old: if is("case_mix") { 0.65 } else { 0.3 },
        leaves: if is("excused") { 0.2 } else { 0.03 },
    };
    for number in 0..cases {
        let day = days_from_date(2025, 1, 1).unwrap() + i64::try_from(random.below(365)).unwrap();
        let month = date_from_days(day).1;
        if is("months") && (month == first_out as i64 || month == first_out as i64 + 1) {
            continue;
        }
        let changed = is("change") && month >= 7;
        let (age, mut events) = case(random, &ways, day, changed);
        for (name, at, _) in &mut events {
            let summer = |at: i64| if local_from_instant(at) == at { 0 } else { HOUR };
            *at = at.map(|at| match *name {
                _ if is("whole_export") => at - summer(at),
                "Antibiotics" if is("clock") => at - summer(at),
                _ if is("rounded") => (((at as f64) / step).round() * step) as i64,
                _ => at,
            });
            if is("times") && *name == "Antibiotics" && random.chance(0.2) {
                *at = None;
            }
        }
        let near = is("near_code") && random.chance(0.4);
        let code = match otherwise {
            0 if near => code.to_lowercase(),
            1 if near => format!("{code} "),
            _ => code.to_owned(),
        };
        let copies = if is("duplicates") && random.chance(0.12) { 2 } else { 1 };
        for copy in 0..copies {
            let id = if copy == 1 && within { format!("{number}-2") } else { number.to_string() };
            for (name, at, value) in &events {
                let name = if near && otherwise == 2 && *name == "Antibiotics" { "antibiotics IV" } else { name };
                let at = at.map(written).unwrap_or_default();
                writeln!(csv, "{code}-{id},{code},{age},{name},{at},{value}").unwrap();
            }
        }
    }
}

fn case(random: &mut Random, ways: &Ways, day: i64, changed: bool) -> (u64, Vec<Event>) {
    let old = random.chance(ways.old);
    let age = if old { 80 + random.below(16) } else { 18 + random.below(62) } as u64;
    // The clock on the wall says when people come.
    let wall = day * DAY + random.weighted(&HOURS) as i64 * HOUR + random.below(3_600) as i64 * 1_000;
    let arrival = if local_from_instant(wall) == wall { wall } else { wall - HOUR };
    let at = |random: &mut Random, from: i64, median: f64, spread: f64| {
        from + (random.minutes(median, spread) * MINUTE) as i64 / 1_000 * 1_000
    };
    let triage = at(random, arrival, 9.0, 0.4);
    let sepsis = at(random, triage, 12.0, 0.5);
    let mut events: Vec<Event> = vec![
        ("Registration", Some(arrival), String::new()),
        ("Triage", Some(triage), String::new()),
        ("SepsisTriage", Some(sepsis), String::new()),
    ];
    if random.chance(ways.leaves) {
        let left = at(random, sepsis, 55.0, 0.3);
        events.push(("Release", Some(left), String::new()));
        return (age, events);
    }
    let slower = if old { 1.35 } else { 1.0 } * if changed { 1.8 } else { 1.0 };
    let antibiotics = at(random, sepsis, ways.antibiotics * slower, 0.42);
    let given = !random.chance(ways.missing + if old { 0.05 } else { 0.0 });
    let lactate = if given && random.chance(ways.after) {
        at(random, antibiotics, 12.0, 0.5)
    } else {
        sepsis + (antibiotics - sepsis).min(at(random, 0, 20.0, 0.4)) * 9 / 10
    };
    if random.chance(0.94) {
        let value = random.between(0.6, 4.5);
        events.push(("Lactate", Some(lactate), format!("{value:.1}")));
        if value > 2.0 && random.chance(0.9) {
            events.push(("Fluids", Some(at(random, lactate, 26.0, 0.5)), String::new()));
        }
    }
    for name in ["Leucocytes", "CRP"] {
        let taken = sepsis + (antibiotics - sepsis).min(at(random, 0, 22.0, 0.4)) * 9 / 10;
        events.push((name, Some(taken), random.below(200).to_string()));
    }
    if given {
        events.push(("Antibiotics", Some(antibiotics), String::new()));
    }
    events.push(("AdmissionNormalCare", Some(at(random, sepsis, 240.0, 0.4)), String::new()));
    events.push(("Release", Some(at(random, sepsis, 5_000.0, 0.6)), String::new()));
    (age, events)
}

/// By the clock on the wall.
fn written(at: i64) -> String {
    let local = local_from_instant(at);
    let (year, month, day) = date_from_days(local.div_euclid(DAY));
    let second = local.rem_euclid(DAY) / 1_000;
    format!("{year}-{month:02}-{day:02} {:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
}
