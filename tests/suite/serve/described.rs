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

/// Asks, and holds the answer to its description.
fn hold(service: &Service, described: &Value, asked: &[(&str, &str, &str, &str, u16)]) {
    for &(route, method, query, body, status) in asked {
        let headers = [("Content-Type", "application/json")];
        let path = format!("{route}?{query}");
        let answer = service.connect().ask(&method.to_uppercase(), &path, &headers, body.as_bytes()).unwrap();
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        let text = answer.header("content-type").starts_with("text/");
        let value = if text { Value::from(answer.text()) } else { answer.json() };
        let validator = jsonschema::validator_for(&schema(described, (route, method), &answer)).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{path}: {wrong:?}");
    }
}

#[test]
fn answers_are_as_described() {
    let folder = modules(&["clinical/news2"]);
    let service = Service::start(&[folder.path("").to_str().unwrap(), "--most-bytes", "1000"]);
    let described = service.get("/openapi.json").json();
    assert_eq!(described["openapi"], "3.1.0");
    let large = "a".repeat(1001);
    let asked = [
        ("/evaluate", "post", NEWS2, CASE, 200),
        ("/explain", "post", NEWS2, CASE, 200),
        ("/evaluate", "post", NEWS2, "{\"spo2\":0}", 422),
        ("/evaluate", "post", "settings=[]&package=clinical.news2", CASE, 422),
        ("/evaluate", "post", NEWS2, "", 400),
        ("/evaluate", "post", "", CASE, 400),
        ("/evaluate", "post", "package=other", CASE, 404),
        ("/evaluate", "post", NEWS2, &large, 413),
        ("/packages/clinical.news2/1.0.0/evaluate", "post", "", CASE, 200),
        ("/packages", "get", "", "", 200),
        ("/packages", "get", "package=clinical.news2", "", 400),
        ("/health", "get", "x", "", 400),
        ("/health", "get", "", "", 200),
        ("/metrics", "get", "", "", 200),
        ("/openapi.json", "get", "", "", 200),
    ];
    hold(&service, &described, &asked);
    for part in ["", "/schema"] {
        let answer = service.get(&format!("/packages/clinical.news2/1.0.0{part}"));
        schema(&described, (&format!("/packages/{{package}}/{{version}}{part}"), "get"), &answer);
    }
}

