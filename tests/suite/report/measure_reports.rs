//! The measures as FHIR: by the JSON schema that R4 publishes (`tests/data/fhir`), and with no more than the results have.

use concord_cli::report::measure_report::bundle;
use serde_json::Value;

use super::sample;
use crate::packages::data_file;

/// Holds a bundle against the published schema, which knows every element by its name and kind.
fn holds(bundle: &Value) {
    let schema = std::fs::read_to_string(data_file("fhir/r4-measure-report.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(bundle).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    has_no_empty_list(bundle);
}

/// R4 has no empty lists and objects; its schema does not say so.
fn has_no_empty_list(value: &Value) {
    match value {
        Value::Array(list) => {
            assert!(!list.is_empty());
            list.iter().for_each(has_no_empty_list);
        }
        Value::Object(fields) => {
            assert!(!fields.is_empty());
            fields.values().for_each(has_no_empty_list);
        }
        _ => {}
    }
}

fn reports(bundle: &Value) -> Vec<&Value> {
    assert_eq!((bundle["resourceType"].as_str(), bundle["type"].as_str()), (Some("Bundle"), Some("collection")));
    bundle["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]).collect()
}

#[test]
fn each_is_in_the_shape_that_r4_publishes() {
    let results = sample::results();
    let bundle = bundle(&results);
    let reports = reports(&bundle);
    let organisations: usize =
        results.audits.iter().flat_map(|audit| &audit.measures).map(|m| m.organisations.len() + 1).sum();
    let figures: usize =
        results.audits.iter().flat_map(|audit| &audit.figures).map(|f| f.organisations.len() + 1).sum();
    assert_eq!(reports.len(), organisations + figures);
    holds(&bundle);
    for report in reports {
        assert_eq!(report["resourceType"], "MeasureReport");
        assert_eq!((report["status"].as_str(), report["type"].as_str()), (Some("complete"), Some("summary")));
        let measure = report["measure"].as_str().unwrap();
        assert!(measure.starts_with("urn:concord:") && measure.contains('|'), "{measure}");
    }
}

/// What is suppressed is absent and not 0, and leaves no score.
#[test]
fn what_is_suppressed_is_masked() {
    let mut results = sample::results();
    let measure = &mut results.audits[0].measures[0];
    measure.total.hidden = 1;
    (measure.total.numerator, measure.total.rate) = (0, None);
    let bundle = bundle(&results);
    holds(&bundle);
    let group = &reports(&bundle)[0]["group"][0];
    let of = |code: &str| {
        let all = group["population"].as_array().unwrap();
        all.iter().find(|population| population["code"]["coding"][0]["code"] == code).unwrap()
    };
    assert_eq!(of("numerator")["count"], Value::Null);
    assert_eq!(of("numerator")["_count"]["extension"][0]["valueCode"], "masked");
    assert_eq!(group["measureScore"], Value::Null);
    assert!(of("denominator")["count"].is_u64());
}

/// Whoever works out the score again as FHIR has it, the exclusions being part of the denominator, comes to ours; periods begin on a day.
#[test]
fn the_score_comes_out_of_the_populations() {
    let bundle = bundle(&sample::results());
    let mut scored = 0;
    for report in reports(&bundle) {
        let start = report["period"]["start"].as_str().unwrap();
        assert!(start.len() >= "2025-01-01".len(), "{start}");
        let group = &report["group"][0];
        let of = |code: &str| {
            let all = group["population"].as_array().unwrap();
            all.iter().find(|population| population["code"]["coding"][0]["code"] == code)?["count"].as_f64()
        };
        let (Some(numerator), Some(score)) = (of("numerator"), group["measureScore"]["value"].as_f64()) else {
            continue;
        };
        let [all, denominator, excluded] =
            ["initial-population", "denominator", "denominator-exclusion"].map(|code| of(code).unwrap());
        assert!((numerator / (denominator - excluded) - score).abs() < 1e-12, "{group:#}");
        assert!(all >= denominator && denominator >= excluded, "{group:#}");
        scored += usize::from(excluded > 0.0);
    }
    assert!(scored > 0);
}

/// The schema refuses what R4 does not have.
#[test]
#[should_panic(expected = "Additional properties are not allowed")]
fn what_r4_does_not_have_is_found() {
    let mut bundle = bundle(&sample::results());
    bundle["entry"][0]["resource"]["group"][0]["rate"] = 0.5.into();
    holds(&bundle);
}
