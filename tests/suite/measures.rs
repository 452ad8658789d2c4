//! What measures count: what waits for time is open, and each is compared by the organisation that answers for it.

use crate::audit::{judged, made_up, off, results};
use crate::packages::compile;
use concord_cli::report::html;
use concord_cli::results::{Audit, Counts};
use concord_engine::evaluate::evaluate;
use concord_engine::plan::Package;
use concord_wasm::run::Program;

const HEADER: &str = r#"package test.measures {
  version   0.1.0
  title     "Measures"
  source    us "made up for a test"
  owner     "Testers"
  use       audit
  status    draft
  review by 2027-04-01
}
"#;

/// The audit of the examples of a package, and the package.
fn audited(text: &str) -> (Package, Audit) {
    let package = compile(&format!("{HEADER}{text}"));
    let cases = package.examples.iter().map(|example| example.case.clone()).collect();
    let audit = judged(&package, &made_up(cases), &off());
    (package, audit)
}

/// Numerator, denominator, excluded, open and unknown.
fn shown(counts: &Counts) -> [u64; 5] {
    [counts.numerator, counts.denominator, counts.excluded, counts.open, counts.unknown]
}

const BUNDLE: &str = r#"
subject Fracture {
  age : integer 0..120 years
  event Admission
  event Surgery
  event Review
}

obligation surgery { from first Admission expect Surgery within 36 h }
obligation review { from first Admission expect Review within 72 h }

define paid   = surgery is met and review is met
define failed = surgery in { late, missed } or review in { late, missed }

measure tariff {
  of      cases where age >= 60
  met     when paid
  unknown counts against
}

measure failures {
  of      cases where age >= 60
  met     when failed
  unknown left out
  lower   is better
}

measure amounts {
  of      count if failed then 1 else 1
  met     count if paid then 1 else 0
  unknown counts against
}

example "both done" {
  age 80
  Admission at 2026-01-05 09:00
  Surgery at 2026-01-06 09:00
  Review at 2026-01-06 12:00
  as of 2026-01-06 13:00
  => paid yes, failed no
}

example "hours remain" {
  age 80
  Admission at 2026-01-05 09:00
  Surgery at 2026-01-06 09:00
  as of 2026-01-06 13:00
  => paid unknown needs review, failed unknown needs review
}

example "one has failed, hours of the other remain" {
  age 80
  Admission at 2026-01-05 09:00
  as of 2026-01-07 13:00
  => paid no, failed yes
}

example "time is not all that is missing" {
  Admission at 2026-01-05 09:00
  Surgery at 2026-01-06 09:00
  as of 2026-01-06 13:00
  => paid unknown needs review
}
"#;

#[test]
fn what_waits_for_time_alone_is_open_and_not_failed() {
    let (_, audit) = audited(BUNDLE);
    let found: Vec<[u64; 5]> = audit.measures.iter().map(|measure| shown(&measure.total)).collect();
    assert_eq!(found[0], [1, 3, 0, 1, 1], "one paid, one failed, one open, one unknown that counts against");
    assert_eq!(found[1], [1, 2, 0, 1, 1]);
    assert_eq!(found[2], [1, 2, 0, 2, 0], "an age is not needed here");
}

const TWO: &str = r#"
subject Referral {
  referrer : organisation
  treater  : organisation
  ward     : text
  event Received { at_provider : organisation }
  event Seen
}

define last_provider = at_provider of last Received

obligation seen { for treater from first Received expect Seen within 1 h }
obligation seen_by_last { for last_provider from first Received expect Seen within 1 h }

measure by_treater { of obligation seen unknown left out by ward, referrer, treater }
measure by_last { of obligation seen_by_last unknown left out by last_provider, treater }
measure by_referrer { for referrer of cases met when any Seen unknown left out by referrer, seen }

