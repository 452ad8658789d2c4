//! The rules of a folder, which can be reloaded while they are in use.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::thread;
use std::time::Duration;

use crate::error::Error;
use crate::load::{Loading, hash, refused};
use crate::rule::Rule;

/// Rules by package and version.
type Table = BTreeMap<(String, String), Rule>;
type OnChange = Box<dyn Fn(Option<&Rule>, Option<&Rule>) + Send + Sync>;
type OnRefused = Box<dyn Fn(&Path, &Error) + Send + Sync>;

/// The rules of a folder. Clones are the same rules; a watch ends with the last of them.
#[derive(Clone)]
pub struct Rules {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    how: Loading,
    on_change: Option<OnChange>,
    on_refused: Option<OnRefused>,
    /// What each file is now, held while the folder is read and changes are told; none any more once the rules are closed.
    files: Mutex<Option<BTreeMap<PathBuf, File>>>,
    rules: RwLock<Arc<Table>>,
}

/// What stands in a file, by its hash, and the rule that answers for it.
#[derive(Clone, Default)]
struct File {
    seen: String,
    rule: Option<Rule>,
}

impl Rules {
    /// Loads every `.wasm` of a folder but those for batches.
    ///
    /// # Errors
    /// When the folder cannot be read or has no module, as a wrong path is not to be found out by the first patient; when a file is refused.
    pub fn open(folder: impl Into<PathBuf>, how: &Loading) -> Result<Rules, Error> {
        Rules::telling(folder, how, None, None)
    }

    /// The same, telling of each rule that is new (no old one), has changed, or has gone (no new one), and of each file that is refused, which is then no error:
    /// the rule that was there goes on.
    ///
    /// # Errors
    /// When the folder cannot be read or has no module; when a file is refused and nobody is told.
    pub fn telling(
        folder: impl Into<PathBuf>,
        how: &Loading,
        on_change: Option<OnChange>,
        on_refused: Option<OnRefused>,
    ) -> Result<Rules, Error> {
        let told = on_refused.is_some();
        let inner = Arc::new(Inner {
            folder: folder.into(),
            how: how.clone(),
            on_change,
            on_refused,
            files: Mutex::new(Some(BTreeMap::new())),
            rules: RwLock::default(),
        });
        let reloaded = inner.reload();
        let none = inner.files.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_none_or(BTreeMap::is_empty);
        // Of files the caller was told; a folder that cannot be read has none.
        if none || !told {
            reloaded?;
        }
        if none {
            let why = format!("there is no module (.wasm) in {}", inner.folder.display());
            return Err(Error::File(io::Error::new(io::ErrorKind::NotFound, why)));
        }
        Ok(Rules { inner })
    }

    /// The rule of a package, in its highest version.
    ///
    /// # Errors
    /// When there is none.
    pub fn rule(&self, package: &str) -> Result<Rule, Error> {
        let table = self.inner.table();
        let of_package = table.iter().filter(|((name, _), _)| name == package);
        let highest = of_package.max_by_key(|((_, version), _)| ordered(version));
        highest.map(|(_, rule)| rule.clone()).ok_or_else(|| Error::Unnamed(format!("rule `{package}`")))
    }

    /// The rule of a package in one version.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, package: &str, version: &str) -> Result<Rule, Error> {
        let found = self.inner.table().get(&(package.to_owned(), version.to_owned())).cloned();
        found.ok_or_else(|| Error::Unnamed(format!("rule `{package}` of version {version}")))
    }

    /// All rules in use.
    #[must_use]
    pub fn all(&self) -> Vec<Rule> {
        self.inner.table().values().cloned().collect()
    }

    /// Reads the folder again. Calls that have begun end in the rule that they began in; a file that is refused changes nothing.
    /// What is told must not call this.
    ///
    /// # Errors
    /// With the first file that is refused, or when the folder cannot be read.
    pub fn reload(&self) -> Result<(), Error> {
        self.inner.reload()
    }

    /// Ends every watch, of all clones: from now on nobody is told anything, and nothing is loaded. The rules go on. What is told must not call this.
    pub fn close(&self) {
        *self.inner.files.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Reloads again and again, until the rules are closed or gone.
    pub fn watch(&self, every: Duration) {
        let watched: Weak<Inner> = Arc::downgrade(&self.inner);
        thread::spawn(move || {
            loop {
                thread::sleep(every);
                let Some(inner) = watched.upgrade() else { return };
                if inner.files.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
                    return;
                }
                let _: Result<(), Error> = inner.reload(); // `on_refused` is told
            }
        });
    }
}

