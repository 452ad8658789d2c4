//! The listener: connections in, and an end that loses no request.
//!
//! Told to stop (SIGTERM, SIGINT), the service first says so: `/health` answers 503, and every answer closes its connection, while those
//! who did not hear of it yet are still let in. Then it lets in whoever waits, stops listening, and ends when the last request is answered.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::app::App;
use crate::clock;
use crate::router::router;
use crate::signals::stop;
use crate::watch::watch;

/// How long the service is still let in to after it was told to stop.
const LAST_CALL: Duration = Duration::from_millis(500);
/// How many who wait are still let in then.
const WAITING: usize = 10_000;

/// How the service ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every request was answered.
    Answered,
    /// So many were cut off, as they took longer than was allowed.
    CutOff(usize),
}

/// Serves until it is told to stop.
pub async fn run(app: Arc<App>) -> Result<Ended, String> {
    let cannot = |error: std::io::Error| format!("cannot listen at {}: {error}", app.options.listen);
    let listener = TcpListener::bind(app.options.listen).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let stop = stop().map_err(cannot)?;
    let modules = app.keeper.shelf().all().count();
    app.log.event("listening", json!({ "address": address.to_string(), "modules": modules }));
    let looking = tokio::spawn(watch(Arc::clone(&app)));
    let mut door = Door::new(Arc::clone(&app), listener);
    tokio::select! {
        () = door.let_in() => {}
        () = stop => {}
    }
    looking.abort();
    app.end();
    app.log.event("ending", json!({ "requests": app.at_once() }));
    let _ = timeout(LAST_CALL, door.let_in()).await;
    let graceful = door.close();
    // Whoever was let in last has not asked yet, and who is answered now is gone by himself.
    let last = clock::now();
    while graceful.count() > 0 && last.elapsed() < LAST_CALL {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let whole = timeout(app.options.grace, graceful.shutdown()).await.is_ok();
    let left = app.at_once();
    app.log.event("ended", json!({ "cut_off": if whole { 0 } else { left } }));
    Ok(if whole { Ended::Answered } else { Ended::CutOff(left) })
}

/// Where connections come in.
struct Door {
    app: Arc<App>,
    listener: TcpListener,
    router: Router,
    room: Arc<Semaphore>,
    graceful: GracefulShutdown,
}

impl Door {
    fn new(app: Arc<App>, listener: TcpListener) -> Door {
        let room = Arc::new(Semaphore::new(app.options.most_connections));
        let router = router(Arc::clone(&app));
        Door { app, listener, router, room, graceful: GracefulShutdown::new() }
    }

    /// Lets in whoever comes.
    async fn let_in(&mut self) {
        loop {
            self.let_in_one().await;
        }
    }

    /// Lets one in, once there is room.
    async fn let_in_one(&mut self) {
        let Ok(seat) = Arc::clone(&self.room).acquire_owned().await else { return };
        match self.listener.accept().await {
            Ok((stream, _)) => serve(&self.app, &self.router, &self.graceful, stream, Some(seat)),
            // Too many open files, or a caller who has gone again: the next may do better.
            Err(error) => {
                self.app.log.fault("connection not taken", &error.to_string());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Lets in those who wait, and stops listening at once, so that the system takes nobody whom the service never sees. (The listener of
    /// the runtime learns a little later than the system who waits, so this asks the system.)
    fn close(self) -> GracefulShutdown {
        let Door { app, listener, router, room, graceful } = self;
        let Ok(listener) = listener.into_std() else { return graceful };
        let mut waiting = Vec::new();
        while waiting.len() < WAITING {
            let Ok((stream, _)) = listener.accept() else { break };
            waiting.push(stream);
        }
        drop(listener);
        for stream in waiting {
            let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
            if let Ok(stream) = stream {
                serve(&app, &router, &graceful, stream, Arc::clone(&room).try_acquire_owned().ok());
            }
        }
        graceful
    }
}

/// Answers on a connection until it ends; its seat is free then.
fn serve(
    app: &App,
    router: &Router,
    graceful: &GracefulShutdown,
    stream: TcpStream,
    seat: Option<OwnedSemaphorePermit>,
) {
    let _ = stream.set_nodelay(true);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(app.options.receive_within).max_buf_size(64 << 10);
    let service = TowerToHyperService::new(router.clone());
    let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        // A caller who breaks off, or speaks no HTTP, is no fault of ours.
        let _ = connection.await;
        drop(seat);
    });
}