example "met" {
  referrer "A1", treater "T1", ward "Birch"
  Received at 2026-01-05 09:00 { at_provider "L1" }
  Seen at 2026-01-05 09:30
  as of 2026-01-06 00:00
  => seen met
}

example "late" {
  referrer "A1", treater "T2", ward "Ash"
  Received at 2026-01-05 09:00 { at_provider "L1" }
  Seen at 2026-01-05 11:30
  as of 2026-01-06 00:00
  => seen late
}

example "missed" {
  referrer "A2", treater "T2"
  Received at 2026-01-05 09:00 { at_provider "L2" }
  as of 2026-01-06 00:00
  => seen missed
}
"#;

#[test]
fn each_measure_and_obligation_is_about_the_organisation_that_answers() {
    let (_, audit) = audited(TWO);
    let obligations: Vec<Vec<(&str, u64, u64)>> = audit
        .obligations
        .iter()
        .map(|o| o.organisations.iter().map(|(code, v)| (code.as_str(), v.met, v.late + v.missed)).collect())
        .collect();
    assert_eq!(obligations[0], [("T1", 1, 0), ("T2", 0, 2)]);
    assert_eq!(obligations[1], [("L1", 1, 1), ("L2", 0, 1)]);
    let late = |place: usize| audit.obligations[place].cases[0].organisation.as_deref();
    assert_eq!((late(0), late(1)), (Some("T2"), Some("L1")));
    let compared = |place: usize| -> Vec<(&str, u64, u64)> {
        let all = audit.measures[place].organisations.iter();
        all.map(|o| (o.code.as_str(), o.counts.numerator, o.counts.denominator)).collect()
    };
    assert_eq!(compared(0), [("T1", 1, 1), ("T2", 0, 2)]);
    assert_eq!(compared(1), [("L1", 1, 2), ("L2", 0, 1)]);
    assert_eq!(compared(2), [("A1", 2, 2), ("A2", 0, 1)]);
    let split = |place: usize, stratum: usize| -> (&str, Vec<(&str, u64, u64)>) {
        let found = &audit.measures[place].strata[stratum];
        let groups = found.groups.iter().map(|(name, c)| (name.as_str(), c.numerator, c.denominator));
        (found.title.as_str(), groups.collect())
    };
    assert_eq!(split(0, 0), ("ward", vec![("Ash", 0, 1), ("Birch", 1, 1), ("not known", 0, 1)]));
    assert_eq!(split(0, 1), ("referrer", vec![("A1", 1, 2), ("A2", 0, 1)]));
    assert_eq!(split(1, 0), ("treater", vec![("T1", 1, 1), ("T2", 0, 2)]));
    assert_eq!(split(2, 0).1, [("met", 1, 1), ("late", 1, 1), ("missed", 0, 1)]);
}

/// A measure by month over two organisations; one leaves its own past, upwards, in the last months.
fn over_months(way: &str) -> String {
    let mut text = format!(
        "\nsubject Operation {{\n  trust : organisation\n  day_case : yes/no\n  on : date\n}}\n\ndefine is_day = day_case\n\n\
         measure day_cases {{ of cases met when day_case unknown left out by trust, month of on {way} }}\n"
    );
    for (trust, month, case) in ["T1", "T2"]
        .iter()
        .flat_map(|trust| (0..24).flat_map(move |month| (0..10).map(move |case| (trust, month, case))))
    {
        let most = if *trust == "T1" && month > 15 { 9 } else { 3 + month % 2 };
        let (year, day_case) = (2016 + month / 12, if case < most { "yes" } else { "no" });
        text.push_str(&format!(
            "example \"{trust} {month} {case}\" {{ trust \"{trust}\", day_case {day_case}, on {year}-{:02}-10 => is_day {day_case} }}\n",
            month % 12 + 1
        ));
    }
    text
}

