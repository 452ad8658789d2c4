//! Two organisations of the made-up audit, with everything that a page of one may show.

use concord_cli::results::*;

pub fn members() -> Vec<MemberResult> {
    vec![member("RM0", Some("North Vale"), true), member("rm0", None, false)]
}

/// Codes that differ in capitals alone are two organisations, with anchors and labels of their own.
fn member(code: &str, name: Option<&str>, full: bool) -> MemberResult {
    let cause = |kind, text: &str| Cause { kind, about: Some("antibiotics".into()), text: text.into() };
    MemberResult {
        id: "sepsis-member-rm0".into(),
        code: code.into(),
        name: name.map(String::from),
        cases: full.then_some(1_234),
        cases_withheld: false,
        causes: if full {
            vec![
                cause(CauseKind::Delay, "Antibiotics: late in 41.5% of its cases, elsewhere 17.3%"),
                cause(CauseKind::OwnSetting, "its own `within` is 45 min, the group's is 1 h"),
                cause(CauseKind::Times, "the time is missing from 25.9% of `Antibiotics` (elsewhere 0.4%)"),
            ]
        } else {
            vec![cause(CauseKind::Small, "it has 7 cases, elsewhere 311")]
        },
        rules: vec![RuleDifference {
            kind: CauseKind::OwnSetting,
            text: "its own `within` is 45 min, the group's is 1 h".into(),
            required: false,
            changes: vec![RuleChange {
                obligation: "antibiotics".into(),
                title: "Antibiotics within one hour".into(),
                rates: (0.612, 0.487),
                cases: Some(1_077),
                jointly: false,
            }],
        }],
        checks: vec![Check {
            kind: CauseKind::Times,
            text: "the time is missing from 25.9% of `Antibiotics` (elsewhere 0.4%)".into(),
            effect: "Verdicts that rest on these times are unknown.".into(),
        }],
        measures: vec![why()],
        delays: vec![MemberDelay {
            obligation: "antibiotics".into(),
            title: "Antibiotics within one hour".into(),
            n: 1_066,
            days: None,
            median: Quantile { value: 3_420_000, low: Some(3_240_000), high: Some(3_600_000) },
            p90: Quantile { value: 7_200_000, low: None, high: None },
            usual: Some(2_220_000),
        }],
        path: Some(MemberPath {
            steps: vec![
                MemberStep {
                    step: "Triage".into(),
                    skipped: Some((Some(0.013), Some(0.011))),
                    again: Some((Some(0.0), Some(0.002))),
                    after_next: Some((Some(0.021), Some(0.019))),
                },
                MemberStep {
                    step: "Antibiotics".into(),
                    skipped: Some((Some(0.087), Some(0.061))),
                    again: None,
                    after_next: None,
                },
            ],
            on_path: Some(0.743),
            is_open: false,
            known: None,
            usual: Some(0.816),
            ways: Some(37),
            commonest: vec!["Triage".into(), "Antibiotics".into()],
            share: Some(0.529),
        }),
        months: vec![("2026-01".into(), Some(101)), ("2026-02".into(), None), ("2026-03".into(), Some(0))],
    }
}

fn why() -> Why {
    let part = |kind, size, interval| Part { kind, size, interval };
    Why {
        measure: "antibiotics".into(),
        title: "Antibiotics within one hour".into(),
        anchor: "m-antibiotics".into(),
        better: Better::Higher,
        rate: (0.561, 0.533, 0.588),
        group: 0.716,
        gap: -0.155,
        parts: vec![
            part(PartKind::Rule, 0.0, None),
            part(PartKind::Data, -0.042, None),
            part(PartKind::Excused, 0.001, None),
            part(PartKind::CaseMix, -0.017, None),
            part(PartKind::Practice, -0.097, Some((-0.125, -0.07))),
        ],
        bounds: (0.561, 0.634),
        ratio: Some((0.83, Some((0.79, 0.88)))),
        expected: Some(0.699),
        compared: true,
        sentence: "56.1% is 15.5 points below the group's 71.6%: −4.2 data, +0.1 excused, −1.7 case mix, −9.7 is left."
            .into(),
    }
}
