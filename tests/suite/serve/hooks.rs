//! CDS Hooks: discovery, cards and feedback have the published shapes, and what is unknown makes no silence.

use serde_json::{Value, json};

use super::client::{Answer, Service};
use super::modules;
use crate::cli::run;
use crate::packages::TempFolder;

const HOOKS: &str = r#"
[[service]]
id      = "news2"
hook    = "patient-view"
package = "clinical.news2"
summary = "NEWS2 {total}, risk {risk}"
card    = { answer = "risk", critical = ["high"], warning = ["medium", "low_medium"] }

[[service.overrides]]
code    = "seen"
display = "The team has seen the patient"
"#;

/// The answers of discovery, cards and feedback as "CDS Hooks 2.0" has them: required fields, their kinds, and nothing that it does not name.
fn shapes() -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let coding = json!({
        "type": "object", "required": ["code"], "additionalProperties": false,
        "properties": { "code": text, "system": text, "display": text },
    });
    json!({
        "services": {
            "type": "object", "required": ["services"], "additionalProperties": false,
            "properties": { "services": { "type": "array", "items": {
                "type": "object", "required": ["hook", "description", "id"], "additionalProperties": false,
                "properties": {
                    "hook": { "type": "string", "pattern": "^[a-z]+(-[a-z]+)*$" }, "title": text, "description": text, "id": text,
                    "prefetch": { "type": "object", "additionalProperties": text }, "usageRequirements": text,
                },
            } } },
        },
        "cards": {
            "type": "object", "required": ["cards"], "additionalProperties": false,
            "properties": { "cards": { "type": "array", "items": {
                "type": "object", "required": ["summary", "indicator", "source"], "additionalProperties": false,
                "properties": {
                    "uuid": { "type": "string", "pattern": "^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$" },
                    "summary": { "type": "string", "minLength": 1, "maxLength": 140 },
                    "detail": text, "indicator": { "enum": ["info", "warning", "critical"] },
                    "source": {
                        "type": "object", "required": ["label"], "additionalProperties": false,
                        "properties": { "label": text, "url": text, "icon": text, "topic": coding },
                    },
                    "overrideReasons": { "type": "array", "items": coding },
                    "extension": { "type": "object" },
                },
            } } },
        },
    })
}

#[track_caller]
fn fits(answer: &Answer, shape: &str) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let value = answer.json();
    let validator = jsonschema::validator_for(&shapes()[shape]).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    value
}

fn service() -> (TempFolder, Service) {
    let folder = modules(&["clinical/news2"]);
    let hooks = folder.write("hooks.toml", HOOKS.as_bytes());
    let service = Service::start(&[folder.path("").to_str().unwrap(), "--cds", hooks.to_str().unwrap()]);
    (folder, service)
}

/// An observation of a moment ago.
fn observed(code: &str, value: f64, unit: &str) -> Value {
    observed_before(60_000, code, value, unit)
}

/// One of so many milliseconds ago.
fn observed_before(ago: i64, code: &str, value: f64, unit: &str) -> Value {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let when = concord_engine::values::calendar::show_utc(i64::try_from(now).unwrap() - ago);
    json!({ "resource": {
        "resourceType": "Observation", "status": "final", "code": { "coding": [{ "system": "http://loinc.org", "code": code }] },
        "effectiveDateTime": when, "valueQuantity": { "value": value, "system": "http://unitsofmeasure.org", "code": unit },
    } })
}

fn call(observations: &[Value]) -> String {
    json!({
        "hook": "patient-view", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": { "userId": "Practitioner/1", "patientId": "1" },
        "prefetch": {
            "patient": { "resourceType": "Patient", "birthDate": "1950-01-01" },
            "observations": { "resourceType": "Bundle", "type": "searchset", "entry": observations },
            "conditions": null, "procedures": null, "medications": null, "medications_by_reference": null, "immunizations": null,
            "encounters": null,
        },
    })
    .to_string()
}

#[test]
fn discovery_asks_for_what_the_rule_has_codes_for() {
    let (_folder, service) = service();
    let found = fits(&service.get("/cds-services"), "services");
    let news2 = &found["services"][0];
    assert_eq!((&news2["id"], &news2["hook"]), (&json!("news2"), &json!("patient-view")));
    assert_eq!(news2["prefetch"]["patient"], "Patient/{{context.patientId}}");
    let observations = news2["prefetch"]["observations"].as_str().unwrap();
    assert!(observations.starts_with("Observation?patient={{context.patientId}}&code="), "{observations}");
    assert!(observations.contains("http://loinc.org|8480-6"), "{observations}");
}

