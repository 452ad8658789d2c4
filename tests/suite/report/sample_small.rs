//! The small part of the made-up audit.

use concord_cli::results::*;

use super::{data, logic};

/// One organisation, no target, nothing to compare: what the page does when there is little.
pub fn small_audit() -> Audit {
    let mut logic = logic(
        "ortho.hip_fracture",
        "Hip fracture: theatre within 36 hours",
        "approved by the orthopaedic clinical reference group, 12 May 2026",
        false,
    );
    (logic.parameters, logic.version) = (vec![], "1.0.0".into());
    let counts = Counts { hidden: 0, numerator: 0, denominator: 0, excluded: 2, open: 0, unknown: 11, rate: None };
    Audit {
        id: "hip".into(),
        run: 2,
        as_of: "2026-06-30".into(),
        logic,
        data: Data {
            cases: 13,
            events: 57,
            organisations: 1,
            rows: 57,
            rows_used: 57,
            rows_left_out: vec![],
            rows_rejected: 0,
            reject_reasons: vec![],
            rejects_file: None,
            completeness: vec![],
            notes: vec![],
            ..data()
        },
        obligations: vec![obligation()],
        figures: Vec::new(),
        members: Vec::new(),
        silent: Vec::new(),
        measures: vec![MeasureResult {
            of_others: false,
            strata: Vec::new(),
            id: "m-theatre".into(),
            name: "theatre".into(),
            title: "Theatre within 36 hours of arrival".into(),
            source: "NHS best practice tariff 2023/25".into(),
            basis: "patients aged 60 or over with a fragility hip fracture".into(),
            total: counts,
            obligation: None,
            unlike: None,
            nested: vec![],
            unset: None,
            unknown_policy: "left out of the denominator, and shown".into(),
            better: Better::Higher,
            judgements: None,
            standing: Default::default(),
            target: None,
            organisations: vec![],
            funnel: None,
            spread: None,
            differ: None,
            chart: None,
            charts: vec![],
        }],
    }
}

fn obligation() -> ObligationResult {
    ObligationResult {
        id: "o-theatre".into(),
        name: "theatre_within_36h".into(),
        title: "Theatre within 36 hours".into(),
        source: "NICE CG124, 1.2.1".into(),
        severity: None,
        forbidden: false,
        verdicts: Verdicts { hidden: 0, excused: 2, unknown: 11, ..Verdicts::default() },
        organisations: vec![],
        readings: vec![],
        delay: None,
        needs: vec![("theatre_start".into(), 11)],
        excuses: vec![],
        cases: vec![],
    }
}
