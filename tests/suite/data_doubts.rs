//! What the data of one organisation show that is no practice: dates that are mistaken, cases that are not sent, that another has as well, and times that are
//! missing; and figures of which many have no number yet.

use crate::not_so::{Audited, HEADER, ROWS, TRUSTS, WAITS, audited};
use concord_cli::results::{Answer, CauseKind, Tone};
use concord_engine::values::calendar::{date_from_days, days_from_date, show_date};
use std::fmt::Write as _;

const AS_OF: &str = "2026-12-01T00:00:00Z";

/// A row of a case at an organisation.
struct Row {
    case: String,
    trust: &'static str,
    what: &'static str,
    day: i64,
    minute: i64,
}

/// Those who are referred on each of 400 days, and told three days later or, one of eight, never.
fn rows() -> Vec<Row> {
    let first = days_from_date(2025, 1, 1).unwrap();
    let mut rows = Vec::new();
    for (trust, at) in TRUSTS.into_iter().zip(0..) {
        for number in 0..400_i64 {
            let minute = 480 + (number * 37 + at * 101) % 600;
            let case = format!("{trust}-{number}");
            rows.push(Row { case: case.clone(), trust, what: "Referred", day: first + number, minute });
            if (number * 3 + at) % 8 != 0 {
                rows.push(Row { case, trust, what: "Told", day: first + number + 3, minute: minute + number % 50 });
            }
        }
    }
    rows
}

fn of(rows: &[Row], exact: bool) -> Audited {
    let mut text = HEADER.to_owned();
    for Row { case, trust, what, day, minute } in rows {
        let at = if *minute < 0 {
            String::new()
        } else {
            format!("{} {:02}:{:02}:00", show_date(*day), minute / 60, minute % 60)
        };
        // Nobody is of the same age as the next.
        let age = 20 + case.rsplit('-').next().unwrap().parse::<i64>().unwrap() % 70;
        writeln!(text, "{case},{trust},{age},no,{what},{at}").unwrap();
    }
    audited(WAITS, ROWS, &text, AS_OF, exact)
}

/// A day with day and month exchanged, where it can be.
fn exchanged(day: i64) -> i64 {
    let (year, month, of_month) = date_from_days(day);
    if of_month <= 12 { days_from_date(year, of_month, month).unwrap() } else { day }
}

fn has(audit: &Audited, code: &str, kind: CauseKind, text: &str) {
    let causes = audit.causes(code);
    assert!(causes.iter().any(|(own, said)| *own == kind && said.contains(text)), "{code}: {causes:?}");
    assert!(!causes.iter().any(|(kind, _)| kind.answer() == Answer::Visit), "{code}: {causes:?}");
}

fn only_of(audit: &Audited, code: &str, kind: CauseKind) {
    for other in TRUSTS.into_iter().filter(|other| *other != code) {
        assert!(!audit.causes(other).iter().any(|(own, _)| *own == kind), "{other}: {:?}", audit.causes(other));
    }
}

/// Whichever of its kinds it is of, and whether or not figures are protected.
#[test]
fn day_and_month_that_are_exchanged_are_no_practice() {
    for (what, exact) in [("Told", true), ("Referred", true), ("Told", false)] {
        let mut rows = rows();
        let own = rows.iter_mut().filter(|row| row.trust == "T3" && row.what == what);
        own.for_each(|row| row.day = exchanged(row.day));
        let audit = of(&rows, exact);
        let share = if exact { "% of the dates of `" } else { "far more than elsewhere of the dates of `" };
        has(&audit, "T3", CauseKind::Dates, "day and month seem to be exchanged in ");
        has(&audit, "T3", CauseKind::Dates, share);
        only_of(&audit, "T3", CauseKind::Dates);
        let funnel = audit.measure("told").funnel.as_ref().unwrap();
        assert!(funnel.apart.contains(&"T3".to_owned()), "{:?}", audit.causes("T3"));
    }
}

