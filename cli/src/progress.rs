//! Progress on long work: on a terminal a line that is drawn again, elsewhere a line every ten seconds with `-v`.

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::output::Output;

/// Progress of one piece of work.
#[derive(Debug)]
pub struct Progress {
    what: String,
    started: Instant,
    last: Option<Instant>,
    output: Output,
    drawn: bool,
}

impl Progress {
    /// Starts; `what` names the work.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "progress is about real time; no answer depends on it")]
    pub fn start(what: &str, output: &Output) -> Progress {
        Progress { what: what.to_owned(), started: Instant::now(), last: None, output: output.clone(), drawn: false }
    }

    /// Says how far it is: `done` of `total` of `unit`.
    pub fn at(&mut self, done: u64, total: Option<u64>, unit: &str) {
        let every = if self.output.terminal { Duration::from_millis(100) } else { Duration::from_secs(10) };
        let waited = self.last.map_or_else(|| self.started.elapsed(), |last| last.elapsed());
        let shown = !self.output.quiet && (self.output.terminal || self.output.verbose);
        if !shown || waited < every {
            return;
        }
        self.last = self.now();
        let text = self.words(done, total, unit);
        let mut err = std::io::stderr().lock();
        let _ = if self.output.terminal {
            self.drawn = true;
            write!(err, "\r\u{1b}[2K{text}").and_then(|()| err.flush())
        } else {
            writeln!(err, "{text}")
        };
    }

    #[allow(clippy::disallowed_methods, reason = "progress is about real time; no answer depends on it")]
    fn now(&self) -> Option<Instant> {
        Some(Instant::now())
    }

    fn words(&self, done: u64, total: Option<u64>, unit: &str) -> String {
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        #[allow(clippy::cast_precision_loss, reason = "shown to three figures")]
        let (done_f, total_f) = (done as f64, total.unwrap_or(0) as f64);
        let rate = done_f / seconds;
        let of = total.map_or_else(String::new, |total| format!(" of {total}"));
        let left = total
            .filter(|_| rate > 0.0)
            .map_or_else(String::new, |_| format!(", {:.0} s left", ((total_f - done_f) / rate).max(0.0)));
        format!("{}: {done}{of} {unit}, {rate:.0} per second{left}", self.what)
    }

    /// How long it took.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Clears the line.
    pub fn end(&mut self) {
        if self.drawn {
            let mut err = std::io::stderr().lock();
            let _ = write!(err, "\r\u{1b}[2K").and_then(|()| err.flush());
            self.drawn = false;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
