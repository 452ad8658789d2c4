//! `--as-of`: an instant as people give it, and what is said of what is none.

use concord_engine::values::calendar::{read_date, read_instant};

use crate::exit::Exit;
use crate::output::Output;

/// The instant, milliseconds UTC.
///
/// # Errors
/// Where it is none: said on standard error, with how it is written.
pub fn as_of(text: &str, output: &Output) -> Result<i64, Exit> {
    read_instant(text).map_err(|why| {
        let written = text.bytes().any(|byte| byte.is_ascii_digit());
        let day = read_date(text).is_ok();
        let why = if day {
            "this is a day, and an instant has its time and its zone as well"
        } else if written {
            why
        } else {
            "an instant is written out, so that the same command gives the same answer on another day"
        };
        let example = if day { text } else { "2026-10-31" };
        output.error(&format!("--as-of: {why}"), Some(&format!("for example {example}T23:59:59Z")));
        Exit::Usage
    })
}
