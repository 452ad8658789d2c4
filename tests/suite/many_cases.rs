//! More cases of one organisation and month than the small counts hold, which are kept near the processor; and figures and texts that are written out by
//! the thousand, each the quick way and the plain one.

use crate::audit::{By, made_up, off};
use crate::packages::compile;
use concord_cli::audit;
use concord_cli::report::html::charts::frame::px;
use concord_cli::words::visible;
use concord_engine::plan::case::{Case, Datum, Occurrence};
use concord_engine::plan::{Id, KindId};
use concord_engine::values::calendar::HOUR;
use concord_wasm::run::Program;

/// A case whose antibiotics come so many hours after the sepsis triage.
fn case(trust: &str, hours: i64) -> Case {
    let (triage, antibiotics) = (2, 3);
    let event = |kind, at| Occurrence { kind: KindId::at(kind), at: Some(at).into(), fields: Vec::new() };
    let mut facts = vec![Datum::Missing; 7];
    (facts[0], facts[1]) = (Datum::Known(50), Datum::Known(1));
    let events = vec![event(triage, 0), event(antibiotics, hours * HOUR)];
    Case { as_of: 10 * HOUR, facts, labels: vec![Some(trust.to_owned())], events, ..Case::default() }
}

#[test]
fn more_cases_than_a_small_count_holds() {
    let package = compile(include_str!("samples/audit_sepsis.concord"));
    let mut instance = Program::compile(&package.plan).unwrap().instance().unwrap();
    let settings = vec![None; package.plan.parameters.len()];
    let many = usize::from(u16::MAX) + 10;
    let mut cases = vec![case("A", 1); many];
    cases.extend(vec![case("A", 2); 3]);
    cases.extend(vec![case("B", 2); 5]);
    let batch = |cases: &[Case]| instance.evaluate_batch(cases, &settings).map_err(|error| error.to_string());
    let audit = audit::audit(&package, &made_up(cases), &mut By { package: &package, batch }, &off()).unwrap();
    let measure = audit.measures.iter().find(|measure| measure.name == "antibiotics_1h").unwrap();
    let met = many as u64;
    assert_eq!((measure.total.numerator, measure.total.denominator), (met, met + 8));
    let own = |code: &str| {
        let rate = measure.organisations.iter().find(|rate| rate.code == code).unwrap();
        (rate.counts.numerator, rate.counts.denominator)
    };
    assert_eq!([own("A"), own("B")], [(met, met + 3), (0, 5)]);
    let bands: u64 = measure.strata[0].groups.iter().map(|(_, counts)| counts.denominator).sum();
    assert_eq!(bands, met + 8);
}

#[test]
fn a_coordinate_is_what_one_decimal_writes() {
    let plain = |x: f64| {
        let text = format!("{x:.1}");
        text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
    };
    let near = (-40_000..40_000).map(|n| f64::from(n) / 64.0);
    let odd = (-20_000..20_000).map(|n| f64::from(n) * 0.05 + f64::from(n) * 1e-13);
    let edges = [
        0.0,
        -0.0,
        0.04,
        -0.04,
        0.05,
        -0.05,
        0.15,
        0.25,
        999_999.95,
        1e6,
        1e7,
        123_456_789.06,
        1e300,
        f64::MIN_POSITIVE,
    ];
    near.chain(odd).chain(edges).for_each(|x| assert_eq!(px(x), plain(x), "{x:?}"));
    assert_eq!([px(f64::NAN), px(f64::INFINITY)], ["0", "0"]);
}

#[test]
fn what_acts_is_seen_wherever_it_stands_in_a_text() {
    let around = "plain words, “quoted”, \t\n";
    for before in 0..70 {
        let start: String = around.chars().cycle().take(before).collect();
        for (acts, written) in
            [('\u{1b}', "\\u001b"), ('\u{202e}', "\\u202e"), ('\u{7f}', "\\u007f"), ('\u{85}', "\\u0085")]
        {
            let text = format!("{start}{acts}{around}");
            assert_eq!(visible(&text), format!("{start}{written}{around}"));
        }
        assert_eq!(visible(&start), start);
    }
}
