//! A made-up audit of 274 organisations, the same on every run: large enough to show what a real one does.

use concord_cli::results::*;

#[path = "sample_measures.rs"]
mod measures;

#[path = "sample_member.rs"]
mod member;

#[path = "sample_small.rs"]
mod small;

use measures::measure;
use member::members;
use small::small_audit;

const ORGANISATIONS: u64 = 274;
const MONTHS: u32 = 30;
const MINUTE: i64 = 60_000;
const TOWNS: [&str; 4] = ["North Vale", "Eastmere", "Westbrook and Tarn", "St Hild's"];

/// Numbers that look random and are not.
pub struct Dice(u64);

impl Dice {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal, mean 0, deviation 1.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }

    fn binomial(&mut self, n: u64, p: f64) -> u64 {
        let n = n as f64;
        (n * p + self.normal() * (n * p * (1.0 - p)).sqrt()).round().clamp(0.0, n) as u64
    }
}

/// The whole of it.
pub fn results() -> Results {
    let mut dice = Dice(7);
    let antibiotics =
        measure(&mut dice, "m-antibiotics", "Antibiotics within one hour of sepsis being suspected", 0.71, 0.06, 0.9);
    let lactate = measure(&mut dice, "m-lactate", "Lactate measured within one hour", 0.88, 0.02, 0.85);
    Results {
        format: 1,
        run: Run {
            title: "Suspected sepsis: first-hour care, April 2024 to September 2026".into(),
            as_of: "2026-10-31T00:00:00Z".into(),
            version: "0.1.0".into(),
            disclosure: "off, by --show-small-numbers: do not publish this report".into(),
        },
        headlines: headlines(),
        audits: vec![
            Audit {
                id: "sepsis".into(),
                run: 1,
                as_of: "2026-06-30".into(),
                logic: logic("acute.sepsis", "Suspected sepsis: the first hour", "draft", true),
                data: data(),
                obligations: vec![
                    obligation(&mut dice, "o-antibiotics", "antibiotics_within_1h", "Give antibiotics within one hour"),
                    obligation(&mut dice, "o-review", "senior_review", "Senior review within one hour"),
                ],
                measures: vec![antibiotics, lactate],
                figures: Vec::new(),
                members: members(),
                silent: Vec::new(),
            },
            small_audit(),
        ],
    }
}

fn headlines() -> Vec<Headline> {
    let headline = |tone, anchor: &str, text: &str| {
        let chart = anchor.starts_with("m-").then(|| "funnel".to_owned());
        Headline { tone, anchor: anchor.into(), text: text.into(), chart }
    };
    vec![
        headline(
            Tone::Concern,
            "m-antibiotics",
            "7 in 10 patients (70.9%, 212,310 of 299,450) had antibiotics within the hour; the target of at least 90% is consistently failed.",
        ),
        headline(
            Tone::Concern,
            "o-antibiotics",
            "For 1 patient in 20 it took longer than 4 h 10 min, four times the limit.",
        ),
        headline(
            Tone::Good,
            "m-lactate",
            "Lactate measurement has improved since January 2026: 7 months in a row above the mean.",
        ),
        headline(
            Tone::Note,
            "m-antibiotics",
            "After allowing for the usual spread between organisations, 6 of 274 still stand apart; before it, 188 would have.",
        ),
        headline(
            Tone::Data,
            "sepsis",
            "9 organisations record no time of suspicion for more than half of their cases; their rates rest on what is left.",
        ),
    ]
}

fn logic(package: &str, title: &str, status: &str, unverified: bool) -> Logic {
    Logic {
        package: package.into(),
        title: title.into(),
        version: "0.3.0".into(),
        fingerprint: "9b1f0c44a8e2d7735d1e".repeat(3),
        module_sha256: "4fe1a0027cc95b3e".repeat(4),
        status: status.into(),
        unverified,
        owner: "Sepsis improvement group".into(),
        sources: vec![
            "NICE NG253 (2025), recommendations 1.7.1 to 1.7.4".into(),
            "Academy of Medical Royal Colleges, Statement on the initial antimicrobial treatment of sepsis (2022)"
                .into(),
        ],
        parameters: vec![
            Parameter {
                name: "antibiotic_limit".into(),
                value: "1 hour".into(),
                contract: "may be shortened, never lengthened".into(),
            },
            Parameter {
                name: "senior_grade".into(),
                value: "not set".into(),
                contract: "each member names its own grades".into(),
            },
        ],
    }
}

fn data() -> Data {
    let complete = |name: &str, kind: &str, present, not_supplied| Completeness {
        name: name.into(),
        kind: kind.into(),
        present,
        missing: 421_877 - present,
        not_supplied,
        hidden: 0,
    };
    Data {
        values_rejected: 12_007,
        files: (1..=3)
            .map(|i| DataFile { name: format!("exports/sepsis-2024-{i:02}.parquet"), lines: Some(612_240 + i), bytes: 38_412_901 * i, sha256: "a91e44c0d7b2f35e".repeat(4), is_bare: false })
            .collect(),
        mapping: "sepsis-export 1.2.0".into(),
        mapping_sha256: "00c3d9aa17e4b86f".repeat(4),
        rows: 6_204_118,
        rows_used: 6_121_004,
        rows_left_out: vec![("observation chart printed".into(), 61_220), ("bed cleaned".into(), 20_871)],
        rows_rejected: 1_023,
        reject_reasons: vec![("time is before the patient was born".into(), 611), ("time without a zone".into(), 412)],
        rejects_file: Some("rejects.csv".into()),
        cases: 421_877,
        events: 5_977_310,
        organisations: ORGANISATIONS,
        completeness: vec![
            complete("suspected_at", "event", 398_410, false),
            complete("antibiotic_given", "event", 377_951, false),
            complete("news2_total", "fact", 421_102, false),
            complete("allergy_status", "fact", 0, true),
        ],
        hidden: 0,
        warnings: vec!["12 cases have no organisation: they count in the total and stand under none.".into()],
        notes: vec![
            "Times are local, Europe/London, as the mapping declares; the hour that is repeated in October is taken as the first.".into(),
            "142 events at the same instant are kept in the order of the file.".into(),
        ],
    }
}

