//! An attack with all counts together: whoever has the report writes down each count with what it may be, and every sum between them, and works out what is
//! left (`solver`). It is written anew here, from what `results.json` says, which all other files and the page are drawn from.

use super::beside;
use super::solver::{Counts, Sum, worked_out};
use super::{MAP, ODD, OUTCOMES, Patient, export, small_ones};
use crate::audit::{judged, results};
use crate::packages::{Random, TempFolder, authored};
use concord_cli::audit::{Disclosure, Options, Split};
use concord_cli::data::read::{ReadOptions, load_mapping, read_export};
use concord_engine::plan::Package;
use concord_engine::values::calendar::{DAY, read_instant};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const AUDITS: usize = 200;
/// A count of 1 to 7 may be one of so many numbers at least: what `docs/auditing.md` promises.
const LEAST_LEFT: i64 = 3;
/// More than any count.
const ANY: i64 = 1 << 40;
/// The bit that says that what is hidden of a row may be anything.
const WITHHELD: u64 = 1 << 7;

const VERDICTS: [&str; 7] = ["not_applicable", "excused", "met", "late", "missed", "open", "unknown"];
const COUNTS: [&str; 5] = ["numerator", "denominator", "excluded", "open", "unknown"];
/// Sums that no table names; and what is listed, and so is not none.
const NOT_COUNTED: [&str; 7] =
    ["done of ", "decided of ", "perhaps of ", "listed in ", "needs of ", "cells of ", "left over of "];
const ROWS: [&str; 6] = ["rows", "rows_used", "rows_rejected", "values_rejected", "cases", "events"];

/// The results of an audit of the same export, exact and protected; by fewer splits where it is `bare`, and exactly by all of them.
fn both(package: &Package, text: &str, folder: &TempFolder, bare: bool) -> [Value; 3] {
    let mapping = load_mapping(package, &folder.write("m.toml", MAP.as_bytes())).unwrap_or_else(|e| panic!("{e}"));
    let as_of = read_instant("2026-12-31T00:00:00Z").unwrap();
    let options = ReadOptions { as_of, ..ReadOptions::default() };
    let paths = [folder.write("d.csv", text.as_bytes())];
    let export = read_export(&package.plan, &mapping, &paths, &options, &mut |_| {}).unwrap();
    let exact = || Disclosure::Off("to hold against".to_owned());
    [(exact(), bare), (Disclosure::On, bare), (exact(), false)].map(|(disclosure, bare)| {
        let mut options = Options { as_of: as_of / DAY, disclosure, ..Options::default() };
        if !bare {
            options.splits = vec![Split::named(&package.plan, "trust").unwrap_or_else(|why| panic!("{why}"))];
            options.cross = vec![("age band".to_owned(), "trust".to_owned())];
        }
        let results = results(vec![judged(package, &export, &options)]);
        serde_json::to_value(&results).unwrap()["audits"][0].take()
    })
}

/// What a count is told to be; nothing where it is not told.
pub(super) fn told(count: &Value, hidden: u64, exact: bool) -> Option<(i64, i64)> {
    match count.as_i64() {
        Some(n) if exact || n == 0 => Some((n, n)),
        Some(n) => Some(((n - 2).max(8), n + 2)),
        None => (hidden & WITHHELD == 0).then_some((1, 7)),
    }
}

/// Every count of an audit by name.
struct Written {
    counts: Counts,
    exact: bool,
}

impl Written {
    fn of(audit: &Value, exact: bool) -> Counts {
        let mut all = Written { counts: Counts::new(), exact };
        all.export(&audit["data"]);
        list(&audit["obligations"]).for_each(|of| all.obligation(of));
        list(&audit["measures"]).for_each(|of| all.measure(of));
        for member in list(&audit["members"]) {
            let code = word(&member["code"]);
            let withheld = if member["cases_withheld"] == true { WITHHELD } else { 0 };
            // Who is listed has a case.
            let cases = told(&member["cases"], withheld, exact).or(Some((1, ANY)));
            all.put(format!("cases of {code}"), cases);
            for month in list(&member["months"]) {
                all.put(format!("month {}|{code}", word(&month[0])), told(&month[1], 0, exact));
            }
        }
        beside::written(&mut all.counts, audit, exact);
        all.counts
    }

