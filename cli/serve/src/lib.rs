//! Modules answered over HTTP. This crate is the only part of Concord that listens; nothing in it opens a connection to
//! anywhere else, and no answer depends on its clock.
//!
//! Files in order, each using only those before it: what was asked for ([`Options`]), a [`module`] with its pool of instances, the
//! `shelf` of all that is served, the `keeper` that replaces it as a whole, what is counted and logged, the routes, the guard
//! before them, and the listener.

mod app;
mod asked;
mod batch;
mod case_schema;
mod catalogue;
mod cds;
mod choose;
mod clock;
mod evaluate;
mod faults;
mod guard;
mod hooks;
mod keeper;
mod listen;
mod log;
mod member;
mod metrics;
mod module;
mod object;
mod openapi;
mod options;
mod pool;
mod problem;
mod query;
mod reply;
mod router;
mod shelf;
mod signals;
mod tls;
mod token;
mod watch;

use std::sync::Arc;
use std::time::Duration;

pub use hooks::Services;
pub use listen::Ended;
pub use module::Signed;
pub use options::Options;
pub use tls::{Identity, TLS};
pub use token::Token;

use app::App;
use keeper::Keeper;
use tls::Tls;

/// Calls something once the program is told to stop, by Ctrl-C or SIGTERM, on a thread that waits for that.
///
/// # Errors
/// Where no thread could be started, in words.
pub fn when_told_to_stop(then: impl FnOnce() + Send + 'static) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("nothing could wait for Ctrl-C: {error}"))?;
    let waiting = move || {
        let told = runtime.block_on(async {
            match signals::stop() {
                Ok(stop) => {
                    stop.await;
                    true
                }
                Err(_) => false,
            }
        });
        if told {
            then();
        }
    };
    let thread = std::thread::Builder::new().name("waits for Ctrl-C".to_owned()).spawn(waiting);
    thread.map(drop).map_err(|error| format!("nothing could wait for Ctrl-C: {error}"))
}

/// How long threads have to end what nobody waits for any more.
const LAST_WORK: Duration = Duration::from_secs(1);

/// Serves until it is told to stop.
///
/// # Errors
/// What keeps it from starting, in words: a module that is refused, or an address that cannot be listened at.
pub fn serve(options: Options) -> Result<Ended, String> {
    let keeper = Keeper::open(&options.paths, options.terms(), options.cds.clone())?;
    let tls = options.tls.as_ref().map(Tls::of).transpose()?;
    let threads = options.threads;
    let app = Arc::new(App::new(options, keeper));
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(threads).max_blocking_threads(threads.saturating_mul(2)).enable_all();
    let runtime = runtime.build().map_err(|error| format!("no thread could be started: {error}"))?;
    let grace = app.options.grace;
    let ended = runtime.block_on(listen::run(app, tls));
    // Whoever was answered is; a thread that tries a module still, which may take its time, is not waited for.
    runtime.shutdown_timeout(grace.min(LAST_WORK));
    ended
}
