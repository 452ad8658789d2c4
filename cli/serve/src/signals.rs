//! What the system says to a service: stop, or look again. Where there are no such signals, Ctrl-C stops it.

use std::io;

/// Waits until the service is told to stop.
///
/// # Errors
/// Where the system gives no signals.
#[cfg(unix)]
pub fn stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Waits until the service is told to stop.
///
/// # Errors
/// None: it is asked when it is waited for.
#[cfg(not(unix))]
pub fn stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Each time that it is told to look for changed modules (SIGHUP).
pub struct Again(#[cfg(unix)] Option<tokio::signal::unix::Signal>);

impl Again {
    /// From now on.
    pub fn new() -> Again {
        #[cfg(unix)]
        return Again(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok());
        #[cfg(not(unix))]
        Again()
    }

    /// The next time; never where there is no such signal.
    pub async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.0
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}