#[test]
fn where_neither_is_better_nothing_is_called_better_or_worse() {
    let words = |way: &str| {
        let (_, audit) = audited(&over_months(way));
        let charts = std::iter::once(&audit.measures[0]).flat_map(|m| m.chart.iter().chain(&m.charts));
        let said: Vec<String> = charts.map(|chart| chart.variation.clone()).collect();
        let results = results(vec![audit]);
        (said, html::page(&results).to_lowercase(), format!("{:?}", results.headlines))
    };
    let (higher, page, _) = words("higher is better");
    assert_eq!(higher[1], "special cause, improvement");
    assert!(page.contains("improvement at "));
    let (lower, _, _) = words("lower is better");
    assert_eq!(lower[1], "special cause, concern");
    let (neither, page, said) = words("neither is better");
    assert_eq!(neither[1], "special cause, higher");
    for word in ["improvement</span>", "special cause for concern", "improvement at ", "at the better one", "p-better"]
    {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("special cause, higher") && page.contains("neither higher nor lower is better"));
    assert!(!said.contains("concern") && !said.contains("improvement"), "{said}");
}

const FALLS: &str = r#"
subject Stay {
  trust : organisation
  ward  : text
  event Fall { injured : yes/no }
  event Review
}

obligation reviewed {
  applies when count Fall <= 4
  for each Fall
  expect Review within 1 h
}

measure patients { of obligation reviewed unknown left out }
measure falls { of each Fall in reviewed unknown left out by trust, ward, month of trigger, injured, weekday of trigger }
measure against { of each Fall in reviewed unknown counts against by trust }

example "both met, in two months" {
  trust "A", ward "Ash"
  Fall at 2026-01-31 09:00 { injured no }
  Fall at 2026-02-02 09:00 { injured yes }
  Review at 2026-01-31 09:30
  Review at 2026-02-02 09:10
  as of 2026-03-01 00:00
  => reviewed met
}

example "one late, one met, one missed" {
  trust "A", ward "Birch"
  Fall at 2026-01-05 09:00 { injured no }
  Fall at 2026-01-06 09:00 { injured yes }
  Fall at 2026-01-07 09:00 { injured yes }
  Review at 2026-01-05 11:30
  Review at 2026-01-06 09:30
  as of 2026-03-01 00:00
  => reviewed missed
}

example "one open, and one still to come" {
  trust "B", ward "Ash"
  Fall at 2026-02-28 23:30 { injured no }
  Fall at 2026-03-05 09:00 { injured no }
  as of 2026-03-01 00:00
  => reviewed open
}

example "one at an unknown time" {
  trust "B"
  Fall at 2026-02-05 09:00
  Fall at unknown { injured yes }
  Review at 2026-02-05 09:10
  as of 2026-03-01 00:00
  => reviewed unknown
}

example "falls not supplied" {
  trust "B"
  Fall not supplied
  as of 2026-03-01 00:00
  => reviewed unknown
}

example "no fall" {
  trust "B"
  as of 2026-03-01 00:00
  => reviewed not applicable
}

example "too many falls" {
  trust "A"
  Fall at 2026-01-05 09:00
  Fall at 2026-01-05 10:00
  Fall at 2026-01-05 11:00
  Fall at 2026-01-05 12:00
  Fall at 2026-01-05 13:00
  as of 2026-03-01 00:00
  => reviewed not applicable
}
"#;