#[test]
fn a_card_says_how_urgent_it_is_and_why() {
    let (_folder, service) = service();
    let ill = [
        observed("9279-1", 25.0, "/min"),
        observed("8480-6", 88.0, "mm[Hg]"),
        observed("8867-4", 131.0, "{beats}/min"),
    ];
    let cards = fits(&service.post("/cds-services/news2", &call(&ill)), "cards");
    let card = &cards["cards"][0];
    assert_eq!(card["indicator"], "critical", "{card}");
    assert_eq!(card["summary"], "NEWS2 9 to 20, risk high");
    assert_eq!(
        card["source"]["label"],
        "National Early Warning Score 2 (NEWS2), version 1.0.0, a draft that nobody has approved for use"
    );
    assert_eq!(card["overrideReasons"][0]["code"], "seen");
    assert_eq!(card["extension"]["uk.concord.decision"]["answers"]["risk"]["value"], "high");
    assert!(card["detail"].as_str().unwrap().contains("Not recorded, and would settle what is unknown: "), "{card}");
    let other = fits(&service.post("/cds-services/news2", &call(&ill)), "cards");
    assert_ne!(other["cards"][0]["uuid"], card["uuid"]);
}

/// Nothing is known: that is a warning, and never no card.
#[test]
fn what_is_unknown_is_no_silence() {
    let (_folder, service) = service();
    let cards = fits(&service.post("/cds-services/news2", &call(&[])), "cards");
    let card = &cards["cards"][0];
    assert_eq!(card["indicator"], "warning");
    let summary = card["summary"].as_str().unwrap();
    assert!(summary.starts_with("Cannot be said: ") && summary.contains("not recorded"), "{summary}");
}

const REPEAT: &str = "package sample.repeat {
  version 1.0.0
  title \"Repeat\"
  source nice \"NICE\"
  owner \"Group\"
  use audit
  status draft
  review by 2027-12-31
}
subject Stay {
  event Pressure from loinc 8480-6
  event Breaths from loinc 9279-1
  event Leaving from loinc 8867-4
}
obligation breaths \"Breaths counted after a pressure\" {
  source   nice
  from     first Pressure
  expect   Breaths within 1 h
  excused  when any Leaving because \"left before the time was up\"
  severity high
}
";

/// A service with that rule.
fn repeating(folder: &TempFolder) -> Service {
    let rule = folder.write("repeat.concord", REPEAT.as_bytes());
    std::fs::create_dir(folder.path("modules")).unwrap();
    super::build(folder, rule.to_str().unwrap(), "modules/repeat");
    let hooks = "[[service]]\nid = \"repeat\"\nhook = \"patient-view\"\npackage = \"sample.repeat\"\ncard = { answer = \"breaths\" }\n";
    let hooks = folder.write("hooks.toml", hooks.as_bytes());
    let modules = folder.path("modules");
    Service::start(&[modules.to_str().unwrap(), "--cds", hooks.to_str().unwrap(), "--look-every", "20 ms"])
}

/// What the rule says of an obligation need not be said again: its words, its excuses, and how severe it is to miss it.
#[test]
fn a_rule_has_the_words_of_its_cards() {
    let folder = TempFolder::new();
    let service = repeating(&folder);
    let prefetch = &fits(&service.get("/cds-services"), "services")["services"][0]["prefetch"];
    let referred = prefetch["medications_by_reference"].as_str().unwrap();
    assert!(referred.contains("&medication.code=http://loinc.org|8480-6,"), "{referred}");
    assert!(referred.ends_with("&_include=MedicationAdministration:medication"), "{referred}");
    for (ago, indicator, said) in [(60_000, "info", "open"), (7_200_000, "critical", "missed")] {
        let pressure = observed_before(ago, "8480-6", 120.0, "mm[Hg]");
        let cards = fits(&service.post("/cds-services/repeat", &call(&[pressure])), "cards");
        let card = &cards["cards"][0];
        assert_eq!(card["indicator"], indicator, "{card}");
        let summary = card["summary"].as_str().unwrap();
        assert!(summary.starts_with(&format!("Breaths counted after a pressure: {said}")), "{summary}");
        let reason = json!({
            "code": "left-before-the-time-was-up", "system": "urn:concord:excuse:sample.repeat:breaths",
            "display": "left before the time was up",
        });
        assert_eq!(card["overrideReasons"], json!([reason]));
    }
    let done = [observed_before(120_000, "8480-6", 120.0, "mm[Hg]"), observed("9279-1", 16.0, "/min")];
    assert_eq!(fits(&service.post("/cds-services/repeat", &call(&done)), "cards"), json!({ "cards": [] }));
}

