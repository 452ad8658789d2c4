//! A made-up audit of 274 organisations, the same on every run: large enough to show what a real one does.

use concord_cli::report::model::*;

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
    let antibiotics = measure(&mut dice, "m-antibiotics", "Antibiotics within one hour of sepsis being suspected", 0.71, 0.06, 0.9);
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
                logic: logic("acute.sepsis", "Suspected sepsis: the first hour", "draft", true),
                data: data(),
                obligations: vec![
                    obligation(&mut dice, "o-antibiotics", "antibiotics_within_1h", "Give antibiotics within one hour"),
                    obligation(&mut dice, "o-review", "senior_review", "Senior review within one hour"),
                ],
                measures: vec![antibiotics, lactate],
            },
            small_audit(),
        ],
    }
}

fn headlines() -> Vec<Headline> {
    let headline = |tone, anchor: &str, text: &str| Headline { tone, anchor: anchor.into(), text: text.into() };
    vec![
        headline(Tone::Concern, "m-antibiotics", "7 in 10 patients (70.9%, 212,310 of 299,450) had antibiotics within the hour; the target of at least 90% is consistently failed."),
        headline(Tone::Concern, "o-antibiotics", "For 1 patient in 20 it took longer than 4 h 10 min, four times the limit."),
        headline(Tone::Good, "m-lactate", "Lactate measurement has improved since January 2026: 7 months in a row above the mean."),
        headline(Tone::Note, "m-antibiotics", "After allowing for the usual spread between organisations, 6 of 274 still stand apart; before it, 188 would have."),
        headline(Tone::Data, "sepsis", "9 organisations record no time of suspicion for more than half of their cases; their rates rest on what is left."),
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
        sources: vec!["NICE NG253 (2025), recommendations 1.7.1 to 1.7.4".into(), "Academy of Medical Royal Colleges, Statement on the initial antimicrobial treatment of sepsis (2022)".into()],
        parameters: vec![
            Parameter { name: "antibiotic_limit".into(), value: "1 hour".into(), contract: "may be shortened, never lengthened".into() },
            Parameter { name: "senior_grade".into(), value: "not set".into(), contract: "each member names its own grades".into() },
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
    };
    Data {
        files: (1..=3)
            .map(|i| DataFile { name: format!("exports/sepsis-2024-{i:02}.parquet"), bytes: 38_412_901 * i, sha256: "a91e44c0d7b2f35e".repeat(4) })
            .collect(),
        mapping: "sepsis-export 1.2.0".into(),
        mapping_sha256: "00c3d9aa17e4b86f".repeat(4),
        rows: 6_204_118,
        rows_used: 6_121_004,
        rows_left_out: vec![("observation chart printed".into(), 61_220), ("bed cleaned".into(), 20_871)],
        values_rejected: 0,
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
    let organisations: Vec<(String, Verdicts)> = (0..ORGANISATIONS).map(|i| (code(i), verdicts_of(dice, 1.0))).collect();
    let sum = |read: fn(&Verdicts) -> u64| organisations.iter().map(|(_, v)| read(v)).sum::<u64>();
    let verdicts = Verdicts {
        not_applicable: sum(|v| v.not_applicable),
        excused: sum(|v| v.excused),
        met: sum(|v| v.met),
        late: sum(|v| v.late),
        missed: sum(|v| v.missed),
        open: sum(|v| v.open),
        unknown: sum(|v| v.unknown),
        hidden: 0,
    };
    ObligationResult {
        id: id.into(),
        name: name.into(),
        title: title.into(),
        source: "NICE NG253, 1.7.2".into(),
        readings: readings(&verdicts),
        organisations,
        delay: Some(delay(verdicts.met, verdicts.late)),
        needs: vec![("suspected_at".into(), verdicts.unknown - 211), ("antibiotic_given".into(), 4_031)],
        excuses: vec![("on antibiotics already".into(), verdicts.excused - 900), ("end-of-life care agreed".into(), 900)],
        cases: (0..20).map(case).collect(),
        verdicts,
    }
}

fn verdicts_of(dice: &mut Dice, size: f64) -> Verdicts {
    let n = (size * (400.0 + 2_400.0 * dice.next() * dice.next())) as u64;
    Verdicts {
        met: dice.binomial(n, 0.6),
        late: dice.binomial(n, 0.19),
        missed: dice.binomial(n, 0.05),
        open: dice.binomial(n, 0.004),
        unknown: dice.binomial(n, 0.06),
        excused: dice.binomial(n, 0.05),
        not_applicable: dice.binomial(n, 0.35),
        hidden: 0,
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
    let quantile = |value: i64, spread: i64| Quantile { value: value * MINUTE, low: Some((value - spread) * MINUTE), high: Some((value + spread) * MINUTE) };
    let inside = [0.16, 0.31, 0.33, 0.2].map(|part| (met as f64 * part) as u64);
    let beyond = [0.34, 0.2, 0.14, 0.1, 0.08, 0.06, 0.05, 0.03].map(|part| (late as f64 * part) as u64);
    let edges = (1..12).map(|i| Some(i * 15 * MINUTE)).chain([None]);
    let bins: Vec<_> = edges.zip(inside.into_iter().chain(beyond)).collect();
    Delay {
        n: bins.iter().map(|(_, n)| n).sum(),
        median: quantile(44, 1),
        p90: quantile(151, 3),
        p95: quantile(250, 6),
        limit: Some(60 * MINUTE),
        bins,
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

fn measure(dice: &mut Dice, id: &str, title: &str, rate_of_group: f64, spread: f64, target: f64) -> MeasureResult {
    let mut organisations: Vec<OrganisationRate> = (0..ORGANISATIONS).map(|i| organisation(dice, i, rate_of_group, spread)).collect();
    let numerator = organisations.iter().map(|o| o.counts.numerator).sum();
    let denominator: u64 = organisations.iter().map(|o| o.counts.denominator).sum();
    let funnel = funnel(&mut organisations, numerator as f64 / denominator as f64);
    let charts = (0..ORGANISATIONS).map(|i| chart(dice, Some(code(i)), 60.0, rate_of_group, spread / 2.0, target)).collect();
    MeasureResult {
        id: id.into(),
        name: id.trim_start_matches("m-").into(),
        title: title.into(),
        source: "NICE NG253, 1.7.2".into(),
        basis: "cases in which sepsis was suspected in an emergency department, aged 16 or over".into(),
        total: Counts { numerator, denominator, excluded: 18_904, open: 1_411, unknown: 23_467, rate: rate(numerator, denominator), hidden: 0 },
        unknown_policy: "left out of the denominator, and shown".into(),
        target: Some(Target { text: format!("at least {:.0}%", target * 100.0), value: target, at_least: true, unverified: target > 0.86 }),
        funnel: Some(funnel),
        spread: Some(Spread { median_odds_ratio: 1.37, icc: 0.031 }),
        strata: vec![],
        chart: Some(chart(dice, None, 11_000.0, rate_of_group, 0.006, target)),
        organisations,
        charts,
    }
}

fn organisation(dice: &mut Dice, i: u64, group: f64, spread: f64) -> OrganisationRate {
    let denominator = (60.0 + 4_400.0 * dice.next() * dice.next() * dice.next()) as u64;
    let odd = match i { 31 => -0.3, 88 => -0.24, 140 => 0.2, 201 => -0.22, _ => 0.0 };
    let true_rate = (group + spread * dice.normal() + odd).clamp(0.02, 0.985);
    let numerator = dice.binomial(denominator, true_rate);
    OrganisationRate {
        code: code(i),
        name: (i % 9 != 4).then(|| format!("{} University Hospitals NHS Foundation Trust", TOWNS.iter().cycle().nth(i as usize % 4).unwrap_or(&""))),
        counts: Counts { numerator, denominator, excluded: denominator / 17, open: i % 6, unknown: denominator / 13, rate: rate(numerator, denominator), hidden: 0 },
        z: None,
        z_adjusted: None,
        p: Some(0.2),
        q: Some(0.4),
        place: String::new(),
        place_adjusted: String::new(),
        shrunken: Some((numerator as f64 + group * 200.0) / (denominator as f64 + 200.0)),
    }
}

fn place(z: f64) -> String {
    let side = if z > 0.0 { "above" } else { "below" };
    match z.abs() {
        z if z > 3.090_232 => format!("{side} 99.8%"),
        z if z > 1.959_964 => format!("{side} 95%"),
        _ => "inside".into(),
    }
}

fn funnel(organisations: &mut [OrganisationRate], centre: f64) -> Funnel {
    let transformed = |p: f64| p.sqrt().asin();
    let score = |o: &OrganisationRate| {
        let n = o.counts.denominator as f64;
        (transformed(o.counts.numerator as f64 / n) - transformed(centre)) * 2.0 * n.sqrt()
    };
    let phi = organisations.iter().map(|o| score(o).clamp(-6.0, 6.0)).map(|z| z * z).sum::<f64>() / organisations.len() as f64;
    let tau2 = 0.0042 * (phi / 8.0);
    let mut outside = [[0; 2]; 2];
    for o in organisations.iter_mut() {
        let (z, variance) = (score(o), 0.25 / o.counts.denominator as f64);
        let adjusted = z * (variance / (variance + tau2)).sqrt();
        (o.z, o.z_adjusted, o.place, o.place_adjusted) = (Some(z), Some(adjusted), place(z), place(adjusted));
        (o.p, o.q) = (Some((1.0 - adjusted.abs() / 3.3).max(0.0002)), Some((1.0 - adjusted.abs() / 3.6).max(0.004)));
        for ([inner, outer], z) in outside.iter_mut().zip([z, adjusted]) {
            *inner += u64::from(z.abs() > 1.959_964);
            *outer += u64::from(z.abs() > 3.090_232);
        }
    }
    let limits = |tau2: f64| {
        let at = move |n: f64, z: f64| (transformed(centre) + z * (0.25 / n + tau2).sqrt()).clamp(0.0, std::f64::consts::FRAC_PI_2).sin();
        let at = move |n: f64, z: f64| at(n, z) * at(n, z);
        (1..=60).map(|i| f64::from(i * i) * 1.25)
            .map(|n| Limits { n, low95: at(n, -1.959_964), high95: at(n, 1.959_964), low998: at(n, -3.090_232), high998: at(n, 3.090_232) })
            .collect()
    };
    Funnel {
        method: "Proportions on the arcsine square-root scale; winsorised at 10%; additive variance (Spiegelhalter 2005).".into(),
        centre,
        phi,
        tau2,
        outside,
        limits: limits(0.0),
        limits_adjusted: limits(tau2),
    }
}

fn chart(dice: &mut Dice, organisation: Option<String>, n: f64, mean: f64, spread: f64, target: f64) -> ControlChart {
    let shift = if organisation.is_none() { 0.012 } else { spread * dice.normal() };
    let points: Vec<ChartPoint> = (0..MONTHS).map(|i| point(dice, i, n, mean + if i > 22 { shift } else { 0.0 })).collect();
    let mean = points.iter().map(|p| p.value).sum::<f64>() / points.len() as f64;
    let range = points.iter().zip(points.iter().skip(1)).map(|(a, b)| (b.value - a.value).abs()).sum::<f64>() / (points.len() - 1) as f64;
    let mut chart = ControlChart {
        organisation,
        method: "XmR chart, NHSRplotthedots profile: mean ± 2.66 × mean moving range, outlying moving ranges left out once.".into(),
        mean,
        lower: mean - 2.66 * range,
        upper: mean + 2.66 * range,
        points,
        variation: "common cause".into(),
        assurance: None,
        trial_limits: false,
    };
    mark_special(&mut chart);
    chart.assurance = Some(match target {
        t if t > chart.upper => "consistently fails".into(),
        t if t < chart.lower => "consistently passes".into(),
        _ => "hit and miss".into(),
    });
    chart
}

fn point(dice: &mut Dice, i: u32, n: f64, p: f64) -> ChartPoint {
    let denominator = (n * (0.85 + 0.3 * dice.next())) as u64;
    let numerator = dice.binomial(denominator, p.clamp(0.02, 0.98));
    let month = 3 + i;
    ChartPoint {
        period: format!("{}-{:02}", 2024 + month / 12, month % 12 + 1),
        numerator,
        denominator,
        value: numerator as f64 / denominator as f64,
        special_cause: None,
        direction: None,
    }
}

/// Marks what lies outside the limits, and runs of 7 on one side.
fn mark_special(chart: &mut ControlChart) {
    let side: Vec<bool> = chart.points.iter().map(|p| p.value > chart.mean).collect();
    for (i, point) in chart.points.iter_mut().enumerate() {
        let above = point.value > chart.mean;
        let before = side.iter().take(i).rev().take_while(|s| **s == above).count();
        let after = side.iter().skip(i).take_while(|s| **s == above).count();
        let special = match () {
            () if point.value > chart.upper || point.value < chart.lower => "outside limits",
            () if before + after >= 7 => "7 on one side",
            () => continue,
        };
        point.special_cause = Some(special.into());
        point.direction = Some(if above { "improvement" } else { "concern" }.into());
    }
    if let Some(direction) = chart.points.last().and_then(|p| p.direction.clone()) {
        chart.variation = format!("special cause, {direction}");
    }
}

/// One organisation, no target, nothing to compare: what the page does when there is little.
fn small_audit() -> Audit {
    let mut logic = logic("ortho.hip_fracture", "Hip fracture: theatre within 36 hours", "approved by the orthopaedic clinical reference group, 12 May 2026", false);
    (logic.parameters, logic.version) = (vec![], "1.0.0".into());
    let counts = Counts { numerator: 0, denominator: 0, excluded: 2, open: 0, unknown: 11, rate: None, hidden: 0 };
    Audit {
        id: "hip".into(),
        logic,
        data: Data { cases: 13, events: 57, organisations: 1, rows: 57, rows_used: 57, rows_left_out: vec![], rows_rejected: 0, reject_reasons: vec![], rejects_file: None, completeness: vec![], notes: vec![], ..data() },
        obligations: vec![ObligationResult {
            id: "o-theatre".into(),
            name: "theatre_within_36h".into(),
            title: "Theatre within 36 hours".into(),
            source: "NICE CG124, 1.2.1".into(),
            verdicts: Verdicts { excused: 2, unknown: 11, ..Verdicts::default() },
            organisations: vec![],
            readings: vec![],
            delay: None,
            needs: vec![("theatre_start".into(), 11)],
            excuses: vec![],
            cases: vec![],
        }],
        measures: vec![MeasureResult {
            id: "m-theatre".into(),
            name: "theatre".into(),
            title: "Theatre within 36 hours of arrival".into(),
            source: "NHS best practice tariff 2023/25".into(),
            basis: "patients aged 60 or over with a fragility hip fracture".into(),
            total: counts,
            unknown_policy: "left out of the denominator, and shown".into(),
            target: None,
            organisations: vec![],
            funnel: None,
            spread: None,
            strata: vec![],
            chart: None,
            charts: vec![],
        }],
    }
}
