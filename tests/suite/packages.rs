//! What several tests need: packages from text, and the files of the test data.

use concord_engine::compile::{self, Compiled, Texts, Unit};
use concord_engine::plan::Package;
use concord_engine::text::Source;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Packages under `rules` that every test takes, however long it takes for each: of every area that has its own ways.
pub const LIBRARY: [&str; 8] = [
    "clinical/news2",
    "clinical/aki",
    "acute/deterioration",
    "acute/sepsis",
    "elective/rtt",
    "flow/emergency",
    "flow/emergency_returns",
    "workforce/rota_tcs2016",
];

/// Of how many of the other packages a costly test takes one; which, goes by the seed.
const ONE_IN: usize = 8;

/// A package of `rules` as it is used: with its cases, the members' settings and all packages that it may use.
pub struct Authored {
    /// Its folder: `acute/sepsis`.
    pub path: String,
    /// What came of it.
    pub compiled: Compiled,
}

impl Authored {
    /// The package, which must compile.
    #[track_caller]
    pub fn package(&self) -> &Package {
        let Authored { path, compiled } = self;
        compiled.package.as_ref().unwrap_or_else(|| panic!("{path}: {:#?}", compiled.diagnostics))
    }
}

/// Every package under `rules`, in order, compiled once for all tests.
pub fn library() -> &'static [Authored] {
    static COMPILED: OnceLock<Vec<Authored>> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let root = rules();
        let read = |path: &Path| {
            let name = path.strip_prefix(root.parent().unwrap()).unwrap().to_str().unwrap().to_owned();
            Source { name, text: std::fs::read_to_string(path).unwrap() }
        };
        let mut texts = Texts::default();
        let members = rules_in(&root.join("members"));
        let members: Vec<u32> = members.iter().map(|path| texts.rules(read(path))).collect();
        let areas = folders(&root);
        let files: Vec<PathBuf> = areas.iter().flat_map(|area| folders(area)).flat_map(|own| rules_in(&own)).collect();
        let uses: Vec<usize> = (0..files.len()).collect();
        let mut unit = |file: &PathBuf| {
            let cases = file.with_file_name("cases.md");
            Unit {
                rule: texts.rules(read(file)),
                cases: cases.exists().then(|| texts.cases(read(&cases))).into_iter().collect(),
                members: members.clone(),
                uses: uses.clone(),
                ..Unit::default()
            }
        };
        let units: Vec<Unit> = files.iter().map(&mut unit).collect();
        let path = |file: &PathBuf| file.parent().unwrap().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let compiled = compile::packages(&texts, &units);
        files.iter().zip(compiled).map(|(file, compiled)| Authored { path: path(file), compiled }).collect()
    })
}

/// The packages for a costly test: those of [`LIBRARY`], and one in so many of the others.
pub fn sampled(seed: u64) -> impl Iterator<Item = &'static Package> {
    let others = library().iter().filter(|of| !LIBRARY.contains(&of.path.as_str()));
    let first = usize::try_from(seed).unwrap() % ONE_IN;
    let others = others.skip(first).step_by(ONE_IN).map(Authored::package);
    LIBRARY.into_iter().map(|path| find(path).package()).chain(others)
}

fn rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("rules")
}

/// The paths in a folder, in order.
fn listed(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found.into_iter()
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    listed(folder).filter(|path| path.is_dir()).collect()
}

fn rules_in(folder: &Path) -> Vec<PathBuf> {
    listed(folder).filter(|path| path.extension().is_some_and(|end| end == "concord")).collect()
}

#[track_caller]
fn find(path: &str) -> &'static Authored {
    library().iter().find(|of| of.path == path).unwrap_or_else(|| panic!("no package `{path}`"))
}

/// A package that must compile.
#[track_caller]
pub fn compile(text: &str) -> Package {
    let source = Source { name: "sample.concord".to_owned(), text: text.to_owned() };
    let compiled = compile::compile(&source);
    compiled.package.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics))
}

/// A package under `rules`: `acute/sepsis`.
#[track_caller]
pub fn authored(package: &str) -> Package {
    find(package).package().clone()
}

/// The plan of a package that uses packages which use packages.
#[track_caller]
pub fn that_uses_others() -> Package {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/suite/samples/uses");
    among(folder, &["area/hospital", "area/ward", "area/theatre", "area/scales"])
}

/// The plan of the first of several packages in a folder, which may use one another.
#[track_caller]
fn among(folder: &str, packages: &[&str]) -> Package {
    let mut texts = Texts::default();
    let mut unit = |package: &&str| {
        let folder = Path::new(folder).join(package);
        let name = format!("{}.concord", folder.file_name().and_then(|name| name.to_str()).unwrap());
        let text = std::fs::read_to_string(folder.join(&name)).unwrap();
        let uses = (0..packages.len()).filter(|other| packages[*other] != *package).collect();
        Unit { rule: texts.rules(Source { name, text }), uses, ..Unit::default() }
    };
    let units: Vec<Unit> = packages.iter().map(&mut unit).collect();
    let compiled = compile::packages(&texts, &units).swap_remove(0);
    compiled.package.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics))
}

/// A file of `tests/data`.
pub fn data_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// Random numbers that are the same in every run: xorshift64*.
pub struct Random(u64);

impl Random {
    /// From a seed above 0.
    pub fn seeded(seed: u64) -> Random {
        Random(seed)
    }

    /// 0 up to, not including, `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32) % limit
    }

    /// One of several.
    pub fn one_of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        let place = self.below(items.len() as u64);
        items[usize::try_from(place).unwrap()]
    }
}

/// A folder of a test's own, removed at its end.
pub struct TempFolder(PathBuf);

impl TempFolder {
    /// An empty folder.
    pub fn new() -> TempFolder {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("concord-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        TempFolder(path)
    }

    /// The path of a file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Reads a text file.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The `concord` program, under that name.
pub fn concord() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(std::process::id().to_string());
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("concord{}", std::env::consts::EXE_SUFFIX));
        let built = env!("CARGO_BIN_EXE_concord-tested");
        std::fs::hard_link(built, &path).or_else(|_| std::fs::copy(built, &path).map(drop)).unwrap();
        path
    })
}
