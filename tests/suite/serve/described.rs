//! What the service says of itself is true: every kind of answer fits the OpenAPI description that it serves.

use serde_json::{Value, json};

use super::client::{Answer, Service};
use super::{CASE, NEWS2, modules};

/// The schema of an answer of this route and status, with what it refers to.
fn schema(described: &Value, (route, method): (&str, &str), answer: &Answer) -> Value {
    let kind = answer.header("content-type").split(';').next().unwrap();
    let place = route.replace('/', "~1");
    let at = format!("/paths/{place}/{method}/responses/{}", answer.status);
    let response = described.pointer(&at).unwrap_or_else(|| panic!("{at} is not described"));
    let schema = &response["content"][kind]["schema"];
    assert!(schema.is_object(), "{at}: {kind} is not described");
    json!({ "allOf": [schema], "components": described["components"] })
}

#[test]
fn answers_are_as_described() {
    let folder = modules(&["clinical/news2", "acute/sepsis"]);
    let service = Service::start(&[folder.path("").to_str().unwrap(), "--most-bytes", "1000"]);
    let described = service.get("/openapi.json").json();
    assert_eq!(described["openapi"], "3.1.0");
    let large = "a".repeat(1001);
    let asked = [
        ("/evaluate", "post", NEWS2, CASE, 200),
        ("/explain", "post", NEWS2, CASE, 200),
        ("/explain", "post", "package=acute.sepsis", "{\"as_of\":\"2026-04-01T00:00:00Z\"}", 200),
        ("/evaluate", "post", "package=acute.sepsis", "{}", 422),
        ("/evaluate", "post", NEWS2, "{\"spo2\":0}", 422),
        ("/evaluate", "post", "settings=[]&package=clinical.news2", CASE, 422),
        ("/evaluate", "post", NEWS2, "", 400),
        ("/evaluate", "post", "", CASE, 400),
        ("/evaluate", "post", "package=other", CASE, 404),
        ("/evaluate", "post", NEWS2, &large, 413),
        ("/packages", "get", "", "", 200),
        ("/health", "get", "", "", 200),
        ("/metrics", "get", "", "", 200),
        ("/openapi.json", "get", "", "", 200),
    ];
    for (route, method, query, body, status) in asked {
        let headers = [("Content-Type", "application/json")];
        let path = format!("{route}?{query}");
        let answer = service.connect().ask(&method.to_uppercase(), &path, &headers, body.as_bytes()).unwrap();
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        let text = answer.header("content-type").starts_with("text/");
        let value = if text { Value::from(answer.text()) } else { answer.json() };
        let validator = jsonschema::validator_for(&schema(&described, (route, method), &answer)).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{path}: {wrong:?}");
    }
    for part in ["", "/schema"] {
        let answer = service.get(&format!("/packages/clinical.news2/1.0.0{part}"));
        schema(&described, (&format!("/packages/{{package}}/{{version}}{part}"), "get"), &answer);
    }
}

/// The schema of a module's cases takes what the module takes, and the golden cases are among them.
#[test]
fn the_schema_of_cases_fits_the_module() {
    let folder = modules(&["clinical/news2", "acute/sepsis"]);
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    for (package, name) in [("clinical.news2", "news2"), ("acute.sepsis", "sepsis")] {
        let schema = service.get(&format!("/packages/{package}/1.0.0/schema")).json();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let vectors: Value = serde_json::from_str(&folder.read(&format!("{name}.vectors.json"))).unwrap();
        let (mut fit, mut all) = (0, 0);
        for vector in vectors["cases"].as_array().unwrap() {
            all += 1;
            fit += usize::from(validator.is_valid(&vector["case"]));
        }
        assert!(fit * 10 >= all * 8, "{package}: {fit} of {all}");
        println!("{package}: {fit} of {all} golden cases are in the plain form that the schema has");
    }
    let case = service.get("/packages/clinical.news2/1.0.0/schema").json();
    assert_eq!(
        case["properties"]["spo2"]["anyOf"][0],
        json!({ "type": "number", "minimum": 30, "maximum": 100, "multipleOf": 1 })
    );
}
