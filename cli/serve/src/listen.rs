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
use crate::tls::Tls;
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
pub async fn run(app: Arc<App>, tls: Option<Tls>) -> Result<Ended, String> {
    let cannot = |error: std::io::Error| format!("cannot listen at {}: {error}", app.options.listen);
    let listener = TcpListener::bind(app.options.listen).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let stop = stop().map_err(cannot)?;
    let modules = app.keeper.shelf().all().count();
    app.log.event("listening", json!({ "address": address.to_string(), "tls": tls.is_some(), "modules": modules }));
    let looking = tokio::spawn(watch(Arc::clone(&app)));
    let mut door = Door::new(Arc::clone(&app), listener, tls);
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
    listener: TcpListener,
    room: Arc<Semaphore>,
    way: Way,
}

/// What becomes of a connection.
struct Way {
    app: Arc<App>,
    tls: Option<Tls>,
    router: Router,
    graceful: GracefulShutdown,
}

impl Door {
    fn new(app: Arc<App>, listener: TcpListener, tls: Option<Tls>) -> Door {
        let room = Arc::new(Semaphore::new(app.options.most_connections));
        let router = router(Arc::clone(&app));
        Door { listener, room, way: Way { app, tls, router, graceful: GracefulShutdown::new() } }
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
            Ok((stream, _)) => self.way.serve(stream, Some(seat)),
            // Too many open files, or a caller who has gone again: the next may do better.
            Err(error) => {
                self.way.app.log.fault("connection not taken", &error.to_string());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Lets in those who wait, and stops listening at once, so that the system takes nobody whom the service never sees. (The listener of
    /// the runtime learns a little later than the system who waits, so this asks the system.)
    fn close(self) -> GracefulShutdown {
        let Door { listener, room, way } = self;
        let Ok(listener) = listener.into_std() else { return way.graceful };
        let mut waiting = Vec::new();
        while waiting.len() < WAITING {
            let Ok((stream, _)) = listener.accept() else { break };
            waiting.push(stream);
        }
        drop(listener);
        for stream in waiting {
            let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
            if let Ok(stream) = stream {
                way.serve(stream, Arc::clone(&room).try_acquire_owned().ok());
            }
        }
        way.graceful
    }
}

impl Way {
    /// Answers on a connection until it ends; its seat is free then.
    fn serve(&self, stream: TcpStream, seat: Option<OwnedSemaphorePermit>) {
        let _ = stream.set_nodelay(true);
        let within = self.app.options.receive_within;
        let (service, tls) = (TowerToHyperService::new(self.router.clone()), self.tls.clone());
        let watcher = self.graceful.watcher();
        tokio::spawn(async move {
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(within).max_buf_size(64 << 10);
            // A caller who breaks off, or speaks no HTTP or no TLS, is no fault of ours.
            if let Some(tls) = tls {
                if let Ok(Ok(stream)) = timeout(within, tls.accept(stream)).await {
                    let _ = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await;
                }
            } else {
                let _ = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await;
            }
            drop(seat);
        });
    }
}
