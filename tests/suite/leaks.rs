//! Small numbers, attacked from all outputs together: two exports that differ in nothing but small counts, and in others only as far as rounding hides it, must give the
//! same report to the last byte. Then no subtraction, rate, coordinate, quantile, sentence or list tells one from the other, as nothing does.

mod as_run;
mod beside;
mod figures;
pub mod origins;
mod places;
mod solver;
mod together;

use crate::audit::{judged, results};
use crate::packages::{Random, TempFolder, authored};
use concord_cli::audit::{Options, Split};
use concord_cli::data::read::{ReadOptions, load_mapping, read_export};
use concord_cli::report::{csv, html, measure_report, summary};
use concord_engine::plan::Package;
use concord_engine::values::calendar::{DAY, read_instant};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const MAP: &str = include_str!("samples/group.map.toml");
const AUDITS: usize = 200;

/// What became of a patient: no antibiotic, or one so many minutes after triage.
const OUTCOMES: [Option<i64>; 4] = [None, Some(20), Some(90), Some(-5)];

#[derive(Clone)]
struct Patient {
    trust: &'static str,
    month: usize,
    hour: usize,
    age: u32,
    outcome: usize,
}

/// Rows that stand beside those of patients, and how many of each.
const ODD: [&str; 5] = [
    "p1,T4,60,Nonsense,2026-03-02 10:00:00,\n",
    "p1,T4,Triage\n",
    "p2,T4,60,Triage,2029-01-01 10:00:00,\n",
    "p3,T4,60,Triage,at ten,\n",
    "p2,T4,60,CRP,2026-03-02 10:00:00,many\n",
];

fn export(patients: &[Patient], odd: &[usize]) -> String {
    let mut text = "case_id,trust,age,activity,timestamp,value\n".to_owned();
    for (number, Patient { trust, month, hour, age, outcome }) in patients.iter().enumerate() {
        let mut row = |what: &str, minutes: i64| {
            let at = i64::try_from(*hour).unwrap() * 60 + minutes;
            writeln!(text, "p{number:04},{trust},{age},{what},2026-{month:02}-11 {:02}:{:02}:00,", at / 60, at % 60)
                .unwrap();
        };
        row("SepsisTriage", 0);
        OUTCOMES[*outcome].into_iter().for_each(|minutes| row("Antibiotics", minutes));
    }
    odd.iter().zip(ODD).for_each(|(count, row)| text.push_str(&row.repeat(*count)));
    text
}

/// All that an audit with small-number control gives out, file by file.
fn given_out(package: &Package, text: &str, folder: &TempFolder) -> BTreeMap<String, String> {
    let mapping = load_mapping(package, &folder.write("m.toml", MAP.as_bytes())).unwrap_or_else(|e| panic!("{e}"));
    let as_of = read_instant("2026-12-31T00:00:00Z").unwrap();
    let options = ReadOptions { as_of, ..ReadOptions::default() };
    let paths = [folder.write("d.csv", text.as_bytes())];
    let mut export = read_export(&package.plan, &mapping, &paths, &options, &mut |_| {}).unwrap();
    // Whoever has the file has everything.
    export.data.files.iter_mut().for_each(|file| file.sha256.clear());
    let splits = vec![Split::named(&package.plan, "trust").unwrap_or_else(|why| panic!("{why}"))];
    let options = Options { as_of: as_of / DAY, splits, ..Options::default() };
    let audit = judged(package, &export, &options);
    let line = summary::in_a_line(&audit);
    let results = results(vec![audit]);
    let mut files: BTreeMap<String, String> =
        csv::files(&results).into_iter().map(|(name, text)| (name.to_string(), text)).collect();
    files.insert("report.html".to_owned(), html::page(&results));
    files.insert("results.json".to_owned(), serde_json::to_string_pretty(&results).unwrap());
    let reports = measure_report::bundle(&results);
    files.insert("measure-report.json".to_owned(), serde_json::to_string_pretty(&reports).unwrap());
    files.insert("in a line".to_owned(), line);
    files
}

/// What is shown of a count.
fn class(count: usize) -> usize {
    match count {
        0 => 0,
        1..=7 => 1,
        _ => (count + 2) / 5 * 5,
    }
}

