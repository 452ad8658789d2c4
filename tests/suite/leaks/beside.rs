//! What is told beside tables, written down as counts and sums: what unknown cases lack, times and paths of organisations, and how many of each group they have,
//! of which it is made what they are expected to have.

use super::solver::{Counts, Sum};
use super::together::{list, told, word};
use serde_json::Value;
use std::collections::BTreeMap;

/// Two pairs of counts.
type Sums = ([i64; 2], [i64; 2]);

/// Counts that are protected where they are told, and that no table has.
pub(super) const BESIDE: [&str; 7] =
    ["need of ", "timed at ", "on path at ", "skipped ", "again ", "wrong at ", "cell of "];

/// Every count of it that an audit tells.
pub(super) fn written(all: &mut Counts, audit: &Value, exact: bool) {
    for of in list(&audit["obligations"]) {
        for need in list(&of["needs"]) {
            put(all, format!("need of {}|{}", word(&of["name"]), word(&need[0])), told(&need[1], 0, exact));
        }
    }
    for member in list(&audit["members"]) {
        let code = word(&member["code"]);
        for delay in list(&member["delays"]) {
            put(all, format!("timed at {}|{code}", word(&delay["obligation"])), told(&delay["n"], 0, exact));
        }
        if let Some(cases) = member["cases"].as_f64().filter(|_| !member["path"].is_null()) {
            path(all, &member["path"], (code, cases, exact));
        }
    }
}

fn put(all: &mut Counts, name: String, told: Option<(i64, i64)>) {
    if let Some(told) = told {
        all.insert(name, told);
    }
}

/// A share is that of a count, which is a whole number; none that of 1 to 7.
fn path(all: &mut Counts, path: &Value, (code, cases, exact): (&str, f64, bool)) {
    let count = |share: &Value, of: f64| {
        let count = share.as_f64().map_or(Value::Null, |share| Value::from((share * of).round() as i64));
        told(&count, 0, exact)
    };
    put(all, format!("on path at {code}"), count(&path["on_path"], cases));
    let steps: Vec<&Value> = list(&path["steps"]).collect();
    for step in &steps {
        for what in ["skipped", "again"].into_iter().filter(|what| !step[what].is_null()) {
            put(all, format!("{what} {} at {code}", word(&step["step"])), count(&step[what][0], cases));
        }
    }
    // Of two steps, of which one is never skipped, all that have both are those that did not skip the other.
    let [first, second] = steps[..] else { return };
    let skipped: Vec<f64> = [first, second].iter().map(|step| step["skipped"][0].as_f64().unwrap_or(-1.0)).collect();
    let turned = &first["after_next"];
    if turned.is_null() || !skipped.contains(&0.0) {
        return;
    }
    let told = match turned[0].as_f64() {
        Some(_) if exact => count(&turned[0], cases * (1.0 - skipped[0] - skipped[1])),
        // Of how many is told by a share alone.
        Some(share) if share > 0.0 => Some((8, 1 << 40)),
        _ => count(&turned[0], 0.0),
    };
    put(all, format!("wrong at {code}"), told);
}

/// A whole is these parts, and what is left; where nobody knows whether anything is, in any case.
fn with_rest(exact: &mut Counts, whole: &str, mut parts: Vec<String>, is_known: bool) -> Option<Sum> {
    let sum: Option<i64> = parts.iter().map(|part| Some(exact.get(part)?.0)).sum();
    let rest = exact.get(whole)?.0 - sum?;
    if rest > 0 || !is_known {
        let name = format!("left over of {whole} but {}", parts.join(" and "));
        exact.insert(name.clone(), (rest, rest));
        parts.push(name);
    }
    (rest >= 0).then(|| (whole.to_owned(), parts))
}

fn named(exact: &Counts, first: &str, last: &str) -> Vec<String> {
    exact.keys().filter(|name| name.starts_with(first) && name.ends_with(last)).cloned().collect()
}