/// Where the days that are no month are refused, none is left after the 12th.
#[test]
fn dates_of_which_none_lies_after_the_twelfth_are_told() {
    let mut rows = rows();
    rows.retain(|row| row.trust != "T2" || date_from_days(exchanged(row.day)) != date_from_days(row.day));
    rows.iter_mut().filter(|row| row.trust == "T2").for_each(|row| row.day = exchanged(row.day));
    let audit = of(&rows, true);
    let causes = audit.causes("T2");
    assert!(causes.iter().any(|(kind, _)| *kind == CauseKind::Dates), "{causes:?}");
    only_of(&audit, "T2", CauseKind::Dates);
}

/// A few of January have the year before: the case still begins in the month of its other events.
#[test]
fn a_year_that_is_mistyped_is_told() {
    let mut rows = rows();
    let january = days_from_date(2026, 1, 1).unwrap()..days_from_date(2026, 2, 1).unwrap();
    let own = rows.iter_mut().filter(|row| row.trust == "T5" && row.what == "Told" && january.contains(&row.day));
    own.for_each(|row| row.day -= 365);
    let audit = of(&rows, true);
    has(&audit, "T5", CauseKind::Dates, " lie a year from the rest of their case");
    only_of(&audit, "T5", CauseKind::Dates);
    assert!(!audit.causes("T5").iter().any(|(kind, _)| *kind == CauseKind::Months), "{:?}", audit.causes("T5"));
}

/// Who sends only those that were told has none that is missed; that is told beside its rate.
#[test]
fn who_sends_only_what_was_done_is_doubted() {
    let mut rows = rows();
    let told: Vec<String> = rows.iter().filter(|row| row.what == "Told").map(|row| row.case.clone()).collect();
    rows.retain(|row| row.trust != "T4" || told.contains(&row.case));
    for exact in [true, false] {
        let audit = of(&rows, exact);
        has(&audit, "T4", CauseKind::OnlyDone, "none of its cases is missed or still open");
        only_of(&audit, "T4", CauseKind::OnlyDone);
        let why = &audit.audit().members.iter().find(|member| member.code == "T4").unwrap().measures;
        assert!(why.iter().all(|why| !why.sentence.contains("practice is better")), "{why:#?}");
    }
}

/// The cases of one organisation once more under numbers of another.
#[test]
fn patients_under_two_numbers_are_told() {
    let mut all = rows();
    all.retain(|row| row.trust != "T6");
    // Of two times many are alike by chance: each is told twice.
    let again = |row: &Row, trust: &'static str, case: String, later: i64| Row {
        case,
        trust,
        what: row.what,
        day: row.day + later,
        minute: row.minute,
    };
    let twice = all.iter().filter(|row| row.what == "Told").map(|row| again(row, row.trust, row.case.clone(), 9));
    let twice: Vec<Row> = twice.collect();
    all.extend(twice);
    let copies = all.iter().filter(|row| row.trust == "T5");
    let copies: Vec<Row> = copies.map(|row| again(row, "T6", row.case.replace("T5", "X"), 0)).collect();
    all.extend(copies);
    for exact in [true, false] {
        let audit = of(&all, exact);
        for code in ["T5", "T6"] {
            has(&audit, code, CauseKind::Duplicates, "exactly like one of another organisation in every fact and time");
        }
        assert!(audit.causes("T1").is_empty(), "{:?}", audit.causes("T1"));
    }
}

/// Of those of whom a time is missing nobody knows whether their order is the usual one: they are in no share of it.
#[test]
fn a_time_that_is_missing_is_no_step_that_was_left_out() {
    let mut rows = rows();
    let told = rows.iter_mut().filter(|row| row.trust == "T1" && row.what == "Told").enumerate();
    told.filter(|(nth, _)| nth % 5 == 0).for_each(|(_, row)| row.minute = -1);
    let audit = of(&rows, true);
    let path = |code: &str| audit.audit().members.iter().find(|of| of.code == code).unwrap().path.clone().unwrap();
    // 350 of 400 were told, and of 70 of these nobody knows when.
    let own = path("T1");
    assert_eq!((own.known, own.on_path), (Some(330), Some(280.0 / 330.0)));
    assert_eq!((path("T2").known, path("T2").on_path), (None, Some(0.875)));
    assert!(audit.page.contains("of the 330 cases whose order is known, 84.8% have all usual steps in this one"));
    let protected = of(&rows, false);
    assert!(protected.page.contains("is not told, as times are missing"));
}

