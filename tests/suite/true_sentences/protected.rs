//! Where small numbers are protected, nothing is said that the exact counts do not say as well: what is suppressed is not 0, and what is rounded is not exact.

use super::{MAP, group, told, with};
use crate::cli::run;
use crate::packages::TempFolder;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

const AS_OF: &str = "2026-12-31T00:00:00Z";

fn protected(of: &[(&str, usize, usize)]) -> super::Audited {
    with(MAP, &[("d.csv", &format!("{}{}", super::HEADER, group(of)))], AS_OF, false)
}

fn named(names: &[String], of: impl Fn(usize) -> (usize, usize)) -> Vec<(&str, usize, usize)> {
    names.iter().enumerate().map(|(n, name)| (name.as_str(), of(n).0, of(n).1)).collect()
}

#[test]
fn the_rate_of_the_group_is_that_of_all_of_it() {
    let names: Vec<String> = (10..30).map(|n| format!("T{n}")).collect();
    // Four of twenty have 5 met, which is suppressed: 260 of 3,000 in all.
    let some = protected(&named(&names, |n| (150, if n < 4 { 5 } else { 15 })));
    let centre = some.measure("antibiotics_1h")["funnel"]["centre"].as_f64().unwrap();
    assert!((centre - 260.0 / 3_000.0).abs() < 1e-9, "{centre}");
    let said = some.headlines().join(" ");
    assert!(said.contains("8.7% over 20 organisations (260 of 3,000). 4 of them are not compared"), "{said}");
    // Sixteen of twenty: those left are no group.
    let most = protected(&named(&names, |n| (150, if n < 16 { 5 } else { 10 })));
    assert!(most.measure("antibiotics_1h")["funnel"].is_null());
    assert!(most.folder.read("out/report.html").contains("those left are no group to be held against"));
    let results = most.results();
    let causes = results["audits"][0]["members"].as_array().unwrap().iter();
    let causes: Vec<_> = causes.flat_map(|member| member["causes"].as_array().unwrap()).collect();
    assert!(causes.is_empty(), "{causes:?}");
}

#[test]
fn rounding_flags_nobody_and_reaches_no_target() {
    // 8 of 12 is shown as 10 of 10.
    let names: Vec<String> = (10..22).map(|n| format!("T{n}")).collect();
    let mut of = named(&names, |_| (100, 50));
    of.push(("X", 12, 8));
    let audit = protected(&of);
    let places = audit.places("antibiotics_1h");
    assert!(places.iter().all(|(_, plain, adjusted)| plain == "inside" && adjusted == "inside"), "{places:?}");
    let measure = audit.measure("antibiotics_1h");
    let x = measure["organisations"].as_array().unwrap().iter().find(|of| of["code"] == "X").unwrap();
    // The interval is that of 8 of 12 as well.
    assert!(x["counts"]["rate"]["low"].as_f64().unwrap() < 0.4, "{x}");
}

/// 7 of 25 is shown as 1 to 7 of 25, which may be 7 of 23: beside 13 of 27 that is chance (by hand, χ² 2.5 with 5 degrees of freedom), and 1 of 27 is none.
#[test]
fn what_is_suppressed_makes_nobody_differ_who_may_not() {
    let of = [("H1", 25, 7), ("H2", 25, 13), ("H3", 25, 13), ("H4", 25, 14), ("H5", 25, 13), ("H6", 24, 13)];
    let audit = protected(&of);
    let funnel = audit.measure("antibiotics_1h")["funnel"].clone();
    assert!(funnel["differ"].is_null() && funnel["differ_untold"] == true, "{}", funnel["differ"]);
    let said = audit.headlines().join(" ");
    assert!(said.contains("Whether they differ more than by chance cannot be told from rounded counts"), "{said}");
}

#[test]
fn a_few_cases_are_not_none() {
    let few = protected(&[("A", 60, 30), ("B", 60, 30), ("C", 60, 30), ("D", 60, 30), ("X", 5, 2)]);
    let reasons = few.folder.read("out/reasons.csv");
    assert!(reasons.contains("it has 1 to 7 cases, elsewhere 60") && !reasons.contains("it has 0"), "{reasons}");
    assert!(!reasons.contains("no case begins"), "{reasons}");
}

