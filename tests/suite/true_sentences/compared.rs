//! Flags that rest on their test, and words that follow figures.

use super::{audited, group, patient};
use std::fmt::Write as _;

fn inside(places: &[(String, String, String)], code: &str) -> bool {
    places.iter().any(|(name, plain, adjusted)| name == code && plain == "inside" && adjusted == "inside")
}

#[test]
fn one_or_two_cases_are_no_outlier() {
    let trusts = ["A", "B", "C", "D", "E", "F", "G", "H"];
    let mut of: Vec<(&str, usize, usize)> = trusts.iter().map(|trust| (*trust, 200, 176)).collect();
    of.extend([("X", 2, 0), ("Y", 1, 0), ("Z", 9, 0)]);
    let audit = audited(&group(&of));
    let places = audit.places("antibiotics_1h");
    assert!(places.iter().all(|(_, plain, adjusted)| plain == "inside" && adjusted == "inside"), "{places:?}");
    assert!(audit.folder.read("out/report.html").contains("too few cases to be flagged"));
    let mut rare: Vec<(&str, usize, usize)> = trusts.iter().map(|trust| (*trust, 200, 24)).collect();
    rare.extend([("X", 1, 1), ("Y", 2, 2)]);
    let places = audited(&group(&rare)).places("antibiotics_1h");
    assert!(inside(&places, "X") && inside(&places, "Y"), "{places:?}");
    let certain: Vec<_> = of[..8].iter().copied().chain([("X", 30, 0)]).collect();
    let places = audited(&group(&certain)).places("antibiotics_1h");
    assert!(places.iter().any(|(code, plain, _)| code == "X" && plain == "below 99.8%"), "{places:?}");
}

#[test]
fn organisations_that_do_not_differ_are_not_said_to() {
    let audit = audited(&group(&[("A", 50, 40), ("B", 50, 40), ("C", 50, 40), ("D", 50, 40)]));
    let said = audit.headlines().join(" ");
    assert!(said.contains("They do not differ more than by chance.") && !said.contains("widely"), "{said}");
    assert!(!said.contains(": 0 late") && !said.contains(", 0 not done") && !said.contains("0 of them"), "{said}");
}

#[test]
fn who_stands_apart_is_named_with_figure_people_and_chart() {
    let mut of: Vec<(String, usize, usize)> = (10..22).map(|n| (format!("T{n}"), 200, 160 + n % 5)).collect();
    of.push(("LOW".to_owned(), 200, 100));
    let of: Vec<(&str, usize, usize)> = of.iter().map(|(code, n, met)| (code.as_str(), *n, *met)).collect();
    let audit = audited(&group(&of));
    let said = audit.headlines();
    let apart = said.iter().find(|said| said.contains("usual spread")).unwrap_or_else(|| panic!("{said:#?}"));
    assert!(
        apart.contains("below LOW 50.0% (100 of 200, ") && apart.contains("They differ more than by chance"),
        "{apart}"
    );
    let results = audit.results();
    let headline = results["headlines"].as_array().unwrap().iter().find(|h| h["text"] == apart.as_str()).unwrap();
    assert_eq!((headline["tone"].as_str(), headline["chart"].as_str()), (Some("concern"), Some("funnel")));
    let page = audit.folder.read("out/report.html");
    assert!(page.contains("href=\"#acute-sepsis-antibiotics-1h-2-funnel\"") || page.contains("-funnel\">The chart"));
    assert!(page.contains("Most of the spread comes from LOW"));
    let funnel = &audit.measure("antibiotics_1h")["funnel"];
    let narrower = |name: &str, lower: bool| {
        let limits = |which: &str| {
            funnel[which].as_array().unwrap().iter().map(|l| l[name].as_f64().unwrap()).collect::<Vec<_>>()
        };
        limits("limits")
            .iter()
            .zip(limits("limits_adjusted"))
            .any(|(plain, wide)| if lower { wide > *plain } else { wide < *plain })
    };
    for (name, lower) in [("low95", true), ("low998", true), ("high95", false), ("high998", false)] {
        assert!(!narrower(name, lower), "{name}");
    }
}