    fn put(&mut self, name: String, told: Option<(i64, i64)>) {
        if let Some(told) = told {
            self.counts.insert(name, told);
        }
    }

    fn row(&mut self, row: &Value, names: &[&str], of: &str) {
        let hidden = row["hidden"].as_u64().unwrap();
        for name in names {
            self.put(format!("{name} {of}"), told(&row[name], hidden, self.exact));
        }
    }

    /// A row of a measure that stands only where it counts a case.
    fn listed(&mut self, row: &Value, of: &str) {
        self.row(row, &COUNTS, &format!("in {of}"));
        let cases = COUNTS[1..].iter().map(|name| row[name].as_i64().unwrap_or(0)).sum();
        self.put(format!("listed in {of}"), Some(if self.exact { (cases, cases) } else { (1, ANY) }));
    }

    fn export(&mut self, data: &Value) {
        self.row(data, &ROWS, "of the data");
        // The page says that of cases in words of its own.
        self.put("cases of the data".to_owned(), told(&data["cases"], 0, self.exact));
        for line in list(&data["completeness"]) {
            self.row(line, &["present", "missing"], &format!("complete|{}", word(&line["name"])));
        }
        for (kind, what) in [("rows_left_out", "left out"), ("reject_reasons", "refused")] {
            for of in list(&data[kind]) {
                self.put(format!("{what}|{}", word(&of[0])), told(&of[1], 0, self.exact));
            }
        }
    }

    fn obligation(&mut self, of: &Value) {
        let name = word(&of["name"]);
        self.row(&of["verdicts"], &VERDICTS, &format!("of {name}"));
        for one in list(&of["organisations"]) {
            self.row(&one[1], &VERDICTS, &format!("of {name}|{}", word(&one[0])));
        }
        for (nth, reading) in list(&of["readings"]).enumerate() {
            self.row(reading, &COUNTS[..2], &format!("asked {nth} of {name}"));
        }
        for excuse in list(&of["excuses"]) {
            self.put(format!("excuse of {name}|{}", word(&excuse[0])), told(&excuse[1], 0, self.exact));
        }
        let delay = &of["delay"];
        self.put(format!("timed of {name}"), told(&delay["n"], WITHHELD, self.exact));
        self.put(format!("late timed of {name}"), told(&delay["late_by"]["n"], WITHHELD, self.exact));
        for (nth, bin) in list(&delay["bins"]).enumerate() {
            self.put(format!("bin of {name}|{nth}"), told(&bin[1], 0, self.exact));
        }
    }

    fn measure(&mut self, of: &Value) {
        let name = word(&of["name"]);
        self.row(&of["total"], &COUNTS, &format!("in {name}"));
        for one in list(&of["organisations"]) {
            self.listed(&one["counts"], &format!("{name}|{}", word(&one["code"])));
        }
        for chart in list(&of["charts"]).chain(Some(&of["chart"]).filter(|chart| !chart.is_null())) {
            let code = chart["organisation"].as_str().map_or_else(String::new, |code| format!(" at {code}"));
            self.counts.insert(format!("chart of {name}{code}"), (0, 0));
            for point in list(&chart["points"]) {
                for count in &COUNTS[..2] {
                    let of = format!("{count} in {name}{code} over time|{}", word(&point["period"]));
                    self.put(of, told(&point[count], 0, self.exact));
                }
            }
        }
        for split in list(&of["strata"]) {
            let title = word(&split["title"]);
            for group in list(&split["groups"]) {
                self.listed(&group[1], &format!("{name} by {title}|{}", word(&group[0])));
            }
        }
    }
}

pub(super) fn list(of: &Value) -> impl Iterator<Item = &Value> {
    of.as_array().into_iter().flatten()
}

pub(super) fn word(of: &Value) -> &str {
    of.as_str().unwrap()
}

