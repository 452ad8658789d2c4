//! Who is held against the others, and not against a group that he is a part of: expected rates by what the others have, splits that lie within organisations, one
//! that has most of all cases, figures that are numbers, and starts that are recorded late.

use crate::cli::run;
use crate::packages::TempFolder;
use concord_cli::results::{CauseKind, MemberResult, OrganisationRate, PartKind, Results};
use std::fmt::Write as _;

const RULE: &str = "package sample.others {
  version 1.0.0
  title \"Others\"
  source nice \"NICE\"
  owner \"Group\"
  use audit
  status draft
  review by 2027-12-31
}
subject Attendance {
  trust : organisation
  kind  : text
  pounds : integer 0..1_000_000
  event Arrival
  event Lactate
  event Triage
  event Antibiotics
}
obligation ab \"Antibiotics\" {
  from first Triage
  expect Antibiotics within 1 h
}
measure ab {
  title   \"Antibiotics\"
  of      obligation ab
  unknown counts against
  by      trust, month of trigger, kind
}
measure cost {
  title \"Cost\"
  source nice \"1.1\"
  value mean of pounds
  by trust
  lower is better
}
";

const ROWS: &str = "package = \"sample.others\"
version = \"1\"
title = \"Rows\"
[source]
format = \"csv\"
rows = \"events\"
[case]
columns = [\"case\"]
[time]
zone = \"in text\"
[labels]
trust = { column = \"trust\" }
kind = { column = \"kind\" }
[facts]
pounds = { column = \"pounds\" }
[events]
activity = \"what\"
at = \"at\"
[events.map]
Arrival = { event = \"Arrival\" }
Lactate = { event = \"Lactate\" }
Triage = { event = \"Triage\" }
Antibiotics = { event = \"Antibiotics\" }
";

/// A case: its trust, what kind it is, and what happened after how many minutes.
struct Case<'c> {
    trust: usize,
    kind: &'c str,
    pounds: u64,
    month: usize,
    events: Vec<(&'c str, u64)>,
}

/// Triage, and antibiotics in time or not.
fn treated(trust: usize, kind: &str, number: usize, met: bool) -> Case<'_> {
    let minutes = (if met { 20 } else { 80 }) + number as u64 % 17;
    Case { trust, kind, pounds: 100, month: number % 12 + 1, events: vec![("Triage", 0), ("Antibiotics", minutes)] }
}

struct Audited {
    results: Results,
    page: String,
    reasons: String,
}

fn audited(cases: &[Case<'_>], exact: bool) -> Audited {
    let folder = TempFolder::new();
    std::fs::create_dir_all(folder.path("rules/sample/others")).unwrap();
    folder.write("rules/sample/others/others.concord", RULE.as_bytes());
    folder.write("map.toml", ROWS.as_bytes());
    let mut rows = "case,trust,kind,pounds,what,at\n".to_owned();
    for (number, case) in cases.iter().enumerate() {
        for (what, minutes) in &case.events {
            let (day, hour) = (number % 28 + 1, 6 + number % 9);
            let at =
                format!("2025-{:02}-{day:02}T{:02}:{:02}:00Z", case.month, hour as u64 + minutes / 60, minutes % 60);
            writeln!(rows, "{number},T{:02},{},{},{what},{at}", case.trust, case.kind, case.pounds).unwrap();
        }
    }
    folder.write("rows.csv", rows.as_bytes());
    let disclosure = if exact { "disclosure = \"off\"\nbecause = \"made up\"\n" } else { "" };
    let definition = format!(
        "title = \"T\"\noutput = \"report\"\n[[run]]\nrules = \"rules/sample/others\"\ndata = [\"rows.csv\"]\nmap = \"map.toml\"\n\
         as_of = \"2026-06-30T00:00:00Z\"\n{disclosure}"
    );
    let path = folder.write("audit.toml", definition.as_bytes());
    let ran = run(&["audit", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results = serde_json::from_str(&folder.read("report/results.json")).unwrap();
    Audited { results, page: folder.read("report/report.html"), reasons: folder.read("report/reasons.csv") }
}

impl Audited {
    fn member(&self, code: &str) -> &MemberResult {
        self.results.audits[0].members.iter().find(|member| member.code == code).unwrap()
    }

    fn rate(&self, code: &str) -> &OrganisationRate {
        self.results.audits[0].measures[0].organisations.iter().find(|of| of.code == code).unwrap()
    }

    fn part(&self, code: &str, kind: PartKind) -> f64 {
        let why = &self.member(code).measures[0];
        let sum: f64 = why.parts.iter().map(|part| part.size).sum();
        assert!((sum - why.gap).abs() < 1e-9, "{why:#?}");
        why.parts.iter().find(|part| part.kind == kind).unwrap().size
    }

    fn kinds(&self, code: &str) -> Vec<CauseKind> {
        self.member(code).causes.iter().map(|cause| cause.kind).collect()
    }
}

/// So many cases of a kind at a trust, so many of them in time.
fn some<'c>(cases: &mut Vec<Case<'c>>, trust: usize, kind: &'c str, (of, met): (usize, usize)) {
    cases.extend((0..of).map(|number| treated(trust, kind, number, number * met / of < (number + 1) * met / of)));
}

#[test]
fn a_split_that_lies_within_organisations_explains_nothing() {
    let sites: Vec<[String; 3]> =
        (0..12).map(|trust| ["A", "B", "C"].map(|site| format!("T{trust:02}-{site}"))).collect();
    let mut cases = Vec::new();
    for (trust, sites) in sites.iter().enumerate() {
        for site in sites {
            some(&mut cases, trust, site, (60, if trust == 3 { 12 } else { 40 + trust % 3 }));
        }
    }
    for exact in [true, false] {
        let audited = audited(&cases, exact);
        let measure = &audited.results.audits[0].measures[0];
        assert_eq!((&measure.nested, &measure.unlike), (&vec!["kind".to_owned()], &None), "{exact}");
        assert!(measure.organisations.iter().all(|of| of.expected.is_none() && of.alone.is_none()), "{exact}");
        assert!(audited.page.contains("By kind nothing can be told of case mix"), "{exact}");
        let kinds = audited.kinds("T03");
        assert!(kinds.contains(&CauseKind::Delay) && !audited.reasons.contains("kind"), "{exact} {kinds:?}");
        let none = |member: &MemberResult| member.causes.iter().all(|cause| cause.kind != CauseKind::CaseMix);
        assert!(audited.results.audits[0].members.iter().all(none), "{exact}");
    }
}

/// One has nearly all eyes, and does badly; the few that others have fare well.
#[test]
fn what_is_expected_of_one_is_what_the_others_have() {
    let (own, others) = ([(300, 90), (40, 24)], [(8, 6), (150, 87)]);
    let mut cases = Vec::new();
    for trust in 0..12 {
        for (kind, of) in ["eyes", "others"].into_iter().zip(if trust == 3 { own } else { others }) {
            some(&mut cases, trust, kind, of);
        }
    }
    let share = |met: usize, of: usize| met as f64 / of as f64;
    let expected = (300.0 * share(6 * 11, 8 * 11) + 40.0 * share(87 * 11, 150 * 11)) / 340.0;
    let of_others = share(93 * 11, 158 * 11);
    let exact = audited(&cases, true);
    assert!((exact.rate("T03").expected.unwrap() - expected).abs() < 1e-12, "{:?}", exact.rate("T03"));
    assert!((exact.part("T03", PartKind::CaseMix) - (expected - of_others)).abs() < 0.000_51);
    assert!((exact.part("T03", PartKind::Practice) - (share(114, 340) - expected)).abs() < 0.001_1);
    assert!((exact.rate("T03").gap.unwrap() - (share(114, 340) - of_others)).abs() < 1e-12);
    assert!(exact.kinds("T03").contains(&CauseKind::Delay), "{:?}", exact.kinds("T03"));
    // So many more at what the others have with such cases: 39.4 points of 340.
    let said =
        "With case mix allowed for, at the rate of the others it would be met in about 135 more of its 340 cases.";
    assert!(exact.page.contains(said));
    let protected = audited(&cases, false);
    if let Some(told) = protected.rate("T03").expected {
        assert!((told - expected).abs() < 0.04, "{told} {expected}");
    }
    assert!(!protected.reasons.contains("eyes (by kind), elsewhere 0.0%"));
}

#[test]
fn of_cases_that_nobody_else_has_case_mix_is_not_told() {
    let mut cases = Vec::new();
    for trust in 0..12 {
        some(&mut cases, trust, "others", if trust == 3 { (40, 24) } else { (150, 90 + trust % 3) });
        if trust == 3 {
            some(&mut cases, trust, "eyes", (260, 60));
        } else {
            some(&mut cases, trust, "skin", (50, 30));
        }
    }
    for exact in [true, false] {
        let audited = audited(&cases, exact);
        let of = audited.rate("T03");
        assert_eq!(of.expected, None, "{exact}");
        assert_eq!(of.alone.as_deref(), Some("nobody else has cases such as most of its own (by kind)"), "{exact}");
        assert!(audited.part("T03", PartKind::CaseMix).abs() < f64::EPSILON);
        assert!(audited.member("T03").measures[0].sentence.contains("nobody else has cases such as most of its own"));
        assert!(
            audited.member("T03").measures[0].sentence.contains("how much of that is who its cases are cannot be told")
        );
        assert!(!audited.kinds("T03").contains(&CauseKind::CaseMix), "{exact} {:?}", audited.kinds("T03"));
        let told = "nobody else has cases such as most of its own (by kind), and of these case mix cannot be told";
        assert!(audited.reasons.contains(told), "{}", audited.reasons);
        assert!(audited.rate("T01").expected.is_some() && audited.rate("T01").alone.is_none(), "{exact}");
    }
}

/// Of six one has two thirds of all cases and meets hardly one: the rate of all is mostly its own.
#[test]
fn one_that_has_most_of_all_cases_is_held_against_the_others() {
    let mut cases = Vec::new();
    for trust in 0..6 {
        some(&mut cases, trust, "any", if trust == 1 { (2000, 16) } else { (200, 56 + 3 * trust) });
    }
    let audited = audited(&cases, true);
    let of = audited.rate("T01");
    let others = (0..6).filter(|trust| *trust != 1).map(|trust| 56 + 3 * trust).sum::<usize>() as f64 / 1000.0;
    assert!((of.gap.unwrap() - (0.008 - others)).abs() < 1e-12, "{of:?}");
    let more = ((others - 0.008) * 2000.0 / 5.0).round() * 5.0;
    assert!(
        audited
            .page
            .contains(&format!("At the rate of the others it would be met in about {more} more of its 2,000 cases."))
    );
    assert!(audited.page.contains("Visit "));
    let said: Vec<&str> = audited.results.headlines.iter().map(|headline| headline.text.as_str()).collect();
    assert!(!said.iter().any(|said| said.contains("No single one stands apart")), "{said:#?}");
    let named = said.iter().any(|said| said.contains("T01 (late in ") || said.contains("below T01 "));
    assert!(named, "{said:#?}");
}

#[test]
fn whoever_stands_apart_by_a_number_has_a_reason_for_it() {
    let mut cases = Vec::new();
    for trust in 0..12 {
        some(&mut cases, trust, "any", (100, 60));
    }
    for (number, case) in cases.iter_mut().enumerate() {
        case.pounds = (number as u64 * 7) % 60 + if case.trust == 3 { 390 } else { 130 };
    }
    for exact in [true, false] {
        let audited = audited(&cases, exact);
        let causes = &audited.member("T03").causes;
        let cause = causes.iter().find(|cause| cause.about.as_deref() == Some("cost")).unwrap();
        assert_eq!(cause.kind, CauseKind::Practice, "{exact}");
        let wanted = if exact {
            ", all together "
        } else {
            "higher than at the others, by more than the usual spread between them"
        };
        assert!(cause.text.starts_with("Cost: ") && cause.text.contains(wanted), "{}", cause.text);
        assert!(audited.page.contains("Visit ") && audited.page.contains("above T03 "), "{exact}");
        assert!(audited.results.audits[0].members.iter().filter(|member| !member.causes.is_empty()).count() == 1);
    }
}

/// Elsewhere triage comes after 20 minutes, and antibiotics 50 after it.
fn with_starts(after: fn(usize, usize) -> [u64; 3]) -> Audited {
    let mut cases = Vec::new();
    for trust in 0..12 {
        for number in 0..120 {
            let [lactate, triage, took] = after(trust, number);
            let spread = number as u64 % 11;
            cases.push(Case {
                trust,
                kind: "any",
                pounds: 100,
                month: number % 12 + 1,
                events: vec![
                    ("Arrival", 0),
                    ("Lactate", lactate + spread),
                    ("Triage", triage + spread),
                    ("Antibiotics", triage + spread + took + spread),
                ],
            });
        }
    }
    audited(&cases, true)
}

#[test]
fn a_start_is_late_only_where_something_counts_from_it() {
    let late = with_starts(|trust, _| if trust == 3 { [10, 75, 12] } else { [10, 20, 50] });
    let check = late.member("T03").checks.iter().find(|check| check.kind == CauseKind::LateStart).unwrap();
    assert!(
        check.text.starts_with("`Triage` comes ") && check.text.ends_with("comes sooner: Antibiotics"),
        "{}",
        check.text
    );
    // From the other event nothing counts, however late it is.
    let other = with_starts(|trust, _| if trust == 3 { [75, 20, 12] } else { [10, 20, 50] });
    assert!(other.member("T03").checks.iter().all(|check| check.kind != CauseKind::LateStart));
}

#[test]
fn months_that_hold_those_of_another_are_told() {
    let mut cases = Vec::new();
    for trust in 0..12 {
        some(&mut cases, trust, "any", (480, 300));
    }
    for case in &mut cases {
        if case.trust == 3 && case.month == 6 {
            case.month = 5;
        }
    }
    let audited = audited(&cases, true);
    let check = audited.member("T03").checks.iter().find(|check| check.kind == CauseKind::Months).unwrap();
    let wanted = "no case begins in Jun 2025; far more than its other months would have begin in May 2025";
    assert!(check.text.starts_with(wanted), "{}", check.text);
}

/// T02 exports no antibiotics at all: what the others have, and what is expected by their groups, is without it, in every part and sentence.
#[test]
fn whom_its_data_explain_is_in_nothing_that_the_others_have() {
    let met = |trust: usize| [(150, 90 + trust), (100, if trust == 3 { 30 } else { 50 + trust })];
    let mut cases = Vec::new();
    for trust in 0..7 {
        for (kind, of) in ["eyes", "skin"].into_iter().zip(met(trust)) {
            some(&mut cases, trust, kind, of);
        }
    }
    cases.iter_mut().filter(|case| case.trust == 2).for_each(|case| case.events.truncate(1));
    let audited = audited(&cases, true);
    assert_eq!(audited.results.audits[0].measures[0].funnel.as_ref().unwrap().apart, ["T02"]);
    let others = |own: usize| (0..7).filter(move |trust| ![2, own].contains(trust));
    for own in [0, 3, 6] {
        let of_kind = |kind: usize| {
            let sum = others(own).map(|trust| met(trust)[kind]).fold((0, 0), |(n, r), (of, met)| (n + of, r + met));
            (sum.1 as f64, sum.0 as f64)
        };
        let ((eyes, all_eyes), (skin, all_skin)) = (of_kind(0), of_kind(1));
        let rate = (eyes + skin) / (all_eyes + all_skin);
        let expected = (150.0 * eyes / all_eyes + 100.0 * skin / all_skin) / 250.0;
        let code = format!("T{own:02}");
        assert!((audited.rate(&code).expected.unwrap() - expected).abs() < 1e-12, "{:?}", audited.rate(&code));
        let why = &audited.member(&code).measures[0];
        assert!((why.group - rate).abs() < 1e-12, "{why:?}");
        assert!((audited.part(&code, PartKind::CaseMix) - (expected - rate)).abs() < 0.000_51, "{why:?}");
    }
}

/// Of whom the kind is not known is in no share: others that lack it make nobody's patients other than theirs.
#[test]
fn whose_kind_is_not_known_is_in_no_share() {
    let mut cases = Vec::new();
    for trust in 0..8 {
        let lacks = if trust < 2 { 0 } else { 70 };
        some(&mut cases, trust, "eyes", (160 - lacks * 4 / 5, 90));
        some(&mut cases, trust, "skin", (40 - lacks / 5, 20));
        if lacks > 0 {
            some(&mut cases, trust, "", (lacks, 40));
        }
    }
    for exact in [true, false] {
        let audited = audited(&cases, exact);
        assert!(!audited.reasons.contains("are eyes"), "{exact}: {}", audited.reasons);
    }
    // Who lacks it alone has no other patients for that.
    cases.retain(|case| case.trust < 2 || !case.kind.is_empty());
    cases.iter_mut().filter(|case| case.trust == 1).step_by(2).for_each(|case| case.kind = "");
    let audited = audited(&cases, true);
    let alone = audited.rate("T01").alone.clone();
    assert_eq!(alone.as_deref(), Some("who some of its cases are is not known (by kind)"));
}