/// Of several modules each has routes of its own, which take its cases and its settings and no others.
#[test]
fn each_module_is_described() {
    let folder = modules(&["clinical/news2", "acute/sepsis"]);
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let described = service.get("/openapi.json").json();
    assert!(described["paths"].get("/evaluate").is_none(), "its body depends on its query");
    let (news2, sepsis) = ("/packages/clinical.news2/1.0.0", "/packages/acute.sepsis/1.0.0");
    let day = "{\"as_of\":\"2026-04-01T00:00:00Z\"}";
    let of = |module: &str, route: &str| format!("{module}/{route}");
    let asked = [
        (&*of(news2, "evaluate"), "post", "", CASE, 200),
        (&*of(news2, "explain"), "post", "", CASE, 200),
        (&*of(sepsis, "explain"), "post", "", day, 200),
        (&*of(sepsis, "evaluate"), "post", "settings=%7B%22antibiotics_within%22%3A%22PT45M%22%7D", day, 200),
        (&*of(sepsis, "evaluate"), "post", "", "{}", 422),
        (&*of(sepsis, "evaluate"), "post", "", CASE, 422),
        (&*of(sepsis, "evaluate"), "post", "package=acute.sepsis", day, 400),
    ];
    hold(&service, &described, &asked);
    let settings = &described["paths"][of(sepsis, "evaluate")]["post"]["parameters"][0]["content"]["application/json"];
    let validator = jsonschema::validator_for(&settings["schema"]).unwrap();
    for (within, fits) in
        [("PT14M", false), ("PT15M", true), ("PT59M", true), ("PT60M", true), ("PT61M", false), ("PT100M", false)]
    {
        let given = json!({ "antibiotics_within": within });
        assert_eq!(validator.is_valid(&given), fits, "{within}");
        let settings = format!("settings=%7B%22antibiotics_within%22%3A%22{within}%22%7D");
        let path = format!("{}?{settings}", of(sepsis, "evaluate"));
        assert_eq!(service.post(&path, day).status, if fits { 200 } else { 422 }, "{within}");
    }
    for module in [news2, sepsis] {
        let body = &described["paths"][of(module, "evaluate")]["post"]["requestBody"]["content"]["application/json"];
        let name = body["schema"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        assert_eq!(described["components"]["schemas"][name], service.get(&of(module, "schema")).json(), "{module}");
    }
    let lines = [("Content-Type", "application/x-ndjson")];
    assert_eq!(
        service.connect().ask("POST", &of(news2, "evaluate/batch"), &lines, CASE.as_bytes()).unwrap().status,
        200
    );
    for nowhere in ["/packages/clinical.news2/2.0.0/evaluate", "/packages/%ff/1.0.0/explain"] {
        assert_eq!(service.post(nowhere, CASE).problem(), (404, "package".to_owned()));
    }
    assert_eq!(service.get("/packages/%ff/1.0.0/schema").problem(), (404, "package".to_owned()));
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
        assert_eq!(fit, all, "{package}");
        let known = [
            json!({ "temperature": 38.4 }),
            json!({ "temperature": 41.3 }),
            json!({ "temperature": ">40.0" }),
            json!({ "pulse": { "from": 60, "to": 80 } }),
            json!({ "case": "Ünal, B." }),
            json!({ "case": "x".repeat(41) }),
        ];
        let timed = [
            json!({ "as_of": "2026-04-01 00:00:00.250+01" }),
            json!({ "as_of": "2026-04-01T00:00:00Z", "events": [{ "event": "Lactate", "at": "2026-03-01" }] }),
            json!({ "as_of": "2026-04-01T00:00:00Z", "events": [{ "event": "Lactate", "at": { "from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z" }, "value": "<0.5" }] }),
            json!({ "as_of": "2026-04-01T00:00:00Z", "events": null }),
        ];
        for case in if name == "news2" { known.as_slice() } else { timed.as_slice() } {
            let answer = service.post(&format!("/evaluate?package={package}"), &case.to_string());
            assert_eq!((answer.status, validator.is_valid(case)), (200, true), "{case}: {}", answer.text());
        }
    }
    let case = service.get("/packages/clinical.news2/1.0.0/schema").json();
    assert_eq!(
        case["properties"]["spo2"]["anyOf"][0],
        json!({ "type": "number", "minimum": 30, "maximum": 100, "multipleOf": 1 })
    );
}

/// What is recorded as none of an event, as the end of what goes on, is read, and so the schema takes it.
#[test]
fn the_schema_takes_none_where_the_module_does() {
    let folder = modules(&["mh/followup_crisis"]);
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let manifest: Value = serde_json::from_str(&folder.read("followup_crisis.manifest.json")).unwrap();
    let at = format!("/packages/mh.followup_crisis/{}", manifest["logic"]["version"].as_str().unwrap());
    let validator = jsonschema::validator_for(&service.get(&format!("{at}/schema")).json()).unwrap();
    let (mut taken, mut refused) = (0, 0);
    for kind in manifest["layout"]["events"].as_array().unwrap() {
        for field in kind["fields"].as_array().unwrap() {
            let event = json!({ "event": kind["name"], "at": "2026-03-28T09:00:00Z", (field["name"].as_str().unwrap()): "none" });
            let case = json!({ "as_of": "2026-03-29T12:00:00Z", "events": [event] });
            let status = service.post(&format!("{at}/evaluate"), &case.to_string()).status;
            assert_eq!(validator.is_valid(&case), status == 200, "{case}: {status}");
            assert_eq!(field["may_be_none"], status == 200, "{case}: {status}");
            *if status == 200 { &mut taken } else { &mut refused } += 1;
        }
    }
    assert!(taken > 0 && refused > 0, "{taken} taken and {refused} refused");
}