/// What is shown of the small trusts: of their patients, all and of each month, of any of some kinds, by age and outcome.
fn shown(patients: &[Patient]) -> Vec<usize> {
    let mut shown = Vec::new();
    let parts = ["T1", "T2"].into_iter().flat_map(|trust| [None, Some(3), Some(4)].map(|month| (trust, month)));
    for (trust, month) in parts {
        let mut kinds = [0; 2 * OUTCOMES.len()];
        let within = |one: &&Patient| one.trust == trust && month.is_none_or(|month| one.month == month);
        for one in patients.iter().filter(within) {
            kinds[usize::from(one.age >= 16) * OUTCOMES.len() + one.outcome] += 1;
        }
        let some = |set: usize| kinds.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, n)| n).sum();
        shown.extend((1..1 << kinds.len()).map(|set| class(some(set))));
    }
    shown
}

/// What may become of a patient, each as often as it weighs.
fn by_weight(weights: &[usize]) -> Vec<usize> {
    weights.iter().enumerate().flat_map(|(at, weight)| vec![at; *weight]).collect()
}

fn made_up(dice: &mut Random) -> Vec<Patient> {
    let mut patients = Vec::new();
    let mut dice = |most: u64| usize::try_from(dice.below(most)).unwrap();
    let (small, other) = (8 + dice(12), dice(70));
    let weights = [dice(4), 1 + dice(6), dice(4), dice(3)];
    let children = dice(2) == 0;
    let outcomes = by_weight(&weights);
    let mut patient = |trust, month: usize, hour, age| {
        let outcome = outcomes[dice(outcomes.len() as u64)];
        patients.push(Patient { trust, month, hour, age, outcome });
    };
    // The two small trusts have patients alike, but for what became of them.
    for trust in ["T1", "T2"] {
        (0..small).for_each(|n| patient(trust, 3 + n % 2, 8 + n % 9, if children && n % 6 == 5 { 12 } else { 60 }));
    }
    for trust in ["T3", "T4"] {
        (0..other).for_each(|n| patient(trust, 1 + n % 12, 8 + n % 10, 60));
    }
    patients
}

/// Another export that must look the same: what became of two patients, who are alike otherwise, is exchanged between two trusts.
fn exchanged(patients: &[Patient]) -> Option<Vec<Patient>> {
    let small = patients.iter().filter(|one| one.trust == "T1").count();
    let before = shown(patients);
    (0..small).find_map(|n| {
        let mut other = patients.to_vec();
        (other[n].outcome, other[small + n].outcome) = (patients[small + n].outcome, patients[n].outcome);
        let differs = other[n].outcome != patients[n].outcome;
        (differs && shown(&other) == before).then_some(other)
    })
}

/// One odd row more, where neither its count nor any sum with it, nor the size of the file, is shown to be another.
fn one_more(patients: &[Patient], odd: &[usize]) -> Option<Vec<usize>> {
    let of_patients = export(patients, &[]).lines().count() - 1;
    let sums = |odd: &[usize]| -> Vec<usize> {
        // The first of several rows alike is no copy.
        let copies: Vec<usize> = odd.iter().map(|count| count.saturating_sub(1)).collect();
        let some = |of: &[usize], set: usize| -> usize {
            of.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, count)| count).sum()
        };
        let sums =
            (1..1 << odd.len()).flat_map(|set| [some(odd, set), some(odd, set) + of_patients, some(&copies, set)]);
        sums.map(class).collect()
    };
    (0..odd.len()).find_map(|at| {
        let mut other = odd.to_vec();
        other[at] += 1;
        let size = |odd: &[usize]| (export(patients, odd).len() + 500) / 1_000;
        // The second of two rows alike is the first copy.
        let hidden = odd[at] >= 2 && sums(odd) == sums(&other) && size(odd) == size(&other);
        hidden.then_some(other)
    })
}

#[track_caller]
fn same(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>, what: &str) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{what}");
    // What is easier to read comes first.
    for (name, text) in one.iter().rev() {
        let other = &other[name];
        let place = text.bytes().zip(other.bytes()).position(|(a, b)| a != b);
        let near = |text: &str| {
            let at = place.unwrap_or_default();
            String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(300)..(at + 60).min(text.len())]).into_owned()
        };
        assert!(text == other, "{what}: {name} tells one from the other:\n{}\n\n{}", near(text), near(other));
    }
}

