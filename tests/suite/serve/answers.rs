//! What is answered, and by which module.

use serde_json::{Value, json};

use super::client::Service;
use super::{CASE, NEWS2, build_numbered, modules};
use crate::cli::{fed, run};
use crate::packages::TempFolder;

/// One case, with and without reasons: the very record of the command line.
#[test]
fn answers_are_those_of_the_command_line() {
    let folder = modules(&["clinical/news2", "acute/sepsis"]);
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let module = folder.path("news2.wasm");
    for (route, bare) in [("evaluate", &["--bare"][..]), ("explain", &[])] {
        let arguments = [&["eval", module.to_str().unwrap(), "--json"], bare].concat();
        let expected = fed(&arguments, std::iter::once(CASE.into()));
        let answer = service.post(&format!("/{route}?{NEWS2}"), CASE);
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(format!("{:#}\n", answer.json()), expected.out);
        assert_eq!(answer.header("concord-fingerprint"), answer.json()["fingerprint"]);
        assert_eq!(answer.header("concord-module"), answer.json()["module"]);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let packages = service.get("/packages").json();
    let named: Vec<&Value> = packages["packages"].as_array().unwrap().iter().map(|of| &of["package"]).collect();
    assert_eq!(named, [&json!("acute.sepsis"), &json!("clinical.news2")]);
    let manifest = service.get("/packages/clinical.news2/1.0.0");
    assert_eq!(format!("{:#}\n", manifest.json()["layout"]), format!("{:#}\n", beside(&folder)["layout"]));
}

fn beside(folder: &TempFolder) -> Value {
    serde_json::from_str(&folder.read("news2.manifest.json")).unwrap()
}

/// Lines in, lines out, to the byte; a line that is refused stops no other.
#[test]
fn a_batch_is_answered_line_by_line() {
    let folder = modules(&["clinical/news2"]);
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let lines =
        format!("{CASE}\n\n{{\"spo2\":970}}\n{{\"case\":\"A \\\"17\\\"\",\"spo2\":97}}\nnothing\n{{\"spo2\":95}}");
    let module = folder.path("news2.wasm");
    let file = folder.write("cases.ndjson", lines.as_bytes());
    let arguments = ["eval", module.to_str().unwrap(), "--json", "--bare", "-i", file.to_str().unwrap()];
    let expected = run(&arguments).out;
    let kind = [("Content-Type", "application/x-ndjson")];
    let path = format!("/evaluate/batch?{NEWS2}");
    let answer = service.connect().ask("POST", &path, &kind, lines.as_bytes()).unwrap();
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"));
    assert_eq!(answer.text(), expected);
}

/// The first answers are there before the last case is sent.
#[test]
fn a_batch_is_streamed() {
    let folder = modules(&["clinical/news2"]);
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let mut caller = service.connect();
    let head = format!(
        "POST /evaluate/batch?{NEWS2} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    caller.send(head.as_bytes()).unwrap();
    let line = b"{\"spo2\":97}\n";
    let chunk = [format!("{:x}\r\n", line.len()).as_bytes(), line, b"\r\n"].concat();
    let mut text = Vec::new();
    for number in 1..=3 {
        caller.send(&chunk).unwrap();
        if number == 1 {
            while {
                text.push(caller.byte().unwrap());
                !text.ends_with(b"\r\n\r\n")
            } {}
        }
        let record: Value = serde_json::from_slice(&caller.chunk().unwrap().unwrap()).unwrap();
        assert_eq!(record["line"], number);
    }
    caller.send(b"0\r\n\r\n").unwrap();
    assert_eq!(caller.chunk().unwrap(), None);
}

/// A package is asked by its version, or by the day on which one is in force, and never by chance.
#[test]
fn versions_are_chosen_by_number_or_day() {
    let folder = TempFolder::new();
    build_numbered(&folder, "one", ("1.0.0", "2026-04-01 until 2027-03-31", 1));
    build_numbered(&folder, "two", ("2.0.0", "2027-04-01", 2));
    build_numbered(&folder, "three", ("2.10.0", "2027-04-01", 3));
    build_numbered(&folder, "four", ("2.9.0", "2027-04-01", 4));
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let ask = |query: &str| {
        let answer = service.post(&format!("/evaluate?package=sample.numbered{query}"), "{}");
        if answer.status == 200 {
            Ok(answer.json()["answers"]["which"]["value"].clone())
        } else {
            Err(answer.problem())
        }
    };
    for (query, which) in [
        ("&version=1.0.0", 1),
        ("&version=2.10.0", 3),
        ("&on=2026-04-01", 1),
        ("&on=2027-03-31", 1),
        ("&on=2027-04-01", 3),
        ("&on=2026-05-01&version=1.0.0", 1),
    ] {
        assert_eq!(ask(query), Ok(json!(which)), "{query}");
    }
    let told = |status: u16, name: &str| Err((status, name.to_owned()));
    assert_eq!(ask(""), told(409, "version"));
    assert_eq!(ask("&version=3.0.0"), told(404, "package"));
    assert_eq!(ask("&on=2026-03-31"), told(404, "package"));
    assert_eq!(ask("&on=2027-05-01&version=1.0.0"), told(404, "package"));
    for no_day in ["tomorrow", "2026-13-01", "2026-31-03", "2026-02-30", "2026-04-1", "20260401"] {
        assert_eq!(ask(&format!("&on={no_day}")), told(400, "query"), "{no_day}");
    }
    assert_eq!(ask("&versoin=1.0.0"), told(400, "query"));
}

/// A member's settings go with the request, and the next request has the group's again.
#[test]
fn settings_go_with_a_request() {
    let folder = TempFolder::new();
    build_numbered(&folder, "one", ("1.0.0", "2026-04-01", 1));
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let ask = |settings: &str| {
        service.post(&format!("/evaluate?package=sample.numbered&settings={settings}"), "{\"age\":62}")
    };
    for (settings, old) in
        [("", false), ("%7B%22old_from%22:60%7D", true), ("{}", false), ("%7B%22old_from%22%3A+61%7D", true)]
    {
        assert_eq!(ask(settings).json()["answers"]["old"]["value"], old, "{settings}");
    }
    let refused = ask("%7B%22old_from%22:80%7D");
    assert_eq!(refused.problem(), (422, "settings".to_owned()));
    assert_eq!(refused.json()["refused"][0]["code"], "D08");
    let kind = [("Content-Type", "application/x-ndjson")];
    let path = "/evaluate/batch?package=sample.numbered&settings=%7B%22old_from%22:80%7D";
    let refused = service.connect().ask("POST", path, &kind, b"{}").unwrap();
    assert_eq!(refused.problem(), (422, "settings".to_owned()));
}

/// A member that is named has its settings as far as their approval holds on the day of the case; what the request sets itself counts before them.
#[test]
fn a_member_is_named_for_a_request() {
    const SETTINGS: &str = "settings=%7B%22antibiotics_within%22:%22PT30M%22%7D&";
    let folder = modules(&["acute/sepsis", "clinical/news2"]);
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let case = |as_of: &str| format!("{{\"as_of\":\"{as_of}\",\"events\":[]}}");
    let ask = |query: &str, as_of: &str| service.post(&format!("/evaluate?package=acute.sepsis&{query}"), &case(as_of));
    let within = |query: &str, as_of: &str| {
        let answer = ask(query, as_of);
        assert_eq!(answer.status, 200, "{answer:?}");
        let open =
            answer.headers.iter().find(|(name, _)| name == "concord-not-applied").map(|(_, value)| value.clone());
        (answer.json()["settings"]["antibiotics_within"].clone(), open)
    };
    let (group, before, during, after) =
        (json!(null), "2026-01-31T23:59:00Z", "2026-02-01T00:00:00Z", "2027-02-02T00:00:00Z");
    let open = Some("antibiotics_within".to_owned());
    assert_eq!(within("", during), (group.clone(), None));
    assert_eq!(within("member=XX1", during), (json!("PT45M"), None));
    for day in [before, after] {
        assert_eq!(within("member=XX1", day), (group.clone(), open.clone()), "{day}");
    }
    assert_eq!(within(&format!("{SETTINGS}member=XX1"), during), (json!("PT30M"), None));
    // Of one route with a path, and of many cases, each on its own day.
    let path = "/packages/acute.sepsis/1.0.0";
    let listed = service.get("/packages").json();
    let version = listed["packages"][0]["version"].as_str().unwrap();
    let path = path.replace("1.0.0", version);
    let told = service.post(&format!("{path}/explain?member=XX1"), &case(during));
    assert_eq!(told.json()["settings"]["antibiotics_within"], "PT45M");
    let kind = [("Content-Type", "application/x-ndjson")];
    let lines = format!("{}\n{}", case(during), case(before));
    let many =
        service.connect().ask("POST", &format!("{path}/evaluate/batch?member=XX1"), &kind, lines.as_bytes()).unwrap();
    let text = many.text();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["settings"]["antibiotics_within"], "PT45M");
    assert_eq!((&lines[0]["not_applied"], &lines[1]["not_applied"]), (&json!(null), &json!(["antibiotics_within"])));
    // One that is not of the package is refused with those that are, and so is one of a package without members.
    let refused = ask("member=XX9", during);
    assert_eq!(refused.problem(), (422, "settings".to_owned()));
    let fault = &refused.json()["refused"][0];
    assert_eq!(fault["code"], "member");
    assert!(fault["expected"].as_str().unwrap().contains("XX1"), "{fault}");
    assert_eq!(
        ask("settings=%7B%22antibiotics_within%22:1%7D&member=XX1", during).problem(),
        (422, "settings".to_owned())
    );
    assert_eq!(ask("member=XX1&member=XX1", during).problem(), (400, "query".to_owned()));
}

/// A caller who depends on one logic says so, and is told when another runs.
#[test]
fn another_logic_than_required_does_not_answer() {
    let folder = modules(&["clinical/news2"]);
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let runs = beside(&folder)["logic"]["fingerprint"].as_str().unwrap().to_owned();
    for (required, status) in [(runs.as_str(), 200), ("0000", 409)] {
        let headers = [("Content-Type", "application/json"), ("Concord-Fingerprint", required)];
        let path = format!("/evaluate?{NEWS2}");
        assert_eq!(service.connect().ask("POST", &path, &headers, b"{}").unwrap().status, status);
    }
}