#[test]
fn judgements_are_counted_each_and_traced_to_their_event() {
    let (package, audit) = audited(FALLS);
    let [patients, falls, against] = audit.measures.as_slice() else { panic!() };
    assert_eq!(shown(&patients.total), [1, 2, 0, 1, 2]);
    assert_eq!(shown(&falls.total), [4, 6, 0, 1, 2], "one at an unknown time, and those not supplied");
    assert_eq!(shown(&against.total), [4, 8, 0, 1, 2]);
    let of = |place: usize| -> Vec<(&str, u64, u64)> {
        let groups = falls.strata[place].groups.iter();
        groups.map(|(name, counts)| (name.as_str(), counts.numerator, counts.denominator)).collect()
    };
    assert_eq!(of(0), [("Ash", 2, 2), ("Birch", 1, 3), ("not known", 1, 1)]);
    assert_eq!(of(1), [("no", 1, 2), ("yes", 2, 3), ("not known", 1, 1)]);
    assert!(falls.chart.is_none(), "of February one in three is open, and January alone is no chart");
    let trusts: Vec<_> =
        falls.organisations.iter().map(|o| (o.code.as_str(), o.counts.numerator, o.counts.denominator)).collect();
    assert_eq!(trusts, [("A", 3, 5), ("B", 1, 1)]);
    assert!(falls.funnel.is_none() && falls.organisations.iter().all(|o| o.z.is_none()));
    let judgements = falls.judgements.as_ref().unwrap();
    assert_eq!((judgements.event.as_str(), judgements.cases, judgements.largest), ("Fall", Some(3), Some(3)));
    let review: Vec<_> =
        judgements.review.iter().map(|e| (e.case.as_str(), e.at.as_deref(), e.verdict.as_str())).collect();
    assert_eq!(
        review,
        [("1", Some("2026-01-05 09:00"), "late by 1 h 30 min"), ("1", Some("2026-01-07 09:00"), "missed")]
    );
    let page = html::page(&results(vec![audit.clone()]));
    assert!(page.contains("One judgement for each Fall, from <strong>3</strong> cases, at most 3 from one"));
    assert!(page.contains("2 events to review, longest delay first"));
    let cases: Vec<_> = package.examples.iter().map(|example| example.case.clone()).collect();
    let (settings, program) = (vec![], Program::compile(&package.plan).unwrap());
    let mut instance = program.instance().unwrap();
    let batch = instance.evaluate_batch(&cases, &settings).unwrap();
    for (case, of_batch) in cases.iter().zip(batch) {
        let reference = program.visible(&evaluate(&package.plan, case, &settings));
        assert_eq!(instance.evaluate(case, &settings).unwrap(), reference);
        assert_eq!(of_batch, reference);
    }
}

/// Of ten patients with two falls each, nine had both reviewed and one none: by hand Σ(x − pn)² = 9·0.2² + 1.8² = 3.6, so that
/// v = 10/9 · 3.6 / 400 = 0.01, chance is 0.09 / 20 = 0.0045, and 20 falls tell as much as 20 / 2.222 = 9 would.
#[test]
fn intervals_allow_for_judgements_of_one_case() {
    let mut text = String::from(
        "\nsubject Stay {\n  event Fall\n  event Review\n}\n\nobligation reviewed { for each Fall expect Review within 1 h }\n\n\
         measure falls { of each Fall in reviewed unknown left out }\n",
    );
    for case in 0..10 {
        let reviews = "  Review at 2026-01-05 09:10\n  Review at 2026-01-06 09:10\n";
        let (reviews, verdict) = if case == 0 { ("", "missed") } else { (reviews, "met") };
        text.push_str(&format!(
            "example \"{case}\" {{\n  Fall at 2026-01-05 09:00\n  Fall at 2026-01-06 09:00\n{reviews}  \
             as of 2026-03-01 00:00\n  => reviewed {verdict}\n}}\n"
        ));
    }
    let (_, audit) = audited(&text);
    let falls = &audit.measures[0];
    let rate = falls.total.rate.unwrap();
    assert_eq!((falls.total.numerator, falls.total.denominator), (18, 20));
    assert_eq!(falls.judgements.as_ref().unwrap().design_effect, Some(2.3));
    // Wilson at p = 0.9, n = 9: (0.9 + 0.21343 ± 1.95996 √(0.01 + 0.011857)) / 1.42683.
    assert!((rate.low - 0.5773).abs() < 0.0005 && (rate.high - 0.9835).abs() < 0.0005, "{rate:?}");
}
