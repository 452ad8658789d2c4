//! The clock: how long a request took, and when a line of the log was written. No answer depends on it.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use concord_engine::values::calendar::show_utc;

/// For how long things take.
#[allow(clippy::disallowed_methods, reason = "how long a request took is for logs and metrics alone")]
pub fn now() -> Instant {
    Instant::now()
}

/// The time for a line of the log.
#[allow(clippy::disallowed_methods, reason = "when something happened is for the log alone")]
pub fn stamp() -> String {
    // A clock before 1970 has no time that anybody would believe.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    // Nor one beyond all years.
    show_utc(i64::try_from(since).unwrap_or(0))
}
