//! Queries inside queries: what stands inside two others is worked out once for each event, and comes out as if each part had a name of its own, on
//! every small timeline, told or not; and the work does not grow with the depth.

use concord_engine::plan::Plan;
use concord_engine::plan::bound::work_bound;
use concord_engine::plan::case::Case;
use concord_tests::text::whole;

use crate::packages;
use crate::sentences::same_in_module;
use crate::sentences::timelines::{case, timelines};
use crate::sets::possible;

/// What is nested, and the same with a name for each part.
const SAID: [(&str, &str); 4] = [
    (
        "define d = any A called a where (any B called b where (any C after b.at + 0 min) after a.at + 0 min)",
        "define c of B = any C after at + 0 min\ndefine b of A = any B where c after at + 0 min\ndefine d = any A where b",
    ),
    (
        "define d = count A called a where (any B called b where ((count C after b.at + 0 min) > 1) after a.at + 0 min)",
        "define c of B = count C after at + 0 min\ndefine b of A = any B where c > 1 after at + 0 min\ndefine d = count A where b",
    ),
    (
        "define d = first A where (any B where (any C where (any A where (any B))))",
        "define e = any B\ndefine f = any A where e\ndefine g = any C where f\ndefine h = any B where g\ndefine d = first A where h",
    ),
    (
        "define d = any A called a where (any B called b where (any C called c where (any A after c.at + 0 min) after b.at + 0 min) after a.at + 0 min)",
        "define f of C = any A after at + 0 min\ndefine c of B = any C where f after at + 0 min\n\
         define b of A = any B where c after at + 0 min\ndefine d = any A where b",
    ),
];

fn plan(said: &str) -> Plan {
    packages::compile(&whole(&format!("subject S {{\n  event A\n  event B\n  event C\n}}\n{said}\n"))).plan
}

/// Timelines with everything told, with an event that is not placed, and with a kind that is not supplied.
fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for timeline in (0..=4).flat_map(|events| timelines(events, 3, &[0, 1, 2])) {
        all.push(case(&timeline, &[], 0, 3));
        if timeline.len() < 4 {
            all.extend((0..3).flat_map(|kind| [case(&timeline, &[kind], 0, 2), case(&timeline, &[], 1 << kind, 2)]));
        }
    }
    all
}

#[test]
fn what_is_nested_is_its_parts_by_name() {
    let cases = cases();
    for (nested, named) in &SAID {
        let (nested, named) = (plan(nested), plan(named));
        for case in &cases {
            let last = |plan: &Plan| possible(plan, case).pop();
            assert_eq!(last(&nested), last(&named), "{case:?}");
        }
        same_in_module(&nested, &cases);
    }
}

#[test]
fn the_work_does_not_grow_with_the_depth() {
    let link = |inner: &str, kind: &str, name: &str, outer: &str| {
        format!("(any {kind} called {name} where {inner} after {outer}.at + 0 min)")
    };
    let mut said = link("at > e.at", "B", "f", "e");
    for (kind, name, outer) in [("A", "e", "d"), ("C", "d", "c"), ("B", "c", "b"), ("C", "b", "a")] {
        said = link(&said, kind, name, outer);
    }
    let plan = plan(&format!("define deep = any A called a where {said}"));
    assert_eq!(work_bound(&plan).factors.len(), 3, "{}", work_bound(&plan));
}
