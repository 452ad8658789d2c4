//! `concord profile` of exports that tempt it: hours that lie apart by chance, titles above the header, times in two formats, Excel's dates.

mod forms;

use crate::cli::run;
use crate::generate::Random;
use crate::packages::TempFolder;
use std::fmt::Write as _;

/// From about -3 to 3, most near 0.
fn bell(random: &mut Random) -> f64 {
    (0..12).map(|_| random.below(1_000_000) as f64 / 1e6).sum::<f64>() - 6.0
}

const DAYS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Cases of three events, whose hours come as they are given; `early` moves those of summer by an hour.
fn export(seed: u64, cases: usize, early: bool, hour: impl Fn(&mut Random) -> f64) -> String {
    let mut random = Random::new(seed);
    let mut text = "case_id,org,activity,timestamp\n".to_owned();
    for case in 0..cases {
        let (month, at) = (random.below(12), hour(&mut random).clamp(1.1, 21.9));
        let day = random.below(DAYS[month]) + 1;
        let summer = (4..=10).contains(&(month + 1));
        let minutes = (at * 60.0) as u64 - if early && summer { 60 } else { 0 };
        for (activity, later) in [("Registration", 0), ("Triage", 5), ("Antibiotics", 50)] {
            let at = minutes + later;
            let _ =
                writeln!(text, "c{case},RTF,{activity},{day:02}/{:02}/2025 {:02}:{:02}", month + 1, at / 60, at % 60);
        }
    }
    text
}

fn profile(text: &str) -> (String, String) {
    let folder = TempFolder::new();
    let rules = format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"));
    let export = folder.write("export.csv", text.as_bytes()).to_str().unwrap().to_owned();
    let said = run(&["profile", &export]);
    let draft = run(&["profile", &export, "--map", &rules]);
    assert_eq!((said.code, draft.code), (0, 0), "{}{}", said.err, draft.err);
    (said.out, draft.out)
}

/// Cases at random hours, and around the early afternoon.
#[test]
fn hours_that_lie_apart_by_chance_are_not_taken_for_utc() {
    let mut taken = 0;
    for seed in 0..20 {
        taken +=
            usize::from(profile(&export(seed, 700, false, |n| n.below(2_000) as f64 / 100.0 + 1.5)).0.contains("UTC"));
        taken += usize::from(profile(&export(seed, 700, false, |n| 14.0 + 4.0 * bell(n))).0.contains("UTC"));
        taken += usize::from(profile(&export(seed, 3_000, false, |n| 9.0 + 2.0 * bell(n))).0.contains("UTC"));
    }
    assert!(taken <= 1, "{taken} of 60");
}

#[test]
fn an_export_in_utc_is_told_and_its_zone_left_to_be_said() {
    for seed in 0..5 {
        let (said, draft) = profile(&export(seed, 2_000, true, |n| 12.0 + 2.5 * bell(n)));
        assert!(
            said.contains("in summer cases begin an hour earlier in the day than in winter: perhaps UTC"),
            "{said}"
        );
        assert!(draft.contains("# zone   = \"UTC\"\n# zone   = \"Europe/London\"\n"), "{draft}");
        assert!(draft.contains("# settle: in summer cases begin an hour earlier"), "{draft}");
        assert!(!draft.lines().any(|line| line.starts_with("zone")), "{draft}");
    }
}

#[test]
fn titles_two_formats_and_dates_of_excel_are_told() {
    let plain = export(1, 100, false, |n| n.below(20) as f64 + 2.0);
    for title in
        ["Sepsis export\nRun on 01/01/2026\n", "Sepsis export,,,\nRun on 01/01/2026,,,\n", "Sepsis export,,,\n\n"]
    {
        let (said, draft) = profile(&format!("{title}{plain}"));
        assert!(said.contains("its header is its row ") && said.contains("leave out what stands above it"), "{said}");
        assert!(
            said.contains("`case_id` names the case, `activity` says what happened and `timestamp` when"),
            "{said}"
        );
        assert!(draft.contains("# settle: the header is row "), "{draft}");
    }
    assert!(!profile(&plain).0.contains("header"), "{}", profile(&plain).0);
    let mixed: String = plain
        .lines()
        .enumerate()
        .map(|(row, line)| match line.rsplit_once(',') {
            Some((before, at)) if row > 0 && row % 2 == 0 => {
                let (day, clock) = at.split_once(' ').unwrap();
                let parts: Vec<&str> = day.split('/').collect();
                format!("{before},{}-{}-{} {clock}:00\n", parts[2], parts[1], parts[0])
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let (said, draft) = profile(&mixed);
    assert!(
        said.contains("times in several formats, `%Y-%m-%d %H:%M:%S` and `%d/%m/%Y %H:%M`: a mapping reads one"),
        "{said}"
    );
    assert!(draft.contains("has times in several formats"), "{draft}");
    let serial: String = plain
        .lines()
        .enumerate()
        .map(|(row, line)| match line.rsplit_once(',') {
            Some((before, _)) if row > 0 => format!("{before},{}.{:05}\n", 45_658 + row, 4_861 + row),
            _ => format!("{line}\n"),
        })
        .collect();
    let (said, draft) = profile(&serial);
    assert!(said.contains("numbers that are dates as Excel counts them"), "{said}");
    assert!(draft.contains("has dates as Excel counts them: have it exported as dates"), "{draft}");
    let ages = plain.replace("timestamp", "age,timestamp").replace(",RTF,", ",RTF,45678,");
    assert!(!profile(&ages).0.contains("Excel"), "a number of another kind");
}

/// Of few patients that come up again and again none is shown, however their numbers are written; nor are cases said to have "up to 1 to 7" rows.
#[test]
fn numbers_of_patients_are_no_codes() {
    let of = |numbers: [&str; 2]| {
        let rows = (0..40).map(|row| format!("E{row},{},2026-01-{:02} 10:00:00\n", numbers[row % 2], row % 28 + 1));
        format!("encounter,patient,at\n{}", rows.collect::<String>())
    };
    for numbers in [
        ["5f8d3e13-bc80-4c1f-8a6d-0b6c5c3b1f2a", "9e886a7a-1111-4c1f-8a6d-0b6c5c3b1f2b"],
        ["943 476 5919", "943 476 5870"],
    ] {
        let (said, draft) = profile(&of(numbers));
        assert!(numbers.iter().all(|number| !said.contains(number) && !draft.contains(number)), "{said}{draft}");
    }
    assert!(profile(&of(["yes", "no"])).0.contains("yes"), "codes are shown");
    let (said, _) = profile(&export(1, 100, false, |n| n.below(20) as f64 + 2.0));
    assert!(!said.contains("up to 1 to 7"), "{said}");
}