/// What the record system leaves out it could not ask for: that is not the same as none.
#[test]
fn what_is_not_sent_along_is_not_taken_for_none() {
    let folder = TempFolder::new();
    let service = repeating(&folder);
    let whole = call(&[observed_before(7_200_000, "8480-6", 120.0, "mm[Hg]")]);
    let summary = |body: &str| {
        let cards = fits(&service.post("/cds-services/repeat", body), "cards");
        cards["cards"][0]["summary"].as_str().unwrap().to_owned()
    };
    assert!(summary(&whole).starts_with("Breaths counted after a pressure: missed"), "{}", summary(&whole));
    for name in ["procedures", "immunizations", "encounters", "conditions"] {
        let without = whole.replace(&format!("\"{name}\":null"), "\"other\":null");
        assert_ne!(without, whole);
        assert!(summary(&without).starts_with("Cannot be said: "), "{name}: {}", summary(&without));
        let told = service.post("/cds-services/repeat", &without);
        assert!(told.text().contains("Not sent along, so that nobody knows whether there is any: "), "{}", told.text());
    }
    // Nothing of LOINC is given.
    assert_eq!(summary(&whole.replace("\"medications\":null,", "")), summary(&whole));
}

#[test]
fn feedback_is_counted() {
    let (_folder, service) = service();
    let given = json!({ "feedback": [{
        "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719", "outcome": "overridden", "outcomeTimestamp": "2026-03-29T12:00:00Z",
        "overrideReason": { "reason": { "code": "seen", "system": "urn:concord:override:news2" }, "userComment": "Zinnober" },
    }] });
    assert_eq!(service.post("/cds-services/news2/feedback", &given.to_string()).status, 200);
    let text = service.get("/metrics");
    assert!(
        text.text().contains("concord_feedback_total{service=\"news2\",outcome=\"overridden\"} 1"),
        "{}",
        text.text()
    );
    service.signal("TERM");
    let (_, log) = service.ended();
    assert!(log.contains("\"reason\":\"seen\"") && !log.contains("Zinnober"), "{log}");
}

/// In the record of one patient there is never a card about another, whoever mixed up what was sent along.
#[test]
fn a_card_is_about_the_patient_who_is_named() {
    let (_folder, service) = service();
    let observation = |patient: &str| {
        let mut of = observed("9279-1", 30.0, "/min");
        of["resource"]["subject"] = json!({ "reference": patient });
        of
    };
    let asked = |context: &str, patient: Value, subject: &str| {
        let mut call: Value = serde_json::from_str(&call(&[observation(subject)])).unwrap();
        call["context"]["patientId"] = context.into();
        call["prefetch"]["patient"] = patient;
        service.post("/cds-services/news2", &call.to_string())
    };
    let named = |id: &str| json!({ "resourceType": "Patient", "id": id });
    for (context, patient, subject, status) in [
        ("77", Value::Null, "Patient/77", 200),
        ("77", named("77"), "Patient/77", 200),
        ("77", named("77"), "https://fhir.example/r4/Patient/77", 200),
        ("Patient/77", named("77"), "Patient/77", 200),
        ("77", Value::Null, "Patient/2", 400),
        ("77", named("2"), "Patient/2", 400),
        ("77", named("77"), "Patient/2", 400),
        ("77", named("2"), "Patient/77", 400),
        ("77", Value::Null, "Group/77", 400),
        ("", Value::Null, "Patient/2", 400),
    ] {
        let answer = asked(context, patient.clone(), subject);
        assert_eq!(answer.status, status, "{context}, {patient}, {subject}: {}", answer.text());
        assert!(status == 200 || !answer.text().contains("cards"), "{}", answer.text());
    }
}