#[test]
fn unknowns_are_named_as_the_cause_and_the_others_stay_inside() {
    let (mut rows, mut number) = (String::new(), 0);
    for trust in 0..19 {
        for place in 0..100_usize {
            number += 1;
            patient(&mut rows, number, &format!("T{trust:02}"), 70, None);
            let (month, day, hour) = (1 + number % 12, 1 + number % 28, 8 + number % 10);
            let at = if trust == 0 && place % 10 < 3 {
                String::new()
            } else {
                format!("2026-{month:02}-{day:02} {hour:02}:30:00")
            };
            if place % 10 != 9 {
                writeln!(rows, "p{number},T{trust:02},70,Lactate,{at},1.0").unwrap();
            }
        }
    }
    let audit = audited(&rows);
    for (code, plain, adjusted) in audit.places("lactate_3h") {
        let expected = if code == "T00" { "below 99.8%" } else { "inside" };
        assert_eq!((plain.as_str(), adjusted.as_str()), (expected, expected), "{code}");
    }
    let said = audit.headlines().join("\n");
    assert!(said.contains("T00 60.0% (60 of 100, 30.0 points below): 30 of its 100 cases cannot be decided"), "{said}");
    assert!(said.contains("(30.0%, elsewhere 0.0%); of those decided it has 85.7%"), "{said}");
}

#[test]
fn a_clock_that_is_an_hour_off_is_data() {
    let (mut rows, mut number) = (String::new(), 0);
    for trust in 0..12 {
        for _ in 0..120 {
            number += 1;
            let minutes = [15, 20, 30, 40, 50, 55, 70, 90, 110, -5][number / 12 % 10];
            let summer = (3..9).contains(&(number % 12));
            let off = if trust == 0 && summer { 60 } else { 0 };
            patient(&mut rows, number, &format!("T{trust:02}"), 70, Some(minutes - off));
        }
    }
    let audit = audited(&rows);
    audit.warns("at T00 done before what it counts from in ");
    audit.warns("of its cases in summer time");
    let measure = audit.measure("antibiotics_1h");
    let cause = measure["organisations"][0]["cause"].as_str().unwrap();
    assert!(cause.contains("one of its clocks may be an hour off"), "{cause}");
    let said = audit.headlines().join("\n");
    assert!(!said.contains("above T00"), "its rate is not praised: {said}");
}

#[test]
fn age_is_no_reason_to_hold_back_where_all_have_the_same_ages() {
    let made = |old_at: &dyn Fn(usize, usize) -> bool| {
        let (mut rows, mut number) = (String::new(), 0);
        for trust in 0..6 {
            for place in 0..100 {
                number += 1;
                let old = old_at(trust, place);
                let in_time = if old { place % 10 < 4 } else { place % 10 < 9 };
                patient(
                    &mut rows,
                    number,
                    &format!("T{trust}"),
                    if old { 85 } else { 40 },
                    Some(if in_time { 20 } else { 200 }),
                );
            }
        }
        audited(&rows).measure("antibiotics_1h")["unlike"].clone()
    };
    assert!(made(&|_, place| place >= 50).is_null(), "the same mix everywhere");
    let unlike = made(&|trust, place| place >= 100 - 15 * trust);
    assert_eq!((unlike["least"][0].as_str(), unlike["most"][0].as_str()), (Some("T5"), Some("T0")), "{unlike}");
}

/// What is elsewhere is what the others have: of two, the other one.
#[test]
fn of_two_elsewhere_is_the_other() {
    let rows = group(&[("A", 200, 150), ("B", 200, 150)]);
    let lacks = |line: &str| {
        let number: usize = line[1..].split(',').next().unwrap().parse().unwrap();
        line.contains(",B,") && number % 5 < 2
    };
    let lines = rows.lines().map(|line| if lacks(line) { line.replace(",70,", ",,") } else { line.to_owned() });
    let audit = audited(&format!("{}\n", lines.collect::<Vec<_>>().join("\n")));
    let told = audit.folder.read("out/reasons.csv");
    assert!(told.contains("`age` is missing in 40.0% of its cases, elsewhere 0.0%"), "{told}");
    assert!(!told.contains("elsewhere 20.0%"), "{told}");
}