const FIGURE: &str = "subject Case {\n  trust : organisation\n  age : integer 0..120 years\n  declined : yes/no\n  event Referred\n  event Told\n}
measure wait {\n  title \"Wait\"\n  value median of days from first Referred to first Told\n  target <= 25 days\n  lower is better\n  by trust, month of first Referred\n}\n";

/// Everybody waits 10 to 49 days, in each month: at the end those who were quick are left, and that is no improvement.
#[test]
fn who_still_waits_is_told_beside_a_median() {
    let first = days_from_date(2025, 1, 1).unwrap();
    let mut rows = Vec::new();
    for trust in TRUSTS {
        for number in 0..546_i64 {
            let case = format!("{trust}-{number}");
            rows.push((case.clone(), trust, "Referred", first + number));
            let told = first + number + 10 + number * 7 % 40;
            if told < days_from_date(2026, 7, 1).unwrap() {
                rows.push((case, trust, "Told", told));
            }
        }
    }
    let mut text = HEADER.to_owned();
    for (case, trust, what, day) in &rows {
        writeln!(text, "{case},{trust},50,no,{what},{} 10:00:00", show_date(*day)).unwrap();
    }
    for exact in [true, false] {
        let audit = audited(FIGURE, ROWS, &text, "2026-06-30T23:59:00+01:00", exact);
        let figure = &audit.audit().figures[0];
        let waiting = rows.len() as u64;
        let waiting = 2 * 6 * 546 - waiting;
        assert!(figure.total.without.abs_diff(waiting) <= if exact { 0 } else { 2 }, "{:?} {waiting}", figure.total);
        let chart = figure.chart.as_ref().unwrap();
        assert_eq!(chart.unfinished, ["2026-05", "2026-06"], "{exact}");
        assert!(chart.points.iter().all(|point| point.special_cause.is_none()), "{chart:#?}");
        assert!(chart.not_complete().unwrap().contains("as more cases than before have no number yet"));
        assert!(audit.page.contains("have no number, as whoever still waits has none"), "{exact}");
    }
}

/// Eleven months are complete, and the twelfth is not: the page says which, and that there is no verdict before.
#[test]
fn a_chart_that_is_too_short_says_from_when_it_is_judged() {
    let end = days_from_date(2026, 7, 1).unwrap();
    let start = days_from_date(2025, 7, 1).unwrap();
    let mut rows = Vec::new();
    for trust in TRUSTS {
        for number in 0..365_i64 {
            let case = format!("{trust}-{number}");
            let (referred, minute) = (start + number, 600 + number % 50);
            rows.push(Row { case: case.clone(), trust, what: "Referred", day: referred, minute });
            let told = referred + if number * 7 % 10 < 7 { 1 + number * 11 % 27 } else { 29 + number % 20 };
            if told < end {
                rows.push(Row { case, trust, what: "Told", day: told, minute });
            }
        }
    }
    let mut text = HEADER.to_owned();
    for Row { case, trust, what, day, minute } in &rows {
        writeln!(text, "{case},{trust},50,no,{what},{} {:02}:{:02}:00", show_date(*day), minute / 60, minute % 60)
            .unwrap();
    }
    for exact in [true, false] {
        let audit = audited(WAITS, ROWS, &text, "2026-06-30T23:59:00+01:00", exact);
        let chart = audit.measure("told").chart.as_ref().unwrap();
        let why = "11 periods are complete, and a verdict on the process takes 12: not before Jun 2026 is complete";
        assert_eq!(chart.not_judged.as_deref(), Some(why), "{exact}");
        assert!(
            matches!(audit.says(why), Some(Tone::Concern | Tone::Note | Tone::Good)),
            "{:#?}",
            audit.results.headlines
        );
    }
}