/// Every sum of it that a reader knows of.
pub(super) fn sums(exact: &mut Counts, audit: &Value, codes: &[&str]) -> Vec<Sum> {
    let mut sums = Vec::new();
    for of in list(&audit["obligations"]) {
        let name = word(&of["name"]);
        let needs = named(exact, &format!("need of {name}|"), "");
        let unknown = format!("unknown of {name}");
        for need in &needs {
            sums.extend(with_rest(exact, &unknown, vec![need.clone()], needs.len() == 1));
        }
        let all: i64 = needs.iter().map(|need| exact[need].0).sum();
        if !needs.is_empty() && all >= exact[&unknown].0 {
            // A case may lack several things.
            exact.insert(format!("needs of {name}"), (all, all));
            sums.push((format!("needs of {name}"), needs));
            sums.extend(with_rest(exact, &format!("needs of {name}"), vec![unknown], false));
        }
        for code in codes {
            sums.push((format!("done of {name}|{code}"), vec![format!("timed at {name}|{code}")]));
        }
    }
    for code in codes {
        let (cases, on_path) = (format!("cases of {code}"), format!("on path at {code}"));
        for skipped in named(exact, "skipped ", &format!(" at {code}")) {
            for beside in [skipped.replacen("skipped", "again", 1), on_path.clone()] {
                sums.extend(with_rest(exact, &cases, vec![skipped.clone(), beside], false));
            }
        }
        let astray = named(exact, "skipped ", &format!(" at {code}")).into_iter();
        let all = astray.chain([format!("wrong at {code}"), on_path]).collect::<Vec<_>>();
        if all.len() == 4 {
            sums.push((cases, all));
        }
    }
    for line in list(&audit["data"]["completeness"]) {
        let name = word(&line["name"]);
        let skipped: Vec<String> = codes.iter().map(|code| format!("skipped {name} at {code}")).collect();
        sums.push((format!("missing complete|{name}"), skipped));
    }
    sums
}

/// By group and code, how many are met, and of how many decided.
type Table = BTreeMap<String, BTreeMap<String, [i64; 2]>>;

/// What is shown of a count, or stands for one of 1 to 7.
fn class(count: i64) -> i64 {
    match count {
        0 => 0,
        1..=7 => 4,
        _ => (count + 2) / 5 * 5,
    }
}

fn table(split: &Value, against: bool) -> Table {
    let mut table = Table::new();
    for group in list(&split["groups"]) {
        let Some((name, code)) = word(&group[0]).rsplit_once(", ") else { continue };
        let [met, of, unknown] = ["numerator", "denominator", "unknown"].map(|count| group[1][count].as_i64().unwrap());
        let of = of - if against { unknown } else { 0 };
        table.entry(name.to_owned()).or_default().insert(code.to_owned(), [met, of]);
    }
    table
}

/// Cases that others must have of a group before it tells what is expected.
const LEAST_ELSEWHERE: i64 = 10;

/// Met and of how many, as they are shown or what stands for them.
fn shown([met, of]: [i64; 2]) -> [i64; 2] {
    let of = class(of);
    [class(met).min(of), of]
}

fn but([met, of]: [i64; 2], [own_met, own]: [i64; 2]) -> [i64; 2] {
    let of = (of - own).max(0);
    [(met - own_met).clamp(0, of), of]
}

/// What an organisation is expected to have, by what the others have of its groups.
fn by_the_others(groups: &[([i64; 2], [i64; 2])]) -> f64 {
    let sum =
        |all: &dyn Fn(&Sums) -> [i64; 2]| groups.iter().map(all).fold([0, 0], |[met, of], [r, n]| [met + r, of + n]);
    let [met, all] = but(sum(&|group| group.0), sum(&|group| group.1));
    let others = met as f64 / all.max(1) as f64;
    let rate = |(whole, own): &([i64; 2], [i64; 2])| match but(*whole, *own) {
        [_, of] if of < LEAST_ELSEWHERE => others,
        [met, of] => met as f64 / of as f64,
    };
    let (met, of) = groups
        .iter()
        .fold((0.0, 0.0), |(met, of), group| (met + rate(group) * group.1[1] as f64, of + group.1[1] as f64));
    met / of
}