/// Every sum that a reader knows of, and those counts besides that nothing shows: those in a denominator that are not in its numerator.
fn sums(exact: &mut Counts, audit: &Value) -> Vec<Sum> {
    let codes: Vec<&str> = list(&audit["members"]).map(|of| word(&of["code"])).collect();
    let mut sums = of_data(exact, audit);
    sums.push(("cases of the data".to_owned(), codes.iter().map(|code| format!("cases of {code}")).collect()));
    for of in list(&audit["obligations"]) {
        wholes(exact, word(&of["name"]), &codes);
        sums.extend(of_obligation(word(&of["name"]), &codes));
        sums.extend(of_times(of));
    }
    for of in list(&audit["measures"]) {
        if let Some(obligation) = of["obligation"].as_str() {
            let against = word(&of["unknown_policy"]).starts_with("Unknown cases count against");
            sums.extend(of_measure(word(&of["name"]), (obligation, against), &codes));
        }
    }
    let denominators: Vec<String> = exact.keys().filter(|name| name.starts_with("denominator in")).cloned().collect();
    for denominator in denominators {
        let [numerator, rest] = ["numerator", "rest"].map(|of| denominator.replacen("denominator", of, 1));
        let left = exact[&denominator].0 - exact[&numerator].0;
        exact.insert(rest.clone(), (left, left));
        sums.push((denominator, vec![numerator, rest]));
    }
    // Where some cases name no organisation, nobody knows what became of these.
    let of_codes: i64 = codes.iter().map(|code| exact[&format!("cases of {code}")].0).sum();
    let all_named = of_codes == exact["cases of the data"].0;
    sums.extend(exact.keys().filter_map(|name| {
        let of = name.strip_prefix("listed in ")?;
        Some((name.clone(), COUNTS[1..].iter().map(|count| format!("{count} in {of}")).collect()))
    }));
    sums.extend(by_name(exact, all_named));
    sums.extend(crossed(exact));
    sums.extend(beside::sums(exact, audit, &codes));
    for code in codes {
        let months = exact.keys().filter(|name| name.starts_with("month ") && name.ends_with(&format!("|{code}")));
        sums.push((format!("cases of {code}"), months.cloned().collect()));
    }
    // What is named here need not be there.
    let holds = |(whole, parts): &Sum| {
        let all: Option<i64> = parts.iter().map(|part| Some(exact.get(part)?.0)).sum();
        all.is_some() && !parts.is_empty() && exact.get(whole).map(|of| of.0) == all
    };
    sums.retain(holds);
    sums
}

fn of_data(exact: &mut Counts, audit: &Value) -> Vec<Sum> {
    let named = |names: &[&str]| names.iter().map(|of| format!("{of} of the data")).collect::<Vec<_>>();
    let mut rows = named(&["rows_used", "rows_rejected"]);
    rows.extend(exact.keys().filter(|name| name.starts_with("left out|")).cloned());
    let refused = named(&["rows_rejected", "values_rejected"]);
    let all: i64 = refused.iter().map(|of| exact[of].0).sum();
    exact.insert("refused".to_owned(), (all, all));
    let mut sums = vec![("rows of the data".to_owned(), rows), ("refused".to_owned(), refused)];
    for line in list(&audit["data"]["completeness"]) {
        let parts = ["present", "missing"].map(|of| format!("{of} complete|{}", word(&line["name"])));
        sums.push(("cases of the data".to_owned(), parts.to_vec()));
    }
    sums
}

/// Sums of verdicts, each in the next: those done; with those missed; with those not known.
const NESTED: [(&str, [&str; 2]); 3] =
    [("done", ["met", "late"]), ("decided", ["done", "missed"]), ("perhaps", ["decided", "unknown"])];

fn wholes(exact: &mut Counts, name: &str, codes: &[&str]) {
    for of in codes.iter().map(|code| format!("{name}|{code}")).chain([name.to_owned()]) {
        for (whole, parts) in NESTED {
            let sum: Option<i64> = parts.iter().map(|part| Some(exact.get(&format!("{part} of {of}"))?.0)).sum();
            if let Some(sum) = sum {
                exact.insert(format!("{whole} of {of}"), (sum, sum));
            }
        }
    }
}

