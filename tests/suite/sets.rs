//! A set of events is its parts: what is said of a set comes out as what is said of each of its kinds, on every small timeline, told or not.

use concord_engine::evaluate::evaluate;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::{AnswerKind, CellId, Plan};
use concord_tests::text::whole;

use crate::packages;
use crate::sentences::same_in_module;
use crate::sentences::timelines::{case, timelines};

const SUBJECT: &str = "  event A\n  event B\n  event C\n";

/// What is said of sets, and the same written out.
const SAID: [(&str, &str); 10] = [
    ("define d = any (A or B)", "define d = any A or any B"),
    (
        "define d = any event after first C",
        "define d = any A after first C or any B after first C or any C after first C",
    ),
    ("define d = any (A or (B or A))", "define d = any A or any B"),
    ("clock k { start (A or B) stop C as done }", "clock k { start A start B stop C as done }"),
    (
        "clock k { start A stop (C where at > 2026-01-05 09:01 or B) }",
        "clock k { start A stop C where at > 2026-01-05 09:01 stop B }",
    ),
    (
        "clock k { start A where at < 2026-01-05 09:02 pause (B or C) resume A }",
        "clock k { start A where at < 2026-01-05 09:02 pause B pause C resume A }",
    ),
    ("path p { stage one (A or B) stage two C }", "path p { stage one one of { A, B } stage two C }"),
    (
        "path p { stage one repeated (A where at > 2026-01-05 09:01 or B) stage two C }",
        "path p { stage one repeated one of { A where at > 2026-01-05 09:01, B } stage two C }",
    ),
    (
        "events Iv = A where at > 2026-01-05 09:01\nobligation o { for each Iv expect B within 2 min }",
        "obligation o { for each A where at > 2026-01-05 09:01 expect B within 2 min }",
    ),
    (
        "obligation o { from first C expect no (A where at > 2026-01-05 09:01) within 2 min }",
        "obligation o { from first C expect no A where at > 2026-01-05 09:01 within 2 min }",
    ),
];

fn plan(said: &str, ends: &str) -> Plan {
    packages::compile(&whole(&format!("subject S {{\n{SUBJECT}{ends}}}\n{said}\n"))).plan
}

/// Everything that a case's answers allow.
pub fn possible(plan: &Plan, case: &Case) -> Vec<(i64, i64, bool, bool)> {
    let outcome = evaluate(plan, case, &Settings::new());
    let cells = plan.answers.iter().flat_map(|answer| match &answer.kind {
        AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => vec![*cell],
        AnswerKind::Obligation(o) => {
            [o.verdict, o.due, o.done].into_iter().chain(o.counts.into_iter().flatten()).collect()
        }
    });
    let value = |cell: CellId| *outcome.cells.get(cell).unwrap();
    cells.map(value).map(|v| (v.low, v.high, v.may_be_some, v.may_be_none)).collect()
}

/// Timelines with everything told, with an event that is not placed, and with a kind that is not supplied.
fn cases(told: usize) -> Vec<Case> {
    let mut all = Vec::new();
    for timeline in (0..=told).flat_map(|events| timelines(events, 3, &[0, 1, 2])) {
        all.push(case(&timeline, &[], 0, 3));
        if timeline.len() < told {
            all.extend((0..3).flat_map(|kind| [case(&timeline, &[kind], 0, 2), case(&timeline, &[], 1 << kind, 2)]));
        }
    }
    all
}

#[test]
fn a_set_is_its_parts() {
    let cases = cases(4);
    for (set, parts) in &SAID {
        let (set, parts) = (plan(set, ""), plan(parts, ""));
        for case in &cases {
            assert_eq!(possible(&set, case), possible(&parts, case), "{:?} {case:?}", set.answers[0].name);
        }
        same_in_module(&set, &cases);
    }
}

#[test]
fn a_case_ends_with_a_set_as_with_its_parts() {
    let obligation = "obligation o { from first A expect B }";
    let set = plan(obligation, "  ends with (C or B where at > 2026-01-05 09:01)\n");
    let parts = plan(obligation, "  ends with C, B where at > 2026-01-05 09:01\n");
    for case in cases(4) {
        assert_eq!(possible(&set, &case), possible(&parts, &case), "{case:?}");
    }
}
