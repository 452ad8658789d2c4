//! Keeps the shelf in step with the files. A change is read, checked and tried beside what is in use, and takes its place only as a
//! whole: where one file is refused, or a service of CDS Hooks does not fit what is found, everything stays as it was.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use crate::hooks::Services;
use crate::module::{Files, Served, Terms};
use crate::shelf::Shelf;

/// The largest file that is read as a module.
const LARGEST: u64 = 64 << 20;

/// By what a change of a file is seen: its length and when it was written; none where there is none.
type Mark = Option<(u64, Option<SystemTime>)>;

/// The modules, and by what a change of each, of the manifest beside it and of its signature is seen.
type Seen = BTreeMap<PathBuf, [Mark; 3]>;

/// What is served now, and from where.
pub struct Keeper {
    paths: Vec<PathBuf>,
    terms: Terms,
    /// What each module that is served must fit.
    cds: Services,
    shelf: RwLock<Arc<Shelf>>,
    /// The files as they were when they were last read.
    seen: RwLock<Seen>,
    /// Whether what was last found was refused.
    refused: AtomicBool,
}

impl Keeper {
    /// Reads modules for the first time.
    ///
    /// # Errors
    /// Why they are not served, in words.
    pub fn open(paths: &[PathBuf], terms: Terms, cds: Services) -> Result<Keeper, String> {
        let files = files(paths)?;
        let shelf = shelf(&files, &Shelf::default(), (&terms, &cds))?;
        let (shelf, seen) = (RwLock::new(Arc::new(shelf)), RwLock::new(files));
        Ok(Keeper { paths: paths.to_vec(), terms, cds, shelf, seen, refused: AtomicBool::new(false) })
    }

    /// What is served now. A request asks once, and works with that.
    pub fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What became of the last change.
    pub fn last_change(&self) -> &'static str {
        if self.refused.load(Ordering::SeqCst) { "refused" } else { "in use" }
    }

    /// Reads again what has changed since: none where nothing has.
    pub fn look(&self, even_unchanged: bool) -> Option<Result<Arc<Shelf>, String>> {
        let looked = self.looked(even_unchanged);
        if let Some(looked) = &looked {
            self.refused.store(looked.is_err(), Ordering::SeqCst);
        }
        looked
    }

    fn looked(&self, even_unchanged: bool) -> Option<Result<Arc<Shelf>, String>> {
        // A folder that cannot be read counts as one without files, so that it is told once.
        let (files, unread) = match files(&self.paths) {
            Ok(files) => (files, None),
            Err(why) => (Seen::new(), Some(why)),
        };
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        if *seen == files && !even_unchanged {
            return None;
        }
        seen.clone_from(&files);
        drop(seen);
        if let Some(why) = unread {
            return Some(Err(why));
        }
        Some(shelf(&files, &self.shelf(), (&self.terms, &self.cds)).map(|shelf| {
            let shelf = Arc::new(shelf);
            let mut place = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
            *place = Arc::clone(&shelf);
            shelf
        }))
    }
}

/// The modules at these places: files, and those that stand in folders. Modules for batches have no JSON and are passed over.
fn files(paths: &[PathBuf]) -> Result<Seen, String> {
    let mut files = Seen::new();
    let cannot = |path: &Path, error: &std::io::Error| format!("{} could not be read: {error}", path.display());
    let mut add = |path: PathBuf| -> Result<(), String> {
        fs::metadata(&path).map_err(|error| cannot(&path, &error))?;
        let marks = places(&path).map(|place| fs::metadata(place).ok().map(|of| (of.len(), of.modified().ok())));
        files.insert(path, marks);
        Ok(())
    };
    for path in paths {
        if !path.is_dir() {
            add(path.clone())?;
            continue;
        }
        for entry in fs::read_dir(path).map_err(|error| cannot(path, &error))? {
            let path = entry.map_err(|error| cannot(path, &error))?.path();
            // What has no name is no module.
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let hidden = name.starts_with('.');
            if name.ends_with(".wasm") && !name.ends_with(".batch.wasm") && !hidden {
                add(path)?;
            }
        }
    }
    if files.is_empty() {
        Err("there is no module (.wasm) here: `concord build` makes them".to_owned())
    } else {
        Ok(files)
    }
}

/// A module, its manifest and its signature.
fn places(module: &Path) -> [PathBuf; 3] {
    [module.to_path_buf(), module.with_extension("manifest.json"), module.with_extension("manifest.json.sig")]
}

/// A shelf of these files that all services fit; modules that were there before, and have not changed, are taken over with their instances.
fn shelf(files: &Seen, before: &Shelf, (terms, cds): (&Terms, &Services)) -> Result<Shelf, String> {
    let mut modules = Vec::new();
    for path in files.keys() {
        let told = |why: String| format!("{}: {why}", path.display());
        let of = read(path).map_err(told)?;
        let hash = of.hash();
        let known = before.all().find(|served| served.hash == hash).cloned();
        modules.push(match known {
            Some(known) => known,
            None => Arc::new(Served::read(&of, terms).map_err(told)?),
        });
    }
    let shelf = Shelf::of(modules)?;
    cds.hold(&shelf)?;
    Ok(shelf)
}

/// What stands in the files of a module.
fn read(path: &Path) -> Result<Files, String> {
    let [module, manifest, signature] = places(path).map(|place| {
        if fs::metadata(&place).is_ok_and(|of| of.len() > LARGEST) {
            return Err(format!("it is larger than {LARGEST} bytes"));
        }
        match fs::read(place) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    });
    let module = module?.ok_or("it is gone")?;
    Ok(Files { module, manifest: manifest?, signature: signature? })
}