/// Where organisations are large: how many of their patients have a time, and how many of these lie just under a limit.
#[test]
fn how_many_have_a_time_is_told_as_other_counts_are() {
    let (package, folder) = (authored("acute/sepsis"), TempFolder::new());
    // Of the first so many of one organisation another time is known than 20 minutes, or none.
    let audit = |some: usize, known: Option<&str>| {
        let patient = |trust: &'static str, n: usize| {
            let outcome = usize::from(trust != "T1" || n >= some || known.is_some());
            Patient { trust, month: 3, hour: 8 + n % 9, age: 60, outcome }
        };
        let patients: Vec<Patient> =
            ["T1", "T2", "T3"].into_iter().flat_map(|trust| (0..80).map(move |n| patient(trust, n))).collect();
        let text = (0..some).fold(export(&patients, &[]), |text, n| {
            let row = |minute: &str| format!("p{n:04},T1,60,Antibiotics,2026-03-11 {:02}:{minute}:00", 8 + n % 9);
            text.replace(&row("20"), &row(known.unwrap_or("20")))
        });
        given_out(&package, &text, &folder)
    };
    let (three, four) = (audit(3, None), audit(4, None));
    assert!(three["delays.csv"].contains(",75,"), "{}", three["delays.csv"]);
    same(&three, &four, "three or four without a time");
    let (some, more) = (audit(41, Some("58")), audit(42, Some("58")));
    assert!(some["checks.csv"].contains("just under the limit"), "{}", some["checks.csv"]);
    same(&some, &more, "41 or 42 of 80 just under the limit");
    let (some, more) = (audit(41, Some("55")), audit(42, Some("55")));
    same(&some, &more, "41 or 42 of 80 on a step of minutes");
}

#[test]
fn no_output_tells_apart_what_small_number_control_hides() {
    let (package, folder) = (authored("acute/sepsis"), TempFolder::new());
    let mut dice = Random::seeded(20_261_129);
    let (mut tried, mut rows_tried, mut made) = (0, 0, 0);
    while tried < AUDITS {
        made += 1;
        let patients = made_up(&mut dice);
        let Some(other) = exchanged(&patients) else { continue };
        tried += 1;
        let mut odd = || -> Vec<usize> { (0..ODD.len()).map(|_| usize::try_from(dice.below(8)).unwrap()).collect() };
        let draws: Vec<Vec<usize>> = (0..40).map(|_| odd()).collect();
        let found = draws.iter().find_map(|odd| Some((odd, one_more(&patients, odd)?)));
        let odd = found.as_ref().map_or(&draws[0], |(odd, _)| *odd);
        let given = given_out(&package, &export(&patients, odd), &folder);
        same(&given, &given_out(&package, &export(&other, odd), &folder), &format!("audit {made}, patients exchanged"));
        if let Some((odd, other)) = &found {
            rows_tried += 1;
            let what = format!("audit {made}, {odd:?} odd rows and {other:?}");
            same(&given, &given_out(&package, &export(&patients, other), &folder), &what);
        }
    }
    assert!(rows_tried > AUDITS / 10, "{rows_tried}");
}

/// Organisations of any size, most of them small, with a month in which hardly anybody came.
fn small_ones(dice: &mut Random) -> Vec<Patient> {
    let mut patients = Vec::new();
    let mut dice = |most: usize| usize::try_from(dice.below(most as u64)).unwrap();
    let (trusts, some_without) = (2 + dice(3), dice(4) == 0);
    let weights = [dice(3), 1 + dice(8), dice(5), dice(2)];
    let outcomes = by_weight(&weights);
    let months = 1 + dice(12);
    for trust in ["T1", "T2", "T3", "T4"].into_iter().take(trusts) {
        let size = match dice(3) {
            0 => 1 + dice(9),
            1 => 8 + dice(24),
            _ => 20 + dice(60),
        };
        for _ in 0..size {
            let age = [12, 40, 60, 80, 80][dice(5)];
            let outcome = outcomes[dice(outcomes.len())];
            let trust = if some_without && dice(9) == 0 { "" } else { trust };
            patients.push(Patient { trust, month: 1 + dice(months), hour: 8 + dice(9), age, outcome });
        }
    }
    patients
}
