//! What is wrong is told as what it is: with a status of 4xx, a name, and the place of each fault; and nothing stops the service.

use std::time::Duration;

use serde_json::json;

use super::client::{Answer, Caller, Service};
use super::{CASE, NEWS2, build_numbered, modules};
use crate::cli::run;
use crate::packages::TempFolder;

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn told(status: u16, name: &str) -> (u16, String) {
    (status, name.to_owned())
}

#[test]
fn each_fault_has_its_name() {
    let folder = modules(&["clinical/news2"]);
    let service = Service::start(&[folder.path("").to_str().unwrap(), "--most-bytes", "1000"]);
    let news2 = format!("/evaluate?{NEWS2}");
    let ask = |method: &str, path: &str, header: (&str, &str), body: &str| {
        service.connect().ask(method, path, &[header], body.as_bytes()).unwrap().problem()
    };
    assert_eq!(ask("POST", "/evaluate?package=clinical.news3", JSON, "{}"), told(404, "package"));
    assert_eq!(ask("POST", "/evaluate", JSON, "{}"), told(400, "query"));
    assert_eq!(ask("POST", "/evaluate?package=%ff", JSON, "{}"), told(400, "query"));
    assert_eq!(ask("POST", "/evaluate?package=a&package=b", JSON, "{}"), told(400, "query"));
    for route in
        ["packages", "packages/clinical.news2/1.0.0", "packages/clinical.news2/1.0.0/schema", "health", "metrics"]
    {
        assert_eq!(ask("GET", &format!("/{route}?versoin=9"), JSON, ""), told(400, "query"), "{route}");
        assert_eq!(service.get(&format!("/{route}?")).status, 200, "{route}");
    }
    assert_eq!(ask("GET", "/openapi.json?version=3", JSON, ""), told(400, "query"));
    assert_eq!(ask("GET", "/cds-services?package=clinical.news2", JSON, ""), told(400, "query"));
    assert_eq!(ask("POST", "/cds-services/none?package=clinical.news2", JSON, "{}"), told(400, "query"));
    assert_eq!(ask("GET", "/evaluate", JSON, ""), told(405, "method"));
    assert_eq!(ask("GET", "/nowhere", JSON, ""), told(404, "route"));
    assert_eq!(ask("GET", "/packages/clinical.news2/9.0.0", JSON, ""), told(404, "package"));
    assert_eq!(ask("POST", &news2, ("Content-Type", "text/plain"), "{}"), told(415, "media-type"));
    assert_eq!(ask("POST", &news2, ("Accept", "*/*"), "{}"), told(415, "media-type"));
    for not_json in ["", "{", "nothing", "{\"spo2\":}", "[1"] {
        assert_eq!(ask("POST", &news2, JSON, not_json), told(400, "not-json"), "{not_json}");
    }
    assert_eq!(ask("POST", &news2, JSON, "{\"spo2\":970}"), told(422, "refused"));
    assert_eq!(ask("POST", &news2, JSON, &format!("{{\"case\":\"{}\"}}", "a".repeat(1000))), told(413, "large"));
    let refused = service.post(&news2, r#"{"spo2":970,"colour":"red"}"#).json();
    let places: Vec<_> =
        refused["refused"].as_array().unwrap().iter().map(|fault| (&fault["code"], &fault["at"])).collect();
    assert_eq!(places, [(&json!("D08"), &json!("/spo2")), (&json!("D06"), &json!("/colour"))]);
}

/// A body that is announced as small and goes on, or comes too slowly, ends with its connection.
#[test]
fn a_body_is_limited_in_size_and_time() {
    let folder = modules(&["clinical/news2"]);
    let arguments =
        [folder.path("").to_str().unwrap().to_owned(), "--most-bytes=1000".into(), "--receive-within=300 ms".into()];
    let service = Service::start(&arguments.each_ref().map(String::as_str));
    let head = |rest: &str| {
        format!("POST /evaluate?{NEWS2} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{rest}\r\n\r\n")
    };
    let mut caller = service.connect();
    caller.send(head("Transfer-Encoding: chunked").as_bytes()).unwrap();
    caller.send(format!("7d0\r\n{}\r\n", " ".repeat(2000)).as_bytes()).unwrap();
    assert_eq!(caller.answer().unwrap().problem(), told(413, "large"));
    let mut caller = service.connect();
    caller.send(head("Content-Length: 2").as_bytes()).unwrap();
    caller.send(b"{").unwrap();
    assert_eq!(caller.answer().unwrap().problem(), told(408, "slow"));
    assert!(caller.answer().is_err(), "the connection is closed");
    let mut caller = service.connect();
    caller.send(b"POST /evaluate HTTP/1.1\r\n").unwrap();
    assert!(caller.answer().is_err(), "a head that does not come is not waited for");
    // In a batch, the lines that came are answered.
    let mut caller = service.connect();
    let kind = format!(
        "POST /evaluate/batch?{NEWS2} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: 5000\r\n\r\n"
    );
    caller.send(kind.as_bytes()).unwrap();
    caller.send(format!("{{\"spo2\":97}}\n{}\n", "x".repeat(2000)).as_bytes()).unwrap();
    let answer = caller.answer().unwrap();
    let lines: Vec<serde_json::Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["answers"]["saturation"]["kind"], "unknown");
    assert_eq!(lines[1], json!({ "line": 2, "refused": [{ "code": "D03", "at": "" }] }));
    assert_eq!((&lines[2]["line"], &lines[2]["problem"]["status"]), (&json!(3), &json!(408)));
}