/// The groups of which what organisations are expected to have is made: those by which it comes out as it is told.
fn taken<'t>(table: &'t Table, expected: &BTreeMap<&str, f64>) -> Option<Vec<&'t String>> {
    let rated: Vec<(&String, [i64; 2])> = table
        .iter()
        .filter_map(|(name, cells)| {
            let total = |at: usize| cells.values().map(|cell| cell[at]).sum::<i64>();
            let whole = shown([total(0), total(1)]);
            (whole[1] > 7).then_some((name, whole))
        })
        .collect();
    let comes_out = |set: u32| {
        let some = || rated.iter().enumerate().filter(move |(at, _)| set & (1 << at) != 0).map(|(_, group)| group);
        expected.iter().all(|(code, told)| {
            let own = |name: &str| table[name].get(*code).map_or([0, 0], |cell| shown(*cell));
            let groups: Vec<([i64; 2], [i64; 2])> = some().map(|(name, whole)| (*whole, own(name))).collect();
            (by_the_others(&groups) - told).abs() < 0.000_51
        })
    };
    // Where several come out so, those that are in all of them.
    let set = (1..1 << rated.len()).filter(|set| comes_out(*set)).reduce(|all, set| all & set)?;
    Some(rated.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, (name, _))| *name).collect())
}

/// How many of each group organisations have, taken as known as far as counts are: whoever solves what they are expected to have finds that. `crossed` has
/// the exact tables.
pub(super) fn cells(truth: &mut Counts, shown: &mut Counts, [protected, crossed]: [&Value; 2]) -> Vec<Sum> {
    let mut sums = Vec::new();
    for (measure, crossed) in list(&protected["measures"]).zip(list(&crossed["measures"])) {
        let name = word(&measure["name"]);
        let rates = list(&measure["organisations"]);
        let expected: BTreeMap<&str, f64> =
            rates.filter_map(|rate| Some((word(&rate["code"]), rate["expected"].as_f64()?))).collect();
        let against = word(&measure["unknown_policy"]).starts_with("Unknown cases count against");
        let split = list(&crossed["strata"]).find(|split| word(&split["title"]).ends_with(" × trust"));
        let Some(split) = split.filter(|_| !expected.is_empty()) else { continue };
        let title = word(&split["title"]).strip_suffix(" × trust").unwrap();
        let mut table = table(split, against);
        table.values_mut().for_each(|cells| cells.retain(|code, _| code != "not known"));
        let Some(groups) = taken(&table, &expected) else { continue };
        let mut cells_of = |truth: &mut Counts, name: &str, count: i64| {
            truth.insert(name.to_owned(), (count, count));
            let shows = if (1..=7).contains(&count) { Value::Null } else { Value::from(class(count)) };
            put(shown, name.to_owned(), told(&shows, 0, false));
        };
        // Those met, and all.
        for (at, what, row) in [(0, "cell of those met of", "numerator"), (1, "cell of", "denominator")] {
            let cell = |group: &str, code: &str| format!("{what} {name} by {title}, {group}, at {code}");
            for group in &groups {
                let (whole, cells) = (format!("{what} {name} by {title}, {group}"), &table[*group]);
                cells_of(truth, &whole, cells.values().map(|cell| cell[at]).sum());
                for (code, counts) in cells.iter().filter(|(code, _)| expected.contains_key(code.as_str())) {
                    cells_of(truth, &cell(group, code), counts[at]);
                }
                let told =
                    cells.keys().filter(|code| expected.contains_key(code.as_str())).map(|code| cell(group, code));
                sums.extend(with_rest(truth, &whole, told.collect(), true));
                let stratum = format!("{name} by {title}|{group}");
                let unknown = (against && at == 1).then(|| format!("unknown in {stratum}"));
                let parts = std::iter::once(whole).chain(unknown).collect();
                sums.extend(with_rest(truth, &format!("{row} in {stratum}"), parts, true));
            }
            for code in expected.keys() {
                let own =
                    groups.iter().filter(|group| table[**group].contains_key(*code)).map(|group| cell(group, code));
                let unknown = (against && at == 1).then(|| format!("unknown in {name}|{code}"));
                sums.extend(with_rest(truth, &format!("{row} in {name}|{code}"), own.chain(unknown).collect(), true));
            }
        }
        // Who is met is one of them.
        let all = truth.keys().filter_map(|met| Some((met, met.strip_prefix("cell of those met of ")?)));
        let all: Vec<(String, String)> = all.map(|(met, of)| (met.clone(), format!("cell of {of}"))).collect();
        for (met, of) in all {
            // Whether any was not, nobody knows.
            sums.extend(with_rest(truth, &of, vec![met], false));
        }
    }
    sums
}