fn rate(numerator: u64, denominator: u64) -> Option<Rate> {
    if denominator == 0 {
        return None;
    }
    let (n, p, z) = (denominator as f64, numerator as f64 / denominator as f64, 1.959_964_f64);
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    Some(Rate { value: p, low: centre - half, high: centre + half })
}

fn obligation(dice: &mut Dice, id: &str, name: &str, title: &str) -> ObligationResult {
    let organisations: Vec<(String, Verdicts)> =
        (0..ORGANISATIONS).map(|i| (code(i), verdicts_of(dice, 1.0))).collect();
    let sum = |read: fn(&Verdicts) -> u64| organisations.iter().map(|(_, v)| read(v)).sum::<u64>();
    let verdicts = Verdicts {
        hidden: 0,
        not_applicable: sum(|v| v.not_applicable),
        excused: sum(|v| v.excused),
        met: sum(|v| v.met),
        late: sum(|v| v.late),
        missed: sum(|v| v.missed),
        open: sum(|v| v.open),
        unknown: sum(|v| v.unknown),
    };
    ObligationResult {
        id: id.into(),
        name: name.into(),
        title: title.into(),
        source: "NICE NG253, 1.7.2".into(),
        severity: Some("high".into()),
        forbidden: false,
        readings: readings(&verdicts),
        organisations,
        delay: Some(delay(verdicts.met, verdicts.late)),
        needs: vec![("suspected_at".into(), verdicts.unknown - 211), ("antibiotic_given".into(), 4_031)],
        excuses: vec![
            ("on antibiotics already".into(), verdicts.excused - 900),
            ("end-of-life care agreed".into(), 900),
        ],
        cases: (0..20).map(case).collect(),
        verdicts,
    }
}

fn verdicts_of(dice: &mut Dice, size: f64) -> Verdicts {
    let n = (size * (400.0 + 2_400.0 * dice.next() * dice.next())) as u64;
    Verdicts {
        hidden: 0,
        met: dice.binomial(n, 0.6),
        late: dice.binomial(n, 0.19),
        missed: dice.binomial(n, 0.05),
        open: dice.binomial(n, 0.004),
        unknown: dice.binomial(n, 0.06),
        excused: dice.binomial(n, 0.05),
        not_applicable: dice.binomial(n, 0.35),
    }
}

fn readings(v: &Verdicts) -> Vec<Reading> {
    let known = v.met + v.late + v.missed;
    let reading = |question: &str, numerator, denominator, is_the_rule| Reading {
        question: question.into(),
        numerator,
        denominator,
        rate: rate(numerator, denominator),
        is_the_rule,
        hidden: 0,
    };
    vec![
        reading("Of those due, how many were done in time?", v.met, known, true),
        reading("Of those done, how many were in time?", v.met, v.met + v.late, false),
        reading("Of those due, how many were done at all?", v.met + v.late, known, false),
        reading("If every unknown were a failure?", v.met, known + v.unknown, false),
        reading("Of those transferred in, how many were done in time?", 0, 0, false),
    ]
}

fn delay(met: u64, late: u64) -> Delay {
    let quantile = |value: i64, spread: i64| Quantile {
        value: value * MINUTE,
        low: Some((value - spread) * MINUTE),
        high: Some((value + spread) * MINUTE),
    };
    let inside = [0.16, 0.31, 0.33, 0.2].map(|part| (met as f64 * part) as u64);
    let beyond = [0.34, 0.2, 0.14, 0.1, 0.08, 0.06, 0.05, 0.03].map(|part| (late as f64 * part) as u64);
    let edges = (1..12).map(|i| Some(i * 15 * MINUTE)).chain([None]);
    let bins: Vec<_> = edges.zip(inside.into_iter().chain(beyond)).collect();
    Delay {
        n: bins.iter().map(|(_, n)| n).sum(),
        days: None,
        median: quantile(44, 1),
        p90: quantile(151, 3),
        p95: quantile(250, 6),
        limit: Some(60 * MINUTE),
        limit_days: None,
        bins,
        hidden: 0,
        late_by: None,
    }
}

fn case(i: u64) -> CaseToLookAt {
    CaseToLookAt {
        case: format!("S-{:06}", 48_211 + i * 977),
        organisation: Some(code(i * 13 % ORGANISATIONS)),
        verdict: format!("late by {} h {} min", 11 - i / 2, 5 + i * 2),
        because: vec![
            "sepsis suspected 3 March 2026 at 09:12 (NEWS2 8, suspected_at)".into(),
            "  so antibiotics were due by 10:12".into(),
            "first antibiotic 3 March 2026 at 21:17 (piperacillin with tazobactam)".into(),
            "no excuse recorded: not on antibiotics, no end-of-life plan".into(),
        ],
    }
}

fn code(i: u64) -> String {
    let letter = |n: u64| char::from(b'A' + (n % 26) as u8);
    format!("R{}{}", letter(i / 26), letter(i))
}
