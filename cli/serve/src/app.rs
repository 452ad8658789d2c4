//! What all requests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::keeper::Keeper;
use crate::log::Log;
use crate::metrics::Metrics;
use crate::options::Options;

/// What all requests share.
pub struct App {
    /// What was asked for.
    pub options: Options,
    /// What is served.
    pub keeper: Keeper,
    /// What is counted.
    pub metrics: Metrics,
    /// Where things are said.
    pub log: Log,
    ending: AtomicBool,
    at_once: AtomicUsize,
}

impl App {
    /// At the start.
    pub fn new(options: Options, keeper: Keeper) -> App {
        let log = Log { requests: options.log_requests };
        let (ending, at_once) = (AtomicBool::new(false), AtomicUsize::new(0));
        App { options, keeper, metrics: Metrics::default(), log, ending, at_once }
    }

    /// From now on every connection ends with its next answer.
    pub fn end(&self) {
        self.ending.store(true, Ordering::SeqCst);
    }

    /// Whether it is about to end.
    pub fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    /// How many requests are being answered.
    pub fn at_once(&self) -> usize {
        self.at_once.load(Ordering::SeqCst)
    }

    /// Room for a request; none where there are too many. There is always room to ask whether the service is well.
    pub fn enter(self: &Arc<App>, always: bool) -> Option<Ticket> {
        let before = self.at_once.fetch_add(1, Ordering::SeqCst);
        let ticket = Ticket(Arc::clone(self));
        (always || before < self.options.most_requests).then_some(ticket)
    }
}

/// A request that is being answered, until this is dropped.
pub struct Ticket(Arc<App>);

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.at_once.fetch_sub(1, Ordering::SeqCst);
    }
}
