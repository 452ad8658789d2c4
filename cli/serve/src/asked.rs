//! What came of a case that was put to a module: counted and logged in one way, by whichever route the case came.

use concord_wasm::run::Replied;

use crate::app::App;
use crate::faults::{codes, read};
use crate::module::Served;
use crate::pool::Failure;

/// Counts a case and what came of it, which is given in a word; why a module stopped is logged.
pub fn outcome(app: &App, served: &Served, asked: &Result<Replied, Failure>) -> &'static str {
    let outcome = match asked {
        Ok(Replied::Answered(_)) => "answered",
        Ok(Replied::Refused(faults)) => {
            codes(&read(faults)).iter().for_each(|code| app.metrics.refused(&served.package, code));
            "refused"
        }
        Ok(Replied::Broken(_)) => "broken",
        Err(Failure::Settings(_)) => "settings refused",
        Err(Failure::Deadline) => "deadline",
        Err(Failure::Stopped(why)) => {
            app.log.fault("module stopped", why);
            "stopped"
        }
    };
    app.metrics.case(&served.package, &served.version, outcome);
    outcome
}
