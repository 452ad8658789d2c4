//! One module with what stands beside it, and what is said of it.

use std::path::{Path, PathBuf};

use concord_engine::plan::Package;
use concord_engine::plan::bound::{WorkBound, work_bound};
use concord_engine::plan::fingerprint::fingerprint;
use concord_wasm::run::Program;
use serde_json::{Value, json};

use super::vectors::vectors;
use super::{examples_hold, for_batches};
use crate::args::Build;
use crate::exit::Exit;
use crate::files;
use crate::golden::{golden, tried};
use crate::manifest::{self, BATCH, written};
use crate::module::Module;
use crate::output::Output;
use crate::project::Loaded;

/// What was built of a package.
pub struct Built<'a> {
    package: &'a Package,
    place: PathBuf,
    bytes: usize,
    sha256: String,
    /// How many examples were tried.
    pub examples: usize,
    batches: Option<Program>,
}

impl<'a> Built<'a> {
    /// Builds the module of a package, tries it, and writes it with what stands beside it.
    ///
    /// # Errors
    /// Where it has none, answers an example otherwise, or cannot be written: said on standard error.
    pub fn build(
        args: &Build,
        (loaded, package): (&Loaded, &'a Package),
        place: &Path,
        output: &Output,
    ) -> Result<Built<'a>, Exit> {
        let examples: Vec<_> = loaded.examples().collect();
        let tried = tried(package, &examples);
        let golden = golden(&tried);
        let whole = || Module::whole_of(package, (&golden, examples.len()), None, output);
        let mut module = if args.no_json { Module::build_plain(package, output) } else { whole() }?;
        module.answers(&golden, output)?;
        let count = examples_hold(&loaded.path, loaded, package, &mut module, output)?;
        let batches = if args.batch { Some(for_batches(loaded, package, output)?) } else { None };
        let vectors = vectors(package, &mut module, tried, output)?;
        // All that stands together is of one rule.
        let _alone = files::in_turn(place, output)?;
        files::write(place, module.bytes(), output)?;
        if let Some(batches) = &batches {
            files::write(&place.with_extension(BATCH), batches.bytes(), output)?;
        }
        let carried = module.take_manifest(package, count);
        let said = manifest::beside(carried, batches.as_ref(), &files::file_name(place), module.bytes());
        files::write(&manifest_of(place), written(&said).as_bytes(), output)?;
        files::write(&vectors_of(place), vectors.as_bytes(), output)?;
        let (bytes, sha256) = (module.bytes().len(), module.sha256().to_owned());
        Ok(Built { package, place: place.to_path_buf(), bytes, sha256, examples: count, batches })
    }

    fn status(&self) -> &'static str {
        if self.package.credentials.approval.is_some() { "approved" } else { "draft" }
    }

    /// As JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let Built { package, place, bytes, sha256, examples, batches } = self;
        let credentials = &package.credentials;
        json!({
            "package": credentials.path, "version": credentials.version, "status": self.status(),
            "unverified": credentials.unverified, "fingerprint": fingerprint(package),
            "module": place.display().to_string(), "manifest": manifest_of(place).display().to_string(),
            "vectors": vectors_of(place).display().to_string(), "bytes": bytes,
            "sha256": sha256, "examples": examples, "work": work_bound(&package.plan).to_string(),
            "batches": batches.as_ref().map(|_| place.with_extension(BATCH).display().to_string()),
        })
    }

    /// On one line, where there are several.
    #[must_use]
    pub fn line(&self) -> String {
        let Built { place, bytes, sha256, examples, .. } = self;
        let sha256: String = sha256.chars().take(12).collect();
        format!("{}  {bytes} bytes, sha256 {sha256}…, {examples} examples tried", place.display())
    }

    /// All of it, where it is the only one.
    pub fn tell(&self, output: &Output) {
        let Built { package, place, bytes, sha256, examples, batches } = self;
        let credentials = &package.credentials;
        let (path, version) = (&credentials.path, &credentials.version);
        output.note(&format!("{path} {version} ({}), {examples} examples tried", self.status()));
        output.note(&format!("logic   {}", fingerprint(package)));
        output.note(&format!("module  {}  {bytes} bytes, sha256 {sha256}", place.display()));
        if let Some(batches) = batches {
            let (file, bytes) = (place.with_extension(BATCH), batches.bytes().len());
            let how = if batches.needs_simd() { "for engines with simd128" } else { "for any engine that compiles" };
            output.note(&format!("batches {}  {bytes} bytes, {how}", file.display()));
        }
        output.note(&format!("beside  {}  what a host needs to know", manifest_of(place).display()));
        output.note(&format!("        {}  what it must answer", vectors_of(place).display()));
        let work = work_bound(&package.plan);
        output.note(&format!("work    at most {work} operators {}", of_what(&work)));
    }
}

fn manifest_of(place: &Path) -> PathBuf {
    place.with_extension("manifest.json")
}

fn vectors_of(place: &Path) -> PathBuf {
    place.with_extension("vectors.json")
}

/// What the letters in a formula of the work stand for.
fn of_what(work: &WorkBound) -> &'static str {
    match (work.factors.len(), work.unplaced.is_empty()) {
        (0 | 1, _) => "a case",
        (_, true) => "for a case of n events",
        (_, false) => "for a case of n events, m of them at times not known",
    }
}
