//! All that is served at one time. It never changes: a change puts another shelf in its place, and a request keeps the one that it
//! began with.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::module::Served;

/// Which version of a package is meant: this one, the one in force on a day (`2026-04-01`), this one if it is in force on that day, or the only one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Which<'a> {
    /// Its number.
    pub version: Option<&'a str>,
    /// The day.
    pub on: Option<&'a str>,
}

/// Why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No such package.
    Package,
    /// It has several versions, and none was named.
    Several(Vec<String>),
    /// It has no such version.
    Version(Vec<String>),
    /// None is in force on that day.
    Day,
}

/// All that is served.
#[derive(Default)]
pub struct Shelf {
    /// By package; the versions in order.
    packages: BTreeMap<String, Vec<Arc<Served>>>,
}

impl Shelf {
    /// Of these modules.
    ///
    /// # Errors
    /// Where two of them are the same version of a package.
    pub fn of(modules: impl IntoIterator<Item = Arc<Served>>) -> Result<Shelf, String> {
        let mut shelf = Shelf::default();
        for served in modules {
            let versions = shelf.packages.entry(served.package.clone()).or_default();
            if let Some(other) = versions.iter().find(|other| other.version == served.version) {
                let which = if other.hash == served.hash { "twice" } else { "in two different modules" };
                return Err(format!("{} {} is there {which}", served.package, served.version));
            }
            versions.push(served);
            versions.sort_by_key(|served| served.numbers());
        }
        Ok(shelf)
    }

    /// Every module, by package and version.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Served>> {
        self.packages.values().flatten()
    }

    /// One of them.
    ///
    /// # Errors
    /// Where there is none, or it is not said which.
    pub fn find(&self, package: &str, which: Which<'_>) -> Result<Arc<Served>, Missing> {
        let versions = self.packages.get(package).ok_or(Missing::Package)?;
        let names = || versions.iter().map(|served| served.version.clone()).collect();
        let named = |served: &&Arc<Served>| which.version.is_none_or(|version| served.version == version);
        let meant: Vec<&Arc<Served>> = versions.iter().filter(named).collect();
        if let Some(day) = which.on.filter(|_| !meant.is_empty()) {
            let in_force = meant.into_iter().filter(|served| served.holds_on(day));
            let latest = in_force.max_by_key(|served| (served.in_force.first().cloned(), served.numbers()));
            return latest.cloned().ok_or(Missing::Day);
        }
        match meant.as_slice() {
            [only] => Ok(Arc::clone(only)),
            [] => Err(Missing::Version(names())),
            _ => Err(Missing::Several(names())),
        }
    }
}
