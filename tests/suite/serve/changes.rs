//! Modules change, and the service ends, while it is asked as fast as it can answer: no request is lost, and none is answered by two modules.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::build_numbered;
use super::client::{Caller, Service};
use crate::endless::endless;
use crate::packages::TempFolder;

const PATH: &str = "/evaluate?package=sample.numbered";

/// Whether a record is wholly of one module: the version that it names gives the answer that it has.
fn is_of_one(record: &Value) -> bool {
    let which = record["answers"]["which"]["value"].as_u64().unwrap();
    record["version"] == format!("{which}.0.0")
}

/// Waits until something holds.
pub fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(20), "{what} did not happen");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn modules_change_under_load() {
    let source = TempFolder::new();
    for which in [1, 2] {
        build_numbered(&source, &which.to_string(), (&format!("{which}.0.0"), "2026-04-01", which));
    }
    let folder = TempFolder::new();
    let place = |which: u32| {
        std::fs::copy(source.path(&format!("{which}.wasm")), folder.path("partial")).unwrap();
        std::fs::rename(folder.path("partial"), folder.path("numbered.wasm")).unwrap();
    };
    place(1);
    let service = Service::start(&[folder.path("").to_str().unwrap(), "--look-every", "20 ms"]);
    let version = || service.get("/packages").json()["packages"][0]["version"].as_str().unwrap().to_owned();
    let (done, asked) = (AtomicBool::new(false), AtomicU32::new(0));
    thread::scope(|scope| {
        for number in 0..3 {
            let (service, done, asked) = (&service, &done, &asked);
            scope.spawn(move || {
                let mut caller = service.connect();
                while !done.load(Ordering::Relaxed) {
                    if number == 0 {
                        let kind = [("Content-Type", "application/x-ndjson")];
                        let path = "/evaluate/batch?package=sample.numbered";
                        let lines = caller.ask("POST", path, &kind, "{}\n".repeat(200).as_bytes()).unwrap();
                        let records: Vec<Value> =
                            lines.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
                        assert_eq!(records.len(), 200);
                        assert!(
                            records
                                .iter()
                                .all(|record| is_of_one(record) && record["version"] == records[0]["version"])
                        );
                    } else {
                        let answer = caller.post(PATH, "{}").unwrap();
                        assert_eq!(answer.status, 200, "{answer:?}");
                        assert!(is_of_one(&answer.json()), "{}", answer.text());
                        assert_eq!(answer.header("concord-fingerprint"), answer.json()["fingerprint"]);
                    }
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for turn in 0..10 {
            let which = 2 - turn % 2;
            place(which);
            until("the change", || version() == format!("{which}.0.0"));
        }
        // What cannot be used changes nothing, and is told.
        folder.write("broken.wasm", b"\0asm");
        until("the refusal", || service.get("/health").json()["last_change"] == "refused");
        assert_eq!(version(), "1.0.0");
        std::fs::remove_file(folder.path("broken.wasm")).unwrap();
        until("the return", || service.get("/health").json()["last_change"] == "in use");
        done.store(true, Ordering::Relaxed);
    });
    println!("{} requests while modules changed 10 times", asked.load(Ordering::Relaxed));
    service.signal("HUP");
    thread::sleep(Duration::from_millis(100));
    service.signal("TERM");
    let (code, log) = service.ended();
    assert_eq!(code, Some(0));
    assert!(log.contains("\"modules not changed\",\"why\":\""), "{log}");
}

/// Told to end, it answers everything that it took, on connections that are kept and on new ones. Of those who come while it stops listening, the
/// system may have taken one for it whom it never saw.
#[test]
fn an_end_under_load_loses_nothing() {
    let folder = TempFolder::new();
    build_numbered(&folder, "one", ("1.0.0", "2026-04-01", 1));
    let service = Service::start(&[folder.path("").to_str().unwrap()]);
    let (answered, unseen) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        for number in 0..8 {
            let (address, answered, unseen) = (service.address.clone(), &answered, &unseen);
            scope.spawn(move || {
                let mut kept = None;
                loop {
                    let is_kept = kept.is_some();
                    let Some(mut caller) = kept.take().or_else(|| Caller::to(&address).ok()) else { return };
                    let answer = match caller.post(PATH, "{}") {
                        Ok(answer) => answer,
                        Err(error) if is_kept => panic!("a request on a kept connection is lost: {error}"),
                        Err(_) => {
                            unseen.fetch_add(1, Ordering::Relaxed);
                            return;
                        }
                    };
                    assert_eq!(answer.status, 200);
                    answered.fetch_add(1, Ordering::Relaxed);
                    kept = (number % 2 == 0 && answer.header("connection") != "close").then_some(caller);
                }
            });
        }
        let mut slow = service.connect();
        let head =
            format!("POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{");
        slow.send(head.as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(500));
        service.signal("TERM");
        until("the end", || service.get_if_open("/health").is_none_or(|answer| answer.status == 503));
        thread::sleep(Duration::from_millis(1000));
        slow.send(b"}").unwrap();
        assert_eq!(slow.answer().unwrap().status, 200, "the slowest is answered as well");
    });
    println!("{} requests answered, none lost", answered.load(Ordering::Relaxed));
    assert!(unseen.load(Ordering::Relaxed) <= 1, "{unseen:?}");
    let (code, log) = service.ended();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("\"ended\",\"cut_off\":0"), "{log}");
}

/// A module whose test does not end is refused after a while, and an end does not wait for it.
#[test]
fn a_change_that_does_not_end_is_refused() {
    let folder = TempFolder::new();
    build_numbered(&folder, "one", ("1.0.0", "2026-04-01", 1));
    let whole = std::fs::read(folder.path("one.wasm")).unwrap();
    for beside in ["one.manifest.json", "one.vectors.json"] {
        let _ = std::fs::remove_file(folder.path(beside));
    }
    let spoil = || {
        folder.write("partial", &endless(&whole, "self_test"));
        std::fs::rename(folder.path("partial"), folder.path("one.wasm")).unwrap();
    };
    let service = Service::start(&[folder.path("").to_str().unwrap(), "--look-every", "20 ms", "--grace", "2 s"]);
    spoil();
    until("the refusal", || service.get("/health").json()["last_change"] == "refused");
    assert_eq!(service.post(PATH, "{}").status, 200);
    spoil();
    thread::sleep(Duration::from_secs(1));
    let told = Instant::now();
    service.signal("TERM");
    let (code, log) = service.ended();
    assert!(told.elapsed() < Duration::from_secs(6), "it ended after {:?}", told.elapsed());
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("it did not come to an end within 10 s: it is damaged"), "{log}");
}

/// What takes longer than it may is cut off, and the exit code says so.
#[test]
fn an_end_does_not_wait_for_ever() {
    let folder = TempFolder::new();
    build_numbered(&folder, "one", ("1.0.0", "2026-04-01", 1));
    let service = Service::start(&[folder.path("").to_str().unwrap(), "--grace", "100 ms"]);
    let mut slow = service.connect();
    let head =
        format!("POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{");
    slow.send(head.as_bytes()).unwrap();
    until("the request", || service.get("/metrics").text().contains("concord_requests_at_once 2"));
    service.signal("TERM");
    let (code, log) = service.ended();
    assert_eq!(code, Some(5), "{log}");
    assert!(log.contains("\"cut_off\":1"), "{log}");
}
