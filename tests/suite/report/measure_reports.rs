//! The measures as FHIR: in the shape that R4 publishes for a `MeasureReport` (hl7.org/fhir/R4/measurereport.html), and with no more than the
//! results have.

use concord_cli::report::measure_report::bundle;
use serde_json::Value;

use super::sample;

/// Of an element of R4: its names, those that must be there first, divided by `|`.
fn shape(element: &str) -> &'static str {
    match element {
        "MeasureReport" => "resourceType status type measure period|date reporter improvementNotation group",
        "group" => "|code population measureScore stratifier",
        "population" => "|code count _count",
        "stratifier" => "|code stratum",
        "stratum" => "|value population measureScore",
        "period" => "|start end",
        "measureScore" => "|value",
        "code" | "value" | "improvementNotation" => "|coding text",
        "coding" => "|system code",
        "reporter" => "|identifier display",
        "identifier" => "|system value",
        "_count" => "extension|",
        "extension" => "url valueCode|",
        other => panic!("no element of R4 is called {other} here"),
    }
}

/// Holds an element against its shape, and what is in it.
fn holds(element: &str, value: &Value) {
    if let Some(list) = value.as_array() {
        assert!(!list.is_empty(), "R4 has no empty lists: {element}");
        return list.iter().for_each(|of| holds(element, of));
    }
    let fields = value.as_object().unwrap_or_else(|| panic!("{element}: {value}"));
    let (must, may) = shape(element).split_once('|').unwrap();
    assert!(must.split_whitespace().all(|name| fields.contains_key(name)), "{element}: {value}");
    for (name, field) in fields {
        assert!(must.split_whitespace().chain(may.split_whitespace()).any(|known| known == name), "{element}.{name}");
        match (element, name.as_str(), field) {
            (_, "count", _) => assert!(field.is_u64(), "{value}"),
            ("measureScore", "value", _) => assert!(field.is_number(), "{value}"),
            // A code is a text in a coding; elsewhere it is a concept.
            ("coding" | "extension" | "identifier" | "period" | "MeasureReport", _, Value::String(_)) => {}
            ("code" | "value" | "improvementNotation", "text", Value::String(_))
            | ("reporter", "display", Value::String(_)) => {}
            _ => holds(name, field),
        }
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
    for report in reports {
        holds("MeasureReport", report);
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
    let group = &reports(&bundle)[0]["group"][0];
    assert_eq!(group["population"][0]["count"], Value::Null);
    assert_eq!(group["population"][0]["_count"]["extension"][0]["valueCode"], "masked");
    assert_eq!(group["measureScore"], Value::Null);
    assert!(group["population"][1]["count"].is_u64());
}
