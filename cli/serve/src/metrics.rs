//! What is counted, as Prometheus reads it. Labels are names of routes, packages and versions, statuses and codes of faults: there are few of
//! each, and none comes from a case.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::shelf::Shelf;

/// Upper ends of the buckets of time, in microseconds and as they are shown.
const BUCKETS: [(u64, &str); 11] = [
    (100, "0.0001"),
    (250, "0.00025"),
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (50_000, "0.05"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (5_000_000, "5"),
];

/// Counts by labels, which are written as Prometheus has them.
type Counts = Mutex<BTreeMap<String, u64>>;

/// All that is counted.
#[derive(Default)]
pub struct Metrics {
    requests: Counts,
    cases: Counts,
    refused: Counts,
    reloads: Counts,
    feedback: Counts,
    buckets: [AtomicU64; 11],
    took: AtomicU64,
    answered: AtomicU64,
}

impl Metrics {
    /// A request was answered.
    pub fn request(&self, route: &str, status: u16, took: Duration) {
        count(&self.requests, format!("route=\"{route}\",status=\"{status}\""), 1);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.answered.fetch_add(1, Ordering::Relaxed);
        self.took.fetch_add(micros, Ordering::Relaxed);
        let bucket = BUCKETS.iter().zip(&self.buckets).find(|((most, _), _)| micros <= *most);
        bucket.into_iter().for_each(|(_, bucket)| {
            bucket.fetch_add(1, Ordering::Relaxed);
        });
    }

    /// A case was put to a module, and this came of it.
    pub fn case(&self, package: &str, version: &str, outcome: &str) {
        count(&self.cases, format!("package=\"{package}\",version=\"{version}\",outcome=\"{outcome}\""), 1);
    }

    /// A case was refused for this.
    pub fn refused(&self, package: &str, code: &str) {
        count(&self.refused, format!("package=\"{package}\",code=\"{code}\""), 1);
    }

    /// The modules were read again.
    pub fn reload(&self, outcome: &str) {
        count(&self.reloads, format!("outcome=\"{outcome}\""), 1);
    }

    /// What became of a card.
    pub fn feedback(&self, service: &str, outcome: &str) {
        count(&self.feedback, format!("service=\"{service}\",outcome=\"{outcome}\""), 1);
    }

    /// All of it as text.
    pub fn text(&self, shelf: &Shelf, at_once: usize) -> String {
        let mut text = String::new();
        let kinds = [
            (&self.requests, "concord_requests_total", "Requests answered, by route and status."),
            (&self.cases, "concord_cases_total", "Cases put to a module, by what came of them."),
            (&self.refused, "concord_refused_total", "Faults for which cases were refused, by code."),
            (&self.reloads, "concord_reloads_total", "Times that the modules were read again."),
            (&self.feedback, "concord_feedback_total", "Cards of CDS Hooks, by what became of them."),
        ];
        for (counts, name, help) in kinds {
            head(&mut text, name, "counter", help);
            for (labels, count) in counts.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                let _ = writeln!(text, "{name}{{{labels}}} {count}");
            }
        }
        self.times(&mut text);
        head(&mut text, "concord_requests_at_once", "gauge", "Requests that are being answered.");
        let _ = writeln!(text, "concord_requests_at_once {at_once}");
        head(&mut text, "concord_module_info", "gauge", "Modules that are served.");
        for served in shelf.all() {
            let (package, version) = (&served.package, &served.version);
            let (logic, module) = (&served.fingerprint, &served.hash);
            let labels =
                format!("package=\"{package}\",version=\"{version}\",fingerprint=\"{logic}\",module=\"{module}\"");
            let _ = writeln!(text, "concord_module_info{{{labels}}} 1");
        }
        text
    }

    fn times(&self, text: &mut String) {
        let name = "concord_request_duration_seconds";
        head(text, name, "histogram", "How long requests took.");
        let mut below = 0;
        for ((_, most), bucket) in BUCKETS.iter().zip(&self.buckets) {
            below += bucket.load(Ordering::Relaxed);
            let _ = writeln!(text, "{name}_bucket{{le=\"{most}\"}} {below}");
        }
        let (all, micros) = (self.answered.load(Ordering::Relaxed), self.took.load(Ordering::Relaxed));
        let _ = writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {all}");
        let _ = writeln!(text, "{name}_sum {}.{:06}", micros / 1_000_000, micros % 1_000_000);
        let _ = writeln!(text, "{name}_count {all}");
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
}

fn count(counts: &Counts, labels: String, more: u64) {
    *counts.lock().unwrap_or_else(PoisonError::into_inner).entry(labels).or_default() += more;
}
