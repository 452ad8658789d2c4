//! A net that knows no grammar: every number in what a protected audit gives out is held against the places from which numbers may come, so that an output
//! which is new cannot give anything away unnoticed. A number is a count, rounded by itself and part of the attack in [`super::together`]; or it is made of
//! shown counts; or a time; or no count of people at all. In a sentence it is one of these again.

use super::places::{COUNTS, FIGURES, MADE, NOT_PEOPLE, OTHERS, PHRASES, SENTENCES};
use super::{export, given_out, small_ones};
use crate::packages::{Random, TempFolder, authored};
use concord_engine::values::calendar::MONTHS;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// All numbers and texts of an audit, by their paths.
#[derive(Default)]
struct Given {
    numbers: BTreeMap<String, Vec<f64>>,
    texts: BTreeMap<String, Vec<String>>,
}

impl Given {
    fn add(&mut self, value: &Value, path: &str) {
        match value {
            Value::Object(of) => of.iter().for_each(|(name, value)| {
                self.add(value, &if path.is_empty() { name.clone() } else { format!("{path}.{name}") });
            }),
            Value::Array(of) => of.iter().for_each(|value| self.add(value, path)),
            Value::Number(of) => self.numbers.entry(path.to_owned()).or_default().push(of.as_f64().unwrap()),
            Value::String(of) => self.texts.entry(path.to_owned()).or_default().push(of.clone()),
            Value::Bool(_) | Value::Null => {}
        }
    }
}

fn is_among(list: &[(&str, &str)], path: &str) -> bool {
    let (of, name) = path.rsplit_once('.').unwrap_or(("", path));
    list.iter().any(|(folder, names)| *folder == of && names.split(' ').any(|one| one == name))
}

/// Numbers of a text, each with what comes after it.
fn numbers(text: &str) -> Vec<(String, &str)> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(|letter: char| letter.is_ascii_digit()) {
        // What is part of a name is no number.
        let named = rest[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_');
        rest = &rest[at..];
        let end =
            rest.find(|letter: char| !letter.is_ascii_digit() && letter != ',' && letter != '.').unwrap_or(rest.len());
        let number = rest[..end].trim_end_matches([',', '.']);
        rest = &rest[number.len()..];
        if !named {
            found.push((number.replace(',', ""), rest));
        }
    }
    found
}

/// What shares of verdicts may be said of an organisation: of what is shown, and at the ends of what that stands for; and of the others, the middle of two of these.
fn shares(audit: &Value, percents: &mut BTreeSet<String>) {
    for of in audit["obligations"].as_array().unwrap() {
        // By what is asked, and by which end.
        let mut of_each: BTreeMap<(usize, usize), Vec<f64>> = BTreeMap::new();
        for row in of["organisations"].as_array().unwrap() {
            for (of, share) in shares_of(row) {
                of_each.entry(of).or_default().push(share);
            }
        }
        for shares in of_each.values() {
            let pairs = shares.iter().flat_map(|one| shares.iter().map(move |other| (one + other) / 2.0));
            percents.extend(pairs.map(|share| format!("{:.1}", 100.0 * share)));
        }
    }
}

/// Those of one organisation.
fn shares_of(row: &Value) -> Vec<((usize, usize), f64)> {
    let mut found = Vec::new();
    let bounds = |name: &str| match row[1][name].as_f64() {
        None => (1.0, 7.0),
        Some(0.0) => (0.0, 0.0),
        Some(count) => (f64::max(count - 2.0, 8.0), count + 2.0),
    };
    let sum =
        |names: &[&str]| names.iter().map(|name| bounds(name)).fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    let parts: [(&[&str], &[&str]); 4] = [
        (&["missed"], &["met", "late"]),
        (&["late"], &["met", "missed"]),
        (&["late", "missed"], &["met"]),
        (&["excused"], &["met", "late", "missed", "unknown"]),
    ];
    for (asked, (part, rest)) in parts.into_iter().enumerate() {
        let (part, rest) = (sum(part), sum(rest));
        let middle = |(least, most): (f64, f64)| ((least + most) / 2.0).floor();
        let ends = [(part.0, rest.1), (part.1, rest.0), (middle(part), middle(rest))];
        found.extend(ends.iter().enumerate().map(|(end, (part, rest))| ((asked, end), part / (part + rest).max(1.0))));
    }
    found
}