impl Inner {
    fn table(&self) -> Arc<Table> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn reload(&self) -> Result<(), Error> {
        let mut held = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(files) = &mut *held else { return Ok(()) };
        let (mut now, mut table, mut worst) = (BTreeMap::new(), Table::new(), Ok(()));
        for path in modules(&self.folder)? {
            let before = files.get(&path).cloned().unwrap_or_default();
            let (mut next, mut fault) = self.look(&path, &before);
            if fault.is_none() && taken(&table, next.rule.as_ref()) {
                fault = Some(refused("twice", "another file has another module of the same package and version"));
                next.rule = before.rule.clone().filter(|rule| !taken(&table, Some(rule)));
            }
            if let Some(fault) = fault {
                if next.seen != before.seen
                    && let Some(tell) = &self.on_refused
                {
                    tell(&path, &fault);
                }
                worst = worst.and(Err(fault.of(&path)));
            }
            if let Some(rule) = &next.rule {
                table.insert(key(rule), rule.clone());
            }
            now.insert(path, next);
        }
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(table);
        let before = std::mem::replace(files, now.clone());
        self.tell(&before, &now);
        worst
    }

    /// Reads a file: what it is from now on, and why what stands there now is refused.
    fn look(&self, path: &Path, before: &File) -> (File, Option<Error>) {
        let seen = match fs::read(path) {
            Ok(bytes) => hash(&bytes),
            // Of what cannot be read is told once, too.
            Err(error) => {
                return (
                    File { seen: error.to_string(), rule: before.rule.clone() },
                    Some(Error::unread(path, &error)),
                );
            }
        };
        if before.rule.as_ref().is_some_and(|rule| rule.info().sha256 == seen) {
            return (File { seen, ..before.clone() }, None);
        }
        match self.how.file(path) {
            Ok(rule) => (File { seen: rule.info().sha256.clone(), rule: Some(rule) }, None),
            // And again where it is refused for another reason.
            Err(error) => (File { seen: format!("{seen} {error}"), rule: before.rule.clone() }, Some(error)),
        }
    }

    /// Tells what has changed.
    fn tell(&self, before: &BTreeMap<PathBuf, File>, now: &BTreeMap<PathBuf, File>) {
        let Some(tell) = &self.on_change else { return };
        let paths: std::collections::BTreeSet<&PathBuf> = before.keys().chain(now.keys()).collect();
        for path in paths {
            let old = before.get(path).and_then(|file| file.rule.as_ref());
            let new = now.get(path).and_then(|file| file.rule.as_ref());
            let same = match (old, new) {
                (Some(old), Some(new)) => old.is(new),
                (None, None) => true,
                _ => false,
            };
            if !same {
                tell(old, new);
            }
        }
    }
}

fn key(rule: &Rule) -> (String, String) {
    (rule.info().package.clone(), rule.info().version.clone())
}

/// Whether another module has a rule's package and version.
fn taken(table: &Table, rule: Option<&Rule>) -> bool {
    rule.is_some_and(|rule| table.get(&key(rule)).is_some_and(|other| other.info().sha256 != rule.info().sha256))
}

/// The modules of a folder, by name.
fn modules(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let unread = |error: io::Error| Error::unread(folder, &error);
    for entry in fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        let other = path.file_stem().is_none_or(|stem| {
            let name = stem.to_string_lossy();
            name.ends_with(".batch") || name.starts_with('.')
        });
        if path.extension().is_some_and(|extension| extension == "wasm") && !other {
            found.push(path);
        }
    }
    found.sort_by_key(|path| path.file_stem().map(ToOwned::to_owned));
    Ok(found)
}

/// 1.10.0 is above 1.9.0.
fn ordered(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}