/// A case that would take too long is stopped, and its module answers the next.
#[test]
fn a_case_is_limited_in_time() {
    let folder = modules(&["acute/sepsis"]);
    let service =
        Service::start(&[folder.path("").to_str().unwrap(), "--deadline", "1 ms", "--most-bytes", "16000000"]);
    let event = r#"{"event":"Lactate","at":null}"#;
    let long = format!(r#"{{"as_of":"2026-04-01T00:00:00Z","events":[{}]}}"#, vec![event; 65_000].join(","));
    let path = "/explain?package=acute.sepsis";
    let answer = service.post(path, &long);
    assert_eq!(answer.problem(), told(503, "deadline"), "{}", answer.text());
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(service.post(path, r#"{"as_of":"2026-04-01T00:00:00Z"}"#).status, 200);
}

#[test]
fn only_so_many_requests_are_taken_at_once() {
    let folder = modules(&["clinical/news2"]);
    let service = Service::start(&[folder.path("").to_str().unwrap(), "--most-requests", "1"]);
    let head = format!(
        "POST /evaluate/batch?{NEWS2} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: 3\r\n\r\n{{"
    );
    // A question takes the one place as well: where it came first, the batch is refused, and sent again.
    let is_taken = |_: &Caller| (0..200).any(|_| service.get("/packages").status == 429);
    let mut tries = (0..50).map(|_| {
        let mut first = service.connect();
        first.send(head.as_bytes()).unwrap();
        first
    });
    let mut first = tries.find(is_taken).unwrap();
    let busy = service.get("/packages");
    assert_eq!((busy.problem(), busy.header("retry-after")), (told(429, "busy"), "1"));
    // It is busy and not dead, and what is counted tells most while it is.
    assert_eq!((service.get("/health").status, service.get("/metrics").status), (200, 200));
    first.send(b"}\n").unwrap();
    assert_eq!(first.answer().unwrap().text().lines().count(), 1);
    assert!((0..10_000).any(|_| service.get("/packages").status == 200));
}

/// Whoever shows the token may ask, and everyone may ask whether it runs.
#[test]
fn a_token_is_needed_where_there_is_one() {
    let folder = modules(&["clinical/news2"]);
    let token = "0123456789abcdef0123456789abcdef";
    let file = folder.write("token", format!("{token}\n").as_bytes());
    let service = Service::start(&[folder.path("").to_str().unwrap(), "--token-file", file.to_str().unwrap()]);
    let ask = |shown: &str| -> Answer {
        service.connect().ask("GET", "/packages", &[("Authorization", shown)], b"").unwrap()
    };
    assert_eq!(ask(&format!("Bearer {token}")).status, 200);
    assert_eq!(ask(&format!("bearer {token}")).status, 200);
    for wrong in ["", "Bearer", "Bearer ", &format!("Bearer {token}0"), &format!("Basic {token}"), token] {
        assert_eq!(ask(wrong).problem(), told(401, "token"), "{wrong}");
    }
    assert_eq!(service.get("/metrics").header("www-authenticate"), "Bearer realm=\"concord\"");
    assert_eq!(service.get("/health").status, 200);
    let short = folder.write("short", b"secret");
    let modules = folder.path("").to_str().unwrap().to_owned();
    for (arguments, why) in [
        (["--token-file", short.to_str().unwrap()], "at least 32 characters"),
        (["--listen", "0.0.0.0:0"], "can be reached from other machines"),
    ] {
        let ran = run(&["serve", &modules, "--allow-draft", arguments[0], arguments[1]]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(why), "{}", ran.err);
    }
}

/// What is not as it should be is not served at all.
#[test]
fn modules_that_cannot_be_trusted_are_refused() {
    let folder = modules(&["clinical/news2"]);
    let path = folder.path("").to_str().unwrap().to_owned();
    let refused = |arguments: &[&str], why: &str| {
        let ran = run(&[&["serve", &path, "--listen", "127.0.0.1:0"], arguments].concat());
        assert_eq!(ran.code, 4, "{}", ran.err);
        assert!(ran.err.contains(why), "{}", ran.err);
    };
    refused(&[], "clinical.news2 1.0.0 is a draft");
    let whole = std::fs::read(folder.path("news2.wasm")).unwrap();
    for place in [100, whole.len() / 2, whole.len() - 4000] {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        folder.write("news2.wasm", &changed);
        refused(&["--allow-draft"], "it is not the module that the manifest beside it is of");
    }
    std::fs::remove_file(folder.path("news2.manifest.json")).unwrap();
    folder.write("news2.wasm", b"<html>");
    refused(&["--allow-draft"], "not a WebAssembly module");
    folder.write("news2.wasm", &whole);
    folder.write("again.wasm", &whole);
    refused(&["--allow-draft"], "is there twice");
    build_numbered(&folder, "again", ("1.0.0", "2026-04-01", 1));
    build_numbered(&folder, "other", ("1.0.0", "2026-04-01", 2));
    refused(&["--allow-draft"], "in two different modules");
    let empty = TempFolder::new();
    let ran = run(&["serve", empty.path("").to_str().unwrap()]);
    assert!(ran.code == 4 && ran.err.contains("no module"), "{}", ran.err);
}

/// With a key, only what was signed with it is served.
#[test]
fn modules_must_be_signed_where_a_key_is_given() {
    let folder = modules(&["clinical/news2"]);
    let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    for keys in ["ours", "theirs"] {
        assert_eq!(run(&["keygen", "-o", &path(keys)]).code, 0);
    }
    let serve = |key: &str| {
        run(&["serve", &path("news2.wasm"), "--allow-draft", "--listen", "127.0.0.1:0", "--key", &path(key)])
    };
    let ran = serve("ours.pub.pem");
    assert!(ran.code == 4 && ran.err.contains("is not signed"), "{}", ran.err);
    assert_eq!(run(&["sign", &path("news2.wasm"), "--key", &path("ours.key.pem")]).code, 0);
    let ran = serve("theirs.pub.pem");
    assert!(ran.code == 4 && ran.err.contains("news2.wasm: "), "{}", ran.err);
    let ran = serve("ours.key.pem");
    assert!(ran.code == 2 && ran.err.contains("ours.key.pem: this is not an Ed25519 public key"), "{}", ran.err);
    let service = Service::start(&[&path("news2.wasm"), "--key", &path("ours.pub.pem")]);
    assert_eq!(service.get("/health").status, 200);
}

/// 10,000 requests, none of which is right: each has an answer of 4xx, and the service goes on.
#[test]
fn malformed_requests_are_refused() {
    let folder = modules(&["clinical/news2"]);
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let mut draw = Draw(7);
    let mut caller = service.connect();
    let path = format!("/evaluate?{NEWS2}");
    for number in 0..10_000_u32 {
        let answer = if number % 10 == 9 {
            let mut caller = service.connect();
            caller.send(&draw.no_request()).unwrap();
            caller.answer()
        } else {
            draw.no_case(&mut caller, &path)
        };
        let answer = answer.unwrap_or_else(|error| panic!("request {number}: {error}"));
        assert!((400..500).contains(&answer.status), "request {number}: {answer:?}");
        if answer.header("connection") == "close" {
            caller = service.connect();
        }
    }
    assert_eq!(service.post(&path, CASE).status, 200);
    service.signal("TERM");
    assert_eq!(service.ended().0, Some(0));
}

/// The same numbers each time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    /// A request that is HTTP, and otherwise wrong.
    fn no_case(&mut self, caller: &mut Caller, path: &str) -> std::io::Result<Answer> {
        let place = self.below(CASE.len());
        let cut = &CASE[..place];
        let odd = ["\u{0}", "=", "\"", ",", "\\", "\u{fffd}", "[", "1e9", "null"][self.below(9)];
        match self.below(8) {
            0 => caller.post(path, cut),
            1 => caller.post(path, &format!("{cut}{odd}")),
            2 => caller.post(path, &format!("{CASE}{odd}")),
            3 => caller.post(path, &"[".repeat(1 + self.below(5000))),
            4 => caller.post(path, &format!("{{\"fact{place}\":1}}")),
            5 => caller.post(&format!("{path}&{place}={place}"), CASE),
            6 => caller.ask("DELETE", path, &[JSON], CASE.as_bytes()),
            _ => caller.ask("POST", path, &[JSON], &[0xff, 0xfe, u8::try_from(place % 256).unwrap()]),
        }
    }

    /// What is not even HTTP.
    fn no_request(&mut self) -> Vec<u8> {
        let begun = ["GET", "POST /evaluate HTTP/1.1\r\nA", "POST /evaluate HTTP/9.9\r\n\r\n", "\u{1}", " ", ":"];
        let mut bytes = begun[self.below(begun.len())].as_bytes().to_vec();
        for _ in 0..self.below(60) {
            bytes.push(u8::try_from(self.below(256)).unwrap());
        }
        bytes.extend_from_slice(b"\0\r\n\r\n\r\n");
        bytes
    }
}

/// A log says what happened, and nothing that was in a case.
#[test]
fn no_value_of_a_case_is_logged() {
    let folder = modules(&["clinical/news2"]);
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let case = r#"{"case":"Abernathy","spo2":7743,"colour":"Zinnober"}"#;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let headers = [JSON, ("traceparent", trace), ("User-Agent", "Wanderfalke")];
    let path = format!("/evaluate?{NEWS2}&settings=Zinnober");
    for path in [path.as_str(), &path[..path.len() - 18], "/Zinnober"] {
        service.connect().ask("POST", path, &headers, case.as_bytes()).unwrap();
    }
    let metrics = service.get("/metrics");
    std::thread::sleep(Duration::from_millis(50));
    service.signal("TERM");
    let (code, log) = service.ended();
    assert_eq!(code, Some(0));
    for word in ["Abernathy", "7743", "Zinnober", "colour", "Wanderfalke"] {
        assert!(!log.contains(word), "{log}");
        assert!(!metrics.text().contains(word), "{}", metrics.text());
    }
    assert_eq!(log.matches("0af7651916cd43dd8448eb211c80319c").count(), 3, "{log}");
    assert!(
        metrics.text().contains("concord_refused_total{package=\"clinical.news2\",code=\"D08\"} 1"),
        "{}",
        metrics.text()
    );
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}