fn of_obligation(name: &str, codes: &[&str]) -> Vec<Sum> {
    let mut sums = Vec::new();
    let mut nested = |cases: String, of: &str| {
        let named = |names: &[&str]| names.iter().map(|part| format!("{part} of {of}")).collect::<Vec<_>>();
        sums.extend(NESTED.map(|(whole, parts)| (format!("{whole} of {of}"), named(&parts))));
        sums.push((cases, named(&["perhaps", "not_applicable", "excused", "open"])));
    };
    nested("cases of the data".to_owned(), name);
    codes.iter().for_each(|code| nested(format!("cases of {code}"), &format!("{name}|{code}")));
    let all = |of: &[&str]| of.iter().map(|of| format!("{of} of {name}")).collect::<Vec<_>>();
    let asked: [(&[&str], &str); 4] =
        [(&["late"], "done"), (&["late", "missed"], "decided"), (&["late"], ""), (&["met"], "perhaps")];
    for (nth, (some, whole)) in asked.iter().enumerate() {
        let of = if whole.is_empty() { vec!["cases of the data".to_owned()] } else { all(&[whole]) };
        sums.push((format!("numerator asked {nth} of {name}"), all(some)));
        sums.push((format!("denominator asked {nth} of {name}"), of));
    }
    sums
}

/// The edges of a histogram lie on the limit: columns up to it are met, and those beyond it late.
fn of_times(of: &Value) -> Vec<Sum> {
    let (name, limit) = (word(&of["name"]), of["delay"]["limit"].as_i64());
    let columns = |late: bool| {
        let is_late = |edge: &Value| edge.as_i64().is_none_or(|edge| limit.is_some_and(|limit| edge > limit));
        let bins = list(&of["delay"]["bins"]).enumerate().filter(|(_, bin)| is_late(&bin[0]) == late);
        bins.map(|(nth, _)| format!("bin of {name}|{nth}")).collect::<Vec<_>>()
    };
    let some = |what: &str| vec![format!("{what} of {name}")];
    vec![
        (format!("met of {name}"), columns(false)),
        (format!("late of {name}"), columns(true)),
        (format!("timed of {name}"), some("done")),
        (format!("late timed of {name}"), some("late")),
    ]
}

/// What a measure counts of an obligation, in all and at each organisation.
fn of_measure(name: &str, (obligation, against): (&str, bool), codes: &[&str]) -> Vec<Sum> {
    let mut sums = Vec::new();
    for at in codes.iter().map(|code| format!("|{code}")).chain([String::new()]) {
        let of = |verdict: &str| format!("{verdict} of {obligation}{at}");
        let same = [("numerator", "met"), ("excluded", "excused"), ("open", "open"), ("unknown", "unknown")];
        sums.extend(same.map(|(count, verdict)| (format!("{count} in {name}{at}"), vec![of(verdict)])));
        sums.push((format!("denominator in {name}{at}"), vec![of(if against { "perhaps" } else { "decided" })]));
    }
    sums
}

/// What bears the name of a whole and of a part, `late of antibiotics_1h|T1`, is part of it.
fn by_name(exact: &Counts, all_named: bool) -> Vec<Sum> {
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, (whole, _)) in exact.keys().filter_map(|name| Some((name, name.split_once('|')?))) {
        let of_organisations = exact.contains_key(whole) && whole != "refused";
        if !name.starts_with("month ") && (all_named || !of_organisations) {
            parts.entry(whole.to_owned()).or_default().push(name.clone());
        }
    }
    let whole = |named: String| {
        let by = named.split_once(" by ").map(|(of, _)| of.to_owned());
        let of = match named.split_once(" of ") {
            Some(("excuse", of)) => Some(format!("excused of {of}")),
            Some(("bin", of)) => Some(format!("timed of {of}")),
            _ => None,
        };
        let over_time = named.strip_suffix(" over time").map(|of| of.replacen(" at ", "|", 1));
        by.or(over_time).or(of).unwrap_or(named)
    };
    parts.into_iter().map(|(named, parts)| (whole(named), parts)).collect()
}

/// A group of a split by two at once, `age band × trust|up to 15, T1`, is part of the same group of each.
fn crossed(exact: &Counts) -> Vec<Sum> {
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in exact.keys() {
        let both = name.split_once(" by ").and_then(|(of, rest)| Some((of, rest.split_once('|')?)));
        let titles =
            both.and_then(|(of, (titles, group))| Some((of, titles.split_once(" × ")?, group.rsplit_once(", ")?)));
        if let Some((of, titles, groups)) = titles {
            for (title, group) in [(titles.0, groups.0), (titles.1, groups.1)] {
                parts.entry(format!("{of} by {title}|{group}")).or_default().push(name.clone());
            }
        }
    }
    parts.into_iter().collect()
}