/// 13 met and 13 late are shown as 15 each, and 27 in all as 25: were all of them shown, the third verdict would be exactly 1.
#[test]
fn what_others_would_tell_is_not_shown_and_the_page_says_so() {
    let mut rows = group(&[("A", 60, 30), ("B", 60, 30), ("C", 60, 30), ("X", 26, 13)]);
    super::patient(&mut rows, 999, "X", 70, None);
    let audit = with(MAP, &[("d.csv", &format!("{}{rows}", super::HEADER))], AS_OF, false);
    let verdicts =
        fields(&audit.folder.read("out/verdicts.csv"), &["obligation", "organisation", "met", "late", "missed"]);
    let of_x: Vec<&[String]> =
        verdicts.iter().filter(|row| row[0] == "antibiotics_1h" && row[1] == "X").map(|row| &row[2..]).collect();
    assert_eq!(of_x, [["not shown", "not shown", "not shown"]]);
    let measure = audit.measure("antibiotics_1h");
    let x = measure["organisations"].as_array().unwrap().iter().find(|of| of["code"] == "X").unwrap();
    assert_eq!((&x["counts"]["numerator"], &x["counts"]["denominator"]), (&15.into(), &25.into()), "{x}");
    let page = audit.folder.read("out/report.html");
    let said = "verdicts of some organisations (`antibiotics_1h`";
    assert!(page.contains("from being worked out by subtraction") && page.contains(said));
    let results = audit.folder.path("out/results.json");
    assert_eq!(run(&["report", results.to_str().unwrap()]).out, page, "and so it is drawn again");
}

/// The demonstration with its figures protected, as every real audit has them.
fn protected_demonstration(folder: &TempFolder) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("rules");
    let root = root.to_str().unwrap();
    let text = std::fs::read_to_string(format!("{root}/demo.toml")).unwrap();
    let mut protected = String::new();
    for line in text.lines().filter(|line| !line.starts_with("disclosure") && !line.starts_with("because")) {
        let is_path = ["rules ", "data ", "map ", "organisations "].iter().any(|name| line.starts_with(name));
        let line = if is_path { line.replacen('"', &format!("\"{root}/"), 1) } else { line.to_owned() };
        writeln!(protected, "{line}").unwrap();
    }
    folder.write("demo.toml", protected.as_bytes()).to_str().unwrap().to_owned()
}

/// Of each line of a table, the fields with these names.
fn fields(text: &str, names: &[&str]) -> Vec<Vec<String>> {
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let headers = table.headers().unwrap().clone();
    let places = names.iter().map(|name| headers.iter().position(|header| header == *name).unwrap());
    let places: Vec<usize> = places.collect();
    table.records().map(|record| places.iter().map(|at| record.as_ref().unwrap()[*at].to_owned()).collect()).collect()
}

/// With `CONCORD_KEEP=FOLDER` both reports stay there.
#[test]
fn what_is_told_of_protected_figures_is_told_of_exact_ones() {
    let folder = TempFolder::new();
    let demo = protected_demonstration(&folder);
    let exact = format!("{}/../rules/demo.toml", env!("CARGO_MANIFEST_DIR"));
    let audited = |definition: &str, name: &str| {
        let out = folder.path(name).to_str().unwrap().to_owned();
        let ran = run(&["audit", definition, "--out", &out, "--quiet"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let reasons = fields(&folder.read(&format!("{name}/reasons.csv")), &["package", "organisation"]);
        let columns = ["package", "measure", "organisation", "place_adjusted"];
        let places = fields(&folder.read(&format!("{name}/organisations.csv")), &columns);
        let far: BTreeSet<Vec<String>> = places.into_iter().filter(|of| of[3].ends_with("99.8%")).collect();
        let results: Value = serde_json::from_str(&folder.read(&format!("{name}/results.json"))).unwrap();
        (reasons.into_iter().collect::<BTreeSet<_>>(), far, results)
    };
    let (reasons, far, protected) = audited(&demo, "protected");
    // What subtraction would tell is withheld, and that is little.
    for (table, least, most) in [("verdicts", 20, 40), ("organisations", 2, 20)] {
        let text = folder.read(&format!("protected/{table}.csv"));
        let withheld = text.lines().filter(|row| row.contains("not shown")).count() * 1_000 / text.lines().count();
        assert!((least..most).contains(&withheld), "{table}: {withheld} in 1,000");
    }
    let (exact_reasons, exact_far, exact) = audited(&exact, "exact");
    if let Ok(keep) = std::env::var("CONCORD_KEEP") {
        for name in ["protected", "exact"] {
            let (from, to) = (folder.path(name), Path::new(&keep).join(name));
            std::fs::create_dir_all(&to).unwrap();
            for file in std::fs::read_dir(from).unwrap().map(|file| file.unwrap().path()) {
                std::fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
            }
        }
    }
    let (sentences, unaccounted) = crate::leaks::origins::unaccounted(&protected);
    assert!(unaccounted.is_empty() && sentences > 1_000, "{sentences}: {unaccounted:#?}");
    told::charts(&exact, &protected);
    told::times(&exact, &protected);
    told::paths(&exact, &protected);
    let more: Vec<_> = reasons.difference(&exact_reasons).collect();
    // Of some 100 cases each, rounding leaves open how far organisations usually lie apart: little is sure.
    assert!(more.is_empty() && reasons.len() >= 5, "{more:?}");
    let more: Vec<_> = far.difference(&exact_far).collect();
    assert!(more.is_empty() && far.len() >= 5, "{more:?}");
}
