//! Exports that a spreadsheet or a database has been at: what they lost is told before the report, as nothing of it can be seen in a figure.

use super::{HEADER, MAP, audited, group, with};
use crate::cli::run;
use crate::packages::TempFolder;

/// The rows of some patients, of whom each second row has its case written otherwise.
fn rewritten(patients: usize, otherwise: impl Fn(usize) -> String) -> String {
    let mut rows = String::new();
    for number in 1..=patients {
        let minute = number % 60;
        let name = format!("{number:06}");
        rows.push_str(&format!("{name},T1,70,SepsisTriage,2026-03-02 10:{minute:02}:00,\n"));
        let other = otherwise(number);
        rows.push_str(&format!("{other},T1,70,Antibiotics,2026-03-02 11:{minute:02}:00,\n"));
    }
    rows
}

#[test]
fn names_that_lost_their_zeros_are_told_by_any_number_of_threads_and_with_any_memory() {
    let folder = TempFolder::new();
    let rules = format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"));
    let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    folder.write("m.toml", MAP.as_bytes());
    folder.write("d.csv", format!("{HEADER}{}", rewritten(3_000, |number| number.to_string())).as_bytes());
    let (map, data) = (path("m.toml"), path("d.csv"));
    let mut first = None;
    for (threads, memory) in [("1", "64M"), ("2", "64M"), ("8", "64M"), ("2", "1M")] {
        let out = path(&format!("out-{threads}-{memory}"));
        let words = ["--as-of", "2026-12-31T00:00:00Z", "--threads", threads, "--memory", memory, "--out", &out];
        let ran = run(&[&["audit", &rules, "--map", &map, "--data", &data][..], &words].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(
            ran.err.contains("3,000 names of cases differ from another only in zeros before the number"),
            "{}",
            ran.err
        );
        let results = folder.read(&format!("out-{threads}-{memory}/results.json"));
        assert_eq!(*first.get_or_insert(results.clone()), results, "{threads} threads, {memory}");
    }
}

#[test]
fn names_that_a_program_took_for_numbers_are_told() {
    let point = audited(&rewritten(30, |number| format!("{number:06}.0")));
    point.warns("30 names of cases differ from another only in `.0` after the number");
    let zeros = audited(&rewritten(30, |number| format!("{number}.0")));
    zeros.warns("30 names of cases differ from another only in zeros before the number");
    let short = audited(&rewritten(30, |number| format!("1.{number:02}E+05")));
    short.warns("30 names of cases are written as a spreadsheet shortens long numbers");
    let capitals = audited("a1,T1,70,SepsisTriage,2026-03-02 10:00:00,\nA1,T1,70,SepsisTriage,2026-03-02 10:00:00,\n");
    capitals.warns("2 names of cases differ from another only in capitals");
    // Numbers that are not the same, and codes that are none.
    let apart = "10,T1,70,SepsisTriage,2026-03-02 10:00:00,\n100,T1,70,SepsisTriage,2026-03-02 10:00:00,\n\
                 0a1,T1,70,SepsisTriage,2026-03-02 10:00:00,\na1,T1,70,SepsisTriage,2026-03-02 10:00:00,\n\
                 1.50,T1,70,SepsisTriage,2026-03-02 10:00:00,\n1.5,T1,70,SepsisTriage,2026-03-02 10:00:00,\n\
                 0,T1,70,SepsisTriage,2026-03-02 10:00:00,\n1E5,T1,70,SepsisTriage,2026-03-02 10:00:00,\n";
    let said = audited(apart).ran.err;
    assert!(!said.contains("names of cases") && !said.contains("name of a case"), "{said}");
    // Each organisation has numbers of its own.
    let two = "01,T1,70,SepsisTriage,2026-03-02 10:00:00,\n1,T2,70,SepsisTriage,2026-03-02 10:00:00,\n";
    assert!(!audited(two).ran.err.contains("zeros before"), "{}", audited(two).ran.err);
}

#[test]
fn the_empty_date_of_a_system_is_no_time_of_an_event() {
    let late = |at: &str| format!("A,T1,70,SepsisTriage,2026-03-02 10:00:00,\nA,T1,70,Antibiotics,{at},\n");
    for (at, why) in [
        ("1900-01-01 00:00:00", "it is 1 January 1900, the empty date"),
        ("1900-05-05 10:00:00", "it is before 1910"),
        ("1899-12-30 00:00:00", "it is 1899-12-30, the empty date of spreadsheets"),
        ("1899-12-31 00:00:00", "it is 1899-12-31"),
        ("1753-01-01 00:00:00", "it is 1753-01-01, the empty date of a database"),
        ("1601-01-01 00:00:00", "it is 1601-01-01, the empty date of Windows"),
        ("0001-01-01 00:00:00", "it is 0001-01-01"),
        ("9999-12-31 00:00:00", "it is 9999-12-31, which stands for no end"),
    ] {
        let audit = audited(&late(at));
        assert_eq!(audit.verdicts(), [0, 0, 0, 1], "{at}: unknown, and neither met nor missed");
        let reasons = audit.results()["audits"][0]["data"]["reject_reasons"].to_string();
        assert!(reasons.contains(why), "{at}: {reasons}");
        audit.warns("1 time is refused, as what a system writes where it has no date");
    }
    let old = audited(&late("1970-01-01 00:00:00"));
    assert_eq!(old.verdicts(), [1, 0, 0, 0]);
    old.warns("1 event is more than 20 years before everything else of their case");
    old.warns("1 of them is on 1970-01-01");
    let years = audited(&late("2009-01-01 00:00:00")).ran.err;
    assert!(!years.contains("more than 20 years"), "{years}");
}

#[test]
fn a_chart_does_not_run_from_an_empty_date() {
    let mut rows = String::new();
    for case in 0..360 {
        let (month, day) = (case % 12 + 1, case / 12 % 28 + 1);
        let at = format!("2025-{month:02}-{day:02}");
        rows.push_str(&format!("{case},T1,70,SepsisTriage,{at} 10:00:00,\n{case},T1,70,Antibiotics,{at} 10:30:00,\n"));
        if case % 30 == 0 {
            rows.push_str(&format!("{case},T1,70,Registration,1970-01-01 00:00:00,\n"));
        }
    }
    let audit = audited(&rows);
    let chart = &audit.measure("antibiotics_1h")["chart"];
    assert!(chart["points"][0]["period"].as_str().unwrap() >= "2025", "{chart}");
}

#[test]
fn a_third_of_the_rows_refused_is_told_with_the_commonest_reason() {
    let rows = group(&[("T1", 30, 20)]);
    let lines = rows.lines().enumerate();
    let us: String = lines
        .map(|(n, row)| if n % 2 == 1 { format!("{}\n", row.replace("2026-", "2026/")) } else { format!("{row}\n") })
        .collect();
    let audit = audited(&us);
    audit.warns("rows are refused, a third of all or more; most often: timestamp: the time is not of the format that the mapping gives (first in line 3)");
    let ages = audited(&rows.replace(",70,", ",\"45,5\","));
    ages.warns("values of `age` are refused, and each counts as missing; most often: `age`: expected");
    ages.warns("it has a decimal comma: say `decimal_comma = true` in [source]");
}

#[test]
fn what_a_spreadsheet_writes_is_called_by_its_name() {
    let reasons = |audit: &super::Audited| audit.results()["audits"][0]["data"]["reject_reasons"].to_string();
    let rows = group(&[("T1", 3, 2)]);
    let serial = audited(&format!("{rows}z,T1,70,SepsisTriage,45658.48,\n"));
    assert!(reasons(&serial).contains("it is a number, as Excel counts days"), "{}", reasons(&serial));
    let map = MAP.replace("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M");
    let swapped = format!("{HEADER}a,T1,70,SepsisTriage,02/03/2026 10:00,\na,T1,70,Antibiotics,02/18/2026 10:00,\n");
    let swapped = with(&map, &[("d.csv", &swapped)], "2026-12-31T00:00:00Z", true);
    assert!(reasons(&swapped).contains("with day and month the other way round"), "{}", reasons(&swapped));
    let capitals = audited(&rows.replace("Antibiotics", "antibiotics"));
    capitals.warns("rows carry `Antibiotics`, which [events.map] names, in other capitals or blanks");
}

/// A definition with members, of whom one sent nothing.
#[test]
fn a_member_that_sent_nothing_and_names_that_fit_nobody_are_told() {
    let folder = TempFolder::new();
    let rules = format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"));
    folder.write("m.toml", MAP.as_bytes());
    folder.write("d.csv", format!("{HEADER}{}", group(&[("T1", 20, 10), ("T2", 20, 12)])).as_bytes());
    folder.write("e.csv", format!("{HEADER}{}", group(&[("T3", 20, 10)]).replace("T3", "T4")).as_bytes());
    folder.write("names.csv", "code,name\nt1,Northumbria\nT2,\nT5,Silent Trust\n".as_bytes());
    let definition = format!(
        "title = \"T\"\noutput = \"out\"\n[[run]]\nrules = {rules:?}\ndata = [\"d.csv\"]\nmap = \"m.toml\"\nas_of = \"2026-12-31T00:00:00Z\"\n\
         organisations = \"names.csv\"\n[[run.member]]\ncode = \"T5\"\n[[run.member]]\ncode = \"T3\"\ndata = [\"e.csv\"]\n"
    );
    let definition = folder.write("a.toml", definition.as_bytes());
    let ran = run(&["audit", definition.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let page = folder.read("out/report.html");
    for said in [
        "20 cases in the export of T3 name another organisation; each counts under the organisation that it names.",
        "T3, T5 (Silent Trust) are members of this run and sent nothing: no case names them, and they stand in no figure and no comparison.",
        "T1 (`t1` differs from it in capitals or blanks alone), T2 (its name is empty), T4.",
    ] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
        assert!(page.contains(said), "{said}");
    }
    // In the tables they stand with no case, whatever is compared there.
    let of = |table: &str, code: &str| {
        let text = folder.read(&format!("out/{table}"));
        let rows: Vec<String> =
            text.lines().filter(|line| line.contains(&format!(",{code},"))).map(str::to_owned).collect();
        rows
    };
    for code in ["T3", "T5"] {
        let rows = of("organisations.csv", code);
        assert_eq!(rows.len(), of("organisations.csv", "T1").len(), "{code}");
        assert!(rows.iter().all(|row| row.contains(",0,0,0,0,0,,,,,,,,sent nothing,sent nothing,")), "{rows:?}");
        assert!(of("verdicts.csv", code).iter().all(|row| row.contains(&format!(",{code},0,0,0,0,0,0,0,"))), "{code}");
    }
    assert!(of("organisations.csv", "T5")[0].contains(",T5,Silent Trust,"));
    assert!(of("organisations.csv", "T1")[0].ends_with(",1,2026-12-31"));
}