/// What is not accounted for in some results; as many sentences as were read.
pub fn unaccounted(results: &Value) -> (usize, Vec<String>) {
    let (mut found, mut read) = (Vec::new(), 0);
    let mut all = (BTreeSet::new(), Vec::new());
    for audit in results["audits"].as_array().unwrap() {
        let mut given = Given::default();
        given.add(audit, "");
        found.extend(out_of_place(&given));
        let (mut percents, plain) = known(&given);
        shares(audit, &mut percents);
        for (path, texts) in given.texts.iter().filter(|(path, _)| SENTENCES.contains(&path.as_str())) {
            read += texts.len();
            let odd = texts.iter().filter_map(|text| odd(text, &percents, &plain));
            found.extend(odd.map(|odd| format!("{path}: {odd}")));
        }
        all.0.extend(percents);
        all.1.extend(plain);
    }
    all.1.sort_by_key(|text: &String| std::cmp::Reverse(text.len()));
    for headline in results["headlines"].as_array().into_iter().flatten() {
        read += 1;
        found.extend(odd(headline["text"].as_str().unwrap(), &all.0, &all.1).map(|odd| format!("headlines: {odd}")));
    }
    (read, found)
}

/// Numbers where none is known to come from, and counts that are not rounded.
fn out_of_place(given: &Given) -> Vec<String> {
    let mut found = Vec::new();
    for (path, numbers) in &given.numbers {
        let lists = [COUNTS, MADE, FIGURES, OTHERS];
        if !lists.iter().any(|list| is_among(list, path)) {
            found.push(format!("{path}: where do {numbers:?} come from?"));
        }
        if is_among(COUNTS, path) && !is_among(OTHERS, path) {
            let exact = numbers.iter().find(|number| **number % 5.0 != 0.0);
            found.extend(exact.map(|number| format!("{path} is {number}, and not rounded")));
        }
    }
    found
}

/// Shares as they are told in a sentence, and texts with numbers that are not the program's.
fn known(given: &Given) -> (BTreeSet<String>, Vec<String>) {
    let made = given.numbers.iter().filter(|(path, _)| is_among(MADE, path) || path.ends_with("target.value"));
    let made: Vec<f64> = made.flat_map(|(_, numbers)| numbers.iter().map(|number| number.abs())).collect();
    let mut percents: BTreeSet<String> = made.iter().map(|number| format!("{:.1}", number * 100.0)).collect();
    percents.extend(made.iter().map(|number| format!("{number:.2}")));
    let targets = given.numbers.get("measures.target.value").into_iter().flatten();
    let rates: Vec<f64> = given
        .numbers
        .iter()
        .filter(|(path, _)| path.ends_with("rate.value"))
        .flat_map(|(_, numbers)| numbers.iter().copied())
        .collect();
    for target in targets {
        percents.insert(format!("{:.0}", target * 100.0));
        percents.extend(rates.iter().map(|rate| format!("{:.1}", (rate - target).abs() * 100.0)));
    }
    // How many cases are usual elsewhere: those of one, or the middle of two.
    let sizes = given.numbers.get("members.cases").into_iter().flatten().copied().chain([4.0]).collect::<Vec<f64>>();
    percents.extend(
        sizes.iter().flat_map(|one| sizes.iter().map(move |other| format!("of {}", ((one + other) / 2.0).floor()))),
    );
    // Of the tenth below it.
    percents.extend((0..=10).map(|tenth| format!("{tenth}0.0")));
    percents.extend(made.iter().map(|number| format!("{number:.3}")));
    let texts = given.texts.iter().filter(|(path, _)| !SENTENCES.contains(&path.as_str()));
    // What is nothing but a number excuses none.
    let is_name = |text: &&String| text.contains(|c: char| c.is_ascii_digit()) && text.contains(char::is_alphabetic);
    let plain = texts.flat_map(|(_, texts)| texts).filter(is_name);
    let mut plain: Vec<String> = plain.cloned().collect::<BTreeSet<String>>().into_iter().collect();
    plain.sort_by_key(|text| std::cmp::Reverse(text.len()));
    (percents, plain)
}

/// A text without another, where that is no part of a word or number.
fn without(text: &str, known: &str) -> String {
    let (mut left, mut from) = (String::new(), 0);
    while let Some(at) = text[from..].find(known).map(|at| at + from) {
        let end = at + known.len();
        let (before, mut after) = (text[..at].chars().next_back(), text[end..].chars());
        let (next, then) = (after.next(), after.next());
        let joins = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let of_number = |letter: Option<char>| letter.is_some_and(|letter| ['.', ',', '%'].contains(&letter));
        let begins = joins(before) || of_number(before) && known.starts_with(|letter: char| letter.is_ascii_digit());
        let goes_on =
            joins(next) || next == Some('%') || of_number(next) && then.is_some_and(|then| then.is_ascii_digit());
        left.push_str(&text[from..at]);
        left.push_str(if begins || goes_on { known } else { "…" });
        from = end;
    }
    left.push_str(&text[from..]);
    left
}