#[test]
fn what_is_no_call_is_refused() {
    let (folder, service) = service();
    let told = |path: &str, body: &str| service.post(path, body).problem();
    assert_eq!(told("/cds-services/other", &call(&[])), (404, "route".to_owned()));
    assert_eq!(told("/cds-services/news2", "{}"), (400, "shape".to_owned()));
    assert_eq!(
        told("/cds-services/news2", &call(&[]).replace("patient-view", "order-sign")),
        (400, "shape".to_owned())
    );
    let bare = json!({ "hook": "patient-view", "hookInstance": "1", "context": { "patientId": "1" } }).to_string();
    assert_eq!(told("/cds-services/news2", &bare), (412, "prefetch".to_owned()));
    let of_nobody = bare.replace("{\"patientId\":\"1\"}", "{}");
    assert_ne!(of_nobody, bare);
    assert_eq!(told("/cds-services/news2", &of_nobody), (400, "shape".to_owned()));
    let list = "[\"patient-view\",\"1\",{},{}]";
    assert_eq!(told("/cds-services/news2", list), (400, "shape".to_owned()));
    let next = "\"type\":\"searchset\",\"link\":[{\"relation\":\"next\",\"url\":\"x\"}]";
    let page = call(&[]).replace("\"type\":\"searchset\"", next);
    assert!(page.contains(next));
    assert_eq!(told("/cds-services/news2", &page), (400, "shape".to_owned()));
    assert_eq!(told("/cds-services/news2/feedback", "{\"feedback\":[{}]}"), (400, "shape".to_owned()));
    let listed = "{\"feedback\":[{\"card\":\"4e0a3a1e-3283-4575-ab82-028d55fe2719\",\"outcome\":\"overridden\",\"outcomeTimestamp\":\"\",\"overrideReason\":[null,null]}]}";
    assert_eq!(told("/cds-services/news2/feedback", listed), (400, "shape".to_owned()));
    for card in [
        "-".repeat(36),
        "4e0a3a1e-3283-4575-ab82-028d55fe271".to_owned(),
        "4e0a3a1e03283-4575-ab82-028d55fe2719".to_owned(),
    ] {
        let given = json!({ "feedback": [{ "card": card, "outcome": "accepted", "outcomeTimestamp": "2026-03-29T12:00:00Z" }] });
        assert_eq!(told("/cds-services/news2/feedback", &given.to_string()), (400, "shape".to_owned()), "{card}");
    }
    for (from, to, why) in [
        ("clinical.news2", "clinical.news3", "no one version of `clinical.news3` is served"),
        ("{total}", "{sum}", "its summary names `sum`, which is no answer"),
        ("answer = \"risk\"", "answer = \"danger\"", "`danger` is no answer"),
        ("[\"high\"]", "[\"highest\"]", "`highest` is no value of `risk`"),
        ("hook ", "hok ", "unknown field"),
    ] {
        let hooks = folder.write("wrong.toml", HOOKS.replace(from, to).as_bytes());
        let ran = run(&["serve", folder.path("").to_str().unwrap(), "--allow-draft", "--cds", hooks.to_str().unwrap()]);
        assert!(ran.code != 0 && ran.err.contains(why), "{}", ran.err);
    }
}

/// A module that has no answer for a card does not take the place of one that has: nobody would see that there are no cards any more.
#[test]
fn no_changed_module_silences_a_card() {
    let (source, folder) = (TempFolder::new(), TempFolder::new());
    let service = repeating(&folder);
    let asked = call(&[observed_before(7_200_000, "8480-6", 120.0, "mm[Hg]")]);
    let summary = || fits(&service.post("/cds-services/repeat", &asked), "cards")["cards"][0]["summary"].clone();
    let before = summary();
    for (from, to, place, why) in [
        ("obligation breaths", "obligation counted", "repeat.wasm", "`breaths` is no answer"),
        ("version 1.0.0", "version 2.0.0", "repeat.wasm", ""),
        ("version 1.0.0", "version 3.0.0", "another.wasm", "no one version of `sample.repeat` is served"),
    ] {
        let changed = REPEAT.replace(from, to);
        assert_ne!(changed, REPEAT);
        let rule = source.write("repeat.concord", changed.as_bytes());
        super::build(&source, rule.to_str().unwrap(), "changed");
        // One without a manifest beside it is there all at once.
        let _ = std::fs::remove_file(folder.path("modules/repeat.manifest.json"));
        std::fs::copy(source.path("changed.wasm"), folder.path("partial")).unwrap();
        let counted = |outcome: &str| {
            let text = service.get("/metrics").text().to_owned();
            let line =
                text.lines().find(|line| line.starts_with(&format!("concord_reloads_total{{outcome=\"{outcome}\"")));
            line.map_or(0, |line| line.rsplit(' ').next().unwrap().parse::<u32>().unwrap())
        };
        let outcome = if why.is_empty() { "in use" } else { "refused" };
        let count = counted(outcome);
        std::fs::rename(folder.path("partial"), folder.path(&format!("modules/{place}"))).unwrap();
        super::changes::until("the change", || counted(outcome) > count);
        assert_eq!(summary(), before, "{why}");
        assert_eq!(service.get("/health").json()["last_change"], outcome);
    }
    service.signal("TERM");
    let (_, log) = service.ended();
    assert!(log.contains("`breaths` is no answer") && log.contains("no one version of `sample.repeat`"), "{log}");
}

/// A case is counted however it was put; a key that stands twice is refused, as nobody knows which of them is meant.
#[test]
fn a_case_of_a_card_is_counted_and_says_each_thing_once() {
    let (_folder, service) = service();
    let once = call(&[observed("9279-1", 25.0, "/min")]);
    assert_eq!(service.post("/cds-services/news2", &once).status, 200);
    let twice = once.replace("\"conditions\":null", "\"observations\":null");
    assert_ne!(twice, once);
    assert_eq!(service.post("/cds-services/news2", &twice).problem(), (400, "shape".to_owned()));
    let counted = "concord_cases_total{package=\"clinical.news2\",version=\"1.0.0\",outcome=\"answered\"} 1\n";
    let text = service.get("/metrics");
    assert!(text.text().contains(counted), "{}", text.text());
}