/// How many counts are of 1 to 7, and how many of groups at organisations; and which of the former are known exactly, or nearly.
fn got_back([exact, protected, crossed]: &[Value; 3]) -> ([usize; 2], Vec<String>) {
    let (mut truth, mut shown) = (Written::of(exact, true), Written::of(protected, false));
    let mut sums = sums(&mut truth, exact);
    sums.extend(beside::cells(&mut truth, &mut shown, [protected, crossed]));
    let what_is_told = |name: &String| {
        let charted = name.split_once(" over time|").and_then(|(of, _)| of.split_once(" in "));
        let hidden =
            charted.is_some_and(|(count, of)| count == "numerator" && shown.contains_key(&format!("chart of {of}")));
        // A period without a rate has hardly anybody in its numerator.
        shown.get(name).copied().unwrap_or(if hidden { (0, 7) } else { (0, ANY) })
    };
    let counts = truth.keys().map(|name| (name.clone(), what_is_told(name))).collect();
    let left = worked_out(&counts, &sums);
    // What no table has is protected where it is told.
    let is_beside = |name: &String| beside::BESIDE.iter().any(|of| name.starts_with(of));
    let is_told = |name: &String| {
        !NOT_COUNTED.iter().any(|of| name.starts_with(of)) && (!is_beside(name) || shown.contains_key(name))
    };
    let small = truth.iter().filter(|(name, count)| (1..=7).contains(&count.0) && is_told(name));
    let found = small.clone().filter_map(|(name, count)| {
        let (least, most) = left[name];
        assert!(least <= count.0 && count.0 <= most, "{name} is {} and not {least} to {most}", count.0);
        (most - least + 1 < LEAST_LEFT).then(|| format!("{name} is {}, and told as {least} to {most}", count.0))
    });
    let cells = shown.keys().filter(|name| name.starts_with("cell of ")).count();
    ([small.clone().count(), cells], found.collect())
}

#[test]
fn no_count_of_1_to_7_is_got_back_from_all_that_is_told() {
    let (package, folder) = (authored("acute/sepsis"), TempFolder::new());
    let mut dice = Random::seeded(20_261_130);
    let (mut small, mut cells, mut found, mut others) = (0, 0, Vec::new(), [0; 7]);
    for audit in 0..AUDITS {
        let patients = small_ones(&mut dice);
        let odd: Vec<usize> = (0..ODD.len()).map(|_| usize::try_from(dice.below(8)).unwrap()).collect();
        let reports = both(&package, &export(&patients, &odd), &folder, audit % 2 == 1);
        let ([of_audit, of_groups], got) = got_back(&reports);
        for (all, name) in others.iter_mut().zip(beside::BESIDE) {
            *all += Written::of(&reports[1], false).keys().filter(|of| of.starts_with(name)).count();
        }
        (small, cells) = (small + of_audit, cells + of_groups);
        found.extend(got.into_iter().map(|got| format!("audit {audit}: {got}")));
    }
    assert!(small > 40 * AUDITS, "{small}");
    assert!(cells > AUDITS && others[..6].iter().all(|told| *told > 0), "{cells} {others:?}");
    let audits: BTreeSet<&str> = found.iter().filter_map(|found| found.split(':').next()).collect();
    let some: Vec<&String> = found.iter().step_by(found.len() / 20 + 1).collect();
    assert!(found.is_empty(), "{} of {small} counts, in {} audits: {some:#?}", found.len(), audits.len());
}

/// A month each for seven patients: 1 to 7 of each month, and of all of them, are 1.
#[test]
fn seven_months_of_one_patient_are_not_told() {
    let (package, folder) = (authored("acute/sepsis"), TempFolder::new());
    let patient = |trust, month| Patient { trust, month, hour: 9, age: 60, outcome: 1 };
    let mut patients: Vec<Patient> = (1..=7).map(|month| patient("T1", month)).collect();
    patients.extend((0..60).map(|n| patient("T2", 1 + n % 12)));
    let reports = both(&package, &export(&patients, &[]), &folder, false);
    assert_eq!(got_back(&reports).1, Vec::<String>::new());
    assert_eq!(OUTCOMES[1], Some(20));
}
