//! Which module a request is for: by package and version, by package and day, or by package where there is one version.

use std::sync::Arc;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderMap, Uri};
use concord_engine::values::calendar::read_date;

use crate::app::App;
use crate::member::Terms;
use crate::module::Served;
use crate::pool::GROUP;
use crate::problem::{LOGIC, PACKAGE, QUERY};
use crate::query;
use crate::reply::{FINGERPRINT, Reply};
use crate::shelf::{Missing, Which};

/// A module, and the settings under which it is asked.
pub struct Chosen {
    /// The module; it stays the same for the whole request, whatever is put in its place.
    pub served: Arc<Served>,
    /// Those of the request, and of its member.
    pub terms: Terms,
}

/// A package and its version, where the path names them; it may be no text.
pub type Named = Result<Option<Path<(String, String)>>, PathRejection>;

/// The module that an address names: by its path, or `?package=clinical.news2&version=1.0.0`, or `&on=2026-04-01`; and `&settings={…}&member=RTF`.
///
/// # Errors
/// Where there is none, or not the logic that the caller requires.
pub fn chosen(app: &App, uri: &Uri, named: Named, headers: &HeaderMap) -> Result<Chosen, Box<Reply>> {
    let named = named.map_err(|_| Box::new(told(&Missing::Package)))?;
    let [package, version, on, settings, member] = match named {
        Some(Path((package, version))) => {
            let [settings, member] = query::read(uri, ["settings", "member"])?;
            [Some(package), Some(version), None, settings, member]
        }
        None => query::read(uri, ["package", "version", "on", "settings", "member"])?,
    };
    let package = package.ok_or_else(|| Box::new(QUERY.because("`package` is needed")))?;
    if on.as_deref().is_some_and(|day| read_date(day).is_err()) {
        return Err(Box::new(QUERY.because("`on` is a day of the calendar such as 2026-04-01")));
    }
    let which = Which { version: version.as_deref(), on: on.as_deref() };
    let served = app.keeper.shelf().find(&package, which).map_err(|missing| Box::new(told(&missing)))?;
    let required = headers.get(FINGERPRINT);
    if required.is_some_and(|required| required.as_bytes() != served.fingerprint.as_bytes()) {
        return Err(Box::new(LOGIC.because(&format!("the logic that runs is {}", served.fingerprint))));
    }
    let settings = settings.filter(|settings| !settings.is_empty()).unwrap_or_else(|| GROUP.to_owned());
    let terms = Terms::of(&served, settings, member.as_deref())?;
    Ok(Chosen { served, terms })
}

fn told(missing: &Missing) -> Reply {
    match missing {
        Missing::Package => PACKAGE.because("GET /packages lists those that are"),
        Missing::Version(there) => PACKAGE.because(&format!("its versions are {}", there.join(", "))),
        Missing::Day => PACKAGE.because("no version of it is in force on that day"),
        Missing::Several(there) => {
            LOGIC.because(&format!("say which `version`, or `on` which day it is in force: {}", there.join(", ")))
        }
    }
}
