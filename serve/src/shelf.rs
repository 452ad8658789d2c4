//! All that is served at one time. It never changes: a change puts another shelf in its place, and a request keeps the one that it
//! began with.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::module::Served;

/// Which version of a package is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'a> {
    /// The only one.
    Only,
    /// This one.
    Version(&'a str),
    /// The one in force on a day, `2026-04-01`.
    On(&'a str),
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
        let found = match which {
            Which::Only => match versions.as_slice() {
                [only] => Some(only),
                _ => return Err(Missing::Several(names())),
            },
            Which::Version(version) => {
                let found = versions.iter().find(|served| served.version == version);
                return found.cloned().ok_or_else(|| Missing::Version(names()));
            }
            Which::On(day) => {
                let in_force = versions.iter().filter(|served| served.holds_on(day));
                in_force.max_by_key(|served| (served.in_force.first().cloned(), served.numbers()))
            }
        };
        found.cloned().ok_or(Missing::Day)
    }
}