/// A sentence with a number that nothing accounts for.
fn odd(text: &str, percents: &BTreeSet<String>, plain: &[String]) -> Option<String> {
    let mut left = text.to_owned();
    for known in PHRASES.into_iter().chain(plain.iter().map(String::as_str)) {
        left = without(&left, known);
    }
    let odd = numbers(&left).into_iter().find(|(number, rest)| {
        let value: f64 = number.parse().unwrap_or(f64::NAN);
        let word = rest.trim_start().split([' ', ',', '.', ';', ')']).next().unwrap_or("");
        let is_year = (1990.0..2100.0).contains(&value) && value.fract() == 0.0;
        let is_share = (rest.starts_with('%') || number.contains('.')) && percents.contains(number);
        // A count that is told is rounded; what small-number control hides has no number.
        let is_rounded = !rest.starts_with('%') && value % 5.0 == 0.0
            || percents.contains(&format!("of {number}")) && text.contains("elsewhere");
        let of_periods = rest.starts_with(" may have")
            || rest.strip_prefix(" of ").is_some_and(|of| {
                let word = of.split(' ').nth(1);
                word.is_some_and(|word| word.starts_with("period") || word.starts_with("month"))
            });
        let of_others =
            of_periods || NOT_PEOPLE.iter().chain(&MONTHS).any(|known| word == *known || word == format!("{known}s"));
        !(is_year || is_share || is_rounded || of_others || is_share_of_target(number, percents, rest))
    });
    odd.map(|(number, _)| format!("where does {number} come from in \"{text}\"?"))
}

/// A target is told as it is written: `95%`.
fn is_share_of_target(number: &str, percents: &BTreeSet<String>, rest: &str) -> bool {
    rest.starts_with('%') && (percents.contains(number) || percents.contains(&format!("{number}.0")))
}

#[test]
fn every_number_of_a_protected_audit_comes_from_somewhere() {
    let (package, folder) = (authored("acute/sepsis"), TempFolder::new());
    let mut dice = Random::seeded(20_261_201);
    let mut sentences = 0;
    for audit in 0..40 {
        let patients = small_ones(&mut dice);
        let files = given_out(&package, &export(&patients, &[]), &folder);
        let results: Value = serde_json::from_str(&files["results.json"]).unwrap();
        let (read, found) = unaccounted(&results);
        assert!(found.is_empty(), "audit {audit}: {found:#?}");
        sentences += read;
        beside_results(&results, &files, audit);
    }
    assert!(sentences > 500, "{sentences}");
}

/// Tables and measure reports have no number that the results do not have.
fn beside_results(results: &Value, files: &BTreeMap<String, String>, audit: usize) {
    let mut given = Given::default();
    given.add(results, "");
    let known: BTreeSet<String> = given.numbers.values().flatten().map(|number| format!("{number:.9}")).collect();
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let mut table = csv::Reader::from_reader(text.as_bytes());
        let headers = table.headers().unwrap().clone();
        for record in table.records().map(Result::unwrap) {
            for (column, field) in
                headers.iter().zip(&record).filter(|(column, _)| !["period", "group"].contains(column))
            {
                if let Ok(number) = field.parse::<f64>() {
                    assert!(known.contains(&format!("{number:.9}")), "audit {audit}: {column} of {name} is {field}");
                }
            }
        }
    }
    let mut reports = Given::default();
    reports.add(&serde_json::from_str(&files["measure-report.json"]).unwrap(), "");
    for (path, numbers) in reports.numbers {
        // Those who are excused stand in the denominator of R4.
        let is_known = |number: &f64| {
            known.contains(&format!("{number:.9}")) || path.ends_with("population.count") && number % 5.0 == 0.0
        };
        assert!(numbers.iter().all(is_known), "audit {audit}: {path} of measure reports is {numbers:?}");
    }
}

#[test]
fn a_number_from_nowhere_is_found() {
    let audit = |text: &str, more: Value| {
        let mut audit = serde_json::json!({ "obligations": [], "measures": [{ "total": { "rate": { "value": 0.25 } } }], "data": { "notes": [text] } });
        audit["members"] = more;
        unaccounted(&serde_json::json!({ "audits": [audit] })).1.len()
    };
    let none = || serde_json::json!([]);
    assert_eq!(["1 to 7 cases", "25.0% of 40 cases in 3 months", "since 2026"].map(|text| audit(text, none())), [0; 3]);
    assert_eq!(["3 cases", "26.0% of them", "41 rows", "it has 12.7 of them"].map(|text| audit(text, none())), [1; 4]);
    assert_eq!(audit("", serde_json::json!([{ "cases": 10, "new": 3 }])), 1);
    assert_eq!(audit("", serde_json::json!([{ "cases": 11 }])), 1);
}
